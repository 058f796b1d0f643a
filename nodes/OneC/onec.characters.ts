// Owns which characters may reach 1C: one that XML does not allow (0x02, pasted in with a text) would make every later
// packet of an exchange plan unreadable (reference 7). Pure.
import { isRecord } from '../core/mapping';

/** Control characters but for tab and line ends, halves of surrogate pairs, and the two non-characters (XML 1.0, 2.2). */
const ILLEGAL = new RegExp('[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\ufffe\\uffff]|[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]', 'g');

/** A copy without them, however deep they stand; other values as they are. */
export function legal<T>(value: T): T {
	return cleaned(value) as T;
}

function cleaned(value: unknown): unknown {
	if (typeof value === 'string') return value.replace(ILLEGAL, '');
	if (Array.isArray(value)) return value.map(cleaned);
	if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cleaned(member)]));
	return value;
}
