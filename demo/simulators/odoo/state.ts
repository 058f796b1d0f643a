// Owns the starting state: the packed file of a version, and what every database has besides (countries, currencies, external ids).
// Must not know: calls, transport.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COUNTRY_CODES, countryKey, countryName, currencyOf, INACTIVE_CURRENCIES, phoneCodeOf } from './countries';
import type { Json, JsonObject, Row } from './json';
import { str } from './json';
import { buildSchema } from './schema';
import type { PackedField, Schema } from './schema';
import { Store } from './store';
import type { Version } from './versions';

/** A starting state: fields and records per model, names of records whose model is left out. */
export interface State {
	version: Version;
	labels: Record<string, Record<string, string>>;
	models: Record<string, { fields: Record<string, PackedField>; records: Row[] }>;
}

/** Reads the state shipped with the simulator. */
export function shippedState(version: Version): State {
	return JSON.parse(readFileSync(join(__dirname, 'state', `odoo-${version}.json`), 'utf8')) as State;
}

export function schemaOf(state: State): Schema {
	return buildSchema(state.version, Object.fromEntries(Object.entries(state.models).map(([m, { fields }]) => [m, fields])));
}

/** Fills a store with the state's records and the common ones. */
export function storeOf(state: State, stamp: string): Store {
	const store = new Store();
	const base = { create_date: stamp, write_date: stamp, create_uid: 1, write_uid: 1 };
	for (const [model, { records, fields }] of Object.entries(state.models)) {
		const archivable = fields['active'] !== undefined;
		for (const row of records) store.put(model, { ...base, ...(archivable ? { active: true } : {}), ...withMicros(row) });
	}
	const add = (model: string, values: JsonObject): number => {
		const id = typeof values['id'] === 'number' ? values['id'] : store.nextId(model);
		store.put(model, { ...base, ...values, id });
		return id;
	};
	addCountries(store, add);
	addCurrencies(store, add);
	addConfiguration(state, add, stamp);
	addModels(state, store, base);
	return store;
}

type Add = (model: string, values: JsonObject) => number;

/** Recorded times come in seconds; inside they carry microseconds. */
function withMicros(row: Row): Row {
	return { ...row, ...(typeof row['write_date'] === 'string' ? { write_date: `${row['write_date']}.000000` } : {}) };
}

function key(add: Add, complete: string, model: string, id: number): void {
	const dot = complete.indexOf('.');
	add('ir.model.data', { module: complete.slice(0, dot), name: complete.slice(dot + 1), complete_name: complete, model, res_id: id, noupdate: false });
}

function addCountries(store: Store, add: Add): void {
	const euro = store.rows('res.currency').find((c) => c['name'] === 'EUR')?.id ?? false;
	const dollar = store.rows('res.currency').find((c) => c['name'] === 'USD')?.id ?? false;
	for (const [i, code] of COUNTRY_CODES.entries()) {
		const id = i + 1;
		const currency: Json = currencyOf(code) === 'EUR' ? euro : currencyOf(code) === 'USD' ? dollar : false;
		if (!store.get('res.country', id)) add('res.country', { id, code, name: countryName(code, 'en_US'), currency_id: currency, phone_code: phoneCodeOf(code) });
		key(add, `base.${countryKey(code)}`, 'res.country', id);
	}
	for (const [code, name] of [
		['CA', 'California'],
		['NY', 'New York'],
		['TX', 'Texas'],
	]) {
		add('res.country.state', { code: code ?? '', name: name ?? '', country_id: COUNTRY_CODES.indexOf('US') + 1 });
	}
}

/** Rates of the recorded servers; inactive currencies exist and can be activated. */
function addCurrencies(store: Store, add: Add): void {
	for (const row of store.rows('res.currency')) {
		store.put('res.currency', { ...row, rate: row['name'] === 'EUR' ? 0.9 : 1, active: true });
		key(add, `base.${str(row['name'])}`, 'res.currency', row.id);
	}
	for (const [i, [name, symbol, full, rounding]] of INACTIVE_CURRENCIES.entries()) {
		const id = add('res.currency', { id: 140 + i, name, symbol, full_name: full, rounding, rate: 1, active: false, position: 'before' });
		key(add, `base.${name}`, 'res.currency', id);
	}
}

