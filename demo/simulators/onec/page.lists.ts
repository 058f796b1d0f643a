// Owns the demo pages' lists: customers, orders, shipments, payments, goods, and the figures above them.
// Must not know: HTTP, styles.
import Big from 'big.js';
import type { Desk } from './desk.work';
import { type Book, documents, pieces, rowsOf } from './page.book';
import { registerPayment, shipOrder } from './page.buttons';
import { type Column, type Tab, html, link, pill, section, table } from './page.layout';
import { documentState, money, nameOf, progress, quantity, shortDate } from './page.values';
import { queued } from './plans';
import { amount } from './posting.sums';
import { type Row, part, text } from './values';

/** What every page is made from. */
export interface View {
	desk: Desk;
	book: Book;
}

const CUSTOMERS = 'Catalog_Контрагенты';
const GOODS = 'Catalog_Номенклатура';

export const customersOf = ({ desk }: View): Row[] => desk.store.rows(CUSTOMERS).filter((row) => row['IsFolder'] !== true).reverse();
export const ordersOf = ({ desk, book }: View): Row[] => documents(desk.store, book.orders.set);
export const shipmentsOf = ({ desk, book }: View): Row[] => documents(desk.store, book.shipments.set);
export const paymentsOf = ({ desk, book }: View): Row[] => documents(desk.store, book.payments.set);
const goodsOf = ({ desk }: View): Row[] => desk.store.rows(GOODS).filter((row) => row['IsFolder'] !== true);

export function tabs(view: View): Tab[] {
	return [
		{ path: '/', text: 'Overview', count: ordersOf(view).length + shipmentsOf(view).length },
		{ path: '/customers', text: 'Customers', count: customersOf(view).length },
		{ path: '/orders', text: view.book.orders.set.includes('Счет') ? 'Invoices' : 'Orders', count: ordersOf(view).length },
		{ path: '/shipments', text: 'Shipments', count: shipmentsOf(view).length },
		{ path: '/payments', text: 'Payments', count: paymentsOf(view).length },
		{ path: '/goods', text: 'Goods', count: goodsOf(view).length },
	];
}

export function overview(view: View): string {
	const { desk, book } = view;
	const posted = ordersOf(view).filter((row) => row['Posted'] === true);
	const open = posted.filter((row) => {
		const { ordered, shipped } = pieces(book, desk, row);
		return shipped < ordered;
	});
	const node = desk.store.rows('ExchangePlan_ДляODATA').at(-1);
	const cards: Array<[string, string]> = [
		[String(posted.length), 'posted orders'],
		[sum(view, posted, (row) => amount(row['СуммаДокумента'])), 'ordered'],
		[String(open.length), 'orders to ship'],
		[sum(view, posted, (row) => amount(row['СуммаДокумента']).minus(book.paid(desk, text(row, 'Ref_Key')))), 'still to be paid'],
		[String(queued(desk.store, text(node, 'Ref_Key'))), `changes waiting for “${text(node, 'Description')}” in the exchange plan`],
	];
	return (
		`<div class="cards">${cards.map(([value, label]) => `<div class="card"><b>${html(value)}</b><span>${html(label)}</span></div>`).join('')}</div>` +
		orderList(view, ordersOf(view).slice(0, 20)) +
		shipmentList(view, shipmentsOf(view).slice(0, 20))
	);
}

/** A sum per currency, joined when there are several. */
function sum({ desk, book }: View, rows: Row[], of: (row: Row) => Big): string {
	const sums = new Map<string, Big>();
	for (const row of rows) sums.set(text(row, book.currency), (sums.get(text(row, book.currency)) ?? new Big(0)).plus(of(row)));
	return [...sums].map(([currency, value]) => money(desk.store, currency, value.toNumber())).join(' + ') || '0.00';
}

export function customerList(view: View): string {
	const { desk } = view;
	const hasPartners = desk.store.definition('Catalog_Партнеры') !== undefined;
	const columns: Array<Column<Row>> = [
		{ title: 'Counterparty', cell: (row) => link(`/customers/${text(row, 'Ref_Key')}`, text(row, 'Description')) + (row['DeletionMark'] === true ? ` ${pill('Marked for deletion', 'bad')}` : '') },
		...(hasPartners ? [{ title: 'Commercial client', cell: (row: Row) => html(nameOf(desk.store, 'Catalog_Партнеры', row['Партнер_Key'])) }] : []),
		{ title: 'ИНН', cell: (row) => html(text(row, 'ИНН')) },
		{ title: 'КПП', cell: (row) => html(text(row, 'КПП')) },
		{ title: 'Orders', amount: true, cell: (row) => String(ordersOf(view).filter((order) => order['Контрагент_Key'] === row['Ref_Key']).length) },
	];
	return section('Customers', 'Контрагенты', table(columns, customersOf(view), 'No customers yet. They arrive with the first accepted quote.'));
}

