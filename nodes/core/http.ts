// Owns the type of "send one request". The engine behind it is exchanged in `kit/http.ts`.

export interface HttpRequest {
	method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** Relative to the credential's base URL, beginning with `/`; or an address that `Endpoint.others` names. */
	path: string;
	/** Sent with `%20` for a blank: "+" means a blank to some servers only. */
	query?: Record<string, string>;
	headers?: Record<string, string>;
	/** At most one of `form`, `json` and `text`. */
	form?: Record<string, string>;
	json?: unknown;
	/** Sent as it is; `headers` say what it is. */
	text?: string;
	timeoutMs?: number;
	/**
	 * Takes a 2xx answer's body piece by piece as it arrives, so that a large one need not be held as a whole;
	 * the response's `text` is then empty. What it throws ends the request and is thrown on.
	 */
	onChunk?: (text: string) => void;
}

export interface HttpResponse {
	status: number;
	/** Lower-case names. Of a header that came several times the values stand on lines of their own. */
	headers: Record<string, string>;
	/** Undecoded text; parse as JSON only when the content type says so. */
	text: string;
}

/**
 * Sends one request. Resolves for every HTTP status. Rejects with a `Failure`:
 * `transient` when the request was certainly not sent, `unknown` when it may have been,
 * `denied` when the address is outside what the credential allows.
 */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** Time, passed in so that tests never sleep. */
export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
	sleep(ms: number): Promise<void>;
	/** 0 <= x < 1, for jitter. */
	random(): number;
}

/** The answer as JSON when its content type says JSON, else undefined. */
export function jsonBody(response: HttpResponse): unknown {
	if (!/\bjson\b/i.test(response.headers['content-type'] ?? '')) return undefined;
	try {
		return JSON.parse(response.text) as unknown;
	} catch {
		return undefined;
	}
}

/** What a page that is not what was asked for looks like, in a few words a person understands. */
export function describeAnswer(response: HttpResponse): string {
	const text = response.text.replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();
	const shown = text.length > 120 ? `${text.slice(0, 120)}...` : text;
	return `HTTP ${response.status}${shown ? ` "${shown}"` : ' with an empty body'}`;
}
