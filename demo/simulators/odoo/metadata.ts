// Owns what a client can learn about a model: fields_get, default_get, access checks.
// Must not know: records' values, transport.
import type { Json, JsonObject } from './json';
import { strings } from './json';
import type { Field } from './schema';
import { toStored } from './values';
import type { Env } from './world';

/** `fields_get`: unknown names are left out without a word, so it serves as a feature probe. */
export function fieldsGet(env: Env, model: string, names: Json, attributes: Json): JsonObject {
	const only = strings(names);
	const wanted = strings(attributes);
	const found: JsonObject = {};
	for (const field of env.schema(model).fields.values()) {
		if (only.length > 0 ? !only.includes(field.name) : field.hidden) continue;
		const all = attributesOf(env, field);
		found[field.name] = wanted.length > 0 ? Object.fromEntries(Object.entries(all).filter(([k]) => wanted.includes(k))) : all;
	}
	return found;
}

function attributesOf(env: Env, field: Field): JsonObject {
	const simple = field.type !== 'one2many' && field.type !== 'many2many' && field.type !== 'binary';
	const all: JsonObject = {
		type: field.type,
		string: field.label,
		required: field.required,
		readonly: field.readonly,
		store: field.stored,
		searchable: true,
		sortable: field.stored && simple,
		company_dependent: false,
		depends: [],
		name: field.name,
		change_default: false,
		manual: field.name.startsWith('x_'),
	};
	if (env.version >= 17) all['groupable'] = field.stored && simple;
	if (field.relation) {
		all['relation'] = field.relation;
		all['domain'] = [];
		all['context'] = {};
		if (field.inverse) all['relation_field'] = field.inverse;
	}
	if (field.selection) all['selection'] = field.selection.map(([key, label]) => [key, label]);
	if (field.type === 'char' || field.type === 'text' || field.type === 'html') all['translate'] = false;
	if (field.type === 'char') all['trim'] = true;
	if (field.type === 'monetary') all['currency_field'] = 'currency_id';
	return all;
}

/** `default_get`: only the asked fields that have a default. many2one come as bare ids. */
export function defaultGet(env: Env, model: string, names: Json): JsonObject {
	const defaults: JsonObject = { ...(env.rules(model).defaults?.(env, {}) ?? {}) };
	for (const [key, value] of Object.entries(env.context)) if (key.startsWith('default_')) defaults[key.slice('default_'.length)] = value;
	const found: JsonObject = {};
	for (const name of strings(names)) {
		const field = env.field(model, name);
		const value = defaults[name];
		if (!field || value === undefined || value === false) continue;
		const list = field.type === 'one2many' || field.type === 'many2many';
		const stored = list ? value : toStored(env, model, field, value);
		found[name] = field.type === 'datetime' && typeof stored === 'string' ? stored.slice(0, 19) : stored;
	}
	return found;
}
