// Proves how the demo speaks with n8n: fresh connections, shapes checked, refusals and silence in words. Needs no n8n.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { N8nApi } from '../../demo/host/api';

let server: http.Server;
let api: N8nApi;
let answer: http.RequestListener;

beforeEach(async () => {
	server = http.createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
	await new Promise((done) => server.once('listening', done));
	api = new N8nApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(() => void server.close());

const One = z.object({ one: z.number() });

it('uses no connection twice: n8n drops idle ones, also in the moment they are used again', async () => {
	const used = new Set<unknown>();
	answer = (request, response) => {
		if (used.has(request.socket)) request.socket.destroy();
		used.add(request.socket);
		response.end('{"data":{"one":1}}');
	};
	for (let call = 0; call < 3; call++) expect(await api.rest('POST', '/x', One, {})).toEqual({ one: 1 });
});

it('keeps the cookie of the sign-in', async () => {
	const cookies: unknown[] = [];
	answer = (request, response) => {
		cookies.push(request.headers.cookie);
		response.setHeader('set-cookie', 'n8n-auth=abc; Path=/; HttpOnly');
		response.end('{"data":{"one":1}}');
	};
	await api.rest('POST', '/login', One, {});
	await api.rest('GET', '/x', One);
	expect(cookies).toEqual(['', 'n8n-auth=abc']);
});

it('tells a refusal, another shape and silence apart', async () => {
	answer = (_, response) => void response.writeHead(400).end('{"message":"request/body must NOT have additional properties"}');
	await expect(api.v1('POST', '/workflows', One, {})).rejects.toMatchObject({ status: 400, reason: 'request/body must NOT have additional properties' });
	answer = (_, response) => void response.end('{"one":"1"}');
	await expect(api.v1('GET', '/x', One)).rejects.toThrow('GET /api/v1/x: n8n answered in another shape than expected, at one');
	answer = (request) => request.socket.destroy();
	await expect(api.v1('GET', '/x', One)).rejects.toThrow('GET /api/v1/x: n8n gave no answer (other side closed)');
});
