// Owns the proof of load(): idempotent, all or nothing, and its race.
// Must not know: the product's client code.
import { startOdoo, type OdooSimulator } from '../../../demo/simulators/odoo';
import { load, rpc } from './api';

describe.each([14, 17, 18, 19] as const)('load() of Odoo %s', (version) => {
	let sim: OdooSimulator;
	beforeAll(async () => {
		sim = await startOdoo({ version, gapMs: 0 });
	});
	afterEach(() => sim.reset());
	afterAll(() => sim.stop());

	const named = (name: string) => sim.records('res.partner').filter((p) => p['name'] === name);
	const COLUMNS = ['id', 'name'];

	it('makes one record of four simultaneous calls with one key; the losers are told in-band and succeed when they come again', async () => {
		sim.race(4);
		const first = await Promise.all([1, 2, 3, 4].map(() => load(sim, 'res.partner', COLUMNS, [['crm.res_partner__1', 'Race']])));
		const won = first.filter((a) => a.ids !== false);
		const lost = first.filter((a) => a.ids === false);
		expect(won).toHaveLength(1);
		for (const answer of lost) expect(String(answer.messages[0]?.['message'])).toMatch(/could not serialize access due to concurrent update/);
		expect(named('Race')).toHaveLength(1);
		const again = await load(sim, 'res.partner', COLUMNS, [['crm.res_partner__1', 'Race']]);
		expect(again.ids).toEqual(won[0]?.ids);
	});

	it('loses an update of one key the same way, and leaves other keys alone', async () => {
		await load(sim, 'res.partner', COLUMNS, [
			['crm.res_partner__1', 'One'],
			['crm.res_partner__2', 'Two'],
		]);
		sim.race(3);
		const same = await Promise.all([1, 2, 3].map((n) => load(sim, 'res.partner', COLUMNS, [['crm.res_partner__1', `One ${n}`]])));
		expect(same.filter((a) => a.ids !== false)).toHaveLength(1);
		sim.race(2);
		const different = await Promise.all([1, 2].map((n) => load(sim, 'res.partner', COLUMNS, [[`crm.res_partner__${n}`, `Other ${n}`]])));
		expect(different.every((a) => a.ids !== false)).toBe(true);
	});

	it('keeps nothing of a table with one bad row, and lists all its faults', async () => {
		const answer = await load(
			sim,
			'res.partner',
			['id', 'name', 'type', 'country_id/id'],
			[
				['crm.a', 'Kept?', 'contact', 'base.it'],
				['crm.b', 'Bad', 'bogus', 'base.nowhere'],
				['crm.c', '', 'contact', ''],
			],
		);
		expect(answer.ids).toBe(false);
		expect(answer.messages.map((m) => [m['record'], m['field'] ?? null])).toEqual([
			[1, 'type'],
			[1, 'country_id'],
			[2, null],
		]);
		expect(named('Kept?')).toEqual([]);
		expect(sim.records('ir.model.data').filter((k) => k['module'] === 'crm')).toEqual([]);
	});

	it('finds a parent in an earlier row of the same table', async () => {
		const answer = await load(
			sim,
			'res.partner',
			['id', 'name', 'is_company', 'parent_id/id'],
			[
				['crm.p', 'Parent', 'True', ''],
				['crm.c', 'Child', '', 'crm.p'],
			],
		);
		const [parent, child] = answer.ids as number[];
		expect(sim.record('res.partner', child ?? 0)['parent_id']).toBe(parent);
	});

	it('takes the last of two rows with one key, writes only given columns, clears with an empty cell', async () => {
		await load(
			sim,
			'res.partner',
			['id', 'name', 'city', 'email'],
			[
				['crm.x', 'First', 'Roma', 'a@b.test'],
				['crm.x', 'Last', 'Milano', 'a@b.test'],
			],
		);
		await load(sim, 'res.partner', ['id', 'email'], [['crm.x', '']]);
		expect(named('Last')).toMatchObject([{ city: 'Milano', email: false }]);
	});

	it('treats a key of another model as the version does', async () => {
		const [id] = (await load(sim, 'res.partner', COLUMNS, [['crm.shared', 'Owner']])).ids as number[];
		const answer = await load(sim, 'res.country', COLUMNS, [['crm.shared', 'Cuba']]);
		if (version > 14) {
			expect(String(answer.messages[0]?.['message'])).toMatch(/found record of different model res\.partner/);
			return;
		}
		// Before 16 the country that happens to have the partner's number is overwritten.
		expect(answer.ids).toEqual([id]);
		expect(sim.world.store.get('res.country', id ?? 0)?.['name']).toBe('Cuba');
	});

	it('writes an order with its lines once, however often it comes', async () => {
		const { lineTaxes } = sim.world.profile;
		const tax = sim.records('account.tax').find((t) => t['amount'] === 10 && t['company_id'] === 1)?.id ?? 0;
		const product = sim.insert('product.product', { name: 'Widget', default_code: 'W-1', list_price: 100 });
		await load(sim, 'res.partner', COLUMNS, [['crm.p', 'Buyer']]);
		const columns = [
			'id',
			'partner_id/id',
			'client_order_ref',
			'order_line/id',
			'order_line/product_id/.id',
			'order_line/product_uom_qty',
			'order_line/price_unit',
			`order_line/${lineTaxes}/.id`,
		];
		const rows = [
			['crm.o', 'crm.p', 'Q-1', 'crm.l1', String(product), '3', '9.99', String(tax)],
			['', '', '', 'crm.l2', String(product), '1.125', '5', ''],
		];
		const first = await load(sim, 'sale.order', columns, rows);
		const second = await load(sim, 'sale.order', columns, rows);
		expect(second.ids).toEqual(first.ids);
		const lines = sim.records('sale.order.line');
		expect(lines.map((l) => [l['product_uom_qty'], l['price_unit'], l[lineTaxes]])).toEqual([
			[3, 9.99, [tax]],
			[1.13, 5, []],
		]);
		expect(sim.records('sale.order')).toHaveLength(1);
	});

	it('refuses an unknown column as an error of the call', async () => {
		const answer = await rpc(sim, 'res.partner', 'load', [['id', 'nosuch'], [['crm.x', 'y']]]);
		expect(answer['error']).toMatchObject({ data: { name: version >= 18 ? 'builtins.ValueError' : 'builtins.KeyError' } });
	});

	it('reads datetimes in the zone of the context, unlike write()', async () => {
		sim.insert('res.partner', { name: 'Someone' });
		await load(sim, 'sale.order', ['id', 'partner_id/.id', 'date_order'], [['crm.d', '1', '2026-07-01 12:00:00']], { tz: 'Europe/Rome' });
		expect(sim.records('sale.order')[0]?.['date_order']).toBe('2026-07-01 10:00:00');
	});
});
