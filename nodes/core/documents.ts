// Owns the business documents that travel between nodes: one vocabulary for every system. No n8n, no network.
// Amounts, prices and quantities are decimal strings ("1234.50"): numbers of JavaScript cannot hold cents exactly.
import { z } from 'zod';
import { decimalText } from './money';

export const KINDS = ['customer', 'product', 'opportunity', 'quote', 'order', 'invoice'] as const;
export type Kind = (typeof KINDS)[number];

/** Several of a kind, in running text. */
export function plural(kind: Kind): string {
	return kind === 'opportunity' ? 'opportunities' : `${kind}s`;
}

/** Text that may be missing, null or empty: all three mean "not given". */
const text = z.string().nullish().transform((value) => value || undefined);
/** A decimal number as text or number; kept as text. */
const decimal = z.union([z.string(), z.number()]).transform(toDecimal);
const optionalDecimal = z
	.union([z.string(), z.number()])
	.nullish()
	.transform((value, context) => (value === undefined || value === null || value === '' ? undefined : toDecimal(value, context)));

function toDecimal(value: string | number, context: z.RefinementCtx): string {
	const result = decimalText(value);
	if (result !== undefined) return result;
	context.addIssue({ code: z.ZodIssueCode.custom, message: `"${value}" is not a decimal number` });
	return z.NEVER;
}


/** The same record in another system. */
export const refSchema = z.object({
	/** Installation name, e.g. `odoo`. */
	system: z.string(),
	kind: z.enum(KINDS),
	id: z.string(),
	/** `odoo:sale.order:42`. */
	key: z.string(),
	number: text,
	url: text,
	outcome: text,
	/** State in that system in its own word, e.g. `sale`. */
	status: text,
});

/** Where the document was read from. */
export const sourceSchema = z.object({
	installation: z.string(),
	module: z.string(),
	id: z.string(),
	number: text,
	url: text,
	/** UTC, ISO 8601. */
	modifiedAt: text,
	/** Who is responsible for it, as that system's own id of the user or group. */
	owner: text,
});

/** The other system's identity and state, as written on the record by `link`. */
export const linkSchema = z.object({ key: text, number: text, status: text, message: text });

export const addressSchema = z.object({
	name: text,
	street: text,
	street2: text,
	city: text,
	state: text,
	postalCode: text,
	/** ISO 3166 code or the name as the source has it. */
	country: text,
});

export const contactSchema = z.object({
	key: z.string(),
	firstName: text,
	lastName: text,
	email: text,
	phone: text,
	mobile: text,
	title: text,
});

/** Percent tax on a line or a charge. */
export const taxSchema = z.object({
	/** As people call it: `VAT`. */
	name: text,
	/** Percent: `4.5`. */
	rate: decimal,
	/** The system's own id or code of it. */
	code: text,
});

export const lineSchema = z.object({
	/** Stable within the document, e.g. `1`: lines are matched by it on every further write. */
	key: z.string(),
	role: z.enum(['product', 'discount', 'shipping', 'adjustment', 'downPayment', 'note']).default('product'),
	productKey: text,
	/** The product's code: how another system finds it. */
	code: text,
	name: text,
	description: text,
	quantity: decimal,
	unit: text,
	/** Per unit, without tax. */
	price: decimal,
	discountPercent: optionalDecimal,
	/** Off the whole line; wins over the percent. */
	discountAmount: optionalDecimal,
	taxes: z.array(taxSchema).default([]),
	/** After the line's discount, without tax, as the source says. */
	net: optionalDecimal,
	tax: optionalDecimal,
	delivered: optionalDecimal,
	invoiced: optionalDecimal,
});

/** An amount of the document as a whole. Discounts are negative. */
export const chargeSchema = z.object({
	role: z.enum(['discount', 'shipping', 'adjustment']),
	name: text,
	amount: decimal,
	/** Set when the source gave a percent; the amount is then its result. */
	percent: optionalDecimal,
	taxes: z.array(taxSchema).default([]),
});

export const totalsSchema = z.object({
	/** Without tax. */
	net: decimal,
	tax: decimal,
	total: decimal,
});

const base = {
	key: z.string(),
	source: sourceSchema.optional(),
	link: linkSchema.optional(),
	refs: z.array(refSchema).default([]),
};

export const customerSchema = z.object({
	...base,
	kind: z.literal('customer'),
	name: z.string(),
	isCompany: z.boolean().default(true),
	vat: text,
	email: text,
	phone: text,
	website: text,
	billing: addressSchema.default({}),
	shipping: addressSchema.default({}),
	contacts: z.array(contactSchema).default([]),
	notes: text,
});

export const productSchema = z.object({
	...base,
	kind: z.literal('product'),
	type: z.enum(['product', 'service']).default('product'),
	code: text,
	name: z.string(),
	description: text,
	price: optionalDecimal,
	currency: text,
	cost: optionalDecimal,
	unit: text,
	barcode: text,
	stock: optionalDecimal,
	active: z.boolean().default(true),
	taxes: z.array(taxSchema).default([]),
});

