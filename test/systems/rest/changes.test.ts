// What changesSince promises by a profile: every change at least once, once as long as the content stays, in whatever
// order and however small the portions, by any form and precision of times; late commits too.
import fc from 'fast-check';
import type { Cursor } from '../../../nodes/core/changes';
import type { Kind } from '../../../nodes/core/documents';
import { Failure } from '../../../nodes/core/failure';
import type { ChangesQuery } from '../../../nodes/core/port';
import { ChangeFinder } from '../../../nodes/RestErp/rest.changes';
import { Reader } from '../../../nodes/RestErp/rest.reading';
import type { Services } from '../../../nodes/RestErp/rest.services';
import { SystemTime } from '../../../nodes/RestErp/rest.time';
import { Api, type Json, servicesOn, START } from './reading.api';

const SECOND = 1_000;
const OVERLAP_MS = 60 * SECOND;
type Time = ConstructorParameters<typeof SystemTime>[0];
const ISO: Time = { format: 'iso', zone: 'UTC', precision: 'second' };

/** A table of customers behind a list that knows `since`. */
class Table {
	readonly api = new Api();
	readonly rows: Json[] = [];
	/** As the server lists them. */
	order: (a: Json, b: Json) => number = (a, b) => Number(a.id) - Number(b.id);
	/** Whether the list holds more than id and stamp. */
	whole = true;
	/** Whether it tells when a record changed. */
	stamps = true;

	constructor(readonly time: Time = ISO) {
		this.api.routes = { '/customers': ({ since, skip = '0', top = '1000' }) => this.list(since).slice(Number(skip), Number(skip) + Number(top)), '/customers/': (_query, id) => this.shown(this.rows.find((row) => String(row.id) === id)) };
	}

	get now(): number {
		return this.api.time ?? this.clock;
	}

	/** Goes on where the server tells no time. */
	clock = START;

	pass(ms: number): void {
		this.clock += ms;
		if (this.api.time !== undefined) this.api.time += ms;
	}

	/** @param stamp when it was written, if it shows only now */
	write(id: number, values: Json = {}, stamp = this.now): void {
		const at = new SystemTime(this.time).fromIso(new Date(stamp).toISOString());
		const row = this.rows.find((one) => one.id === id);
		if (row) Object.assign(row, { changed: at, version: Number(row.version) + 1, ...values });
		else this.rows.push({ id, name: `C${id}`, changed: at, version: 1, ...values });
	}

	remove(id: number): void {
		this.rows.splice(this.rows.findIndex((row) => row.id === id), 1);
	}

	private list(since: string | undefined): Json[] {
		const later = this.rows.filter((row) => since === undefined || order(row.changed) >= order(since));
		return later.sort(this.order).map((row) => (this.whole ? this.shown(row)! : { id: row.id, changed: this.stamps ? row.changed : undefined }));
	}

	private shown(row: Json | undefined): Json | undefined {
		if (!row) return undefined;
		const { changed, ...content } = row;
		return this.stamps ? row : content;
	}
}

