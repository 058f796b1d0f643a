// Owns answering a parsed query: columns, comparison as MariaDB does it, joining of lines, order and limit.
// Must not know: the query's text, sessions, HTTP.
import { badId, type Json, Refusal, type Row } from './failure';
import { type Installation, readable } from './installation';
import { visibleModule } from './metadata';
import { type Condition, parseQuery, type Query } from './query.parse';
import { starred } from './records';
import { idParts } from './references';
import { type Field, INVENTORY, LINE_COLUMNS, type Version } from './schema';
import type { User } from './session';
import type { Stored } from './store';
import { phpNumber, textOf } from './values';

/** One joined row: a record, and for documents one of its lines. */
interface Candidate {
	record: Stored;
	values: Row;
}

/** Answers `query`. At most 100 rows; of a document joined with its lines only the last line's row survives. */
export function runQuery(crm: Installation, user: User, text: string, only: (row: Stored) => boolean = () => true): Json {
	const query = parseQuery(text);
	const fields = new Map(visibleModule(crm.store, user, query.module).describe.fields.map((f) => [f.name, f]));
	requireColumns(query, fields);
	const joined = joinsLines(query);
	const rows = candidates(crm, user, query.module, joined).filter((c) => only(c.record) && matches(query, fields, c, crm.version));
	if (query.columns === 'count') return crm.version === '8.4.0' && query.module !== 'LineItem' ? [] : [{ count: String(rows.length) }];
	if (query.order.some((name) => !fields.has(name))) return [];
	sort(rows, query, fields);
	const columns = query.columns === '*' ? [...new Set([...fields.keys(), ...(UNDESCRIBED[query.module] ?? [])])] : query.columns;
	const answers = new Map<string, Row>();
	for (const row of rows.slice(query.offset, query.offset + query.count))
		answers.set(row.record.id + (row.values['id'] ?? ''), answer(crm, row, columns, fields, query));
	return [...answers.values()];
}

const OF_LINES = ['image', 'purchase_cost', 'margin'];
/** Columns that `*` brings although describe does not list them. */
const UNDESCRIBED: Record<string, string[]> = {
	Quotes: OF_LINES,
	SalesOrder: OF_LINES,
	Invoice: OF_LINES,
	PurchaseOrder: OF_LINES,
	LineItem: ['description'],
};

const OF_DOCUMENTS = /^hdnDiscount|^shipping_&/;
const OF_PRODUCTS = /^(tax|currency)\d+$/;
const NEVER = /^$/;
/** Fields that describe lists although `*` does not bring them. */
const NO_COLUMN: Record<string, RegExp> = {
	Quotes: OF_DOCUMENTS,
	SalesOrder: OF_DOCUMENTS,
	Invoice: OF_DOCUMENTS,
	PurchaseOrder: OF_DOCUMENTS,
	Products: OF_PRODUCTS,
	Services: OF_PRODUCTS,
};

/** A record as `sync` lists it: the shape of a query's row, without lines. */
export function queryRow(crm: Installation, user: User, record: Stored): Row {
	const fields = new Map((crm.store.module(record.module)?.describe.fields ?? []).map((f) => [f.name, f]));
	const columns = [...fields.keys()].filter((name) => name in record.fields || name === 'id');
	const values: Row = { ...record.fields, id: record.id, starred: starred(user, record) };
	// The header's discounts come under their database names, empty as null.
	const named = (name: string): string => (name.startsWith('hdnDiscount') ? `discount_${name.slice('hdnDiscount'.length).toLowerCase()}` : name);
	return Object.fromEntries(
		columns.map((name) => [named(name), named(name) === name ? shownValue(crm, fields.get(name), values[name] ?? null) : values[name] || null]),
	);
}

function requireColumns(query: Query, fields: ReadonlyMap<string, Field>): void {
	const asked = Array.isArray(query.columns) ? query.columns : [];
	for (const name of asked) if (!fields.has(name)) throw new Refusal('ACCESS_DENIED', `Permission to access '.${name}.' attribute denied.`);
	for (const { column } of query.conditions)
		if (!fields.has(column)) throw new Refusal('ACCESS_DENIED', `Permission to access ${column} attribute denied.`);
}

function joinsLines(query: Query): boolean {
	if (!INVENTORY.has(query.module)) return false;
	const used = [...(Array.isArray(query.columns) ? query.columns : []), ...query.conditions.map((c) => c.column), ...query.order];
	return query.columns === '*' || used.some((name) => LINE_COLUMNS.includes(name));
}

function candidates(crm: Installation, user: User, module: string, joined: boolean): Candidate[] {
	if (module === 'LineItem') return allLines(crm);
	const records = crm.store.list(module).filter((r) => readable(crm, user, r));
	return records.flatMap((record) => {
		const own: Row = { ...record.fields, id: record.id };
		if ('starred' in own) own['starred'] = starred(user, record);
		if (!joined || record.lines.length === 0) return [{ record, values: own }];
		return record.lines.map((line) => ({ record, values: { ...own, ...pick(line.values, LINE_COLUMNS) } }));
	});
}

