// Owns reading a document's money: lines, taxes, charges and totals of a record as `retrieve` gives it.
// Pure: no network. Reference sections 6.2 and 6.3.
import Big from 'big.js';
import { z } from 'zod';
import type { Charge, Line, Tax, Totals } from '../core/documents';
import { decimalText, lineNet, sum, taxRate } from '../core/money';
import type { Row } from './vtiger.gateway';
import { amountOf, decimalOf, textOf, unescapeHtml } from './vtiger.values';

/** A product as far as a line needs it. */
export interface LineProduct {
	key: string;
	code?: string;
	unit?: string;
}

export interface Money {
	taxMode: 'document' | 'line';
	lines: Line[];
	charges: Charge[];
	totals: Totals;
}

const rateSchema = z.union([z.string(), z.number()]).nullish().transform((value) => decimalOf(value) ?? '0');
const taxSchema = z.object({ taxname: z.string(), taxlabel: z.string().catch(''), percentage: rateSchema });
/** PHP gives an empty list where there is nothing and an object with numbers as keys where there is something. */
const taxesSchema = z
	.union([z.array(taxSchema), z.record(taxSchema)])
	.catch([])
	.transform((taxes) => Object.values(taxes));
const detailsSchema = z.record(
	z.object({
		// The taxes that the line's product carries, with the rates of the line.
		taxes: taxesSchema,
		final_details: z.object({ taxes: taxesSchema, sh_taxes: taxesSchema }).optional().catch(undefined),
	}),
);
type Details = z.output<typeof detailsSchema>;

/** The lines of a record in their order; empty when it has none. */
export function linesOf(record: Row): Row[] {
	const parsed = z.array(z.record(z.unknown())).safeParse(record.LineItems);
	if (!parsed.success) return [];
	return [...parsed.data].sort((a, b) => Number(a.sequence_no ?? 0) - Number(b.sequence_no ?? 0));
}

/** Whether taxes are each line's own. Anything but "individual" is computed as one set for all (reference 6.1). */
export function isIndividual(record: Row): boolean {
	return String(record.hdnTaxType ?? '').toLowerCase() === 'individual';
}

/** Lines, charges and totals of a quote, order or invoice; `products` by id. */
export function readMoney(record: Row, products: ReadonlyMap<string, LineProduct>): Money {
	const details = detailsSchema.catch({}).parse(record.LineItems_FinalDetails ?? {});
	const individual = isIndividual(record);
	const rows = linesOf(record);
	const common = individual ? [] : documentTaxes(rows[0], details);
	const lines = rows.map((row, index) => readLine(row, index, individual ? lineTaxes(row, details[String(index + 1)]) : common, individual, products));
	const charges = readCharges(record, lines, common, individual, details);
	return { taxMode: individual ? 'line' : 'document', lines, charges, totals: readTotals(record, lines, charges) };
}

function readLine(row: Row, index: number, taxes: Tax[], individual: boolean, products: ReadonlyMap<string, LineProduct>): Line {
	const product = products.get(textOf(row.productid) ?? '');
	const amounts = {
		quantity: decimalOf(row.quantity) ?? '0',
		price: decimalOf(row.listprice) ?? '0',
		discountPercent: given(row.discount_percent),
		discountAmount: given(row.discount_amount),
	};
	const net = lineNet(amounts);
	return {
		// Line ids change with every save (reference 6.5); the place in the document is what stays.
		key: String(index + 1),
		role: 'product',
		productKey: product?.key,
		code: product?.code,
		name: textOf(row.product_name),
		description: textOf(row.comment),
		...amounts,
		unit: product?.unit,
		taxes,
		net: plain(net),
		tax: individual ? plain(net.times(taxRate(taxes)).div(100)) : undefined,
		delivered: undefined,
		invoiced: undefined,
	};
}

/** Tax columns that the products of a record carry, by product id: only they are charged under `individual`. */
export function carriedTaxes(record: Row): Map<string, Array<{ code: string; name: string; rate: string }>> {
	const details = detailsSchema.catch({}).parse(record.LineItems_FinalDetails ?? {});
	const carried = new Map<string, Array<{ code: string; name: string; rate: string }>>();
	linesOf(record).forEach((row, index) => {
		const id = textOf(row.productid);
		const line = details[String(index + 1)];
		if (id && line) carried.set(id, line.taxes.map((tax) => ({ code: tax.taxname, name: unescapeHtml(tax.taxlabel), rate: tax.percentage })));
	});
	return carried;
}

