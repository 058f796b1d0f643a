// Proves the one way out against real servers: kept connections, what certainly was or was not sent, certificates,
// addresses, limits. Nothing is mocked.
import * as http from 'node:http';
import * as net from 'node:net';
import { gzipSync } from 'node:zlib';
import type { HttpRequest } from '../../nodes/core/http';
import { Failure } from '../../nodes/core/failure';
import { createTransport } from '../../nodes/kit/http';
import { serverCertificate } from './certificate';
import { endpoint, serve, stopServers, until, wait } from './server';

afterEach(stopServers);

const GET: HttpRequest = { method: 'GET', path: '/thing' };

describe('connections', () => {
	it('are kept: one for many calls', async () => {
		const server = await serve((_request, response) => response.end('ok'));
		const send = createTransport(endpoint(server.url));
		for (let i = 0; i < 10; i++) expect((await send(GET)).text).toBe('ok');
		expect(server.connections()).toBe(1);
	});

	it('are no more than may run at once', async () => {
		let running = 0;
		let most = 0;
		const server = await serve((_request, response) => {
			most = Math.max(most, ++running);
			setTimeout(() => response.end('ok', () => running--), 20);
		});
		const send = createTransport(endpoint(server.url, { maxConcurrent: 3 }));
		await Promise.all(Array.from({ length: 12 }, async () => await send(GET)));
		expect(most).toBe(3);
		expect(server.connections()).toBe(3);
	});

	it('of two credentials are not shared', async () => {
		const server = await serve((_request, response) => response.end('ok'));
		await createTransport(endpoint(server.url))(GET);
		await createTransport(endpoint(server.url))(GET);
		expect(server.connections()).toBe(2);
	});

	it('that idle are dropped by us, before the server would', async () => {
		const server = await serve((_request, response) => response.end('ok'));
		server.server.keepAliveTimeout = 60_000;
		const send = createTransport(endpoint(server.url, { idleMs: 100 }));
		await send(GET);
		expect(server.open()).toBe(1);
		await until(() => server.open() === 0);
		expect((await send(GET)).status).toBe(200);
		expect(server.connections()).toBe(2);
	});

	it('are dropped still earlier when the server says so', async () => {
		const server = await serve((_request, response) => response.setHeader('Keep-Alive', 'timeout=2').end('ok'));
		server.server.keepAliveTimeout = 0;
		const send = createTransport(endpoint(server.url, { idleMs: 30_000 }));
		const begun = Date.now();
		await send(GET);
		await until(() => server.open() === 0);
		expect(Date.now() - begun).toBeLessThan(2_000);
	});

	it('do not make a slow answer an idle one', async () => {
		const server = await serve((_request, response) => void setTimeout(() => response.end('late'), 400));
		const send = createTransport(endpoint(server.url, { idleMs: 50, timeoutMs: 5_000 }));
		expect((await send(GET)).text).toBe('late');
		const both = await Promise.all([send(GET), send(GET)]);
		expect(both.map(({ text }) => text)).toEqual(['late', 'late']);
	});

	it('that are used again do not make a slow answer an idle one either', async () => {
		const server = await serve((_request, response, nth) => void setTimeout(() => response.end(`answer ${nth}`), nth === 2 ? 500 : 0));
		const send = createTransport(endpoint(server.url, { idleMs: 200, timeoutMs: 5_000 }));
		await send(GET);
		expect((await send(GET)).text).toBe('answer 2');
		expect(server.connections()).toBe(1);
	});
});

