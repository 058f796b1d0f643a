// Owns what people at БП's forms do: an invoice, a shipment or a payment with everything that the forms fill in.
// Must not know: the OData interface.
import Big from 'big.js';
import { account, key } from './bp.initial';
import { INVOICE, PAYMENT, paidFor as paid } from './bp.invoices';
import { SHIPMENT } from './bp.shipments';
import type { Desk } from './desk.work';
import { refusal } from './errors';
import { isEmpty } from './posting';
import { amount, money, rateOf, rowSums, share } from './posting.sums';
import { rateAt } from './registers.rates';
import { type Row, ZERO_GUID, part, stamp, text } from './values';

const PRICES = 'InformationRegister_ЦеныНоменклатуры_RecordType';
const CONTRACTS = 'Catalog_ДоговорыКонтрагентов';

function priceOf({ store }: Desk, item: string, currency: string): number {
	const prices = store.rows(PRICES).filter((r) => r['Номенклатура_Key'] === item && r['Валюта_Key'] === currency);
	return Number(prices.sort((a, b) => (text(a, 'Period') < text(b, 'Period') ? 1 : -1))[0]?.['Цена'] ?? 0);
}

/** The counterparty's contract in that currency; a new "Основной договор" when there is none. */
function contractOf({ store, objects }: Desk, counterparty: string, currency: string): string {
	const known = store.rows(CONTRACTS).find((row) => row['Owner_Key'] === counterparty && row['ВалютаВзаиморасчетов_Key'] === currency && row['ВидДоговора'] === 'СПокупателем' && row['DeletionMark'] !== true);
	if (known || isEmpty(counterparty)) return text(known, 'Ref_Key') || ZERO_GUID;
	const made = objects.create(CONTRACTS, { Owner_Key: counterparty, Description: 'Основной договор', ВалютаВзаиморасчетов_Key: currency, Организация_Key: key('company'), ВидДоговора: 'СПокупателем', Валютный: currency !== key('RUB') });
	return text(made, 'Ref_Key');
}

/** Settlement and bank accounts: roubles and currencies stand apart. */
const accountsFor = (currency: string): { settlement: string; advance: string; bank: string; bankAccount: string } =>
	currency === key('RUB')
		? { settlement: account('62.01'), advance: account('62.02'), bank: account('51'), bankAccount: key('account RUB') }
		: { settlement: account('62.21'), advance: account('62.22'), bank: account('52'), bankAccount: key('account EUR') };

/** Fields of a new invoice or shipment as its form would leave them; what is given stays. */
export function filled(desk: Desk, set: string, fields: Row): Row {
	if (set !== INVOICE && set !== SHIPMENT) return fields;
	const currency = text(fields, 'ВалютаДокумента_Key') || key('EUR');
	const header: Row = {
		Организация_Key: key('company'),
		Склад_Key: key('warehouse'),
		ВалютаДокумента_Key: currency,
		ДоговорКонтрагента_Key: text(fields, 'ДоговорКонтрагента_Key') || contractOf(desk, text(fields, 'Контрагент_Key'), currency),
		СуммаВключаетНДС: false,
		КурсВзаиморасчетов: rateAt(desk.store, currency, stamp(desk.store.now())).toNumber(),
		...(set === SHIPMENT ? { СчетУчетаРасчетовСКонтрагентом_Key: accountsFor(currency).settlement, СчетУчетаРасчетовПоАвансам_Key: accountsFor(currency).advance } : {}),
		...fields,
	};
	const rows = (name: string): Row => (fields[name] === undefined ? {} : { [name]: part(fields, name).map((row, i) => columnsOf(desk, set, name, filledRow(desk, set, header, { LineNumber: String(i + 1), ...row }))) });
	return { ...header, ...rows('Товары'), ...rows('Услуги') };
}

