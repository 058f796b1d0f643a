// Owns the pages of one customer, one order, one invoice.
// Must not know: HTTP, styles.
import type { OdooSimulator } from './index';
import type { Row } from './json';
import { idList, num, ref, str } from './json';
import { confirmOrder, deliverAndInvoice, makeCreditNote, postInvoice, registerPayment } from './page.buttons';
import { details, html, link, pill, section, steps, table } from './page.layout';
import type { Column } from './page.layout';
import { invoiceList, invoicesOf, invoiceTitle, orderList } from './page.lists';
import { billingState, deliveryState, money, nameOf, orderState, paymentState, quantity, shortDate } from './page.values';

const top = (heading: string, actions: string) => `<div class="top"><h1>${heading}</h1><div class="actions">${actions}</div></div>`;

export function customerPage(sim: OdooSimulator, partner: Row): string {
	const orders = sim.records('sale.order').filter((o) => ref(o['partner_id']) === partner.id);
	const invoices = invoicesOf(sim).filter((m) => ref(m['commercial_partner_id']) === partner.id || ref(m['partner_id']) === partner.id);
	const children = idList(partner['child_ids']).map((id) => sim.record('res.partner', id));
	const columns: Array<Column<Row>> = [
		{ title: 'Name', cell: (c) => html(str(c['name']) || str(c['display_name'])) },
		{ title: 'Kind', cell: (c) => pill(KINDS[str(c['type'])] ?? str(c['type'])) },
		{ title: 'Address', cell: (c) => html(address(sim, c)) },
		{ title: 'Email', cell: (c) => html(str(c['email'])) },
		{ title: 'Phone', cell: (c) => html(str(c['phone'])) },
	];
	return (
		top(html(str(partner['display_name'])), '') +
		section(
			'Details',
			'',
			details([
				['Address', html(address(sim, partner))],
				['VAT number', html(str(partner['vat']))],
				['Email', html(str(partner['email']))],
				['Phone', html(str(partner['phone']))],
				['Website', html(str(partner['website']))],
				['Known to the CRM as', html(keyOf(sim, 'res.partner', partner.id))],
			]),
		) +
		section('Contacts and addresses', '', table(columns, children, 'None.')) +
		orderList(sim, orders.reverse()) +
		invoiceList(sim, invoices)
	);
}

const KINDS: Record<string, string> = { contact: 'Contact', invoice: 'Invoice address', delivery: 'Delivery address', other: 'Other address' };

function address(sim: OdooSimulator, partner: Row): string {
	const town = [str(partner['zip']), str(partner['city'])].filter((t) => t !== '').join(' ');
	return [str(partner['street']), str(partner['street2']), town, nameOf(sim, 'res.country', partner['country_id'])].filter((t) => t !== '').join(', ');
}

/** The external id by which a client finds the record again. */
function keyOf(sim: OdooSimulator, model: string, id: number): string {
	return sim
		.records('ir.model.data')
		.filter((k) => k['model'] === model && k['res_id'] === id)
		.map((k) => str(k['complete_name']))
		.join('\n');
}

export function orderPage(sim: OdooSimulator, order: Row): string {
	const lines = sim.records('sale.order.line').filter((l) => ref(l['order_id']) === order.id);
	const { lineTaxes } = sim.world.profile;
	const columns: Array<Column<Row>> = [
		{ title: 'Product', cell: (l) => html(nameOf(sim, 'product.product', l['product_id']) || str(l['name'])) + description(sim, l) },
		{ title: 'Quantity', amount: true, cell: (l) => quantity(l['product_uom_qty']) },
		{ title: 'Delivered', amount: true, cell: (l) => quantity(l['qty_delivered']) },
		{ title: 'Invoiced', amount: true, cell: (l) => quantity(l['qty_invoiced']) },
		{ title: 'Unit price', amount: true, cell: (l) => html(money(sim, order, l['price_unit'])) },
		{ title: 'Discount', amount: true, cell: (l) => (num(l['discount']) === 0 ? '' : `${quantity(l['discount'])} %`) },
		{ title: 'Taxes', cell: (l) => taxes(sim, idList(l[lineTaxes])) },
		{ title: 'Amount', amount: true, cell: (l) => html(money(sim, order, l['price_subtotal'])) },
	];
	const invoices = invoicesOf(sim).filter((m) => idList(order['invoice_ids']).includes(m.id));
	const [state] = orderState(order['state']);
	const way = ['Quotation', 'Quotation sent', 'Sales order'];
	return (
		top(
			`${html(str(order['name']))}${pill(...billingState(order['invoice_status']))}${order['delivery_status'] ? pill(...deliveryState(order['delivery_status'])) : ''}`,
			confirmOrder(order) + deliverAndInvoice(order),
		) +
		(way.includes(state) ? steps(way, state) : `<p>${pill(...orderState(order['state']))}</p>`) +
		section(
			'Details',
			'',
			details([
				['Customer', link(`/customers/${ref(order['partner_id'])}`, nameOf(sim, 'res.partner', order['partner_id']))],
				['Invoice to', html(nameOf(sim, 'res.partner', order['partner_invoice_id']))],
				['Deliver to', html(nameOf(sim, 'res.partner', order['partner_shipping_id']))],
				['Customer reference', html(str(order['client_order_ref']))],
				['Source', html(str(order['origin']))],
				['Order date', html(shortDate(order['date_order']))],
				['Price list', html(nameOf(sim, 'product.pricelist', order['pricelist_id']))],
				['Known to the CRM as', html(keyOf(sim, 'sale.order', order.id))],
			]),
		) +
		section('Lines', '', table(columns, lines, 'No lines.') + totals(sim, order, [])) +
		invoiceList(sim, invoices)
	);
}

