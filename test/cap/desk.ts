// Owns what people do in the CAP server of the tests: make, change, bill, pay, count and remove records by plain OData
// calls. Must not know any connector's code.
import type { Kind } from '../../nodes/core/documents';
import type { CapServer, Row } from './server';

export const SETS: Partial<Record<Kind, string>> = { customer: 'Customers', product: 'Products', quote: 'Quotes', order: 'Orders', invoice: 'Invoices' };

/** An OData text literal. */
export function text(value: string): string {
	return `'${value.replace(/'/g, "''")}'`;
}

export class Desk {
	private shared?: Promise<Row>;

	constructor(
		private readonly server: CapServer,
		/** In the name of everything that is made here. */
		private readonly name: (suffix: string) => string,
		private readonly run: string,
	) {}

	async make(kind: Kind, suffix: string): Promise<string> {
		if (kind === 'customer') return await this.create('Customers', { name: this.name(suffix), phone: '1', billing_city: 'Hamburg' });
		if (kind === 'product') return await this.create('Products', { name: this.name(suffix), code: `${this.run}-${suffix}`, price: 12.5, currency: 'EUR' });
		if (kind === 'quote') return await this.create('Quotes', { ...(await this.sale()), subject: this.name(suffix) });
		const order = await this.create('Orders', { ...(await this.sale()), reference: `PO ${this.run} ${suffix}` });
		return kind === 'order' ? order : await this.bill(order);
	}

	async create(set: string, values: Row): Promise<string> {
		return String((await this.server.call('POST', `/${set}`, values)).ID);
	}

	/** A confirmed order's invoice. */
	async bill(order: string): Promise<string> {
		await this.server.call('POST', `/Orders(${order})/ErpService.confirm`, {});
		return String((await this.server.call('POST', `/Orders(${order})/ErpService.invoice`, {})).ID);
	}

	async change(kind: Kind, id: string, n: number): Promise<void> {
		if (kind === 'invoice') await this.server.call('POST', `/Invoices(${id})/ErpService.pay`, { amount: n });
		else await this.server.call('PATCH', `/${SETS[kind]!}(${id})`, kind === 'customer' ? { phone: `${n}` } : kind === 'product' ? { price: n } : { subject: this.name(`changed ${n}`) });
	}

	async find(set: string, filter: string): Promise<Row[]> {
		return await this.server.all(set, filter);
	}

	async read(set: string, id: string, query = ''): Promise<Row> {
		return await this.server.call('GET', `/${set}(${id})${query}`);
	}

	/** The product with a code. */
	async product(code: string): Promise<Row> {
		const [found] = await this.find('Products', `code eq ${text(code)}`);
		if (!found) throw new Error(`There is no product ${code}`);
		return found;
	}

	/** Everything of the run, what refers to others first. */
	async ours(): Promise<Record<string, Row[]>> {
		const customers = await this.find('Customers', `contains(name,${text(this.run)})`);
		const orders = await this.find('Orders', `contains(reference,${text(this.run)})`);
		const invoices = await this.find('Invoices', `contains(reference,${text(this.run)})`);
		const products = await this.find('Products', `contains(name,${text(this.run)})`);
		const quotes = await this.find('Quotes', `contains(subject,${text(this.run)})`);
		return { Invoices: invoices, Orders: orders, Quotes: quotes, Customers: customers, Products: products };
	}

	async remove(set: string, id: string): Promise<void> {
		await this.server.call('DELETE', `/${set}(${id})`);
	}

	/** What every quote and order here is about. */
	private async sale(): Promise<Row> {
		const { ID: product_ID } = await this.product('W-1');
		const { ID: customer_ID } = await (this.shared ??= this.server.call('POST', '/Customers', { name: this.name('shared') }));
		const line = { product_ID, taxCode_code: 'A10' };
		const items = [
			{ ...line, position: 1, quantity: 3, price: 70, discountPercent: 10 },
			{ ...line, position: 2, quantity: 2, price: 19.99 },
			{ ...line, position: 3, quantity: 1, price: 100, discountPercent: 12.5 },
		];
		return { customer_ID, currency: 'EUR', items };
	}
}
