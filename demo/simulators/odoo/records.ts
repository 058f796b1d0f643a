// Owns create, write and unlink of any model: defaults, conversion, constraints, commands, hooks, time stamps.
// Must not know: transport, rights (checked at the call), single models' rules (they hook in).
import { applyCommands } from './commands';
import { checkReferences, checkRequired, checkUnlink } from './constraints';
import { missingRecord, unknownField } from './failure';
import type { Json, JsonObject, Row } from './json';
import { idList } from './json';
import { round } from './money';
import type { Field } from './schema';
import { toStored } from './values';
import type { Env } from './world';

const OPERATIONS = { create, write, unlink };

/** Creates one record and gives its id. Must run inside a transaction of the store. */
export function create(env: Env, model: string, given: JsonObject): number {
	const rules = env.rules(model);
	checkKnown(env, model, given, 'create');
	const withDefaults = { ...contextDefaults(env, model), ...(rules.defaults?.(env, given) ?? {}), ...given };
	const values = rules.beforeCreate?.(env, withDefaults) ?? withDefaults;
	const { stored, commands } = convert(env, model, values);
	const id = env.store.nextId(model);
	const row: Row = { ...baseValues(env, model), ...stored, id, create_date: env.stamp, create_uid: env.uid, write_date: env.stamp, write_uid: env.uid };
	checkRequired(env, model, row, commands);
	checkReferences(env, model, stored);
	env.store.put(model, row);
	runCommands(env, model, id, commands);
	rules.afterCreate?.(env, id);
	return id;
}

/** Writes the same values on every record; missing ids are MissingError, as is a record that vanished meanwhile. */
export function write(env: Env, model: string, ids: number[], given: JsonObject): void {
	const rules = env.rules(model);
	checkKnown(env, model, given, 'write');
	const missing = ids.filter((id) => !env.store.get(model, id));
	if (missing.length > 0) throw missingRecord(model, missing, env.uid);
	const rows = ids.map((id) => env.row(model, id));
	const values = rules.beforeWrite?.(env, rows, given) ?? given;
	const { stored, commands } = convert(env, model, values);
	checkReferences(env, model, stored);
	for (const before of rows) {
		const current = env.row(model, before.id);
		const next: Row = { ...current, ...stored, id: current.id, write_date: env.stamp, write_uid: env.uid };
		checkRequired(env, model, next, commands, Object.keys(stored));
		env.store.put(model, next);
		runCommands(env, model, before.id, commands);
		rules.afterWrite?.(env, before, values);
	}
}

export function unlink(env: Env, model: string, ids: number[]): void {
	const rules = env.rules(model);
	const missing = ids.filter((id) => !env.store.get(model, id));
	if (missing.length > 0) throw missingRecord(model, missing, env.uid);
	const rows = ids.map((id) => env.row(model, id));
	rules.beforeUnlink?.(env, rows);
	for (const row of rows) {
		checkUnlink(env, model, row);
		for (const [child, field] of rules.cascade ?? []) for (const id of env.store.by(child, field, row.id)) removeRow(env, child, id);
		removeRow(env, model, row.id);
	}
	rules.afterUnlink?.(env, rows);
}

/** Removes a row and the external ids that point at it. */
function removeRow(env: Env, model: string, id: number): void {
	for (const key of env.store.by('ir.model.data', 'res_id', id)) if (env.store.get('ir.model.data', key)?.['model'] === model) env.store.remove('ir.model.data', key);
	env.store.remove(model, id);
}

/** Stores computed values and moves write_date, without the write hooks. */
export function touch(env: Env, model: string, id: number, values: JsonObject = {}): void {
	const row = env.row(model, id);
	env.store.put(model, { ...row, ...values, id: row.id, write_date: env.stamp, write_uid: env.uid });
}

/** Copies a record's own stored values; one2many lines are copied by the model's rules. */
export function copy(env: Env, model: string, id: number, overrides: JsonObject): number {
	const row = env.row(model, id);
	const values: JsonObject = {};
	for (const field of env.schema(model).fields.values()) {
		const value = row[field.name];
		if (value === undefined || field.hidden || !field.stored || field.type === 'one2many' || NOT_COPIED.has(field.name)) continue;
		values[field.name] = value;
	}
	if (typeof values['name'] === 'string' && env.rules(model).copyName !== false) values['name'] = `${values['name']} (copy)`;
	return create(env, model, { ...values, ...overrides });
}

const NOT_COPIED = new Set([
	'id',
	'create_date',
	'create_uid',
	'write_date',
	'write_uid',
	'complete_name',
	'commercial_partner_id',
	'email_normalized',
	'barcode',
	'signup_token',
]);

function checkKnown(env: Env, model: string, values: JsonObject, where: 'create' | 'write'): void {
	const unknown = Object.keys(values).find((name) => !env.field(model, name) && !name.startsWith('_'));
	if (unknown !== undefined) throw unknownField(env.world.profile.version, model, unknown, where);
}

/** `default_<field>` keys of the context. */
function contextDefaults(env: Env, model: string): JsonObject {
	const found: JsonObject = {};
	for (const [key, value] of Object.entries(env.context)) {
		const name = key.startsWith('default_') ? key.slice('default_'.length) : '';
		if (name !== '' && env.field(model, name)) found[name] = value;
	}
	return found;
}

function baseValues(env: Env, model: string): JsonObject {
	return env.field(model, 'active')?.stored ? { active: true } : {};
}

interface Converted {
	stored: JsonObject;
	commands: Array<[Field, Json]>;
}

function convert(env: Env, model: string, values: JsonObject): Converted {
	const stored: JsonObject = {};
	const commands: Array<[Field, Json]> = [];
	const digits = env.rules(model).digits ?? {};
	for (const [name, value] of Object.entries(values)) {
		const field = env.field(model, name);
		// Names with an underscore in front are the simulator's own notes on a row; no answer shows them.
		if (name.startsWith('_')) stored[name] = value;
		if (!field || name === 'id') continue;
		if (field.type === 'one2many' || field.type === 'many2many') {
			commands.push([field, value]);
			continue;
		}
		const converted = toStored(env, model, field, value);
		const places = digits[name];
		stored[name] = places !== undefined && typeof converted === 'number' ? round(converted, places) : converted;
	}
	return { stored, commands };
}

function runCommands(env: Env, model: string, id: number, commands: Array<[Field, Json]>): void {
	for (const [field, value] of commands) {
		const row = env.row(model, id);
		const current = field.inverse ? env.store.by(field.relation ?? '', field.inverse, id) : idList(row[field.name]);
		const ids = applyCommands(env, OPERATIONS, field, id, current, value);
		if (!field.inverse) env.store.put(model, { ...env.row(model, id), [field.name]: ids });
	}
}
