// Owns the contract of a customer where an order needs one (БП, УНФ): the only one that fits, or ours. Must not know
// orders.
import { Failure } from '../core/failure';
import { bodyOf, type Cell, fixedCell, markCell, plainText, refCell, textCell } from './onec.cells';
import { makeOnce } from './onec.keyed';
import { reference, refKey, sameRef } from './onec.keys';
import { guid, text } from './onec.literals';
import { namesOf, present } from './onec.overrides';
import type { Profile } from './onec.profile';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

export interface ContractFor {
	/** Of the customer in the CRM. */
	key: string;
	customer: string;
	partner?: string;
	organization: { id: string; name: string };
	currency: { id: string; code: string };
	record: string;
}

type Role = NonNullable<Profile['contract']>;

export class ContractWriter {
	constructor(private readonly services: Services) {}

	/**
	 * The contract for an order, or undefined when it is still to be made and `dryRun` forbids it.
	 *
	 * @throws Failure `ambiguous` when several fit
	 */
	async ensure(role: Role, wanted: ContractFor, dryRun: boolean): Promise<{ id?: string; notes: string[] }> {
		const { session, metadata } = this.services;
		if (!(await metadata.has(role.set))) throw new Failure('denied', `1C does not publish ${role.set}, and the document needs a contract`, { record: wanted.record, advice: 'An administrator adds it in the form "Настройка автоматического REST-сервиса"' });
		const ref = contractRef(wanted);
		const rows = await session.rows(role.set, { filter: `${role.owner} eq ${guid(wanted.customer)}` });
		const own = rows.find((row) => sameRef(row.Ref_Key, ref));
		if (own && own.DeletionMark !== true) return { id: ref, notes: [] };
		const fits = rows.filter((row) => row.DeletionMark !== true && row.IsFolder !== true && isFitting(row, role, wanted));
		if (fits.length > 1) throw new Failure('ambiguous', `The customer has ${fits.length} contracts in 1C that fit: ${fits.map((row) => describeContract(row, role)).join('; ')}`, { record: wanted.record, advice: 'Set the contract with a field override (its Ref_Key), or leave one of them in 1C' });
		const [only] = fits;
		if (only) return { id: reference(only.Ref_Key), notes: [] };
		if (own) throw new Failure('ambiguous', `The contract ${describeContract(own, role)} of the customer is marked for deletion in 1C`, { record: wanted.record, advice: 'Take the deletion mark off, or make another contract in 1C' });
		if (dryRun) return { notes: ['A contract with the customer would be made'] };
		const cells = present(contractCells(role, wanted), await namesOf(this.services, role.set));
		const made = await makeOnce(this.services, { set: role.set, body: bodyOf(cells), ref, slot: async () => await this.bySlot(role, wanted) });
		return { id: reference(made.row.Ref_Key), notes: made.existed ? [] : [`A contract with the customer was made in 1C: ${describeContract(made.row, role)}`] };
	}

	private async bySlot(role: Role, wanted: ContractFor): Promise<Row | undefined> {
		const rows = await this.services.session.rows(role.set, { filter: `${role.owner} eq ${guid(wanted.customer)} and ${role.name} eq ${text(contractName(wanted))}` });
		return rows.find((row) => row.DeletionMark !== true && isFitting(row, role, wanted));
	}
}

/** One per customer, organization and currency. */
function contractRef({ key, organization, currency }: ContractFor): string {
	return refKey(key, `contract:${organization.id}:${currency.code}`);
}

function contractName({ organization, currency }: ContractFor): string {
	return `Договор с покупателем, ${currency.code} (${organization.name})`.slice(0, 100);
}

function contractCells(role: Role, wanted: ContractFor): Cell[] {
	return [
		refCell(role.owner, wanted.customer),
		...(role.partner && wanted.partner ? [refCell(role.partner, wanted.partner)] : []),
		textCell(role.name, contractName(wanted)),
		...(role.organization ? [refCell(role.organization, wanted.organization.id)] : []),
		...(role.currency ? [refCell(role.currency, wanted.currency.id)] : []),
		...(role.kind && role.kindValue ? [textCell(role.kind, role.kindValue)] : []),
		...(role.comment ? [markCell(role.comment, wanted.key)] : []),
		...Object.entries(role.whenNew).map(([field, value]) => fixedCell(field, value)),
	];
}

function isFitting(row: Row, role: Role, wanted: ContractFor): boolean {
	const same = (field: string | undefined, id: string): boolean => !field || !(field in row) || sameRef(row[field], id);
	return same(role.owner, wanted.customer) && same(role.organization, wanted.organization.id) && same(role.currency, wanted.currency.id) && (!role.kind || !role.kindValue || plainText(row[role.kind]) === role.kindValue);
}

function describeContract(row: Row, { name, number }: Role): string {
	return [number && plainText(row[number]) && `№ ${plainText(row[number])}`, `"${plainText(row[name])}"`].filter(Boolean).join(' ');
}
