// Owns how the ledger API writes and reads records: snake case, nested lines, null for nothing, times in ISO 8601.
// Must not know: HTTP, log-in, the rules of the business.
import type { Desk, Entry, OrderEntry } from './books.desk';
import { minus } from './books.money';
import type { Address, Contact, Customer, Invoice, Line, Order, Payment, Product, Stored } from './books.records';
import { Refusal } from './books.refusal';
import { decimal, filled, flag, given, known, object, objects, partly, shown, text, texts, type Body } from './wire';

const ADDRESS: Record<keyof Address, string> = { street: 'street', street2: 'street2', city: 'city', postcode: 'postcode', country: 'country' };
const CONTACT: Record<keyof Contact, string> = { firstName: 'first_name', lastName: 'last_name', email: 'email', phone: 'phone', mobile: 'mobile', title: 'job_title' };

export class LedgerRecords {
	constructor(
		private readonly desk: Desk,
		private readonly numbers: () => boolean,
	) {}

	customer = (row: Customer): Body => ({
		...this.stamps(row),
		...nulls({ number: row.number, name: row.name, vat: row.vat, email: row.email, phone: row.phone, website: row.website, notes: row.notes }),
		is_company: row.company,
		billing: nulls(shown(row.billing, ADDRESS)),
		shipping: nulls(shown(row.shipping, ADDRESS)),
		contacts: row.contacts.map((contact) => nulls(shown(contact, CONTACT))),
	});

	product = (row: Product): Body => ({
		...this.stamps(row),
		...nulls({ code: row.code, name: row.name, description: row.description, unit: row.unit }),
		type: row.service ? 'service' : 'goods',
		price: this.figure(row.price),
		active: row.active,
	});

	order = (row: Order): Body => ({
		...this.stamps(row),
		...nulls({ number: row.number, reference: row.reference, subject: row.subject, date: row.date, currency: row.currency, notes: row.notes }),
		state: row.state,
		invoicing: this.desk.invoicing(row),
		customer: this.customerPart(row.customerId),
		billing: nulls(shown(row.billing, ADDRESS)),
		shipping: nulls(shown(row.shipping, ADDRESS)),
		lines: row.lines.map(this.line),
		...this.sums(row),
	});

	invoice = (row: Invoice): Body => {
		const order = this.desk.books.find('orders', row.orderId);
		return {
			...this.stamps(row),
			...nulls({ number: row.number, date: row.date, due_date: row.dueDate, currency: row.currency }),
			state: row.state,
			order: order ? { id: Number(order.id), ...nulls({ number: order.number, external_id: order.externalId, reference: order.reference }) } : null,
			customer: this.customerPart(row.customerId),
			lines: row.lines.map(this.line),
			...this.sums(row),
			paid: this.figure(row.paid),
			open: this.figure(minus(row.total, row.paid)),
		};
	};

	payment = (row: Payment): Body => ({ ...this.stamps(row), invoice_id: Number(row.invoiceId), amount: this.figure(row.amount), date: row.date });

	private customerPart(id: string): Body | null {
		const customer = this.desk.books.find('customers', id);
		return customer ? { id: Number(customer.id), ...nulls({ name: customer.name, external_id: customer.externalId }) } : null;
	}

	private line = (row: Line): Body => ({
		position: row.position,
		...nulls({ product: this.desk.books.find('products', row.productId)?.code ?? '', text: row.text, note: row.note }),
		quantity: this.figure(row.quantity),
		price: this.figure(row.price),
		discount: this.figure(row.discount),
		tax_rates: row.rates.map((rate) => this.figure(rate)),
		net: this.figure(row.net),
	});

	private sums({ net, tax, total }: Order | Invoice): Body {
		return { net: this.figure(net), tax: this.figure(tax), total: this.figure(total) };
	}

	private figure(value: string): string | number {
		return this.numbers() ? Number(value) : value;
	}

	private stamps(row: Stored): Body {
		return { id: Number(row.id), external_id: row.externalId || null, created_at: iso(row.createdAt), modified_at: iso(row.modifiedAt) };
	}

	readCustomer(body: Body): Entry<Customer> {
		known(body, ['external_id', 'name', 'is_company', 'vat', 'email', 'phone', 'website', 'notes', 'billing', 'shipping', 'contacts']);
		const plain = Object.fromEntries(['name', 'vat', 'email', 'phone', 'website', 'notes'].map((name) => [name, text(body, name)]));
		const contacts = objects(body, 'contacts')?.map((contact) => filled<Contact>(known(contact, Object.values(CONTACT)), CONTACT));
		return given({ externalId: text(body, 'external_id'), ...plain, company: flag(body, 'is_company'), billing: address(body, 'billing'), shipping: address(body, 'shipping'), contacts });
	}

	readProduct(body: Body): Entry<Product> {
		known(body, ['external_id', 'code', 'name', 'type', 'description', 'price', 'unit', 'active']);
		const type = text(body, 'type');
		const plain = Object.fromEntries(['code', 'name', 'description', 'unit'].map((name) => [name, text(body, name)]));
		return given({ externalId: text(body, 'external_id'), ...plain, service: type === undefined ? undefined : type === 'service', price: decimal(body, 'price'), active: flag(body, 'active') });
	}

	readOrder(body: Body): OrderEntry {
		known(body, ['external_id', 'customer_id', 'reference', 'subject', 'date', 'currency', 'notes', 'billing', 'shipping', 'lines']);
		const plain = Object.fromEntries(['reference', 'subject', 'date', 'currency', 'notes'].map((name) => [name, text(body, name)]));
		const lines = objects(body, 'lines')?.map((line, i) => this.readLine(line, i + 1));
		return given({ externalId: text(body, 'external_id'), customerId: text(body, 'customer_id'), ...plain, billing: address(body, 'billing'), shipping: address(body, 'shipping'), lines });
	}

	private readLine(line: Body, position: number): NonNullable<OrderEntry['lines']>[number] {
		known(line, ['position', 'product', 'text', 'note', 'quantity', 'price', 'discount', 'tax_rates']);
		const code = text(line, 'product');
		const product = code ? this.desk.books.rows('products').find((one) => one.code === code) : undefined;
		if (code && !product) throw new Refusal('unknown_product', `Line ${position}: there is no product with the code "${code}"`);
		return { productId: product?.id ?? '', text: text(line, 'text') ?? '', note: text(line, 'note') ?? '', quantity: decimal(line, 'quantity') ?? '1', price: decimal(line, 'price') ?? '0', discount: decimal(line, 'discount') ?? '0', rates: texts(line, 'tax_rates') ?? [] };
	}
}

function address(body: Body, name: string): Partial<Address> | undefined {
	const part = body[name] === null ? {} : object(body, name);
	return part && partly<Address>(known(part, Object.values(ADDRESS)), ADDRESS);
}

function nulls(fields: Body): Body {
	return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value === '' ? null : value]));
}

/** Whole seconds. */
export function iso(time: number): string {
	return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
