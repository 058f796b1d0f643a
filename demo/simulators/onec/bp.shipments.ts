// Owns the shipment of БП (реализация) and the postings it makes.
// Must not know: requests, invoices' own rules.
import Big from 'big.js';
import { account } from './bp.initial';
import { documentTotal, wrongContract } from './bp.invoices';
import { type Needed, documentNumber, isEmpty, missing, setting } from './posting';
import { refusal } from './errors';
import { amount, money } from './posting.sums';
import { type Analytics, type Posting, recordsWithAnalytics, setPostings } from './registers.ledger';
import type { Store } from './store';
import type { Handlers, Writing } from './store.configuration';
import { type Row, ZERO_GUID, part, text } from './values';

export const SHIPMENT = 'Document_РеализацияТоваровУслуг';
const SHIPMENT_TYPE = 'StandardODATA.Document_РеализацияТоваровУслуг';
export const LEDGER = 'AccountingRegister_Хозрасчетный';
const PARTS = ['Товары', 'Услуги'] as const;

const HEADER: Needed['header'] = {
	Организация_Key: 'Организация',
	Контрагент_Key: 'Контрагент',
	ДоговорКонтрагента_Key: 'Договор',
	ВалютаДокумента_Key: 'Валюта',
	СчетУчетаРасчетовСКонтрагентом_Key: 'Счет учета расчетов с контрагентом',
};
const SALES = { Номенклатура_Key: 'Номенклатура', Количество: 'Количество', СтавкаНДС: '% НДС', СчетДоходов_Key: 'Счет доходов', СчетРасходов_Key: 'Счет расходов' };

/** The form fills in accounts; a document that came over OData without them is refused here. */
function check({ store, row }: Writing): string[] {
	const goods = part(row, 'Товары');
	const services = part(row, 'Услуги');
	return [
		...missing(row, { header: { ...HEADER, ...(goods.length > 0 ? { Склад_Key: 'Склад' } : {}) }, part: 'Товары', columns: { ...SALES, СчетУчета_Key: 'Счет учета' }, mayBeEmpty: services.length > 0 }),
		...missing(row, { header: {}, part: 'Услуги', columns: { ...SALES, Содержание: 'Содержание' }, mayBeEmpty: true }),
		...goods.concat(services).flatMap((line, i) => (amount(line['СуммаНДС']).gt(0) && isEmpty(line['СчетУчетаНДСПоРеализации_Key']) ? [`Не заполнена колонка "Счет учета НДС" в строке ${i + 1}`] : [])),
		...wrongContract(store, row, text(row, 'Контрагент_Key')),
	];
}

/** Quantity and cost in roubles of an item on an account of goods, at a warehouse. */
export function stockOf(store: Store, item: string, warehouse: string): { quantity: Big; cost: Big } {
	let quantity = new Big(0);
	let cost = new Big(0);
	for (const record of recordsWithAnalytics(store, LEDGER)) {
		for (const [side, sign] of [['Dr', 1], ['Cr', -1]] as const) {
			if (record[`Account${side}_Key`] !== account('41.01') || record[`ExtDimension${side}1`] !== item || record[`ExtDimension${side}2`] !== warehouse) continue;
			quantity = quantity.plus(amount(record[`Количество${side}`]).times(sign));
			cost = cost.plus(amount(record['Сумма']).times(sign));
		}
	}
	return { quantity, cost };
}

interface Line {
	line: Row;
	goods: boolean;
}

function postings({ store, row }: Writing): Posting[] {
	const lines: Line[] = PARTS.flatMap((name) => part(row, name).map((line) => ({ line, goods: name === 'Товары' })));
	return lines.flatMap((one) => [...costOf(store, row, one), ...revenueOf(row, one.line)]);
}

const organization = (row: Row): Row => ({ Организация_Key: row['Организация_Key'] ?? ZERO_GUID });
const groupOf = (line: Row): Analytics => [[text(line, 'Субконто'), text(line, 'Субконто_Type')]];

