// Proves "Product: create or update" in 1C on simulated infobases: found by key or code, made with what 1C needs beside.
import { type Product, productSchema } from '../../../nodes/core/documents';
import { refKey } from '../../../nodes/OneC/onec.keys';
import { done, PROFILE_NAMES, refused, type Setting, setUp } from './setting';

const SET = 'Catalog_Номенклатура';
const KEY = refKey('vtiger:Products:14x1');

function product(more: Record<string, unknown> = {}): Product {
	return productSchema.parse({ kind: 'product', key: 'vtiger:Products:14x1', code: 'N-1', name: 'O\'Brien & "Söhne" <b> Ромашка', description: 'Line one\nline "two"', ...more });
}

describe.each(PROFILE_NAMES)('%s', (profile) => {
	let setting: Setting;
	beforeAll(async () => (setting = await setUp({ profile })));
	afterEach(() => setting.renew());
	afterAll(async () => await setting.stop());
	const upsert = async (document: Product, options = {}) => await setting.connect().upsert('product', [document], options);
	const writes = () => setting.calls().filter((call) => !call.startsWith('GET'));

	it('makes goods with kind, unit and VAT, once', async () => {
		const result = done(await upsert(product({ unit: 'pcs' })));
		expect(result).toMatchObject({ outcome: 'created', ref: { id: KEY, number: 'N-1' } });
		const row = setting.sim.get(SET, KEY)!;
		expect(row).toMatchObject({ Description: 'O\'Brien & "Söhne" <b> Ромашка', Артикул: 'N-1', ...(profile === 'ut' ? { ТипНоменклатуры: 'Товар' } : { Услуга: false }) });
		expect(row.ЕдиницаИзмерения_Key).not.toMatch(/^0{8}/);
		expect(row.ВидНоменклатуры_Key).not.toMatch(/^0{8}/);
		setting.sim.server.resetCalls();
		expect(done(await upsert(product({ unit: 'pcs' })))).toMatchObject({ outcome: 'unchanged', changed: {} });
		expect(writes()).toEqual([]);
	});

	it('makes a service that is measured in hours', async () => {
		done(await upsert(product({ type: 'service', unit: 'hour' })));
		const row = setting.sim.get(SET, KEY)!;
		expect(row).toMatchObject(profile === 'ut' ? { ТипНоменклатуры: 'Услуга' } : { Услуга: true });
		const unit = setting.sim.get(profile === 'ut' ? 'Catalog_УпаковкиЕдиницыИзмерения' : 'Catalog_КлассификаторЕдиницИзмерения', String(row.ЕдиницаИзмерения_Key));
		expect(String(unit?.Code).trim()).toBe('356');
	});

	it('finds by code, and writes only what differs', async () => {
		const result = done(await upsert(product({ code: 'W-1', name: 'Widget, large', description: undefined })));
		expect(result.ref.id).toBe(setting.products['W-1']);
		expect(Object.keys(result.changed)).toContain('Description');
		expect(setting.sim.records(SET).filter((row) => row.Артикул === 'W-1')).toHaveLength(1);
	});

	it('never chooses between two, nor writes to what is marked', async () => {
		setting.sim.insert(SET, { Description: 'Twin', Артикул: 'W-1' });
		expect(refused(await upsert(product({ code: 'W-1' })))).toMatchObject({ kind: 'ambiguous', message: expect.stringMatching(/2 products in 1C have the code W-1: .*"Twin"/) });
		setting.sim.patch(SET, setting.products['W-2']!, { DeletionMark: true });
		expect(refused(await upsert(product({ code: 'W-2' })))).toMatchObject({ kind: 'ambiguous', message: expect.stringMatching(/marked for deletion/) });
		expect(writes()).toEqual([]);
	});

	it('says that prices are 1C\'s own matter', async () => {
		expect(done(await upsert(product({ price: '12.5', currency: 'EUR' }))).notes.join(' ')).toMatch(/price was not written/);
	});

	it('refuses what has no name, and another kind, in words', async () => {
		const results = await setting.connect().upsert('product', [product({ name: ' ' }), product({ key: 'vtiger:Products:14x2', code: 'N-2' }), { ...product(), kind: 'customer', billing: {}, shipping: {}, contacts: [] } as never], {});
		expect(results.map(({ ok }) => ok)).toEqual([false, true, false]);
		expect(results.map((result) => (result.ok ? '' : result.failure.message))).toEqual([expect.stringMatching(/has no name/), '', expect.stringMatching(/A customer is not a product/)]);
	});

	it('refuses an override that names an unknown field before anything is sent', async () => {
		expect(refused(await upsert(product(), { overrides: [{ field: 'Артикулл', source: 'documentField', path: 'code' }] })).message).toMatch(/Did you mean "Артикул"\?/);
		expect(writes()).toEqual([]);
	});

	it('cuts nothing in silence', async () => {
		expect(done(await upsert(product({ code: 'C'.repeat(40) }))).notes.join(' ')).toMatch(/keeps only 25 characters of Артикул/);
		expect(done(await upsert(product({ code: 'C'.repeat(40) }))).outcome).toBe('unchanged');
	});

	it('compares in a dry run and writes nothing', async () => {
		expect(done(await upsert(product(), { dryRun: true }))).toMatchObject({ outcome: 'created', ref: { id: '' } });
		expect(writes()).toEqual([]);
	});

	it('makes one when four write at once, and where the server ignores our ids', async () => {
		const runs = await Promise.all([1, 2, 3, 4].map(async () => await upsert(product())));
		expect(new Set(runs.map((run) => done(run).ref.id))).toEqual(new Set([KEY]));
		setting.renew();
		setting.sim.switches.ownRefKey = 'ignored';
		const first = done(await upsert(product()));
		expect(done(await upsert(product({ name: 'Other' })))).toMatchObject({ outcome: 'updated', ref: { id: first.ref.id } });
		expect(setting.sim.records(SET).filter((row) => row.Артикул === 'N-1')).toHaveLength(1);
	});
});
