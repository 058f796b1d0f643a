// Owns the demo ERP's lists: customers, orders, invoices, products, and the figures above them.
// Must not know: HTTP, styles.
import type { OdooSimulator } from './index';
import type { Row } from './json';
import { num, ref, str } from './json';
import { add } from './money';
import { html, link, pill, section, table } from './page.layout';
import type { Column, Tab } from './page.layout';
import { billingState, deliveryState, money, moveState, nameOf, orderState, paymentState, shortDate } from './page.values';
import { deliverAndInvoice, registerPayment } from './page.buttons';

/** Companies and people that were entered as customers: not the company itself, its users or a customer's contacts. */
export function customersOf(sim: OdooSimulator): Row[] {
	const own = new Set([...sim.records('res.users'), ...sim.records('res.company')].map((u) => u['partner_id']));
	return sim
		.records('res.partner')
		.filter((p) => !own.has(p.id) && !p['parent_id'] && p['active'] !== false)
		.reverse();
}

export const ordersOf = (sim: OdooSimulator): Row[] => sim.records('sale.order').reverse();
export const invoicesOf = (sim: OdooSimulator): Row[] =>
	sim
		.records('account.move')
		.filter((m) => m['move_type'] === 'out_invoice' || m['move_type'] === 'out_refund')
		.reverse();
export const productsOf = (sim: OdooSimulator): Row[] => sim.records('product.product').filter((p) => p['active'] !== false);

export function tabs(sim: OdooSimulator): Tab[] {
	return [
		{ path: '/', text: 'Overview', count: ordersOf(sim).length + invoicesOf(sim).length },
		{ path: '/customers', text: 'Customers', count: customersOf(sim).length },
		{ path: '/orders', text: 'Orders', count: ordersOf(sim).length },
		{ path: '/invoices', text: 'Invoices', count: invoicesOf(sim).length },
		{ path: '/products', text: 'Products', count: productsOf(sim).length },
	];
}

export function overview(sim: OdooSimulator): string {
	const orders = ordersOf(sim);
	const invoices = invoicesOf(sim).filter((m) => m['state'] === 'posted');
	const confirmed = orders.filter((o) => o['state'] === 'sale' || o['state'] === 'done');
	const open = invoices.filter((m) => m['move_type'] === 'out_invoice' && num(m['amount_residual']) > 0);
	const cards: Array<[string, string]> = [
		[String(confirmed.length), 'confirmed orders'],
		[sum(sim, confirmed, 'amount_total'), 'ordered'],
		[String(confirmed.filter((o) => o['invoice_status'] === 'to invoice').length), 'orders to invoice'],
		[sum(sim, open, 'amount_residual'), 'still to be paid'],
	];
	return (
		`<div class="cards">${cards.map(([value, label]) => `<div class="card"><b>${html(value)}</b><span>${html(label)}</span></div>`).join('')}</div>` +
		orderList(sim, orders.slice(0, 20)) +
		invoiceList(sim, invoicesOf(sim).slice(0, 20))
	);
}

/** A sum per currency, joined when there are several. */
function sum(sim: OdooSimulator, rows: Row[], field: string): string {
	const perCurrency = new Map<number, Row[]>();
	for (const row of rows) perCurrency.set(ref(row['currency_id']), [...(perCurrency.get(ref(row['currency_id'])) ?? []), row]);
	const parts = [...perCurrency.values()].map((list) => money(sim, list[0] ?? { id: 0 }, add(0, ...list.map((r) => num(r[field])))));
	return parts.length === 0 ? '0.00' : parts.join(' + ');
}

