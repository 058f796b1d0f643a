// Owns legal entities of 1C as customers: with what their commercial client, contact information and persons add.
// Writes nothing.
import { type Contact, type Customer, customerSchema } from '../core/documents';
import type { ListQuery } from '../core/port';
import { contactAddress, contactKinds, contactText, type ContactUse } from './onec.contact';
import { guid, refTo, text as literal } from './onec.literals';
import type { Profile } from './onec.profile';
import { at, byIdIfThere, type Found, gather, keyOf, partRows, type Reader, sourceKeyOf, sourceOf, sourceRefs } from './onec.reading';
import { type Findable, findOne, listHeaders } from './onec.reading.find';
import { vatOf } from './onec.reading.headers';
import type { Services } from './onec.services';
import { sourceKeysOf } from './onec.sources';
import { reference, text } from './onec.values';
import { taxNumber } from './onec.vat.number';
import type { Row } from './onec.wire';

interface Related {
	profile: Profile;
	kinds: Map<ContactUse, string>;
	partners: Map<string, Row>;
	/** Contact information by the id of whoever it belongs to. */
	contacts: Map<string, Row[]>;
	/** By the id of their owner. */
	persons: Map<string, Row[]>;
	/** Keys of the records that the customers were made from, by id. */
	sourceKeys: Map<string, string>;
}

export class CustomerReader implements Reader<'customer'> {
	constructor(private readonly services: Services) {}

	async sets(): Promise<string[]> {
		return [(await this.services.profile()).customer.set];
	}

	async get(ref: string): Promise<Customer> {
		const [customer] = await this.documents([await findOne(this.services, await this.findable(), ref)]);
		return customer!;
	}

	/** @throws Failure `rejected` for `modifiedSince`: a catalog has no date at all */
	async *list(query: ListQuery): AsyncGenerator<Customer[]> {
		for await (const page of listHeaders(this.services, await this.findable(), query)) yield await this.documents(page);
	}

	async documents(found: readonly Found[]): Promise<Customer[]> {
		if (found.length === 0) return [];
		const related = await this.related(found.map(({ row }) => row));
		return found.map(({ set, row }) => this.toCustomer(set, row, related));
	}

	private async findable(): Promise<Findable> {
		const { customer, contactInfo } = await this.services.profile();
		const { contacts, inn } = customer;
		return {
			kind: 'customer',
			sets: [customer.set],
			number: customer.code,
			only: (row) => row.IsFolder !== true,
			where: {
				name: (value) => `${customer.name} eq ${literal(value)}`,
				...(customer.code ? { number: (value: string) => `${customer.code} eq ${literal(value)}` } : {}),
				...(inn ? { vat: (value: string) => vatFilter(value, customer) } : {}),
				...(contacts ? { email: (value: string) => `${contacts}/any(d: d/${contactInfo.text} eq ${literal(value)})` } : {}),
			},
		};
	}

	private async related(rows: readonly Row[]): Promise<Related> {
		const { services } = this;
		const profile = await services.profile();
		const { customer, partner, contactPerson } = profile;
		const partners = await byIdIfThere(services, customer.partner ? partner?.set : undefined, rows.map((row) => at(row, customer.partner)));
		const persons = await this.persons([...rows, ...partners.values()]);
		const owned = [
			{ set: customer.set, part: customer.contacts, rows },
			...(partner ? [{ set: partner.set, part: partner.contacts, rows: [...partners.values()] }] : []),
			...(contactPerson ? [{ set: contactPerson.set, part: contactPerson.contacts, rows: [...persons.values()].flat() }] : []),
		];
		const contacts = new Map<string, Row[]>();
		for (const { set, part, rows: own } of owned) {
			const ids = own.flatMap((row) => reference(row.Ref_Key) ?? []);
			if (!part || ids.length === 0 || !(await services.metadata.has(`${set}_${part}`))) continue;
			for (const [id, lines] of await partRows(services, set, part, ids, contactColumns(profile))) contacts.set(id, lines);
		}
		return { profile, kinds: await contactKinds(services), partners, contacts, persons, sourceKeys: await sourceKeysOf(services, rows, customer) };
	}

