// Owns decimal arithmetic, tax rounding and the proof that two systems' totals agree. No floats, no n8n, no network.
import Big from 'big.js';
import type { Charge, Line, SalesDocument, Tax, Totals } from './documents';
import { Failure } from './failure';

const PLAIN_DECIMAL = /^[+-]?\d+(\.\d+)?$/;
/** Zero that came from below keeps its sign in big.js: no amount is shown as `-0.00`. */
const NEGATIVE_ZERO = /^-(?=0(\.0*)?$)/;

/** Canonical text of a decimal (no exponent, no trailing zeros, no "-0"), or undefined when it is not one. */
export function decimalText(value: string | number): string | undefined {
	if (typeof value === 'number' && !Number.isFinite(value)) return undefined;
	const text = String(value).trim();
	if (typeof value === 'string' && !PLAIN_DECIMAL.test(text)) return undefined;
	return new Big(text.replace(/^\+/, '')).toFixed().replace(NEGATIVE_ZERO, '');
}

/** Big from a decimal text; undefined and '' count as zero. */
export function big(value: string | undefined): Big {
	return new Big(value || '0');
}

/** Rounded half away from zero, as invoices are, with exactly `places` decimals. */
export function rounded(value: Big | string, places = 2): string {
	return new Big(value).toFixed(places, Big.roundHalfUp).replace(NEGATIVE_ZERO, '');
}

export function sum(values: ReadonlyArray<Big | string>): Big {
	return values.reduce<Big>((total, value) => total.plus(value), new Big(0));
}

/** Price times quantity less the line's discount, unrounded. */
export function lineNet(line: Pick<Line, 'quantity' | 'price' | 'discountAmount' | 'discountPercent'>): Big {
	const gross = big(line.quantity).times(big(line.price));
	if (line.discountAmount && !big(line.discountAmount).eq(0)) return gross.minus(line.discountAmount);
	return gross.times(new Big(100).minus(big(line.discountPercent))).div(100);
}

/** Percent of all taxes together; each is taken of the same base. */
export function taxRate(taxes: readonly Tax[]): Big {
	return sum(taxes.map((tax) => tax.rate));
}

/** A line as far as totals go. */
type Priced = Parameters<typeof lineNet>[0] & { taxes: Tax[] };

/**
 * How a system rounds: taxes of each line by themselves (`line`), once per rate over the document (`document`), or
 * nothing before the document's own sums, net amounts included (`unrounded`).
 */
export type TaxRounding = 'line' | 'document' | 'unrounded';
/** One way, or several where it cannot be told which of them the system uses. */
export type TaxRoundings = TaxRounding | readonly TaxRounding[];

/**
 * Totals of lines and charges as a system with that rounding computes them.
 *
 * @param places decimals of the currency
 */
export function computeTotals(lines: readonly Priced[], charges: readonly Charge[], rounding: TaxRounding, places = 2): Totals {
	const kept = (net: Big): Big => (rounding === 'unrounded' ? net : new Big(rounded(net, places)));
	const parts = [
		...lines.map((line) => ({ net: kept(lineNet(line)), taxes: line.taxes })),
		...charges.map((charge) => ({ net: kept(big(charge.amount)), taxes: charge.taxes })),
	];
	const net = new Big(rounded(sum(parts.map((part) => part.net)), places));
	const tax = rounding === 'line' ? taxPerLine(parts, places) : taxPerRate(parts, places);
	return { net: rounded(net, places), tax: rounded(tax, places), total: rounded(net.plus(tax), places) };
}

type Part = { net: Big; taxes: Tax[] };

function taxPerLine(parts: Part[], places: number): Big {
	return sum(parts.flatMap((part) => part.taxes.map((tax) => rounded(part.net.times(tax.rate).div(100), places))));
}

function taxPerRate(parts: Part[], places: number): Big {
	const bases = new Map<string, { base: Big; rate: string }>();
	for (const part of parts) {
		for (const tax of part.taxes) {
			const id = `${tax.code ?? tax.name ?? ''}|${tax.rate}`;
			const entry = bases.get(id) ?? { base: new Big(0), rate: tax.rate };
			bases.set(id, { ...entry, base: entry.base.plus(part.net) });
		}
	}
	return sum([...bases.values()].map(({ base, rate }) => rounded(base.times(rate).div(100), places)));
}

