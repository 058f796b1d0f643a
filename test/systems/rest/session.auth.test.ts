// Proves every way of logging in against real servers: what is sent, when it is renewed, and that nobody is locked out.
import { constants, createVerify, generateKeyPairSync, verify } from 'node:crypto';
import fc from 'fast-check';
import { stopServers } from '../../kit/server';
import { credential, open, READ, refusal, SECRETS, server, talk, WRITE } from './talk';

afterEach(stopServers);

const LOGIN = { type: 'login', request: { path: '/login', body: { user: 'username', secret: 'password' } } };

describe('what stays the same', () => {
	it.each([
		['nothing', { type: 'none' }, undefined],
		['a user', { type: 'basic' }, `Basic ${Buffer.from(`ann:${SECRETS.password}`, 'utf8').toString('base64')}`],
		['a token', { type: 'bearer' }, `Bearer ${SECRETS.token}`],
		['a token under another name', { type: 'bearer', prefix: 'token' }, `token ${SECRETS.token}`],
	])('%s', async (_name, auth, sent) => {
		const { session, server } = await talk({ auth }, (_request, respond) => respond(200, {}));
		await session.call(READ);
		expect(server.requests[0]?.headers.authorization).toBe(sent);
	});

	it('an API key in a header, made of several fields', async () => {
		const { session, server } = await talk({ auth: { type: 'apiKey', name: 'X-Key', value: '{username}:{token}' } }, (_request, respond) => respond(200, {}));
		await session.call({ ...READ, headers: { 'x-key': 'not this' } });
		expect(server.requests[0]?.headers['x-key']).toBe(`ann:${SECRETS.token}`);
	});

	it('an API key in the query, once, also on the next page', async () => {
		const { session, server } = await talk({ auth: { type: 'apiKey', in: 'query', name: 'api key' } }, (_request, respond) => respond(200, {}));
		await session.call({ ...READ, query: { $filter: "a eq 'b c'" } });
		await session.call({ ...READ, path: `/orders?page=2&api%20key=${SECRETS.token}&x=%2B` });
		expect(server.requests.map(({ url }) => url)).toEqual([`/orders/1?$filter=a%20eq%20%27b%20c%27&api%20key=${SECRETS.token}`, `/orders?page=2&x=%2B&api%20key=${SECRETS.token}`]);
	});

	it('is not asked twice when refused', async () => {
		const { session, server } = await talk({ auth: { type: 'basic' } }, (_request, respond) => respond(401));
		expect(await refusal(session.call(READ))).toMatchObject({ kind: 'denied', what: 'Ledger refuses the log-in (GET /orders/1)' });
		expect(server.requests).toHaveLength(1);
	});
});