/** As the server compares: numbers as numbers, texts as texts. */
function order(value: unknown): number | string {
	const text = String(value);
	const odata = /^\/Date\((-?\d+)/.exec(text)?.[1];
	return odata !== undefined ? Number(odata) : /^\d+$/.test(text) ? Number(text) : text;
}

const KIND = { module: 'customers', read: { name: 'record.name', notes: '$string(record.version)' }, get: { path: '/customers/{id}' } };
const QUERY = { since: 'since' };

/** Polls as a trigger does: the cursor goes through JSON. */
class Watcher {
	cursor: Cursor | undefined;
	/** `id@version`, as delivered. */
	readonly delivered: string[] = [];
	private services?: Services;

	constructor(
		readonly table: Table,
		private readonly profile: Json = {},
		private readonly kind: Json = {},
	) {}

	async once(query: Partial<ChangesQuery> = {}): Promise<{ ids: string[]; more: boolean }> {
		const services = (this.services ??= servicesOn(this.table.api, { time: this.table.time, ...this.profile, kinds: { customer: { ...KIND, modified: 'record.changed', changes: { request: { path: '/customers', query: QUERY, whole: this.table.whole } }, ...this.kind } } }));
		const set = await new ChangeFinder(services, new Reader(services)).since('customer', { cursor: this.cursor, budget: 50, overlapMs: OVERLAP_MS, ...query });
		this.cursor = JSON.parse(JSON.stringify(set.cursor)) as Cursor;
		const documents = set.documents as Array<{ source?: { id: string }; notes?: string }>;
		this.delivered.push(...documents.map(({ source, notes }) => `${source!.id}@${notes}`));
		return { ids: documents.map(({ source }) => source!.id), more: set.more };
	}

	async all(query: Partial<ChangesQuery> = {}): Promise<string[]> {
		const ids: string[] = [];
		for (let calls = 0; ; calls++) {
			expect(calls).toBeLessThan(500);
			const { ids: some, more } = await this.once(query);
			ids.push(...some);
			if (!more) return ids;
		}
	}
}

describe('customers', () => {
	it('that are there already are not delivered, those that change are, once', async () => {
		const watcher = new Watcher(new Table());
		const { table } = watcher;
		table.write(1);
		table.write(2);
		table.pass(4 * SECOND);
		expect(await watcher.all()).toEqual([]);
		table.write(3);
		expect(await watcher.all()).toEqual(['3']);
		expect(await watcher.all()).toEqual([]);
		table.write(1);
		expect(await watcher.all()).toEqual(['1']);
		// Twice within a second.
		table.write(1);
		expect(await watcher.all()).toEqual(['1']);
		table.pass(24 * 3_600 * SECOND);
		expect(await watcher.all()).toEqual([]);
	});

	it('that are written late, with an older time, are not missed', async () => {
		const watcher = new Watcher(new Table());
		const { table } = watcher;
		await watcher.all();
		const began = table.now;
		table.pass(50 * SECOND);
		table.write(1);
		expect(await watcher.all()).toEqual(['1']);
		table.write(2, {}, began);
		expect(await watcher.all()).toEqual(['2']);
	});

	it('come oldest first, in portions, whatever the order of the list', async () => {
		const watcher = new Watcher(new Table());
		const { table } = watcher;
		await watcher.all();
		table.order = (a, b) => Number(b.id) - Number(a.id);
		for (let id = 1; id <= 10; id++) {
			table.pass(600 * SECOND);
			table.write(id);
		}
		const portions: string[][] = [];
		for (let more = true; more; ) {
			const set = await watcher.once({ budget: 3 });
			portions.push(set.ids);
			({ more } = set);
		}
		expect(portions).toEqual([['1', '2', '3'], ['4', '5', '6'], ['7', '8', '9'], ['10']]);
		await watcher.once();
		expect(Object.keys(watcher.cursor!.seen)).toEqual(['10']);
	});

	it('of a long list that has the oldest first are found without reading it all; one that only says so loses nothing', async () => {
		const profile = { paging: { style: 'offset', offset: 'skip', limit: 'top', pageSize: 10 } };
		const kind = { changes: { request: { path: '/customers', query: QUERY }, oldestFirst: true } };
		for (const [listing, most] of [['oldest', 4], ['newest', 99]] as const) {
			const watcher = new Watcher(new Table(), profile, kind);
			const { table } = watcher;
			await watcher.all();
			table.order = ORDERS[listing]!;
			for (let id = 1; id <= 100; id++) {
				table.pass(5 * SECOND);
				table.write(id);
			}
			const ids: string[] = [];
			for (let more = true; more; ) {
				table.api.calls.length = 0;
				const set = await watcher.once({ budget: 9 });
				ids.push(...set.ids);
				({ more } = set);
				expect(table.api.calls.length).toBeLessThanOrEqual(most);
			}
			expect(ids).toEqual(Array.from({ length: 100 }, (_, i) => String(i + 1)));
			expect(await watcher.all()).toEqual([]);
		}
	});

	it('that all changed in one second, more than a portion of them, all come', async () => {
		const watcher = new Watcher(new Table(), { paging: { style: 'offset', offset: 'skip', limit: 'top', pageSize: 7 } });
		const { table } = watcher;
		await watcher.all();
		table.pass(60 * SECOND);
		for (let id = 1; id <= 40; id++) table.write(id);
		const ids = await watcher.all({ budget: 6 });
		expect(ids.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
		expect(await watcher.all({ budget: 6 })).toEqual([]);
	});

	it('from a time on come without a baseline, earlier ones never', async () => {
		const watcher = new Watcher(new Table());
		const { table } = watcher;
		table.write(1, {}, START - 11 * SECOND);
		table.write(2, {}, START - 10 * SECOND);
		table.write(3, {}, START - 5 * SECOND);
		const from = new Date(START - 10 * SECOND).toISOString();
		expect(await watcher.all({ from, budget: 1 })).toEqual(['2', '3']);
		table.pass(5 * SECOND);
		expect(await watcher.all({ from })).toEqual([]);
		await expect(new Watcher(table).once({ from: 'soon' })).rejects.toThrow(/"soon" is not a time/);
	});

	it('that change while the list is read, behind the reading, come later however long it took', async () => {
		const watcher = new Watcher(new Table(), { paging: { style: 'offset', offset: 'skip', limit: 'top', pageSize: 3 } });
		const { table } = watcher;
		await watcher.all();
		table.pass(SECOND);
		for (let id = 1; id <= 9; id++) table.write(id);
		const calls = table.api.calls.length;
		table.api.before = (nth) => {
			if (nth !== calls + 2) return;
			table.pass(SECOND);
			table.write(1);
			table.pass(600 * SECOND);
			table.write(9);
		};
		const first = await watcher.all();
		expect([...first].sort()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
		expect(watcher.delivered).toContain('9@2');
		expect(await watcher.all()).toEqual(['1']);
	});

	it('with a stamp in the future do not stop the others', async () => {
		const watcher = new Watcher(new Table());
		const { table } = watcher;
		await watcher.all();
		table.write(1, {}, START + 365 * 24 * 3_600 * SECOND);
		expect(await watcher.all()).toEqual(['1']);
		table.pass(3_600 * SECOND);
		table.write(2);
		expect(await watcher.all()).toEqual(['2']);
		expect(await watcher.all()).toEqual([]);
	});

	it('of a server that tells no time, and none of its records either', async () => {
		const silent = new Table();
		silent.api.time = undefined;
		const watcher = new Watcher(silent);
		silent.write(1);
		expect(await watcher.all()).toEqual([]);
		silent.pass(30 * SECOND);
		silent.write(2);
		expect(await watcher.all()).toEqual(['2']);
		expect(await watcher.all()).toEqual([]);

		const table = new Table();
		table.stamps = false;
		const unstamped = new Watcher(table, {}, { modified: undefined });
		table.write(1);
		expect(await unstamped.all()).toEqual([]);
		table.pass(600 * SECOND);
		for (let id = 2; id <= 5; id++) table.write(id);
		expect((await unstamped.all({ budget: 2 })).sort()).toEqual(['2', '3', '4', '5']);
		expect(await unstamped.all()).toEqual([]);
	});

	it('in lists that hold little more than ids: read whole, and a second change within one second is not missed', async () => {
		const watcher = new Watcher(new Table());
		const { table } = watcher;
		table.whole = false;
		await watcher.all();
		table.pass(SECOND);
		table.write(1);
		expect(await watcher.all()).toEqual([]);
		table.write(1);
		table.pass(SECOND);
		expect(await watcher.all()).toEqual(['1']);
		expect(watcher.delivered).toEqual(['1@2']);
		expect(await watcher.all()).toEqual([]);
	});

	it('by a list that knows "since" where the profile names no request of its own; else refused', async () => {
		const table = new Table();
		const watcher = new Watcher(table, {}, { changes: undefined, list: { path: '/customers', query: QUERY } });
		await watcher.all();
		table.pass(SECOND);
		table.write(1);
		expect(await watcher.all()).toEqual(['1']);
		const refused = await new Watcher(table, {}, { changes: undefined }).once().then(() => undefined, (error: unknown) => error as Failure);
		expect(refused).toBeInstanceOf(Failure);
		expect(refused!.message).toContain('add kinds.customer.changes to the profile');
	});

	it('in the night in which the clock is put back', async () => {
		const table = new Table({ format: 'sql', zone: 'Europe/Rome', precision: 'second' });
		table.api.time = Date.parse('2026-10-25T00:40:00Z');
		const watcher = new Watcher(table);
		await watcher.all();
		for (let id = 1; id <= 30; id++) {
			table.pass(180 * SECOND);
			table.write(id);
			expect(await watcher.all()).toEqual([String(id)]);
			expect(await watcher.all()).toEqual([]);
		}
	});

	it.each(['second', 'minute', 'day'] as const)('of a server that means "after" and tells no more than the %s, without any overlap', async (precision) => {
		const table = new Table({ ...ISO, precision });
		table.api.routes['/customers'] = ({ since }) => table.rows.filter((row) => order(row.changed) > order(since));
		const watcher = new Watcher(table);
		await watcher.all({ overlapMs: 0 });
		for (let id = 1; id <= 5; id++) {
			table.write(id);
			expect(await watcher.all({ overlapMs: 0 })).toEqual([String(id)]);
			table.pass(20 * SECOND);
			table.write(id);
			expect(await watcher.all({ overlapMs: 0 })).toEqual([String(id)]);
		}
	});

	it('looks back as far as the profile says that changes become visible late', async () => {
		const watcher = new Watcher(new Table(), {}, { changes: { request: { path: '/customers', query: QUERY }, overlapSeconds: 3_600 } });
		const { table } = watcher;
		await watcher.all();
		table.pass(3_000 * SECOND);
		table.write(1);
		expect(await watcher.all()).toEqual(['1']);
		table.write(2, {}, START);
		expect(await watcher.all()).toEqual(['2']);
	});
});

it('only those that belong to a record of the other system', async () => {
	const api = new Api();
	const read = (kind: Kind): Json => (kind === 'invoice' ? { number: 'record.no', orders: 'record.orders.{"id": id, "sourceKey": ours}', customerSourceKey: 'record.customer' } : { name: 'record.no' });
	const kind = (name: Kind, module: string): Json => ({ module, key: 'record.ours', modified: 'record.changed', read: read(name), list: { path: `/${module}`, query: QUERY } });
	const changed = new Date(START).toISOString();
	api.routes = {
		'/invoices': () => [
			{ id: 1, no: 'ours', changed, orders: [{ id: 4 }, { id: 5, ours: 'vtiger:Quotes:5' }] },
			{ id: 2, no: 'theirs', changed, orders: [{ id: 6 }] },
			{ id: 3, no: 'nobody', changed },
			{ id: 4, no: 'our customer', changed, customer: 'vtiger:Accounts:1' },
		],
		'/customers': () => [{ id: 1, no: 'ours', changed, ours: 'vtiger:Accounts:1' }, { id: 2, no: 'theirs', changed }],
	};
	const services = servicesOn(api, { kinds: { invoice: kind('invoice', 'invoices'), customer: kind('customer', 'customers'), order: { module: 'orders', read: {} } } });
	const finder = new ChangeFinder(services, new Reader(services));
	const linked = async (name: Kind, onlyLinked: boolean) => (await finder.since(name, { from: changed, budget: 9, onlyLinked })).documents.map(({ source }) => source!.id);
	expect(await linked('invoice', true)).toEqual(['1', '4']);
	expect(await linked('invoice', false)).toEqual(['1', '2', '3', '4']);
	expect(await linked('customer', true)).toEqual(['1']);
});

type Step = { do: 'write'; ids: number[]; lateMs: number } | { do: 'remove'; id: number } | { do: 'wait'; ms: number } | { do: 'poll'; calls: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 5, arbitrary: fc.record({ do: fc.constant('write' as const), ids: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }), lateMs: fc.constantFrom(0, 0, 0, 500, 20_000, 59_000) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), id: fc.integer({ min: 1, max: 9 }) }) },
	{ weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 400, 1_000, 30_000, 61_000, 600_000, 5_000_000) }) },
	{ weight: 4, arbitrary: fc.record({ do: fc.constant('poll' as const), calls: fc.integer({ min: 1, max: 2 }) }) },
);

