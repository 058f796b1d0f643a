// Owns reading a whole set: a stable order, pages as heavy as 1C bears, no record twice and none lost.
// Must not know what the records mean.
import { asFailure, Failure } from '../core/failure';
import { allOf, datetime } from './onec.literals';
import { CODES } from './onec.failures';
import { list, type Query } from './onec.session.query';
import type { Row } from './onec.wire';

export interface PageOptions {
	set: string;
	query: Query;
	/** Records of a page at most. */
	pageSize?: number;
}

export interface Page {
	rows: Row[];
	/** Characters of the answer. */
	size: number;
}

/** How pages are fetched; failures are thrown once reading again has not helped. */
export interface PageSource {
	page(query: Query): Promise<Page>;
	count(): Promise<number>;
}

/** An answer of this size is quick to make for 1C and to hold for us (reference 11). */
const HEAVY = 32 * 1024 * 1024;
const MOST_ROWS = 1_000;
/** Of records with table parts nothing is known before the first page: one may weigh megabytes. */
const FIRST_WHOLE = 20;
const FIRST_SELECTED = 250;
/** How often a set may shift under the reading before it is given up. */
const RESTARTS = 3;

/** Sets whose records have an id, by the beginning of their name. */
const OBJECTS = /^(Catalog|Document|ChartOf\w+?|ExchangePlan|BusinessProcess|Task)_/;

/** Pages of a query; see `OnecSession.pages`. */
export function readPages(options: PageOptions, source: PageSource): AsyncGenerator<Row[]> {
	const reading = new Reading(options, source);
	if (isDocumentSet(options.set) && !options.query.orderby && !options.query.skip) return reading.byDate();
	return reading.bySkip();
}

/** A table part's own set has no `Date`; its name cannot be told from a document's by itself (reference 1). */
function isDocumentSet(set: string): boolean {
	return /^Document_/.test(set);
}

class Reading {
	private readonly seen = new Set<string>();
	private readonly select: string[];
	private size: number;
	private left: number;

	constructor(
		private readonly options: PageOptions,
		private readonly source: PageSource,
	) {
		this.select = list(options.query.select);
		this.left = options.query.top ?? Infinity;
		this.size = Math.min(options.pageSize ?? MOST_ROWS, this.select.length > 0 && !this.select.some((name) => name === '*' || name.includes('/')) ? FIRST_SELECTED : FIRST_WHOLE);
	}

	/**
	 * Documents, on from the date of the last one: every page costs the same, however deep (skipping costs more with
	 * every page), and what is written meanwhile shifts nothing.
	 */
	async *byDate(): AsyncGenerator<Row[]> {
		let last: string | undefined;
		while (this.left > 0) {
			const top = Math.min(this.size, this.left);
			const filter = allOf(this.options.query.filter, last === undefined ? undefined : `Date ge ${datetime(last)}`);
			const skip = last === undefined ? 0 : this.seen.size;
			const { rows, asked } = await this.fetch({ filter, orderby: 'Date,Ref_Key', select: this.with(['Ref_Key', 'Date']), skip }, top);
			if (rows.length > 0 && typeof rows[0]!.Date !== 'string') return yield* this.bySkip();
			const fresh = this.unseen(rows);
			const date = rows.length > 0 ? String(rows[rows.length - 1]!.Date) : last;
			if (date !== last) this.keepOnly(rows.filter((row) => row.Date === date));
			last = date;
			yield* this.give(fresh);
			if (rows.length < asked) return;
			if (fresh.length === 0) throw standsStill(this.options.set);
		}
	}

	/** Everything else, by skipping; each page begins with the last record of the page before, as proof that nothing shifted. */
	async *bySkip(): AsyncGenerator<Row[]> {
		const { query } = this.options;
		const first = query.skip ?? 0;
		let order = query.orderby ?? this.orderOf(undefined);
		let at = first;
		let previous: string | undefined;
		let restarts = 0;
		let expected: number | undefined;
		while (this.left > 0) {
			const overlap = previous === undefined ? 0 : 1;
			const { rows, asked } = await this.fetch({ filter: query.filter, orderby: order, select: this.with(OBJECTS.test(this.options.set) ? ['Ref_Key'] : []), skip: at - overlap }, Math.min(this.size, this.left) + overlap);
			if (order === undefined && rows.length === asked && rows.length > 0) {
				order = this.orderOf(rows[0]!);
				expected = await this.source.count().catch(() => undefined);
				if (order !== undefined) continue;
			}
			if (overlap && (rows.length === 0 || this.identity(rows[0]!) !== previous)) {
				if (++restarts > RESTARTS) throw shifting(this.options.set);
				[at, previous] = [first, undefined];
				continue;
			}
			const page = rows.slice(overlap);
			const fresh = this.unseen(page);
			at += page.length;
			if (page.length > 0) previous = this.identity(page[page.length - 1]!);
			yield* this.give(fresh);
			if (rows.length < asked) break;
		}
		if (expected !== undefined && query.top === undefined && this.seen.size < expected - first) throw lost(this.options.set, this.seen.size, expected - first);
	}