/** What may differ between the two systems' totals. */
export interface RoundingPolicy {
	/**
	 * - `exact`: nothing
	 * - `explained`: what the target's own way of rounding taxes explains to the cent
	 * - `tolerance`: up to `tolerance`
	 */
	mode: 'exact' | 'explained' | 'tolerance';
	/** For `tolerance`, in the document's currency. */
	tolerance?: string;
}

export interface Proof {
	agrees: boolean;
	source: string;
	target: string;
	/** Target minus source, rounded to the currency. */
	difference: string;
	/** Why it agrees although it differs, or why it does not agree. */
	reason: string;
}

const ROUNDING_WORDS = { line: 'taxes are rounded per line', document: 'taxes are rounded per document', unrounded: 'only the sums are rounded' } as const;

/**
 * Compares the target's total with the source's. Under `explained` a difference is accepted only when the source's total
 * is what some rounding makes of its own lines, and the target's exactly what its rounding does, no more than one cent a line.
 *
 * @param written the lines as they were sent, charges among them, when they are not the source's own: a line that
 *                was split (`planLines`) has its tax rounded twice where taxes are rounded per line
 */
export function proveTotals(source: SalesDocument, target: Totals, policy: RoundingPolicy, targetRounding: TaxRoundings, places = 2, written?: readonly Priced[]): Proof {
	const sourceTotal = rounded(source.totals?.total ?? computeTotals(source.lines, source.charges, 'document', places).total, places);
	const targetTotal = rounded(target.total, places);
	const difference = new Big(targetTotal).minus(sourceTotal);
	const proof = { source: sourceTotal, target: targetTotal, difference: rounded(difference, places) };
	if (difference.eq(0)) return { ...proof, agrees: true, reason: 'equal to the cent' };
	if (policy.mode === 'tolerance' && difference.abs().lte(big(policy.tolerance))) {
		return { ...proof, agrees: true, reason: `within the tolerance of ${policy.tolerance}` };
	}
	if (policy.mode === 'explained') {
		if (!isSumOf(source, sourceTotal, places)) return { ...proof, agrees: false, reason: 'where it comes from, the total is not what its own lines give' };
		const total = (way: TaxRounding): string => (written ? computeTotals(written, [], way, places) : computeTotals(source.lines, source.charges, way, places)).total;
		const expected = [targetRounding].flat().map((way) => ({ way, total: total(way) }));
		const cents = new Big(written?.length ?? source.lines.length + source.charges.length).div(new Big(10).pow(places));
		const explained = expected.find((one) => new Big(one.total).eq(targetTotal));
		if (explained && difference.abs().lte(cents)) {
			return { ...proof, agrees: true, reason: `${ROUNDING_WORDS[explained.way]}: the same lines give ${explained.total} there` };
		}
		return { ...proof, agrees: false, reason: `the same lines should give ${[...new Set(expected.map((one) => one.total))].join(' or ')} there` };
	}
	return { ...proof, agrees: false, reason: policy.mode === 'exact' ? 'the policy allows no difference' : `more than the tolerance of ${policy.tolerance ?? '0'}` };
}

/**
 * Whether a total is what some way of rounding makes of the document's own lines: no further from their exact sum than
 * half a cent for each amount in it that is not whole, and for the sum itself.
 */
function isSumOf({ lines, charges }: SalesDocument, total: string, places: number): boolean {
	const parts = [...lines.map((line) => ({ net: lineNet(line), taxes: line.taxes })), ...charges.map((charge) => ({ net: big(charge.amount), taxes: charge.taxes }))];
	const amounts = parts.flatMap(({ net, taxes }) => [net, ...taxes.map((tax) => net.times(tax.rate).div(100))]);
	const fractions = amounts.filter((amount) => !amount.eq(rounded(amount, places))).length;
	return sum(amounts).minus(total).abs().lte(new Big(fractions + 1).div(new Big(10).pow(places)).div(2));
}

/** Decimals that a system stores; what does not fit would be changed silently. */
export interface Precision {
	price: number;
	quantity: number;
	discount: number;
}

export type PlannedLine = Omit<Line, 'discountAmount' | 'net' | 'tax'> & { discountPercent: string; net: string };

