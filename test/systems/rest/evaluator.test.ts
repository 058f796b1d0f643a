// Proves how the expressions of a profile run: values, mappings, paths that cannot leave their place, exact numbers,
// and faults that name file, place, expression and position.
import fc from 'fast-check';
import '../../seed';
import { Failure } from '../../../nodes/core/failure';
import { ProfileEvaluator } from '../../../nodes/RestErp/rest.evaluator';
import { functionsFor } from '../../../nodes/RestErp/rest.functions';
import { exactNumber, parseJson, writeJson } from '../../../nodes/RestErp/rest.json';

const functions = functionsFor({ installation: 'erp', moduleOf: (kind) => (kind === 'order' ? 'orders' : undefined), fromSystemTime: (value) => (value === 0 ? '1970-01-01T00:00:00Z' : undefined), toSystemTime: (time) => Date.parse(time) });
const evaluator = new ProfileEvaluator('shipped profile "x"', functions);
const value = async (expression: string, scope: Record<string, unknown> = {}): Promise<unknown> => await evaluator.value('kinds.order.read.number', expression, scope);

async function failure(run: () => Promise<unknown>): Promise<Failure> {
	const error = await run().then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	expect(error).toBeInstanceOf(Failure);
	return error as Failure;
}

describe('faults', () => {
	it('name file, place, expression and position', async () => {
		const { kind, message } = await failure(async () => await value('record.total + "x"', { record: { total: 1 } }));
		expect(kind).toBe('rejected');
		expect(message).toMatch(/shipped profile "x", kinds\.order\.read\.number: "record\.total \+ \\"x\\"" cannot be worked out: .* at position \d+ \(T2002\)/);
	});

	it('of what a bound function finds out about the record are the record\'s', async () => {
		const missing = new Failure('missing', 'The product W-9 is not there');
		const thrown = await failure(async () => await evaluator.value('p', '$product("W-9")', {}, { product: () => { throw missing; } }));
		expect(thrown).toBe(missing);
	});

	it('of a place inside a mapping name it', async () => {
		expect((await failure(async () => await evaluator.mapping('kinds.order.body', { customer: { name: 'document.name & (1 - "a")' } }, {}))).message).toContain('kinds.order.body.customer.name');
	});

	it.each([['[1, 2]', '2 values'], ['{"a": 1}', 'an object']])('%s is no text', async (expression, says) => {
		expect((await failure(async () => await evaluator.text('p', expression, {}))).message).toContain(says);
	});

	it('of our own functions say what they were given', async () => {
		expect((await failure(async () => await value('$minor("1,50")'))).message).toContain('$minor was given "1,50", which is no decimal number');
		expect((await failure(async () => await value('$rounded("1.5", 99)'))).message).toContain('from 0 to 20');
		expect((await failure(async () => await value('$divided("1", "0")'))).message).toContain('divide by zero');
		expect((await failure(async () => await value('$keyOf("ordre", "1")'))).message).toContain('it knows customer');
		expect((await failure(async () => await value('$toTime("yesterday")'))).message).toContain('no time');
		expect((await failure(async () => await value('$odata({"a": 1})'))).message).toContain('instead of a text');
		const began = Date.now();
		expect((await failure(async () => await value('$times(x, x)', { x: '9'.repeat(100_000) }))).message).toContain('a number of 100000 digits; 100 are the most');
		expect(Date.now() - began).toBeLessThan(4_000);
	});
});

describe('functions', () => {
	it.each([
		['$minor("19.99")', 1999],
		['$minor("90071992547409.93")', exactNumber('9007199254740993')],
		['$minor("-0.005")', -1],
		['$minor("1.005", 3)', 1005],
		['$major(1999)', '19.99'],
		['$major(5)', '0.05'],
		['$plus("0.1", "0.2")', '0.3'],
		['$minus("0.3", "0.1")', '0.2'],
		['$times("19.99", 3)', '59.97'],
		['$divided("10", "3", 2)', '3.33'],
		['$rounded("2.345")', '2.35'],
		['$odata("O\'Brien")', "'O''Brien'"],
		['$time(0)', '1970-01-01T00:00:00Z'],
		['$toTime("1970-01-01T00:00:01Z")', 1000],
		['$date("2026-11-02T23:00:00Z")', '2026-11-02'],
		['$keyOf("order", 7)', 'erp:orders:7'],
		['$keyOf("customer", "a:b")', 'erp:customer:a:b'],
		['$uuid("vtiger:Quotes:4x38") = $uuid("vtiger:Quotes:4x38")', true],
		['$uuid("a") = $uuid("b")', false],
		['$minor(nothing)', undefined],
		['$odata(nothing)', undefined],
		['$keyOf("order", nothing)', undefined],
		['$plus(nothing, 1)', undefined],
	])('%s', async (expression, expected) => {
		expect(await value(expression)).toEqual(expected);
	});

	it('an amount survives minor units whatever it is', async () => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: -1e12, max: 1e12 }), async (cents) => {
				expect(await value('$minor($major(cents))', { cents })).toBe(cents);
			}),
			{ numRuns: 50 },
		);
	});

	it('writes exact numbers', async () => {
		expect(writeJson(await evaluator.mapping('p', { id: '$exact(id)', price: '$exact("1.10")', many: '[1, $exact("3")]', word: "'9007199254740993'" }, { id: '9007199254740993' }))).toBe('{"id":9007199254740993,"price":1.1,"many":[1,3],"word":"9007199254740993"}');
	});
});

