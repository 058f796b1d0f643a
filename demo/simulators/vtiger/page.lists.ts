// Owns the overview page: quotes first, then orders, invoices, opportunities and organizations.
// Must not know: HTTP, styles.
import type { Installation } from './installation';
import { type Column, html, link, pill, table } from './page.layout';
import { field, money, nameOf } from './page.values';
import type { Stored } from './store';

interface Section {
	id: string;
	title: string;
	hint: string;
	module: string;
	empty: string;
	columns: (crm: Installation) => Column<Stored>[];
}

const text = (title: string, name: string): Column<Stored> => ({ title, cell: (row) => html(row.fields[name]) });
const title = (heading: string, name: string): Column<Stored> => ({
	title: heading,
	cell: (row) => link(row.id, String(row.fields[name] || row.id)),
});
const status = (heading: string, name: string): Column<Stored> => ({ title: heading, cell: (row) => pill(String(row.fields[name] ?? '')) });
const amount = (heading: string, name: string, crm: Installation): Column<Stored> => ({
	title: heading,
	amount: true,
	cell: (row) => money(crm, row, name),
});
const other = (heading: string, name: string, crm: Installation): Column<Stored> => ({
	title: heading,
	cell: (row) => nameOf(crm, row.fields[name]),
});

/** The fields that join a record to the ERP. */
function erp(crm: Installation, module: string): Column<Stored>[] {
	const value = (row: Stored, label: string): string => String(row.fields[field(crm, module, label) ?? ''] ?? '');
	return [
		{ title: 'ERP number', cell: (row) => html(value(row, 'ERP Number')) || '<span class="none">–</span>' },
		{ title: 'ERP status', cell: (row) => pill(value(row, 'ERP Status')) + note(value(row, 'ERP Message')) },
	];
}

const note = (message: string): string => (message === '' ? '' : `<div class="note">${html(message)}</div>`);

/** The button a salesperson presses when the customer has said yes. */
export function acceptButton(row: Stored): string {
	if (row.fields['quotestage'] === 'Accepted') return '';
	return `<form method="post" action="/demo/accept"><input type="hidden" name="id" value="${html(row.id)}"><button>Accept</button></form>`;
}

export const SECTIONS: Section[] = [
	{
		id: 'quotes',
		title: 'Quotes',
		hint: 'Accept one, and watch the order and the invoice arrive',
		module: 'Quotes',
		empty: 'No quotes yet.',
		columns: (crm) => [
			text('Number', 'quote_no'),
			title('Subject', 'subject'),
			other('Organization', 'account_id', crm),
			status('Stage', 'quotestage'),
			amount('Total', 'hdnGrandTotal', crm),
			...erp(crm, 'Quotes'),
			{ title: '', cell: acceptButton },
		],
	},
	{
		id: 'orders',
		title: 'Sales orders',
		hint: 'made from accepted quotes',
		module: 'SalesOrder',
		empty: 'No sales orders yet.',
		columns: (crm) => [
			text('Number', 'salesorder_no'),
			title('Subject', 'subject'),
			other('Organization', 'account_id', crm),
			other('Quote', 'quote_id', crm),
			status('Status', 'sostatus'),
			amount('Total', 'hdnGrandTotal', crm),
			...erp(crm, 'SalesOrder'),
		],
	},
	{
		id: 'invoices',
		title: 'Invoices',
		hint: 'with what has been paid',
		module: 'Invoice',
		empty: 'No invoices yet.',
		columns: (crm) => [
			text('Number', 'invoice_no'),
			title('Subject', 'subject'),
			other('Organization', 'account_id', crm),
			status('Status', 'invoicestatus'),
			amount('Total', 'hdnGrandTotal', crm),
			amount('Received', 'received', crm),
			amount('Balance', 'balance', crm),
			...erp(crm, 'Invoice').slice(0, 1),
		],
	},
	{
		id: 'opportunities',
		title: 'Opportunities',
		hint: '',
		module: 'Potentials',
		empty: 'No opportunities yet.',
		columns: (crm) => [
			text('Number', 'potential_no'),
			title('Name', 'potentialname'),
			other('Organization', 'related_to', crm),
			status('Stage', 'sales_stage'),
			amount('Amount', 'amount', crm),
			text('Expected close', 'closingdate'),
		],
	},
	{
		id: 'organizations',
		title: 'Organizations',
		hint: '',
		module: 'Accounts',
		empty: 'No organizations yet.',
		columns: (crm) => [
			text('Number', 'account_no'),
			title('Name', 'accountname'),
			text('City', 'bill_city'),
			text('Phone', 'phone'),
			text('E-mail', 'email1'),
			...erp(crm, 'Accounts').slice(0, 1),
		],
	},
];

/** The navigation's entries with how many records each has. */
export function navigation(crm: Installation): Array<[href: string, text: string, count: number]> {
	return SECTIONS.map((s) => [`/#${s.id}`, s.title, crm.store.list(s.module).length]);
}

/** All lists, newest records first. */
export function overview(crm: Installation): string {
	return SECTIONS.map(
		(s) =>
			`<section id="${s.id}"><h2>${s.title}<small>${s.hint}</small></h2>${table(s.columns(crm), crm.store.list(s.module).reverse(), s.empty)}</section>`,
	).join('');
}