/** Installed applications with the last part of their version. */
const MODULES: Record<Version, string> = {
	14: 'account:1 base_automation:0 crm:2 l10n_generic_coa:1 purchase:2 sale:1 sale_management:0 sale_stock:0 stock:1',
	17: 'account:2 base_automation:0 crm:8 purchase:2 sale:2 sale_management:0 sale_stock:0 stock:1',
	18: 'account:3 base_automation:0 crm:8 purchase:2 sale:2 sale_management:0 sale_stock:0 stock:1',
	19: 'account:4 base_automation:0 crm:9 purchase:2 rpc:0 sale:2 sale_management:0 sale_stock:0 stock:1',
};

function addConfiguration(state: State, add: Add, stamp: string): void {
	key(add, 'base.main_partner', 'res.partner', 1);
	key(add, 'base.main_company', 'res.company', 1);
	key(add, 'base.user_admin', 'res.users', 2);
	add('res.lang', { name: 'English (US)', code: 'en_US', active: true });
	add('product.category', { name: 'All', complete_name: 'All' });
	key(add, 'product.product_category_all', 'product.category', 1);
	const names =
		state.version >= 19
			? ['Product Unit', 'Percentage Analytic', 'Product Price', 'Discount', 'Stock Weight', 'Volume', 'Payment Terms']
			: state.version >= 17
				? ['Percentage Analytic', 'Product Price', 'Discount', 'Stock Weight', 'Volume', 'Product Unit of Measure', 'Payment Terms']
				: ['Product Price', 'Discount', 'Stock Weight', 'Volume', 'Product Unit of Measure', 'Payment Terms'];
	for (const name of names) add('decimal.precision', { name, digits: name === 'Payment Terms' ? 6 : 2 });
	// The mapping of the recorded fiscal position: 22 % becomes 10 %.
	if (state.version < 19) add('account.fiscal.position.tax', { position_id: 1, tax_src_id: 3, tax_dest_id: 4 });
	for (const module of MODULES[state.version].split(' ')) {
		const [name = '', minor = ''] = module.split(':');
		add('ir.module.module', { name, state: 'installed', installed_version: `${state.version}.0.1.${minor}` });
	}
	for (const [i, login] of ['admin', 'integration', 'sales'].entries()) {
		add('res.users.apikeys', {
			name: `key of ${login}`,
			scope: 'rpc',
			user_id: i === 0 ? 2 : i + (state.version >= 19 ? 4 : 5),
			expiration_date: `${Number(stamp.slice(0, 4)) + 1}${stamp.slice(4, 19)}`,
		});
	}
}

/** Models and their fields as records, which feature probes and manual fields look at. */
function addModels(state: State, store: Store, base: JsonObject): void {
	const partner = { 14: 79, 17: 85, 18: 87, 19: 90 }[state.version];
	const names = Object.keys(state.models);
	const idOf = (model: string) => (model === 'res.partner' ? partner : partner + 1 + names.indexOf(model));
	store.fillLater('ir.model', () => names.map((model) => ({ ...base, id: idOf(model), name: model, model, state: 'base', transient: false })));
	store.fillLater('ir.model.fields', () => {
		const rows: Row[] = [];
		for (const model of names) {
			for (const [name, [type, flags, label, extra]] of Object.entries(state.models[model]?.fields ?? {})) {
				rows.push({
					...base,
					id: rows.length + 1,
					name,
					field_description: label,
					model,
					model_id: idOf(model),
					ttype: type,
					relation: typeof extra === 'string' ? extra : false,
					required: flags.includes('r'),
					store: flags.includes('s'),
					state: 'base',
				});
			}
		}
		return rows;
	});
}
