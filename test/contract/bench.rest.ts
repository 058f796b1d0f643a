// Owns a simulated REST ERP, in any of its three styles, as the contract suite uses it: its records made, changed and
// counted as people do at its screen. The CRM on the other side is made up. Must not know the connector's code.
import fs from 'node:fs';
import path from 'node:path';
import { API_KEY, PASSWORD, seedDemo, startRest, USER, type FaceName, type RestSimulator, type Switches, type TableName } from '../../demo/simulators/rest';
import { withRef, type Customer, type Document, type Kind, type Order } from '../../nodes/core/documents';
import type { Clock } from '../../nodes/core/http';
import type { Connector, System, UpsertOptions } from '../../nodes/core/port';
import { connectTo, runName, sharedClock, type Bench, type Bulk, type Refused, type WrongCredential } from './bench';
import { customerSample, HARD_NAME, orderSample, productSample, type SampleContext } from './samples';

type Json = Record<string, unknown>;

/** The profile of a style, as a user would paste it; `change`: members of its kinds that differ. */
export function profileOf(face: FaceName, change: (profile: Json) => Json = (profile) => profile): string {
	const text = fs.readFileSync(path.join(__dirname, '..', '..', 'demo', 'profiles', `${face}.json`), 'utf8');
	return JSON.stringify(change(JSON.parse(text) as Json));
}

export interface RestBenchOptions {
	switches?: Partial<Switches>;
	profileJson?: string;
	/** Said in the report when it is not just the style. */
	title?: string;
}

/** What differs between the styles, as far as the suite touches it. */
interface Style {
	version: string;
	credential: Json;
	wrong: Record<string, WrongCredential>;
	noId: string;
	idField: string;
	/** Module, field of the name, another field, and how a list is narrowed by the name. */
	plain: { module: string; name: string; other: string; filter: string };
}

const LOGIN: Record<string, WrongCredential> = {
	password: { change: { password: 'not-the-password' }, kinds: ['denied'], says: /password|secret/i },
	user: { change: { username: 'nobody' }, kinds: ['denied'], says: /user|login/i },
	'empty user': { change: { username: '' }, kinds: ['denied', 'rejected'], says: /user/i },
};

const STYLES: Record<FaceName, Style> = {
	ledger: { version: '3.2', credential: { username: USER, password: PASSWORD }, wrong: LOGIN, noId: '99999999', idField: 'id', plain: { module: 'customers', name: 'name', other: 'phone', filter: 'name' } },
	jsonapi: {
		version: '7.1',
		credential: { token: API_KEY },
		wrong: { key: { change: { token: 'not-the-key' }, kinds: ['denied'], says: /key/i }, 'empty key': { change: { token: '' }, kinds: ['denied', 'rejected'], says: /key|token/i } },
		noId: '9007199254999999',
		idField: 'id',
		plain: { module: 'customers', name: 'name', other: 'phone', filter: 'filter[name]' },
	},
	keyed: { version: '2026', credential: { username: USER, password: PASSWORD }, wrong: LOGIN, noId: '00000000-0000-4000-8000-00000000dead', idField: 'uid', plain: { module: 'clients', name: 'title', other: 'tel', filter: 'title' } },
};

const TABLE: Partial<Record<Kind, TableName>> = { customer: 'customers', product: 'products', order: 'orders', invoice: 'invoices' };

export async function restBench(system: System, face: FaceName, options: RestBenchOptions = {}): Promise<Bench> {
	const clock = sharedClock();
	const sim = await startRest({ face, clock, switches: options.switches });
	seedDemo(sim);
	return new RestBench(system, sim, clock, options);
}

class RestBench implements Bench {
	readonly run = runName();
	readonly forbidden: readonly Kind[] = [];
	readonly title: string;
	readonly expects: { version: string };
	readonly idField: string;
	readonly wrong: Bench['wrong'];
	readonly bulk: Bulk;
	private readonly context: SampleContext;
	private readonly style: Style;
	private shared?: string;

	constructor(
		private readonly system: System,
		private readonly sim: RestSimulator,
		readonly clock: Clock,
		private readonly more: RestBenchOptions,
	) {
		this.style = STYLES[sim.face];
		this.title = more.title ?? `rest ${sim.face} (simulated)`;
		this.expects = { version: this.style.version };
		this.idField = this.style.idField;
		this.context = { installation: `crm-${this.run}`, run: this.run, code: 'W-1', taxes: [{ name: 'Sales', rate: '10', code: undefined }], currency: 'EUR', country: 'Germany' };
		this.bulk = { count: 520, make: async (names) => await Promise.resolve(names.forEach((name) => sim.desk.customer({ name }))) };
		this.wrong = {
			...this.style.wrong,
			path: { change: { url: `${sim.server.url}/nowhere` }, kinds: ['denied', 'rejected', 'missing'], says: /url|address|404/i },
			port: { change: { url: 'http://127.0.0.1:9' }, kinds: ['transient', 'denied'], says: /nothing listens at 127\.0\.0\.1:9/i },
			'no address': { change: { url: 'erp' }, kinds: ['denied', 'rejected'], says: /url/i },
			'no profile': { change: { profileJson: '{"format": 1,' }, kinds: ['rejected', 'denied'], says: /profile.*JSON/i },
		};
	}

