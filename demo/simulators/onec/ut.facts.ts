// Owns what УТ's metadata does not say: lengths of strings, and how objects are called for people. General knowledge, no capture.
// Must not know: records, requests.
import type { Facet } from './edmx.model';

export const FACETS: Readonly<Record<string, Facet>> = {
	'*.Number': { length: 11 },
	'*.ИНН': { length: 12 },
	'*.КПП': { length: 9 },
	'*.НалоговыйНомер': { length: 50 },
	'*.Description': { length: 100 },
	'*.Комментарий': { unlimited: true },
	'*.ДополнительнаяИнформация': { unlimited: true },
	'*.Описание': { unlimited: true },
	'*.ЗначенияПолей': { unlimited: true },
	'*.ТекстоваяСтрока': { unlimited: true },
	'*.АдресДоставки': { length: 500 },
	'*.Представление': { length: 500 },
	'*.АдресЭП': { length: 100 },
	'*.НомерТелефона': { length: 20 },
	'*.НомерТелефонаБезКодов': { length: 20 },
	'*.Артикул': { length: 25 },
	'*.НомерПоДаннымКлиента': { length: 30 },
	'*.Содержание': { length: 1000 },
	'*.Префикс': { length: 4, fixed: true },
	'Catalog_Номенклатура.НаименованиеПолное': { length: 1024 },
	'Catalog_Валюты.Code': { length: 3, fixed: true },
	'Catalog_Номенклатура.Code': { length: 11 },
	'Catalog_Партнеры.Code': { length: 11 },
};

export const SYNONYMS: Readonly<Record<string, string>> = {
	Document_ЗаказКлиента: 'Заказ клиента',
	Document_РеализацияТоваровУслуг: 'Реализация товаров и услуг',
	Document_ПоступлениеБезналичныхДенежныхСредств: 'Поступление безналичных ДС',
	Document_СчетФактураВыданный: 'Счет-фактура выданный',
	Document_УстановкаЦенНоменклатуры: 'Установка цен номенклатуры',
	Document_ОприходованиеИзлишковТоваров: 'Оприходование излишков товаров',
};
