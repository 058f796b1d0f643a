// Owns deliveries in the little detail that orders need: one delivery per confirmed order, validation, backorders, stock on hand.
// Must not know: invoices, transport.
import { userError } from '../failure';
import type { Json, JsonObject, Row } from '../json';
import { idList, num, ref, str } from '../json';
import { add, subtract } from '../money';
import { create, touch } from '../records';
import type { Profile } from '../versions';
import type { Env, ModelRules } from '../world';
import { orderLines, refreshOrder } from './sale.totals';

const PICKING = 'stock.picking';
const MOVE = 'stock.move';

/** The outgoing delivery of a confirmed order: its goods, not its services. */
export function createDelivery(env: Env, orderId: number): void {
	const order = env.row('sale.order', orderId);
	const goods = orderLines(env, orderId).filter((line) => isGoods(env, ref(line['product_id'])) && num(line['product_uom_qty']) > 0);
	if (goods.length === 0) return;
	const warehouse = env.store.get('stock.warehouse', ref(order['warehouse_id']) || 1);
	const reference = str(order['client_order_ref']);
	const id = create(env, PICKING, {
		name: nextName(env),
		state: 'assigned',
		origin: env.version === 18 && reference !== '' ? `${str(order['name'])} - ${reference}` : (order['name'] ?? false),
		scheduled_date: env.stamp.slice(0, 19),
		partner_id: order['partner_shipping_id'] ?? false,
		picking_type_id: warehouse?.['out_type_id'] ?? false,
		sale_id: orderId,
		company_id: order['company_id'] ?? false,
	});
	for (const line of goods) addMove(env, id, line, num(line['product_uom_qty']));
}

function isGoods(env: Env, productId: number): boolean {
	const product = env.store.get('product.product', productId);
	return product !== undefined && ['product', 'consu'].includes(str(env.value('product.product', product, 'type')));
}

function nextName(env: Env): string {
	return `WH/OUT/${String(env.store.counter('stock.picking')).padStart(5, '0')}`;
}

function addMove(env: Env, picking: number, line: Row, quantity: number): number {
	const reserved: JsonObject = env.version >= 17 ? { quantity, picked: false } : { reserved_availability: quantity, quantity_done: 0 };
	return create(env, MOVE, {
		name: line['name'] ?? '',
		picking_id: picking,
		product_id: line['product_id'] ?? false,
		product_uom_qty: quantity,
		state: 'assigned',
		sale_line_id: line.id,
		...reserved,
	});
}

/** A raised quantity on a confirmed order raises the open delivery too. */
export function adjustDelivery(env: Env, line: Row): void {
	const open = env.store
		.by(MOVE, 'sale_line_id', line.id)
		.map((id) => env.row(MOVE, id))
		.filter((m) => m['state'] !== 'done' && m['state'] !== 'cancel');
	const [move] = open;
	if (!move) return;
	const wanted = subtract(num(line['product_uom_qty']), num(line['qty_delivered']));
	touch(env, MOVE, move.id, env.version >= 17 ? { product_uom_qty: wanted, quantity: wanted } : { product_uom_qty: wanted, reserved_availability: wanted });
}

export function cancelDeliveries(env: Env, orderId: number): void {
	for (const id of env.store.by(PICKING, 'sale_id', orderId)) if (env.row(PICKING, id)['state'] !== 'done') touch(env, PICKING, id, { state: 'cancel' });
}

/** pending, started (18+), partial, full; unset without a delivery. 14 has no such field. */
export function deliveryStatus(env: Env, row: Row): Json {
	const states = env.store
		.by(PICKING, 'sale_id', row.id)
		.map((id) => str(env.row(PICKING, id)['state']))
		.filter((s) => s !== 'cancel');
	if (states.length === 0) return false;
	if (states.every((s) => s === 'done')) return 'full';
	if (!states.includes('done')) return 'pending';
	const delivered = orderLines(env, row.id).some((l) => num(l['qty_delivered']) > 0);
	return delivered ? 'partial' : 'started';
}

export function pickingRules(profile: Profile): ModelRules {
	return {
		order: 'priority desc, scheduled_date asc, id desc',
		displayName: (_env, row) => str(row['name']),
		computed: {
			[profile.pickingMoves]: (env: Env, row: Row) => env.store.by(MOVE, 'picking_id', row.id),
			state: (_env, row) => row['state'] ?? 'draft',
		},
		methods: {
			action_assign: { level: 'record', needs: 'write', params: [], run: () => true },
			action_confirm: { level: 'record', needs: 'write', params: [], run: () => true },
			action_cancel: { level: 'record', needs: 'write', params: [], run: (env, _m, ids) => (ids.forEach((id) => touch(env, PICKING, id, { state: 'cancel' })), true) },
			button_validate: { level: 'record', needs: 'write', params: [], run: (env, _m, ids) => validate(env, ids[0] ?? 0) },
		},
	};
}

const moves = (env: Env, picking: number) =>
	env.store
		.by(MOVE, 'picking_id', picking)
		.map((id) => env.row(MOVE, id))
		.filter((m) => m['state'] !== 'cancel');

function doneQuantity(env: Env, move: Row): number {
	if (env.version < 17) return num(move['quantity_done']);
	return move['picked'] === true ? num(move['quantity']) : 0;
}

