// Owns finding records by what people and documents know of them: key, number, code, VAT number and the like. What a
// server's search gives beyond that is left out. Must not know what is done with them.
import { chunks } from '../core/batches';
import type { Kind } from '../core/documents';
import { Failure } from '../core/failure';
import { parseKey } from '../core/keys';
import { isRecord } from '../core/values';
import { baseScope, fault, idIfAny, kindOf } from './rest.documents';
import type { Finder } from './rest.profile.kinds';
import type { ListRequest } from './rest.profile.parts';
import { readLists } from './rest.reading.lists';
import { wholeRows } from './rest.reading.with';
import type { Row, Scope, Services } from './rest.services';

/** Addresses hold 2,000 characters on many servers, and filters a hundred conditions. */
const MOST_VALUES = 20;

/** The records that fit the value, in the server's order. */
export async function find(services: Services, kind: Kind, finder: Finder, value: string): Promise<Row[]> {
	return (await findMany(services, kind, finder, [value])).get(value) ?? [];
}

/**
 * The records that fit each of the values: in one call where the finder asks for all of them (`values`), else in calls
 * that go together. Every value has a list, if an empty one.
 */
export async function findMany(services: Services, kind: Kind, finder: Finder, values: readonly string[]): Promise<Map<string, Row[]>> {
	const distinct = [...new Set(values)];
	if (distinct.length === 0) return new Map();
	const request = finderOf(services, kind, finder);
	if (mentions(request, 'values')) return await findTogether(services, kind, finder, request, distinct);
	const place = `kinds.${kind}.find.${finder}`;
	const scope = (value: string): Scope => ({ ...baseScope(services), value, values: [value] });
	const lists = await readLists(services, distinct.map((value) => ({ place, request, scope: scope(value) })), async (row) => await idIfAny(services, kind, row), { few: true });
	const found = await Promise.all(distinct.map(async (value, i) => await fitting(services, kind, finder, value, await wholeRows(services, kind, request, lists[i]!))));
	return new Map(distinct.map((value, i) => [value, found[i]!]));
}

async function findTogether(services: Services, kind: Kind, finder: Finder, request: ListRequest, values: readonly string[]): Promise<Map<string, Row[]>> {
	const place = `kinds.${kind}.find.${finder}`;
	if (values.length > 1 && !saidBy(services, kind, finder)) throw fault(services, place, `asks for all values at once, and kinds.${kind}.read.${finder} does not say which record has which`);
	const parts = chunks(values, MOST_VALUES);
	const lists = await readLists(services, parts.map((some) => ({ place, request, scope: { ...baseScope(services), value: some[0], values: some } })), async (row) => await idIfAny(services, kind, row));
	const found = new Map<string, Row[]>();
	for (const [i, some] of parts.entries()) {
		const rows = await wholeRows(services, kind, request, lists[i]!);
		for (const value of some) found.set(value, await fitting(services, kind, finder, value, rows));
	}
	return found;
}

export function finderOf({ profile }: Services, kind: Kind, finder: Finder): ListRequest {
	const request = kindOf({ profile } as Services, kind).find?.[finder];
	if (request) return request;
	throw new Failure('rejected', `The profile of ${profile.name} does not say how to find ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind} by its ${finder}`, { advice: `Add kinds.${kind}.find.${finder} to the profile, or use the record's id` });
}

/** Whether an expression of the request uses the name. */
export function mentions({ path, query, headers, body }: Pick<ListRequest, 'path' | 'query' | 'headers' | 'body'>, name: string): boolean {
	const texts = [...(path.match(/\{[^{}]*\}/g) ?? []), ...Object.values(query ?? {}), ...Object.values(headers ?? {}), ...leaves(body)];
	return texts.some((text) => new RegExp(`(?<![\\w$.'"])${name}(?![\\w'"])`).test(text));
}

function leaves(body: unknown): string[] {
	return isRecord(body) ? Object.values(body).flatMap(leaves) : typeof body === 'string' ? [body] : [];
}

