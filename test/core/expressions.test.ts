// Proves the limits on a user's JSONata: nothing hangs, nothing runs code, nothing leaves the data that it is given.
import { compileExpression, ExpressionFault } from '../../nodes/core/expressions';

const run = async (text: string, input: unknown = {}, bindings: Record<string, unknown> = {}): Promise<unknown> => await compileExpression(text).evaluate(input, bindings);

async function fault(text: string, input: unknown = {}): Promise<string> {
	const error = await run(text, input).catch((thrown: unknown) => thrown);
	expect(error).toBeInstanceOf(ExpressionFault);
	return (error as ExpressionFault).message;
}

it('gives plain data', async () => {
	expect(await run('a.b', { a: [{ b: 1 }, { b: 2 }] })).toEqual([1, 2]);
	expect(await run('{ "x": a.b, "none": nothing }', { a: { b: null } })).toEqual({ x: null });
	expect(await run('nothing')).toBeUndefined();
	expect(Object.keys((await run('a.b', { a: [{ b: 1 }, { b: 2 }] })) as object)).toEqual(['0', '1']);
});

it('keeps objects of a class that a function gave', async () => {
	class Exact {
		constructor(readonly value: string) {}
	}
	expect(await run('{ "n": $exact("1") }', {}, { exact: (text: string) => new Exact(text) })).toEqual({ n: new Exact('1') });
});

it.each([
	['endless recursion', '($f := function($n) { $f($n + 1) + 1 }; $f(1))', /depth|stack/i],
	['endless tail calls', '($f := function($n) { $f($n + 1) }; $f(1))', /timeout/i],
	['a list without end', '[1..100000000]', /D2014|must not exceed/],
	['a text without end', '$pad("x", 999999999)', /\$pad/],
	['a text that doubles', '$reduce([1..60], function($a, $b) { $a & $a }, "xxxxxxxx")', /characters|string length|timeout/i],
	['a doubled text that is taken apart', '$length($reduce([1..28], function($a, $b) { $a & $a }, "x"))', /characters/],
	['a value that holds itself twice, and so on', '$reduce([1..40], function($a, $b) { { "a": $a, "b": $a } }, 1)', /holds more than/],
	['the same, written', '$string($reduce([1..40], function($a, $b) { [[$a], [$a]] }, 1))', /holds more than/],
	['the same by a function of JSONata', '$reduce([1..40], function($a, $b) { $zip($a, $a) }, ["x"])', /holds more than/],
	['the same by calls', '$reduce([1..40], function($a, $b) { $map([1, 2], function($x) { $a }) }, { "a": 1 })', /holds more than/],
	['the same by groups', '($l := [1, 2]; $reduce([1..40], function($a, $b) { $l{ $string($): $a } }, "x"))', /holds more than/],
	['long texts many times', '($s := $reduce([1..20], function($a, $b) { $a & $a }, "xyz"); $length($string([1..100].$s)))', /holds more than/],
	['long texts with long ones between them', '($s := $reduce([1..20], function($a, $b) { $a & $a }, "xyz"); $join(["a", "b", "c"], $s))', /characters/],
	['functions of JSONata, many times', '$map([1..100000], $formatInteger(?, "' + '0'.repeat(15_000) + '"))', /\$map takes longer/],
	['more text than anybody writes', `'${'x'.repeat(30_000)}'`, /longer than 20000/],
	['a regular expression that looks to the end of a long text for each match', '$replace($pad("a", 100000, "a"), /(a*b)|a/, "x")', /takes longer/],
	['the same, splitting', '$split($pad("a", 100000, "a"), /a*b|a/)', /takes longer/],
	['a function as result', '$sum', /function/],
	['a function within the result', '{ "a": { "b": [function($x) { $x }] } }', /function/],
	['running what a record says', '$eval(code)', /\$eval is not available/],
	['look-behind and references to groups', '$match("aa", /(a)\\1/)', /regular expression/],
])('%s is stopped', async (_what, text, says) => {
	expect(await fault(text, { code: '1 + 1' })).toMatch(says);
});

it.each([
	['$toMillis(text, "[P][P][P][P][P][P][P][P][P][P]")', 'a'.repeat(60)],
	['$toMillis(text, "[f][f][f][f][f][f][f][f][f][f]")', '1'.repeat(60)],
	['$toMillis(text, "[Y]1[Y]1[Y]1[Y]1[Y]1[Y]1[Y]1[Y]")', '1'.repeat(60)],
	['$toMillis(text, "[Yw]-[Mw]-[Dw]-[Hw]-[mw]-[sw]-[dw]")', 'one'.repeat(60)],
	['$toMillis(text, "[Y]-[M]-[D]")', '1-'.repeat(500)],
])('%s takes no exponential time', async (expression, text) => {
	const began = Date.now();
	expect(await fault(expression, { text: `${text}!` })).toMatch(/\$toMillis/);
	expect(Date.now() - began).toBeLessThan(4_000);
});

