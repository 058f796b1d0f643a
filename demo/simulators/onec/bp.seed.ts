// Owns how the demo's goods, prices, stock and counterparties are entered into БП.
// Must not know: the OData interface.
import type { OnecSimulator } from '.';
import { account, key } from './bp.initial';
import { OPERATION, PRICING, writeByHand } from './bp.payments';
import { COUNTERPARTIES, type Company, STOCK, type SeedBook } from './seed.data';
import { folder } from './seed.parts';
import { type Row, guidFrom, text } from './values';

/** The same record gets the same `Ref_Key` in every base. */
const ref = (name: string): string => guidFrom(`bp demo ${name}`);

/** Goods were bought below their price; in roubles per euro of the list. */
const COST = 60;

export function bpBook(simulator: OnecSimulator): SeedBook {
	return {
		product: ({ code, name, service }) => {
			const row = simulator.insert('Catalog_Номенклатура', {
				Ref_Key: ref(`item ${code}`),
				Parent_Key: folder(simulator, 'Catalog_Номенклатура', 'Товары и услуги'),
				Description: name,
				НаименованиеПолное: name,
				Артикул: code,
				Услуга: service === true,
				ВидНоменклатуры_Key: key(service ? 'kind services' : 'kind goods'),
				ЕдиницаИзмерения_Key: key(service ? 'unit ч' : 'unit шт'),
				НоменклатурнаяГруппа_Key: key('group'),
				ВидСтавкиНДС: 'Пониженная',
			});
			return text(row, 'Ref_Key');
		},
		pricesAndStock: (products, refs) => {
			const prices = simulator.insert(PRICING, {
				Date: '2026-01-01T00:00:00',
				ТипЦен_Key: key('price EUR'),
				Товары: products.map(({ code, price }, i): Row => ({ LineNumber: String(i + 1), Номенклатура_Key: refs[code] ?? '', Цена: price, Валюта_Key: key('EUR') })),
			});
			simulator.post(PRICING, text(prices, 'Ref_Key'));
			const opening = simulator.insert(OPERATION, { Date: '2026-01-01T00:00:00', Организация_Key: key('company'), Содержание: 'Остатки товаров на начало года' });
			const goods = products.filter(({ service }) => !service);
			writeByHand(
				simulator.base.store,
				text(opening, 'Ref_Key'),
				goods.map(({ code, price }) => ({
					debit: account('41.01'),
					credit: account('000'),
					debitBy: [[refs[code] ?? '', 'StandardODATA.Catalog_Номенклатура'], [key('warehouse'), 'StandardODATA.Catalog_Склады']],
					fields: { Организация_Key: key('company'), Сумма: price * STOCK * COST, КоличествоDr: STOCK, Содержание: 'Ввод остатков' },
				})),
			);
			simulator.post(OPERATION, text(opening, 'Ref_Key'));
		},
		counterparty: (company) => counterparty(simulator, company),
	};
}

function counterparty(simulator: OnecSimulator, company: Company): void {
	const owner = ref(`counterparty ${COUNTERPARTIES.indexOf(company)} ${company.inn}`);
	simulator.insert('Catalog_Контрагенты', { Ref_Key: owner, Parent_Key: folder(simulator, 'Catalog_Контрагенты', 'Покупатели'), Description: company.name, НаименованиеПолное: company.full, ИНН: company.inn, КПП: company.kpp, ЮридическоеФизическоеЛицо: 'ЮридическоеЛицо', СтранаРегистрации_Key: key('643') });
	if (company.deleted) simulator.patch('Catalog_Контрагенты', owner, { DeletionMark: true });
	else simulator.insert('Catalog_ДоговорыКонтрагентов', { Ref_Key: ref(`contract ${company.inn} ${company.name}`), Owner_Key: owner, Description: 'Основной договор', Организация_Key: key('company'), ВалютаВзаиморасчетов_Key: key('RUB'), ВидДоговора: 'СПокупателем' });
}
