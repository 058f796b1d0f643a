// Owns what every simulated system shares: the HTTP listener, the call log and the faults a test can plan.
// Must not know: any system's protocol, any client code.
import * as http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** One call as the simulator saw it. `operation` is named by the simulator ("retrieve", "sale.order/load"). */
export interface Call {
	/** 1, 2, 3 ... since the last `resetCalls()`; calls to the demo pages are not counted. */
	n: number;
	operation: string;
	method: string;
	path: string;
	body: string;
}

export interface SimRequest {
	method: string;
	/** As it came: path and query string, undecoded. */
	url: string;
	/** Path without the query string. */
	path: string;
	query: URLSearchParams;
	headers: http.IncomingHttpHeaders;
	body: string;
	/** The undecoded body, for uploads. */
	raw: Buffer;
}

export interface SimResponse {
	status: number;
	headers?: Record<string, string>;
	body: string | Buffer;
}

/**
 * What goes wrong with a call. `...-after` faults happen once the server has done the work: the effect is
 * stored and only the answer is lost.
 *
 * - `refused`: the connection is cut before the work and the port refuses connections for 150 ms
 * - `reset-after`, `timeout-after`, `empty-500-after`, `bad-gateway-after`: done, but the answer is lost
 * - `reset-before`, `timeout`, `empty-500`, `bad-gateway`: not done
 * - `throttled`: 429 with `Retry-After: 1`, not done
 * - `html-200`: a proxy's login page with status 200, not done
 * - `session-expired`: what this system answers when the session is gone, not done
 */
export type FaultKind =
	| 'refused'
	| 'reset-before'
	| 'reset-after'
	| 'timeout'
	| 'timeout-after'
	| 'empty-500'
	| 'empty-500-after'
	| 'bad-gateway'
	| 'bad-gateway-after'
	| 'throttled'
	| 'html-200'
	| 'session-expired';

export interface Fault {
	kind: FaultKind;
	/** Which calls it hits, e.g. `(c) => c.n === 4`. */
	at: (call: Call) => boolean;
	/** How many hits before it is spent; default 1. */
	times?: number;
}

export interface SimulatorOptions {
	/** 0 or nothing: a free port. */
	port?: number;
	/** Names the operation of a request for the call log; `null` for demo pages, which are not counted and never faulted. */
	operation: (request: SimRequest) => string | null;
	handle: (request: SimRequest) => SimResponse | Promise<SimResponse>;
	/** The answer for the `session-expired` fault. */
	expireSession?: (request: SimRequest) => SimResponse;
	/** The server's clock, ms since 1970, for the header `Date`; nothing: the machine's. */
	now?: () => number;
	/** Header `Connection: close` on every answer, as Odoo's threaded server does. */
	closeConnections?: boolean;
}

const REFUSAL_MS = 150;

/** A listening simulator: its URL, its call log and its planned faults. */
export class SimulatorServer {
	readonly calls: Call[] = [];
	private faults: Fault[] = [];
	private readonly server: http.Server;
	private readonly sockets = new Set<Socket>();
	private port = 0;
	private counter = 0;
	private stopped = false;
	private refusal: Promise<void> = Promise.resolve();

	constructor(private readonly options: SimulatorOptions) {
		this.server = http.createServer((req, res) => void this.serve(req, res));
		this.server.keepAliveTimeout = 5_000;
		this.server.on('connection', (socket) => {
			this.sockets.add(socket);
			socket.on('close', () => this.sockets.delete(socket));
		});
	}

	/** Base URL on loopback, without a trailing slash. */
	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	/** Connections accepted and still open: tells a test whether they are reused. */
	get openConnections(): number {
		return this.sockets.size;
	}

	async start(): Promise<this> {
		await this.listen(this.options.port ?? 0);
		return this;
	}

	async stop(): Promise<void> {
		this.stopped = true;
		for (const socket of this.sockets) socket.destroy();
		await new Promise<void>((resolve) => this.server.close(() => resolve()));
	}

	/** Settles once the port takes connections: after `refused` it does not for a moment. */
	async ready(): Promise<void> {
		await this.refusal;
	}

	/** Adds a fault to the plan. */
	plan(fault: Fault): void {
		this.faults.push({ times: 1, ...fault });
	}

	/** Forgets all planned faults. */
	heal(): void {
		this.faults = [];
	}

