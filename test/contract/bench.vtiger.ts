// Owns a vtiger as the contract suite uses it: its records made, changed, counted and removed by plain calls.
// The ERP on the other side is made up. Must not know the connector's code.
import { type Customer, type Document, type Kind, type Quote } from '../../nodes/core/documents';
import type { Clock } from '../../nodes/core/http';
import type { Connector, UpsertOptions } from '../../nodes/core/port';
import { vtiger } from '../../nodes/Vtiger/vtiger.system';
import { connectTo, runName, type Bench, type Bulk, type Refused } from './bench';
import { customerSample, HARD_NAME, invoiceSample, opportunitySample, productSample, type SampleContext } from './samples';
import { VtigerSweeper } from './vtigerSweeper';
import { type CrmRow, VtigerUser } from './vtigerUser';

export interface VtigerServer {
	url: string;
	username: string;
	accessKey: string;
	timeZone?: string;
	/** Part number of a product there. */
	productCode: string;
}

export interface VtigerBenchOptions {
	clock: Clock;
	/** Said behind the version in the report, e.g. `simulated`. */
	note?: string;
	bulk?: Bulk;
	stop?: () => Promise<void>;
}

const MODULES: Record<Kind, string> = { customer: 'Accounts', product: 'Products', opportunity: 'Potentials', quote: 'Quotes', order: 'SalesOrder', invoice: 'Invoice' };
const ERP = 'erp';

export async function vtigerBench(server: VtigerServer, options: VtigerBenchOptions): Promise<Bench> {
	const user = await VtigerUser.login(server.url, server.username, server.accessKey);
	const [product] = await user.query(`select * from Products where productcode='${server.productCode}' limit 1;`);
	if (!product) throw new Error(`${server.url} has no product with the part number ${server.productCode}; name another one in VTIGER_PRODUCT_CODE`);
	const currencies = await user.query('select * from Currency;');
	const currency = currencies.find((row) => row.defaultid === '-11') ?? currencies[0]!;
	return new VtigerBench(server, options, user, product, currency);
}

class VtigerBench implements Bench {
	readonly run = runName();
	readonly clock: Clock;
	readonly forbidden = [] as const;
	readonly title: string;
	readonly expects: { version: string };
	readonly wrong: Bench['wrong'];
	private readonly context: SampleContext;
	private readonly sweeper: VtigerSweeper;
	private account?: Promise<CrmRow>;

	constructor(
		private readonly server: VtigerServer,
		private readonly more: VtigerBenchOptions,
		private readonly user: VtigerUser,
		private readonly product: CrmRow,
		private readonly currency: CrmRow,
	) {
		this.clock = more.clock;
		this.sweeper = new VtigerSweeper(user, this.run);
		this.title = `vtiger ${user.version}${more.note ? ` (${more.note})` : ''}`;
		this.expects = { version: user.version };
		this.context = { installation: ERP, run: this.run, code: server.productCode, taxes: [{ name: 'Sales', rate: '10', code: undefined }], currency: String(currency.currency_code), country: 'Germany' };
		this.wrong = {
			'access key': { change: { accessKey: 'NotTheKey0000000' }, kinds: ['denied'], says: /access key/i },
			'user name': { change: { username: `nobody-${this.run}` }, kinds: ['denied'], says: /user/i },
			path: { change: { url: `${server.url}/nowhere` }, kinds: ['denied'], says: /no vtiger at this address/i },
			port: { change: { url: 'http://127.0.0.1:9' }, kinds: ['transient', 'denied'], says: /nothing listens at 127\.0\.0\.1:9/i },
			'empty key': { change: { accessKey: '' }, kinds: ['denied', 'rejected'], says: /access key/i },
			'no address': { change: { url: 'crm' }, kinds: ['denied', 'rejected'], says: /url/i },
		};
	}

	connect(change: Record<string, unknown> = {}): Connector {
		const { url, username, accessKey, timeZone } = this.server;
		return connectTo(vtiger, { url, username, accessKey, installation: 'vtiger', timeZone: timeZone ?? 'UTC', ...change }, this.clock);
	}

