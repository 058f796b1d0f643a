// Owns an order's totals and derived states, and when they move its write_date.
// Must not know: the order's life cycle, transport.
import type { Json, Row } from '../json';
import { ref, str } from '../json';
import { documentAmounts } from '../money';
import type { DocumentAmounts } from '../money';
import type { Env } from '../world';
import { amountsOf } from './sale.line';
import { roundingOf } from './tax';

const ORDER = 'sale.order';
const LINE = 'sale.order.line';

export function orderLines(env: Env, orderId: number): Row[] {
	return env.store.by(LINE, 'order_id', orderId).map((id) => env.row(LINE, id));
}

/** Untaxed, tax and total; down payment lines have quantity zero and do not count. */
export function orderTotals(env: Env, row: Row): DocumentAmounts {
	const lines = orderLines(env, row.id)
		.filter((l) => !l['display_type'])
		.map((l) => amountsOf(env, l));
	return documentAmounts(lines, roundingOf(env, ref(row['company_id'])));
}

export function orderInvoiceStatus(env: Env, row: Row): Json {
	const state = str(row['state']);
	if (state !== 'sale' && state !== 'done') return 'no';
	const lines = orderLines(env, row.id).filter((l) => !l['display_type'] && l['is_downpayment'] !== true);
	const states = lines.map((l) => env.value(LINE, l, 'invoice_status'));
	if (states.includes('to invoice')) return 'to invoice';
	if (states.length > 0 && states.every((s) => s === 'invoiced')) return 'invoiced';
	if (states.length > 0 && states.every((s) => s === 'invoiced' || s === 'upselling')) return 'upselling';
	return 'no';
}

/** Ids of the invoices and credit notes made of the order's lines. */
export function orderInvoices(env: Env, orderId: number): number[] {
	const lines = env.store.by('account.move.line', '_order', orderId);
	const moves = new Set(lines.map((id) => ref(env.row('account.move.line', id)['move_id'])));
	return [...moves].filter((id) => ['out_invoice', 'out_refund'].includes(str(env.store.get('account.move', id)?.['move_type']))).sort((a, b) => a - b);
}

/** Moves the order's write_date when totals, invoicing or delivery changed; a changed line text alone does not. */
export function refreshOrder(env: Env, orderId: number): void {
	const row = env.store.get(ORDER, orderId);
	if (!row) return;
	const totals = orderTotals(env, row);
	const delivered = orderLines(env, orderId).map((l) => l['qty_delivered'] ?? 0);
	const signature = JSON.stringify([totals.untaxed, totals.tax, orderInvoiceStatus(env, row), delivered]);
	if (row[SIGNATURE] === signature) return;
	env.store.put(ORDER, { ...row, [SIGNATURE]: signature, write_date: env.stamp, write_uid: env.uid });
}

/** What the stored computed fields were at the last look; not a field a client can see. */
const SIGNATURE = '_signature';
