// Owns writing the other system's identity and state, or a reason, onto records, and what to say where the fields
// for it are missing.
import { asFailure, Failure } from '../core/failure';
import type { Link } from '../core/documents';
import type { ItemResult, LinkRequest, Outcome } from '../core/port';
import { changedFields, fieldDifferences, outcome } from './vtiger.fields';
import type { Row } from './vtiger.gateway';
import { LINK_FIELD_TYPES, LINK_LABELS, MESSAGE_LENGTH, MODULES } from './vtiger.mapping';
import type { LinkFields } from './vtiger.metadata';
import type { Site } from './vtiger.site';

const MEMBERS = ['key', 'number', 'status', 'message'] as const;

/** Which fields to create in which module; empty when all are there. */
export function missingFieldsNote(module: string, fields: LinkFields): string[] {
	const missing = MEMBERS.filter((member) => !fields[member]);
	if (missing.length === 0) return [];
	return [`The CRM's module ${module} has no field ${missing.map((member) => `"${LINK_LABELS[member]}"`).join(', ')}. Create in vtiger under Settings, Module Layouts & Fields, ${module}: ${missing.map((member) => LINK_FIELD_TYPES[member]).join('; ')}`];
}

export class Links {
	constructor(private readonly site: Site) {}

	async write(requests: readonly LinkRequest[]): Promise<ItemResult[]> {
		const results: ItemResult[] = [];
		for (const request of requests) {
			try {
				results.push({ ok: true, value: await this.one(request) });
			} catch (error) {
				results.push({ ok: false, failure: asFailure(error).on(request.record) });
			}
		}
		return results;
	}

	private async one(request: LinkRequest): Promise<Outcome> {
		const module = MODULES[request.kind];
		const fields = await this.site.metadata.linkFields(module);
		const ref = this.site.ref(request.kind, module, { id: request.id });
		const members = this.membersToWrite(request);
		const meant: Row = Object.fromEntries(members.flatMap((member) => (fields[member] ? [[fields[member], this.valueOf(request, member)]] : [])));
		const notes = members.some((member) => !fields[member]) ? missingFieldsNote(module, fields) : [];
		if (members.length > 0 && Object.keys(meant).length === 0) return outcome('skipped', ref, {}, notes);
		const held = request.current === undefined ? await this.held(module, request.id, members, fields) : this.known(request.current, fields);
		const changed = fieldDifferences(held ?? {}, meant);
		// What the record holds is not known: everything is written, once.
		const written = held === undefined ? meant : changedFields(meant, changed);
		if (Object.keys(written).length === 0) return outcome('unchanged', ref, {}, notes);
		const record = await this.site.revise(module, request.id, written);
		this.checkKey(module, record, fields, written);
		return outcome('updated', this.site.ref(request.kind, module, { ...record, id: request.id }), changed, notes);
	}

	/**
	 * What the record holds now, read only where nothing but a message is to be written: such a write comes with every
	 * change of an invoice and is mostly needless, while a number or status comes once.
	 */
	private async held(module: string, id: string, members: readonly string[], fields: LinkFields): Promise<Row | undefined> {
		if (!fields.message || members.some((member) => member !== 'message')) return undefined;
		const [row] = await this.site.gateway.among([fields.message], module, 'id', [id]);
		return row;
	}

	private membersToWrite(request: LinkRequest): Array<keyof Link> {
		return MEMBERS.filter((member) => request.link[member] !== undefined && (member !== 'key' || this.mayTakeKey(request)));
	}

	private valueOf({ link }: LinkRequest, member: keyof Link): string {
		return member === 'message' ? shortened(link.message ?? '') : (link[member] ?? '');
	}

	/**
	 * The key field of a sales order that we made holds the key of its quote: by it the order is found again, so it
	 * stays. Where the caller does not know what the order holds, it is one that an earlier step made.
	 */
	private mayTakeKey({ kind, current }: LinkRequest): boolean {
		return kind !== 'order' || (current !== undefined && this.site.own(current.key) === undefined);
	}

	private known(current: Link | undefined, fields: LinkFields): Row {
		return Object.fromEntries(MEMBERS.flatMap((member) => (fields[member] ? [[fields[member], current?.[member]]] : [])));
	}

	/** A key that the field cut would never be found again. */
	private checkKey(module: string, record: Row, fields: LinkFields, written: Row): void {
		const field = fields.key;
		if (!field || !(field in written) || record[field] === undefined || record[field] === written[field]) return;
		throw new Failure('rejected', `The field "ERP Key" of ${module} does not hold the whole key ${String(written[field])}`, { advice: `Make it a text field of length 100 in vtiger (Settings, Module Layouts & Fields, ${module})` });
	}
}

/** Whole words up to the field's length. */
function shortened(message: string): string {
	const characters = [...message];
	if (characters.length <= MESSAGE_LENGTH) return message;
	const cut = characters.slice(0, MESSAGE_LENGTH - 3).join('');
	const space = cut.lastIndexOf(' ');
	return `${space > MESSAGE_LENGTH / 2 ? cut.slice(0, space) : cut}...`;
}
