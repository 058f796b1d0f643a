// Owns what an inventory document shall hold: the plan of its lines and money, what vtiger will make of it, how it
// is written and how it compares with what is stored. Pure: no network. Reference section 6.
import Big from 'big.js';
import { lineNet, rounded, sum } from '../core/money';
import type { Row } from './vtiger.gateway';
import { discountOf, isIndividual, linesOf } from './vtiger.lines';
import { amountOf, decimalOf, sameNumber, sameText, textOf } from './vtiger.values';

export interface PlanLine {
	/** `14x4` */
	productId: string;
	quantity: string;
	price: string;
	discountPercent?: string;
	/** Off the whole line; wins over the percent. */
	discountAmount?: string;
	/** Rate by tax column: `{ tax1: '4.5' }`. */
	taxes: Record<string, string>;
	comment?: string;
	/** For messages. */
	name?: string;
}

export interface Plan {
	taxType: 'group' | 'individual';
	lines: PlanLine[];
	/** Positive: taken off. Percent of the sum of the lines, or an amount. */
	discount?: { percent: string } | { amount: string };
	shipping?: { amount: string; taxes: Record<string, string> };
	adjustment: string;
}

/** Decimals that vtiger keeps (measured): what does not fit is rounded when it is stored. */
export const PLACES = { quantity: 3, price: 8, percent: 3, amount: 8 } as const;

/** A discount on a document can be changed but not cleared: zero and "" leave it. A negative one is not counted. */
const NO_DISCOUNT = '-0.00000001';

export type Differences = Record<string, { before?: string; after?: string }>;

function ratesOf(taxes: Record<string, string>): Big {
	return sum(Object.values(taxes));
}

/** The grand total that vtiger computes from a plan, unrounded as it stores it (reference 6.2). */
export function expectedTotal(plan: Plan): Big {
	const base = linesTotal(plan);
	const off = discountAmount(plan, base);
	const rates = plan.taxType === 'individual' ? new Big(0) : ratesOf(plan.lines[0]?.taxes ?? {});
	const tax = base.minus(off).times(rates).div(100);
	const shipping = new Big(plan.shipping?.amount ?? '0');
	const shippingTax = shipping.times(ratesOf(plan.shipping?.taxes ?? {})).div(100);
	return base.minus(off).plus(tax).plus(shipping).plus(shippingTax).plus(plan.adjustment);
}

/** What the document's discount is taken off: the lines, with their own taxes where they have such (reference 6.2). */
export function linesTotal({ lines, taxType }: Pick<Plan, 'lines' | 'taxType'>): Big {
	return sum(lines.map((line) => (taxType === 'individual' ? lineNet(line).times(ratesOf(line.taxes).plus(100)).div(100) : lineNet(line))));
}

function discountAmount(plan: Plan, base: Big): Big {
	if (!plan.discount) return new Big(0);
	return 'percent' in plan.discount ? base.times(plan.discount.percent).div(100) : new Big(plan.discount.amount);
}

/**
 * The plan as fields and lines of an element. With lines everything counts that is sent, and only that: tax type,
 * shipping and adjustment are blanked otherwise, while a discount stays (reference 6.5, and measured).
 *
 * @param taxColumns all tax columns of the module: those without a rate are sent as 0, else the product's own apply
 * @param before     the record that is revised
 */
export function planElement(plan: Plan, taxColumns: readonly string[], before?: Row): Row {
	const element: Row = { hdnTaxType: plan.taxType };
	if (plan.discount && 'percent' in plan.discount) element.hdnDiscountPercent = plan.discount.percent;
	else if (plan.discount) element.hdnDiscountAmount = plan.discount.amount;
	else if (before && storedDiscount(before) !== 'none') element.hdnDiscountAmount = NO_DISCOUNT;
	if (plan.shipping) {
		element['shipping_&_handling'] = plan.shipping.amount;
		for (const [code, rate] of Object.entries(plan.shipping.taxes)) element[`shipping_&_handling_${code}`] = rate;
	} else if (before && !amountOf(before.hdnS_H_Amount).eq(0)) {
		element['shipping_&_handling'] = '0';
	}
	if (!new Big(plan.adjustment).eq(0) || (before && !amountOf(before.txtAdjustment).eq(0))) element.txtAdjustment = plan.adjustment;
	element.LineItems = plan.lines.map((line) => lineElement(line, taxColumns));
	return element;
}

