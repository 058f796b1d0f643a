// Owns plain calls to a simulated infobase as any client would make them.
// Must not know: the product's client code.
import { PASSWORD, USER } from '../../../demo/simulators/onec';

export interface Answer {
	status: number;
	headers: Headers;
	text: string;
	/** The body as JSON; undefined when it is none. */
	json: Json;
}

export type Json = undefined | null | string | number | boolean | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

export interface CallOptions {
	body?: unknown;
	headers?: Record<string, string>;
	user?: string;
	/** Adds `$format`; default nometadata, '' adds nothing. */
	format?: string;
}

export const basic = (user: string, password: string, encoding: BufferEncoding = 'utf8'): string => `Basic ${Buffer.from(`${user}:${password}`, encoding).toString('base64')}`;

/** One request; the address is written plainly and encoded here, spaces as %20. */
export async function call(base: { url: string }, method: string, address: string, { body, headers, format = 'application/json;odata=nometadata' }: CallOptions = {}): Promise<Answer> {
	const suffix = format === '' ? '' : `${address.includes('?') ? '&' : '?'}$format=${format}`;
	const response = await fetch(`${base.url}/odata/standard.odata${encodeURI(`${address}${suffix}`)}`, {
		method,
		headers: { authorization: basic(USER, PASSWORD), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
		body: body === undefined ? (method === 'GET' || method === 'HEAD' ? undefined : '') : typeof body === 'string' ? body : JSON.stringify(body),
	});
	const text = await response.text();
	return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): Json {
	try {
		return JSON.parse(text.replace(/^\ufeff/, '')) as Json;
	} catch {
		return undefined;
	}
}

/** Rows of a collection that must be one. */
export async function rows(base: { url: string }, address: string): Promise<JsonObject[]> {
	const answer = await call(base, 'GET', address);
	const value = (answer.json as JsonObject | undefined)?.['value'];
	if (answer.status !== 200 || !Array.isArray(value)) throw new Error(`${answer.status} ${answer.text.slice(0, 500)}`);
	return value as JsonObject[];
}

/** `status/code` of an OData error in JSON, e.g. `404/9`. */
export async function refused(base: { url: string }, method: string, address: string, options: CallOptions = {}): Promise<string> {
	const { status, json } = await call(base, method, address, options);
	const error = (json as { 'odata.error'?: { code: string } } | undefined)?.['odata.error'];
	return error ? `${status}/${error.code}` : String(status);
}
