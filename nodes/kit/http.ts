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

/** Sends requests below `endpoint.baseUrl` and to `endpoint.others` only: over kept connections, within its limits. */
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
		responseType: 'arraybuffer',
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
		const response = await client.request<Buffer | Readable>({
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
		const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join('\n') : String(value)]));
		if (response.status >= 300 && response.status < 400) throw redirected(isAbsolute(request.path) ? target : endpoint.baseUrl, response.status, headers.location);
		const taken = response.status < 300 ? request.onChunk : undefined;
		const text = request.onChunk ? await drain(response.data as Readable, new URL(target).host, taken) : textOf(response.data as Buffer, headers['content-type']);
		return { status: response.status, headers, text };
	} catch (error) {
		throw error instanceof Failure ? error : connectionFailure(new URL(target).host, error);
	} finally {
		clearTimeout(timer);
	}
}

/** JSON is UTF-8, whatever its header says (RFC 8259); what is not, is read as the header says. */
function textOf(bytes: Buffer, type = ''): string {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		const [, charset = 'utf-8'] = /charset\s*=\s*"?([^\s;"]+)/i.exec(type) ?? [];
		return (known(charset) ?? new TextDecoder()).decode(bytes);
	}
}

function known(charset: string): InstanceType<typeof TextDecoder> | undefined {
	try {
		return new TextDecoder(charset);
	} catch {
		return undefined;
	}
}

/** Reads an answer that arrives in pieces: gives them away as text, or gathers them. */
async function drain(body: Readable, host: string, take: ((text: string) => void) | undefined): Promise<string> {
	const decoder = new TextDecoder();
	const gathered: string[] = [];
	const add = take ?? ((text: string) => void gathered.push(text));
	const largest = take ? LARGEST_STREAM_BYTES : LARGEST_ANSWER_BYTES;
	let bytes = 0;
	try {
		for await (const piece of body) {
			bytes += (piece as Buffer).length;
			if (bytes > largest) throw tooLarge(host, largest);
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

function tooLarge(host: string, bytes: number): Failure {
	return new Failure('rejected', `The answer of ${host} is larger than ${bytes / 1024 / 1024} MB`, { code: 'ERR_BAD_RESPONSE' });
}

/** Written here: axios would send a bare text as it is, and trim a text that it takes for JSON. */
function bodyOf(request: HttpRequest): { headers: Record<string, string>; data?: unknown } {
	const headers = request.headers ?? {};
	if (request.form) return { headers, data: new URLSearchParams(request.form) };
	if (request.text !== undefined) return { headers, data: Buffer.from(request.text, 'utf8') };
	if (request.json === undefined) return { headers };
	return { headers: { 'Content-Type': 'application/json', ...headers }, data: JSON.stringify(request.json) };
}

function isAbsolute(path: string): boolean {
	return /^https?:/i.test(path);
}

function targetUrl(endpoint: Endpoint, request: HttpRequest): string {
	if (isAbsolute(request.path)) return otherUrl(endpoint, request.path);
	const base = new URL(endpoint.baseUrl);
	const target = new URL(endpoint.baseUrl + request.path);
	const folder = base.pathname.replace(/\/*$/, '/');
	// Proxies may resolve what stands between escaped slashes.
	const climbs = target.pathname.split(/\/|%2f|%5c/i).some((segment) => /^(\.|%2e){2}$/i.test(segment));
	if (climbs || target.origin !== base.origin || target.username !== base.username || !`${target.pathname}/`.startsWith(folder)) {
		throw new Failure('denied', `The address ${target.origin}${target.pathname} is outside ${endpoint.baseUrl}`, { advice: 'Only addresses below the URL of the credential are used' });
	}
	return target.toString();
}

/** Named exactly: neither another path of that server, nor a query. */
function otherUrl({ baseUrl, others = [] }: Endpoint, address: string): string {
	if (others.includes(address)) return address;
	throw new Failure('denied', `The address ${address.replace(/[?#].*$/s, '')} is outside ${baseUrl}`, { advice: 'Only addresses below the URL of the credential, and those that the credential names, are used' });
}

function redirected(from: string, status: number, location: string | undefined): Failure {
	// What the server adds behind "?" may repeat a key that was sent.
	const to = location?.replace(/[?#].*$/s, '');
	return new Failure('denied', `${from} redirects${to ? ` to ${to}` : ''}`, {
		code: `HTTP ${status}`,
		advice: 'Enter the final address in the credential; redirects are not followed, so that the key is not sent elsewhere',
	});
}

/** What went wrong on the way, and whether the request can have arrived. */
function connectionFailure(host: string, error: unknown): Failure {
	const code = error instanceof AxiosError ? (error.code ?? '') : '';
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
		return tooLarge(host, LARGEST_ANSWER_BYTES);
	}
	return new Failure('unknown', `The connection to ${host} broke${code ? ` (${code})` : ''}`, { code });
}

/** The system gave up on the connection itself: `connect ETIMEDOUT`. */
function isConnecting(error: unknown): boolean {
	const cause = error instanceof AxiosError ? error.cause : undefined;
	return cause !== undefined && 'syscall' in cause && cause.syscall === 'connect';
}
