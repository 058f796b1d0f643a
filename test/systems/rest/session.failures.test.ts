// Proves what an answer means: by the profile, by HTTP, and by what came instead of JSON; and that no secret is told.
import fc from 'fast-check';
import type { FailureKind } from '../../../nodes/core/failure';
import { stopServers } from '../../kit/server';
import { credential, open, READ, refusal, SECRETS, server, talk, WRITE } from './talk';

afterEach(stopServers);

describe('by HTTP\'s own statuses', () => {
	it.each<[number, FailureKind, FailureKind]>([
		[400, 'rejected', 'rejected'],
		[401, 'denied', 'denied'],
		[402, 'denied', 'denied'],
		[403, 'denied', 'denied'],
		[404, 'missing', 'missing'],
		[405, 'rejected', 'rejected'],
		[406, 'rejected', 'rejected'],
		[408, 'transient', 'unknown'],
		[409, 'conflict', 'conflict'],
		[410, 'missing', 'missing'],
		[412, 'conflict', 'conflict'],
		[413, 'rejected', 'rejected'],
		[415, 'rejected', 'rejected'],
		[422, 'rejected', 'rejected'],
		[423, 'transient', 'transient'],
		[425, 'transient', 'transient'],
		[429, 'throttled', 'throttled'],
		[500, 'transient', 'unknown'],
		[501, 'rejected', 'rejected'],
		[502, 'transient', 'unknown'],
		[503, 'transient', 'transient'],
		[504, 'transient', 'unknown'],
		[520, 'transient', 'unknown'],
	])('%d: a read is %s, a write %s', async (status, read, write) => {
		const { session } = await talk({}, (_request, respond) => respond(status, { message: 'As it is' }));
		expect(await refusal(session.call({ ...READ, record: 'order SO1' }))).toMatchObject({ kind: read, code: `HTTP ${status}`, said: 'As it is', record: 'order SO1', message: expect.stringMatching(/^order SO1: .*As it is/) as string });
		expect(await refusal(session.call(WRITE))).toMatchObject({ kind: write });
	});

	it('a read that only looks like a write is one', async () => {
		const { session, server } = await talk({}, (_request, respond, nth) => respond(nth === 1 ? 500 : 200, {}));
		expect((await session.call({ ...WRITE, writes: false })).status).toBe(200);
		expect(server.requests).toHaveLength(2);
	});
});

describe('what is sent again', () => {
	it.each([
		['a read', READ, 4],
		['a write whose outcome is not known', WRITE, 1],
		['a write that carries its identity', { ...WRITE, keyed: true }, 6],
	])('%s', async (_name, call, times) => {
		const { session, server } = await talk({}, (_request, respond) => respond(500));
		await refusal(session.call(call));
		expect(server.requests).toHaveLength(times);
	});

	it.each([
		['a keyed write that meets its own first try', { ...WRITE, keyed: true }, 409, 6],
		['a keyed write on a state that is no more', { ...WRITE, keyed: true, headers: { 'If-Match': '"1"' } }, 412, 1],
		['any other write', WRITE, 409, 1],
	])('a conflict: %s', async (_name, call, status, times) => {
		const { session, server } = await talk({}, (_request, respond) => respond(status));
		await refusal(session.call(call));
		expect(server.requests).toHaveLength(times);
	});

	it.each([429, 503])('%d, after the wait that was asked for', async (status) => {
		const { session, clock, server } = await talk({}, (_request, respond, nth) => respond(nth === 1 ? status : 200, {}, nth === 1 ? { 'Retry-After': '7' } : {}));
		await session.call(WRITE);
		expect(clock.slept).toBe(7_000);
		expect(server.requests).toHaveLength(2);
	});

	it('a wait until a date is one by the server\'s own clock', async () => {
		const { session, clock } = await talk({}, (_request, respond, nth) => respond(nth === 1 ? 429 : 200, {}, nth === 1 ? { Date: 'Sun, 22 Nov 2026 09:00:00 GMT', 'Retry-After': 'Sun, 22 Nov 2026 09:00:30 GMT' } : {}));
		await session.call(WRITE);
		expect(clock.slept).toBe(30_000);
	});

	it('a wait that is too long is given back', async () => {
		const { session, clock } = await talk({}, (_request, respond) => respond(429, undefined, { 'Retry-After': '3600' }));
		expect(await refusal(session.call(READ))).toMatchObject({ kind: 'throttled', retryAfterMs: 3_600_000 });
		expect(clock.slept).toBe(0);
	});

	it('a connection that breaks: a read again, a write never', async () => {
		const { session, server } = await talk({}, (request, respond, nth) => (nth === 2 ? respond(200, {}) : void request.socket.destroy()));
		await session.call(READ);
		expect(await refusal(session.call({ ...WRITE, record: 'order SO1' }))).toMatchObject({ kind: 'unknown', record: 'order SO1' });
		expect(server.requests).toHaveLength(3);
	});
});

