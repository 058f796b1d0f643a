// Owns documents (quote, sales order, invoice, purchase order): saving header and lines, totals, stock, how they read.
// Must not know: sessions, the query language, HTTP.
import { computed } from './amounts';
import { chargeFields, mangledPercent, sentCharges, shippingAmount } from './charges';
import { finalDetails, staleDetails } from './details';
import { badId, Crash, type Json, Refusal, type Row } from './failure';
import type { Installation } from './installation';
import { type LineKind, sentLines, shownLine, storeLines } from './lines';
import { changeRecord, createRecord, elementId, find, isBlank, requireMandatory, shown } from './records';
import { LINE_COLUMNS } from './schema';
import type { User } from './session';
import type { Stored } from './store';
import { currency, decimalsOf, fixed, phpNumber, textOf } from './values';

const DISCOUNTS = ['hdnDiscountAmount', 'hdnDiscountPercent'];

/** Creates header, then lines. What fails after the header leaves an orphan with total 0. */
export async function createDocument(crm: Installation, user: User, module: string, element: Row): Promise<Row> {
	requireMandatory(crm, module, element, false);
	const lines = sentLines(element);
	if (lines === 'none') throw new Refusal('MANDATORY_FIELDS_MISSING', 'Mandatory Fields Missing..');
	if (crm.unpatched && crm.version === '8.4.0') throw badId();
	const row = createRecord(crm, user, module, element);
	assignHeaderAmounts(row, element, false);
	if (crm.individualTaxCrashes && individual(element)) throw new Crash('arithmetic on an empty text');
	await replaceLines(crm, row, lines === 'unusable' ? [] : lines, element);
	// The answer still shows what only the next reading has: a balance of 0, and the recurrence that is not kept.
	const answer = savedDocument(crm, user, row, true);
	forgetRecurrence(row);
	if ('balance' in row.fields) row.fields['balance'] = currency(computed(crm, row).grand - phpNumber(row.fields['received'] ?? row.fields['paid']));
	return answer;
}

/** A sales order keeps these only with recurring invoices switched on; the answer of the save still shows them. */
function forgetRecurrence(row: Stored): void {
	if (row.module !== 'SalesOrder' || row.fields['enable_recurring'] === '1') return;
	for (const name of ['invoicestatus', 'recurring_frequency', 'start_period', 'end_period', 'payment_duration']) row.fields[name] = '';
}

/** Header only keeps lines and recomputes nothing; with lines all of them are replaced and the totals made anew. */
export async function changeDocument(crm: Installation, user: User, element: Row, how: 'update' | 'revise'): Promise<Row> {
	if (crashesOnEcho(element)) throw new Crash('arithmetic on an empty text');
	const row = find(crm, user, elementId(element, crm.version));
	const before = textOf(row.fields['invoicestatus']);
	const lines = sentLines(element);
	changeRecord(crm, user, header(element), how);
	// Measured on 8.0.0 and 8.4.0: whatever is changed, a rate that is not sent along is 1 again.
	if (!('conversion_rate' in element)) row.fields['conversion_rate'] = '1.000';
	if (lines === 'none') {
		returnCancelled(crm, row, before);
		const answer = headerOnlyAnswer(crm, user, row);
		forgetRecurrence(row);
		return answer;
	}
	if (!('hdnTaxType' in element)) row.fields['hdnTaxType'] = '';
	assignHeaderAmounts(row, element, true);
	if (crm.unpatched && crm.version === '8.4.0') await crashHalfway(crm, row, lines === 'unusable' ? [] : lines, element);
	await replaceLines(crm, row, lines === 'unusable' ? [] : lines, element);
	return savedDocument(crm, user, row, false);
}

/** Reference section 3: an echoed empty discount or charge is fatal on PHP 8, before anything is changed. */
function crashesOnEcho(element: Row): boolean {
	return [...DISCOUNTS, 'shipping_&_handling'].some((name) => name in element && isBlank(element[name]));
}

async function crashHalfway(crm: Installation, row: Stored, lines: Row[], element: Row): Promise<never> {
	await storeLines(crm, row, lines, lineKind(crm, row, element));
	for (const name of ['hdnSubTotal', 'hdnGrandTotal', 'pre_tax_total']) row.fields[name] = currency(0);
	throw new Crash('status delta of a document without status');
}

const individual = (element: Row): boolean => textOf(element['hdnTaxType']).toLowerCase() === 'individual';

/** 8.4.0 takes the goods of every document made through the API from stock, 8.0.0 only those of invoices. */
function lineKind(crm: Installation, row: Stored, element: Row): LineKind {
	return { individual: individual(element), deducts: row.module === 'Invoice' || crm.version === '8.4.0' };
}

