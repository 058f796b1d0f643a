// Owns the promises of `get` and `list`: by id and by number, all pages, limit and filters respected.
import type { Document, Kind } from '../../nodes/core/documents';
import { collect } from '../../nodes/core/pages';
import { tick } from './bench';
import type { Part } from './contract';
import { failureOf } from './results';

export function readsContract(part: Part): void {
	for (const kind of part.offering('get')) {
		part.tally.test(`${kind}: get by id and by number; what is not there is missing`, async () => await get(part, kind), 60_000);
	}
	for (const kind of part.offering('list')) {
		part.tally.test(`${kind}: list finds it, respects limit, number and time`, async () => await list(part, kind), 60_000);
	}
}

/** Comes late in the suite: its records make every look at all customers longer. */
export function pagesContract(part: Part): void {
	if (part.offering('list').includes('customer')) part.tally.test('customer: list gives all pages, each record once', async () => await pages(part), 120_000);
}

async function get(part: Part, kind: Kind): Promise<void> {
	const bench = part.bench();
	const connector = bench.connect();
	const id = await bench.seed(kind, `get ${kind}`);
	const document = await connector.get(kind, id);
	expect(document).toMatchObject({ kind, source: { id, module: connector.moduleOf(kind), url: expect.stringMatching(/^https?:/) } });
	if (!bench.timeless?.includes(kind)) expect(document.source!.modifiedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
	const number = document.source?.number;
	if (number) expect((await connector.get(kind, `number:${number}`)).source?.id).toBe(id);
	const missing = await failureOf(async () => await connector.get(kind, bench.noId(kind)));
	expect(missing.kind).toBe('missing');
	expect(missing.message).toContain(bench.noId(kind));
	const nobody = await failureOf(async () => await connector.get(kind, "number:O'NONE-1"));
	expect(nobody.kind).toBe('missing');
	expect(nobody.message).toContain("O'NONE-1");
	expect((await failureOf(async () => await connector.get(kind, 'no-id'))).kind).toMatch(/missing|rejected/);
}

async function list(part: Part, kind: Kind): Promise<void> {
	const bench = part.bench();
	const connector = bench.connect();
	const old = await bench.seed(kind, `list 1 ${kind}`);
	await tick(bench, 3);
	const young = [await bench.seed(kind, `list 2 ${kind}`), await bench.seed(kind, `list 3 ${kind}`)];
	const all = await collect<Document>(connector.list(kind, {}));
	const ids = all.map((document) => document.source!.id);
	expect(ids).toEqual(expect.arrayContaining([old, ...young]));
	expect(new Set(ids).size).toBe(ids.length);
	expect(await collect<Document>(connector.list(kind, { limit: 2 }))).toHaveLength(2);

	const document = all.find((candidate) => candidate.source!.id === young[0])!;
	if (bench.timeless?.includes(kind)) {
		expect((await failureOf(async () => await collect<Document>(connector.list(kind, { modifiedSince: new Date(bench.clock.now()).toISOString() })))).kind).toBe('rejected');
	} else {
		const since = await collect<Document>(connector.list(kind, { modifiedSince: document.source!.modifiedAt }));
		expect(since.map(({ source }) => source!.id)).toEqual(expect.arrayContaining(young));
		expect(since.map(({ source }) => source!.id)).not.toContain(old);
	}
	const number = document.source?.number;
	if (!number) return;
	expect((await collect<Document>(connector.list(kind, { where: { number } }))).map(({ source }) => source!.id)).toEqual([young[0]]);
	expect(await collect<Document>(connector.list(kind, { where: { number: "O'NONE-1" } }))).toEqual([]);
}

async function pages(part: Part): Promise<void> {
	const bench = part.bench();
	if (!bench.bulk) return;
	const names = Array.from({ length: bench.bulk.count }, (_, i) => `${bench.run} page ${i}`);
	await bench.bulk.make(names);
	const connector = bench.connect();
	const listed = (await collect(connector.list('customer', {}))).map(({ name }) => name).filter((name) => name.startsWith(`${bench.run} page `));
	expect(listed.sort()).toEqual(names.sort());
	const some = names.length - 1;
	expect(await collect(connector.list('customer', { limit: some }))).toHaveLength(some);
}
