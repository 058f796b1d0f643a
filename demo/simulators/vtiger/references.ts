// Owns ids that travel in values: owners and references, how they are checked and how they read back.
// Must not know: which operation runs.
import { badId, badReference, denied, type Json } from './failure';
import type { Field, Version } from './schema';
import type { Store } from './store';
import { textOf } from './values';

/** Splits `11x08` or ` 11x8 ` into prefix and number; `undefined` when it is no such thing. */
export function idParts(id: string): { prefix: string; number: number } | undefined {
	const match = /^\s*(\d+)x(-?\d+)\s*$/.exec(id);
	return match ? { prefix: match[1] as string, number: Number(match[2]) } : undefined;
}

/** What an owner field holds: a user, a group, a bare user number, or (unchecked) the number of nobody. */
export function owner(store: Store, value: Json): Json {
	const text = textOf(value);
	const parts = idParts(text) ?? { prefix: '', number: Number.parseInt(text, 10) };
	const found = store.get(`${parts.prefix || '19'}x${parts.number}`) ?? store.get(`20x${parts.number}`);
	return found ? found.id : String(parts.number);
}

/** What a reference field holds. Refuses an id of a module that the field does not refer to; accepts one that does not exist. */
export function reference(store: Store, field: Field, value: Json, version: Version): Json {
	const text = textOf(value);
	const prefix = text.split('x')[0] as string;
	const module = /^\d+$/.test(prefix.trim()) ? store.moduleOfPrefix(prefix.trim()) : undefined;
	if (!module) throw version === '8.4.0' ? badId() : denied(' for id');
	if (!(field.type.refersTo ?? []).includes(module)) throw badReference(field.name);
	return `${prefix.trim()}x${Number(text.split('x')[1])}`;
}

/** What a stored reference reads back as: `gone` (null or "") when its record is not there. */
export function shownReference(store: Store, value: Json, gone: Json): Json {
	if (typeof value !== 'string' || value === '') return value;
	return store.get(value) ? value : gone;
}
