// Proves the records the demo begins with, in both configurations.
import { seedDemo } from '../../../demo/simulators/onec';
import { type Base, base } from './business';
import { call, rows } from './api';

describe.each(['ut', 'bp'] as const)('%s', (profile) => {
	let where: Base;
	beforeAll(async () => {
		where = await base(profile);
	});
	afterAll(() => where.sim.stop());

	const text = (set: string, name: string): unknown[] => where.sim.records(set).map((row) => row[name]);

	it('holds the CRM’s goods under their codes, in a group, and gives their keys', () => {
		const goods = where.sim.records('Catalog_Номенклатура').filter((row) => row['IsFolder'] !== true);
		expect(Object.fromEntries(goods.map((row) => [row['Артикул'], row['Ref_Key']]))).toEqual(where.products);
		expect(Object.keys(where.products)).toEqual(['W-1', 'W-2', 'W-3', 'W-4', 'SER1', 'SER2']);
		const [group] = where.sim.records('Catalog_Номенклатура').filter((row) => row['IsFolder'] === true);
		expect(new Set(goods.map((row) => row['Parent_Key']))).toEqual(new Set([group?.['Ref_Key']]));
		const codes = goods.map((row) => row['Code']);
		expect(new Set(codes).size).toBe(codes.length);
		for (const code of codes) expect(code).toMatch(profile === 'ut' ? /^ЦБ-\d{8}$/ : /^00-\d{8}$/);
	});

	it('adds nothing when it runs again', () => {
		const before = where.sim.snapshot();
		expect(seedDemo(where.sim)).toEqual({ products: where.products });
		expect(where.sim.snapshot()).toBe(before);
	});

	it('gives the same keys in every base', async () => {
		const other = await base(profile);
		expect(other.products).toEqual(where.products);
		expect(other.sim.snapshot()).toBe(where.sim.snapshot());
		await other.sim.stop();
	});

	it('holds one company, one warehouse in its group, and the currencies by their codes', () => {
		expect(where.sim.records('Catalog_Организации')).toHaveLength(1);
		expect(text('Catalog_Склады', 'IsFolder')).toEqual([true, false]);
		expect(text('Catalog_Валюты', 'Code')).toEqual(['643', '978', '840', '156']);
		expect(text('Catalog_Валюты', 'Description')).toEqual(['RUB', 'EUR', 'USD', 'CNY']);
	});

	it('holds a twin that is marked for deletion', () => {
		const twins = where.sim.records('Catalog_Контрагенты').filter((row) => row['ИНН'] === '7701000017');
		expect(twins.map((row) => [row['Description'], row['DeletionMark']])).toEqual([
			['Альфа-Строй ООО', false],
			['Альфа-Строй ООО', true],
		]);
	});

	it('holds a file whose bytes can be read', async () => {
		const [file] = await rows(where.sim, '/Catalog_НоменклатураПрисоединенныеФайлы?$select=Ref_Key,Description,Расширение,Размер,ВладелецФайла_Key');
		expect(file).toMatchObject({ Description: 'Паспорт изделия', Расширение: 'txt', ВладелецФайла_Key: where.products['W-1'] });
		const answer = await call(where.sim, 'GET', `/Catalog_НоменклатураПрисоединенныеФайлы(guid'${String(file?.['Ref_Key'])}')/ФайлХранилище/$value`, { format: '' });
		expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([200, 'Widget. Паспорт изделия.\n', 'text/plain']);
		expect(file?.['Размер']).toBe(Buffer.byteLength(answer.text));
	});
});

it('УТ: rates by name and by enum member; two have 10 percent, two have 0', async () => {
	const { sim } = await base('ut');
	const rates = sim.records('Catalog_СтавкиНДС').map((row) => [row['Description'], row['Ставка'], row['ПеречислениеСтавкаНДС']]);
	expect(rates).toEqual(expect.arrayContaining([['10%', 10, 'НДС10'], ['10/110', 10, 'НДС10_110'], ['0%', 0, 'НДС0'], ['Без НДС', 0, 'БезНДС'], ['22%', 22, 'НДС22'], ['20%', 20, 'НДС20']]));
	await sim.stop();
});

it('УТ: one commercial client has two legal entities', async () => {
	const { sim } = await base('ut');
	const partner = sim.records('Catalog_Партнеры').find((row) => row['Description'] === 'Берёзка, сеть магазинов');
	expect(sim.records('Catalog_Контрагенты').filter((row) => row['Партнер_Key'] === partner?.['Ref_Key'])).toHaveLength(2);
	await sim.stop();
});
