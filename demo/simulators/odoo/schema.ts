// Owns the models' fields: types, labels, relations, read from the state file and a table of small extra models.
// Must not know: records, calls.
import { EXTRA_MODELS, INVERSES, MODEL_LABELS } from './schema.extra';
import type { Version } from './versions';

export type FieldType =
	| 'char'
	| 'text'
	| 'html'
	| 'integer'
	| 'float'
	| 'monetary'
	| 'boolean'
	| 'date'
	| 'datetime'
	| 'selection'
	| 'many2one'
	| 'one2many'
	| 'many2many'
	| 'binary'
	| 'json'
	| 'reference'
	| 'many2one_reference'
	| 'properties'
	| 'properties_definition';

export interface Field {
	name: string;
	type: FieldType;
	label: string;
	required: boolean;
	readonly: boolean;
	stored: boolean;
	relation?: string;
	/** The many2one on the other side of a one2many. */
	inverse?: string;
	selection?: Array<[string, string]>;
	/** Present in rows and readable, but not listed by fields_get. */
	hidden?: boolean;
}

export interface ModelSchema {
	name: string;
	label: string;
	fields: Map<string, Field>;
}

/** `[type, flags (r required, o readonly, s stored), label, relation or selection]`. */
export type PackedField = [string, string, string] | [string, string, string, string | Array<[string, string]>];

export type Schema = Map<string, ModelSchema>;

/** Builds the schema of one version from the packed fields of its state file. */
export function buildSchema(version: Version, packed: Record<string, Record<string, PackedField>>): Schema {
	const schema: Schema = new Map();
	for (const [model, fields] of Object.entries(packed)) {
		const list = Object.entries(fields).map(([name, f]) => unpack(model, name, f));
		schema.set(model, { name: model, label: labelOf(model, version), fields: new Map(list.map((f) => [f.name, f])) });
	}
	for (const [model, text] of Object.entries(EXTRA_MODELS)) {
		if (schema.has(model)) continue;
		const list = text(version)
			.split(/\s+/)
			.filter((t) => t !== '')
			.map((t) => parseExtra(model, t));
		schema.set(model, { name: model, label: labelOf(model, version), fields: new Map(list.map((f) => [f.name, f])) });
	}
	for (const model of schema.values()) addMagicFields(model);
	return schema;
}

function labelOf(model: string, version: Version): string {
	if (model === 'res.users' && version === 14) return 'Users';
	return MODEL_LABELS[model] ?? model;
}

function unpack(model: string, name: string, [type, flags, label, extra]: PackedField): Field {
	const field: Field = {
		name,
		type: type as FieldType,
		label,
		required: flags.includes('r'),
		readonly: flags.includes('o'),
		stored: flags.includes('s'),
	};
	if (typeof extra === 'string') field.relation = extra;
	else if (extra) field.selection = extra;
	const inverse = INVERSES[`${model}.${name}`];
	if (inverse) field.inverse = inverse;
	return field;
}

/** `name:type[>relation][=key|key][!]`, the shorthand of the extra models. */
function parseExtra(model: string, text: string): Field {
	const m = /^(\w+):(\w+)(?:>([\w.]+))?(?:=([\w|]+))?(!?)$/.exec(text);
	if (!m) throw new Error(`bad field ${text} of ${model}`);
	const [, name = '', type = '', relation, keys, required] = m;
	const label = name
		.replace(/_ids?$/, '')
		.split('_')
		.map((w) => w.charAt(0).toUpperCase() + w.slice(1))
		.join(' ');
	const selection = keys?.split('|').map((k): [string, string] => [k, k.charAt(0).toUpperCase() + k.slice(1).replace(/_/g, ' ')]);
	const field: Field = { name, type: type as FieldType, label, required: required === '!', readonly: false, stored: true };
	if (relation) field.relation = relation;
	if (selection) field.selection = selection;
	const inverse = INVERSES[`${model}.${name}`];
	if (inverse) field.inverse = inverse;
	return field;
}

const MAGIC: Array<[string, FieldType, string, string?]> = [
	['id', 'integer', 'ID'],
	['display_name', 'char', 'Display Name'],
	['create_uid', 'many2one', 'Created by', 'res.users'],
	['create_date', 'datetime', 'Created on'],
	['write_uid', 'many2one', 'Last Updated by', 'res.users'],
	['write_date', 'datetime', 'Last Updated on'],
];

function addMagicFields(model: ModelSchema): void {
	for (const [name, type, label, relation] of MAGIC) {
		if (model.fields.has(name)) continue;
		const field: Field = { name, type, label, required: false, readonly: true, stored: name !== 'display_name', hidden: true };
		if (relation) field.relation = relation;
		model.fields.set(name, field);
	}
}
