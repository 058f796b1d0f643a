// Owns one field of one record on its way into 1C: what is sent, whether the record already holds it, and how a person
// reads it. No network, no documents.
import { Failure } from '../core/failure';
import { big, decimalText, rounded } from '../core/money';
import { EMPTY_REF, markedKey, reference, sameRef, withMark } from './onec.keys';
import type { Property } from './onec.metadata';
import type { Row } from './onec.wire';

export interface Cell {
	field: string;
	/** What is sent; some values depend on what stands there. */
	write(current?: unknown): unknown;
	same(current: unknown): boolean;
	show(current: unknown): string | undefined;
	/** The new value as a person reads it. */
	shown: string;
}

/** What 1C pads to a fixed length, and line ends as the platform has them. */
export function plainText(value: unknown): string {
	return typeof value === 'string' ? value.replace(/\r\n?/g, '\n').trimEnd() : typeof value === 'number' ? String(value) : '';
}

/** Lengths that columns of 1C have: a stored text of exactly such a length that the given one begins with was cut. */
const USUAL_LENGTHS = new Set([10, 20, 25, 30, 50, 64, 100, 128, 150, 200, 250, 255, 256, 300, 500, 1000, 1024, 1500, 2000]);

/** Whether 1C keeps the beginning of the text only: over-long text is cut silently (reference 6). */
export function isCut(current: unknown, value: string): boolean {
	const stored = typeof current === 'string' ? current.replace(/\r\n?/g, '\n') : '';
	return stored.length < value.length && USUAL_LENGTHS.has(stored.length) && value.startsWith(stored);
}

export function textCell(field: string, value: string, normal: (text: string) => string = (text) => text): Cell {
	const wanted = plainText(value);
	return { field, write: () => wanted, shown: wanted, same: (current) => normal(plainText(current)) === normal(wanted) || isCut(current, wanted), show: (current) => plainText(current) || undefined };
}

export function booleanCell(field: string, value: boolean): Cell {
	return { field, write: () => value, shown: String(value), same: (current) => (current === true) === value, show: (current) => String(current === true) };
}

/** Decimal text of what 1C answered; numbers of JavaScript hold the 15 digits of its columns exactly. */
export function decimalOf(value: unknown): string {
	return (typeof value === 'number' || typeof value === 'string' ? decimalText(value) : undefined) ?? '0';
}

/** A decimal as the JSON number that 1C expects: text is taken for a number of another kind silently (reference 6). */
export function toNumber(value: string): number {
	const number = Number(value);
	if (big(value).eq(big(decimalOf(number)))) return number;
	throw new Failure('rejected', `The number ${value} has more digits than can be sent to 1C exactly`, { advice: 'Correct it at its source' });
}

export function numberCell(field: string, value: string): Cell {
	const wanted = big(value);
	return { field, write: () => toNumber(value), shown: decimalOf(value), same: (current) => big(decimalOf(current)).eq(wanted), show: decimalOf };
}

/** A reference; undefined empties it. */
export function refCell(field: string, id: string | undefined, label?: string): Cell {
	const wanted = id ?? EMPTY_REF;
	return { field, write: () => wanted, shown: label ?? wanted, same: (current) => sameRef(current, wanted), show: (current) => reference(current) };
}

/** @param wallClock `2026-10-01T12:00:00` or a day */
export function dateCell(field: string, wallClock: string): Cell {
	const wanted = wallClock.length === 10 ? `${wallClock}T00:00:00` : wallClock;
	return { field, write: () => wanted, shown: wallClock, same: (current) => plainText(current) === wanted, show: (current) => (plainText(current).startsWith('0001-') ? undefined : plainText(current) || undefined) };
}

/** The comment with our key's mark at its end; what people write before it is theirs. */
export function markCell(field: string, key: string, text = ''): Cell {
	return {
		field,
		write: (current) => withMark(plainText(current) || text, key),
		shown: withMark(text, key),
		same: (current) => markedKey(plainText(current)) === key,
		show: (current) => plainText(current) || undefined,
	};
}

/** Any value as it is. */
export function fixedCell(field: string, value: unknown): Cell {
	if (typeof value === 'string') return textCell(field, value);
	if (typeof value === 'boolean') return booleanCell(field, value);
	if (typeof value === 'number') return numberCell(field, decimalOf(value));
	return { field, write: () => value, shown: JSON.stringify(value), same: (current) => JSON.stringify(current) === JSON.stringify(value), show: (current) => JSON.stringify(current) };
}

/** The cells that differ from what the record holds. */
export function differing(cells: readonly Cell[], row: Row): Cell[] {
	return cells.filter((cell) => !cell.same(row[cell.field]));
}

/** What a change looks like to a person: field -> before and after. */
export function describeChanges(cells: readonly Cell[], row?: Row, prefix = ''): Record<string, { before?: string; after?: string }> {
	return Object.fromEntries(cells.map((cell) => [prefix + cell.field, { ...(row ? { before: cell.show(row[cell.field]) } : {}), after: cell.shown }]));
}

/** The cells as the body of a request. */
export function bodyOf(cells: readonly Cell[], row?: Row): Row {
	return Object.fromEntries(cells.map((cell) => [cell.field, cell.write(row?.[cell.field])]));
}

/** Which texts 1C has cut: told as notes, the record is written all the same. */
export function cutNotes(cells: readonly Cell[], row: Row, of = ''): string[] {
	return cells.flatMap((cell) => {
		const sent = cell.write(row[cell.field]);
		const stored = row[cell.field];
		return typeof sent === 'string' && isCut(stored, sent) ? [`1C keeps only ${plainText(stored).length} characters of ${of}${cell.field}: "${plainText(stored)}"`] : [];
	});
}

/** A value for a property of the metadata, or undefined when it does not fit. */
export function propertyCell({ name, type }: Property, value: unknown): Cell | undefined {
	if (value === null || value === '') return emptyCell(name, type);
	switch (type) {
		case 'Boolean':
			return typeof value === 'boolean' ? booleanCell(name, value) : undefined;
		case 'Guid':
			return typeof value === 'string' && (reference(value) !== undefined || value === EMPTY_REF) ? refCell(name, value) : undefined;
		case 'DateTime':
			return typeof value === 'string' && /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?$/.test(value) ? dateCell(name, value) : undefined;
		case 'Int16':
		case 'Int32':
		case 'Double':
		case 'Int64': {
			const given = typeof value === 'number' || typeof value === 'string' ? decimalText(value) : undefined;
			if (given === undefined || (type !== 'Double' && !/^-?\d+$/.test(given))) return undefined;
			return type === 'Int64' ? { ...numberCell(name, given), write: () => given } : numberCell(name, given);
		}
		case 'rows':
			return Array.isArray(value) ? fixedCell(name, value) : undefined;
		case 'String':
			return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? textCell(name, String(value)) : undefined;
		default:
			return undefined;
	}
}

function emptyCell(name: string, type: string): Cell {
	const empty: Record<string, unknown> = { Boolean: false, Guid: EMPTY_REF, DateTime: '0001-01-01T00:00:00', Int64: '0', Int16: 0, Int32: 0, Double: 0, rows: [] };
	const wanted = type in empty ? empty[type] : '';
	return { field: name, write: () => wanted, shown: '', same: (current) => current === wanted || (typeof wanted === 'string' && plainText(current) === wanted), show: (current) => plainText(current) || undefined };
}

/** Decimal text rounded half up to the column's places, without trailing zeros. */
export function toPlaces(value: string, places: number): string {
	return decimalOf(rounded(value, places));
}