function costOf(store: Store, row: Row, { line, goods }: Line): Posting[] {
	if (!goods) return [];
	const item = text(line, 'Номенклатура_Key');
	const { quantity, cost } = stockOf(store, item, text(row, 'Склад_Key'));
	const wanted = amount(line['Количество']);
	if (setting(store, 'stockControl') === 'yes' && wanted.gt(quantity)) {
		throw refusal(`Товар "${text(store.get('Catalog_Номенклатура', item), 'Description')}": не хватает ${wanted.minus(quantity).toString()} на складе "${text(store.get('Catalog_Склады', text(row, 'Склад_Key')), 'Description')}"`);
	}
	const sum = quantity.gt(0) ? money(cost.times(wanted).div(quantity)) : 0;
	const by: Analytics = [[item, 'StandardODATA.Catalog_Номенклатура'], [text(row, 'Склад_Key'), 'StandardODATA.Catalog_Склады']];
	return [{ debit: text(line, 'СчетРасходов_Key'), credit: text(line, 'СчетУчета_Key'), debitBy: groupOf(line), creditBy: by, fields: { ...organization(row), Сумма: sum, КоличествоCr: wanted.toNumber(), Содержание: 'Реализация товаров' } }];
}

function revenueOf(row: Row, line: Row): Posting[] {
	const rate = amount(row['КурсВзаиморасчетов']).div(amount(row['КратностьВзаиморасчетов']).eq(0) ? 1 : amount(row['КратностьВзаиморасчетов']));
	const vat = amount(line['СуммаНДС']);
	const whole = row['СуммаВключаетНДС'] === true ? amount(line['Сумма']) : amount(line['Сумма']).plus(vat);
	const customer: Analytics = [
		[text(row, 'Контрагент_Key'), 'StandardODATA.Catalog_Контрагенты'],
		[text(row, 'ДоговорКонтрагента_Key'), 'StandardODATA.Catalog_ДоговорыКонтрагентов'],
		[text(row, 'Ref_Key'), SHIPMENT_TYPE],
	];
	// An enum member as analytics: its name, and the enum's own name as type.
	const sales: Analytics = [...groupOf(line), [text(line, 'СтавкаНДС'), 'StandardODATA.СтавкиНДС']];
	const revenue: Posting = {
		debit: text(row, 'СчетУчетаРасчетовСКонтрагентом_Key'),
		credit: text(line, 'СчетДоходов_Key'),
		debitBy: customer,
		creditBy: sales,
		fields: { ...organization(row), Сумма: money(whole.times(rate)), ВалютаDr_Key: row['ВалютаДокумента_Key'] ?? ZERO_GUID, ВалютнаяСуммаDr: money(whole), Содержание: 'Реализация' },
	};
	if (vat.lte(0)) return [revenue];
	return [revenue, { debit: text(line, 'СчетУчетаНДСПоРеализации_Key'), credit: account('68.02'), debitBy: sales, creditBy: [['Налог', 'StandardODATA.ВидыПлатежейВГосБюджет']], fields: { ...organization(row), Сумма: money(vat.times(rate)), Содержание: 'НДС по реализации' } }];
}

export const shipments: Handlers = {
	defaults: () => ({ ВидОперации: 'ПродажаКомиссия', КурсВзаиморасчетов: 1, КратностьВзаиморасчетов: '1', СпособЗачетаАвансов: 'Автоматически' }),
	number: (store, row) => documentNumber(store, SHIPMENT, row, '00'),
	beforeWrite: ({ row }) => {
		row['СуммаДокумента'] = documentTotal(row, PARTS);
	},
	checkFilling: check,
	posting: (writing) => setPostings(writing.store, LEDGER, { set: SHIPMENT, ref: text(writing.row, 'Ref_Key'), period: text(writing.row, 'Date') }, postings(writing)),
};
