// Owns external ids: rows of ir.model.data, found by key and by record.
// Must not know: load(), transport.
import { valueError, validationError } from './failure';
import { str } from './json';
import type { JsonObject, Row } from './json';
import { create } from './records';
import type { Env, ModelRules } from './world';

const MODEL = 'ir.model.data';

/** `module.name`; without a dot the module is `__import__`. Everything after the first dot is the name. */
export function splitKey(key: string): [string, string] {
	const dot = key.indexOf('.');
	return dot < 0 ? ['__import__', key] : [key.slice(0, dot), key.slice(dot + 1)];
}

export function findKey(env: Env, key: string): Row | undefined {
	const [module, name] = splitKey(key);
	const id = env.store.by(MODEL, 'complete_name', `${module}.${name}`)[0];
	return id === undefined ? undefined : env.store.get(MODEL, id);
}

/** The record an external id points at, when that record still exists. */
export function resolveKey(env: Env, key: string, model?: string): number | undefined {
	const row = findKey(env, key);
	if (!row || (model !== undefined && row['model'] !== model)) return undefined;
	const id = Number(row['res_id']);
	return env.store.get(str(row['model']), id) ? id : undefined;
}

export function addKey(env: Env, key: string, model: string, id: number): number {
	const [module, name] = splitKey(key);
	return create(env, MODEL, { module, name, model, res_id: id });
}

/** Keys of a record, oldest first. */
export function keysOf(env: Env, model: string, id: number): Row[] {
	return env.store
		.by(MODEL, 'res_id', id)
		.map((k) => env.row(MODEL, k))
		.filter((row) => row['model'] === model);
}

export function externalIds(env: Env, model: string, ids: number[]): JsonObject {
	const found: JsonObject = {};
	for (const id of [...ids].sort((a, b) => a - b)) found[String(id)] = str(keysOf(env, model, id)[0]?.['complete_name'] ?? '');
	return found;
}

/** The rules of ir.model.data. `xmlid_to_res_id` can be called from outside up to 14 only. */
export function modelDataRules(version: number): ModelRules {
	const { xmlid_to_res_id, ...methods } = MODEL_DATA.methods ?? {};
	return version <= 14 && xmlid_to_res_id ? { ...MODEL_DATA, methods: { ...methods, xmlid_to_res_id } } : { ...MODEL_DATA, methods };
}

const MODEL_DATA: ModelRules = {
	order: 'module, model, name',
	displayName: (_env, row) => str(row['complete_name']),
	defaults: () => ({ noupdate: false }),
	beforeCreate: (env, values) => {
		const complete = `${str(values['module'])}.${str(values['name'])}`;
		if (/\s/.test(str(values['name']))) throw spaceRefused(env, values);
		if (env.store.by(MODEL, 'complete_name', complete).length > 0) {
			const text = `duplicate key value violates unique constraint "ir_model_data_module_name_uniq_index"\nDETAIL:  Key (module, name)=(${str(values['module'])}, ${str(values['name'])}) already exists.\n`;
			env.store.nextId(MODEL);
			throw validationError(env.version < 15 ? text : `The operation cannot be completed: ${text}`);
		}
		return { ...values, complete_name: complete };
	},
	computed: { reference: (_env, row) => `${str(row['model'])},${Number(row['res_id'])}` },
	methods: {
		check_object_reference: {
			level: 'model',
			params: [{ name: 'module' }, { name: 'xml_id' }, { name: 'raise_on_access_error', fallback: false }],
			run: (env, _model, _ids, args) => {
				const key = `${str(args['module'])}.${str(args['xml_id'])}`;
				const row = findKey(env, key);
				if (!row) throw valueError(`External ID not found in the system: ${key}`);
				return [row['model'] ?? false, Number(row['res_id'])];
			},
		},
		xmlid_to_res_id: {
			level: 'model',
			params: [{ name: 'xmlid' }, { name: 'raise_if_not_found', fallback: false }],
			run: (env, _model, _ids, args) => resolveKey(env, str(args['xmlid'])) ?? false,
		},
	},
};

function spaceRefused(env: Env, values: JsonObject): Error {
	env.store.nextId(MODEL);
	const id = String(values['res_id'] ?? 'null');
	const own = [values['name'], values['module'], values['model']].map((v) => str(v));
	const cells = env.version === 14 ? ['0', 'null', env.stamp, env.stamp, 'null', 'f', ...own, id] : ['0', 'null', env.stamp, env.stamp, 'null', id, 'f', ...own];
	const row = `new row for relation "ir_model_data" violates check constraint "ir_model_data_name_nospaces"\nDETAIL:  Failing row contains (${cells.join(', ')}).\n`;
	const text = env.version < 15 ? 'ir_model_data_name_nospaces' : 'The operation cannot be completed: External IDs cannot contain spaces';
	return Object.assign(validationError(text), { databaseText: row });
}
