// Owns reading: read, search_read and the nested reads of the web client's methods.
// Must not know: transport, rights.
import { unknownField } from './failure';
import type { Json, JsonObject, Row } from './json';
import { idList, isObject, strings } from './json';
import type { Field } from './schema';
import { toWire } from './values';
import type { Env } from './world';

/** The records in the order of the ids, duplicates repeated, missing ones skipped. No fields means all. */
export function read(env: Env, model: string, ids: number[], fields: Json | undefined, bare = false): JsonObject[] {
	const wanted = chosen(env, model, strings(fields));
	return ids
		.map((id) => env.store.get(model, id))
		.filter((row): row is Row => row !== undefined)
		.map((row) => {
			const record: JsonObject = { id: row.id };
			for (const field of wanted) record[field.name] = toWire(env, model, row, field, bare);
			return record;
		});
}

function chosen(env: Env, model: string, names: string[]): Field[] {
	const schema = env.schema(model);
	if (names.length === 0) return [...schema.fields.values()].filter((f) => !f.hidden || ALWAYS.has(f.name));
	return [...new Set(names)].map((name) => {
		const field = schema.fields.get(name);
		if (!field) throw unknownField(env.world.profile.version, model, name, 'read');
		return field;
	});
}

/** Read with all fields although fields_get of some versions does not list them. */
const ALWAYS = new Set(['id', 'display_name', 'create_uid', 'create_date', 'write_uid', 'write_date']);

/** `web_read`: a specification of fields, relations opened as far as it asks. */
export function webRead(env: Env, model: string, ids: number[], specification: Json): JsonObject[] {
	const spec = isObject(specification) ? specification : {};
	const names = Object.keys(spec);
	return read(env, model, ids, names.length > 0 ? names : ['id'], true).map((record) => {
		const opened: JsonObject = { id: record['id'] ?? 0 };
		for (const name of names) opened[name] = openRelation(env, model, name, record[name] ?? false, spec[name] ?? {});
		return opened;
	});
}

function openRelation(env: Env, model: string, name: string, value: Json, spec: Json): Json {
	const field = env.field(model, name);
	const inner = isObject(spec) ? spec['fields'] : undefined;
	if (!field?.relation || !inner) return value;
	if (field.type === 'many2one') return typeof value === 'number' ? (webRead(env, field.relation, [value], inner)[0] ?? false) : false;
	return webRead(env, field.relation, idList(value), inner);
}
