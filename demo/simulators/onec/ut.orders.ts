// Owns the customer's order of УТ: defaults, what writing recalculates, what posting checks and records.
// Must not know: requests, shipments, payments.
import Big from 'big.js';
import { refusal } from './errors';
import { type Needed, documentNumber, isEmpty, missing, setting } from './posting';
import { amount, money, total } from './posting.sums';
import type { Handlers, Writing } from './store.configuration';
import { presentation } from './store.presentation';
import { type Row, ZERO_GUID, part, text } from './values';
import { SYNONYMS } from './ut.facts';
import { amountsInCurrencies, openQuantity, orderRecords, recorderOf } from './ut.records';

export const ORDER = 'Document_ЗаказКлиента';
export const ORDER_TYPE = 'StandardODATA.Document_ЗаказКлиента';

const NEEDED: Needed = {
	header: { Организация_Key: 'Организация', Партнер_Key: 'Клиент', Контрагент_Key: 'Контрагент', Валюта_Key: 'Валюта', Склад_Key: 'Склад', Статус: 'Статус', НалогообложениеНДС: 'Налогообложение' },
	part: 'Товары',
	columns: { Номенклатура_Key: 'Номенклатура', Количество: 'Количество', СтавкаНДС_Key: 'Ставка НДС', ВариантОбеспечения: 'Действия' },
};

/** ПередЗаписью: row codes, row identities, the total of the header; amounts of the rows are left as they were sent. */
function recalculate({ store, row, now }: Writing): void {
	let last = Number(text(row, 'МаксимальныйКодСтроки') || 0);
	const lines = part(row, 'Товары').map((line): Row => {
		last = Math.max(last, Number(text(line, 'КодСтроки') || 0));
		return { ...line, ИдентификаторСтроки: text(line, 'ИдентификаторСтроки') || store.newGuid() };
	});
	row['Товары'] = lines.map((line) => (Number(text(line, 'КодСтроки') || 0) > 0 ? line : { ...line, КодСтроки: String(++last) }));
	row['МаксимальныйКодСтроки'] = String(last);
	row['СуммаДокумента'] = money(total(liveRows(row), 'СуммаСНДС'));
	if (row['Согласован'] === true && isEmpty(row['ДатаСогласования'])) row['ДатаСогласования'] = `${now.slice(0, 10)}T00:00:00`;
	if (isEmpty(row['ОбъектРасчетов_Key'])) row['ОбъектРасчетов_Key'] = store.newGuid();
}

/** Rows that were not cancelled. */
export const liveRows = (order: Row): Row[] => part(order, 'Товары').filter((line) => line['Отменено'] !== true);

function check({ store, row }: Writing): string[] {
	const texts = missing(row, NEEDED);
	if (setting(store, 'agreementRequired') === 'yes' && isEmpty(row['Соглашение_Key'])) texts.push('Поле "Соглашение" не заполнено');
	const partner = store.get('Catalog_Контрагенты', text(row, 'Контрагент_Key'));
	if (partner && !isEmpty(row['Партнер_Key']) && text(partner, 'Партнер_Key') !== text(row, 'Партнер_Key')) {
		texts.push(`Контрагент "${text(partner, 'Description')}" не принадлежит выбранному клиенту`);
	}
	return texts;
}

/** Statuses in which the order is only a draft: it can be posted, and records nothing. */
const DRAFT = new Set(['', 'НеСогласован', 'НаСогласовании']);

