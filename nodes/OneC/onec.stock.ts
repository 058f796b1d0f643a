// Owns prices and stock of many items at once, from registers that a base may not publish. Reads only; what cannot be told
// is left out, never a failure.
import Big from 'big.js';
import { Failure } from '../core/failure';
import { big } from '../core/money';
import { guid, refTo } from './onec.literals';
import type { Profile } from './onec.profile';
import { amount, at, filters } from './onec.reading';
import { recordsSet } from './onec.registers';
import type { Services } from './onec.services';
import { reference, text } from './onec.values';
import type { Row } from './onec.wire';

export interface Price {
	price: string;
	/** Ref_Key of its currency, where the record or the kind of price tells. */
	currency: string | undefined;
	vatIncluded: boolean;
}

/**
 * The valid price of each item: of the only kind of price that there is, or the only one that the item has. Where a
 * person would have to choose, nothing is said.
 */
export async function pricesOf(services: Services, items: readonly string[]): Promise<Map<string, Price>> {
	const { price, priceKind } = await services.profile();
	if (!price || items.length === 0 || !(await services.metadata.has(price.set))) return new Map();
	// A slice belongs to the set of single records where documents write the register (reference 2).
	const rows = (await virtual(services, await recordsSet(services, price.set), 'SliceLast', items.map((id) => `${price.item} eq ${guid(id)}`), {})) ?? [];
	const kinds = await kindsOf(services);
	const only = kinds.size === 1 ? [...kinds.keys()][0] : undefined;
	const prices = new Map<string, Price>();
	for (const id of items) {
		const own = rows.filter((row) => reference(row[price.item]) === id && !reference(at(row, price.characteristic)) && (only === undefined || reference(at(row, price.kind)) === only));
		const row = own[0];
		if (!row || new Set(own.map((one) => reference(at(one, price.kind)))).size !== 1) continue;
		const kind = kinds.get(reference(at(row, price.kind)) ?? '') ?? {};
		prices.set(id, { price: amount(row[price.price]), currency: reference(at(row, price.currency)) ?? reference(at(kind, priceKind?.currency)), vatIncluded: at(kind, priceKind?.vatIncluded) === true });
	}
	return prices;
}

async function kindsOf(services: Services): Promise<Map<string, Row>> {
	const { priceKind } = await services.profile();
	const rows = priceKind && (await services.metadata.has(priceKind.set)) ? await services.session.rows(priceKind.set, { select: ['**'] }) : [];
	return new Map(rows.filter((row) => row.DeletionMark !== true).flatMap((row) => { const id = reference(row.Ref_Key); return id ? [[id, row] as const] : []; }));
}

/** What of УТ's stock is spoken for (reference 10): released for shipping, or reserved, the larger of the two. */
const RESERVED = { set: 'AccumulationRegister_ТоварыКОтгрузке', item: 'Номенклатура_Key', amounts: ['КОтгрузкеBalance', 'ВРезервеBalance'] };
const SAME_PLACE = ['Характеристика_Key', 'Склад_Key', 'Назначение_Key'];
/** БП keeps goods on the accounts that begin so (reference 10). */
const GOODS = { set: 'AccountingRegister_Хозрасчетный', accounts: 'ChartOfAccounts_Хозрасчетный', code: '41', quantity: 'КоличествоBalance' };

/** Free stock by item, over all warehouses. */
export async function stockOf(services: Services, items: readonly string[]): Promise<Map<string, string>> {
	const { stock, name } = await services.profile();
	if (items.length === 0) return new Map();
	if (stock && (await services.metadata.has(stock.set))) return await freeStock(services, stock, items);
	return name === 'bp' ? await goodsOnAccounts(services, items) : new Map();
}

