// Owns the business: what may be entered, when an order may change, what an invoice bills, what a payment does.
// Must not know: any API, HTTP, ids of any kind.
import type { Books } from './books';
import { kept, least, lineNet, minus, plus, positive, sumsOf } from './books.money';
import { NO_ADDRESS, TAXES, type Address, type Customer, type Invoice, type Line, type Order, type Payment, type Product, type Stored } from './books.records';
import { Refusal } from './books.refusal';

/** Fields to set; what is not given stays, or is empty in a new record. */
export type Entry<T> = Partial<Omit<T, 'id' | 'createdAt' | 'modifiedAt' | 'version' | Place>> & { [P in Place & keyof T]?: Partial<Address> };
type Place = 'billing' | 'shipping';
export type LineEntry = Pick<Line, 'quantity' | 'price'> & Partial<Line>;
export type OrderEntry = Entry<Omit<Order, 'lines'>> & { lines?: LineEntry[] };

export class Desk {
	constructor(readonly books: Books) {}

	/** A new customer, or changes to one. `chosen`: the id of a new one. */
	customer(entry: Entry<Customer>, id?: string, chosen?: string): Customer {
		if (entry.name !== undefined || id === undefined) named(entry.name, 'customer');
		const places = placesOf(entry, id === undefined ? undefined : this.books.must('customers', id));
		if (id !== undefined) return this.books.change('customers', id, { ...entry, ...places });
		const blank = { name: '', company: true, vat: '', email: '', phone: '', website: '', notes: '', contacts: [] };
		// A refused one must not use a number up.
		this.books.checkKey('customers', entry);
		return this.books.insert('customers', { ...blank, ...entry, ...places, number: this.books.number('customers') }, chosen);
	}

	product(entry: Entry<Product>, id?: string, chosen?: string): Product {
		if (entry.name !== undefined || id === undefined) named(entry.name, 'product');
		const price = entry.price === undefined ? {} : { price: kept(entry.price, this.books.decimals.price, 'The price') };
		if (id !== undefined) return this.books.change('products', id, { ...entry, ...price });
		const blank = { code: '', name: '', description: '', service: false, price: '0', unit: 'pcs', active: true };
		return this.books.insert('products', { ...blank, ...entry, ...price }, chosen);
	}

	order(entry: OrderEntry, id?: string, chosen?: string): Order {
		if (id !== undefined) this.draft(id);
		if (entry.customerId !== undefined || id === undefined) {
			if (!this.books.find('customers', entry.customerId ?? '')) throw new Refusal('unknown_customer', `There is no customer "${entry.customerId ?? ''}" for the order`);
		}
		const lines = entry.lines && this.lines(entry.lines);
		const { lines: _given, state: _state, number: _number, ...fields } = entry;
		const counted = lines ? { lines, ...sumsOf(lines) } : {};
		const places = placesOf(entry, id === undefined ? undefined : this.books.must('orders', id));
		if (id !== undefined) return this.books.change('orders', id, { ...fields, ...places, ...counted });
		const blank = { customerId: '', reference: '', subject: '', date: this.books.today(), currency: 'EUR', notes: '', lines: [], ...sumsOf([]), state: 'draft' as const, crm: { key: '', number: '', status: '', message: '' } };
		this.books.checkKey('orders', fields);
		return this.books.insert('orders', { ...blank, ...fields, ...places, ...counted, number: this.books.number('orders') }, chosen);
	}

	private lines(entries: readonly LineEntry[]): Line[] {
		const { decimals } = this.books;
		return entries.map((entry, i) => {
			const product = entry.productId ? this.books.find('products', entry.productId) : undefined;
			if (entry.productId && !product) throw new Refusal('unknown_product', `Line ${i + 1}: there is no product "${entry.productId}"`);
			const rates = (entry.rates ?? []).map((rate) => kept(rate, 3, `Line ${i + 1}: the tax`));
			const odd = rates.find((rate) => !TAXES.some((tax) => tax.rate === rate));
			if (odd !== undefined) throw new Refusal('unknown_tax', `Line ${i + 1}: there is no tax of ${odd} %`);
			const text = entry.text || product?.name || '';
			if (text === '') throw new Refusal('invalid', `Line ${i + 1} has neither a product nor a text`);
			const figures = {
				quantity: kept(entry.quantity, decimals.quantity, `Line ${i + 1}: the quantity`),
				price: kept(entry.price, decimals.price, `Line ${i + 1}: the price`),
				discount: kept(entry.discount ?? '0', decimals.discount, `Line ${i + 1}: the discount`),
			};
			return { position: i + 1, productId: entry.productId ?? '', text, note: entry.note ?? '', ...figures, rates, net: lineNet(figures) };
		});
	}

