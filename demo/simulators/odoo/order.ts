// Owns the `order` argument: reading it and sorting rows by it.
// Must not know: domains, transport.
import { unknownField, userError } from './failure';
import type { Json, Row } from './json';
import type { Env } from './world';

interface Key {
	field: string;
	descending: boolean;
}

/** Sorts rows by the clause, or by the model's own order when there is none. */
export function sorted(env: Env, model: string, rows: Row[], order: Json | undefined): Row[] {
	const clause = typeof order === 'string' && order.trim() !== '' ? order : (env.rules(model).order ?? 'id');
	const keys = parse(env, model, clause);
	const values = new Map(rows.map((row) => [row.id, keys.map((k) => sortValue(env, model, row, k.field))]));
	return [...rows].sort((a, b) => {
		for (const [i, key] of keys.entries()) {
			const c = compare(values.get(a.id)?.[i] ?? false, values.get(b.id)?.[i] ?? false);
			if (c !== 0) return key.descending ? -c : c;
		}
		return a.id - b.id;
	});
}

function parse(env: Env, model: string, clause: string): Key[] {
	return clause.split(',').map((term) => {
		const m = /^\s*([a-z0-9_.]+)(?:\s+(asc|desc))?(?:\s+nulls\s+(?:first|last))?\s*$/i.exec(term);
		if (!m) {
			throw userError(
				`Invalid "order" specified (${clause}). A valid "order" specification is a comma-separated list of valid field names (optionally followed by asc/desc for the direction)`,
			);
		}
		const field = m[1] ?? 'id';
		if (!env.field(model, field.split('.')[0] ?? field)) throw unknownField(env.world.profile.version, model, field, 'order');
		return { field, descending: (m[2] ?? 'asc').toLowerCase() === 'desc' };
	});
}

function sortValue(env: Env, model: string, row: Row, name: string): Json {
	const field = env.field(model, name);
	// A number that was never set is NULL and sorts last, although it reads as 0.
	if (row[name] === undefined && !env.rules(model).computed?.[name] && name !== 'display_name') return false;
	const value = env.value(model, row, name);
	if (field?.type === 'many2one' && field.relation && typeof value === 'number') {
		const related = env.store.get(field.relation, value);
		const order = env.rules(field.relation).order?.split(',')[0]?.trim().split(' ')[0] ?? 'id';
		return related ? env.value(field.relation, related, order) : value;
	}
	return value;
}

/** Unset sorts last, as NULL does in PostgreSQL; text by code point, as the recorded databases do. */
function compare(a: Json, b: Json): number {
	const emptyA = a === false || a === null;
	const emptyB = b === false || b === null;
	if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
	if (emptyA || emptyB) return Number(emptyA) - Number(emptyB);
	if (typeof a === 'number' && typeof b === 'number') return a - b;
	const [x, y] = [String(a), String(b)];
	return x < y ? -1 : x > y ? 1 : 0;
}