const ORDERS: Record<string, (a: Json, b: Json) => number> = {
	id: (a, b) => Number(a.id) - Number(b.id),
	newest: (a, b) => (order(a.changed) < order(b.changed) ? 1 : -1),
	oldest: (a, b) => (order(a.changed) > order(b.changed) ? 1 : -1),
	odd: (a, b) => (Number(a.id) * 7) % 5 - (Number(b.id) * 7) % 5,
};

const anyTime: fc.Arbitrary<Time> = fc.record({
	format: fc.constantFrom('iso' as const, 'isoLocal' as const, 'sql' as const, 'date' as const, 'epochSeconds' as const, 'epochMillis' as const, 'odataV2' as const),
	zone: fc.constantFrom('UTC', 'Europe/Rome', 'America/New_York', 'Asia/Kolkata'),
	precision: fc.constantFrom('millisecond' as const, 'second' as const, 'minute' as const, 'day' as const),
});

const anySetting = fc.record({
	time: anyTime,
	order: fc.constantFrom(...Object.keys(ORDERS)),
	budget: fc.integer({ min: 1, max: 5 }),
	pageSize: fc.integer({ min: 2, max: 4 }),
	style: fc.constantFrom('none' as const, 'offset' as const),
	/** Whether the profile says that the oldest come first, where they do. */
	oldestFirst: fc.boolean(),
	stamps: fc.boolean(),
	tells: fc.boolean(),
	// Around the night in which Rome puts its clock back, and any other day.
	start: fc.constantFrom(START, Date.parse('2026-10-25T00:20:00Z'), Date.parse('2026-11-22T23:59:30Z')),
});

