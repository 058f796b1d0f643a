// Owns products: a template with one variant, shared fields read through the template, stock on hand.
// Must not know: orders, transport.
import { validationError, constraint } from '../failure';
import type { Json, JsonObject, Row } from '../json';
import { idList, num, ref, str } from '../json';
import { productName } from '../names';
import { create, touch, write } from '../records';
import type { Schema } from '../schema';
import type { Env, ModelRules } from '../world';
import type { Profile } from '../versions';

/** Fields a variant keeps itself; all others are its template's. */
const VARIANT_FIELDS = new Set([
	'id',
	'default_code',
	'barcode',
	'product_tmpl_id',
	'active',
	'standard_price',
	'weight',
	'volume',
	'create_date',
	'create_uid',
	'write_date',
	'write_uid',
	'display_name',
	'lst_price',
	'qty_available',
	'virtual_available',
	'free_qty',
	'incoming_qty',
	'outgoing_qty',
]);
const MIRRORED = ['default_code', 'barcode', 'standard_price', 'weight', 'volume'];

/** True while a template and its variant are written together, so that the one does not call the other back. */
const busy = new WeakSet<object>();

export function templateRules(profile: Profile): ModelRules {
	return {
		order: 'name, id',
		displayName: (_env, row) => (str(row['default_code']) === '' ? str(row['name']) : `[${str(row['default_code'])}] ${str(row['name'])}`),
		digits: profile.roundsPrices ? { list_price: 2, standard_price: 2 } : {},
		cascade: [['product.product', 'product_tmpl_id']],
		computed: {
			product_variant_id: (env, row) => env.store.by('product.product', 'product_tmpl_id', row.id)[0] ?? false,
			product_variant_count: (env, row) => env.store.by('product.product', 'product_tmpl_id', row.id).length,
			currency_id: (env) => companyCurrency(env),
			...(profile.version === 17 ? { detailed_type: (_env: Env, row: Row) => row['type'] ?? 'consu' } : {}),
		},
		defaults: (env, values) => productDefaults(env, values),
		beforeCreate: (_env, values) => typeOf(values),
		beforeWrite: (_env, _rows, values) => typeOf(values),
		afterCreate: (env, id) => {
			if (busy.has(env)) return;
			busy.add(env);
			const row = env.row('product.template', id);
			const own = Object.fromEntries(MIRRORED.filter((f) => row[f] !== undefined).map((f) => [f, row[f] as Json]));
			create(env, 'product.product', { ...own, product_tmpl_id: id });
			busy.delete(env);
		},
		afterWrite: (env, before, values) => {
			const own = Object.fromEntries([...MIRRORED, 'active'].filter((f) => values[f] !== undefined).map((f) => [f, values[f] as Json]));
			// 17+ moves the variants' write_date with the template's; 14 does not.
			for (const id of env.store.by('product.product', 'product_tmpl_id', before.id)) {
				if (Object.keys(own).length > 0) touch(env, 'product.product', id, own);
				else if (env.version >= 17) touch(env, 'product.product', id);
			}
		},
	};
}

function typeOf(values: JsonObject): JsonObject {
	return values['detailed_type'] === undefined ? values : { ...values, type: values['detailed_type'] };
}

function productDefaults(env: Env, values: JsonObject): JsonObject {
	const company = env.store.get('res.company', env.company);
	const tax = ref(company?.['account_sale_tax_id']);
	return {
		type: values['detailed_type'] ?? 'consu',
		sale_ok: true,
		purchase_ok: true,
		list_price: 1,
		uom_id: 1,
		...(env.field('product.template', 'uom_po_id') ? { uom_po_id: 1 } : {}),
		invoice_policy: env.version === 14 ? 'delivery' : 'order',
		categ_id: 1,
		taxes_id: tax > 0 ? [[6, 0, [tax]]] : [],
		...(env.field('product.template', 'tracking') ? { tracking: 'none' } : {}),
	};
}

export function companyCurrency(env: Env): number {
	return ref(env.store.get('res.company', env.company)?.['currency_id']) || 1;
}

