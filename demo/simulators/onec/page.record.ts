// Owns the pages of one counterparty, one order, one shipment.
// Must not know: HTTP, styles.
import Big from 'big.js';
import type { OrderLine } from './page.book';
import { rowsOf } from './page.book';
import { cancelShipment, postOrder, registerPayment, shipOrder } from './page.buttons';
import { type Column, details, html, link, pill, section, steps, table } from './page.layout';
import { type View, orderLink, orderList, ordersOf, paidPill, paymentList, paymentsOf, shipmentList, shipmentsOf, shippedPill } from './page.lists';
import { documentState, money, nameOf, quantity, shortDate } from './page.values';
import { amount } from './posting.sums';
import { type Row, part, text } from './values';

const top = (heading: string, actions: string): string => `<div class="top"><h1>${heading}</h1><div class="actions">${actions}</div></div>`;

export function customerPage(view: View, row: Row): string {
	const { store } = view.desk;
	const mine = (document: Row): boolean => document['Контрагент_Key'] === row['Ref_Key'];
	const contacts: Array<Column<Row>> = [
		{ title: 'Kind', cell: (line) => html(nameOf(store, 'Catalog_ВидыКонтактнойИнформации', line['Вид_Key']) || text(line, 'Тип')) },
		{ title: 'Contact', cell: (line) => html(text(line, 'Представление')) },
	];
	const legal = [text(row, 'ЮрФизЛицо'), text(row, 'ЮридическоеФизическоеЛицо')].find((word) => word !== '') ?? '';
	return (
		top(`${html(text(row, 'Description'))}${row['DeletionMark'] === true ? pill('Marked for deletion', 'bad') : ''}`, '') +
		section(
			'Details',
			'Контрагент',
			details([
				['Full name', html(text(row, 'НаименованиеПолное'))],
				['Commercial client (Партнер)', html(nameOf(store, 'Catalog_Партнеры', row['Партнер_Key']))],
				['ИНН / КПП', html([text(row, 'ИНН'), text(row, 'КПП')].filter((word) => word !== '').join(' / '))],
				['Legal form', html(legal)],
				['Country', html(nameOf(store, 'Catalog_СтраныМира', row['СтранаРегистрации_Key']))],
				['Comment', html(text(row, 'Комментарий') || text(row, 'ДополнительнаяИнформация'))],
				['Ref_Key', html(text(row, 'Ref_Key'))],
			]),
		) +
		section('Contact information', '', table(contacts, part(row, 'КонтактнаяИнформация'), 'None.')) +
		orderList(view, ordersOf(view).filter(mine)) +
		shipmentList(view, shipmentsOf(view).filter(mine))
	);
}

export function orderPage(view: View, order: Row): string {
	const { desk, book } = view;
	const { store } = desk;
	const ref = text(order, 'Ref_Key');
	const currency = text(order, book.currency);
	const paid = book.paid(desk, ref);
	const way = ['НеСогласован', 'КОбеспечению', 'КОтгрузке', 'Закрыт'];
	const customerNumber = text(order, 'НомерПоДаннымКлиента');
	return (
		top(
			`${html(text(order, 'Number'))}${pill(...documentState(order))}${shippedPill(view, order)}${paidPill(view, order)}`,
			postOrder(order) + shipOrder(view, order) + registerPayment(view, order),
		) +
		(way.includes(text(order, 'Статус')) ? steps(way, text(order, 'Статус')) : '') +
		section(
			'Details',
			book.orders.title,
			details([
				['Customer', link(`/customers/${text(order, 'Контрагент_Key')}`, nameOf(store, 'Catalog_Контрагенты', order['Контрагент_Key']))],
				['Commercial client (Партнер)', html(nameOf(store, 'Catalog_Партнеры', order['Партнер_Key']))],
				['Organization', html(nameOf(store, 'Catalog_Организации', order['Организация_Key']))],
				['Warehouse', html(nameOf(store, 'Catalog_Склады', order['Склад_Key']))],
				['Date', html(shortDate(order['Date']))],
				['Number at the customer', html(customerNumber === '' ? '' : `${customerNumber} ${shortDate(order['ДатаПоДаннымКлиента'])}`)],
				['Contract', html(nameOf(store, 'Catalog_ДоговорыКонтрагентов', order['ДоговорКонтрагента_Key'] ?? order['Договор_Key']))],
				['Comment', html(text(order, 'Комментарий'))],
				['Ref_Key', html(ref)],
			]),
		) +
		section('Lines', '', table(lineColumns(view, currency, true), book.lines(desk, order), 'No lines.') + totals(view, order, [['Paid', paid], ['Open', amount(order['СуммаДокумента']).minus(paid)]])) +
		shipmentList(view, shipmentsOf(view).filter((row) => book.orderOf(row) === ref)) +
		paymentList(view, paymentsOf(view).filter((row) => part(row, 'РасшифровкаПлатежа').some((line) => book.paidOrder(line) === ref)))
	);
}

