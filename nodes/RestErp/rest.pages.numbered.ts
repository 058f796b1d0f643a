// Owns paging by page number. A deletion in front of a page moves records into pages that were read already: the number
// of all items tells. Must not know what the rows mean.
import { type Tally, untilWhole } from './rest.pages.passes';
import type { Page, PageReading } from './rest.pages.reading';
import type { Paging } from './rest.profile.parts';
import type { Row } from './rest.services';

type NumberedPaging = Extract<Paging, { style: 'page' }>;

export async function* readByNumber(reading: PageReading, paging: NumberedPaging): AsyncGenerator<Row[]> {
	yield* untilWhole(reading, paging.total, (tally) => onePass(reading, paging, tally));
}

async function* onePass(reading: PageReading, paging: NumberedPaging, tally: Tally): AsyncGenerator<Row[]> {
	let received = 0;
	let previous: Page | undefined;
	for (let number = paging.first; ; number++) {
		const call = await reading.prepare({ number, size: paging.pageSize }, { [paging.page]: number, [paging.size ?? '']: paging.pageSize });
		if (!call) return;
		const page = await reading.send(call);
		await tally.note(page);
		yield reading.take(page);
		const { total } = tally;
		if (reading.stands) {
			if (total === undefined && isLastAgain(page, previous, paging, number)) return;
			throw reading.standsStill();
		}
		received += page.rows.length;
		if (page.rows.length === 0 || (total !== undefined && received >= total)) return;
		previous = page;
	}
}

/** Some servers answer the last page for every number beyond it. A server that does not heed the number looks alike on its first page only. */
function isLastAgain(page: Page, previous: Page | undefined, paging: NumberedPaging, number: number): boolean {
	if (!previous || JSON.stringify(previous.ids) !== JSON.stringify(page.ids)) return false;
	const severalPages = number - paging.first > 3;
	return severalPages || (paging.size !== undefined && page.rows.length < paging.pageSize);
}
