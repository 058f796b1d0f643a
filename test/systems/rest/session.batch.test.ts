// Proves several calls in one against real servers: each has its own answer, and what got lost is unknown only where
// it may have been done.
import fc from 'fast-check';
import type { Call } from '../../../nodes/RestErp/rest.services';
import { stopServers } from '../../kit/server';
import { READ, refusal, talk, WRITE, type Seen } from './talk';

afterEach(stopServers);

interface Part {
	id: string;
	method: string;
	url: string;
	headers: Record<string, string>;
	body?: unknown;
	atomicityGroup?: string;
}

const BATCH = { batch: { style: 'odata', path: '/v4/$batch', most: 4 } };
const read = (i: number): Call => ({ ...READ, path: `/v4/orders(${i})`, record: `order ${i}` });
const write = (i: number): Call => ({ ...WRITE, path: '/v4/orders', body: { i }, record: `order ${i}` });
const partsOf = (request: Seen): Part[] => (JSON.parse(request.body) as { requests: Part[] }).requests;
const isBatch = ({ url }: { url?: string }): boolean => url === '/v4/$batch';
const done = (parts: readonly Part[]) => ({ responses: parts.map(({ id, url, body }) => ({ id, status: 200, headers: { 'Content-Type': 'application/json', ETag: `"${id}"` }, body: { url, body } })) });

describe('a batch', () => {
	it('holds each call as it would go alone, and gives the answers in the calls\' order', async () => {
		const { session, server } = await talk({ ...BATCH, auth: { type: 'bearer' }, headers: { 'Accept-Language': 'de' } }, (request, respond) => respond(200, { responses: done(partsOf(request)).responses.reverse() }));
		const results = await session.many([read(1), { ...write(2), headers: { 'If-Match': '"7"' } }, { ...read(3), query: { $filter: "a eq 'b'" } }]);
		expect(results.map((result) => result.ok && [result.value.headers.etag, (result.value.body as { url: string }).url])).toEqual([
			['"1"', 'orders(1)'],
			['"2"', 'orders'],
			['"3"', 'orders(3)?$filter=a%20eq%20%27b%27'],
		]);
		expect(server.requests).toHaveLength(1);
		expect(server.requests[0]).toMatchObject({ method: 'POST', url: '/v4/$batch', headers: { prefer: 'odata.continue-on-error', authorization: 'Bearer tok-4711-abcdef', 'content-type': 'application/json' } });
		expect((JSON.parse(server.requests[0]!.body) as { requests: Part[] }).requests).toEqual([
			{ id: '1', method: 'GET', url: 'orders(1)', headers: { accept: 'application/json', 'accept-language': 'de' } },
			{ id: '2', atomicityGroup: 'g2', method: 'POST', url: 'orders', headers: { accept: 'application/json', 'accept-language': 'de', 'content-type': 'application/json', 'if-match': '"7"' }, body: { i: 2 } },
			{ id: '3', method: 'GET', url: 'orders(3)?$filter=a%20eq%20%27b%27', headers: { accept: 'application/json', 'accept-language': 'de' } },
		]);
	});

	it('holds no more than may go at once; one call goes alone', async () => {
		const { session, server } = await talk(BATCH, (request, respond) => respond(200, isBatch(request) ? done(partsOf(request)) : {}));
		await session.many(Array.from({ length: 9 }, (_unused, i) => read(i)));
		expect(server.requests.map(({ url, body }) => (isBatch({ url }) ? (JSON.parse(body) as { requests: unknown[] }).requests.length : url)).sort()).toEqual(['/v4/orders(8)', 4, 4].sort());
		await session.many([read(1)]);
		expect(server.requests.at(-1)).toMatchObject({ method: 'GET', url: '/v4/orders(1)' });
		expect(await session.many([])).toEqual([]);
	});

	it('leaves out what is not below its own address', async () => {
		const { session, server } = await talk(BATCH, (request, respond) => respond(200, isBatch(request) ? done(partsOf(request)) : {}));
		await session.many([read(1), { ...READ, path: '/other' }, read(2), { ...write(3), as: 'form' }]);
		expect(server.requests.map(({ url }) => url).sort()).toEqual(['/other', '/v4/$batch', '/v4/orders']);
	});

	it.each(['/v4/http://evil.test/x', '/v4//admin', '/v4/../admin', '/v4/%2e%2e/admin', '/v4/a/.%2E/b', '/v4/..\\admin', '/v4/$1/items', '/v4/$batch', '/v4/a b'])('leaves out what would mean something else in it: %p', async (path) => {
		const { session, server } = await talk(BATCH, (request, respond) => respond(200, isBatch(request) && request.body ? done(partsOf(request)) : {}));
		await session.many([read(1), { ...READ, path }, read(2)]);
		const [batch] = server.requests.filter((request) => isBatch(request) && request.body);
		expect((JSON.parse(batch!.body) as { requests: Part[] }).requests.map(({ url }) => url)).toEqual(['orders(1)', 'orders(2)']);
	});

	it('is none where the profile offers none: side by side', async () => {
		const { session, server } = await talk({}, (request, respond) => respond(request.url === '/v4/orders(2)' ? 404 : 200, {}));
		const results = await session.many([read(1), read(2), read(3)]);
		expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
		expect(server.requests).toHaveLength(3);
	});
});