describe('a log-in with a token', () => {
	const auth = { ...LOGIN, token: 'answer.token', seconds: 'answer.lasts' };

	it('is made once for all who wait, and the token is sent', async () => {
		const { session, server } = await talk({ auth }, (request, respond) => (request.url === '/login' ? setTimeout(() => respond(200, { token: 'session-one' }), 20) : respond(200, {})));
		await Promise.all(Array.from({ length: 8 }, async () => await session.call(READ)));
		expect(server.requests.filter(({ url }) => url === '/login')).toHaveLength(1);
		expect(JSON.parse(server.requests[0]!.body)).toEqual({ user: 'ann', secret: SECRETS.password });
		expect(server.requests[0]!.headers.authorization).toBeUndefined();
		expect(new Set(server.requests.slice(1).map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer session-one']));
	});

	it('is sent as a form, in another header, with nothing before the token', async () => {
		const own = { type: 'login', header: 'X-Session', prefix: '', token: 'headers.`x-new`', request: { path: '/login', as: 'form', body: { user: 'username', secret: 'password', count: 1 } } };
		const { session, server } = await talk({ auth: own }, (request, respond) => respond(200, {}, request.url === '/login' ? { 'X-New': 'session-two' } : {}));
		await session.call(READ);
		expect(Object.fromEntries(new URLSearchParams(server.requests[0]!.body))).toEqual({ user: 'ann', secret: SECRETS.password, count: '1' });
		expect(server.requests[1]!.headers['x-session']).toBe('session-two');
	});

	it('is renewed once for all calls that find it gone, writes too', async () => {
		let good = 'token-0000';
		let nth = 0;
		const done: string[] = [];
		const { session, server } = await talk({ auth }, (request, respond) => {
			if (request.url === '/login') return void setTimeout(() => respond(200, { token: (good = `token-000${++nth}`) }), 10);
			if (request.headers.authorization !== `Bearer ${good}`) return respond(401, { message: 'gone' });
			if (request.method === 'POST') done.push(request.body);
			respond(200, {});
		});
		await session.call(READ);
		good = 'gone';
		await Promise.all([...Array.from({ length: 5 }, async () => await session.call(READ)), ...Array.from({ length: 5 }, async (_unused, i) => await session.call({ ...WRITE, body: { i } }))]);
		expect(server.requests.filter(({ url }) => url === '/login')).toHaveLength(2);
		expect(done.sort()).toEqual(Array.from({ length: 5 }, (_unused, i) => `{"i":${i}}`));
	});

	it('is renewed before its end', async () => {
		const { session, server, clock } = await talk({ auth }, (request, respond) => respond(200, request.url === '/login' ? { token: 'session-one', lasts: 600 } : {}));
		await session.call(READ);
		clock.pass(500_000);
		await session.call(READ);
		clock.pass(71_000);
		await session.call(READ);
		expect(server.requests.map(({ url }) => url)).toEqual(['/login', '/orders/1', '/orders/1', '/login', '/orders/1']);
	});

	it('is renewed at the codes that the profile names, not at others', async () => {
		let answers = [{ code: 'EXPIRED' }, { code: 'OTHER' }];
		const { session, server } = await talk({ auth: { ...auth, expired: ['EXPIRED'] }, errors: { code: 'answer.code', inside: '$exists(answer.code)' } }, (request, respond) => respond(200, request.url === '/login' ? { token: 'session-one' } : (answers.shift() ?? {})));
		expect(await refusal(session.call(WRITE))).toMatchObject({ kind: 'rejected', code: 'OTHER' });
		expect(server.requests.map(({ url }) => url)).toEqual(['/login', '/orders', '/login', '/orders']);
		answers = [];
		expect((await session.call(WRITE)).status).toBe(200);
	});

	it('is renewed where a redirect says that it is over', async () => {
		const { session, server } = await talk({ auth: { ...auth, expired: ['302'] } }, (request, respond, nth) => (request.url === '/login' ? respond(200, { token: 'session-one' }) : nth === 2 ? respond(302, undefined, { Location: '/page' }) : respond(200, {})));
		expect((await session.call(WRITE)).status).toBe(200);
		expect(server.requests.map(({ url }) => url)).toEqual(['/login', '/orders', '/login', '/orders']);
	});

	it('that is refused at once again is told', async () => {
		const { session, server } = await talk({ auth }, (request, respond) => (request.url === '/login' ? respond(200, { token: 'session-one' }) : respond(401)));
		expect(await refusal(session.call(WRITE))).toMatchObject({ kind: 'denied' });
		expect(server.requests.map(({ url }) => url)).toEqual(['/login', '/orders', '/login', '/orders']);
	});

	it.each([400, 401, 403, 422])('refused with %d names the credential', async (status) => {
		const { session } = await talk({ auth }, (_request, respond) => respond(status, { message: `No user with ${SECRETS.password}` }));
		expect(await refusal(session.call(READ))).toMatchObject({ kind: 'denied', what: `Ledger refuses the log-in (POST /login, HTTP ${status})`, said: 'No user with ***' });
	});

	it('tries a wrong password twice, then not again for a minute', async () => {
		let right = false;
		const { session, server, clock } = await talk({ auth }, (_request, respond) => (right ? respond(200, { token: 'session-one' }) : respond(401)));
		for (let i = 0; i < 10; i++) {
			expect(await refusal(session.call(READ))).toMatchObject({ kind: 'denied' });
			session.forget();
		}
		expect(server.requests).toHaveLength(2);
		right = true;
		clock.pass(61_000);
		expect((await session.call(READ)).status).toBe(200);
	});

	it('is asked again while the server is busy, and leaves nothing unknown', async () => {
		const { session, server } = await talk({ auth }, (request, respond, nth) => (nth < 3 ? respond(nth === 1 ? 502 : 503) : respond(200, request.url === '/login' ? { token: 'session-one' } : {})));
		expect((await session.call(WRITE)).status).toBe(200);
		expect(server.requests).toHaveLength(4);
		const broken = await talk({ auth }, (request) => request.socket.destroy());
		expect(await refusal(broken.session.call(WRITE))).toMatchObject({ kind: 'transient' });
	});

	it('without a token, and with no log-in there, is told', async () => {
		const without = await talk({ auth }, (_request, respond) => respond(200, { other: 1 }));
		expect(await refusal(without.session.call(READ))).toMatchObject({ kind: 'denied', what: 'Ledger answered the log-in without a token' });
		const nowhere = await talk({ auth }, (_request, respond) => respond(404));
		expect(await refusal(nowhere.session.call(READ))).toMatchObject({ kind: 'denied', what: 'Ledger has no log-in at POST /login' });
	});

	it('is made anew after forgetting', async () => {
		const { session, server } = await talk({ auth }, (request, respond) => respond(200, request.url === '/login' ? { token: 'session-one' } : {}));
		await session.call(READ);
		session.forget();
		await session.call(READ);
		expect(server.requests.filter(({ url }) => url === '/login')).toHaveLength(2);
	});
});

describe('a log-in with cookies', () => {
	it('keeps them, changes them, drops them, and logs in again', async () => {
		const { session, server } = await talk({ auth: LOGIN }, (request, respond, nth) => {
			if (request.url === '/login') return respond(204, undefined, { 'Set-Cookie': [`SESSION=abc${nth}; Path=/; HttpOnly; Expires=Wed, 21 Oct 2037 07:28:00 GMT`, 'ROUTE=.node1; path=/', 'OLD=; Max-Age=0'] });
			if (nth === 3) return respond(401, undefined, { 'Set-Cookie': 'SESSION=; Max-Age=0' });
			respond(200, {}, nth === 2 ? { 'Set-Cookie': 'ROUTE=.node2' } : {});
		});
		await session.call(READ);
		await session.call(READ);
		expect(server.requests.map(({ url, headers }) => [url, headers.cookie])).toEqual([
			['/login', undefined],
			['/orders/1', 'SESSION=abc1; ROUTE=.node1'],
			['/orders/1', 'SESSION=abc1; ROUTE=.node2'],
			['/login', undefined],
			['/orders/1', 'SESSION=abc4; ROUTE=.node1'],
		]);
	});

	it('logs out of a session that it gives up, not of one that was refused', async () => {
		const answers: number[] = [];
		const { session, server } = await talk({ auth: { ...LOGIN, seconds: 600, logout: { path: '/logout', method: 'POST' } } }, (request, respond, nth) => {
			if (request.url === '/login') return respond(204, undefined, { 'Set-Cookie': `SESSION=session-${nth}` });
			if (request.url === '/logout') return respond(nth > 8 ? 500 : 204, undefined, { 'Set-Cookie': 'SESSION=; Max-Age=0' });
			respond(answers.shift() ?? 200, {});
		});
		const logged = async (work: () => Promise<unknown> | void): Promise<string[]> => {
			const before = server.requests.length;
			await work();
			await session.call(READ);
			return server.requests.slice(before).map(({ url, headers }) => `${url} ${headers.cookie ?? ''}`.trim());
		};
		expect(await logged(() => undefined)).toEqual(['/login', '/orders/1 SESSION=session-1']);
		expect(await logged(() => session.forget())).toEqual(['/logout SESSION=session-1', '/login', '/orders/1 SESSION=session-4']);
		expect(await logged(() => void answers.push(401))).toEqual(['/orders/1 SESSION=session-4', '/login', '/orders/1 SESSION=session-7']);
		expect(await logged(() => session.forget())).toEqual(['/logout SESSION=session-7', '/login', '/orders/1 SESSION=session-10']);
	});

	it('that gives none is told', async () => {
		const { session } = await talk({ auth: LOGIN }, (_request, respond) => respond(200, {}));
		expect(await refusal(session.call(READ))).toMatchObject({ kind: 'denied', what: 'Ledger answered the log-in without a session cookie' });
	});

	it('sends none where the profile knows of no session', async () => {
		const { session, server } = await talk({}, (_request, respond) => respond(200, {}, { 'Set-Cookie': 'a=1' }));
		await session.call(READ);
		await session.call(READ);
		expect(server.requests[1]!.headers.cookie).toBeUndefined();
	});
});

describe('OAuth 2 client credentials', () => {
	const answer = { access_token: 'access-one', token_type: 'bearer', expires_in: '3600' };
	const auth = { type: 'oauth2', tokenUrl: '/token', scope: 'read {settings.area}', parameters: { resource: '{settings.area}' } };
	const settings = { area: 'sales & more' };

	it('with the secret in the form', async () => {
		const { session, server, clock } = await talk({ auth }, (request, respond) => respond(200, request.url === '/token' ? answer : {}), { settings });
		await Promise.all([session.call(READ), session.call(READ)]);
		clock.pass(3_600_000);
		await session.call(READ);
		expect(server.requests.map(({ url }) => url)).toEqual(['/token', '/orders/1', '/orders/1', '/token', '/orders/1']);
		expect(Object.fromEntries(new URLSearchParams(server.requests[0]!.body))).toEqual({ grant_type: 'client_credentials', scope: 'read sales & more', resource: 'sales & more', client_id: 'client-1', client_secret: SECRETS.clientSecret });
		expect(server.requests[1]!.headers.authorization).toBe('Bearer access-one');
	});

	it('with the secret in the header, encoded', async () => {
		const { session, server } = await talk({ auth: { ...auth, client: 'basic' } }, (request, respond) => respond(200, request.url === '/token' ? answer : {}), { settings });
		await session.call(READ);
		expect(Buffer.from(server.requests[0]!.headers.authorization!.replace('Basic ', ''), 'base64').toString()).toBe('client-1:client%2Fsecret%2B1');
		expect(server.requests[0]!.body).not.toContain('client_id');
	});

	it.each(['PS256', 'RS256', 'ES256'] as const)('with a signature %s', async (algorithm) => {
		const { privateKey, publicKey } = algorithm === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
		// As a form that knows no line breaks gives it.
		const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().replace(/\n/g, ' ');
		const { session, server, clock } = await talk({ auth: { type: 'oauth2', tokenUrl: '/token', scope: 'restlets rest_webservices', client: 'jwt', algorithm } }, (request, respond) => respond(200, request.url === '/token' ? answer : {}), { privateKey: pem, keyId: 'cert-1' });
		await session.call(READ);
		const form = Object.fromEntries(new URLSearchParams(server.requests[0]!.body)) as Record<string, string>;
		expect(form).toEqual({ grant_type: 'client_credentials', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: expect.any(String) as string });
		const [head, claims, signature] = form.client_assertion!.split('.') as [string, string, string];
		const decoded = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
		expect(decoded(head)).toEqual({ typ: 'JWT', alg: algorithm, kid: 'cert-1' });
		const now = Math.floor(clock.now() / 1000);
		expect(decoded(claims)).toMatchObject({ iss: 'client-1', sub: 'client-1', aud: `${server.url}/token`, iat: now, exp: now + 300, scope: ['restlets', 'rest_webservices'] });
		const text = Buffer.from(`${head}.${claims}`);
		const bytes = Buffer.from(signature, 'base64url');
		if (algorithm === 'RS256') expect(createVerify('sha256').update(text).verify(publicKey, bytes)).toBe(true);
		else expect(verify('sha256', text, algorithm === 'ES256' ? { key: publicKey, dsaEncoding: 'ieee-p1363' } : { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, bytes)).toBe(true);
	});

	it('with a key that does not fit is told without it', async () => {
		const wrong = 'NOTAKEY'.repeat(8);
		const { session, server } = await talk({ auth: { type: 'oauth2', tokenUrl: '/token', client: 'jwt' } }, (_request, respond) => respond(200, answer), { privateKey: `-----BEGIN PRIVATE KEY-----\n${wrong}\n-----END PRIVATE KEY-----` });
		expect(await refusal(session.call(READ))).toMatchObject({ kind: 'denied', what: 'Credential field "Private Key" cannot be read', message: expect.not.stringContaining(wrong) as string });
		const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
		const other = open(credential(server.url, { auth: { type: 'oauth2', tokenUrl: '/token', client: 'jwt' } }, { privateKey: elliptic }));
		expect(await refusal(other.session.call(READ))).toMatchObject({ kind: 'denied', what: 'Credential field "Private Key" is no RSA key, which PS256 needs' });
		expect(server.requests).toHaveLength(0);
	});

	it('is renewed once when the token is refused', async () => {
		let good = '';
		const { session, server } = await talk({ auth: { type: 'oauth2', tokenUrl: '/token' } }, (request, respond, nth) => {
			if (request.url === '/token') return respond(200, { access_token: (good = `access-${nth}`) });
			respond(request.headers.authorization === `Bearer ${good}` ? 200 : 401, {});
		});
		await session.call(READ);
		good = 'gone';
		await Promise.all([session.call(READ), session.call(WRITE), session.call(WRITE)]);
		expect(server.requests.filter(({ url }) => url === '/token')).toHaveLength(2);
	});

	it.each([
		['refuses the client', 400, { error: 'invalid_client', error_description: `Bad ${SECRETS.clientSecret}` }, 'denied', 'Bad ***'],
		['answers no token', 200, { hello: 1 }, 'denied', undefined],
		['answers a page', 200, '<html><body>Sign in</body></html>', 'denied', undefined],
		['is busy', 503, 'busy', 'transient', undefined],
		['asks to slow down', 429, '', 'throttled', undefined],
	])('that %s', async (_name, status, body, kind, said) => {
		const { session } = await talk({ auth: { type: 'oauth2', tokenUrl: '/token' } }, (_request, respond) => respond(status, body));
		const failure = await refusal(session.call(WRITE));
		expect(failure).toMatchObject({ kind, said });
		expect(failure.message).not.toContain(SECRETS.clientSecret);
	});

	it('gets its token elsewhere only where the credential says so, and nothing else goes there', async () => {
		const elsewhere = await server((_request, respond) => respond(200, answer));
		const own = { auth: { type: 'oauth2', tokenUrl: `${elsewhere.url}/token` }, headers: { 'X-Tenant': '{token}' } };
		const main = await server((_request, respond) => respond(200, {}));
		expect(() => open(credential(main.url, own))).toThrow(`The profile gets its token from ${new URL(elsewhere.url).host}, which is not the server of the credential`);
		const { session } = open(credential(main.url, own, { tokenUrl: `${elsewhere.url}/token` }));
		await session.call(READ);
		expect(elsewhere.requests.map(({ method, url, headers }) => [method, url, headers['x-tenant']])).toEqual([['POST', '/token', undefined]]);
		expect(main.requests[0]!.headers).toMatchObject({ authorization: 'Bearer access-one', 'x-tenant': SECRETS.token });
	});

	it('does not follow where the token\'s address leads on', async () => {
		const other = await server((_request, respond) => respond(200, answer));
		const { session } = await talk({ auth: { type: 'oauth2', tokenUrl: '/token' } }, (_request, respond) => respond(307, undefined, { Location: `${other.url}/token` }));
		expect(await refusal(session.call(READ))).toMatchObject({ kind: 'denied' });
		expect(other.requests).toHaveLength(0);
	});
});

it('whenever sessions end: no write is done twice, none is told as done that was not, and nobody logs in more often than sessions end', async () => {
	const kind = fc.constantFrom('read', 'write');
	await fc.assert(
		fc.asyncProperty(fc.array(kind, { minLength: 1, maxLength: 12 }), fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }), fc.boolean(), async (kinds, endings, cookies) => {
			let good = 'none';
			let logins = 0;
			const times = new Map<number, number>();
			const auth = cookies ? LOGIN : { ...LOGIN, token: 'answer.token' };
			const { session } = await talk({ auth, csrf: { path: '/start' } }, (request, respond, nth) => {
				if (endings.includes(nth)) good = 'gone';
				if (request.url === '/login') {
					good = `session-${++logins}`;
					return void setTimeout(() => respond(200, { token: good }, cookies ? { 'Set-Cookie': `S=${good}` } : {}), 3);
				}
				const shown = cookies ? request.headers.cookie?.slice(2) : request.headers.authorization?.slice(7);
				if (shown !== good) return respond(401);
				if (request.url === '/start') return respond(200, {}, { 'X-CSRF-Token': `csrf-${good}` });
				if (request.method === 'POST') {
					if (request.headers['x-csrf-token'] !== `csrf-${good}`) return respond(403, undefined, { 'X-CSRF-Token': 'Required' });
					const { i } = JSON.parse(request.body) as { i: number };
					times.set(i, (times.get(i) ?? 0) + 1);
				}
				respond(200, {});
			});
			const outcomes = await Promise.allSettled(kinds.map(async (one, i) => await session.call(one === 'read' ? READ : { ...WRITE, body: { i } })));
			outcomes.forEach((outcome, i) => {
				const done = times.get(i) ?? 0;
				if (kinds[i] === 'write') expect(done).toBe(outcome.status === 'fulfilled' ? 1 : 0);
				if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ kind: 'denied' });
			});
			if (endings.length === 0) expect(outcomes.every(({ status }) => status === 'fulfilled')).toBe(true);
			expect(logins).toBeLessThanOrEqual(1 + endings.length);
			await stopServers();
		}),
		{ numRuns: 80 },
	);
});
