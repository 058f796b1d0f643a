// Owns the proof of reference 9's own way: an exchange plan's node read message by message, acknowledged at the next poll;
// and the records of a register.
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import type { StreamQuery } from '../../../nodes/core/port';
import { MOST_REMEMBERED, merged } from '../../../nodes/OneC/onec.streams.memory';
import { streams } from '../../../nodes/OneC/onec.streams';
import { client, order, partsOf } from './desk';
import { failureOf, type Between, setUp, type Setting } from './setting';

const PLAN = 'ExchangePlan_ДляODATA';
const SHIPMENT = 'Document_РеализацияТоваровУслуг';

let stage: Setting;
let buyer: string;
let clean: string;
let node: string;
beforeAll(async () => {
	stage = await setUp();
	buyer = client(stage, 'Flow Ltd');
	const row = stage.sim.records(PLAN).find(({ Description }) => Description === 'n8n')!;
	node = String(row.Ref_Key);
	clean = stage.sim.snapshot();
});
afterAll(async () => await stage.stop());
beforeEach(() => {
	stage.sim.restore(clean);
	stage.sim.server.resetCalls();
});

interface Result {
	rows: Array<Record<string, unknown>>;
	state: unknown;
}

/** One poll; the state goes through JSON as the host keeps it. */
async function poll(state: unknown, parameters: Record<string, unknown> = {}, query: Partial<StreamQuery> = {}, between?: Between): Promise<Result> {
	const { exchangePlan } = streams(stage.services({}, between));
	const result = await exchangePlan({ parameters: { event: 'exchangePlan', plan: PLAN, node, ...parameters }, state, limit: 1_000, ...query });
	return { rows: result.rows, state: JSON.parse(JSON.stringify(result.state)) as unknown };
}

/** What stood in the queue at the beginning is read and acknowledged. */
async function emptied(parameters: Record<string, unknown> = {}): Promise<unknown> {
	let { state } = await poll(undefined, parameters);
	({ state } = await poll(state, parameters));
	stage.sim.server.resetCalls();
	return state;
}

const acknowledged = () => stage.calls().filter((call) => /NotifyChangesReceived/.test(call)).length;
const received = () => Number(stage.sim.get(PLAN, node)!.ReceivedNo);
const keys = ({ rows }: Result, type: string) => rows.filter((row) => row.type === type).map((row) => row.key);

