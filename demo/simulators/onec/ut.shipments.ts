// Owns the shipment of УТ (реализация): what writing recalculates, what posting checks and records.
// Must not know: requests, orders' own rules, payments.
import Big from 'big.js';
import { type Needed, documentNumber, isEmpty, missing, setting } from './posting';
import { amount, money, total } from './posting.sums';
import { refusal } from './errors';
import { rateAt } from './registers.rates';
import type { Handlers, Writing } from './store.configuration';
import { type Row, ZERO_GUID, part, text } from './values';
import { ORDER, ORDER_TYPE } from './ut.orders';
import { amountsInCurrencies, balance, openQuantity, recorderOf, released } from './ut.records';

export const SHIPMENT = 'Document_РеализацияТоваровУслуг';
const SHIPMENT_TYPE = 'StandardODATA.Document_РеализацияТоваровУслуг';

const NEEDED: Needed = {
	header: { Организация_Key: 'Организация', Партнер_Key: 'Клиент', Контрагент_Key: 'Контрагент', Валюта_Key: 'Валюта', Склад_Key: 'Склад' },
	part: 'Товары',
	columns: { Номенклатура_Key: 'Номенклатура', Количество: 'Количество', СтавкаНДС_Key: 'Ставка НДС' },
};

function recalculate({ store, row }: Writing): void {
	const rows = part(row, 'Товары').map((line, i): Row => ({
		...line,
		ИдентификаторСтроки: text(line, 'ИдентификаторСтроки') || store.newGuid(),
		КлючСвязи: Number(text(line, 'КлючСвязи') || 0) > 0 ? (line['КлючСвязи'] ?? '0') : String(i + 1),
	}));
	row['Товары'] = rows;
	row['СуммаДокумента'] = money(total(rows, 'СуммаСНДС'));
	row['СуммаВзаиморасчетов'] = row['СуммаДокумента'];
	if (isEmpty(row['ВалютаВзаиморасчетов_Key'])) row['ВалютаВзаиморасчетов_Key'] = row['Валюта_Key'] ?? ZERO_GUID;
}

const named = (store: Writing['store'], item: string): string => text(store.get('Catalog_Номенклатура', item), 'Description');
const isGoods = (store: Writing['store'], line: Row): boolean => text(store.get('Catalog_Номенклатура', text(line, 'Номенклатура_Key')), 'ТипНоменклатуры') !== 'Услуга';

/** The order a row belongs to: its own, else the header's. */
export const orderOf = (row: Row, line: Row): string => (text(line, 'ЗаказКлиента_Type') === ORDER_TYPE ? text(line, 'ЗаказКлиента') : text(row, 'ЗаказКлиента_Type') === ORDER_TYPE ? text(row, 'ЗаказКлиента') : '');

function stockOf(store: Writing['store'], item: string, warehouse: string): Big {
	const records = store.rows('AccumulationRegister_ТоварыНаСкладах_RecordType').filter((r) => r['Номенклатура_Key'] === item && r['Склад_Key'] === warehouse);
	return balance(records, 'ВНаличии');
}

/** Контроль остатков: runs after the document's old records are gone. */
function refuseTooMuch({ store, row }: Writing): void {
	for (const line of part(row, 'Товары')) {
		const order = orderOf(row, line);
		const code = text(line, 'КодСтроки');
		const wanted = amount(line['Количество']);
		if (order !== '' && code !== '' && code !== '0') {
			const open = openQuantity(store, order, code);
			if (wanted.gt(open)) {
				const document = store.get(ORDER, order);
				throw refusal(`Товар "${named(store, text(line, 'Номенклатура_Key'))}": превышено количество по заказу клиента ${text(document, 'Number')} на ${wanted.minus(open).toString()}`);
			}
		}
		if (setting(store, 'stockControl') === 'no' || !isGoods(store, line)) continue;
		const warehouse = isEmpty(line['Склад_Key']) ? text(row, 'Склад_Key') : text(line, 'Склад_Key');
		const lacking = wanted.minus(stockOf(store, text(line, 'Номенклатура_Key'), warehouse));
		if (lacking.gt(0)) {
			throw refusal(`Товар "${named(store, text(line, 'Номенклатура_Key'))}" на складе "${text(store.get('Catalog_Склады', warehouse), 'Description')}": не хватает ${lacking.toString()}`);
		}
	}
}