function lineColumns({ desk, book }: View, currency: string, withShipped: boolean): Array<Column<OrderLine>> {
	const { store } = desk;
	return [
		{ title: '#', cell: ({ row }) => html(text(row, 'LineNumber')) },
		{ title: 'Item', cell: ({ row }) => html(nameOf(store, 'Catalog_Номенклатура', row['Номенклатура_Key'])) + note(store.get('Catalog_Номенклатура', text(row, 'Номенклатура_Key')), row) },
		{ title: 'Quantity', amount: true, cell: ({ row }) => quantity(row['Количество']) },
		...(withShipped ? [{ title: 'Shipped', amount: true, cell: ({ row, open }: OrderLine) => quantity(amount(row['Количество']).minus(open).toNumber()) }] : []),
		{ title: 'Price', amount: true, cell: ({ row }) => html(money(store, currency, row['Цена'])) },
		{ title: 'Discount', amount: true, cell: ({ row }) => (amount(row[book.discount]).eq(0) ? '' : `${quantity(row[book.discount])} %`) },
		{ title: 'VAT', cell: ({ row }) => pill(book.vatOf(store, row)) },
		{ title: 'VAT amount', amount: true, cell: ({ row }) => html(money(store, currency, row['СуммаНДС'])) },
		{ title: 'Amount', amount: true, cell: ({ row }) => html(money(store, currency, row['Сумма'])) },
	];
}

function note(item: Row | undefined, row: Row): string {
	const words = [text(item, 'Артикул'), text(row, 'Содержание')].filter((word) => word !== '' && word !== text(item, 'Description'));
	return words.length === 0 ? '' : `<div class="note">${html(words.join(' · '))}</div>`;
}

function totals({ desk, book }: View, document: Row, more: Array<[string, Big]>): string {
	const currency = text(document, book.currency);
	const vat = rowsOf(book, document)
		.filter((row) => row['Отменено'] !== true)
		.reduce((sum, row) => sum.plus(amount(row['СуммаНДС'])), new Big(0));
	const whole = amount(document['СуммаДокумента']);
	const pairs: Array<[string, string, Big]> = [
		['', 'Without VAT', whole.minus(vat)],
		['', document[book.vatIncluded] === true ? 'VAT, included in the prices' : 'VAT, on top', vat],
		['sum', 'Total', whole],
		...more.map(([label, value]): [string, string, Big] => ['', label, value]),
	];
	return `<div class="totals">${pairs.map(([mark, label, value]) => `<div class="${mark}"><span>${html(label)}</span><span>${html(money(desk.store, currency, value.toNumber()))}</span></div>`).join('')}</div>`;
}

export function shipmentPage(view: View, shipment: Row): string {
	const { desk, book } = view;
	const lines = rowsOf(book, shipment).map((row): OrderLine => ({ row, open: new Big(0) }));
	return (
		top(`${html(text(shipment, 'Number'))}${pill(...documentState(shipment))}`, cancelShipment(shipment)) +
		section(
			'Details',
			book.shipments.title,
			details([
				['Customer', link(`/customers/${text(shipment, 'Контрагент_Key')}`, nameOf(desk.store, 'Catalog_Контрагенты', shipment['Контрагент_Key']))],
				['For', orderLink(view, book.orderOf(shipment))],
				['Date', html(shortDate(shipment['Date']))],
				['Status', html(text(shipment, 'Статус'))],
				['Ref_Key', html(text(shipment, 'Ref_Key'))],
			]),
		) +
		section('Lines', '', table(lineColumns(view, text(shipment, book.currency), false), lines, 'No lines.') + totals(view, shipment, [])) +
		section('Records', 'registers this document wrote', table(RECORDS, recordsOf(view, shipment), 'None: it is not posted.'))
	);
}

type Written = readonly [register: string, rows: number];

const RECORDS: Array<Column<Written>> = [
	{ title: 'Register', cell: ([register]) => html(register) },
	{ title: 'Records', amount: true, cell: ([, rows]) => String(rows) },
];

function recordsOf({ desk }: View, document: Row): Written[] {
	return [...desk.store.model.sets.values()]
		.filter(({ role }) => role === 'recorder')
		.flatMap(({ name }) => desk.store.rows(name).filter((row) => row['Recorder'] === document['Ref_Key']).map((row): Written => [name, part(row, 'RecordSet').length]));
}

