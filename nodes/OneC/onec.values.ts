// Owns 1C's values and their meaning for documents: empty ones, padded texts, numbers, and wall clock times (reference 3).
// Knows no set and no call.
import Big from 'big.js';
import { Failure } from '../core/failure';
import type { Codec } from '../core/mapping';
import { decimalText } from '../core/money';
import { EMPTY_GUID, isGuid } from './onec.literals';

/** A date that is not filled in. */
export const EMPTY_DATE = '0001-01-01T00:00:00';
const EMPTY_YEAR = '0001';
const MONTH_MS = 31 * 86_400_000;

/** A text without the blanks that 1C pads fixed-length ones with; undefined when nothing is left. */
export function text(value: unknown): string | undefined {
	return typeof value === 'string' ? value.trim() || undefined : undefined;
}

/** The id a reference points to; undefined for the empty one. */
export function reference(value: unknown): string | undefined {
	return isGuid(value) && value !== EMPTY_GUID ? value.toLowerCase() : undefined;
}

/** A number as decimal text: JSON numbers, and the texts in which 1C writes long whole ones. */
export function decimal(value: unknown): string | undefined {
	return typeof value === 'number' || typeof value === 'string' ? decimalText(typeof value === 'string' ? value.trim() : value) : undefined;
}

/** A whole number that 1C writes as text (`LineNumber`, message numbers) or as a number. */
export function whole(value: unknown): number | undefined {
	const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value.trim()) ? Number(value) : value;
	return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/**
 * A decimal as the JSON number that 1C expects.
 *
 * @throws Failure `rejected` when a JSON number would not hold it exactly
 */
export function jsonNumber(value: string): number {
	const number = Number(value);
	if (Number.isFinite(number) && new Big(number).eq(new Big(value))) return number;
	throw new Failure('rejected', `The number ${value} has more digits than 1C's interface can carry`, { advice: 'Round it at its source' });
}

/** Whether a date is filled in. */
export function isDate(value: unknown): value is string {
	return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) && !value.startsWith(EMPTY_YEAR);
}

/** The calendar day of a 1C date, as it stands on the infobase's wall: `2026-10-01`. */
export function day(value: unknown): string | undefined {
	return isDate(value) ? value.slice(0, 10) : undefined;
}

/**
 * The infobase's wall clock time for a moment or a text.
 *
 * @param value `2026-10-01`, `2026-10-01T12:00:00` (both kept as they are), or a time with a zone, which is converted
 * @param zone  IANA name
 * @returns `2026-10-01T15:00:00`; undefined when the text is no date
 */
export function wallClock(value: string | number, zone: string): string | undefined {
	if (typeof value === 'number') return Number.isFinite(value) ? local(value, zone) : undefined;
	const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(value.trim());
	if (!match) return undefined;
	const [, date, time = '00:00', seconds = ':00', offset] = match;
	const plain = `${date}T${time}${seconds}`;
	const moment = Date.parse(`${plain}${offset ? offset.toUpperCase() : 'Z'}`);
	// A day that no calendar has is moved on by `Date.parse`, or refused.
	if (Number.isNaN(moment) || (!offset && new Date(moment).toISOString().slice(0, 19) !== plain)) return undefined;
	return offset ? local(moment, zone) : plain;
}

/** The moment of a wall clock time in UTC, ISO 8601 with seconds; undefined for an empty date. */
export function utc(value: unknown, zone: string): string | undefined {
	const ms = momentOf(value, zone);
	return ms === undefined ? undefined : `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The same in milliseconds since 1970. In an hour that the clock repeats, the first one. */
export function momentOf(value: unknown, zone: string): number | undefined {
	if (!isDate(value)) return undefined;
	const asUtc = Date.parse(`${value.length === 10 ? `${value}T00:00:00` : value.slice(0, 19)}Z`);
	if (Number.isNaN(asUtc)) return undefined;
	const guess = asUtc - offsetMs(asUtc - offsetMs(asUtc, zone), zone);
	const earlier = asUtc - offsetMs(guess - 3 * 3_600_000, zone);
	return local(earlier, zone) === local(asUtc, 'UTC') ? Math.min(guess, earlier) : guess;
}

function local(ms: number, zone: string): string {
	return new Date(ms + offsetMs(ms, zone)).toISOString().slice(0, 19);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the zone's clock shows more than UTC's, at a moment. */
function offsetMs(ms: number, zone: string): number {
	if (zone === 'UTC') return 0;
	const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' });
	formats.set(zone, format);
	const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
	const shown = Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second);
	const offset = shown - Math.floor(ms / 1000) * 1000;
	// Years before our era come back without a sign: no such date is a document's.
	return Math.abs(offset) < MONTH_MS ? offset : 0;
}

/** Rows of a field table. */
export const codecs = {
	text: { toSystem: (value) => String(value), fromSystem: text },
	reference: { toSystem: (value) => value || EMPTY_GUID, fromSystem: reference },
	decimal: { toSystem: (value) => jsonNumber(String(value)), fromSystem: decimal },
	whole: { toSystem: (value) => String(value), fromSystem: whole },
	day: { toSystem: (value) => `${String(value).slice(0, 10)}T00:00:00`, fromSystem: day },
	flag: { toSystem: (value) => value === true || value === 'true', fromSystem: (value) => (typeof value === 'boolean' ? value : undefined) },
} as const satisfies Record<string, Codec>;

/** Moments, in the infobase's zone. */
export function momentCodec(zone: string): Codec {
	return { toSystem: (value) => wallClock(String(value), zone) ?? EMPTY_DATE, fromSystem: (value) => utc(value, zone) };
}
