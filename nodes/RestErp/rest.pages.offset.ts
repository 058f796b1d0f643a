// Owns paging by a number of items to skip. Each page begins with the last record of the page before, as proof that
// nothing was removed in front of it; else the reading goes back to where a known record stands, and on from there.
// Must not know what the rows mean.
import type { Page, PageReading } from './rest.pages.reading';
import type { Paging } from './rest.profile.parts';
import type { Row } from './rest.services';

/** Shifts without a new record between them, after which the list is given up. */
const MOST_SHIFTS = 8;

type OffsetPaging = Extract<Paging, { style: 'offset' }>;

export async function* readByOffset(reading: PageReading, paging: OffsetPaging): AsyncGenerator<Row[]> {
	// Of a page of one the overlap would leave nothing.
	const limit = Math.max(2, paging.pageSize);
	let [offset, proof, shifts, again, back] = [0, false, 0, 0, limit];
	let [total, last]: [number?, string?] = [];
	for (;;) {
		const call = await reading.prepare({ offset, size: limit }, { [paging.offset]: offset, [paging.limit ?? '']: limit });
		if (!call) return;
		const page = await reading.send(call);
		total = (await reading.total(paging.total, page)) ?? total;
		if (proof && !reading.knows(page.ids[0])) {
			if (++shifts > MOST_SHIFTS) throw reading.changing();
			again = Math.max(again, offset + 1);
			offset = Math.max(0, offset - back);
			back *= 2;
			proof = offset > 0;
			continue;
		}
		const fresh = reading.take(page);
		if (fresh.length > 0) [shifts, back] = [0, limit];
		yield fresh;
		const end = offset + page.rows.length;
		if (end <= again) reading.forgive();
		const behind = isLast(page, proof, reading) || (fresh.length === 0 && endsAs(page, last, reading));
		if (reading.stands && !behind) throw reading.standsStill();
		if (behind) {
			if (total !== undefined && end < total) throw reading.lost(end, total);
			return;
		}
		if (total !== undefined && end >= total) return;
		last = page.ids[page.ids.length - 1];
		proof = reading.longest > 1 && last !== undefined;
		offset = proof ? end - 1 : end;
	}
}

/** Nothing, or nothing but the record that was known. */
function isLast(page: Page, proof: boolean, reading: PageReading): boolean {
	return page.rows.length === 0 || (proof && page.rows.length === 1 && reading.longest > 1);
}

/** What was written in front has pushed the list on: nothing stands behind the record that was the last one before. */
function endsAs(page: Page, last: string | undefined, reading: PageReading): boolean {
	return last !== undefined && page.rows.length < reading.longest && page.ids[page.ids.length - 1] === last;
}
