// Owns what the documents of УТ record alike: who records, the amounts per row in the currencies of accounting.
// Must not know: single documents.
import Big from 'big.js';
import { amount, money } from './posting.sums';
import type { Recorder } from './store';
import type { Store } from './store';
import type { Writing } from './store.configuration';
import { type Row, ZERO_GUID, part, text } from './values';

export const recorderOf = (set: string, row: Row): Recorder => ({ set, ref: text(row, 'Ref_Key'), period: text(row, 'Date') });

/** Rate of a currency to the base's own at a moment: the newest record up to it, else 1. */
export function rateAt(store: Store, currency: string, moment: string): Big {
	const rates = store.rows('InformationRegister_КурсыВалют').filter((r) => r['Валюта_Key'] === currency && text(r, 'Period') <= moment);
	const newest = rates.sort((a, b) => (text(a, 'Period') < text(b, 'Period') ? 1 : -1))[0];
	const multiplier = amount(newest?.['Кратность']);
	return newest ? amount(newest['Курс']).div(multiplier.eq(0) ? 1 : multiplier) : new Big(1);
}

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