describe('by the profile', () => {
	const errors = { code: 'answer.fault.number', message: 'answer.fault.lines.text', kinds: { E7: 'conflict', 'E8': 'throttled', '500': 'rejected', '400': 'missing' } };

	it.each([
		['by its code', 400, { fault: { number: 'E7', lines: [{ text: 'One' }, { text: 'two' }] } }, { kind: 'conflict', code: 'E7', said: 'One; two' }],
		['by its status, where the code says nothing', 500, { fault: { number: 'E9', lines: { text: 'No such product' } } }, { kind: 'rejected', code: 'E9', what: 'Ledger refuses it: No such product' }],
		['in another shape than the profile knows', 400, { error: { code: 'X', message: 'From the gateway' } }, { kind: 'missing', code: 'HTTP 400', said: 'From the gateway' }],
		['with a page', 500, '<html><body><h1>Oh no</h1></body></html>', { kind: 'rejected', code: 'HTTP 500', said: 'HTTP 500 "Oh no"' }],
		['with a number as code', 422, { fault: { number: 12 } }, { kind: 'rejected', code: '12' }],
	])('%s', async (_name, status, body, expected) => {
		const { session } = await talk({ errors }, (_request, respond) => respond(status, body));
		expect(await refusal(session.call(WRITE))).toMatchObject(expected);
	});

	it('an expression that fails on an answer does not hide it', async () => {
		const { session } = await talk({ errors: { code: '$number(answer.text)', message: '$error("no")' } }, (_request, respond) => respond(409, { text: 'abc', message: 'Exists already' }));
		expect(await refusal(session.call(WRITE))).toMatchObject({ kind: 'conflict', said: 'Exists already' });
	});

	it.each([
		[{ ok: false, code: 'E1', message: 'No' }, { kind: 'rejected', code: 'E1', what: 'Ledger refuses it: No' }],
		[{ ok: false, code: 'E2', message: 'Busy' }, { kind: 'transient', code: 'E2' }],
	])('a success that is none: %j', async (body, expected) => {
		const { session } = await talk({ errors: { inside: 'answer.ok = false', code: 'answer.code', kinds: { E2: 'transient' } } }, (_request, respond) => respond(200, body));
		expect(await refusal(session.call(WRITE))).toMatchObject(expected);
	});

	it.each([
		[{ error: { code: -2028, message: { lang: 'en', value: 'No matching records' } } }, { code: '-2028', said: 'No matching records' }],
		[{ error: { code: '-2028', message: 'No records' } }, { code: '-2028', said: 'No records' }],
		[{ 'odata.error': { code: '9', message: { value: 'Old OData' } } }, { code: '9', said: 'Old OData' }],
		[{ errors: [{ status: '422', code: 'invalid', title: 'Invalid', detail: 'must be there' }] }, { code: 'invalid', said: 'must be there' }],
		[{ errors: ['First', 'second'] }, { said: 'First' }],
		[{ type: 'about:blank', title: 'Not Found', detail: 'Order 4' }, { said: 'Order 4' }],
		[{ error: 'Plain' }, { said: 'Plain' }],
		['Just words', { said: 'HTTP 400 "Just words"' }],
		[[{ message: 'In a list' }], { said: 'In a list' }],
		[{}, { said: undefined, code: 'HTTP 400' }],
	])('the usual shapes are known without it: %j', async (body, expected) => {
		const { session } = await talk({}, (_request, respond) => respond(400, body));
		expect(await refusal(session.call(READ))).toMatchObject(expected);
	});
});

