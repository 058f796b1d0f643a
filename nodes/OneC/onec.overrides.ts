// Owns the check of every name before it is sent: 1C takes unknown ones and answers 200 (reference 6). The user's field
// overrides and the profile's own fields, against what the base publishes.
import { asFailure, Failure } from '../core/failure';
import { evaluateOverrides, isRecord, type OverrideRow } from '../core/mapping';
import { nearest } from '../core/patch';
import { type Cell, propertyCell } from './onec.cells';
import type { Properties } from './onec.metadata';
import type { Services } from './onec.services';

/** What is known of a set's names. `undefined`: the metadata could not be read, reading back has to tell. */
export type Names = Properties | undefined;

/**
 * The names of a set.
 *
 * @param needed the user's own names are to be checked: then it must not be guessed
 */
export async function namesOf(services: Services, set: string, needed = false): Promise<Names> {
	try {
		return await services.metadata.properties(set);
	} catch (error) {
		const failure = asFailure(error);
		// $metadata may be broken, or half there while the composition is applied anew, and all the rest work (reference 2).
		if (!needed && (failure.kind === 'transient' || failure.kind === 'rejected' || failure.kind === 'unknown' || failure.kind === 'missing')) return undefined;
		throw failure;
	}
}

/** The names of the rows of a table part. */
export function rowNames(names: Names, part: string): Names {
	return names?.get(part)?.rows;
}

/**
 * The override rows of one document as cells of a set.
 *
 * @throws Failure `rejected` for a property that the set lacks, or a value that does not fit its type
 */
export async function overrideCells(rows: readonly OverrideRow[] | undefined, document: unknown, source: unknown, set: string, services: Services, record: string): Promise<Cell[]> {
	if (!rows?.length) return [];
	const names = await services.metadata.properties(set);
	for (const { field } of rows) checkName(field, set, names, record);
	const values = await evaluateOverrides(rows, document, source, record);
	return Object.entries(values).map(([name, value]) => {
		const property = names.get(name)!;
		const cell = property.type === 'rows' && !rowsFit(value, property.rows) ? undefined : propertyCell(property, value);
		if (cell) return cell;
		throw new Failure('rejected', `Field override: ${JSON.stringify(value)} does not fit "${name}" (${property.type === 'rows' ? 'table part' : property.type})`, { record, advice: expectation(property.type) });
	});
}

function checkName(name: string, set: string, names: Properties, record: string): void {
	const property = names.get(name);
	if (property && !property.key && name !== 'DataVersion') return;
	const near = nearest(name, names.keys());
	const advice = near && near !== name ? `Did you mean "${near}"? 1C would have ignored the value without a word, so nothing was sent` : 'Choose the field from the list. 1C would have ignored the value without a word, so nothing was sent';
	throw new Failure('rejected', property ? `Field override: "${name}" cannot be written` : `Field override: ${set} has no field "${name}"`, { record, advice });
}

function rowsFit(value: unknown, rows: Properties | undefined): boolean {
	return Array.isArray(value) && value.every((row, i) => isRecord(row) && row.LineNumber === String(i + 1) && Object.keys(row).every((name) => !rows || rows.size === 0 || rows.has(name)));
}

const EXPECTED: Record<string, string> = {
	Guid: 'Give the ID (Ref_Key) of the record in 1C',
	Boolean: 'true or false is expected',
	DateTime: 'Give a date as 1C keeps it, without a zone: 2026-10-01T12:00:00',
	rows: 'Give the list of all rows, each with LineNumber "1", "2", ... and fields that the rows have',
};

function expectation(type: string): string {
	return EXPECTED[type] ?? (type === 'String' ? 'A text is expected' : type === 'Stream' || type === 'Binary' ? 'Use the operation "Upload File"' : 'A number is expected');
}

/** An override wins over the mapping. */
export function withOverrides(cells: readonly Cell[], overrides: readonly Cell[]): Cell[] {
	const names = new Set(overrides.map((cell) => cell.field));
	return [...cells.filter((cell) => !names.has(cell.field)), ...overrides];
}

/** Leaves out what this release of the configuration does not have. */
export function present(cells: readonly Cell[], names: Names): Cell[] {
	return names ? cells.filter((cell) => names.has(cell.field)) : [...cells];
}

/**
 * The profile's fields without which a document would be wrong.
 *
 * @param fields the profile's word -> the field: `{ price: 'Цена' }`
 * @throws Failure `rejected` that names the place in the profile and what the base has instead
 */
export function checkProfileFields(role: string, fields: Readonly<Record<string, string | undefined>>, names: Names, of: string): void {
	if (!names || names.size === 0) return;
	for (const [word, field] of Object.entries(fields)) {
		if (field === undefined || names.has(field)) continue;
		const near = nearest(field, names.keys());
		throw new Failure('rejected', `${of} has no field "${field}" in this infobase (configuration profile: ${role}.${word})`, {
			advice: `Name the field in the credential's "Configuration Overrides", e.g. {"${role}":{"${word}":"${near ?? '...'}"}}`,
		});
	}
}
