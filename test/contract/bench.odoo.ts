// Owns an Odoo as the contract suite uses it: its records made, changed and counted by plain calls. The CRM on the
// other side is made up. Must not know the connector's code.
import { withRef, type Customer, type Document, type Kind, type Order, type Tax } from '../../nodes/core/documents';
import type { Clock } from '../../nodes/core/http';
import type { Connector, UpsertOptions } from '../../nodes/core/port';
import { odoo } from '../../nodes/OdooErp/odoo.system';
import { type Json, OdooUser, readVersion } from '../real/jsonrpc';
import { connectTo, runName, type Bench, type Bulk, type Refused } from './bench';
import { invoiceOrder, payInvoice } from './odooDesk';
import { OdooSweeper } from './odooSweeper';
import { customerSample, HARD_NAME, orderSample, productSample, type SampleContext } from './samples';

export interface OdooServer {
	url: string;
	database: string;
	login: string;
	secret: string;
	/** Internal reference of a product there. */
	productCode: string;
}

export interface OdooBenchOptions {
	clock: Clock;
	/** Said behind the version in the report, e.g. `simulated`. */
	note?: string;
	/** The user of the plain calls, when the credential's user may not do everything. */
	maker?: { login: string; password: string };
	bulk?: Bulk;
	stop?: () => Promise<void>;
}

/** What the server has that the samples need. */
interface Found {
	version: string;
	product: number;
	currency: string;
	taxes: Tax[];
	taxIds: number[];
	taxField: string;
	/** Kinds that the credential's user may not write. */
	forbidden: Kind[];
}

const MODELS: Partial<Record<Kind, string>> = { customer: 'res.partner', product: 'product.product', order: 'sale.order', invoice: 'account.move' };

export async function odooBench(server: OdooServer, options: OdooBenchOptions): Promise<Bench> {
	const { login, password } = options.maker ?? { login: server.login, password: server.secret };
	const user = await OdooUser.login(server.url, server.database, login, password);
	const products = await user.find('product.product', [['default_code', '=', server.productCode]], ['id']);
	if (products.length !== 1) throw new Error(`${server.url} has ${products.length} products with the internal reference ${server.productCode}; name another one in ODOO_PRODUCT_CODE`);
	const company = await companyOf(user);
	const [{ currency_id: currency }] = (await user.find('res.company', [['id', '=', company]], ['currency_id'])) as [{ currency_id: readonly Json[] }];
	const fields = (await user.call('sale.order.line', 'fields_get', [['tax_id', 'tax_ids'], ['type']])) as Record<string, Json>;
	const found = { version: await readVersion(server.url), product: Number(products[0]!.id), currency: String(currency[1]), ...(await taxOf(user)), taxField: 'tax_ids' in fields ? 'tax_ids' : 'tax_id', forbidden: await forbiddenTo(await OdooUser.login(server.url, server.database, server.login, server.secret)) };
	return new OdooBench(server, options, user, found);
}

/** Sales rights do not let everybody make products. */
async function forbiddenTo(user: OdooUser): Promise<Kind[]> {
	return (await user.call('product.product', 'check_access_rights', ['create', false])) === true ? [] : ['product'];
}

async function companyOf(user: OdooUser): Promise<Json> {
	const [me] = await user.find('res.users', [['id', '=', user.uid]], ['company_id']);
	return (me!.company_id as readonly Json[])[0]!;
}

/** A sales tax whose rate no other one has; none at all when there is none. */
export async function taxOf(user: OdooUser): Promise<{ taxes: Tax[]; taxIds: number[] }> {
	const company = await companyOf(user);
	const rows = await user.find('account.tax', [['type_tax_use', '=', 'sale'], ['amount_type', '=', 'percent'], ['price_include', '=', false], ['company_id', '=', company], ['amount', '>', 0]], ['amount', 'name']);
	const unique = rows.filter((row) => rows.filter((other) => other.amount === row.amount).length === 1);
	const tax = unique.find((row) => row.amount === 10) ?? unique[0];
	return tax ? { taxes: [{ name: 'Sales', rate: String(tax.amount), code: undefined }], taxIds: [Number(tax.id)] } : { taxes: [], taxIds: [] };
}