describe('in a batch', () => {
	it('one refusal is one failure, named', async () => {
		const { session } = await talk({ ...BATCH, errors: { code: 'answer.error.code', kinds: { DUP: 'conflict' } } }, (request, respond) => {
			const { responses } = done(partsOf(request));
			respond(200, { responses: responses.map((one, i) => (i === 1 ? { id: one.id, status: 400, body: { error: { code: 'DUP', message: 'Exists' } } } : i === 2 ? { id: one.id, status: 404, body: '' } : one)) });
		});
		const results = await session.many([write(1), write(2), read(3), write(4)]);
		expect(results.map((result) => (result.ok ? 'ok' : [result.failure.kind, result.failure.record, result.failure.said]))).toEqual(['ok', ['conflict', 'order 2', 'Exists'], ['missing', 'order 3', undefined], 'ok']);
	});

	it('what was not answered is unknown for a write, and read again', async () => {
		const { session, server } = await talk(BATCH, (request, respond) => respond(200, isBatch(request) ? { responses: done(partsOf(request)).responses.slice(0, 1) } : {}));
		const results = await session.many([write(1), write(2), read(3)]);
		expect(results.map((result) => (result.ok ? 'ok' : [result.failure.kind, result.failure.what]))).toEqual(['ok', ['unknown', 'Ledger answered the batch, but not POST /v4/orders in it'], 'ok']);
		expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /v4/$batch', 'GET /v4/orders(3)']);
	});

	it('two answers to one call tell nothing', async () => {
		const { session } = await talk(BATCH, (request, respond) => respond(200, { responses: [...done(partsOf(request)).responses, { id: '1', status: 400, body: {} }] }));
		const [first, second] = await session.many([write(1), write(2)]);
		expect(first).toMatchObject({ ok: false, failure: { kind: 'unknown' } });
		expect(second).toMatchObject({ ok: true });
	});

	it('a session that is over is renewed for those who need it', async () => {
		let nth = 0;
		const auth = { type: 'login', request: { path: '/login', body: { user: 'username' } }, token: 'answer.token' };
		const { session, server } = await talk({ ...BATCH, auth }, (request, respond) => {
			if (request.url === '/login') return respond(200, { token: `session-${++nth}` });
			if (!isBatch(request)) return respond(request.headers.authorization === 'Bearer session-2' ? 200 : 401, {});
			const { responses } = done(partsOf(request));
			respond(200, { responses: [responses[0], { id: '2', status: 401 }, { id: '3', status: 401 }] });
		});
		expect((await session.many([write(1), write(2), read(3)])).map(({ ok }) => ok)).toEqual([true, true, true]);
		expect(server.requests.filter(({ url }) => url === '/login')).toHaveLength(2);
	});

	it('what cannot be sent takes no other with it', async () => {
		const { session } = await talk(BATCH, (request, respond) => respond(200, isBatch(request) ? done(partsOf(request)) : {}));
		expect(await session.many([write(1), { ...write(2), headers: { 'X-A': 'Ё' } }, write(3)])).toMatchObject([{ ok: true }, { ok: false, failure: { kind: 'rejected', record: 'order 2' } }, { ok: true }]);
	});

	it('those that are throttled go again, after the wait, together', async () => {
		const { session, server, clock } = await talk(BATCH, (request, respond, nth) => {
			const { responses } = done(partsOf(request));
			respond(200, { responses: responses.map((one, i) => (nth === 1 && i > 0 ? { id: one.id, status: 429, headers: { 'Retry-After': '2' } } : one)) });
		});
		expect((await session.many([write(1), write(2), write(3)])).map(({ ok }) => ok)).toEqual([true, true, true]);
		expect(server.requests).toHaveLength(2);
		expect(clock.slept).toBeGreaterThanOrEqual(2_000);
	});
});