function record(writing: Writing): void {
	const { store, set, row } = writing;
	refuseTooMuch(writing);
	amountsInCurrencies(writing);
	const recorder = recorderOf(set, row);
	const lines = part(row, 'Товары');
	const warehouse = (line: Row): string => (isEmpty(line['Склад_Key']) ? text(row, 'Склад_Key') : text(line, 'Склад_Key'));
	const item = (line: Row): Row => ({ Номенклатура_Key: line['Номенклатура_Key'] ?? ZERO_GUID, Характеристика_Key: line['Характеристика_Key'] ?? ZERO_GUID });
	const ordered = lines.filter((line) => orderOf(row, line) !== '');
	store.setRecords(
		'AccumulationRegister_ЗаказыКлиентов',
		recorder,
		ordered.map((line) => ({
			RecordType: 'Expense',
			ЗаказКлиента: orderOf(row, line),
			ЗаказКлиента_Type: ORDER_TYPE,
			...item(line),
			КодСтроки: line['КодСтроки'] ?? '0',
			Склад_Key: warehouse(line),
			Заказано: line['Количество'] ?? 0,
			КОформлению: Math.min(Number(line['Количество'] ?? 0), released(store, orderOf(row, line), text(line, 'КодСтроки'))),
			Сумма: line['СуммаСНДС'] ?? 0,
		})),
	);
	const goods = lines.filter((line) => isGoods(store, line));
	store.setRecords('AccumulationRegister_ТоварыНаСкладах', recorder, goods.map((line) => ({ RecordType: 'Expense', ...item(line), Склад_Key: warehouse(line), ВНаличии: line['Количество'] ?? 0 })));
	recordStock(writing, goods, item);
	recordReserves(writing, ordered);
	recordSales(writing, lines);
	const settlements = new Map<string, Big>();
	for (const line of lines) settlements.set(orderOf(row, line), (settlements.get(orderOf(row, line)) ?? new Big(0)).plus(amount(line['СуммаСНДС'])));
	store.setRecords(
		'AccumulationRegister_РасчетыСКлиентами',
		recorder,
		[...settlements].flatMap(([order, sum]) => {
			const by: Row = {
				ЗаказКлиента: order === '' ? text(row, 'Ref_Key') : order,
				ЗаказКлиента_Type: order === '' ? SHIPMENT_TYPE : ORDER_TYPE,
				Валюта_Key: row['Валюта_Key'] ?? ZERO_GUID,
				ОбъектРасчетов_Key: store.get(ORDER, order)?.['ОбъектРасчетов_Key'] ?? row['ОбъектРасчетовУпр_Key'] ?? ZERO_GUID,
			};
			const debt: Row = { RecordType: 'Receipt', ...by, Сумма: money(sum) };
			return order === '' ? [debt] : [debt, { RecordType: 'Expense', ...by, КОтгрузке: money(sum) }];
		}),
	);
}

/** Takes back what the order had reserved or released for the goods that leave now. */
function recordReserves({ store, set, row }: Writing, lines: Row[]): void {
	const register = 'AccumulationRegister_ТоварыКОтгрузке';
	const used: Row[] = [];
	for (const line of lines) {
		const order = orderOf(row, line);
		const mine = (r: Row): boolean => r['ДокументОтгрузки'] === order && r['Номенклатура_Key'] === line['Номенклатура_Key'];
		const open = (resource: string): number => balance([...store.rows(`${register}_RecordType`), ...used].filter(mine), resource).toNumber();
		const take = (resource: string): number => Math.min(Number(line['Количество'] ?? 0), open(resource));
		const [КОтгрузке, ВРезерве] = [take('КОтгрузке'), take('ВРезерве')];
		if (КОтгрузке === 0 && ВРезерве === 0) continue;
		used.push({
			RecordType: 'Expense',
			ДокументОтгрузки: order,
			ДокументОтгрузки_Type: ORDER_TYPE,
			Номенклатура_Key: line['Номенклатура_Key'] ?? ZERO_GUID,
			Характеристика_Key: line['Характеристика_Key'] ?? ZERO_GUID,
			Склад_Key: isEmpty(line['Склад_Key']) ? (row['Склад_Key'] ?? ZERO_GUID) : (line['Склад_Key'] ?? ZERO_GUID),
			Получатель: text(row, 'Партнер_Key'),
			Получатель_Type: 'StandardODATA.Catalog_Партнеры',
			КОтгрузке,
			ВРезерве,
		});
	}
	store.setRecords(register, recorderOf(set, row), used);
}

