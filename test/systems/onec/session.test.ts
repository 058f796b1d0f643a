// Proves the conversation with an infobase: the credential, what is sent again, sessions, versions, pages, the connection's test.
import { Failure } from '../../../nodes/core/failure';
import type { HttpRequest } from '../../../nodes/core/http';
import { readCredential, readEndpoint } from '../../../nodes/OneC/onec.credential';
import { datetime, guid, text } from '../../../nodes/OneC/onec.literals';
import { TestClock } from '../send';
import { failureOf, PASSWORD, PROFILE_NAMES, setUp, type Setting, USER } from './setting';

const CURRENCIES = 'Catalog_Валюты';
const ITEMS = 'Catalog_Номенклатура';
const CLIENTS = 'Catalog_Контрагенты';
const ORDERS = 'Document_ЗаказКлиента';
const ID = '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f';

let stage: Setting;
/** One infobase for all tests of a group, as at the beginning for each of them. */
function shared(...options: Parameters<typeof setUp>): void {
	beforeAll(async () => void (stage = await setUp(...options)));
	beforeEach(() => stage.renew());
	afterAll(async () => await stage.stop());
}

const full = { url: 'https://1c.example.com/trade', username: 'Обмен', password: 'x' };

describe('the credential', () => {
	it.each([
		['https://1c.example.com/trade', 'https://1c.example.com/trade'],
		['https://1c.example.com/trade/', 'https://1c.example.com/trade'],
		['https://1c.example.com/trade/odata/standard.odata', 'https://1c.example.com/trade'],
		['https://1c.example.com/trade/odata/standard.odata/Catalog_Валюты?$top=1#x', 'https://1c.example.com/trade'],
		['https://1c.example.com/trade/ru_RU/', 'https://1c.example.com/trade'],
		['https://1cfresh.com/a/sbm/2010500/ru/', 'https://1cfresh.com/a/sbm/2010500'],
		['http://10.0.0.5:8080/ut?N=user', 'http://10.0.0.5:8080/ut'],
		['https://user:secret@1c.example.com/trade', 'https://1c.example.com/trade'],
	])('finds the infobase in %s', (url, infobase) => {
		expect(readCredential({ ...full, url })).toMatchObject({ url: infobase, root: `${infobase}/odata/standard.odata` });
		expect(readEndpoint({ ...full, url }).baseUrl).toBe(`${infobase}/odata/standard.odata`);
	});

	it.each([
		[{ url: '' }, 'Infobase URL'],
		[{ url: 'trade' }, 'Infobase URL'],
		[{ url: 'ftp://user:secret@host/x' }, 'Infobase URL'],
		[{ username: ' ' }, 'User Name'],
		[{ username: 'a:b' }, 'User Name'],
		[{ timeZone: 'Moscow' }, 'Infobase Time Zone'],
		[{ sessionMode: 'other' }, 'Sessions'],
		[{ profile: 'x' }, 'Configuration'],
		[{ profileOverrides: '{' }, 'Configuration Overrides'],
		[{ profileOverrides: '[]' }, 'Configuration Overrides'],
		[{ password: 5 }, 'Password'],
	])('names the field that is wrong: %p', (wrong, field) => {
		const error = new Promise((resolve) => resolve(readCredential({ ...full, ...wrong })));
		return expect(error).rejects.toMatchObject({ kind: 'denied', message: expect.stringMatching(new RegExp(`"${field}"(?!.*secret)`)) as unknown });
	});

	it('has safe defaults', () => {
		expect(readCredential(full)).toMatchObject({ installation: 'onec', timeZone: 'Europe/Moscow', sessionMode: 'auto', maxConcurrent: 2, profile: 'auto', profileOverrides: {}, useOwnRefKeys: true });
		expect(readCredential({ ...full, maxConcurrent: 99 }).maxConcurrent).toBe(10);
		expect(readCredential({ ...full, maxConcurrent: -1 }).maxConcurrent).toBe(2);
		expect(readCredential({ ...full, password: undefined }).password).toBe('');
	});
});

