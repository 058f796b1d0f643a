// Owns finding the partner that a customer already is in Odoo: by its key, by what the document states, by VAT, by the
// chosen field. One partner, or none, or a question for a person. Writes nothing.
import { Failure } from '../core/failure';
import { ODOO_MODULE } from '../core/keys';
import type { UpsertOptions } from '../core/port';
import type { ExternalIds } from './odoo.keys';
import type { PartnerPlan } from './odoo.partners';
import { MODELS } from './odoo.refs';
import type { OdooSession } from './odoo.session';
import { type Domain, ilike, normalVat, type Row, text } from './odoo.values';

export type Located =
	| { is: 'new' }
	/** `adopt`: it has no key yet. */
	| { is: 'found'; row: Row; adopt: boolean; by: string }
	| { is: 'failed'; failure: Failure };

/** What one search knows of partners and their keys. */
interface Knowledge {
	byKey: Map<string, number>;
	keysOf: Map<number, string[]>;
	rows: Map<number, Row>;
}

const MATCH_FIELDS = ['name', 'vat', 'email', 'phone', 'ref', 'active', 'parent_id'];
/** Many VAT numbers in one question are asked for as they are; a few also with any punctuation between. */
const MOST_PATTERNS = 20;
/** A name shared by more says nothing. */
const MOST_CANDIDATES = 2_000;

export class PartnerFinder {
	constructor(
		private readonly session: OdooSession,
		private readonly keys: ExternalIds,
	) {}

	/** @param fields what the caller wants to know of a found partner */
	async locate(plans: readonly PartnerPlan[], fields: readonly string[], matchBy: UpsertOptions['matchBy'] = 'none'): Promise<Located[]> {
		const wanted = [...new Set([...MATCH_FIELDS, ...fields])];
		// For one customer a search over all its marks and the keys of what it finds is a call less than asking both.
		const byKey = plans.length > 1 ? await this.keys.findMany(MODELS.customer, plans.flatMap(externalIdsOf)) : undefined;
		const open = byKey ? plans.filter((plan) => !byKey.has(plan.externalId)) : plans;
		const domain = candidatesDomain(open, matchBy, byKey === undefined);
		const candidates = domain.length > 0 ? await this.session.searchRead(MODELS.customer, domain, wanted, { limit: MOST_CANDIDATES, context: { active_test: false } }) : [];
		const rows = new Map(candidates.map((row) => [row.id, row]));
		const keysOf = candidates.length > 0 ? await this.keys.ofRecords(MODELS.customer, rows.keys()) : new Map<number, string[]>();
		const known: Knowledge = { byKey: new Map([...invert(keysOf), ...(byKey ?? [])]), keysOf, rows };
		await this.readMissing(plans, known, wanted);
		const located: Located[] = [];
		for (const plan of plans) located.push(await this.decide(plan, known, matchBy, wanted));
		return located;
	}

	/** Rows of partners that are known by key only. */
	private async readMissing(plans: readonly PartnerPlan[], known: Knowledge, fields: readonly string[]): Promise<void> {
		const ids = plans.map((plan) => known.byKey.get(plan.externalId)).filter((id): id is number => id !== undefined && !known.rows.has(id));
		for (const row of await this.session.read(MODELS.customer, [...new Set(ids)], fields)) known.rows.set(row.id, row);
	}

	private async decide(plan: PartnerPlan, known: Knowledge, matchBy: UpsertOptions['matchBy'], fields: readonly string[]): Promise<Located> {
		const own = known.rows.get(known.byKey.get(plan.externalId) ?? 0);
		if (own) return { is: 'found', row: own, adopt: false, by: 'its key' };
		const match = matching(plan, known, matchBy);
		if (!match || match.is !== 'found' || this.keys.seesAll) return match ?? { is: 'new' };
		// Only the oldest key of a partner was seen: ours may stand behind it, or on another partner.
		const id = await this.keys.find(MODELS.customer, plan.externalId);
		if (id === undefined) return match;
		const row = known.rows.get(id) ?? (await this.session.read(MODELS.customer, [id], fields))[0];
		return row ? { is: 'found', row, adopt: false, by: 'its key' } : match;
	}
}

function externalIdsOf(plan: PartnerPlan): string[] {
	return [plan.externalId, ...plan.children.map((child) => child.externalId)];
}

function invert(keysOf: Map<number, string[]>): Array<[string, number]> {
	return [...keysOf].flatMap(([id, keys]) => keys.map((key): [string, number] => [key, id]));
}

/**
 * Partners that may be one of the customers.
 *
 * @param wide keys could not be asked for: everything is searched by which a keyed partner may be recognised
 */
