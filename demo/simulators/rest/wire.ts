// Owns reading a client's JSON: what is given, what is not, what is nonsense. Must not know: any API's words, records.
import type { SimRequest } from '../server';
import { Refusal } from './books.refusal';

export type Body = Record<string, unknown>;

export function isBody(value: unknown): value is Body {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function bodyOf(request: SimRequest): Body {
	let body: unknown;
	try {
		body = JSON.parse(request.body);
	} catch {
		throw new Refusal('invalid', 'The body is not JSON');
	}
	if (!isBody(body)) throw new Refusal('invalid', 'The body must be a JSON object');
	return body;
}

/** undefined: not given; null: empty. */
export function text(body: Body, name: string): string | undefined {
	const value = body[name];
	if (value === undefined) return undefined;
	if (value === null) return '';
	if (typeof value === 'string') return value;
	if (typeof value === 'number') return String(value);
	throw new Refusal('invalid', `"${name}" must be a text`);
}

export function decimal(body: Body, name: string): string | undefined {
	return text(body, name) || undefined;
}

export function flag(body: Body, name: string): boolean | undefined {
	const value = body[name];
	if (value === undefined || typeof value === 'boolean') return value;
	throw new Refusal('invalid', `"${name}" must be true or false`);
}

export function objects(body: Body, name: string): Body[] | undefined {
	const value = body[name];
	if (value === undefined) return undefined;
	if (Array.isArray(value) && value.every(isBody)) return value;
	throw new Refusal('invalid', `"${name}" must be a list of objects`);
}

export function object(body: Body, name: string): Body | undefined {
	const value = body[name];
	if (value === undefined || isBody(value)) return value;
	throw new Refusal('invalid', `"${name}" must be an object`);
}

export function texts(body: Body, name: string): string[] | undefined {
	const value = body[name];
	if (value === undefined) return undefined;
	if (Array.isArray(value)) return value.map((one) => String(one));
	throw new Refusal('invalid', `"${name}" must be a list`);
}

/** Without what was not given, so that it stays as it is. */
export function given<T extends object>(fields: T): T {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

/** Refuses a member that the API does not know: a misspelt one would be lost in silence. */
export function known(body: Body, names: readonly string[]): Body {
	const odd = Object.keys(body).find((name) => !names.includes(name));
	if (odd !== undefined) throw new Refusal('invalid', `There is no field "${odd}"`);
	return body;
}

/** Fields of one object as another's, by a table; what is not given is empty. */
export function filled<T>(body: Body | undefined, names: Readonly<Record<keyof T & string, string>>): T {
	return Object.fromEntries(Object.entries<string>(names).map(([own, name]) => [own, (body && text(body, name)) ?? ''])) as T;
}

/** Like `filled`, but what is not given is left out. */
export function partly<T>(body: Body, names: Readonly<Record<keyof T & string, string>>): Partial<T> {
	return given(Object.fromEntries(Object.entries<string>(names).map(([own, name]) => [own, text(body, name)]))) as Partial<T>;
}

/** The reverse of `filled`. */
export function shown<T extends object>(row: T, names: Readonly<Record<keyof T & string, string>>): Body {
	return Object.fromEntries(Object.entries<string>(names).map(([own, name]) => [name, (row as Record<string, unknown>)[own]]));
}