function description(sim: OdooSimulator, line: Row): string {
	const text = str(line['name']);
	const product = nameOf(sim, 'product.product', line['product_id']);
	return product === '' || text === product || text === '' ? '' : `<div class="note">${html(text)}</div>`;
}

function taxes(sim: OdooSimulator, ids: number[]): string {
	return ids.length === 0 ? '<span class="none">–</span>' : ids.map((id) => pill(nameOf(sim, 'account.tax', id))).join(' ');
}

function totals(sim: OdooSimulator, row: Row, more: Array<[string, string]>): string {
	const pairs: Array<[string, string, string]> = [
		['', 'Untaxed', money(sim, row, row['amount_untaxed'])],
		['', 'Taxes', money(sim, row, row['amount_tax'])],
		['sum', 'Total', money(sim, row, row['amount_total'])],
		...more.map(([label, value]): [string, string, string] => ['', label, value]),
	];
	return `<div class="totals">${pairs.map(([mark, label, value]) => `<div class="${mark}"><span>${html(label)}</span><span>${html(value)}</span></div>`).join('')}</div>`;
}

export function invoicePage(sim: OdooSimulator, move: Row): string {
	const lines = idList(move['invoice_line_ids']).map((id) => sim.record('account.move.line', id));
	const columns: Array<Column<Row>> = [
		{ title: 'Product', cell: (l) => html(nameOf(sim, 'product.product', l['product_id']) || str(l['name'])) + description(sim, l) },
		{ title: 'Quantity', amount: true, cell: (l) => quantity(l['quantity']) },
		{ title: 'Unit price', amount: true, cell: (l) => html(money(sim, move, l['price_unit'])) },
		{ title: 'Discount', amount: true, cell: (l) => (num(l['discount']) === 0 ? '' : `${quantity(l['discount'])} %`) },
		{ title: 'Taxes', cell: (l) => taxes(sim, idList(l['tax_ids'])) },
		{ title: 'Amount', amount: true, cell: (l) => html(money(sim, move, l['price_subtotal'])) },
	];
	const paid = num(move['amount_total']) - num(move['amount_residual']);
	const payments = sim.records('account.payment').filter((p) => idList(p['reconciled_invoice_ids']).includes(move.id));
	const paymentColumns: Array<Column<Row>> = [
		{ title: 'Payment', cell: (p) => html(str(p['name'])) },
		{ title: 'Date', cell: (p) => html(str(p['date'])) },
		{ title: 'Amount', amount: true, cell: (p) => html(money(sim, p, p['amount'])) },
	];
	const order = sim.records('sale.order').find((o) => o['name'] === move['invoice_origin']);
	const state = move['state'] === 'draft' ? 'Draft' : 'Posted';
	return (
		top(
			`${html(invoiceTitle(move))}${move['state'] === 'posted' ? pill(...paymentState(move['payment_state'])) : ''}`,
			postInvoice(move) + registerPayment(move) + makeCreditNote(move),
		) +
		(move['state'] === 'cancel' ? `<p>${pill('Cancelled', 'bad')}</p>` : steps(['Draft', 'Posted'], state)) +
		section(
			move['move_type'] === 'out_refund' ? 'Credit note' : 'Invoice',
			'',
			details([
				['Customer', link(`/customers/${ref(move['partner_id'])}`, nameOf(sim, 'res.partner', move['partner_id']))],
				['Order', order ? link(`/orders/${order.id}`, str(order['name'])) : html(str(move['invoice_origin']))],
				['Customer reference', html(str(move['ref']))],
				['Invoice date', html(str(move['invoice_date']))],
				['Due', html(str(move['invoice_date_due']))],
				['Credit note for', move['reversed_entry_id'] ? link(`/invoices/${ref(move['reversed_entry_id'])}`, nameOf(sim, 'account.move', move['reversed_entry_id'])) : ''],
			]),
		) +
		section(
			'Lines',
			'',
			table(columns, lines, 'No lines.') +
				totals(sim, move, [
					['Settled', money(sim, move, paid)],
					['Open', money(sim, move, move['amount_residual'])],
				]),
		) +
		section('Payments', '', table(paymentColumns, payments, 'None yet.'))
	);
}
