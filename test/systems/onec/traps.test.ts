// Proves, one by one, that none of 1C's known traps catches the client: first that the simulated server really has it
// (asked with plain requests), then what the client makes of it. Sections of the reference stand in the names.
import { datetime, guid, refTo, text } from '../../../nodes/OneC/onec.literals';
import { answerFailure } from '../../../nodes/OneC/onec.failures';
import { EMPTY_DATE, isDate, momentOf, text as plain, utc, wallClock, whole } from '../../../nodes/OneC/onec.values';
import { basicAuth } from '../../../nodes/OneC/onec.wire';
import { failureOf, PASSWORD, setUp, type Setting, USER } from './setting';
import { client, order } from './desk';

const CLIENTS = 'Catalog_Контрагенты';
const CURRENCIES = 'Catalog_Валюты';
const ITEMS = 'Catalog_Номенклатура';
const ORDERS = 'Document_ЗаказКлиента';
const SHIPMENTS = 'Document_РеализацияТоваровУслуг';
const PRICES = 'InformationRegister_ЦеныНоменклатуры25_RecordType';
const STOCK = 'AccumulationRegister_ТоварыНаСкладах';
const ID = '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f';

let stage: Setting;
beforeAll(async () => void (stage = await setUp()));
beforeEach(() => stage.renew());
afterAll(async () => await stage.stop());

interface Plain {
	status: number;
	text: string;
	headers: Headers;
	rows: Array<Record<string, unknown>>;
}

/** A request as somebody sends it who knows none of the traps. */
async function naive(method: string, address: string, headers: Record<string, string> = {}, body?: string): Promise<Plain> {
	const response = await fetch(`${stage.sim.url}/odata/standard.odata/${address}`, { method, body, headers: { Authorization: basicAuth(USER, PASSWORD), Accept: 'application/json', ...headers } });
	const received = await response.text();
	let rows: Plain['rows'] = [];
	try {
		rows = (JSON.parse(received.replace(/^\ufeff/, '')) as { value?: Plain['rows'] }).value ?? [];
	} catch {
		// Not JSON: the text tells.
	}
	return { status: response.status, text: received, headers: response.headers, rows };
}

const add = (fields: Record<string, string>): string => String(stage.sim.insert(CLIENTS, { Description: 'Ромашка', ...fields }).Ref_Key);
const posted = (): string => order(stage, client(stage, 'Покупатель'), [['W-1', 1, 100]]);

describe('addresses (1)', () => {
	it('"+" for a blank: the server drops the filter, the client never sends one', async () => {
		add({ Description: 'Ромашка белая' });
		const filter = encodeURIComponent("Description eq 'Ромашка белая'");
		expect((await naive('GET', `${CLIENTS}?$format=json&$filter=${filter.replace(/%20/g, '+')}`)).rows.length).toBeGreaterThan(1);
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
		const answer = await naive('GET', `${PRICES}/SliceLast(Condition=${encodeURIComponent(text(condition))})?$format=json`);
		expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('<') as unknown });
		expect((await stage.session().call(PRICES, 'SliceLast', { Condition: text(condition), Period: datetime('2026-12-01') })).length).toBeGreaterThan(0);
	});

	it('"?", "+" and "\\" do not travel in a path even encoded: refused before sending', async () => {
		expect((await naive('GET', `${CLIENTS}(Code='a%2Bb')?$format=json`)).status).toBe(400);
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
		expect((await naive('GET', `${CURRENCIES}?$format=json`)).text).toContain('odata.metadata');
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
		expect((await naive('GET', CURRENCIES)).headers.get('content-type')).toContain('atom');
		expect((await stage.session().rows(CURRENCIES)).length).toBeGreaterThan(0);
	});
});

