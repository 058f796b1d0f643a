// Owns the buttons of the demo pages: which record offers which.
// Must not know: what they do, HTTP.
import { pieces } from './page.book';
import { button } from './page.layout';
import type { View } from './page.lists';
import { amount } from './posting.sums';
import { type Row, text } from './values';

/** For a posted order with something left to ship. */
export function shipOrder({ desk, book }: View, order: Row): string {
	if (order['Posted'] !== true) return '';
	const { ordered, shipped } = pieces(book, desk, order);
	return shipped < ordered ? button(`/orders/${text(order, 'Ref_Key')}/ship`, 'Ship') : '';
}

/** For a posted order that is not paid; the amount may be changed on its own page. */
export function registerPayment({ desk, book }: View, order: Row, inList = false): string {
	const ref = text(order, 'Ref_Key');
	const left = amount(order['СуммаДокумента']).minus(book.paid(desk, ref));
	if (order['Posted'] !== true || left.lte(0)) return '';
	const fields = inList ? '' : `<input name="amount" type="number" step="0.01" min="0.01" value="${left.toFixed(2)}" aria-label="Amount">`;
	return button(`/orders/${ref}/pay`, 'Register a payment', { fields, quiet: true });
}

export const postOrder = (order: Row): string => (order['Posted'] === true || order['DeletionMark'] === true ? '' : button(`/orders/${text(order, 'Ref_Key')}/post`, 'Post', { quiet: true }));

export const cancelShipment = (shipment: Row): string => (shipment['Posted'] === true ? button(`/shipments/${text(shipment, 'Ref_Key')}/cancel`, 'Cancel shipment', { quiet: true }) : '');
