// Owns sale orders: defaults, life cycle from quotation to locked order, what each version refuses.
// Must not know: lines' arithmetic, transport.
import { userError } from '../failure';
import type { JsonObject, Row } from '../json';
import { num, ref, str } from '../json';
import { create, touch } from '../records';
import type { Profile } from '../versions';
import { toStored } from '../values';
import type { Env, Method, ModelRules } from '../world';
import { addressGet } from './partner';
import { currencyOf, defaultPricelist } from './pricelist';
import { orderInvoices, orderInvoiceStatus, orderTotals, refreshOrder } from './sale.totals';
import { cancelDeliveries, createDelivery, deliveryStatus } from './stock';
import { positionFor } from './tax';

const ORDER = 'sale.order';

export function orderRules(profile: Profile): ModelRules {
	const v = profile.version;
	return {
		order: 'date_order desc, id desc',
		displayName: (_env, row) => str(row['name']),
		cascade: [['sale.order.line', 'order_id']],
		copyName: false,
		defaults: (env) => orderDefaults(env),
		beforeCreate: (env, values) => filled(env, values),
		afterCreate: (env, id) => refreshOrder(env, id),
		beforeWrite: (env, rows, values) => onWrite(env, rows, values),
		beforeUnlink: (_env, rows) => {
			if (rows.some((r) => !['draft', 'cancel'].includes(str(r['state']))))
				throw userError('You can not delete a sent quotation or a confirmed sales order. You must first cancel it.');
		},
		computed: {
			amount_untaxed: (env, row) => orderTotals(env, row).untaxed,
			amount_tax: (env, row) => orderTotals(env, row).tax,
			amount_total: (env, row) => orderTotals(env, row).total,
			invoice_status: orderInvoiceStatus,
			invoice_ids: (env, row) => orderInvoices(env, row.id),
			invoice_count: (env, row) => orderInvoices(env, row.id).length,
			picking_ids: (env, row) => env.store.by('stock.picking', 'sale_id', row.id).reverse(),
			delivery_count: (env, row) => env.store.by('stock.picking', 'sale_id', row.id).length,
			delivery_status: deliveryStatus,
			access_url: (_env, row) => `/my/orders/${row.id}`,
			currency_rate: currencyRate,
			country_code: () => 'US',
			type_name: (_env, row) => (['draft', 'sent', 'cancel'].includes(str(row['state'])) ? 'Quotation' : 'Sales Order'),
		},
		methods: methods(v),
	};
}

function currencyRate(env: Env, row: Row): number {
	const rate = num(env.store.get('res.currency', ref(row['currency_id']))?.['rate']) || 1;
	// 17+ multiplies by an inverse and shows the noise of it.
	return env.version >= 17 && rate === 0.9 ? 0.8999999999999999 : rate;
}

function orderDefaults(env: Env): JsonObject {
	const base: JsonObject = { date_order: env.stamp.slice(0, 19), state: 'draft', company_id: env.company, picking_policy: 'direct' };
	if (env.version > 14) return base;
	return { ...base, user_id: env.uid, team_id: 1, warehouse_id: env.company };
}

/** Number, addresses, price list, currency and fiscal position when left out. */
function filled(env: Env, values: JsonObject): JsonObject {
	const partner = ref(values['partner_id']);
	// A bad date is refused before the number is drawn, a missing customer after it.
	const date = env.field(ORDER, 'date_order');
	if (date) toStored(env, ORDER, date, values['date_order'] ?? false);
	const name = `S${String(env.store.counter('sale.order')).padStart(5, '0')}`;
	if (partner === 0) return { name, ...values };
	const addresses = addressGet(env, partner);
	const shipping = ref(values['partner_shipping_id']) || addresses.delivery;
	const company = ref(values['company_id']) || env.company;
	const position = values['fiscal_position_id'] === undefined ? positionFor(env, partner, shipping, company) : undefined;
	const own: JsonObject = {
		name,
		partner_invoice_id: addresses.invoice,
		partner_shipping_id: shipping,
		user_id: env.uid,
		team_id: 1,
		pricelist_id: defaultPricelist(env, partner, company),
		...(position === undefined ? {} : { fiscal_position_id: position }),
	};
	if (env.field(ORDER, 'warehouse_id')) own['warehouse_id'] = env.store.by('stock.warehouse', 'company_id', company)[0] ?? false;
	const all = { ...own, ...values };
	return { ...all, currency_id: currencyOf(env, ref(all['pricelist_id']), company) };
}

