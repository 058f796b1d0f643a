// Owns what the pages need to know of a configuration: which sets and fields are orders, shipments, payments, rows.
// Must not know: HTML, HTTP.
import Big from 'big.js';
import * as bp from './bp.desk';
import type { Desk } from './desk.work';
import { amount } from './posting.sums';
import type { Store } from './store';
import { type Row, part, text } from './values';
import * as ut from './ut.desk';

interface Kind {
	set: string;
	/** Its name in 1C, in the plural. */
	title: string;
}

/** A row of an order as the page shows it. */
export interface OrderLine {
	row: Row;
	open: Big;
}

export interface Book {
	product: string;
	orders: Kind;
	shipments: Kind;
	payments: Kind;
	/** Field with the document's currency. */
	currency: string;
	/** Orders a shipment was made for. */
	orderOf: (shipment: Row) => string;
	/** Order that a row of a payment pays. */
	paidOrder: (line: Row) => string;
	vatOf: (store: Store, row: Row) => string;
	vatIncluded: string;
	discount: string;
	/** Table parts of a shipment. */
	parts: readonly string[];
	/** Counterparty of a payment. */
	payer: string;
	lines: (desk: Desk, order: Row) => OrderLine[];
	paid: (desk: Desk, order: string) => Big;
	priceSet: string;
}

const UT: Book = {
	product: '1C: Управление торговлей 11.5',
	orders: { set: 'Document_ЗаказКлиента', title: 'Заказы клиентов' },
	shipments: { set: 'Document_РеализацияТоваровУслуг', title: 'Реализация товаров и услуг' },
	payments: { set: 'Document_ПоступлениеБезналичныхДенежныхСредств', title: 'Поступление безналичных ДС' },
	currency: 'Валюта_Key',
	orderOf: (shipment) => text(shipment, 'ЗаказКлиента'),
	paidOrder: (line) => text(line, 'Заказ'),
	vatOf: (store, row) => text(store.get('Catalog_СтавкиНДС', text(row, 'СтавкаНДС_Key')), 'Description'),
	vatIncluded: 'ЦенаВключаетНДС',
	discount: 'ПроцентРучнойСкидки',
	parts: ['Товары'],
	payer: 'Контрагент_Key',
	lines: (desk, order) => ut.openRows(desk, order).map(({ line, open }) => ({ row: line, open })),
	paid: ut.paidFor,
	priceSet: 'InformationRegister_ЦеныНоменклатуры25_RecordType',
};

const BP: Book = {
	product: '1C: Бухгалтерия предприятия 3.0',
	orders: { set: 'Document_СчетНаОплатуПокупателю', title: 'Счета покупателям' },
	shipments: { set: 'Document_РеализацияТоваровУслуг', title: 'Реализация (акты, накладные, УПД)' },
	payments: { set: 'Document_ПоступлениеНаРасчетныйСчет', title: 'Поступление на расчетный счет' },
	currency: 'ВалютаДокумента_Key',
	orderOf: (shipment) => text(shipment, 'СчетНаОплатуПокупателю_Key'),
	paidOrder: (line) => text(line, 'СчетНаОплату_Key'),
	vatOf: (_store, row) => text(row, 'СтавкаНДС'),
	vatIncluded: 'СуммаВключаетНДС',
	discount: 'ПроцентСкидки',
	parts: ['Товары', 'Услуги'],
	payer: 'Контрагент',
	lines: (desk, order) => bp.openRows(desk, order).map(({ line, open }) => ({ row: line, open })),
	paid: bp.paidFor,
	priceSet: 'InformationRegister_ЦеныНоменклатуры_RecordType',
};

export const bookOf = (store: Store): Book => (store.definition(UT.orders.set) ? UT : BP);

/** Newest first. */
export const documents = (store: Store, set: string): Row[] => store.rows(set).sort((a, b) => (text(a, 'Date') < text(b, 'Date') ? 1 : -1));

/** Ordered and shipped pieces of an order. */
export function pieces(book: Book, desk: Desk, order: Row): { ordered: number; shipped: number } {
	const lines = book.lines(desk, order);
	const ordered = lines.reduce((sum, { row }) => sum.plus(amount(row['Количество'])), new Big(0));
	const open = lines.reduce((sum, line) => sum.plus(line.open), new Big(0));
	return { ordered: ordered.toNumber(), shipped: ordered.minus(open).toNumber() };
}

export const rowsOf = (book: Book, document: Row): Row[] => book.parts.flatMap((name) => part(document, name));
