// Owns the records that a БП base has before anybody works with it: company, chart of accounts, currencies, units, the exchange's node.
// Must not know: the demo's goods and customers.
import { OWN_NODE } from './plans';
import { waitingProcess } from './posting.tasks';
import { CONTACT_KINDS, COUNTRIES, CURRENCIES } from './seed.classifiers';
import type { Store } from './store';
import { type Row, guidFrom } from './values';

/** `Ref_Key` of a record by its name here; the same in every base. */
export const key = (name: string): string => guidFrom(`bp ${name}`);
/** `Ref_Key` of an account by its code. */
export const account = (code: string): string => key(`account ${code}`);

function put(store: Store, set: string, name: string, fields: Row): void {
	store.put(set, { Ref_Key: key(name), Predefined: false, PredefinedDataName: '', ...fields });
}

/** Code, name, type, analytics: what the demo's documents need of the chart. */
const ACCOUNTS: ReadonlyArray<readonly [code: string, name: string, type: string, analytics: readonly string[]]> = [
	['000', 'Вспомогательный счет', 'ActivePassive', []],
	['41.01', 'Товары на складах', 'Active', ['Номенклатура', 'Склады']],
	['51', 'Расчетные счета', 'Active', ['БанковскиеСчета', 'СтатьиДвиженияДенежныхСредств']],
	['52', 'Валютные счета', 'Active', ['БанковскиеСчета', 'СтатьиДвиженияДенежныхСредств']],
	['62.01', 'Расчеты с покупателями и заказчиками', 'ActivePassive', ['Контрагенты', 'Договоры', 'ДокументыРасчетовСКонтрагентами']],
	['62.02', 'Расчеты по авансам полученным', 'Passive', ['Контрагенты', 'Договоры', 'ДокументыРасчетовСКонтрагентами']],
	['62.21', 'Расчеты с покупателями и заказчиками (в валюте)', 'ActivePassive', ['Контрагенты', 'Договоры', 'ДокументыРасчетовСКонтрагентами']],
	['62.22', 'Расчеты по авансам полученным (в валюте)', 'Passive', ['Контрагенты', 'Договоры', 'ДокументыРасчетовСКонтрагентами']],
	['68.02', 'Налог на добавленную стоимость', 'ActivePassive', ['ВидыПлатежейВГосБюджет']],
	['76.Н', 'Расчеты по НДС, отложенному для уплаты в бюджет', 'ActivePassive', ['Контрагенты']],
	['90.01.1', 'Выручка по деятельности с основной системой налогообложения', 'Passive', ['НоменклатурныеГруппы', 'СтавкиНДС']],
	['90.02.1', 'Себестоимость продаж по деятельности с основной системой налогообложения', 'Active', ['НоменклатурныеГруппы']],
	['90.03', 'Налог на добавленную стоимость', 'Active', ['НоменклатурныеГруппы', 'СтавкиНДС']],
];

export function installBp(store: Store): void {
	for (const { code, name, full } of CURRENCIES) put(store, 'Catalog_Валюты', name, { Code: code, Description: name, НаименованиеПолное: full, СпособУстановкиКурса: 'РучнойВвод' });
	for (const { name, rate } of CURRENCIES) store.put('InformationRegister_КурсыВалют', { Period: '2026-01-01T00:00:00', Валюта_Key: key(name), Курс: rate, Кратность: '1' });
	for (const { code, name, full, alpha2, alpha3 } of COUNTRIES) put(store, 'Catalog_СтраныМира', code, { Code: code, Description: name, НаименованиеПолное: full, КодАльфа2: alpha2, КодАльфа3: alpha3 });
	for (const { name, title, type } of CONTACT_KINDS) put(store, 'Catalog_ВидыКонтактнойИнформации', name, { Description: title, Тип: type, Используется: true, Predefined: true, PredefinedDataName: name });
	chart(store);
	company(store);
	waitingProcess(store, key('process'));
	goods(store);
	store.put('ExchangePlan_ДляODATA', { Ref_Key: key('own node'), Code: OWN_NODE, Description: 'Эта база', SentNo: '0', ReceivedNo: '0', ThisNode: true });
	store.put('ExchangePlan_ДляODATA', { Ref_Key: key('node'), Code: 'N8N', Description: 'n8n', SentNo: '0', ReceivedNo: '0', ThisNode: false });
}

