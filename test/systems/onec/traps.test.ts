// Proves, one by one, that none of 1C's known traps catches the client: addresses, values, formats.
// First that the simulated server really has it (asked with plain requests), then what the client makes of it.
// Sections of the reference stand in the names.
import { datetime, guid, text } from '../../../nodes/OneC/onec.literals';
import { EMPTY_DATE, isDate, momentOf, text as plain, utc, wallClock, whole } from '../../../nodes/OneC/onec.values';
import { basicAuth } from '../../../nodes/OneC/onec.wire';
import { failureOf, PASSWORD, type Setting, shared, USER } from './setting';
import { client, order } from './desk';
import { naive } from './traps.naive';

const CLIENTS = 'Catalog_Контрагенты';
const CURRENCIES = 'Catalog_Валюты';
const ORDERS = 'Document_ЗаказКлиента';
const PRICES = 'InformationRegister_ЦеныНоменклатуры25_RecordType';
const ID = '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f';

let stage: Setting;
shared((made) => (stage = made));

const add = (fields: Record<string, string>): string => String(stage.sim.insert(CLIENTS, { Description: 'Ромашка', ...fields }).Ref_Key);
const posted = (): string => order(stage, client(stage, 'Покупатель'), [['W-1', 1, 100]]);

describe('addresses (1)', () => {
	it('"+" for a blank: the server drops the filter, the client never sends one', async () => {
		add({ Description: 'Ромашка белая' });
		const filter = encodeURIComponent("Description eq 'Ромашка белая'");
		expect((await naive(stage, 'GET', `${CLIENTS}?$format=json&$filter=${filter.replace(/%20/g, '+')}`)).rows.length).toBeGreaterThan(1);
		expect(await stage.session().rows(CLIENTS, { filter: "Description eq 'Ромашка белая'" })).toHaveLength(1);
		expect(stage.sim.server.calls.at(-1)?.path).not.toContain('+');
	});

	it('a real plus sign in a value arrives as one', async () => {
		const id = add({ Description: 'A + B' });
		expect(await stage.session().rows(CLIENTS, { filter: "Description eq 'A + B'", select: 'Ref_Key' })).toEqual([{ Ref_Key: id }]);
	});

	it('an apostrophe in a value is doubled, "ё" stays "ё"', async () => {
		const id = add({ Description: "Д'Артаньян & ёж %20" });
		expect(await stage.session().rows(CLIENTS, { filter: `Description eq ${text("Д'Артаньян & ёж %20")}`, select: 'Ref_Key' })).toEqual([{ Ref_Key: id }]);
	});

	it('a path segment longer than IIS takes: HTML "Invalid URL"; the client puts a long condition into the query', async () => {
		const condition = Object.values(stage.products).map((id) => `Номенклатура_Key eq ${guid(id)}`).join(' or ');
		const answer = await naive(stage, 'GET', `${PRICES}/SliceLast(Condition=${encodeURIComponent(text(condition))})?$format=json`);
		expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('<') as unknown });
		expect((await stage.session().call(PRICES, 'SliceLast', { Condition: text(condition), Period: datetime('2026-12-01') })).length).toBeGreaterThan(0);
	});

	it('"?", "+" and "\\" do not travel in a path even encoded: refused before sending', async () => {
		expect((await naive(stage, 'GET', `${CLIENTS}(Code='a%2Bb')?$format=json`)).status).toBe(400);
		stage.sim.server.resetCalls();
		expect(await failureOf(stage.session().read(CLIENTS, { Code: "'a+b'" }))).toMatchObject({ kind: 'rejected' });
		expect(stage.calls()).toEqual([]);
	});

	it('no enumerations among the sets: told as not published', async () => {
		expect(await failureOf(stage.session().rows('Enum_ЮрФизЛицо'))).toMatchObject({ kind: 'denied', code: '8' });
	});
});


