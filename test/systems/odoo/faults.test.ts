// A fault at every call of the main job, then the same run again: one customer, one contact, one order with its lines,
// confirmed once, to the cent.
import type { FaultKind } from '../../../demo/simulators/server';
import { asFailure } from '../../../nodes/core/failure';
import { FIVE_LINES, keyed, push, quote, setUp, type Setting } from './setting';

const KINDS: FaultKind[] = ['refused', 'reset-before', 'reset-after', 'timeout', 'timeout-after', 'empty-500', 'empty-500-after', 'bad-gateway', 'bad-gateway-after', 'throttled', 'html-200', 'session-expired'];
/** A server that does not answer is waited for a moment only; a busy machine that does answer has its time. */
const patienceFor = (kind: FaultKind): number => (kind.startsWith('timeout') ? 250 : 5_000);
const PATIENT = { timeout: 5 };
const QUOTE = quote(FIVE_LINES);

let setting: Setting;
afterEach(async () => await setting?.stop());

/** How many calls the job takes from a standing start. */
async function callsOfTheJob(): Promise<number> {
	setting.sim.server.resetCalls();
	await push(setting.connect(PATIENT), QUOTE);
	return setting.sim.server.calls.length;
}

async function runWithFault(kind: FaultKind, n: number, start: string): Promise<void> {
	setting.sim.restore(start);
	setting.sim.server.heal();
	setting.sim.server.resetCalls();
	setting.sim.server.plan({ kind, at: (call) => call.n === n });
	const first = await push(setting.connect(), QUOTE).then(() => undefined, asFailure);
	setting.sim.server.heal();
	// What comes back as a failure must be one that calls for another try, not for a person.
	if (first && ['rejected', 'ambiguous', 'missing'].includes(first.kind)) throw first;
	// A refused port stays closed for 150 ms, longer than a clock that does not wait.
	if (kind === 'refused') await new Promise((resolve) => setTimeout(resolve, 200));
	await push(setting.connect(PATIENT), QUOTE);
}

function proveOneEffect(): void {
	const { sim } = setting;
	expect(keyed(sim, 'res.partner').map(({ key }) => key).sort()).toEqual(['vtiger__res_partner__11x8', 'vtiger__res_partner__12x8']);
	expect(sim.records('res.partner').filter((row) => ['Flow Ltd 8', 'Ann Flow'].includes(String(row.name)))).toHaveLength(2);
	const orders = sim.records('sale.order');
	expect(orders).toMatchObject([{ state: 'sale', amount_untaxed: 999.96, client_order_ref: 'QUO38' }]);
	expect(sim.records('sale.order.line').filter((row) => row.order_id === orders[0]!.id)).toHaveLength(5);
	expect(sim.records('stock.picking').filter((row) => row.sale_id === orders[0]!.id || row.origin === orders[0]!.name).length).toBeLessThanOrEqual(1);
}

describe.each(KINDS)('%s', (kind) => {
	it('at every call leaves one effect', async () => {
		setting = await setUp({ version: 18 }, patienceFor(kind));
		const start = setting.sim.snapshot();
		const calls = await callsOfTheJob();
		expect(calls).toBeGreaterThan(15);
		for (let n = 1; n <= calls; n++) {
			await runWithFault(kind, n, start);
			proveOneEffect();
		}
	}, 120_000);
});

it.each([14, 19] as const)('a lost answer at every call leaves one effect in Odoo %s', async (version) => {
	setting = await setUp({ version });
	const start = setting.sim.snapshot();
	const calls = await callsOfTheJob();
	for (let n = 1; n <= calls; n++) {
		await runWithFault('reset-after', n, start);
		proveOneEffect();
	}
}, 120_000);
