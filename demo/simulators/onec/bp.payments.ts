// Owns the incoming bank payment of БП, prices, and entries made by hand.
// Must not know: requests, shipments.
import { account } from './bp.initial';
import { INVOICE, PAYMENT, updateState } from './bp.invoices';
import { LEDGER } from './bp.shipments';
import { type Needed, documentNumber, missing } from './posting';
import { amount, money, total } from './posting.sums';
import { type Analytics, type Posting, setPostings } from './registers.ledger';
import type { Recorder, Store } from './store';
import type { Handlers, Writing } from './store.configuration';
import { rateAt } from './registers.rates';
import { type Row, ZERO_GUID, part, text } from './values';

export const PRICING = 'Document_УстановкаЦенНоменклатуры';
export const OPERATION = 'Document_ОперацияБух';

const NEEDED: Needed = {
	header: { Организация_Key: 'Организация', СчетОрганизации_Key: 'Банковский счет', Контрагент: 'Плательщик', ВалютаДокумента_Key: 'Валюта', СуммаДокумента: 'Сумма' },
	part: 'РасшифровкаПлатежа',
	columns: { ДоговорКонтрагента_Key: 'Договор', СуммаПлатежа: 'Сумма платежа', СчетУчетаРасчетовСКонтрагентом_Key: 'Счет расчетов' },
};

const recorderOf = (set: string, row: Row): Recorder => ({ set, ref: text(row, 'Ref_Key'), period: text(row, 'Date') });

function check({ row }: Writing): string[] {
	const texts = missing(row, NEEDED);
	const rows = money(total(part(row, 'РасшифровкаПлатежа'), 'СуммаПлатежа'));
	return texts.length === 0 && rows !== row['СуммаДокумента'] ? [`Сумма документа (${String(row['СуммаДокумента'])}) не равна сумме расшифровки платежа (${rows})`] : texts;
}

function postings({ store, row }: Writing): Posting[] {
	const rate = rateAt(store, text(row, 'ВалютаДокумента_Key'), text(row, 'Date'));
	const bank: Analytics = [[text(row, 'СчетОрганизации_Key'), 'StandardODATA.Catalog_БанковскиеСчета'], [text(row, 'СтатьяДвиженияДенежныхСредств_Key'), 'StandardODATA.Catalog_СтатьиДвиженияДенежныхСредств']];
	return part(row, 'РасшифровкаПлатежа').map((line) => {
		const sum = amount(line['СуммаПлатежа']);
		const currency = row['ВалютаДокумента_Key'] ?? ZERO_GUID;
		return {
			debit: text(row, 'СчетБанк_Key') || account('51'),
			credit: text(line, 'СчетУчетаРасчетовСКонтрагентом_Key'),
			debitBy: bank,
			creditBy: [
				[text(row, 'Контрагент'), text(row, 'Контрагент_Type')],
				[text(line, 'ДоговорКонтрагента_Key'), 'StandardODATA.Catalog_ДоговорыКонтрагентов'],
				[text(row, 'Ref_Key'), `StandardODATA.${PAYMENT}`],
			],
			fields: { Организация_Key: row['Организация_Key'] ?? ZERO_GUID, Сумма: money(sum.times(rate)), ВалютаDr_Key: currency, ВалютаCr_Key: currency, ВалютнаяСуммаDr: money(sum), ВалютнаяСуммаCr: money(sum), Содержание: 'Оплата от покупателя' },
		};
	});
}

/** Every invoice that the payment names, now or before it was changed. */
function updateInvoices({ store, row, before }: Writing): void {
	const refs = new Set([row, before].flatMap((one) => part(one, 'РасшифровкаПлатежа').map((line) => text(line, 'СчетНаОплату_Key'))));
	for (const ref of refs) {
		const invoice = store.get(INVOICE, ref);
		if (invoice) updateState(store, invoice);
	}
}

export const payments: Handlers = {
	defaults: () => ({ ВидОперации: 'ОплатаПокупателя' }),
	number: (store, row) => documentNumber(store, PAYMENT, row, '00'),
	checkFilling: check,
	afterWrite: updateInvoices,
	posting: (writing) => setPostings(writing.store, LEDGER, recorderOf(PAYMENT, writing.row), postings(writing)),
};

export const pricing: Handlers = {
	number: (store, row) => documentNumber(store, PRICING, row, '00'),
	checkFilling: ({ row }) => missing(row, { header: { ТипЦен_Key: 'Тип цен' }, part: 'Товары', columns: { Номенклатура_Key: 'Номенклатура' } }),
	posting: ({ store, set, row }) =>
		store.setRecords(
			'InformationRegister_ЦеныНоменклатуры',
			recorderOf(set, row),
			part(row, 'Товары').map((line) => ({ Номенклатура_Key: line['Номенклатура_Key'] ?? ZERO_GUID, ТипЦен_Key: row['ТипЦен_Key'] ?? ZERO_GUID, Цена: line['Цена'] ?? 0, Валюта_Key: line['Валюта_Key'] ?? ZERO_GUID })),
		),
};

const BY_HAND = '~operations';

/** Postings that a person enters into an Операция by hand; they are made when it is posted. */
export const writeByHand = (store: Store, operation: string, entries: Posting[]): void => void store.put(BY_HAND, { key: operation, entries: JSON.stringify(entries) });

export const operations: Handlers = {
	number: (store, row) => documentNumber(store, OPERATION, row, '00'),
	posting: ({ store, set, row }) => {
		const kept = text(store.get(BY_HAND, text(row, 'Ref_Key')), 'entries');
		setPostings(store, LEDGER, recorderOf(set, row), kept === '' ? [] : (JSON.parse(kept) as Posting[]));
	},
};