describe('what went wrong', () => {
	it('nothing listens: transient, for nothing was sent', async () => {
		const { url } = await serve(() => undefined);
		await stopServers();
		await expect(createTransport(endpoint(url))(GET)).rejects.toMatchObject({ kind: 'transient', code: 'ECONNREFUSED', what: `Nothing listens at ${new URL(url).host}` });
	});

	it('no such host: transient', async () => {
		await expect(createTransport(endpoint('http://no-such-host.invalid'))(GET)).rejects.toMatchObject({ kind: 'transient', what: 'The host name of no-such-host.invalid cannot be found' });
	});

	it('reset after the request was read: unknown', async () => {
		const server = await serve((request) => void request.socket.resetAndDestroy());
		await expect(createTransport(endpoint(server.url))({ method: 'POST', path: '/', json: {} })).rejects.toMatchObject({ kind: 'unknown' });
		expect(server.requests).toHaveLength(1);
	});

	it('reset on a kept connection: unknown, and not sent again by itself', async () => {
		const server = await serve((request, response, nth) => (nth === 2 ? void request.socket.resetAndDestroy() : void response.end('ok')));
		const send = createTransport(endpoint(server.url));
		await send(GET);
		await expect(send({ method: 'POST', path: '/', form: { a: '1' } })).rejects.toMatchObject({ kind: 'unknown', code: 'ECONNRESET' });
		expect(server.requests).toHaveLength(2);
		expect((await send(GET)).text).toBe('ok');
	});

	it('half an answer: unknown', async () => {
		const server = await serve((request, response) => {
			response.writeHead(200, { 'Content-Length': '100' }).write('half');
			setTimeout(() => request.socket.destroy(), 20);
		});
		await expect(createTransport(endpoint(server.url))(GET)).rejects.toMatchObject({ kind: 'unknown' });
	});

	it('not HTTP: unknown', async () => {
		const server = net.createServer((socket) => socket.resume().end('SSH-2.0-OpenSSH\r\n')).listen(0, '127.0.0.1');
		await until(() => server.listening);
		const { port } = server.address() as net.AddressInfo;
		await expect(createTransport(endpoint(`http://127.0.0.1:${port}`))(GET)).rejects.toMatchObject({ kind: 'unknown' });
		await new Promise((resolve) => server.close(resolve));
	});

	it('no answer in time: unknown', async () => {
		const server = await serve(() => undefined);
		await expect(createTransport(endpoint(server.url, { timeoutMs: 100 }))(GET)).rejects.toMatchObject({ kind: 'unknown', what: `${new URL(server.url).host} did not answer in time` });
	});

	it('the patience of a call wins over that of the credential', async () => {
		const server = await serve(() => undefined);
		await expect(createTransport(endpoint(server.url, { timeoutMs: 60_000 }))({ ...GET, timeoutMs: 100 })).rejects.toMatchObject({ kind: 'unknown' });
	});

	it('an answer that drips for ever: unknown, in time', async () => {
		const server = await serve((_request, response) => {
			const drip = setInterval(() => response.write('.'), 20);
			response.on('close', () => clearInterval(drip));
		});
		const begun = Date.now();
		await expect(createTransport(endpoint(server.url, { timeoutMs: 200 }))(GET)).rejects.toMatchObject({ kind: 'unknown', what: expect.stringContaining('did not answer in time') as string });
		expect(Date.now() - begun).toBeLessThan(2_000);
	});

	it('frees the place in the queue for the next call', async () => {
		const server = await serve((_request, response, nth) => (nth === 1 ? undefined : void response.end('ok')));
		const send = createTransport(endpoint(server.url, { maxConcurrent: 1 }));
		const [first, second] = await Promise.allSettled([send({ ...GET, timeoutMs: 100 }), send(GET)]);
		expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
	});

	it.each([
		['told by its length', false, false],
		['untold', true, false],
		['packed', false, true],
	])('an answer larger than 64 MB, %s, is refused', async (_name, chunked, packed) => {
		const size = 65 * 1024 * 1024;
		const server = await serve((_request, response) => {
			const body = packed ? gzipSync(Buffer.alloc(size)) : Buffer.alloc(size);
			response.writeHead(200, { ...(chunked ? {} : { 'Content-Length': body.length }), ...(packed ? { 'Content-Encoding': 'gzip' } : {}) }).end(body);
		});
		await expect(createTransport(endpoint(server.url))(GET)).rejects.toMatchObject({ kind: 'rejected', what: `The answer of ${new URL(server.url).host} is larger than 64 MB` });
	});
});

