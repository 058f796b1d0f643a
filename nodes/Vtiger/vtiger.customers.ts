// Owns organizations and their contacts as they come from another system: found by key, VAT number or name.
import type { Contact, Customer, Document } from '../core/documents';
import { describeDocument } from '../core/documents';
import { Failure } from '../core/failure';
import { evaluateOverrides, toFields } from '../core/mapping';
import type { ItemResult, Outcome, UpsertOptions } from '../core/port';
import { isDuplicate } from './vtiger.answers';
import { allNew, changedFields, characterNotes, eachDocument, fieldDifferences, isOneOf, outcome } from './vtiger.fields';
import { idOf, type Row } from './vtiger.gateway';
import { missingFieldsNote } from './vtiger.links';
import { CONTACT_ROWS, CUSTOMER_ROWS, OUR_MARK } from './vtiger.mapping';
import type { LinkFields } from './vtiger.metadata';
import type { Differences } from './vtiger.plan';
import { matchAccount, Resolver } from './vtiger.resolve';
import type { Site } from './vtiger.site';
import { textOf } from './vtiger.values';

const MODULE = 'Accounts';

export class Customers {
	private readonly resolver: Resolver;

	constructor(private readonly site: Site) {
		this.resolver = new Resolver(site);
	}

	async upsert(documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		const link = await this.site.metadata.linkFields(MODULE);
		const customers = documents.flatMap((document) => customerOf(document) ?? []);
		const rows = await this.resolver.accountRows(customers, link);
		const own = customers.flatMap((customer) => this.ownId(customer) ?? []);
		if (own.length > 0) rows.push(...(await this.site.gateway.among('*', MODULE, 'id', own)));
		const byId = [...new Map(rows.map((row) => [idOf(row), row])).values()];
		return await eachDocument(documents, async (document) => {
			const customer = customerOf(document);
			if (!customer) throw new Failure('rejected', `A ${document.kind} holds no customer`, { advice: 'Feed this step with customers, or with quotes, orders or invoices that hold one' });
			return await this.one(customer, byId, link, options);
		});
	}

	private ownId(customer: Customer): string | undefined {
		const ref = customer.refs.find((r) => r.system === this.site.installation && r.kind === 'customer');
		return this.site.ownId(customer.key, MODULE) ?? this.site.ownId(customer.link?.key, MODULE) ?? this.site.ownId(ref?.key, MODULE);
	}

	/** Rows found or made grow with every document, so that two documents of one customer make one organization. */
	private async one(customer: Customer, rows: Row[], link: LinkFields, options: UpsertOptions): Promise<Outcome> {
		const own = this.ownId(customer);
		const vatField = await this.site.metadata.vatField();
		const found = rows.find((row) => own !== undefined && idOf(row) === own) ?? matchAccount(customer, rows, link, vatField);
		const meant = await this.fields(customer, link, vatField, options);
		const notes = [...characterNotes(meant), ...missingFieldsNote(MODULE, link)];
		if (found) return await this.bring(customer, found, rows, meant, options, notes);
		if (options.dryRun) return outcome('created', { ...this.site.ref('customer', MODULE, { id: '' }), key: customer.key }, allNew(meant), [...notes, 'Nothing was written']);
		const record = await this.create(customer, meant, link);
		rows.push(record);
		const contacts = await this.contacts(customer, record);
		return outcome('created', this.site.ref('customer', MODULE, record), { ...allNew(meant), ...contacts }, notes);
	}

	private async bring(customer: Customer, found: Row, rows: Row[], meant: Row, options: UpsertOptions, notes: string[]): Promise<Outcome> {
		const ref = this.site.ref('customer', MODULE, found);
		// Names are compared as vtiger does when it looks for duplicates: capitals do not matter (reference 5).
		if (textOf(found.accountname)?.toLowerCase() === textOf(meant.accountname)?.toLowerCase()) delete meant.accountname;
		const changed = fieldDifferences(found, meant);
		if (options.dryRun) return outcome(Object.keys(changed).length > 0 ? 'updated' : 'unchanged', ref, changed, [...notes, 'Nothing was written']);
		if (Object.keys(changed).length > 0) Object.assign(found, await this.guarded(customer, () => this.site.gateway.revise(idOf(found), changedFields(meant, changed))));
		rows.push(found);
		const contacts = await this.contacts(customer, found);
		const all = { ...changed, ...contacts };
		return outcome(Object.keys(all).length > 0 ? 'updated' : 'unchanged', ref, all, notes);
	}

