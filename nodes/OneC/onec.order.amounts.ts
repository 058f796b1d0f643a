// Owns the amounts of an order's rows to the cent: what each line comes to, a discount on the whole document shared out
// over the rows, VAT on top or inside. Pure; knows no field and no record of 1C.
import Big from 'big.js';
import { describeDocument, type Charge, type Line, type SalesDocument, type Tax } from '../core/documents';
import { Failure } from '../core/failure';
import { big, lineNet, rounded, sum } from '../core/money';

/** A row before VAT. */
export interface NetRow {
	/** Stable within the document: the line's key, or the charge's role. */
	key: string;
	role: Line['role'];
	/** How messages name it: `line 2 (W-1)`. */
	label: string;
	code?: string;
	name?: string;
	description?: string;
	unit?: string;
	quantity: string;
	/** Per unit, without VAT, as the document says. */
	price: string;
	taxes: Tax[];
	/** After every discount, without VAT. */
	net: string;
}

/** A row as it will stand in 1C. */
export interface Amounts {
	price: string;
	/** Off the row, in the row's own amounts; negative where the price had to be rounded down. */
	discountAmount: string;
	discountPercent: string;
	/** Сумма: with VAT when VAT is included. */
	amount: string;
	vatAmount: string;
	total: string;
	net: string;
	/** Price times quantity less discount is the amount: else 1C shows a price that is rounded. */
	exact: boolean;
}

/** How the columns hold a row. */
export interface AmountRules {
	/** Decimals of the document's currency. */
	places: number;
	precision: { price: number; quantity: number; percent: number };
	vatIncluded: boolean;
	/** The rows have columns for a discount. */
	discounts: boolean;
}

const CHARGE_NAMES = { discount: 'Discount', shipping: 'Shipping and handling', adjustment: 'Adjustment' } as const;

/**
 * The document as rows with their net amounts. The sum of the rows is exactly the sum of lines and charges.
 *
 * @throws Failure `rejected` without lines, for a quantity that 1C would round, or a discount no row can carry
 */
export function netRows(document: SalesDocument, rules: Pick<AmountRules, 'places' | 'precision'>): NetRow[] {
	const record = describeDocument(document);
	const lines = document.lines.filter((line) => line.role !== 'note').map((line) => rowOfLine(line, rules, record));
	const charges = document.charges.map((charge, i) => rowOfCharge(charge, document.charges.slice(0, i).filter(({ role }) => role === charge.role).length + 1, rules.places));
	const all = [...lines, ...charges].filter((row) => row.role === 'product' || !big(row.net).eq(0));
	// 1C keeps no negative rows: what is taken off is taken off the rows it belongs to.
	const rows = all.filter((row) => big(row.net).gte(0));
	if (rows.length === 0) throw new Failure('rejected', 'It has no lines', { record, advice: 'Add a product in the CRM' });
	return all.filter((row) => big(row.net).lt(0)).reduce((left, off) => takeOff(left, off, rules.places, record), rows);
}

/**
 * Refuses amounts that 1C's columns would round: dinars have three decimals, and its columns two.
 *
 * @param places decimals of the document's currency
 * @param kept   decimals of the columns
 * @throws Failure `rejected` that names the first such amount
 */
export function refuseFiner({ lines, charges, totals }: Pick<SalesDocument, 'lines' | 'charges' | 'totals'>, places: number, kept: number, record: string): void {
	if (places <= kept) return;
	const amounts = [
		...lines.map((line) => ({ what: `line ${line.key}`, amount: rounded(lineNet(line), places) })),
		...charges.map(({ role, amount }) => ({ what: `the ${role}`, amount: rounded(amount, places) })),
		...(totals ? [{ what: 'the total', amount: rounded(totals.total, places) }] : []),
	];
	const finer = amounts.find(({ amount }) => !big(amount).eq(big(amount).round(kept)));
	if (finer) throw new Failure('rejected', `Amounts of its currency have ${places} decimals, and 1C keeps ${kept}: ${finer.what} comes to ${finer.amount}`, { record, advice: `Change prices and discounts in the CRM so that all amounts have ${kept} decimals` });
}

function rowOfLine(line: Line, { places, precision }: Pick<AmountRules, 'places' | 'precision'>, record: string): NetRow {
	const { key, role, code, name, description, unit, quantity, price, taxes } = line;
	const what = code ?? name;
	const label = role === 'product' ? `line ${key}${what ? ` (${what})` : ''}` : `the ${role} line${what ? ` "${what}"` : ''}`;
	if (!big(quantity).eq(big(quantity).round(precision.quantity))) {
		throw new Failure('rejected', `The quantity ${quantity} of ${label} has more than ${precision.quantity} decimals, which 1C would round`, { record, advice: 'Change the quantity, or the unit of measure, at its source' });
	}
	if (big(quantity).lt(0)) throw new Failure('rejected', `The quantity ${quantity} of ${label} is negative`, { record, advice: 'A return is a document of its own in 1C' });
	return { key, role, label, code, name, description, unit, quantity, price, taxes, net: rounded(lineNet(line), places) };
}

