// Owns the CAP server of the tests as the ERP of the whole job: the shipped profile `odata-v4` describes it as it is. Calls
// reach it through a listener of the simulators' own, which counts them and loses answers. Must not know the walk.
import type { DemoErp, ErpBill, ErpOrder } from '../../demo/erp';
import { SimulatorServer, type Call, type SimRequest, type SimResponse } from '../../demo/simulators/server';
import { Hand } from './hand';
import { CapServer, SERVICE, USER, type Row } from './server';

/** Nobody here proves timeouts: a process that has just started may need its time. */
const PATIENCE_S = 20;

/** They belong to one connection, or to one form of the body. */
const OF_THE_CONNECTION = ['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'accept-encoding', 'content-encoding'];

const COUNTED = ['Customers', 'Contacts', 'Orders', 'OrderItems', 'Invoices', 'InvoiceItems'] as const;
export type Table = (typeof COUNTED)[number] | 'Products';

/** What the CRM's products are called there, too; two of them are there already. */
const CATALOGUE = { 'W-3': 'Cable 3m', 'W-4': 'Server' };

export class CapErp implements DemoErp {
	readonly title = 'OData';
	readonly system = 'erp';
	readonly suffix = '-rest';

	readonly server = new SimulatorServer({ operation, handle: async (request) => await passOn(this.cap.host, request) });
	private readonly hand = new Hand();

	private constructor(private cap: CapServer) {}

	static async start(): Promise<CapErp> {
		const erp = new CapErp(await CapServer.start());
		await erp.server.start();
		return erp;
	}

	/** The process ends, whatever it is doing, and another one takes over what was written. */
	async restart(): Promise<void> {
		const content = this.snapshot();
		await this.cap.stop();
		this.cap = await CapServer.start();
		this.restore(content);
	}

	get credential() {
		return { type: 'restErpApi', data: { profile: 'odata-v4', url: `${this.server.url}${SERVICE}`, ...USER, installation: 'erp', timeout: PATIENCE_S } };
	}

	seed(): void {
		const known = new Set(this.records('Products').map(({ code }) => code));
		for (const [code, name] of Object.entries(CATALOGUE)) if (!known.has(code)) this.clerk('POST', '/Products', { code, name, price: 1, currency: 'EUR' });
	}

	nature({ operation: name }: Call) {
		if (name === 'GET Invoices') return 'poll';
		return name === 'GET Taxes' ? 'setup' : 'work';
	}

	orders(of?: { number: string; quote: string }): ErpOrder[] {
		return this.records('Orders')
			.filter((row) => !of || row.number === of.number)
			.map((row) => ({ id: String(row.ID), number: String(row.number), customer: String(row.customer_ID), confirmed: row.status === 'confirmed', total: String(row.total) }));
	}

	customers(name: string): string[] {
		return this.records('Customers').filter((row) => row.name === name).map(({ ID }) => String(ID));
	}

	bill(order: ErpOrder): ErpBill {
		const { ID, number } = this.clerk('POST', `/Orders(${order.id})/ErpService.invoice`, {});
		return { id: String(ID), number: String(number), order };
	}

	pay(bill: ErpBill, amount: number): void {
		this.clerk('POST', `/Invoices(${bill.id})/ErpService.pay`, { amount });
	}

	count(): number {
		const rows = this.content();
		return COUNTED.reduce((sum, table) => sum + rows(table).length, 0);
	}

	/** The rows of a table, in the order of their making. */
	records(table: Table): Row[] {
		return this.content()(table);
	}

	/** The tables as they are now. */
	content(): (table: Table) => Row[] {
		const tables = this.tables();
		return (table) => tables[`erp_${table}`]!;
	}

	snapshot(): string {
		return JSON.stringify(this.tables());
	}

	restore(snapshot: string): void {
		this.hand.call({ url: `${this.cap.host}/tables`, init: { method: 'POST', body: snapshot } });
	}

	async stop(): Promise<void> {
		await this.server.stop();
		await this.cap.stop();
		await this.hand.stop();
	}

	private clerk(method: string, where: string, body: Row): Row {
		return this.hand.call(this.cap.clerk(method, where, body)) as Row;
	}

	private tables(): Record<string, Row[]> {
		return this.hand.call({ url: `${this.cap.host}/tables`, init: { method: 'GET' } }) as Record<string, Row[]>;
	}
}

/** `GET Orders`, `POST Orders/confirm`, `POST $batch`. */
function operation({ method, path }: SimRequest): string {
	const [set = '', action] = path.slice(SERVICE.length + 1).split('/');
	return [method, ` ${set.replace(/\(.*/, '')}`, action && `/${action.replace(/.*\./, '')}`].filter(Boolean).join('');
}

/** As a gateway in front of the server does it. */
async function passOn(host: string, { method, url, headers, body }: SimRequest): Promise<SimResponse> {
	const sent = Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' && !OF_THE_CONNECTION.includes(name) ? [[name, value] as [string, string]] : []));
	try {
		const response = await fetch(host + url, { method, headers: sent, body: body === '' ? undefined : body });
		const told = [...response.headers].filter(([name]) => !OF_THE_CONNECTION.includes(name));
		return { status: response.status, headers: Object.fromEntries(told), body: await response.text() };
	} catch {
		return { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><body><h1>502 Bad Gateway</h1></body></html>' };
	}
}