describe('addresses', () => {
	it('are below the credential\'s own', async () => {
		const server = await serve((_request, response) => response.end('ok'));
		const send = createTransport(endpoint(`${server.url}/crm`));
		await send({ method: 'GET', path: '/webservice.php', query: { operation: 'listtypes', query: "select * from Leads where a='ö & b' ;" } });
		expect(server.requests[0]!.url).toBe('/crm/webservice.php?operation=listtypes&query=select%20*%20from%20Leads%20where%20a%3D%27%C3%B6%20%26%20b%27%20%3B');
	});

	it.each(['/../admin', '/x/../../admin', '/%2e%2e/admin', '/x/..%2f..%2fadmin', '/x/.%2e%5Cadmin', '/..\\admin', '/../crm2/x', '.evil.test/x', '@127.0.0.1:1/x', ':1@evil.test/', 'x/'])('outside of it are refused: %p', async (path) => {
		const server = await serve((_request, response) => response.end('ok'));
		const send = createTransport(endpoint(`${server.url}/crm`));
		await expect(send({ method: 'GET', path })).rejects.toMatchObject({ kind: 'denied' });
		expect(server.requests).toHaveLength(0);
	});

	it.each(['@evil.test/x', '.evil.test/x', ':1@evil.test/'])('of another server are refused, where the credential has no folder: %p', async (path) => {
		await expect(createTransport(endpoint('http://crm.test'))({ method: 'GET', path })).rejects.toMatchObject({ kind: 'denied' });
	});

	it.each([301, 302, 303, 307, 308])('that a %d redirects to are not followed', async (status) => {
		const other = await serve((_request, response) => response.end('stolen'));
		const server = await serve((_request, response) => response.writeHead(status, { Location: `${other.url}/login` }).end());
		await expect(createTransport(endpoint(server.url))({ method: 'POST', path: '/', form: { key: 'secret' } })).rejects.toMatchObject({ kind: 'denied', what: `${server.url} redirects to ${other.url}/login` });
		expect(other.requests).toHaveLength(0);
	});
});

describe('other addresses', () => {
	it('are those that the endpoint names, exactly', async () => {
		const login = await serve((_request, response) => response.end('token'));
		const send = createTransport(endpoint('http://crm.test/api', { others: [`${login.url}/token`] }));
		expect((await send({ method: 'POST', path: `${login.url}/token`, form: { a: '1' } })).text).toBe('token');
		for (const path of [`${login.url}/token/`, `${login.url}/token?a=1`, `${login.url}/other`, `${login.url}/`, 'http://crm.test/other', 'HTTPS://evil.test/token']) {
			await expect(send({ method: 'POST', path })).rejects.toMatchObject({ kind: 'denied', what: expect.stringContaining('is outside http://crm.test/api') as string });
		}
		expect(login.requests).toHaveLength(1);
	});

	it('are none where it names none', async () => {
		const other = await serve((_request, response) => response.end('stolen'));
		await expect(createTransport(endpoint('http://crm.test'))({ method: 'GET', path: `${other.url}/?key=secret` })).rejects.toMatchObject({ kind: 'denied', message: expect.not.stringContaining('secret') as string });
		expect(other.requests).toHaveLength(0);
	});

	it('redirect no further, and their query is not told', async () => {
		const login = await serve((_request, response) => response.writeHead(302, { Location: 'http://evil.test/?key=secret' }).end());
		const send = createTransport(endpoint('http://crm.test', { others: [`${login.url}/token`] }));
		await expect(send({ method: 'POST', path: `${login.url}/token` })).rejects.toMatchObject({ kind: 'denied', code: 'HTTP 302', what: `${login.url}/token redirects to http://evil.test/` });
	});
});

