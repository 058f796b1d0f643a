// Owns the commercial client of a legal entity (УТ, КА, ERP): the one that is there, or a new one. Must not know
// orders.
import { Failure } from '../core/failure';
import { bodyOf, describeChanges, differing, plainText, textCell } from './onec.cells';
import { makeOnce } from './onec.keyed';
import { markedKey, reference, sameRef } from './onec.keys';
import { guid, text } from './onec.literals';
import { namesOf, present } from './onec.overrides';
import type { CustomerPlan } from './onec.partners';
import { describeRow, fold } from './onec.partners.find';
import type { Profile } from './onec.profile';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

export interface PartnerChoice {
	/** Nothing: to be made. */
	row?: Row;
	notes: string[];
}

type Role = NonNullable<Profile['partner']>;

export class PartnerWriter {
	constructor(private readonly services: Services) {}

	/**
	 * The partner for a new legal entity: that of its branches, our own, or one of the same name.
	 *
	 * @throws Failure `ambiguous` when several fit, or one that is marked for deletion
	 */
	async choose(plan: CustomerPlan, branches: readonly Row[], { partner, customer }: Profile): Promise<PartnerChoice> {
		if (!partner) return { notes: [] };
		const ofBranches = [...new Set(branches.flatMap((row) => (customer.partner && row.DeletionMark !== true ? (reference(row[customer.partner]) ?? []) : [])))];
		if (ofBranches.length === 1) return await this.ofBranch(ofBranches[0]!, partner, plan);
		const rows = await this.services.session.rows(partner.set, { filter: `Ref_Key eq ${guid(plan.partnerRef)} or ${partner.name} eq ${text(plan.name)}` });
		const own = rows.find((row) => sameRef(row.Ref_Key, plan.partnerRef));
		const fits = own ? [own] : rows.filter((row) => row.IsFolder !== true && fold(plainText(row[partner.name])) === fold(plan.name) && isFree(row, partner, plan));
		if (fits.length === 0) return { notes: [] };
		if (fits.length === 1 && fits[0]!.DeletionMark !== true) return { row: fits[0], notes: own ? [] : [`Belongs to the partner ${describeRow(fits[0]!, partner)} that was in 1C already`] };
		throw new Failure('ambiguous', `${fits.length === 1 ? 'The partner in 1C with this name is marked for deletion' : `${fits.length} partners in 1C have this name`}: ${fits.map((row) => describeRow(row, partner)).join('; ')}`, {
			record: plan.record,
			advice: 'Leave one of them in 1C and take its deletion mark off, or choose the partner of the legal entity there by hand',
		});
	}

	private async ofBranch(id: string, partner: Role, plan: CustomerPlan): Promise<PartnerChoice> {
		const row = await this.services.session.readIfThere(partner.set, id);
		if (row && row.DeletionMark !== true) return { row, notes: [`A branch of ${describeRow(row, partner)}, whose tax number has another КПП in 1C`] };
		throw new Failure('ambiguous', `Branches of this company are in 1C, and their partner is ${row ? 'marked for deletion' : 'gone'}`, { record: plan.record, advice: 'Give the branches their partner in 1C' });
	}

	/** Makes the partner. Gives its Ref_Key. */
	async make(plan: CustomerPlan, partner: Role): Promise<string> {
		const cells = present(plan.partnerCells, await namesOf(this.services, partner.set));
		const { row } = await makeOnce(this.services, { set: partner.set, body: bodyOf(cells), ref: plan.partnerRef, slot: async () => await this.bySlot(plan, partner) });
		const id = reference(row.Ref_Key);
		if (id) return id;
		throw new Failure('unknown', '1C answered without the id of the partner it made', { record: plan.record });
	}

	/** A partner of ours whose legal entity is renamed is renamed with it. */
	async rename(plan: CustomerPlan, id: string | undefined, partner: Role, dryRun: boolean): Promise<Record<string, { before?: string; after?: string }>> {
		if (!id || !sameRef(id, plan.partnerRef)) return {};
		const row = await this.services.session.readIfThere(partner.set, id);
		if (!row || row.DeletionMark === true) return {};
		const names = await namesOf(this.services, partner.set);
		const wanted = present([textCell(partner.name, plan.name), ...(partner.fullName ? [textCell(partner.fullName, plan.name)] : [])], names);
		const cells = differing(wanted, row);
		if (cells.length > 0 && !dryRun) await this.services.session.patch(partner.set, id, bodyOf(cells, row), { version: plainText(row.DataVersion) || undefined });
		return describeChanges(cells, row, 'partner: ');
	}

	/** For servers that choose ids themselves: the partner of the name that carries our mark. */
	private async bySlot(plan: CustomerPlan, partner: Role): Promise<Row | undefined> {
		const rows = await this.services.session.rows(partner.set, { filter: `${partner.name} eq ${text(plan.name)}` });
		return rows.find((row) => row.DeletionMark !== true && partner.comment !== undefined && markedKey(plainText(row[partner.comment])) === plan.customer.key);
	}
}

/** A partner made for another record of the CRM is not taken for its name alone. */
function isFree(row: Row, { comment }: Role, plan: CustomerPlan): boolean {
	const key = comment ? markedKey(plainText(row[comment])) : undefined;
	return key === undefined || key === plan.customer.key;
}
