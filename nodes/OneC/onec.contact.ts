// Owns the table part КонтактнаяИнформация: which kind of row holds what, and rows of our kinds laid over those that are
// there, all others untouched. Reads the catalog of kinds, writes nothing.
import type { Address } from '../core/documents';
import { addressColumns, addressLine, addressOfRow, hasAddress } from './onec.contact.address';
import { plainText } from './onec.cells';
import { isGuid, reference, sameRef } from './onec.keys';
import type { Properties } from './onec.metadata';
import type { Profile } from './onec.profile';
import type { Services } from './onec.services';
import type { OnecSession } from './onec.session';
import type { Row } from './onec.wire';

export type ContactUse = keyof Profile['contactInfo']['kinds'];

/** What is to stand in the part. */
export type ContactEntry = { use: ContactUse } & ({ is: 'address'; address: Address } | { is: 'phone' | 'email' | 'site'; text: string });

export interface ContactPlan {
	/** All rows to be written, numbered; undefined: nothing differs. */
	rows?: Row[];
	changed: Record<string, { before?: string; after?: string }>;
	notes: string[];
}

const WORDS: Record<ContactUse, string> = {
	legalAddress: 'legal address',
	actualAddress: 'actual address',
	phone: 'phone',
	email: 'email',
	site: 'website',
	contactPhone: 'phone',
	contactMobile: 'mobile phone',
	contactEmail: 'email',
};

const KEPT_MS = 5 * 60_000;

/** Kinds are set up once; who adds one later need not start anything anew. */
const known = new WeakMap<OnecSession, { until: number; kinds: Promise<Map<ContactUse, string>> }>();

/** The Ref_Key of the kind for each use; uses without one are missing. */
export async function contactKinds(services: Services): Promise<Map<ContactUse, string>> {
	const { session, clock } = services;
	const there = known.get(session);
	if (there && there.until > clock.now()) return await there.kinds;
	const kinds = readKinds(services);
	known.set(session, { until: clock.now() + KEPT_MS, kinds });
	try {
		return await kinds;
	} catch (error) {
		known.delete(session);
		throw error;
	}
}

async function readKinds({ session, metadata, profile }: Services): Promise<Map<ContactUse, string>> {
	const { contactInfo } = await profile();
	const rows = (await metadata.has(contactInfo.kindSet)) ? await session.rows(contactInfo.kindSet) : [];
	const live = rows.filter((row) => row.DeletionMark !== true && row.IsFolder !== true);
	const idOf = (name: string): string | undefined => (isGuid(name) ? name.toLowerCase() : reference(live.find((row) => contactInfo.kindIds.some((field) => plainText(row[field]) === name))?.Ref_Key));
	const uses = Object.entries(contactInfo.kinds) as Array<[ContactUse, string[]]>;
	return new Map(uses.flatMap(([use, names]): Array<[ContactUse, string]> => {
		const id = names.map(idOf).find((found) => found !== undefined);
		return id ? [[use, id]] : [];
	}));
}

/**
 * The part as it should be.
 *
 * @param current rows as they stand; `[]` for a new record
 * @param columns properties of the rows, where known: others are not sent
 */
export function planContacts(entries: readonly ContactEntry[], current: readonly Row[], kinds: ReadonlyMap<ContactUse, string>, fields: Profile['contactInfo'], columns?: Properties): ContactPlan {
	const plan: ContactPlan = { changed: {}, notes: [] };
	const rows = current.map(withoutOwner);
	let differs = false;
	for (const entry of entries) {
		const kind = kinds.get(entry.use);
		if (!kind) {
			plan.notes.push(`The ${WORDS[entry.use]} was not written: 1C has no such kind of contact information (${fields.kinds[entry.use].join(', ')}); name one in the credential's "Configuration Overrides"`);
			continue;
		}
		const own = rows.filter((row) => sameRef(row[fields.kind], kind));
		if (own.some((row) => holds(row, entry, fields))) continue;
		const wanted = rowOf(entry, kind, fields, columns);
		plan.changed[WORDS[entry.use]] = { before: own[0] ? plainText(own[0][fields.text]) || undefined : undefined, after: plainText(wanted[fields.text]) };
		const at = own[0] ? rows.indexOf(own[0]) : rows.length;
		rows[at] = own[0] ? { ...own[0], ...wanted } : wanted;
		differs = true;
	}
	if (differs) plan.rows = rows.map((row, i) => ({ ...row, LineNumber: String(i + 1) }));
	return plan;
}