function filledRow(desk: Desk, set: string, header: Row, row: Row): Row {
	const item = desk.store.get('Catalog_Номенклатура', text(row, 'Номенклатура_Key'));
	const full: Row = {
		Количество: 1,
		Коэффициент: 1,
		Цена: priceOf(desk, text(row, 'Номенклатура_Key'), text(header, 'ВалютаДокумента_Key')),
		СтавкаНДС: 'НДС10',
		ЕдиницаИзмерения_Key: item?.['ЕдиницаИзмерения_Key'] ?? ZERO_GUID,
		Содержание: text(item, 'НаименованиеПолное'),
		...(set === SHIPMENT ? SALES_ACCOUNTS : {}),
		...row,
	};
	const sums = rowSums(full, rateOf(text(full, 'СтавкаНДС')), header['СуммаВключаетНДС'] === true, 'ПроцентСкидки');
	return { Сумма: sums.amount, СуммаСкидки: sums.discount, СуммаНДС: sums.vat, ...full };
}

/** Goods and services have different columns; what a table part has not is left out. */
function columnsOf({ store }: Desk, set: string, name: string, row: Row): Row {
	const known = new Set(store.definition(`${set}_${name}`)?.properties.map((property) => property.name));
	return Object.fromEntries(Object.entries(row).filter(([column]) => known.has(column)));
}

/** What СчетаУчетаНоменклатуры would answer. */
const SALES_ACCOUNTS: Row = {
	СчетУчета_Key: account('41.01'),
	СчетДоходов_Key: account('90.01.1'),
	СчетРасходов_Key: account('90.02.1'),
	СчетУчетаНДСПоРеализации_Key: account('90.03'),
	Субконто: key('group'),
	Субконто_Type: 'StandardODATA.Catalog_НоменклатурныеГруппы',
};

const lines = (shipment: Row): Row[] => [...part(shipment, 'Товары'), ...part(shipment, 'Услуги')];
const same = (a: Row, b: Row): boolean => ['Номенклатура_Key', 'Цена', 'СтавкаНДС'].every((name) => a[name] === b[name]);

/** Left to ship of each invoice row; shipments carry no row codes, so the same item at the same price is used up in order. */
export function openRows({ store }: Desk, invoice: Row): Array<{ line: Row; open: Big }> {
	const ref = text(invoice, 'Ref_Key');
	const shipped = store
		.rows(SHIPMENT)
		.filter((s) => s['Posted'] === true)
		.flatMap((s) => lines(s).filter((line) => (isEmpty(line['СчетНаОплатуПокупателю_Key']) ? s['СчетНаОплатуПокупателю_Key'] : line['СчетНаОплатуПокупателю_Key']) === ref))
		.map((line) => ({ line, left: amount(line['Количество']) }));
	return part(invoice, 'Товары').map((line) => {
		let open = amount(line['Количество']);
		for (const one of shipped) {
			if (!same(line, one.line) || one.left.lte(0)) continue;
			const used = one.left.gt(open) ? open : one.left;
			one.left = one.left.minus(used);
			open = open.minus(used);
		}
		return { line, open };
	});
}

/** Реализация on the ground of an invoice, posted. */
export function ship(desk: Desk, invoiceRef: string, quantities?: Readonly<Record<string, string>>): string {
	const invoice = mustBePosted(desk, invoiceRef);
	const rows = openRows(desk, invoice).flatMap(({ line, open }) => {
		const wanted = quantities ? new Big(quantities[text(line, 'LineNumber')] ?? 0) : open;
		return wanted.gt(0) ? [shipmentRow(line, wanted, open, invoiceRef)] : [];
	});
	if (rows.length === 0) throw refusal(`По счету ${text(invoice, 'Number')} нечего отгружать`);
	const isService = (row: Row): boolean => desk.store.get('Catalog_Номенклатура', text(row, 'Номенклатура_Key'))?.['Услуга'] === true;
	const copied = ['Организация_Key', 'Склад_Key', 'Контрагент_Key', 'ДоговорКонтрагента_Key', 'ВалютаДокумента_Key', 'СуммаВключаетНДС', 'ТипЦен_Key', 'АдресДоставки', 'КурсВзаиморасчетов', 'КратностьВзаиморасчетов'];
	const shipment = desk.objects.create(
		SHIPMENT,
		filled(desk, SHIPMENT, {
			...Object.fromEntries(copied.map((name) => [name, invoice[name] ?? ''])),
			СчетНаОплатуПокупателю_Key: invoiceRef,
			БанковскийСчетОрганизации_Key: accountsFor(text(invoice, 'ВалютаДокумента_Key')).bankAccount,
			Товары: numbered(rows.filter((row) => !isService(row))),
			Услуги: numbered(rows.filter(isService)),
		}),
	);
	const ref = text(shipment, 'Ref_Key');
	desk.objects.post(SHIPMENT, ref);
	return ref;
}

