// Proves paging by id: nothing skipped, nothing twice, whatever is inserted or deleted meanwhile; no endless loop.
import fc from 'fast-check';
import { collect, pagesById } from '../../nodes/core/pages';

/** A table read by `id > last`, a page at a time; `between` runs after each page. */
function pages(table: Set<number>, size: number, between: (page: number) => void = () => undefined) {
	let count = 0;
	const fetch = async (last: string | undefined) => {
		const rows = [...table].sort((a, b) => a - b).filter((id) => last === undefined || id > Number(last)).slice(0, size);
		between(count++);
		return rows;
	};
	return { pages: pagesById(fetch, String, size), count: () => count };
}

it.each([
	[0, 3, 1],
	[2, 3, 1],
	[3, 3, 2],
	[7, 3, 3],
])('%d rows by %d take %d calls', async (rows, size, calls) => {
	const { pages: all, count } = pages(new Set(Array.from({ length: rows }, (_, i) => i + 1)), size);
	expect(await collect(all)).toHaveLength(rows);
	expect(count()).toBe(calls);
});

it('every row that was there all the time comes exactly once, in order', async () => {
	const anyChange = fc.record({ page: fc.nat(10), add: fc.array(fc.integer({ min: 1, max: 60 })), remove: fc.array(fc.integer({ min: 1, max: 60 })) });
	await fc.assert(
		fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 60 })), fc.integer({ min: 1, max: 7 }), fc.array(anyChange), async (ids, size, changes) => {
			const table = new Set(ids);
			const gone = new Set<number>();
			const { pages: all } = pages(table, size, (page) => {
				for (const change of changes.filter((c) => c.page === page)) {
					for (const id of change.remove) void (table.delete(id), gone.add(id));
					for (const id of change.add) table.add(id);
				}
			});
			const read = await collect(all);
			expect(read).toEqual([...new Set(read)].sort((a, b) => a - b));
			expect(ids.filter((id) => !gone.has(id) && !read.includes(id))).toEqual([]);
		}),
	);
});

it('a server that answers the same page again is not asked for ever', async () => {
	const stuck = pagesById(async () => [1, 2], String, 2);
	await expect(collect(stuck)).rejects.toThrow('Paging stands still at id 2');
});

it.each([
	[0, 0],
	[2, 2],
	[5, 5],
	[99, 7],
])('collects at most %d', async (limit, length) => {
	const { pages: all } = pages(new Set([1, 2, 3, 4, 5, 6, 7]), 3);
	expect(await collect(all, limit)).toHaveLength(length);
});

it('reads no page more than the limit needs', async () => {
	const { pages: all, count } = pages(new Set([1, 2, 3, 4, 5, 6, 7]), 3);
	await collect(all, 3);
	expect(count()).toBe(1);
});
