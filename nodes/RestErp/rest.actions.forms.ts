// Owns finding what a body holds as a list only as long as there are several: an expression that gives a list of two
// gives, without brackets, one of them alone when there is no other. Pure.
import type { Document } from '../core/documents';
import { isRecord } from '../core/values';

/** The same document with one of its lines or contacts, and with two; nothing where it has none. */
export function oneAndTwo(document: Document): [Document, Document] | undefined {
	const name = 'lines' in document ? 'lines' : 'contacts' in document ? 'contacts' : undefined;
	const [first, second] = name ? ((document as unknown as Record<string, Array<{ key: string }>>)[name] ?? []) : [];
	if (!name || !first) return undefined;
	return [{ ...document, [name]: [first] }, { ...document, [name]: [first, second ?? { ...first, key: `${first.key} 2` }] }];
}

/** Paths at which the second is a list and the first is none: `order.lines`. */
export function listsOfSeveral(one: unknown, two: unknown, path = ''): string[] {
	if (Array.isArray(two) && !Array.isArray(one)) return one === undefined || one === null ? [] : [path];
	if (Array.isArray(one) && Array.isArray(two)) return listsOfSeveral(one[0], two[0], path);
	if (!isRecord(one) || !isRecord(two)) return [];
	return Object.keys(one).flatMap((name) => listsOfSeveral(one[name], two[name], path ? `${path}.${name}` : name));
}
