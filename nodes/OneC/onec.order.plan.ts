// Owns a quote or order as 1C will hold it: header and rows as cells, checked before anything is written. Pure: what it
// must know of 1C is passed in.
import { describeDocument, type Order, type Quote } from '../core/documents';
import { Failure } from '../core/failure';
import type { UpsertOptions } from '../core/port';
import { booleanCell, type Cell, dateCell, fixedCell, markCell, numberCell, plainText, refCell, textCell } from './onec.cells';
import { addressLine } from './onec.contact.address';
import { refKey } from './onec.keys';
import { type AmountRules, type Amounts, amountsOf, type NetRow } from './onec.order.amounts';
import { customerNumber, type FoundProduct, type OrderCustomer } from './onec.orders.find';
import { checkProfileFields, type Names } from './onec.overrides';
import type { Profile } from './onec.profile';
import { chooseRate, type VatRate } from './onec.vat.rates';
import type { Row } from './onec.wire';

export type SalesSource = Quote | Order;

/** What this release's columns are, where the profile's may be missing. */
export interface OrderColumns {
	/** Reference to a catalog, or an enumeration in older releases. */
	vat: string;
	discounts: boolean;
	has(name: string | undefined): name is string;
	hasHeader(name: string | undefined): name is string;
}

export interface RowPlan {
	key: string;
	label: string;
	net: NetRow;
	amounts: Amounts;
	rate: VatRate;
	/** Compared, and written where they differ. */
	cells: Cell[];
	/** Written together with them, never compared: they follow from the others. */
	follow: Cell[];
	/** Text column that survives reordering. */
	identity?: string;
}

/** @throws Failure `rejected` when the release has no column for something without which an order is wrong */
export function orderColumns({ order, orderRows }: Profile, header: Names, rows: Names): OrderColumns {
	const { customer, organization, currency, total, vatIncluded } = order;
	const { item, quantity, price, amount, vatAmount, vat } = orderRows;
	checkProfileFields('order', { customer, organization, currency, total, vatIncluded }, header, order.set);
	// УТ before 11.5 keeps an enumeration in СтавкаНДС (reference 10).
	const older = vat?.replace(/_Key$/, '');
	const column = rows && vat && !rows.has(vat) && older && rows.has(older) ? older : vat;
	checkProfileFields('orderRows', { item, quantity, price, amount, vatAmount, vat: column }, rows, `${order.set}, table part ${orderRows.part},`);
	const has = (name: string | undefined): name is string => name !== undefined && (!rows || rows.size === 0 || rows.has(name));
	const hasHeader = (name: string | undefined): name is string => name !== undefined && (!header || header.has(name));
	return { vat: column ?? 'СтавкаНДС', discounts: has(orderRows.discountAmount), has, hasHeader };
}

const OPTIONS = { discount: 'Product for Discounts', shipping: 'Product for Shipping', adjustment: 'Product for Adjustments' } as const;
const WORDS = { discount: 'surcharge', shipping: 'shipping charge', adjustment: 'price adjustment' } as const;

/** The product code of a row; those of charges are chosen in the node. */
export function codeOf(row: NetRow, options: UpsertOptions, record: string): string {
	const chosen = row.role === 'discount' || row.role === 'shipping' || row.role === 'adjustment' ? row.role : undefined;
	const code = row.code ?? (chosen ? options.chargeProducts?.[chosen] : undefined);
	if (code) return code;
	if (!chosen) throw new Failure('rejected', `${row.label} has no product code`, { record, advice: 'Give the product a code in the CRM; it is how the item in 1C is found' });
	throw new Failure('rejected', `It has a ${WORDS[chosen]} of ${row.net} (${row.name ?? chosen}), for which no product of 1C is chosen`, { record, advice: `Choose one in the option "${OPTIONS[chosen]}" of this node` });
}

/** The rows of an order, in their order. */
export function planRows(document: SalesSource, rows: readonly NetRow[], given: { codes: readonly string[]; products: ReadonlyMap<string, FoundProduct>; rates: readonly VatRate[]; columns: OrderColumns; rules: AmountRules; key: string }, profile: Profile, options: UpsertOptions): RowPlan[] {
	const record = describeDocument(document);
	return rows.map((row, i): RowPlan => {
		const product = given.products.get(given.codes[i]!)!;
		const rate = chooseRate(row.taxes, options.taxes ?? [], given.rates, record, row.label);
		const amounts = amountsOf(row, rate.rate, given.rules);
		return { key: row.key, label: row.label, net: row, amounts, rate, ...rowCells(row, amounts, rate, product, given.columns, profile), ...(given.columns.has(profile.orderRows.identity) ? { identity: refKey(given.key, `line:${row.key}`) } : {}) };
	});
}

