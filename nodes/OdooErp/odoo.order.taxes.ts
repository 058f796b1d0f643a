// Owns which Odoo tax stands for a tax of the CRM: by the user's table, else by a rate that only one tax has. Pure.
import type { Tax } from '../core/documents';
import { Failure } from '../core/failure';
import { big } from '../core/money';
import type { UpsertOptions } from '../core/port';
import type { OdooTax } from './odoo.metadata';

export type TaxTable = NonNullable<UpsertOptions['taxes']>;

/** `VAT 4.5 %`, as messages name a tax of the CRM. */
export function describeTax({ name, rate }: Tax): string {
	return [name ?? 'tax', `${rate} %`].join(' ');
}

/**
 * The ids of Odoo's taxes for those of a line.
 *
 * @param known all taxes of the installation
 * @param record how messages name the document
 * @throws Failure `rejected` when a tax is not mapped, `ambiguous` when several fit
 */
export function taxIds(taxes: readonly Tax[], table: TaxTable, known: readonly OdooTax[], companyId: number, record: string): number[] {
	const ids = taxes.flatMap((tax) => {
		const row = table.find(({ from }) => spellings(tax).includes(plain(from)));
		if (row) return [mapped(row, tax, known, record)];
		// A CRM lists taxes that do not apply with the rate zero.
		if (big(tax.rate).eq(0)) return [];
		return [byRate(tax, known.filter((other) => other.sale && (other.companyId === undefined || other.companyId === companyId)), record)];
	});
	return [...new Set(ids)];
}

function mapped({ from, to }: TaxTable[number], tax: Tax, known: readonly OdooTax[], record: string): number {
	const found = known.find((other) => String(other.id) === to.trim()) ?? known.find((other) => other.sale && other.name === to.trim());
	if (found) return found.id;
	throw new Failure('rejected', `The tax mapping sends "${from}" (${describeTax(tax)}) to "${to}", which is no tax in Odoo`, { record, advice: 'Choose the tax from the list in the tax mapping' });
}

function byRate(tax: Tax, known: readonly OdooTax[], record: string): number {
	const fits = known.filter((other) => other.rate !== undefined && big(other.rate).eq(tax.rate) && !other.included);
	const sameName = fits.filter((other) => plain(other.name) === plain(tax.name ?? ''));
	const [only] = sameName.length === 1 ? sameName : fits;
	if (only && (fits.length === 1 || sameName.length === 1)) return only.id;
	if (fits.length === 0) {
		throw new Failure('rejected', `The tax ${describeTax(tax)} is not mapped, and no sales tax in Odoo has that rate without being included in the price`, { record, advice: 'Add a row for it to the tax mapping of this node' });
	}
	const list = fits.map(({ name, id }) => `"${name}" (id ${id})`).join(', ');
	throw new Failure('ambiguous', `The tax ${describeTax(tax)} fits ${fits.length} taxes in Odoo: ${list}`, { record, advice: 'Add a row for it to the tax mapping of this node' });
}

/** The ways in which the table may name a tax: by name, by rate, by both. */
function spellings({ name, rate }: Tax): string[] {
	return [...(name ? [plain(name), plain(`${name} ${rate}`)] : []), plain(rate)];
}

function plain(text: string): string {
	return text.replace(/%/g, ' ').replace(/\s+/g, ' ').trim().toLowerCase();
}
