// Owns lists whose answers say how they go on: a cursor, or the address of the next page. Where such a place is a mere
// number of records, a deletion loses some: the number of all items tells. Must not know what the rows mean.
import { isRecord } from '../core/values';
import { linkedNext, pathBelow } from './rest.pages.address';
import { type Tally, untilWhole } from './rest.pages.passes';
import type { Page, PageReading } from './rest.pages.reading';
import type { Paging } from './rest.profile.parts';
import { withParameter } from './rest.requests.query';
import type { Call, Row } from './rest.services';

type CursorPaging = Extract<Paging, { style: 'cursor' }>;

export async function* readByCursor(reading: PageReading, paging: CursorPaging): AsyncGenerator<Row[]> {
	yield* untilWhole(reading, paging.total, (tally) => byCursor(reading, paging, tally));
}

async function* byCursor(reading: PageReading, paging: CursorPaging, tally: Tally): AsyncGenerator<Row[]> {
	const used = new Set<string>();
	let cursor: string | undefined;
	for (;;) {
		const call = await reading.prepare({ cursor, size: paging.pageSize }, { [paging.size ?? '']: paging.pageSize, [paging.cursor]: cursor });
		if (!call) return;
		const page = await reading.send(call);
		await tally.noteFirst(page);
		yield reading.take(page);
		if (reading.stands) throw reading.standsStill();
		const next = await reading.told('next', paging.next, page);
		// Servers whose cursor is a place to wait at give the same one at the end.
		if (next === undefined || (next === cursor && page.rows.length === 0)) return;
		if (used.has(next)) throw loops(reading, `the cursor "${next.slice(0, 60)}"`);
		used.add(next);
		cursor = next;
	}
}

type LinkPaging = Extract<Paging, { style: 'next' | 'link' | 'odata' }>;

export async function* readByLink(reading: PageReading, paging: LinkPaging): AsyncGenerator<Row[]> {
	yield* untilWhole(reading, paging.total, (tally) => byLink(reading, paging, tally));
}

async function* byLink(reading: PageReading, paging: LinkPaging, tally: Tally): AsyncGenerator<Row[]> {
	const first = await firstCall(reading, paging);
	if (!first) return;
	const used = new Set([addressOf(first)]);
	let call = first;
	for (;;) {
		const page = await reading.send(call);
		await tally.noteFirst(page);
		yield reading.take(page);
		if (reading.stands) throw reading.standsStill();
		const link = await nextLink(reading, paging, page);
		if (link === undefined) return;
		const path = pathBelow({ link, from: fromOf(paging, page, call.path), baseUrl: reading.baseUrl, refuse: (what, advice, kind) => reading.failure(kind, what, advice) });
		if (used.has(path)) throw loops(reading, 'a link that was followed before');
		used.add(path);
		// The link holds the whole query; method, headers and body stay.
		const { query: _query, ...rest } = first;
		call = { ...rest, path };
	}
}

async function firstCall(reading: PageReading, paging: LinkPaging): Promise<Call | undefined> {
	const { pageSize } = paging;
	const call = await reading.prepare({ size: pageSize }, paging.style === 'odata' ? {} : { [paging.size ?? '']: pageSize });
	if (!call || paging.style !== 'odata') return call;
	const counted = paging.total === undefined || ['$count', '$inlinecount'].some((name) => call.query?.[name] !== undefined) ? call : withParameter(call, '$count', 'true');
	if (pageSize === undefined) return counted;
	const name = Object.keys(call.headers ?? {}).find((one) => one.toLowerCase() === 'prefer') ?? 'Prefer';
	const prefer = [call.headers?.[name], `odata.maxpagesize=${pageSize}`].filter(Boolean).join(', ');
	return { ...counted, headers: { ...call.headers, [name]: prefer } };
}

async function nextLink(reading: PageReading, paging: LinkPaging, page: Page): Promise<string | undefined> {
	if (paging.style === 'next') return await reading.told('next', paging.next, page);
	if (paging.style === 'link') return linkedNext(page.answer.headers.link);
	const { body } = page.answer;
	const holders = isRecord(body) ? [body, ...(isRecord(body.d) ? [body.d] : [])] : [];
	const links = holders.flatMap((holder) => [holder['@odata.nextLink'], holder['odata.nextLink'], holder['@nextLink'], holder.__next]);
	return links.find((link): link is string => typeof link === 'string' && link !== '');
}

/** What a relative link is relative to: OData's own to the place of `@odata.context` (OData 4.01 JSON, section 4.5.10). */
function fromOf(paging: LinkPaging, { answer: { body } }: Page, path: string): string[] {
	const context = isRecord(body) ? (body['@odata.context'] ?? body['@context']) : undefined;
	const relative = paging.style === 'odata' && typeof context === 'string' && !/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(context);
	return relative ? [path, context.replace(/#.*$/s, '')] : [path];
}

function addressOf({ path, query }: Call): string {
	const search = new URLSearchParams(query ?? {}).toString();
	return search ? `${path}${path.includes('?') ? '&' : '?'}${search}` : path;
}

function loops(reading: PageReading, what: string) {
	return reading.failure('rejected', `goes in a circle: the answer names ${what}`, 'Look at the raw answers with "Test Profile"; the server or the expression for the next page is at fault');
}
