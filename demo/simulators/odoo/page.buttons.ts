// Owns the buttons of the demo ERP: which record offers which.
// Must not know: what they do, HTTP.
import type { Row } from './json';
import { num } from './json';
import { button } from './page.layout';

/** For a confirmed order with something left to invoice. */
export function deliverAndInvoice(order: Row): string {
	const confirmed = order['state'] === 'sale' || order['state'] === 'done';
	const open = order['invoice_status'] === 'to invoice' || order['delivery_status'] === 'pending' || order['delivery_status'] === 'partial';
	return confirmed && open ? button(`/orders/${order.id}/invoice`, 'Deliver and invoice') : '';
}

export function confirmOrder(order: Row): string {
	return order['state'] === 'draft' || order['state'] === 'sent' ? button(`/orders/${order.id}/confirm`, 'Confirm order') : '';
}

/** For a posted invoice that is not paid; the amount may be changed on its own page. */
export function registerPayment(move: Row, inList = false): string {
	const left = num(move['amount_residual']);
	if (move['state'] !== 'posted' || move['move_type'] !== 'out_invoice' || left <= 0) return '';
	const fields = inList ? '' : `<input name="amount" type="number" step="0.01" min="0.01" max="${left}" value="${left.toFixed(2)}" aria-label="Amount">`;
	return button(`/invoices/${move.id}/pay`, 'Register payment', { fields });
}

export function makeCreditNote(move: Row): string {
	return move['state'] === 'posted' && move['move_type'] === 'out_invoice' ? button(`/invoices/${move.id}/credit`, 'Credit note', { quiet: true }) : '';
}

export function postInvoice(move: Row): string {
	return move['state'] === 'draft' ? button(`/invoices/${move.id}/post`, 'Post') : '';
}