function rowCells(row: NetRow, amounts: Amounts, rate: VatRate, product: FoundProduct, columns: OrderColumns, { orderRows, unit }: Profile): { cells: Cell[]; follow: Cell[] } {
	const { item, quantity, packages, coefficient, price, amount, vatAmount, total, text, discountAmount, discountPercent } = orderRows;
	const number = (field: string | undefined, value: string): Cell[] => (columns.has(field) ? [numberCell(field, value)] : []);
	const said = row.description ? [row.name, row.description].filter(Boolean).join('\n') : '';
	const vat = columns.vat.endsWith('_Key') ? refCell(columns.vat, rate.value, rate.name) : textCell(columns.vat, rate.value);
	return {
		cells: [
			refCell(item, product.id, row.code ?? product.name),
			numberCell(quantity, row.quantity),
			numberCell(price, amounts.price),
			...(columns.discounts ? number(discountAmount, amounts.discountAmount) : []),
			numberCell(amount, amounts.amount),
			vat,
			numberCell(vatAmount!, amounts.vatAmount),
			...number(total, amounts.total),
			...(said && columns.has(text) ? [textCell(text, said, oneLine)] : []),
		],
		follow: [
			...number(packages, row.quantity),
			...number(coefficient, '1'),
			...(columns.discounts ? number(discountPercent, amounts.discountPercent) : []),
			...(orderRows.unitFromItem && product.unit && columns.has(orderRows.unit) ? unitCells(orderRows.unit, product.unit, unit.set, columns) : []),
		],
	};
}

/** A unit of several types is named with its type. */
function unitCells(field: string, id: string, set: string, columns: OrderColumns): Cell[] {
	if (field.endsWith('_Key')) return [refCell(field, id)];
	return [fixedCell(field, id), ...(columns.has(`${field}_Type`) ? [fixedCell(`${field}_Type`, `StandardODATA.${set}`)] : [])];
}

function oneLine(text: string): string {
	return text.replace(/\s+/g, ' ').trim();
}

/** What a new order is given beside its rows. */
export interface HeaderContext {
	customer: OrderCustomer;
	key: string;
	/** Infobase's wall clock now. */
	now: string;
	vatIncluded: boolean;
	organization?: string;
	warehouse?: string;
	agreement?: string;
	contract?: string;
	priceKind?: string;
	currency: string;
	total: string;
	taxed: boolean;
	columns: OrderColumns;
}

/** Compared with an order that is there, too. */
export function headerCells(document: SalesSource, { customer, key, vatIncluded, currency, columns }: Pick<HeaderContext, 'customer' | 'key' | 'vatIncluded' | 'currency' | 'columns'>, { order }: Profile): Cell[] {
	const number = customerNumber(document);
	return [
		refCell(order.customer, customer.id, customer.name),
		...(order.currency ? [refCell(order.currency, currency, document.currency)] : []),
		...(order.vatIncluded ? [booleanCell(order.vatIncluded, vatIncluded)] : []),
		...(columns.hasHeader(order.customerNumber) && number ? [textCell(order.customerNumber, number)] : []),
		...(columns.hasHeader(order.comment) ? [markCell(order.comment, key, oneLine(document.subject ?? ''))] : []),
	];
}

/** Where, by whom and how: set once, then 1C's people's own. */
export function newHeaderCells(document: SalesSource, context: HeaderContext, { order }: Profile): Cell[] {
	const { customer, now, organization, warehouse, agreement, contract, priceKind, total, taxed, columns } = context;
	const ref = (field: string | undefined, id: string | undefined): Cell[] => (id && columns.hasHeader(field) ? [refCell(field, id)] : []);
	const text = (field: string | undefined, value: string | undefined): Cell[] => (value && columns.hasHeader(field) ? [textCell(field, value)] : []);
	const date = (field: string | undefined, value: string | undefined): Cell[] => (value && columns.hasHeader(field) ? [dateCell(field, value.slice(0, 10))] : []);
	return [
		dateCell('Date', now),
		...ref(order.partner, customer.partner),
		...ref(order.organization, organization),
		...ref(order.warehouse, warehouse),
		...ref(order.agreement, agreement),
		...ref(order.contract, contract),
		...ref(order.priceKind, priceKind),
		numberCell(order.total, total),
		...date(order.customerDate, document.date),
		...date(order.validUntil, document.validUntil),
		...text(order.deliveryAddress, addressLine(document.shipping)),
		...text(order.taxation, taxed ? order.taxationWithVat : order.taxationWithoutVat),
		...Object.entries(order.whenNew).flatMap(([field, value]) => (columns.hasHeader(field) ? [fixedCell(field, value)] : [])),
	];
}

/** The fields that say how far an order is. */
export function stateCells(state: { draft?: string; confirmed?: string }, confirm: boolean, now: string, columns: OrderColumns, { order, orderStates }: Profile): Cell[] {
	const word = confirm ? state.confirmed : state.draft;
	const { field } = orderStates;
	return [
		...(word && columns.hasHeader(field) ? [field.endsWith('_Key') ? refCell(field, word) : textCell(field, word)] : []),
		...(columns.hasHeader(order.agreed) ? [booleanCell(order.agreed, confirm)] : []),
		...(confirm && columns.hasHeader(order.agreedDate) ? [dateCell(order.agreedDate, now.slice(0, 10))] : []),
	];
}

/** The highest code of the rows, also of those that are gone. */
export function lastCode(order: Row | undefined, rows: readonly Row[], profile: Profile): number {
	const codes = [order?.[profile.order.lastRowCode ?? ''], ...rows.map((row) => row[profile.orderRows.code ?? '']), ...rows.map((row) => row[profile.orderRows.link ?? ''])];
	return Math.max(0, ...codes.map((code) => Number(plainText(code)) || 0));
}
