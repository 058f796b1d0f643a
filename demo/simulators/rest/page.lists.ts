// Owns the demo ERP's lists: customers, orders, invoices, products, and the figures above them. Must not know: HTTP, styles.
import type { RestSimulator } from './index';
import { minus, plus } from './books.money';
import type { Customer, Invoice, Order, Product } from './books.records';
import { confirmOrder, invoiceOrder, registerPayment } from './page.buttons';
import { html, link, pill, section, table, type Column, type Tab } from './page.layout';
import { billing, money, orderState, payment } from './page.values';

/** The newest first. */
export const ordersOf = (sim: RestSimulator): Order[] => sim.records('orders').reverse();
export const invoicesOf = (sim: RestSimulator): Invoice[] => sim.records('invoices').reverse();
const customersOf = (sim: RestSimulator): Customer[] => sim.records('customers').reverse();

export function tabs(sim: RestSimulator): Tab[] {
	const count = { orders: sim.records('orders').length, invoices: sim.records('invoices').length };
	return [
		{ path: '/', text: 'Overview', count: count.orders + count.invoices },
		{ path: '/customers', text: 'Customers', count: sim.records('customers').length },
		{ path: '/orders', text: 'Orders', count: count.orders },
		{ path: '/invoices', text: 'Invoices', count: count.invoices },
		{ path: '/products', text: 'Products', count: sim.records('products').length },
	];
}

export function overview(sim: RestSimulator): string {
	const confirmed = ordersOf(sim).filter(({ state }) => state === 'confirmed');
	const open = invoicesOf(sim).filter(({ state }) => state === 'posted');
	const cards: Array<[string, string]> = [
		[String(confirmed.length), 'confirmed orders'],
		[sum(confirmed.map(({ total, currency }) => [total, currency])), 'ordered'],
		[String(confirmed.filter((order) => sim.desk.invoicing(order) !== 'full').length), 'orders to invoice'],
		[sum(open.map(({ total, paid, currency }) => [minus(total, paid), currency])), 'still to be paid'],
	];
	return (
		`<div class="cards">${cards.map(([value, label]) => `<div class="card"><b>${html(value)}</b><span>${html(label)}</span></div>`).join('')}</div>` +
		orderList(sim, ordersOf(sim).slice(0, 20)) +
		invoiceList(sim, invoicesOf(sim).slice(0, 20))
	);
}

/** A sum per currency, joined when there are several. */
function sum(amounts: Array<[string, string]>): string {
	const sums = new Map<string, string>();
	for (const [amount, currency] of amounts) sums.set(currency, plus(sums.get(currency) ?? '0', amount));
	return [...sums].map(([currency, amount]) => money(amount, currency)).join(' + ') || '0.00';
}

export function customerLink(sim: RestSimulator, id: string): string {
	return link(`/customers/${id}`, sim.books.find('customers', id)?.name ?? id);
}

export function customerList(sim: RestSimulator): string {
	const columns: Array<Column<Customer>> = [
		{ title: 'Customer', cell: (row) => link(`/customers/${row.id}`, row.name) },
		{ title: 'City', cell: (row) => html(row.billing.city) },
		{ title: 'Country', cell: (row) => html(row.billing.country) },
		{ title: 'Email', cell: (row) => html(row.email) },
		{ title: 'Contacts', amount: true, cell: (row) => String(row.contacts.length) },
		{ title: 'Orders', amount: true, cell: (row) => String(ordersOf(sim).filter(({ customerId }) => customerId === row.id).length) },
	];
	return section('Customers', 'written by the CRM, or entered here', table(columns, customersOf(sim), 'No customers yet. They arrive with the first accepted quote.'));
}

export function orderList(sim: RestSimulator, orders: Order[]): string {
	const columns: Array<Column<Order>> = [
		{ title: 'Number', cell: (row) => link(`/orders/${row.id}`, row.number) },
		{ title: 'Customer', cell: (row) => customerLink(sim, row.customerId) },
		{ title: 'Customer reference', cell: (row) => html(row.reference || row.subject) },
		{ title: 'State', cell: (row) => pill(...orderState(row)) },
		{ title: 'Billing', cell: (row) => pill(...billing(sim.desk, row)) },
		{ title: 'Total', amount: true, cell: (row) => html(money(row.total, row.currency)) },
		{ title: '', cell: (row) => confirmOrder(row) + invoiceOrder(sim, row) },
	];
	return section('Orders', '', table(columns, orders, 'No orders yet. Accept a quote in the CRM and one appears here.'));
}

export function invoiceList(sim: RestSimulator, invoices: Invoice[]): string {
	const columns: Array<Column<Invoice>> = [
		{ title: 'Number', cell: (row) => link(`/invoices/${row.id}`, row.number) },
		{ title: 'Customer', cell: (row) => customerLink(sim, row.customerId) },
		{ title: 'For', cell: (row) => html(sim.books.find('orders', row.orderId)?.number ?? '') },
		{ title: 'Date', cell: (row) => html(row.date) },
		{ title: 'Payment', cell: (row) => pill(...payment(row)) },
		{ title: 'Total', amount: true, cell: (row) => html(money(row.total, row.currency)) },
		{ title: 'Open', amount: true, cell: (row) => html(money(minus(row.total, row.paid), row.currency)) },
		{ title: '', cell: (row) => registerPayment(row, true) },
	];
	return section('Invoices', '', table(columns, invoices, 'No invoices yet. Press “Invoice” on an order.'));
}

export function productList(sim: RestSimulator): string {
	const columns: Array<Column<Product>> = [
		{ title: 'Code', cell: (row) => html(row.code) },
		{ title: 'Product', cell: (row) => html(row.name) },
		{ title: 'Kind', cell: (row) => html(row.service ? 'Service' : 'Goods') },
		{ title: 'Price', amount: true, cell: (row) => html(money(row.price, 'EUR')) },
	];
	return section('Products', '', table(columns, sim.records('products'), 'No products.'));
}
