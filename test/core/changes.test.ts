// Proves the promise of changes.ts on a model: a table that is written to while it is polled, by page, budget and
// restart. Every change delivered at least once, none twice while its print stays, the watermark never too far.
import fc from 'fast-check';
import { advance, baseline, fingerprint, fresh, iso, scanFrom, type ChangedRow, type Cursor } from '../../nodes/core/changes';

const SECOND = 1_000;
const OVERLAP_MS = 60 * SECOND;
const START = Date.parse('2026-01-31T12:00:00Z');

interface Row {
	id: number;
	version: number;
	/** When it was written; a long transaction shows it later, with this stamp. */
	stamp: number;
	visibleAt: number;
}

/** One poll: pages of `size` by id until `budget` fresh rows are found; the cursor is saved after delivery. */
function poll(table: Row[], cursor: Cursor, now: number, size: number, budget: number): { cursor: Cursor; delivered: ChangedRow[] } {
	const delivered: ChangedRow[] = [];
	let current = cursor;
	for (;;) {
		const from = scanFrom(current, OVERLAP_MS);
		const after = Number(current.open?.afterId ?? 0);
		const due = visible(table, now).filter((row) => row.at >= from && row.row.id > after).slice(0, size);
		const rows = due.map(({ row, at }) => ({ id: String(row.id), modifiedAt: at, print: fingerprint([row.id, row.version]) }));
		delivered.push(...fresh(current, rows));
		const complete = rows.length < size;
		current = advance(current, rows, complete, OVERLAP_MS, now + CLOCK_SKEW);
		if (complete || delivered.length >= budget) return { cursor: current, delivered };
	}
}

/** This machine's clock is not the server's. */
const CLOCK_SKEW = -7 * 3_600 * SECOND;

/** What a reader sees now: the newest visible version of each row, ascending by id, times cut to seconds. */
function visible(table: Row[], now: number): Array<{ row: Row; at: string }> {
	const newest = new Map<number, Row>();
	for (const row of table) if (row.visibleAt <= now && (newest.get(row.id)?.version ?? -1) < row.version) newest.set(row.id, row);
	return [...newest.values()].sort((a, b) => a.id - b.id).map((row) => ({ row, at: iso(row.stamp) }));
}

type Step = { do: 'write'; ids: number[]; lateMs: number } | { do: 'wait'; ms: number } | { do: 'poll' };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 4, arbitrary: fc.record({ do: fc.constant('write' as const), ids: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8, size: 'max' }), lateMs: fc.constantFrom(0, 0, 0, 500, 20_000, 59_000) }) },
	{ weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 1, 400, 1_000, 30_000, 61_000, 600_000) }) },
	{ weight: 4, arbitrary: fc.record({ do: fc.constant('poll' as const) }) },
);

/** Runs the steps, then polls until nothing is left. */
function run(steps: Step[], size: number, budget: number) {
	const table: Row[] = [];
	const deliveries: Array<{ id: string; print: string }> = [];
	let now = START;
	let cursor = baseline(iso(now));
	const pollOnce = () => {
		const result = poll(table, cursor, now, size, budget);
		// The host keeps the cursor as JSON.
		cursor = JSON.parse(JSON.stringify(result.cursor)) as Cursor;
		deliveries.push(...result.delivered);
		return result.delivered.length;
	};
	const version = new Map<number, number>();
	for (const step of steps) {
		if (step.do === 'wait') now += step.ms;
		if (step.do === 'poll') pollOnce();
		if (step.do !== 'write') continue;
		for (const id of step.ids) {
			const next = (version.get(id) ?? 0) + 1;
			// A row that is being written in one transaction waits for it, as in a database.
			const before = table.filter((row) => row.id === id).reduce((latest, row) => Math.max(latest, row.visibleAt), 0);
			now = Math.max(now, before);
			version.set(id, next);
			table.push({ id, version: next, stamp: now, visibleAt: now + step.lateMs });
		}
	}
	now += OVERLAP_MS;
	for (let quiet = 0, polls = 0; quiet < 3; polls++) {
		if (polls > 500) throw new Error('Polls never come to rest');
		quiet = pollOnce() === 0 && !cursor.open ? quiet + 1 : 0;
	}
	return { table, deliveries, cursor, now };
}

const anyCase = [fc.array(anyStep, { maxLength: 40, size: 'max' }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 })] as const;