it('every state that a poll could see is delivered, none twice, in any order, portion, form of time and precision', async () => {
	await fc.assert(
		fc.asyncProperty(anySetting, fc.array(anyStep, { maxLength: 14 }), async (setting, steps) => {
			const table = new Table(setting.time);
			// Somebody must tell the time.
			if (!setting.tells && setting.stamps) table.api.time = undefined;
			else table.api.time = setting.start;
			table.clock = setting.start;
			table.order = ORDERS[setting.order]!;
			table.stamps = setting.stamps;
			const paging = setting.style === 'none' ? { style: 'none' } : { style: 'offset', offset: 'skip', limit: 'top', pageSize: setting.pageSize };
			const changes = { request: { path: '/customers', query: QUERY }, oldestFirst: setting.oldestFirst && setting.order === 'oldest' };
			const watcher = new Watcher(table, { paging }, { changes, ...(setting.stamps ? {} : { modified: undefined }) });
			table.write(1);
			await watcher.all({ budget: setting.budget });
			const atFirst = new Map(table.rows.map((row) => [String(row.id), Number(row.version)]));
			for (const step of [...steps, { do: 'poll', calls: 0 } as const]) {
				if (step.do === 'wait') table.pass(step.ms);
				else if (step.do === 'remove') table.remove(step.id);
				else if (step.do === 'write') for (const id of step.ids) table.write(id, {}, table.now - step.lateMs);
				else if (step.calls > 0) for (let i = 0; i < step.calls; i++) await watcher.once({ budget: setting.budget });
				else await watcher.all({ budget: setting.budget });
			}
			// Each record as it stands at the end was delivered last, unless it stood so before the first poll.
			for (const row of table.rows) {
				const states = watcher.delivered.filter((one) => one.startsWith(`${String(row.id)}@`));
				const known = atFirst.get(String(row.id)) === row.version && states.length === 0;
				expect(known ? undefined : states.at(-1)).toBe(known ? undefined : `${String(row.id)}@${String(row.version)}`);
			}
			await watcher.all({ budget: setting.budget });
			table.pass(7_200_000);
			await watcher.all({ budget: setting.budget });
			expect(watcher.delivered.filter((one, i, all) => all.indexOf(one) !== i && table.rows.some((row) => `${String(row.id)}@${String(row.version)}` === one && Number(row.version) > 1))).toEqual([]);
		}),
		{ numRuns: 120 },
	);
}, 120_000);
