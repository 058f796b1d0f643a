// Owns paging by ascending id: no row is skipped or repeated whatever is inserted meanwhile.
import { Failure } from './failure';

/**
 * Reads pages until one is not full. Each page holds the rows with an id beyond the last one.
 *
 * @param fetch the page after `last` (undefined: the first), ascending by id
 * @param full  rows of a full page; a shorter one is the last
 */
export async function* pagesById<T>(
	fetch: (last: string | undefined) => Promise<T[]>,
	id: (row: T) => string,
	full: number,
): AsyncGenerator<T[]> {
	let last: string | undefined;
	for (;;) {
		const rows = await fetch(last);
		if (rows.length > 0) yield rows;
		if (rows.length < full) return;
		const next = id(rows[rows.length - 1]!);
		if (next === last) {
			throw new Failure('rejected', `Paging stands still at id ${next}`, {
				advice: 'The server answered the same page twice; report its version',
			});
		}
		last = next;
	}
}

/** All rows of all pages, at most `limit`. */
export async function collect<T>(pages: AsyncIterable<T[]>, limit = Infinity): Promise<T[]> {
	const rows: T[] = [];
	for await (const page of pages) {
		rows.push(...page);
		if (rows.length >= limit) break;
	}
	return rows.length > limit ? rows.slice(0, limit) : rows;
}
