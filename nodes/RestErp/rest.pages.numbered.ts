// Owns paging by page number. A deletion in front of a page moves records into pages that were read already: the number
// of all items tells. Must not know what the rows mean.
import type { Page, PageReading } from './rest.pages.reading';
import type { Paging } from './rest.profile.parts';
import type { Row } from './rest.services';

/** How often a list that shrank under the reading is read again. */
const PASSES = 4;

type NumberedPaging = Extract<Paging, { style: 'page' }>;

export async function* readByNumber(reading: PageReading, paging: NumberedPaging): AsyncGenerator<Row[]> {
	for (let pass = 1; ; pass++) {
		const { lacking, before, given } = yield* onePass(reading, paging);
		if (!lacking) return;
		// Rows without ids would come twice.
		if (pass >= PASSES || reading.nameless) throw before === undefined ? reading.changing() : reading.lost(given, before);
		reading.begin();
	}
}

interface Pass {
	/** Something may not have come. */
	lacking: boolean;
	/** How many there were when the pass began, where fewer came. */
	before?: number;
	given: number;
}

async function* onePass(reading: PageReading, paging: NumberedPaging): AsyncGenerator<Row[], Pass> {
	let [first, total]: Array<number | undefined> = [];
	let [received, shrank] = [0, false];
	let previous: Page | undefined;
	for (let number = paging.first; ; number++) {
		const call = await reading.prepare({ number, size: paging.pageSize }, { [paging.page]: number, [paging.size ?? '']: paging.pageSize });
		if (!call) return { lacking: false, given: 0 };
		const page = await reading.send(call);
		const told = await reading.total(paging.total, page);
		first ??= told;
		shrank ||= told !== undefined && total !== undefined && told < total;
		total = told ?? total;
		yield reading.take(page);
		if (reading.stands) {
			if (total === undefined && isLastAgain(page, previous, paging, number)) break;
			throw reading.standsStill();
		}
		received += page.rows.length;
		if (page.rows.length === 0 || (total !== undefined && received >= total)) break;
		previous = page;
	}
	const given = reading.different;
	const fewer = first !== undefined && given < first;
	return { lacking: fewer || shrank, given, ...(fewer && !shrank ? { before: first } : {}) };
}

/** Some servers answer the last page for every number beyond it. A server that does not heed the number looks alike on its first page only. */
function isLastAgain(page: Page, previous: Page | undefined, paging: NumberedPaging, number: number): boolean {
	if (!previous || JSON.stringify(previous.ids) !== JSON.stringify(page.ids)) return false;
	const severalPages = number - paging.first > 3;
	return severalPages || (paging.size !== undefined && page.rows.length < paging.pageSize);
}
