// Owns the shapes in which 1C and what stands before it tell an error (reference 7). Must not know kinds of failure.
import { jsonBody, type HttpResponse } from '../core/http';
import { isRecord } from '../core/mapping';

export interface OnecError {
	/** 1C's number as text; nothing: the shape has none. */
	code?: string;
	said?: string;
}

const LONGEST_MESSAGE = 600;

/** The error that a body tells: JSON, Atom although JSON was asked for, the application server's exception, base64. */
export function errorText(response: HttpResponse): OnecError | undefined {
	const text = withoutBom(response.text).trim();
	const json = jsonBody({ ...response, text }) ?? parsed(text);
	const told = json === undefined ? atomError(text) : (jsonError(json) ?? exception(json));
	if (told) return told;
	const decoded = fromBase64(text);
	return decoded === undefined ? undefined : (errorText({ ...response, text: decoded, headers: {} }) ?? { said: short(decoded) });
}

/** A body may begin with a byte order mark (reference 3). */
export function withoutBom(text: string): string {
	return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

export function isHtml(text: string): boolean {
	return /^\s*(<!doctype html|<html|<head|<body)/i.test(withoutBom(text));
}

/** The reason on the platform's own page: "1C:Enterprise 8 application error: … by reason: …". */
export function platformReason({ text }: HttpResponse): string | undefined {
	if (!/1C:Enterprise 8|1С:Предприяти/i.test(text)) return undefined;
	const plain = unescaped(text.replace(/<title[\s\S]*?<\/title>/i, ' ').replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ').trim();
	return short(/(?:by reason|по причине):\s*(.+)$/i.exec(plain)?.[1] ?? plain);
}

/** A few words without any shape, as the web server's module of 1C gives them before a session is there. */
export function plainWords(response: HttpResponse): string | undefined {
	const text = withoutBom(response.text).trim();
	return /^text\/plain/i.test(response.headers['content-type'] ?? '') && text && !isHtml(text) ? short(text) : undefined;
}

function parsed(text: string): unknown {
	if (!text.startsWith('{')) return undefined;
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

function jsonError(body: unknown): OnecError | undefined {
	const error = isRecord(body) ? body['odata.error'] : undefined;
	if (!isRecord(error)) return undefined;
	const { code, message } = error;
	const value = isRecord(message) ? message.value : message;
	return { code: code === undefined || code === null ? undefined : String(code), said: typeof value === 'string' ? readable(value) : undefined };
}

/** The innermost reason says most: the outer ones repeat the address. */
function exception(body: unknown): OnecError | undefined {
	let current = isRecord(body) ? body.exception : undefined;
	let said: string | undefined;
	while (isRecord(current)) {
		if (typeof current.descr === 'string' && current.descr) said = current.descr;
		current = current.inner;
	}
	return said === undefined ? undefined : { said: readable(said) };
}

function atomError(text: string): OnecError | undefined {
	if (!/<(?:\w+:)?error[\s>]/.test(text)) return undefined;
	const code = /<(?:\w+:)?code[^>]*>\s*(-?\d+)\s*</.exec(text)?.[1];
	const message = /<(?:\w+:)?message[^>]*>([\s\S]*?)<\/(?:\w+:)?message>/.exec(text)?.[1];
	return code === undefined && message === undefined ? undefined : { code, said: message === undefined ? undefined : readable(unescaped(message)) };
}

function unescaped(xml: string): string {
	const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
	return xml
		.replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
		.replace(/&#(\d+);/g, (_, digits: string) => String.fromCodePoint(Number(digits)))
		.replace(/&(lt|gt|quot|apos|nbsp);/g, (_, name: string) => names[name]!)
		.replace(/&amp;/g, '&');
}

/** A message with characters that XML does not know arrives as base64 (reference 7). */
function fromBase64(text: string): string | undefined {
	const packed = text.replace(/\s+/g, '');
	if (packed.length < 16 || packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return undefined;
	const bytes = Buffer.from(packed, 'base64');
	const decoded = withoutBom(bytes.toString('utf8'));
	// Something that only looks like base64 is left as it is: a text has blanks or letters beyond ASCII.
	return Buffer.from(decoded).length >= bytes.length - 3 && !decoded.includes('\ufffd') && /[\s\u0400-\u04ff]/.test(decoded) ? decoded : undefined;
}

function readable(message: string): string {
	return short(fromBase64(message.trim()) ?? message);
}

/** Without control characters and runs of blanks; cut where nobody reads on. */
function short(message: string): string {
	 
	const plain = message.replace(/[\u0000-\u001f\u007f]+/g, ' ').replace(/\s+/g, ' ').trim();
	return plain.length > LONGEST_MESSAGE ? `${plain.slice(0, LONGEST_MESSAGE)}...` : plain;
}