describe('a whole batch', () => {
	it.each([
		['that is lost', (request: Seen) => void request.socket.destroy()],
		['that is broken off', undefined],
	])('%s: its writes are unknown, its reads are read again', async (_name, lose) => {
		const { session, server } = await talk(BATCH, (request, respond, nth) => (nth > 1 ? respond(200, isBatch(request) ? done(partsOf(request)) : {}) : lose ? lose(request) : respond(504)));
		const results = await session.many([write(1), read(2), read(3)]);
		expect(results.map((result) => (result.ok ? 'ok' : [result.failure.kind, result.failure.record]))).toEqual([['unknown', 'order 1'], 'ok', 'ok']);
		const again = server.requests.slice(1).flatMap(({ url, body }) => (isBatch({ url }) ? (JSON.parse(body) as { requests: Part[] }).requests.map(({ method }) => method) : ['GET']));
		expect(again).toEqual(['GET', 'GET']);
	});

	it('that is lost: writes that carry their identity go again', async () => {
		const { session, server } = await talk(BATCH, (request, respond, nth) => (nth === 1 ? void request.socket.destroy() : respond(200, done(partsOf(request)))));
		const results = await session.many([write(1), write(2)].map((call) => ({ ...call, keyed: true })));
		expect(results.map(({ ok }) => ok)).toEqual([true, true]);
		expect(server.requests).toHaveLength(2);
	});

	it.each([404, 405, 501])('that the server does not know (%d): each goes alone, now and later', async (status) => {
		const { session, server } = await talk(BATCH, (request, respond) => respond(isBatch(request) ? status : 200, {}));
		for (let i = 0; i < 2; i++) expect((await session.many([write(1), read(2)])).map(({ ok }) => ok)).toEqual([true, true]);
		expect(server.requests.filter(isBatch)).toHaveLength(1);
		expect(server.requests).toHaveLength(5);
	});

	it('that is refused as a whole: each goes alone this time', async () => {
		const { session, server } = await talk(BATCH, (request, respond) => respond(isBatch(request) || request.body === '{"i":2}' ? 400 : 200, { error: { message: 'No' } }));
		expect((await session.many([write(1), write(2), write(3)])).map(({ ok }) => ok)).toEqual([true, false, true]);
		expect(server.requests.filter(isBatch)).toHaveLength(1);
		await session.many([write(1), write(3)]);
		expect(server.requests.filter(isBatch)).toHaveLength(2);
	});

	it.each([
		['no list', {}],
		['a page', '<html></html>'],
		['nothing', undefined],
		['a list of nothing that is known', { responses: [1, null, { id: 1 }, { id: 'x', status: 200 }, { status: 200 }] }],
	])('that is answered with %s: writes are unknown', async (_name, body) => {
		const { session } = await talk(BATCH, (_request, respond) => respond(200, body));
		expect((await session.many([write(1), write(2)])).map((result) => (result.ok ? 'ok' : result.failure.kind))).toEqual(['unknown', 'unknown']);
	});

	it('that is refused for want of rights is one for all, and none is tried alone', async () => {
		const { session, server } = await talk(BATCH, (_request, respond) => respond(403));
		expect((await session.many([write(1), write(2)])).map((result) => (result.ok ? 'ok' : result.failure.kind))).toEqual(['denied', 'denied']);
		expect(server.requests).toHaveLength(1);
	});

	it('carries the token against forged requests, fetched before it', async () => {
		const { session, server } = await talk({ ...BATCH, csrf: { path: '/start' } }, (request, respond) => (request.url === '/start' ? respond(200, {}, { 'X-CSRF-Token': 'token-one' }) : respond(200, done(partsOf(request)))));
		await session.many([read(1), read(2)]);
		expect(server.requests.map(({ url, headers }) => [url, headers['x-csrf-token']])).toEqual([['/start', 'Fetch'], ['/v4/$batch', 'token-one']]);
	});
});

