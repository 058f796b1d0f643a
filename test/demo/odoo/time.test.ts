// Owns the proof of the simulator's time: late commits, and how precisely a domain compares.
// Must not know: the product's client code.
import { startOdoo, type Json, type OdooSimulator } from '../../../demo/simulators/odoo';
import { call, json2 } from './api';

const AT = Date.parse('2026-11-22T12:00:01.500Z');

describe.each([17, 18, 19] as const)('time in Odoo %s', (version) => {
	let sim: OdooSimulator;
	let now = AT;
	beforeAll(async () => {
		sim = await startOdoo({ version, now: () => now });
	});
	beforeEach(() => {
		now = AT;
	});
	afterEach(() => sim.reset());
	afterAll(() => sim.stop());

	const changed = (operator: string, moment: string) =>
		call<number[]>(sim, 'res.partner', 'search', [
			[
				['name', 'like', 'Timed'],
				['write_date', operator, moment],
			],
		]);

	it('shows whole seconds but compares as the version does', async () => {
		const id = sim.insert('res.partner', { name: 'Timed' });
		const [row] = await call<Array<{ [key: string]: Json }>>(sim, 'res.partner', 'read', [[id], ['write_date']]);
		expect(row?.['write_date']).toBe('2026-11-22 12:00:01');
		const seconds = version === 19;
		expect(await changed('>', '2026-11-22 12:00:01')).toEqual(seconds ? [] : [id]);
		expect(await changed('=', '2026-11-22 12:00:01')).toEqual(seconds ? [id] : []);
		expect(await changed('<=', '2026-11-22 12:00:01')).toEqual(seconds ? [id] : []);
		expect(await changed('>=', '2026-11-22 12:00:01')).toEqual([id]);
	});

	it('gives a slow transaction the time of its beginning, so a watermark passes over it', async () => {
		const slow = sim.beginSlow();
		const late = slow.create('res.partner', { name: 'Timed late' });
		now += 5_000;
		const quick = sim.insert('res.partner', { name: 'Timed quick' });
		expect(quick).toBeGreaterThan(late);
		expect(await changed('>', '2026-11-22 12:00:00')).toEqual([quick]);
		now += 5_000;
		slow.commit();
		expect(await changed('>', '2026-11-22 12:00:06')).not.toContain(late);
		expect(await changed('>', '2026-11-22 11:58:00')).toEqual([late, quick].sort((a, b) => a - b));
		expect(sim.insert('res.partner', { name: 'Next' })).toBe(quick + 1);
	});

	it('can hold any call inside its transaction', async () => {
		const held = sim.hold(({ method }) => method === 'create');
		const create = call<number>(sim, 'res.partner', 'create', [{ name: 'Timed slow' }]);
		await held.arrived;
		now += 5_000;
		expect(await changed('>=', '2026-11-22 12:00:00')).toEqual([]);
		held.release();
		await create;
		expect(await changed('<', '2026-11-22 12:00:02')).toHaveLength(1);
	});
});

it('keeps the databases of one server apart and wants one named', async () => {
	const sim = await startOdoo({ version: 19, databases: ['first', 'second'] });
	try {
		sim.insert('res.partner', { name: 'Only in the first' });
		const count = (headers: Record<string, string>) => json2(sim, 'res.partner/search_count', { domain: [['name', '=', 'Only in the first']] }, headers);
		expect(await count({ 'x-odoo-database': 'first' })).toMatchObject({ status: 200, body: 1 });
		expect(await count({ 'x-odoo-database': 'second' })).toMatchObject({ status: 200, body: 0 });
		expect((await count({})).status).toBe(404);
		expect((await count({ 'x-odoo-database': 'third' })).status).toBe(404);
	} finally {
		await sim.stop();
	}
});
