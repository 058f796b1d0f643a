// Owns which tax of the system stands for a tax of a document: by the user's table, else by the tax's own code where the
// document came from this system. Pure.
import { Failure } from '../core/failure';
import { isRecord } from '../core/values';
import type { UpsertOptions } from '../core/port';

interface GivenTax {
	name?: string;
	rate?: string;
	code?: string;
}

/** What decides besides the tax itself. */
export interface TaxRules extends Pick<UpsertOptions, 'taxes' | 'taxSource'> {
	/** Whether the document came from this system: another one's codes of taxes (`tax2`) mean nothing here. */
	own: boolean;
}

/**
 * What `$tax` gives: an id or code of the system, or nothing where the system's own taxes are to be used. Lists give lists.
 *
 * @param otherwise what stands for a tax that is not mapped, e.g. its rate
 */
export function taxFor(tax: unknown, rules: TaxRules, otherwise?: unknown): unknown {
	if (Array.isArray(tax)) return tax.map((one) => taxFor(one, rules, otherwise)).filter((id) => id !== undefined);
	if (!isRecord(tax) || rules.taxSource === 'target') return undefined;
	const given = tax as GivenTax;
	const mapped = rules.taxes?.find(({ from }) => spellings(given).includes(plain(from)))?.to.trim();
	return mapped || (rules.own ? given.code : undefined) || otherwise || undefined;
}

/**
 * What `$taxNeeded` gives: the same, for systems that take no line without a tax of theirs.
 *
 * @throws Failure `rejected` that names the tax and the node's table
 */
export function taxNeeded(tax: unknown, rules: TaxRules, system: string): unknown {
	if (Array.isArray(tax)) return tax.map((one) => taxNeeded(one, rules, system));
	const found = taxFor(tax, rules);
	if (found !== undefined || !isRecord(tax) || rules.taxSource === 'target') return found;
	const { name, rate } = tax as GivenTax;
	throw new Failure('rejected', `No tax of ${system} is chosen for the tax "${[name, rate && `${rate} %`].filter(Boolean).join(' ')}"`, { advice: 'Add a row for it to "Tax Mapping" of this node' });
}

/** The ways in which the table may name a tax: by name, by rate, by both. */
function spellings({ name, rate }: GivenTax): string[] {
	const [title, percent] = [plain(name ?? ''), plain(rate ?? '')];
	return [title, percent, title && percent ? `${title} ${percent}` : ''].filter(Boolean);
}

function plain(text: string): string {
	return String(text).replace(/%/g, ' ').replace(/\s+/g, ' ').trim().toLowerCase();
}
