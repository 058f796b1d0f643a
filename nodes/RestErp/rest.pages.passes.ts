// Owns reading a list again from its beginning when records have moved into pages that were read already: the number of
// all items, as the answers tell it, shows that. Must not know any style of paging.
import type { Page, PageReading } from './rest.pages.reading';
import type { Row } from './rest.services';

/** How often a list that shrank under the reading is read again. */
const PASSES = 4;

/** What the answers of one pass tell of how many there are. */
export class Tally {
	/** The number that the last answer told. */
	total?: number;
	private first?: number;
	private shrank = false;

	constructor(
		private readonly reading: PageReading,
		/** Of the number, over an answer. */
		private readonly expression: string | undefined,
	) {}

	/** For answers that tell it of what is left, as CAP's do behind a `$skiptoken`: only the first one counts. */
	async noteFirst(page: Page): Promise<void> {
		if (this.first === undefined) await this.note(page);
	}

	async note(page: Page): Promise<void> {
		const told = await this.reading.total(this.expression, page);
		this.first ??= told;
		this.shrank ||= told !== undefined && this.total !== undefined && told < this.total;
		this.total = told ?? this.total;
	}

	/** How many there were when the pass began, where fewer came; `shrank`: because some went. */
	get lack(): { before: number; shrank: boolean } | undefined {
		const fewer = this.first !== undefined && this.reading.different < this.first;
		return fewer || this.shrank ? { before: this.first!, shrank: this.shrank } : undefined;
	}
}

/** Reads by `pass` until nothing is lacking. What came already is not given twice. */
export async function* untilWhole(reading: PageReading, expression: string | undefined, pass: (tally: Tally) => AsyncGenerator<Row[]>): AsyncGenerator<Row[]> {
	for (let n = 1; ; n++) {
		const tally = new Tally(reading, expression);
		yield* pass(tally);
		const { lack } = tally;
		if (!lack) return;
		// Rows without ids would come twice.
		if (n >= PASSES || reading.nameless) throw lack.shrank ? reading.changing() : reading.lost(reading.different, lack.before);
		reading.begin();
	}
}
