// Several writers of one key at the same moment: one record, whoever wins.
import { withRef } from '../../../nodes/core/documents';
import type { ItemResult } from '../../../nodes/core/port';
import { customer, done, FIVE_LINES, keyed, quote, setUp, type Setting, VERSIONS } from './setting';

let setting: Setting;
afterEach(async () => await setting.stop());

const FOUR = [1, 2, 3, 4];

describe.each(VERSIONS)('four writers of one key in Odoo %s', (version) => {
	it('make one customer', async () => {
		setting = await setUp({ version });
		const connectors = FOUR.map(() => setting.connect());
		await Promise.all(connectors.map(async (connector) => await connector.check()));
		setting.sim.race(4);
		const results = await Promise.all(connectors.map(async (connector) => await connector.upsert('customer', [customer()], {})));
		expect(new Set(results.map((result) => done(result).ref.id)).size).toBe(1);
		expect(keyed(setting.sim, 'res.partner')).toHaveLength(2);
		expect(setting.sim.records('res.partner').filter((row) => row.name === 'Flow Ltd 8')).toHaveLength(1);
	});

	it('make one order and confirm it once', async () => {
		setting = await setUp({ version });
		const connectors = FOUR.map(() => setting.connect());
		const document = quote(FIVE_LINES);
		const { ref } = done(await connectors[0]!.upsert('customer', [document], {}));
		setting.sim.race(4);
		const results = await Promise.all(connectors.map(async (connector): Promise<ItemResult[]> => await connector.upsert('order', [withRef(document, ref)], { confirm: true })));
		expect(new Set(results.map((result) => done(result).ref.id)).size).toBe(1);
		expect(results.map((result) => done(result).ref.status)).toEqual(['sale', 'sale', 'sale', 'sale']);
		expect(setting.sim.records('sale.order')).toMatchObject([{ state: 'sale', amount_untaxed: 999.96 }]);
		expect(setting.sim.records('sale.order.line')).toHaveLength(5);
	});
});

it('a loser waits a little, longer each time', async () => {
	setting = await setUp({ version: 14 });
	const connectors = FOUR.map(() => setting.connect());
	setting.sim.race(4);
	await Promise.all(connectors.map(async (connector) => await connector.upsert('customer', [customer()], {})));
	expect(setting.clock.slept).toBeGreaterThanOrEqual(3 * 50);
});