/** Taxes of the whole document: the first line's rates are the ones that count (reference 6.2). */
function documentTaxes(first: Row | undefined, details: Details): Tax[] {
	const names = new Map(Object.values(details).flatMap((line) => [...line.taxes, ...(line.final_details?.taxes ?? [])]).map((tax) => [tax.taxname, unescapeHtml(tax.taxlabel)]));
	return Object.entries(first ?? {})
		.filter(([field, value]) => /^tax\d+$/.test(field) && !amountOf(value).eq(0))
		.map(([code, value]) => ({ name: names.get(code) || code, rate: decimalOf(value)!, code }));
}

/** A line's own taxes: only those that its product carries are charged (reference 6.2). */
function lineTaxes(row: Row, details: Details[string] | undefined): Tax[] {
	if (details) return details.taxes.filter((tax) => tax.percentage !== '0').map((tax) => ({ name: unescapeHtml(tax.taxlabel) || tax.taxname, rate: tax.percentage, code: tax.taxname }));
	return documentTaxes(row, {});
}

function readCharges(record: Row, lines: readonly Line[], common: Tax[], individual: boolean, details: Details): Charge[] {
	const charges: Charge[] = [];
	const off = discountOf(record, subtotal(lines, individual));
	// With taxes of the lines' own, the discount is taken off the gross amount and lowers no tax (measured).
	if (off) charges.push({ role: 'discount', name: undefined, amount: plain(off.amount.times(-1)), percent: off.percent, taxes: individual ? [] : common });
	const shipping = amountOf(record.hdnS_H_Amount);
	if (!shipping.eq(0)) charges.push({ role: 'shipping', name: undefined, amount: plain(shipping), percent: undefined, taxes: shippingTaxes(record, details, [...common, ...lines.flatMap((line) => line.taxes)]) });
	const adjustment = amountOf(record.txtAdjustment);
	if (!adjustment.eq(0)) charges.push({ role: 'adjustment', name: undefined, amount: plain(adjustment), percent: undefined, taxes: [] });
	return charges;
}

/** Sum of the lines as vtiger takes it for a percentage: with the lines' own taxes where there are any. */
export function subtotal(lines: ReadonlyArray<Parameters<typeof lineNet>[0] & { taxes: Tax[] }>, individual: boolean): Big {
	return sum(lines.map((line) => (individual ? lineNet(line).times(taxRate(line.taxes).plus(100)).div(100) : lineNet(line))));
}

/**
 * The document's discount. An amount wins over a percentage. A negative amount is stored but not counted
 * (measured on both versions): it is how a discount that cannot be cleared is put out of force.
 */
export function discountOf(record: Row, base: Big): { amount: Big; percent?: string } | undefined {
	const amount = amountOf(record.hdnDiscountAmount);
	if (amount.gt(0)) return { amount };
	if (amount.lt(0)) return undefined;
	const percent = amountOf(record.hdnDiscountPercent);
	return percent.eq(0) ? undefined : { amount: base.times(percent).div(100), percent: plain(percent) };
}

/**
 * Taxes on shipping have codes of their own; where they are the same tax as the lines', they carry the same code.
 * The rates stand in header fields: in the details 8.0.0 shows them as zero (measured).
 */
function shippingTaxes(record: Row, details: Details, known: readonly Tax[]): Tax[] {
	const names = new Map(Object.values(details).flatMap((line) => line.final_details?.sh_taxes ?? []).map((tax) => [tax.taxname, unescapeHtml(tax.taxlabel)]));
	return Object.entries(record)
		.filter(([field, value]) => /^shipping_&_handling_shtax\d+$/.test(field) && !amountOf(value).eq(0))
		.map(([field, value]) => {
			const code = field.slice('shipping_&_handling_'.length);
			const name = names.get(code) || code;
			const rate = decimalOf(value)!;
			const same = known.find((other) => other.name === name && other.rate === rate);
			return { name, rate, code: same?.code ?? code };
		});
}

function readTotals(record: Row, lines: readonly Line[], charges: readonly Charge[]): Totals {
	const total = amountOf(record.hdnGrandTotal);
	const net = sum([...lines.map((line) => lineNet(line)), ...charges.map((charge) => charge.amount)]);
	return { net: plain(net), tax: plain(total.minus(net)), total: plain(total) };
}

/** Zero means "not given" in columns that have no other way to say so. */
function given(value: unknown): string | undefined {
	const text = decimalOf(value);
	return text === '0' ? undefined : text;
}

function plain(value: Big): string {
	return decimalText(value.round(8, Big.roundHalfUp).toFixed()) ?? '0';
}
