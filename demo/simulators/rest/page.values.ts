// Owns what values look like to a person: money, quantities, states in words. Must not know: HTML, HTTP.
import type { Desk } from './books.desk';
import type { Invoice, Order } from './books.records';
import type { Tone } from './page.layout';

const SYMBOLS: Record<string, string> = { EUR: '€', USD: '$', GBP: '£' };

export function money(value: string, currency: string): string {
	return `${Number(value).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} ${SYMBOLS[currency] ?? currency}`.trim();
}

export function quantity(value: string): string {
	return Number(value).toLocaleString('en-US', { maximumFractionDigits: 3 });
}

export function orderState({ state }: Order): [string, Tone] {
	return state === 'confirmed' ? ['Confirmed', 'good'] : state === 'cancelled' ? ['Cancelled', 'bad'] : ['Draft', 'plain'];
}

export function billing(desk: Desk, order: Order): [string, Tone] {
	if (order.state !== 'confirmed') return ['', 'plain'];
	const word = desk.invoicing(order);
	return word === 'full' ? ['Invoiced', 'good'] : word === 'partial' ? ['Partly invoiced', 'wait'] : ['To invoice', 'wait'];
}

export function payment({ state, paid, total }: Invoice): [string, Tone] {
	if (state === 'cancelled') return ['Cancelled', 'bad'];
	if (Number(paid) >= Number(total)) return ['Paid', 'good'];
	return Number(paid) > 0 ? ['Partly paid', 'wait'] : ['Not paid', 'wait'];
}