describe('a success that is not what was asked for', () => {
	const html = { 'Content-Type': 'text/html' };
	it.each([
		['a page', '<!DOCTYPE html><html><body>Maintenance</body></html>', html, 'transient', 'A page for people came instead of Ledger\'s answer to GET /orders/1: HTTP 200 "Maintenance"'],
		['a page that says it is JSON', '<html>Hello</html>', { 'Content-Type': 'application/json' }, 'transient', 'A page for people came'],
		['a login page', '<html><form><input type="password"></form>', html, 'transient', 'A login page came instead'],
		['XML', '<?xml version="1.0"?><order/>', { 'Content-Type': 'application/xml' }, 'rejected', 'Ledger answers GET /orders/1 in XML, not in JSON'],
		['nothing', undefined, {}, 'transient', 'Ledger\'s answer to GET /orders/1 is empty (HTTP 200)'],
		['half of it', '{"items": [{"id": 1', { 'Content-Type': 'application/json' }, 'transient', 'is no JSON, or only a part of it arrived'],
		['a name twice', '{"id": 1, "id": 2}', { 'Content-Type': 'application/json' }, 'transient', 'is no JSON'],
		['half of it as plain text', '[{"id": 1', { 'Content-Type': 'text/plain' }, 'transient', 'is no JSON'],
	])('%s', async (_name, body, headers, kind, what) => {
		const { session } = await talk({}, (_request, respond) => respond(200, body, headers));
		expect(await refusal(session.call(READ))).toMatchObject({ kind, what: expect.stringContaining(what) as string });
		if (body !== undefined) expect(await refusal(session.call(WRITE))).toMatchObject({ kind: 'unknown' });
	});

	it.each([
		['a write that answers nothing', WRITE, 201, undefined, undefined],
		['a read that has no content', READ, 204, undefined, undefined],
		['a bare word', READ, 200, ' 42a ', '42a'],
		['a number', READ, 200, '42', 42],
		['a byte order mark', READ, 200, '\uFEFF{"a": 1}', { a: 1 }],
		['many digits', READ, 200, '{"id": 12345678901234567890, "price": 1.10}', { id: '12345678901234567890', price: 1.1 }],
		['null', WRITE, 200, 'null', null],
	])('is not %s', async (_name, call, status, body, expected) => {
		const { session } = await talk({}, (_request, respond) => respond(status, body, { 'Content-Type': 'text/plain; charset=utf-8' }));
		expect((await session.call(call)).body).toEqual(expected);
	});
});

