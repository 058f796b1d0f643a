// Proves the comparison of a body with a record: spelling never counts, a real difference always does and is found where
// it is.
import fc from 'fast-check';
import { compare, lies, onlyChanged, show, without } from '../../../nodes/RestErp/rest.compare';
import { exactNumber } from '../../../nodes/RestErp/rest.json';

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

const name = fc.constantFrom('name', 'price', 'lines', 'city', 'external_id', 'Customer@odata.bind', 'имя');
const leaf = fc.oneof(fc.string({ maxLength: 12 }), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null), fc.constant(''), fc.constantFrom('1.50', '007', '2026-11-02T10:00:00Z', '-0', '0.10'));
const { value } = fc.letrec<{ value: Json }>((tie) => ({
	value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(name, tie('value'), { maxKeys: 4 })),
}));
const object = fc.dictionary(name, value, { maxKeys: 5 });

/** The same in another spelling, as servers give things back. */
function respelled(given: Json): Json {
	if (Array.isArray(given)) return given.map(respelled);
	if (given === null) return '';
	if (typeof given === 'object') return { ...Object.fromEntries(Object.entries(given).map(([key, member]) => [key, respelled(member)])), more: 'of the server\'s own' };
	if (typeof given === 'number') return Number.isInteger(given) && Math.abs(given) < 1e15 ? `${given}.00` : given;
	if (typeof given === 'string' && /^-?[1-9]\d*\.\d+$/.test(given)) return `${given}0`;
	return typeof given === 'string' ? ` ${given.replace(/\r?\n/g, '\r\n')}` : given;
}

describe('spelling', () => {
	test('anything equals itself', () => {
		fc.assert(fc.property(value, (given) => expect(compare(given, structuredClone(given))).toEqual([])));
	});

	test('what the server adds, and how it writes things, is no difference', () => {
		fc.assert(fc.property(object, (given) => expect(compare(given, respelled(given))).toEqual([])));
	});

	test.each<[string, unknown, unknown]>([
		['a decimal by value', '1.50', 1.5],
		['digits beyond 2^53', exactNumber('12345678901234567890'), '12345678901234567890'],
		['zero from below', '-0.00', 0],
		['small and large numbers', '0.0000001', 1e-7],
		['large numbers', '1000000000000000000000', 1e21],
		['nothing, null and empty', null, ''],
		['an empty list and nothing', [], undefined],
		['an empty object and nothing', {}, null],
		['a list of one and its member', [{ a: 1 }], { a: '1' }],
		['a member and the list of one', { a: 1 }, [{ a: 1 }]],
		['one moment', '2026-11-02T10:00:00Z', '2026-11-02T12:00:00.000+02:00'],
		['line ends and blanks at the ends', 'a\nb', 'a\r\nb  '],
		['letters in two forms', 'é', 'e\u0301'],
		['true as text', true, 'true'],
		['yes as a database keeps it', true, 1],
		['no as a database keeps it', false, '0'],
		['a day and its midnight', '2026-11-02', '2026-11-02T00:00:00'],
		['a day and its midnight with thousandths and a zone', '2026-11-02', '2026-11-02T00:00:00.000Z'],
		['a local time with a blank', '2026-11-02T10:00:00', '2026-11-02 10:00:00.000'],
		['a decimal without its zero', '0.50', '.5'],
	])('%s', (_what, body, current) => expect(compare({ x: body }, { x: current })).toEqual([]));

	test.each<[string, unknown, unknown]>([
		['postal codes', '01234', '1234'],
		['letters', 'a', 'A'],
		['zero and nothing', 0, null],
		['false and nothing', false, undefined],
		['a cent', '1.51', 1.5],
		['the last of many digits', '12345678901234567891', '12345678901234567890'],
		['a text and an object', 'a', { a: 'a' }],
		['yes and two', true, 2],
		['one as a number and yes as text', 1, 'true'],
		['a day and its noon', '2026-11-02', '2026-11-02T12:00:00Z'],
		['a day and the midnight of the next', '2026-11-02', '2026-11-03T00:00:00Z'],
		['a local time and one with a zone', '2026-11-02T10:00:00', '2026-11-02T10:00:00Z'],
		['a number that is a part', '1.5', '1.5 kg'],
	])('%s differ', (_what, body, current) => expect(compare({ x: body }, { x: current })).toHaveLength(1));
});