function rowOfCharge({ role, name, amount, taxes }: Charge, nth: number, places: number): NetRow {
	const net = rounded(amount, places);
	return { key: `${role}${nth > 1 ? nth : ''}`, role, label: `the ${role} "${name ?? CHARGE_NAMES[role]}"`, name: name ?? CHARGE_NAMES[role], quantity: '1', price: new Big(net).toFixed(), taxes, net };
}

/** The taxes that count, in one spelling. */
function signature(taxes: readonly Tax[]): string {
	return taxes.filter(({ rate }) => !big(rate).eq(0)).map(({ name, rate }) => `${big(rate).toFixed()}|${name ?? ''}`).sort().join(';');
}

/**
 * An amount taken off the rows that bear the same tax, in proportion and to the cent: the largest remainders get the
 * cents that are left, the first rows first.
 */
function takeOff(rows: readonly NetRow[], off: NetRow, places: number, record: string): NetRow[] {
	const rates = (taxes: readonly Tax[]): string => signature(taxes.map((tax) => ({ ...tax, name: undefined })));
	const bearing = rows.filter((row) => row.role === 'product' && rates(row.taxes) === rates(off.taxes));
	const whole = sum(bearing.map((row) => row.net));
	const amount = big(off.net).times(-1);
	if (bearing.length === 0 || whole.lt(amount)) throw new Failure('rejected', refusal(rows, off, whole, bearing.length), { record, advice: 'Give the discount on the lines in the CRM, under their tax' });
	const cent = new Big(10).pow(-places);
	const shares = bearing.map((row) => ({ row, exact: amount.times(row.net).div(whole) })).map(({ row, exact }) => {
		const floor = exact.div(cent).round(0, Big.roundDown).times(cent);
		return { row, floor, rest: exact.minus(floor) };
	});
	let left = amount.minus(sum(shares.map(({ floor }) => floor))).div(cent).round(0).toNumber();
	const ranked = [...shares].sort((a, b) => b.rest.cmp(a.rest));
	const extra = new Set<NetRow>();
	for (const { row, floor } of ranked) {
		if (left <= 0) break;
		if (floor.plus(cent).gt(row.net)) continue;
		extra.add(row);
		left--;
	}
	const share = new Map(shares.map(({ row, floor }) => [row, extra.has(row) ? floor.plus(cent) : floor]));
	return rows.map((row) => (share.has(row) ? { ...row, net: rounded(big(row.net).minus(share.get(row)!), places) } : row));
}

function refusal(rows: readonly NetRow[], off: NetRow, whole: Big, bearing: number): string {
	const name = `${off.label} of ${off.net}`;
	if (bearing > 0) return `${capital(name)} is more than the ${whole.toFixed()} of the lines that bear its tax`;
	const taxed = off.taxes.some(({ rate }) => !big(rate).eq(0));
	return `${capital(name)} ${taxed ? 'bears a tax that no line has' : rows.some((row) => row.taxes.some(({ rate }) => !big(rate).eq(0))) ? 'is taken off after tax, and 1C takes it off the lines with their VAT' : 'fits no line'}`;
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * The numbers of one row.
 *
 * @param rate percent of VAT
 */
export function amountsOf(row: Pick<NetRow, 'quantity' | 'price' | 'net'>, rate: string, { places, precision, vatIncluded, discounts }: AmountRules): Amounts {
	const net = big(row.net);
	const vat = big(rounded(net.times(rate).div(100), places));
	const total = net.plus(vat);
	const amount = vatIncluded ? total : net;
	const own = vatIncluded ? big(row.price).times(big(rate).plus(100)).div(100) : big(row.price);
	const quantity = big(row.quantity);
	const numbers = { amount: rounded(amount, places), vatAmount: rounded(vat, places), total: rounded(total, places), net: rounded(net, places) };
	const gross = (price: Big): Big => big(rounded(quantity.times(price), places));
	if (!discounts) {
		const price = quantity.eq(0) ? big(rounded(own, precision.price)) : big(rounded(amount.div(quantity), precision.price));
		return { ...numbers, price: price.toFixed(), discountAmount: '0', discountPercent: '0', exact: gross(price).eq(amount) };
	}
	let price = big(rounded(own, precision.price));
	// A price that had to be rounded down would leave a surcharge: rounded up, what is too much is a discount.
	if (gross(price).lt(amount)) price = own.round(precision.price, Big.roundUp);
	const off = gross(price).minus(amount);
	return { ...numbers, price: price.toFixed(), discountAmount: off.toFixed(), discountPercent: percentOf(off, gross(price), precision.percent), exact: true };
}

function percentOf(off: Big, gross: Big, places: number): string {
	return off.eq(0) || gross.eq(0) ? '0' : new Big(rounded(off.div(gross).times(100), places)).toFixed();
}