function chart(store: Store): void {
	const kinds = [...new Set(ACCOUNTS.flatMap(([, , , analytics]) => analytics))];
	for (const name of kinds) put(store, 'ChartOfCharacteristicTypes_ВидыСубконтоХозрасчетные', `analytics ${name}`, { Description: name, Code: '', Predefined: true, PredefinedDataName: name });
	for (const [code, name, type, analytics] of ACCOUNTS) {
		put(store, 'ChartOfAccounts_Хозрасчетный', `account ${code}`, {
			Code: code,
			Description: name,
			Order: code,
			Type: type,
			Predefined: true,
			Валютный: /^(52|62\.2)/.test(code),
			Количественный: code.startsWith('41'),
			ExtDimensionTypes: analytics.map((kind, i) => ({ LineNumber: String(i + 1), ExtDimensionType_Key: key(`analytics ${kind}`), Predefined: true, Суммовой: true })),
		});
	}
}

function company(store: Store): void {
	put(store, 'Catalog_Организации', 'company', {
		Code: '00-000001',
		Description: 'Торговый дом "Северный" ООО',
		НаименованиеПолное: 'Общество с ограниченной ответственностью "Торговый дом "Северный"',
		НаименованиеСокращенное: 'ООО "ТД "Северный"',
		ИНН: '7700000016',
		КПП: '770001001',
		ЮридическоеФизическоеЛицо: 'ЮридическоеЛицо',
		ОсновнойБанковскийСчет_Key: key('account EUR'),
	});
	put(store, 'Catalog_Банки', 'bank', { Code: '044500001', Description: 'БАНК ПРИМЕР', КоррСчет: '30101810000000000001', Город: 'г. Москва', Страна_Key: key('643') });
	const bankAccount = (currency: string, number: string): void =>
		put(store, 'Catalog_БанковскиеСчета', `account ${currency}`, { Owner: key('company'), Owner_Type: 'StandardODATA.Catalog_Организации', Code: `00-00000${currency === 'EUR' ? 1 : 2}`, Description: `${number}, БАНК ПРИМЕР`, НомерСчета: number, Банк_Key: key('bank'), Валютный: currency !== 'RUB', ВалютаДенежныхСредств_Key: key(currency), ВидСчета: 'Расчетный' });
	bankAccount('EUR', '40702978000000000001');
	bankAccount('RUB', '40702810000000000001');
	put(store, 'Catalog_Склады', 'warehouses', { Code: '00-000001', Description: 'Склады', IsFolder: true });
	put(store, 'Catalog_Склады', 'warehouse', { Code: '00-000002', Description: 'Основной склад', Parent_Key: key('warehouses'), ТипСклада: 'ОптовыйСклад' });
	store.put('Constant_НаименованиеСистемы', { Value: 'Бухгалтерия предприятия, ред. 3.0' });
	store.put('Constant_ВалютаРегламентированногоУчета', { Value_Key: key('RUB') });
}

function goods(store: Store): void {
	const unit = (name: string, code: string, full: string, symbol: string): void => put(store, 'Catalog_КлассификаторЕдиницИзмерения', `unit ${name}`, { Code: code, Description: name, НаименованиеПолное: full, МеждународноеСокращение: symbol });
	unit('шт', '796', 'Штука', 'PCE');
	unit('ч', '356', 'Час', 'HUR');
	put(store, 'Catalog_ВидыНоменклатуры', 'kind goods', { Description: 'Товары', Услуга: false });
	put(store, 'Catalog_ВидыНоменклатуры', 'kind services', { Description: 'Услуги', Услуга: true });
	put(store, 'Catalog_НоменклатурныеГруппы', 'group', { Code: '00-000001', Description: 'Основная номенклатурная группа' });
	put(store, 'Catalog_ТипыЦенНоменклатуры', 'price EUR', { Code: '00-000001', Description: 'Отпускная (EUR)', ВалютаЦены_Key: key('EUR'), ЦенаВключаетНДС: false });
	put(store, 'Catalog_СтатьиДвиженияДенежныхСредств', 'from customers', { Code: '00-000001', Description: 'Оплата от покупателей', ВидДвижения: 'ОплатаПокупателей' });
}
