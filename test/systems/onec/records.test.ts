// Proves access to any published object: what is read, what is refused before it is sent, what is written and how.
import * as fc from 'fast-check';
import { collect } from '../../../nodes/core/pages';
import type { OnecMetadata } from '../../../nodes/OneC/onec.metadata';
import { guid, keyText } from '../../../nodes/OneC/onec.literals';
import { OnecRecords } from '../../../nodes/OneC/onec.records';
import { checkFilter } from '../../../nodes/OneC/onec.records.filter';
import { parseKey, writeKey } from '../../../nodes/OneC/onec.records.keys';
import { labelOf } from '../../../nodes/OneC/onec.records.sets';
import { choices } from '../../../nodes/OneC/onec.choices';
import { client, order, partsOf } from './desk';
import { failureOf, PROFILE_NAMES, type Setting, setUp } from './setting';

const ITEMS = 'Catalog_Номенклатура';
const NOWHERE = '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f';

describe.each(PROFILE_NAMES)('any object of %s', (profile) => {
	let setting: Setting;
	let records: OnecRecords;
	beforeEach(async () => {
		setting = await setUp({ profile });
		records = new OnecRecords(setting.services());
	});
	afterEach(async () => await setting.stop());
	/** What reached 1C and could have changed something. */
	const writes = (): string[] => setting.calls().filter((call) => !call.startsWith('GET'));

	it('lists what is published, grouped by kind with Russian names, without reading the metadata', async () => {
		setting.sim.server.resetCalls();
		const modules = await records.modules();
		expect(modules.find(({ name }) => name === ITEMS)?.label).toBe('Справочник: Номенклатура');
		const kinds = modules.map(({ label }) => label.split(':')[0]);
		expect(kinds.filter((kind, i) => kind !== kinds[i - 1])).toEqual([...new Set(kinds)]);
		expect(setting.calls()).toEqual(['GET /']);
	});

	it('reads by Ref_Key, by code and by number, and does not need the metadata for it', async () => {
		const { Code } = setting.sim.get(ITEMS, setting.products['W-1']!)!;
		const { order: set } = partsOf(setting);
		const ref = order(setting, client(setting, 'Reader'), [['W-1', 2, 10]]);
		setting.sim.server.resetCalls();
		expect(await records.get(ITEMS, setting.products['W-1']!)).toMatchObject({ Артикул: 'W-1' });
		expect(await records.get(ITEMS, `code:${String(Code)}`)).toMatchObject({ Артикул: 'W-1' });
		const document = await records.get(set, ref);
		expect(document.Товары).toMatchObject([{ LineNumber: '1', Количество: 2 }]);
		expect(await records.get(set, `number:${String(document.Number)}`)).toMatchObject({ Ref_Key: ref });
		expect(setting.calls()).not.toContain('GET $metadata');
		expect(await failureOf(records.get(ITEMS, NOWHERE))).toMatchObject({ kind: 'missing' });
		expect(await failureOf(records.get(ITEMS, 'code:нет такого'))).toMatchObject({ kind: 'missing' });
		expect(await failureOf(records.get(ITEMS, '12'))).toMatchObject({ kind: 'rejected' });
		expect(await failureOf(records.get('Catalog_Нет', NOWHERE))).toMatchObject({ kind: 'denied', code: '8' });
	});

	it('a number that several documents have is not chosen between', async () => {
		const { order: set } = partsOf(setting);
		const customer = client(setting, 'Twice');
		const [one, other] = [order(setting, customer, [['W-1', 1, 1]]), order(setting, customer, [['W-1', 1, 1]])];
		setting.sim.unpost(set, other);
		// Numbers begin anew each year.
		setting.sim.patch(set, other, { Number: setting.sim.get(set, one)!.Number!, Date: '2024-05-05T12:00:00' });
		const failure = await failureOf(records.get(set, `number:${String(setting.sim.get(set, one)!.Number)}`));
		expect(failure.kind).toBe('ambiguous');
		expect(failure.message).toContain(one);
		expect(failure.message).toContain(other);
	});

	it('lists with a condition and a limit, none twice', async () => {
		const all = await collect(records.list(ITEMS, 'IsFolder eq false', undefined));
		expect(new Set(all.map(({ Ref_Key }) => Ref_Key)).size).toBe(all.length);
		expect(all.length).toBeGreaterThanOrEqual(4);
		expect(await collect(records.list(ITEMS, "Артикул eq 'W-2'", undefined))).toMatchObject([{ Ref_Key: setting.products['W-2'] }]);
		expect(await collect(records.list(ITEMS, 'IsFolder eq false', 2))).toHaveLength(2);
		expect(await collect(records.list(ITEMS, undefined, 0))).toHaveLength(0);
	});

	it('creates, changes and marks for deletion', async () => {
		const created = await records.create(ITEMS, { Description: 'Ёмкость', Артикул: 'Ё-1', IsFolder: false });
		const id = String(created.Ref_Key);
		expect(setting.sim.get(ITEMS, id)).toMatchObject({ Description: 'Ёмкость', Артикул: 'Ё-1' });
		expect(await records.update(ITEMS, id, { Description: 'Ёмкость 2' })).toMatchObject({ Description: 'Ёмкость 2', Артикул: 'Ё-1' });
		await records.remove(ITEMS, id);
		expect(setting.sim.get(ITEMS, id)).toMatchObject({ DeletionMark: true, Description: 'Ёмкость 2' });
	});

	it('a whole record that was read can be given back, and a change in between is told', async () => {
		const row = await records.get(ITEMS, setting.products['W-1']!);
		await records.update(ITEMS, setting.products['W-1']!, { ...row, Description: 'First' });
		expect(setting.sim.get(ITEMS, setting.products['W-1']!)).toMatchObject({ Description: 'First', Артикул: 'W-1' });
		expect(await failureOf(records.update(ITEMS, setting.products['W-1']!, { ...row, Description: 'Second' }))).toMatchObject({ kind: 'conflict' });
		expect(await failureOf(records.update(ITEMS, setting.products['W-2']!, { ...row, Description: 'Third' }))).toMatchObject({ kind: 'rejected' });
		expect(setting.sim.get(ITEMS, setting.products['W-2']!)!.Description).not.toBe('Third');
	});

	it.each([
		['a name that is none', { Описание1: 'x' }, /no property "Описание1"/],
		['a Russian name of a standard field', { Наименование: 'x' }, /Did you mean "Description"/],
		['a reference without its ending', { ЕдиницаИзмерения: NOWHERE }, /Did you mean "ЕдиницаИзмерения_Key"/],
		['a text for a reference', { ЕдиницаИзмерения_Key: 'шт' }, /does not fit "ЕдиницаИзмерения_Key"/],
		['a word for a flag', { DeletionMark: 'да' }, /does not fit "DeletionMark"/],
		['an object for a text', { Description: { a: 1 } }, /does not fit "Description"/],
	])('refuses %s before sending', async (_name, values, message) => {
		setting.sim.server.resetCalls();
		const failure = await failureOf(records.update(ITEMS, setting.products['W-1']!, values));
		expect(failure.kind).toBe('rejected');
		expect(failure.message).toMatch(message);
		expect((await failureOf(records.create(ITEMS, values))).kind).toBe('rejected');
		expect(writes()).toEqual([]);
	});

	it('refuses wrong rows before sending, and numbers right ones itself', async () => {
		const { order: set } = partsOf(setting);
		const ref = order(setting, client(setting, 'Rows'), [['W-1', 1, 10], ['W-2', 1, 20]]);
		setting.sim.unpost(set, ref);
		setting.sim.server.resetCalls();
		expect((await failureOf(records.update(set, ref, { Товары: [{ Номенклатура_Key: setting.products['W-1'], Колво: 1 }] }))).message).toMatch(/Товары, row 1 has no property "Колво"/);
		expect((await failureOf(records.update(set, ref, { Товары: { Количество: 1 } }))).message).toMatch(/not a list of rows/);
		expect((await failureOf(records.update(set, ref, { Товары: [{ Количество: 'много' }] }))).message).toMatch(/row 1.*does not fit "Количество"/);
		expect(writes()).toEqual([]);
		await records.update(set, ref, { Товары: [{ LineNumber: 7, Номенклатура_Key: setting.products['W-2'], Количество: '3.5' }, { Номенклатура_Key: setting.products['W-1'], Количество: 1 }] });
		expect((setting.sim.get(set, ref)!.Товары as Array<Record<string, unknown>>).map(({ LineNumber, Количество, Номенклатура_Key }) => [String(LineNumber), Количество, Номенклатура_Key])).toEqual([['1', 3.5, setting.products['W-2']], ['2', 1, setting.products['W-1']]]);
	});

	it('never writes "Posted", and does not mark a posted document', async () => {
		const { order: set } = partsOf(setting);
		const ref = order(setting, client(setting, 'Posted'), [['W-1', 1, 10]]);
		setting.sim.server.resetCalls();
		expect(await failureOf(records.update(set, ref, { Posted: false }))).toMatchObject({ kind: 'rejected' });
		const failure = await failureOf(records.remove(set, ref));
		expect(failure.kind).toBe('rejected');
		expect(failure.message).toContain(String(setting.sim.get(set, ref)!.Number).trim());
		expect(failure.message).toMatch(/[Uu]npost/);
		expect(writes()).toEqual([]);
		expect(setting.sim.get(set, ref)).toMatchObject({ Posted: true, DeletionMark: false });
	});

	it('a create whose answer is lost is not sent again, and says so', async () => {
		setting.sim.server.plan({ at: (call) => call.operation === `POST ${ITEMS}`, kind: 'reset-after' });
		const before = setting.sim.records(ITEMS).length;
		const failure = await failureOf(records.create(ITEMS, { Description: 'Once', Артикул: 'ONCE' }));
		expect(failure.kind).toBe('unknown');
		expect(failure.message).toMatch(/Look into 1C/);
		expect(setting.sim.records(ITEMS)).toHaveLength(before + 1);
	});

	it('a create with an id of its own is found again when its answer is lost', async () => {
		setting.sim.server.plan({ at: (call) => call.operation === `POST ${ITEMS}`, kind: 'reset-after' });
		expect(await records.create(ITEMS, { Ref_Key: NOWHERE, Description: 'Once' })).toMatchObject({ Ref_Key: NOWHERE, Description: 'Once' });
	});

	it('tells fields with their kinds, and where a reference leads', async () => {
		const fields = await records.fields(ITEMS);
		const by = new Map(fields.map((field) => [field.name, field]));
		expect(by.get('Description')).toMatchObject({ type: 'text', writable: true });
		expect(by.get('DataVersion')).toMatchObject({ writable: false });
		expect(by.get('Ref_Key')).toMatchObject({ writable: false });
		expect(by.get('IsFolder')).toMatchObject({ type: 'boolean' });
		expect(fields.some(({ referenceTo }) => referenceTo?.some((set) => set.startsWith('Catalog_')))).toBe(true);
	});

	it('offers lists for the editor', async () => {
		const services = setting.services();
		for (const list of ['organizations', 'currencies', 'taxes', 'productCodes', 'catalogs', 'documents', 'registers', 'exchangePlans', 'warehouses']) expect([list, (await choices(services, list)).length > 0]).toEqual([list, true]);
		expect((await choices(services, 'productCodes')).map(({ value }) => value)).toEqual(expect.arrayContaining(['W-1', 'W-4']) as string[]);
		expect(setting.calls()).not.toContain('GET $metadata');
		const documents = await choices(services, 'documents');
		expect(documents.map(({ value }) => value)).toContain(partsOf(setting).order);
		expect(documents.map(({ value }) => value)).not.toContain(`${partsOf(setting).order}_Товары`);
		expect((await choices(services, 'otherSets')).map(({ value }) => value)).toContain(`${partsOf(setting).order}_Товары`);
		expect((await choices(services, 'planNodes', 'ExchangePlan_ДляODATA')).some(({ name }) => name.includes('N8N'))).toBe(true);
		expect((await choices(services, 'tableParts', partsOf(setting).order)).map(({ value }) => value)).toContain('Товары');
		expect((await choices(services, 'functions', 'InformationRegister_КурсыВалют')).map(({ value }) => value)).toEqual(['SliceLast', 'SliceFirst']);
		expect(await choices(services, 'planNodes', '')).toEqual([]);
		expect(await choices(services, 'gone')).toEqual([]);
	});
});