function lineElement(line: PlanLine, taxColumns: readonly string[]): Row {
	const taxes = Object.fromEntries(taxColumns.map((code) => [code, line.taxes[code] ?? '0']));
	return {
		productid: line.productId,
		quantity: line.quantity,
		listprice: line.price,
		...(line.discountAmount ? { discount_amount: line.discountAmount } : line.discountPercent ? { discount_percent: line.discountPercent } : {}),
		...(line.comment ? { comment: line.comment } : {}),
		...taxes,
		...line.taxes,
	};
}

/** In what the record's lines and money differ from the plan; empty: in nothing. */
export function planDifferences(record: Row, plan: Plan): Differences {
	const differences: Differences = {};
	if (isIndividual(record) !== (plan.taxType === 'individual')) differences.hdnTaxType = { before: textOf(record.hdnTaxType), after: plan.taxType };
	const lines = lineDifferences(record, plan);
	if (lines) differences.lines = lines;
	const wanted = plan.discount ? ('percent' in plan.discount ? `${plan.discount.percent} %` : decimalOf(plan.discount.amount)) : 'none';
	if (storedDiscount(record) !== wanted) differences.discount = { before: storedDiscount(record), after: wanted };
	compareNumber(differences, 'shipping', record.hdnS_H_Amount, plan.shipping?.amount);
	for (const [code, rate] of Object.entries(plan.shipping?.taxes ?? {})) compareNumber(differences, `shipping ${code}`, record[`shipping_&_handling_${code}`], rate);
	compareNumber(differences, 'adjustment', record.txtAdjustment, plan.adjustment);
	return differences;
}

/** Whether the record's grand total is, to the cent, what the plan makes. */
export function totalAgrees(record: Row, plan: Plan): boolean {
	return rounded(amountOf(record.hdnGrandTotal)) === rounded(expectedTotal(plan));
}

function storedDiscount(record: Row): string {
	const off = discountOf(record, new Big(0));
	if (!off) return 'none';
	return off.percent ? `${off.percent} %` : (decimalOf(record.hdnDiscountAmount) ?? 'none');
}

function compareNumber(differences: Differences, name: string, stored: unknown, meant: string | undefined): void {
	if (!sameNumber(stored, meant ?? '0')) differences[name] = { before: decimalOf(stored), after: meant ?? '0' };
}

function lineDifferences(record: Row, plan: Plan): { before?: string; after?: string } | undefined {
	const stored = linesOf(record);
	const same = stored.length === plan.lines.length && plan.lines.every((line, i) => sameLine(stored[i]!, line, plan.taxType === 'individual' || i === 0));
	if (same) return undefined;
	return {
		before: stored.map((row) => `${decimalOf(row.quantity) ?? '0'} x ${textOf(row.product_name) ?? textOf(row.productid) ?? '?'} at ${decimalOf(row.listprice) ?? '0'}`).join(', ') || 'no lines',
		after: plan.lines.map((line) => `${line.quantity} x ${line.name ?? line.productId} at ${line.price}`).join(', '),
	};
}

/** @param taxesCount whether the line's taxes matter: with one set for all, only the first line's are looked at */
function sameLine(row: Row, line: PlanLine, taxesCount: boolean): boolean {
	const amount = amountOf(row.discount_amount);
	const discounts = line.discountAmount || !amount.eq(0) ? sameNumber(amount.toFixed(), line.discountAmount) : sameNumber(row.discount_percent, line.discountPercent, PLACES.percent);
	return (
		row.productid === line.productId &&
		sameNumber(row.quantity, line.quantity, PLACES.quantity) &&
		sameNumber(row.listprice, line.price, PLACES.price) &&
		discounts &&
		sameText(textOf(row.comment), line.comment) &&
		(!taxesCount || sameTaxes(row, line))
	);
}

function sameTaxes(row: Row, line: PlanLine): boolean {
	const codes = new Set([...Object.keys(row).filter((field) => /^tax\d+$/.test(field)), ...Object.keys(line.taxes)]);
	return [...codes].every((code) => sameNumber(row[code], line.taxes[code], PLACES.percent));
}
