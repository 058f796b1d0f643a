// Proves how every shape of an answer is read, successes and errors, without any server.
import { Failure } from '../../../nodes/core/failure';
import type { HttpResponse } from '../../../nodes/core/http';
import { answerFailure } from '../../../nodes/OneC/onec.failures';
import { readAnswer } from '../../../nodes/OneC/onec.wire';

const ID = '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f';
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
