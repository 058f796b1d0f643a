// Owns partners: company and contacts, the commercial entity, inherited addresses, who is invoiced and who gets the goods.
// Must not know: orders, transport.
import type { JsonObject, Row } from '../json';
import { ref, str } from '../json';
import { validationError } from '../failure';
import { partnerName } from '../names';
import { touch } from '../records';
import type { Env, ModelRules } from '../world';
import { defaultPricelist } from './pricelist';

const ADDRESS = ['street', 'street2', 'zip', 'city', 'state_id', 'country_id'];
/** Values of the commercial entity that every contact of it shows. */
const COMMERCIAL = ['vat'];

export function partnerRules(version: number): ModelRules {
	return {
		order: version >= 17 ? 'complete_name, id desc' : 'display_name, id',
		displayName: partnerName,
		searchNames: ['email', 'ref', 'vat'],
		copyName: true,
		computed: {
			display_name: partnerName,
			complete_name: partnerName,
			commercial_partner_id: (env, row) => commercialOf(env, row).id,
			commercial_company_name: (env, row) => (commercialOf(env, row)['is_company'] === true ? (commercialOf(env, row)['name'] ?? false) : false),
			company_type: (_env, row) => (row['is_company'] === true ? 'company' : 'person'),
			email_normalized: (_env, row) => str(row['email']).toLowerCase() || false,
			parent_name: (env, row) => env.store.get('res.partner', ref(row['parent_id']))?.['name'] ?? false,
			image_128: (_env, row) => row['image_1920'] ?? false,
			contact_address: (_env, row) => str(row['street']),
			partner_share: () => true,
			tz_offset: () => '+0000',
			property_product_pricelist: (env, row) =>
				row['property_product_pricelist'] ?? row['specific_property_product_pricelist'] ?? defaultPricelist(env, row.id, env.company),
			sale_order_count: (env, row) => env.store.by('sale.order', 'partner_id', row.id).length,
		},
		defaults: (env, values) => ({
			type: 'contact',
			lang: defaultLanguage(env),
			is_company: values['company_type'] === 'company',
			color: 0,
		}),
		beforeCreate: (env, values) => inheritAddress(env, companyType(values)),
		beforeWrite: (env, rows, values) => {
			for (const row of rows) if (typeof values['parent_id'] === 'number' && isAncestor(env, row.id, values['parent_id'])) throw validationError(recursion(env));
			return companyType(values);
		},
		afterWrite: (env, before, values) => {
			if (version < 19) takeAddressAgain(env, before.id, values);
			syncChildren(env, before.id, values);
		},
		methods: {
			address_get: { level: 'record', params: [{ name: 'adr_pref', fallback: ['contact'] }], run: (env, _m, ids) => addressGet(env, ids[0] ?? 0) },
		},
	};
}

function recursion(env: Env): string {
	return env.messageLanguage === 'it_IT' ? 'Non puoi creare gerarchie ricorsive per i Partner' : 'You cannot create recursive Partner hierarchies.';
}

/** The context's language when it is installed, else the user's own. */
function defaultLanguage(env: Env): string {
	const installed = env.field('res.partner', 'lang')?.selection?.map(([code]) => code) ?? [];
	return typeof env.context['lang'] === 'string' && installed.includes(env.lang) ? env.lang : userLanguage(env);
}

function userLanguage(env: Env): string {
	const user = env.store.get('res.users', env.uid);
	return str(env.store.get('res.partner', ref(user?.['partner_id']))?.['lang']) || 'en_US';
}

/** `company_type` is only another way to say is_company. */
function companyType(values: JsonObject): JsonObject {
	if (values['company_type'] === undefined) return values;
	return { ...values, is_company: values['company_type'] === 'company' };
}

/** The company a contact belongs to, or the record itself. */
export function commercialOf(env: Env, row: Row): Row {
	const parent = env.store.get('res.partner', ref(row['parent_id']));
	if (row['is_company'] === true || !parent) return row;
	return commercialOf(env, parent);
}