describe('values (3)', () => {
	it('whole numbers come as text', async () => {
		const id = posted();
		const lines = (await stage.session().read(ORDERS, id)).Товары as Array<Record<string, unknown>>;
		expect(lines[0]!.LineNumber).toBe('1');
		expect(whole(lines[0]!.LineNumber)).toBe(1);
		expect(whole('12345678901234567')).toBeUndefined();
	});

	it('texts of fixed length are padded with blanks', async () => {
		const [row] = await stage.session().rows('Catalog_Организации', { top: 1 });
		expect(row!.Префикс).toMatch(/ +$/);
		expect(plain(row!.Префикс)).not.toMatch(/ $/);
		expect(plain('    ')).toBeUndefined();
	});

	it('empty values are not missing: zero guid, year 1', async () => {
		const [row] = await stage.session().rows(CLIENTS, { filter: `Ref_Key eq ${guid(add({}))}` });
		expect(row).toHaveProperty('Партнер_Key', '00000000-0000-0000-0000-000000000000');
		const [document] = await stage.session().rows(ORDERS, { filter: `Ref_Key eq ${guid(String(stage.sim.insert(ORDERS, { Date: '2026-10-01T00:00:00' }).Ref_Key))}`, select: ['ДатаПоДаннымКлиента'] });
		expect(document).toEqual({ ДатаПоДаннымКлиента: EMPTY_DATE });
		expect(isDate(EMPTY_DATE)).toBe(false);
	});

	it('dates have no zone: taken as the infobase\'s wall clock, never shifted silently', () => {
		expect(utc('2026-10-01T12:00:00', 'Europe/Moscow')).toBe('2026-10-01T09:00:00Z');
		expect(utc('2026-10-01T02:00:00', 'Asia/Yekaterinburg')).toBe('2026-09-30T21:00:00Z');
		expect(wallClock('2026-10-01T09:00:00Z', 'Europe/Moscow')).toBe('2026-10-01T12:00:00');
		expect(wallClock('2026-10-01T12:00:00', 'Europe/Moscow')).toBe('2026-10-01T12:00:00');
		expect(wallClock('2026-10-01', 'Asia/Vladivostok')).toBe('2026-10-01T00:00:00');
		expect(utc(EMPTY_DATE, 'Europe/Moscow')).toBeUndefined();
		// Moscow was four hours ahead then; the hour that Berlin's clock shows twice is its first.
		expect(utc('2012-07-01T12:00:00', 'Europe/Moscow')).toBe('2012-07-01T08:00:00Z');
		expect(utc('2026-10-25T02:30:00', 'Europe/Berlin')).toBe('2026-10-25T00:30:00Z');
		expect(momentOf('2026-10-01', 'UTC')).toBe(Date.UTC(2026, 9, 1));
	});

	it.each(['2026-02-30', '2026-13-01T00:00:00', 'yesterday', '2026-10-01T25:00:00'])('%s is no date', (value) => {
		expect(wallClock(value, 'UTC')).toBeUndefined();
	});

	it('a byte order mark stands before errors and counts', async () => {
		stage.sim.switches.bom = true;
		expect((await fetch(`${stage.sim.url}/odata/standard.odata/${CLIENTS}/$count`, { headers: { Authorization: basicAuth(USER, PASSWORD) } }).then(async (response) => Buffer.from(await response.arrayBuffer()))).subarray(0, 3).toString('hex')).toBe('efbbbf');
		expect(await failureOf(stage.session().read(CLIENTS, ID))).toMatchObject({ kind: 'missing', code: '9' });
		const counted = stage.session({}, async (request, send) => (request.query?.$inlinecount ? { status: 400, headers: { 'content-type': 'application/json' }, text: '{"odata.error":{"code":"0","message":{"lang":"ru","value":"x"}}}' } : await send(request)));
		expect(await counted.count(CURRENCIES)).toBe(stage.sim.records(CURRENCIES).length);
	});

	it('the server\'s inner host name is not asked for', async () => {
		expect((await naive(stage, 'GET', `${CURRENCIES}?$format=json`)).text).toContain('odata.metadata');
		for (const row of await stage.session().rows(CURRENCIES)) expect(Object.keys(row).filter((name) => name.includes('@') || name.startsWith('odata.'))).toEqual([]);
	});

	it.each(['object', 'table', 'row'] as const)('DataVersion of the kind "%s": only equality counts', async (dataVersion) => {
		stage.sim.switches.dataVersion = dataVersion;
		const session = stage.session();
		const { Ref_Key, DataVersion } = await session.create(CLIENTS, { Description: 'x' });
		const after = await session.patch(CLIENTS, String(Ref_Key), { Description: 'x' }, { version: String(DataVersion) });
		expect(after.DataVersion).not.toBe(DataVersion);
		expect(await failureOf(session.patch(CLIENTS, String(Ref_Key), { Description: 'y' }, { version: String(DataVersion) }))).toMatchObject({ kind: 'conflict' });
	});
});


describe('formats (4)', () => {
	it('Atom is the default, and Accept may not be heeded: $format decides', async () => {
		stage.sim.switches.accept = 'ignored';
		expect((await naive(stage, 'GET', CURRENCIES)).headers.get('content-type')).toContain('atom');
		expect((await stage.session().rows(CURRENCIES)).length).toBeGreaterThan(0);
	});
});
