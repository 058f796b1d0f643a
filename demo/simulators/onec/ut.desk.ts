// Owns what people at УТ's forms do: an order, a shipment or a payment with everything that the forms fill in.
// Must not know: the OData interface.
import Big from 'big.js';
import type { Desk } from './desk.work';
import { refusal } from './errors';
import { isEmpty } from './posting';
import { amount, money, rowSums, share } from './posting.sums';
import { type Row, ZERO_GUID, part, stamp, text } from './values';
import { ORDER, ORDER_TYPE, liveRows } from './ut.orders';
import { PAYMENT } from './ut.payments';
import { SHIPMENT, orderOf } from './ut.shipments';
import { key } from './ut.initial';

const PRICES = 'InformationRegister_ЦеныНоменклатуры25_RecordType';

/** The newest price of an item in a currency; 0 without one. */
function priceOf({ store }: Desk, item: string, currency: string): number {
	const prices = store.rows(PRICES).filter((r) => r['Номенклатура_Key'] === item && r['Валюта_Key'] === currency);
	return Number(prices.sort((a, b) => (text(a, 'Period') < text(b, 'Period') ? 1 : -1))[0]?.['Цена'] ?? 0);
}

/** Fields of a new order or shipment as its form would leave them; what is given stays. */
export function filled(desk: Desk, set: string, fields: Row): Row {
	if (set !== ORDER && set !== SHIPMENT) return fields;
	const { store } = desk;
	const counterparty = store.get('Catalog_Контрагенты', text(fields, 'Контрагент_Key'));
	const header: Row = {
		Партнер_Key: text(counterparty, 'Партнер_Key') || ZERO_GUID,
		Организация_Key: key('company'),
		Склад_Key: key('warehouse'),
		Валюта_Key: key('EUR'),
		НалогообложениеНДС: 'ПродажаОблагаетсяНДС',
		ЦенаВключаетНДС: false,
		...(set === ORDER ? { Статус: 'КОбеспечению', Согласован: true, ПорядокРасчетов: 'ПоЗаказам' } : {}),
		...fields,
	};
	return { ...header, Товары: part(fields, 'Товары').map((row, i) => filledRow(desk, header, { LineNumber: String(i + 1), КлючСвязи: String(i + 1), ...row })) };
}

function filledRow(desk: Desk, header: Row, row: Row): Row {
	const item = desk.store.get('Catalog_Номенклатура', text(row, 'Номенклатура_Key'));
	const rate = text(row, 'СтавкаНДС_Key') || text(item, 'СтавкаНДС_Key') || key('vat 10%');
	const full: Row = {
		Количество: 1,
		Цена: priceOf(desk, text(row, 'Номенклатура_Key'), text(header, 'Валюта_Key')),
		СтавкаНДС_Key: rate,
		Склад_Key: header['Склад_Key'] ?? ZERO_GUID,
		ВариантОбеспечения: 'КОбеспечению',
		...row,
	};
	const sums = rowSums(full, amount(desk.store.get('Catalog_СтавкиНДС', rate)?.['Ставка']), header['ЦенаВключаетНДС'] === true);
	return { КоличествоУпаковок: full['Количество'] ?? 0, Сумма: sums.amount, СуммаРучнойСкидки: sums.discount, СуммаНДС: sums.vat, СуммаСНДС: sums.whole, ...full };
}

/** Posted shipment rows of an order, by row code. */
function shippedRows({ store }: Desk, order: string): Map<string, Row[]> {
	const rows = new Map<string, Row[]>();
	for (const shipment of store.rows(SHIPMENT)) {
		if (shipment['Posted'] !== true) continue;
		for (const line of part(shipment, 'Товары')) {
			if (orderOf(shipment, line) === order) rows.set(text(line, 'КодСтроки'), [...(rows.get(text(line, 'КодСтроки')) ?? []), line]);
		}
	}
	return rows;
}

const added = (rows: readonly Row[], field: string): Big => rows.reduce((sum, row) => sum.plus(amount(row[field])), new Big(0));

/** What is left to ship of each row: quantities, and amounts that make up the order's to the kopeck with the last shipment. */
export function openRows(desk: Desk, order: Row): Array<{ line: Row; open: Big; shipped: Row[] }> {
	const shipped = shippedRows(desk, text(order, 'Ref_Key'));
	return liveRows(order).map((line) => {
		const before = shipped.get(text(line, 'КодСтроки')) ?? [];
		return { line, shipped: before, open: amount(line['Количество']).minus(added(before, 'Количество')) };
	});
}