	/** People of the customers or of their partners, whichever the configuration has. */
	private async persons(owners: readonly Row[]): Promise<Map<string, Row[]>> {
		const { services } = this;
		const { contactPerson, customer } = await services.profile();
		const persons = new Map<string, Row[]>();
		if (!contactPerson || !(await services.metadata.has(contactPerson.set))) return persons;
		const { owner, ownerType } = contactPerson;
		const ids = [...new Set(owners.flatMap((row) => reference(row.Ref_Key) ?? []))];
		const rows = await gather(services, contactPerson.set, ids.map((id) => `${owner} eq ${ownerType ? refTo(customer.set, id) : guid(id)}`));
		for (const row of rows) {
			const id = reference(row[owner]);
			if (id && row.DeletionMark !== true && row.IsFolder !== true) persons.set(id, [...(persons.get(id) ?? []), row]);
		}
		return persons;
	}

	private toCustomer(set: string, row: Row, related: Related): Customer {
		const { profile } = related;
		const { customer } = profile;
		const id = reference(row.Ref_Key)!;
		const partner = reference(at(row, customer.partner));
		const own = related.contacts.get(id) ?? [];
		const theirs = related.contacts.get(partner ?? '') ?? [];
		const say = (use: ContactUse) => contactText(own, use, related.kinds, profile.contactInfo) ?? contactText(theirs, use, related.kinds, profile.contactInfo);
		const address = (use: ContactUse) => contactAddress(own, use, related.kinds, profile.contactInfo) ?? {};
		return customerSchema.parse({
			kind: 'customer',
			key: keyOf(this.services, set, id),
			source: sourceOf(this.services, set, row, text(at(row, customer.code))),
			refs: sourceRefs(related.sourceKeys.get(id), 'customer'),
			name: text(row[customer.name]) ?? text(at(row, customer.fullName)) ?? '',
			isCompany: !isPerson(row, profile),
			vat: vatOf(row, customer),
			email: say('email'),
			phone: say('phone'),
			website: say('site'),
			billing: address('legalAddress'),
			shipping: address('actualAddress'),
			contacts: [...(related.persons.get(id) ?? []), ...(related.persons.get(partner ?? '') ?? [])].map((person) => this.toContact(person, related)),
		});
	}

	private toContact(row: Row, { profile, kinds, contacts }: Related): Contact {
		const person = profile.contactPerson!;
		const id = reference(row.Ref_Key)!;
		const say = (use: ContactUse) => contactText(contacts.get(id) ?? [], use, kinds, profile.contactInfo);
		const first = text(at(row, person.firstName));
		const last = text(at(row, person.lastName));
		const [given, ...rest] = (text(row[person.name]) ?? '').split(/\s+/);
		// Only some configurations keep the parts of a name; the order of the whole is the writer's own.
		const names = first || last ? { firstName: first, lastName: last } : { firstName: rest.length > 0 ? given : undefined, lastName: rest.length > 0 ? rest.join(' ') : given || undefined };
		return { key: sourceKeyOf(this.services, row, person) ?? keyOf(this.services, person.set, id), ...names, email: say('contactEmail'), phone: say('contactPhone'), mobile: say('contactMobile'), title: text(at(row, person.position)) };
	}
}

function isPerson(row: Row, { customer }: Profile): boolean {
	return customer.legalForms.some(({ field, person }) => text(row[field]) === person);
}

function vatFilter(value: string, { inn, kpp, foreignTax }: Profile['customer']): string {
	const tax = taxNumber(value);
	if (tax.foreign) return `${foreignTax ?? inn} eq ${literal(tax.foreign)}`;
	const conditions = [`${inn} eq ${literal(tax.inn ?? '')}`, ...(kpp && tax.kpp ? [`${kpp} eq ${literal(tax.kpp)}`] : [])];
	return conditions.join(' and ');
}

/** Texts of unlimited length among them: they are read, never compared. */
function contactColumns({ contactInfo }: Profile): Array<string | undefined> {
	const { type, kind, text: shown, email, phone, country, region, city, value, xml } = contactInfo;
	return [type, kind, shown, email, phone, country, region, city, value, xml];
}
