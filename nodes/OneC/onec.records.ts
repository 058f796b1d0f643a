// Owns access to any published set with 1C's own properties: for what the documents do not cover. Must not know documents.
import { asFailure, Failure, mayHaveHappened } from '../core/failure';
import { isRecord, type FieldInfo } from '../core/mapping';
import type { Records } from '../core/port';
import { isGuid, type Key } from './onec.literals';
import type { Property } from './onec.metadata';
import { checkFilter } from './onec.records.filter';
import { findKey, writeKey } from './onec.records.keys';
import { bySet, isRegister, labelOf, prefixOf, shortLabel } from './onec.records.sets';
import { prepare, type Target } from './onec.records.values';
import type { Services } from './onec.services';
import { wallClock } from './onec.values';
import type { Row } from './onec.wire';

/** Documents with their table parts weigh much (reference 5). */
const PAGE = 200;

const TYPES: Record<string, FieldInfo['type']> = {
	String: 'text', Guid: 'text', Boolean: 'boolean', DateTime: 'dateTime', Double: 'number', Int16: 'number', Int32: 'number', Int64: 'number',
};
/** Kept by 1C itself. `Posted` is set by posting. */
const READ_ONLY = new Set(['DataVersion', 'Posted', 'Predefined', 'PredefinedDataName']);

export class OnecRecords implements Records {
	constructor(private readonly services: Services) {}

	/** The published sets, grouped by kind with its Russian name. */
	async modules(): Promise<Array<{ name: string; label: string }>> {
		const sets = [...(await this.services.metadata.sets())].sort(bySet);
		return sets.map((name) => ({ name, label: labelOf(name) }));
	}

	async fields(set: string): Promise<FieldInfo[]> {
		return [...(await this.services.metadata.properties(set)).values()].map(toFieldInfo);
	}

	async get(set: string, id: string): Promise<Row> {
		const key = await findKey(this.services.session, set, id);
		return await this.services.session.read(set, key);
	}

	async *list(set: string, filter: string | undefined, limit: number | undefined): AsyncGenerator<Row[]> {
		const condition = await checkFilter(filter, set, this.services.metadata);
		let given = 0;
		if (limit === 0) return;
		for await (const page of this.services.session.pages(set, { filter: condition }, Math.min(limit ?? PAGE, PAGE))) {
			yield limit === undefined ? page : page.slice(0, limit - given);
			given += page.length;
			if (limit !== undefined && given >= limit) return;
		}
	}

	/**
	 * A document without a date gets the infobase's present time. Not repeated when its outcome is unknown: whether 1C takes an
	 * id of ours is not sure (reference 6).
	 */
	async create(set: string, values: Record<string, unknown>): Promise<Row> {
		this.refuseTablePart(set, await this.services.metadata.keys(set));
		const body = await this.checked(set, this.dated(set, values));
		try {
			return checkKept(body, await this.services.session.create(set, body), set);
		} catch (error) {
			if (!mayHaveHappened(error)) throw error;
			const found = await this.written(set, body);
			if (found) return found;
			throw new Failure('unknown', `Whether the ${shortLabel(set)} was created is not known`, { cause: error, said: asFailure(error).message, advice: 'Look into 1C before you repeat it: it might be there twice' });
		}
	}

	/**
	 * Only what is given changes; a table part is replaced as a whole. A `DataVersion` among the values is compared with the
	 * record's before writing: 1C ignores If-Match (reference 6).
	 */
	async update(set: string, id: string, values: Record<string, unknown>): Promise<Row> {
		const key = await findKey(this.services.session, set, id);
		return await this.patch(set, key, values);
	}

	async patch(set: string, key: Key, values: Record<string, unknown>): Promise<Row> {
		const { DataVersion: version, Ref_Key: ref, ...rest } = values;
		if (isGuid(ref) && typeof key === 'string' && ref.toLowerCase() !== key) throw new Failure('rejected', `The values belong to another record (Ref_Key ${ref}) than ${key}`, { advice: 'The Ref_Key of a record cannot be changed; leave it out' });
		// A row that was read (it has a version) may be given back as a whole.
		if (version !== undefined) delete rest.Posted;
		const body = await this.checked(set, rest);
		if (Object.keys(body).length === 0) throw new Failure('rejected', `Nothing to write into the ${shortLabel(set)}`, { advice: 'Give at least one property' });
		return checkKept(body, await this.services.session.patch(set, key, body, typeof version === 'string' && version ? { version } : {}), set);
	}

	/** Sets the deletion mark: physical deletion is an operation of its own. */
	async remove(set: string, id: string): Promise<void> {
		const key = await findKey(this.services.session, set, id);
		await this.mark(set, key, true);
	}