function shipmentRow(line: Row, quantity: Big, open: Big, shipped: Row[]): Row {
	const last = quantity.eq(open);
	const of = (field: string): number =>
		money(last ? amount(line[field]).minus(added(shipped, field)) : share(amount(line[field]), quantity, amount(line['Количество'])));
	const net = of('Сумма');
	const vat = of('СуммаНДС');
	const copied = ['Номенклатура_Key', 'Характеристика_Key', 'Упаковка_Key', 'ВидЦены_Key', 'Цена', 'СтавкаНДС_Key', 'ПроцентРучнойСкидки', 'КодСтроки', 'Склад_Key'];
	return {
		...Object.fromEntries(copied.map((name) => [name, line[name] ?? ''])),
		Количество: quantity.toNumber(),
		КоличествоУпаковок: quantity.toNumber(),
		Сумма: net,
		СуммаНДС: vat,
		СуммаСНДС: of('СуммаСНДС'),
		СуммаРучнойСкидки: of('СуммаРучнойСкидки'),
		СуммаВзаиморасчетов: of('СуммаСНДС'),
	};
}

/** Реализация on the ground of an order, posted. */
export function ship(desk: Desk, orderRef: string, quantities?: Readonly<Record<string, string>>): string {
	const order = mustBePosted(desk, orderRef);
	const owner = { ЗаказКлиента: orderRef, ЗаказКлиента_Type: ORDER_TYPE };
	const rows = openRows(desk, order).flatMap(({ line, open, shipped }) => {
		const wanted = quantities ? new Big(quantities[text(line, 'LineNumber')] ?? 0) : open;
		return wanted.gt(0) ? [{ ...shipmentRow(line, wanted, open, shipped), ...owner, ОбъектРасчетов_Key: order['ОбъектРасчетов_Key'] ?? ZERO_GUID }] : [];
	});
	if (rows.length === 0) throw refusal(`По заказу клиента ${text(order, 'Number')} нечего отгружать`);
	const copied = ['Партнер_Key', 'Контрагент_Key', 'Организация_Key', 'Соглашение_Key', 'Договор_Key', 'Валюта_Key', 'Склад_Key', 'ЦенаВключаетНДС', 'НалогообложениеНДС', 'АдресДоставки', 'ПорядокРасчетов', 'СпособДоставки', 'Менеджер_Key'];
	const shipment = desk.objects.create(SHIPMENT, {
		...Object.fromEntries(copied.map((name) => [name, order[name] ?? ''])),
		...owner,
		РеализацияПоЗаказам: true,
		Согласован: true,
		Основание: `Заказ клиента № ${text(order, 'Number')}`,
		ОснованиеДата: text(order, 'Date'),
		ОснованиеНомер: text(order, 'Number'),
		Товары: rows.map((row, i) => ({ LineNumber: String(i + 1), КлючСвязи: String(i + 1), ...row })),
	});
	const ref = text(shipment, 'Ref_Key');
	desk.objects.post(SHIPMENT, ref);
	return ref;
}

/** Поступление безналичных ДС for an order, posted. */
export function pay(desk: Desk, orderRef: string, sum: number | string): string {
	const order = mustBePosted(desk, orderRef);
	const value = money(new Big(sum));
	const payment = desk.objects.create(PAYMENT, {
		Организация_Key: order['Организация_Key'] ?? ZERO_GUID,
		БанковскийСчет_Key: key('account'),
		Валюта_Key: order['Валюта_Key'] ?? ZERO_GUID,
		Партнер_Key: order['Партнер_Key'] ?? ZERO_GUID,
		Контрагент_Key: order['Контрагент_Key'] ?? ZERO_GUID,
		СуммаДокумента: value,
		ПроведеноБанком: true,
		ДатаПроведенияБанком: stamp(desk.store.now()),
		НазначениеПлатежа: `Оплата по заказу клиента № ${text(order, 'Number')}`,
		РасшифровкаПлатежа: [
			{
				LineNumber: '1',
				Сумма: value,
				Заказ: orderRef,
				Заказ_Type: ORDER_TYPE,
				ОбъектРасчетов_Key: order['ОбъектРасчетов_Key'] ?? ZERO_GUID,
				Партнер_Key: order['Партнер_Key'] ?? ZERO_GUID,
				ВалютаВзаиморасчетов_Key: order['Валюта_Key'] ?? ZERO_GUID,
				СуммаВзаиморасчетов: value,
				ИдентификаторСтроки: desk.store.newGuid(),
			},
		],
	});
	const ref = text(payment, 'Ref_Key');
	desk.objects.post(PAYMENT, ref);
	return ref;
}

function mustBePosted(desk: Desk, orderRef: string): Row {
	const order = desk.objects.must(ORDER, orderRef);
	if (order['Posted'] !== true || isEmpty(order['Контрагент_Key'])) throw refusal(`Заказ клиента ${text(order, 'Number')} не проведен`);
	return order;
}

/** Paid for an order by posted payments. */
export function paidFor({ store }: Desk, orderRef: string): Big {
	return store
		.rows(PAYMENT)
		.filter((payment) => payment['Posted'] === true)
		.flatMap((payment) => part(payment, 'РасшифровкаПлатежа'))
		.filter((line) => line['Заказ'] === orderRef)
		.reduce((sum, line) => sum.plus(amount(line['Сумма'])), new Big(0));
}