describe('queries (5)', () => {
	it('an attribute of several types compared with a plain guid finds nothing, silently; as a cast it finds', async () => {
		const id = posted();
		stage.sim.ship(id);
		const plainGuid = await stage.session().rows(SHIPMENTS, { filter: `ЗаказКлиента eq ${guid(id)}` });
		expect(plainGuid).toEqual([]);
		expect(await stage.session().rows(SHIPMENTS, { filter: `ЗаказКлиента eq ${refTo(ORDERS, id)}`, select: 'Ref_Key' })).toHaveLength(1);
	});

	it('a text of unlimited length cannot be compared: told in 1C\'s words', async () => {
		expect(await failureOf(stage.session().rows(ORDERS, { filter: "Комментарий eq 'x'" }))).toMatchObject({ kind: 'rejected', said: expect.stringContaining('неограниченной длины') as unknown });
	});

	it('an expand that is not selected is dropped silently: the client selects it', async () => {
		posted();
		expect((await naive('GET', `${ORDERS}?$format=json&$select=Ref_Key&$expand=${encodeURIComponent('Контрагент')}`)).rows[0]).not.toHaveProperty('Контрагент');
		expect((await stage.session().rows(ORDERS, { select: ['Ref_Key'], expand: ['Контрагент'] }))[0]).toHaveProperty('Контрагент.Description', 'Покупатель');
	});

	it('without an order pages repeat and lose records: the client asks for one', async () => {
		stage.sim.switches.rotateUnordered = true;
		for (let i = 0; i < 25; i++) add({ Description: `Лист ${i}` });
		const filter = "startswith(Description,'Лист')";
		const seen = new Set<unknown>();
		for (let skip = 0; skip < 25; skip += 5) for (const row of (await naive('GET', `${CLIENTS}?$format=json&$top=5&$skip=${skip}&$filter=${encodeURIComponent(filter)}`)).rows) seen.add(row.Ref_Key);
		expect(seen.size).toBeLessThan(25);
		const rows: unknown[] = [];
		for await (const page of stage.session().pages(CLIENTS, { filter }, 5)) rows.push(...page.map((row) => row.Ref_Key));
		expect(new Set(rows).size).toBe(25);
		expect(rows).toHaveLength(25);
	});

	it('an order is silently not heeded on registers: told rather than losing records, or read at once', async () => {
		stage.sim.switches.rotateUnordered = true;
		const rows: string[] = [];
		for await (const page of stage.session().pages(PRICES, {}, 2)) rows.push(...page.map((row) => JSON.stringify([row.Recorder ?? row.Recorder_Key, row.LineNumber])));
		expect(new Set(rows).size).toBe(stage.sim.records(PRICES).length);
		expect(rows).toHaveLength(stage.sim.records(PRICES).length);
	});

	it('an order that depends on what records are called does not stop when one is renamed', async () => {
		const made = Array.from({ length: 20 }, (_, i) => add({ Description: `Имя ${String(i).padStart(2, '0')}` }));
		const seen: unknown[] = [];
		for await (const page of stage.session().pages(CLIENTS, { filter: "startswith(Description,'Имя')" }, 5)) {
			if (seen.length === 0) stage.sim.patch(CLIENTS, made[19]!, { Description: 'Имя 00 первое' });
			seen.push(...page.map((row) => row.Ref_Key));
		}
		expect(made.filter((id) => !seen.includes(id))).toEqual([]);
		expect(new Set(seen).size).toBe(seen.length);
	});

	it('a virtual table takes no $skip: told, not an endless list', async () => {
		const call = stage.session().call(STOCK, 'Balance', {}, { skip: 1 });
		expect((await failureOf(call)).kind).toBe('rejected');
		stage.sim.switches.virtualSkip = 'works';
		expect(Array.isArray(await stage.session().call(STOCK, 'Balance', {}, { skip: 1 }))).toBe(true);
	});

	it('/$count may be missing: counted in the list', async () => {
		stage.sim.switches.count = 'unavailable';
		expect((await naive('GET', `${CURRENCIES}/$count`)).status).toBeGreaterThanOrEqual(400);
		expect(await stage.session().count(CURRENCIES)).toBe(stage.sim.records(CURRENCIES).length);
	});

	it('a hidden record refuses the whole answer; "allowed only" gives the rest', async () => {
		const id = add({ Description: 'Скрытый' });
		stage.sim.switches.hiddenRows = { [CLIENTS]: [id] };
		expect(await failureOf(stage.session().rows(CLIENTS))).toMatchObject({ kind: 'denied', code: '20', advice: expect.stringContaining('allowed only') as unknown });
		expect((await stage.session().rows(CLIENTS, { allowedOnly: true })).map((row) => row.Ref_Key)).not.toContain(id);
	});

	it('a field that may not be filtered by: told in 1C\'s words', async () => {
		stage.sim.switches.unfilterable = [`${CLIENTS}.ИНН`];
		expect(await failureOf(stage.session().rows(CLIENTS, { filter: "ИНН eq '1'" }))).toMatchObject({ kind: 'denied', said: expect.stringContaining('ГДЕ') as unknown });
	});

	it('not enough memory for a page: a quarter of it, and so on', async () => {
		for (let i = 0; i < 12; i++) add({ Description: `Тяжелый ${i}` });
		stage.sim.switches.memoryRows = 3;
		expect(await failureOf(stage.session().rows(CLIENTS))).toMatchObject({ kind: 'rejected', code: 'memory' });
		const rows: unknown[] = [];
		for await (const page of stage.session().pages(CLIENTS, { filter: "startswith(Description,'Тяжелый')" })) rows.push(...page);
		expect(rows).toHaveLength(12);
	});

	it('an option that 1C does not know is refused by 1C and told', async () => {
		expect(await failureOf(stage.session().raw({ method: 'GET', path: CURRENCIES, query: { $search: 'x' } }))).toMatchObject({ kind: 'rejected', code: '0' });
	});
});

