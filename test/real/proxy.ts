// Owns a small proxy in front of a real server that loses answers: the server has done the work, the caller does not
// know. Must not know any protocol but HTTP.
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the caller gets in place of the answer. */
export type Loss = 'reset' | 'bad-gateway';

export class LossyProxy {
	/** Calls since `expect` was last called. */
	calls = 0;
	private lost?: { call: number; how: Loss };
	private readonly server: http.Server;

	private constructor(private readonly target: string) {
		this.server = http.createServer((request, response) => void this.forward(request, response).catch(() => response.destroy()));
	}

	static async before(target: string): Promise<LossyProxy> {
		const proxy = new LossyProxy(target);
		await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
		return proxy;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	/** Counts from one again; loses the answer to that call, or none. */
	expect(call?: number, how: Loss = 'reset'): void {
		this.calls = 0;
		this.lost = call === undefined ? undefined : { call, how };
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async forward(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
		const mine = ++this.calls;
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
		const answer = await fetch(this.target + (request.url ?? '/'), { method: request.method ?? 'GET', headers: headers as Record<string, string>, redirect: 'manual', ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}) });
		const body = Buffer.from(await answer.arrayBuffer());
		if (this.lost?.call === mine) return lose(response, this.lost.how);
		const kept = [...answer.headers].filter(([name]) => !['connection', 'transfer-encoding', 'content-encoding', 'content-length', 'keep-alive'].includes(name));
		response.writeHead(answer.status, { ...Object.fromEntries(kept), 'content-length': body.length }).end(body);
	}
}

function lose(response: http.ServerResponse, how: Loss): void {
	if (how === 'reset') response.destroy();
	else response.writeHead(502, { 'content-type': 'text/html' }).end('<html><body><h1>502 Bad Gateway</h1></body></html>');
}