	private draft(id: string): Order {
		const order = this.books.must('orders', id);
		if (order.state !== 'draft') throw new Refusal('not_draft', `Order ${order.number} is ${order.state}; only drafts can be changed`);
		return order;
	}

	confirm(id: string): Order {
		const order = this.draft(id);
		if (order.lines.length === 0) throw new Refusal('invalid', `Order ${order.number} has no lines`);
		return this.books.change('orders', id, { state: 'confirmed' });
	}

	cancel(id: string): Order {
		const order = this.books.must('orders', id);
		if (this.invoicesOf(id).length > 0) throw new Refusal('in_use', `Order ${order.number} is invoiced and cannot be cancelled`);
		if (order.state === 'cancelled') throw new Refusal('not_draft', `Order ${order.number} is cancelled already`);
		return this.books.change('orders', id, { state: 'cancelled' });
	}

	/** What the CRM says about an order; of any state. */
	tell(id: string, crm: Partial<Order['crm']>): Order {
		return this.books.change('orders', id, { crm: { ...this.books.must('orders', id).crm, ...crm } });
	}

	invoicesOf(order: string): Invoice[] {
		return this.books.rows('invoices').filter((invoice) => invoice.orderId === order && invoice.state === 'posted');
	}

	/** By position: what is not billed yet. */
	open(order: Order): Map<number, string> {
		const open = new Map(order.lines.map((line) => [line.position, line.quantity]));
		for (const { lines } of this.invoicesOf(order.id)) for (const line of lines) open.set(line.position, minus(open.get(line.position) ?? '0', line.quantity));
		return open;
	}

	invoicing(order: Order): 'none' | 'partial' | 'full' {
		if (this.invoicesOf(order.id).length === 0) return 'none';
		return [...this.open(order).values()].some(positive) ? 'partial' : 'full';
	}

	/** Bills all that is open, or the quantities given by position. */
	invoice(orderId: string, quantities?: Record<string, string>): Invoice {
		const order = this.books.must('orders', orderId);
		if (order.state !== 'confirmed') throw new Refusal('not_draft', `Order ${order.number} is ${order.state}; only confirmed orders can be invoiced`);
		const open = this.open(order);
		const billed = order.lines
			.map((line) => ({ ...line, quantity: quantities ? least(quantities[String(line.position)] ?? '0', open.get(line.position) ?? '0') : (open.get(line.position) ?? '0') }))
			.filter((line) => positive(line.quantity))
			.map((line) => ({ ...line, net: lineNet(line) }));
		if (billed.length === 0) throw new Refusal('invalid', `Order ${order.number} has nothing left to invoice`);
		const { customerId, currency, externalId } = order;
		const invoice = this.books.insert('invoices', { number: this.books.number('invoices'), orderId, customerId, currency, date: this.books.today(), dueDate: this.books.today(30), state: 'posted', lines: billed, ...sumsOf(billed), paid: '0' });
		this.books.change('orders', orderId, { externalId });
		return invoice;
	}

	pay(invoiceId: string, amount: string): Payment {
		const invoice = this.books.must('invoices', invoiceId);
		const paid = kept(amount, 2, 'The amount');
		if (invoice.state !== 'posted' || !positive(paid)) throw new Refusal('invalid', `Nothing can be paid on invoice ${invoice.number}`);
		this.books.change('invoices', invoiceId, { paid: plus(invoice.paid, paid) });
		return this.books.insert('payments', { invoiceId, amount: paid, date: this.books.today() });
	}

	cancelInvoice(id: string): Invoice {
		return this.books.change('invoices', id, { state: 'cancelled' });
	}

	/** As far as the books allow it. */
	remove(table: 'customers' | 'products' | 'orders', id: string): void {
		const row: Stored = this.books.must(table, id);
		const orders = this.books.rows('orders');
		const used = table === 'customers' ? orders.some((order) => order.customerId === row.id) : table === 'products' && orders.some(({ lines }) => lines.some((line) => line.productId === row.id));
		if (used) throw new Refusal('in_use', `The ${table.slice(0, -1)} is used in orders and cannot be deleted`);
		if (table === 'orders') this.draft(id);
		this.books.erase(table, id);
	}
}

function named(name: string | undefined, what: string): void {
	if (!name?.trim()) throw new Refusal('invalid', `A ${what} needs a name`);
}

/** The members of an address that are given; the others stay as they are. */
function placesOf(entry: { [P in Place]?: Partial<Address> }, old: { [P in Place]: Address } = { billing: NO_ADDRESS, shipping: NO_ADDRESS }): { [P in Place]: Address } {
	return { billing: { ...old.billing, ...entry.billing }, shipping: { ...old.shipping, ...entry.shipping } };
}
