// Owns one request to 1C on the wire: its address, its headers, and the check that the answer is what was asked for.
// Must not know sessions, retries or documents.
import { Failure } from '../core/failure';
import type { HttpRequest, HttpResponse } from '../core/http';
import { isRecord } from '../core/mapping';
import type { About } from './onec.failures';
import { answerFailure, bodyFailure } from './onec.failures';
import { isHtml, withoutBom } from './onec.failures.bodies';
import { parseExact } from './onec.wire.json';

export type Row = Record<string, unknown>;
export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface OnecRequest {
	method: Method;
	/** Below the service root, not encoded: `Catalog_X(guid'…')/Post`. A leading slash does no harm. */
	path: string;
	/** Not encoded. */
	query?: Record<string, string>;
	json?: unknown;
	headers?: Record<string, string>;
	/** What to answer in; default `json`. `xml`: as the server likes ($metadata). */
	format?: 'json' | 'atom' | 'xml';
	/** How long to wait for it, by what it costs 1C; default `normal`. */
	patience?: 'normal' | 'slow' | 'packet';
	/** A POST that changes no record, such as `SelectChanges`, may be sent again. */
	reads?: boolean;
	/** Takes the body of a success in pieces; the answer's text is then empty. */
	onChunk?: (text: string) => void;
}

/** Without metadata: it would tell the server's inner host name, and the links weigh more than the data (reference 3). */
const JSON_FORMAT = 'application/json;odata=nometadata';
/** `$format` decides where both are given; some servers heed only one of them (reference 4). */
const FORMATS: Record<'json' | 'atom' | 'xml', { format?: string; accept: string }> = {
	json: { format: JSON_FORMAT, accept: `${JSON_FORMAT}, application/json` },
	atom: { accept: 'application/atom+xml, application/xml' },
	xml: { accept: 'application/xml' },
};

/** Times the usual patience: metadata and virtual tables take minutes, packets of changes longer (reference 11). */
const PATIENCE = { normal: 1, slow: 3, packet: 10 } as const;
const USUAL_MS = 60_000;

/** A longer segment of an address ends at IIS as "Invalid URL" (reference 1). */
export const LONGEST_SEGMENT = 255;
/** Cannot travel in a path even when encoded (reference 1); a slash inside a segment is refused by many servers. */
 
const NOT_IN_PATH = /[?+\\/\u0000-\u001f\u007f]/;

/** Executes on GET as well (reference 6), so that nothing but a POST may reach it. */
const ACTS = /^([\w.]+\.)?(post|unpost|start|executetask|selectchanges|notifychangesreceived)\s*(\(.*\)\s*)?$/is;