describe('reading and writing', () => {
	shared();

	const client = (name = 'Ромашка ёжик'): string => String(stage.sim.insert(CLIENTS, { Description: name }).Ref_Key);

	it('creates, reads, changes, deletes', async () => {
		const session = stage.session();
		const made = await session.create(CLIENTS, { Ref_Key: ID, Description: 'ООО «Ёлка»' });
		expect(made).toMatchObject({ Ref_Key: ID, Description: 'ООО «Ёлка»' });
		expect(await session.read(CLIENTS, ID, { select: ['Description'] })).toEqual({ Description: 'ООО «Ёлка»' });
		expect(await session.patch(CLIENTS, ID, { Description: "О'Нил + Ко" })).toMatchObject({ Description: "О'Нил + Ко" });
		expect(await session.rows(CLIENTS, { filter: `Description eq ${text("О'Нил + Ко")}`, select: 'Ref_Key' })).toEqual([{ Ref_Key: ID }]);
		await session.remove(CLIENTS, ID);
		expect(await session.readIfThere(CLIENTS, ID)).toBeUndefined();
	});

	it('finds under a key what is there, and says "missing" of what is not', async () => {
		const failure = await failureOf(stage.session().read(CLIENTS, ID));
		expect(failure).toMatchObject({ kind: 'missing', code: '9' });
	});

	it('brings referenced records along, which single records do not do by themselves', async () => {
		const partner = String(stage.sim.insert('Catalog_Партнеры', { Description: 'Партнер' }).Ref_Key);
		const id = String(stage.sim.insert(CLIENTS, { Description: 'A', Партнер_Key: partner }).Ref_Key);
		const row = await stage.session().read(CLIENTS, id, { select: ['Ref_Key'], expand: ['Партнер'] });
		expect(row).toMatchObject({ Ref_Key: id, Партнер: { Ref_Key: partner } });
		expect(await failureOf(stage.session().read(CLIENTS, ID, { expand: ['Партнер'] }))).toMatchObject({ kind: 'missing' });
	});

	it('counts', async () => {
		const session = stage.session();
		for (let i = 0; i < 3; i++) client('Счет');
		expect(await session.count(CLIENTS, "Description eq 'Счет'")).toBe(3);
	});

	it('compares the version just before it writes', async () => {
		const session = stage.session();
		const id = client();
		const { DataVersion } = await session.read(CLIENTS, id);
		stage.sim.patch(CLIENTS, id, { Description: 'changed by a person' });
		expect(await failureOf(session.patch(CLIENTS, id, { Description: 'x' }, { version: String(DataVersion) }))).toMatchObject({ kind: 'conflict' });
		expect(stage.sim.get(CLIENTS, id)?.Description).toBe('changed by a person');
		const now = await session.read(CLIENTS, id);
		expect(await session.patch(CLIENTS, id, { Description: 'y' }, { version: String(now.DataVersion) })).toMatchObject({ Description: 'y' });
	});

	it('tells a conflict where the server itself compares (412)', async () => {
		stage.sim.switches.ifMatch = 'honoured';
		const id = client();
		const session = stage.session({}, async (request, send) => {
			const answer = await send(request);
			// Somebody writes between our comparing and our writing.
			if (request.method === 'GET' && request.query?.$select === 'DataVersion') stage.sim.patch(CLIENTS, id, { Description: 'faster' });
			return answer;
		});
		const { DataVersion } = await session.read(CLIENTS, id);
		expect(await failureOf(session.patch(CLIENTS, id, { Description: 'x' }, { version: String(DataVersion) }))).toMatchObject({ kind: 'conflict' });
		expect(stage.sim.get(CLIENTS, id)?.Description).toBe('faster');
	});

	it('asks a published list once, and anew when told or after some minutes', async () => {
		const session = stage.session();
		await Promise.all([session.root(), session.root()]);
		expect(stage.calls()).toEqual(['GET /']);
		stage.clock.pass(6 * 60_000);
		await session.root();
		session.forget();
		await session.root();
		expect(stage.calls()).toHaveLength(3);
	});

	it('reads a large body piece by piece', async () => {
		const pieces: string[] = [];
		await stage.session().stream('/$metadata', (piece) => void pieces.push(piece));
		expect(pieces.length).toBeGreaterThan(1);
		expect(pieces.join('')).toMatch(/^<\?xml[\s\S]*<\/edmx:Edmx>\s*$/);
	});
});

