// Owns how a query and a call of a function are written into 1C's address (reference 5). Sends nothing.
import { isRecord } from '../core/mapping';
import { fitsPath, type OnecRequest } from './onec.wire';

export interface Query {
	filter?: string;
	/** Field names; nothing: all fields with all table parts. */
	select?: string | readonly string[];
	/** References to bring along. Each must be in `select` too, when that is given: 1C drops it silently otherwise. */
	expand?: string | readonly string[];
	/** `Date desc,Ref_Key`. */
	orderby?: string;
	top?: number;
	skip?: number;
	/** Leave out what the user may not see, instead of refusing the whole answer. */
	allowedOnly?: boolean;
}

/** The query's parameters as 1C calls them. */
export function queryText(query: Query): Record<string, string> {
	const select = list(query.select);
	const expand = list(query.expand);
	return {
		...(query.filter ? { $filter: query.filter } : {}),
		...(select.length ? { $select: [...new Set([...select, ...expand.map(first)])].join(',') } : {}),
		...(expand.length ? { $expand: expand.join(',') } : {}),
		...(query.orderby ? { $orderby: query.orderby } : {}),
		...(query.top === undefined ? {} : { $top: String(query.top) }),
		...(query.skip ? { $skip: String(query.skip) } : {}),
		...(query.allowedOnly ? { allowedOnly: 'true' } : {}),
	};
}

export function list(value: string | readonly string[] | undefined): string[] {
	const names = typeof value === 'string' ? value.split(',') : [...(value ?? [])];
	return names.map((name) => name.trim()).filter(Boolean);
}

/** A navigation that is not selected is silently not expanded (reference 5). */
function first(path: string): string {
	return path.split('/')[0]!;
}

/** Both ways to ask for a number of records. */
export function countQuery(filter: string | undefined, allowedOnly: boolean | undefined): { inline: Record<string, string>; plain: Record<string, string> } {
	const plain = queryText({ filter, allowedOnly });
	return { inline: { ...plain, $top: '0', $inlinecount: 'allpages' }, plain };
}

/** `odata.count` of an answer, or the bare number of `/$count`; 1C writes both as text. */
export function countOf(body: unknown): number | undefined {
	const value = isRecord(body) ? body['odata.count'] : body;
	return /^\d+$/.test(String(value)) ? Number(value) : undefined;
}

/**
 * A call of a virtual table. Its arguments stand in the path; one that is too long for a path, or holds what cannot
 * travel there, makes all of them go into the query, which 1C reads as well (reference 5).
 */
export function functionRequest(set: string, fn: string, args: Readonly<Record<string, string>>, query: Query): OnecRequest {
	const given = Object.entries(args).filter(([, literal]) => literal !== '');
	const segment = `${fn}(${given.map(([name, literal]) => `${name}=${literal}`).join(',')})`;
	const inPath = fitsPath(segment);
	return {
		method: 'GET',
		path: inPath ? `${set}/${segment}` : `${set}/${fn}()`,
		query: { ...queryText(query), ...(inPath ? {} : Object.fromEntries(given)) },
		patience: 'slow',
	};
}
