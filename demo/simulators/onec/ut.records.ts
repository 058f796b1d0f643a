// Owns what the documents of УТ record alike: who records, the amounts per row in the currencies of accounting, what an order leaves open.
// Must not know: single documents.
import Big from 'big.js';
import { amount, money } from './posting.sums';
import { rateAt } from './registers.rates';
import type { Recorder, Store } from './store';
import type { Writing } from './store.configuration';
import { type Row, ZERO_GUID, part, text } from './values';

export const recorderOf = (set: string, row: Row): Recorder => ({ set, ref: text(row, 'Ref_Key'), period: text(row, 'Date') });

const LEDGER = 'InformationRegister_СуммыДокументовВВалютахУчета';

/** One record per row of goods, by the row's identity, as in the captured packets. */
export function amountsInCurrencies({ store, set, row }: Writing): void {
	const currency = text(row, 'Валюта_Key');
	const rate = rateAt(store, currency, text(row, 'Date'));
	store.setRecords(
		LEDGER,
		recorderOf(set, row),
		part(row, 'Товары')
			.filter((line) => line['Отменено'] !== true)
			.map((line) => {
				const vat = amount(line['СуммаНДС']);
				const net = amount(line['СуммаСНДС']).minus(vat);
				return {
					ИдентификаторСтроки: text(line, 'ИдентификаторСтроки'),
					СуммаБезНДС: money(net),
					СуммаНДС: money(vat),
					СуммаБезНДСРегл: money(net.times(rate)),
					БазаНДСРегл: money(net.times(rate)),
					СуммаНДСРегл: money(vat.times(rate)),
					СуммаВзаиморасчетов: money(net.plus(vat)),
					СуммаПриведенная: money(net.plus(vat)),
					СуммаПриведеннаяРегл: money(net.times(rate)),
					Валюта_Key: currency,
					ВалютаВзаиморасчетов_Key: currency,
					СтавкаНДС_Key: line['СтавкаНДС_Key'] ?? ZERO_GUID,
					ПериодБазыНДС: `${text(row, 'Date').slice(0, 10)}T00:00:00`,
					ОтражаетсяВРасчетах: true,
					ОбъектРасчетов_Key: row['ОбъектРасчетов_Key'] ?? ZERO_GUID,
					ПересчитыватьПоДаннымРасчетов: true,
					ТипРасчетов: 'РасчетыСКлиентом',
				};
			}),
	);
}

/** Balance of one resource now. */
export function balance(records: Row[], resource: string): Big {
	return records.reduce((sum, r) => (r['RecordType'] === 'Receipt' ? sum.plus(amount(r[resource])) : sum.minus(amount(r[resource]))), new Big(0));
}

/** Records of an order, or of one of its rows. */
export const orderRecords = (store: Store, order: string, code?: string): Row[] =>
	store.rows('AccumulationRegister_ЗаказыКлиентов_RecordType').filter((r) => r['ЗаказКлиента'] === order && (code === undefined || text(r, 'КодСтроки') === code));

/** What the movements of an order leave open: ordered less shipped, per row code. */
export const openQuantity = (store: Store, order: string, code: string): Big => balance(orderRecords(store, order, code), 'Заказано');

/** What was released for shipping and is not shipped; an order that only waits for goods released nothing. */
export const released = (store: Store, order: string, code: string): number => balance(orderRecords(store, order, code), 'КОформлению').toNumber();