/**
 * The document as plain lines with percent discounts only, for systems that know nothing else: a discount by
 * amount becomes the exact percent, else the exact unit price, else a line of its own; charges become lines.
 * Prices and percents are given as the system stores them, and each line's net is what it makes of them. The
 * sum of the planned nets is exactly the sum of the document's.
 *
 * @throws Failure `rejected` when a quantity has more decimals than the system keeps: goods cannot be rounded
 */
export function planLines(document: SalesDocument, precision: Precision, places = 2): PlannedLine[] {
	const lines = document.lines.filter((line) => line.role !== 'note').flatMap((line) => planLine(line, precision, places));
	// Numbered before the empty ones go, so that a charge keeps its key when another one comes or goes.
	const charges = document.charges.map((charge, i) => ({ charge, nth: document.charges.slice(0, i).filter(({ role }) => role === charge.role).length + 1 }));
	return [...lines, ...charges.filter(({ charge }) => !big(charge.amount).eq(0)).map(({ charge, nth }) => planCharge(charge, nth, places))];
}

function planLine(line: Line, precision: Precision, places: number): PlannedLine[] {
	checkQuantity(line, precision);
	const net = rounded(lineNet(line), places);
	const { discountAmount, net: _net, tax: _tax, ...rest } = line;
	const quantity = big(line.quantity);
	const gross = quantity.times(line.price);
	const byAmount = !big(discountAmount).eq(0);
	const stored = (price: Big | string, percent: Big | string): PlannedLine => {
		const kept = { price: plain(price, precision.price), discountPercent: plain(percent, precision.discount) };
		return { ...rest, ...kept, net: rounded(lineNet({ quantity: line.quantity, ...kept }), places) };
	};
	const own = byAmount ? '0' : big(line.discountPercent);
	const ways = [
		...(byAmount ? [] : [stored(line.price, own)]),
		...(byAmount && !gross.eq(0) ? [stored(line.price, big(discountAmount).div(gross).times(100))] : []),
		...(byAmount && !quantity.eq(0) ? [stored(new Big(net).div(quantity), '0')] : []),
	];
	const exact = ways.find((way) => way.net === net);
	if (exact) return [exact];
	const whole = stored(line.price, own);
	return [whole, planRest(line, new Big(net).minus(whole.net), byAmount, places)];
}

/** What the line itself cannot express, as a line of its own under the same taxes. */
function planRest(line: Line, amount: Big, isDiscount: boolean, places: number): PlannedLine {
	const of = line.name ?? line.code ?? `line ${line.key}`;
	const charge = { role: isDiscount ? ('discount' as const) : ('adjustment' as const), name: `${isDiscount ? 'Discount on' : 'Rounding of'} ${of}`, amount: amount.toFixed(), taxes: line.taxes };
	return { ...planCharge({ ...charge, percent: undefined }, 1, places), key: `${line.key}${isDiscount ? 'd' : 'r'}` };
}

function checkQuantity(line: Line, precision: Precision): void {
	if (big(line.quantity).eq(big(line.quantity).round(precision.quantity))) return;
	throw new Failure('rejected', `The quantity ${line.quantity} of line ${line.key} (${line.name ?? line.code ?? 'no name'}) has more than ${precision.quantity} decimals, which the target would round`, {
		advice: 'Change the quantity, or the unit of measure, at its source',
	});
}

/** Decimal text without trailing zeros, rounded to what is stored. */
function plain(value: Big | string, decimals: number): string {
	return new Big(rounded(value, decimals)).toFixed();
}

const CHARGE_NAMES = { discount: 'Discount', shipping: 'Shipping and handling', adjustment: 'Adjustment' } as const;

function planCharge(charge: Charge, nth: number, places: number): PlannedLine {
	const amount = rounded(charge.amount, places);
	return {
		key: `${charge.role}${nth > 1 ? nth : ''}`,
		role: charge.role,
		name: charge.name ?? CHARGE_NAMES[charge.role],
		quantity: '1',
		price: new Big(amount).toFixed(),
		discountPercent: '0',
		taxes: charge.taxes,
		net: amount,
		productKey: undefined,
		code: undefined,
		description: undefined,
		unit: undefined,
		delivered: undefined,
		invoiced: undefined,
	};
}
