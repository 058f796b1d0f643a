// Owns the pages of one customer, one order, one invoice. Must not know: HTTP, styles.
import type { RestSimulator } from './index';
import { minus } from './books.money';
import type { Address, Contact, Customer, Invoice, Line, Order, Payment } from './books.records';
import { confirmOrder, invoiceOrder, registerPayment } from './page.buttons';
import { details, html, link, pill, section, steps, table, type Column } from './page.layout';
import { customerLink, invoiceList, invoicesOf, orderList, ordersOf } from './page.lists';
import { billing, money, orderState, payment, quantity } from './page.values';

const top = (heading: string, actions: string): string => `<div class="top"><h1>${heading}</h1><div class="actions">${actions}</div></div>`;

function addressText({ street, street2, postcode, city, country }: Address): string {
	return html([street, street2, [postcode, city].filter(Boolean).join(' '), country].filter(Boolean).join(', '));
}

export function customerPage(sim: RestSimulator, row: Customer): string {
	const columns: Array<Column<Contact>> = [
		{ title: 'Name', cell: (contact) => html([contact.firstName, contact.lastName].filter(Boolean).join(' ')) },
		{ title: 'Title', cell: (contact) => html(contact.title) },
		{ title: 'Email', cell: (contact) => html(contact.email) },
		{ title: 'Phone', cell: (contact) => html(contact.phone || contact.mobile) },
	];
	return (
		top(html(row.name), '') +
		section(
			'Details',
			'',
			details([
				['VAT number', html(row.vat)],
				['Email', html(row.email)],
				['Phone', html(row.phone)],
				['Website', html(row.website)],
				['Invoices to', addressText(row.billing)],
				['Deliveries to', addressText(row.shipping)],
				['Notes', html(row.notes)],
				['Known to the CRM as', html(row.externalId)],
			]),
		) +
		section('Contacts', '', table(columns, row.contacts, 'None.')) +
		orderList(sim, ordersOf(sim).filter(({ customerId }) => customerId === row.id)) +
		invoiceList(sim, invoicesOf(sim).filter(({ customerId }) => customerId === row.id))
	);
}

export function orderPage(sim: RestSimulator, row: Order): string {
	const [state] = orderState(row);
	return (
		top(`${html(row.number)}${pill(...billing(sim.desk, row))}`, confirmOrder(row) + invoiceOrder(sim, row)) +
		(row.state === 'cancelled' ? `<p>${pill('Cancelled', 'bad')}</p>` : steps(['Draft', 'Confirmed'], state)) +
		section(
			'Details',
			'',
			details([
				['Customer', customerLink(sim, row.customerId)],
				['Customer reference', html(row.reference)],
				['Subject', html(row.subject)],
				['Order date', html(row.date)],
				['Deliver to', addressText(row.shipping)],
				['Notes', html(row.notes)],
				['Known to the CRM as', html(row.externalId)],
			]),
		) +
		section('Lines', '', lineTable(sim, row) + totals(row, [])) +
		invoiceList(sim, invoicesOf(sim).filter(({ orderId }) => orderId === row.id))
	);
}

export function invoicePage(sim: RestSimulator, row: Invoice): string {
	const order = sim.books.find('orders', row.orderId);
	const payments = sim.records('payments').filter(({ invoiceId }) => invoiceId === row.id);
	const columns: Array<Column<Payment>> = [
		{ title: 'Date', cell: (one) => html(one.date) },
		{ title: 'Amount', amount: true, cell: (one) => html(money(one.amount, row.currency)) },
	];
	return (
		top(`${html(row.number)}${pill(...payment(row))}`, registerPayment(row)) +
		section(
			'Invoice',
			'',
			details([
				['Customer', customerLink(sim, row.customerId)],
				['Order', order ? link(`/orders/${order.id}`, order.number) : ''],
				['Invoice date', html(row.date)],
				['Due', html(row.dueDate)],
			]),
		) +
		section('Lines', '', lineTable(sim, row) + totals(row, [['Paid', row.paid], ['Open', minus(row.total, row.paid)]])) +
		section('Payments', '', table(columns, payments, 'None yet.'))
	);
}

function lineTable(sim: RestSimulator, { lines, currency }: Order | Invoice): string {
	const columns: Array<Column<Line>> = [
		{ title: 'Product', cell: (line) => html(line.text) + (line.note ? `<div class="note">${html(line.note)}</div>` : '') },
		{ title: 'Code', cell: (line) => html(sim.books.find('products', line.productId)?.code ?? '') },
		{ title: 'Quantity', amount: true, cell: (line) => quantity(line.quantity) },
		{ title: 'Unit price', amount: true, cell: (line) => html(money(line.price, currency)) },
		{ title: 'Discount', amount: true, cell: (line) => (Number(line.discount) === 0 ? '' : `${quantity(line.discount)} %`) },
		{ title: 'Taxes', cell: (line) => line.rates.map((rate) => pill(`${rate} %`)).join(' ') || '<span class="none">–</span>' },
		{ title: 'Amount', amount: true, cell: (line) => html(money(line.net, currency)) },
	];
	return table(columns, lines, 'No lines.');
}

function totals(row: Order | Invoice, more: Array<[string, string]>): string {
	const pairs: Array<[string, string, string]> = [['', 'Untaxed', row.net], ['', 'Taxes', row.tax], ['sum', 'Total', row.total], ...more.map(([label, value]): [string, string, string] => ['', label, value])];
	return `<div class="totals">${pairs.map(([mark, label, value]) => `<div class="${mark}"><span>${html(label)}</span><span>${html(money(value, row.currency))}</span></div>`).join('')}</div>`;
}
