// Owns read_group and formatted_read_group over plain fields and months.
// Must not know: transport.
import type { Json, JsonObject, Row } from './json';
import { strings } from './json';
import { pair } from './names';
import { matching } from './search';
import type { Env } from './world';

interface Group {
	key: Json;
	rows: Row[];
}

function groupRows(env: Env, model: string, rows: Row[], groupby: string): Group[] {
	const [field = '', part] = groupby.split(':');
	const groups = new Map<string, Group>();
	for (const row of rows) {
		const value = env.value(model, row, field);
		const key = part === 'month' && typeof value === 'string' ? value.slice(0, 7) : value;
		const name = JSON.stringify(key);
		const group = groups.get(name) ?? { key, rows: [] };
		group.rows.push(row);
		groups.set(name, group);
	}
	return [...groups.values()].sort((a, b) => (sortKey(env, model, field, a.key) < sortKey(env, model, field, b.key) ? -1 : 1));
}

function sortKey(env: Env, model: string, field: string, key: Json): string {
	const relation = env.field(model, field)?.relation;
	if (relation && typeof key === 'number') return pair(env, relation, key)[1];
	return key === false ? '' : String(key);
}

/** The deprecated grouping call: one level, `fields` as `name:aggregate`. */
export function readGroup(env: Env, model: string, args: Record<string, Json>): Json {
	const groupby = strings(args['groupby'])[0] ?? String(args['groupby'] ?? '');
	const lazy = args['lazy'] !== false;
	const [field = '', part] = groupby.split(':');
	const groups = groupRows(env, model, matching(env, model, args['domain'] ?? []), groupby);
	const limit = Number(args['limit'] ?? 0);
	return groups.slice(0, limit > 0 ? limit : undefined).map((g) => {
		const shown: JsonObject = { [groupby]: label(env, model, field, part, g.key), [lazy ? `${field}_count` : '__count']: g.rows.length };
		Object.assign(shown, aggregates(env, model, strings(args['fields']), g.rows));
		shown['__domain'] = groupDomain(env.version, field, part, g.key, args['domain'] ?? []);
		if (part === 'month' && env.version >= 17) shown['__range'] = { [groupby]: monthRange(String(g.key)) };
		return shown;
	});
}

/** 19's replacement: aggregates are named, the extra domain is given apart. */
export function formattedReadGroup(env: Env, model: string, args: Record<string, Json>): Json {
	const groupby = strings(args['groupby'])[0];
	const rows = matching(env, model, args['domain'] ?? []);
	const groups: Group[] = groupby === undefined ? [{ key: false, rows }] : groupRows(env, model, rows, groupby);
	return groups.map((g) => {
		const [field = '', part] = (groupby ?? '').split(':');
		const shown: JsonObject = groupby === undefined ? {} : { [groupby]: label(env, model, field, part, g.key) };
		shown['__extra_domain'] = groupby === undefined ? [] : groupDomain(env.version, field, part, g.key, []);
		for (const aggregate of strings(args['aggregates'])) {
			const [name = '', how = ''] = aggregate.split(':');
			shown[aggregate] = aggregate === '__count' ? g.rows.length : compute(env, model, name, how, g.rows);
		}
		return shown;
	});
}

function label(env: Env, model: string, field: string, part: string | undefined, key: Json): Json {
	if (part === 'month' && typeof key === 'string') {
		const date = new Date(`${key}-01T00:00:00Z`);
		return new Intl.DateTimeFormat(env.lang.replace('_', '-'), { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(date);
	}
	const relation = env.field(model, field)?.relation;
	return relation && typeof key === 'number' ? pair(env, relation, key) : key;
}

function aggregates(env: Env, model: string, fields: string[], rows: Row[]): JsonObject {
	const found: JsonObject = {};
	for (const spec of fields) {
		const [name = '', how = ''] = spec.split(':');
		if (how === '' || (how === 'count' && env.version === 14)) continue;
		found[name] = compute(env, model, name, how, rows);
	}
	return found;
}

function compute(env: Env, model: string, name: string, how: string, rows: Row[]): number {
	const numbers = rows.map((row) => Number(env.value(model, row, name)) || 0);
	if (how === 'count') return numbers.length;
	const sum = numbers.reduce((a, b) => a + b, 0);
	if (how === 'avg') return numbers.length === 0 ? 0 : sum / numbers.length;
	if (how === 'max') return Math.max(...numbers);
	return how === 'min' ? Math.min(...numbers) : sum;
}

function monthRange(month: string): JsonObject {
	const from = new Date(`${month}-01T00:00:00Z`);
	const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1));
	const text = (d: Date) => `${d.toISOString().slice(0, 10)} 00:00:00`;
	return { from: text(from), to: text(to) };
}

function groupDomain(version: number, field: string, part: string | undefined, key: Json, domain: Json): Json {
	const own: Json[] = [];
	if (part === 'month' && typeof key === 'string') {
		const { from, to } = monthRange(key);
		own.push('&', [field, '>=', from ?? ''], [field, '<', to ?? '']);
	} else {
		own.push([field, '=', key]);
	}
	if (!Array.isArray(domain) || domain.length === 0) return own;
	return version === 14 ? ['&', ...own, ...domain] : ['&', ...domain, ...own];
}