/** Where the record itself says what is looked for, when the profile tells. */
function saidBy({ profile }: Services, kind: Kind, finder: Finder): { place: string; expression: string } | undefined {
	const own = kindOf({ profile } as Services, kind);
	const read = isRecord(own.read) ? own.read[finder] : undefined;
	const [place, expression] = finder === 'key' ? [`kinds.${kind}.key`, own.key] : [`kinds.${kind}.read.${finder}`, read];
	// What stands in another record is not known yet.
	return typeof expression === 'string' && !/\bwith\b/.test(expression) ? { place, expression } : undefined;
}

/**
 * Those of the rows that have the value: searches find parts of words, or everything where a server does not heed the
 * filter. Rows that do not tell are read whole, since a foreign record must never be taken for the one that is meant.
 */
export async function fitting(services: Services, kind: Kind, finder: Finder, value: string, rows: readonly Row[]): Promise<Row[]> {
	const said = saidBy(services, kind, finder);
	if (!said || rows.length === 0) return [...rows];
	const own = await Promise.all(rows.map(async (row) => await told(services, said, row)));
	if (finder === 'key') return await withKey(services, kind, value, said, rows, own);
	const fitting = alike(rows, own, value, finder);
	const silent = rows.filter((_row, i) => own[i] === undefined);
	if (fitting.length > 0 || silent.length === 0 || !kindOf(services, kind).get) return fitting;
	if (silent.length > MOST_VALUES) throw fault(services, `kinds.${kind}.find.${finder}`, `finds ${rows.length} records, of many of which ${said.place} (${JSON.stringify(said.expression)}) gives nothing: the server does not heed what is asked`, `${kind} with the ${finder} ${value}`);
	const whole = await wholeRows(services, kind, { path: '/', whole: false }, silent);
	return alike(whole, await Promise.all(whole.map(async (row) => await told(services, said, row))), value, finder);
}

/** Those that have the value itself, else those that have it in another spelling; numbers have one only. */
function alike(rows: readonly Row[], own: ReadonlyArray<string | undefined>, value: string, finder: Finder): Row[] {
	const exact = rows.filter((_row, i) => own[i] === value);
	return exact.length > 0 || finder === 'number' ? exact : rows.filter((_row, i) => own[i] !== undefined && loose(own[i], finder) === loose(value, finder));
}

/** A key in another form (a UUID made from it) says nothing against the record. */
async function withKey(services: Services, kind: Kind, value: string, said: { place: string; expression: string }, rows: readonly Row[], own: ReadonlyArray<string | undefined>): Promise<Row[]> {
	const fits = (key: string | undefined) => key === value || (key !== undefined && !parseKey(key));
	const exact = rows.filter((_row, i) => own[i] === value);
	const sure = exact.length > 0 ? exact : rows.filter((_row, i) => fits(own[i]));
	const silent = rows.filter((_row, i) => own[i] === undefined);
	if (sure.length > 0 || silent.length === 0) return sure;
	const whole = kindOf(services, kind).get ? await wholeRows(services, kind, { path: '/', whole: false }, silent) : [];
	const now = await Promise.all(whole.map(async (row) => await told(services, said, row)));
	if (now.some((key) => key === undefined) || (whole.length === 0 && !kindOf(services, kind).get)) {
		throw fault(services, `kinds.${kind}.find.key`, `finds ${rows.length === 1 ? 'a record' : `${rows.length} records`} of which ${said.place} (${JSON.stringify(said.expression)}) gives nothing: the server does not heed what is asked, or the key stands elsewhere`, `${kind} with the key ${value}`);
	}
	return whole.filter((_row, i) => fits(now[i]));
}

async function told(services: Services, { place, expression }: { place: string; expression: string }, row: Row): Promise<string | undefined> {
	return await services.evaluator.text(place, expression, { ...baseScope(services), record: row });
}

function loose(text: string | undefined, finder: Finder): string | undefined {
	const plain = text?.normalize('NFKC').toLowerCase();
	return finder === 'vat' || finder === 'phone' ? plain?.replace(/[^\p{L}\p{N}]/gu, '') : plain?.replace(/\s+/g, ' ').trim();
}