class OdooBench implements Bench {
	readonly run = runName();
	readonly clock: Clock;
	readonly forbidden: readonly Kind[];
	readonly title: string;
	readonly expects: { version: string };
	readonly wrong: Bench['wrong'];
	private readonly context: SampleContext;
	private readonly sweeper: OdooSweeper;
	private partner?: Promise<number>;

	constructor(
		private readonly server: OdooServer,
		private readonly more: OdooBenchOptions,
		private readonly user: OdooUser,
		private readonly found: Found,
	) {
		this.clock = more.clock;
		this.forbidden = found.forbidden;
		this.title = `odoo ${found.version}${more.note ? ` (${more.note})` : ''}`;
		this.expects = { version: found.version.replace(/[-+].*/, '') };
		this.sweeper = new OdooSweeper(user, this.run);
		this.context = { installation: `crm-${this.run}`, run: this.run, code: server.productCode, taxes: found.taxes, currency: found.currency, country: 'Germany' };
		this.wrong = {
			password: { change: { secret: 'not-the-password' }, kinds: ['denied'], says: /password|api key/i },
			login: { change: { login: `nobody-${this.run}` }, kinds: ['denied', 'told'], says: /login|api key/i },
			database: { change: { database: `no-db-${this.run}` }, kinds: ['denied'], says: /database/i },
			path: { change: { url: `${server.url}/nowhere` }, kinds: ['denied', 'rejected'], says: /url|address/i },
			port: { change: { url: 'http://127.0.0.1:9' }, kinds: ['transient', 'denied'], says: /nothing listens at 127\.0\.0\.1:9/i },
			'empty password': { change: { secret: '' }, kinds: ['denied', 'rejected'], says: /password/i },
			'no address': { change: { url: 'erp' }, kinds: ['denied', 'rejected'], says: /url/i },
		};
	}

	connect(change: Record<string, unknown> = {}): Connector {
		const { url, database, login, secret } = this.server;
		return connectTo(odoo, { url, database, login, secret, installation: 'odoo', language: 'en_US', ...change }, this.clock);
	}

	async sample(kind: Kind, suffix: string): Promise<Document> {
		if (kind === 'customer') return customerSample(this.context, suffix);
		if (kind === 'product') return productSample(this.context, suffix);
		if (kind === 'order') return await this.order(suffix);
		throw new Error(`nobody writes a ${kind} there`);
	}

	/** An order whose customer an earlier step of the flow has written. */
	private async order(suffix: string): Promise<Order> {
		const customer: Customer = customerSample(this.context, `of-${suffix}`);
		const [result] = await this.connect().upsert('customer', [customer], {});
		if (!result?.ok) throw result?.failure ?? new Error('no result');
		const order = orderSample(this.context, customer, suffix);
		return withRef(order, result.value.ref);
	}

	options(): UpsertOptions {
		return { rounding: { mode: 'explained' } };
	}

	changed(document: Document): Document {
		switch (document.kind) {
			case 'customer':
				return { ...document, phone: '+380 44 555 0199', contacts: document.contacts.map((contact) => ({ ...contact, title: 'Директор' })) };
			case 'product':
				return { ...document, price: '99.95' };
			default:
				return { ...document, lines: (document as Order).lines.map((line) => (line.key === '1' ? { ...line, quantity: '4' } : line)), totals: undefined } as Order;
		}
	}

	async bad(kind: Kind, suffix: string): Promise<Refused | undefined> {
		const document = await this.sample(kind, suffix);
		if (document.kind === 'customer' || document.kind === 'product') return { document: { ...document, name: '' }, says: /name/i };
		const lines = (document as Order).lines.map((line, i) => (i === 1 ? { ...line, code: `NO-${suffix}` } : line));
		return { document: { ...document, lines } as Order, says: new RegExp(`NO-${suffix}`) };
	}

