// Owns the buttons on the demo ERP's pages, and when each is there. Must not know: HTTP, styles.
import type { RestSimulator } from './index';
import { minus } from './books.money';
import type { Invoice, Order } from './books.records';
import { button } from './page.layout';

export function confirmOrder({ id, state }: Order): string {
	return state === 'draft' ? button(`/orders/${id}/confirm`, 'Confirm') : '';
}

export function invoiceOrder({ desk }: RestSimulator, order: Order): string {
	return order.state === 'confirmed' && desk.invoicing(order) !== 'full' ? button(`/orders/${order.id}/invoice`, 'Invoice') : '';
}

export function registerPayment({ id, state, total, paid }: Invoice, quiet = false): string {
	const left = minus(total, paid);
	if (state !== 'posted' || Number(left) <= 0) return '';
	const fields = quiet ? '' : `<input name="amount" value="${left}" inputmode="decimal" aria-label="Amount">`;
	return button(`/invoices/${id}/pay`, 'Register payment', { fields, quiet });
}