	private async create(customer: Customer, meant: Row, link: LinkFields): Promise<Row> {
		const { userId } = await this.site.gateway.session.login();
		const find = async (): Promise<Row | undefined> => matchAccount(customer, await this.resolver.accountRows([customer], link), link, await this.site.metadata.vatField());
		return await this.guarded(customer, () => this.site.gateway.create(MODULE, { assigned_user_id: userId, ...meant, source: OUR_MARK }, find));
	}

	private async guarded(customer: Customer, write: () => Promise<Row>): Promise<Row> {
		try {
			return await write();
		} catch (error) {
			if (!isDuplicate(error)) throw error;
			// Ours was not among what we may see: it belongs to another owner, or lies in the recycle bin.
			throw new Failure('ambiguous', `The CRM has an organization "${customer.name}" already, which its user may not see`, {
				code: '0',
				advice: 'Give the user of the credential access to it, or rename one of the two',
			});
		}
	}

	private async fields(customer: Customer, link: LinkFields, vatField: string | undefined, options: UpsertOptions): Promise<Row> {
		const record = describeDocument(customer);
		const foreign = this.site.own(customer.key) === undefined;
		return {
			...toFields(customer, CUSTOMER_ROWS, record),
			...(vatField && customer.vat ? { [vatField]: customer.vat } : {}),
			...(link.key && foreign ? { [link.key]: customer.key } : {}),
			...(await evaluateOverrides(options.overrides ?? [], customer, customer.source, record)),
		};
	}

	/** Contacts that the organization lacks are made, those that it has are brought up to date. */
	private async contacts(customer: Customer, account: Row): Promise<Differences> {
		const foreign = customer.contacts.filter((contact) => this.site.own(contact.key) === undefined);
		if (foreign.length === 0) return {};
		const link = await this.site.metadata.linkFields('Contacts');
		const rows = await this.site.gateway.among('*', 'Contacts', 'account_id', [idOf(account)]);
		const changed: Differences = {};
		for (const contact of foreign) {
			const name = [contact.firstName, contact.lastName].filter(Boolean).join(' ') || contact.email || contact.key;
			const done = await this.contact(contact, account, rows, link);
			if (done) changed[`contact ${name}`] = done;
		}
		return changed;
	}

	private async contact(contact: Contact, account: Row, rows: Row[], link: LinkFields): Promise<{ before?: string; after?: string } | undefined> {
		const meant: Row = {
			...toFields({ ...contact, lastName: contact.lastName ?? contact.firstName ?? contact.email }, CONTACT_ROWS, `contact ${contact.key}`),
			...(link.key ? { [link.key]: contact.key } : {}),
		};
		const found = matchContact(contact, rows, link);
		if (found) {
			const changed = fieldDifferences(found, meant);
			if (Object.keys(changed).length === 0) return undefined;
			await this.site.gateway.revise(idOf(found), changedFields(meant, changed));
			return { before: Object.keys(changed).join(', '), after: 'updated' };
		}
		if (!meant.lastname) return undefined;
		const element = { ...meant, account_id: idOf(account), assigned_user_id: textOf(account.assigned_user_id) ?? (await this.site.gateway.session.login()).userId, source: OUR_MARK };
		const find = async () => matchContact(contact, await this.site.gateway.among('*', 'Contacts', 'account_id', [idOf(account)]), link);
		rows.push(await this.site.gateway.create('Contacts', element, find));
		return { after: 'created' };
	}
}

function customerOf(document: Document): Customer | undefined {
	if (isOneOf(document, ['customer'])) return document;
	return isOneOf(document, ['quote', 'order', 'invoice']) ? document.customer : undefined;
}

/** By key, by e-mail, by full name: within one organization that is a person. */
function matchContact(contact: Contact, rows: readonly Row[], link: LinkFields): Row | undefined {
	const same = (stored: unknown, meant: string | undefined) => meant !== undefined && textOf(stored)?.toLowerCase() === meant.toLowerCase();
	return (
		rows.find((row) => link.key !== undefined && same(row[link.key], contact.key)) ??
		rows.find((row) => same(row.email, contact.email)) ??
		rows.find((row) => same(row.lastname, contact.lastName) && (textOf(row.firstname) ?? '').toLowerCase() === (contact.firstName ?? '').toLowerCase())
	);
}
