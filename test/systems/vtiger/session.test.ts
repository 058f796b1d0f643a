// Owns the proof of reference sections 1 and 2: transport, login and sessions, and what each answer means.
import { createHash } from 'node:crypto';
import type { HttpRequest, HttpResponse, Send } from '../../../nodes/core/http';
import { Failure } from '../../../nodes/core/failure';
import { Session } from '../../../nodes/Vtiger/vtiger.session';
import { vtiger } from '../../../nodes/Vtiger/vtiger.system';
import { TestClock } from '../send';
import { answering, failing, setUp, type Setting } from './setting';

let stage: Setting;
beforeAll(async () => void (stage = await setUp()));
afterAll(async () => await stage.stop());
beforeEach(() => stage.sim.reset());

const json = (body: unknown, status = 200): HttpResponse => ({ status, headers: { 'content-type': 'application/json' }, text: JSON.stringify(body) });
const ok = (result: unknown): HttpResponse => json({ success: true, result });
const no = (code: string | number, message = 'x'): HttpResponse => json({ success: false, error: { code, message } });
const page: HttpResponse = { status: 200, headers: { 'content-type': 'text/html' }, text: '<html><body>Please sign in</body></html>' };
const crash: HttpResponse = { status: 500, headers: { 'content-type': 'text/html' }, text: '' };

/** A session on a server that gives the answers in turn, after a good login. */
function scripted(...answers: HttpResponse[]): { session: Session; requests: HttpRequest[]; clock: TestClock } {
	const requests: HttpRequest[] = [];
	const clock = new TestClock();
	let logins = 0;
	const send: Send = async (request) => {
		const { operation } = request.query ?? request.form ?? {};
		if (operation === 'getchallenge') return ok({ token: 'tok', serverTime: clock.now() / 1000, expireTime: 0 });
		if (operation === 'login') return ok({ sessionName: `sid${++logins}`, userId: '19x1', version: '0.22', vtigerVersion: '8.4.0' });
		requests.push(request);
		const answer = answers.shift();
		if (!answer) throw new Error('nothing more to answer');
		return answer;
	};
	return { session: new Session({ baseUrl: 'http://crm', username: 'admin', accessKey: 'SECRETKEY' }, { send, clock }), requests, clock };
}

describe('transport', () => {
	it('puts the parameters of reads into the URL and those of writes into the form: vtiger looks nowhere else', async () => {
		const { session, requests } = scripted(ok([]), ok({ id: '11x1' }));
		await session.read('query', { query: 'select id from Accounts;' });
		await session.write('create', { elementType: 'Accounts', element: '{}' });
		expect(requests[0]).toMatchObject({ method: 'GET', path: '/webservice.php', query: { operation: 'query', sessionName: 'sid1' } });
		expect(requests[1]).toMatchObject({ method: 'POST', form: { operation: 'create', sessionName: 'sid1', elementType: 'Accounts' } });
		expect(requests[1]!.query).toBeUndefined();
	});

	it('takes a missing result for a success: an answer may be {"success":true} only', async () => {
		const { session } = scripted(json({ success: true }));
		expect(await session.read('x', {})).toBeUndefined();
	});

	it('sends a read again after an empty 500, a page and a bad gateway', async () => {
		const { session, requests } = scripted(crash, page, { ...crash, status: 502 }, ok('there'));
		expect(await session.read('retrieve', { id: '11x1' })).toBe('there');
		expect(requests).toHaveLength(4);
	});

	it.each([
		['an empty 500', crash],
		['a page with 200', page],
		['a bad gateway', { ...crash, status: 502 }],
		['a JSON body that is not vtiger\'s', json({ hello: 1 })],
	])('does not know whether a write was done after %s, and sends it once', async (_name, answer) => {
		const { session, requests } = scripted(answer);
		const failure = await failing(session.write('create', { element: '{}' }));
		expect(failure.kind).toBe('unknown');
		expect(requests).toHaveLength(1);
	});

	it.each([
		['429 with seconds', { status: 429, headers: { 'retry-after': '7' }, text: '' }, 7_000],
		['503 with seconds', { status: 503, headers: { 'retry-after': '3' }, text: '' }, 3_000],
		['503 with a date', { status: 503, headers: { 'retry-after': 'Sun, 22 Nov 2026 12:00:09 GMT' }, text: '' }, 9_000],
	])('waits as told: %s', async (_name, answer, wait) => {
		const { session, clock } = scripted(answer, ok('there'));
		expect(await session.read('query', {})).toBe('there');
		expect(clock.slept).toBe(wait);
	});

	it('a 429 to a write was not done: it says so and how long to wait', async () => {
		const { session } = scripted({ status: 429, headers: { 'retry-after': '2' }, text: '' });
		expect(await failing(session.write('create', {}))).toMatchObject({ kind: 'throttled', retryAfterMs: 2_000 });
	});
});

