// Owns finding the legal entity that a customer already is in 1C: by our own Ref_Key, by what the document states, by
// ИНН and КПП, by name, by the chosen field. One record, or none, or a question for a person. Writes nothing.
import { asFailure, Failure } from '../core/failure';
import { parseKey } from '../core/keys';
import type { UpsertOptions } from '../core/port';
import { plainText } from './onec.cells';
import { markedKey, sameRef } from './onec.keys';
import { guid, text } from './onec.literals';
import type { CustomerPlan } from './onec.partners';
import type { Profile } from './onec.profile';
import { filters } from './onec.reading';
import type { Services } from './onec.services';
import type { OnecSession } from './onec.session';
import { sameForeign } from './onec.vat.number';
import type { Row } from './onec.wire';

export type Located =
	| {
			is: 'new';
			/** Rows of the same ИНН with another КПП: branches of one commercial client. */
			branches: Row[];
			notes: string[];
	  }
	/** `ours`: made by this pack for this very record. */
	| { is: 'found'; row: Row; ours: boolean; by: string }
	| { is: 'failed'; failure: Failure };

type Role = Profile['customer'];
type MatchBy = NonNullable<UpsertOptions['matchBy']>;

/** Unlimited text cannot be compared (reference 5): a column that has shown to be such is not asked for again. */
const incomparable = new WeakMap<OnecSession, Set<string>>();

/** IIS takes 2,048 characters of a query; a Cyrillic letter is six. A longer name is found by its tax number only. */
const LONGEST_CONDITION = 1_600;

export class PartnerFinder {
	constructor(private readonly services: Services) {}

	async locate(plans: readonly CustomerPlan[], matchBy: MatchBy = 'none'): Promise<Located[]> {
		if (plans.length === 0) return [];
		const profile = await this.services.profile();
		const rows = await this.candidates(plans, profile, matchBy);
		return plans.map((plan) => decide(plan, rows, profile, matchBy));
	}

	private async candidates(plans: readonly CustomerPlan[], profile: Profile, matchBy: MatchBy): Promise<Row[]> {
		const { session } = this.services;
		const refused = incomparable.get(session) ?? new Set<string>();
		incomparable.set(session, refused);
		const { customer } = profile;
		const ask = async (): Promise<Row[]> => {
			const conditions = plans.flatMap((plan) => conditionsOf(plan, profile, matchBy, refused)).filter((condition) => encodeURIComponent(condition).length < LONGEST_CONDITION);
			const rows = new Map<string, Row>();
			for (const filter of filters(conditions)) for (const row of await session.rows(customer.set, { filter })) rows.set(String(row.Ref_Key), row);
			return [...rows.values()].filter((row) => row.IsFolder !== true);
		};
		try {
			return await ask();
		} catch (error) {
			const failure = asFailure(error);
			if (!customer.fullName || refused.has(customer.fullName) || !/неограниченн|unlimited/i.test(failure.said ?? failure.message)) throw failure;
			refused.add(customer.fullName);
			return await ask();
		}
	}
}

function conditionsOf(plan: CustomerPlan, { customer, contactInfo }: Profile, matchBy: MatchBy, refused: ReadonlySet<string>): string[] {
	const { tax, name } = plan;
	const names = [customer.name, ...(customer.fullName && !refused.has(customer.fullName) ? [customer.fullName] : [])];
	const spellings = [...new Set([name, plan.customer.name.trim(), name.toUpperCase()])];
	const value = matchValue(plan, matchBy);
	return [
		`Ref_Key eq ${guid(plan.ref)}`,
		...(plan.statedRef ? [`Ref_Key eq ${guid(plan.statedRef)}`] : []),
		...(customer.inn && tax.inn ? [`${customer.inn} eq ${text(tax.inn)}`] : []),
		...(tax.foreign ? [customer.foreignTax, customer.inn].flatMap((field) => (field ? [`${field} eq ${text(tax.foreign!)}`] : [])) : []),
		...names.flatMap((field) => spellings.map((spelling) => `${field} eq ${text(spelling)}`)),
		...yoSpellings(name).map((spelling) => `${customer.name} eq ${text(spelling)}`),
		...(value && customer.contacts && matchBy === 'email' && contactInfo.email ? [`${customer.contacts}/any(d: d/${contactInfo.email} eq ${text(value)})`] : []),
		...(value && customer.contacts && matchBy === 'phone' ? [`${customer.contacts}/any(d: d/${contactInfo.text} eq ${text(value)})`] : []),
		...(value && customer.code && matchBy === 'reference' ? [`${customer.code} eq ${text(value)}`] : []),
	];
}

