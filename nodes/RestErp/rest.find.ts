// Owns finding records by what people and documents know of them: key, number, code, VAT number and the like. What a
// server's search gives beyond that is left out. Must not know what is done with them.
import { chunks, settled } from '../core/batches';
import type { Kind } from '../core/documents';
import { Failure } from '../core/failure';
import { formatKey, parseKey } from '../core/keys';
import { isRecord } from '../core/values';
import { baseScope, fault, idIfAny, kindOf } from './rest.documents';
import type { Finder } from './rest.profile.kinds';
import type { ListRequest } from './rest.profile.parts';
import { readLists } from './rest.reading.lists';
import { wholeRows } from './rest.reading.with';
import type { Row, Scope, Services } from './rest.services';

/** Addresses hold 2,000 characters on many servers, and filters a hundred conditions. */
const MOST_VALUES = 20;

/** A key that no record has. */
const NOBODYS = formatKey({ installation: 'none', module: 'none', id: 'none' });

/** Whether the server gives nothing for a key that no record has, by kind. */
const heeding = new WeakMap<Services, Map<Kind, Promise<boolean>>>();

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
	if (rows.length === 0) return [];
	if (!said) return finder === 'key' ? await heeded(services, kind, rows) : [...rows];
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

/** A key in another form (a UUID made from it) says nothing against the record; one that was cut may be another record's. */
async function withKey(services: Services, kind: Kind, value: string, said: { place: string; expression: string }, rows: readonly Row[], own: ReadonlyArray<string | undefined>): Promise<Row[]> {
	const fits = async (some: readonly Row[], keys: ReadonlyArray<string | undefined>): Promise<Row[]> => {
		const exact = some.filter((_row, i) => keys[i] === value);
		return exact.length > 0 ? exact : await heeded(services, kind, some.filter((_row, i) => keys[i] !== undefined && !parseKey(keys[i]) && !value.startsWith(keys[i])));
	};
	const sure = await fits(rows, own);
	const silent = rows.filter((_row, i) => own[i] === undefined);
	if (sure.length > 0 || silent.length === 0) return sure;
	const readable = kindOf(services, kind).get !== undefined && silent.length <= MOST_VALUES;
	const whole = readable ? await wholeRows(services, kind, { path: '/', whole: false }, silent) : [];
	const now = await Promise.all(whole.map(async (row) => await told(services, said, row)));
	if (now.includes(undefined) || !readable) {
		throw fault(services, `kinds.${kind}.find.key`, `finds ${rows.length === 1 ? 'a record' : `${rows.length} records`} of which ${said.place} (${JSON.stringify(said.expression)}) gives nothing: the server does not heed what is asked, or the key stands elsewhere`, `${kind} with the key ${value}`);
	}
	return await fits(whole, now);
}

/** Rows that do not say whose they are: taken only from a server that gives none for a key that no record has. */
async function heeded(services: Services, kind: Kind, rows: readonly Row[]): Promise<Row[]> {
	if (rows.length === 0) return [];
	const known = heeding.get(services) ?? new Map<Kind, Promise<boolean>>();
	heeding.set(services, known);
	const asked = known.get(kind) ?? givesNothing(services, kind);
	known.set(kind, asked);
	const heeds = await settled(async () => await asked);
	if (heeds.ok && heeds.value) return [...rows];
	known.delete(kind);
	if (!heeds.ok) throw heeds.failure;
	throw fault(services, `kinds.${kind}.find.key`, 'finds records for a key that no record has: the server does not heed what is asked');
}

async function givesNothing(services: Services, kind: Kind): Promise<boolean> {
	const place = `kinds.${kind}.find.key`;
	const scope: Scope = { ...baseScope(services), value: NOBODYS, values: [NOBODYS] };
	const asked = await settled(async () => await readLists(services, [{ place, request: finderOf(services, kind, 'key'), scope }], async (row) => await idIfAny(services, kind, row), { few: true }));
	if (asked.ok) return asked.value[0]!.length === 0;
	// A key in which it finds a fault is one that it looks at.
	if (asked.failure.kind === 'rejected' || asked.failure.kind === 'missing') return true;
	throw asked.failure;
}

async function told(services: Services, { place, expression }: { place: string; expression: string }, row: Row): Promise<string | undefined> {
	return await services.evaluator.text(place, expression, { ...baseScope(services), record: row });
}

function loose(text: string | undefined, finder: Finder): string | undefined {
	const plain = text?.normalize('NFKC').toLowerCase();
	return finder === 'vat' || finder === 'phone' ? plain?.replace(/[^\p{L}\p{N}]/gu, '') : plain?.replace(/\s+/g, ' ').trim();
}