describe('what codes mean', () => {
	it.each<[string | number, string, string]>([
		[0, 'create', 'ambiguous'],
		['ACCESS_DENIED', 'retrieve', 'missing'],
		['ACCESS_DENIED', 'revise', 'missing'],
		['ACCESS_DENIED', 'query', 'denied'],
		['ACCESS_DENIED', 'describe', 'denied'],
		['RECORD_NOT_FOUND', 'retrieve', 'missing'],
		['MANDATORY_FIELDS_MISSING', 'create', 'rejected'],
		['INVALID_ID_ATTRIBUTE', 'create', 'rejected'],
		['REFERENCE_INVALID', 'create', 'rejected'],
		['QUERY_SYNTAX_ERROR', 'query', 'rejected'],
		['INTERNAL_SERVER_ERROR', 'query', 'rejected'],
		['INTERNAL_SERVER_ERROR', 'create', 'unknown'],
		['DATABASE_QUERY_ERROR', 'create', 'unknown'],
		['SOMETHING_NEW', 'create', 'rejected'],
	])('%s to "%s" is %s', async (code, operation, kind) => {
		const { session } = scripted(no(code), no(code), no(code), no(code));
		const writes = operation === 'create' || operation === 'revise';
		const failure = await failing(writes ? session.write(operation, {}) : session.read(operation, {}));
		expect(failure.kind).toBe(kind);
		expect(failure.code).toBe(String(code));
	});

	it('goes by the code, never by the text, which depends on the language', async () => {
		const { session } = scripted(no('ACCESS_DENIED', 'Zugriff verweigert'));
		expect((await failing(session.read('retrieve', { id: '11x1' }, '11x1'))).message).toContain('11x1');
	});
});

describe('login', () => {
	it('sends the md5 of token and key in lower case: capitals are refused', async () => {
		let proof = '';
		await stage.connect({}, (send) => async (request) => {
			if (request.form?.operation === 'login') proof = request.form.accessKey!;
			return await send(request);
		}).check();
		expect(proof).toMatch(/^[0-9a-f]{32}$/);
		expect(proof).toBe(proof.toLowerCase());
	});

	it('logs in once for calls that come at once', async () => {
		const connector = stage.connect();
		await Promise.all(Array.from({ length: 8 }, async () => await connector.records.get('Accounts', '11x8')));
		expect(stage.calls().filter((operation) => operation === 'login')).toHaveLength(1);
	});

	it('several connectors of one user do not take each other\'s token away', async () => {
		const connectors = Array.from({ length: 6 }, () => stage.connect());
		await Promise.all(connectors.map(async (connector) => await connector.records.get('Accounts', '11x8')));
		expect(stage.calls().filter((operation) => operation === 'login')).toHaveLength(6);
	});

	it.each(['INVALID_USER_CREDENTIALS', 'INVALID_AUTH_TOKEN'])('tries again after %s: another process may have taken the token', async (code) => {
		const refusal = { status: 200, text: JSON.stringify({ success: false, error: { code, message: 'x' } }) };
		let refused = 0;
		const connector = stage.connect({}, answering((operation) => operation === 'login' && ++refused <= 2, refusal));
		expect((await connector.check()).version).toBe('8.4.0');
	});

	it('calls the key wrong after several tries, without saying it', async () => {
		const failure = await failing(stage.connect({ accessKey: 'WrongSecret1' }).check());
		expect(failure.kind).toBe('denied');
		expect(failure.message).toMatch(/access key of user "admin"/);
		expect(failure.message).not.toContain('WrongSecret1');
		expect(stage.calls().filter((operation) => operation === 'login').length).toBeGreaterThan(1);
	});

	it('tells a user that is not there from a wrong key', async () => {
		expect(await failing(stage.connect({ username: 'nobody' }).check())).toMatchObject({ kind: 'denied', message: expect.stringMatching(/no user "nobody"/) });
	});

	it('tells a wrong address: nothing there, a page, another program', async () => {
		expect((await failing(stage.connect({}, answering(() => true, { status: 404, text: '' })).check())).message).toMatch(/no vtiger at this address/);
		const html = answering(() => true, { status: 200, headers: { 'content-type': 'text/html' }, text: '<h1>Welcome</h1>' });
		expect(await failing(stage.connect({}, html).check())).toMatchObject({ kind: 'denied', message: expect.stringMatching(/answers with a web page/) });
		expect((await failing(stage.connect({}, answering(() => true, { status: 200, text: '{"status":"ok"}' })).check())).kind).toBe('denied');
	});

	it('a login that was not answered leaves the write for which it was certainly undone', async () => {
		const clock = new TestClock();
		const send: Send = async () => await Promise.reject(new Failure('unknown', 'no answer'));
		const session = new Session({ baseUrl: 'http://crm', username: 'a', accessKey: 'b' }, { send, clock });
		expect((await failing(session.write('create', {}))).kind).toBe('transient');
	});
});

