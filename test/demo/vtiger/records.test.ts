// Owns the proof of what the simulator does to plain records: values, duplicates, cascades, snapshots.
// Must not know: the product's client code.
import { startVtiger, type VtigerSimulator } from '../../../demo/simulators/vtiger';
import { type Api, caller } from './api';

let sim: VtigerSimulator;
let api: Api;
beforeAll(async () => void (sim = await startVtiger()));
afterAll(() => sim.stop());
beforeEach(() => {
	sim.reset();
	api = caller(sim);
});

it('normalises in silence: numbers, booleans, dates, width, emoji, scripts', async () => {
	const element = {
		accountname: 'N'.repeat(150),
		assigned_user_id: '19x1',
		annual_revenue: '1,234.56',
		emailoptout: 'true',
		employees: 'abc',
		bill_city: 'c'.repeat(40),
		description: 'a 😀 b',
		phone: '<script>x</script>',
	};
	const { result } = await api.save('create', element, 'Accounts');
	expect(result).toMatchObject({
		accountname: 'N'.repeat(100),
		annual_revenue: '1.00000000',
		emailoptout: '0',
		employees: '0',
		bill_city: 'c'.repeat(30),
		description: 'a ?? b',
		phone: '&lt;script&gt;x&lt;/script&gt;',
		source: 'WEBSERVICE',
	});
});

it('knows duplicates by name whatever the case, with the integer code 0', async () => {
	expect((await api.save('create', { accountname: 'acme LTD', assigned_user_id: '19x1' }, 'Accounts')).error).toEqual({
		code: 0,
		message: 'Duplicate(s) detected!',
	});
});

it('takes opportunities and quotes along with a deleted account, but no orders and contacts', async () => {
	await api.post('delete', { id: '11x10' });
	expect([sim.retrieve('13x33'), sim.retrieve('4x38')]).toEqual([undefined, undefined]);
	expect(sim.retrieve('6x39')).toMatchObject({ account_id: null });
	expect(sim.retrieve('12x20')).toMatchObject({ account_id: null });
	expect((await api.post('delete', { id: '11x10' })).error?.code).toBe('ACCESS_DENIED');
});

it('escapes the label only', async () => {
	expect((await api.get('retrieve', { id: '11x9' })).result).toMatchObject({ accountname: "O'Brien & Sons", label: 'O&#039;Brien &amp; Sons' });
});

it('goes back to a snapshot and to the start', async () => {
	const before = sim.snapshot();
	const { id } = (await sim.insert('Accounts', { accountname: 'Short-lived' })) as { id: string };
	sim.patch(id, { phone: '1' });
	expect(sim.retrieve(id)).toMatchObject({ phone: '1' });
	sim.restore(before);
	expect(sim.retrieve(id)).toBeUndefined();
	sim.remove('11x8');
	sim.reset();
	expect(sim.retrieve('11x8')).toMatchObject({ accountname: 'Acme Ltd' });
});

it('shows an empty reference as null on 8.4.0 and as "" on 8.0.0', async () => {
	const old = await startVtiger({ version: '8.0.0' });
	expect([sim.retrieve('11x8')?.['account_id'], old.retrieve('11x8')?.['account_id']]).toEqual([null, '']);
	await old.stop();
});

it('lets twins through when two sessions create at once, as the server does', async () => {
	const slow = await startVtiger({ saveGapMs: 60 });
	const twin = { accountname: 'Twin', assigned_user_id: '19x1' };
	const saved = await Promise.all([caller(slow), caller(slow)].map((one) => one.save('create', twin, 'Accounts')));
	expect(saved.map((r) => r.success)).toEqual([true, true]);
	expect((await caller(slow).save('create', twin, 'Accounts')).error?.code).toBe(0);
	await slow.stop();
});

it('moves the seed back to now when the clock is behind it', async () => {
	const early = await startVtiger({ now: () => Date.UTC(2025, 5, 1, 8) });
	expect(early.retrieve('11x8')).toMatchObject({ createdtime: '2025-06-01 08:00:00', modifiedtime: '2025-06-01 08:00:00' });
	await early.stop();
});
