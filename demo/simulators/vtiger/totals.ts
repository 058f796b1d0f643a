// Owns the arithmetic of a document: line totals, discounts, taxes, shipping, adjustment. Nothing is rounded to cents.
// Must not know: records, ids, HTTP.

export interface LineAmounts {
	quantity: number;
	listprice: number;
	discountAmount: number;
	discountPercent: number;
	/** Rates that count on this line: tax number -> percent. */
	rates: Record<string, number>;
}

export interface DocumentAmounts {
	/** `individual` taxes every line; anything else (`group`, empty, `Individual`) uses the first line's rates for all. */
	taxType: string;
	discountAmount: number;
	discountPercent: number;
	shipping: number;
	shippingTax: number;
	adjustment: number;
	/** Rates sent on the first line. */
	groupRates: Record<string, number>;
}

export interface Totals {
	subtotal: number;
	preTax: number;
	grand: number;
	discount: number;
	tax: number;
}

/** Quantity times price less the line's discount; an amount wins over a percentage. */
export function lineTotal(line: LineAmounts): number {
	const gross = line.quantity * line.listprice;
	if (line.discountAmount > 0) return gross - line.discountAmount;
	if (line.discountPercent > 0) return gross - (line.discountPercent / 100) * gross;
	return gross;
}

export function lineTax(line: LineAmounts): number {
	let tax = 0;
	for (const rate of Object.values(line.rates)) tax += (lineTotal(line) * rate) / 100;
	return tax;
}

/** Reference section 6.2. With individual taxes the subtotal includes them. */
export function totals(lines: LineAmounts[], document: DocumentAmounts): Totals {
	const individual = document.taxType.toLowerCase() === 'individual';
	let subtotal = 0;
	let net = 0;
	for (const line of lines) {
		net += lineTotal(line);
		subtotal += lineTotal(line) + (individual ? lineTax(line) : 0);
	}
	const discount = document.discountAmount > 0 ? document.discountAmount : (document.discountPercent / 100) * subtotal;
	let tax = 0;
	if (!individual) for (const rate of Object.values(document.groupRates)) tax += ((subtotal - discount) * rate) / 100;
	// 'Individual' with a capital taxes the lines, but is not recognised when the pre-tax total is made.
	const preTaxBase = document.taxType === 'individual' ? net : subtotal;
	return {
		subtotal,
		discount,
		tax,
		preTax: preTaxBase - discount + document.shipping,
		grand: subtotal - discount + tax + document.shipping + document.shippingTax + document.adjustment,
	};
}
