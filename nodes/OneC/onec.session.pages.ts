// Owns reading a whole set: a stable order, pages as heavy as 1C bears, no record twice and none lost.
// Must not know what the records mean.
import { asFailure, Failure } from '../core/failure';
import { allOf, datetime } from './onec.literals';
import { type Fetched, PageFetcher, type PageOptions, type PageSource } from './onec.session.page';
import { list } from './onec.session.query';
import type { Row } from './onec.wire';

/** How often a set may shift under the reading before it is given up. */
const RESTARTS = 3;
/** Records that may be added between counting and reading. */
const MARGIN = 100;

/** Fields of a register that take part in its order. */
const MOST_ORDERED = 8;

/** Sets whose records have an id, by the beginning of their name. */
const OBJECTS = /^(Catalog|Document|ChartOf[A-Za-z]+|ExchangePlan|BusinessProcess|Task)_/;

/** Pages of a query; see `OnecSession.pages`. */
export function readPages(options: PageOptions, source: PageSource): AsyncGenerator<Row[]> {
	const reading = new Reading(options, source);
	return /^Document_/.test(options.set) && !options.query.orderby && !options.query.skip ? reading.byDate() : reading.bySkip();
}

/** In which order a set is read, and by which fields a record is told from all others; no fields: by none. */
interface Plan {
	order?: string;
	/** Orders to try where 1C refuses the one before; nothing: none at all. */
	others?: ReadonlyArray<string | undefined>;
	keys: readonly string[];
}

class Reading {
	private readonly fetcher: PageFetcher;
	private readonly seen = new Set<string>();
	private given = 0;

	constructor(
		private readonly options: PageOptions,
		private readonly source: PageSource,
	) {
		this.fetcher = new PageFetcher(options, source);
	}

	/**
	 * Documents, on from the date of the last one: every page costs the same, however deep (skipping costs more with
	 * every page, reference 5), and what is written meanwhile shifts nothing.
	 */
	async *byDate(): AsyncGenerator<Row[]> {
		let last: string | undefined;
		let skip = 0;
		let idle = 0;
		while (this.left > 0) {
			const page = await this.dated(last, skip).catch((error: unknown) => this.unlessNoDate(error, last));
			if (page === undefined || (page.rows.length > 0 && typeof page.rows[0]!.Date !== 'string')) return yield* this.bySkip();
			const { rows, asked } = page;
			if (rows.length === 0) return;
			const [from, to] = [String(rows[0]!.Date), String(rows[rows.length - 1]!.Date)];
			if (last !== undefined && from < last) throw standsStill(this.options.set);
			const fresh = this.unseen(rows, ['Ref_Key']);
			if ((idle = fresh.length === 0 ? idle + 1 : 0) > 1) throw standsStill(this.options.set);
			// A whole page of one and the same second: only skipping leads past it.
			skip = from === to ? (from === last ? skip : 0) + rows.length : 0;
			if (to !== last) this.keepOnly(rows.filter((row) => row.Date === to));
			last = to;
			yield* this.give(fresh);
			if (rows.length < asked) return;
		}
	}

	private async dated(last: string | undefined, skip: number): Promise<Fetched> {
		const filter = allOf(this.options.query.filter, last === undefined ? undefined : `Date ge ${datetime(last)}`);
		return await this.fetcher.fetch({ filter, orderby: 'Date,Ref_Key', skip }, ['Ref_Key', 'Date'], this.left, 0);
	}

	/** The set of a table part has no date; its name alone does not tell it from a document's (reference 1). */
	private unlessNoDate(error: unknown, last: string | undefined): undefined {
		if (last === undefined && this.mayBeTablePart && error instanceof Failure && error.kind === 'rejected') return undefined;
		throw error;
	}

	/** Everything else, by skipping; each page begins with the last record of the page before, as proof that nothing shifted. */
	async *bySkip(): AsyncGenerator<Row[]> {
		const planned = this.knownPlan ?? (yield* this.firstPage());
		if (!planned || this.left <= 0) return;
		const plan = await this.accepted(planned);
		const expected = plan.keys.length === 0 ? await this.expected() : undefined;
		const first = this.options.query.skip ?? 0;
		let previous: string | undefined;
		let restarts = 0;
		for (let at = first; this.left > 0; ) {
			const overlap = previous === undefined ? 0 : 1;
			const { rows, asked } = await this.fetcher.fetch({ orderby: plan.order, skip: at - overlap }, plan.keys, this.left, overlap);
			if (overlap && (rows.length === 0 || identity(rows[0]!, plan.keys) !== previous)) {
				// Without fields that tell records apart, what was given already could not be left out.
				if (plan.keys.length === 0) throw shifting(this.options.set);
				if (++restarts > RESTARTS) return yield* this.atOnce(plan);
				[at, previous] = [first, undefined];
				continue;
			}
			const page = rows.slice(overlap);
			at += page.length;
			if (page.length > 0) previous = identity(page[page.length - 1]!, plan.keys);
			yield* this.give(this.unseen(page, plan.keys));
			if (rows.length < asked) break;
		}
		if (expected !== undefined && this.given < expected) await this.checkNoneLost(expected);
	}

	/** A set that keeps no order can only be had in one answer, where it is light enough for one. */
	private async *atOnce(plan: Plan): AsyncGenerator<Row[]> {
		const count = await this.source.count();
		if (!this.fetcher.fits(count)) throw shifting(this.options.set);
		const { rows } = await this.source.page({ ...this.options.query, select: this.fetcher.with(plan.keys), top: count + MARGIN });
		yield* this.give(this.unseen(rows, plan.keys));
		if (rows.length > count + MARGIN - 1) throw shifting(this.options.set);
	}

