// Owns the tables: which module holds a kind, its fields, its states, the labels of the link fields. Data only.
import type { Kind } from '../core/documents';
import type { FieldRow } from '../core/mapping';
import { booleanOf, dateOf, decimalOf, textOf } from './vtiger.values';

export const MODULES: Record<Kind, string> = {
	customer: 'Accounts',
	product: 'Products',
	opportunity: 'Potentials',
	quote: 'Quotes',
	order: 'SalesOrder',
	invoice: 'Invoice',
};

/** Modules whose records hold lines: `select *` joins the lines, and LIMIT then counts lines (reference 6.10). */
export const WITH_LINES: ReadonlySet<string> = new Set(['Quotes', 'SalesOrder', 'Invoice', 'PurchaseOrder']);

/** Field of the number that people see: `QUO3`. */
export const NUMBER_FIELDS: Record<string, string> = {
	Accounts: 'account_no',
	Products: 'product_no',
	Services: 'service_no',
	Potentials: 'potential_no',
	Quotes: 'quote_no',
	SalesOrder: 'salesorder_no',
	Invoice: 'invoice_no',
	Contacts: 'contact_no',
};

/** Custom fields are found by these labels: their names differ from installation to installation. */
export const LINK_LABELS = { key: 'ERP Key', number: 'ERP Number', status: 'ERP Status', message: 'ERP Message' } as const;

/** What the layout editor shall make of them. */
export const LINK_FIELD_TYPES = {
	key: 'text field "ERP Key" (length 100)',
	number: 'text field "ERP Number" (length 100)',
	status: 'pick list "ERP Status" (values Pending, Ordered, Needs attention)',
	message: 'text field or text area "ERP Message" (length 250)',
} as const;

/** Stock vtiger has no field for the VAT number; these labels, in lower case, are taken for one. */
export const VAT_LABELS: ReadonlySet<string> = new Set(['vat', 'vat id', 'vat number', 'vat no', 'vat code', 'partita iva', 'p iva', 'tax id', 'ust idnr', 'ust id', 'n° tva', 'nif', 'cif', 'инн', 'инн кпп', 'инн/кпп', 'inn']);

/** Values of the link's status that end a quote's being looked for. */
export const HANDLED = ['Ordered', 'Needs attention'] as const;

/** Written into `source` of every record that we create; vtiger lets it be set on create (reference 5). */
export const OUR_MARK = 'CRMERP';

/** The message field holds so much in the recommended layout; more would be cut in the middle of a word. */
export const MESSAGE_LENGTH = 250;

export const STATES = {
	quote: { field: 'quotestage', accepted: 'Accepted', draft: 'Created', rejected: 'Rejected' },
	order: { field: 'sostatus', confirmed: 'Approved', done: 'Delivered', cancelled: 'Cancelled', draft: 'Created' },
	opportunity: { field: 'sales_stage', won: 'Closed Won', lost: 'Closed Lost', open: 'Prospecting' },
	invoice: { field: 'invoicestatus', draft: 'Created', posted: 'Approved', paid: 'Paid', cancelled: 'Cancel', creditNote: 'Credit Invoice' },
} as const;

/** Stage of the record -> status of the document. What is not listed counts as the first of its kind. */
export const QUOTE_STATUS: Record<string, 'draft' | 'sent' | 'accepted' | 'rejected'> = { Created: 'draft', Delivered: 'sent', Reviewed: 'sent', Accepted: 'accepted', Rejected: 'rejected' };
export const ORDER_STATUS: Record<string, 'draft' | 'confirmed' | 'done' | 'cancelled'> = { Created: 'draft', Approved: 'confirmed', Delivered: 'done', Cancelled: 'cancelled' };
export const INVOICE_STATUS: Record<string, 'draft' | 'posted' | 'cancelled'> = { AutoCreated: 'draft', Created: 'draft', Approved: 'posted', Sent: 'posted', Paid: 'posted', 'Credit Invoice': 'posted', Cancel: 'cancelled', Cancelled: 'cancelled' };
export const OPPORTUNITY_STATUS: Record<string, 'won' | 'lost'> = { 'Closed Won': 'won', 'Closed Lost': 'lost' };

const text = { toSystem: (value: unknown) => value, fromSystem: textOf };
const date = { toSystem: (value: unknown) => value, fromSystem: dateOf };
const decimal = { toSystem: (value: unknown) => value, fromSystem: decimalOf };
/** A percentage or amount where vtiger shows zero for "not given". */
const nonZero = { toSystem: (value: unknown) => value, fromSystem: (value: unknown) => (decimalOf(value) === '0' ? undefined : decimalOf(value)) };
const flag = { toSystem: (value: unknown) => (value ? '1' : '0'), fromSystem: booleanOf };
/** A post box is a line of the address elsewhere: `P.O. Box 12`. */
const postBox = {
	toSystem: (value: unknown) => String(value).replace(/^P\.O\. Box (?=\S)/, ''),
	fromSystem: (value: unknown) => (textOf(value) ? (/^\d+$/.test(String(value)) ? `P.O. Box ${String(value)}` : textOf(value)) : undefined),
};