describe('requests and answers', () => {
	it('carry a form, JSON of any shape, headers and a method', async () => {
		const server = await serve((_request, response) => response.end());
		const send = createTransport(endpoint(server.url));
		await send({ method: 'POST', path: '/', form: { element: '{"a":"ü&="}', empty: '' } });
		await send({ method: 'PUT', path: '/', json: { a: 'ü', n: null }, headers: { Authorization: 'bearer x' } });
		await send({ method: 'PATCH', path: '/', json: 'text' });
		await send({ method: 'DELETE', path: '/', json: [] });
		expect(server.requests.map(({ method, body, headers }) => [method, headers['content-type'], headers.authorization, body])).toEqual([
			['POST', expect.stringContaining('application/x-www-form-urlencoded'), undefined, 'element=%7B%22a%22%3A%22%C3%BC%26%3D%22%7D&empty='],
			['PUT', 'application/json', 'bearer x', '{"a":"ü","n":null}'],
			['PATCH', 'application/json', undefined, '"text"'],
			['DELETE', 'application/json', undefined, '[]'],
		]);
	});

	it.each([200, 204, 400, 401, 404, 429, 500, 502, 503])('of status %d are answers, not failures', async (status) => {
		const server = await serve((_request, response) => response.writeHead(status, { 'Retry-After': '7', 'X-Odd': 'A' }).end(status === 204 ? undefined : '{"a":1}'));
		const answer = await createTransport(endpoint(server.url))(GET);
		expect(answer).toMatchObject({ status, text: status === 204 ? '' : '{"a":1}', headers: { 'retry-after': '7', 'x-odd': 'A' } });
	});

	it('are texts, whatever they say they are', async () => {
		const server = await serve((_request, response) => response.setHeader('Content-Type', 'application/json').end('{"big":12345678901234567890,"text":"Ёлка 🎉"}'));
		expect((await createTransport(endpoint(server.url))(GET)).text).toBe('{"big":12345678901234567890,"text":"Ёлка 🎉"}');
	});

	it.each([
		['application/json; charset=iso-8859-1', Buffer.from('Müller', 'latin1'), 'Müller'],
		['application/json; charset="windows-1251"', Buffer.from([0xd0, 0xee, 0xec, 0xe0]), 'Рома'],
		['application/json; charset=iso-8859-1', Buffer.from('Müller', 'utf8'), 'Müller'],
		['application/json; charset=nonsense', Buffer.from('M\u00fc', 'latin1'), 'M\ufffd'],
		['application/json', Buffer.from('\ufeff{}', 'utf8'), '{}'],
	])('are read as UTF-8, else as they say: %s', async (type, body, text) => {
		const server = await serve((_request, response) => response.writeHead(200, { 'content-type': type }).end(body));
		expect((await createTransport(endpoint(server.url))(GET)).text).toBe(text);
	});

	it('carry a text as it is, with all its digits', async () => {
		const server = await serve((_request, response) => response.end());
		const text = ' {"id":12345678901234567890,"price":1.10} ';
		await createTransport(endpoint(server.url))({ method: 'POST', path: '/', text, headers: { 'Content-Type': 'application/vnd.api+json' } });
		expect(server.requests[0]).toMatchObject({ body: text, headers: { 'content-type': 'application/vnd.api+json', 'content-length': String(text.length) } });
	});

	it('give every cookie on a line of its own', async () => {
		const server = await serve((_request, response) => response.setHeader('Set-Cookie', ['a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'b=2']).end());
		expect((await createTransport(endpoint(server.url))(GET)).headers['set-cookie']).toBe('a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT\nb=2');
	});

	it('may be packed', async () => {
		const server = await serve((_request, response) => response.setHeader('Content-Encoding', 'gzip').end(gzipSync('packed')));
		expect((await createTransport(endpoint(server.url))(GET)).text).toBe('packed');
	});
});

describe('certificates', () => {
	const { server: signed, authority, selfSigned } = serverCertificate();
	const ok = (_request: http.IncomingMessage, response: http.ServerResponse) => void response.end('ok');

	it('that nobody signed are refused, and nothing is sent', async () => {
		const server = await serve(ok, selfSigned);
		await expect(createTransport(endpoint(server.url))(GET)).rejects.toMatchObject({ kind: 'denied', code: 'DEPTH_ZERO_SELF_SIGNED_CERT', what: expect.stringContaining('is not trusted') as string });
		expect(server.requests).toHaveLength(0);
	});

	it('that nobody signed are taken when the credential allows it', async () => {
		const server = await serve(ok, selfSigned);
		const send = createTransport(endpoint(server.url, { allowSelfSigned: true }));
		expect([(await send(GET)).text, (await send(GET)).text]).toEqual(['ok', 'ok']);
		expect(server.connections()).toBe(1);
	});

	it('of a private authority are taken when the credential holds its certificate', async () => {
		const server = await serve(ok, signed);
		await expect(createTransport(endpoint(server.url))(GET)).rejects.toMatchObject({ kind: 'denied' });
		const send = createTransport(endpoint(server.url, { ca: authority.cert }));
		expect([(await send(GET)).text, (await send(GET)).text]).toEqual(['ok', 'ok']);
		expect(server.connections()).toBe(1);
	});

	it('of another authority are refused all the same', async () => {
		const server = await serve(ok, signed);
		await expect(createTransport(endpoint(server.url, { ca: serverCertificate().authority.cert }))(GET)).rejects.toMatchObject({ kind: 'denied' });
	});

	it('for another name are refused', async () => {
		const server = await serve(ok, signed);
		await expect(createTransport(endpoint(`https://localhost:${server.port}`, { ca: authority.cert }))(GET)).rejects.toMatchObject({ kind: 'denied', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
	});

	it('that are no PEM are told at once', () => {
		expect(() => createTransport(endpoint('https://crm.test', { ca: 'not a certificate' }))).toThrow('The CA certificate for crm.test cannot be read');
	});

	it('are none where the server speaks http', async () => {
		const server = await serve(ok);
		await expect(createTransport(endpoint(`https://127.0.0.1:${server.port}`))(GET)).rejects.toMatchObject({ kind: 'denied', what: expect.stringContaining('does not speak https') as string });
	});
});

describe('a proxy of the machine', () => {
	const { server: signed, authority } = serverCertificate();
	const names = ['http_proxy', 'https_proxy', 'no_proxy'] as const;
	const before = names.flatMap((name) => [name, name.toUpperCase()]).map((name) => [name, process.env[name]] as const);
	const use = (url: string, except = '') => {
		for (const [name] of before) process.env[name] = /no_proxy/i.test(name) ? except : url;
	};
	afterEach(() => {
		for (const [name, value] of before) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
	});

	it('is used for http', async () => {
		const proxy = await serve((request, response) => response.end(`through: ${request.url}`));
		use(proxy.url);
		expect((await createTransport(endpoint('http://crm.test'))(GET)).text).toBe('through: http://crm.test/thing');
	});

	it('carries https as it is, with the credential\'s own authority', async () => {
		const server = await serve((_request, response) => response.end('ok'), signed);
		const proxy = await serve(() => undefined);
		const asked: string[] = [];
		proxy.server.on('connect', (request, client: net.Socket) => {
			asked.push(request.url ?? '');
			const target = net.connect(server.port, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
			target.pipe(client).pipe(target);
			target.on('error', () => client.destroy()).on('close', () => client.destroy());
			client.on('error', () => target.destroy()).on('close', () => target.destroy());
		});
		use(proxy.url);
		expect((await createTransport(endpoint(server.url, { ca: authority.cert }))(GET)).text).toBe('ok');
		expect(asked).toEqual([`127.0.0.1:${server.port}`]);
		await expect(createTransport(endpoint(server.url))(GET)).rejects.toMatchObject({ kind: 'denied' });
	});

	it('is not used where the machine says so', async () => {
		const server = await serve((_request, response) => response.end('direct'));
		use('http://127.0.0.1:1', '127.0.0.1');
		expect((await createTransport(endpoint(server.url))(GET)).text).toBe('direct');
	});
});

it('leaves no timer behind that would keep the process alive', async () => {
	const server = await serve((_request, response) => response.end('ok'));
	const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
	const before = timers();
	const send = createTransport(endpoint(server.url, { timeoutMs: 60_000 }));
	await Promise.all(Array.from({ length: 5 }, async () => await send(GET)));
	await wait(20);
	expect(timers()).toBeLessThanOrEqual(before + 1);
});

describe('a large answer', () => {
	const PIECES = 200;
	const piece = `${'x'.repeat(9_999)}ё`;

	it('is given away piece by piece, decoded, and not held', async () => {
		const server = await serve((_request, response) => {
			for (let i = 0; i < PIECES; i++) response.write(piece);
			response.end();
		});
		let characters = 0;
		let last = '';
		const answer = await createTransport(endpoint(server.url))({ ...GET, onChunk: (text) => ((characters += text.length), (last = text)) });
		expect(answer).toMatchObject({ status: 200, text: '' });
		expect(characters).toBe(PIECES * 10_000);
		expect(last.endsWith('ё')).toBe(true);
	});

	it('that is no success is gathered all the same', async () => {
		const server = await serve((_request, response) => response.writeHead(500).end('отказ'));
		const taken: string[] = [];
		expect(await createTransport(endpoint(server.url))({ ...GET, onChunk: (text) => taken.push(text) })).toMatchObject({ status: 500, text: 'отказ' });
		expect(taken).toEqual([]);
	});

	it('ends with what the taker throws', async () => {
		const server = await serve((_request, response) => response.end('x'));
		const refuse = () => {
			throw new Failure('rejected', 'Not this');
		};
		await expect(createTransport(endpoint(server.url))({ ...GET, onChunk: refuse })).rejects.toThrow('Not this');
	});

	it('that breaks off is told as such', async () => {
		const server = await serve((_request, response) => {
			response.writeHead(200, { 'content-length': '1000' });
			response.write('half');
			setTimeout(() => response.destroy(), 20);
		});
		await expect(createTransport(endpoint(server.url))({ ...GET, onChunk: () => undefined })).rejects.toMatchObject({ kind: 'unknown' });
	});

	it('blanks in a query are never a plus sign', async () => {
		let seen = '';
		const server = await serve((request, response) => ((seen = request.url ?? ''), response.end()));
		await createTransport(endpoint(server.url))({ ...GET, query: { $filter: "A eq 'b+c'" } });
		expect(seen).toBe('/thing?%24filter=A%20eq%20%27b%2Bc%27');
	});
});