/** The name with `ё` written the other way at one place: such twins are told, never taken. */
function yoSpellings(name: string): string[] {
	const plain = name.replace(/ё/g, 'е').replace(/Ё/g, 'Е');
	if (plain !== name) return [plain];
	return [...name].flatMap((letter, i) => (letter === 'е' ? [`${name.slice(0, i)}ё${name.slice(i + 1)}`] : [])).slice(0, 3);
}

/** Names are compared whatever their case and blanks. */
export function fold(name: string): string {
	return name.replace(/\s+/g, ' ').trim().toLowerCase();
}

function matchValue({ customer }: CustomerPlan, matchBy: MatchBy): string | undefined {
	if (matchBy === 'email') return customer.email;
	if (matchBy === 'phone') return customer.phone;
	return matchBy === 'reference' ? customer.source?.number : undefined;
}

function decide(plan: CustomerPlan, rows: readonly Row[], profile: Profile, matchBy: MatchBy): Located {
	const role = profile.customer;
	const own = rows.find((row) => sameRef(row.Ref_Key, plan.ref));
	if (own) return own.DeletionMark === true ? markedFailure(plan, [own], role, 'its key') : { is: 'found', row: own, ours: true, by: 'its key' };
	// A record that was copied in the CRM carries the link of its original.
	const stated = plan.statedRef ? rows.find((row) => sameRef(row.Ref_Key, plan.statedRef) && !belongsElsewhere(plan, row, role)) : undefined;
	if (stated) return stated.DeletionMark === true ? markedFailure(plan, [stated], role, 'the link in the CRM') : { is: 'found', row: stated, ours: ownerKey(stated, role) === plan.customer.key, by: 'the link in the CRM' };
	const byTax = taxMatches(plan, rows, role);
	if (byTax.fits.length > 0) return oneOf(plan, byTax.fits, role, `tax number ${plan.customer.vat!.trim()}`, true);
	const byName = nameMatches(plan, rows, role);
	if (byName.length > 0) return oneOf(plan, byName, role, `name "${plan.name}"`, false);
	const value = matchValue(plan, matchBy);
	const byField = value ? fieldMatches(value, rows, profile, matchBy) : [];
	if (byField.length > 0) return oneOf(plan, byField, role, `${matchBy} "${value}"`, false);
	return { is: 'new', branches: byTax.branches, notes: yoNotes(plan, rows, role) };
}

function taxMatches({ tax }: CustomerPlan, rows: readonly Row[], { inn, kpp, foreignTax }: Role): { fits: Row[]; branches: Row[] } {
	const value = (row: Row, field: string | undefined): string => (field ? plainText(row[field]).trim() : '');
	if (tax.foreign) return { fits: rows.filter((row) => [foreignTax, inn].some((field) => value(row, field) !== '' && sameForeign(value(row, field), tax.foreign!))), branches: [] };
	if (!tax.inn) return { fits: [], branches: [] };
	const same = rows.filter((row) => value(row, inn) === tax.inn);
	if (!tax.kpp || !kpp) return { fits: same, branches: [] };
	const exact = same.filter((row) => value(row, kpp).toUpperCase() === tax.kpp);
	// One without КПП is the same entity, not yet filled in; one with another КПП is a branch.
	const blank = same.filter((row) => value(row, kpp) === '');
	return { fits: exact.length > 0 ? exact : blank, branches: same.filter((row) => !exact.includes(row) && !blank.includes(row)) };
}

/** Same name; a record with another tax number is another entity. */
function nameMatches(plan: CustomerPlan, rows: readonly Row[], role: Role): Row[] {
	const wanted = fold(plan.name);
	return rows.filter((row) => [role.name, role.fullName].some((field) => field && fold(plainText(row[field])) === wanted) && !hasOtherTax(plan, row, role) && !belongsElsewhere(plan, row, role));
}

