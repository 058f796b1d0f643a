// Owns whether a record matches a domain.
// Must not know: transport, rights.
import { matchMoment } from './domain.dates';
import { parseDomain, unknownDomainField } from './domain';
import type { Leaf, Tree } from './domain';
import { valueError } from './failure';
import type { Json, Row } from './json';
import { idList, ref } from './json';
import { displayName } from './names';
import type { Field } from './schema';
import type { Env } from './world';

export type Predicate = (row: Row) => boolean;

/** Compiles a tree into a test on rows of `model`; unknown fields are refused even when no row is looked at. */
export function compile(env: Env, model: string, tree: Tree): Predicate {
	if ('constant' in tree) return () => tree.constant;
	if ('not' in tree) {
		const inner = compile(env, model, tree.not);
		return (row) => !inner(row);
	}
	if ('all' in tree) {
		const parts = tree.all.map((t) => compile(env, model, t));
		return (row) => parts.every((p) => p(row));
	}
	if ('any' in tree) {
		const parts = tree.any.map((t) => compile(env, model, t));
		return (row) => parts.some((p) => p(row));
	}
	return leafTest(env, model, tree.leaf);
}

function leafTest(env: Env, model: string, leaf: Leaf): Predicate {
	const [head = '', ...rest] = leaf.path.split('.');
	const field = env.field(model, head);
	if (!field) throw unknownDomainField(env.world.profile.version, model, leaf);
	if (rest.length > 0) {
		const relation = field.relation;
		if (!relation) throw valueError(`Invalid field ${model}.${leaf.path} in leaf`);
		const inner = leafTest(env, relation, { ...leaf, path: rest.join('.') });
		return (row) => related(env, model, field, row).some(inner);
	}
	if (field.relation) return relationTest(env, model, field, leaf);
	return scalarTest(env, model, field, leaf);
}

function related(env: Env, model: string, field: Field, row: Row): Row[] {
	const ids = idList(env.with({ active_test: false }).value(model, row, field.name));
	return ids.map((id) => env.store.get(field.relation ?? '', id)).filter((r): r is Row => r !== undefined);
}

function relationTest(env: Env, model: string, field: Field, leaf: Leaf): Predicate {
	const { operator, value } = leaf;
	const ids = (row: Row) => idList(env.value(model, row, field.name));
	if (operator === 'any' || operator === 'not any') {
		const inner = compile(env, field.relation ?? '', parseDomain(env.world.profile.version, value));
		const found = (row: Row) => related(env, model, field, row).some(inner);
		return operator === 'any' ? found : (row) => !found(row);
	}
	if (operator === 'child_of' || operator === 'parent_of') {
		const family = operator === 'child_of' ? descendants(env, field.relation ?? '', value) : ancestors(env, field.relation ?? '', value);
		return (row) => ids(row).some((id) => family.has(id));
	}
	const negative = operator === '!=' || operator.startsWith('not ');
	const list: Json[] = Array.isArray(value) ? value : [value];
	const named = list.filter((v): v is string => typeof v === 'string');
	const textual = operator.includes('like') || named.length > 0;
	if (textual) {
		const test = (row: Row) => ids(row).some((id) => named.some((n) => nameMatches(env, field, id, operator, n)));
		return negative ? (row) => !test(row) : test;
	}
	if (['>', '<', '>=', '<='].includes(operator)) return (row) => compareNumbers(operator, ref(env.value(model, row, field.name)), ref(value));
	const wanted = new Set(idList(value));
	const unset = list.some((v) => v === false || v === null);
	const hit = (row: Row) => ids(row).some((id) => wanted.has(id)) || (unset && ids(row).length === 0);
	return negative ? (row) => !hit(row) : hit;
}

function nameMatches(env: Env, field: Field, id: number, operator: string, wanted: string): boolean {
	const name = displayName(env, field.relation ?? '', id);
	const op = operator === '!=' || operator === 'in' || operator === 'not in' ? '=' : operator.replace('not ', '');
	return textMatches(op, name, wanted);
}

