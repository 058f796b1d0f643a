// Owns field tables (canonical path <-> system field, both directions) and the user's field overrides.
// Mapping is rows, not code. No n8n, no network.
import { compileExpression, ExpressionFault } from './expressions';
import { Failure } from './failure';
import { setAt, valueAt } from './values';

export { isRecord, setAt, valueAt } from './values';

/** Turns a canonical value into the system's and back. */
export interface Codec {
	/** Never called with undefined. */
	toSystem(value: unknown): unknown;
	/** undefined when the system holds nothing. */
	fromSystem(value: unknown): unknown;
}

export interface FieldRow {
	/** Path in the document: `billing.city`. */
	path: string;
	/** The system's field. */
	field: string;
	codec?: Codec;
	/** The column's length, where the system cuts silently. */
	maxLength?: number;
	/** Read but never written. */
	readOnly?: boolean;
}

/** A field of a module as the system describes it, for pickers. */
export interface FieldInfo {
	name: string;
	label: string;
	type: 'text' | 'number' | 'boolean' | 'date' | 'dateTime' | 'option' | 'reference' | 'other';
	required: boolean;
	writable: boolean;
	custom: boolean;
	options?: Array<{ value: string; label: string }>;
	referenceTo?: string[];
}

/** One row of "Field overrides": a target field and where its value comes from. */
export interface OverrideRow {
	/** The target system's field name. */
	field: string;
	source: 'documentField' | 'expression';
	/** Canonical path, for `documentField`. */
	path?: string;
	/** JSONata over `{ document, source }`, for `expression`. */
	expression?: string;
}

/**
 * A document as the system's fields. What the document does not give is left out, so that it stays as it is.
 *
 * @param record how messages name the document
 * @throws Failure `rejected` when a text is longer than its column: the system would cut it silently
 */
export function toFields(document: unknown, rows: readonly FieldRow[], record: string): Record<string, unknown> {
	const fields: Record<string, unknown> = {};
	for (const row of rows) {
		const value = row.readOnly ? undefined : valueAt(document, row.path);
		if (value === undefined) continue;
		const written = row.codec ? row.codec.toSystem(value) : value;
		if (row.maxLength && typeof written === 'string' && [...written].length > row.maxLength) {
			throw new Failure('rejected', `${row.path} is ${[...written].length} characters long and field "${row.field}" holds ${row.maxLength}`, {
				record,
				advice: 'Shorten it at its source, or map another field with a field override',
			});
		}
		fields[row.field] = written;
	}
	return fields;
}

/** The system's record as canonical fields (a plain object to be parsed by the document's schema). */
export function fromFields(record: Record<string, unknown>, rows: readonly FieldRow[]): Record<string, unknown> {
	const document: Record<string, unknown> = {};
	for (const row of rows) {
		const raw = record[row.field];
		const value = row.codec ? row.codec.fromSystem(raw) : raw === null || raw === '' || raw === false ? undefined : raw;
		if (value !== undefined) setAt(document, row.path, value);
	}
	return document;
}

/**
 * The values of the override rows for one document.
 *
 * @param source the record the document was read from, as its system gave it
 * @throws Failure `rejected` naming row, expression and position
 */
export async function evaluateOverrides(rows: readonly OverrideRow[], document: unknown, source: unknown, record: string): Promise<Record<string, unknown>> {
	const values: Record<string, unknown> = {};
	for (const [index, row] of rows.entries()) {
		const value = row.source === 'expression' ? await evaluateExpression(row, index, document, source, record) : valueAt(document, row.path ?? '');
		if (value !== undefined) values[row.field] = value;
	}
	return values;
}

async function evaluateExpression(row: OverrideRow, index: number, document: unknown, source: unknown, record: string): Promise<unknown> {
	const expression = row.expression ?? '';
	try {
		return await compileExpression(expression).evaluate({ document, source });
	} catch (error) {
		if (!(error instanceof ExpressionFault)) throw error;
		throw new Failure('rejected', `Field override ${index + 1} (field "${row.field}") cannot be worked out: ${error.message}`, {
			record,
			advice: `Check the expression ${JSON.stringify(expression)}`,
		});
	}
}
