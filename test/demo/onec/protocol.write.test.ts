// Owns the proof of what the simulator takes, bends, drops or refuses when it is written to (reference 6).
// Must not know: the product's client code.
import { request } from 'node:http';
import { type OnecSimulator, PASSWORD, USER, defaultSwitches, startOnec } from '../../../demo/simulators/onec';
import { type Answer, type JsonObject, basic, call, refused, rows } from './api';

const A = 'a0000000-0000-4000-8000-000000000001';
const ORDER = 'Document_ЗаказКлиента';
const ITEM = 'Catalog_Номенклатура';
const NOW = Date.parse('2026-10-01T12:00:00Z');

let sim: OnecSimulator;
beforeAll(async () => {
	sim = await startOnec({ clock: { now: () => NOW } });
});
afterEach(() => {
	sim.reset();
	Object.assign(sim.switches, defaultSwitches());
});
afterAll(() => sim.stop());

const create = async (set: string, body: JsonObject, headers?: Record<string, string>): Promise<Answer> => call(sim, 'POST', `/${set}`, { body, headers });
const made = async (set: string, body: JsonObject): Promise<JsonObject> => (await create(set, body)).json as JsonObject;
const patch = (set: string, ref: string, body: JsonObject | string, headers?: Record<string, string>): Promise<Answer> => call(sim, 'PATCH', `/${set}(guid'${ref}')`, { body, headers });
const patched = async (set: string, ref: string, body: JsonObject): Promise<JsonObject> => (await patch(set, ref, body)).json as JsonObject;

/** A DELETE with exactly these headers, which fetch would not send. */
const bare = (address: string, headers: Record<string, string>): Promise<number | undefined> =>
	new Promise((resolve, reject) => {
		const sent = request(`${sim.url}/odata/standard.odata${encodeURI(address)}`, { method: 'DELETE', headers: { authorization: basic(USER, PASSWORD), ...headers } }, (answer) => {
			answer.resume();
			resolve(answer.statusCode);
		});
		sent.on('error', reject);
		sent.end();
	});

describe('POST', () => {
	it('answers 201 with the whole entity, numbers and dates filled, and a Location in raw UTF-8', async () => {
		const answer = await create(ORDER, { Комментарий: 'привет' });
		expect(answer.status).toBe(201);
		expect(answer.json).toMatchObject({ Комментарий: 'привет', Date: '2026-10-01T12:00:00', Posted: false, DataVersion: 'AAAAAAAAAAA=', Товары: [] });
		const { Ref_Key, Number } = answer.json as { Ref_Key: string; Number: string };
		expect(Number.trim()).not.toBe('');
		// The bytes of the header are the URL's UTF-8, read here as latin1.
		expect(Buffer.from(answer.headers.get('location') ?? '', 'latin1').toString('utf8')).toBe(`${sim.url}/odata/standard.odata/${ORDER}(guid'${Ref_Key}')`);
		expect(answer.headers.get('etag')).toBeNull();
	});

	it('can leave the number out of the answer, not out of the record', async () => {
		sim.switches.createdNumber = 'empty';
		const { Ref_Key, Number } = await made(ORDER, {});
		expect(Number).toBe('');
		expect(sim.get(ORDER, String(Ref_Key))?.['Number']).not.toBe('');
	});

	it('takes our own Ref_Key, and refuses it the second time', async () => {
		expect(await made(ITEM, { Ref_Key: A, Description: 'Один' })).toMatchObject({ Ref_Key: A });
		expect(await refused(sim, 'POST', `/${ITEM}`, { body: { Ref_Key: A, Description: 'Два' } })).toBe('400/15');
		expect(sim.get(ITEM, A)?.['Description']).toBe('Один');
		sim.switches.secondPost = 'overwrites';
		expect((await create(ITEM, { Ref_Key: A, Description: 'Два' })).status).toBe(201);
		expect(sim.get(ITEM, A)?.['Description']).toBe('Два');
		sim.switches.ownRefKey = 'ignored';
		expect((await made(ITEM, { Ref_Key: A }))['Ref_Key']).not.toBe(A);
	});

	it('writes a record of a register once: 200, then 400', async () => {
		const record = { Штрихкод: '4600000000017', Номенклатура_Key: A };
		expect((await create('InformationRegister_ШтрихкодыНоменклатуры', record)).status).toBe(200);
		const again = await create('InformationRegister_ШтрихкодыНоменклатуры', { ...record, Номенклатура_Key: '00000000-0000-0000-0000-000000000000' });
		expect(again.status).toBe(400);
		expect(again.text).toContain('запись с такими значениями уже существует');
		expect(sim.get('InformationRegister_ШтрихкодыНоменклатуры', '4600000000017')?.['Номенклатура_Key']).toBe(A);
	});

	it('writes no rows of table parts by themselves', async () => {
		expect(await refused(sim, 'POST', `/${ORDER}_Товары`, { body: { Ref_Key: A, LineNumber: 1 } })).toBe('400/13');
	});

	it('reads Atom, too', async () => {
		const body = `<entry xmlns="http://www.w3.org/2005/Atom"><content type="application/xml"><m:properties xmlns:m="m" xmlns:d="d"><d:Description>A &amp; B</d:Description><d:Вес>1.5</d:Вес></m:properties></content></entry>`;
		const answer = await call(sim, 'POST', `/${ITEM}`, { body, headers: { 'content-type': 'application/atom+xml' } });
		expect(answer).toMatchObject({ status: 201, json: { Description: 'A & B' } });
		expect(await refused(sim, 'POST', `/${ITEM}`, { body: 'x', headers: { 'content-type': 'text/plain' } })).toBe('415/3');
	});
});