describe('objects of an exchange plan', () => {
	it('arrive one by one, with their marks, and are acknowledged at the next poll only', async () => {
		const state = await emptied();
		const before = received();
		const sale = order(stage, buyer, [['W-1', 1, 100]]);
		const first = await poll(state);
		const row = first.rows.find(({ type }) => type === partsOf(stage).order)!;
		expect(row).toMatchObject({ key: sale, deleted: false, marked: false, posted: true, data: { Ref_Key: sale, Товары: [{ Номенклатура_Key: stage.products['W-1'] }] } });
		expect(first.rows.some(({ type }) => String(type).startsWith('AccumulationRegister_'))).toBe(true);
		// With the types of 1C's own description: an amount is a number, a row's number (Int64) a text as in JSON.
		expect(row.data).toMatchObject({ СуммаДокумента: expect.any(Number) as number, Товары: [{ LineNumber: '1', Количество: 1 }] });
		expect([acknowledged(), received()]).toEqual([0, before]);
		const second = await poll(first.state);
		expect(second.rows).toEqual([]);
		expect([acknowledged(), received()]).toEqual([1, before + 1]);
		// Nothing was in the packet: the number stays.
		const third = await poll(second.state);
		expect([third.rows, acknowledged(), received()]).toEqual([[], 1, before + 1]);
	});

	it('come again when the state of a poll was lost, and not twice when it was kept', async () => {
		const state = await emptied();
		const sale = order(stage, buyer, [['W-1', 1, 100]]);
		const lost = await poll(state);
		const again = await poll(state);
		expect(again.rows).toEqual(lost.rows);
		expect(keys(again, partsOf(stage).order)).toEqual([sale]);
		expect((await poll(again.state)).rows).toEqual([]);
	});

	it('that change after they were read come with the next message', async () => {
		const state = await emptied();
		const sale = order(stage, buyer, [['W-1', 1, 100]]);
		const first = await poll(state);
		stage.sim.patch(partsOf(stage).order, sale, { Комментарий: 'changed' });
		const second = await poll(first.state);
		expect(second.rows.find(({ key }) => key === sale)).toMatchObject({ data: { Комментарий: 'changed' } });
		expect((await poll(second.state)).rows).toEqual([]);
	});

	it('that were written without being changed are noise, now and after the acknowledgement', async () => {
		const state = await emptied();
		const sale = order(stage, buyer, [['W-1', 1, 100]]);
		const first = await poll(state);
		const set = partsOf(stage).order;
		stage.sim.patch(set, sale, { Комментарий: String(stage.sim.get(set, sale)!.Комментарий) });
		const second = await poll(first.state);
		expect(keys(second, set)).toEqual([]);
		stage.sim.patch(set, sale, { Комментарий: String(stage.sim.get(set, sale)!.Комментарий) });
		const third = await poll(second.state);
		expect(keys(third, set)).toEqual([]);
		await poll(third.state);
		expect(acknowledged()).toBe(3);
	});

	it('more than asked for come in parts, each once, and are acknowledged when all were given', async () => {
		const state = await emptied();
		for (let i = 0; i < 5; i++) stage.sim.insert('Catalog_Партнеры', { Description: `Many ${i}` });
		const names: string[] = [];
		let now = state;
		for (let round = 0; round < 10; round++) {
			const part = await poll(now, {}, { limit: 2 });
			names.push(...part.rows.map(({ data }) => String((data as { Description: string }).Description)));
			now = part.state;
			if (round === 0) stage.sim.insert('Catalog_Партнеры', { Description: 'Late' });
			if (part.rows.length === 0) break;
			expect(part.rows.length).toBeLessThanOrEqual(2);
			expect(acknowledged()).toBe(0);
		}
		expect([...names].sort()).toEqual(['Late', 'Many 0', 'Many 1', 'Many 2', 'Many 3', 'Many 4']);
		expect(acknowledged()).toBe(1);
	});

	it('only of some types: the others are acknowledged with them', async () => {
		const options = { types: 'Catalog_Партнеры, Document_ЗаказКлиента' };
		const state = await emptied({ options });
		const before = received();
		stage.sim.insert('Catalog_Валюты', { Description: 'XTS' });
		const other = await poll(state, { options });
		expect(other.rows).toEqual([]);
		stage.sim.insert('Catalog_Партнеры', { Description: 'Wanted' });
		const wanted = await poll(other.state, { options });
		expect(received()).toBe(before + 1);
		expect(wanted.rows.map(({ type }) => type)).toEqual(['Catalog_Партнеры']);
	});

	it('are not read on when somebody else has acknowledged', async () => {
		const state = await emptied();
		stage.sim.insert('Catalog_Партнеры', { Description: 'One' });
		const first = await poll(state);
		stage.sim.base.store.put(PLAN, { ...stage.sim.get(PLAN, node)!, ReceivedNo: String(received() + 3) });
		const failure = await failureOf(poll(first.state));
		expect(failure.kind).toBe('rejected');
		expect(failure.message).toMatch(/stands at message \d+, not at \d+ or \d+: somebody else has acknowledged.*a node of its own/);
		expect(acknowledged()).toBe(0);
		stage.sim.base.store.put(PLAN, { ...stage.sim.get(PLAN, node)!, ReceivedNo: '0' });
		expect((await failureOf(poll(first.state))).message).toMatch(/restored from a copy/);
		// Begun afresh it goes on from where the node stands.
		expect((await poll(undefined)).rows.length).toBeGreaterThan(0);
	});

	it('an acknowledgement whose answer was lost is our own', async () => {
		const state = await emptied();
		stage.sim.insert('Catalog_Партнеры', { Description: 'One' });
		const first = await poll(state);
		stage.sim.insert('Catalog_Партнеры', { Description: 'Two' });
		let broken = 0;
		const failure = await failureOf(poll(first.state, {}, {}, async (request, send) => {
			const answer = await send(request);
			if (!/SelectChanges/.test(request.path)) return answer;
			broken++;
			return { ...answer, status: 500, text: '{"odata.error":{"code":"-1","message":{"lang":"ru","value":"Ошибка"}}}', headers: { 'content-type': 'application/json' } };
		}));
		expect([failure.kind, broken > 0, acknowledged()]).toEqual(['rejected', true, 1]);
		const second = await poll(first.state);
		expect(second.rows.map(({ data }) => (data as { Description: string }).Description)).toEqual(['Two']);
		expect(acknowledged()).toBe(1);
	});

	it('a sample for the editor acknowledges nothing', async () => {
		const state = await emptied();
		stage.sim.insert('Catalog_Партнеры', { Description: 'One' });
		const first = await poll(state);
		const sample = await poll(first.state, {}, { manual: true, limit: 1 });
		expect(sample.rows).toHaveLength(1);
		expect(acknowledged()).toBe(0);
	});

	it('a sample between two polls takes nothing away from the second', async () => {
		const state = await emptied();
		stage.sim.insert('Catalog_Партнеры', { Description: 'One' });
		const first = await poll(state);
		stage.sim.insert('Catalog_Партнеры', { Description: 'Two' });
		await poll(first.state, {}, { manual: true, limit: 1 });
		await poll(undefined, {}, { manual: true, limit: 1 });
		const second = await poll(first.state);
		const names = ({ rows }: Result) => rows.map(({ data }) => (data as { Description: string }).Description);
		expect([names(first), names(second)]).toEqual([['One'], ['Two']]);
		stage.sim.insert('Catalog_Партнеры', { Description: 'Three' });
		const third = await poll(second.state);
		expect(names(third)).toEqual(['Three']);
		expect(names(await poll(third.state))).toEqual([]);
	});

	it('that were removed come as such where the server tells', async () => {
		const state = await emptied();
		stage.sim.switches.tombstones = true;
		const partner = String(stage.sim.insert('Catalog_Партнеры', { Description: 'Gone' }).Ref_Key);
		stage.sim.remove('Catalog_Партнеры', partner);
		const found = await poll(state);
		stage.sim.switches.tombstones = false;
		expect(found.rows.find(({ key }) => key === partner)).toMatchObject({ type: 'Catalog_Партнеры', deleted: true });
	});

	it('needs a plan and a node, and not the one that is the base itself', async () => {
		expect((await failureOf(poll(undefined, { node: '' }))).message).toMatch(/Plan Node is not chosen/);
		const own = String(stage.sim.records(PLAN).find(({ Ref_Key }) => Ref_Key !== node)!.Ref_Key);
		const failure = await failureOf(poll(undefined, { node: own }));
		expect(failure.kind).toMatch(/rejected/);
	});

	it('lose and repeat nothing, whatever happens between polls: writes, small limits, lost states, broken calls', async () => {
		type Step = { do: 'add' | 'touch' | 'rewrite'; which: number } | { do: 'poll'; limit: number; ends: 'saved' | 'lost' | 'SelectChanges' | 'NotifyChangesReceived' };
		const step: fc.Arbitrary<Step> = fc.oneof(
			fc.record({ do: fc.constantFrom('add' as const, 'touch' as const, 'rewrite' as const), which: fc.nat(9) }),
			fc.record({ do: fc.constant('poll' as const), limit: fc.constantFrom(1, 2, 100), ends: fc.constantFrom('saved' as const, 'saved' as const, 'lost' as const, 'SelectChanges' as const, 'NotifyChangesReceived' as const) }),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
				stage.sim.restore(clean);
				let state = await emptied();
				const made: string[] = [];
				const last = new Map<string, string>();
				const take = async (limit: number, ends: string) => {
					// The call is done, its answer is lost: as bad as it gets.
					const between: Between = async (request, send) => {
						const answer = await send(request);
						return request.path.includes(ends) ? { status: 400, headers: {}, text: 'lost' } : answer;
					};
					const result = await poll(state, {}, { limit }, between).catch(() => undefined);
					if (!result || ends === 'lost') return true;
					state = result.state;
					for (const { key, data } of result.rows) {
						const content = String((data as { Description: string }).Description);
						expect(last.get(String(key))).not.toBe(content);
						last.set(String(key), content);
					}
					return result.rows.length > 0;
				};
				for (const [i, one] of steps.entries()) {
					const id = made[('which' in one ? one.which : 0) % (made.length || 1)];
					if (one.do === 'poll') await take(one.limit, one.ends);
					else if (one.do === 'add') made.push(String(stage.sim.insert('Catalog_Валюты', { Description: `new ${i}` }).Ref_Key));
					else if (id && one.do === 'touch') stage.sim.patch('Catalog_Валюты', id, { Description: `changed ${i}` });
					else if (id) stage.sim.patch('Catalog_Валюты', id, {});
				}
				while (await take(2, 'saved'));
				expect(last).toEqual(new Map(made.map((id) => [id, String(stage.sim.get('Catalog_Валюты', id)!.Description)])));
			}),
			{ numRuns: 40 },
		);
	}, 120_000);

	it('keeps little: ids and contents as hashes, the newest ones', () => {
		const older = Object.fromEntries(Array.from({ length: MOST_REMEMBERED }, (_, i) => [`a${i}`, 'x']));
		const kept = merged(older, { b: 'y', a1999: 'z' });
		expect(Object.keys(kept)).toHaveLength(MOST_REMEMBERED);
		expect([kept.b, kept.a1999, kept.a0]).toEqual(['y', 'z', undefined]);
	});
});

