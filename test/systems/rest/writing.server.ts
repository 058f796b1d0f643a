// Owns a small REST server for tests of the writing: four ways of making a create happen once, answers that are lost after
// the work, and a clock of its own. Must not know the connector's code.
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Json {
	[name: string]: unknown;
}

export type Way = 'chosenId' | 'idempotencyHeader' | 'uniqueField' | 'searchField';

/** One call as it came. */
export interface Seen {
	method: string;
	path: string;
	query: Record<string, string>;
	headers: http.IncomingHttpHeaders;
	body: Json;
}

export type Reply = [status: number, body: unknown, headers?: Record<string, string>];

export class WritingServer {
	readonly calls: Seen[] = [];
	readonly tables: Record<string, Json[]> = { customers: [], products: [], orders: [] };
	/** Done, and the connection cut. */
	lose: (call: Seen) => boolean = () => false;
	/** Not done: another answer instead. */
	refuse: (call: Seen) => Reply | undefined = () => undefined;
	/** Done, and another answer given. */
	spoil: (call: Seen) => Reply | undefined = () => undefined;
	/** ms between arrival and work: lets writers meet. */
	pause: (call: Seen) => number = () => 0;
	private readonly remembered = new Map<string, Reply>();
	private last = 100;
	private readonly server = http.createServer((request, response) => void this.serve(request, response));

	constructor(private readonly way: Way) {}

	async start(): Promise<string> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise<void>((resolve) => this.server.close(() => resolve()));
	}

	writes(): string[] {
		return this.calls.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
	}

	add(table: string, row: Json): Json {
		const made = { id: String(++this.last), version: 1, ...row };
		this.tables[table]!.push(made);
		return made;
	}

	private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
		const raw = await buffer(request).catch(() => undefined);
		if (!raw) return;
		const url = new URL(request.url ?? '/', 'http://x');
		const text = raw.toString();
		const call: Seen = { method: request.method ?? 'GET', path: decodeURIComponent(url.pathname), query: Object.fromEntries(url.searchParams), headers: request.headers, body: text ? (JSON.parse(text) as Json) : {} };
		this.calls.push(call);
		const wait = this.pause(call);
		if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
		const done = this.refuse(call) ?? this.answer(call);
		if (this.lose(call)) return void request.socket.destroy();
		const [status, body, headers] = this.spoil(call) ?? done;
		response.writeHead(status, { 'content-type': 'application/json', date: new Date().toUTCString(), ...headers }).end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
	}

	private answer(call: Seen): Reply {
		const [, name = '', id = '', action = ''] = call.path.split('/');
		const table = this.tables[name];
		if (!table) return [404, { message: `no ${name}` }];
		if (id === '') return call.method === 'POST' ? this.create(call, name) : [200, { data: table.filter((row) => Object.entries(call.query).every(([field, value]) => value.split(',').includes(String(row[field] ?? '')))) }];
		const row = table.find((one) => one.id === id);
		if (call.method === 'PUT' && this.way === 'chosenId') return row ? this.change(call, row) : [201, priced({ ...this.add(name, { ...call.body, id }) }, table)];
		if (!row) return [404, { message: `no ${id} in ${name}` }];
		if (call.method === 'DELETE') return this.remove(table, row);
		if (action !== '') return this.act(row, action);
		return call.method === 'PATCH' ? this.change(call, row) : [200, row, { etag: `"${String(row.version)}"` }];
	}

	private create(call: Seen, name: string): Reply {
		const idempotency = call.headers['idempotency-key'];
		const known = this.way === 'idempotencyHeader' && typeof idempotency === 'string' ? this.remembered.get(idempotency) : undefined;
		if (known) return known;
		const table = this.tables[name]!;
		if (this.way === 'uniqueField' && table.some((row) => row.external_id && row.external_id === call.body.external_id)) return [409, { code: 'taken', message: 'external_id is taken' }];
		if (!String(call.body.name ?? call.body.customer ?? '')) return [422, { code: 'empty', message: 'name is needed' }];
		const reply: Reply = [201, priced(this.add(name, call.body), table)];
		if (typeof idempotency === 'string') this.remembered.set(idempotency, reply);
		return reply;
	}

	private change(call: Seen, row: Json): Reply {
		const expected = call.headers['if-match'];
		if (expected !== undefined && expected !== `"${String(row.version)}"`) return [412, { message: 'changed meanwhile' }];
		if (row.status === 'confirmed') return [422, { message: 'it is confirmed' }];
		Object.assign(row, call.body, { version: Number(row.version) + 1 });
		return [200, priced(row, [])];
	}

	private act(row: Json, action: string): Reply {
		const to: Record<string, string> = { confirm: 'confirmed', cancel: 'cancelled' };
		if (row.status === to[action]) return [422, { message: `it is ${String(row.status)} already` }];
		Object.assign(row, { status: to[action], version: Number(row.version) + 1 });
		return [200, row];
	}

	private remove(table: Json[], row: Json): Reply {
		table.splice(table.indexOf(row), 1);
		return [204, undefined];
	}
}

/** The totals that the server works out itself: taxes per line, in cents. */
function priced(row: Json, table: Json[]): Json {
	const stored = table.find((one) => one.id === row.id) ?? row;
	if (!Array.isArray(stored.lines)) return stored;
	const lines = stored.lines as Array<{ quantity: string; price: string; discount?: string; tax?: string }>;
	const nets = lines.map((line) => Math.round(Number(line.quantity) * Number(line.price) * (100 - Number(line.discount ?? 0))) );
	const net = nets.reduce((sum, cents) => sum + cents, 0);
	const tax = lines.reduce((sum, line, i) => sum + Math.round((nets[i]! * Number(line.tax ?? 0)) / 100), 0);
	return Object.assign(stored, { status: stored.status ?? 'draft', net: (net / 100).toFixed(2), tax: (tax / 100).toFixed(2), total: ((net + tax) / 100).toFixed(2), number: `SO${String(stored.id)}` });
}
