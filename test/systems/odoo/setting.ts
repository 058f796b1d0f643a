// Owns the stage of the Odoo connector's tests: a simulated Odoo with the demo's catalogue, connectors on it, and the
// documents that are written. Must not know how the connector works inside.
import { INTEGRATION, type OdooOptions, type OdooSimulator, seedDemo, startOdoo, type Version } from '../../../demo/simulators/odoo';
import { type Customer, customerSchema, type Quote, quoteSchema, withRef } from '../../../nodes/core/documents';
import type { Failure } from '../../../nodes/core/failure';
import type { HttpRequest, HttpResponse, Send } from '../../../nodes/core/http';
import type { Connector, ItemResult, Outcome } from '../../../nodes/core/port';
import { createTransport } from '../../../nodes/kit/http';
import { odoo } from '../../../nodes/OdooErp/odoo.system';
import { TestClock } from '../send';

export const VERSIONS: Version[] = [14, 17, 18, 19];

/** Stands between connector and server. */
type Between = (request: HttpRequest, send: Send) => Promise<HttpResponse>;

export interface Setting {
	sim: OdooSimulator;
	clock: TestClock;
	/** A new connector, as a new n8n process has: nothing is known yet. */
	connect(credential?: Record<string, unknown>, between?: Between): Connector;
	/** Calls since the last `sim.server.resetCalls()`, as `sale.order/load`. */
	calls(): string[];
	stop(): Promise<void>;
}

/** @param patienceMs how long a call waits for its answer */
export async function setUp(options: OdooOptions = {}, patienceMs = 5_000): Promise<Setting> {
	const sim = await startOdoo(options);
	seedDemo(sim);
	const clock = new TestClock();
	const connect = (credential: Record<string, unknown> = {}, between?: Between): Connector => {
		const full = { ...credentialFor(sim), timeout: patienceMs / 1000, ...credential };
		const send = createTransport({ ...odoo.endpoint(full), timeoutMs: Number(full.timeout) * 1000 });
		return odoo.connect(full, { send: between ? async (request) => await between(request, send) : send, clock });
	};
	return { sim, clock, connect, calls: () => sim.server.calls.map((call) => call.operation), stop: async () => await sim.stop() };
}

export function credentialFor(sim: OdooSimulator): Record<string, unknown> {
	return { url: sim.url, database: sim.database, login: INTEGRATION.login, secret: INTEGRATION.apiKey };
}

/** `lines`: code, quantity, price and rates, briefly. */
type BriefLine = [code: string, quantity: string, price: string, rates?: string[], more?: Record<string, unknown>];

export function customer(id = '8', more: Record<string, unknown> = {}): Customer {
	return customerSchema.parse({
		kind: 'customer',
		key: `vtiger:Accounts:11x${id}`,
		name: `Flow Ltd ${id}`,
		email: `info${id}@flow.test`,
		phone: '+39 06 1',
		billing: { street: '1 Main St', city: 'Rome', postalCode: '00100', country: 'Italy' },
		contacts: [{ key: `vtiger:Contacts:12x${id}`, firstName: 'Ann', lastName: 'Flow', email: `ann${id}@flow.test` }],
		...more,
	});
}

export function quote(lines: BriefLine[], more: Record<string, unknown> = {}): Quote {
	const id = String(more.id ?? '38');
	return quoteSchema.parse({
		kind: 'quote',
		key: `vtiger:Quotes:4x${id}`,
		source: { installation: 'vtiger', module: 'Quotes', id: `4x${id}`, number: `QUO${id}` },
		number: `QUO${id}`,
		subject: 'Widgets',
		currency: 'USD',
		customer: customer(id === '38' ? '8' : id),
		lines: lines.map(([code, quantity, price, rates = [], rest = {}], i) => ({ key: String(i + 1), code, name: `Line ${code}`, quantity, price, taxes: rates.map((rate) => ({ name: RATE_NAMES[rate], rate })), ...rest })),
		...more,
	});
}

const RATE_NAMES: Record<string, string> = { '4.5': 'VAT', '10': 'Sales', '12.5': 'Service' };

/** Five lines with discounts and two taxes: 999.96 net. */
export const FIVE_LINES: BriefLine[] = [
	['W-1', '3', '77.77', ['4.5'], { discountPercent: '10' }],
	['W-2', '2', '19.99', ['10']],
	['W-3', '10', '4.5', ['4.5', '10']],
	['SER1', '1.5', '50', ['12.5']],
	['W-4', '1', '700', ['4.5'], { discountAmount: '70' }],
];

/** The records of a model that carry a key of ours, with the key. */
export function keyed(sim: OdooSimulator, model: string): Array<{ key: string; id: number }> {
	return sim.records('ir.model.data').filter((row) => row.module === 'crm_erp' && row.model === model).map((row) => ({ key: String(row.name), id: Number(row.res_id) }));
}

/** The record of a model under a key of ours. */
export function recordOf(sim: OdooSimulator, model: string, key: string): Record<string, unknown> {
	const found = keyed(sim, model).find((entry) => entry.key === key);
	if (!found) throw new Error(`nothing carries ${key}; there is ${keyed(sim, model).map((entry) => entry.key).join(', ')}`);
	return sim.record(model, found.id);
}

/** The outcome of the only result; a failure fails the test. */
export function done(results: ItemResult[]): Outcome {
	const [result] = results;
	if (!result?.ok) throw result?.failure ?? new Error('no result');
	return result.value;
}

/** The failure of the only result. */
export function refused(results: ItemResult[]): Failure {
	const [result] = results;
	if (!result || result.ok) throw new Error(`expected a failure, got ${JSON.stringify(result)}`);
	return result.failure;
}

/** Customer and order as a flow writes them: the order carries the customer's ref. */
export async function push(connector: Connector, document: Quote, options = { confirm: true }): Promise<{ customer: Outcome; order: Outcome }> {
	const written = done(await connector.upsert('customer', [document], {}));
	return { customer: written, order: done(await connector.upsert('order', [withRef(document, written.ref)], options)) };
}