function hasOtherTax({ tax }: CustomerPlan, row: Row, { inn, foreignTax }: Role): boolean {
	const there = [inn, foreignTax].map((field) => (field ? plainText(row[field]).trim() : '')).filter(Boolean);
	return there.length > 0 && (tax.inn !== undefined || tax.foreign !== undefined);
}

function fieldMatches(value: string, rows: readonly Row[], { customer, contactInfo }: Profile, matchBy: MatchBy): Row[] {
	if (matchBy === 'reference') return rows.filter((row) => customer.code && plainText(row[customer.code]).trim() === value);
	const part = (row: Row): Row[] => (customer.contacts && Array.isArray(row[customer.contacts]) ? (row[customer.contacts] as Row[]) : []);
	return rows.filter((row) => part(row).some((entry) => [contactInfo.email, contactInfo.text].some((field) => field && fold(plainText(entry[field])) === fold(value))));
}

/** The key of the CRM's record that it was made for, as its comment tells. */
function ownerKey(row: Row, { comment }: Role): string | undefined {
	return comment ? markedKey(plainText(row[comment])) : undefined;
}

function belongsElsewhere(plan: CustomerPlan, row: Row, role: Role): boolean {
	const key = ownerKey(row, role);
	return key !== undefined && key !== plan.customer.key && parseKey(key)?.installation === parseKey(plan.customer.key)?.installation;
}

function oneOf(plan: CustomerPlan, rows: readonly Row[], role: Role, by: string, unique: boolean): Located {
	if (rows.some((row) => row.DeletionMark === true)) return markedFailure(plan, rows, role, by);
	const [only] = rows;
	if (only && rows.length === 1) {
		if (!unique || !belongsElsewhere(plan, only, role)) return { is: 'found', row: only, ours: ownerKey(only, role) === plan.customer.key, by };
		const what = `The ${by} is that of ${describeRow(only, role)} in 1C, which belongs to another record of the CRM`;
		return { is: 'failed', failure: new Failure('ambiguous', what, { record: plan.record, advice: 'Merge the two records in the CRM, or correct the number of one' }) };
	}
	const list = rows.map((row) => describeRow(row, role)).join('; ');
	return { is: 'failed', failure: new Failure('ambiguous', `${rows.length} customers in 1C have the ${by}: ${list}`, { record: plan.record, advice: 'Merge the duplicates in 1C, or give the customer its ИНН and КПП in the CRM' }) };
}

function markedFailure(plan: CustomerPlan, rows: readonly Row[], role: Role, by: string): Located {
	const list = rows.map((row) => describeRow(row, role)).join('; ');
	const what = rows.length === 1 ? `The customer in 1C with the ${by.replace(/^its /, '')} is marked for deletion: ${list}` : `${rows.length} customers in 1C have the ${by}, some of them marked for deletion: ${list}`;
	return { is: 'failed', failure: new Failure('ambiguous', what, { record: plan.record, advice: rows.length === 1 ? 'Take the deletion mark off in 1C, or delete the record there for good' : 'Delete the duplicates in 1C for good, or take the mark off the right one' }) };
}

/** `00-000036 "Ромашка ООО", ИНН 7700000016, КПП 770001001, marked for deletion`. */
export function describeRow(row: Row, { code, name, inn, kpp, foreignTax }: Partial<Role> & { name: string }): string {
	const value = (field: string | undefined): string => (field ? plainText(row[field]).trim() : '');
	return [
		[value(code), `"${value(name)}"`].filter(Boolean).join(' '),
		value(inn) && `ИНН ${value(inn)}`,
		value(kpp) && `КПП ${value(kpp)}`,
		!value(inn) && value(foreignTax) && `tax number ${value(foreignTax)}`,
		!value(code) && !value(inn) && `id ${String(row.Ref_Key)}`,
		row.DeletionMark === true && 'marked for deletion',
	].filter(Boolean).join(', ');
}

function yoNotes(plan: CustomerPlan, rows: readonly Row[], role: Role): string[] {
	const plain = (name: string): string => fold(name).replace(/ё/g, 'е');
	return rows.filter((row) => fold(plainText(row[role.name])) !== fold(plan.name) && plain(plainText(row[role.name])) === plain(plan.name)).map((row) => `1C also has ${describeRow(row, role)}, whose name differs in "ё" only: it was not taken for the same`);
}