describe('what is accepted without a word', () => {
	it('unknown properties, a Ref_Key in PATCH, text in an Int64, over-long text, dangling references', async () => {
		const order = await made(ORDER, { Товары: [{ LineNumber: '1', Количество: 1 }] });
		const ref = String(order['Ref_Key']);
		await patch(ORDER, ref, { МаксимальныйКодСтроки: 7 });
		const answer = await patch(ORDER, ref, { Выдумка: 1, Ref_Key: A, МаксимальныйКодСтроки: 'семь', НомерПоДаннымКлиента: 'x'.repeat(40), Партнер_Key: A });
		expect(answer.status).toBe(200);
		expect(answer.json).toMatchObject({ Ref_Key: ref, МаксимальныйКодСтроки: '7', НомерПоДаннымКлиента: 'x'.repeat(30), Партнер_Key: A });
		expect(answer.json).not.toHaveProperty('Выдумка');
	});

	it('a composite without its type, a zone that is cut off', async () => {
		const { Ref_Key } = await made(ORDER, { ДокументОснование: A });
		expect(sim.get(ORDER, String(Ref_Key))).toMatchObject({ ДокументОснование: '', ДокументОснование_Type: 'StandardODATA.Undefined' });
		expect(await patched(ORDER, String(Ref_Key), { Date: '2026-10-02T23:30:00.000Z' })).toMatchObject({ Date: '2026-10-02T23:30:00' });
		const typed = { ДокументОснование: A, ДокументОснование_Type: `StandardODATA.${ORDER}` };
		expect(await patched(ORDER, String(Ref_Key), typed)).toMatchObject(typed);
		expect(await patched(ORDER, String(Ref_Key), { 'Партнер@odata.bind': `Catalog_Партнеры(guid'${A}')` })).toMatchObject({ Партнер_Key: A });
	});
});

it.each<[string, JsonObject | string, string]>([
	['a guid that is none', { Партнер_Key: 'abc' }, '400/1'],
	['a boolean that is none', { Согласован: 'да' }, '400/1'],
	['a date that is none', { Date: '01.10.2026' }, '400/1'],
	['a number that is none', { СуммаПредоплатыДоОтгрузки: 'сто' }, '400/1'],
	['a list where a value stands', { Комментарий: ['x'] }, '500/-1'],
	['broken JSON', '{"Комментарий": ', '500/-1'],
	['rows without numbers', { Товары: [{ Количество: 1 }] }, '500/-1'],
	['rows that begin with 2', { Товары: [{ LineNumber: '2' }] }, '400/4'],
	['rows with a gap', { Товары: [{ LineNumber: 1 }, { LineNumber: 3 }] }, '400/4'],
	['an object where rows stand', { Товары: {} }, '500/-1'],
])('refuses %s', async (_what, body, expected) => {
	const { Ref_Key, DataVersion } = await made(ORDER, {});
	expect(await refused(sim, 'PATCH', `/${ORDER}(guid'${String(Ref_Key)}')`, { body })).toBe(expected);
	expect(sim.get(ORDER, String(Ref_Key))?.['DataVersion']).toBe(DataVersion);
});

