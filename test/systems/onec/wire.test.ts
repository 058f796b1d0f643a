// Proves how requests are written and how every shape of an answer is read, without any server.
import fc from 'fast-check';
import { Failure } from '../../../nodes/core/failure';
import type { HttpResponse } from '../../../nodes/core/http';
import { answerFailure } from '../../../nodes/OneC/onec.failures';
import { allOf, anyOf, datetime, guid, keyText, literalValue, refTo, text } from '../../../nodes/OneC/onec.literals';
import { functionRequest, queryText } from '../../../nodes/OneC/onec.session.query';
import { basicAuth, encodePath, httpRequest, LONGEST_SEGMENT, type OnecRequest, readAnswer, segmentsOf } from '../../../nodes/OneC/onec.wire';
import { parseExact } from '../../../nodes/OneC/onec.wire.json';

const ID = '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f';
const request = (more: Partial<OnecRequest>) => httpRequest({ method: 'GET', path: 'Catalog_Валюты', ...more }, 'Basic x', {}, undefined);
const READ = { method: 'GET', path: `Catalog_Валюты(guid'${ID}')`, writes: false };
const WRITE = { method: 'POST', path: 'Document_ЗаказКлиента', writes: true };
const response = (status: number, body: string, type = 'application/json;charset=utf-8', headers: Record<string, string> = {}): HttpResponse => ({ status, headers: { 'content-type': type, ...headers }, text: body });
const odata = (code: string, value: string) => JSON.stringify({ 'odata.error': { code, message: { lang: 'ru', value } } });

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

describe('successes', () => {
	const rows = '{"value":[{"Ref_Key":"1"}]}';

	it('reads a list behind a byte order mark', () => {
		expect(readAnswer(response(200, `\ufeff${rows}`), READ, 'rows').body).toEqual({ value: [{ Ref_Key: '1' }] });
	});

	it.each([
		['a login page', '<!DOCTYPE html><html><body>Please sign in to continue</body></html>', 'text/html', 'login page'],
		['a login page in Russian', '<html><body><form><input type="password"></form></body></html>', 'text/html', 'login page'],
		['a maintenance page', '\ufeff<html><body>Ведутся работы</body></html>', 'text/html', 'page for people'],
		['half a list', rows.slice(0, 15), undefined, 'HTTP 200'],
		['a list of nothing readable', '{"value":[1]}', undefined, 'HTTP 200'],
		['another server', '{"status":"ok"}', undefined, 'HTTP 200'],
		['nothing', '', undefined, 'HTTP 200'],
	])('takes %s for no list: to be read again, or of unknown outcome for a write', (_name, body, type, code) => {
		expect(thrown(() => readAnswer(response(200, body, type), READ, 'rows'))).toMatchObject({ kind: 'transient', code });
		expect(thrown(() => readAnswer(response(200, body, type), WRITE, 'rows'))).toMatchObject({ kind: 'unknown', code });
	});

	it('takes a page for people for no answer to any request', () => {
		expect(thrown(() => readAnswer(response(200, '<html><body>x</body></html>', 'text/html'), READ, 'anything'))).toMatchObject({ kind: 'transient', code: 'page for people' });
		expect(readAnswer(response(200, '<?xml version="1.0"?><feed/>', 'application/atom+xml'), READ, 'anything').text).toContain('<feed/>');
		expect(thrown(() => readAnswer(response(200, '{"half":', 'application/json'), READ, 'anything'))).toMatchObject({ kind: 'transient' });
	});

	it('takes an error with status 200 for an error', () => {
		expect(thrown(() => readAnswer(response(200, odata('9', 'нет')), READ, 'row'))).toMatchObject({ kind: 'missing', code: '9' });
	});

	it('posting answers nothing; a page instead is of unknown outcome', () => {
		expect(readAnswer(response(200, '', 'text/plain'), WRITE, 'nothing').status).toBe(200);
		expect(thrown(() => readAnswer(response(200, '<html>x</html>', 'text/html'), WRITE, 'nothing'))).toMatchObject({ kind: 'unknown' });
	});

	it('half an entity is none', () => {
		expect(thrown(() => readAnswer(response(201, '{"Ref_Key":"8f6a'), WRITE, 'row'))).toMatchObject({ kind: 'unknown' });
	});
});

