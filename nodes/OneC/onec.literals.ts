// Owns how values are written inside 1C's URLs: filters, keys and arguments of functions. Knows no set and no call.
import { Failure } from '../core/failure';

/** The reference that points to nothing. */
export const EMPTY_GUID = '00000000-0000-0000-0000-000000000000';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** 1C refuses a year of less than four digits (reference 5). */
const WALL_CLOCK = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(?:\.\d+)?)?$/;

export function isGuid(value: unknown): value is string {
	return typeof value === 'string' && GUID.test(value);
}

/**
 * `guid'…'` of an id such as `8f6a…`.
 *
 * @throws Failure `rejected` when it is none: 1C would answer "cannot parse", or nothing at all
 */
export function guid(id: string): string {
	if (isGuid(id)) return `guid'${id.toLowerCase()}'`;
	throw new Failure('rejected', `"${id}" is not the ID of a record in 1C`, { advice: 'An ID looks like 8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f (Ref_Key)' });
}

/** `'…'` with the apostrophes inside doubled. */
export function text(value: string): string {
	return `'${value.replace(/'/g, "''")}'`;
}

/**
 * `datetime'2026-10-01T12:00:00'`.
 *
 * @param wallClock the infobase's own time, without a zone: `2026-10-01`, `2026-10-01T12:00` or with seconds
 */
export function datetime(wallClock: string): string {
	const match = WALL_CLOCK.exec(wallClock.trim());
	if (!match) throw new Failure('rejected', `"${wallClock}" is not a date as 1C keeps it`, { advice: 'Expected year, month and day, and the time of day without a zone: 2026-10-01T12:00:00' });
	return `datetime'${match[1]}T${match[2] ?? '00:00'}${match[3] ?? ':00'}'`;
}

/** A reference as an attribute of several types is compared with: a plain `guid` finds nothing, silently (reference 5). */
export function refTo(set: string, id: string): string {
	return `cast(${guid(id)},${text(set)})`;
}

/** Conditions that must all hold; the empty ones are left out. Nothing: undefined. */
export function allOf(...conditions: ReadonlyArray<string | undefined>): string | undefined {
	const given = conditions.filter((condition): condition is string => Boolean(condition));
	return given.length > 1 ? given.map((condition) => `(${condition})`).join(' and ') : given[0];
}

/** Conditions of which one must hold; at least one is given. */
export function anyOf(conditions: readonly string[]): string {
	if (conditions.length === 0) throw new RangeError('No condition was given, which 1C has no word for');
	return conditions.length > 1 ? conditions.map((condition) => `(${condition})`).join(' or ') : conditions[0]!;
}

/** An id, or the parts of a composite key as literals: `{ Recorder: guid(id), LineNumber: '1' }`. */
export type Key = string | Readonly<Record<string, string>>;

/** `guid'…'` or `A=…,B=…`: what stands between the brackets behind a set's name. */
export function keyText(key: Key): string {
	if (typeof key === 'string') return guid(key);
	return Object.entries(key).map(([name, literal]) => `${name}=${literal}`).join(',');
}

/** A literal read back: `guid'…'`, `datetime'…'` and `'…'` give what they hold. */
export function literalValue(literal: string): string {
	const match = /^(?:guid|datetime)?'(.*)'$/s.exec(literal);
	return match ? match[1]!.replace(/''/g, "'") : literal;
}
