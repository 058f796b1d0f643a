// Owns a customer as 1C will hold it: the legal entity, its commercial client, its contact information and persons, as
// cells under their keys. Reads nothing, writes nothing.
import { describeDocument, type Contact, type Customer, type Document, refTo } from '../core/documents';
import { Failure } from '../core/failure';
import { parseKey } from '../core/keys';
import { booleanCell, type Cell, fixedCell, markCell, textCell } from './onec.cells';
import { type ContactEntry, hasAddress } from './onec.contact';
import { isGuid, refKey } from './onec.keys';
import type { Profile } from './onec.profile';
import { type TaxNumber, taxNumber } from './onec.vat.number';

export interface PersonPlan {
	key: string;
	/** Our own Ref_Key for it. */
	ref: string;
	name: string;
	cells: Cell[];
	whenNew: Cell[];
	entries: ContactEntry[];
}

export interface CustomerPlan {
	customer: Customer;
	record: string;
	/** Our own Ref_Keys: of the legal entity and of its commercial client. */
	ref: string;
	partnerRef: string;
	/** The record in this infobase that the document says it is. */
	statedRef?: string;
	tax: TaxNumber;
	name: string;
	/** Written wherever they differ. */
	cells: Cell[];
	/** Written on a record of ours; on one that people made they are only filled in where empty. */
	own: Cell[];
	whenNew: Cell[];
	partnerCells: Cell[];
	entries: ContactEntry[];
	persons: PersonPlan[];
}

/** The customer of a document; quotes and orders carry theirs. */
export function customerOf(document: Document): Customer {
	if (document.kind === 'customer') return document;
	const carried = 'customer' in document ? document.customer : undefined;
	if (carried) return carried;
	throw new Failure('missing', 'It carries no customer', { record: describeDocument(document), advice: 'Give it an organisation or a contact in the CRM, or put a step that reads the customer before this one' });
}

/** @throws Failure `missing` or `rejected` when there is no customer, or none with a name */
export function planCustomer(document: Document, profile: Profile, installation: string, overrides: readonly Cell[] = []): CustomerPlan {
	const customer = customerOf(document);
	const record = describeDocument(customer);
	const name = customer.name.replace(/\s+/g, ' ').trim();
	if (!name) throw new Failure('rejected', 'It has no name', { record, advice: '1C needs one' });
	const tax = taxNumber(customer.vat);
	const overridden = new Set(overrides.map((cell) => cell.field));
	const mine = (cells: Cell[]): Cell[] => cells.filter((cell) => !overridden.has(cell.field));
	return {
		customer,
		record,
		ref: refKey(customer.key),
		partnerRef: refKey(customer.key, 'partner'),
		statedRef: statedRef(customer, document, profile.customer.set, installation),
		tax,
		name,
		cells: [...overrides],
		own: mine([...nameCells(name, profile.customer), ...taxCells(tax, profile.customer)]),
		whenNew: mine([...legalForm(customer, tax, profile.customer), ...commentCell(customer, profile.customer.comment), ...fixedCells(profile.customer.whenNew)]),
		partnerCells: partnerCells(customer, name, profile),
		entries: entriesOf(customer),
		persons: profile.contactPerson ? uniquePersons(customer.contacts.map((contact) => planPerson(contact, profile))) : [],
	};
}

/** Read from here, written here, or linked to here. */
function statedRef(customer: Customer, document: Document, set: string, installation: string): string | undefined {
	const { source, link } = customer;
	const fromKey = (key: string | undefined): string | undefined => {
		const parts = key ? parseKey(key) : undefined;
		return parts?.installation === installation && parts.module === set ? parts.id : undefined;
	};
	const stated = [
		source?.installation === installation && source.module === set ? source.id : undefined,
		refTo(customer, installation, 'customer')?.id,
		document === customer ? undefined : refTo(document, installation, 'customer')?.id,
		fromKey(link?.key),
		fromKey(customer.key),
	].find((id) => isGuid(id));
	return stated?.toLowerCase();
}

