// Owns paging by ascending id: what is written or removed meanwhile shifts nothing. Must not know what the rows mean.
// Where the answer tells how many the request matches, those are what is left.
import type { PageReading } from './rest.pages.reading';
import type { Paging } from './rest.profile.parts';
import type { Row } from './rest.services';

export async function* readByKey(reading: PageReading, paging: Extract<Paging, { style: 'key' }>): AsyncGenerator<Row[]> {
	let last: string | undefined;
	for (;;) {
		const call = await reading.prepareWith({ last, size: paging.pageSize }, paging.query, { [paging.size ?? '']: paging.pageSize });
		if (!call) return;
		const page = await reading.send(call);
		if (page.rows.length === 0) return;
		const left = await reading.total(paging.total, page);
		const fresh = reading.take(page);
		// A condition that includes the last one: at the end it comes alone.
		if (fresh.length === 0 && page.rows.length === 1 && page.ids[0] === last && (paging.size === undefined || paging.pageSize > 1)) return;
		if (reading.stands) throw reading.standsStill();
		if (!ascending(page.ids)) throw reading.failure('rejected', 'is not in the order of its ids, so it cannot be read by them', 'Ask for that order in the profile, or choose another style of paging');
		yield fresh;
		if (left !== undefined && left <= page.rows.length) return;
		last = page.ids[page.ids.length - 1];
		if (last === undefined) throw reading.failure('rejected', 'holds a record without an id, so the next page cannot be asked for', 'Correct the "id" in the profile, or choose another style of paging');
	}
}

/** Told only of whole numbers: how a server orders other ids is its own affair. As numbers or as texts. */
function ascending(ids: ReadonlyArray<string | undefined>): boolean {
	if (!ids.every((id) => id !== undefined && /^\d+$/.test(id))) return true;
	const known = ids as string[];
	return known.every((id, i) => i === 0 || BigInt(known[i - 1]!) <= BigInt(id)) || known.every((id, i) => i === 0 || known[i - 1]! <= id);
}