describe('failures by 1C\'s codes', () => {
	it.each([
		['-1', 500, 'rejected'],
		['0', 400, 'rejected'],
		['1', 400, 'rejected'],
		['6', 400, 'rejected'],
		['8', 404, 'denied'],
		['9', 404, 'missing'],
		['14', 400, 'rejected'],
		['15', 400, 'conflict'],
		['17', 400, 'rejected'],
		['20', 401, 'denied'],
		['21', 501, 'rejected'],
	])('code %s is %s: %s', (code, status, kind) => {
		for (const about of [READ, WRITE]) {
			const failure = answerFailure(response(status, odata(code, 'Текст конфигурации')), about);
			expect(failure).toMatchObject({ kind, code, said: 'Текст конфигурации' });
			expect(failure.message).toContain('Текст конфигурации');
		}
	});

	it('does not look at the language of the text', () => {
		const kinds = ['Экземпляр сущности не найден', 'Entity instance not found', 'Instanz fehlt'].map((said) => answerFailure(response(404, odata('9', said)), READ).kind);
		expect(new Set(kinds)).toEqual(new Set(['missing']));
	});

	it('names the set that is not published, and the form where it is', () => {
		const { message } = answerFailure(response(404, odata('8', '"Catalog_Валюты" entity is not found')), READ);
		expect(message).toContain('Catalog_Валюты');
		expect(message).toContain('Настройка автоматического REST-сервиса');
	});

	it('tells rights from a wrong password, both 401', () => {
		const rights = answerFailure(response(401, odata('20', 'Нарушение прав доступа')), WRITE);
		expect(rights).toMatchObject({ kind: 'denied', code: '20' });
		expect(rights.message).toContain('Document_ЗаказКлиента');
		const password = answerFailure(response(401, '', 'text/html'), READ);
		expect(password).toMatchObject({ kind: 'denied', code: 'login refused' });
		expect(password.message).toContain('password');
		expect(answerFailure(response(401, '<html>401 Unauthorized</html>', 'text/html'), READ).code).toBe('login refused');
	});

	it.each([
		['JSON without its type', odata('-1', 'Не проведен'), 'text/plain'],
		['Atom', '<?xml version="1.0" encoding="UTF-8"?>\n<m:error xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">\n<m:code>-1</m:code>\n<m:message>Не проведен</m:message>\n</m:error>', 'application/xml'],
		['Atom without a prefix', '<error xmlns="x"><code>-1</code><message xml:lang="ru">Не проведен</message></error>', 'application/xml'],
		['base64 of JSON', Buffer.from(odata('-1', 'Не проведен')).toString('base64'), 'application/json'],
		['a message in base64', odata('-1', Buffer.from('Не проведен').toString('base64')), 'application/json'],
		['a byte order mark before it', `\ufeff${odata('-1', 'Не проведен')}`, 'application/json'],
	])('reads an error told as %s', (_name, body, type) => {
		expect(answerFailure(response(500, body, type), WRITE)).toMatchObject({ kind: 'rejected', code: '-1', said: 'Не проведен' });
	});

	it('reads base64 of a bare text, and leaves what only looks like base64', () => {
		expect(answerFailure(response(400, Buffer.from('Текст XML содержит недопустимый символ \u0002').toString('base64'), 'text/plain'), READ).said).toBe('Текст XML содержит недопустимый символ');
		expect(answerFailure(response(500, odata('-1', 'abcdefghijklmnop')), READ).said).toBe('abcdefghijklmnop');
	});

	it('reads the innermost reason of the application server\'s exception', () => {
		const body = JSON.stringify({ exception: { descr: 'HTTP: Forbidden', inner: { descr: 'Недостаточно памяти для получения результата запроса к базе данных' } } });
		expect(answerFailure(response(500, body), READ)).toMatchObject({ kind: 'rejected', code: 'memory' });
		const other = JSON.stringify({ exception: { descr: 'HTTP: Forbidden', inner: { descr: 'Что-то еще' } } });
		expect(answerFailure(response(500, other), READ)).toMatchObject({ kind: 'transient', said: 'Что-то еще' });
		expect(answerFailure(response(500, other), WRITE)).toMatchObject({ kind: 'unknown' });
	});

	it('reads the reason on the platform\'s page', () => {
		const page = '<html><head><title>1C:Enterprise 8 application error</title></head><body><h2>1C:Enterprise 8 application error:</h2><b>by reason:</b><br>Начало сеанса с информационной базой запрещено.<br>Проводятся регламентные работы</body></html>';
		expect(answerFailure(response(500, page, 'text/html'), WRITE)).toMatchObject({ kind: 'transient', said: 'Начало сеанса с информационной базой запрещено. Проводятся регламентные работы' });
	});

	it.each([
		['a lock', 500, odata('-1', 'Конфликт блокировок при выполнении транзакции'), 'transient'],
		['no licence', 400, odata('0', 'x'), 'rejected'],
		['no licence in words', 500, odata('-1', 'Не найдена свободная лицензия'), 'throttled'],
	])('a write refused by %s was certainly not done', (_name, status, body, kind) => {
		expect(answerFailure(response(status, body), WRITE).kind).toBe(kind);
	});

	it.each([
		[406, '', 'throttled'],
		[412, '', 'conflict'],
		[413, '', 'rejected'],
		[429, '', 'throttled'],
		[403, '<html>Forbidden</html>', 'denied'],
		[404, '<html>404 - File or directory not found.</html>', 'denied'],
		[405, '<html>405</html>', 'denied'],
	])('an answer of the web server: %s %s is %s', (status, body, kind) => {
		for (const about of [READ, WRITE]) expect(answerFailure(response(status, body, 'text/html'), about).kind).toBe(kind);
	});

	it.each([500, 502, 503, 504])('%s without a word: a read is repeated, a write may have been done', (status) => {
		expect(answerFailure(response(status, '', 'text/html'), READ).kind).toBe('transient');
		expect(answerFailure(response(status, '', 'text/html'), WRITE).kind).toBe('unknown');
	});

	it('waits as told', () => {
		expect(answerFailure(response(503, '', 'text/html', { 'retry-after': '3' }), READ)).toMatchObject({ kind: 'throttled', retryAfterMs: 3000 });
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
