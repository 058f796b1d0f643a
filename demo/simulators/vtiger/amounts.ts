// Owns reading a stored document as numbers, ready for the totals.
// Must not know: saving, answers, HTTP.
import { shippingAmount, shippingTax } from './charges';
import type { Json } from './failure';
import type { Installation } from './installation';
import { productRates, taxNumbers } from './lines';
import type { Line, Stored } from './store';
import { type DocumentAmounts, type LineAmounts, type Totals, totals } from './totals';
import { phpNumber, textOf } from './values';

/** The totals of a document as it is stored now. */
export function computed(crm: Installation, row: Stored): Totals {
	return totals(
		row.lines.map((line) => amounts(crm, row, line)),
		documentAmounts(crm, row),
	);
}

/** With individual taxes only those attached to the product are charged. */
export function amounts(crm: Installation, row: Stored, line: Line): LineAmounts {
	const attached = productRates(crm, line.values['productid'] as Json);
	const rates = Object.fromEntries(Object.keys(attached).map((n) => [n, phpNumber(line.values[`tax${n}`])]));
	return {
		quantity: phpNumber(line.values['quantity']),
		listprice: phpNumber(line.values['listprice']),
		discountAmount: phpNumber(line.values['discount_amount']),
		discountPercent: phpNumber(line.values['discount_percent']),
		rates: textOf(row.fields['hdnTaxType']).toLowerCase() === 'individual' ? rates : {},
	};
}

export function documentAmounts(crm: Installation, row: Stored): DocumentAmounts {
	const first = row.lines[0];
	return {
		taxType: textOf(row.fields['hdnTaxType']),
		discountAmount: phpNumber(row.fields['hdnDiscountAmount']),
		discountPercent: phpNumber(row.fields['hdnDiscountPercent']),
		shipping: shippingAmount(row.charges),
		shippingTax: shippingTax(row.charges),
		adjustment: phpNumber(row.fields['txtAdjustment']),
		groupRates: first ? Object.fromEntries(taxNumbers(crm).map((n) => [n, phpNumber(first.values[`tax${n}`])])) : {},
	};
}