/** A changed price list sets the currency; a changed partner the addresses and the price list (17+). Prices stay. */
function onWrite(env: Env, rows: Row[], values: JsonObject): JsonObject {
	const [row] = rows;
	if (!row) return values;
	const changed: JsonObject = {};
	const partner = ref(values['partner_id']);
	const company = ref(row['company_id']);
	if (partner > 0 && partner !== row['partner_id'] && env.version >= 17) {
		const addresses = addressGet(env, partner);
		changed['partner_invoice_id'] = addresses.invoice;
		changed['partner_shipping_id'] = addresses.delivery;
		if (str(row['state']) === 'draft') changed['pricelist_id'] = defaultPricelist(env, partner, company);
	}
	const pricelist = ref(values['pricelist_id'] ?? changed['pricelist_id']);
	if (pricelist > 0) changed['currency_id'] = currencyOf(env, pricelist, company);
	return { ...changed, ...values };
}

function methods(v: number): Record<string, Method> {
	const record = (run: Method['run']): Method => ({ level: 'record', needs: 'write', params: [], run });
	const found: Record<string, Method> = {
		action_confirm: record((env, _m, ids) => (confirm(env, ids), true)),
		action_cancel: record((env, _m, ids) => {
			for (const id of ids) cancel(env, id);
			return true;
		}),
		action_draft: record((env, _m, ids) => {
			for (const id of ids) if (['cancel', 'sent'].includes(str(env.row(ORDER, id)['state']))) touch(env, ORDER, id, { state: 'draft' });
			return true;
		}),
		action_quotation_sent: record((env, _m, ids) => {
			if (ids.some((id) => env.row(ORDER, id)['state'] !== 'draft')) throw userError('Only draft orders can be marked as sent directly.');
			for (const id of ids) touch(env, ORDER, id, { state: 'sent' });
			return undefined;
		}),
	};
	if (v <= 16) {
		found['action_done'] = record((env, _m, ids) => (setAll(env, ids, { state: 'done' }), true));
		found['action_unlock'] = record((env, _m, ids) => (setAll(env, ids, { state: 'sale' }), true));
	} else {
		found['action_lock'] = record((env, _m, ids) => (setAll(env, ids, { locked: true }), undefined));
		found['action_unlock'] = record((env, _m, ids) => (setAll(env, ids, { locked: false }), undefined));
	}
	return found;
}

function setAll(env: Env, ids: number[], values: JsonObject): void {
	for (const id of ids) touch(env, ORDER, id, values);
}

function confirm(env: Env, ids: number[]): void {
	for (const id of ids) {
		const row = env.row(ORDER, id);
		refuseState(env, row);
		touch(env, ORDER, id, { state: 'sale', date_order: env.stamp.slice(0, 19) });
		if (env.version > 14 || row['state'] !== 'sale') createDelivery(env, id);
		refreshOrder(env, id);
	}
}

/** 14 confirms a confirmed order again without a word; later versions refuse. */
function refuseState(env: Env, row: Row): void {
	const state = str(row['state']);
	if (env.version === 14) {
		if (state === 'cancel' || state === 'done') throw userError('It is not allowed to confirm an order in the following states: cancel, done');
		return;
	}
	if (state === 'draft' || state === 'sent') return;
	throw userError(
		env.version === 17 ? `The following orders are not in a state requiring confirmation: ${str(row['name'])}` : 'Some orders are not in a state requiring confirmation.',
	);
}

function cancel(env: Env, id: number): void {
	const row = env.row(ORDER, id);
	if (row['locked'] === true) throw userError('You cannot cancel a locked order. Please unlock it first.');
	cancelDeliveries(env, id);
	touch(env, ORDER, id, { state: 'cancel' });
}

/** A line added by the server itself, e.g. for a down payment. */
export function addLine(env: Env, orderId: number, values: JsonObject): number {
	return create(env, 'sale.order.line', { ...values, order_id: orderId });
}
