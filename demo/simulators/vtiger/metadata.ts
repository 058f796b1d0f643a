// Owns listtypes and describe.
// Must not know: records' values.
import { denied, type Json } from './failure';
import type { Describe, Module } from './schema';
import type { User } from './session';
import type { Store } from './store';

/** The modules this user may see; Users only for an administrator. With `fieldTypeList` only those that have such a field. */
export function listTypes(store: Store, user: User, fieldTypeList: string): Json {
	const wanted = fieldTypeList === '' ? undefined : new Set(JSON.parse(fieldTypeList) as string[]);
	const { types, information } = store.schema.listtypes;
	const seen = types.filter((name) => (user.admin && !wanted) || name !== 'Users').filter((name) => !wanted || hasType(store.module(name), wanted));
	return { types: seen, information: Object.fromEntries(seen.map((name) => [name, { ...information[name] }])) };
}

function hasType(module: Module | undefined, wanted: ReadonlySet<string>): boolean {
	return module !== undefined && module.describe.fields.some((f) => wanted.has(f.type.name));
}

/** The `describe` answer; field order is alphabetical for who is no administrator. */
export function describe(store: Store, user: User, name: string): Json {
	const module = visibleModule(store, user, name);
	const answer: Describe = structuredClone(module.describe);
	if (!user.admin) answer.fields.sort((a, b) => (a.name < b.name ? -1 : 1));
	return answer as unknown as Json;
}

/** The module, or the refusal that names it. */
export function visibleModule(store: Store, user: User, name: string): Module {
	const module = store.module(name);
	if (!module) throw denied(` for name : ${name}`);
	if (name === 'Users' && !user.admin) throw denied();
	return module;
}
