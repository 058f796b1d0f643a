// Owns finding the headers of documents: by id, by number, as a list. Which documents they become is the readers'.
import { Failure } from '../core/failure';
import type { Kind } from '../core/documents';
import { collect } from '../core/pages';
import type { ListQuery } from '../core/port';
import { allOf, datetime, isGuid, text } from './onec.literals';
import { byId, type Found, HEADER } from './onec.reading';
import type { Services } from './onec.services';
import { text as textOf, wallClock } from './onec.values';
import type { Row } from './onec.wire';

/** What finding needs to know of a kind. */
export interface Findable {
	kind: Kind;
	sets: readonly string[];
	/** `Number` or `Code`; nothing where the catalog is not numbered. */
	number: string | undefined;
	/** Canonical names that may be searched for -> condition, and the check of the row that 1C's answer must pass. */
	where: Readonly<Record<string, (value: string) => string>>;
	/** What no document is, e.g. a folder. */
	only?: (row: Row) => boolean;
}

const PAGE = 100;

/** The one record for a reference. @throws Failure `missing`, `ambiguous` with the list, `rejected` for what is no reference */
export async function findOne(services: Services, findable: Findable, ref: string): Promise<Found> {
	const number = /^number:(.+)$/s.exec(ref)?.[1]?.trim();
	const found = number === undefined ? await byRef(services, findable, ref) : await byNumber(services, findable, number);
	const alive = found.filter(({ row }) => row.DeletionMark !== true);
	const [only, ...others] = alive.length === 1 ? alive : found;
	if (only && others.length === 0) return only;
	if (!only) throw new Failure('missing', `There is no ${findable.kind} "${number ?? ref}" in 1C, or the 1C user may not see it`);
	throw new Failure('ambiguous', `Several records of kind ${findable.kind} in 1C have the number ${number}: ${found.map(describe).join(', ')}`, { advice: 'Give the ID (Ref_Key) instead' });
}

async function byRef(services: Services, { kind, sets, only = () => true }: Findable, ref: string): Promise<Found[]> {
	if (!isGuid(ref)) throw new Failure('rejected', `"${ref}" is not the ID of a ${kind} in 1C`, { advice: 'Give its Ref_Key, such as 8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f, or "number:" and its number' });
	for (const set of sets) {
		const row = (await byId(services, set, [ref])).get(ref.toLowerCase());
		if (row && only(row)) return [{ set, row }];
	}
	return [];
}

/** Numbers are padded with blanks, and start anew each year: several records may have the same. */
async function byNumber(services: Services, findable: Findable, number: string): Promise<Found[]> {
	if (!findable.number) throw new Failure('missing', `There is no ${findable.kind} "${number}": in this 1C configuration a ${findable.kind} has no number`, { advice: 'Give its ID (Ref_Key)' });
	const found: Found[] = [];
	for (const set of findable.sets) {
		const exact = await services.session.rows(set, { filter: `${findable.number} eq ${text(number)}`, select: HEADER, top: 20 });
		const rows = exact.length > 0 ? exact : await services.session.rows(set, { filter: `startswith(${findable.number},${text(number)})`, select: HEADER, top: 20 });
		found.push(...rows.filter((row) => textOf(row[findable.number!]) === number && (findable.only?.(row) ?? true)).map((row) => ({ set, row })));
	}
	return found;
}

function describe({ row }: Found): string {
	const date = textOf(row.Date)?.slice(0, 10);
	return [textOf(row.Description) ?? '', date ? `of ${date}` : '', row.DeletionMark === true ? '(marked for deletion)' : '', String(row.Ref_Key)].filter(Boolean).join(' ');
}

/**
 * Headers of a list. With a limit the newest come first, without one the oldest. 1C keeps no date of change: of documents
 * `modifiedSince` means their own date, of catalogs it cannot be answered. What the user may not see is left out.
 */
export async function* listHeaders(services: Services, findable: Findable, query: ListQuery): AsyncGenerator<Found[]> {
	if (query.limit !== undefined && findable.sets.length > 1) return yield await newest(services, findable, query, query.limit);
	for (const set of findable.sets) yield* headersOf(services, findable, set, query);
}

/** The newest of several sets together. */
async function newest(services: Services, findable: Findable, query: ListQuery, limit: number): Promise<Found[]> {
	const found: Found[] = [];
	for (const set of findable.sets) found.push(...(await collect(headersOf(services, findable, set, query), limit)));
	return found.sort((a, b) => (String(a.row.Date) < String(b.row.Date) ? 1 : -1)).slice(0, limit);
}

async function* headersOf(services: Services, findable: Findable, set: string, query: ListQuery): AsyncGenerator<Found[]> {
	let left = query.limit ?? Infinity;
	if (left <= 0) return;
	for await (const page of rowsOf(services, findable, set, query)) {
		const rows = page.filter((row) => findable.only?.(row) ?? true).slice(0, left);
		left -= rows.length;
		if (rows.length > 0) yield rows.map((row) => ({ set, row }));
		if (left <= 0) return;
	}
}

async function* rowsOf(services: Services, findable: Findable, set: string, query: ListQuery): AsyncGenerator<Row[]> {
	const { session } = services;
	const isDocument = set.startsWith('Document_');
	const filter = allOf(since(services, query, findable.kind, isDocument), ...conditions(findable, query));
	if (query.limit === undefined || !isDocument) return yield* session.pages(set, { filter, select: HEADER, allowedOnly: true }, PAGE);
	const size = Math.min(query.limit, PAGE);
	for (let skip = 0; ; skip += size) {
		const rows = await session.rows(set, { filter, select: HEADER, orderby: 'Date desc,Ref_Key', top: size, skip, allowedOnly: true });
		if (rows.length > 0) yield rows;
		if (rows.length < size) return;
	}
}

function since(services: Services, query: ListQuery, kind: Kind, isDocument: boolean): string | undefined {
	if (!query.modifiedSince) return undefined;
	if (isDocument) return `Date ge ${datetime(wallClock(query.modifiedSince, services.credential.timeZone) ?? query.modifiedSince)}`;
	throw new Failure('rejected', `1C keeps no date of change, so a ${kind} cannot be listed by it`, { advice: 'Leave "Modified Since" empty, or use the trigger, which compares versions' });
}

function conditions({ where, kind }: Findable, query: ListQuery): string[] {
	return Object.entries(query.where ?? {}).map(([name, value]) => {
		const condition = Object.prototype.hasOwnProperty.call(where, name) ? where[name] : undefined;
		if (condition) return condition(value);
		throw new Failure('rejected', `A ${kind} in 1C cannot be searched by "${name}"`, { advice: `Search by ${Object.keys(where).join(', ')}` });
	});
}
