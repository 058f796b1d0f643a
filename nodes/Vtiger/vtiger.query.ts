// Owns vtiger's query language: literals, lists short enough for a URL, paging by id. Text only, no network.
// Reference sections 1 (URL length), 6.10 and 7.
import { Failure } from '../core/failure';

/** Rows of a full page: default and maximum of the server, whatever limit is asked for. */
export const PAGE_ROWS = 100;
/** Encoded bytes of a condition; with columns and order the URL stays below Apache's 8190. */
const CONDITION_BYTES = 5_500;

/** A text in single quotes. Backslashes are doubled as well: measured on 8.4.0 and 8.0.0, a single one never matches. */
export function literal(value: string): string {
	// An empty literal is answered with INTERNAL_SERVER_ERROR, so it must never be asked for.
	if (value === '') throw new Failure('rejected', 'vtiger cannot be asked for an empty value');
	return `'${value.replace(/\\/g, '\\\\').replace(/'/g, "''")}'`;
}

/** A condition that one of several columns holds one of several values. */
export interface Among {
	column: string;
	values: readonly string[];
}

/** Bytes that text takes in a query string. */
function encodedLength(text: string): number {
	return new URLSearchParams({ q: text }).toString().length;
}

/**
 * Splits values into lists, each short enough for one query and not longer than a page, so that a list of
 * unique values is answered by one call.
 */
export function listsOf(values: readonly string[], limit = PAGE_ROWS): string[][] {
	const lists: string[][] = [];
	let size = 0;
	for (const value of new Set(values)) {
		if (value === '') continue;
		const bytes = encodedLength(`${literal(value)},`);
		const last = lists[lists.length - 1];
		if (!last || last.length >= limit || size + bytes > CONDITION_BYTES) {
			lists.push([value]);
			size = bytes;
		} else {
			last.push(value);
			size += bytes;
		}
	}
	return lists;
}

/** Splits items so that the conditions made of each part fit into one query. */
export function partsOf<T>(items: readonly T[], conditions: (item: T) => readonly Among[]): T[][] {
	const parts: T[][] = [];
	let size = 0;
	for (const item of items) {
		const bytes = encodedLength(conditions(item).flatMap(({ values }) => values.map((value) => (value ? `${literal(value)},` : ''))).join(''));
		const last = parts[parts.length - 1];
		if (!last || size + bytes > CONDITION_BYTES) {
			parts.push([item]);
			size = bytes;
		} else {
			last.push(item);
			size += bytes;
		}
	}
	return parts;
}

/** `a in ('x','y')`, one for each column that has values: branches of an `or`. */
export function branches(among: readonly Among[]): string[] {
	return among
		.map(({ column, values }) => ({ column, values: [...new Set(values)].filter((value) => value !== '') }))
		.filter(({ values }) => values.length > 0)
		.map(({ column, values }) => `${column} in (${values.map(literal).join(',')})`);
}

/**
 * One page, by ascending id. `or` binds weaker than `and` and brackets are not known, so the condition for the
 * page is repeated in every branch.
 *
 * @param or    branches, any of which must hold; none: all rows
 * @param after id of the last row of the page before; ids compare by number
 */
export function pageQuery(columns: readonly string[] | '*', module: string, or: readonly string[], after: string | undefined, rows = PAGE_ROWS): string {
	const beyond = after === undefined ? undefined : `id>${literal(after)}`;
	const conditions = or.length > 0 ? or.map((branch) => (beyond ? `${branch} and ${beyond}` : branch)) : beyond ? [beyond] : [];
	const where = conditions.length > 0 ? ` where ${conditions.join(' or ')}` : '';
	const selected = columns === '*' ? '*' : columns.join(',');
	return `select ${selected} from ${module}${where} order by id limit ${rows};`;
}