function recordStock({ store, set, row }: Writing, goods: Row[], item: (line: Row) => Row): void {
	const recorder = recorderOf(set, row);
	const operation = { ХозяйственнаяОперация: 'РеализацияКлиенту' };
	store.setRecords(
		'AccumulationRegister_ТоварыОрганизаций',
		recorder,
		goods.map((line) => ({ RecordType: 'Expense', Организация_Key: row['Организация_Key'] ?? ZERO_GUID, Количество: line['Количество'] ?? 0, ...operation, НалогообложениеНДС: text(row, 'НалогообложениеНДС'), ...item(line) })),
	);
	store.setRecords(
		'AccumulationRegister_СебестоимостьТоваров',
		recorder,
		goods.map((line) => ({ RecordType: 'Expense', РазделУчета: 'ТоварыНаСкладах', Организация_Key: row['Организация_Key'] ?? ZERO_GUID, Количество: line['Количество'] ?? 0, ...operation, ТипЗаписи: 'Потребление' })),
	);
}

/** Turnover register: revenue in the document's currency and in the base's. */
function recordSales({ store, set, row }: Writing, lines: Row[]): void {
	const rate = rateAt(store, text(row, 'Валюта_Key'), text(row, 'Date'));
	store.setRecords(
		'AccumulationRegister_ВыручкаИСебестоимостьПродаж',
		recorderOf(set, row),
		lines.map((line) => {
			const whole = amount(line['СуммаСНДС']);
			const net = whole.minus(amount(line['СуммаНДС']));
			const order = orderOf(row, line);
			return {
				...(order === '' ? {} : { ЗаказКлиента: order, ЗаказКлиента_Type: ORDER_TYPE }),
				ТипЗапасов: 'Товар',
				РазделУчета: 'ТоварыНаСкладах',
				Соглашение_Key: row['Соглашение_Key'] ?? ZERO_GUID,
				ХозяйственнаяОперация: 'РеализацияКлиенту',
				Количество: line['Количество'] ?? 0,
				СуммаВыручки: money(whole.times(rate)),
				СуммаВыручкиБезНДС: money(net.times(rate)),
				СуммаВыручкиРегл: money(net.times(rate)),
				СуммаВыручкиСНДСРегл: money(whole.times(rate)),
				НалогообложениеНДС: text(row, 'НалогообложениеНДС'),
				ВалютаДокумента_Key: row['Валюта_Key'] ?? ZERO_GUID,
				ВалютаВзаиморасчетов_Key: row['Валюта_Key'] ?? ZERO_GUID,
				СуммаВВалютеДокумента: money(whole),
				СуммаБезНДСВВалютеДокумента: money(net),
				ДокументДвижения: text(row, 'Ref_Key'),
				ДокументДвижения_Type: SHIPMENT_TYPE,
				РасчетСебестоимости: true,
			};
		}),
	);
}

export const shipments: Handlers = {
	defaults: () => ({ Статус: 'Отгружено', ХозяйственнаяОперация: 'РеализацияКлиенту', НалогообложениеНДС: 'ПродажаОблагаетсяНДС', ВариантОформленияПродажи: 'РеализацияТоваровУслуг' }),
	number: (store, row) => documentNumber(store, SHIPMENT, row, '00'),
	beforeWrite: recalculate,
	checkFilling: ({ row }) => missing(row, NEEDED),
	posting: record,
};
