// Owns LineItems_FinalDetails: what vtiger's edit form would be filled with, keyed by line number (`qty1`, `netPrice1`).
// Must not know: saving, sessions, HTTP.
import { amounts, documentAmounts } from './amounts';
import { chargesShown, shippingAmount, shippingTax } from './charges';
import type { Json, Row } from './failure';
import type { Installation } from './installation';
import { productRates, taxNumbers } from './lines';
import type { Line, Stored } from './store';
import { type LineAmounts, lineTax, lineTotal, totals } from './totals';
import { fixed, phpNumber, textOf } from './values';

const money = (n: number): string => fixed(n, 2);
/** Quantities lose their trailing zeros: `3`, `917.765`. */
const trimmed = (value: Json | undefined): string => String(phpNumber(value));

/** The final details of a stored document. */
export function finalDetails(crm: Installation, row: Stored): Json {
	const details: Record<string, Json> = {};
	for (const [index, line] of row.lines.entries()) {
		const shown = lineDetails(crm, row, line, index + 1);
		details[String(index + 1)] = index === 0 ? { ...shown, final_details: documentDetails(crm, row, false) } : shown;
	}
	if (row.lines.length === 0) details['1'] = emptyDocument(crm, row);
	return details;
}

/** What the answer of a save carries: the details of a document that has no lines yet. */
export function staleDetails(crm: Installation, row: Stored): Json {
	return { 1: emptyDocument(crm, row) };
}

function emptyDocument(crm: Installation, row: Stored): Row {
	const netPrice: Row = row.fields['hdnTaxType'] === 'individual' ? { netPrice1: '0.00' } : {};
	return { final_details: documentDetails(crm, row, true), ...netPrice };
}

function lineDetails(crm: Installation, row: Stored, line: Line, n: number): Row {
	const line_ = amounts(crm, row, line);
	const gross = line_.quantity * line_.listprice;
	const net = lineTotal(line_);
	const tax = row.fields['hdnTaxType'] === 'individual' ? lineTax(line_) : 0;
	const product = crm.store.getAny(textOf(line.values['productid']));
	const isProduct = product?.module === 'Products';
	if (line.stray !== undefined) return strayDetails(crm, line, n, line_);
	const named: Row = {
		purchaseCost: '0.00',
		margin: '0.00',
		productDeleted: !product || product.deleted,
		entityType: product?.module ?? '',
		...(n > 1 ? { delRow: 'Del' } : {}),
		hdnProductId: String(product?.number ?? ''),
		productName: (product?.fields['productname'] ?? product?.fields['servicename'] ?? '') as Json,
		hdnProductcode: (product?.fields['product_no'] ?? product?.fields['service_no'] ?? '') as Json,
		productDescription: textOf(line.values['description']),
		comment: textOf(line.values['comment']),
		qtyInStock: isProduct ? trimmed(product.fields['qtyinstock']) : 'NA',
		qty: trimmed(line.values['quantity']),
		listPrice: money(line_.listprice),
		unitPrice: money(phpNumber(product?.fields['unit_price'])),
		productTotal: money(gross),
		subproduct_ids: '',
		...(isProduct ? { subprod_qty_list: [], subprod_names: '' } : {}),
		...discountDetails(line_.discountAmount, line_.discountPercent, gross - net),
		totalAfterDiscount: money(net),
		taxTotal: money(tax),
		netPrice: money(net + tax),
	};
	const suffixed = Object.fromEntries(Object.entries(named).map(([key, value]) => [`${key}${n}`, value]));
	return { ...suffixed, taxes: lineTaxes(crm, row, line) };
}

/** 8.0.0 shows a line without product as if it were a service's. */
function strayDetails(crm: Installation, line: Line, n: number, line_: LineAmounts): Row {
	const net = money(lineTotal(line_));
	const named: Row = {
		purchaseCost: '0.00',
		margin: '0.00',
		productDeleted: !crm.store.entity(line.stray ?? 0),
		entityType: 'Services',
		...(n > 1 ? { delRow: 'Del' } : {}),
		hdnProductId: String(line.stray),
		productName: null,
		hdnProductcode: null,
		productDescription: '',
		comment: textOf(line.values['comment']),
		qtyInStock: 'NA',
		qty: trimmed(line.values['quantity']),
		listPrice: money(line_.listprice),
		unitPrice: '0.00',
		productTotal: money(line_.quantity * line_.listprice),
		subproduct_ids: '',
		...discountDetails(line_.discountAmount, line_.discountPercent, 0),
		totalAfterDiscount: net,
		taxTotal: '0.00',
		netPrice: net,
	};
	return Object.fromEntries(Object.entries(named).map(([key, value]) => [`${key}${n}`, value]));
}

function discountDetails(amount: number, percent: number, discount: number): Row {
	const shown: Row = { discount_percent: 0, discount_amount: 0, discountTotal: money(discount) };
	if (percent > 0)
		return {
			...shown,
			discount_percent: String(percent),
			checked_discount_percent: ' checked',
			discount_type: 'percentage',
			...styles('percent', 'amount'),
		};
	if (amount > 0)
		return {
			...shown,
			discount_amount: String(amount),
			checked_discount_amount: ' checked',
			discount_type: 'amount',
			...styles('amount', 'percent'),
		};
	return { discount_percent: 0, discount_amount: 0, checked_discount_zero: ' checked', discountTotal: money(discount) };
}