const settled = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 100));

const LOST = ['reset-after', 'empty-500-after', 'bad-gateway-after', 'timeout-after'] as const;
const UNDONE = ['reset-before', 'timeout', 'empty-500', 'bad-gateway'] as const;

describe('faults', () => {
	shared({}, 300);

	it.each([...LOST, ...UNDONE, 'throttled', 'html-200'] as const)('a read is repeated after "%s"', async (kind) => {
		const session = stage.session();
		await session.rows(CURRENCIES);
		stage.sim.server.resetCalls();
		stage.sim.server.plan({ kind, at: (call) => call.n === 1 });
		const before = stage.clock.slept;
		expect((await session.rows(CURRENCIES)).length).toBeGreaterThan(0);
		expect(stage.clock.slept).toBeGreaterThan(before);
	});

	it('a read waits until the server is up again', async () => {
		// Refuses for 150 ms of real time.
		const clock = new TestClock();
		clock.sleep = async () => await settled();
		const slow = await setUp({}, 300, clock);
		try {
			slow.sim.server.plan({ kind: 'refused', at: (call) => call.n === 1 });
			expect((await slow.session().rows(CURRENCIES)).length).toBeGreaterThan(0);
		} finally {
			await slow.stop();
		}
	});

	it.each([...LOST, ...UNDONE, 'html-200'] as const)('a write is sent once and told as unknown after "%s"', async (kind) => {
		const session = stage.session();
		stage.sim.server.plan({ kind, at: (call) => call.method === 'POST' });
		expect(await failureOf(session.create(CLIENTS, { Description: kind }))).toMatchObject({ kind: 'unknown' });
		expect(stage.calls().filter((call) => call.startsWith('POST'))).toHaveLength(1);
		expect(stage.sim.records(CLIENTS).filter((row) => row.Description === kind)).toHaveLength(kind.endsWith('-after') ? 1 : 0);
	});

	it.each(['throttled'] as const)('a write is sent again after "%s", which did nothing', async (kind) => {
		stage.sim.server.plan({ kind, at: (call) => call.method === 'POST' });
		await stage.session().create(CLIENTS, { Description: kind });
		expect(stage.sim.records(CLIENTS).filter((row) => row.Description === kind)).toHaveLength(1);
	});

	it('posting is never sent twice', async () => {
		stage.sim.server.plan({ kind: 'bad-gateway-after', at: (call) => call.operation.endsWith('/Post') });
		await failureOf(stage.session().post(ORDERS, ID));
		expect(stage.calls().filter((call) => call.endsWith('/Post'))).toHaveLength(1);
	});

	it('a login page that stays is told as such', async () => {
		stage.sim.server.plan({ kind: 'html-200', at: () => true, times: 100 });
		const failure = await failureOf(stage.session().rows(CURRENCIES));
		expect(failure).toMatchObject({ kind: 'denied', code: 'login page' });
		expect(stage.calls()).toHaveLength(4);
	});

	it('half an answer is no answer', async () => {
		stage.sim.switches.truncateNext = 1;
		expect((await stage.session().rows(CURRENCIES)).length).toBeGreaterThan(0);
		stage.sim.switches.truncateNext = 1;
		expect(await failureOf(stage.session().create(CLIENTS, { Description: 'half' }))).toMatchObject({ kind: 'unknown' });
	});

	it('a 401 of the moment is asked once more, a lasting one is told', async () => {
		const session = stage.session();
		await session.rows(CURRENCIES);
		stage.sim.server.resetCalls();
		stage.sim.server.plan({ kind: 'session-expired', at: (call) => call.n === 1 });
		await session.rows(CURRENCIES);
		expect(stage.calls()).toHaveLength(2);
		stage.sim.server.resetCalls();
		expect(await failureOf(stage.session({ password: 'wrong' }).rows(CURRENCIES))).toMatchObject({ kind: 'denied', code: 'login refused' });
		// Not repeated: that locks users out.
		expect(stage.calls()).toHaveLength(1);
	});

	it('a stream is begun again only while nothing of it was taken', async () => {
		const pieces: string[] = [];
		stage.sim.server.plan({ kind: 'bad-gateway', at: (call) => call.operation === 'GET $metadata' });
		await stage.session().stream('$metadata', (piece) => void pieces.push(piece));
		expect(pieces.join('').startsWith('<?xml')).toBe(true);
		expect(pieces.join('').lastIndexOf('<?xml')).toBe(0);
		stage.sim.switches.metadata = 'login-page';
		const none: string[] = [];
		expect(await failureOf(stage.session().stream('$metadata', (piece) => void none.push(piece)))).toBeInstanceOf(Failure);
		expect(none).toEqual([]);
	});
});

