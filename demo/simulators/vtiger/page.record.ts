// Owns the page of one record: its fields, the lines and totals of a document, what hangs on it.
// Must not know: HTTP, styles.
import { computed } from './amounts';
import type { Installation } from './installation';
import { shownLine } from './lines';
import { type Column, html, link, pill, table } from './page.layout';
import { acceptButton } from './page.lists';
import { amount, money, shownToPerson } from './page.values';
import { fieldsOf, plainLabel } from './records';
import { INVENTORY, LINE_COLUMNS } from './schema';
import type { Line, Stored } from './store';
import { phpNumber } from './values';

/** Fields a person has no use for, and those that stand elsewhere on the page. */
const HIDDEN = new Set([
	...LINE_COLUMNS,
	'id',
	'source',
	'starred',
	'tags',
	'isconvertedfromlead',
	'notify_owner',
	'conversion_rate',
	'modifiedby',
	'hdnSubTotal',
	'hdnGrandTotal',
	'pre_tax_total',
	'hdnDiscountAmount',
	'hdnDiscountPercent',
	'hdnS_H_Amount',
	'hdnS_H_Percent',
	'txtAdjustment',
	'region_id',
	'enable_recurring',
	'hdnTaxType',
]);
const STAGE: Record<string, string> = { Quotes: 'quotestage', SalesOrder: 'sostatus', Invoice: 'invoicestatus', Potentials: 'sales_stage' };

export function recordPage(crm: Installation, row: Stored): string {
	const stage = STAGE[row.module];
	const button = row.module === 'Quotes' ? acceptButton(row) : '';
	const heading = `<div class="top"><h1>${html(plainLabel(crm, row.module, row.fields))}${stage ? pill(String(row.fields[stage] ?? '')) : ''}</h1>${button}</div>`;
	const fields = fieldsOf(crm, row.module)
		.filter((f) => !HIDDEN.has(f.name))
		.map((f) => [f.label, shownToPerson(crm, row, f)])
		.filter(([, value]) => value !== '');
	const details = `<section><h2>Details</h2><dl>${fields.map(([label, value]) => `<div><dt>${label}</dt><dd>${value}</dd></div>`).join('')}</dl></section>`;
	return heading + details + (INVENTORY.has(row.module) ? lines(crm, row) : '') + related(crm, row);
}

function lines(crm: Installation, row: Stored): string {
	const value = (line: Line, name: string): string => amount(line.values[name]);
	const columns: Column<Line>[] = [
		{ title: '#', cell: (line) => html(line.values['sequence_no']) },
		{
			title: 'Item',
			cell: (line) =>
				html(shownLine(crm, row, line)['product_name']) + (line.values['comment'] ? `<div class="note">${html(line.values['comment'])}</div>` : ''),
		},
		{ title: 'Quantity', amount: true, cell: (line) => html(phpNumber(line.values['quantity'])) },
		{ title: 'Price', amount: true, cell: (line) => value(line, 'listprice') },
		{ title: 'Discount', amount: true, cell: discount },
		{ title: 'Net', amount: true, cell: (line) => amount(net(line)) },
	];
	return `<section><h2>Items</h2>${table(columns, row.lines, 'No items.')}${totalsBox(crm, row)}</section>`;
}

function discount(line: Line): string {
	const fixed = phpNumber(line.values['discount_amount']);
	const percent = phpNumber(line.values['discount_percent']);
	return fixed > 0 ? amount(fixed) : percent > 0 ? `${percent} %` : '<span class="none">–</span>';
}

function net(line: Line): number {
	const gross = phpNumber(line.values['quantity']) * phpNumber(line.values['listprice']);
	const fixed = phpNumber(line.values['discount_amount']);
	return gross - (fixed > 0 ? fixed : (gross * phpNumber(line.values['discount_percent'])) / 100);
}

function totalsBox(crm: Installation, row: Stored): string {
	const made = computed(crm, row);
	const grand = phpNumber(row.fields['hdnGrandTotal']);
	const preTax = phpNumber(row.fields['pre_tax_total']);
	const parts: Array<[string, number]> = [
		['Before tax', preTax],
		['Tax and adjustment', grand - preTax],
	];
	if (made.discount !== 0) parts.unshift(['Discount', -made.discount]);
	return `<div class="totals">${parts.map(([label, n]) => `<div><span>${label}</span><span>${amount(n)}</span></div>`).join('')}<div><span>Total</span><span>${money(crm, row, 'hdnGrandTotal')}</span></div></div>`;
}

const RELATED: Array<[module: string, title: string, number: string, status: string]> = [
	['Contacts', 'Contacts', 'contact_no', 'title'],
	['Potentials', 'Opportunities', 'potential_no', 'sales_stage'],
	['Quotes', 'Quotes', 'quote_no', 'quotestage'],
	['SalesOrder', 'Sales orders', 'salesorder_no', 'sostatus'],
	['Invoice', 'Invoices', 'invoice_no', 'invoicestatus'],
];

/** Records that refer to this one. */
function related(crm: Installation, row: Stored): string {
	return RELATED.map(([module, title, number, status]) => {
		const references = fieldsOf(crm, module).filter((f) => f.type.name === 'reference' && f.type.refersTo?.includes(row.module));
		const rows = crm.store
			.list(module)
			.filter((r) => references.some((f) => r.fields[f.name] === row.id))
			.reverse();
		if (rows.length === 0) return '';
		const columns: Column<Stored>[] = [
			{ title: 'Number', cell: (r) => html(r.fields[number]) },
			{ title: 'Name', cell: (r) => link(r.id, plainLabel(crm, module, r.fields)) },
			{ title: 'Status', cell: (r) => pill(String(r.fields[status] ?? '')) },
			...(INVENTORY.has(module) ? [{ title: 'Total', amount: true, cell: (r: Stored) => money(crm, r, 'hdnGrandTotal') }] : []),
		];
		return `<section><h2>${title}</h2>${table(columns, rows, '')}</section>`;
	}).join('');
}
