// Owns what a stream remembers of what it gave: short hashes of ids and contents, a bounded number of them. Pure.
import { createHash } from 'node:crypto';

/** Hash of an id -> hash of the content. */
export type Memory = Record<string, string>;

/** Of what was acknowledged: enough to tell noise (objects that were written without being changed) from changes. */
export const MOST_REMEMBERED = 2_000;
const ID_LENGTH = 14;
const CONTENT_LENGTH = 16;

export function idHash(...parts: readonly string[]): string {
	return createHash('sha256').update(parts.join('\u0000')).digest('base64url').slice(0, ID_LENGTH);
}

/**
 * The same for the same content, whatever the order of its properties: that is arbitrary in packets (reference 3). The
 * version is left out, which moves with every write, even one that changes nothing.
 */
export function contentHash(value: unknown): string {
	return createHash('sha256').update(JSON.stringify(ordered(value)) ?? '').digest('base64url').slice(0, CONTENT_LENGTH);
}

function ordered(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(ordered);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'DataVersion').sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, ordered(inner)]));
}

/** The newest of both; `newer` is kept whole as far as the bound goes. */
export function merged(older: Memory, newer: Memory, most = MOST_REMEMBERED): Memory {
	const rest = Object.entries(older).filter(([id]) => !(id in newer));
	return Object.fromEntries([...rest, ...Object.entries(newer)].slice(-most));
}
