// Owns a customer as Odoo will hold it: the partner, its contacts and its delivery address, as cells under their keys.
// Reads countries, writes nothing.
import { describeDocument, type Contact, type Customer, type Document } from '../core/documents';
import { Failure } from '../core/failure';
import { odooExternalId } from '../core/keys';
import type { OverrideRow } from '../core/mapping';
import { type Cell, numberCell, textCell } from './odoo.cells';
import { addressRows, cellsOf, contactName, contactRows, customerRows, hasOwnShipping } from './odoo.mapping';
import type { OdooMetadata } from './odoo.metadata';
import { overrideCells, withOverrides } from './odoo.overrides';
import { placeCells } from './odoo.places';
import { MODELS, statedId } from './odoo.refs';
import { normalVat, text } from './odoo.values';

/** A contact or delivery address of a customer. */
export interface ChildPlan {
	externalId: string;
	cells: Cell[];
	/** How changes and messages name it. */
	label: string;
	email?: string;
	name?: string;
	/** Sent when it is made, never compared. */
	whenNew: Cell[];
}

export interface PartnerPlan {
	customer: Customer;
	record: string;
	externalId: string;
	cells: Cell[];
	whenNew: Cell[];
	children: ChildPlan[];
	/** Normalised. */
	vat?: string;
	/** The partner in this Odoo that the document says it is. */
	statedId?: number;
	notes: string[];
}

/** The customer of a document; quotes and orders carry theirs. */
export function customerOf(document: Document): Customer {
	if (document.kind === 'customer') return document;
	const carried = 'customer' in document ? document.customer : undefined;
	if (carried) return carried;
	throw new Failure('missing', 'It carries no customer', { record: describeDocument(document), advice: 'Give it an organisation or a contact in the CRM, or put a step that reads the customer before this one' });
}

export async function planPartner(document: Document, overrides: readonly OverrideRow[] | undefined, metadata: OdooMetadata, installation: string): Promise<PartnerPlan> {
	const customer = customerOf(document);
	const record = describeDocument(customer);
	if (!customer.name.trim()) throw new Failure('rejected', 'It has no name', { record, advice: 'Odoo needs one' });
	const places = await placeCells(customer.billing, metadata);
	const own = [...cellsOf(customer, customerRows, record), ...places.cells, ...(await notesCells(customer, metadata))];
	const extra = await overrideCells(overrides, document, document.source, MODELS.customer, metadata, record);
	const shipping = await planShipping(customer, metadata, record);
	const address = [...cellsOf(customer.billing, addressRows, record), ...places.cells];
	const contacts = await Promise.all(customer.contacts.map(async (contact) => await planContact(contact, address, metadata, record)));
	return {
		customer,
		record,
		externalId: odooExternalId(customer.key, MODELS.customer),
		cells: withOverrides(own, extra),
		whenNew: await newCustomerCells(metadata),
		children: uniqueChildren([...contacts, ...shipping.children]),
		vat: customer.vat ? normalVat(customer.vat) : undefined,
		statedId: statedId(customer, 'customer', installation) ?? (document === customer ? undefined : statedRef(document, installation)),
		notes: [...places.notes, ...shipping.notes],
	};
}

/** A quote may carry the ref of its customer that an earlier step wrote. */
function statedRef(document: Document, installation: string): number | undefined {
	const ref = document.refs.find((given) => given.system === installation && given.kind === 'customer');
	return ref && /^[1-9]\d{0,9}$/.test(ref.id) ? Number(ref.id) : undefined;
}

/** Plain text, or HTML from Odoo 15 on. */
async function notesCells(customer: Customer, metadata: OdooMetadata): Promise<Cell[]> {
	if (!customer.notes) return [];
	const isHtml = (await metadata.fields(MODELS.customer)).comment?.type === 'html';
	if (!isHtml) return [textCell('comment', customer.notes)];
	const html = `<p>${escapeHtml(customer.notes).replace(/\r?\n/g, '<br>')}</p>`;
	return [{ ...textCell('comment', html, plain), shown: customer.notes, show: (current) => plain(text(current) ?? '') }];
}

function escapeHtml(given: string): string {
	return given.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** Odoo rewrites HTML when it stores it: only the words are compared. */
function plain(html: string): string {
	return html.replace(/<[^>]*>/g, ' ').replace(/&nbsp;/g, ' ').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&').replace(/\s+/g, ' ').trim();
}

/** Without it a partner does not show under Customers. */
async function newCustomerCells(metadata: OdooMetadata): Promise<Cell[]> {
	return (await metadata.fieldNamed(MODELS.customer, 'customer_rank')) ? [numberCell('customer_rank', '1')] : [];
}

/**
 * @param address the company's: a contact takes it over when it is made. It is sent along all the same, because Odoo 19
 * empties it when the same load() comes a second time with these columns blank (measured; 17 and 18 keep it).
 */
async function planContact(contact: Contact, address: Cell[], metadata: OdooMetadata, record: string): Promise<ChildPlan> {
	const name = contactName(contact);
	const fields = new Set(await metadata.present(MODELS.customer, ['mobile']));
	// Odoo 19 has one phone field: the mobile number takes it when it is the only one.
	const given = fields.has('mobile') ? contact : { ...contact, phone: contact.phone ?? contact.mobile, mobile: undefined };
	return {
		externalId: odooExternalId(contact.key, MODELS.customer),
		cells: [textCell('name', name), ...cellsOf(given, contactRows, record)],
		label: `contact ${name}`,
		name,
		email: contact.email,
		whenNew: [textCell('type', 'contact'), ...address],
	};
}

async function planShipping(customer: Customer, metadata: OdooMetadata, record: string): Promise<{ children: ChildPlan[]; notes: string[] }> {
	if (!hasOwnShipping(customer)) return { children: [], notes: [] };
	const { shipping } = customer;
	const places = await placeCells(shipping, metadata);
	const cells = [...(shipping.name ? [textCell('name', shipping.name)] : []), ...cellsOf(shipping, addressRows, record), ...places.cells];
	const child = { externalId: odooExternalId(customer.key, MODELS.customer, 'ship'), cells, label: 'delivery address', name: undefined, email: undefined, whenNew: [textCell('type', 'delivery')] };
	return { children: [child], notes: places.notes };
}

function uniqueChildren(children: ChildPlan[]): ChildPlan[] {
	return [...new Map(children.map((child) => [child.externalId, child])).values()];
}
