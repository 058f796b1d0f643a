// Owns a small API in memory for the tests of the reading: lists and records by path, the server's time in the Date
// header, the calls as they came. Must not know what the connector makes of them.
import type { HttpRequest, HttpResponse, Send } from '../../../nodes/core/http';
import { servicesFor } from '../../../nodes/RestErp/rest.assembly';
import type { Services } from '../../../nodes/RestErp/rest.services';
import { TestClock } from '../send';

export type Json = Record<string, unknown>;
/** What a route gives: a body, `undefined` for 404, or a status with a body. */
export type Route = (query: Record<string, string>, id: string, request: HttpRequest) => unknown;

export class Reply {
	constructor(
		readonly status: number,
		readonly body: unknown,
		readonly headers: Record<string, string> = {},
	) {}
}

export const START = Date.parse('2026-11-22T12:00:00Z');

export class Api {
	/** `GET /orders?since=...`, as they came. */
	readonly calls: string[] = [];
	/** The server's clock; undefined: it sends no Date header. */
	time: number | undefined = START;
	/** By the path's first segments: `/orders` and `/orders/`, the latter for one record. */
	routes: Record<string, Route> = {};
	/** Called before each answer, with the number of the call. */
	before: (nth: number) => void = () => undefined;

	readonly send: Send = async (request) => {
		const [path, search] = request.path.split('?') as [string, string?];
		const query = { ...Object.fromEntries(new URLSearchParams(search ?? '')), ...request.query };
		this.calls.push(`${request.method} ${path}${Object.keys(query).length > 0 ? `?${new URLSearchParams(query).toString()}` : ''}`);
		this.before(this.calls.length);
		return await Promise.resolve(this.answer(path, query, request));
	};

	private answer(path: string, query: Record<string, string>, request: HttpRequest): HttpResponse {
		const exact = this.routes[path];
		const cut = path.lastIndexOf('/') + 1;
		const given = exact ? exact(query, '', request) : this.routes[path.slice(0, cut)]?.(query, decodeURIComponent(path.slice(cut)), request);
		const { status, body, headers } = given instanceof Reply ? given : given === undefined ? new Reply(404, { message: 'Not found' }) : new Reply(200, given);
		const date: Record<string, string> = this.time === undefined ? {} : { date: new Date(this.time).toUTCString() };
		return { status, headers: { 'content-type': 'application/json', ...date, ...headers }, text: typeof body === 'string' ? body : JSON.stringify(body) };
	}
}

/** What the connector's parts share, on that API, by a profile with no log-in. */
export function servicesOn(api: Api, profile: Json, settings: Json = {}): Services {
	const whole = { format: 1, name: 'Ledger', auth: { type: 'none' }, ...profile };
	return servicesFor({ url: 'https://erp.example/api', installation: 'erp', profile: 'custom', profileJson: JSON.stringify(whole), settings }, { send: api.send, clock: new TestClock() });
}
