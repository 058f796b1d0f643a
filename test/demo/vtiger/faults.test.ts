// Owns the proof that planned faults hit the simulated vtiger before or after the work, as each kind says.
// Must not know: the product's client code.
import { startVtiger, type VtigerSimulator } from '../../../demo/simulators/vtiger';
import type { FaultKind } from '../../../demo/simulators/server';
import { type Api, caller, type Reply } from './api';

let sim: VtigerSimulator;
let api: Api;
beforeAll(async () => void (sim = await startVtiger()));
afterAll(() => sim.stop());
beforeEach(() => {
	sim.reset();
	api = caller(sim);
});

/** What the caller gets: an answer, or that there was none. */
async function createUnder(kind: FaultKind): Promise<Reply | 'no answer'> {
	sim.server.plan({ kind, at: (call) => call.operation === 'create' });
	const silence = new Promise<'no answer'>((resolve) => setTimeout(() => resolve('no answer'), 300));
	const reply = api.save('create', { accountname: 'Faulty', assigned_user_id: '19x1' }, 'Accounts').catch(() => 'no answer' as const);
	return await Promise.race([reply, silence]);
}

const stored = (): number => sim.records('Accounts').filter((a) => a['accountname'] === 'Faulty').length;

it.each<[FaultKind, number, number | 'no answer']>([
	['refused', 0, 'no answer'],
	['reset-before', 0, 'no answer'],
	['reset-after', 1, 'no answer'],
	['timeout', 0, 'no answer'],
	['timeout-after', 1, 'no answer'],
	['empty-500', 0, 500],
	['empty-500-after', 1, 500],
	['bad-gateway', 0, 502],
	['bad-gateway-after', 1, 502],
	['throttled', 0, 429],
	['html-200', 0, 200],
])('%s: stored %i times, answered %s', async (kind, times, answer) => {
	const reply = await createUnder(kind);
	expect(typeof reply === 'string' ? reply : reply.status).toBe(answer);
	expect(stored()).toBe(times);
	if (kind === 'refused') await new Promise((resolve) => setTimeout(resolve, 200));
	expect((await api.query('select id from Accounts limit 1;')).success).toBe(true);
});

it('session-expired: answered as vtiger does, not done', async () => {
	expect(await createUnder('session-expired')).toMatchObject({ status: 200, error: { code: 'INVALID_SESSIONID' } });
	expect(stored()).toBe(0);
});

it('names operations in the call log, and leaves the pages out', async () => {
	await fetch(`${sim.url}/`);
	await api.query('select id from Accounts;');
	await api.save('revise', { id: '11x8', phone: '2' });
	expect(sim.server.calls.map((c) => c.operation)).toEqual(['query', 'revise']);
});