	resetCalls(): void {
		this.calls.length = 0;
		this.counter = 0;
	}

	private listen(port: number): Promise<void> {
		return new Promise((resolve, reject) => {
			this.server.once('error', reject);
			this.server.listen(port, '127.0.0.1', () => {
				this.server.off('error', reject);
				this.port = (this.server.address() as AddressInfo).port;
				resolve();
			});
		});
	}

	private async serve(req: http.IncomingMessage, res: http.ServerResponse): Promise<void> {
		const raw = await buffer(req).catch(() => undefined);
		// The client left in the middle of its request: there is nobody to answer, and nothing was done.
		if (!raw) return;
		const url = new URL(req.url ?? '/', 'http://simulator');
		const request: SimRequest = {
			method: req.method ?? 'GET',
			url: req.url ?? '/',
			path: decoded(url.pathname),
			query: url.searchParams,
			headers: req.headers,
			body: raw.toString('utf8'),
			raw,
		};
		const operation = this.options.operation(request);
		const fault = operation === null ? undefined : this.log(operation, req, request);
		try {
			await this.answer(request, res, fault);
		} catch (error) {
			// A simulator bug must be visible to the test, not look like a planned fault.
			const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
			res.writeHead(599, { 'content-type': 'text/plain' });
			res.end(`simulator bug: ${text}`);
		}
	}

	private log(operation: string, req: http.IncomingMessage, request: SimRequest): Fault | undefined {
		const call: Call = { n: ++this.counter, operation, method: request.method, path: req.url ?? '/', body: request.body };
		this.calls.push(call);
		const fault = this.faults.find((f) => (f.times ?? 1) > 0 && f.at(call));
		if (fault) fault.times = (fault.times ?? 1) - 1;
		return fault;
	}

	private async answer(request: SimRequest, res: http.ServerResponse, fault: Fault | undefined): Promise<void> {
		const send = (r: SimResponse) => {
			if (this.options.closeConnections) res.setHeader('connection', 'close');
			if (this.options.now) res.setHeader('date', new Date(this.options.now()).toUTCString());
			res.writeHead(r.status, { 'content-length': Buffer.byteLength(r.body), ...r.headers });
			res.end(r.body);
		};
		const html = { 'content-type': 'text/html; charset=utf-8' };
		switch (fault?.kind) {
			case undefined:
				return send(await this.options.handle(request));
			case 'refused':
				return await (this.refusal = this.refuse(res));
			case 'reset-before':
				return void res.destroy();
			case 'reset-after':
				await this.options.handle(request);
				return void res.destroy();
			case 'timeout':
				return; // never answers; the client gives up
			case 'timeout-after':
				await this.options.handle(request);
				return;
			case 'empty-500-after':
				await this.options.handle(request);
				return send({ status: 500, headers: html, body: '' });
			case 'empty-500':
				return send({ status: 500, headers: html, body: '' });
			case 'bad-gateway-after':
				await this.options.handle(request);
				return send({ status: 502, headers: html, body: '<html><body><h1>502 Bad Gateway</h1></body></html>' });
			case 'bad-gateway':
				return send({ status: 502, headers: html, body: '<html><body><h1>502 Bad Gateway</h1></body></html>' });
			case 'throttled':
				return send({ status: 429, headers: { ...html, 'retry-after': '1' }, body: 'Too Many Requests' });
			case 'html-200':
				return send({ status: 200, headers: html, body: '<!doctype html><html><body>Please sign in to continue</body></html>' });
			case 'session-expired':
				return send(this.options.expireSession ? this.options.expireSession(request) : { status: 401, headers: html, body: '' });
		}
	}

	private async refuse(res: http.ServerResponse): Promise<void> {
		const port = this.port;
		const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
		res.destroy();
		for (const socket of this.sockets) socket.destroy();
		await closed;
		let listens = false;
		// Stopped while it refused: nobody would ever close it again. Taken: for a moment another program's connection can have the port.
		while (!listens && !this.stopped) {
			await new Promise((resolve) => setTimeout(resolve, REFUSAL_MS));
			if (!this.stopped) listens = await this.listen(port).then(() => true, () => false);
		}
	}
}

/** A path with a percent sign that begins no code stays as it came. */
function decoded(path: string): string {
	try {
		return decodeURI(path);
	} catch {
		return path;
	}
}