describe('documents of an exchange plan', () => {
	const PARAMETERS = { event: 'invoiceChanged', detectBy: 'exchangePlan', options: { onlyLinked: false } };
	const said = ({ rows }: Result) => rows.map(({ source, status, paymentState, received: sum }) => [(source as { id: string }).id, status, paymentState, sum]);

	it('invoices: shipped, paid, cancelled', async () => {
		const state = await emptied(PARAMETERS);
		const sale = order(stage, buyer, [['W-1', 2, 100]]);
		const first = stage.sim.ship(sale, { 1: '1' });
		const shipped = await poll(state, PARAMETERS);
		expect(said(shipped)).toEqual([[first, 'posted', 'unpaid', '0']]);
		expect((shipped.rows[0] as { event: { key: string } }).event.key).toContain(first);
		stage.sim.pay(sale, 50);
		const paid = await poll(shipped.state, PARAMETERS);
		expect(said(paid)).toEqual([[first, 'posted', 'partial', '50']]);
		stage.clock.pass(1_000);
		const second = stage.sim.ship(sale);
		const more = await poll(paid.state, PARAMETERS);
		expect(said(more)).toEqual([[second, 'posted', 'unpaid', '0']]);
		stage.sim.cancelShipment(first);
		const cancelled = await poll(more.state, PARAMETERS);
		expect(said(cancelled).sort()).toEqual([[first, 'cancelled', 'unpaid', undefined], [second, 'posted', 'partial', '50']].sort());
		expect((await poll(cancelled.state, PARAMETERS)).rows).toEqual([]);
	});

	it('in small parts, each once; the message is acknowledged when all were given', async () => {
		const state = await emptied(PARAMETERS);
		const ids: string[] = [];
		for (let i = 0; i < 4; i++) ids.push(stage.sim.ship(order(stage, buyer, [['W-1', 1, 100]])));
		const given: unknown[] = [];
		let now = state;
		for (let round = 0; round < 10; round++) {
			const part = await poll(now, PARAMETERS, { limit: 1 });
			given.push(...said(part).map(([id]) => id));
			now = part.state;
			if (part.rows.length === 0) break;
			expect(part.rows).toHaveLength(1);
		}
		expect([...given].sort()).toEqual([...ids].sort());
		expect(acknowledged()).toBe(1);
	});

	it('orders and customers', async () => {
		const orders = { event: 'orderChanged', options: { onlyLinked: false } };
		const state = await emptied(orders);
		const sale = order(stage, buyer, [['W-1', 2, 100]]);
		const first = await poll(state, orders);
		expect(first.rows.map(({ kind, fulfilment }) => [kind, fulfilment])).toEqual([['order', 'none']]);
		stage.sim.ship(sale, { 1: '1' });
		const second = await poll(first.state, orders);
		expect(second.rows.map(({ kind, fulfilment }) => [kind, fulfilment])).toEqual([['order', 'partial']]);
		const customers = { event: 'recordChanged', kind: 'customer' };
		const fresh = await poll(undefined, { ...customers });
		expect(fresh.rows.every(({ kind }) => kind === 'customer')).toBe(true);
		client(stage, 'Newcomer');
		expect((await poll(fresh.state, customers)).rows.map(({ name }) => name)).toEqual(['Newcomer']);
	});
});