/** The same for `Authorization`: 1C reads name and password as UTF-8 (reference 8). */
export function basicAuth(username: string, password: string): string {
	return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

/** Splits at the slashes that do not stand inside a quoted key. */
export function segmentsOf(path: string): string[] {
	const segments = [''];
	let quoted = false;
	for (const letter of path.replace(/^\/+/, '')) {
		if (letter === "'") quoted = !quoted;
		if (letter === '/' && !quoted) segments.push('');
		else segments[segments.length - 1] += letter;
	}
	return segments;
}

/** Whether a path segment may travel as it is. */
export function fitsPath(segment: string): boolean {
	return segment.length <= LONGEST_SEGMENT && !NOT_IN_PATH.test(segment);
}

/** @throws Failure `rejected` when the address would not arrive as it is meant */
export function encodePath(path: string): string {
	return `/${segmentsOf(path).map(encodeSegment).join('/')}`;
}

function encodeSegment(segment: string): string {
	if (fitsPath(segment)) return encodeURIComponent(segment).replace(/%2C/g, ',').replace(/%3D/g, '=').replace(/%24/g, '$');
	const why = segment.length > LONGEST_SEGMENT ? `is longer than ${LONGEST_SEGMENT} characters` : 'holds a character that cannot stand in an address (? + \\ / or a control character)';
	throw new Failure('rejected', `A part of the address ${why}: "${segment.slice(0, 80)}${segment.length > 80 ? '...' : ''}"`, { advice: 'Find the record with a filter instead of by its key; options belong into the query, not into the path' });
}

/**
 * The request as it is sent: the one place that knows what may be sent at all.
 *
 * @throws Failure `rejected` for a GET that would act, and for `Posted` written as a field
 */
export function httpRequest(request: OnecRequest, auth: string, cookie: Record<string, string>, timeoutMs: number | undefined): HttpRequest {
	refuseHarm(request);
	const { format, accept } = FORMATS[request.format ?? 'json'];
	const bare = request.json === undefined && request.method !== 'GET';
	return {
		method: request.method,
		path: encodePath(request.path),
		query: { ...(format ? { $format: format } : {}), ...request.query },
		headers: { ...(bare ? { 'Content-Length': '0' } : {}), ...request.headers, ...cookie, Accept: accept, Authorization: auth },
		json: request.json,
		timeoutMs: patience(request, timeoutMs),
		onChunk: request.onChunk,
	};
}

function refuseHarm({ method, path, json }: OnecRequest): void {
	if (method === 'GET' && segmentsOf(path).some((segment) => ACTS.test(segment.trim()))) {
		throw new Failure('rejected', `A GET of "${path}" would act in 1C as a POST does, so it is not sent`, { advice: 'Use the operation made for it, or POST' });
	}
	if (method !== 'GET' && isRecord(json) && 'Posted' in json) {
		// Posts in some configurations and only flips the flag in others (reference 6).
		throw new Failure('rejected', '"Posted" cannot be written as a field: in some configurations it marks a document as posted that has no movements', { advice: 'Leave it out and use the operations for posting' });
	}
}

function patience({ patience: level = 'normal' }: OnecRequest, timeoutMs: number | undefined): number | undefined {
	return level === 'normal' ? timeoutMs : (timeoutMs ?? USUAL_MS) * PATIENCE[level];
}

export function aboutOf({ method, path, reads }: OnecRequest): About {
	return { method, path: path.replace(/^\/+/, ''), writes: method !== 'GET' && !reads };
}

/** What a success's body must be. */
export type Expectation = 'rows' | 'row' | 'nothing' | 'anything';

const IN_WORDS: Record<Expectation, string> = { rows: 'a list of records', row: 'a record', nothing: 'empty', anything: 'an answer of 1C' };

export interface Answer {
	status: number;
	headers: Record<string, string>;
	/** Without a byte order mark. */
	text: string;
	/** The body as JSON when it is JSON; numbers of more digits than JavaScript holds are texts. */
	body: unknown;
}

/** Checks an answer. A page that is not what was asked for is an error, never "zero results". */
export function readAnswer(response: HttpResponse, about: About, expected: Expectation): Answer {
	if (response.status < 200 || response.status > 299) throw answerFailure(response, about);
	const text = withoutBom(response.text);
	const answer = { status: response.status, headers: response.headers, text, body: parseExact(text) };
	if (isHtml(text) || !fits(answer, expected)) throw isError(answer.body) ? answerFailure({ ...response, text }, about) : bodyFailure(response, about, IN_WORDS[expected]);
	return answer;
}

function fits({ body, text, headers }: Answer, expected: Expectation): boolean {
	switch (expected) {
		case 'rows':
			return isRecord(body) && Array.isArray(body.value) && body.value.every(isRecord);
		case 'row':
			return isRecord(body) && !isError(body);
		case 'nothing':
			// Posting answers nothing; a later version might answer with the document.
			return text.trim() === '' || (body !== undefined && !isError(body)) || /xml/.test(headers['content-type'] ?? '');
		case 'anything':
			return !isError(body) && (body !== undefined || !/\bjson\b/i.test(headers['content-type'] ?? '') || text.trim() === '');
	}
}

function isError(body: unknown): boolean {
	return isRecord(body) && 'odata.error' in body;
}

/** The records of an answer that was checked to hold some. */
export function rowsOf({ body }: Answer): Row[] {
	return (body as { value: Row[] }).value;
}
