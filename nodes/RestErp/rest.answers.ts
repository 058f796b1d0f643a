// Owns reading an answer's body: JSON without loss, and in words what came instead. Must not know failures' kinds.
import { isRecord } from '../core/values';
import { parseJson } from './rest.json';

/** What came over the wire, or out of a batch. */
export interface Received {
	status: number;
	/** Lower-case names. */
	headers: Record<string, string>;
	text: string;
	/** Out of a batch: read already. */
	body?: unknown;
}

/** Of a page, as far as it must be told from others. */
const LOOKED_AT = 200_000;

/** Why a body is not what was asked for. */
export type Oddity = 'page' | 'login' | 'xml' | 'empty' | 'odd';

export type Read = { body: unknown; oddity?: undefined; detail?: undefined } | { body?: undefined; oddity: Oddity; detail?: string };

/** The body as a value; undefined when it is empty. */
export function readBody({ headers, text, body }: Received): Read {
	if (body !== undefined && body !== null && typeof body !== 'string') return { body };
	const trimmed = (typeof body === 'string' ? body : text).replace(/^\uFEFF/, '').trim();
	if (trimmed === '') return { body: undefined };
	const type = headers['content-type'] ?? '';
	if (isHtml(trimmed) || (/\bhtml\b/i.test(type) && trimmed.startsWith('<'))) return { oddity: asksForLogin(trimmed) ? 'login' : 'page' };
	if (trimmed.startsWith('<')) return { oddity: 'xml' };
	try {
		return { body: parseJson(trimmed) };
	} catch (error) {
		// A token, a number of records: some calls answer with a bare word.
		if (/^text\/plain\b/i.test(type) && !/^[{["]/.test(trimmed)) return { body: trimmed };
		if (typeof body === 'string') return { body };
		return { oddity: 'odd', detail: error instanceof Error ? error.message : String(error) };
	}
}

export function isHtml(text: string): boolean {
	return /^(<!doctype html|<html|<head|<body)/i.test(withoutComments(text));
}

/** The text behind the comments at its beginning. */
function withoutComments(text: string): string {
	let rest = text.trimStart();
	while (rest.startsWith('<!--')) {
		const end = rest.indexOf('-->');
		if (end < 0) return '';
		rest = rest.slice(end + 3, LOOKED_AT).trimStart();
	}
	return rest.slice(0, 20);
}

function asksForLogin(html: string): boolean {
	return /type\s*=\s*["']?password|sign in|log ?in\b/i.test(html.slice(0, LOOKED_AT));
}

export interface Told {
	code?: string;
	said?: string;
}

/** Where code and message of an error stand in the shapes that most APIs use; a profile says it better. */
export function usualError(body: unknown): Told {
	if (typeof body === 'string') return { said: body };
	if (Array.isArray(body)) return usualError(body[0]);
	if (!isRecord(body)) return {};
	const inner = [body.error, body['odata.error'], Array.isArray(body.errors) ? (body.errors[0] as unknown) : body.errors].find(isRecord);
	if (inner && inner !== body) return usualError(inner);
	const said = [body.message, body.detail, body.error_description, body.title, body.errorMessage, body.msg, body.error, Array.isArray(body.errors) ? (body.errors[0] as unknown) : undefined].map(words).find((text) => text !== undefined);
	return { code: [body.code, body.errorCode, body.error_description === undefined ? undefined : body.error].map(codeOf).find((code) => code !== undefined), said };
}

function words(value: unknown): string | undefined {
	// OData v2: { lang, value }.
	const text = isRecord(value) ? value.value : value;
	return typeof text === 'string' && text.trim() !== '' ? text : undefined;
}

function codeOf(value: unknown): string | undefined {
	return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;
}