async function freeStock(services: Services, stock: NonNullable<Profile['stock']>, items: readonly string[]): Promise<Map<string, string>> {
	const there = await virtual(services, stock.set, 'Balance', items.map((id) => `${stock.item} eq ${guid(id)}`), {});
	if (!there) return new Map();
	const reserved = (await services.metadata.has(RESERVED.set)) && stock.set === 'AccumulationRegister_ТоварыНаСкладах' ? await virtual(services, RESERVED.set, 'Balance', items.map((id) => `${RESERVED.item} eq ${guid(id)}`), {}) : undefined;
	const place = (row: Row, item: string) => [item, ...SAME_PLACE].map((name) => reference(row[name]) ?? '').join('|');
	const taken = new Map<string, Big[]>();
	for (const row of reserved ?? []) taken.set(place(row, RESERVED.item), RESERVED.amounts.map((name, i) => big(amount(row[name])).plus(taken.get(place(row, RESERVED.item))?.[i] ?? 0)));
	const free = new Map(items.map((id) => [id, new Big(0)]));
	for (const row of there) {
		const id = reference(row[stock.item]) ?? '';
		free.set(id, (free.get(id) ?? new Big(0)).plus(amount(row[stock.quantity])));
	}
	for (const [key, sums] of taken) {
		const id = key.split('|')[0]!;
		free.set(id, (free.get(id) ?? new Big(0)).minus(sums.reduce((most, sum) => (sum.gt(most) ? sum : most), new Big(0))));
	}
	return new Map([...free].map(([id, quantity]) => [id, quantity.toFixed()]));
}

/** Analytics 1 of account 41 is the item; the register's own names are [U]. */
async function goodsOnAccounts(services: Services, items: readonly string[]): Promise<Map<string, string>> {
	const { product } = await services.profile();
	const published = await services.metadata.sets();
	if (!published.has(GOODS.set) || !published.has(GOODS.accounts)) return new Map();
	const accounts = (await services.session.rows(GOODS.accounts, { filter: `startswith(Code,'${GOODS.code}')`, select: ['Ref_Key', 'Code'] })).flatMap((row) => reference(row.Ref_Key) ?? []);
	if (accounts.length === 0) return new Map();
	const condition = accounts.map((id) => `Account_Key eq ${guid(id)}`).join(' or ').replace(/'/g, "''");
	const args = { AccountCondition: `'${condition}'` };
	// Whether a condition may name the analytics is [U]: if not, the balances of all items are read.
	const rows = (await virtual(services, GOODS.set, 'Balance', items.map((id) => `ExtDimension1 eq ${refTo(product.set, id)}`), args)) ?? (await virtual(services, GOODS.set, 'Balance', undefined, args));
	// Without a quantity the register is kept in money only.
	if (!rows || rows.some((row) => row[GOODS.quantity] === undefined)) return new Map();
	const stock = new Map(items.map((id) => [id, new Big(0)]));
	for (const row of rows) {
		const id = reference(row.ExtDimension1);
		if (id && stock.has(id)) stock.set(id, stock.get(id)!.plus(amount(row[GOODS.quantity])));
	}
	return new Map([...stock].map(([id, quantity]) => [id, quantity.toFixed()]));
}

/**
 * Rows of a virtual table for any of the conditions. Undefined where this base refuses to tell: rights to a register, or a
 * virtual table that this release has not, are no reason to refuse the products.
 */
async function virtual(services: Services, set: string, table: string, conditions: readonly string[] | undefined, args: Readonly<Record<string, string>>): Promise<Row[] | undefined> {
	// A Condition is a text: the quotes inside are doubled (reference 5), and count for the address's length.
	const doubled = conditions?.map((condition) => condition.replace(/'/g, "''"));
	const taken = encodeURIComponent(Object.values(args).join('')).length;
	const rows: Row[] = [];
	try {
		if (!doubled) return await services.session.call(set, table, args);
		for (const filter of filters(doubled, taken)) rows.push(...(await services.session.call(set, table, { Condition: `'${filter}'`, ...args })));
		return rows;
	} catch (error) {
		if (error instanceof Failure && (error.kind === 'denied' || error.kind === 'rejected')) return undefined;
		throw error;
	}
}

/** The kind of a product that stock is counted of. */
export function isGoods(row: Row, { type, typeService }: Profile['product']): boolean {
	const value = at(row, type);
	return typeService === undefined || (typeof typeService === 'boolean' ? value !== typeService : text(value) !== typeService);
}
