// Proves the reading of whole sets: a stable order, no record twice and none lost, pages as heavy as 1C bears.
import { Failure } from '../../../nodes/core/failure';
import type { HttpRequest } from '../../../nodes/core/http';
import { failureOf, type Setting, shared } from './setting';

const CLIENTS = 'Catalog_Контрагенты';
const ORDERS = 'Document_ЗаказКлиента';

let stage: Setting;

describe('pages', () => {
	shared((made) => (stage = made), { switches: { rotateUnordered: true } });

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

	it('tells that records are missing where nothing but their number can show it', async () => {
		const rows = Array.from({ length: 30 }, (_, i) => ({ Номер: i }));
		const session = stage.session({}, async ({ query = {} }) => {
			const skip = Number(query.$skip ?? 0);
			// The order is taken and not kept: the last page comes short.
			const value = query.$inlinecount ? [] : rows.slice(skip, Math.min(25, skip + Number(query.$top)));
			return { status: 200, headers: { 'content-type': 'application/json' }, text: JSON.stringify({ 'odata.count': '30', value }) };
		});
		expect(await failureOf(all(session.pages('InformationRegister_Х', {}, 10)))).toMatchObject({ kind: 'transient', message: expect.stringContaining('Of 30 records') as unknown });
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