const numbered = (rows: Row[]): Row[] => rows.map((row, i) => ({ ...row, LineNumber: String(i + 1) }));

/** What is shipped by now less what was shipped before: parts of a row add up to the whole to the kopeck. */
function shipmentRow(line: Row, quantity: Big, open: Big, invoice: string): Row {
	const all = amount(line['Количество']);
	const upTo = (field: string, shipped: Big): Big => share(amount(line[field]), shipped, all);
	const before = all.minus(open);
	const of = (field: string): number => money(upTo(field, before.plus(quantity)).minus(upTo(field, before)));
	const copied = ['Номенклатура_Key', 'ЕдиницаИзмерения_Key', 'Коэффициент', 'Цена', 'СтавкаНДС', 'Содержание'];
	return { ...Object.fromEntries(copied.map((name) => [name, line[name] ?? ''])), Количество: quantity.toNumber(), Сумма: of('Сумма'), СуммаНДС: of('СуммаНДС'), СчетНаОплатуПокупателю_Key: invoice };
}

/** Поступление на расчетный счет for an invoice, posted. */
export function pay(desk: Desk, invoiceRef: string, sum: number | string): string {
	const invoice = mustBePosted(desk, invoiceRef);
	const value = money(new Big(sum));
	const currency = text(invoice, 'ВалютаДокумента_Key');
	const { settlement, advance, bank, bankAccount } = accountsFor(currency);
	const payment = desk.objects.create(PAYMENT, {
		Организация_Key: invoice['Организация_Key'] ?? ZERO_GUID,
		СчетОрганизации_Key: bankAccount,
		СчетБанк_Key: bank,
		Контрагент: text(invoice, 'Контрагент_Key'),
		Контрагент_Type: 'StandardODATA.Catalog_Контрагенты',
		ДоговорКонтрагента_Key: invoice['ДоговорКонтрагента_Key'] ?? ZERO_GUID,
		ВалютаДокумента_Key: currency,
		СуммаДокумента: value,
		НазначениеПлатежа: `Оплата по счету № ${text(invoice, 'Number')}`,
		СтатьяДвиженияДенежныхСредств_Key: key('from customers'),
		РасшифровкаПлатежа: [
			{
				LineNumber: '1',
				ДоговорКонтрагента_Key: invoice['ДоговорКонтрагента_Key'] ?? ZERO_GUID,
				СпособПогашенияЗадолженности: 'Автоматически',
				КурсВзаиморасчетов: invoice['КурсВзаиморасчетов'] ?? 1,
				КратностьВзаиморасчетов: invoice['КратностьВзаиморасчетов'] ?? '1',
				СуммаПлатежа: value,
				СуммаВзаиморасчетов: value,
				СтавкаНДС: text(part(invoice, 'Товары')[0], 'СтавкаНДС'),
				СчетНаОплату_Key: invoiceRef,
				СчетУчетаРасчетовСКонтрагентом_Key: settlement,
				СчетУчетаРасчетовПоАвансам_Key: advance,
			},
		],
	});
	const ref = text(payment, 'Ref_Key');
	desk.objects.post(PAYMENT, ref);
	return ref;
}

function mustBePosted(desk: Desk, invoiceRef: string): Row {
	const invoice = desk.objects.must(INVOICE, invoiceRef);
	if (invoice['Posted'] !== true) throw refusal(`Счет покупателю ${text(invoice, 'Number')} не проведен`);
	return invoice;
}

export const paidFor = ({ store }: Desk, invoice: string): Big => new Big(paid(store, invoice));