it('whatever a server does to a batch: no write is done twice, and none is told as done that was not', async () => {
	const fate = fc.constantFrom('done', 'refused', 'unanswered', 'busy');
	const whole = fc.constantFrom('answered', 'answered', 'lost before', 'lost after', 'unknown here', 'busy', 'half');
	await fc.assert(
		fc.asyncProperty(fc.array(fate, { minLength: 2, maxLength: 9 }), fc.array(whole, { maxLength: 6 }), async (fates, wholes) => {
			const times = new Map<number, number>();
			const act = (i: number): number => {
				const now = fates[i] === 'busy' ? 'done' : fates[i];
				if (fates[i] === 'busy') {
					fates[i] = 'done';
					return 503;
				}
				if (now === 'refused') return 422;
				times.set(i, (times.get(i) ?? 0) + 1);
				return now === 'unanswered' ? 0 : 201;
			};
			const { session } = await talk(BATCH, (request, respond) => {
				if (!isBatch(request)) {
					const status = act((JSON.parse(request.body) as { i: number }).i);
					return status === 0 ? void request.socket.destroy() : respond(status, {});
				}
				const how = wholes.shift() ?? 'answered';
				if (how === 'lost before') return void request.socket.destroy();
				if (how === 'busy') return respond(503);
				if (how === 'unknown here') return respond(400, {});
				const parts = partsOf(request);
				const responses = parts.map(({ id, body }) => ({ id, status: act((body as { i: number }).i), body: {} })).filter(({ status }) => status > 0);
				if (how === 'lost after') return void request.socket.destroy();
				if (how === 'half') return respond(200, JSON.stringify({ responses }).slice(0, -3), { 'Content-Type': 'application/json' });
				respond(200, { responses });
			});
			const results = await session.many(fates.map((_fate, i) => write(i)));
			results.forEach((result, i) => {
				const count = times.get(i) ?? 0;
				expect(count).toBeLessThanOrEqual(1);
				if (result.ok) expect(count).toBe(1);
				else if (result.failure.kind !== 'unknown') expect(count).toBe(0);
			});
			await stopServers();
		}),
		{ numRuns: 60 },
	);
});

it('a batch\'s own address may need a setting', async () => {
	const { session } = await talk({ batch: { style: 'odata', path: '/{settings.area}/$batch' } }, (request, respond) => respond(200, request.url === '/v4/$batch' ? done(partsOf(request)) : {}), { settings: { area: 'v4' } });
	expect((await session.many([read(1), read(2)])).map(({ ok }) => ok)).toEqual([true, true]);
	const { session: without } = await talk({ batch: { style: 'odata', path: '/{settings.area}/$batch' } }, (_request, respond) => respond(200, {}));
	expect((await without.many([read(1), read(2)])).map(({ ok }) => ok)).toEqual([true, true]);
	await expect(refusal(without.call({ ...READ, path: 'orders' }))).resolves.toMatchObject({ kind: 'rejected' });
});