	/** One page; one that is too heavy is asked for again with a quarter of the records. */
	private async fetch(query: Query, top: number): Promise<{ rows: Row[]; asked: number }> {
		for (let asked = top; ; ) {
			try {
				const { rows, size } = await this.source.page({ ...this.options.query, ...query, top: asked });
				this.adapt(rows.length, size, asked);
				return { rows, asked };
			} catch (error) {
				const failure = asFailure(error);
				if (asked <= 1 || !tooHeavy(failure)) throw failure;
				asked = Math.max(1, Math.floor(asked / 4));
				// The overlap alone would bring nothing new.
				this.size = asked === 1 ? 1 : asked;
				if (asked === 1 && query.skip) asked = 2;
				if (asked >= top) throw failure;
			}
		}
	}

	private adapt(rows: number, size: number, asked: number): void {
		if (rows === 0) return;
		const most = this.options.pageSize ?? MOST_ROWS;
		const fitting = Math.max(1, Math.floor(HEAVY / Math.max(1, size / rows)));
		// Four times more at most: the next records may be heavier than these.
		this.size = Math.min(most, fitting, Math.max(this.size, asked) * 4);
	}

	private *give(rows: Row[]): Generator<Row[]> {
		const given = rows.slice(0, this.left);
		this.left -= given.length;
		if (given.length > 0) yield given.map((row) => this.asked(row));
	}

	/** The fields that were asked for, and those that the reading itself needs. */
	private with(names: readonly string[]): string[] | undefined {
		if (this.select.length === 0) return undefined;
		return this.select.some((name) => name === '*' || name === '**') ? this.select : [...new Set([...this.select, ...names])];
	}

	/** Without the fields that only the reading needed. */
	private asked(row: Row): Row {
		if (this.select.length === 0 || this.select.some((name) => /[*/]/.test(name))) return row;
		const extra = ['Ref_Key', 'Date'].filter((name) => name in row && !this.select.includes(name));
		return extra.length === 0 ? row : Object.fromEntries(Object.entries(row).filter(([name]) => !extra.includes(name)));
	}

	private unseen(rows: Row[]): Row[] {
		return rows.filter((row) => {
			const id = this.identity(row);
			if (this.seen.has(id)) return false;
			this.seen.add(id);
			return true;
		});
	}

	/** Behind a date nothing earlier comes again: only the records of that very date are remembered. */
	private keepOnly(rows: Row[]): void {
		this.seen.clear();
		for (const row of rows) this.seen.add(this.identity(row));
	}

	private identity(row: Row): string {
		return typeof row.Ref_Key === 'string' && row.LineNumber === undefined ? row.Ref_Key : JSON.stringify(row);
	}

	/**
	 * An order that is stable for the kind of set (reference 5); of registers the fields are known only once a row was
	 * seen, and main sets of registers with a recorder have none at all.
	 */
	private orderOf(row: Row | undefined): string | undefined {
		if (row === undefined) return OBJECTS.test(this.options.set) && !this.mayBeTablePart() ? 'Ref_Key' : undefined;
		const scalars = Object.keys(row).filter((name) => typeof row[name] !== 'object' && !name.endsWith('_Type'));
		const known = ['Ref_Key', 'Period', 'Recorder', 'Recorder_Key', 'LineNumber'].filter((name) => scalars.includes(name));
		if (known.includes('LineNumber') || known.includes('Ref_Key')) return known.join(',');
		// An independent register: its period and dimensions make a row unique, and they come first.
		const rest = scalars.filter((name) => !known.includes(name)).slice(0, 8);
		return 'RecordSet' in row ? undefined : [...known, ...rest].join(',') || undefined;
	}

	/** `Catalog_X_Y` is a catalog or the part Y of the catalog X: its rows tell. */
	private mayBeTablePart(): boolean {
		return this.options.set.split('_').length > 2;
	}
}

function tooHeavy({ code }: Failure): boolean {
	return code === CODES.memory || code === 'ERR_BAD_RESPONSE';
}

function standsStill(set: string): Failure {
	return new Failure('rejected', `1C gives the same page of ${set} again and again`, { advice: 'A gateway in front of 1C may be answering from its cache' });
}

function shifting(set: string): Failure {
	return new Failure('transient', `${set} changed again and again while it was being read`, { advice: 'Read it when less is written, or with a filter' });
}

function lost(set: string, given: number, expected: number): Failure {
	return new Failure('transient', `Of ${expected} records of ${set} only ${given} came: the pages overlapped`, { advice: 'Read it with a filter, e.g. by period' });
}
