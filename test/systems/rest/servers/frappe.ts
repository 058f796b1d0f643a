// Owns a small ERPNext as Frappe's REST documentation and its public source describe it: token, filters in JSON, child
// tables only with the document itself, docstatus, unique custom fields, stamps that updates name, price lists. Shares
// nothing with the pack.
import { cents, Refused, type Row, type Seen, SmallServer } from './exchange';

const TABLES = ['items', 'taxes'];
/** Of every item, in the price list. */
const PRICE = 10;
const OF_CUSTOMER = ['customer_name', 'customer_type', 'customer_group', 'territory', 'tax_id', 'website', 'customer_details', 'custom_crm_key'];

export class Frappe extends SmallServer {
	readonly documents: Record<string, Row[]> = { Customer: [], Address: [], Item: [], 'Sales Order': [], 'Sales Invoice': [] };
	/** "Show Full Error" in System Settings: without it, only messages for people come. */
	tellsExceptions = true;
	private stamp = Date.parse('2026-11-22T10:00:00Z');

	constructor(codes: readonly string[]) {
		super();
		for (const code of codes) this.save('Item', { name: code, item_code: code, item_name: code, stock_uom: 'Nos', is_stock_item: 1, standard_rate: PRICE, disabled: 0 });
	}

	save(doctype: string, document: Row): Row {
		const time = new Date((this.stamp += 1000)).toISOString().replace('T', ' ').replace('Z', '000');
		const known = this.documents[doctype]!.find(({ name }) => name === document.name);
		if (known) return Object.assign(known, document, { modified: time });
		this.documents[doctype]!.push({ docstatus: 0, creation: time, modified: time, doctype, ...document });
		return this.documents[doctype]!.at(-1)!;
	}

	protected handle(seen: Seen): { status: number; body?: unknown } {
		try {
			return this.answered(seen);
		} catch (error) {
			if (!this.tellsExceptions && error instanceof Refused) delete (error.body as Row).exception;
			throw error;
		}
	}

	private answered({ method, path, query, headers, body }: Seen): { status: number; body?: unknown } {
		if (headers.authorization !== 'token key:secret') throw refused(401, 'AuthenticationError', 'Invalid authentication');
		if (path === '/api/method/frappe.auth.get_logged_user') return { status: 200, body: { message: 'integration@example.test' } };
		const [, doctype = '', name] = /^\/api\/resource\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
		if (!this.documents[doctype]) throw refused(404, 'DoesNotExistError', `DocType ${doctype} not found`);
		if (name === undefined) return method === 'POST' ? { status: 200, body: { data: this.insert(doctype, body) } } : { status: 200, body: { data: this.list(doctype, query) } };
		const document = this.documents[doctype].find((one) => one.name === name);
		if (!document) throw refused(404, 'DoesNotExistError', `${doctype} ${name} not found`);
		if (method === 'GET') return { status: 200, body: { data: document } };
		if (method === 'PUT') return { status: 200, body: { data: this.update(doctype, document, body) } };
		this.documents[doctype] = this.documents[doctype].filter((one) => one !== document);
		return { status: 202, body: { data: 'ok' } };
	}

