// Owns what 1C's values look like inside the simulator: empties, guids, dates, versions (reference 3).
// Must not know: sets, requests, formats.
import { createHash } from 'node:crypto';

export type Value = string | number | boolean | null;

/** A record as JSON without metadata shows it: every property present, Int64 as text, table parts as arrays of rows. */
export interface Row {
	[property: string]: Value | Row[];
}

export const ZERO_GUID = '00000000-0000-0000-0000-000000000000';
export const EMPTY_DATE = '0001-01-01T00:00:00';
export const UNDEFINED = 'StandardODATA.Undefined';
/** What every type name of a published object begins with in a `_Type` value. */
export const TYPE_PREFIX = 'StandardODATA.';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;

export const isGuid = (text: string): boolean => GUID.test(text);
export const isDate = (text: string): boolean => DATE.test(text) && !Number.isNaN(Date.parse(`${text}Z`));

/** The empty value of an EDM type; '' for text. */
export function emptyOf(type: string): Value {
	switch (type) {
		case 'Edm.DateTime':
			return EMPTY_DATE;
		case 'Edm.Boolean':
			return false;
		case 'Edm.Guid':
			return ZERO_GUID;
		case 'Edm.Int64':
			return '0';
		case 'Edm.Stream':
		case 'Edm.Binary':
			return null;
		case 'Edm.String':
			return '';
		default:
			return 0;
	}
}

/** A guid made from text: the same text, the same guid. */
export function guidFrom(text: string): string {
	const hex = createHash('sha1').update(text).digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-11f1-8${hex.slice(13, 16)}-${hex.slice(16, 28)}`;
}

/** The base's wall clock as 1C writes it: no zone, no milliseconds. The simulator's base lives in UTC. */
export const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

/** Text of a property, '' when it is not there or is no scalar. */
export function text(row: Row | undefined, name: string): string {
	const value = row?.[name];
	return value === undefined || value === null || Array.isArray(value) ? '' : String(value);
}

/** The rows of a table part; empty when there is none. */
export function part(row: Row | undefined, name: string): Row[] {
	const value = row?.[name];
	return Array.isArray(value) ? value : [];
}

/** A copy that shares nothing. */
export function copyRow(row: Row): Row {
	const copy: Row = {};
	for (const [name, value] of Object.entries(row)) copy[name] = Array.isArray(value) ? value.map(copyRow) : value;
	return copy;
}