describe('mappings', () => {
	it('leave out what has no value, keep constants', async () => {
		expect(await evaluator.mapping('p', { a: 'x.a', b: 'x.b', c: { d: 'x.d' }, e: 7, f: false, g: null, h: "'text'", i: { j: 'x.a', k: 'x.z' }, empty: {} }, { x: { a: 1 } })).toEqual({ a: 1, e: 7, f: false, g: null, h: 'text', i: { j: 1 }, empty: {} });
	});
	it('lists are lists, whatever JSONata makes of one', async () => {
		expect(await evaluator.list('p', 'x.a', { x: [{ a: 1 }] })).toEqual([1]);
		expect(await evaluator.list('p', 'x.z', { x: [] })).toEqual([]);
		expect(await evaluator.list('p', 'x', { x: [[1], [2]] })).toEqual([[1], [2]]);
	});
});

describe('paths', () => {
	const path = async (template: string, scope: Record<string, unknown>): Promise<string | undefined> => await evaluator.path('kinds.order.get.path', template, scope);

	it('encode every value', async () => {
		expect(await path('/orders/{id}/lines?x={settings.a}', { id: 'a/b?c#d e', settings: { a: 'ü&=' } })).toBe('/orders/a%2Fb%3Fc%23d%20e/lines?x=%C3%BC%26%3D');
		expect(await path('/Orders({$odata(id)})', { id: "O'Neil(1)" })).toBe("/Orders('O''Neil(1)')");
		expect(await path('/{module}/{id}', { module: 'sales/ord ers', id: 1 })).toBe('/sales/ord%20ers/1');
	});
	it('without a value are no paths', async () => {
		expect(await path('/orders/{id}', {})).toBeUndefined();
		expect(await path('/orders/{id}', { id: '' })).toBeUndefined();
	});
	it.each([['/orders/{id}', { id: '..' }], ['/orders/{id}/x', { id: '.' }], ['/orders/{id}', { id: '../../admin' }], ['/orders/{id}', { id: 'x\\..\\..' }], ['/a/..%2fx', {}], ['/{module}', { module: '../admin' }], ['/{module}', { module: 'a//b' }], ['/a/../b', {}], ['//evil.example/{id}', { id: 1 }], ['/a\\b', {}], ['/a#b', {}], ['/%2e%2e/x', {}]])('%s with %j is refused', async (template, scope) => {
		expect((await failure(async () => await path(template, scope))).kind).toBe('rejected');
	});
	it('never leave their place, whatever the value', async () => {
		await fc.assert(
			fc.asyncProperty(fc.string({ unit: 'binary' }), async (id) => {
				const got = await path('/orders/{id}', { id }).catch((error: Failure) => error);
				if (got instanceof Failure || got === undefined) return;
				const url = new URL(`https://erp.example/api${got}`);
				expect(url.pathname.split('/').slice(0, 3)).toEqual(['', 'api', 'orders']);
				expect([url.pathname.split('/').length, url.search, url.hash, url.host]).toEqual([4, '', '', 'erp.example']);
			}),
			{ numRuns: 300 },
		);
	});
});

describe('JSON', () => {
	it('keeps what a number cannot hold as text', () => {
		expect(parseJson('{"id": 9007199254740993, "small": 42, "price": 19.99, "long": 0.1234567890123456789, "text": "1"}')).toEqual({ id: '9007199254740993', small: 42, price: 19.99, long: '0.1234567890123456789', text: '1' });
	});
	it('refuses names that stand twice, and names that would reach a prototype', () => {
		expect(() => parseJson('{"a": 1, "a": 2}')).toThrow(/Duplicate key 'a'/);
		expect(() => parseJson('{"__proto__": {"x": 1}}')).toThrow(/__proto__/);
		expect(({} as Record<string, unknown>).x).toBeUndefined();
	});
	it('takes a byte order mark', () => {
		expect(parseJson('\uFEFF{"a": 1}')).toEqual({ a: 1 });
	});
	it('any value comes back', () => {
		const harmless = fc.jsonValue().filter((json) => !/\d{16}|\de|__proto__/.test(JSON.stringify(json)));
		fc.assert(fc.property(harmless, (json) => expect(parseJson(writeJson(json))).toEqual(JSON.parse(JSON.stringify(json)))), { numRuns: 200 });
	});
});
