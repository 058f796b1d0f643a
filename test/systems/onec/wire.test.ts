// Proves how literals, addresses and requests are written and how numbers are read, without any server.
import fc from 'fast-check';
import { Failure } from '../../../nodes/core/failure';
import { allOf, anyOf, datetime, guid, keyText, literalValue, refTo, text } from '../../../nodes/OneC/onec.literals';
import { functionRequest, queryText } from '../../../nodes/OneC/onec.session.query';
import { basicAuth, encodePath, httpRequest, LONGEST_SEGMENT, type OnecRequest, segmentsOf } from '../../../nodes/OneC/onec.wire';
import { parseExact } from '../../../nodes/OneC/onec.wire.json';

const ID = '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f';
const request = (more: Partial<OnecRequest>) => httpRequest({ method: 'GET', path: 'Catalog_Валюты', ...more }, 'Basic x', {}, undefined);

function thrown(work: () => unknown): Failure {
	try {
		work();
	} catch (error) {
		return error as Failure;
	}
	throw new Error('it was expected to fail');
}

describe('literals', () => {
	it('doubles apostrophes and reads them back', () => {
		expect(text("O'Нил")).toBe("'O''Нил'");
		fc.assert(fc.property(fc.string(), (value) => literalValue(text(value)) === value));
	});

	it('writes ids, dates and references to one of several types', () => {
		expect(guid(ID.toUpperCase())).toBe(`guid'${ID}'`);
		expect(datetime('2026-10-01')).toBe("datetime'2026-10-01T00:00:00'");
		expect(datetime('2026-10-01T12:30')).toBe("datetime'2026-10-01T12:30:00'");
		expect(refTo('Document_ЗаказКлиента', ID)).toBe(`cast(guid'${ID}','Document_ЗаказКлиента')`);
		expect(keyText({ Recorder: guid(ID), LineNumber: '1' })).toBe(`Recorder=guid'${ID}',LineNumber=1`);
	});

	it.each(['', 'abc', '1-01-01', '2026-10-01T12:00:00Z', '2026-10-01T12:00:00+03:00'])('refuses the date %p, which 1C would refuse or take in another zone', (value) => {
		expect(thrown(() => datetime(value))).toMatchObject({ kind: 'rejected' });
	});

	it.each(['', 'abc', `${ID}'`, `guid'${ID}'`])('refuses the id %p', (value) => {
		expect(thrown(() => guid(value))).toMatchObject({ kind: 'rejected' });
	});

	it('joins conditions in brackets, so that "or" inside one does not leak', () => {
		expect(allOf('a eq 1 or b eq 2', undefined, 'c eq 3')).toBe('(a eq 1 or b eq 2) and (c eq 3)');
		expect(allOf(undefined, 'a eq 1')).toBe('a eq 1');
		expect(allOf()).toBeUndefined();
		expect(anyOf(['a eq 1', 'b eq 2'])).toBe('(a eq 1) or (b eq 2)');
		expect(() => anyOf([])).toThrow(RangeError);
	});
});


describe('addresses', () => {
	it('percent-encodes UTF-8, keeps what 1C prints', () => {
		expect(encodePath(`Catalog_Валюты(guid'${ID}')`)).toBe(`/Catalog_%D0%92%D0%B0%D0%BB%D1%8E%D1%82%D1%8B(guid'${ID}')`);
		expect(encodePath('/$metadata')).toBe('/$metadata');
		expect(encodePath('')).toBe('/');
		expect(encodePath("Set(A='x y',B=1)")).toBe("/Set(A='x%20y',B=1)");
	});

	it('splits only at slashes outside of quotes', () => {
		expect(segmentsOf(`Set(A='x/y')/Post`)).toEqual([`Set(A='x/y')`, 'Post']);
		expect(segmentsOf("Set(A='it''s/one')/Post")).toEqual(["Set(A='it''s/one')", 'Post']);
	});

	it.each(['?', '+', '\\', '/', '\u0002'])('refuses a key with %p, which cannot travel in a path', (letter) => {
		expect(thrown(() => encodePath(`Set(A='x${letter}y')`))).toMatchObject({ kind: 'rejected', advice: expect.stringContaining('filter') as unknown });
	});

	it('refuses a segment that IIS would answer with "Invalid URL"', () => {
		const long = (length: number) => `S('${'x'.repeat(length - 5)}')`;
		expect(encodePath(long(LONGEST_SEGMENT))).toHaveLength(LONGEST_SEGMENT + 1);
		expect(thrown(() => encodePath(long(LONGEST_SEGMENT + 1)))).toMatchObject({ kind: 'rejected' });
		// Counted as the server counts, decoded: Cyrillic letters are not six each.
		expect(encodePath(`Catalog_${'Ж'.repeat(200)}`).length).toBeGreaterThan(1000);
	});

	it('puts the arguments of a virtual table into the path, as long as they fit there', () => {
		expect(functionRequest('AccumulationRegister_Т', 'Balance', { Period: datetime('2026-10-01'), Dimensions: text('А,Б'), Condition: '' }, { top: 5 })).toMatchObject({
			path: "AccumulationRegister_Т/Balance(Period=datetime'2026-10-01T00:00:00',Dimensions='А,Б')",
			query: { $top: '5' },
			patience: 'slow',
		});
	});

	it.each([`Контрагент/ИНН eq '1'`, `A eq '1+1'`, 'x'.repeat(300)])('moves all arguments into the query for the condition %p', (condition) => {
		expect(functionRequest('InformationRegister_Ц', 'SliceLast', { Condition: text(condition), Period: datetime('2026-10-01') }, {})).toMatchObject({
			path: 'InformationRegister_Ц/SliceLast()',
			query: { Condition: text(condition), Period: "datetime'2026-10-01T00:00:00'" },
		});
	});

	it('selects what it expands, which 1C would drop silently otherwise', () => {
		expect(queryText({ select: ['Ref_Key'], expand: 'Контрагент/Партнер' })).toEqual({ $select: 'Ref_Key,Контрагент', $expand: 'Контрагент/Партнер' });
		expect(queryText({ filter: 'a eq 1', top: 0, skip: 0, allowedOnly: true })).toEqual({ $filter: 'a eq 1', $top: '0', allowedOnly: 'true' });
	});
});


