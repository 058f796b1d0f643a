// Owns what a cell of load() means: by type, by name, by external id, by database id.
// Must not know: how records are grouped, written or rolled back.
import { isDate, isDatetime, localToUtc } from './clock';
import { attributeError } from './failure';
import type { Json, JsonObject } from './json';
import { nameOf } from './names';
import type { Field } from './schema';
import { matching } from './search';
import type { Env } from './world';
import { resolveKey } from './xids';

/** A cell that cannot be converted; it becomes a message, the call itself succeeds. */
export class CellError extends Error {
	constructor(
		message: string,
		readonly moreinfo?: Json,
	) {
		super(message);
	}
}

const isBlank = (cell: Json) => cell === '' || cell === false || cell === null;

/** Converts a plain cell (no sub-path). The label goes into the message. */
export function plainCell(env: Env, field: Field, cell: Json, label: string): Json {
	if (field.type === 'boolean') return booleanCell(cell);
	if (isBlank(cell)) return field.type === 'many2many' ? [[6, 0, []]] : false;
	const text = String(cell);
	switch (field.type) {
		case 'integer':
			if (!/^\s*[+-]?\d+\s*$/.test(text)) throw new CellError(`'${text}' does not seem to be an integer for field '${label}'`);
			return Number(text);
		case 'float':
		case 'monetary':
			if (text.trim() === '' || !Number.isFinite(Number(text))) throw new CellError(`'${text}' does not seem to be a number for field '${label}'`);
			return Number(text);
		case 'date':
			if (!isDate(text)) throw new CellError(`'${text}' does not seem to be a valid date for field '${label}'`, "Use the format '2012-12-31'");
			return text;
		case 'datetime':
			return datetimeCell(env, text, label);
		case 'selection':
			return selectionCell(field, text, label);
		case 'many2one':
			return byName(env, field, text, label);
		case 'many2many':
			return [[6, 0, text.split(',').map((name) => byName(env, field, name, label))]];
		default:
			return text;
	}
}

/** Booleans must come as text: anything else has no `lower`, and the whole call fails. */
function booleanCell(cell: Json): Json {
	if (cell === null || cell === false) return false;
	if (typeof cell !== 'string') throw attributeError(`'${cell === true ? 'bool' : typeof cell === 'number' ? 'int' : 'list'}' object has no attribute 'lower'`);
	return ['1', 'true', 'yes'].includes(cell.toLowerCase());
}

/** Datetimes are local times of the context's zone, else of the user's: unlike write(). */
function datetimeCell(env: Env, text: string, label: string): Json {
	const full = isDate(text) ? `${text} 00:00:00` : text;
	if (!isDatetime(full)) throw new CellError(`'${text}' does not seem to be a valid datetime for field '${label}'`, "Use the format '2012-12-31 23:59:59'");
	const user = env.store.get('res.users', env.uid);
	const own = env.store.get('res.partner', Number(user?.['partner_id'] ?? 0))?.['tz'];
	const zone = typeof env.context['tz'] === 'string' ? env.context['tz'] : own;
	return typeof zone === 'string' && zone !== '' ? localToUtc(full, zone) : full;
}

function selectionCell(field: Field, text: string, label: string): Json {
	const found = field.selection?.find(([key, shown]) => key.toLowerCase() === text.toLowerCase() || shown.toLowerCase() === text.toLowerCase());
	if (!found)
		throw new CellError(
			`Value '${text}' not found in selection field '${label}'`,
			(field.selection ?? []).map(([, shown]) => shown),
		);
	return found[0];
}

function byName(env: Env, field: Field, name: string, label: string): number {
	const model = field.relation ?? '';
	const id = matching(env, model, []).find((row) => nameOf(env, model, row) === name)?.id;
	if (id === undefined) throw new CellError(`No matching record found for name '${name}' in field '${label}'`, possibleValues(env, model));
	return id;
}

/** A cell under `field/id` (external ids) or `field/.id` (database ids); many2many takes several, separated by commas. */
export function referenceCell(env: Env, field: Field, how: 'id' | '.id', cell: Json, label: string): Json {
	if (isBlank(cell)) return field.type === 'many2many' ? [[6, 0, []]] : false;
	const keys =
		field.type === 'many2many'
			? String(cell)
					.split(',')
					.map((k) => k.trim())
			: [String(cell)];
	const ids = keys.map((key) => (how === 'id' ? byKey(env, field, key, label) : byDatabaseId(env, field, key, label)));
	return field.type === 'many2many' ? [[6, 0, ids]] : (ids[0] ?? false);
}

function byKey(env: Env, field: Field, key: string, label: string): number {
	const model = field.relation ?? '';
	const id = resolveKey(env, key, model);
	if (id !== undefined) return id;
	const info = { ...possibleValues(env, 'ir.model.data'), domain: [['model', '=', model]] };
	throw new CellError(`No matching record found for external id '${key}' in field '${label}'`, info);
}

function byDatabaseId(env: Env, field: Field, key: string, label: string): number {
	const id = Number(key);
	if (!Number.isInteger(id)) throw new CellError(`Invalid database id '${key}' for the field '${label}'`, possibleValues(env, field.relation ?? ''));
	if (env.store.get(field.relation ?? '', id)) return id;
	throw new CellError(`No matching record found for database id '${key}' in field '${label}'`, possibleValues(env, field.relation ?? ''));
}

function possibleValues(env: Env, model: string): JsonObject {
	return {
		name: 'Possible Values',
		type: 'ir.actions.act_window',
		target: 'new',
		view_mode: env.version >= 18 ? 'list,form' : 'tree,form',
		views: [
			[false, 'list'],
			[false, 'form'],
		],
		context: { create: false },
		help: 'See all possible values',
		res_model: model,
	};
}
