// Owns rows of table parts as lines of documents: prices without VAT whatever the document's way, taxes, units, products;
// and the sums of the whole. Writes nothing.
import Big from 'big.js';
import type { Tax, Totals } from '../core/documents';
import { big, lineNet, rounded, sum } from '../core/money';
import type { Profile } from './onec.profile';
import { amount, at, byId, byIdIfThere } from './onec.reading';
import type { Services } from './onec.services';
import { decimal, reference, text } from './onec.values';
import type { Row } from './onec.wire';

type Columns = Profile['orderRows'] | Profile['shipmentRows'];

/** What rows refer to. */
export interface Named {
	products: Map<string, Row>;
	units: Map<string, Row>;
	rates: Map<string, Row>;
}

/** Everything that rows of a page of documents name, in one call for each set. */
export async function namesOf(services: Services, rows: readonly Row[], columns: Columns): Promise<Named> {
	const { product, unit, vat } = await services.profile();
	const products = await byId(services, product.set, rows.map((row) => row[columns.item]), defined('Ref_Key', product.code, product.name, product.number, product.unit));
	const unitIds = [...rows.map((row) => at(row, columns.unit)), ...[...products.values()].map((row) => at(row, product.unit))];
	return {
		products,
		units: await byIdIfThere(services, unit.set, unitIds, ['Ref_Key', unit.name]),
		rates: await byIdIfThere(services, vat.set, rows.map((row) => at(row, columns.vat)), defined('Ref_Key', vat.name, vat.rate)),
	};
}

function defined(...names: Array<string | undefined>): string[] {
	return [...new Set(names.filter((name): name is string => name !== undefined))];
}

/** A row's amounts: net of VAT, VAT. */
export function amountsOf(row: Row, columns: Columns, vatIncluded: boolean): { net: Big; tax: Big } {
	const tax = big(amount(at(row, columns.vatAmount)));
	const sum = big(amount(row[columns.amount]));
	return { net: vatIncluded ? sum.minus(tax) : sum, tax };
}

/** Decimals of a price worked out of an amount that holds VAT. */
const EXACT = 8;

/** The row as a line; its quantity is in the item's own unit, its price without VAT. */
export function toLine(row: Row, key: string, columns: Columns, profile: Profile, names: Named, vatIncluded: boolean) {
	const { net, tax } = amountsOf(row, columns, vatIncluded);
	const quantity = amount(row[columns.quantity]);
	const product = names.products.get(reference(row[columns.item]) ?? '');
	const unit = reference(at(row, columns.unit)) ?? reference(at(product ?? {}, profile.product.unit));
	return {
		key,
		role: 'product' as const,
		productKey: undefined,
		code: text(at(product ?? {}, profile.product.code)),
		name: text(at(row, columns.text)) ?? text(product?.[profile.product.name]),
		quantity,
		unit: text(at(names.units.get(unit ?? '') ?? {}, profile.unit.name)),
		...priced(row, columns, quantity, net, vatIncluded),
		taxes: taxesOf(at(row, columns.vat), profile, names.rates),
		net: net.toFixed(),
		tax: tax.toFixed(),
	};
}

/** Price and discount that make the net amount: as 1C shows them where that is exact, else the amount by the quantity. */
function priced(row: Row, columns: Columns, quantity: string, net: Big, vatIncluded: boolean): { price: string; discountPercent?: string; discountAmount?: string } {
	const units = big(quantity);
	const shown = big(amount(row[columns.price]));
	const before = big(amount(row[columns.amount]));
	// The part of the amount that is not VAT.
	const share = vatIncluded && !before.eq(0) ? net.div(before) : new Big(1);
	const price = shown.times(share).round(EXACT).toFixed();
	const percent = amount(at(row, columns.discountPercent));
	const exact = (line: { price: string; discountPercent?: string }) => rounded(lineNet({ quantity, discountAmount: undefined, discountPercent: undefined, ...line })) === rounded(net);
	if (exact({ price, discountPercent: percent })) return big(percent).eq(0) ? { price } : { price, discountPercent: percent };
	const gross = units.times(price);
	if (!big(amount(at(row, columns.discountAmount))).eq(0) && gross.gt(net)) return { price, discountAmount: gross.minus(net).toFixed() };
	return { price: units.eq(0) ? price : net.div(units).round(EXACT).toFixed() };
}

/** VAT of a row: a rate of the catalog, or a member of the enumeration (`НДС20`, `НДС20_120`). "Without VAT" is no tax. */
export function taxesOf(value: unknown, { vat }: Profile, rates: ReadonlyMap<string, Row>): Tax[] {
	const id = reference(value);
	if (id) {
		const rate = rates.get(id);
		const name = text(at(rate ?? {}, vat.name));
		const without = name !== undefined && vat.withoutNames.some((one) => one.toLowerCase() === name.toLowerCase());
		return !rate || without ? [] : [{ name: name ?? 'НДС', rate: amount(at(rate, vat.rate)), code: id }];
	}
	const member = text(value);
	const known = Object.entries(vat.members).find(([, name]) => name === member)?.[0] ?? /^НДС(\d+)(_|$)/.exec(member ?? '')?.[1];
	return !member || known === undefined || known === 'none' ? [] : [{ name: `НДС ${known}%`, rate: known, code: member }];
}

/** The document's own total, and how much of it is VAT. */
export function totalsOf(total: unknown, rows: readonly Row[], columns: Columns, vatIncluded: boolean): Totals {
	const amounts = rows.map((row) => amountsOf(row, columns, vatIncluded));
	const tax = sum(amounts.map((one) => one.tax));
	const whole = decimal(total) === undefined ? sum(amounts.map((one) => one.net)).plus(tax) : big(amount(total));
	return { net: whole.minus(tax).toFixed(), tax: tax.toFixed(), total: whole.toFixed() };
}
