// Owns the contact persons of a customer: found under their owner, added, or brought up to date. Must not know documents.
import type { Outcome } from '../core/port';
import { bodyOf, describeChanges, differing, plainText } from './onec.cells';
import { contactKinds, planContacts } from './onec.contact';
import { makeOnce } from './onec.keyed';
import { sameRef } from './onec.keys';
import { guid, refTo } from './onec.literals';
import { namesOf, present, rowNames } from './onec.overrides';
import type { PersonPlan } from './onec.partners';
import { fold } from './onec.partners.find';
import type { Profile } from './onec.profile';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

type Role = NonNullable<Profile['contactPerson']>;

export interface PersonsResult {
	changed: Outcome['changed'];
	notes: string[];
}

export interface Owner {
	/** Its set: a partner's or a counterparty's. */
	set: string;
	/** Nothing: it is still to be made (a dry run). */
	id?: string;
	/** Made a moment ago: has no persons yet. */
	fresh: boolean;
}

export class PersonWriter {
	constructor(private readonly services: Services) {}

	async write(persons: readonly PersonPlan[], owner: Owner, dryRun: boolean): Promise<PersonsResult> {
		const result: PersonsResult = { changed: {}, notes: [] };
		const profile = await this.services.profile();
		const role = profile.contactPerson;
		if (!role || persons.length === 0) return result;
		if (!(await this.services.metadata.has(role.set))) return { ...result, notes: [`Contacts were left out: 1C does not publish ${role.set}`] };
		const there = owner.fresh || !owner.id ? [] : await this.services.session.rows(role.set, { filter: `${ownerCondition(role, owner.set, owner.id)} or ${persons.map(({ ref }) => `Ref_Key eq ${guid(ref)}`).join(' or ')}` });
		for (const person of persons) await this.writeOne(person, find(person, there, role), owner, dryRun, profile, result);
		return result;
	}

	private async writeOne(person: PersonPlan, row: Row | undefined, owner: Owner, dryRun: boolean, profile: Profile, result: PersonsResult): Promise<void> {
		const role = profile.contactPerson!;
		const label = `contact ${person.name}`;
		if (row?.DeletionMark === true) return void result.notes.push(`The ${label} is marked for deletion in 1C and was left alone`);
		const names = await namesOf(this.services, role.set);
		const current = row && role.contacts && Array.isArray(row[role.contacts]) ? (row[role.contacts] as Row[]) : [];
		const contacts = role.contacts ? planContacts(person.entries, current, await contactKinds(this.services), profile.contactInfo, rowNames(names, role.contacts)) : undefined;
		result.notes.push(...(contacts?.notes ?? []));
		const cells = present(row ? differing(person.cells, row) : [...person.cells, ...person.whenNew], names);
		const part = contacts?.rows && role.contacts ? { [role.contacts]: contacts.rows } : {};
		if (!row) {
			result.changed[label] = { after: 'added' };
			if (!dryRun) await this.make(person, { ...bodyOf(cells), ...ownerFields(role, owner), ...part }, role);
			return;
		}
		if (cells.length === 0 && !contacts?.rows) return;
		Object.assign(result.changed, describeChanges(cells, row, `${label}: `), Object.fromEntries(Object.entries(contacts?.changed ?? {}).map(([what, change]) => [`${label}: ${what}`, change])));
		if (!dryRun) await this.services.session.patch(role.set, String(row.Ref_Key), { ...bodyOf(cells, row), ...part }, { version: plainText(row.DataVersion) || undefined });
	}

	private async make(person: PersonPlan, body: Row, role: Role): Promise<void> {
		await makeOnce(this.services, {
			set: role.set,
			body,
			ref: person.ref,
			slot: async () => {
				const value = body[role.owner];
				const condition = role.ownerType ? `${role.owner} eq ${refTo(String(body[role.ownerType]).replace('StandardODATA.', ''), String(value))}` : `${role.owner} eq ${guid(String(value))}`;
				return find(person, await this.services.session.rows(role.set, { filter: condition }), role);
			},
		});
	}
}

function ownerCondition(role: Role, set: string, id: string): string {
	return role.ownerType ? `${role.owner} eq ${refTo(set, id)}` : `${role.owner} eq ${guid(id)}`;
}

function ownerFields(role: Role, { set, id }: Owner): Row {
	return { [role.owner]: id, ...(role.ownerType ? { [role.ownerType]: `StandardODATA.${set}` } : {}) };
}

/** By key, else the only one of that name who is not marked. */
function find(person: PersonPlan, rows: readonly Row[], role: Role): Row | undefined {
	const own = rows.find((row) => sameRef(row.Ref_Key, person.ref));
	if (own) return own;
	const named = rows.filter((row) => row.DeletionMark !== true && fold(plainText(row[role.name])) === fold(person.name));
	return named.length === 1 ? named[0] : undefined;
}