describe('PATCH, PUT, DELETE', () => {
	it('replaces a table part as a whole and leaves the others', async () => {
		const { Ref_Key } = await made(ORDER, { Товары: [{ LineNumber: '1', Количество: 1 }, { LineNumber: '2', Количество: 2 }], ДополнительныеРеквизиты: [{ LineNumber: '1', ТекстоваяСтрока: 'x' }] });
		const changed = await patched(ORDER, String(Ref_Key), { Товары: [{ LineNumber: 1, Количество: 3 }] });
		expect(changed['Товары']).toEqual([expect.objectContaining({ LineNumber: '1', Количество: 3 })]);
		expect(changed['ДополнительныеРеквизиты']).toHaveLength(1);
	});

	it.each([
		['object', /^AAAAAAAAA.[AEIQUYcgkosw048]=$/],
		['table', /^AAAA..AAAAA=$/],
		['row', /^AAAAAAAE...=$/],
	] as const)('moves the version with every write, by %s', async (flavour, form) => {
		const set = 'Catalog_СтраныМира';
		sim.switches.dataVersion = flavour;
		const first = await made(set, { Description: 'x' });
		const versions = [first, await patched(set, String(first['Ref_Key']), { Description: 'x' }), await patched(set, String(first['Ref_Key']), {})].map((row) => String(row['DataVersion']));
		expect(new Set(versions).size).toBe(3);
		for (const version of versions) expect(version).toMatch(form);
		for (const version of versions) expect(Buffer.from(version, 'base64')).toHaveLength(8);
	});

	it('ignores If-Match, or honours it where a server does', async () => {
		const { Ref_Key, DataVersion } = await made(ITEM, { Description: 'x' });
		const ref = String(Ref_Key);
		expect((await patch(ITEM, ref, { Description: 'y' }, { 'if-match': 'AAAAAAAAAAk=' })).status).toBe(200);
		sim.switches.ifMatch = 'honoured';
		expect((await patch(ITEM, ref, { Description: 'z' }, { 'if-match': String(DataVersion) })).status).toBe(412);
		const current = (): string => String(sim.get(ITEM, ref)?.['DataVersion']);
		expect((await patch(ITEM, ref, {}, { 'if-match': current() })).status).toBe(200);
		expect((await patch(ITEM, ref, {}, { 'if-match': `W/"${current()}"` })).status).toBe(200);
	});

	it('deletes physically, and wants a length with every request that could have a body', async () => {
		const { Ref_Key } = await made(ITEM, {});
		const address = `/${ITEM}(guid'${String(Ref_Key)}')`;
		expect(await bare(address, {})).toBe(411);
		expect(await bare(address, { 'content-length': '0' })).toBe(204);
		expect(await refused(sim, 'GET', address)).toBe('404/9');
		expect(await bare(address, { 'content-length': '0' })).toBe(404);
	});

	it('empties with PUT what was not sent', async () => {
		const { Ref_Key } = await made(ITEM, { Description: 'x', Артикул: 'W-9' });
		const answer = await call(sim, 'PUT', `/${ITEM}(guid'${String(Ref_Key)}')`, { body: { Description: 'y' } });
		expect(answer).toMatchObject({ status: 200, json: { Description: 'y', Артикул: '' } });
	});

	it('writes constants by the zero guid', async () => {
		const address = "/Constant_НаименованиеСистемы(guid'00000000-0000-0000-0000-000000000000')";
		expect((await call(sim, 'PATCH', address, { body: { Value: 'Проба' } })).json).toMatchObject({ Value: 'Проба' });
		expect(await rows(sim, '/Constant_НаименованиеСистемы')).toMatchObject([{ Value: 'Проба' }]);
	});

	it('writes the record set of a recorder as a whole', async () => {
		const set = 'InformationRegister_СуммыДокументовВВалютахУчета';
		const recorder = { Recorder: A, Recorder_Type: `StandardODATA.${ORDER}` };
		const body = { ...recorder, 'RecordSet@odata.type': 'x', RecordSet: [{ LineNumber: '1', Period: '2026-10-01T12:00:00', СуммаБезНДС: 10 }, { LineNumber: '2', Period: '2026-10-01T12:00:00', СуммаБезНДС: 20 }] };
		expect((await create(set, body)).status).toBe(200);
		expect(await rows(sim, `/${set}_RecordType`)).toMatchObject([{ ...recorder, LineNumber: '1', СуммаБезНДС: 10, Active: true }, { LineNumber: '2' }]);
		const address = `/${set}(Recorder='${A}',Recorder_Type='StandardODATA.${ORDER}')`;
		await call(sim, 'PATCH', address, { body: { RecordSet: [{ LineNumber: 1, СуммаБезНДС: 5 }] } });
		expect(sim.records(`${set}_RecordType`)).toMatchObject([{ ...recorder, СуммаБезНДС: 5 }]);
	});

	it('keeps a stored value as type and base64, and gives its bytes', async () => {
		const set = 'Catalog_НоменклатураПрисоединенныеФайлы';
		const { Ref_Key, ...row } = await made(set, { Description: 'f', ФайлХранилище_Type: 'image/png', ФайлХранилище_Base64Data: Buffer.from([1, 2, 255]).toString('base64') });
		expect(row).toMatchObject({ ФайлХранилище_Type: 'image/png', ТекстХранилище_Type: null, ТекстХранилище_Base64Data: null });
		expect(row).not.toHaveProperty('ФайлХранилище');
		const response = await fetch(`${sim.url}/odata/standard.odata${encodeURI(`/${set}(guid'${String(Ref_Key)}')/ФайлХранилище/$value`)}`, { headers: { authorization: basic(USER, PASSWORD) } });
		expect(response.headers.get('content-type')).toBe('image/png');
		expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([1, 2, 255]);
	});
});
