// Owns a real OData v4 server (test/cap) as the contract suite uses it: its records made, changed and counted by plain
// OData calls. The CRM on the other side is made up. Must not know the connector's code.
import { withRef, type Customer, type Document, type Kind, type Order } from '../../nodes/core/documents';
import type { Clock } from '../../nodes/core/http';
import type { Connector, System, UpsertOptions } from '../../nodes/core/port';
import { Desk, SETS, text } from '../cap/desk';
import { CapServer, USER } from '../cap/server';
import { connectTo, runName, type Bench, type Bulk, type Refused } from './bench';
import { customerSample, HARD_NAME, orderSample, productSample, type SampleContext } from './samples';

const NO_ID = '00000000-0000-4000-8000-000000000000';

/** A credential for the server, which the shipped profile describes as it is. */
export function capCredential(server: CapServer, change: Record<string, unknown> = {}): Record<string, unknown> {
	return { profile: 'odata-v4', url: server.url, ...USER, installation: 'erp', ...change };
}

export async function capBench(system: System): Promise<Bench> {
	const server = await CapServer.start();
	const { version } = await server.call('GET', '/whoAmI()');
	return new CapBench(system, server, String(version));
}

class CapBench implements Bench {
	readonly run = runName();
	readonly clock: Clock;
	readonly forbidden = [];
	readonly idField = 'ID';
	readonly expects = { version: 'OData v4' };
	readonly title: string;
	readonly wrong: Bench['wrong'];
	private readonly desk: Desk;
	private readonly context: SampleContext;

	constructor(
		private readonly system: System,
		private readonly server: CapServer,
		version: string,
	) {
		this.clock = server.clock();
		this.title = `OData v4 (${version})`;
		this.desk = new Desk(server, (suffix) => `${HARD_NAME} ${this.run} ${suffix}`, this.run);
		this.context = { installation: `crm-${this.run}`, run: this.run, code: 'W-1', taxes: [{ name: 'Sales', rate: '10', code: undefined }], currency: 'EUR', country: 'Germany' };
		this.wrong = {
			password: { change: { password: 'not-the-password' }, kinds: ['denied'], says: /password/i },
			login: { change: { username: `nobody-${this.run}` }, kinds: ['denied'], says: /user/i },
			path: { change: { url: server.url.replace('/erp', '/nowhere') }, kinds: ['denied', 'rejected', 'missing'], says: /url|address|not found|404/i },
			port: { change: { url: 'http://127.0.0.1:9' }, kinds: ['transient', 'denied'], says: /nothing listens at 127\.0\.0\.1:9/i },
			'empty password': { change: { password: '' }, kinds: ['denied', 'rejected'], says: /password/i },
			'no address': { change: { url: 'erp' }, kinds: ['denied', 'rejected'], says: /url/i },
			'no JSON': { change: { profileOverrides: '{"batch": ' }, kinds: ['rejected'], says: /Profile Overrides.*JSON/ },
			'no such profile': { change: { profile: 'odata-v5' }, kinds: ['rejected'], says: /odata-v5.*odata-v4/ },
		};
	}

	connect(change: Record<string, unknown> = {}): Connector {
		return connectTo(this.system, capCredential(this.server, change), this.clock);
	}

	async sample(kind: Kind, suffix: string): Promise<Document> {
		if (kind === 'customer') return customerSample(this.context, suffix);
		if (kind === 'product') return productSample(this.context, suffix);
		if (kind === 'order') return await this.order(suffix);
		throw new Error(`nobody writes a ${kind} there`);
	}

	/** An order whose customer is there already. */
	private async order(suffix: string): Promise<Order> {
		const customer: Customer = customerSample(this.context, `of-${suffix}`);
		const id = await this.desk.create('Customers', { name: customer.name, externalKey: customer.key });
		return withRef(orderSample(this.context, customer, suffix), { system: 'erp', kind: 'customer', id, key: `erp:Customers:${id}`, number: undefined, url: undefined, outcome: undefined, status: undefined });
	}

	options(): UpsertOptions {
		return { rounding: { mode: 'explained' }, taxes: [{ from: 'Sales', to: 'A10' }] };
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
		for (const phone of ['1', '2']) await this.desk.create('Customers', { name: document.name, email: document.email, phone });
		return { kind: 'customer', document, options: { matchBy: 'name' }, says: /2 customers/ };
	}

	async seed(kind: Kind, suffix: string): Promise<string> {
		return await this.desk.make(kind, suffix);
	}

	readonly bulk: Bulk = {
		count: 105,
		make: async (names) => {
			for (const name of names) await this.desk.create('Customers', { name });
		},
	};

	async touch(kind: Kind, id: string, n: number): Promise<void> {
		await this.desk.change(kind, id, n);
	}

	async bringTo(kind: Kind, id: string, state: string): Promise<void> {
		await this.server.call('PATCH', `/${SETS[kind]!}(${id})`, { status: state });
	}

	async count(_kind: Kind, document: Document): Promise<number> {
		if (document.kind === 'customer') return (await this.desk.find('Customers', `email eq ${text(document.email!)}`)).length;
		if (document.kind === 'product') return (await this.desk.find('Products', `code eq ${text(document.code!)}`)).length;
		return (await this.desk.find('Orders', `reference eq ${text((document as Order).reference!)}`)).length;
	}

	async modified(kind: Kind, id: string): Promise<string> {
		return String((await this.desk.read(SETS[kind]!, id, '?$select=modifiedAt')).modifiedAt);
	}

	noId(): string {
		return NO_ID;
	}

	plain(suffix: string): ReturnType<Bench['plain']> {
		const name = `O'Neill & "Söhne" <b> Ромашка ${this.run} ${suffix}`;
		return { module: 'Customers', values: { name, billing_city: 'Hamburg' }, change: { billing_city: 'Львів' }, filter: `name eq ${text(name)}` };
	}

	async cleanUp(): Promise<void> {
		for (const [set, rows] of Object.entries(await this.desk.ours())) for (const { ID } of rows) await this.desk.remove(set, String(ID));
	}

	async remains(): Promise<Record<string, number>> {
		return Object.fromEntries(Object.entries(await this.desk.ours()).map(([set, rows]) => [set, rows.length]));
	}

	async close(): Promise<void> {
		await this.server.stop();
	}
}
