// Owns how a record of another system is named in 1C: our own Ref_Key, and the mark in the comment that gives the key
// back. No network.
import { uuid5 } from '../core/uuid';
import { parseKey } from '../core/keys';

/** Namespace of all Ref_Keys of this pack. Never changes: keys last for ever. */
export const NAMESPACE = '6f1c8e5a-2b0d-5c47-9a53-1c0de1c0de1c';
export const EMPTY_REF = '00000000-0000-0000-0000-000000000000';
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The Ref_Key of the record that stands for a key: `vtiger:Quotes:4x38`.
 *
 * @param part another record of the same key: `partner`, `contract`, `line:2`
 */
export function refKey(key: string, part?: string): string {
	return uuid5(part === undefined ? key : `${key}#${part}`, NAMESPACE);
}

export function isGuid(value: unknown): value is string {
	return typeof value === 'string' && GUID.test(value);
}

/** A reference that points somewhere, in lower case. */
export function reference(value: unknown): string | undefined {
	return isGuid(value) && value !== EMPTY_REF ? value.toLowerCase() : undefined;
}

export function sameRef(a: unknown, b: unknown): boolean {
	return (reference(a) ?? EMPTY_REF) === (reference(b) ?? EMPTY_REF);
}

const MARK = /\s*\[([^[\]\s:]+:[^[\]\s:]+:[^[\]]+)\]\s*$/;

/** `[vtiger:Quotes:4x38]` */
export function commentMark(key: string): string {
	return `[${key}]`;
}

/** The comment with the mark at its end, replacing one that stands there; what people wrote before it stays. */
export function withMark(comment: string | undefined, key: string): string {
	const text = withoutMark(comment);
	return text ? `${text} ${commentMark(key)}` : commentMark(key);
}

/** What people wrote. */
export function withoutMark(comment: string | undefined): string {
	return (comment ?? '').replace(MARK, '').trimEnd();
}

/** The key at a comment's end. Believe it only on a record with our Ref_Key, or one found by its slot: people copy documents. */
export function markedKey(comment: string | undefined): string | undefined {
	const key = MARK.exec(comment ?? '')?.[1];
	return key && parseKey(key) ? key : undefined;
}

/** Whether the record carries the Ref_Key that its own mark stands for: then the mark is not a copy. */
export function ownKey(refKeyThere: unknown, comment: string | undefined): string | undefined {
	const key = markedKey(comment);
	return key && sameRef(refKeyThere, refKey(key)) ? key : undefined;
}
