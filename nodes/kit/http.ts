// Owns the one way out: axios with kept connections, one pool per credential. The only file that imports axios.
// Must not know any system's protocol: it moves text and says what certainly was or was not sent.
import { X509Certificate } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Readable } from 'node:stream';
import * as tls from 'node:tls';
import axios, { AxiosError, type AxiosInstance } from 'axios';
import { Failure } from '../core/failure';
import type { Clock, HttpRequest, HttpResponse, Send } from '../core/http';
import type { Endpoint } from '../core/port';
import { createLimiter } from './limiter';

const DEFAULT_TIMEOUT_MS = 60_000;
/** Larger answers are refused: no document or page of documents comes near it. */
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;
/** Of an answer that is not held as a whole. */
const LARGEST_STREAM_BYTES = 1024 * 1024 * 1024;

/** The connection was never made, so nothing was sent. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ERR_INVALID_URL']);

/** Real time for the nodes; tests pass their own. */
export const systemClock: Clock = {
	now: () => Date.now(),
	sleep: async (ms) => await new Promise((resolve) => setTimeout(resolve, ms)),
	random: () => Math.random(),
};

/** Sends requests below `endpoint.baseUrl` only, over kept connections, within its rate and concurrency limits. */
export function createTransport(endpoint: Endpoint, clock: Clock = systemClock): Send {
	const client = createClient(endpoint);
	const limiter = createLimiter(endpoint, clock);
	return async (request) => await limiter(async () => await exchange(client, endpoint, request));
}

function createClient(endpoint: Endpoint): AxiosInstance {
	// `timeout` is how long an idle socket is kept; it ends before the server's own limit, so that a request
	// is not sent into a connection that the server has just dropped. Node honours a shorter `Keep-Alive` hint.
	const pool = { keepAlive: true, maxSockets: endpoint.maxConcurrent, timeout: endpoint.idleMs };
	return axios.create({
		httpAgent: new http.Agent(pool),
		httpsAgent: new https.Agent({ ...pool, rejectUnauthorized: !endpoint.allowSelfSigned, ...(endpoint.ca ? { secureContext: trusting(endpoint, endpoint.ca) } : {}) }),
		// A redirect would carry the secret to an address that nobody entered.
		maxRedirects: 0,
		maxContentLength: LARGEST_ANSWER_BYTES,
		responseType: 'text',
		transformResponse: (data: unknown) => data,
		validateStatus: () => true,
	});
}

/** Beside the built-in authorities: `ca` alone would replace them. Made once, not for every connection. */
function trusting(endpoint: Endpoint, ca: string): tls.SecureContext {
	try {
		// What is not PEM would be left out silently.
		void new X509Certificate(ca);
		return tls.createSecureContext({ ca: [...tls.rootCertificates, ca] });
	} catch (error) {
		throw new Failure('denied', `The CA certificate for ${new URL(endpoint.baseUrl).host} cannot be read`, { cause: error, advice: 'Paste the whole PEM text into the credential, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----' });
	}
}

async function exchange(client: AxiosInstance, endpoint: Endpoint, request: HttpRequest): Promise<HttpResponse> {
	const target = targetUrl(endpoint, request);
	const timeout = request.timeoutMs ?? endpoint.timeoutMs ?? DEFAULT_TIMEOUT_MS;
	// axios counts the silence between two pieces of an answer; a server that drips would hold us for ever.
	const patience = new AbortController();
	const timer = setTimeout(() => patience.abort(), timeout);
	try {
		const response = await client.request<string | Readable>({
			method: request.method,
			url: target,
			params: request.query,
			// 1C takes "+" for a plus sign and drops the filter it stands in (reference onec-odata.md, section 1).
			paramsSerializer: (query: Record<string, string>) => new URLSearchParams(query).toString().replace(/\+/g, '%20'),
			...bodyOf(request),
			...(request.onChunk ? { responseType: 'stream' } : {}),
			timeout,
			signal: patience.signal,
		});
		const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
		if (response.status >= 300 && response.status < 400) throw redirected(endpoint, headers.location);
		const taken = response.status < 300 ? request.onChunk : undefined;
		const text = typeof response.data === 'object' && response.data ? await drain(response.data, endpoint, taken) : (response.data ?? '');
		return { status: response.status, headers, text };
	} catch (error) {
		throw error instanceof Failure ? error : connectionFailure(endpoint, error);
	} finally {
		clearTimeout(timer);
	}
}

