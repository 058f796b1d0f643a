// Owns speaking HTTP with a running n8n: the editor's REST with its cookie, the public API with its key.
// Must not know what is asked for.
import type { z } from 'zod';

/** A schema for what comes in; defaults and coercions allowed. */
type Answer<T> = z.ZodType<T, z.ZodTypeDef, unknown>;

export interface Reply {
	status: number;
	headers: Headers;
	/** Parsed when it was JSON, else the text. */
	body: unknown;
}

/** n8n answered with a status from 400 up. */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		readonly body: unknown,
		call: string,
	) {
		super(`${call} -> ${status} ${JSON.stringify(body).slice(0, 600)}`);
	}

	/** What n8n says about it. */
	get reason(): string {
		const { body } = this;
		const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : body;
		return typeof message === 'string' ? message : this.message;
	}
}

export class N8nApi {
	/** Key of the public API, once made. */
	apiKey = '';
	private cookie = '';

	constructor(readonly url: string) {}

	/** Any call to n8n, webhooks included; throws only when there is no answer. */
	async http(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
		const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
		const response = await fetch(this.url + path, {
			method,
			// A connection each: a kept one may be closed by n8n (idle for 5 s, restarted) in the moment it is used again.
			headers: { connection: 'close', ...json, ...headers },
			body: body === undefined ? undefined : JSON.stringify(body),
			redirect: 'manual',
			signal: AbortSignal.timeout(60_000),
		}).catch((error: unknown) => {
			throw new Error(`${method} ${path}: n8n gave no answer (${reasonOf(error)})`, { cause: error });
		});
		return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
	}

	/** The editor's own REST, as the signed-in owner. n8n ties its cookie to a browser-id, so that is constant. */
	async rest<T>(method: string, path: string, answer: Answer<T>, body?: unknown): Promise<T> {
		const reply = await this.http(method, `/rest${path}`, body, this.session());
		const set = /n8n-auth=[^;]*/.exec(reply.headers.get('set-cookie') ?? '')?.[0];
		if (set) this.cookie = set;
		return read(`${method} /rest${path}`, reply, answer, unwrapped(reply.body));
	}

	/** The public API. */
	async v1<T>(method: string, path: string, answer: Answer<T>, body?: unknown): Promise<T> {
		const reply = await this.http(method, `/api/v1${path}`, body, { 'X-N8N-API-KEY': this.apiKey });
		return read(`${method} /api/v1${path}`, reply, answer, reply.body);
	}

	/** A file that n8n serves to its editor. */
	async file<T>(path: string, answer: Answer<T>): Promise<T> {
		const reply = await this.http('GET', path, undefined, this.session());
		return read(`GET ${path}`, reply, answer, reply.body);
	}

	private session(): Record<string, string> {
		return { cookie: this.cookie, 'browser-id': 'crm-erp', 'push-ref': 'crm-erp' };
	}
}

function read<T>(call: string, reply: Reply, answer: Answer<T>, body: unknown): T {
	if (reply.status >= 400) throw new ApiError(reply.status, reply.body, call);
	const result = answer.safeParse(body);
	if (result.success) return result.data;
	const issue = result.error.issues[0];
	throw new Error(`${call}: n8n answered in another shape than expected, at ${issue?.path.join('.') || 'top'}: ${issue?.message}`);
}

/** fetch hides what happened in the cause of its error. */
function reasonOf(error: unknown): string {
	if (typeof error !== 'object' || error === null) return String(error);
	if ('cause' in error && error.cause) return reasonOf(error.cause);
	return 'message' in error ? String(error.message) : String(error);
}

function parsed(text: string): unknown {
	try {
		const json: unknown = JSON.parse(text);
		return json;
	} catch {
		return text;
	}
}

/** Most answers of /rest come as { data }. */
function unwrapped(body: unknown): unknown {
	return typeof body === 'object' && body !== null && 'data' in body ? body.data : body;
}