export const opportunitySchema = z.object({
	...base,
	kind: z.literal('opportunity'),
	name: z.string(),
	status: z.enum(['open', 'won', 'lost']).default('open'),
	stage: text,
	amount: optionalDecimal,
	probability: optionalDecimal,
	closeDate: text,
	customerKey: text,
	contactKey: text,
});

const salesDocument = {
	...base,
	number: text,
	subject: text,
	date: text,
	validUntil: text,
	dueDate: text,
	/** ISO 4217. */
	currency: text,
	/** Units of the currency for one of the company's own, as the source has it: `1.1`. */
	currencyRate: optionalDecimal,
	customer: customerSchema.optional(),
	contactKey: text,
	opportunityKey: text,
	billing: addressSchema.default({}),
	shipping: addressSchema.default({}),
	/** `document`: one set of taxes for all lines; `line`: each line its own. */
	taxMode: z.enum(['document', 'line']).default('line'),
	lines: z.array(lineSchema).default([]),
	charges: z.array(chargeSchema).default([]),
	totals: totalsSchema.optional(),
	notes: text,
	/** Terms and conditions printed on it. */
	terms: text,
	/** The customer's own order number. */
	reference: text,
};

export const quoteSchema = z.object({
	...salesDocument,
	kind: z.literal('quote'),
	status: z.enum(['draft', 'sent', 'accepted', 'rejected', 'cancelled']).default('draft'),
	stage: text,
});

export const orderSchema = z.object({
	...salesDocument,
	kind: z.literal('order'),
	status: z.enum(['draft', 'confirmed', 'done', 'cancelled']).default('draft'),
	stage: text,
	quoteKey: text,
	fulfilment: z.enum(['none', 'partial', 'full']).optional(),
	invoicing: z.enum(['none', 'partial', 'full']).optional(),
});

export const invoiceSchema = z.object({
	...salesDocument,
	kind: z.literal('invoice'),
	type: z.enum(['invoice', 'creditNote']).default('invoice'),
	status: z.enum(['draft', 'posted', 'cancelled']).default('draft'),
	paymentState: z.enum(['unpaid', 'partial', 'paid', 'reversed']).default('unpaid'),
	/** Still to be paid. */
	residual: optionalDecimal,
	/** Paid so far. */
	received: optionalDecimal,
	/** The orders it bills: as the ERP names them, and the source's record when the ERP knows it. */
	orders: z.array(z.object({ key: z.string(), number: text, sourceKey: text })).default([]),
	customerSourceKey: text,
	/** For a credit note: what it reverses. */
	reverses: z.object({ key: z.string(), number: text }).optional(),
});

export const documentSchema = z.discriminatedUnion('kind', [
	customerSchema,
	productSchema,
	opportunitySchema,
	quoteSchema,
	orderSchema,
	invoiceSchema,
]);

export type Ref = z.output<typeof refSchema>;
export type Source = z.output<typeof sourceSchema>;
export type Link = z.output<typeof linkSchema>;
export type Address = z.output<typeof addressSchema>;
export type Contact = z.output<typeof contactSchema>;
export type Tax = z.output<typeof taxSchema>;
export type Line = z.output<typeof lineSchema>;
export type Charge = z.output<typeof chargeSchema>;
export type Totals = z.output<typeof totalsSchema>;
export type Customer = z.output<typeof customerSchema>;
export type Product = z.output<typeof productSchema>;
export type Opportunity = z.output<typeof opportunitySchema>;
export type Quote = z.output<typeof quoteSchema>;
export type Order = z.output<typeof orderSchema>;
export type Invoice = z.output<typeof invoiceSchema>;
export type Document = z.output<typeof documentSchema>;
/** Documents with lines and totals. */
export type SalesDocument = Quote | Order | Invoice;
export type DocumentOf<K extends Kind> = Extract<Document, { kind: K }>;

/** `quote QUO3 "Five widgets"`: how messages name a document. */
export function describeDocument(document: Document): string {
	const number = 'number' in document ? document.number : (document.source?.number ?? undefined);
	const title = 'subject' in document ? document.subject : 'name' in document ? document.name : undefined;
	return [document.kind === 'invoice' && document.type === 'creditNote' ? 'credit note' : document.kind, number ?? document.source?.id ?? document.key, title && title !== number ? `"${title}"` : '']
		.filter(Boolean)
		.join(' ');
}

/** The ref into one installation for a kind, if the document carries it. */
export function refTo(document: Document, installation: string, kind: Kind): Ref | undefined {
	return document.refs.find((ref) => ref.system === installation && ref.kind === kind);
}

/** The document with a ref added, replacing the one of the same system and kind. */
export function withRef<D extends Document>(document: D, ref: Ref): D {
	return { ...document, refs: [...document.refs.filter((r) => r.system !== ref.system || r.kind !== ref.kind), ref] };
}