describe('writing (6)', () => {
	it('a GET of /Post posts: the client does not send it', async () => {
		const id = String(posted());
		stage.sim.unpost(ORDERS, id);
		expect((await naive('GET', `${ORDERS}(guid'${id}')/Post`)).status).toBe(200);
		expect(stage.sim.get(ORDERS, id)?.Posted).toBe(true);
		stage.sim.server.resetCalls();
		expect(await failureOf(stage.session().raw({ method: 'GET', path: `${ORDERS}(guid'${id}')/Unpost` }))).toMatchObject({ kind: 'rejected' });
		expect(stage.calls()).toEqual([]);
	});

	it.each(['posts', 'flag-only'] as const)('"Posted" as a field (%s): the client does not send it', async (patchPosted) => {
		stage.sim.switches.patchPosted = patchPosted;
		const id = posted();
		stage.sim.unpost(ORDERS, id);
		expect(await failureOf(stage.session().patch(ORDERS, id, { Posted: true }))).toMatchObject({ kind: 'rejected' });
		expect(stage.sim.get(ORDERS, id)?.Posted).toBe(false);
	});

	it('unknown names are taken silently: any object is written only after a check against the metadata', async () => {
		const silent = await naive('POST', `${CLIENTS}?$format=json`, { 'Content-Type': 'application/json' }, JSON.stringify({ Description: 'Тихий', НетТакого: 1 }));
		expect(silent.status).toBe(201);
		const before = stage.sim.records(CLIENTS).length;
		const failure = await failureOf(stage.connect().records.create(CLIENTS, { Description: 'Громкий', НетТакого: 1 }));
		expect(failure).toMatchObject({ kind: 'rejected', message: expect.stringContaining('НетТакого') as unknown });
		expect(stage.sim.records(CLIENTS)).toHaveLength(before);
	});

	it('If-Match is not heeded: the version is compared by a read just before', async () => {
		const id = add({});
		expect((await naive('PATCH', `${CLIENTS}(guid'${id}')?$format=json`, { 'Content-Type': 'application/json', 'If-Match': 'AAAAAAAAAAk=' }, '{"Description":"A"}')).status).toBe(200);
		expect(await failureOf(stage.session().patch(CLIENTS, id, { Description: 'B' }, { version: 'AAAAAAAAAAk=' }))).toMatchObject({ kind: 'conflict' });
		expect(stage.sim.get(CLIENTS, id)?.Description).toBe('A');
	});

	it('a second record under the same id is a conflict, told as such', async () => {
		await stage.session().create(CLIENTS, { Ref_Key: ID, Description: 'A' });
		expect(await failureOf(stage.session().create(CLIENTS, { Ref_Key: ID, Description: 'B' }))).toMatchObject({ kind: 'conflict', code: '15' });
		expect(stage.sim.get(CLIENTS, ID)?.Description).toBe('A');
	});

	it('Location comes in raw UTF-8 bytes: the answer is read all the same', async () => {
		const made = await stage.session({}, async (request, send) => {
			const answer = await send(request);
			expect(Buffer.from(answer.headers.location ?? '', 'latin1').toString('utf8')).toContain(CLIENTS);
			return answer;
		}).create(CLIENTS, { Description: 'x' });
		expect(made).toHaveProperty('Ref_Key');
	});

	it('IIS wants a length even of an empty body', async () => {
		const session = stage.session();
		const id = String((await session.create(CLIENTS, { Description: 'x' })).Ref_Key);
		await session.remove(CLIENTS, id);
		expect(stage.sim.get(CLIENTS, id)).toBeUndefined();
	});

	it('rows without a line number, or not from 1 on, are refused: told as 1C says it', async () => {
		const id = posted();
		expect(await failureOf(stage.session().patch(ORDERS, id, { Товары: [{ LineNumber: '2', Количество: 1 }] }))).toMatchObject({ kind: 'rejected' });
		expect(await failureOf(stage.session().patch(ORDERS, id, { Товары: [{ Количество: 1 }] }))).toMatchObject({ kind: 'rejected', code: '-1' });
		expect(await failureOf(stage.session().create(`${ORDERS}_Товары`, { Количество: 1 }))).toMatchObject({ kind: 'rejected', code: '13' });
	});

	it('what the configuration says when it refuses to post reaches the user', async () => {
		const id = posted();
		stage.sim.unpost(ORDERS, id);
		stage.sim.patch(ORDERS, id, { DeletionMark: true });
		const failure = await failureOf(stage.session().post(ORDERS, id));
		expect(failure).toMatchObject({ kind: 'rejected', code: '-1', said: expect.stringContaining('Помеченный на удаление') as unknown });
		expect(failure.message).toContain('Помеченный на удаление');
	});

	it('posting is not "operational", which would demand today\'s date', async () => {
		const id = posted();
		stage.sim.server.resetCalls();
		await stage.session().post(ORDERS, id);
		expect(decodeURIComponent(stage.sim.server.calls[0]!.path)).toContain('PostingModeOperational=false');
		await stage.session().unpost(ORDERS, id);
		expect(stage.sim.get(ORDERS, id)?.Posted).toBe(false);
		// Both may be said twice.
		await stage.session().unpost(ORDERS, id);
	});

	it('a lost answer to a write is never followed by a second write', async () => {
		stage.sim.server.plan({ kind: 'bad-gateway-after', at: (call) => call.method === 'POST' });
		expect(await failureOf(stage.session().create(CLIENTS, { Description: 'Один' }))).toMatchObject({ kind: 'unknown' });
		expect(stage.sim.records(CLIENTS).filter((row) => row.Description === 'Один')).toHaveLength(1);
	});
});