describe('differences', () => {
	test('are found where they are, with both values as text', () => {
		const body = { name: 'New', lines: [{ price: '2.00', quantity: 1 }, { price: 3 }], note: null };
		const current = { name: 'Old', lines: [{ price: 2, quantity: 5 }, { price: '3.00' }], note: 'x', other: 1 };
		expect(compare(body, current)).toEqual([
			{ path: 'name', before: 'Old', after: 'New' },
			{ path: 'lines[0].quantity', before: '5', after: '1' },
			{ path: 'note', before: 'x' },
		]);
	});

	test('lists differ by position and by length', () => {
		expect(compare({ a: [1, 2, 3] }, { a: [1, 9] })).toEqual([{ path: 'a[1]', before: '9', after: '2' }, { path: 'a[2]', after: '3' }]);
		expect(compare({ a: [{ b: 1 }] }, { a: [{ b: 1 }, { b: 2 }] })).toEqual([{ path: 'a[1]', before: '{"b":2}' }]);
		expect(compare({ a: [] }, { a: [7] })).toEqual([{ path: 'a[0]', before: '7' }]);
	});

	test('one changed leaf gives one difference, at its path', () => {
		fc.assert(
			fc.property(object, fc.infiniteStream(fc.nat()), (given, choices) => {
				const changed = structuredClone(given);
				const leaves = leavesOf(changed, '');
				fc.pre(leaves.length > 0);
				const chosen = leaves[choices.next().value! % leaves.length]!;
				chosen.set('something else altogether');
				expect(compare(changed, given)).toEqual([expect.objectContaining({ path: chosen.path, after: 'something else altogether' })]);
			}),
		);
	});

	test('are gone once the body was written', () => {
		const written = (body: Json, current: Json | undefined): Json => {
			if (body === null || typeof body !== 'object' || Array.isArray(body)) return body;
			const there = current && typeof current === 'object' && !Array.isArray(current) ? current : {};
			return { ...there, ...Object.fromEntries(Object.entries(body).map(([key, member]) => [key, written(member, there[key])])) };
		};
		fc.assert(fc.property(object, object, (body, current) => expect(compare(body, written(body, current))).toEqual([])));
	});

	test('only what differs is what makes the difference', () => {
		fc.assert(
			fc.property(object, object, (body, current) => {
				const found = compare(body, current);
				const part = onlyChanged(body, found);
				expect(compare(part, current)).toEqual(found);
			}),
		);
	});

	test('against nothing: all that has a value', () => {
		expect(compare({ a: 1, b: '', c: { d: null, e: 'x' } }, undefined)).toEqual([{ path: 'a', after: '1' }, { path: 'c.e', after: 'x' }]);
	});
});

describe('paths', () => {
	test('positions may be left out, what lies below is meant too', () => {
		const body = { lines: [{ key: '1', price: 1 }, { key: '2', price: 2 }], 'Customer@odata.bind': 'x', note: { a: 1 } };
		expect(compare(body, undefined, ['lines', 'note', 'Customer@odata.bind'])).toEqual([]);
		expect(compare(body, { lines: [{ price: 1 }, { price: 2 }] }, ['lines.key', 'note.a', 'Customer@odata.bind'])).toEqual([]);
		expect(compare(body, { lines: [{ key: '1', price: 9 }, { key: '3', price: 2 }] }, ['lines[1]', 'note', 'Customer@odata.bind']).map(({ path }) => path)).toEqual(['lines[0].price']);
		expect(lies('lines2[0].key', ['lines'])).toBe(false);
	});

	test('a body without them', () => {
		expect(without({ a: 1, lines: [{ key: '1', price: 2 }], b: { c: 1, d: 2 } }, ['a', 'lines.key', 'b.c'])).toEqual({ lines: [{ price: 2 }], b: { d: 2 } });
		fc.assert(fc.property(object, fc.array(name), (body, paths) => expect(compare(without(body, paths), {}).every(({ path }) => !lies(path, paths))).toBe(true)));
	});
});

test('long values are cut for people', () => {
	expect(show('x'.repeat(1_000))!.length).toBeLessThan(310);
	expect(show(exactNumber('12345678901234567890'))).toBe('12345678901234567890');
	expect(show({ a: 1 })).toBe('{"a":1}');
});

interface Leaf {
	path: string;
	set(value: string): void;
}

/** Every place of a value that is neither list nor object, and no only member of a list. */
function leavesOf(given: Json, path: string): Leaf[] {
	if (Array.isArray(given)) return given.flatMap((member, i) => placed(member, `${path}[${i}]`, (value) => (given[i] = value)));
	if (given === null || typeof given !== 'object') return [];
	return Object.entries(given).flatMap(([key, member]) => placed(member, path ? `${path}.${key}` : key, (value) => (given[key] = value)));
}

function placed(member: Json, path: string, set: (value: string) => void): Leaf[] {
	return member !== null && typeof member === 'object' ? leavesOf(member, path) : [{ path, set }];
}
