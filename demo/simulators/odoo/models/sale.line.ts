// Owns sale order lines: what is filled in when left out, re-pricing, amounts, quantities still to invoice.
// Must not know: the order's life cycle, transport.
import { userError } from '../failure';
import type { Json, JsonObject, Row } from '../json';
import { idList, num, ref, str } from '../json';
import { lineAmounts, subtract, add } from '../money';
import type { LineAmounts } from '../money';
import { displayName, productName } from '../names';
import type { Profile } from '../versions';
import type { Env, ModelRules } from '../world';
import { priceOf } from './product';
import { refreshOrder } from './sale.totals';
import { adjustDelivery } from './stock';
import { mapTaxes, ratesOf, roundingOf } from './tax';

const ORDER = 'sale.order';
const LINE = 'sale.order.line';

export function orderLineRules(profile: Profile): ModelRules {
	const order = (env: Env, row: Row) => env.store.get(ORDER, ref(row['order_id']));
	return {
		order: 'order_id, sequence, id',
		displayName: (env, row) => lineName(env, row),
		digits: { product_uom_qty: 2, qty_delivered: 2, discount: 2, ...(profile.roundsPrices ? { price_unit: 2 } : {}) },
		defaults: () => ({ sequence: 10, discount: 0, qty_delivered: 0 }),
		beforeCreate: (env, values) => filled(env, values),
		afterCreate: (env, id) => refreshOrder(env, ref(env.row(LINE, id)['order_id'])),
		beforeWrite: (env, rows, values) => repriced(env, rows, values),
		afterWrite: (env, before, values) => {
			if (values['product_uom_qty'] !== undefined) adjustDelivery(env, env.row(LINE, before.id));
			refreshOrder(env, ref(before['order_id']));
		},
		beforeUnlink: (env, rows) => {
			for (const row of rows) if (['sale', 'done'].includes(str(order(env, row)?.['state'])) && !row['is_downpayment']) throw userError(lockedText(env));
		},
		afterUnlink: (env, rows) => {
			for (const id of new Set(rows.map((r) => ref(r['order_id'])))) refreshOrder(env, id);
		},
		computed: {
			state: (env, row) => order(env, row)?.['state'] ?? 'draft',
			currency_id: (env, row) => order(env, row)?.['currency_id'] ?? false,
			company_id: (env, row) => order(env, row)?.['company_id'] ?? false,
			order_partner_id: (env, row) => order(env, row)?.['partner_id'] ?? false,
			product_template_id: (env, row) => env.store.get('product.product', ref(row['product_id']))?.['product_tmpl_id'] ?? false,
			price_subtotal: (env, row) => amountsOf(env, row).base,
			price_total: (env, row) => amountsOf(env, row).total,
			// From 18 the tax is what is left of the total, binary noise included.
			price_tax: (env, row) => (profile.version >= 18 ? amountsOf(env, row).total - amountsOf(env, row).base : amountsOf(env, row).tax),
			price_reduce: (_env, row) => num(row['price_unit']) * (1 - num(row['discount']) / 100),
			qty_invoiced: (env, row) => invoicedQuantity(env, row.id),
			qty_to_invoice: quantityToInvoice,
			invoice_status: lineStatus,
			invoice_lines: (env, row) => invoiceLines(env, row.id),
			move_ids: (env, row) => env.store.by('stock.move', 'sale_line_id', row.id),
			qty_delivered_method: () => 'manual',
			untaxed_amount_invoiced: () => 0,
			display_name: lineName,
		},
	};
}

function lockedText(env: Env): string {
	if (env.version === 14) return 'You can not remove an order line once the sales order is confirmed.\nYou should rather set the quantity to 0.';
	return "Once a sales order is confirmed, you can't remove one of its lines (we need to track if something gets invoiced or delivered).\n                Set the quantity to 0 instead.";
}

function lineName(env: Env, row: Row): string {
	const order = env.store.get(ORDER, ref(row['order_id']));
	const base = `${str(order?.['name'])} - ${str(row['name']).split('\n')[0] ?? ''}`;
	return env.version >= 17 ? `${base} (${displayName(env, 'res.partner', ref(order?.['partner_id']))})` : base;
}

/** Everything the server fills in when a line is created with less. */
function filled(env: Env, values: JsonObject): JsonObject {
	const { lineTaxes, lineUom } = env.world.profile;
	if (values['display_type']) return { ...values, product_uom_qty: 0, price_unit: 0 };
	const product = env.store.get('product.product', ref(values['product_id']));
	const order = env.store.get(ORDER, ref(values['order_id']));
	const own: JsonObject = { product_uom_qty: 1, customer_lead: 0 };
	if (product && order) {
		own['name'] = productName(env, product);
		own[lineUom] = env.value('product.product', product, 'uom_id');
		own['price_unit'] = priceOf(env, product.id, ref(order['pricelist_id']), ref(order['currency_id']));
		own[lineTaxes] = [[6, 0, defaultTaxes(env, product, order)]];
	}
	const line = { ...own, ...values };
	return { ...line, [TECHNICAL]: line['price_unit'] ?? 0 };
}

