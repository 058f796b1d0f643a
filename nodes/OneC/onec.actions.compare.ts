// Owns the question whether what stands in 1C equals what would be written. Pure.
import { isRecord } from '../core/mapping';
import type { Row } from './onec.wire';

/** The properties of `body` that differ from those of `row`: only what is named is compared. */
export function differences(row: Row, body: Row): Row {
	return Object.fromEntries(Object.entries(body).filter(([name, value]) => !equal(row[name], value)));
}

/** Whether a table part holds these rows, in order, as far as columns are given. */
export function equalRows(kept: unknown, rows: readonly Row[]): boolean {
	return Array.isArray(kept) && kept.length === rows.length && rows.every((row, index) => isRecord(kept[index]) && Object.keys(differences(kept[index], row)).length === 0);
}

/** Padded texts equal bare ones, numbers their text, ids without regard to letters (reference 3). */
function equal(kept: unknown, given: unknown): boolean {
	if (Array.isArray(given)) return given.every(isRecord) && equalRows(kept, given);
	if (isRecord(given)) return JSON.stringify(kept) === JSON.stringify(given);
	if (kept === undefined) return false;
	const one = flat(kept);
	const other = flat(given);
	if (one === other) return true;
	const numbers = typeof kept === 'number' || typeof given === 'number';
	return numbers && one !== '' && other !== '' && Number(one) === Number(other);
}

function flat(value: unknown): string {
	const text = value === null || value === undefined ? '' : String(value).trimEnd();
	return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : text;
}