/** Needs the schema: every field of the template that the variant does not keep itself is read through. */
export function productRules(profile: Profile, schema: Schema): ModelRules {
	const shared = [...(schema.get('product.template')?.fields.keys() ?? [])].filter((name) => !VARIANT_FIELDS.has(name));
	const template = (env: Env, row: Row) => env.store.get('product.template', num(row['product_tmpl_id']));
	const through: Record<string, (env: Env, row: Row) => Json> = {};
	for (const name of shared) {
		through[name] = (env, row) => {
			const own = template(env, row);
			return own ? env.value('product.template', own, name) : false;
		};
	}
	return {
		order: 'default_code, name, id',
		displayName: productName,
		searchNames: ['default_code', 'barcode'],
		digits: profile.roundsPrices ? { standard_price: 2 } : {},
		computed: {
			...through,
			lst_price: (env, row) => through['list_price']?.(env, row) ?? 0,
			qty_available: onHand,
			free_qty: onHand,
			virtual_available: onHand,
			partner_ref: productName,
			price: (env, row) => through['list_price']?.(env, row) ?? 0,
		},
		beforeCreate: (env, values) => withTemplate(env, values, shared),
		beforeWrite: (env, rows, values) => {
			const { own, tmpl } = split(values, shared);
			if (Object.keys(tmpl).length > 0) for (const row of rows) write(env, 'product.template', [num(row['product_tmpl_id'])], tmpl);
			return own;
		},
		afterCreate: (env, id) => refuseBarcode(env, id),
		afterWrite: (env, before, values) => {
			if (values['barcode'] !== undefined) refuseBarcode(env, before.id);
			const template = before['product_tmpl_id'];
			const own = Object.fromEntries(MIRRORED.filter((f) => values[f] !== undefined).map((f) => [f, values[f] as Json]));
			if (typeof template === 'number' && Object.keys(own).length > 0) touch(env, 'product.template', template, own);
		},
		afterUnlink: (env, rows) => {
			for (const row of rows)
				if (env.store.by('product.product', 'product_tmpl_id', num(row['product_tmpl_id'])).length === 0)
					env.store.remove('product.template', num(row['product_tmpl_id']));
		},
	};
}

function split(values: JsonObject, shared: string[]): { own: JsonObject; tmpl: JsonObject } {
	const own: JsonObject = {};
	const tmpl: JsonObject = {};
	for (const [name, value] of Object.entries(values)) {
		if (name === 'lst_price') tmpl['list_price'] = value;
		else if (shared.includes(name)) tmpl[name] = value;
		else own[name] = value;
	}
	return { own, tmpl };
}

/** A product created directly brings its template along. */
function withTemplate(env: Env, values: JsonObject, shared: string[]): JsonObject {
	if (typeof values['product_tmpl_id'] === 'number') return values;
	const { own, tmpl } = split(values, shared);
	const mirrored = Object.fromEntries(MIRRORED.filter((f) => own[f] !== undefined).map((f) => [f, own[f] as Json]));
	const nested = busy.has(env);
	busy.add(env);
	const id = create(env, 'product.template', { ...tmpl, ...mirrored });
	if (!nested) busy.delete(env);
	return { ...own, product_tmpl_id: id };
}

function refuseBarcode(env: Env, id: number): void {
	const row = env.row('product.product', id);
	const barcode = str(row['barcode']);
	if (barcode === '') return;
	const others = env.store.by('product.product', 'barcode', barcode).filter((other) => other !== id);
	const first = others[0];
	if (first === undefined) return;
	if (env.version === 14) throw constraint(14, 'A barcode can only be assigned to one product !', '');
	const names = [productName(env, env.row('product.product', first)), productName(env, row)].join(env.version >= 18 ? ' and ' : ', ');
	throw validationError(
		`Barcode(s) already assigned:\n\n- Barcode "${barcode}" already assigned to product(s): ${names}\n\nNote: products that you don't have access to will not be shown above.`,
	);
}

/** Quantity in internal locations. */
function onHand(env: Env, row: Row): number {
	return env.store.by('stock.quant', 'product_id', row.id).reduce((sum, id) => {
		const quant = env.row('stock.quant', id);
		const usage = env.store.get('stock.location', ref(quant['location_id']))?.['usage'];
		return usage === 'internal' ? sum + num(quant['quantity']) : sum;
	}, 0);
}

/** The price of a product on a price list: the most specific fixed price, else the list price in the list's currency. */
export function priceOf(env: Env, productId: number, pricelistId: number, currencyId: number): number {
	const product = env.row('product.product', productId);
	const items = idList(env.store.by('product.pricelist.item', 'pricelist_id', pricelistId)).map((id) => env.row('product.pricelist.item', id));
	const fits = (item: Row) =>
		item['product_id'] === productId ||
		(!item['product_id'] && item['product_tmpl_id'] === product['product_tmpl_id']) ||
		(!item['product_id'] && !item['product_tmpl_id']);
	const item = items.find((i) => i['product_id'] === productId) ?? items.find(fits);
	const list = num(env.value('product.product', product, 'list_price'));
	if (item?.['compute_price'] === 'fixed') return num(item['fixed_price']);
	const rate = num(env.store.get('res.currency', currencyId)?.['rate']) || 1;
	return list * rate;
}
