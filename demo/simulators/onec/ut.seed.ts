// Owns how the demo's goods, prices, stock and counterparties are entered into УТ.
// Must not know: the OData interface.
import type { OnecSimulator } from '.';
import { COUNTERPARTIES, type Company, STOCK, type SeedBook } from './seed.data';
import { folder } from './seed.parts';
import { key } from './ut.initial';
import { PRICING, SURPLUS } from './ut.payments';
import { type Row, guidFrom, text } from './values';

/** The same record gets the same `Ref_Key` in every base. */
const ref = (name: string): string => guidFrom(`ut demo ${name}`);

export function utBook(simulator: OnecSimulator): SeedBook {
	return {
		product: ({ code, name, service }) => {
			const row = simulator.insert('Catalog_Номенклатура', {
				Ref_Key: ref(`item ${code}`),
				Parent_Key: folder(simulator, 'Catalog_Номенклатура', 'Товары и услуги'),
				Description: name,
				НаименованиеПолное: name,
				Артикул: code,
				ТипНоменклатуры: service ? 'Услуга' : 'Товар',
				ВидНоменклатуры_Key: key(service ? 'kind services' : 'kind goods'),
				ЕдиницаИзмерения_Key: key(service ? 'unit ч' : 'unit шт'),
				СтавкаНДС_Key: key('vat 10%'),
				ИспользованиеХарактеристик: 'НеИспользовать',
				Качество: 'Новый',
			});
			return text(row, 'Ref_Key');
		},
		pricesAndStock: (products, refs) => {
			const item = (code: string, i: number): Row => ({ LineNumber: String(i + 1), Номенклатура_Key: refs[code] ?? '' });
			posted(simulator, PRICING, {
				Date: '2026-01-01T00:00:00',
				Комментарий: 'Цены на начало года',
				Товары: products.map(({ code, price }, i) => ({ ...item(code, i), ВидЦены_Key: key('price EUR'), Цена: price })),
			});
			posted(simulator, SURPLUS, {
				Date: '2026-01-01T00:00:00',
				Организация_Key: key('company'),
				Склад_Key: key('warehouse'),
				Валюта_Key: key('EUR'),
				Комментарий: 'Остатки на начало года',
				Товары: products.filter(({ service }) => !service).map(({ code, price }, i) => ({ ...item(code, i), Количество: STOCK, КоличествоУпаковок: STOCK, Цена: price, Сумма: price * STOCK })),
			});
		},
		counterparty: (company) => counterparty(simulator, company),
	};
}

function posted(simulator: OnecSimulator, set: string, fields: Row): void {
	simulator.post(set, text(simulator.insert(set, fields), 'Ref_Key'));
}

function counterparty(simulator: OnecSimulator, company: Company): void {
	const partner = company.partner ?? company.name;
	const known = simulator.records('Catalog_Партнеры').find((row) => row['Description'] === partner);
	const owner = known ?? simulator.insert('Catalog_Партнеры', { Ref_Key: ref(`partner ${partner}`), Description: partner, НаименованиеПолное: partner, Клиент: true, ЮрФизЛицо: 'ЮрЛицо' });
	const row = simulator.insert('Catalog_Контрагенты', {
		Ref_Key: ref(`counterparty ${COUNTERPARTIES.indexOf(company)} ${company.inn}`),
		Description: company.name,
		НаименованиеПолное: company.full,
		ИНН: company.inn,
		КПП: company.kpp,
		ЮрФизЛицо: 'ЮрЛицо',
		ЮридическоеФизическоеЛицо: 'ЮридическоеЛицо',
		СтранаРегистрации_Key: key('643'),
		Партнер_Key: text(owner, 'Ref_Key'),
	});
	if (company.deleted) simulator.patch('Catalog_Контрагенты', text(row, 'Ref_Key'), { DeletionMark: true });
}
