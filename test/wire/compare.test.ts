// Owns the proof that the comparison of recorded and replayed answers sees what it must see.
// Must not know: any system.
import { shapeDifferences, Tally, totalLine } from './compare';

describe('shapeDifferences', () => {
	it('sees missing and extra keys, other types and other values, but not the order of keys', () => {
		expect(shapeDifferences({ a: 1, b: { c: 'x' } }, { b: { c: 'x' }, a: 1 })).toEqual([]);
		const paths = shapeDifferences({ a: 1, b: '1', c: null, d: [1] }, { a: 2, b: 1, d: [1, 2], e: 0 }).map((d) => d.path);
		expect(paths).toEqual(['a', 'b', 'c', 'd', 'e']);
	});

	it('takes trimmed places for present, and a trimmed list for its beginning', () => {
		const trimmed = { a: '(trimmed)', b: [1, '(trimmed)'] };
		expect(shapeDifferences(trimmed, { a: { any: 'thing' }, b: [1, 2, 3] })).toEqual([]);
		expect(shapeDifferences(trimmed, { b: [2] }).map((d) => d.path)).toEqual(['a', 'b[0]']);
	});

	it('honours free values, ignored places, equivalences and lists that are only alike', () => {
		const free = { volatile: (p: { key: string }) => p.key === 'id' };
		expect(shapeDifferences({ id: 'a' }, { id: 'b' }, free)).toEqual([]);
		expect(shapeDifferences({ id: 'a' }, { id: 1 }, free)).toHaveLength(1);
		expect(shapeDifferences({ x: 1 }, {}, { ignore: (p) => p.key === 'x' })).toEqual([]);
		expect(shapeDifferences({ x: null }, { x: '' }, { equal: (p) => (p.expected ?? '') === (p.actual ?? '') })).toEqual([]);
		expect(shapeDifferences([{ a: 'x' }], [{ a: 'y' }, { a: 'z' }], { arrays: 'alike' })).toEqual([]);
		expect(shapeDifferences([{ a: 'x' }], [{ a: 1 }], { arrays: 'alike' })).toHaveLength(1);
	});
});

describe('Tally', () => {
	it('counts, and fails stale, unknown and missing exceptions', () => {
		const tally = new Tally('x-1', { known: 'why', stale: 'why', gone: 'why' });
		expect(tally.count('fine', [])).toBeUndefined();
		expect(tally.count('known', [{ path: 'a', reason: 'b' }])).toBeUndefined();
		expect(tally.count('stale', [])).toContain('stale');
		expect(tally.count('new', [{ path: 'a', reason: 'b' }])).toContain('a: b');
		expect(tally.finish()).toHaveLength(3);
		expect(tally.line()).toBe('wire: x-1 replayed 4, matched 2, excepted 1');
	});

	it('adds up printed lines, each folder once', () => {
		const out =
			'wire: a replayed 2, matched 1, excepted 1\nnoise wire: b replayed 3, matched 3, excepted 0\nwire: a replayed 2, matched 1, excepted 1';
		expect(totalLine(out)).toBe('wire: replayed 5, matched 4, excepted 1');
	});
});
