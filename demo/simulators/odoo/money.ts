// Owns decimal arithmetic of this simulator: rounding half away from zero, tax amounts per line and per document.
// Must not know: models, calls.
import Big from 'big.js';

export type Rounding = 'round_per_line' | 'round_globally';

/** Rounds half away from zero, as the server's float_round does. */
export function round(value: Big | number, digits = 2): number {
	return new Big(value).round(digits, Big.roundHalfUp).toNumber();
}

export interface TaxRate {
	id: number;
	amount: number;
	/** The price already contains the tax. */
	included: boolean;
	/** Taxes after this one are computed on the price with this one. */
	inBase: boolean;
	fixed: boolean;
}

export interface PricedLine {
	price: number;
	quantity: number;
	discount: number;
	taxes: TaxRate[];
}

export interface LineAmounts {
	/** Exact, before rounding. */
	rawBase: Big;
	rawTaxes: Map<number, Big>;
	base: number;
	taxes: Map<number, number>;
	tax: number;
	total: number;
}

/** The amounts of one line. `per line` rounds the base before the taxes are taken from it; `globally` keeps it exact. */
export function lineAmounts(line: PricedLine, rounding: Rounding): LineAmounts {
	const gross = new Big(line.price).times(new Big(100).minus(line.discount).div(100)).times(line.quantity);
	const perLine = rounding === 'round_per_line';
	const start = perLine ? new Big(round(gross)) : gross;
	const included = line.taxes.filter((t) => t.included && !t.fixed).reduce((sum, t) => sum.plus(t.amount), new Big(0));
	const base = start.div(included.div(100).plus(1));
	const rawBase = perLine ? new Big(round(base)) : base;
	const rawTaxes = new Map<number, Big>();
	let growing = rawBase;
	for (const tax of line.taxes) {
		const amount = tax.fixed ? new Big(tax.amount).times(line.quantity) : growing.times(tax.amount).div(100);
		const kept = perLine ? new Big(round(amount)) : amount;
		rawTaxes.set(tax.id, kept);
		if (tax.inBase) growing = growing.plus(kept);
	}
	if (perLine) settleIncluded(line, start, rawBase, rawTaxes);
	const taxes = new Map([...rawTaxes].map(([id, amount]) => [id, round(amount)]));
	const shownBase = round(rawBase);
	const tax = round([...taxes.values()].reduce((sum, t) => sum.plus(t), new Big(0)));
	return { rawBase, rawTaxes, base: shownBase, taxes, tax, total: round(new Big(shownBase).plus(tax)) };
}

/** Base and included taxes must add up to the price that was agreed: the last included tax takes the cent. */
function settleIncluded(line: PricedLine, start: Big, base: Big, taxes: Map<number, Big>): void {
	const included = line.taxes.filter((t) => t.included && !t.fixed);
	const last = included.at(-1);
	if (!last) return;
	const others = included.slice(0, -1).reduce((sum, t) => sum.plus(taxes.get(t.id) ?? 0), new Big(0));
	taxes.set(last.id, start.minus(base).minus(others));
}

export interface DocumentAmounts {
	untaxed: number;
	tax: number;
	total: number;
	perTax: Map<number, number>;
}

/** Totals of a document: the sum of rounded lines, or rounded sums of exact lines. */
export function documentAmounts(lines: LineAmounts[], rounding: Rounding): DocumentAmounts {
	const perTax = new Map<number, Big>();
	let untaxed = new Big(0);
	for (const line of lines) {
		untaxed = untaxed.plus(rounding === 'round_per_line' ? line.base : line.rawBase);
		for (const [id, raw] of line.rawTaxes) perTax.set(id, (perTax.get(id) ?? new Big(0)).plus(rounding === 'round_per_line' ? (line.taxes.get(id) ?? 0) : raw));
	}
	const rounded = new Map([...perTax].map(([id, amount]) => [id, round(amount)]));
	const tax = [...rounded.values()].reduce((sum, t) => sum.plus(t), new Big(0));
	const base = new Big(round(untaxed));
	return { untaxed: base.toNumber(), tax: tax.toNumber(), total: base.plus(tax).toNumber(), perTax: rounded };
}

/** Adds money without binary noise. */
export function add(...values: number[]): number {
	return values.reduce((sum, v) => sum.plus(v), new Big(0)).toNumber();
}

export function subtract(a: number, b: number): number {
	return new Big(a).minus(b).toNumber();
}
