// Owns the classifiers that every base is delivered with: currencies, countries, kinds of contact information.
// Must not know: configurations, the store.

/** `rate` to the rouble on the first day of the demo's year. */
export const CURRENCIES: ReadonlyArray<{ code: string; name: string; full: string; rate: number }> = [
	{ code: '643', name: 'RUB', full: 'Российский рубль', rate: 1 },
	{ code: '978', name: 'EUR', full: 'Евро', rate: 96.4 },
	{ code: '840', name: 'USD', full: 'Доллар США', rate: 89.2 },
	{ code: '156', name: 'CNY', full: 'Китайский юань', rate: 12.3 },
];

const country = (code: string, alpha2: string, alpha3: string, name: string, full = name): { code: string; name: string; full: string; alpha2: string; alpha3: string } => ({ code, name, full, alpha2, alpha3 });

export const COUNTRIES = [
	country('643', 'RU', 'RUS', 'РОССИЯ', 'Российская Федерация'),
	country('112', 'BY', 'BLR', 'БЕЛАРУСЬ', 'Республика Беларусь'),
	country('398', 'KZ', 'KAZ', 'КАЗАХСТАН', 'Республика Казахстан'),
	country('051', 'AM', 'ARM', 'АРМЕНИЯ', 'Республика Армения'),
	country('276', 'DE', 'DEU', 'ГЕРМАНИЯ', 'Федеративная Республика Германия'),
	country('250', 'FR', 'FRA', 'ФРАНЦИЯ', 'Французская Республика'),
	country('380', 'IT', 'ITA', 'ИТАЛИЯ', 'Итальянская Республика'),
	country('724', 'ES', 'ESP', 'ИСПАНИЯ', 'Королевство Испания'),
	country('040', 'AT', 'AUT', 'АВСТРИЯ', 'Австрийская Республика'),
	country('756', 'CH', 'CHE', 'ШВЕЙЦАРИЯ', 'Швейцарская Конфедерация'),
	country('528', 'NL', 'NLD', 'НИДЕРЛАНДЫ', 'Королевство Нидерландов'),
	country('056', 'BE', 'BEL', 'БЕЛЬГИЯ', 'Королевство Бельгии'),
	country('616', 'PL', 'POL', 'ПОЛЬША', 'Республика Польша'),
	country('203', 'CZ', 'CZE', 'ЧЕХИЯ', 'Чешская Республика'),
	country('826', 'GB', 'GBR', 'СОЕДИНЕННОЕ КОРОЛЕВСТВО', 'Соединенное Королевство Великобритании и Северной Ирландии'),
	country('840', 'US', 'USA', 'СОЕДИНЕННЫЕ ШТАТЫ', 'Соединенные Штаты Америки'),
	country('156', 'CN', 'CHN', 'КИТАЙ', 'Китайская Народная Республика'),
	country('356', 'IN', 'IND', 'ИНДИЯ', 'Республика Индия'),
	country('792', 'TR', 'TUR', 'ТУРЦИЯ', 'Турецкая Республика'),
	country('784', 'AE', 'ARE', 'ОБЪЕДИНЕННЫЕ АРАБСКИЕ ЭМИРАТЫ'),
] as const;

const kind = (name: string, title: string, type: string): { name: string; title: string; type: string } => ({ name, title, type });
const ADDRESS = 'Адрес';
const PHONE = 'Телефон';
const EMAIL = 'АдресЭлектроннойПочты';

/** By their predefined names. */
export const CONTACT_KINDS = [
	kind('ЮрАдресКонтрагента', 'Юридический адрес', ADDRESS),
	kind('ФактАдресКонтрагента', 'Фактический адрес', ADDRESS),
	kind('ПочтовыйАдресКонтрагента', 'Почтовый адрес', ADDRESS),
	kind('ТелефонКонтрагента', 'Телефон', PHONE),
	kind('EmailКонтрагента', 'Email', EMAIL),
	kind('САЙТКонтрагента', 'Сайт', 'ВебСтраница'),
	kind('АдресПартнера', 'Адрес доставки', ADDRESS),
	kind('ТелефонПартнера', 'Телефон', PHONE),
	kind('EmailПартнера', 'Email', EMAIL),
	kind('АдресКонтактногоЛица', 'Адрес', ADDRESS),
	kind('ТелефонКонтактногоЛица', 'Рабочий телефон', PHONE),
	kind('МобильныйТелефонКонтактногоЛица', 'Мобильный телефон', PHONE),
	kind('EmailКонтактногоЛица', 'Email', EMAIL),
] as const;