/** Long waits pass only by hand; the short ones before another try pass by themselves. */
class HandClock extends TestClock {
	private waiting: Array<{ until: number; wake: () => void }> = [];

	override async sleep(ms: number): Promise<void> {
		if (ms < 5_000) return await super.sleep(ms);
		await new Promise<void>((wake) => this.waiting.push({ until: this.now() + ms, wake }));
	}

	override pass(ms: number): void {
		super.pass(ms);
		const due = this.waiting.filter(({ until }) => until <= this.now());
		this.waiting = this.waiting.filter(({ until }) => until > this.now());
		for (const { wake } of due) wake();
	}
}

describe('sessions', () => {
	let sent: HttpRequest[];
	const session = (sessionMode: string) => stage.session({ sessionMode }, async (request, send) => {
		sent.push(request);
		return await send(request);
	});
	const header = (name: string) => sent.map((request) => request.headers?.[name]);

	beforeEach(async () => {
		sent = [];
		stage = await setUp({ switches: { sessions: 'explicit' } }, 5_000, new HandClock());
	});
	afterEach(async () => await stage.stop());

	it('automatic: nothing is asked for', async () => {
		await session('auto').rows(CURRENCIES);
		expect(header('IBSession')).toEqual([undefined]);
		expect(header('Cookie')).toEqual([undefined]);
	});

	it('automatic: a cookie that comes is used, and given up when it is dead', async () => {
		const auto = stage.session({ sessionMode: 'auto' }, async (request, send) => {
			sent.push(request);
			return await send(sent.length === 1 ? { ...request, headers: { ...request.headers, IBSession: 'start' } } : request);
		});
		await auto.rows(CURRENCIES);
		await auto.rows(CURRENCIES);
		expect(header('Cookie')).toEqual([undefined, expect.stringContaining('ibsession=') as unknown]);
		stage.clock.pass(60_000);
		await auto.rows(CURRENCIES);
		expect(header('Cookie').slice(2)).toEqual([expect.stringContaining('ibsession=') as unknown, undefined]);
	});

	it('none: even a cookie that comes is left', async () => {
		const none = session('none');
		await none.rows(CURRENCIES);
		await none.rows(CURRENCIES);
		expect(header('Cookie')).toEqual([undefined, undefined]);
		expect(header('IBSession')).toEqual([undefined, undefined]);
	});

	it('explicit: one session for all, opened by one read and closed when idle', async () => {
		const explicit = session('explicit');
		await Promise.all([explicit.rows(CURRENCIES), explicit.rows(ITEMS, { top: 1 }), explicit.create(CLIENTS, { Description: 'x' })]);
		expect(header('IBSession').filter(Boolean)).toEqual(['start']);
		expect(stage.calls()[0]).toBe('GET /');
		expect(new Set(header('Cookie').slice(1)).size).toBe(1);
		expect(sent.filter(({ method, headers }) => method !== 'GET' && headers?.IBSession)).toEqual([]);
		stage.clock.pass(16_000);
		await settled();
		expect(header('IBSession').filter(Boolean)).toEqual(['start', 'finish']);
		expect(stage.calls().at(-1)).toBe('GET /');
		await explicit.rows(CURRENCIES);
		expect(header('IBSession').filter(Boolean)).toEqual(['start', 'finish', 'start']);
	});

	it.each([400, 404, 406, 500] as const)('explicit: a session that died (%s) is opened anew, once', async (status) => {
		stage.sim.switches.deadSession = status;
		stage.sim.switches.sessionMaxAge = 5;
		const explicit = session('explicit');
		await explicit.rows(CURRENCIES);
		stage.clock.pass(10_000);
		expect((await explicit.rows(CURRENCIES)).length).toBeGreaterThan(0);
		expect(header('IBSession').filter(Boolean)).toEqual(['start', 'start']);
	});

	it.each([400, 404, 406] as const)('explicit: a write into a dead session (%s) did nothing and is sent again', async (status) => {
		stage.sim.switches.deadSession = status;
		stage.sim.switches.sessionMaxAge = 5;
		const explicit = session('explicit');
		await explicit.rows(CURRENCIES);
		stage.clock.pass(10_000);
		await explicit.create(CLIENTS, { Description: 'late' });
		expect(stage.sim.records(CLIENTS).filter((row) => row.Description === 'late')).toHaveLength(1);
	});

	it('explicit: a write answered 500 may have been done', async () => {
		Object.assign(stage.sim.switches, { deadSession: 500, sessionMaxAge: 5 });
		const explicit = session('explicit');
		await explicit.rows(CURRENCIES);
		stage.clock.pass(10_000);
		expect(await failureOf(explicit.create(CLIENTS, { Description: 'late' }))).toMatchObject({ kind: 'unknown' });
		expect((await explicit.rows(CURRENCIES)).length).toBeGreaterThan(0);
	});

	it('explicit: a missing record is no dead session', async () => {
		const explicit = session('explicit');
		expect(await failureOf(explicit.read(CLIENTS, ID))).toMatchObject({ kind: 'missing' });
		expect(header('IBSession').filter(Boolean)).toEqual(['start']);
	});

	it('explicit: a publication that knows no sessions is not asked again', async () => {
		stage.sim.switches.sessions = 'none';
		const explicit = session('explicit');
		await explicit.rows(CURRENCIES);
		await explicit.rows(CURRENCIES);
		expect(header('IBSession').filter(Boolean)).toEqual(['start']);
	});

	it.each([406, 400] as const)('no free licence (%s): told as something that passes', async (licenceStatus) => {
		Object.assign(stage.sim.switches, { licences: 1, licenceStatus });
		await session('explicit').rows(CURRENCIES);
		const failure = await failureOf(session('explicit').create(CLIENTS, { Description: 'x' }));
		expect(failure).toMatchObject({ kind: 'throttled' });
		expect(failure.message).toContain('Requests at Once');
		expect(stage.sim.records(CLIENTS).filter((row) => row.Description === 'x')).toEqual([]);
	});
});

