// Owns the stage of the vtiger connector's tests: a simulated vtiger, connectors on it, quotes and invoices in short.
// Must not know how the connector works inside.
import { ADMIN, ADMIN_ACCESS_KEY, startVtiger, type Row, type VtigerOptions, type VtigerSimulator } from '../../../demo/simulators/vtiger';
import { invoiceSchema, type Document, type Invoice, type Quote } from '../../../nodes/core/documents';
import type { Failure } from '../../../nodes/core/failure';
import type { Send } from '../../../nodes/core/http';
import { computeTotals } from '../../../nodes/core/money';
import type { Connector, ItemResult, Outcome } from '../../../nodes/core/port';
import { vtiger } from '../../../nodes/Vtiger/vtiger.system';
import { sendTo, TestClock } from '../send';

export interface Setting {
	sim: VtigerSimulator;
	clock: TestClock;
	/** A new connector, as a new n8n process has: nothing is known yet. */
	connect(credential?: Record<string, unknown>, wrap?: (send: Send) => Send): Connector;
	/** Operations since the last `sim.server.resetCalls()`, as `query`, `create`. */
	calls(): string[];
	stop(): Promise<void>;
}

/** @param patienceMs how long a call waits for its answer */
export async function setUp(options: VtigerOptions = {}, patienceMs = 5_000): Promise<Setting> {
	const clock = new TestClock();
	const sim = await startVtiger({ now: () => clock.now(), saveGapMs: 0, ...options });
	const connect = (credential: Record<string, unknown> = {}, wrap = (send: Send) => send): Connector =>
		vtiger.connect({ ...credentialFor(sim), ...credential }, { send: wrap(sendTo(sim.url, patienceMs)), clock });
	return { sim, clock, connect, calls: () => sim.server.calls.map((call) => call.operation), stop: async () => await sim.stop() };
}

/** Runs a test on a stage of its own and takes it down again, whatever came of it. */
export async function onStage(options: VtigerOptions, test: (stage: Setting) => Promise<void>): Promise<void> {
	const stage = await setUp(options);
	try {
		await test(stage);
	} finally {
		await stage.stop();
	}
}

export function credentialFor(sim: VtigerSimulator): Record<string, unknown> {
	return { url: sim.url, username: ADMIN, accessKey: ADMIN_ACCESS_KEY };
}

/** `lines`: product id, quantity, price and further fields. */
export type BriefLine = [product: string, quantity: string, price: string, more?: Row];

/** Both taxes of the seed on every line. */
const TAXES: Row = { tax1: '4.5', tax2: '10', tax3: '0' };

/** An accepted quote of Acme Ltd with its opportunity; its id. */
export async function acceptedQuote(sim: VtigerSimulator, lines: BriefLine[], more: Row = {}): Promise<string> {
	const row = await sim.insert(
		'Quotes',
		{ subject: 'Widgets', quotestage: 'Accepted', account_id: '11x8', contact_id: '12x18', potential_id: '13x31', bill_street: '1 Main St', ship_street: 'Dock 2', productid: '14x2', currency_id: '21x1', conversion_rate: '1', hdnTaxType: 'group', ...more },
		lines.map(([productid, quantity, listprice, fields]) => ({ productid, quantity, listprice, ...TAXES, ...fields })),
	);
	return String(row.id);
}

export const FIVE: BriefLine[] = [
	['14x2', '3', '100'],
	['14x3', '2', '19.99', { comment: 'blue' }],
	['14x4', '1.125', '4.5', { discount_percent: '10' }],
	['14x5', '1', '2500', { discount_amount: '50' }],
	['14x2', '3', '33.333'],
];

/** The quote as a node hands it on: read, then through JSON. */
export async function readQuote(connector: Connector, id: string): Promise<Quote> {
	return JSON.parse(JSON.stringify(await connector.get('quote', id))) as Quote;
}

export function outcomeOf(results: ItemResult[]): Outcome {
	const [result] = results;
	if (!result?.ok) throw result?.failure ?? new Error('no result');
	return result.value;
}

export function failureOf(results: ItemResult[]): Failure {
	const [result] = results;
	if (!result || result.ok) throw new Error(`no failure but ${JSON.stringify(result?.value)}`);
	return result.failure;
}

/** The failure that a promise ends in. */
export async function failing(promise: Promise<unknown>): Promise<Failure> {
	return await promise.then(
		(value) => {
			throw new Error(`no failure but ${JSON.stringify(value)}`);
		},
		(error: unknown) => error as Failure,
	);
}

export async function upsertOne(connector: Connector, kind: Document['kind'], document: Document): Promise<Outcome> {
	return outcomeOf(await connector.upsert(kind, [document], {}));
}

export const VAT = { name: 'VAT 4.5%', rate: '4.5', code: '11' };
export const SALES = { name: 'Sales 10%', rate: '10', code: '12' };
export const SERVICE = { name: 'Service', rate: '12.5', code: '13' };

/** A line of an ERP's invoice: code, quantity, price, taxes. */
export type ErpLine = [code: string | undefined, quantity: string, price: string, taxes: Array<typeof VAT>, more?: Record<string, unknown>];

/** An ERP's posted invoice; its totals are rounded per line unless given. */
export function invoice(lines: ErpLine[], more: Record<string, unknown> = {}): Invoice {
	const document = invoiceSchema.parse({
		kind: 'invoice',
		key: 'odoo:account.move:99',
		number: 'INV/2026/0001',
		status: 'posted',
		currency: 'EUR',
		date: '2026-11-22',
		dueDate: '2026-12-22',
		received: '0',
		lines: lines.map(([code, quantity, price, taxes, rest], i) => ({ key: String(i + 1), code, name: code, quantity, price, taxes, ...rest })),
		...more,
	});
	return { ...document, totals: document.totals ?? computeTotals(document.lines, document.charges, 'line') };
}

/** What an invoice says of its order when the ERP knows the CRM's id only. */
export function ofQuote(id: string): { orders: Invoice['orders'] } {
	return { orders: [{ key: 'odoo:sale.order:42', number: 'S00042', sourceKey: `vtiger:*:${id}` }] };
}

/** Lines of a record in short: product, quantity, price. */
export function brief(record: Row | undefined): string[] {
	const lines = (record?.LineItems ?? []) as Row[];
	return lines.map((line) => `${String(line.productid)} ${String(line.quantity)} x ${String(line.listprice)}`);
}

/** An answer that the simulator is too well behaved to give, in place of the answers to some calls. */
export function answering(matches: (operation: string, n: number) => boolean, answer: { status: number; headers?: Record<string, string>; text: string }): (send: Send) => Send {
	let n = 0;
	return (send) => async (request) => {
		const operation = (request.query ?? request.form ?? {}).operation ?? '';
		if (!matches(operation, ++n)) return await send(request);
		return { headers: { 'content-type': 'application/json' }, ...answer };
	};
}
