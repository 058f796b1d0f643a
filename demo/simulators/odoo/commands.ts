// Owns x2many commands: [0,0,vals] create, [1,id,vals] update, [2,id] delete, [3,id] unlink, [4,id] link, [5] clear, [6,0,ids] replace.
// Must not know: transport; it is handed the record operations it needs.
import type { Json, JsonObject } from './json';
import { idList, isObject, num } from './json';
import type { Field } from './schema';
import type { Env } from './world';

export interface Operations {
	create: (env: Env, model: string, values: JsonObject) => number;
	write: (env: Env, model: string, ids: number[], values: JsonObject) => void;
	unlink: (env: Env, model: string, ids: number[]) => void;
}

/** Applies commands to a field of an existing record; gives the list of ids a many2many stores. */
export function applyCommands(env: Env, operations: Operations, field: Field, ownerId: number, current: number[], value: Json): number[] {
	let ids = [...current];
	for (const command of normalized(value)) {
		ids = field.inverse ? oneToMany(env, operations, field, ownerId, ids, command) : manyToMany(env, operations, field, ids, command);
	}
	return [...new Set(ids)];
}

interface Command {
	code: number;
	id: number;
	payload: Json;
}

/** A plain list of ids means replace; a short command like [5] or [4, id] is completed. */
function normalized(value: Json): Command[] {
	if (!Array.isArray(value)) return [];
	if (value.length > 0 && value.every((v) => typeof v === 'number')) return [{ code: 6, id: 0, payload: value }];
	return value.filter((v): v is Json[] => Array.isArray(v)).map(([code = 0, id = 0, payload = false]) => ({ code: num(code), id: num(id), payload }));
}

function oneToMany(env: Env, ops: Operations, field: Field, ownerId: number, ids: number[], { code, id, payload }: Command): number[] {
	const model = field.relation ?? '';
	const inverse = field.inverse ?? '';
	const drop = (gone: number[]) => {
		if (env.field(model, inverse)?.required) ops.unlink(env, model, gone);
		else ops.write(env, model, gone, { [inverse]: false });
	};
	switch (code) {
		case 0:
			return [...ids, ops.create(env, model, { ...(isObject(payload) ? payload : {}), [inverse]: ownerId })];
		case 1:
			ops.write(env, model, [id], isObject(payload) ? payload : {});
			return ids;
		case 2:
			ops.unlink(env, model, [id]);
			return ids.filter((i) => i !== id);
		case 3:
			drop([id]);
			return ids.filter((i) => i !== id);
		case 4:
			ops.write(env, model, [id], { [inverse]: ownerId });
			return [...ids, id];
		case 5:
			drop(ids);
			return [];
		case 6: {
			const wanted = idList(payload);
			drop(ids.filter((i) => !wanted.includes(i)));
			for (const i of wanted.filter((w) => !ids.includes(w))) ops.write(env, model, [i], { [inverse]: ownerId });
			return wanted;
		}
		default:
			return ids; // an unknown command number is silently ignored
	}
}

function manyToMany(env: Env, ops: Operations, field: Field, ids: number[], { code, id, payload }: Command): number[] {
	const model = field.relation ?? '';
	switch (code) {
		case 0:
			return [...ids, ops.create(env, model, isObject(payload) ? payload : {})];
		case 1:
			ops.write(env, model, [id], isObject(payload) ? payload : {});
			return ids;
		case 2:
			ops.unlink(env, model, [id]);
			return ids.filter((i) => i !== id);
		case 3:
			return ids.filter((i) => i !== id);
		case 4:
			return [...ids, id];
		case 5:
			return [];
		case 6:
			return idList(payload);
		default:
			return ids;
	}
}