function record(writing: Writing): void {
	const { store, set, row } = writing;
	amountsInCurrencies(writing);
	if (DRAFT.has(text(row, 'Статус'))) return;
	const recorder = recorderOf(set, row);
	const order = { ЗаказКлиента: text(row, 'Ref_Key'), ЗаказКлиента_Type: ORDER_TYPE };
	const lines = liveRows(row);
	const warehouse = (line: Row): string => (isEmpty(line['Склад_Key']) ? text(row, 'Склад_Key') : text(line, 'Склад_Key'));
	const toShip = (line: Row): boolean => line['ВариантОбеспечения'] === 'Отгрузить';
	store.setRecords(
		'AccumulationRegister_ЗаказыКлиентов',
		recorder,
		lines.map((line) => ({
			RecordType: 'Receipt',
			...order,
			Номенклатура_Key: line['Номенклатура_Key'] ?? ZERO_GUID,
			Характеристика_Key: line['Характеристика_Key'] ?? ZERO_GUID,
			КодСтроки: line['КодСтроки'] ?? '0',
			Склад_Key: warehouse(line),
			Заказано: line['Количество'] ?? 0,
			КОформлению: toShip(line) ? (line['Количество'] ?? 0) : 0,
			Сумма: line['СуммаСНДС'] ?? 0,
		})),
	);
	const reserved = lines.filter((line) => toShip(line) || text(line, 'ВариантОбеспечения') === 'СоСклада');
	store.setRecords(
		'AccumulationRegister_ТоварыКОтгрузке',
		recorder,
		reserved.map((line) => ({
			RecordType: 'Receipt',
			ДокументОтгрузки: text(row, 'Ref_Key'),
			ДокументОтгрузки_Type: ORDER_TYPE,
			Номенклатура_Key: line['Номенклатура_Key'] ?? ZERO_GUID,
			Характеристика_Key: line['Характеристика_Key'] ?? ZERO_GUID,
			Склад_Key: warehouse(line),
			Получатель: text(row, 'Партнер_Key'),
			Получатель_Type: 'StandardODATA.Catalog_Партнеры',
			[toShip(line) ? 'КОтгрузке' : 'ВРезерве']: line['Количество'] ?? 0,
		})),
	);
	const sum = amount(row['СуммаДокумента']);
	const settlement = { ...order, Валюта_Key: row['Валюта_Key'] ?? ZERO_GUID, ОбъектРасчетов_Key: row['ОбъектРасчетов_Key'] ?? ZERO_GUID };
	store.setRecords('AccumulationRegister_РасчетыСКлиентами', recorder, sum.gt(new Big(0)) ? [{ RecordType: 'Receipt', ...settlement, КОплате: money(sum), КОтгрузке: money(sum) }] : []);
}

/** Контроль заказа: no row may hold less than was shipped of it. Runs when the order's own records are made, or gone. */
function refuseShipped({ store, row }: Writing, deed: string): void {
	const ref = text(row, 'Ref_Key');
	const shipped = new Set(orderRecords(store, ref).filter((r) => r['RecordType'] === 'Expense').map((r) => text(r, 'КодСтроки')));
	for (const code of shipped) {
		const open = openQuantity(store, ref, code);
		if (open.lt(0)) throw refusal(`${deed} "${presentation(SYNONYMS, ORDER, row)}"!\nПо строке ${code} отгружено больше, чем заказано: на ${open.times(-1).toString()}`);
	}
}

export const orders: Handlers = {
	defaults: (store) => ({
		Статус: 'НеСогласован',
		ХозяйственнаяОперация: 'РеализацияКлиенту',
		НалогообложениеНДС: 'ПродажаОблагаетсяНДС',
		СрокВозвратаМногооборотнойТары: 0,
		Приоритет_Key: text(store.find('~named', { key: 'priority' }), 'ref') || ZERO_GUID,
	}),
	number: (store, row) => documentNumber(store, ORDER, row, 'ЦБ'),
	beforeWrite: recalculate,
	checkFilling: check,
	posting: (writing) => {
		record(writing);
		refuseShipped(writing, 'Не удалось провести');
	},
	unposting: ({ store, row }) => {
		const shipped = orderRecords(store, text(row, 'Ref_Key')).find((r) => r['RecordType'] === 'Expense');
		if (shipped) throw refusal(`Не удалось отменить проведение "${presentation(SYNONYMS, ORDER, row)}"!\nПо заказу оформлена реализация`);
	},
};