export function orderList(view: View, orders: Row[]): string {
	const { desk, book } = view;
	const columns: Array<Column<Row>> = [
		{ title: 'Number', cell: (row) => link(`/orders/${text(row, 'Ref_Key')}`, text(row, 'Number')) },
		{ title: 'Date', cell: (row) => `<span style="white-space:nowrap">${html(shortDate(row['Date']))}</span>` },
		{ title: 'Customer', cell: (row) => link(`/customers/${text(row, 'Контрагент_Key')}`, nameOf(desk.store, CUSTOMERS, row['Контрагент_Key'])) },
		{ title: 'State', cell: (row) => pill(...documentState(row)) },
		{ title: 'Shipped', cell: (row) => shippedPill(view, row) },
		{ title: 'Paid', cell: (row) => paidPill(view, row) },
		{ title: 'Total', amount: true, cell: (row) => html(money(desk.store, text(row, book.currency), row['СуммаДокумента'])) },
		{ title: '', cell: (row) => `<div class="actions">${shipOrder(view, row)}${registerPayment(view, row, true)}</div>` },
	];
	return section(view.book.orders.set.includes('Счет') ? 'Invoices to customers' : 'Orders', book.orders.title, table(columns, orders, 'Nothing yet. Accept a quote in the CRM and it appears here.'));
}

export function shippedPill({ desk, book }: View, order: Row): string {
	if (order['Posted'] !== true) return pill('');
	const { ordered, shipped } = pieces(book, desk, order);
	return pill(...progress(shipped, ordered, ['Not shipped', 'Partly shipped', 'Shipped']));
}

export function paidPill({ desk, book }: View, order: Row): string {
	if (order['Posted'] !== true) return pill('');
	return pill(...progress(book.paid(desk, text(order, 'Ref_Key')).toNumber(), Number(order['СуммаДокумента'] ?? 0), ['Not paid', 'Partly paid', 'Paid']));
}

export function shipmentList(view: View, shipments: Row[]): string {
	const { desk, book } = view;
	const columns: Array<Column<Row>> = [
		{ title: 'Number', cell: (row) => link(`/shipments/${text(row, 'Ref_Key')}`, text(row, 'Number')) },
		{ title: 'Date', cell: (row) => `<span style="white-space:nowrap">${html(shortDate(row['Date']))}</span>` },
		{ title: 'Customer', cell: (row) => link(`/customers/${text(row, 'Контрагент_Key')}`, nameOf(desk.store, CUSTOMERS, row['Контрагент_Key'])) },
		{ title: 'For', cell: (row) => orderLink(view, book.orderOf(row)) },
		{ title: 'State', cell: (row) => pill(...documentState(row)) },
		{ title: 'Lines', amount: true, cell: (row) => String(rowsOf(book, row).length) },
		{ title: 'Total', amount: true, cell: (row) => html(money(desk.store, text(row, book.currency), row['СуммаДокумента'])) },
	];
	return section('Shipments', book.shipments.title, table(columns, shipments, 'No shipments yet. Press “Ship” on an order.'));
}

export function orderLink({ desk, book }: View, ref: string): string {
	const order = desk.store.get(book.orders.set, ref);
	return order ? link(`/orders/${ref}`, text(order, 'Number')) : '<span class="none">–</span>';
}

export function paymentList(view: View, payments: Row[]): string {
	const { desk, book } = view;
	const columns: Array<Column<Row>> = [
		{ title: 'Number', cell: (row) => html(text(row, 'Number')) },
		{ title: 'Date', cell: (row) => html(shortDate(row['Date'])) },
		{ title: 'Payer', cell: (row) => html(nameOf(desk.store, CUSTOMERS, row[book.payer])) },
		{ title: 'For', cell: (row) => part(row, 'РасшифровкаПлатежа').map((line) => orderLink(view, book.paidOrder(line))).join(' ') },
		{ title: 'State', cell: (row) => pill(...documentState(row)) },
		{ title: 'Amount', amount: true, cell: (row) => html(money(desk.store, text(row, book.currency), row['СуммаДокумента'])) },
	];
	return section('Payments', book.payments.title, table(columns, payments, 'No payments yet.'));
}

export function goodsList(view: View): string {
	const { store } = view.desk;
	const price = (row: Row): Row | undefined => store.rows(view.book.priceSet).filter((p) => p['Номенклатура_Key'] === row['Ref_Key']).at(-1);
	const columns: Array<Column<Row>> = [
		{ title: 'Артикул', cell: (row) => html(text(row, 'Артикул')) },
		{ title: 'Item', cell: (row) => html(text(row, 'Description')) },
		{ title: 'Code', cell: (row) => html(text(row, 'Code')) },
		{ title: 'Price without VAT', amount: true, cell: (row) => (price(row) ? html(money(store, text(price(row), 'Валюта_Key'), price(row)?.['Цена'])) : '') },
		...(store.definition('AccumulationRegister_ТоварыНаСкладах') ? [{ title: 'In stock', amount: true, cell: (row: Row) => stock(view, row) }] : []),
	];
	return section('Goods and services', 'Номенклатура', table(columns, goodsOf(view), 'Nothing yet.'));
}

function stock({ desk }: View, item: Row): string {
	if (item['ТипНоменклатуры'] === 'Услуга') return '';
	const records = desk.store.rows('AccumulationRegister_ТоварыНаСкладах_RecordType').filter((r) => r['Номенклатура_Key'] === item['Ref_Key']);
	return quantity(records.reduce((rest, r) => (r['RecordType'] === 'Receipt' ? rest.plus(amount(r['ВНаличии'])) : rest.minus(amount(r['ВНаличии']))), new Big(0)).toNumber());
}