	async sample(kind: Kind, suffix: string): Promise<Document> {
		switch (kind) {
			case 'customer':
				return customerSample(this.context, suffix);
			case 'product':
				return productSample(this.context, suffix);
			case 'opportunity':
				return opportunitySample(this.context, suffix);
			case 'invoice':
				return await this.invoice(suffix);
			default:
				return await this.quote(suffix);
		}
	}

	options(): UpsertOptions {
		return {};
	}

	changed(document: Document): Document {
		switch (document.kind) {
			case 'customer':
				return { ...document, phone: '+380 44 555 0199' };
			case 'product':
				return { ...document, price: '99.95' };
			case 'opportunity':
				return { ...document, amount: '777.77' };
			case 'invoice':
				return { ...document, paymentState: 'paid', received: document.totals!.total, residual: '0' };
			default:
				return { ...document, lines: document.lines.map((line) => (line.key === '1' ? { ...line, quantity: '4', net: undefined } : line)), totals: undefined };
		}
	}

	async bad(kind: Kind, suffix: string): Promise<Refused | undefined> {
		const document = await this.sample(kind, suffix);
		const tooLong = `${this.run} ${'x'.repeat(300)}`;
		if (document.kind === 'customer' || document.kind === 'product' || document.kind === 'opportunity') return { document: { ...document, name: tooLong }, says: /30\d|3[12]\d characters|name/i };
		const lines = document.lines.map((line, i) => (i === 1 ? { ...line, productKey: undefined, code: `NO-${suffix}`, name: `No such thing ${suffix}` } : line));
		return { document: { ...document, lines }, says: new RegExp(`NO-${suffix}`) };
	}

	async ambiguous(suffix: string): Promise<Refused & { kind: Kind }> {
		const first = customerSample(this.context, suffix);
		const [result] = await this.connect().upsert('customer', [first], {});
		if (!result?.ok) throw result?.failure ?? new Error('no result');
		return { kind: 'customer', document: { ...first, key: `${ERP}:res.partner:other-${suffix}` }, says: /linked with another|ambiguous|organizations/i };
	}

	async seed(kind: Kind, suffix: string): Promise<string> {
		const name = `${HARD_NAME} ${this.run} ${suffix}`;
		const account = kind === 'customer' || kind === 'product' ? undefined : String((await this.sharedAccount()).id);
		return String((await this.user.create(MODULES[kind], this.element(kind, name, account))).id);
	}

	private element(kind: Kind, name: string, account: string | undefined): CrmRow {
		switch (kind) {
			case 'customer':
				return { accountname: name, phone: '1', bill_city: 'Hamburg' };
			case 'product':
				return { productname: name, productcode: name.slice(-40), unit_price: '12.5', discontinued: '1' };
			case 'opportunity':
				return { potentialname: name, closingdate: '2027-03-31', sales_stage: 'Prospecting', amount: '100', related_to: account };
			default:
				return this.salesElement(kind, name, account);
		}
	}

	private salesElement(kind: Kind, subject: string, account: string | undefined): CrmRow {
		const line = { productid: this.product.id, tax1: '0', tax2: '10', tax3: '0' };
		const states = { quote: { quotestage: 'Created', validtill: '2027-01-31' }, order: { sostatus: 'Created', invoicestatus: 'Created' }, invoice: { invoicestatus: 'Created' } };
		return {
			subject, account_id: account, productid: this.product.id, currency_id: this.currency.id, conversion_rate: '1', hdnTaxType: 'group',
			bill_street: 'Straße des 17. Juni 1 & 2', bill_city: 'Львів', ship_street: '3 "Dock" Road', ship_city: 'Hamburg', description: 'Deliver to the "back" door & ring <twice>',
			...states[kind as 'quote' | 'order' | 'invoice'],
			LineItems: [
				{ ...line, quantity: '3', listprice: '70', discount_percent: '10' },
				{ ...line, quantity: '2', listprice: '19.99', comment: 'Spare & "special" <parts>\nдля склада' },
				{ ...line, quantity: '1', listprice: '100', discount_amount: '12.5' },
			],
		};
	}

