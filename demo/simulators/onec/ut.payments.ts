// Owns the incoming bank payment of УТ, and the documents that bring prices and stock into the base.
// Must not know: requests, orders' own rules.
import { type Needed, documentNumber, missing } from './posting';
import { money, total } from './posting.sums';
import type { Handlers, Writing } from './store.configuration';
import { ZERO_GUID, part, text } from './values';
import { ORDER, ORDER_TYPE } from './ut.orders';
import { recorderOf } from './ut.records';

export const PAYMENT = 'Document_ПоступлениеБезналичныхДенежныхСредств';
export const PRICING = 'Document_УстановкаЦенНоменклатуры';
export const SURPLUS = 'Document_ОприходованиеИзлишковТоваров';

const PAYMENT_NEEDED: Needed = {
	header: { Организация_Key: 'Организация', БанковскийСчет_Key: 'Банковский счет', Контрагент_Key: 'Плательщик', Валюта_Key: 'Валюта', СуммаДокумента: 'Сумма' },
	part: 'РасшифровкаПлатежа',
	columns: { Сумма: 'Сумма' },
};

function checkPayment({ row }: Writing): string[] {
	const texts = missing(row, PAYMENT_NEEDED);
	const rows = total(part(row, 'РасшифровкаПлатежа'), 'Сумма');
	if (texts.length === 0 && money(rows) !== row['СуммаДокумента']) texts.push(`Сумма документа (${String(row['СуммаДокумента'])}) не равна сумме расшифровки платежа (${money(rows)})`);
	return texts;
}

function recordPayment({ store, set, row }: Writing): void {
	const rows = part(row, 'РасшифровкаПлатежа').filter((line) => text(line, 'Заказ_Type') === ORDER_TYPE);
	store.setRecords(
		'AccumulationRegister_РасчетыСКлиентами',
		recorderOf(set, row),
		rows.map((line) => ({
			RecordType: 'Expense',
			ЗаказКлиента: text(line, 'Заказ'),
			ЗаказКлиента_Type: ORDER_TYPE,
			Валюта_Key: row['Валюта_Key'] ?? ZERO_GUID,
			ОбъектРасчетов_Key: store.get(ORDER, text(line, 'Заказ'))?.['ОбъектРасчетов_Key'] ?? ZERO_GUID,
			Сумма: line['Сумма'] ?? 0,
			КОплате: line['Сумма'] ?? 0,
		})),
	);
}

export const payments: Handlers = {
	defaults: () => ({ ХозяйственнаяОперация: 'ПоступлениеОплатыОтКлиента' }),
	number: (store, row) => documentNumber(store, PAYMENT, row, 'ЦБ'),
	checkFilling: checkPayment,
	posting: recordPayment,
};

export const pricing: Handlers = {
	number: (store, row) => documentNumber(store, PRICING, row, 'ЦБ'),
	checkFilling: ({ row }) => missing(row, { header: {}, part: 'Товары', columns: { Номенклатура_Key: 'Номенклатура', ВидЦены_Key: 'Вид цены' } }),
	posting: ({ store, set, row }) =>
		store.setRecords(
			'InformationRegister_ЦеныНоменклатуры25',
			recorderOf(set, row),
			part(row, 'Товары').map((line) => ({
				Номенклатура_Key: line['Номенклатура_Key'] ?? ZERO_GUID,
				Характеристика_Key: line['Характеристика_Key'] ?? ZERO_GUID,
				ВидЦены_Key: line['ВидЦены_Key'] ?? ZERO_GUID,
				Упаковка_Key: line['Упаковка_Key'] ?? ZERO_GUID,
				Цена: line['Цена'] ?? 0,
				Валюта_Key: store.get('Catalog_ВидыЦен', text(line, 'ВидЦены_Key'))?.['ВалютаЦены_Key'] ?? ZERO_GUID,
			})),
		),
};

export const surplus: Handlers = {
	number: (store, row) => documentNumber(store, SURPLUS, row, 'ЦБ'),
	checkFilling: ({ row }) => missing(row, { header: { Организация_Key: 'Организация', Склад_Key: 'Склад' }, part: 'Товары', columns: { Номенклатура_Key: 'Номенклатура', Количество: 'Количество' } }),
	posting: ({ store, set, row }) => {
		const lines = part(row, 'Товары');
		const item = { Характеристика_Key: ZERO_GUID };
		store.setRecords(
			'AccumulationRegister_ТоварыНаСкладах',
			recorderOf(set, row),
			lines.map((line) => ({ RecordType: 'Receipt', ...item, Номенклатура_Key: line['Номенклатура_Key'] ?? ZERO_GUID, Склад_Key: row['Склад_Key'] ?? ZERO_GUID, ВНаличии: line['Количество'] ?? 0 })),
		);
		store.setRecords(
			'AccumulationRegister_ТоварыОрганизаций',
			recorderOf(set, row),
			lines.map((line) => ({ RecordType: 'Receipt', ...item, Номенклатура_Key: line['Номенклатура_Key'] ?? ZERO_GUID, Организация_Key: row['Организация_Key'] ?? ZERO_GUID, Количество: line['Количество'] ?? 0, ХозяйственнаяОперация: 'ОприходованиеИзлишков' })),
		);
	},
};
