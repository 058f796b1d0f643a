// Proves the token against forged requests, and the jar of cookies.
import { CookieJar } from '../../../nodes/RestErp/rest.cookies';
import { stopServers } from '../../kit/server';
import { READ, refusal, talk, WRITE, type Seen } from './talk';

afterEach(stopServers);

const CSRF = { auth: { type: 'basic' }, csrf: { path: '/start?x=1' } };
const REQUIRED = { 'X-CSRF-Token': 'Required' };

function asksFor(request: Seen): boolean {
	return request.headers['x-csrf-token'] === 'Fetch';
}

describe('the token of a write', () => {
	it('is fetched once for all who wait, with its cookies, and never for a read', async () => {
		const { session, server } = await talk(CSRF, (request, respond) => {
			if (asksFor(request)) return void setTimeout(() => respond(200, undefined, { 'X-CSRF-Token': 'token-one', 'Set-Cookie': 'SAP_SESSION=abcdefgh; path=/' }), 10);
			respond(200, {});
		});
		await session.call(READ);
		expect(server.requests).toHaveLength(1);
		await Promise.all(['POST', 'PUT', 'PATCH', 'DELETE'].map(async (method) => await session.call({ ...WRITE, method: method as 'POST' })));
		expect(server.requests.map(({ method, url, headers }) => [method, url, headers['x-csrf-token'], headers.cookie]).slice(1, 3)).toEqual([
			['GET', '/start?x=1', 'Fetch', undefined],
			['POST', '/orders', 'token-one', 'SAP_SESSION=abcdefgh'],
		]);
		expect(server.requests).toHaveLength(6);
		expect(server.requests.every(({ headers }) => headers.authorization?.startsWith('Basic '))).toBe(true);
	});

	it('is fetched anew when the server wants another, once', async () => {
		let good = 'token-0';
		let nth = 0;
		const { session, server } = await talk(CSRF, (request, respond) => {
			if (asksFor(request)) return respond(200, {}, { 'X-CSRF-Token': (good = `token-${++nth}`) });
			if (request.headers['x-csrf-token'] !== good) return respond(403, 'CSRF token validation failed', REQUIRED);
			respond(201, {});
		});
		await session.call(WRITE);
		good = 'other';
		await Promise.all([session.call(WRITE), session.call(WRITE), session.call(WRITE)]);
		expect(server.requests.filter(asksForOf)).toHaveLength(2);
		const never = await talk(CSRF, (request, respond) => (asksFor(request) ? respond(200, {}, { 'X-CSRF-Token': 'token-one' }) : respond(403, undefined, REQUIRED)));
		expect(await refusal(never.session.call(WRITE))).toMatchObject({ kind: 'denied' });
		expect(never.server.requests).toHaveLength(4);
	});

	it('is not asked for at another 403', async () => {
		const { session, server } = await talk(CSRF, (request, respond) => (asksFor(request) ? respond(200, {}, { 'X-CSRF-Token': 'token-one' }) : respond(403, { message: 'No right' })));
		expect(await refusal(session.call(WRITE))).toMatchObject({ kind: 'denied', said: 'No right' });
		expect(server.requests).toHaveLength(2);
	});

	it('is taken from a refusal, too, and from an empty answer or a page', async () => {
		const answers: Array<[number, string | undefined]> = [[404, undefined], [200, undefined], [200, '<html></html>'], [500, 'x']];
		for (const [status, body] of answers) {
			const { session } = await talk(CSRF, (request, respond) => (asksFor(request) ? respond(status, body, { 'X-CSRF-Token': 'token-one' }) : respond(201, {})));
			expect((await session.call(WRITE)).status).toBe(201);
		}
	});

	it('that is not given is told; while the server is busy, nothing is unknown', async () => {
		const none = await talk(CSRF, (_request, respond) => respond(200, {}));
		expect(await refusal(none.session.call(WRITE))).toMatchObject({ kind: 'denied', what: 'Ledger gives no X-CSRF-Token at /start' });
		const busy = await talk(CSRF, (_request, respond) => respond(502));
		expect(await refusal(busy.session.call(WRITE))).toMatchObject({ kind: 'transient' });
		expect(busy.server.requests.every(asksForOf)).toBe(true);
		const broken = await talk(CSRF, (request) => void request.socket.destroy());
		expect(await refusal(broken.session.call(WRITE))).toMatchObject({ kind: 'transient' });
		expect(broken.server.requests).toHaveLength(4);
	});

	it('belongs to a session: a new one gets its own', async () => {
		let nth = 0;
		let good = '';
		const login = { auth: { type: 'login', request: { path: '/login', body: { user: 'username' } } }, csrf: { path: '/start', header: 'X-Own' } };
		const { session, server } = await talk(login, (request, respond) => {
			if (request.url === '/login') return respond(204, undefined, { 'Set-Cookie': `S=${(good = `session-${++nth}`)}` });
			if (request.headers.cookie !== `S=${good}`) return respond(401);
			if (request.headers['x-own'] === 'Fetch') return respond(200, {}, { 'X-Own': `${good}-token` });
			respond(request.method === 'GET' || request.headers['x-own'] === `${good}-token` ? 200 : 403, {}, { 'X-Own': 'Required' });
		});
		await session.call(WRITE);
		good = 'gone';
		expect((await session.call(WRITE)).status).toBe(200);
		expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /login', 'GET /start', 'POST /orders', 'POST /orders', 'POST /login', 'GET /start', 'POST /orders']);
		good = 'gone';
		session.forget();
		await session.call(WRITE);
		expect(server.requests.slice(7).map(({ url }) => url)).toEqual(['/login', '/start', '/orders']);
	});
});

function asksForOf({ headers }: { headers: Record<string, unknown> }): boolean {
	return headers['x-csrf-token'] === 'Fetch';
}

describe('the jar', () => {
	let now = Date.parse('2026-11-22T12:00:00Z');
	const jar = () => new CookieJar(() => now);
	beforeEach(() => (now = Date.parse('2026-11-22T12:00:00Z')));

	it.each([
		['one', 'a=1; Path=/; HttpOnly', 'a=1'],
		['several lines', 'a=1\nb=2; Secure', 'a=1; b=2'],
		['several by commas, with dates', 'a=1; Expires=Wed, 21 Oct 2037 07:28:00 GMT, b=2; Path=/,c=3', 'a=1; b=2; c=3'],
		['the same twice', 'a=1\na=2', 'a=2'],
		['an equals sign in the value', 'a=b=c==', 'a=b=c=='],
		['one that is over', 'a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT', undefined],
		['one that ends at once', 'a=1; Max-Age=0', undefined],
		['one without a value', 'a=', undefined],
		['no cookie at all', 'hello; =x', undefined],
		['one that is too long', `a=${'x'.repeat(5_000)}`, undefined],
	])('takes %s', (_name, header, sent) => {
		const one = jar();
		one.take(header);
		expect(one.header()).toBe(sent);
	});

	it('drops what is over, what is taken back, and everything when told', () => {
		const one = jar();
		expect(one.take('a=1; Max-Age=10\nb=2\nc=3')).toEqual(['1', '2', '3']);
		now += 11_000;
		expect(one.header()).toBe('b=2; c=3');
		one.take('b=x; Max-Age=-1');
		expect(one.header()).toBe('c=3');
		one.clear();
		expect(one.header()).toBeUndefined();
	});

	it('does not grow without end', () => {
		const one = jar();
		one.take(Array.from({ length: 500 }, (_unused, i) => `c${i}=1`).join('\n'));
		expect(one.header()!.split('; ')).toHaveLength(50);
	});
});
