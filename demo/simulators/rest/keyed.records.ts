// Owns how the keyed API writes and reads records: short snake case, cents as integers, states as codes, times in milliseconds.
// Must not know: HTTP, sessions, the rules of the business.
import type { Desk, Entry, OrderEntry } from './books.desk';
import { minus } from './books.money';
import type { Address, Contact, Customer, Invoice, Line, Order, Product, Stored } from './books.records';
import { Refusal } from './books.refusal';
import { decimal, filled, flag, given, known, object, objects, partly, shown, text, type Body } from './wire';

const ADDRESS: Record<keyof Address, string> = { street: 'addr_1', street2: 'addr_2', city: 'town', postcode: 'zip', country: 'country' };
const CONTACT: Record<keyof Contact, string> = { firstName: 'given_name', lastName: 'family_name', email: 'mail', phone: 'tel', mobile: 'cell', title: 'role' };
const CLIENT = { externalId: 'source_key', name: 'title', vat: 'vat_id', email: 'mail', phone: 'tel', website: 'web', notes: 'memo' };
const ARTICLE = { externalId: 'source_key', code: 'sku', name: 'title', description: 'memo', unit: 'unit' };
const SALE = { externalId: 'source_key', reference: 'po_ref', subject: 'title', currency: 'currency', notes: 'memo' };
const STATES = { draft: 10, confirmed: 20, cancelled: 90 };

export class KeyedRecords {
	constructor(private readonly desk: Desk) {}

	client = (row: Customer): Body => ({
		...head(row),
		...shown(row, CLIENT as never),
		no: row.number,
		is_org: row.company,
		bill_to: shown(row.billing, ADDRESS),
		ship_to: shown(row.shipping, ADDRESS),
		people: row.contacts.map((contact) => shown(contact, CONTACT)),
	});

	article = (row: Product): Body => ({ ...head(row), ...shown(row, ARTICLE as never), is_service: row.service, price: whole(row.price), active: row.active });

	sale = (row: Order): Body => ({
		...head(row),
		...shown(row, SALE as never),
		no: row.number,
		client_uid: row.customerId,
		ordered_on: row.date,
		status: STATES[row.state],
		bill_to: shown(row.billing, ADDRESS),
		ship_to: shown(row.shipping, ADDRESS),
		items: row.lines.map(this.item),
		billed: this.desk.invoicing(row),
		...sums(row),
	});

	bill = (row: Invoice): Body => ({
		...head(row),
		no: row.number,
		sale_uid: row.orderId,
		client_uid: row.customerId,
		currency: row.currency,
		issued_on: row.date,
		due_on: row.dueDate,
		status: row.state === 'posted' ? 1 : 9,
		items: row.lines.map(this.item),
		...sums(row),
		paid: whole(row.paid),
		open: whole(minus(row.total, row.paid)),
	});

	private item = (row: Line): Body => ({
		pos: row.position,
		article_uid: row.productId === '' ? null : row.productId,
		sku: this.desk.books.find('products', row.productId)?.code ?? null,
		label: row.text,
		memo: row.note,
		qty: row.quantity,
		unit_price: whole(row.price),
		discount_bp: whole(row.discount),
		taxes_bp: row.rates.map(whole),
		net: whole(row.net),
	});

	/** `all`: what is not given becomes empty, as a PUT says. */
	readClient(body: Body, all: boolean): Entry<Customer> {
		known(body, [...Object.values(CLIENT), 'is_org', 'bill_to', 'ship_to', 'people']);
		const contacts = objects(body, 'people')?.map((contact) => filled<Contact>(known(contact, Object.values(CONTACT)), CONTACT));
		return given({ ...plain(body, CLIENT, all), company: flag(body, 'is_org'), billing: address(body, 'bill_to', all), shipping: address(body, 'ship_to', all), contacts: contacts ?? (all ? [] : undefined) });
	}

	readArticle(body: Body, all: boolean): Entry<Product> {
		known(body, [...Object.values(ARTICLE), 'is_service', 'price', 'active']);
		return given({ ...plain(body, ARTICLE, all), service: flag(body, 'is_service'), price: parts(body, 'price'), active: flag(body, 'active') });
	}

	readSale(body: Body, all: boolean): OrderEntry {
		known(body, [...Object.values(SALE), 'client_uid', 'ordered_on', 'bill_to', 'ship_to', 'items']);
		const lines = objects(body, 'items')?.map((item, i) => this.readItem(item, i + 1));
		return given({ ...plain(body, SALE, all), currency: text(body, 'currency'), customerId: text(body, 'client_uid'), date: text(body, 'ordered_on'), billing: address(body, 'bill_to', all), shipping: address(body, 'ship_to', all), lines: lines ?? (all ? [] : undefined) });
	}

	private readItem(item: Body, position: number): NonNullable<OrderEntry['lines']>[number] {
		known(item, ['pos', 'article_uid', 'label', 'memo', 'qty', 'unit_price', 'discount_bp', 'taxes_bp']);
		const taxes = item.taxes_bp ?? [];
		if (!Array.isArray(taxes)) throw new Refusal('invalid', `Item ${position}: taxes_bp must be a list`);
		const rates = taxes.map((tax) => parts({ tax } as Body, 'tax') ?? '0');
		return { productId: text(item, 'article_uid') ?? '', text: text(item, 'label') ?? '', note: text(item, 'memo') ?? '', quantity: decimal(item, 'qty') ?? '1', price: parts(item, 'unit_price') ?? '0', discount: parts(item, 'discount_bp') ?? '0', rates };
	}
}

function head(row: Stored): Body {
	return { uid: row.id, rev: row.version, created_ms: row.createdAt, changed_ms: row.modifiedAt };
}

function sums({ net, tax, total }: Order | Invoice): Body {
	return { sum_net: whole(net), sum_tax: whole(tax), sum_total: whole(total) };
}

function plain(body: Body, names: Readonly<Record<string, string>>, all: boolean): Body {
	return Object.fromEntries(Object.entries(names).map(([own, name]) => [own, text(body, name) ?? (all ? '' : undefined)]));
}

function address(body: Body, name: string, all: boolean): Partial<Address> | undefined {
	const part = object(body, name) ?? (all ? {} : undefined);
	return part && (all ? filled<Address> : partly<Address>)(known(part, Object.values(ADDRESS)), ADDRESS);
}

/** Hundredths as an integer. */
function whole(value: string): number {
	const [, sign, units, hundredths = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
	return Number(`${sign}${units}${hundredths.padEnd(2, '0').slice(0, 2)}`);
}

/** The reverse of `whole`: anything but an integer is refused. */
function parts(body: Body, name: string): string | undefined {
	const value = body[name];
	if (value === undefined) return undefined;
	if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Refusal('invalid', `"${name}" must be an integer of hundredths`);
	const digits = String(Math.abs(value)).padStart(3, '0');
	return `${value < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
