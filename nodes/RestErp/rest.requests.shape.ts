// Owns what an answer must look like: records are objects, lists are lists, and anything else is told in words instead
// of being taken for "none". Must not know the network.
import { Failure } from '../core/failure';
import { isRecord } from '../core/values';
import type { Row } from './rest.services';

/** Where a list stands when the profile does not say: OData v4, JSON:API and most others. */
const USUAL = ['value', 'data', 'items', 'results'] as const;

/** A path of names only: when it leads nowhere, the answer is not what the profile expects. */
const PLAIN_PATH = /^[\p{L}_$][\p{L}\p{N}_]*(?:\.(?:[\p{L}_][\p{L}\p{N}_]*|`[^`]+`))*$/u;

/** The list in an answer, where the profile names no place for it; undefined when there is none. */
export function usualList(body: unknown): unknown[] | undefined {
	if (Array.isArray(body)) return body;
	if (!isRecord(body)) return undefined;
	const name = USUAL.find((one) => Array.isArray(body[one]));
	if (name) return body[name] as unknown[];
	// OData v2: {"d": {"results": [...]}}, its first version: {"d": [...]}.
	return 'd' in body ? usualList(body.d) : undefined;
}

/** What an `items` expression gave, as a list; undefined where a plain path led nowhere. */
export function listAt(expression: string, value: unknown): unknown[] | undefined {
	if (Array.isArray(value)) return value;
	if (value === undefined || value === null) return value === undefined && !PLAIN_PATH.test(expression) ? [] : undefined;
	return [value];
}

/**
 * @param where file and place in the profile
 */
export function rowsOf(values: readonly unknown[], where: string): Row[] {
	const wrong = values.findIndex((value) => !isRecord(value));
	if (wrong < 0) return values as Row[];
	throw new Failure('rejected', `${where}: item ${wrong + 1} of ${values.length} is ${shown(values[wrong])}, not a record`, { advice: 'Correct the profile there, so that it gives the list of the records themselves' });
}

export function noList(body: unknown, where: string, expression: string | undefined): Failure {
	const looked = expression === undefined ? `no list, nor one under ${USUAL.join(', ')}` : `no list at ${expression}`;
	const advice = expression === undefined ? 'Say in "items" where the list is' : `Correct the profile there. Where the API leaves the list out when it is empty, write $append([], ${expression})`;
	return new Failure('rejected', `${where}: the answer holds ${looked}; it is ${shown(body)}`, { advice });
}

/**
 * A record, or undefined when there is none: an object without fields is none. A list of one is that one.
 *
 * @throws Failure `rejected` for what is no record
 */
export function recordOf(value: unknown, where: string): Row | undefined {
	if (value === undefined || value === null || value === '' || (isRecord(value) && Object.keys(value).length === 0)) return undefined;
	if (Array.isArray(value) && value.length <= 1) return recordOf(value[0], where);
	if (isRecord(value)) return value;
	throw new Failure('rejected', `${where}: one record is expected, and ${shown(value)} came`, { advice: 'Say in "record" where in the answer the record is' });
}

/** A value in a few words. */
export function shown(value: unknown): string {
	if (value === undefined) return 'empty';
	if (Array.isArray(value)) return `a list of ${value.length}`;
	if (isRecord(value)) {
		const names = Object.keys(value);
		if (names.length === 0) return 'an object without fields';
		return `an object with ${names.slice(0, 8).map((name) => `"${cut(name, 40)}"`).join(', ')}${names.length > 8 ? ` and ${names.length - 8} more` : ''}`;
	}
	return typeof value === 'string' ? `the text "${cut(value.replace(/\s+/g, ' ').trim(), 80)}"` : String(value);
}

function cut(text: string, length: number): string {
	return text.length > length ? `${text.slice(0, length)}...` : text;
}
