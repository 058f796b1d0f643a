// Owns one field of one record on its way into Odoo: how `load` takes it, whether the record already holds it, and
// how a person reads it. No network, no documents.
import { decimal, idList, normalVat, reference, text, toPlaces } from './odoo.values';

export interface Cell {
	field: string;
	/** Column of `load`: the field, or `country_id/.id` for a database id. */
	column: string;
	/** What `load` is sent: always text, because it takes `true` for an attribute of a string and fails. */
	text: string;
	same(current: unknown): boolean;
	show(current: unknown): string | undefined;
	/** The new value as a person reads it. */
	shown: string;
}

export function textCell(field: string, value: string, normal: (value: string) => string = (given) => given): Cell {
	return { field, column: field, text: value, shown: value, same: (current) => normal(text(current) ?? '') === normal(value), show: text };
}

export function vatCell(field: string, value: string): Cell {
	return textCell(field, value, normalVat);
}

/** Odoo puts `http://` before an address without a scheme. */
export function websiteCell(field: string, value: string): Cell {
	return textCell(field, value, (given) => (given && !/^\w+:\/\//.test(given) ? `http://${given}` : given));
}

export function booleanCell(field: string, value: boolean): Cell {
	return { field, column: field, text: value ? 'True' : 'False', shown: String(value), same: (current) => (current === true) === value, show: (current) => String(current === true) };
}

/** @param places decimals that Odoo keeps: what it would round away is no difference */
export function numberCell(field: string, value: string, places?: number): Cell {
	const kept = places === undefined ? value : toPlaces(value, places);
	return { field, column: field, text: kept, shown: kept, same: (current) => decimal(current) === kept, show: decimal };
}

/** A many2one by database id. */
export function referenceCell(field: string, id: number, label = String(id)): Cell {
	return { field, column: `${field}/.id`, text: String(id), shown: label, same: (current) => reference(current)?.id === id, show: (current) => reference(current)?.label };
}

/** A many2many by database ids; none empties it. */
export function referencesCell(field: string, ids: readonly number[]): Cell {
	const wanted = [...ids].sort((a, b) => a - b).join(',');
	const joined = (current: unknown): string => idList(current).sort((a, b) => a - b).join(',');
	return { field, column: `${field}/.id`, text: wanted, shown: wanted, same: (current) => joined(current) === wanted, show: joined };
}

/** Nothing at all: empties the field. */
export function emptyCell(field: string): Cell {
	return { field, column: field, text: '', shown: '', same: (current) => current === false || current === null || current === '' || current === undefined, show: text };
}

/** The cells that differ from what the record holds. */
export function differing(cells: readonly Cell[], record: Record<string, unknown>): Cell[] {
	return cells.filter((cell) => !cell.same(record[cell.field]));
}

/** What a change looks like to a person: field -> before and after. */
export function describeChanges(cells: readonly Cell[], record?: Record<string, unknown>, prefix = ''): Record<string, { before?: string; after?: string }> {
	return Object.fromEntries(cells.map((cell) => [prefix + cell.field, { ...(record ? { before: cell.show(record[cell.field]) } : {}), after: cell.shown }]));
}
