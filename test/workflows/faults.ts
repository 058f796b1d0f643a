// Proves "one effect": every call of the flow is hit by every fault; after a rerun the end state is the fault-free one.
import type { Fault, FaultKind } from '../../demo/simulators/server';
import { Scene, hurry, type ErpName } from './scene';

hurry();

const KINDS: FaultKind[] = ['refused', 'reset-before', 'reset-after', 'timeout', 'timeout-after', 'empty-500', 'empty-500-after', 'bad-gateway', 'bad-gateway-after', 'throttled', 'html-200', 'session-expired'];
/** Faults that strike again and again, so that the retries inside one run are used up and the host's next run must mend it. */
const STUBBORN: FaultKind[] = ['reset-after', 'empty-500-after', 'bad-gateway', 'html-200'];
const MOST_RUNS = 6;

type System = 'crm' | 'erp';

/** The whole job once: baseline, acceptance, order, invoice, payment. Repeats each step as the host would until it took. */
async function walk(scene: Scene): Promise<void> {
	await tolerant(async () => await scene.invoices());
	scene.accept();
	await until(scene, async () => void (await scene.order()), () => scene.crmField(scene.quote(), 'erp_status') === 'Ordered');
	scene.erp.pay(scene.erp.bill(scene.erpOrder()), 100);
	await tolerant(async () => await scene.invoices());
	await until(scene, async () => void (await scene.reconcile()), () => scene.crm.records('Invoice').some((row) => Number(row.received) === 100));
}

async function until(scene: Scene, step: () => Promise<void>, done: () => boolean): Promise<void> {
	for (let i = 0; i < MOST_RUNS; i++) {
		await tolerant(step);
		if (done()) return;
		// A person reads the reason on the quote and clears the status.
		if (scene.crmField(scene.quote(), 'erp_status') === 'Needs attention') clearStatus(scene);
	}
}

function clearStatus(scene: Scene): void {
	const names = Object.keys(scene.quote()).filter((name) => /erp_(status|message)$/.test(name));
	scene.crm.patch(scene.deal.quote, Object.fromEntries(names.map((name) => [name, ''])));
}

/** A poll or run that throws is an execution in error: the host goes on with the next one. */
async function tolerant(step: () => Promise<unknown>): Promise<void> {
	await step().catch(() => undefined);
}

/**
 * The suite for one system of one pair. Each pair is a test file of its own, so that they run side by side.
 *
 * @param erp the ERP of the pair: also for the faults at the CRM
 */
export function faultsAt(system: System, erp: ErpName): void {
	describe(`${system} with ${erp}`, () => {
		let scene: Scene;
		let expected: unknown;
		let operations: string[];

		beforeAll(async () => {
			scene = await Scene.open({ erp });
			await walk(scene);
			expected = scene.endState();
			operations = scene[system].server.calls.map((call) => call.operation);
		});
		afterAll(async () => {
			await scene.close();
		});

		test('the fault-free walk is complete', () => {
			expect(expected).toMatchObject({ opportunity: 'Closed Won', quote: { status: 'Ordered' }, orders: [{ state: 'sale' }], invoices: expect.arrayContaining([expect.objectContaining({ received: '100.00000000' })]) as unknown });
		});

		test('a fault at every call', async () => {
			const cases = KINDS.flatMap((kind) => operations.map((operation, index) => ({ kind, name: `call ${index + 1} (${operation})`, at: (call: { n: number }) => call.n === index + 1, times: 1 })));
			await proveAll('faults', cases);
		}, 2_400_000);

		test('a fault that strikes five times at each kind of call', async () => {
			const cases = STUBBORN.flatMap((kind) => [...new Set(operations)].map((operation) => ({ kind, name: operation, at: (call: { operation: string }) => call.operation === operation, times: 5 })));
			await proveAll('stubborn faults', cases);
		}, 2_400_000);

		async function proveAll(what: string, cases: Array<Fault & { name: string }>): Promise<void> {
			const failed: string[] = [];
			for (const [index, { name, ...fault }] of cases.entries()) {
				if (index % 100 === 0) process.stderr.write(`${what}: ${system} with ${erp}: ${index} of ${cases.length}\n`);
				scene.fresh();
				scene[system].server.plan(fault);
				await walk(scene);
				const difference = firstDifference(scene.endState(), expected);
				if (!difference) continue;
				failed.push(`${fault.kind} at ${name}: ${difference}`);
				process.stderr.write(`differs: ${failed[failed.length - 1]}\n`);
			}
			console.log(`${what}: ${system} with ${erp}: ${cases.length} cases, ${failed.length} differ`);
			expect(failed).toEqual([]);
		}
	});
}

function firstDifference(actual: unknown, expected: unknown): string | undefined {
	const [a, b] = [actual, expected].map((state) => Object.entries(state as Record<string, unknown>).map(([name, part]) => `${name} ${JSON.stringify(part)}`));
	const at = b!.findIndex((part, i) => part !== a![i]);
	return at < 0 ? undefined : `${a![at]} instead of ${b![at]}`;
}
