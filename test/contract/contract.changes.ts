// Owns the promises of `changesSince`: nothing before the baseline, every change after it, none twice, however many
// fall into one second and however small the pages are.
import type { Document, Kind } from '../../nodes/core/documents';
import { DEFAULT_OVERLAP_MS, type Cursor } from '../../nodes/core/changes';
import type { Connector } from '../../nodes/core/port';
import { tick, type Bench } from './bench';
import type { Part } from './contract';

const MOST_PAGES = 100;
const BURST = 7;

export function changesContract(part: Part): void {
	for (const kind of part.offering('changes')) {
		part.tally.test(`${kind}: a change is delivered once, the past never`, async () => await once(part, kind), 120_000);
		part.tally.test(`${kind}: a burst within a second is delivered whole, in small pages`, async () => await burst(part, kind), 120_000);
		part.tally.test(`${kind}: from a date on, what was there before the baseline too`, async () => await fromDate(part, kind), 120_000);
	}
}

interface Watcher {
	cursor?: Cursor;
	/** How often each of our records was delivered, by id. */
	counts: Map<string, number>;
}

/** Drains the system as a trigger does; the cursor goes through JSON, as a host keeps it. */
async function poll(connector: Connector, kind: Kind, watcher: Watcher, budget = 50, from?: string): Promise<Document[]> {
	const delivered: Document[] = [];
	for (let page = 0; page < MOST_PAGES; page++) {
		const changes = await connector.changesSince(kind, { cursor: watcher.cursor, from, overlapMs: DEFAULT_OVERLAP_MS, budget });
		expect(changes.documents.length).toBeLessThanOrEqual(budget);
		watcher.cursor = JSON.parse(JSON.stringify(changes.cursor)) as Cursor;
		delivered.push(...changes.documents);
		if (!changes.more) break;
	}
	for (const { source } of delivered) watcher.counts.set(source!.id, (watcher.counts.get(source!.id) ?? 0) + 1);
	return delivered;
}

/** A watcher that knows everything that is there. */
async function baseline(connector: Connector, kind: Kind): Promise<Watcher> {
	const watcher: Watcher = { counts: new Map() };
	expect(await poll(connector, kind, watcher)).toEqual([]);
	return watcher;
}

async function once(part: Part, kind: Kind): Promise<void> {
	const bench = part.bench();
	const connector = bench.connect();
	const old = await bench.seed(kind, 'chg 0');
	// What happened in the last seconds may count as after the baseline: the server's clock shows whole ones.
	await tick(bench, 4);
	const watcher = await baseline(connector, kind);
	const one = await bench.seed(kind, 'chg 1');
	// At the same second as the baseline: it may be that second's change or come after it, but it must come.
	await poll(connector, kind, watcher);
	await tick(bench, 3);
	await poll(connector, kind, watcher);
	expect(counts(watcher, [old, one])).toEqual([0, 1]);
	await poll(connector, kind, watcher);
	expect(counts(watcher, [old, one])).toEqual([0, 1]);

	await bench.touch(kind, one, 11);
	await poll(connector, kind, watcher);
	await bench.touch(kind, one, 12);
	await bench.touch(kind, old, 13);
	await poll(connector, kind, watcher);
	await tick(bench, 3);
	// By another process, as after a restart of the host.
	await poll(bench.connect(), kind, watcher);
	const [ofOld, ofOne] = counts(watcher, [old, one]) as [number, number];
	expect(ofOld).toBe(1);
	// Two changes, which a poll that waits for the second to end may deliver as one.
	expect([2, 3]).toContain(ofOne);
	await tick(bench);
	expect(ours(await poll(connector, kind, watcher), [old, one])).toEqual([]);
}

async function burst(part: Part, kind: Kind): Promise<void> {
	const bench = part.bench();
	const connector = bench.connect();
	const watcher = await baseline(connector, kind);
	await tick(bench, 3);
	const ids = await seedMany(bench, kind, BURST);
	for (let i = 0; i < 3; i++) await poll(connector, kind, watcher, 3);
	await tick(bench, 3);
	for (let i = 0; i < 3; i++) await poll(connector, kind, watcher, 3);
	expect(counts(watcher, ids)).toEqual(ids.map(() => 1));
}

async function fromDate(part: Part, kind: Kind): Promise<void> {
	const bench = part.bench();
	if (bench.timeless?.includes(kind)) return;
	const connector = bench.connect();
	await bench.seed(kind, 'from 0');
	await tick(bench, 3);
	const id = await bench.seed(kind, 'from 1');
	const { modifiedAt } = (await connector.get(kind, id)).source!;
	await tick(bench, 3);
	const watcher: Watcher = { counts: new Map() };
	for (let i = 0; i < 3; i++) await poll(connector, kind, watcher, 50, modifiedAt);
	expect(counts(watcher, [id])).toEqual([1]);
}

async function seedMany(bench: Bench, kind: Kind, count: number): Promise<string[]> {
	const ids: string[] = [];
	for (let i = 0; i < count; i++) ids.push(await bench.seed(kind, `burst ${i}`));
	return ids;
}

function counts(watcher: Watcher, ids: readonly string[]): number[] {
	return ids.map((id) => watcher.counts.get(id) ?? 0);
}

function ours(documents: readonly Document[], ids: readonly string[]): string[] {
	return documents.map(({ source }) => source!.id).filter((id) => ids.includes(id));
}