	/** One organization for all documents that only need some customer. */
	private async sharedAccount(): Promise<CrmRow> {
		return await (this.account ??= this.user.create('Accounts', { accountname: `${HARD_NAME} ${this.run} shared`, phone: '1' }));
	}

	/** A quote with a customer and an opportunity, as the connector reads it: what a sales order is made of. */
	private async quote(suffix: string): Promise<Quote> {
		const opportunity = await this.seed('opportunity', `of quote ${suffix}`);
		const id = await this.seed('quote', suffix);
		await this.user.revise(id, { potential_id: opportunity });
		return await this.connect().get('quote', id);
	}

	/** An invoice of the ERP for an order that was made of a quote here. */
	private async invoice(suffix: string): Promise<Document> {
		const connector = this.connect();
		const quote = await this.quote(suffix);
		const [order] = await connector.upsert('order', [quote], {});
		if (!order?.ok) throw order?.failure ?? new Error('no result');
		const customer: Customer = { ...quote.customer!, key: `${ERP}:res.partner:${suffix}`, source: undefined };
		const invoice = invoiceSample(this.context, customer, suffix);
		return { ...invoice, customerSourceKey: quote.customer!.key, orders: [{ key: `${ERP}:sale.order:${suffix}`, number: `S-${this.run}-${suffix}`, sourceKey: `vtiger:*:${quote.source!.id}` }] };
	}

	async touch(kind: Kind, id: string, n: number): Promise<void> {
		const fields: Record<Kind, CrmRow> = { customer: { phone: `${n}` }, product: { unit_price: `${n}` }, opportunity: { amount: `${n}` }, quote: { description: `${n}` }, order: { description: `${n}` }, invoice: { description: `${n}` } };
		await this.user.revise(id, fields[kind]);
	}

	async bringTo(kind: Kind, id: string, state: string): Promise<void> {
		const fields: CrmRow | undefined = ({ 'quote accepted': { quotestage: 'Accepted' }, 'order confirmed': { sostatus: 'Approved' } } as Record<string, CrmRow>)[`${kind} ${state}`];
		if (!fields) throw new Error(`the suite cannot bring a ${kind} to ${state}`);
		await this.user.revise(id, fields);
	}

	async count(kind: Kind, document: Document): Promise<number> {
		const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
		switch (document.kind) {
			case 'customer':
				return (await this.user.all('Accounts', `accountname=${quoted(document.name)}`)).length;
			case 'product':
				return (await this.user.all('Products', `productcode=${quoted(document.code!)}`)).length;
			case 'opportunity':
				return (await this.user.all('Potentials', `potentialname=${quoted(document.name)}`)).length;
			case 'invoice':
				return (await this.user.all('Invoice', `subject=${quoted(document.number!)}`)).length;
			default:
				return (await this.user.all(MODULES[kind], kind === 'order' ? `quote_id=${quoted(document.source!.id)}` : `subject=${quoted(document.subject!)}`)).length;
		}
	}

	async modified(_kind: Kind, id: string): Promise<string> {
		return String((await this.user.retrieve(id)).modifiedtime);
	}

	noId(kind: Kind): string {
		const prefixes: Record<Kind, string> = { customer: '11', product: '14', opportunity: '13', quote: '4', order: '6', invoice: '7' };
		return `${prefixes[kind]}x99999999`;
	}

	plain(suffix: string): ReturnType<Bench['plain']> {
		const lastname = `O'Neill & "Söhne" <b> Ромашка ${this.run} ${suffix}`;
		return { module: 'Contacts', values: { lastname, firstname: 'Mary', assigned_user_id: '19x1' }, change: { firstname: 'Анна' }, filter: `lastname = '${lastname.replaceAll("'", "''")}'` };
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