describe('pages', () => {
	shared({ switches: { rotateUnordered: true } });

	async function all(pages: AsyncIterable<Array<Record<string, unknown>>>): Promise<Array<Record<string, unknown>>> {
		const rows: Array<Record<string, unknown>> = [];
		for await (const page of pages) rows.push(...page);
		return rows;
	}
	const ids = (rows: Array<Record<string, unknown>>) => rows.map((row) => row.Ref_Key);
	const fill = (count: number, same = 'Партия') => Array.from({ length: count }, (_, i) => String(stage.sim.insert(CLIENTS, { Description: `${same} ${String(i).padStart(4, '0')}` }).Ref_Key));
	const orders = (count: number, date: (i: number) => string) => Array.from({ length: count }, (_, i) => String(stage.sim.insert(ORDERS, { Date: date(i), НомерПоДаннымКлиента: 'n' }).Ref_Key));
	const filter = "startswith(Description,'Партия')";

	it('reads a catalog whole: each record once, in a stable order', async () => {
		const made = fill(57);
		const rows = await all(stage.session().pages(CLIENTS, { filter }, 10));
		expect(ids(rows).sort()).toEqual([...made].sort());
	});

	it('gives the fields that were asked for, and no more', async () => {
		fill(5);
		expect(await all(stage.session().pages(CLIENTS, { filter, select: ['Description'] }, 2))).toHaveLength(5);
		for (const row of await all(stage.session().pages(CLIENTS, { filter, select: ['Description'] }, 2))) expect(Object.keys(row)).toEqual(['Description']);
	});

	it('stops at "top"', async () => {
		fill(12);
		expect(await all(stage.session().pages(CLIENTS, { filter, top: 7 }, 3))).toHaveLength(7);
		stage.sim.server.resetCalls();
		expect(await all(stage.session().pages(CLIENTS, { filter, top: 0 }))).toHaveLength(0);
		expect(stage.calls()).toEqual([]);
	});

	it('loses nothing when records go while it reads', async () => {
		const made = fill(30);
		const session = stage.session();
		const seen: unknown[] = [];
		let page = 0;
		for await (const rows of session.pages(CLIENTS, { filter, select: ['Ref_Key'] }, 10)) {
			seen.push(...ids(rows));
			// Three from the front: the rest moves up by three.
			if (++page === 1) for (const id of made.slice(0, 3)) stage.sim.remove(CLIENTS, id);
		}
		expect([...seen].sort()).toEqual([...made].sort());
		expect(new Set(seen).size).toBe(seen.length);
	});

	it('repeats nothing when records come while it reads', async () => {
		const made = fill(30);
		const seen: unknown[] = [];
		let page = 0;
		for await (const rows of stage.session().pages(CLIENTS, { filter, select: ['Ref_Key'] }, 10)) {
			seen.push(...ids(rows));
			if (++page === 1) for (let i = 0; i < 3; i++) stage.sim.insert(CLIENTS, { Description: 'Партия !' });
		}
		expect(new Set(seen).size).toBe(seen.length);
		expect(made.filter((id) => !seen.includes(id))).toEqual([]);
	});

	it('reads documents by date, without skipping deeper and deeper', async () => {
		const made = orders(45, (i) => `2026-10-${String(1 + (i % 20)).padStart(2, '0')}T12:00:00`);
		const sent: HttpRequest[] = [];
		const session = stage.session({}, async (request, send) => {
			sent.push(request);
			return await send(request);
		});
		const rows = await all(session.pages(ORDERS, { filter: "НомерПоДаннымКлиента eq 'n'", select: ['Ref_Key'] }, 10));
		expect(ids(rows).sort()).toEqual([...made].sort());
		expect(sent.length).toBeGreaterThan(4);
		expect(sent.map(({ query }) => Number(query?.$skip ?? 0)).filter((skip) => skip > 0)).toEqual([]);
	});

	it('passes a page of documents of one and the same second', async () => {
		const made = [...orders(25, () => '2026-10-05T00:00:00'), ...orders(3, () => '2026-10-06T00:00:00')];
		const rows = await all(stage.session().pages(ORDERS, { filter: "НомерПоДаннымКлиента eq 'n'", select: ['Ref_Key', 'Date'] }, 4));
		expect(ids(rows).sort()).toEqual([...made].sort());
	});

	it('reads a table part by its owner and its line', async () => {
		const rows = Array.from({ length: 9 }, (_, i) => ({ LineNumber: String(i + 1), Количество: i }));
		for (let i = 0; i < 9; i++) stage.sim.insert(ORDERS, { Date: '2026-10-01T00:00:00', Товары: rows });
		const lines = await all(stage.session().pages(`${ORDERS}_Товары`, {}, 10));
		expect(new Set(lines.map((row) => `${String(row.Ref_Key)} ${String(row.LineNumber)}`)).size).toBe(81);
		expect(lines).toHaveLength(81);
		// Lines alike in everything that was asked for are still lines of their own.
		expect(await all(stage.session().pages(`${ORDERS}_Товары`, { select: ['Номенклатура_Key'] }, 10))).toHaveLength(81);
	});

	it('reads records of a register, which heeds no order, in one answer or not at all', async () => {
		const rows = await all(stage.session().pages('InformationRegister_ЦеныНоменклатуры25_RecordType', {}, 2));
		const keys = rows.map((row) => JSON.stringify([row.Recorder ?? row.Recorder_Key, row.LineNumber]));
		expect(rows.length).toBeGreaterThan(2);
		expect(new Set(keys).size).toBe(rows.length);
		expect(rows.length).toBe(await stage.session().count('InformationRegister_ЦеныНоменклатуры25_RecordType'));
	});

	it('reads an independent register by its dimensions, even where one of them cannot be ordered by', async () => {
		const all30 = Array.from({ length: 30 }, (_, i) => ({ Объект: `a${i}`, Объект_Type: 'x', Номер: i, Текст: 'x' }));
		const orders: Array<string | undefined> = [];
		const session = stage.session({}, async ({ query = {} }) => {
			const order = query.$orderby;
			orders.push(order);
			const json = { 'content-type': 'application/json' };
			if (query.$inlinecount) return { status: 200, headers: json, text: '{"odata.count":"30","value":[]}' };
			if (order?.includes('Объект')) return { status: 500, headers: json, text: '{"odata.error":{"code":"-1","message":{"lang":"ru","value":"нельзя"}}}' };
			const skip = Number(query.$skip ?? 0);
			return { status: 200, headers: json, text: JSON.stringify({ value: (order ? all30 : [...all30].reverse()).slice(skip, skip + Number(query.$top)) }) };
		});
		expect(await all(session.pages('InformationRegister_Х', {}, 7))).toEqual(all30);
		expect(new Set(orders)).toEqual(new Set([undefined, 'Объект,Номер,Текст', 'Номер,Текст']));
	});

	it('asks for a quarter when 1C has not enough memory', async () => {
		const made = fill(40);
		stage.sim.switches.memoryRows = 6;
		const rows = await all(stage.session().pages(CLIENTS, { filter }, 20));
		expect(ids(rows).sort()).toEqual([...made].sort());
		stage.sim.switches.memoryRows = 0;
	});

	it('asks for fewer records where they are heavy, for more where they are light', async () => {
		const asked: number[] = [];
		const session = stage.session({}, async (request) => {
			const top = Number(request.query?.$top);
			const skip = Number(request.query?.$skip ?? 0);
			asked.push(top);
			const weight = skip > 3000 ? 200_000 : 10;
			const rows = Array.from({ length: Math.max(0, Math.min(top, 5000 - skip)) }, (_, i) => ({ Ref_Key: String(skip + i), x: 'x'.repeat(weight) }));
			return { status: 200, headers: { 'content-type': 'application/json' }, text: JSON.stringify({ value: rows }) };
		});
		const rows = await all(session.pages(CLIENTS));
		expect(rows).toHaveLength(5000);
		expect(asked[0]).toBe(20);
		expect(Math.max(...asked)).toBe(1001);
		expect(asked.at(-1)).toBeLessThan(200);
	});

	it.each([CLIENTS, ORDERS])('tells a server that gives the same page of %s for ever', async (set) => {
		const rows = (top: number) => Array.from({ length: top }, (_, i) => ({ Ref_Key: `a${i}`, Date: '2026-10-01T00:00:00' }));
		const session = stage.session({}, async ({ query }) => ({ status: 200, headers: { 'content-type': 'application/json' }, text: JSON.stringify({ value: rows(Number(query?.$top)), 'odata.count': '20000000' }) }));
		const failure = await failureOf(all(session.pages(set)));
		expect(failure).toBeInstanceOf(Failure);
		expect(['rejected', 'transient']).toContain(failure.kind);
	});
});