describe('other servers', () => {
	it.each([301, 302, 307, 308])('are not gone to by a %d', async (status) => {
		const other = await server((_request, respond) => respond(200, { stolen: true }));
		const { session } = await talk({ auth: { type: 'bearer' } }, (_request, respond) => respond(status, undefined, { Location: `${other.url}/?token=${SECRETS.token}` }));
		const failure = await refusal(session.call(WRITE));
		expect(failure).toMatchObject({ kind: 'denied', message: expect.not.stringContaining(SECRETS.token) as string });
		expect(other.requests).toHaveLength(0);
	});

	it.each(['http://evil.test/', '//evil.test/x', '@evil.test/', '.evil.test/', ':1@evil.test/', '/../admin', '/%2e%2e/admin', '/x/../../admin', ''])('are not gone to by a path: %p', async (path) => {
		const made = await server((_request, respond) => respond(200, {}));
		const { session } = open(credential(`${made.url}/api`));
		const outcome = await session.call({ ...READ, path }).then(
			() => made.requests[0]?.url,
			(error: Error) => error.message,
		);
		// Either refused, or still below the base URL.
		if (made.requests.length > 0) expect(outcome).toMatch(/^\/api\//);
		else expect(outcome).toMatch(/is outside|does not begin with/);
	});
});

describe('headers', () => {
	it('are the profile\'s, then the call\'s, however they are written', async () => {
		const { session, server } = await talk({ headers: { accept: 'application/vnd.api+json', 'Content-Type': 'application/vnd.api+json', 'X-Company': '{settings.company}' } }, (_request, respond) => respond(200, {}), { settings: { company: 'C1' } });
		await session.call({ ...WRITE, headers: { 'x-company': 'C2', 'If-Match': '"7"' } });
		await session.call(READ);
		expect(server.requests[0]!.headers).toMatchObject({ accept: 'application/vnd.api+json', 'content-type': 'application/vnd.api+json', 'x-company': 'C2', 'if-match': '"7"' });
		expect(server.requests[1]!.headers).toMatchObject({ accept: 'application/vnd.api+json', 'x-company': 'C1' });
		expect(server.requests[1]!.headers['content-type']).toBeUndefined();
	});

	it('ask for JSON otherwise, and say that they send it', async () => {
		const { session, server } = await talk({}, (_request, respond) => respond(200, {}));
		await session.call(WRITE);
		await session.call({ ...WRITE, as: 'form', body: { a: 'ü', b: 2, c: undefined, d: null } });
		expect(server.requests[0]).toMatchObject({ headers: { accept: 'application/json', 'content-type': 'application/json' }, body: '{"number":"SO1"}' });
		expect(server.requests[1]).toMatchObject({ headers: { 'content-type': expect.stringContaining('application/x-www-form-urlencoded') as string }, body: 'a=%C3%BC&b=2' });
	});

	it.each<Record<string, string>>([{ Host: 'evil.test' }, { 'content-length': '0' }, { 'Transfer-Encoding': 'chunked' }, { 'X-A': 'a\r\nX-B: b' }, { 'X-A': 'Ёлка' }, { 'X A': 'a' }])('that cannot be sent are refused before anything is: %j', async (headers) => {
		const { session, server } = await talk({}, (_request, respond) => respond(200, {}));
		expect(await refusal(session.call({ ...WRITE, headers }))).toMatchObject({ kind: 'rejected' });
		expect(server.requests).toHaveLength(0);
	});

	it('tell the server\'s time', async () => {
		const { session } = await talk({}, (_request, respond) => respond(404, undefined, { Date: 'Sun, 22 Nov 2026 09:00:00 GMT' }));
		expect(session.serverTime).toBeUndefined();
		await refusal(session.call(READ));
		expect(session.serverTime).toBe('2026-11-22T09:00:00Z');
	});
});

it('a form holds fields only', async () => {
	const { session, server } = await talk({}, (_request, respond) => respond(200, {}));
	for (const body of ['a', ['a'], { a: { b: 1 } }]) expect(await refusal(session.call({ ...WRITE, as: 'form', body }))).toMatchObject({ kind: 'rejected' });
	expect(server.requests).toHaveLength(0);
});

describe('a secret', () => {
	const AUTHS = [
		{ type: 'basic' },
		{ type: 'bearer' },
		{ type: 'apiKey', in: 'query', name: 'key' },
		{ type: 'oauth2', tokenUrl: '/token' },
		{ type: 'oauth2', tokenUrl: '/token', client: 'basic' },
		{ type: 'login', request: { path: '/login', body: { user: 'username', secret: 'password', token: 'token' } }, token: 'answer.token' },
		{ type: 'login', request: { path: '/login', body: { user: 'username', secret: 'password' } } },
	];
	const secret = fc.string({ unit: 'grapheme', minLength: 6, maxLength: 24 }).filter((text) => /^\S.*\S$/s.test(text) && new Set(text).size > 4 && !/[\r\n\t\u0000-\u001f]/.test(text) && Buffer.from(text, 'utf8').toString('utf8') === text && text.normalize() === text);
	const latin = fc.stringMatching(/^[!-~]{8,24}$/).filter((text) => new Set(text).size > 4);

	it('is in no message, whatever the server repeats', async () => {
		const mirror = await server((request, respond, nth) => {
			const seen = [request.url, ...Object.values(request.headers), request.body].join(' ');
			const logsIn = request.url?.startsWith('/login') || request.url?.startsWith('/token');
			if (logsIn && nth % 3 !== 0) return respond(200, { token: `given-${nth}-session`, access_token: `given-${nth}-access` }, { 'Set-Cookie': `SESSION=given-${nth}-cookie` });
			const told = [seen, decodeURIComponent(request.url ?? ''), Buffer.from((request.headers.authorization ?? '').split(' ')[1] ?? '', 'base64').toString()].join(' ');
			const answers: Array<() => void> = [
				() => respond(400, { message: told }),
				() => respond(403, { error: { code: told, message: told } }),
				() => respond(500, `<html><body>${told.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')}</body></html>`),
				() => respond(200, `<html>${told}</html>`),
				() => respond(200, `{"half": ${JSON.stringify(told)}`),
				() => respond(422, told),
			];
			answers[nth % answers.length]!();
		});
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...AUTHS), secret, latin, latin, async (auth, password, token, clientSecret) => {
				const { session } = open(credential(mirror.url, { auth }, { password, token, clientSecret }));
				for (const call of [READ, { ...WRITE, body: { echoed: 1 } }]) {
					const error = await session.call(call).then(
						() => undefined,
						(thrown: unknown) => thrown as Error & { cause?: unknown },
					);
					const text = error ? [error.message, JSON.stringify(error), String(error.cause), error.stack].join('\n') : '';
					for (const one of [password, token, clientSecret]) expect(text).not.toContain(one);
					expect(text).not.toMatch(/given-\d+-/);
					expect(text).not.toContain(Buffer.from(`ann:${password}`).toString('base64'));
				}
			}),
			{ numRuns: 60 },
		);
	});

	it('that is short is hidden where it stands alone', async () => {
		const { session } = await talk({ auth: { type: 'basic' } }, (_request, respond) => respond(400, { message: 'Password ab1 of cab12' }), { password: 'ab1' });
		expect(await refusal(session.call(READ))).toMatchObject({ said: 'Password *** of cab12' });
	});

	it.each([
		['$number(password)', 'username'],
		['$error($base64encode(password))', 'username'],
		['$error($join($split(password, ""), "-"))', 'username'],
		['password', '$error($uppercase(password))'],
	])('is in no message of a log-in\'s expression that fails: %s, %s', async (body, token) => {
		const { session } = await talk({ auth: { type: 'login', token, request: { path: '/login', body: { a: body } } } }, (_request, respond) => respond(200, {}));
		const failure = await refusal(session.call(READ));
		expect(failure).toMatchObject({ kind: 'denied', what: expect.stringMatching(/^The profile's auth\.(request\.body|token) cannot be worked out$/) as string, cause: undefined });
	});

	it('is in no path that messages name', async () => {
		for (const status of [404, 400, 502]) {
			const { session } = await talk({ auth: { type: 'login', request: { path: '/login/{$base64encode(password & "!")}' } } }, (_request, respond) => respond(status));
			const failure = await refusal(session.call(READ));
			expect(failure.message).toContain('POST /login/{$base64encode(password & "!")}');
			expect(failure.message).not.toContain(encodeURIComponent(Buffer.from(`${SECRETS.password}!`).toString('base64')).slice(0, 8));
		}
	});
});

describe('a hostile answer', () => {
	it.each([
		['comments without end', '<!--a-->'.repeat(50_000)],
		['a comment that never closes', `<!--${'-'.repeat(500_000)}`],
		['scripts that never close', '<html><script>'.repeat(50_000)],
		['brackets that never close', '<'.repeat(500_000)],
		['deep JSON', '['.repeat(200_000)],
		['JSON that can be read and is too deep to be looked at', `{"id":1,"deep":${'['.repeat(2_500)}${']'.repeat(2_500)}}`],
		['blanks', `<html>${' '.repeat(500_000)}`],
	])('does not hold anybody up: %s', async (_name, body) => {
		for (const status of [200, 500]) {
			const { session } = await talk({}, (_request, respond) => respond(status, body, { 'Content-Type': 'text/html' }));
			const begun = process.cpuUsage();
			expect(await refusal(session.call(WRITE))).toMatchObject({ kind: 'unknown', message: expect.stringMatching(/^.{10,900}$/s) as string });
			// Time of this process, in microseconds: a busy machine takes nothing of it.
			expect(process.cpuUsage(begun).user).toBeLessThan(3_000_000);
		}
	});

	it('of "See Other" leaves a write unknown, a read refused', async () => {
		const { session } = await talk({}, (_request, respond) => respond(303, undefined, { Location: '/orders/7' }));
		expect(await refusal(session.call(WRITE))).toMatchObject({ kind: 'unknown', code: 'HTTP 303' });
		expect(await refusal(session.call(READ))).toMatchObject({ kind: 'denied' });
	});
});