describe('on any sequence of writes, waits and polls', () => {
	it('the last state of every record is delivered', () => {
		fc.assert(
			fc.property(...anyCase, (steps, size, budget) => {
				const { table, deliveries, now } = run(steps, size, budget);
				const delivered = new Set(deliveries.map(({ id, print }) => `${id} ${print}`));
				const missed = visible(table, now).filter(({ row }) => !delivered.has(`${row.id} ${fingerprint([row.id, row.version])}`));
				expect(missed).toEqual([]);
			}),
			{ numRuns: 600 },
		);
	});

	it('nothing is delivered twice in the same state', () => {
		fc.assert(
			fc.property(...anyCase, (steps, size, budget) => {
				const { deliveries } = run(steps, size, budget);
				const once = new Set(deliveries.map(({ id, print }) => `${id} ${print}`));
				expect(once.size).toBe(deliveries.length);
			}),
			{ numRuns: 600 },
		);
	});

	it('what is remembered stays inside the overlap', () => {
		fc.assert(
			fc.property(...anyCase, (steps, size, budget) => {
				const { cursor } = run(steps, size, budget);
				expect(cursor.open).toBeUndefined();
				const oldest = Date.parse(cursor.watermark) - OVERLAP_MS;
				expect(Object.values(cursor.seen).every(({ at }) => Date.parse(at) >= oldest)).toBe(true);
			}),
			{ numRuns: 200 },
		);
	});
});

describe('the watermark', () => {
	const row = (id: string, modifiedAt: string): ChangedRow => ({ id, modifiedAt, print: `${id}@${modifiedAt}` });
	const at = (seconds: number) => iso(START + seconds * SECOND);

	it('stays while a window is not done, and moves when it is', () => {
		const open = advance(baseline(at(0)), [row('1', at(10))], false, OVERLAP_MS);
		expect(open).toMatchObject({ watermark: at(0), open: { from: at(-60), afterId: '1', newest: at(10) } });
		expect(scanFrom(open, OVERLAP_MS)).toBe(at(-60));
		const done = advance(open, [row('2', at(5))], true, OVERLAP_MS);
		expect(done).toMatchObject({ watermark: at(10) });
		expect(done.open).toBeUndefined();
	});

	it('never goes back', () => {
		expect(advance(baseline(at(100)), [row('1', at(50))], true, OVERLAP_MS).watermark).toBe(at(100));
		expect(advance(baseline(at(100)), [], true, OVERLAP_MS).watermark).toBe(at(100));
	});

	it('stays behind by as long as the window was open: what changed behind the scan is found again', () => {
		const first = advance(baseline(at(0)), [row('1', at(10))], false, OVERLAP_MS, 0);
		const second = advance(first, [row('5', at(20))], false, OVERLAP_MS, 300 * SECOND);
		const done = advance(second, [row('9', at(900))], true, OVERLAP_MS, 890 * SECOND);
		expect(done.watermark).toBe(at(10));
		// Record 1 changed again at second 30, after the scan had passed it.
		expect(at(30) >= scanFrom(done, OVERLAP_MS)).toBe(true);
	});

	it('is right for times finer than a second, which are not in order as texts', () => {
		const known = advance(baseline(at(0)), [row('1', '2026-01-31T12:00:00.500Z')], true, 0);
		expect(fresh(known, [row('1', '2026-01-31T12:00:00.500Z')])).toEqual([]);
		expect(advance(baseline(at(0)), [row('1', '2026-01-31T12:00:10Z'), row('2', '2026-01-31T12:00:10.900Z'), row('3', '2026-01-31T12:00:09Z')], true, 0).watermark).toBe(at(10));
	});

	it('keeps the place of an open window when a page is empty', () => {
		const open = advance(baseline(at(0)), [row('7', at(1))], false, OVERLAP_MS);
		expect(advance(open, [], false, OVERLAP_MS).open?.afterId).toBe('7');
	});
});

describe('a fingerprint', () => {
	it('is the same for the same content and short', () => {
		fc.assert(fc.property(fc.jsonValue(), (value) => expect(fingerprint(JSON.parse(JSON.stringify(value)))).toBe(fingerprint(value))));
		expect(fingerprint({ a: 1 })).toMatch(/^[0-9a-f]{16}$/);
		expect(fingerprint(undefined)).toMatch(/^[0-9a-f]{16}$/);
	});

	it('differs for different content', () => {
		const prints = new Set(Array.from({ length: 20_000 }, (_, i) => fingerprint({ id: i, at: '2026-01-31T12:00:00Z' })));
		expect(prints.size).toBe(20_000);
		fc.assert(
			fc.property(fc.string(), fc.string(), (a, b) => {
				fc.pre(a !== b);
				expect(fingerprint(a)).not.toBe(fingerprint(b));
			}),
		);
	});
});

it('iso cuts to whole seconds', () => expect(iso(START + 999)).toBe('2026-01-31T12:00:00Z'));