it.each([
	['2026-11-22T08:09:10.123+01:00', '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]', '2026-11-22T07:09:10.123Z'],
	['20261122080910', '[Y0001][M01][D01][H01][m01][s01]', '2026-11-22T08:09:10.000Z'],
	['Sunday, 22nd November 2026 8:09 PM', '[FNn], [D1o] [MNn] [Y] [h]:[m01] [P]', '2026-11-22T20:09:00.000Z'],
	['22.11.26', '[D01].[M01].20[Y01]', undefined],
])('$toMillis reads %s by %s', async (text, picture, expected) => {
	expect(await run('$fromMillis($toMillis(text, picture))', { text, picture })).toBe(expected);
});

it.each(['/^(a+)+$/', '/(a|a)*$/', '/^(([a-z])+.)+[A-Z]([a-z])+$/'])('the regular expression %s takes no exponential time', async (pattern) => {
	const began = Date.now();
	expect(await run(`$contains(text, ${pattern})`, { text: `${'a'.repeat(60)}!` })).toBeDefined();
	expect(Date.now() - began).toBeLessThan(4_000);
});

it.each([
	['$match("ab12cd3", /[a-z]+(\\d+)/).groups', ['12', '3']],
	['$replace("2026-11-02", /(\\d+)-(\\d+)-(\\d+)/, "$3.$2.$1")', '02.11.2026'],
	['$split("a, b;c", /[,;] */)', ['a', 'b', 'c']],
	['$contains("Straße", /STRASSE|straße/i)', true],
	['$match("O\u0027Neill/7", /\\//).index', 7],
	['$replace("é\u00a0x", /\\u00a0/, "_")', 'é_x'],
])('regular expressions work as usual: %s', async (text, expected) => {
	expect(await run(text)).toEqual(expected);
});

it.each([
	['constructor', undefined],
	['a.constructor', undefined],
	['a.__proto__', undefined],
	['$lookup(a, "__proto__")', undefined],
	['$lookup(a, "constructor")', undefined],
	['a.toString', undefined],
	['$process', undefined],
	['$globalThis', undefined],
	['$require', undefined],
])('%s reaches nothing', async (text, expected) => {
	expect(await run(text, { a: {} })).toEqual(expected);
});

