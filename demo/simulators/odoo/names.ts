// Owns what a record is called: display names, name_search, name_create.
// Must not know: transport.
import { countryName } from './countries';
import { num, ref, str } from './json';
import type { Row } from './json';
import type { Env } from './world';

/** The display name of a record; of a model that is not simulated, the name the recorded state gave it. */
export function displayName(env: Env, model: string, id: number): string {
	const row = env.store.get(model, id);
	if (!row) return env.world.labels[model]?.[String(id)] ?? `${model},${id}`;
	return nameOf(env, model, row);
}

export function nameOf(env: Env, model: string, row: Row): string {
	const own = env.rules(model).displayName;
	if (own) return own(env, row);
	if (model === 'res.country') return countryName(str(row['code']), env.lang, str(row['name']));
	const name = row['name'] ?? row['x_name'];
	return typeof name === 'string' && name !== '' ? name : `${model},${row.id}`;
}

/** `[id, label]` as an answer shows a many2one. */
export function pair(env: Env, model: string, id: number): [number, string] {
	return [id, displayName(env, model, id)];
}

/** The partner's own name behind its company's, as `display_name` shows it. */
export function partnerName(env: Env, row: Row): string {
	const parent = env.store.get('res.partner', ref(row['parent_id']));
	const name = str(row['name']);
	if (!parent || row['is_company'] === true) return name;
	const type = str(row['type']);
	const own = name || (type === 'invoice' ? 'Invoice Address' : type === 'delivery' ? 'Delivery Address' : type === 'other' ? 'Other Address' : '');
	return own === '' ? str(parent['name']) : `${str(parent['name'])}, ${own}`;
}

export function productName(env: Env, row: Row): string {
	const code = str(row['default_code']);
	const template = env.store.get('product.template', num(row['product_tmpl_id']));
	const name = str(row['name']) || str(template?.['name']);
	return code === '' ? name : `[${code}] ${name}`;
}