describe('errors (7)', () => {
	it('401 twice: rights with code 20, the password without', async () => {
		stage.sim.switches.forbiddenSets = [ORDERS];
		expect(await failureOf(stage.session().rows(ORDERS))).toMatchObject({ kind: 'denied', code: '20', message: expect.stringContaining(ORDERS) as unknown });
		expect(await failureOf(stage.session({ password: 'x' }).rows(ORDERS))).toMatchObject({ kind: 'denied', code: 'login refused' });
	});

	it.each([false, true])('a missing record and an unpublished set, both 404 (IIS in front: %s)', async (iisReplaces404) => {
		stage.sim.switches.iisReplaces404 = iisReplaces404;
		stage.sim.switches.unpublished = [CURRENCIES];
		const session = stage.session();
		expect(await failureOf(session.read(CLIENTS, ID))).toMatchObject({ kind: 'missing', code: '9' });
		expect(await session.readIfThere(CLIENTS, ID)).toBeUndefined();
		for (const call of [session.read(CURRENCIES, ID), session.rows(CURRENCIES), session.patch(CURRENCIES, ID, {}), session.readIfThere(CURRENCIES, ID)]) {
			expect(await failureOf(call)).toMatchObject({ kind: 'denied', code: '8', message: expect.stringContaining('Настройка автоматического REST-сервиса') as unknown });
		}
	});

	it.each(['ru', 'en'] as const)('kinds do not depend on the language of the server: %s', async (language) => {
		stage.sim.switches.language = language;
		expect((await failureOf(stage.session().read(CLIENTS, ID))).kind).toBe('missing');
		expect((await failureOf(stage.session().rows('Catalog_Нет'))).kind).toBe('denied');
		expect((await failureOf(stage.session().rows(CLIENTS, { filter: 'Description eq' }))).kind).toBe('rejected');
	});

	it.each(['exception', 'html'] as const)('an error in another shape (%s) is no success and no proof of anything', async (errorShape) => {
		stage.sim.switches.errorShape = errorShape;
		expect((await failureOf(stage.session().rows(CLIENTS, { filter: 'Description eq' }))).message.length).toBeGreaterThan(20);
		expect((await failureOf(stage.session().create(CLIENTS, { ИНН: 1, Description: [] }))).kind).not.toBe('missing');
	});

	it('a page for people with status 200 is never "no records"', async () => {
		stage.sim.switches.htmlWith200 = true;
		expect((await naive('GET', `${CLIENTS}?$format=json`)).status).toBe(200);
		expect(['denied', 'transient']).toContain((await failureOf(stage.session().rows(CLIENTS))).kind);
		expect(await failureOf(stage.session().create(CLIENTS, { Description: 'x' }))).toMatchObject({ kind: 'unknown' });
	});

	it('nobody may log in just now: something that passes', async () => {
		stage.sim.switches.sessionsForbidden = true;
		expect(await failureOf(stage.session().rows(CLIENTS))).toMatchObject({ kind: 'transient', said: expect.stringContaining('регламентные работы') as unknown });
		expect(await failureOf(stage.session().create(CLIENTS, { Description: 'x' }))).toMatchObject({ kind: 'transient' });
		stage.sim.switches.sessionsForbidden = false;
	});

	it('half an answer is no answer', async () => {
		stage.sim.switches.truncateNext = 2;
		expect((await stage.session().rows(ITEMS)).length).toBe(stage.sim.records(ITEMS).length);
	});

	it('one 0x02 in an object makes the whole packet unreadable: the base64 of the reason is read', () => {
		const body = Buffer.from('Текст XML содержит недопустимый символ в позиции 12: \u0002').toString('base64');
		expect(answerFailure({ status: 400, headers: { 'content-type': 'text/plain' }, text: body }, { method: 'POST', path: 'SelectChanges', writes: false }).message).toContain('недопустимый символ');
	});

	it('a wrong value is told in 1C\'s words', async () => {
		expect(await failureOf(stage.session().create(CLIENTS, { Description: 'x', Партнер_Key: 'abc' }))).toMatchObject({ kind: 'rejected', code: '1', said: expect.stringContaining('abc') as unknown });
	});
});

describe('users and sessions (8)', () => {
	it('a Cyrillic user is let in with UTF-8, refused otherwise', async () => {
		const latin = `Basic ${Buffer.from(`${USER}:${PASSWORD}`.replace(/[^\x00-\x7f]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) & 0xff)), 'latin1').toString('base64')}`;
		expect((await naive('GET', CURRENCIES, { Authorization: latin })).status).toBe(401);
		expect((await stage.session().rows(CURRENCIES)).length).toBeGreaterThan(0);
	});

	it('the first answer after a pause is slow: waited for', async () => {
		stage.sim.switches.slowNext = 700;
		expect((await stage.session().rows(CURRENCIES)).length).toBeGreaterThan(0);
	});

	it('no message holds the password', async () => {
		const echo = stage.session({}, async () => ({ status: 500, headers: { 'content-type': 'text/plain' }, text: `failed for ${USER}:${PASSWORD}` }));
		const failure = await failureOf(echo.rows(CURRENCIES));
		expect(JSON.stringify([failure.message, failure.said, failure.advice])).not.toContain(PASSWORD);
	});
});