	connect(change: Json = {}): Connector {
		const profileJson = this.more.profileJson ?? profileOf(this.sim.face);
		return connectTo(this.system, { url: this.sim.url, profile: 'custom', profileJson, ...this.style.credential, installation: 'erp', ...change }, this.clock);
	}

	async sample(kind: Kind, suffix: string): Promise<Document> {
		if (kind === 'customer') return customerSample(this.context, suffix);
		if (kind === 'product') return productSample(this.context, suffix);
		const customer: Customer = customerSample(this.context, `of-${suffix}`);
		const [result] = await this.connect().upsert('customer', [customer], {});
		if (!result?.ok) throw result?.failure ?? new Error('no result');
		return withRef(orderSample(this.context, customer, suffix), result.value.ref);
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
		for (const phone of ['1', '2']) this.sim.desk.customer({ name: document.name, phone });
		return await Promise.resolve({ kind: 'customer' as const, document, options: { matchBy: 'name' }, says: /2 customers in/ });
	}

	async seed(kind: Kind, suffix: string): Promise<string> {
		const name = `${HARD_NAME} ${this.run} ${suffix}`;
		const { desk } = this.sim;
		if (kind === 'customer') return await Promise.resolve(desk.customer({ name, phone: '1', billing: { city: 'Hamburg' } }).id);
		if (kind === 'product') return desk.product({ name, code: `${this.run}-${suffix}`, price: '12.5' }).id;
		const order = this.order(suffix);
		if (kind === 'order') return order;
		desk.confirm(order);
		return desk.invoice(order).id;
	}

	private order(suffix: string): string {
		const { desk } = this.sim;
		const customerId = (this.shared ??= desk.customer({ name: `${HARD_NAME} ${this.run} shared`, phone: '1' }).id);
		const productId = this.sim.records('products').find(({ code }) => code === 'W-1')!.id;
		const line = { productId, rates: ['10'] };
		const lines = [
			{ ...line, quantity: '3', price: '70', discount: '10' },
			{ ...line, quantity: '2', price: '19.99' },
			{ ...line, quantity: '1', price: '100', discount: '12.5' },
		];
		return desk.order({ customerId, reference: `PO ${this.run} ${suffix}`, lines }).id;
	}

	async touch(kind: Kind, id: string, n: number): Promise<void> {
		const { desk } = this.sim;
		if (kind === 'invoice') desk.pay(id, String(n));
		else if (kind === 'order') desk.order({ reference: `PO ${this.run} ${n}` }, id);
		else if (kind === 'product') desk.product({ price: String(n) }, id);
		else desk.customer({ phone: String(n) }, id);
		await Promise.resolve();
	}

	async bringTo(kind: Kind, id: string, state: string): Promise<void> {
		if (kind !== 'order' || state !== 'confirmed') throw new Error(`the suite cannot bring a ${kind} to ${state}`);
		this.sim.desk.confirm(id);
		await Promise.resolve();
	}

	async count(_kind: Kind, document: Document): Promise<number> {
		const named = (name: string) => this.sim.records('customers').filter((row) => name !== '' && row.name === name);
		if (document.kind === 'customer') return await Promise.resolve(named(document.name).length);
		if (document.kind === 'product') return this.sim.records('products').filter(({ name, code }) => name !== '' && code === document.code).length;
		const customers = named((document as Order).customer!.name).map(({ id }) => id);
		return this.sim.records('orders').filter(({ customerId }) => customers.includes(customerId)).length;
	}

	async modified(kind: Kind, id: string): Promise<string> {
		const { version, modifiedAt } = this.sim.books.must(TABLE[kind]!, id);
		return await Promise.resolve(`${version}@${modifiedAt}`);
	}

	async destroy(kind: Kind, id: string): Promise<void> {
		await Promise.resolve(this.sim.books.erase(TABLE[kind]!, id));
	}

	noId(): string {
		return this.style.noId;
	}

	plain(suffix: string): ReturnType<Bench['plain']> {
		const { module, name, other, filter } = this.style.plain;
		const value = `O'Neill & "Söhne" <b> Ромашка ${this.run} ${suffix}`;
		return { module, values: { [name]: value, [other]: '1' }, change: { [other]: 'Львів 2' }, filter: `${filter}=${encodeURIComponent(value)}` };
	}

	async cleanUp(): Promise<void> {
		const { books } = this.sim;
		const ours = new Set(books.rows('customers').filter(({ name }) => name.includes(this.run)).map(({ id }) => id));
		const invoices = books.rows('invoices').filter(({ customerId }) => ours.has(customerId)).map(({ id }) => id);
		for (const { id, invoiceId } of books.rows('payments')) if (invoices.includes(invoiceId)) books.erase('payments', id);
		for (const id of invoices) books.erase('invoices', id);
		for (const { id, customerId } of books.rows('orders')) if (ours.has(customerId)) books.erase('orders', id);
		for (const { id, code } of books.rows('products')) if (code.includes(this.run)) books.erase('products', id);
		for (const id of ours) books.erase('customers', id);
		await Promise.resolve();
	}

	async remains(): Promise<Record<string, number>> {
		const tables: TableName[] = ['customers', 'products', 'orders', 'invoices'];
		return await Promise.resolve(Object.fromEntries(tables.map((table) => [table, this.sim.records(table).filter((row) => JSON.stringify(row).includes(this.run)).length])));
	}

	async close(): Promise<void> {
		await this.sim.stop();
	}
}