function allLines(crm: Installation): Candidate[] {
	const documents = [...INVENTORY].flatMap((module) => crm.store.list(module));
	const lines = documents.flatMap((record) =>
		record.lines.map((line) => ({ record, number: line.id, values: { ...line.values, id: `33x${line.id}`, parent_id: record.id } })),
	);
	return lines.sort((a, b) => a.number - b.number);
}

function pick(values: Row, names: readonly string[]): Row {
	return Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
}

/** `and` binds closer than `or`. */
function matches(query: Query, fields: ReadonlyMap<string, Field>, row: Candidate, version: Version): boolean {
	let group = true;
	for (const condition of query.conditions) {
		const field = fields.get(condition.column) as Field;
		if (condition.join === 'or') {
			if (group) return true;
			group = true;
		}
		group = holds(condition, field, row.values[condition.column] ?? null, version) && group;
	}
	return group;
}

const NUMERIC = new Set(['integer', 'double', 'currency', 'boolean', 'autogenerated']);
const REFERENCES = new Set(['reference', 'owner']);

function holds(condition: Condition, field: Field, value: Json, version: Version): boolean {
	const { operator, values } = condition;
	if (operator === 'like') return value !== null && likePattern(values[0] as string).test(textOf(value));
	const results = values.map((wanted) => compare(field, value, wanted, version));
	if (operator === 'in') return results.some((r) => r === 0);
	const result = results[0];
	if (result === undefined) return false;
	return { '=': result === 0, '!=': result !== 0, '<': result < 0, '<=': result <= 0, '>': result > 0, '>=': result >= 0 }[operator];
}

function likePattern(pattern: string): RegExp {
	const source = pattern
		.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
		.replace(/%/g, '[\\s\\S]*')
		.replace(/_/g, '[\\s\\S]');
	return new RegExp(`^${source}$`, 'iu');
}

/** Less than, equal to or greater than 0; `undefined` when the stored value is SQL's NULL. */
function compare(field: Field, value: Json, wanted: string, version: Version): number | undefined {
	if (field.type.name === 'autogenerated') return numberOf(textOf(value)) - wantedId(wanted);
	if (REFERENCES.has(field.type.name)) {
		const parts = idParts(wanted);
		if (!parts && field.type.name === 'owner' && version === '8.0.0') return Number.NaN;
		if (!parts) throw badId();
		return textOf(value) === '' ? (value === null ? undefined : -1) : numberOf(textOf(value)) - parts.number;
	}
	if (NUMERIC.has(field.type.name)) return phpNumber(value) - phpNumber(wanted);
	if (field.type.name === 'date' && textOf(value) === '') return undefined;
	if (field.type.name === 'datetime') return collate(textOf(value), wanted.replace('T', ' '));
	return collate(textOf(value), wanted);
}

/** `id = '8'` finds nothing: only full ids count. */
const wantedId = (wanted: string): number => idParts(wanted)?.number ?? Number.NaN;
const numberOf = (id: string): number => idParts(id)?.number ?? Number(id);

/** Case does not matter, nor do spaces at the end (PAD SPACE); accents are taken as letters of their own. */
function collate(a: string, b: string): number {
	const [x, y] = [a.toLowerCase().trimEnd(), b.toLowerCase().trimEnd()];
	return x < y ? -1 : x > y ? 1 : 0;
}

function sort(rows: Candidate[], query: Query, fields: ReadonlyMap<string, Field>): void {
	const direction = query.descending ? -1 : 1;
	if (query.order.length === 0) return;
	rows.sort((a, b) => {
		for (const [index, name] of query.order.entries()) {
			const order = orderOf(fields.get(name) as Field, a.values[name] ?? null, b.values[name] ?? null);
			// `desc` belongs to the last column only.
			if (order !== 0) return index === query.order.length - 1 ? order * direction : order;
		}
		return 0;
	});
}

function orderOf(field: Field, a: Json, b: Json): number {
	if (field.type.name === 'autogenerated' || REFERENCES.has(field.type.name)) return (numberOf(textOf(a)) || 0) - (numberOf(textOf(b)) || 0);
	if (NUMERIC.has(field.type.name)) return phpNumber(a) - phpNumber(b);
	return collate(textOf(a), textOf(b));
}

/** `id` is always there; header discounts are overlaid by the line's columns of the same database name. */
function answer(crm: Installation, row: Candidate, columns: string[], fields: ReadonlyMap<string, Field>, query: Query): Row {
	const result: Row = {};
	for (const name of columns) {
		if (query.columns === '*' && (NO_COLUMN[query.module] ?? NEVER).test(name)) continue;
		result[name] = shownValue(crm, fields.get(name), row.values[name] ?? null);
	}
	result['id'] = row.values['id'] as Json;
	return result;
}

/** Columns that a query shows as null where `retrieve` shows "", besides dates and references. */
const NULL_WHEN_EMPTY = new Set(['region_id', 'hdnTaxType', 'starred']);

function shownValue(crm: Installation, field: Field | undefined, value: Json): Json {
	const empty = value === null || value === '';
	if (!empty || !field) return value;
	if (crm.version !== '8.4.0') return '';
	return REFERENCES.has(field.type.name) || field.type.name === 'date' || NULL_WHEN_EMPTY.has(field.name) ? null : value;
}