	/** Sets or takes away the deletion mark; a posted document is refused with words, as 1C refuses it (reference 6). */
	async mark(set: string, key: Key, marked: boolean): Promise<Row> {
		if (isRegister(set) || prefixOf(set) === 'Constant') throw new Failure('rejected', `A ${shortLabel(set)} has no deletion mark`, { advice: 'Use the operation "Delete Record" of information registers' });
		if (marked && prefixOf(set) === 'Document') {
			const row = await this.services.session.read(set, key, { select: ['Ref_Key', 'Number', 'Date', 'Posted', 'DeletionMark'] });
			if (row.Posted === true) throw new Failure('rejected', 'A posted document cannot be marked for deletion', { record: recordName(set, row), advice: 'Unpost it first, with the operation "Unpost"' });
		}
		return await this.services.session.patch(set, key, { DeletionMark: marked });
	}

	/** The body of a write. A name that is not known may be new: then the metadata is asked once more. */
	async checked(set: string, values: Record<string, unknown>): Promise<Row> {
		const target = await this.target(set);
		const names = Object.keys(values).filter((name) => !target.properties.has(name));
		return prepare(values, names.length > 0 && (await this.services.metadata.refresh()) ? await this.target(set) : target);
	}

	/** How messages name the set, and what may be written into it. */
	async target(set: string): Promise<Target> {
		return { name: set, properties: await this.services.metadata.properties(set), timeZone: this.services.credential.timeZone };
	}

	/** A document without a date would get the empty one, and a number of the year 1. */
	private dated(set: string, values: Record<string, unknown>): Record<string, unknown> {
		const { credential, clock } = this.services;
		return prefixOf(set) === 'Document' && (values.Date === undefined || values.Date === '') ? { ...values, Date: wallClock(clock.now(), credential.timeZone) } : values;
	}

	private async written(set: string, body: Row): Promise<Row | undefined> {
		if (!isGuid(body.Ref_Key)) return undefined;
		try {
			return await this.services.session.read(set, body.Ref_Key);
		} catch {
			return undefined;
		}
	}

	/** 1C answers this with code 13 only after it was sent (reference 6). */
	private refuseTablePart(set: string, keys: readonly string[]): void {
		if (isRegister(set) || keys.length !== 2 || !keys.includes('Ref_Key') || !keys.includes('LineNumber')) return;
		throw new Failure('rejected', `Rows of ${set} cannot be created by themselves`, { advice: 'Write them with "Append Rows" or "Replace Rows" of the object they belong to' });
	}
}

/** `Документ ЗаказКлиента ТД00-000026 of 2026-10-01`, as far as the row tells. */
export function recordName(set: string, row: Row): string {
	const number = [row.Number, row.Code].map((value) => (typeof value === 'string' ? value.trim() : '')).find(Boolean);
	const date = typeof row.Date === 'string' ? ` of ${row.Date.slice(0, 10)}` : '';
	const title = typeof row.Description === 'string' && row.Description.trim() ? ` "${row.Description.trim()}"` : '';
	const ref = number || title ? '' : typeof row.Ref_Key === 'string' ? ` ${row.Ref_Key}` : '';
	return `${shortLabel(set)}${number ? ` ${number}` : ''}${date}${title}${ref}`;
}

/** The key of a row that was read, as a user may give it back. */
export function keyOfRow(row: Row, keys: readonly string[], properties: ReadonlyMap<string, Property>): string | undefined {
	if (keys.length === 1 && keys[0] === 'Ref_Key') return typeof row.Ref_Key === 'string' ? row.Ref_Key : undefined;
	const parts = keys.map((name): [string, string] => [name, literal(row[name], properties.get(name)?.type)]);
	return parts.length > 0 ? writeKey(Object.fromEntries(parts)) : undefined;
}

function literal(value: unknown, type: string | undefined): string {
	if (type === 'Guid') return `guid'${String(value)}'`;
	if (type === 'DateTime') return `datetime'${String(value)}'`;
	return type === 'String' ? `'${String(value).replace(/'/g, "''")}'` : String(value);
}

/** A text longer than its field is cut off in silence (reference 6): the answer shows it. */
function checkKept(body: Row, answer: Row, set: string): Row {
	for (const [name, sent] of Object.entries(body)) {
		const kept = answer[name];
		if (typeof sent !== 'string' || typeof kept !== 'string' || kept.length >= sent.trimEnd().length || kept.trim() === '') continue;
		if (sent.startsWith(kept.trimEnd())) throw new Failure('rejected', `"${name}" was written, but 1C kept only the first ${kept.length} of ${sent.length} characters`, { record: recordName(set, answer), advice: 'Shorten the text and write it again' });
	}
	return isRecord(answer) ? answer : {};
}

function toFieldInfo({ name, type, key, targets, rows }: Property): FieldInfo {
	return {
		name,
		label: rows ? `${name} (табличная часть)` : name,
		type: targets.length > 0 ? 'reference' : (TYPES[type] ?? 'other'),
		// Nearly everything is nullable in the metadata: what 1C requires cannot be learned from it (reference 2).
		required: false,
		writable: !READ_ONLY.has(name) && !(key && name === 'Ref_Key') && type !== 'Stream',
		custom: false,
		...(targets.length > 0 ? { referenceTo: [...targets] } : {}),
	};
}
