// Owns which VAT rate of 1C stands for the taxes of a line: by the user's table, else by a rate that only one row of the
// catalog, or one member of the enumeration, has. Choosing is pure; the catalog is read once.
import type { Tax } from '../core/documents';
import { Failure } from '../core/failure';
import { big, decimalText } from '../core/money';
import type { UpsertOptions } from '../core/port';
import { plainText } from './onec.cells';
import { isGuid, reference } from './onec.keys';
import type { Profile } from './onec.profile';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

export interface VatRate {
	/** Ref_Key, or the enumeration's member. */
	value: string;
	name: string;
	/** Percent; `0` for "without VAT" as well. */
	rate: string;
	/** "Без НДС": no VAT at all, which is something else than 0 %. */
	without: boolean;
}

export type TaxTable = NonNullable<UpsertOptions['taxes']>;

/** The rates to choose from. `column`: the row's field, which tells a reference from an enumeration. */
export async function vatRates({ session, metadata }: Services, { vat, orderRows }: Profile, column = orderRows.vat): Promise<VatRate[]> {
	if (!vat.set || !column?.endsWith('_Key')) return enumRates(vat);
	if (!(await metadata.has(vat.set))) throw new Failure('denied', `1C does not publish ${vat.set}, from which the VAT rates of the lines are taken`, { advice: 'An administrator adds it in the form "Настройка автоматического REST-сервиса"' });
	const rows = await session.rows(vat.set);
	return rows.filter((row) => row.DeletionMark !== true && row.IsFolder !== true && row['НеИспользовать'] !== true).flatMap((row) => catalogRate(row, vat));
}

function catalogRate(row: Row, vat: Profile['vat']): VatRate[] {
	const value = reference(row.Ref_Key);
	const name = plainText(row[vat.name ?? 'Description']).trim();
	// "20/120" takes VAT out of an advance: never a line's rate.
	if (!value || name.includes('/')) return [];
	const number = vat.rate ? row[vat.rate] : undefined;
	const rate = typeof number === 'number' || typeof number === 'string' ? decimalText(number) : /(\d+(?:[.,]\d+)?)\s*%/.exec(name)?.[1]?.replace(',', '.');
	const without = vat.withoutNames.some((word) => plain(word) === plain(name)) || (/без|without|не облаг/i.test(name) && big(rate).eq(0));
	return [{ value, name, rate: rate ?? '0', without }];
}

function enumRates({ members }: Profile['vat']): VatRate[] {
	return Object.entries(members).map(([rate, member]) => ({ value: member, name: member, rate: rate === 'none' ? '0' : rate, without: rate === 'none' }));
}

/**
 * The one rate of a line.
 *
 * @param label how messages name the line
 * @throws Failure `rejected` for several taxes, one that is not mapped or not in 1C; `ambiguous` when several fit
 */
export function chooseRate(taxes: readonly Tax[], table: TaxTable, known: readonly VatRate[], record: string, label: string): VatRate {
	const mapped = taxes.flatMap((tax) => {
		const row = table.find(({ from }) => spellings(tax).includes(plain(from)));
		return row ? [{ tax, rate: mappedRate(row, tax, known, record) }] : [];
	});
	const open = taxes.filter((tax) => !big(tax.rate).eq(0) && !mapped.some((entry) => entry.tax === tax));
	// A CRM lists taxes that do not apply with the rate zero; one that is mapped speaks only where no other does.
	const real = mapped.filter(({ tax }) => !big(tax.rate).eq(0));
	const nonzero = [...real.map(({ tax }) => tax), ...open];
	const chosen = (nonzero.length > 0 ? real : mapped).map(({ rate }) => rate);
	const several = nonzero.length > 1 && open.length > 0;
	const rates = new Map((several ? [] : [...chosen, ...open.map((tax) => byRate(tax, known, record))]).map((rate) => [rate.value, rate]));
	if (several || rates.size > 1) {
		throw new Failure('rejected', `${label} has ${nonzero.length} taxes (${nonzero.map(describeTax).join(', ')}), and a line in 1C has one VAT rate`, { record, advice: 'Leave one tax on the line in the CRM, or send all of them to one rate in the tax mapping of this node' });
	}
	return [...rates.values()][0] ?? withoutVat(known, record, label);
}

function withoutVat(known: readonly VatRate[], record: string, label: string): VatRate {
	const found = known.filter((rate) => rate.without);
	const [only] = found.length > 0 ? found : known.filter((rate) => big(rate.rate).eq(0));
	if (only) return only;
	throw new Failure('rejected', `${label} has no tax, and 1C has no VAT rate "Без НДС"`, { record, advice: 'Make the rate in 1C, or give the line its tax in the CRM' });
}

function mappedRate({ from, to }: TaxTable[number], tax: Tax, known: readonly VatRate[], record: string): VatRate {
	const wanted = to.trim();
	const found = known.find((rate) => (isGuid(wanted) ? rate.value === wanted.toLowerCase() : rate.value === wanted)) ?? known.find((rate) => plain(rate.name) === plain(wanted));
	if (found) return found;
	throw new Failure('rejected', `The tax mapping sends "${from}" (${describeTax(tax)}) to "${to}", which is no VAT rate in 1C`, { record, advice: 'Choose the rate from the list in the tax mapping' });
}

function byRate(tax: Tax, known: readonly VatRate[], record: string): VatRate {
	const fits = known.filter((rate) => !rate.without && big(rate.rate).eq(tax.rate));
	const same = fits.filter((rate) => plain(rate.name) === plain(`${tax.rate}`) || plain(rate.name) === plain(tax.name ?? ''));
	const [only] = same.length === 1 ? same : fits;
	if (only && (fits.length === 1 || same.length === 1)) return only;
	const list = (fits.length > 0 ? fits : known).map(({ name }) => `"${name}"`).join(', ');
	if (fits.length === 0) throw new Failure('rejected', `The tax ${describeTax(tax)} is not mapped, and 1C has no VAT rate of ${tax.rate} %: ${list}`, { record, advice: 'Add a row for it to the tax mapping of this node, or make the rate in 1C' });
	throw new Failure('ambiguous', `The tax ${describeTax(tax)} fits ${fits.length} VAT rates in 1C: ${list}`, { record, advice: 'Add a row for it to the tax mapping of this node' });
}

/** `VAT 20 %`, as messages name a tax of the CRM. */
export function describeTax({ name, rate }: Tax): string {
	return [name ?? 'tax', `${rate} %`].join(' ');
}

/** The ways in which the table may name a tax: by name, by rate, by both. */
function spellings({ name, rate }: Tax): string[] {
	return [...(name ? [plain(name), plain(`${name} ${rate}`)] : []), plain(rate)];
}

function plain(text: string): string {
	return text.replace(/%|ндс/gi, ' ').replace(/\s+/g, ' ').trim().toLowerCase();
}