/** Answers repeat the owner's key in rows now and then, and links (reference 3): neither is sent back. */
export function withoutOwner(row: Row): Row {
	return Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'Ref_Key' && !name.includes('@') && !name.includes('____')));
}

function holds(row: Row, entry: ContactEntry, fields: Profile['contactInfo']): boolean {
	if (entry.is !== 'address') return same(plainText(row[fields.text]), entry.text);
	if (plainText(row[fields.text]) !== addressLine(entry.address)) {
		// Another way to write the same parts.
		const there = addressOfRow(row, fields);
		const parts: Array<keyof Address> = ['street', 'street2', 'city', 'state', 'postalCode', 'country'];
		return there.street !== undefined && there.city !== undefined && parts.every((part) => same(there[part] ?? '', entry.address[part] ?? ''));
	}
	return true;
}

function same(a: string, b: string): boolean {
	return a.trim().replace(/\s+/g, ' ').toLowerCase() === b.trim().replace(/\s+/g, ' ').toLowerCase();
}

function rowOf(entry: ContactEntry, kind: string, fields: Profile['contactInfo'], columns: Properties | undefined): Row {
	const row: Row = {
		[fields.type]: entry.is === 'address' ? fields.types.address : fields.types[entry.is],
		[fields.kind]: kind,
		...(fields.listKind ? { [fields.listKind]: kind } : {}),
		[fields.text]: entry.is === 'address' ? addressLine(entry.address) : entry.text,
		...valueColumns(entry, fields),
	};
	return Object.fromEntries(Object.entries(row).filter(([name]) => !columns || columns.size === 0 || columns.has(name)));
}

function valueColumns(entry: ContactEntry, fields: Profile['contactInfo']): Row {
	if (entry.is === 'address') return addressColumns(entry.address, fields);
	const cleared: Row = { ...(fields.value ? { [fields.value]: '' } : {}), ...(fields.xml ? { [fields.xml]: '' } : {}) };
	if (entry.is === 'email') return { ...cleared, ...(fields.email ? { [fields.email]: entry.text } : {}), ...(fields.emailDomain ? { [fields.emailDomain]: entry.text.split('@')[1] ?? '' } : {}) };
	if (entry.is === 'site') return cleared;
	const digits = entry.text.replace(/\D/g, '');
	return { ...cleared, ...(fields.phone ? { [fields.phone]: digits } : {}), ...(fields.phoneDigits ? { [fields.phoneDigits]: digits.slice(-7) } : {}) };
}

/** The row's text of one use, for reading. */
export function contactText(rows: readonly Row[], use: ContactUse, kinds: ReadonlyMap<ContactUse, string>, fields: Profile['contactInfo']): string | undefined {
	const kind = kinds.get(use);
	const row = kind ? rows.find((candidate) => sameRef(candidate[fields.kind], kind)) : undefined;
	return row ? plainText(row[fields.text]) || undefined : undefined;
}

/** The address of one use, for reading. */
export function contactAddress(rows: readonly Row[], use: ContactUse, kinds: ReadonlyMap<ContactUse, string>, fields: Profile['contactInfo']): Partial<Address> | undefined {
	const kind = kinds.get(use);
	const row = kind ? rows.find((candidate) => sameRef(candidate[fields.kind], kind)) : undefined;
	return row ? addressOfRow(row, fields) : undefined;
}

export { hasAddress };
