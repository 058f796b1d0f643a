// Owns the proof of one effect: a fault at every call of the main job, then the job again, leaves one order with all
// its lines and one invoice; reference sections 1, 2 and 6.7.
import type { FaultKind } from '../../../demo/simulators/server';
import type { Quote } from '../../../nodes/core/documents';
import type { Connector } from '../../../nodes/core/port';
import { acceptedQuote, brief, FIVE, invoice, ofQuote, outcomeOf, SALES, setUp, VAT, type Setting } from './setting';

let stage: Setting;
beforeAll(async () => void (stage = await setUp({}, 1_000)));
afterAll(async () => await stage.stop());

const LINK = { key: 'odoo:sale.order:42', number: 'S00042', status: 'Ordered', message: '' };

/** The CRM's side of the main job, as the workflow's nodes do it one after another. */
async function job(connector: Connector): Promise<void> {
	for (const quote of (await connector.pending('quote', 'accepted', { limit: 50, skip: new Set(['4x38']) })) as Quote[]) {
		outcomeOf(await connector.transition('opportunity', [quote], 'won'));
		const { ref } = outcomeOf(await connector.upsert('order', [quote], {}));
		outcomeOf(await connector.link([{ kind: 'order', id: ref.id, record: 'order', link: LINK }]));
		outcomeOf(await connector.link([{ kind: 'quote', id: quote.source!.id, record: 'quote', link: LINK, current: quote.link }]));
	}
}

async function bill(connector: Connector, quote: string): Promise<void> {
	outcomeOf(await connector.upsert('invoice', [invoice([['W-1', '3', '100', [VAT, SALES]], ['W-2', '2', '19.99', [VAT, SALES]]], { ...ofQuote(quote), received: '50', residual: '339.28' })], {}));
}

const orders = () => stage.sim.records('SalesOrder').filter((row) => row.source === 'CRMERP');
const invoices = () => stage.sim.records('Invoice').filter((row) => row.source === 'CRMERP');

/** How many calls an undisturbed run makes, so that a fault can be put on each. */
async function countCalls(run: () => Promise<void>): Promise<number> {
	stage.sim.server.resetCalls();
	await run();
	return stage.sim.server.calls.length;
}

/** Runs with a fault at call `n`; a run that fails is run again, as n8n does, until it passes. */
async function runUntilDone(run: () => Promise<void>, kind: FaultKind, n: number, times = 1): Promise<void> {
	stage.sim.server.resetCalls();
	stage.sim.server.plan({ kind, at: (call) => call.n >= n, times });
	for (let round = 0; ; round++) {
		try {
			return await run();
		} catch (error) {
			if (round >= 3) throw error;
			// A port that refuses does so for a moment of real time; the clock of the tests does not wait for it.
			if (kind === 'refused') await new Promise((resolve) => setTimeout(resolve, 200));
		}
	}
}

const QUICK: FaultKind[] = ['reset-before', 'reset-after', 'empty-500', 'empty-500-after', 'bad-gateway', 'bad-gateway-after', 'throttled', 'html-200', 'session-expired'];

describe.each(QUICK)('%s at every call', (kind) => {
	it('leaves one order with five lines, the opportunity won, both records linked', async () => {
		stage.sim.reset();
		await acceptedQuote(stage.sim, FIVE);
		const start = stage.sim.snapshot();
		const calls = await countCalls(async () => await job(stage.connect()));
		expect(calls).toBeGreaterThan(15);
		for (let n = 1; n <= calls; n++) {
			stage.sim.restore(start);
			stage.sim.server.heal();
			const quote = stage.sim.records('Quotes').find((row) => row.subject === 'Widgets')!;
			await runUntilDone(async () => await job(stage.connect()), kind, n);
			const at = `${kind} at call ${n}`;
			expect([at, orders().map((row) => [row.quote_id, row.cf_salesorder_erp_key, row.cf_salesorder_erp_number, row.hdnGrandTotal === quote.hdnGrandTotal])]).toEqual([at, [[quote.id, `vtiger:Quotes:${String(quote.id)}`, 'S00042', true]]]);
			expect([at, brief(orders()[0])]).toEqual([at, brief(stage.sim.retrieve(String(quote.id)))]);
			expect([at, stage.sim.retrieve('13x31')!.sales_stage]).toEqual([at, 'Closed Won']);
			expect([at, stage.sim.retrieve(String(quote.id))!.cf_quotes_erp_status]).toEqual([at, 'Ordered']);
		}
	}, 120_000);
});

describe.each(['reset-after', 'empty-500-after', 'html-200', 'throttled'] as FaultKind[])('%s at every call', (kind) => {
	it('leaves one invoice with its lines, total and payment', async () => {
		stage.sim.reset();
		const quote = await acceptedQuote(stage.sim, FIVE.slice(0, 2));
		await job(stage.connect());
		const start = stage.sim.snapshot();
		const calls = await countCalls(async () => await bill(stage.connect(), quote));
		for (let n = 1; n <= calls; n++) {
			stage.sim.restore(start);
			stage.sim.server.heal();
			await runUntilDone(async () => await bill(stage.connect(), quote), kind, n);
			const at = `${kind} at call ${n}`;
			expect([at, invoices().map((row) => [brief(row).length, row.hdnGrandTotal, row.received])]).toEqual([at, [[2, '389.27710000', '50.00000000']]]);
		}
	}, 120_000);
});

// These take real time: the server is gone for a moment, or never answers.
describe.each(['refused', 'timeout', 'timeout-after'] as FaultKind[])('%s at the writes', (kind) => {
	it('leaves one order with five lines', async () => {
		stage.sim.reset();
		await acceptedQuote(stage.sim, FIVE);
		const start = stage.sim.snapshot();
		for (const operation of ['create', 'revise']) {
			stage.sim.restore(start);
			stage.sim.server.heal();
			stage.sim.server.plan({ kind, at: (call) => call.operation === operation });
			await runUntilDone(async () => await job(stage.connect()), kind, 10_000);
			expect([operation, orders().map((row) => brief(row).length)]).toEqual([operation, [5]]);
		}
	}, 120_000);
});

it('several faults in a row: nothing doubled', async () => {
	stage.sim.reset();
	await acceptedQuote(stage.sim, FIVE);
	const start = stage.sim.snapshot();
	for (const kind of ['empty-500-after', 'reset-after'] as FaultKind[]) {
		for (let n = 12; n <= 20; n += 2) {
			stage.sim.restore(start);
			stage.sim.server.heal();
			await runUntilDone(async () => await job(stage.connect()), kind, n, 3);
			expect([kind, n, orders().map((row) => brief(row).length)]).toEqual([kind, n, [5]]);
		}
	}
}, 120_000);