describe('sessions', () => {
	it.each(['INVALID_SESSIONID', 'AUTHENTICATION_REQUIRED'])('logs in anew after %s and asks again, writes too: nothing was done', async (code) => {
		const { session, requests } = scripted(no(code), ok({ id: '11x1' }));
		expect(await session.write('create', { element: '{}' })).toEqual({ id: '11x1' });
		expect(requests.map((request) => request.form!.sessionName)).toEqual(['sid1', 'sid2']);
	});

	it('logs in once when many calls find the session gone', async () => {
		const connector = stage.connect();
		await connector.records.get('Accounts', '11x8');
		stage.sim.sessions.expireAll();
		stage.sim.server.resetCalls();
		await Promise.all(Array.from({ length: 5 }, async () => await connector.records.get('Accounts', '11x8')));
		expect(stage.calls().filter((operation) => operation === 'login').length).toBeLessThanOrEqual(2);
	});

	it('never puts the access key or a session name into a message', async () => {
		const { session } = scripted(no('ACCESS_DENIED'), no('MANDATORY_FIELDS_MISSING', 'subject'));
		for (const call of [session.read('describe', { elementType: 'X' }), session.write('create', {})]) {
			const { message } = await failing(call);
			expect(message).not.toMatch(/SECRETKEY|sid\d/);
			expect(message).not.toContain(createHash('md5').update('tokSECRETKEY').digest('hex'));
		}
	});
});

describe('credential', () => {
	const credential = { username: 'admin', accessKey: 'k' };

	it.each([
		['https://crm.example.com', 'https://crm.example.com'],
		['https://crm.example.com/', 'https://crm.example.com'],
		['https://crm.example.com/webservice.php', 'https://crm.example.com'],
		['https://crm.example.com/crm/index.php?module=Home', 'https://crm.example.com/crm'],
		['http://10.0.0.5:8080/vtiger/', 'http://10.0.0.5:8080/vtiger'],
	])('%s is %s', (url, baseUrl) => {
		expect(vtiger.endpoint({ ...credential, url }).baseUrl).toBe(baseUrl);
	});

	it.each([
		[{ url: 'crm', username: 'a', accessKey: 'b' }, /not a web address/],
		[{ url: 'ftp://crm', username: 'a', accessKey: 'b' }, /begin with https/],
		[{ url: 'https://crm', username: '', accessKey: 'b' }, /no user name/],
		[{ url: 'https://crm', username: 'a', accessKey: ' ' }, /no access key/],
		[{ url: 'https://crm', username: 'a', accessKey: 'b', installation: 'a:b' }, /installation name/],
		[{ url: 'https://crm', username: 'a', accessKey: 'b', timeZone: 'Rome' }, /not a time zone/],
	])('%j is refused by name', (given, says) => {
		const send: Send = async () => await Promise.reject(new Error('not to be called'));
		expect(() => vtiger.connect(given, { send, clock: new TestClock() })).toThrow(says);
	});
});
