// Owns what values look like to a person: money, quantities, states in words, names behind ids.
// Must not know: HTML, HTTP.
import type { OdooSimulator } from './index';
import type { Json, Row } from './json';
import { num, str } from './json';
import { displayName } from './names';
import type { Tone } from './page.layout';

/** `1,234.50 €` in the currency of the record. */
export function money(sim: OdooSimulator, row: Row, value: Json | undefined): string {
	const currency = sim.env().store.get('res.currency', num(row['currency_id']));
	const amount = num(value).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
	return `${amount} ${str(currency?.['symbol'])}`.trim();
}

export function quantity(value: Json | undefined): string {
	return num(value).toLocaleString('en-US', { maximumFractionDigits: 2 });
}

/** The name behind an id; empty when unset. */
export function nameOf(sim: OdooSimulator, model: string, value: Json | undefined): string {
	return typeof value === 'number' && value > 0 ? displayName(sim.env(), model, value) : '';
}

export function shortDate(value: Json | undefined): string {
	return str(value).slice(0, 16);
}

const ORDER: Record<string, [string, Tone]> = {
	draft: ['Quotation', 'plain'],
	sent: ['Quotation sent', 'wait'],
	sale: ['Sales order', 'good'],
	done: ['Locked', 'good'],
	cancel: ['Cancelled', 'bad'],
};
const BILLING: Record<string, [string, Tone]> = {
	'to invoice': ['To invoice', 'wait'],
	invoiced: ['Fully invoiced', 'good'],
	upselling: ['Upselling', 'wait'],
	no: ['Nothing to invoice', 'plain'],
};
const DELIVERY: Record<string, [string, Tone]> = {
	pending: ['Not delivered', 'wait'],
	started: ['Started', 'wait'],
	partial: ['Partly delivered', 'wait'],
	full: ['Delivered', 'good'],
};
const MOVE: Record<string, [string, Tone]> = { draft: ['Draft', 'plain'], posted: ['Posted', 'good'], cancel: ['Cancelled', 'bad'] };
const PAYMENT: Record<string, [string, Tone]> = {
	not_paid: ['Not paid', 'wait'],
	in_payment: ['In payment', 'wait'],
	partial: ['Partly paid', 'wait'],
	paid: ['Paid', 'good'],
	reversed: ['Reversed', 'plain'],
	blocked: ['Blocked', 'bad'],
};

const lookUp =
	(words: Record<string, [string, Tone]>) =>
	(value: Json | undefined): [string, Tone] =>
		words[str(value)] ?? [str(value), 'plain'];

export const orderState = lookUp(ORDER);
export const billingState = lookUp(BILLING);
export const deliveryState = lookUp(DELIVERY);
export const moveState = lookUp(MOVE);
export const paymentState = lookUp(PAYMENT);