describe('records of a register', () => {
	const read = async (state: unknown, query: Partial<StreamQuery> = {}, register = 'AccumulationRegister_ЗаказыКлиентов'): Promise<Result> => {
		const result = await streams(stage.services()).registerRecords({ parameters: { event: 'registerRecords', register }, state, limit: 100, ...query });
		return { rows: result.rows, state: JSON.parse(JSON.stringify(result.state)) as unknown };
	};

	it('that are new or differ, after a baseline; in parts; not what left the window', async () => {
		order(stage, buyer, [['W-1', 1, 100]]);
		const start = await read(undefined);
		expect(start.rows).toEqual([]);
		const sale = order(stage, buyer, [['W-1', 1, 100], ['W-2', 2, 10]]);
		const first = await read(start.state, { limit: 1 });
		const second = await read(first.state, { limit: 1 });
		expect([...first.rows, ...second.rows].map((row) => [row.Recorder, row.КодСтроки])).toEqual(expect.arrayContaining([[sale, '1'], [sale, '2']]));
		expect((await read(second.state)).rows).toEqual([]);
		stage.clock.pass(40 * 86_400_000);
		const later = await read(second.state);
		expect(later.rows).toEqual([]);
		expect((later.state as { seen: object }).seen).toEqual({});
		order(stage, buyer, [['W-1', 1, 100]]);
		expect((await read(later.state)).rows).toHaveLength(1);
		const sample = await read(later.state, { manual: true, limit: 1 });
		expect([sample.rows.length, sample.state]).toEqual([1, later.state]);
	});

	it('of a register without periods: all of them; of no register: refused', async () => {
		const start = await read(undefined, {}, 'InformationRegister_ШтрихкодыНоменклатуры');
		stage.sim.insert('InformationRegister_ШтрихкодыНоменклатуры', { Штрихкод: '4600000000017', Номенклатура_Key: stage.products['W-1']! });
		const found = await read(start.state, {}, 'InformationRegister_ШтрихкодыНоменклатуры');
		expect(found.rows.map(({ Штрихкод }) => Штрихкод)).toEqual(['4600000000017']);
		expect((await failureOf(read(undefined, {}, SHIPMENT))).message).toMatch(/is no register/);
	});
});

it.each([50, 1_000_000])('a packet of 28 MB costs less than 150 MB of memory, %i rows handed over', async (limit) => {
	const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--import', 'tsx', path.join(__dirname, 'packet.ts'), '28', String(limit)], { cwd: path.join(__dirname, '../../..') });
	const measured = JSON.parse(stdout) as Record<'bytes' | 'objects' | 'rows' | 'state' | 'peakRss', number>;
	expect(measured.bytes).toBeGreaterThan(28 * 1024 * 1024);
	expect(measured.rows).toBe(Math.min(limit, measured.objects));
	expect(measured.peakRss).toBeLessThan(150 * 1024 * 1024);
	expect(measured.state).toBeLessThan(50 * measured.rows + 1_000);
}, 120_000);
