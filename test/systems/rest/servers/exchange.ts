// Owns what the small servers of these tests have in common: a request taken apart, and answers in JSON. Knows no API.
import type { HttpRequest, HttpResponse, Send } from '../../../../nodes/core/http';
import { Failure } from '../../../../nodes/core/failure';

export type Row = Record<string, unknown>;

/** A request as a server sees it. */
export interface Seen {
	method: string;
	/** Decoded, without the query. */
	path: string;
	query: URLSearchParams;
	/** Lower-case names. */
	headers: Record<string, string>;
	body: Row;
	form: Record<string, string>;
}

/** What a server refuses. */
export class Refused extends Error {
	constructor(
		readonly status: number,
		readonly body: unknown,
	) {
		super(`HTTP ${status}`);
	}
}

export abstract class SmallServer {
	/** `POST /orders`, in the order in which they came. */
	readonly calls: string[] = [];
	/** The answer to the next call that begins so is lost, after the server has done its work. */
	loses: string | undefined;

	protected abstract handle(seen: Seen): { status: number; body?: unknown; headers?: Record<string, string> };

	/** Calls that change something. */
	get writes(): string[] {
		return this.calls.filter((call) => /^(POST|PUT|PATCH|DELETE) /.test(call) && !/login|token|suiteql$|\/list$/i.test(call));
	}

	get send(): Send {
		return async (request) => {
			const seen = seenOf(request);
			const name = `${seen.method} ${seen.path}`;
			this.calls.push(name);
			const answer = this.answer(seen);
			if (this.loses !== undefined && name.startsWith(this.loses)) {
				this.loses = undefined;
				throw new Failure('unknown', 'The connection broke before the answer came');
			}
			return await Promise.resolve(answer);
		};
	}

	private answer(seen: Seen): HttpResponse {
		try {
			return written(this.handle(seen));
		} catch (error) {
			if (error instanceof Refused) return written(error);
			throw error;
		}
	}
}

function seenOf({ method, path, query, headers, json, text, form }: HttpRequest): Seen {
	const [address, search = ''] = path.split('?') as [string, string?];
	const parameters = new URLSearchParams(search);
	for (const [name, value] of Object.entries(query ?? {})) parameters.append(name, value);
	const sent = json === undefined ? text : JSON.stringify(json);
	return { method, path: decodeURIComponent(address), query: parameters, headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])), body: (sent ? JSON.parse(sent) : {}) as Row, form: form ?? {} };
}

function written({ status, body, headers = {} }: { status: number; body?: unknown; headers?: Record<string, string> }): HttpResponse {
	return { status, headers: { date: 'Sun, 22 Nov 2026 12:00:00 GMT', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, text: body === undefined ? '' : JSON.stringify(body) };
}

/** Rounded as money is. */
export function cents(amount: number): number {
	return Math.round((amount + Number.EPSILON) * 100) / 100;
}