	private list(doctype: string, query: URLSearchParams): Row[] {
		const filters = JSON.parse(query.get('filters') ?? '[]') as Array<[string, string, unknown]>;
		const fields = JSON.parse(query.get('fields') ?? '["name"]') as string[];
		const [start, length] = [Number(query.get('limit_start') ?? 0), Number(query.get('limit_page_length') ?? 20)];
		const rows = this.documents[doctype]!.filter((row) => filters.every(([field, operator, value]) => fits(row[field], operator, value)));
		return rows.slice(start, start + length).map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !TABLES.includes(name) && (fields.includes('*') || fields.includes(name)))));
	}

	private insert(doctype: string, given: Row): Row {
		this.checkUnique(doctype, given);
		if (doctype === 'Customer') return this.insertCustomer(given);
		const same = this.documents['Sales Order']!.find((one) => given.po_no && one.po_no === given.po_no && one.customer === given.customer && one.docstatus !== 2);
		if (same) throw refused(417, 'ValidationError', `Sales Order ${String(same.name)} already exists against Customer's Purchase Order ${String(given.po_no)}`);
		const number = `SAL-ORD-2026-${String(this.documents['Sales Order']!.length + 1).padStart(5, '0')}`;
		return this.save(doctype, { name: number, status: 'Draft', per_delivered: 0, per_billed: 0, conversion_rate: 1, ...this.worked({ ...given, docstatus: 0 }) });
	}

	private insertCustomer(given: Row): Row {
		const taken = this.documents.Customer!.filter(({ customer_name: name }) => name === given.customer_name).length;
		const name = `${String(given.customer_name)}${taken > 0 ? ` - ${taken}` : ''}`;
		// The form's quick entry: fields of an address that the document itself does not have.
		const address = given.address_line1 ? this.save('Address', { name: `${name}-Billing`, address_line1: given.address_line1, city: given.city, pincode: given.pincode, country: given.country }) : undefined;
		return this.save('Customer', { ...Object.fromEntries(OF_CUSTOMER.map((field) => [field, given[field] ?? null])), name, disabled: 0, email_id: given.email_id ?? null, mobile_no: given.mobile_no ?? null, customer_primary_address: address?.name ?? null });
	}

	private update(doctype: string, document: Row, changes: Row): Row {
		const { docstatus, modified, ...fields } = changes;
		if (modified !== undefined && modified !== document.modified) throw refused(417, 'TimestampMismatchError', 'Document has been modified after you have opened it');
		if (document.docstatus === 2) throw refused(417, 'ValidationError', 'Cannot edit cancelled document');
		if (document.docstatus === 1 && docstatus !== 2) throw refused(417, 'UpdateAfterSubmitError', 'Not allowed to change after submission');
		this.checkUnique(doctype, { ...document, ...fields });
		const status = docstatus === 1 ? { docstatus, status: 'To Deliver and Bill' } : docstatus === 2 ? { docstatus, status: 'Cancelled' } : {};
		return this.save(doctype, { ...document, ...(doctype === 'Sales Order' ? this.worked({ ...document, ...fields }) : fields), ...status });
	}

	private checkUnique(doctype: string, { name, custom_crm_key: key }: Row): void {
		if (key && this.documents[doctype]!.some((one) => one.custom_crm_key === key && one.name !== name)) throw refused(417, 'UniqueValidationError', 'CRM Key must be unique');
	}

	/** An order as ERPNext works it out. */
	private worked(order: Row): Row {
		if (!order.delivery_date) throw refused(417, 'ValidationError', 'Please enter Delivery Date');
		const customer = this.documents.Customer!.find(({ name }) => name === order.customer);
		if (!customer) throw refused(417, 'LinkValidationError', `Could not find Customer: ${String(order.customer)}`);
		const items = (order.items as Row[]).map((item, i) => {
			if (!this.documents.Item!.some(({ name }) => name === item.item_code)) throw refused(417, 'LinkValidationError', `Could not find Item: ${String(item.item_code)}`);
			// calculate_item_values: nothing is the price list's price, unless all of it is taken off.
			const rate = item.discount_percentage === 100 ? 0 : cents(Number(item.rate)) || PRICE;
			const amount = cents(rate * Number(item.qty));
			return { name: `row${i + 1}`, idx: i + 1, item_name: item.item_code, description: item.item_name, uom: 'Nos', delivered_qty: 0, billed_amt: 0, discount_percentage: 0, ...item, price_list_rate: PRICE, rate, amount, net_amount: amount };
		});
		const net = cents(items.reduce((sum, { net_amount: amount }) => sum + amount, 0));
		const taxes = ((order.taxes ?? []) as Row[]).map((tax, i) => ({ idx: i + 1, ...tax, tax_amount: cents((net * Number(tax.rate)) / 100) }));
		const tax = cents(taxes.reduce((sum, { tax_amount: amount }) => sum + amount, 0));
		return { ...order, items, taxes, customer_name: customer.customer_name, tax_id: customer.tax_id, net_total: net, total_taxes_and_charges: tax, grand_total: cents(net + tax), rounded_total: Math.round(net + tax) };
	}
}

function fits(value: unknown, operator: string, wanted: unknown): boolean {
	if (operator === 'in') return (wanted as unknown[]).includes(value);
	if (operator === '>=') return String(value) >= String(wanted);
	return String(value ?? '') === String(wanted);
}

function refused(status: number, type: string, message: string): Refused {
	return new Refused(status, { exc_type: type, exception: `frappe.exceptions.${type}: ${message}`, _server_messages: JSON.stringify([JSON.stringify({ message, title: 'Message', indicator: 'red' })]) });
}
