// Owns what reading documents of all kinds shares: few calls for many records, columns that a release may not have,
// values as documents carry them. Writes nothing.
import type { DocumentOf, Kind, Ref } from '../core/documents';
import { Failure } from '../core/failure';
import { formatKey, parseKey } from '../core/keys';
import type { ListQuery } from '../core/port';
import { markedKey, ownKey } from './onec.keys';
import { anyOf, guid } from './onec.literals';
import type { Services } from './onec.services';
import type { OnecSession } from './onec.session';
import { decimal, reference, text, utc } from './onec.values';
import type { Row } from './onec.wire';

/** How documents of one kind are read. */
export interface Reader<K extends Kind> {
	/** @param ref a Ref_Key, or `number:` and the Number or Code */
	get(ref: string): Promise<DocumentOf<K>>;
	list(query: ListQuery): AsyncIterable<Array<DocumentOf<K>>>;
	/** In the order of the rows, which are whole headers of `sets()`. */
	documents(rows: readonly Found[]): Promise<Array<DocumentOf<K>>>;
	/** The published sets that hold such documents, the main one first. */
	sets(): Promise<string[]>;
}

/** A header together with the set it was read from. */
export interface Found {
	set: string;
	row: Row;
}

/** All of a header, no table part (reference 5): a document with its parts can weigh megabytes. */
export const HEADER = ['**'];
/** IIS takes 2,048 characters of a query as delivered; a Cyrillic letter is six of them. */
const LONGEST_QUERY = 1_700;
const PAGE = 500;
/** 1C's codes for a name it does not know: in the path of an expression, as a property, in an option (reference 7). */
const NO_SUCH_NAME = new Set(['6', '10', '14']);
/** The same in words, where the application server's exception or the platform's page comes without a number (reference 7). */
const NO_SUCH_NAME_SAID = /(Сегмент пути|Свойство)\s.+не найден|(segment|property)\s.+not found/iu;

/** Conditions in as many groups as the length of an address needs; each group is one filter. */
export function filters(conditions: readonly string[], taken = 0): string[] {
	const groups: string[][] = [];
	let room = 0;
	for (const condition of new Set(conditions)) {
		const length = encodeURIComponent(`(${condition}) or `).length;
		if (groups.length === 0 || room < length) {
			groups.push([]);
			room = LONGEST_QUERY - taken;
		}
		groups[groups.length - 1]!.push(condition);
		room -= length;
	}
	return groups.map(anyOf);
}

export interface Selection {
	select?: readonly string[];
	orderby?: string;
	/** Leave out what the user may not see; without it such a record makes the whole answer a refusal. */
	allowedOnly?: boolean;
}

/** The rows that meet one of the conditions. Nothing is asked when there are no conditions. */
export async function gather(services: Services, set: string, conditions: readonly string[], selection: Selection = {}): Promise<Row[]> {
	const rows: Row[] = [];
	const taken = encodeURIComponent((selection.select ?? []).join(',') + (selection.orderby ?? '')).length;
	for (const filter of filters(conditions, taken)) rows.push(...(await whole(services, set, filter, selection)));
	return rows;
}

/**
 * All pages of one filter. Columns are named as the profile has them; one that a release does not know is left out from
 * then on: 1C's refusal names it (reference 7), and where it does not, all columns are read.
 */
async function whole(services: Services, set: string, filter: string, { select, orderby, allowedOnly }: Selection): Promise<Row[]> {
	const missing = absentOf(services.session);
	const read = async (columns: readonly string[] | undefined) => {
		const rows: Row[] = [];
		for await (const page of services.session.pages(set, { filter, select: columns, orderby, allowedOnly }, PAGE)) rows.push(...page);
		return rows;
	};
	for (;;) {
		const columns = missing.has(set) ? undefined : select?.filter((name) => !missing.has(`${set} ${name}`));
		try {
			return await read(columns);
		} catch (error) {
			if (!columns || !isUnknownName(error)) throw error;
			const said = new Set((error as Failure).said?.match(/[\p{L}\p{N}_]+/gu));
			const named = columns.filter((name) => said.has(name));
			for (const name of named.length > 0 ? named.map((column) => `${set} ${column}`) : [set]) missing.add(name);
		}
	}
}

/** Whether 1C refused a column or an expression because this release has no such name. */
export function isUnknownName(error: unknown): boolean {
	if (!(error instanceof Failure)) return false;
	if (error.kind === 'rejected' && error.code !== undefined && NO_SUCH_NAME.has(error.code)) return true;
	return (error.code ?? 'HTTP 400') === 'HTTP 400' && NO_SUCH_NAME_SAID.test(error.said ?? '');
}

/** What a release has not: `set column`, or a set whose columns cannot be chosen. */
const absent = new WeakMap<OnecSession, Set<string>>();

function absentOf(session: OnecSession): Set<string> {
	const known = absent.get(session) ?? new Set<string>();
	absent.set(session, known);
	return known;
}

