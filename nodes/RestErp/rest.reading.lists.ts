// Owns reading several lists at once: their first answers together, the same call once, further pages only where an
// answer says that there are some. Must not know documents.
import type { Settled } from '../core/batches';
import { FirstById, listsIn } from './rest.lists';
import { linkedNext } from './rest.pages.address';
import type { ListRequest } from './rest.profile.parts';
import { isRecord } from '../core/values';
import type { Answer, Call, Row, Scope, Services } from './rest.services';

export interface Listing {
	place: string;
	request: ListRequest;
	scope: Scope;
}

/** Tells rows apart over the pages; undefined: they have no identity of their own. */
export type RowId = (row: Row) => Promise<string | undefined>;

/**
 * All rows of each list, in the lists' order. One that cannot be asked for because a value of its path is missing is empty.
 *
 * @param options.few at most a handful is expected, as of a search by number: a short first answer is the whole list
 */
export async function readLists(services: Services, lists: readonly Listing[], id: RowId, options: { few?: boolean } = {}): Promise<Row[][]> {
	const parts = lists.map(({ place, request, scope }) => listsIn(place, request).map((part) => ({ ...part, scope })));
	const rows = await readParts(services, parts.flat(), id, options);
	let next = 0;
	return await Promise.all(
		parts.map(async ({ length }) => {
			const own = rows.slice(next, (next += length));
			return length > 1 ? await new FirstById(id).of(own.flat()) : own[0]!;
		}),
	);
}

async function readParts(services: Services, lists: readonly Listing[], id: RowId, options: { few?: boolean }): Promise<Row[][]> {
	const calls = await Promise.all(lists.map(async ({ place, request, scope }) => await services.requests.prepare(place, request, scope, { writes: false })));
	const early = lists.map((list) => options.few === true || SPEAKING.has(pagingOf(services, list).style));
	const answers = await together(services, calls.map((call, i) => (early[i] ? call : undefined)));
	const whole = new Map<string, Promise<Row[]>>();
	return await Promise.all(
		lists.map(async (list, i) => {
			const call = calls[i];
			if (!call) return [];
			const name = looksAround(list.request.items) ? `${i}` : nameOf(call);
			const rows = whole.get(name) ?? readOne(services, list, answers[i], id);
			whole.set(name, rows);
			return await rows;
		}),
	);
}

/** Whether it picks its rows out of the answer by what they are read for: then equal answers do not give equal rows. */
function looksAround(items: string | undefined): boolean {
	return items !== undefined && /\$\$|(?<![.\w$])(record|id|value|values|with|key|number)\b/.test(items);
}

/** Styles whose answers say whether there is more. */
const SPEAKING = new Set(['none', 'odata', 'link', 'next', 'cursor']);

async function readOne(services: Services, list: Listing, first: Settled<Answer> | undefined, id: RowId): Promise<Row[]> {
	if (first) {
		if (!first.ok) {
			// A path that ends in what is looked for answers "not found"; a list never does.
			if (first.failure.kind === 'missing' && /\{values?\}/.test(list.request.path)) return [];
			throw first.failure;
		}
		const rows = await services.requests.items(list.place, list.request, first.value, list.scope);
		if (!(await goesOn(services, list, first.value, rows))) return rows;
	}
	const rows: Row[] = [];
	for await (const page of services.requests.pages(list.place, list.request, list.scope, id)) rows.push(...page);
	return rows;
}

function pagingOf({ profile }: Services, { request }: Listing) {
	return request.paging ?? profile.paging;
}

async function goesOn(services: Services, list: Listing, { body, headers }: Answer, rows: readonly Row[]): Promise<boolean> {
	const paging = pagingOf(services, list);
	switch (paging.style) {
		case 'none':
			return false;
		case 'odata': {
			const holders = isRecord(body) ? [body, ...(isRecord(body.d) ? [body.d] : [])] : [];
			return holders.some((holder) => ['@odata.nextLink', 'odata.nextLink', '@nextLink', '__next'].some((name) => Boolean(holder[name])));
		}
		case 'link':
			return linkedNext(headers.link) !== undefined;
		case 'next':
		case 'cursor': {
			const place = `${list.request.paging ? `${list.place}.paging` : 'paging'}.next`;
			const next = await services.evaluator.value(place, paging.next, { ...list.scope, answer: body, headers });
			return next !== undefined && next !== null && next !== '' && next !== false;
		}
		default:
			// No server's pages hold one record.
			return rows.length > 1;
	}
}

/** The answers to calls sent together, equal ones once; undefined where there is no call. */
export async function together(services: Services, calls: ReadonlyArray<Call | undefined>): Promise<Array<Settled<Answer> | undefined>> {
	const distinct = new Map(calls.flatMap((call) => (call ? [[nameOf(call), call] as const] : [])));
	if (distinct.size === 0) return calls.map(() => undefined);
	const answers = await services.session.many([...distinct.values()]);
	const byName = new Map([...distinct.keys()].map((name, i) => [name, answers[i]!]));
	return calls.map((call) => (call ? byName.get(nameOf(call)) : undefined));
}

function nameOf({ method, path, query, headers, body }: Call): string {
	return JSON.stringify([method, path, query ?? null, headers ?? null, body ?? null]);
}