function candidatesDomain(plans: readonly PartnerPlan[], matchBy: UpsertOptions['matchBy'], wide: boolean): Domain {
	const vats = plans.flatMap((plan) => (plan.customer.vat ? [plan.customer.vat, plan.vat!, plan.vat!.toLowerCase()] : []));
	const patterns = plans.length <= MOST_PATTERNS ? plans.flatMap((plan) => (plan.vat ? [[...plan.vat].join('%')] : [])) : [];
	const ids = plans.flatMap((plan) => (plan.statedId ? [plan.statedId] : []));
	const widely = (field: string): boolean => wide && (field === 'name' || field === 'email');
	const values = (field: 'name' | 'email' | 'phone' | 'reference'): string[] => widely(field) || matchBy === field ? plans.flatMap((plan) => matchValue(plan, field) ?? []) : [];
	const leaves: Domain = [
		...(ids.length ? [['id', 'in', ids]] : []),
		...(vats.length ? [['vat', 'in', [...new Set(vats)]]] : []),
		...patterns.map((pattern) => ['vat', '=ilike', pattern]),
		...anyOf('name', values('name')),
		...anyOf('email', values('email')),
		...anyOf('phone', values('phone')),
		...anyOf('ref', values('reference')),
	];
	return [...leaves.slice(1).map(() => '|'), ...leaves];
}

/** A few values are searched whatever their case, many as they are. */
function anyOf(field: string, values: readonly string[]): Domain {
	const unique = [...new Set(values)];
	if (unique.length > MOST_PATTERNS) return [[field, 'in', unique]];
	return unique.map((value) => [field, '=ilike', ilike(value)]);
}

function matchValue({ customer }: PartnerPlan, field: UpsertOptions['matchBy']): string | undefined {
	switch (field) {
		case 'name':
			return customer.name;
		case 'email':
			return customer.email;
		case 'phone':
			return customer.phone;
		case 'reference':
			return customer.source?.number;
		default:
			return undefined;
	}
}

const MATCH_COLUMN = { name: 'name', email: 'email', phone: 'phone', reference: 'ref' } as const;

function matching(plan: PartnerPlan, known: Knowledge, matchBy: UpsertOptions['matchBy']): Located | undefined {
	const free = (row: Row): boolean => !belongsElsewhere(plan, known.keysOf.get(row.id));
	const stated = plan.statedId ? known.rows.get(plan.statedId) : undefined;
	if (stated && free(stated)) return { is: 'found', row: stated, adopt: true, by: 'the link in the CRM' };
	// Contacts repeat the VAT number of their company, and archived partners are out of use.
	const heads = [...known.rows.values()].filter((row) => row.active !== false && !row.parent_id);
	const vat = plan.vat ? heads.filter((row) => normalVat(text(row.vat) ?? '') === plan.vat) : [];
	if (vat.length > 0) return oneOf(plan, vat, free, `VAT number ${plan.customer.vat}`, true);
	const value = matchBy && matchBy !== 'none' ? matchValue(plan, matchBy)?.toLowerCase() : undefined;
	if (!matchBy || matchBy === 'none' || !value) return undefined;
	const fits = heads.filter((row) => text(row[MATCH_COLUMN[matchBy]])?.toLowerCase() === value);
	// A name or mail address shared with another customer is no proof; a VAT number is.
	return fits.some(free) ? oneOf(plan, fits.filter(free), free, `${matchBy} "${value}"`, false) : undefined;
}

function oneOf(plan: PartnerPlan, rows: readonly Row[], free: (row: Row) => boolean, by: string, unique: boolean): Located {
	const candidates = rows.filter(free);
	if (candidates.length === 1 && (rows.length === 1 || !unique)) return { is: 'found', row: candidates[0]!, adopt: true, by };
	const list = rows.map((row) => `"${text(row.name) ?? ''}" (id ${row.id})`).join(', ');
	const details = { record: plan.record, advice: candidates.length > 0 ? 'Merge them in Odoo, or correct the number' : 'Merge the two records in the CRM, or correct the VAT number of one' };
	const what = candidates.length > 0 ? `${rows.length} customers in Odoo have the ${by}: ${list}` : `The ${by} is that of ${list} in Odoo, which belongs to another record of the CRM`;
	return { is: 'failed', failure: new Failure('ambiguous', what, details) };
}

/** Whether a partner is already the counterpart of another record of the same CRM. */
function belongsElsewhere(plan: PartnerPlan, keys: readonly string[] | undefined): boolean {
	const prefix = plan.externalId.slice(0, plan.externalId.indexOf('__') + 2);
	return (keys ?? []).some((key) => key.startsWith(`${ODOO_MODULE}.`) && key.startsWith(prefix) && key !== plan.externalId);
}
