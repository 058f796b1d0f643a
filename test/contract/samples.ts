// Owns the documents that the contract suite writes: names that break careless code, amounts that break careless sums.
// Knows no system; a bench fills in what its server has.
import { customerSchema, invoiceSchema, opportunitySchema, orderSchema, productSchema, type Customer, type Invoice, type Opportunity, type Order, type Product, type SalesDocument, type Tax } from '../../nodes/core/documents';
import { computeTotals } from '../../nodes/core/money';

/** What every sample needs to know. */
export interface SampleContext {
	/** The system that the documents come from. */
	installation: string;
	/** In every name and key: two runs on one server do not meet. */
	run: string;
	/** A product that the system has. */
	code: string;
	taxes: Tax[];
	currency: string;
	/** A country as the source writes it. */
	country: string;
}

/** Quotes, an ampersand, markup and two alphabets. */
export const HARD_NAME = 'O\'Brien & "Söhne" <b> Ромашка';

export function customerSample(context: SampleContext, suffix: string): Customer {
	const { installation, run, country } = context;
	return customerSchema.parse({
		kind: 'customer',
		key: `${installation}:Accounts:11x${run}${suffix}`,
		name: `${HARD_NAME} ${run} ${suffix}`,
		email: `orders-${run}-${suffix}@example.test`,
		phone: '+49 40 555 0100',
		website: 'https://example.test',
		billing: { street: 'Straße des 17. Juni 1 & 2', city: 'Львів', postalCode: '10115', country },
		shipping: { street: '3 "Dock" Road', city: 'Hamburg', postalCode: '20539', country },
		contacts: [{ key: `${installation}:Contacts:12x${run}${suffix}`, firstName: 'Mary-Jane', lastName: `O'Neill ${run}`, email: `mary-${run}-${suffix}@example.test`, phone: '+49 40 555 0101', title: 'Head of <Purchasing>' }],
	});
}

export function productSample({ installation, run, currency }: SampleContext, suffix: string): Product {
	return productSchema.parse({ kind: 'product', key: `${installation}:Products:14x${run}${suffix}`, type: 'product', code: `${run}-${suffix}`, name: `${HARD_NAME} ${run} ${suffix}`, description: 'Line one\nline "two" & <three>', price: '1234.5', currency });
}

export function opportunitySample({ installation, run }: SampleContext, suffix: string): Opportunity {
	return opportunitySchema.parse({ kind: 'opportunity', key: `${installation}:crm.lead:13${run}${suffix}`, name: `${HARD_NAME} ${run} ${suffix}`, amount: '1234.56', probability: '80', closeDate: '2027-03-31' });
}

/** Three lines whose tax of 10 % is the same whichever way it is rounded. */
function salesPart({ code, taxes, currency, country }: SampleContext): Partial<SalesDocument> {
	const address = { street: '3 "Dock" Road', city: 'Hamburg', postalCode: '20539', country };
	const line = { code, taxes, role: 'product' as const };
	const lines = [
		{ ...line, key: '1', quantity: '3', price: '70', discountPercent: '10' },
		{ ...line, key: '2', quantity: '2', price: '19.99', description: 'Spare & "special" <parts>\nдля склада' },
		{ ...line, key: '3', quantity: '1', price: '100', discountAmount: '12.5' },
	] as SalesDocument['lines'];
	return { currency, taxMode: 'document', lines, billing: address as SalesDocument['billing'], shipping: address as SalesDocument['shipping'], totals: computeTotals(lines, [], 'line') };
}

/** An order or accepted quote of the CRM. */
export function orderSample(context: SampleContext, customer: Customer, suffix: string): Order {
	const { installation, run } = context;
	return orderSchema.parse({
		kind: 'order',
		key: `${installation}:Quotes:4x${run}${suffix}`,
		number: `QUO-${run}-${suffix}`,
		subject: `${HARD_NAME} ${run} ${suffix}`,
		date: '2026-11-02',
		...salesPart(context),
		customer,
		refs: customer.refs,
		notes: 'Deliver to the "back" door & ring <twice>',
		reference: `PO ${run} ${suffix}`,
	});
}

/** A posted invoice of the ERP. */
export function invoiceSample(context: SampleContext, customer: Customer, suffix: string): Invoice {
	const { installation, run } = context;
	const part = salesPart(context);
	return invoiceSchema.parse({
		kind: 'invoice',
		key: `${installation}:account.move:${run}${suffix}`,
		number: `INV/${run}/${suffix}`,
		subject: `${HARD_NAME} ${run} ${suffix}`,
		date: '2026-11-03',
		dueDate: '2026-12-03',
		...part,
		customer,
		status: 'posted',
		paymentState: 'partial',
		received: '100',
		residual: String((Math.round(Number(part.totals!.total) * 100) - 10_000) / 100),
	});
}
