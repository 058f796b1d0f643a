// Proves writing many at once: order kept, one bad item costs one failure and few calls.
import fc from 'fast-check';
import { chunks, writeInBatches } from '../../nodes/core/batches';
import { Failure, FAILURE_KINDS } from '../../nodes/core/failure';

/** A system that takes a chunk as a whole or not at all. */
function system(bad: ReadonlySet<number>, kind: Failure['kind'] = 'rejected') {
	const calls: number[][] = [];
	const write = async (chunk: number[]) => {
		calls.push(chunk);
		const culprit = chunk.find((item) => bad.has(item));
		if (culprit !== undefined) throw new Failure(kind, `Item ${culprit} is bad`);
		return chunk.map((item) => `written ${item}`);
	};
	return { calls, write };
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

it('chunks hold all items in order, none larger than asked', () => {
	fc.assert(
		fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 9 }), (items, size) => {
			const parts = chunks(items, size);
			expect(parts.flat()).toEqual(items);
			expect(parts.every((part) => part.length > 0 && part.length <= size)).toBe(true);
			expect(parts).toHaveLength(Math.ceil(items.length / size));
		}),
	);
});

it('without a size would never end, and says so', () => {
	expect(() => chunks([1], 0)).toThrow('at least 1');
});

it('one bad item of 100 costs one failure and about 2 log2 calls', async () => {
	const { calls, write } = system(new Set([37]));
	const results = await writeInBatches(upTo(100), 100, write);
	expect(results.filter((result) => !result.ok)).toHaveLength(1);
	expect(results[37]).toMatchObject({ ok: false, failure: { what: 'Item 37 is bad' } });
	expect(calls.length).toBeLessThanOrEqual(15);
});

it('every result stands where its item stood, whichever items are bad', async () => {
	await fc.assert(
		fc.asyncProperty(fc.nat(40), fc.integer({ min: 1, max: 12 }), fc.uniqueArray(fc.nat(40)), async (count, size, bad) => {
			const { calls, write } = system(new Set(bad));
			const results = await writeInBatches(upTo(count), size, write);
			expect(results.map((result) => (result.ok ? result.value : result.failure.what))).toEqual(upTo(count).map((i) => (bad.includes(i) ? `Item ${i} is bad` : `written ${i}`)));
			const written = calls.filter((chunk) => !chunk.some((item) => bad.includes(item))).flat();
			expect(new Set(written).size).toBe(written.length);
		}),
	);
});

it.each(FAILURE_KINDS.map((kind) => [kind, ['rejected', 'missing', 'ambiguous'].includes(kind)] as const))('%s: halved is %s', async (kind, halved) => {
	const { calls, write } = system(new Set([3]), kind);
	const results = await writeInBatches(upTo(8), 8, write);
	expect(results.filter((result) => !result.ok)).toHaveLength(halved ? 1 : 8);
	expect(calls).toHaveLength(halved ? 7 : 1);
});

it('a chunk that is refused for a reason of its own does not stop the later ones', async () => {
	const { write } = system(new Set([1]), 'denied');
	expect((await writeInBatches(upTo(4), 2, write)).map(({ ok }) => ok)).toEqual([false, false, true, true]);
});

it('an answer for fewer items than were sent is not taken for success', async () => {
	const results = await writeInBatches(upTo(3), 3, async (chunk) => chunk.slice(1));
	expect(results).toHaveLength(3);
	expect(results.every((result) => !result.ok && result.failure.kind === 'unknown')).toBe(true);
});
