// Owns finding changed records without losing or repeating one: overlap, ties, seen set, bounded pages.
// Promise: every change is delivered at least once, and once as long as the record's content stays the same.
// Time is the server's, never this machine's.
import type { Document } from './documents';

/** Where a poll stands. Plain JSON: it is kept by the host between polls. */
export interface Cursor {
	/** Newest change seen, UTC ISO 8601 with seconds. */
	watermark: string;
	/** Fingerprints of what was delivered inside the overlap: id -> fingerprint. */
	seen: Record<string, { at: string; print: string }>;
	/** A window that one call could not finish: go on behind this id before the watermark moves. `since`: when it was opened, by the caller's clock. */
	open?: { from: string; afterId: string; newest: string; since?: number };
}

/** One row of a scan, before its document is read. */
export interface ChangedRow {
	id: string;
	/** UTC, ISO 8601. */
	modifiedAt: string;
	/** Changes whenever the content does: the modified time plus a hash where the time is too coarse. */
	print: string;
}

/** Covers long transactions that commit with an old stamp (reference odoo.md, section 3: 3..6 s for 1,500 rows; imports take minutes). */
export const DEFAULT_OVERLAP_MS = 5 * 60_000;

/** Records changed before `at` count as known. */
export function baseline(at: string): Cursor {
	return { watermark: at, seen: {} };
}

/** From when the next scan reads, inclusive. */
export function scanFrom(cursor: Cursor, overlapMs: number): string {
	return cursor.open?.from ?? iso(ms(cursor.watermark) - overlapMs);
}

/** The rows of a scan that were not delivered before. */
export function fresh(cursor: Cursor, rows: readonly ChangedRow[]): ChangedRow[] {
	return rows.filter((row) => cursor.seen[row.id]?.print !== row.print);
}

/**
 * The cursor after the rows of one scan page were delivered. Moves the watermark only when the window is done.
 *
 * A record behind which the scan has already gone may change while the window is open. So the watermark moves
 * only as far as the window's opening, told by how long it was open: a difference of this machine's clock, which
 * need not agree with the server's.
 *
 * @param rows     all rows of the page, delivered or known
 * @param complete whether the window has no further page
 * @param now      ms by the caller's clock; needed wherever a window may stay open from one poll to the next
 */
export function advance(cursor: Cursor, rows: readonly ChangedRow[], complete: boolean, overlapMs: number, now?: number): Cursor {
	const seen = { ...cursor.seen };
	for (const row of rows) seen[row.id] = { at: row.modifiedAt, print: row.print };
	const newest = rows.reduce((max, row) => (ms(row.modifiedAt) > ms(max) ? row.modifiedAt : max), cursor.open?.newest ?? cursor.watermark);
	if (!complete) {
		const last = rows[rows.length - 1];
		const afterId = last?.id ?? cursor.open?.afterId ?? '';
		return { watermark: cursor.watermark, seen, open: { from: scanFrom(cursor, overlapMs), afterId, newest, since: cursor.open?.since ?? now } };
	}
	const openFor = cursor.open?.since === undefined || now === undefined ? 0 : Math.max(0, now - cursor.open.since);
	const watermark = iso(Math.max(ms(cursor.watermark), ms(newest) - openFor));
	const oldest = ms(watermark) - overlapMs;
	const kept = Object.fromEntries(Object.entries(seen).filter(([, entry]) => ms(entry.at) >= oldest));
	return { watermark, seen: kept };
}

function ms(at: string): number {
	return Date.parse(at);
}

/** Milliseconds since 1970 as UTC, ISO 8601, whole seconds (cut, not rounded): text order is time order. */
export function iso(time: number): string {
	return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** A short stable fingerprint of any JSON value (FNV-1a, 64 bits in two halves): not for security. */
export function fingerprint(value: unknown): string {
	const text = JSON.stringify(value) ?? '';
	let a = 0x811c9dc5;
	let b = 0x1b873593;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		a = Math.imul(a ^ code, 0x01000193) >>> 0;
		b = Math.imul(b ^ ((code << 7) | i), 0x85ebca6b) >>> 0;
	}
	return a.toString(16).padStart(8, '0') + b.toString(16).padStart(8, '0');
}

/** Whether a document belongs to a record of the other system. */
export function isLinked(document: Document): boolean {
	if (document.kind === 'invoice') return document.customerSourceKey !== undefined || document.orders.some((order) => order.sourceKey !== undefined);
	return document.refs.length > 0 || document.link?.key !== undefined || document.link?.number !== undefined;
}