describe('what is sent', () => {
	it('asks for JSON without metadata by $format and by Accept', () => {
		const sent = request({});
		expect(sent.query).toEqual({ $format: 'application/json;odata=nometadata' });
		expect(sent.headers).toMatchObject({ Accept: expect.stringContaining('application/json;odata=nometadata') as unknown, Authorization: 'Basic x' });
		expect(request({ format: 'atom' }).query).toEqual({});
	});

	it('sends user and password as UTF-8', () => {
		expect(Buffer.from(basicAuth('Обмен сайт', 'пароль').slice(6), 'base64').toString('utf8')).toBe('Обмен сайт:пароль');
	});

	it('says that a body is empty, which IIS insists on', () => {
		expect(request({ method: 'DELETE', path: 'X' }).headers).toMatchObject({ 'Content-Length': '0' });
		expect(request({ method: 'POST', path: 'X', json: {} }).headers).not.toHaveProperty('Content-Length');
	});

	it.each(['Post', 'Unpost()', 'Post(PostingModeOperational=false)', 'Start', 'ExecuteTask', 'post', 'SelectChanges', 'NotifyChangesReceived'])('never sends a GET of %s', (action) => {
		for (const path of [action, `Document_X(guid'${ID}')/${action}`, `/Document_X(guid'${ID}')/${action}`]) expect(thrown(() => request({ path }))).toMatchObject({ kind: 'rejected' });
		expect(request({ method: 'POST', path: `Document_X(guid'${ID}')/${action}` }).method).toBe('POST');
	});

	it('sends a GET whose key only looks like it', () => {
		expect(request({ path: "Catalog_Post(Code='Start')" }).path).toContain('Catalog_Post');
	});

	it.each(['POST', 'PATCH', 'PUT'] as const)('never writes "Posted" by %s', (method) => {
		expect(thrown(() => request({ method, path: `Document_X(guid'${ID}')`, json: { Posted: true } }))).toMatchObject({ kind: 'rejected', advice: expect.stringContaining('posting') as unknown });
	});
});


describe('numbers', () => {
	it('keeps every digit', () => {
		expect(parseExact('{"a":12.30,"b":12345678901234567.89,"c":"12345678901234567","d":-0.1234567890123456789}')).toEqual({ a: 12.3, b: '12345678901234567.89', c: '12345678901234567', d: '-0.1234567890123456789' });
	});

	it('leaves texts alone that hold long numbers', () => {
		const value = { a: 'x: 12345678901234567890, "y"', b: [1, '2', { c: '\\": 12345678901234567890' }] };
		expect(parseExact(JSON.stringify(value))).toEqual(value);
		fc.assert(fc.property(fc.jsonValue(), (any) => {
			const wrapped = JSON.stringify({ long: 0, any });
			const read = parseExact(wrapped) as { any: unknown };
			expect(JSON.stringify(read.any).replace(/"(-?[\d.e+-]{16,})"/g, '$1')).toBe(JSON.stringify(any).replace(/"(-?[\d.e+-]{16,})"/g, '$1'));
		}));
	});

	it('reads an answer with a bare control character in it', () => {
		expect(parseExact('{"a":"x\u0002y"}')).toEqual({ a: 'x\u0002y' });
	});

	it.each(['', 'null', '12', '{"a":', '<html>'])('%p is no answer', (body) => {
		expect(parseExact(body)).toBeUndefined();
	});
});
