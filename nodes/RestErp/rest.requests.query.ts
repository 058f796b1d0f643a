// Owns query parameters of a request: what a value looks like in an address, and two sayings under one name.
// Must not know the network.
import { Failure } from '../core/failure';
import { isRecord } from '../core/values';

export type QueryValue = string | string[] | undefined;

/** One text or number as it is written; undefined for what is no single value. */
export function scalarText(value: unknown): string | undefined {
	if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
	return isRecord(value) && 'isLosslessNumber' in value ? String(value.value) : undefined;
}

/**
 * What an expression gave, as a parameter: nothing, null, '' and an empty list are left out; a list stays one.
 *
 * @returns null for what cannot be written into an address
 */
export function queryValue(value: unknown): QueryValue | null {
	if (value === undefined || value === null || value === '') return undefined;
	if (!Array.isArray(value)) return scalarText(value) ?? null;
	const members = value.filter((member) => member !== undefined && member !== null && member !== '').map(scalarText);
	if (members.includes(undefined)) return null;
	return members.length === 0 ? undefined : (members as string[]);
}

/**
 * Adds a parameter. The members of a list are joined with commas; where the name ends with `[]`, or with a `*` that is not
 * sent, it is repeated, which goes into the path because a record holds each name once.
 */
export function withParameter<C extends { path: string; query?: Record<string, string> }>(call: C, name: string, value: string | string[]): C {
	const starred = name.endsWith('*');
	if (!starred && !Array.isArray(value)) return { ...call, query: { ...call.query, [name]: value } };
	if (!starred && !name.endsWith('[]')) return { ...call, query: { ...call.query, [name]: [value].flat().join(',') } };
	const sent = starred ? name.slice(0, -1) : name;
	const repeated = new URLSearchParams([value].flat().map((member): [string, string] => [sent, member])).toString().replace(/\+/g, '%20');
	return { ...call, path: `${call.path}${call.path.includes('?') ? '&' : '?'}${repeated}` };
}

/**
 * Two values for one parameter: conditions of OData hold both, anything else cannot be joined.
 *
 * @param place where the second one comes from, for the message
 */
export function joined(name: string, first: string | undefined, second: string, place: string): string {
	if (first === undefined || first === second) return second;
	if (name === '$filter') return `(${first}) and (${second})`;
	throw new Failure('rejected', `${place}: the parameter "${name}" has a value already (${first})`, { advice: 'Two values under one name cannot be joined: change one of them' });
}