/** The element without what belongs to lines and totals: the server computes those itself. */
function header(element: Row): Row {
	const own = { ...element };
	for (const name of ['hdnSubTotal', 'hdnGrandTotal', 'pre_tax_total', 'hdnS_H_Percent', 'hdnS_H_Amount', ...DISCOUNTS]) delete own[name];
	return own;
}

/** Lines that replace others take shipping and adjustment with them unless these are sent too; a discount stays, and zero does not clear it (measured on 8.0.0 and 8.4.0). */
function assignHeaderAmounts(row: Stored, element: Row, replacing: boolean): void {
	for (const name of ['hdnSubTotal', 'hdnGrandTotal', 'pre_tax_total']) row.fields[name] = currency(0);
	assignDiscount(row, 'hdnDiscountAmount', element, replacing, currency);
	assignDiscount(row, 'hdnDiscountPercent', element, replacing, (percent) => fixed(phpNumber(percent), 3));
	if (isBlank(element['txtAdjustment']) === false) row.fields['txtAdjustment'] = currency(element['txtAdjustment']);
	else if (replacing) row.fields['txtAdjustment'] = currency(0);
	if ('conversion_rate' in element && phpNumber(element['conversion_rate']) === 0) row.fields['conversion_rate'] = '1.000';
	const charges = sentCharges(element);
	if (charges || replacing) row.charges = charges;
	row.fields['hdnS_H_Amount'] = currency(shippingAmount(row.charges));
	const sample = row.fields['hdnS_H_Percent'];
	if (charges || sample === '') row.fields['hdnS_H_Percent'] = fixed(mangledPercent(element), decimalsOf(sample, 3));
}

function assignDiscount(row: Stored, name: string, element: Row, replacing: boolean, stored: (value: Json | undefined) => string): void {
	if (!(name in element)) return;
	if (phpNumber(element[name]) !== 0) row.fields[name] = stored(element[name]);
	else if (!replacing) row.fields[name] = '';
}

async function replaceLines(crm: Installation, row: Stored, lines: Row[], element: Row): Promise<void> {
	const kind = lineKind(crm, row, element);
	const moves = kind.deducts && row.module !== 'PurchaseOrder';
	if (moves) moveStock(crm, row, 1);
	await storeLines(crm, row, lines, kind);
	if (moves) moveStock(crm, row, -1);
	const made = computed(crm, row);
	row.fields['hdnSubTotal'] = currency(made.subtotal);
	row.fields['hdnGrandTotal'] = currency(made.grand);
	row.fields['pre_tax_total'] = currency(made.preTax);
}

function moveStock(crm: Installation, row: Stored, sign: 1 | -1): void {
	for (const line of row.lines) crm.store.addStock(textOf(line.values['productid']), sign * phpNumber(line.values['quantity']));
}

/** An invoice that becomes `Cancel` gives its goods back. */
function returnCancelled(crm: Installation, row: Stored, before: string): void {
	const now = textOf(row.fields['invoicestatus']);
	if (row.module === 'Invoice' && now === 'Cancel' && before !== 'Cancel') moveStock(crm, row, 1);
}

/** The document as `retrieve` shows it. */
export function shownDocument(crm: Installation, user: User, row: Stored): Row {
	return {
		...shown(crm, user, row),
		...chargeFields(row.charges),
		LineItems: row.lines.map((line) => shownLine(crm, row, line)),
		productid: ((row.lines[0] && shownLine(crm, row, row.lines[0])['productid']) || '') as Json,
		LineItems_FinalDetails: finalDetails(crm, row),
	};
}

/** The answer of a save with lines: totals are numbers, the final details still those of an empty document. */
function savedDocument(crm: Installation, user: User, row: Stored, created: boolean): Row {
	const made = computed(crm, row);
	return {
		...shownDocument(crm, user, row),
		hdnSubTotal: made.subtotal,
		hdnGrandTotal: made.grand,
		pre_tax_total: made.preTax,
		productid: crm.version === '8.4.0' ? '' : null,
		LineItems_FinalDetails: staleDetails(crm, row),
		...(created ? { new: true } : {}),
	};
}

/** The answer of a save without lines: header, the first line's columns beside it, and the lines. */
function headerOnlyAnswer(crm: Installation, user: User, row: Stored): Row {
	const first = row.lines[0];
	const columns: Row = {};
	const unread = crm.version === '8.4.0' ? null : '';
	for (const name of LINE_COLUMNS)
		columns[name] = ['image', 'purchase_cost', 'margin'].includes(name) ? unread : ((first?.values[name] ?? null) as Json);
	return { ...columns, ...shown(crm, user, row), LineItems: row.lines.map((line) => shownLine(crm, row, line)) };
}
