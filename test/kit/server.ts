// Owns real HTTP servers for tests: each on a free port of 127.0.0.1, counting its connections, gone after the test.
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Endpoint } from '../../nodes/core/port';
import type { Certificate } from './certificate';

export interface TestServer {
	url: string;
	port: number;
	/** Connections made so far, closed ones included. */
	connections(): number;
	/** Connections that are open now. */
	open(): number;
	/** What came in: method, path and body. */
	readonly requests: Array<{ method: string; url: string; headers: http.IncomingHttpHeaders; body: string }>;
	readonly server: http.Server;
}

type Answer = (request: http.IncomingMessage, response: http.ServerResponse, nth: number) => void;

const running = new Set<() => Promise<void>>();

/** Starts a server; `stopServers` in `afterEach` ends it. */
export async function serve(answer: Answer, certificate?: Certificate): Promise<TestServer> {
	const requests: TestServer['requests'] = [];
	const sockets = new Set<Socket>();
	let connections = 0;
	const handle = (request: http.IncomingMessage, response: http.ServerResponse) => {
		void text(request).then(
			(body) => {
				requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
				answer(request, response, requests.length);
			},
			() => undefined,
		);
	};
	const server = certificate ? https.createServer(certificate, handle) : http.createServer(handle);
	server.on(certificate ? 'secureConnection' : 'connection', (socket: Socket) => {
		connections++;
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		socket.on('error', () => undefined);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	running.add(async () => {
		server.closeAllConnections();
		for (const socket of sockets) socket.destroy(); // those that a CONNECT took over
		await new Promise((resolve) => server.close(resolve));
	});
	return { url: `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`, port, connections: () => connections, open: () => sockets.size, requests, server };
}

/** Ends all servers of the test. */
export async function stopServers(): Promise<void> {
	const ends = [...running];
	running.clear();
	await Promise.all(ends.map(async (end) => await end()));
}

/** A credential's endpoint with nothing special about it. */
export function endpoint(baseUrl: string, values: Partial<Endpoint> = {}): Endpoint {
	return { baseUrl, allowSelfSigned: false, requestsPerMinute: 0, maxConcurrent: 4, idleMs: 4_000, ...values };
}

/** Real time, for what only real time shows: sockets. */
export async function wait(ms: number): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until it is so; what never comes about fails the test by its own time limit. */
export async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await wait(5);
}
