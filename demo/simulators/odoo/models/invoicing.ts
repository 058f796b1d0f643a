// Owns the wizards around an invoice: from order to invoice, down payment, credit note.
// Must not know: payment, transport.
import { userError } from '../failure';
import type { Json, JsonObject, Row } from '../json';
import { idList, num, ref, str } from '../json';
import { round } from '../money';
import { productName } from '../names';
import { create } from '../records';
import type { Env, ModelRules } from '../world';
import { invoicesAction } from './invoicing.actions';
import { addLine } from './sale';
import { orderLines, orderTotals, refreshOrder } from './sale.totals';

const MOVE = 'account.move';

export function advancePaymentRules(): ModelRules {
	return {
		transient: true,
		defaults: (env) => ({ advance_payment_method: 'delivered', sale_order_ids: [[6, 0, idList(env.context['active_ids'])]] }),
		methods: {
			create_invoices: {
				level: 'record',
				params: [],
				run: (env, model, ids) => {
					const wizard = env.row(model, ids[0] ?? 0);
					const orders = idList(env.context['active_ids'] ?? wizard['sale_order_ids']);
					const created = orders.map((id) => (wizard['advance_payment_method'] === 'delivered' ? invoiceOrder(env, id) : downPayment(env, id, wizard)));
					const [first] = orders;
					return invoicesAction(env, first === undefined ? undefined : env.row('sale.order', first), created);
				},
			},
		},
	};
}

const NOTHING_14 =
	'There is nothing to invoice!\n\nReason(s) of this behavior could be:\n- You should deliver your products before invoicing them: Click on the "truck" icon (top-right of your screen) and follow instructions.\n- You should modify the invoicing policy of your product: Open the product, go to the "Sales tab" and modify invoicing policy from "delivered quantities" to "ordered quantities".\n        ';
const NOTHING =
	"Cannot create an invoice. No items are available to invoice.\n\nTo resolve this issue, please ensure that:\n   • The products have been delivered before attempting to invoice them.\n   • The invoicing policy of the product is configured correctly.\n\nIf you want to invoice based on ordered quantities instead:\n   • For consumable or storable products, open the product, go to the 'General Information' tab and change the 'Invoicing Policy' from 'Delivered Quantities' to 'Ordered Quantities'.\n   • For services (and other products), change the 'Invoicing Policy' to 'Prepaid/Fixed Price'.\n";

/** An invoice of everything that is to invoice now, or of the quantities given by line id. */
export function invoiceOrder(env: Env, orderId: number, quantities?: Map<number, number>): number {
	const order = env.row('sale.order', orderId);
	const lines = invoiceable(env, orderId, quantities);
	if (!lines.some(({ line }) => !line['display_type'])) throw userError(env.version === 14 ? NOTHING_14 : NOTHING);
	const id = create(env, MOVE, { ...header(order), invoice_line_ids: lines.map(({ line, quantity }) => [0, 0, invoiceLine(env, line, quantity)]) });
	refreshOrder(env, orderId);
	return id;
}

function header(order: Row): JsonObject {
	return {
		move_type: 'out_invoice',
		partner_id: order['partner_invoice_id'] ?? order['partner_id'] ?? false,
		partner_shipping_id: order['partner_shipping_id'] ?? false,
		ref: order['client_order_ref'] ?? false,
		invoice_origin: order['name'] ?? false,
		currency_id: order['currency_id'] ?? false,
		company_id: order['company_id'] ?? false,
		fiscal_position_id: order['fiscal_position_id'] ?? false,
		invoice_user_id: order['user_id'] ?? false,
		invoice_payment_term_id: order['payment_term_id'] ?? false,
	};
}

interface Part {
	line: Row;
	quantity: number;
}

/** Lines with something to invoice. Up to 18 notes come along, and a section before them; 19 leaves text without goods out. */
function invoiceable(env: Env, orderId: number, quantities: Map<number, number> | undefined): Part[] {
	const parts: Part[] = [];
	let section: Row | undefined;
	for (const line of orderLines(env, orderId)) {
		if (line['display_type'] === 'line_section') {
			section = line;
			continue;
		}
		const isNote = line['display_type'] === 'line_note';
		const quantity = isNote ? 0 : quantities ? (quantities.get(line.id) ?? 0) : num(env.value('sale.order.line', line, 'qty_to_invoice'));
		if (isNote ? env.version >= 19 : quantity === 0 || (quantity < 0 && line['is_downpayment'] !== true)) continue;
		if (line['is_downpayment'] === true) continue;
		if (section) parts.push({ line: section, quantity: 0 });
		section = undefined;
		parts.push({ line, quantity });
	}
	return parts;
}

function invoiceLine(env: Env, line: Row, quantity: number): JsonObject {
	const base: JsonObject = { name: line['name'] ?? '', sale_line_ids: [[6, 0, [line.id]]], _order: ref(line['order_id']), sequence: line['sequence'] ?? 10 };
	if (line['display_type']) return { ...base, display_type: line['display_type'] };
	const { lineTaxes, lineUom } = env.world.profile;
	return {
		...base,
		name: invoiceName(env, line),
		product_id: line['product_id'] ?? false,
		quantity,
		price_unit: line['price_unit'] ?? 0,
		discount: line['discount'] ?? 0,
		product_uom_id: line[lineUom] ?? false,
		tax_ids: [[6, 0, idList(line[lineTaxes])]],
	};
}