describe('the test of the credential', () => {
	afterEach(async () => await stage.stop());

	it.each(PROFILE_NAMES)('names the configuration: %s', async (profile) => {
		stage = await setUp({ profile });
		const { version, user, notes } = await stage.connect().check();
		expect(version).toContain(profile === 'ut' ? 'УТ' : 'БП');
		expect(user).toBe(USER);
		expect(notes.join('\n')).not.toContain('Not published');
		expect(notes.join('\n')).toContain('12:00');
	});

	it('gives the fields of the order that the infobase has, though the editor asks before anything is known of it', async () => {
		stage = await setUp({ profile: 'bp' });
		const connector = stage.connect();
		const asked = connector.moduleOf('order');
		expect((await connector.records.fields(asked)).map(({ name }) => name)).toContain('СрокОплаты');
		expect(connector.moduleOf('order')).toBe('Document_СчетНаОплатуПокупателю');
		expect(await failureOf(connector.records.fields('Document_Нет'))).toMatchObject({ message: expect.stringContaining('Document_Нет') as unknown });
	});

	it('says what is not published of what it needs', async () => {
		stage = await setUp({ switches: { unpublished: ['Catalog_СтавкиНДС'] } });
		expect((await stage.connect().check()).notes.join('\n')).toMatch(/Not published.*Catalog_СтавкиНДС/);
	});

	it('says what the user may not see', async () => {
		stage = await setUp({ switches: { forbiddenSets: [ORDERS] } });
		expect((await stage.connect().check()).notes.join('\n')).toMatch(/may not.*Document_ЗаказКлиента/);
	});

	it.each([
		['a wrong password', { password: 'wrong' }, /password/],
		['a wrong user', { username: 'Кто-то' }, /User Name/],
		['a wrong path', { url: 'PATH' }, /published|Infobase URL/],
		['a wrong host', { url: 'http://127.0.0.1:9' }, /URL/],
	])('tells %s', async (_name, wrong, message) => {
		stage = await setUp();
		const url = 'url' in wrong && wrong.url === 'PATH' ? `${stage.sim.server.url}/other` : undefined;
		const failure = await failureOf(stage.connect({ ...wrong, ...(url ? { url } : {}) }).check());
		expect(failure.message).toMatch(message);
		expect(failure.message).not.toContain(PASSWORD);
		expect(['denied', 'transient']).toContain(failure.kind);
	});

	it('tells a gateway\'s page', async () => {
		stage = await setUp({ switches: { htmlWith200: true } });
		expect(await failureOf(stage.connect().check())).toMatchObject({ kind: 'denied', message: expect.stringMatching(/page/) as unknown });
	});

	it('tells that nothing is published', async () => {
		stage = await setUp();
		const failure = await failureOf(stage.connect({}, async () => ({ status: 200, headers: { 'content-type': 'application/json' }, text: '{"value":[]}' })).check());
		expect(failure).toMatchObject({ kind: 'denied', message: expect.stringContaining('Настройка автоматического REST-сервиса') as unknown });
	});

	it('tells that the configuration is none of those known, and works for any object', async () => {
		stage = await setUp();
		const only = '{"value":[{"name":"Catalog_Валюты","url":"Catalog_Валюты"}]}';
		const { version, notes } = await stage.connect({}, async () => ({ status: 200, headers: { 'content-type': 'application/json' }, text: only })).check();
		expect(version).toContain('not recognised');
		expect(notes.length).toBeGreaterThan(0);
	});
});

describe('virtual tables', () => {
	shared();

	it('answers in both forms of the call', async () => {
		const session = stage.session();
		const table = 'InformationRegister_ЦеныНоменклатуры25_RecordType';
		const item = stage.products['W-1']!;
		const period = datetime('2026-12-31');
		const short = await session.call(table, 'SliceLast', { Period: period, Condition: text(`Номенклатура_Key eq ${guid(item)}`) });
		expect(short.length).toBeGreaterThan(0);
		const any = Object.values(stage.products).map((id) => `Номенклатура_Key eq ${guid(id)}`).join(' or ');
		const long = await session.call(table, 'SliceLast', { Period: period, Condition: text(any) });
		expect(long.length).toBeGreaterThan(short.length);
		expect(long.map((row) => row.Номенклатура_Key)).toContain(item);
	});
});
