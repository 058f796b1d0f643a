// Owns the shape of a profile's documents: order, shipment and payment with their rows. Data's shape only.
import { z } from 'zod';

/** A field of 1C by its published name; nothing: the configuration has none. */
export const field = z.string().min(1);
export const maybe = field.optional();
/** Values that a new record is given where the user or the mapping gives none: `{ Приоритет: 'Средний' }`. */
export const fixed = z.record(z.unknown()).default({});

const header = {
	set: field,
	customer: field,
	partner: maybe,
	contract: maybe,
	agreement: maybe,
	organization: maybe,
	warehouse: maybe,
	currency: maybe,
	total: field,
	/** Whether prices and amounts contain VAT. */
	vatIncluded: maybe,
	comment: maybe,
	whenNew: fixed,
};

export const order = z.object({
	...header,
	/** How a person calls it in messages: `order`, `invoice`. */
	word: z.string(),
	/** The customer's own number and date. */
	customerNumber: maybe,
	customerDate: maybe,
	priceKind: maybe,
	rate: maybe,
	rateMultiplier: maybe,
	shipDate: maybe,
	deliveryAddress: maybe,
	/** The highest row code given so far. */
	lastRowCode: maybe,
	agreed: maybe,
	agreedDate: maybe,
	validUntil: maybe,
	/** How VAT is due on the whole document, and its values. */
	taxation: maybe,
	taxationWithVat: z.string().optional(),
	taxationWithoutVat: z.string().optional(),
	/** What a new order cannot be without. */
	needs: z.array(z.enum(['warehouse', 'agreement'])).default([]),
	/** The document may be posted. */
	posted: z.boolean(),
}).strict();

const row = {
	item: field,
	characteristic: maybe,
	unit: maybe,
	quantity: field,
	/** Quantity in packages; the same as the quantity where no package is given. */
	packages: maybe,
	coefficient: maybe,
	/** The unit is that of the item; else it is a package, and none is given. */
	unitFromItem: z.boolean().optional(),
	price: field,
	amount: field,
	vat: maybe,
	vatAmount: maybe,
	/** Amount with VAT, where a column of its own holds it. */
	total: maybe,
	text: maybe,
	warehouse: maybe,
	/** Links the rows of an order with those of its shipments. */
	code: maybe,
	whenNew: fixed,
};

export const orderRows = z.object({
	/** The table part. */
	part: field,
	...row,
	discountPercent: maybe,
	discountAmount: maybe,
	/** Text column for a line's identity that survives reordering. */
	identity: maybe,
	/** Unique within the document: links rows of several parts. */
	link: maybe,
	cancelled: maybe,
	priceKind: maybe,
	shipDate: maybe,
	supply: maybe,
}).strict();

/** The field of the order that says where it stands; where there is none, only posting tells. */
export const orderStates = z.object({ field: maybe, set: maybe, draft: z.string().optional(), confirmed: z.string().optional(), closed: z.array(z.string()).default([]) }).strict();

export const shipment = z.object({ ...header, number: maybe, date: maybe, /** The order it belongs to. */ order: field, /** The order's field is of several types. */ orderType: maybe, status: maybe, statusValue: z.string().optional() }).strict();
export const shipmentRows = z.object({ /** Table parts, e.g. goods and services. */ parts: z.array(field), ...row, discountPercent: maybe, discountAmount: maybe, order: maybe, orderType: maybe }).strict();

export const payment = z.object({
	/** Incoming payments: bank and cash. */
	sets: z.array(field),
	customer: field,
	currency: maybe,
	total: field,
	comment: maybe,
}).strict();
export const paymentRows = z.object({ part: field, amount: field, /** The order or invoice that is paid, in order of preference. */ orders: z.array(field), /** Its object of settlements (УТ 11.5). */ settlement: maybe, shipment: maybe }).strict();
