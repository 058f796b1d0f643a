// Proves the conversation with an infobase: reads, writes, versions, calls, streams, and what is sent again after which fault.
import { Failure } from '../../../nodes/core/failure';
import { datetime, guid, text } from '../../../nodes/OneC/onec.literals';
import { TestClock } from '../send';
import { failureOf, setUp, type Setting, shared } from './setting';

const CURRENCIES = 'Catalog_Валюты';
const CLIENTS = 'Catalog_Контрагенты';
const ORDERS = 'Document_ЗаказКлиента';
const ID = '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f';

let stage: Setting;
const settled = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 100));
const LOST = ['reset-after', 'empty-500-after', 'bad-gateway-after', 'timeout-after'] as const;
const UNDONE = ['reset-before', 'timeout', 'empty-500', 'bad-gateway'] as const;

describe('reading and writing', () => {
	shared((made) => (stage = made));

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


describe('faults', () => {
	shared((made) => (stage = made), {}, 300);

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
		stage.sim.server.plan({ kind: 'session-expired', at: () => true, times: 100 });
		await failureOf(session.rows(CURRENCIES));
		stage.sim.server.resetCalls();
		await failureOf(session.rows(CURRENCIES));
		expect(stage.calls()).toHaveLength(1);
		stage.sim.server.heal();
		stage.sim.server.resetCalls();
		expect(await failureOf(stage.session({ password: 'wrong' }).rows(CURRENCIES))).toMatchObject({ kind: 'denied', code: 'login refused' });
		// Not repeated: that locks users out.
		expect(stage.calls()).toHaveLength(1);
	});

	it('a stream that breaks in the middle is the reader\'s to begin again', async () => {
		const pieces: string[] = [];
		stage.sim.switches.truncateNext = 1;
		const failure = await failureOf(stage.session().stream('$metadata', (piece) => void pieces.push(piece)));
		expect(failure.kind).toBe('transient');
		expect(pieces.length).toBeGreaterThan(0);
		expect(stage.calls()).toEqual(['GET $metadata']);
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


describe('virtual tables', () => {
	shared((made) => (stage = made));

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
