// Owns the invoice to a customer of БП (счет на оплату) and its payment state.
// Must not know: requests, postings.
import { type Needed, documentNumber, missing } from './posting';
import { amount, money, total } from './posting.sums';
import type { Store } from './store';
import type { Handlers, Writing } from './store.configuration';
import { type Row, ZERO_GUID, part, text } from './values';

export const INVOICE = 'Document_СчетНаОплатуПокупателю';
export const INVOICE_TYPE = 'StandardODATA.Document_СчетНаОплатуПокупателю';
export const PAYMENT = 'Document_ПоступлениеНаРасчетныйСчет';
const STATES = 'InformationRegister_СтатусыДокументов';

const NEEDED: Needed = {
	header: { Организация_Key: 'Организация', Контрагент_Key: 'Контрагент', ДоговорКонтрагента_Key: 'Договор', ВалютаДокумента_Key: 'Валюта' },
	part: 'Товары',
	columns: { Номенклатура_Key: 'Номенклатура', Количество: 'Количество', СтавкаНДС: '% НДС' },
};

/** Total of the rows of the given parts: VAT inside or on top. */
export function documentTotal(row: Row, parts: readonly string[]): number {
	const lines = parts.flatMap((name) => part(row, name));
	const sum = total(lines, 'Сумма');
	return money(row['СуммаВключаетНДС'] === true ? sum : sum.plus(total(lines, 'СуммаНДС')));
}

/** A contract belongs to its counterparty: another one's is refused at posting. */
export function wrongContract(store: Store, row: Row, counterparty: string): string[] {
	const contract = store.get('Catalog_ДоговорыКонтрагентов', text(row, 'ДоговорКонтрагента_Key'));
	return contract && text(contract, 'Owner_Key') !== counterparty ? [`Договор "${text(contract, 'Description')}" не принадлежит контрагенту`] : [];
}

export const invoices: Handlers = {
	defaults: () => ({ КурсВзаиморасчетов: 1, КратностьВзаиморасчетов: '1' }),
	number: (store, row) => documentNumber(store, INVOICE, row, '00'),
	beforeWrite: ({ row }) => {
		row['СуммаДокумента'] = documentTotal(row, ['Товары']);
	},
	afterWrite: ({ store, row }) => updateState(store, row),
	checkFilling: ({ store, row }: Writing) => [...missing(row, NEEDED), ...wrongContract(store, row, text(row, 'Контрагент_Key'))],
};

/** Paid for an invoice by posted payments. */
export function paidFor(store: Store, invoice: string): number {
	const rows = store
		.rows(PAYMENT)
		.filter((payment) => payment['Posted'] === true)
		.flatMap((payment) => part(payment, 'РасшифровкаПлатежа'))
		.filter((line) => line['СчетНаОплату_Key'] === invoice);
	return money(total(rows, 'СуммаПлатежа'));
}

/** СтатусыДокументов: not paid, partly, paid; a person's `Отменен` stays. */
export function updateState(store: Store, invoice: Row): void {
	const ref = text(invoice, 'Ref_Key');
	const known = store.rows(STATES).find((row) => row['Документ'] === ref);
	if (known && text(known, 'Статус') === 'Отменен') return;
	const paid = amount(paidFor(store, ref));
	const state = paid.lte(0) ? 'НеОплачен' : paid.lt(amount(invoice['СуммаДокумента'])) ? 'ОплаченЧастично' : 'Оплачен';
	if (known && text(known, 'Статус') === state) return;
	if (known && known['Организация_Key'] !== invoice['Организация_Key']) store.remove(STATES, store.keyOf(STATES, known));
	store.put(STATES, { Организация_Key: invoice['Организация_Key'] ?? ZERO_GUID, Документ: ref, Документ_Type: INVOICE_TYPE, Статус: state });
}

/** State of an invoice as its list shows it. */
export const stateOf = (store: Store, invoice: string): string => text(store.rows(STATES).find((row) => row['Документ'] === invoice), 'Статус');