export function customerList(sim: OdooSimulator): string {
	const columns: Array<Column<Row>> = [
		{ title: 'Customer', cell: (p) => link(`/customers/${p.id}`, str(p['name'])) },
		{ title: 'City', cell: (p) => html(str(p['city'])) },
		{ title: 'Country', cell: (p) => html(nameOf(sim, 'res.country', p['country_id'])) },
		{ title: 'Email', cell: (p) => html(str(p['email'])) },
		{ title: 'Contacts and addresses', amount: true, cell: (p) => String(Array.isArray(p['child_ids']) ? p['child_ids'].length : 0) },
		{ title: 'Orders', amount: true, cell: (p) => String(sim.world.store.by('sale.order', 'partner_id', p.id).length) },
	];
	return section('Customers', 'written by the CRM, or entered here', table(columns, customersOf(sim), 'No customers yet. They arrive with the first accepted quote.'));
}

export function orderList(sim: OdooSimulator, orders: Row[]): string {
	const columns: Array<Column<Row>> = [
		{ title: 'Number', cell: (o) => link(`/orders/${o.id}`, str(o['name'])) },
		{ title: 'Customer', cell: (o) => link(`/customers/${ref(o['partner_id'])}`, nameOf(sim, 'res.partner', o['partner_id'])) },
		{ title: 'Customer reference', cell: (o) => html(str(o['client_order_ref']) || str(o['origin'])) },
		{ title: 'State', cell: (o) => pill(...orderState(o['state'])) },
		{ title: 'Delivery', cell: (o) => (o['delivery_status'] ? pill(...deliveryState(o['delivery_status'])) : pill('')) },
		{ title: 'Billing', cell: (o) => pill(...billingState(o['invoice_status'])) },
		{ title: 'Total', amount: true, cell: (o) => html(money(sim, o, o['amount_total'])) },
		{ title: '', cell: (o) => deliverAndInvoice(o) },
	];
	return section('Orders', '', table(columns, orders, 'No orders yet. Accept a quote in the CRM and one appears here.'));
}

export function invoiceList(sim: OdooSimulator, invoices: Row[]): string {
	const columns: Array<Column<Row>> = [
		{ title: 'Number', cell: (m) => link(`/invoices/${m.id}`, invoiceTitle(m)) },
		{ title: 'Customer', cell: (m) => link(`/customers/${ref(m['partner_id'])}`, nameOf(sim, 'res.partner', m['partner_id'])) },
		{ title: 'For', cell: (m) => html(str(m['invoice_origin'])) },
		{ title: 'Date', cell: (m) => `<span style="white-space:nowrap">${html(shortDate(m['invoice_date']))}</span>` },
		{ title: 'State', cell: (m) => pill(...moveState(m['state'])) },
		{ title: 'Payment', cell: (m) => (m['state'] === 'posted' ? pill(...paymentState(m['payment_state'])) : pill('')) },
		{ title: 'Total', amount: true, cell: (m) => html(money(sim, m, m['amount_total_signed'])) },
		{ title: 'Open', amount: true, cell: (m) => html(money(sim, m, m['amount_residual'])) },
		{ title: '', cell: (m) => registerPayment(m, true) },
	];
	return section('Invoices and credit notes', '', table(columns, invoices, 'No invoices yet. Press “Deliver and invoice” on an order.'));
}

/** The number, or what it is while it has none. */
export function invoiceTitle(move: Row): string {
	const name = str(move['name']);
	const kind = move['move_type'] === 'out_refund' ? 'credit note' : 'invoice';
	return name === '' || name === '/' ? `Draft ${kind} ${move.id}` : name;
}

export function productList(sim: OdooSimulator): string {
	const columns: Array<Column<Row>> = [
		{ title: 'Code', cell: (p) => html(str(p['default_code'])) },
		{ title: 'Product', cell: (p) => html(str(p['name'])) },
		{ title: 'Kind', cell: (p) => html(p['type'] === 'service' ? 'Service' : 'Goods') },
		{ title: 'List price', amount: true, cell: (p) => html(money(sim, p, p['list_price'])) },
	];
	return section('Products', '', table(columns, productsOf(sim), 'No products yet.'));
}