function validate(env: Env, picking: number): Json {
	const row = env.row(PICKING, picking);
	if (row['state'] === 'done') {
		if (env.version >= 18) return true;
		const tail =
			env.version === 14 ? ' nor done. To force the transfer, switch in edit mode and encode the done quantities.' : '. To force the transfer, encode quantities.';
		throw userError(`You cannot validate a transfer if no quantities are reserved${tail}`);
	}
	const list = moves(env, picking);
	const nothing = list.every((m) => doneQuantity(env, m) === 0);
	if (nothing && env.version < 17) return action(env, 'Immediate Transfer?', 'stock.immediate.transfer', picking);
	// 17+ takes the full reserved quantity when nobody set one.
	if (nothing) for (const m of list) touch(env, MOVE, m.id, { picked: true });
	const short = moves(env, picking).some((m) => doneQuantity(env, m) < num(m['product_uom_qty']));
	if (short) return action(env, 'Create Backorder?', 'stock.backorder.confirmation', picking);
	finish(env, picking, false);
	return true;
}

function action(env: Env, name: string, model: string, picking: number): Json {
	const view = 900 + env.version;
	return {
		name,
		type: 'ir.actions.act_window',
		view_mode: 'form',
		res_model: model,
		views: [[view, 'form']],
		view_id: view,
		target: 'new',
		context: { ...env.context, button_validate_picking_ids: [picking], default_show_transfers: false, default_pick_ids: [[4, picking]] },
	};
}

/** Books what was done; the rest becomes a backorder or is dropped. */
function finish(env: Env, picking: number, backorder: boolean): void {
	const rest: Array<[Row, number]> = [];
	for (const move of moves(env, picking)) {
		const done = doneQuantity(env, move);
		const open = subtract(num(move['product_uom_qty']), done);
		if (open > 0) rest.push([move, open]);
		touch(env, MOVE, move.id, { state: done > 0 ? 'done' : 'cancel', product_uom_qty: done });
		deliver(env, move, done);
	}
	const row = env.row(PICKING, picking);
	if (backorder && rest.length > 0) openBackorder(env, row, rest);
	touch(env, PICKING, picking, { state: 'done', date_done: env.stamp.slice(0, 19) });
	refreshOrder(env, ref(row['sale_id']));
}

function openBackorder(env: Env, row: Row, rest: Array<[Row, number]>): void {
	const { id: _id, create_date: _c, write_date: _w, create_uid: _cu, write_uid: _wu, ...values } = row;
	const id = create(env, PICKING, { ...values, name: nextName(env), backorder_id: row.id, state: 'assigned' });
	for (const [move, open] of rest) {
		const line = env.store.get('sale.order.line', ref(move['sale_line_id']));
		if (line) addMove(env, id, line, open);
	}
}

function deliver(env: Env, move: Row, quantity: number): void {
	const line = env.store.get('sale.order.line', ref(move['sale_line_id']));
	if (line) touch(env, 'sale.order.line', line.id, { qty_delivered: add(num(line['qty_delivered']), quantity) });
	const quant = env.store
		.by('stock.quant', 'product_id', ref(move['product_id']))
		.map((id) => env.row('stock.quant', id))
		.find((q) => num(q['quantity']) > 0);
	if (quant) touch(env, 'stock.quant', quant.id, { quantity: subtract(num(quant['quantity']), quantity) });
}

/** Sets every open delivery of an order as fully done: what the demo's button does. */
export function deliverAll(env: Env, orderId: number): void {
	for (const id of env.store.by(PICKING, 'sale_id', orderId)) {
		if (['done', 'cancel'].includes(str(env.row(PICKING, id)['state']))) continue;
		for (const m of moves(env, id))
			touch(env, MOVE, m.id, env.version >= 17 ? { picked: true, quantity: m['product_uom_qty'] ?? 0 } : { quantity_done: m['product_uom_qty'] ?? 0 });
		finish(env, id, false);
	}
}

export function wizardRules(kind: 'backorder' | 'immediate'): ModelRules {
	return {
		transient: true,
		methods: {
			process: {
				level: 'record',
				params: [],
				run: (env, model, ids) => {
					const picking = idList(env.context['button_validate_picking_ids'] ?? env.row(model, ids[0] ?? 0)['pick_ids'])[0] ?? 0;
					if (kind === 'immediate') for (const m of moves(env, picking)) touch(env, MOVE, m.id, { quantity_done: m['product_uom_qty'] ?? 0 });
					finish(env, picking, kind === 'backorder');
					return true;
				},
			},
			process_cancel_backorder: {
				level: 'record',
				params: [],
				run: (env) => {
					finish(env, idList(env.context['button_validate_picking_ids'])[0] ?? 0, false);
					return true;
				},
			},
		},
	};
}

export function quantRules(): ModelRules {
	return {
		order: 'id',
		defaults: () => ({ quantity: 0 }),
		computed: { available_quantity: (_env, row) => num(row['quantity']) },
		// Stock leaves from or goes to the virtual location: a second quant with the opposite quantity, hence two ids per count.
		afterCreate: (env, id) => {
			if (env.version === 14 && env.row('stock.quant', id)['inventory_quantity'] !== undefined) applyCount(env, id);
		},
		methods: {
			action_apply_inventory: { level: 'record', needs: 'write', params: [], run: (env, _m, ids) => (ids.forEach((id) => applyCount(env, id)), undefined) },
		},
	};
}

function applyCount(env: Env, id: number): void {
	const row = env.row('stock.quant', id);
	touch(env, 'stock.quant', id, { quantity: num(row['inventory_quantity']) });
	env.store.nextId(MOVE);
	const virtual = env.store.rows('stock.location').find((l) => l['usage'] === 'inventory');
	if (virtual) create(env, 'stock.quant', { product_id: row['product_id'] ?? false, location_id: virtual.id, quantity: -num(row['inventory_quantity']) });
}
