// Proves field tables in both directions and the user's overrides: what is left out, what is refused, what is stopped.
import fc from 'fast-check';
import { evaluateOverrides, fromFields, isRecord, setAt, toFields, valueAt, type Codec, type FieldRow, type OverrideRow } from '../../nodes/core/mapping';

const yesNo: Codec = { toSystem: (value) => (value === true ? '1' : '0'), fromSystem: (value) => (value === undefined ? undefined : value === '1') };
const rows: FieldRow[] = [
	{ path: 'name', field: 'accountname', maxLength: 10 },
	{ path: 'billing.city', field: 'bill_city' },
	{ path: 'isCompany', field: 'is_company', codec: yesNo },
	{ path: 'source.number', field: 'account_no', readOnly: true },
];

describe('a document as fields', () => {
	it('is what the rows say, through their codecs', () => {
		expect(toFields({ name: 'Acme', billing: { city: 'Riga' }, isCompany: false, source: { number: 'ACC1' } }, rows, 'customer')).toEqual({ accountname: 'Acme', bill_city: 'Riga', is_company: '0' });
	});

	it('leaves out what is not given, and nothing else', () => {
		expect(toFields({ name: '', billing: { city: null } }, rows, 'customer')).toEqual({ accountname: '', bill_city: null });
		expect(toFields({ billing: 'no address' }, rows, 'customer')).toEqual({});
	});

	it('is refused when a text is longer than its column, which would be cut silently', () => {
		expect(() => toFields({ name: 'x'.repeat(11) }, rows, 'customer ACC1 "Acme"')).toThrow('customer ACC1 "Acme": name is 11 characters long and field "accountname" holds 10. Shorten it at its source, or map another field with a field override.');
	});

	it('counts characters as people do: one emoji is one', () => {
		expect(toFields({ name: '🎉'.repeat(10) }, rows, 'customer')).toEqual({ accountname: '🎉'.repeat(10) });
	});
});

describe('fields as a document', () => {
	it('leaves out what the system holds nothing of', () => {
		expect(fromFields({ accountname: 'Acme', bill_city: '', is_company: '1', account_no: null }, rows)).toEqual({ name: 'Acme', isCompany: true });
		expect(fromFields({ accountname: false }, rows)).toEqual({});
		expect(fromFields({ accountname: 0 }, rows)).toEqual({ name: 0 });
	});

	it('reads read-only fields too', () => expect(fromFields({ account_no: 'ACC1' }, rows)).toEqual({ source: { number: 'ACC1' } }));

	it('comes back as it went', () => {
		const anyText = fc.string({ minLength: 1, maxLength: 10 });
		fc.assert(
			fc.property(anyText, anyText, fc.boolean(), (name, city, isCompany) => {
				const document = { name, billing: { city }, isCompany };
				expect(fromFields(toFields(document, rows, 'customer'), rows)).toEqual(document);
			}),
		);
	});
});

describe('paths', () => {
	it('give nothing where there is nothing', () => {
		expect([valueAt({ a: { b: 1 } }, 'a.b'), valueAt({ a: 1 }, 'a.b'), valueAt(null, 'a'), valueAt({ a: [1] }, 'a.0'), valueAt({}, '')]).toEqual([1, undefined, undefined, undefined, undefined]);
	});

	it('make the objects between, and replace what is none', () => {
		const object: Record<string, unknown> = { a: 'text', n: null };
		setAt(object, 'a.b.c', 1);
		setAt(object, 'n.x', 2);
		expect(object).toEqual({ a: { b: { c: 1 } }, n: { x: 2 } });
	});

	it('give back what was set', () => {
		const anyPath = fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 4 }).map((steps) => steps.join('.'));
		fc.assert(
			fc.property(anyPath, fc.jsonValue(), (path, value) => {
				const object = {};
				setAt(object, path, value);
				expect(valueAt(object, path)).toBe(value);
			}),
		);
	});

	it('a record is an object with names', () => expect([{}, [], null, 'a', undefined].map(isRecord)).toEqual([true, false, false, false, false]));
});

describe('overrides', () => {
	const document = { number: 'QUO3', subject: 'Widgets', lines: [{ quantity: '2' }, { quantity: '3' }], none: undefined };
	const source = { cf_852: 'blue' };
	const byPath = (path: string): OverrideRow => ({ field: 'x', source: 'documentField', path });
	const byExpression = (expression: string): OverrideRow => ({ field: 'x_note', source: 'expression', expression });
	const evaluate = async (...all: OverrideRow[]) => await evaluateOverrides(all, document, source, 'quote QUO3 "Widgets"');

	it('take a field of the document, or nothing when it has none', async () => {
		expect(await evaluate(byPath('subject'))).toEqual({ x: 'Widgets' });
		expect(await evaluate(byPath('none'), byPath(''))).toEqual({});
	});

	it('work out an expression over document and source', async () => {
		expect(await evaluate(byExpression('document.number & " / " & source.cf_852'))).toEqual({ x_note: 'QUO3 / blue' });
		expect(await evaluate(byExpression('$sum(document.lines.$number(quantity))'))).toEqual({ x_note: 5 });
	});

	it('give plain values only: no hidden members of sequences, no functions', async () => {
		const { x_note: list } = await evaluate(byExpression('document.lines.quantity'));
		expect(Object.getOwnPropertyNames(list)).toEqual(['0', '1', 'length']);
		for (const expression of ['function($x) { $x }', '$sum', '{ "a": [function($x) { $x }] }']) {
			await expect(evaluate(byExpression(expression))).rejects.toThrow('it gives a function, not a value');
		}
	});

	it('leave the field alone when the expression gives nothing; empty it with null', async () => {
		expect(await evaluate(byExpression('document.missing'))).toEqual({});
		expect(await evaluate(byExpression('null'))).toEqual({ x_note: null });
	});

	it('let a later row win', async () => expect(await evaluate(byPath('number'), byPath('subject'))).toEqual({ x: 'Widgets' }));

	it.each([
		['document.(', /Field override 2 \(field "x_note"\) cannot be worked out: .* at position \d+ \(S\d+\)/],
		['$unknown(1)', /at position 9 \(T1006\)/],
		['1 + "a"', /at position 3 \(T2002\)/],
		['$error("No terms given")', /No terms given/],
	])('%p names record, row, expression and position', async (expression, message) => {
		const failed = evaluate(byPath('number'), byExpression(expression));
		await expect(failed).rejects.toMatchObject({ kind: 'rejected', record: 'quote QUO3 "Widgets"', advice: `Check the expression ${JSON.stringify(expression)}` });
		await expect(failed).rejects.toThrow(message);
	});

	it.each([
		['deep', '($f := function($x) { 1 + $f($x) }; $f(1))', /D1011/],
		['endless', '($f := function($x) { $f($x + 1) }; $f(1))', /D1012/],
	])('stop a recursion that is %s', async (_name, expression, code) => {
		const failed = evaluate(byExpression(expression));
		await expect(failed).rejects.toMatchObject({ kind: 'rejected' });
		await expect(failed).rejects.toThrow(code);
	});

	it('stop a list that is too long', async () => {
		await expect(evaluate(byExpression('[1..9999999]'))).rejects.toThrow(/D2015/);
	});

	it('do not change the document or the source', async () => {
		const before = JSON.stringify([document, source]);
		await evaluate(byExpression('document ~> | $ | { "number": "X" } |'));
		expect(JSON.stringify([document, source])).toBe(before);
	});
});