/** Column lengths of stock vtiger: longer text is cut without a word (reference 5). */
function address(path: 'billing' | 'shipping', prefix: 'bill' | 'ship'): FieldRow[] {
	return [
		{ path: `${path}.street`, field: `${prefix}_street`, codec: text, maxLength: 250 },
		{ path: `${path}.street2`, field: `${prefix}_pobox`, codec: postBox, maxLength: 30 },
		{ path: `${path}.city`, field: `${prefix}_city`, codec: text, maxLength: 30 },
		{ path: `${path}.state`, field: `${prefix}_state`, codec: text, maxLength: 30 },
		{ path: `${path}.postalCode`, field: `${prefix}_code`, codec: text, maxLength: 30 },
		{ path: `${path}.country`, field: `${prefix}_country`, codec: text, maxLength: 30 },
	];
}

export const ADDRESS_ROWS: readonly FieldRow[] = [...address('billing', 'bill'), ...address('shipping', 'ship')];

export const CUSTOMER_ROWS: readonly FieldRow[] = [
	{ path: 'name', field: 'accountname', codec: text, maxLength: 100 },
	{ path: 'email', field: 'email1', codec: text, maxLength: 100 },
	{ path: 'phone', field: 'phone', codec: text, maxLength: 30 },
	{ path: 'website', field: 'website', codec: text, maxLength: 100 },
	{ path: 'notes', field: 'description', codec: text },
	...ADDRESS_ROWS,
];

export const CONTACT_ROWS: readonly FieldRow[] = [
	{ path: 'firstName', field: 'firstname', codec: text, maxLength: 40 },
	{ path: 'lastName', field: 'lastname', codec: text, maxLength: 80 },
	{ path: 'email', field: 'email', codec: text, maxLength: 100 },
	{ path: 'phone', field: 'phone', codec: text, maxLength: 50 },
	{ path: 'mobile', field: 'mobile', codec: text, maxLength: 50 },
	{ path: 'title', field: 'title', codec: text, maxLength: 50 },
];

export const PRODUCT_ROWS: readonly FieldRow[] = [
	{ path: 'name', field: 'productname', codec: text, maxLength: 255 },
	{ path: 'code', field: 'productcode', codec: text, maxLength: 40 },
	{ path: 'description', field: 'description', codec: text },
	{ path: 'price', field: 'unit_price', codec: decimal },
	{ path: 'cost', field: 'purchase_cost', codec: nonZero },
	{ path: 'unit', field: 'usageunit', codec: text },
	{ path: 'stock', field: 'qtyinstock', codec: decimal, readOnly: true },
	{ path: 'active', field: 'discontinued', codec: flag },
];

export const SERVICE_ROWS: readonly FieldRow[] = [
	{ path: 'name', field: 'servicename', codec: text, maxLength: 255 },
	{ path: 'description', field: 'description', codec: text },
	{ path: 'price', field: 'unit_price', codec: decimal },
	{ path: 'cost', field: 'purchase_cost', codec: nonZero },
	{ path: 'unit', field: 'service_usageunit', codec: text },
	{ path: 'active', field: 'discontinued', codec: flag },
];

export const OPPORTUNITY_ROWS: readonly FieldRow[] = [
	{ path: 'name', field: 'potentialname', codec: text, maxLength: 120 },
	{ path: 'amount', field: 'amount', codec: nonZero },
	{ path: 'probability', field: 'probability', codec: nonZero },
	{ path: 'closeDate', field: 'closingdate', codec: date },
	{ path: 'stage', field: 'sales_stage', codec: text },
];

/** What quotes, orders and invoices have in common beside money, links and references. */
const SALES_ROWS: readonly FieldRow[] = [
	{ path: 'subject', field: 'subject', codec: text, maxLength: 100 },
	{ path: 'notes', field: 'description', codec: text },
	{ path: 'terms', field: 'terms_conditions', codec: text },
	...ADDRESS_ROWS,
];

export const QUOTE_ROWS: readonly FieldRow[] = [...SALES_ROWS, { path: 'validUntil', field: 'validtill', codec: date }, { path: 'stage', field: 'quotestage', codec: text }];
export const ORDER_ROWS: readonly FieldRow[] = [
	...SALES_ROWS,
	{ path: 'dueDate', field: 'duedate', codec: date },
	{ path: 'reference', field: 'vtiger_purchaseorder', codec: text, maxLength: 200 },
	{ path: 'stage', field: 'sostatus', codec: text, readOnly: true },
];
export const INVOICE_ROWS: readonly FieldRow[] = [
	...SALES_ROWS,
	{ path: 'date', field: 'invoicedate', codec: date },
	{ path: 'dueDate', field: 'duedate', codec: date },
	{ path: 'reference', field: 'vtiger_purchaseorder', codec: text, maxLength: 200 },
];