/** The taxes attached to the line's product: at the line's rates, or with group taxes at the product's own. */
function lineTaxes(crm: Installation, row: Stored, line: Line): Json {
	const individual = row.fields['hdnTaxType'] === 'individual';
	const net = lineTotal(amounts(crm, row, line));
	const own = productRates(crm, line.values['productid'] as Json);
	return Object.keys(own).map((n) => {
		const rate = individual ? textOf(line.values[`tax${n}`]) : fixed(own[n] ?? 0, 3);
		const { taxname, taxlabel } = taxOf(crm, n);
		return {
			taxname,
			taxlabel,
			percentage: rate,
			deleted: '0',
			taxid: n,
			type: 'Fixed',
			method: 'Simple',
			regions: [],
			compoundon: [],
			regionsList: { default: rate },
			...(individual ? { amount: (net * phpNumber(rate)) / 100 } : {}),
		};
	});
}

function taxOf(crm: Installation, n: string): { taxname: string; taxlabel: string; percentage: string } {
	const fields = crm.store.list('Tax').find((tax) => String(tax.number) === n)?.fields ?? {};
	return { taxname: `tax${n}`, taxlabel: textOf(fields['taxlabel']), percentage: textOf(fields['percentage']) };
}

/** The document's part, under the first line. `stale`: before lines and totals are known. */
function documentDetails(crm: Installation, row: Stored, stale: boolean): Row {
	const document = documentAmounts(crm, row);
	const made = totals(stale ? [] : row.lines.map((line) => amounts(crm, row, line)), document);
	const discount = stale ? 0 : made.discount;
	const taxes = documentTaxes(crm, row, made.subtotal - discount, stale);
	const taxTotal = Object.values(taxes).reduce<number>((sum, tax) => sum + phpNumber((tax as Row)['amount']), 0);
	return {
		taxtype: (row.fields['hdnTaxType'] || null) as Json,
		...documentDiscount(row, discount),
		hdnSubTotal: money(made.subtotal),
		taxes,
		tax_totalamount: money(taxTotal),
		shipping_handling_charge: money(shippingAmount(row.charges)),
		sh_taxes: shippingTaxes(crm, row),
		shtax_totalamount: money(shippingTax(row.charges)),
		adjustment: money(stale ? document.adjustment : document.adjustment),
		grandTotal: money(stale ? 0 : made.grand),
		preTaxTotal: money(stale ? document.shipping : made.preTax),
		totalAfterDiscount: money(made.subtotal - discount),
		chargesAndItsTaxes: chargesShown(row.charges),
		deductTaxes: [],
		deductTaxesTotalAmount: '0.00',
	};
}

function documentDiscount(row: Stored, discount: number): Row {
	const amount = phpNumber(row.fields['hdnDiscountAmount']);
	const percent = phpNumber(row.fields['hdnDiscountPercent']);
	const none: Row = {
		discount_type_final: 'zero',
		discount_percentage_final: 0,
		discount_amount_final: '0.00',
		discountTotal_final: money(discount),
	};
	if (amount > 0)
		return {
			...none,
			discount_type_final: 'amount',
			checked_discount_amount_final: ' checked',
			...styles('amount', 'percentage', '_final'),
			discount_amount_final: money(amount),
		};
	if (percent > 0)
		return {
			...none,
			discount_type_final: 'percentage',
			checked_discount_percentage_final: ' checked',
			...styles('percentage', 'amount', '_final'),
			discount_percentage_final: fixed(percent, 3),
		};
	return none;
}

const styles = (visible: string, hidden: string, end = ''): Row => ({
	[`style_discount_${visible}${end}`]: ' style="visibility:visible"',
	[`style_discount_${hidden}${end}`]: ' style="visibility:hidden"',
});

/** With group taxes the first line's rates; with individual ones the form shows the taxes' own rates, charged nowhere. */
function documentTaxes(crm: Installation, row: Stored, base: number, stale: boolean): Row {
	const type = textOf(row.fields['hdnTaxType']);
	const group = type === 'group';
	const first = row.lines[0]?.values;
	return Object.fromEntries(
		taxNumbers(crm).map((n) => {
			const { taxname, taxlabel, percentage } = taxOf(crm, n);
			const rate: Json = !group ? percentage : stale ? 0 : textOf(first?.[`tax${n}`]);
			return [
				n,
				{
					taxname,
					taxlabel,
					percentage: rate,
					amount: money((base * phpNumber(rate)) / 100),
					taxid: n,
					type: 'Fixed',
					method: 'Simple',
					regions: [],
					compoundon: [],
				},
			];
		}),
	);
}

/** 8.0.0 never shows the rates here. */
function shippingTaxes(crm: Installation, row: Stored): Json {
	return taxNumbers(crm).map((n) => {
		const rate = crm.version === '8.4.0' ? phpNumber(row.charges?.['1']?.taxes?.[n]) : 0;
		const { taxlabel } = taxOf(crm, n);
		return {
			taxname: `shtax${n}`,
			taxlabel,
			percentage: rate,
			amount: (shippingAmount(row.charges) * rate) / 100,
			taxid: n,
			type: 'Fixed',
			method: 'Simple',
			regions: [],
			compoundon: [],
		};
	});
}
