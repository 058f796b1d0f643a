// Owns what the known configurations have alike, as data: parts of 1C's own library (БСП). No code.

export const contactInfo = {
	kindSet: 'Catalog_ВидыКонтактнойИнформации',
	kindName: 'Description',
	kindIds: ['PredefinedDataName', 'ИмяПредопределенногоВида', 'ИдентификаторДляФормул'],
	kindType: 'Тип',
	type: 'Тип',
	kind: 'Вид_Key',
	listKind: 'ВидДляСписка_Key',
	text: 'Представление',
	email: 'АдресЭП',
	emailDomain: 'ДоменноеИмяСервера',
	phone: 'НомерТелефона',
	phoneDigits: 'НомерТелефонаБезКодов',
	country: 'Страна',
	region: 'Регион',
	city: 'Город',
	value: 'Значение',
	xml: 'ЗначенияПолей',
	types: { address: 'Адрес', phone: 'Телефон', email: 'АдресЭлектроннойПочты', site: 'ВебСтраница' },
	kinds: {
		legalAddress: ['ЮрАдресКонтрагента'],
		actualAddress: ['ФактАдресКонтрагента'],
		phone: ['ТелефонКонтрагента', 'ТелефонКонтрагенты'],
		email: ['EmailКонтрагента', 'EmailКонтрагенты'],
		site: ['СайтКонтрагента', 'САЙТКонтрагента'],
		contactPhone: ['ТелефонКонтактногоЛица', 'РабочийТелефонКонтактногоЛица', 'ТелефонРабочийКонтактногоЛица'],
		contactMobile: ['МобильныйТелефонКонтактногоЛица', 'ТелефонМобильныйКонтактногоЛица'],
		contactEmail: ['EmailКонтактногоЛица', 'АдресЭлектроннойПочтыКонтактногоЛица'],
	},
};

export const vat = {
	members: { '0': 'НДС0', '5': 'НДС5', '7': 'НДС7', '10': 'НДС10', '18': 'НДС18', '20': 'НДС20', '22': 'НДС22', none: 'БезНДС' },
	withoutNames: ['Без НДС', 'БезНДС', 'Не облагается', 'Without VAT'],
};

export const currency = { set: 'Catalog_Валюты', alpha: 'Description', numeric: 'Code', name: 'НаименованиеПолное' };
export const organization = { set: 'Catalog_Организации', name: 'Description', inn: 'ИНН' };
export const precision = { price: 2, quantity: 3, percent: 2, amount: 2 };