/** 18 and 19 put the product's name before a text that does not start with it. */
function invoiceName(env: Env, line: Row): string {
	const name = str(line['name']);
	const product = env.store.get('product.product', ref(line['product_id']));
	if (!product || env.version < 18) return name;
	const own = productName(env, product);
	return name.startsWith(own) ? name : `${own}${env.version >= 19 ? '\n' : ' '}${name}`;
}

/** An invoice of a share or a fixed amount; the order gets a line of quantity zero that shows it. */
function downPayment(env: Env, orderId: number, wizard: Row): number {
	const order = env.row('sale.order', orderId);
	const base = orderTotals(env, order).untaxed;
	const amount = wizard['advance_payment_method'] === 'percentage' ? round((base * num(wizard['amount'])) / 100) : num(wizard['fixed_amount']);
	const { lineTaxes } = env.world.profile;
	const taxes = env.version === 14 ? [] : idList(orderLines(env, orderId).find((l) => !l['display_type'])?.[lineTaxes]);
	const last = Math.max(...orderLines(env, orderId).map((l) => num(l['sequence'])), 9);
	const product = env.version <= 17 ? downPaymentProduct(env) : undefined;
	const section =
		env.version >= 17 ? addLine(env, orderId, { display_type: 'line_section', name: 'Down Payments', is_downpayment: true, sequence: last + 1 }) : undefined;
	const [y = '', m = '', d = ''] = env.today.split('-');
	const name = env.version === 14 ? `Down Payment: ${m} ${y}` : `Down Payment: ${m}/${d}/${y} (Draft)`;
	const line = addLine(env, orderId, {
		name,
		price_unit: amount,
		product_uom_qty: 0,
		is_downpayment: true,
		discount: 0,
		sequence: last + (section === undefined ? 1 : 2),
		[lineTaxes]: [[6, 0, taxes]],
		...(product === undefined ? {} : { product_id: product }),
	});
	const lines: JsonObject[] = [{ ...invoiceLine(env, env.row('sale.order.line', line), 1) }];
	// The order has its section from 17, the invoice from 18.
	if (section !== undefined && env.version >= 18) lines.unshift({ display_type: 'line_section', name: 'Down Payments', _order: orderId });
	const id = create(env, MOVE, { ...header(order), invoice_line_ids: lines.map((values) => [0, 0, values]) });
	refreshOrder(env, orderId);
	return id;
}

function downPaymentProduct(env: Env): number {
	const known = env.store.rows('product.product').find((p) => env.value('product.product', p, 'name') === 'Down payment');
	return known?.id ?? create(env, 'product.product', { name: 'Down payment', type: 'service', invoice_policy: 'order', taxes_id: [[6, 0, []]], list_price: 0 });
}

export function reversalRules(): ModelRules {
	const run = (env: Env, model: string, ids: number[]): Json => {
		const wizard = env.row(model, ids[0] ?? 0);
		const moves = idList(env.context['active_ids'] ?? wizard['move_ids']);
		const created = moves.map((id) => creditNote(env, id, str(wizard['reason'])));
		const action: JsonObject = { name: 'Reverse Moves', type: 'ir.actions.act_window', res_model: MOVE, view_mode: 'form', res_id: created[0] ?? false };
		return env.version >= 17 ? { ...action, context: { default_move_type: 'out_refund' } } : action;
	};
	const method = { level: 'record' as const, params: [], run };
	return {
		transient: true,
		defaults: (env) => ({ move_ids: [[6, 0, idList(env.context['active_ids'])]], date: env.today }),
		methods: { refund_moves: method, reverse_moves: method, modify_moves: method },
	};
}

/** A draft credit note with the invoice's lines. */
export function creditNote(env: Env, moveId: number, reason = '', quantities?: Map<number, number>): number {
	const move = env.row(MOVE, moveId);
	const lines = env.store.by('account.move.line', 'move_id', moveId).map((id) => env.row('account.move.line', id));
	const own = lines.filter((l) => l['_receivable'] !== true && l['_tax'] !== true && (!quantities || (quantities.get(l.id) ?? 0) > 0));
	const copies = own.map((l): Json => [
		0,
		0,
		{
			name: l['name'] ?? '',
			product_id: l['product_id'] ?? false,
			quantity: quantities?.get(l.id) ?? l['quantity'] ?? 0,
			price_unit: l['price_unit'] ?? 0,
			discount: l['discount'] ?? 0,
			tax_ids: [[6, 0, idList(l['tax_ids'])]],
			sale_line_ids: [[6, 0, idList(l['sale_line_ids'])]],
			_order: l['_order'] ?? false,
			sequence: l['sequence'] ?? 10,
			...(l['display_type'] ? { display_type: l['display_type'] } : {}),
		},
	]);
	const reference = `Reversal of: ${str(move['name'])}${reason === '' ? '' : `, ${reason}`}`;
	const id = create(env, MOVE, {
		move_type: 'out_refund',
		partner_id: move['partner_id'] ?? false,
		partner_shipping_id: move['partner_shipping_id'] ?? false,
		currency_id: move['currency_id'] ?? false,
		company_id: move['company_id'] ?? false,
		journal_id: move['journal_id'] ?? false,
		invoice_origin: move['invoice_origin'] ?? false,
		ref: reference,
		reversed_entry_id: moveId,
		fiscal_position_id: move['fiscal_position_id'] ?? false,
		invoice_date: env.today,
		invoice_line_ids: copies,
	});
	const orders = new Set(own.map((l) => ref(l['_order'])));
	for (const order of orders) if (order > 0) refreshOrder(env, order);
	return id;
}