function scalarTest(env: Env, model: string, field: Field, leaf: Leaf): Predicate {
	const { operator, value } = leaf;
	if (field.name === 'id' && (operator === 'child_of' || operator === 'parent_of')) {
		const family = operator === 'child_of' ? descendants(env, model, value) : ancestors(env, model, value);
		return (row) => family.has(row.id);
	}
	const of = (row: Row) => env.value(model, row, field.name);
	if (operator === 'in' || operator === 'not in') {
		const list: Json[] = Array.isArray(value) ? value : [value];
		const wanted = new Set<Json>(list.map((v) => (v === null ? false : v)));
		const hit = (row: Row) => wanted.has(comparable(field, of(row)));
		return operator === 'in' ? hit : (row) => !hit(row);
	}
	if (field.type === 'date' || field.type === 'datetime') return matchMoment(env, field, operator, value, of);
	if (operator.includes('like')) {
		const positive = operator.replace('not ', '');
		const hit = (row: Row) => typeof of(row) === 'string' && textMatches(positive, String(of(row)), value === false || value === null ? '' : String(value));
		return operator.startsWith('not') ? (row) => !hit(row) : hit;
	}
	if (operator === '=?') return value === false || value === null ? () => true : (row) => same(field, of(row), value);
	if (operator === '=') return (row) => same(field, of(row), value);
	if (operator === '!=') return (row) => !same(field, of(row), value);
	return (row) => typeof of(row) === typeof value && compareValues(operator, of(row), value);
}

/** Unset text is false in a domain, whether it is stored empty or not at all. */
function comparable(field: Field, value: Json): Json {
	const text = field.type === 'char' || field.type === 'text' || field.type === 'html' || field.type === 'selection';
	return text && value === '' ? false : value;
}

function same(field: Field, stored: Json, wanted: Json): boolean {
	const value = wanted === null || wanted === '' ? false : wanted;
	const numeric = field.type === 'integer' || field.type === 'float' || field.type === 'monetary';
	if (numeric) return Number(stored) === Number(value);
	if (field.type === 'boolean') return Boolean(stored) === Boolean(value);
	return comparable(field, stored) === value;
}

function compareValues(operator: string, a: Json, b: Json): boolean {
	if (typeof a === 'number' && typeof b === 'number') return compareNumbers(operator, a, b);
	const [x, y] = [String(a), String(b)];
	return operator === '>' ? x > y : operator === '>=' ? x >= y : operator === '<' ? x < y : x <= y;
}

function compareNumbers(operator: string, a: number, b: number): boolean {
	return operator === '>' ? a > b : operator === '>=' ? a >= b : operator === '<' ? a < b : a <= b;
}

/** SQL LIKE: `_` one character, `%` any; `like` and `ilike` look inside, `=like` and `=ilike` at the whole text. */
export function textMatches(operator: string, text: string, pattern: string): boolean {
	if (operator === '=') return text === pattern;
	const body = pattern
		.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
		.replace(/%/g, '[\\s\\S]*')
		.replace(/_/g, '[\\s\\S]');
	const whole = operator.startsWith('=');
	return new RegExp(whole ? `^${body}$` : body, operator.includes('ilike') ? 'iu' : 'u').test(text);
}

function descendants(env: Env, model: string, value: Json): Set<number> {
	const found = new Set(idList(value));
	const queue = [...found];
	for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
		for (const child of env.store.by(model, 'parent_id', id))
			if (!found.has(child)) {
				found.add(child);
				queue.push(child);
			}
	}
	return found;
}

function ancestors(env: Env, model: string, value: Json): Set<number> {
	const found = new Set<number>();
	for (let id of idList(value)) {
		while (id && !found.has(id)) {
			found.add(id);
			id = ref(env.store.get(model, id)?.['parent_id']);
		}
	}
	return found;
}