function isAncestor(env: Env, id: number, start: number): boolean {
	for (let at = start; at; at = ref(env.store.get('res.partner', at)?.['parent_id'])) if (at === id) return true;
	return false;
}

/** A contact takes its company's address; an invoice or delivery address keeps its own. */
function inheritAddress(env: Env, values: JsonObject): JsonObject {
	const parent = env.store.get('res.partner', ref(values['parent_id']));
	if (!parent) return values;
	const taken: JsonObject = {};
	const hasOwn = ADDRESS.some((f) => values[f] !== undefined && values[f] !== false && values[f] !== '');
	if ((values['type'] ?? 'contact') === 'contact' && !hasOwn) for (const f of ADDRESS) if (parent[f]) taken[f] = parent[f];
	if (values['is_company'] !== true) for (const f of COMMERCIAL) if (parent[f]) taken[f] = parent[f];
	return { ...values, ...taken };
}

/** Up to 18 a contact whose company is written, even the same one, has the company's address again; 19 leaves what was written (measured). */
function takeAddressAgain(env: Env, id: number, values: JsonObject): void {
	const row = env.row('res.partner', id);
	const parent = env.store.get('res.partner', ref(row['parent_id']));
	const told = typeof values['parent_id'] === 'number' || values['type'] === 'contact';
	if (!told || !parent || row['type'] !== 'contact' || !ADDRESS.some((f) => parent[f])) return;
	touch(env, 'res.partner', id, Object.fromEntries(ADDRESS.map((f) => [f, parent[f] ?? false])));
}

/** An address or VAT number written on a company is written on its contacts too, and moves their write_date. */
function syncChildren(env: Env, id: number, values: JsonObject): void {
	const address = ADDRESS.filter((f) => values[f] !== undefined);
	const commercial = COMMERCIAL.filter((f) => values[f] !== undefined);
	const renamed = values['name'] !== undefined;
	if (address.length === 0 && commercial.length === 0 && !renamed) return;
	const row = env.row('res.partner', id);
	for (const childId of env.store.by('res.partner', 'parent_id', id)) {
		const child = env.row('res.partner', childId);
		const fields = [...(child['type'] === 'contact' ? address : []), ...(child['is_company'] === true ? [] : commercial)];
		if (fields.length > 0 || renamed) touch(env, 'res.partner', childId, Object.fromEntries(fields.map((f) => [f, row[f] ?? false])));
	}
}

/** Ids of the invoice, delivery and contact addresses of a partner: the first child of the kind, else itself. */
export function addressGet(env: Env, id: number): { invoice: number; delivery: number; contact: number } {
	const row = env.store.get('res.partner', id);
	if (!row) return { invoice: id, delivery: id, contact: id };
	const commercial = commercialOf(env, row);
	const family = [id, ...env.store.by('res.partner', 'parent_id', id), ...env.store.by('res.partner', 'parent_id', commercial.id), commercial.id];
	const first = (type: string) =>
		family.find((i) => {
			const member = env.store.get('res.partner', i);
			return member?.['type'] === type && member['active'] !== false;
		});
	return { invoice: first('invoice') ?? id, delivery: first('delivery') ?? id, contact: first('contact') ?? id };
}

export function userRules(): ModelRules {
	const fromPartner = (field: string) => (env: Env, row: Row) => env.store.get('res.partner', ref(row['partner_id']))?.[field] ?? false;
	return {
		order: 'name, login',
		displayName: (env, row) => str(fromPartner('name')(env, row)),
		computed: { name: fromPartner('name'), email: fromPartner('email'), lang: fromPartner('lang'), tz: fromPartner('tz'), display_name: fromPartner('name') },
		methods: {
			context_get: {
				level: 'model',
				params: [],
				run: (env) => {
					const row = env.row('res.users', env.uid);
					const own = { lang: str(fromPartner('lang')(env, row)), tz: fromPartner('tz')(env, row) };
					return env.version >= 15 ? { ...own, uid: env.uid } : own;
				},
			},
		},
	};
}