describe('a filter', () => {
	const metadata: Pick<OnecMetadata, 'properties'> = { properties: async () => new Map(['Recorder', 'Recorder_Type', 'УникальныйИдентификатор', 'ИНН'].map((name) => [name, { name, type: 'String', key: false, targets: [] }])) };
	const untouched: Pick<OnecMetadata, 'properties'> = { properties: async () => Promise.reject(new Error('asked for the metadata')) };

	it.each([
		["ИНН eq '7701234567' and DeletionMark eq false"],
		[`Контрагент_Key eq guid'${NOWHERE}'`],
		["Description eq 'A+B %20'"],
		["Description eq 'O''Neil'"],
		['Количество add 1 gt 2'],
		["substringof('contains(',Description)"],
		[`Контрагент/Ref_Key eq guid'${NOWHERE}'`],
		[`Recorder eq cast(guid'${NOWHERE}','Document_X')`],
	])('passes as it is: %s', async (filter) => expect(await checkFilter(filter, 'X', untouched)).toBe(filter));

	it('is empty, or begins as in an address', async () => {
		expect(await checkFilter('  ', 'X', untouched)).toBeUndefined();
		expect(await checkFilter('$filter=ИНН eq \'1\'', 'X', untouched)).toBe("ИНН eq '1'");
	});

	it.each([
		["ИНН+eq+'1'", /as in an address/],
		["ИНН%20eq%20'1'", /as in an address/],
		["ИНН eq '1", /quote that is not closed/],
		["Description eq 'O'Neil'", /quote that is not closed/],
		["Date gt datetime'1-01-01T00:00:00'", /less than four digits/],
		["contains(Description,'x')", /substringof/],
		[`Recorder eq guid'${NOWHERE}'`, /cast\(/],
		[`Recorder eq '${NOWHERE}'`, /cast\(/],
	])('is refused where 1C would answer wrongly: %s', async (filter, message) => {
		const failure = await failureOf(checkFilter(filter, 'X', metadata));
		expect(failure.kind).toBe('rejected');
		expect(failure.message).toMatch(message);
	});

	it('by an id that is no reference passes', async () => expect(await checkFilter(`УникальныйИдентификатор eq guid'${NOWHERE}'`, 'X', metadata)).toContain('guid'));
});

describe('a key', () => {
	it.each([
		[NOWHERE.toUpperCase(), NOWHERE],
		[`guid'${NOWHERE}'`, NOWHERE],
		[`(guid'${NOWHERE}')`, NOWHERE],
		[`Recorder='${NOWHERE}', Recorder_Type='StandardODATA.Document_X'`, { Recorder: `'${NOWHERE}'`, Recorder_Type: "'StandardODATA.Document_X'" }],
		[`Period=datetime'2026-10-01T00:00:00',Валюта_Key=guid'${NOWHERE}'`, { Period: "datetime'2026-10-01T00:00:00'", Валюта_Key: `guid'${NOWHERE}'` }],
		["Имя='a,b=c',Номер=5", { Имя: "'a,b=c'", Номер: '5' }],
		["Имя='O''Neil'", { Имя: "'O''Neil'" }],
	])('is read from %s', (written, key) => expect(parseKey(written)).toEqual(key));

	it.each(['', '12', 'abc', "Имя='a", 'Имя=', "Имя='a',", "Имя='a' Имя2='b'", "A='1',A='2'", "guid'12'"])('is not read from %p', (written) => expect(parseKey(written)).toBeUndefined());

	it('is written so that it is read again', () => {
		const parts = fc.dictionary(fc.constantFrom('Period', 'Валюта_Key', 'Имя', 'Ё1'), fc.oneof(fc.string().map((text) => `'${text.replace(/'/g, "''")}'`), fc.uuid().map(guid), fc.integer().map(String)), { minKeys: 1 });
		fc.assert(fc.property(parts, (key) => expect(parseKey(writeKey(key))).toEqual(key)));
		expect(keyText(parseKey(`guid'${NOWHERE}'`)!)).toBe(`guid'${NOWHERE}'`);
	});
});

it.each([
	['Catalog_Контрагенты', 'Справочник: Контрагенты'],
	['Document_УстановкаABC_Классификации', 'Документ: УстановкаABC_Классификации'],
	['AccumulationRegister_ТоварыНаСкладах_RecordType', 'Регистр накопления: ТоварыНаСкладах (записи)'],
	['Something', 'Something'],
])('%s is called "%s"', (set, label) => expect(labelOf(set)).toBe(label));
