// Owns the records that an УТ base has before anybody works with it: company, currencies, VAT rates, units, kinds, the exchange's node.
// Must not know: the demo's goods and customers.
import { OWN_NODE } from './plans';
import type { Store } from './store';
import { type Row, guidFrom } from './values';
import { waitingProcess } from './posting.tasks';
import { CONTACT_KINDS, COUNTRIES, CURRENCIES } from './seed.classifiers';

/** `Ref_Key` of a record by its name here; the same in every base. */
export const key = (name: string): string => guidFrom(`ut ${name}`);

function put(store: Store, set: string, name: string, fields: Row): void {
	store.put(set, { Ref_Key: key(name), Predefined: false, PredefinedDataName: '', ...fields });
}

const VAT: Array<[string, number, string]> = [
	['20%', 20, 'НДС20'],
	['10%', 10, 'НДС10'],
	['22%', 22, 'НДС22'],
	['0%', 0, 'НДС0'],
	['Без НДС', 0, 'БезНДС'],
	['20/120', 20, 'НДС20_120'],
	['10/110', 10, 'НДС10_110'],
];

export function installUt(store: Store): void {
	for (const { code, name, full } of CURRENCIES) put(store, 'Catalog_Валюты', name, { Code: code, Description: name, НаименованиеПолное: full, СпособУстановкиКурса: 'РучнойВвод', СимвольноеПредставление: name });
	for (const { name, rate } of CURRENCIES) store.put('InformationRegister_КурсыВалют', { Period: '2026-01-01T00:00:00', Валюта_Key: key(name), Курс: rate, Кратность: '1' });
	for (const [name, rate, member] of VAT) put(store, 'Catalog_СтавкиНДС', `vat ${name}`, { Description: name, Ставка: rate, ПеречислениеСтавкаНДС: member, Страна_Key: key('643') });
	for (const { code, name, full, alpha2, alpha3 } of COUNTRIES) put(store, 'Catalog_СтраныМира', code, { Code: code, Description: name, НаименованиеПолное: full, КодАльфа2: alpha2, КодАльфа3: alpha3 });
	for (const { name, title, type } of CONTACT_KINDS) put(store, 'Catalog_ВидыКонтактнойИнформации', name, { Description: title, Тип: type, Используется: true, Predefined: true, PredefinedDataName: name });
	units(store);
	company(store);
	trade(store);
	waitingProcess(store, key('process'));
	nodes(store);
}

function units(store: Store): void {
	const unit = (name: string, code: string, full: string, symbol: string): void =>
		put(store, 'Catalog_УпаковкиЕдиницыИзмерения', `unit ${name}`, { Code: code, Description: name, НаименованиеПолное: full, ТипИзмеряемойВеличины: 'КоличествоШтук', Числитель: 1, Знаменатель: 1, МеждународноеСокращение: symbol });
	unit('шт', '796', 'Штука', 'PCE');
	unit('ч', '356', 'Час', 'HUR');
	unit('м', '006', 'Метр', 'MTR');
	put(store, 'Catalog_ВидыНоменклатуры', 'kind goods', { Description: 'Товары', ТипНоменклатуры: 'Товар', ИспользованиеХарактеристик: 'НеИспользовать', ЕдиницаИзмерения_Key: key('unit шт'), СтавкаНДС_Key: key('vat 10%') });
	put(store, 'Catalog_ВидыНоменклатуры', 'kind services', { Description: 'Услуги', ТипНоменклатуры: 'Услуга', ИспользованиеХарактеристик: 'НеИспользовать', ЕдиницаИзмерения_Key: key('unit ч'), СтавкаНДС_Key: key('vat 10%') });
}

function company(store: Store): void {
	put(store, 'Catalog_Организации', 'company', {
		Code: '000000001',
		Description: 'Торговый дом "Северный"',
		НаименованиеПолное: 'Общество с ограниченной ответственностью "Торговый дом "Северный"',
		НаименованиеСокращенное: 'ООО "ТД "Северный"',
		Префикс: 'ТД',
		ИНН: '7700000016',
		КПП: '770001001',
		ЮридическоеФизическоеЛицо: 'ЮридическоеЛицо',
		ВалютаРегламентированногоУчета_Key: key('RUB'),
	});
	put(store, 'Catalog_БанковскиеСчетаОрганизаций', 'account', { Owner_Key: key('company'), Description: '40702978000000000001 (EUR)', НомерСчета: '40702978000000000001', ВалютаДенежныхСредств_Key: key('EUR'), НаименованиеБанка: 'БАНК ПРИМЕР', БИКБанка: '044500001' });
	put(store, 'Catalog_Склады', 'warehouses', { Description: 'Склады', IsFolder: true });
	put(store, 'Catalog_Склады', 'warehouse', { Description: 'Центральный склад', Parent_Key: key('warehouses'), ТипСклада: 'ОптовыйСклад' });
	store.put('Constant_НаименованиеСистемы', { Value: 'Управление торговлей, ред. 11.5' });
	store.put('Constant_ВалютаРегламентированногоУчета', { Value_Key: key('RUB') });
	store.put('Constant_ИспользоватьНесколькоОрганизаций', { Value: false });
}

function trade(store: Store): void {
	const price = (name: string, currency: string): void =>
		put(store, 'Catalog_ВидыЦен', `price ${currency}`, { Description: name, Идентификатор: `Цена${currency}`, ВалютаЦены_Key: key(currency), ЦенаВключаетНДС: false, СпособЗаданияЦены: 'Вручную', ИспользоватьПриПродаже: true, Статус: 'Действует' });
	price('Отпускная (EUR)', 'EUR');
	price('Отпускная (RUB)', 'RUB');
	put(store, 'Catalog_СоглашенияСКлиентами', 'agreement', {
		Code: 'ЦБ-000001',
		Description: 'Типовые условия продаж',
		Номер: '1',
		Дата: '2026-01-01T00:00:00',
		Организация_Key: key('company'),
		Валюта_Key: key('EUR'),
		ВидЦен_Key: key('price EUR'),
		НалогообложениеНДС: 'ПродажаОблагаетсяНДС',
		Статус: 'Действует',
		Согласован: true,
		Типовое: true,
		ПорядокРасчетов: 'ПоЗаказам',
		ХозяйственнаяОперация: 'РеализацияКлиенту',
		ИспользуютсяДоговорыКонтрагентов: 'НеИспользуются',
	});
	store.put('~named', { key: 'priority', ref: key('priority') });
}

/** The nodes come last, so that the base's own records are not queued for the reader. */
function nodes(store: Store): void {
	store.put('ExchangePlan_ДляODATA', { Ref_Key: key('own node'), Code: OWN_NODE, Description: 'Эта база', SentNo: '0', ReceivedNo: '0' });
	store.put('ExchangePlan_ДляODATA', { Ref_Key: key('node'), Code: 'N8N', Description: 'n8n', SentNo: '0', ReceivedNo: '0' });
}
