// What "Product: create or update" promises: by key, else by code; the kind of goods right in every version.
import { ADMIN, type Version } from '../../../demo/simulators/odoo';
import { type Product, productSchema } from '../../../nodes/core/documents';
import type { Connector } from '../../../nodes/core/port';
import { done, keyed, recordOf, refused, setUp, type Setting, VERSIONS } from './setting';

const KEY = 'vtiger__product_product__14x9';
const product = (more: Record<string, unknown> = {}): Product => productSchema.parse({ kind: 'product', key: 'vtiger:Products:14x9', code: 'N-9', name: 'Nut', price: '1.5', cost: '0.7', description: 'A nut', ...more });

let setting: Setting;
afterEach(async () => await setting.stop());
const start = async (version: Version = 18): Promise<Connector> => {
	setting = await setUp({ version });
	return setting.connect({ login: ADMIN.login, secret: ADMIN.apiKey });
};

it.each(VERSIONS)('is made, found again and changed in Odoo %s', async (version) => {
	const connector = await start(version);
	const made = done(await connector.upsert('product', [product()], {}));
	expect(made).toMatchObject({ outcome: 'created', ref: { kind: 'product', number: 'N-9' } });
	const goods = version < 15 ? { type: 'product' } : version < 18 ? { detailed_type: 'product' } : { type: 'consu', is_storable: true };
	expect(recordOf(setting.sim, 'product.product', KEY)).toMatchObject({ name: 'Nut', default_code: 'N-9', list_price: 1.5, ...goods });
	expect(done(await connector.upsert('product', [product()], {}))).toMatchObject({ outcome: 'unchanged', ref: { id: made.ref.id } });
	expect(done(await connector.upsert('product', [product({ price: '2' })], {}))).toMatchObject({ outcome: 'updated', changed: { list_price: { before: '1.5', after: '2' } } });
});

it('a service is one', async () => {
	const connector = await start(17);
	done(await connector.upsert('product', [product({ type: 'service' })], {}));
	expect(recordOf(setting.sim, 'product.product', KEY)).toMatchObject({ detailed_type: 'service' });
});

it('with a known code takes over the one that is there', async () => {
	const connector = await start(14);
	const widget = setting.sim.records('product.product').find((row) => row.default_code === 'W-1')!;
	const outcome = done(await connector.upsert('product', [product({ code: 'W-1', name: 'Widget', price: '100', cost: undefined, description: undefined })], {}));
	expect(outcome).toMatchObject({ outcome: 'unchanged', ref: { id: String(widget.id) }, notes: ['Found in Odoo by its code and linked'] });
	expect(keyed(setting.sim, 'product.product')).toEqual([{ key: KEY, id: widget.id }]);
});

it('with a code that two have is a question', async () => {
	const connector = await start();
	setting.sim.insert('product.product', { name: 'Widget again', default_code: 'W-1' });
	expect(refused(await connector.upsert('product', [product({ code: 'W-1' })], {}))).toMatchObject({ kind: 'ambiguous', message: expect.stringMatching(/2 products in Odoo have the code W-1/) });
});

it('with the code of another record of the CRM is a question', async () => {
	const connector = await start();
	done(await connector.upsert('product', [product()], {}));
	expect(refused(await connector.upsert('product', [product({ key: 'vtiger:Products:14x10' })], {})).kind).toBe('ambiguous');
});

it('is refused where the user may not make products, as a matter of rights', async () => {
	await start(18);
	expect(refused(await setting.connect().upsert('product', [product()], {}))).toMatchObject({ kind: 'denied' });
});

it.each([14, 18] as const)('many share their calls (Odoo %s)', async (version) => {
	const connector = await start(version);
	const many = Array.from({ length: 120 }, (_, i) => product({ key: `vtiger:Products:14x${100 + i}`, code: `N-${100 + i}` }));
	setting.sim.server.resetCalls();
	expect((await connector.upsert('product', many, {})).every((result) => result.ok && result.value.outcome === 'created')).toBe(true);
	expect(setting.calls().filter((call) => call.endsWith('/load'))).toHaveLength(2);
	setting.sim.server.resetCalls();
	expect((await connector.upsert('product', many, {})).every((result) => result.ok && result.value.outcome === 'unchanged')).toBe(true);
	expect(setting.calls().length).toBeLessThanOrEqual(5);
});

it('a price in another currency is written as it is, and said', async () => {
	const connector = await start();
	expect(done(await connector.upsert('product', [product({ currency: 'EUR' })], {})).notes).toEqual([expect.stringMatching(/price is in EUR; Odoo keeps product prices in USD/)]);
});