function defaultTaxes(env: Env, product: Row, order: Row): number[] {
	const taxes = idList(env.value('product.product', product, 'taxes_id'));
	return mapTaxes(env, ref(order['fiscal_position_id']), taxes, ref(order['company_id']));
}

/**
 * Writing quantity or product alone resets the price to the list price: always in 17; in 18 and 19 unless the price was
 * written after creation; never in 14. A changed product also renames the line.
 */
function repriced(env: Env, rows: Row[], values: JsonObject): JsonObject {
	const { reprices } = env.world.profile;
	const [row] = rows;
	const productId = ref(values['product_id'] ?? row?.['product_id']);
	const moved = values['product_uom_qty'] !== undefined || values['product_id'] !== undefined;
	if (reprices === 'never' || !row || !moved || productId === 0) return values;
	const order = env.store.get(ORDER, ref(row['order_id']));
	const product = env.store.get('product.product', productId);
	if (!order || !product) return values;
	const changed: JsonObject = {};
	const changesProduct = values['product_id'] !== undefined && values['product_id'] !== row['product_id'];
	if (changesProduct) {
		changed['name'] = productName(env, product);
		changed[env.world.profile.lineTaxes] = [[6, 0, defaultTaxes(env, product, order)]];
	}
	const untouched = row['price_unit'] === (row[TECHNICAL] ?? row['price_unit']);
	if (values['price_unit'] === undefined && (reprices === 'always' || untouched)) {
		const price = priceOf(env, productId, ref(order['pricelist_id']), ref(order['currency_id']));
		env.store.put(LINE, { ...env.row(LINE, row.id), [TECHNICAL]: price });
		changed['price_unit'] = price;
	}
	return { ...changed, ...values };
}

/** The last computed price, kept beside the row; not a field a client can see. */
const TECHNICAL = '_computed_price';

/** Amounts of one line in its own currency. */
export function amountsOf(env: Env, row: Row): LineAmounts {
	const order = env.store.get(ORDER, ref(row['order_id']));
	const taxes = ratesOf(env, idList(row[env.world.profile.lineTaxes]));
	const line = { price: num(row['price_unit']), quantity: num(row['product_uom_qty']), discount: num(row['discount']), taxes };
	return lineAmounts(line, roundingOf(env, ref(order?.['company_id'])));
}

export function invoiceLines(env: Env, lineId: number): number[] {
	const order = env.store.get(LINE, lineId);
	const all = env.store.by('account.move.line', '_order', ref(order?.['order_id']));
	return all.filter((id) => idList(env.store.get('account.move.line', id)?.['sale_line_ids']).includes(lineId));
}

/** Invoiced less credited; cancelled invoices do not count. */
export function invoicedQuantity(env: Env, lineId: number): number {
	return invoiceLines(env, lineId).reduce((sum, id) => {
		const line = env.row('account.move.line', id);
		const move = env.store.get('account.move', ref(line['move_id']));
		if (!move || move['state'] === 'cancel') return sum;
		const quantity = num(line['quantity']);
		return move['move_type'] === 'out_refund' ? subtract(sum, quantity) : add(sum, quantity);
	}, 0);
}

function quantityToInvoice(env: Env, row: Row): Json {
	const state = str(env.store.get(ORDER, ref(row['order_id']))?.['state']);
	if ((state !== 'sale' && state !== 'done') || row['display_type']) return 0;
	const product = env.store.get('product.product', ref(row['product_id']));
	const byDelivery = product ? env.value('product.product', product, 'invoice_policy') === 'delivery' : false;
	return subtract(num(row[byDelivery ? 'qty_delivered' : 'product_uom_qty']), invoicedQuantity(env, row.id));
}

function lineStatus(env: Env, row: Row): Json {
	const state = str(env.store.get(ORDER, ref(row['order_id']))?.['state']);
	if (state !== 'sale' && state !== 'done') return 'no';
	const ordered = num(row['product_uom_qty']);
	const invoiced = invoicedQuantity(env, row.id);
	if (row['is_downpayment'] === true || row['display_type']) return 'invoiced';
	if (num(quantityToInvoice(env, row)) !== 0) return 'to invoice';
	const product = env.store.get('product.product', ref(row['product_id']));
	const policy = product ? env.value('product.product', product, 'invoice_policy') : 'order';
	if (policy === 'order' && ordered >= 0 && num(row['qty_delivered']) > ordered) return 'upselling';
	return invoiced >= ordered ? 'invoiced' : 'no';
}