	/** What the name alone tells of the order. */
	private get knownPlan(): Plan | undefined {
		const { set, query } = this.options;
		const isObject = OBJECTS.test(set) && !this.mayBeTablePart;
		if (!isObject) return query.orderby ? { order: query.orderby, keys: [] } : undefined;
		const chosen = query.orderby && !/\bRef_Key\b/.test(query.orderby) ? `${query.orderby},Ref_Key` : query.orderby;
		// By Ref_Key the order is stable, though not that of the ids (reference 5).
		return { order: chosen ?? 'Ref_Key', keys: ['Ref_Key'] };
	}

	/** Reads what fits into one page as it comes; gives the plan for the rest when there is more. */
	private async *firstPage(): AsyncGenerator<Row[], Plan | undefined> {
		const { rows, asked } = await this.fetcher.fetch({ skip: this.options.query.skip }, [], this.left, 0);
		if (rows.length < asked || rows.length >= this.left) {
			yield* this.give(rows);
			return undefined;
		}
		const whole = list(this.options.query.select).length === 0 ? rows[0]! : (await this.source.page({ filter: this.options.query.filter, top: 1 })).rows[0];
		return planOf(whole ?? rows[0]!);
	}

	/** Not every field of a register can be ordered by: the first order that 1C takes. */
	private async accepted(plan: Plan): Promise<Plan> {
		const { others = [] } = plan;
		for (const [i, order] of [plan.order, ...others].entries()) {
			if (i === others.length) return { ...plan, order };
			try {
				await this.source.page({ filter: this.options.query.filter, orderby: order, top: 1 });
				return { ...plan, order };
			} catch (error) {
				if (asFailure(error).kind !== 'rejected') throw error;
			}
		}
		return plan;
	}

	/** A set in no sure order is counted beforehand. */
	private async expected(): Promise<number | undefined> {
		return this.options.query.top === undefined && !this.options.query.skip ? await this.source.count().catch(() => undefined) : undefined;
	}

	private async checkNoneLost(before: number): Promise<void> {
		const now = await this.source.count().catch(() => this.given);
		if (this.given < Math.min(before, now)) throw lost(this.options.set, this.given, now);
	}

	private get left(): number {
		return (this.options.query.top ?? Infinity) - this.given;
	}

	/** `Catalog_X_Y` is a catalog, or the part Y of the catalog X. */
	private get mayBeTablePart(): boolean {
		return this.options.set.split('_').length > 2;
	}

	private *give(rows: Row[]): Generator<Row[]> {
		const given = rows.slice(0, this.left);
		this.given += given.length;
		if (given.length > 0) yield given.map((row) => this.fetcher.asked(row));
	}

	private unseen(rows: Row[], keys: readonly string[]): Row[] {
		if (keys.length === 0) return rows;
		return rows.filter((row) => {
			const id = identity(row, keys);
			if (this.seen.has(id)) return false;
			this.seen.add(id);
			return true;
		});
	}

	/** Behind a date nothing earlier comes again: only the records of that very date are remembered. */
	private keepOnly(rows: Row[]): void {
		this.seen.clear();
		for (const row of rows) this.seen.add(identity(row, ['Ref_Key']));
	}
}

function identity(row: Row, keys: readonly string[]): string {
	return keys.length === 1 ? String(row[keys[0]!]) : JSON.stringify(keys.length === 0 ? row : keys.map((name) => row[name]));
}

/** A stable order for the kind of set, told by a whole record of it (reference 5). */
function planOf(row: Row): Plan {
	// Main sets of registers with a recorder heed no order at all.
	if ('RecordSet' in row) return { keys: ['Recorder', 'Recorder_Key'].filter((name) => name in row) };
	const owner = ['Ref_Key', 'Recorder', 'Recorder_Key'].filter((name) => name in row);
	if ('Ref_Key' in row && !('LineNumber' in row)) return { order: 'Ref_Key', keys: ['Ref_Key'] };
	// A table part ordered by its owner alone loses rows between pages.
	if (owner.length > 0 && 'LineNumber' in row) return { order: [...('Period' in row ? ['Period'] : []), ...owner, 'LineNumber'].join(','), keys: [...owner, 'LineNumber'] };
	// A journal of documents.
	if ('Ref' in row && 'Date' in row) return { order: 'Date,Number', others: ['Date'], keys: ['Ref'] };
	// An independent register: its period and dimensions make a record unique, and they come before the rest.
	const names = Object.keys(row).filter((name) => typeof row[name] !== 'object' && !/_Type$|_Base64Data$|@|____/.test(name)).slice(0, MOST_ORDERED);
	const simple = names.filter((name) => !(`${name}_Type` in row));
	return { order: names.join(',') || undefined, others: [simple.join(',') || undefined, undefined], keys: [] };
}

function standsStill(set: string): Failure {
	return new Failure('rejected', `1C gives the same records of ${set} again and again, whatever page is asked for`, { advice: 'Something between n8n and 1C may change the address or answer from a cache' });
}

function shifting(set: string): Failure {
	return new Failure('transient', `${set} changed while it was being read`, { advice: 'Read it when less is written, or with a filter, e.g. by period' });
}

function lost(set: string, given: number, expected: number): Failure {
	return new Failure('transient', `Of ${expected} records of ${set} only ${given} came: the pages overlapped`, { advice: 'Read it with a filter, e.g. by period' });
}
