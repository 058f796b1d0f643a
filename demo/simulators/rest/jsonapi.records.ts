// Owns how the JSON:API face writes and reads records: type, id, attributes in kebab case, relationships; amounts are numbers.
// Must not know: HTTP, keys, the rules of the business.
import type { Desk, Entry, OrderEntry } from './books.desk';
import { minus } from './books.money';
import { TAXES, type Address, type Contact, type Customer, type Invoice, type Line, type Order, type Product, type Stored } from './books.records';
import { Refusal } from './books.refusal';
import { filled, flag, given, known, object, objects, partly, shown, text, texts, type Body } from './wire';

const ADDRESS: Record<keyof Address, string> = { street: 'line1', street2: 'line2', city: 'city', postcode: 'postal-code', country: 'country' };
const CONTACT: Record<keyof Contact, string> = { firstName: 'first-name', lastName: 'last-name', email: 'email', phone: 'phone', mobile: 'mobile', title: 'job-title' };
const CRM = { key: 'key', number: 'number', status: 'status', message: 'message' };

/** What may be entered; `read` gives it in the books' words. */
export class JsonApiRecords {
	constructor(
		private readonly desk: Desk,
		/** As the answer holds it: a text, or a bare number. */
		private readonly id: (id: string) => unknown,
	) {}

	customer = (row: Customer): Body => ({
		...this.head('customers', row),
		attributes: {
			...attributesOf(row),
			number: row.number,
			name: row.name,
			kind: row.company ? 'company' : 'person',
			'vat-number': row.vat,
			...{ email: row.email, phone: row.phone, website: row.website, notes: row.notes },
			'billing-address': shown(row.billing, ADDRESS),
			'shipping-address': shown(row.shipping, ADDRESS),
			contacts: row.contacts.map((contact) => shown(contact, CONTACT)),
		},
	});

	product = (row: Product): Body => ({
		...this.head('products', row),
		attributes: { ...attributesOf(row), sku: row.code, name: row.name, description: row.description, kind: row.service ? 'service' : 'goods', price: Number(row.price), unit: row.unit, active: row.active },
	});

	order = (row: Order): Body => ({
		...this.head('sales-orders', row),
		attributes: {
			...attributesOf(row),
			...{ number: row.number, reference: row.reference, subject: row.subject, currency: row.currency, notes: row.notes, state: row.state },
			'ordered-on': row.date,
			invoicing: this.desk.invoicing(row),
			'billing-address': shown(row.billing, ADDRESS),
			'shipping-address': shown(row.shipping, ADDRESS),
			lines: row.lines.map(this.line),
			totals: totals(row),
			crm: shown(row.crm, CRM),
		},
		relationships: { customer: this.relation('customers', row.customerId) },
	});

	invoice = (row: Invoice): Body => ({
		...this.head('invoices', row),
		attributes: {
			...attributesOf(row),
			...{ number: row.number, currency: row.currency, state: row.state },
			'issued-on': row.date,
			'due-on': row.dueDate,
			lines: row.lines.map(this.line),
			totals: totals(row),
			paid: Number(row.paid),
			open: Number(minus(row.total, row.paid)),
		},
		relationships: { order: this.relation('sales-orders', row.orderId), customer: this.relation('customers', row.customerId) },
	});

	private line = (row: Line): Body => ({
		position: row.position,
		'product-id': row.productId === '' ? null : this.id(row.productId),
		sku: this.desk.books.find('products', row.productId)?.code ?? null,
		label: row.text,
		note: row.note,
		quantity: Number(row.quantity),
		price: Number(row.price),
		'discount-percent': Number(row.discount),
		'tax-codes': row.rates.map((rate) => TAXES.find((tax) => tax.rate === rate)?.code ?? rate),
		net: Number(row.net),
	});

	private head(type: string, { id }: Stored): Body {
		return { type, id: this.id(id), links: { self: `/jsonapi/${type}/${id}` } };
	}

	private relation(type: string, id: string): Body {
		return { data: { type, id: this.id(id) } };
	}

