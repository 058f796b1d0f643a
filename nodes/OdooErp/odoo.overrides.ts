// Owns the user's field overrides on their way into Odoo: the value of a row, by the type of its field.
import { Failure } from '../core/failure';
import { evaluateOverrides, type OverrideRow } from '../core/mapping';
import { decimalText } from '../core/money';
import { booleanCell, type Cell, emptyCell, numberCell, referenceCell, referencesCell, textCell } from './odoo.cells';
import type { OdooField, OdooMetadata } from './odoo.metadata';
import { fromIso } from './odoo.values';

/**
 * The override rows of one document as cells of a model.
 *
 * @param record how messages name the document
 * @throws Failure `rejected` for a field that the model lacks or a value that does not fit its type
 */
export async function overrideCells(rows: readonly OverrideRow[] | undefined, document: unknown, source: unknown, model: string, metadata: OdooMetadata, record: string): Promise<Cell[]> {
	if (!rows?.length) return [];
	const fields = await metadata.fields(model);
	const values = await evaluateOverrides(rows, document, source, record);
	return Object.entries(values).map(([name, value]) => {
		const field = fields[name];
		if (!field) throw new Failure('rejected', `Field override: Odoo has no field "${name}" in ${model}`, { record, advice: 'Choose the field from the list' });
		const cell = toCell(name, field, value);
		if (cell) return cell;
		throw new Failure('rejected', `Field override: ${JSON.stringify(value)} does not fit field "${name}" (${field.type})`, { record, advice: expectation(field) });
	});
}

/** Put over the cells of the mapping: an override wins. */
export function withOverrides(cells: readonly Cell[], overrides: readonly Cell[]): Cell[] {
	const names = new Set(overrides.map((cell) => cell.field));
	return [...cells.filter((cell) => !names.has(cell.field)), ...overrides];
}

function toCell(name: string, field: OdooField, value: unknown): Cell | undefined {
	if (value === null || value === '') return emptyCell(name);
	switch (field.type) {
		case 'boolean':
			return typeof value === 'boolean' ? booleanCell(name, value) : undefined;
		case 'integer':
		case 'float':
		case 'monetary':
			return decimalCell(name, value, field);
		case 'many2one':
			return isId(value) ? referenceCell(name, Number(value)) : typeof value === 'string' ? namedCell(name, value) : undefined;
		case 'many2many': {
			const ids = Array.isArray(value) ? value : [value];
			return ids.every(isId) ? referencesCell(name, ids.map(Number)) : undefined;
		}
		case 'datetime':
			return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? textCell(name, fromIso(new Date(value).toISOString())) : undefined;
		case 'date':
			return typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? textCell(name, value.slice(0, 10)) : undefined;
		case 'one2many':
		case 'binary':
			return undefined;
		default:
			return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? textCell(name, String(value)) : undefined;
	}
}

function decimalCell(name: string, value: unknown, field: OdooField): Cell | undefined {
	const given = typeof value === 'number' || typeof value === 'string' ? decimalText(value) : undefined;
	return given === undefined ? undefined : numberCell(name, given, field.digits?.[1]);
}

/** `load` finds the other record by its name. */
function namedCell(name: string, label: string): Cell {
	const cell = referenceCell(name, 0, label);
	return { ...cell, column: name, text: label, same: (current) => cell.show(current) === label };
}

function isId(value: unknown): boolean {
	return (typeof value === 'number' && Number.isInteger(value) && value > 0) || (typeof value === 'string' && /^[1-9]\d{0,9}$/.test(value));
}

function expectation({ type, selection }: OdooField): string {
	if (type === 'many2one') return 'Give the id of the record in Odoo, or its name';
	if (type === 'many2many') return 'Give a list of ids';
	if (type === 'selection') return `One of: ${(selection ?? []).map(([value]) => String(value)).join(', ')}`;
	return `A ${type} is expected`;
}