it('writing through a transform changes neither the input nor prototypes', async () => {
	const input = { a: { b: 1 } };
	await run('$ ~> |a|{ "b": 2 }|', input);
	await run('{} ~> |__proto__|{ "polluted": true }|', input).catch(() => undefined);
	await run('{ "a": 1 } ~> |$|{ "__proto__": { "polluted": true } }|', input).catch(() => undefined);
	expect(input).toEqual({ a: { b: 1 } });
	expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

it.each([
	['1 +', /position 3/],
	['a.b[', /position/],
	['"a" + 1', /position 5 \(T2001\)/],
	['', /./],
	['{ "id": 9007199254740993 }', /more digits than are kept, at position \d+/],
	['record.id = -9007199254740993', /more digits than are kept/],
	['('.repeat(20_000), /./],
])('says where %j is wrong', async (text, says) => {
	await expect((async () => await compileExpression(text).evaluate({}))()).rejects.toThrow(says);
});

it('a compiled expression can run many times at once', async () => {
	const expression = compileExpression('$map([1..50], function($i) { $i * n })[0]');
	expect(await Promise.all([1, 2, 3].map(async (n) => await expression.evaluate({ n })))).toEqual([1, 2, 3]);
});

it('$distinct is quick with many, and gives what JSONata gives', async () => {
	const rows = Array.from({ length: 40_000 }, (_unused, id) => ({ id, name: `n${id}` }));
	const began = Date.now();
	expect(await run('$count($distinct(rows))', { rows: [...rows, ...rows.slice(0, 9)] })).toBe(40_009 - 9);
	expect(Date.now() - began).toBeLessThan(15_000);
	expect(await run('$distinct(a.b)', { a: [{ b: 1 }, { b: 1 }] })).toBe(1);
	expect(await run('$distinct([1, "1", 1, null, {"x": 1, "y": 2}, {"y": 2, "x": 1}, [1], [1]])')).toEqual([1, '1', null, { x: 1, y: 2 }, [1]]);
	expect(await run('$distinct(nothing)')).toBeUndefined();
}, 60_000);

it.each([
	['$count($sort(rows))', 200_000],
	['$count($spread(objects))', 30_000],
])('%s is quick with many', async (expression, many) => {
	const rows = Array.from({ length: many }, (_unused, i) => (i * 7919) % 1_000_003);
	const objects = rows.map((a) => ({ a }));
	const began = Date.now();
	expect(await run(expression, { rows, objects })).toBe(many);
	expect(Date.now() - began).toBeLessThan(15_000);
}, 60_000);

it('all members of what has very many are not copied again for each', async () => {
	const record = Object.fromEntries(Array.from({ length: 12_000 }, (_unused, i) => [`k${i}`, [i]]));
	expect(await fault('$count(record.*)', { record })).toMatch(/"\*" stands for more than 10000/);
	expect(await run('record.*', { record: { a: [1], b: 2 } })).toEqual([1, 2]);
});

it('$sort, $spread and $join give what JSONata gives', async () => {
	expect(await run('$sort(["b", "a", "B"])')).toEqual(['B', 'a', 'b']);
	expect(await run('$sort([3, 1, 2])')).toEqual([1, 2, 3]);
	expect(await run('$sort(rows, function($a, $b) { $a.n > $b.n }).id', { rows: [{ id: 1, n: 2 }, { id: 2, n: 1 }, { id: 3, n: 2 }, { id: 4, n: 1 }] })).toEqual([2, 4, 1, 3]);
	expect(await run('[$sort(nothing), $sort(1), $sort([])]')).toEqual([1]);
	expect(await fault('$sort([1, "a"])')).toMatch(/strings or an array of numbers.*D3070/);
	expect(await run('$spread([{ "a": 1, "b": 2 }, { "c": [3] }])')).toEqual([{ a: 1 }, { b: 2 }, { c: [3] }]);
	expect(await run('[$spread("x"), $spread({ "a": 1 })]')).toEqual(['x', { a: 1 }]);
	expect(await run('[$join(["a", "b"], "-"), $join("a"), $join(nothing)]')).toEqual(['a-b', 'a']);
	expect(await run('$map(["a", "b"], $uppercase)')).toEqual(['A', 'B']);
	expect(await run('$map(["a", "b"], function($value, $i, $all) { $value & $i & $count($all) })')).toEqual(['a02', 'b12']);
	expect(await run('$reduce([1, 2, 3], function($a, $b) { $a * $b }, 10)')).toBe(60);
	expect(await run('{ "a": 1, "b": 2 }.$sift(function($value, $name) { $name = "b" })')).toEqual({ b: 2 });
	expect(await run('$each({ "a": 1, "b": 2 }, function($value, $name) { $name & $value })')).toEqual(['a1', 'b2']);
	expect(await run('[$filter([1, 2, 3], function($n) { $n > 1 }), $single([1, 2], function($n) { $n = 2 })]')).toEqual([2, 3, 2]);
});

describe('what is written into', () => {
	it.each([
		['$ ~> |$$.record|{ "b": 2 }|'],
		['($r := record; {} ~> |$r|{ "b": 2 }, "a"|)'],
		['{} ~> |$$.settings|{ "company": "other" }|'],
	])('is never what others read: %s', async (expression) => {
		const input = { record: { a: 1 }, settings: { company: 'mine' } };
		await run(expression, input);
		expect(input).toEqual({ record: { a: 1 }, settings: { company: 'mine' } });
	});

	it.each(['{} ~> |$sum|{ "implementation": function($x) { 42 } }|', '{} ~> |[$count]|{ "implementation": function($x) { 42 } }|', '($f := $max; {} ~> |$f|{ "implementation": 1 }|)'])('is no function that all expressions share: %s', async (expression) => {
		expect(await fault(expression)).toMatch(/function cannot be changed/);
		expect(await run('[$sum([1, 2]), $count([1]), $max([1, 2])]')).toEqual([3, 1, 2]);
	});

	it('keeps objects of a class', async () => {
		class Exact {
			constructor(readonly value: string) {}
		}
		expect(await run('body ~> |$|{ "x": 1 }|', { body: { n: new Exact('9007199254740993') } })).toEqual({ n: new Exact('9007199254740993'), x: 1 });
	});
});

it.each([
	['$replace(x, /u/, "b") ?: y', 'b'],
	['$contains(x, /u/) ?: y', true],
	['nothing ?: $match(x, /(u)/).groups[0] ?: y', 'u'],
	['$match(x, /(u)/).groups[0] ?? y', 'u'],
	['$match(x, /none/).match ?: y', 'other'],
])('a regular expression works before an operator that takes another value: %s', async (text, gives) => {
	expect(await run(text, { x: 'u', y: 'other' })).toEqual(gives);
});
