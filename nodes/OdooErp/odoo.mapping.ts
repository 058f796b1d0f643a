// Owns the tables canonical path <-> Odoo field. Rows, not code: a new field is one row. No network.
import type { Address, Contact, Customer } from '../core/documents';
import { type Codec, type FieldRow, toFields } from '../core/mapping';
import { booleanCell, type Cell, numberCell, textCell, vatCell, websiteCell } from './odoo.cells';
import { optionalDecimal, text } from './odoo.values';

/** A row of a table, with the way its value is compared and sent; text when nothing is said. */
export interface OdooFieldRow extends FieldRow {
	cell?: (field: string, value: never) => Cell;
}

const readText: Codec = { toSystem: (value) => value, fromSystem: text };
const readDecimal: Codec = { toSystem: (value) => value, fromSystem: optionalDecimal };
const readBoolean: Codec = { toSystem: (value) => value, fromSystem: (value) => value === true };

const ADDRESS: Array<[keyof Address, string]> = [
	['street', 'street'],
	['street2', 'street2'],
	['city', 'city'],
	['postalCode', 'zip'],
];

/** Without country and state, which are looked up, and notes, which are HTML from Odoo 15 on. */
export const customerRows: readonly OdooFieldRow[] = [
	{ path: 'name', field: 'name', codec: readText },
	{ path: 'isCompany', field: 'is_company', codec: readBoolean, cell: booleanCell },
	{ path: 'vat', field: 'vat', codec: readText, cell: vatCell },
	{ path: 'email', field: 'email', codec: readText },
	{ path: 'phone', field: 'phone', codec: readText },
	{ path: 'website', field: 'website', codec: readText, cell: websiteCell },
	...ADDRESS.map(([path, field]) => ({ path: `billing.${path}`, field, codec: readText })),
];

export const addressRows: readonly OdooFieldRow[] = ADDRESS.map(([path, field]) => ({ path, field, codec: readText }));

export const contactRows: readonly OdooFieldRow[] = [
	{ path: 'email', field: 'email', codec: readText },
	{ path: 'phone', field: 'phone', codec: readText },
	{ path: 'mobile', field: 'mobile', codec: readText },
	{ path: 'title', field: 'function', codec: readText },
];

export const productRows: readonly OdooFieldRow[] = [
	{ path: 'name', field: 'name', codec: readText },
	{ path: 'code', field: 'default_code', codec: readText },
	{ path: 'price', field: 'list_price', codec: readDecimal, cell: numberCell },
	{ path: 'cost', field: 'standard_price', codec: readDecimal, cell: numberCell },
	{ path: 'barcode', field: 'barcode', codec: readText },
	{ path: 'description', field: 'description_sale', codec: readText },
	{ path: 'active', field: 'active', codec: readBoolean, cell: booleanCell },
];

/** What a document gives, as cells; what it does not give stays as it is in Odoo. */
export function cellsOf(document: unknown, rows: readonly OdooFieldRow[], record: string): Cell[] {
	return rows.flatMap((row) => {
		const value = toFields(document, [row], record)[row.field];
		if (value === undefined || value === '') return [];
		const make = (row.cell ?? textCell) as (field: string, value: unknown) => Cell;
		return [make(row.field, value)];
	});
}

/** Odoo has one name field for a person. */
export function contactName(contact: Contact): string {
	return [contact.firstName, contact.lastName].filter(Boolean).join(' ') || contact.email || contact.phone || contact.mobile || 'Contact';
}

/** The other way round: the last word is the last name. */
export function splitName(name: string): { firstName?: string; lastName: string } {
	const words = name.trim().split(/\s+/);
	const lastName = words.pop() ?? '';
	return { firstName: words.join(' ') || undefined, lastName };
}

/** Whether the goods go elsewhere than the invoice. */
export function hasOwnShipping({ billing, shipping }: Pick<Customer, 'billing' | 'shipping'>): boolean {
	const parts: Array<keyof Address> = ['street', 'street2', 'city', 'postalCode', 'country'];
	const given = parts.filter((part) => shipping[part]);
	return given.length > 0 && given.some((part) => shipping[part] !== billing[part]);
}