/** Reads an answer that arrives in pieces: gives them away as text, or gathers them. */
async function drain(body: Readable, endpoint: Endpoint, take: ((text: string) => void) | undefined): Promise<string> {
	const decoder = new TextDecoder();
	const gathered: string[] = [];
	const add = take ?? ((text: string) => void gathered.push(text));
	const largest = take ? LARGEST_STREAM_BYTES : LARGEST_ANSWER_BYTES;
	let bytes = 0;
	try {
		for await (const piece of body) {
			bytes += (piece as Buffer).length;
			if (bytes > largest) throw tooLarge(endpoint, largest);
			const text = decoder.decode(piece as Buffer, { stream: true });
			if (text) add(text);
		}
		const rest = decoder.decode();
		if (rest) add(rest);
	} finally {
		body.destroy();
	}
	return gathered.join('');
}

function tooLarge(endpoint: Endpoint, bytes: number): Failure {
	return new Failure('rejected', `The answer of ${new URL(endpoint.baseUrl).host} is larger than ${bytes / 1024 / 1024} MB`, { code: 'ERR_BAD_RESPONSE' });
}

/** JSON is written here: axios would send a bare text as it is. */
function bodyOf(request: HttpRequest): { headers: Record<string, string>; data?: unknown } {
	const headers = request.headers ?? {};
	if (request.form) return { headers, data: new URLSearchParams(request.form) };
	if (request.json === undefined) return { headers };
	return { headers: { 'Content-Type': 'application/json', ...headers }, data: JSON.stringify(request.json) };
}

function targetUrl(endpoint: Endpoint, request: HttpRequest): string {
	const base = new URL(endpoint.baseUrl);
	const target = new URL(endpoint.baseUrl + request.path);
	const folder = base.pathname.replace(/\/*$/, '/');
	if (target.origin !== base.origin || target.username !== base.username || !`${target.pathname}/`.startsWith(folder)) {
		throw new Failure('denied', `The address ${target.origin}${target.pathname} is outside ${endpoint.baseUrl}`, { advice: 'Only addresses below the URL of the credential are used' });
	}
	return target.toString();
}

function redirected(endpoint: Endpoint, location: string | undefined): Failure {
	return new Failure('denied', `${endpoint.baseUrl} redirects${location ? ` to ${location}` : ''}`, {
		advice: 'Enter the final address in the credential; redirects are not followed, so that the key is not sent elsewhere',
	});
}

/** What went wrong on the way, and whether the request can have arrived. */
function connectionFailure(endpoint: Endpoint, error: unknown): Failure {
	const code = error instanceof AxiosError ? (error.code ?? '') : '';
	const host = new URL(endpoint.baseUrl).host;
	if (NOT_SENT.has(code) || isConnecting(error)) {
		const what = code === 'ECONNREFUSED' ? `Nothing listens at ${host}` : code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? `The host name of ${host} cannot be found` : `${host} cannot be reached`;
		return new Failure('transient', what, { code, advice: 'Check the URL of the credential and that the server is up' });
	}
	if (/EPROTO|WRONG_VERSION/.test(code)) {
		return new Failure('denied', `${host} does not speak https (${code})`, { code, advice: 'Check the port in the URL of the credential, or begin it with http://' });
	}
	if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code)) {
		return new Failure('denied', `The certificate of ${host} is not trusted (${code})`, { code, advice: 'Give the authority\'s certificate in the credential, or allow self-signed certificates there' });
	}
	if (code === 'ECONNABORTED' || code === 'ETIMEDOUT' || code === 'ERR_CANCELED') {
		return new Failure('unknown', `${host} did not answer in time`, { code, advice: 'It may have done the work; it is looked up before anything is sent again' });
	}
	if (code === 'ERR_BAD_RESPONSE' && error instanceof AxiosError && /maxContentLength/.test(error.message)) {
		return tooLarge(endpoint, LARGEST_ANSWER_BYTES);
	}
	return new Failure('unknown', `The connection to ${host} broke${code ? ` (${code})` : ''}`, { code });
}

/** The system gave up on the connection itself: `connect ETIMEDOUT`. */
function isConnecting(error: unknown): boolean {
	const cause = error instanceof AxiosError ? error.cause : undefined;
	return cause !== undefined && 'syscall' in cause && cause.syscall === 'connect';
}