	async ambiguous(suffix: string): Promise<Refused & { kind: Kind }> {
		const document = customerSample(this.context, suffix);
		for (const phone of ['1', '2']) await this.user.create('res.partner', { name: document.name, email: document.email!, is_company: true, phone });
		return { kind: 'customer', document, options: { matchBy: 'name' }, says: /2 customers in Odoo/ };
	}

	async seed(kind: Kind, suffix: string): Promise<string> {
		const name = `${HARD_NAME} ${this.run} ${suffix}`;
		if (kind === 'customer') return String(await this.user.create('res.partner', { name, is_company: true, phone: '1', city: 'Hamburg' }));
		if (kind === 'product') return String(await this.user.create('product.product', { name, default_code: `${this.run}-${suffix}`, list_price: 12.5 }));
		const order = await this.seedOrder(suffix);
		return String(kind === 'order' ? order : await this.seedInvoice(order));
	}

	private async seedOrder(suffix: string): Promise<number> {
		const line = { product_id: this.found.product, [this.found.taxField]: [[6, 0, this.found.taxIds]] };
		const partner = await (this.partner ??= this.user.create('res.partner', { name: `${HARD_NAME} ${this.run} shared`, is_company: true, phone: '1' }));
		return await this.user.create('sale.order', {
			partner_id: partner,
			client_order_ref: `PO ${this.run} ${suffix}`,
			order_line: [
				[0, 0, { ...line, product_uom_qty: 3, price_unit: 70, discount: 10 }],
				[0, 0, { ...line, product_uom_qty: 2, price_unit: 19.99 }],
				[0, 0, { ...line, product_uom_qty: 1, price_unit: 100, discount: 12.5 }],
			],
		});
	}

	private async seedInvoice(order: number): Promise<number> {
		await this.user.call('sale.order', 'action_confirm', [[order]]);
		return await invoiceOrder(this.user, order);
	}

	async touch(kind: Kind, id: string, n: number): Promise<void> {
		if (kind === 'invoice') return await payInvoice(this.user, Number(id), n);
		const values: Partial<Record<Kind, Record<string, Json>>> = { customer: { phone: `${n}` }, product: { list_price: n }, order: { client_order_ref: `PO ${this.run} ${n}` } };
		await this.user.call(MODELS[kind]!, 'write', [[Number(id)], values[kind]!]);
	}

	bringTo(kind: Kind, _id: string, state: string): Promise<void> {
		throw new Error(`the suite cannot bring a ${kind} to ${state}`);
	}

	async count(_kind: Kind, document: Document): Promise<number> {
		if (document.kind === 'customer') return (await this.user.find('res.partner', [['email', '=', document.email!], ['parent_id', '=', false]], ['id'])).length;
		if (document.kind === 'product') return (await this.user.find('product.product', [['default_code', '=', document.code!]], ['id'])).length;
		return (await this.user.find('sale.order', [['partner_id.name', '=', (document as Order).customer!.name]], ['id'])).length;
	}

	async modified(kind: Kind, id: string): Promise<string> {
		const [row] = await this.user.find(MODELS[kind]!, [['id', '=', Number(id)]], ['write_date']);
		const parts = kind === 'order' ? await this.user.find('sale.order.line', [['order_id', '=', Number(id)]], ['write_date']) : kind === 'customer' ? await this.user.find('res.partner', [['parent_id', '=', Number(id)]], ['write_date']) : [];
		return [row!, ...parts].map((part) => `${part.id}@${part.write_date}`).join();
	}

	noId(): string {
		return '99999999';
	}

	plain(suffix: string): ReturnType<Bench['plain']> {
		const name = `O'Neill & "Söhne" <b> Ромашка ${this.run} ${suffix}`;
		return { module: 'res.partner', values: { name, city: 'Hamburg' }, change: { city: 'Львів' }, filter: JSON.stringify([['name', '=', name]]) };
	}

	get bulk(): Bulk | undefined {
		return this.more.bulk;
	}

	async cleanUp(): Promise<void> {
		await this.sweeper.sweep();
	}

	async remains(): Promise<Record<string, number>> {
		return await this.sweeper.remains();
	}

	async close(): Promise<void> {
		await this.more.stop?.();
	}
}
