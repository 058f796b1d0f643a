// Owns the two signs of a credit note: documents carry positive quantities, vtiger negative ones. Pure.
import type { Invoice } from '../core/documents';
import { big, decimalText } from '../core/money';

function minus(value: string): string {
	return decimalText(big(value).times(-1).toFixed()) ?? '0';
}

function minusIf(value: string | undefined): string | undefined {
	return value === undefined ? undefined : minus(value);
}

/** The invoice with quantities, fixed discounts, charges and totals of the other sign. Prices and percents stay. */
export function turned(invoice: Invoice): Invoice {
	return {
		...invoice,
		lines: invoice.lines.map((line) => ({ ...line, quantity: minus(line.quantity), discountAmount: minusIf(line.discountAmount), net: minusIf(line.net), tax: minusIf(line.tax) })),
		charges: invoice.charges.map((charge) => ({ ...charge, amount: minus(charge.amount) })),
		totals: invoice.totals && { net: minus(invoice.totals.net), tax: minus(invoice.totals.tax), total: minus(invoice.totals.total) },
		received: minusIf(invoice.received),
		residual: minusIf(invoice.residual),
	};
}