function nameCells(name: string, role: { name: string; fullName?: string }): Cell[] {
	return [textCell(role.name, name), ...(role.fullName ? [textCell(role.fullName, name)] : [])];
}

function taxCells(tax: TaxNumber, { inn, kpp, foreignTax }: Profile['customer']): Cell[] {
	return [
		...(inn && tax.inn ? [textCell(inn, tax.inn)] : []),
		...(kpp && tax.kpp ? [textCell(kpp, tax.kpp)] : []),
		...(tax.foreign && (foreignTax ?? inn) ? [textCell((foreignTax ?? inn)!, tax.foreign)] : []),
	];
}

function legalForm({ isCompany }: Customer, tax: TaxNumber, { legalForms }: Profile['customer']): Cell[] {
	return legalForms.map(({ field, company, person, foreignCompany, entrepreneur }) => {
		if (!isCompany) return textCell(field, person);
		if (tax.foreign && foreignCompany) return textCell(field, foreignCompany);
		// Twelve digits: a person, who sells as an entrepreneur when the CRM has it as a company.
		return textCell(field, tax.inn?.length === 12 ? (entrepreneur ?? person) : company);
	});
}

function commentCell({ key, notes }: Customer, field: string | undefined): Cell[] {
	return field ? [markCell(field, key, notes)] : [];
}

function fixedCells(values: Record<string, unknown>): Cell[] {
	return Object.entries(values).map(([field, value]) => fixedCell(field, value));
}

function partnerCells(customer: Customer, name: string, { partner }: Profile): Cell[] {
	if (!partner) return [];
	return [...nameCells(name, partner), ...(partner.isClient ? [booleanCell(partner.isClient, true)] : []), ...commentCell(customer, partner.comment), ...fixedCells(partner.whenNew)];
}

function entriesOf({ billing, shipping, phone, email, website }: Customer): ContactEntry[] {
	return [
		...(hasAddress(billing) ? [{ use: 'legalAddress' as const, is: 'address' as const, address: billing }] : []),
		...(hasAddress(shipping) ? [{ use: 'actualAddress' as const, is: 'address' as const, address: shipping }] : []),
		...(phone ? [{ use: 'phone' as const, is: 'phone' as const, text: phone }] : []),
		...(email ? [{ use: 'email' as const, is: 'email' as const, text: email }] : []),
		...(website ? [{ use: 'site' as const, is: 'site' as const, text: website }] : []),
	];
}

/** 1C has one field for a person's name, and parts of it in some configurations. */
export function personName(contact: Contact): string {
	return [contact.firstName, contact.lastName].filter(Boolean).join(' ') || contact.email || contact.phone || contact.mobile || 'Contact';
}

function planPerson(contact: Contact, { contactPerson }: Profile): PersonPlan {
	const role = contactPerson!;
	const text = (field: string | undefined, value: string | undefined): Cell[] => (field && value ? [textCell(field, value)] : []);
	const name = personName(contact);
	return {
		key: contact.key,
		ref: refKey(contact.key),
		name,
		cells: [...text(role.name, name), ...text(role.firstName, contact.firstName), ...text(role.lastName, contact.lastName), ...text(role.position, contact.title)],
		whenNew: [...(role.comment ? [markCell(role.comment, contact.key)] : []), ...fixedCells(role.whenNew)],
		entries: [
			...(contact.phone ? [{ use: 'contactPhone' as const, is: 'phone' as const, text: contact.phone }] : []),
			...(contact.mobile ? [{ use: 'contactMobile' as const, is: 'phone' as const, text: contact.mobile }] : []),
			...(contact.email ? [{ use: 'contactEmail' as const, is: 'email' as const, text: contact.email }] : []),
		],
	};
}

/** The same contact twice is one person; the last one is the newest. */
function uniquePersons(persons: readonly PersonPlan[]): PersonPlan[] {
	return [...new Map(persons.map((person) => [person.ref, person])).values()];
}
