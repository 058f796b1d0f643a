// Proves "one effect": every call of the flow is hit by every fault; after a rerun the end state is the fault-free one.
import type { Fault, FaultKind } from '../../demo/simulators/server';
import { Scene, hurry, type ErpName, type OnecChoice, type System } from './scene';
import { firstDifference, walk } from './walk';

hurry();

const ALL_KINDS: FaultKind[] = ['refused', 'reset-before', 'reset-after', 'timeout', 'timeout-after', 'empty-500', 'empty-500-after', 'bad-gateway', 'bad-gateway-after', 'throttled', 'html-200', 'session-expired'];
/** Faults that strike again and again, so that the retries inside one run are used up and the host's next run must mend it. */
const STUBBORN: FaultKind[] = ['reset-after', 'empty-500-after', 'bad-gateway', 'html-200'];

/** Done, and the answer lost: what could make a second record. */
export const LOST: readonly FaultKind[] = ['reset-after', 'timeout-after', 'empty-500-after', 'bad-gateway-after'];

/**
 * The suite for one system of one pair. Each pair is a test file of its own, so that they run side by side.
 *
 * @param erp the ERP of the pair: also for the faults at the CRM
 * @param onec how a 1C deviates
 * @param kinds fewer faults, where another suite has proved the rest
 */
export function faultsAt(system: System, erp: ErpName, onec: OnecChoice = {}, kinds: readonly FaultKind[] = ALL_KINDS): void {
	const pair = [`${system} with ${erp}`, ...Object.entries(onec.switches ?? {}).map(([name, value]) => `${name} ${String(value)}`)].join(', ');
	describe(pair, () => {
		let scene: Scene;
		let expected: unknown;
		let operations: string[];

		beforeAll(async () => {
			scene = await Scene.open({ erp, onec });
			await walk(scene);
			expected = scene.endState();
			operations = scene[system].server.calls.map((call) => call.operation);
		});
		afterAll(async () => {
			await scene.close();
		});

		test('the fault-free walk is complete', () => {
			expect(expected).toMatchObject({ opportunity: 'Closed Won', quote: { status: 'Ordered' }, invoices: expect.arrayContaining([expect.objectContaining({ received: '100.00000000' })]) as unknown });
			// The scene still is as the walk of `beforeAll` left it.
			expect(scene.erpOrder().confirmed).toBe(true);
		});

		test('a fault at every call', async () => {
			const cases = kinds.flatMap((kind) => operations.map((operation, index) => ({ kind, name: `call ${index + 1} (${operation})`, at: (call: { n: number }) => call.n === index + 1, times: 1 })));
			await proveAll('faults', cases);
		}, 2_400_000);

		test('a fault that strikes five times at each kind of call', async () => {
			const cases = STUBBORN.filter((kind) => kinds.includes(kind)).flatMap((kind) => [...new Set(operations)].map((operation) => ({ kind, name: operation, at: (call: { operation: string }) => call.operation === operation, times: 5 })));
			await proveAll('stubborn faults', cases);
		}, 2_400_000);

		async function proveAll(what: string, cases: Array<Fault & { name: string }>): Promise<void> {
			const failed: string[] = [];
			for (const [index, { name, ...fault }] of cases.entries()) {
				if (index % 100 === 0) process.stderr.write(`${what}: ${pair}: ${index} of ${cases.length}\n`);
				scene.fresh(fault.kind.startsWith('timeout') ? system : undefined);
				scene[system].server.plan(fault);
				// A walk that does not come through is a difference like any other: it is told with its fault, and the rest is tried.
				const difference = await walk(scene).then(() => firstDifference(scene.endState(), expected)).catch((error: Error) => error.message);
				if (!difference) continue;
				failed.push(`${fault.kind} at ${name}: ${difference}`);
				process.stderr.write(`differs: ${failed[failed.length - 1]}\n`);
			}
			console.log(`${what}: ${pair}: ${cases.length} cases, ${failed.length} differ`);
			expect(failed).toEqual([]);
		}
	});
}
