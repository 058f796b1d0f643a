// Owns how stored values read to a person: names instead of ids, money, yes and no.
// Must not know: pages, HTTP.
import type { Json } from './failure';
import type { Installation } from './installation';
import { html, link, pill } from './page.layout';
import { plainLabel } from './records';
import type { Field } from './schema';
import type { Stored } from './store';
import { phpNumber } from './values';

/** The name of a module's field by its label, as a user knows it. */
export function field(crm: Installation, module: string, label: string): string | undefined {
	return crm.store.module(module)?.describe.fields.find((f) => f.label === label)?.name;
}

const SYMBOLS: Record<string, string> = { EUR: '€', USD: '$' };

/** An amount with its currency: `1,234.50 €`. */
export function money(crm: Installation, row: Stored, name: string): string {
	const currency = crm.store.get(String(row.fields['currency_id'] ?? ''))?.fields['currency_code'] ?? 'EUR';
	return `${amount(row.fields[name])} ${html(SYMBOLS[String(currency)] ?? currency)}`;
}

export function amount(value: Json | undefined): string {
	return phpNumber(value).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** The record an id stands for, as a link with its name; users and groups by name only. */
export function nameOf(crm: Installation, id: Json | undefined): string {
	const row = crm.store.get(String(id ?? ''));
	if (!row) return '<span class="none">–</span>';
	if (row.module === 'Users') return html(`${String(row.fields['first_name'] ?? '')} ${String(row.fields['last_name'] ?? '')}`.trim());
	if (row.module === 'Groups') return html(row.fields['groupname']);
	if (row.module === 'Currency') return html(row.fields['currency_name']);
	return link(row.id, plainLabel(crm, row.module, row.fields) || row.id);
}

const STAGES = new Set(['quotestage', 'sostatus', 'invoicestatus', 'sales_stage']);

/** A field's value for the record page; empty when there is nothing worth showing. */
export function shownToPerson(crm: Installation, row: Stored, described: Field): string {
	const value = row.fields[described.name];
	if (value === null || value === undefined || value === '') return '';
	switch (described.type.name) {
		case 'reference':
		case 'owner':
			return nameOf(crm, value);
		case 'currency':
			return phpNumber(value) === 0 ? '' : money(crm, row, described.name);
		case 'double':
		case 'integer':
			return phpNumber(value) === 0 ? '' : html(phpNumber(value));
		case 'boolean':
			return value === '1' ? 'Yes' : '';
		default:
			return STAGES.has(described.name) || described.label === 'ERP Status' ? pill(String(value)) : html(value);
	}
}