/** What is read by a column that this release may not have: nothing then, and it is not asked for again. */
export async function optionalColumn(services: Services, set: string, column: string, read: () => Promise<Row[]>): Promise<Row[]> {
	const known = absentOf(services.session);
	const name = `${set} ${column}`;
	if (known.has(name)) return [];
	try {
		return await read();
	} catch (error) {
		if (!isUnknownName(error) && !(await isAbsent(services, set, column))) throw error;
		known.add(name);
		return [];
	}
}

/** Whether the metadata says so: for servers whose errors carry no code. */
async function isAbsent({ metadata }: Services, set: string, column: string): Promise<boolean> {
	try {
		return !(await metadata.properties(set)).has(column);
	} catch {
		return false;
	}
}

/** Records by their ids; those that are gone are missing from the map. */
export async function byId(services: Services, set: string, ids: Iterable<unknown>, select: readonly string[] = HEADER): Promise<Map<string, Row>> {
	const wanted = [...new Set([...ids].flatMap((id) => reference(id) ?? []))];
	const rows = await gather(services, set, wanted.map((id) => `Ref_Key eq ${guid(id)}`), { select });
	return new Map(rows.flatMap((row) => { const id = reference(row.Ref_Key); return id ? [[id, row] as const] : []; }));
}

/** The same for a set that need not be published: nothing then. */
export async function byIdIfThere(services: Services, set: string | undefined, ids: Iterable<unknown>, select?: readonly string[]): Promise<Map<string, Row>> {
	return set && (await services.metadata.has(set)) ? await byId(services, set, ids, select) : new Map<string, Row>();
}

/** Rows of a table part by document, each in the order of its LineNumber. */
export async function partRows(services: Services, set: string, part: string, ids: Iterable<string>, columns: ReadonlyArray<string | undefined>): Promise<Map<string, Row[]>> {
	const select = [...new Set(['Ref_Key', 'LineNumber', ...columns.filter((name): name is string => name !== undefined)])];
	// By Ref_Key alone rows were lost between pages (reference 5).
	const rows = await gather(services, `${set}_${part}`, [...new Set(ids)].map((id) => `Ref_Key eq ${guid(id)}`), { select, orderby: 'Ref_Key,LineNumber' });
	const parts = new Map<string, Row[]>();
	for (const row of rows) {
		const id = reference(row.Ref_Key);
		if (id) parts.set(id, [...(parts.get(id) ?? []), row]);
	}
	for (const own of parts.values()) own.sort((a, b) => Number(a.LineNumber) - Number(b.LineNumber));
	return parts;
}

/** A field that the profile may not have. */
export function at(row: Row, field: string | undefined): unknown {
	return field === undefined ? undefined : row[field];
}

/** Decimal text; what is no number counts as `0`. */
export function amount(value: unknown): string {
	return decimal(value) ?? '0';
}

export function keyOf({ credential }: Services, set: string, id: string): string {
	return formatKey({ installation: credential.installation, module: set, id });
}

/** 1C keeps no date of change: of a document its own date stands for it, as it does in lists; of a catalog item nothing. */
export function sourceOf({ credential }: Services, set: string, row: Row, number?: string) {
	const id = reference(row.Ref_Key) ?? '';
	return { installation: credential.installation, module: set, id, number, url: addressOf(credential.url, set, id), modifiedAt: utc(row.Date, credential.timeZone), owner: undefined };
}

/**
 * The key of the record that this one was made from, as its comment marks it. People copy documents, so that the mark is
 * believed only on a record with the id that stands for the key; or, where ids of our own are switched off, on one whose
 * slot for the customer's number is filled.
 */
export function sourceKeyOf({ credential }: Services, row: Row, fields: { comment?: string; customerNumber?: string }): string | undefined {
	const comment = text(at(row, fields.comment));
	const own = ownKey(row.Ref_Key, comment);
	if (own || credential.useOwnRefKeys) return own;
	return text(at(row, fields.customerNumber)) ? markedKey(comment) : undefined;
}

/** The record of the other system that a key of ours stands for, as a ref. */
export function sourceRefs(key: string | undefined, kind: Kind): Ref[] {
	const parts = key ? parseKey(key) : undefined;
	return parts && key ? [{ system: parts.installation, kind, id: parts.id, key, number: undefined, url: undefined, outcome: undefined, status: undefined }] : [];
}

const NAVIGATION: Record<string, string> = { Catalog: 'Справочник', Document: 'Документ' };

/** Where the web client shows a record: `…#e1cib/data/Документ.ЗаказКлиента?ref=…`, the id's groups turned round as 1C does. */
export function addressOf(url: string, set: string, id: string): string | undefined {
	const [prefix, name] = [set.slice(0, set.indexOf('_')), set.slice(set.indexOf('_') + 1)];
	const [a, b, c, d, e] = id.split('-');
	return NAVIGATION[prefix] && e ? `${url}#e1cib/data/${encodeURI(`${NAVIGATION[prefix]}.${name}`)}?ref=${d}${e}${c}${b}${a}` : undefined;
}