	readCustomer(data: Body): Entry<Customer> {
		const body = known(object(data, 'attributes') ?? {}, ['external-id', 'name', 'kind', 'vat-number', 'email', 'phone', 'website', 'notes', 'billing-address', 'shipping-address', 'contacts']);
		const kind = text(body, 'kind');
		const contacts = objects(body, 'contacts')?.map((contact) => filled<Contact>(known(contact, Object.values(CONTACT)), CONTACT));
		const plain = plainOf(body, ['name', 'email', 'phone', 'website', 'notes']);
		return given({ externalId: text(body, 'external-id'), ...plain, vat: text(body, 'vat-number'), company: kind === undefined ? undefined : kind !== 'person', billing: address(body, 'billing-address'), shipping: address(body, 'shipping-address'), contacts });
	}

	readProduct(data: Body): Entry<Product> {
		const body = known(object(data, 'attributes') ?? {}, ['external-id', 'sku', 'name', 'description', 'kind', 'price', 'unit', 'active']);
		const kind = text(body, 'kind');
		return given({ externalId: text(body, 'external-id'), code: text(body, 'sku'), ...plainOf(body, ['name', 'description', 'unit']), service: kind === undefined ? undefined : kind === 'service', price: number(body, 'price'), active: flag(body, 'active') });
	}

	readOrder(data: Body): OrderEntry {
		const body = known(object(data, 'attributes') ?? {}, ['external-id', 'reference', 'subject', 'ordered-on', 'currency', 'notes', 'billing-address', 'shipping-address', 'lines', 'state', 'crm']);
		const customer = object(object(object(data, 'relationships') ?? {}, 'customer') ?? {}, 'data');
		const lines = objects(body, 'lines')?.map((line, i) => this.readLine(line, i + 1));
		return given({ externalId: text(body, 'external-id'), customerId: customer && relationId(customer, 'customers'), ...plainOf(body, ['reference', 'subject', 'currency', 'notes']), date: text(body, 'ordered-on'), billing: address(body, 'billing-address'), shipping: address(body, 'shipping-address'), lines });
	}

	readCrm(data: Body): Partial<Order['crm']> | undefined {
		const crm = object(object(data, 'attributes') ?? {}, 'crm');
		return crm && given(plainOf(known(crm, Object.values(CRM)), Object.values(CRM)));
	}

	private readLine(line: Body, position: number): NonNullable<OrderEntry['lines']>[number] {
		known(line, ['position', 'product-id', 'label', 'note', 'quantity', 'price', 'discount-percent', 'tax-codes']);
		const rates = (texts(line, 'tax-codes') ?? []).map((code) => {
			const tax = TAXES.find((one) => one.code === code);
			if (!tax) throw new Refusal('unknown_tax', `Line ${position}: there is no tax with the code "${code}"`);
			return tax.rate;
		});
		const id = line['product-id'];
		if (typeof id === 'number') throw new Refusal('invalid', `Line ${position}: an id is a text`);
		return { productId: text(line, 'product-id') ?? '', text: text(line, 'label') ?? '', note: text(line, 'note') ?? '', quantity: number(line, 'quantity') ?? '1', price: number(line, 'price') ?? '0', discount: number(line, 'discount-percent') ?? '0', rates };
	}
}

function attributesOf(row: Stored): Body {
	return { 'external-id': row.externalId, 'created-at': stamp(row.createdAt), 'updated-at': stamp(row.modifiedAt) };
}

/** With milliseconds and an offset. */
function stamp(time: number): string {
	return `${new Date(time + 7_200_000).toISOString().slice(0, 23)}+02:00`;
}

function totals({ net, tax, total }: Order | Invoice): Body {
	return { net: Number(net), tax: Number(tax), total: Number(total) };
}

function plainOf(body: Body, names: readonly string[]): Body {
	return Object.fromEntries(names.map((name) => [name, text(body, name)]));
}

function address(body: Body, name: string): Partial<Address> | undefined {
	const part = object(body, name);
	return part && partly<Address>(known(part, Object.values(ADDRESS)), ADDRESS);
}

/** Amounts are numbers here; a text is refused. */
function number(body: Body, name: string): string | undefined {
	const value = body[name];
	if (value === undefined) return undefined;
	if (typeof value !== 'number') throw new Refusal('invalid', `"${name}" must be a number`);
	return String(value);
}

/** A reference in a body holds its id as text, as the standard says. */
function relationId(reference: Body, type: string): string {
	if (reference.type !== type || typeof reference.id !== 'string') throw new Refusal('invalid', `A reference to ${type} needs the type "${type}" and an id as text`);
	return reference.id;
}
