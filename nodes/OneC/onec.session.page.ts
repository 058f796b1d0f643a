// Owns the weight of a page: how many records are asked for at once, and with which fields. Must not know the order.
import { asFailure, type Failure } from '../core/failure';
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

export interface Fetched {
	rows: Row[];
	/** So many were asked for: fewer rows mean the end. */
	asked: number;
}

/** An answer of this size is quick to make for 1C and to hold for us (reference 11). */
const HEAVY = 32 * 1024 * 1024;
const MOST_ROWS = 1_000;
/** Of records with table parts nothing is known before the first page: one may weigh megabytes. */
const FIRST_WHOLE = 20;
const FIRST_SELECTED = 250;

export class PageFetcher {
	private readonly select: readonly string[];
	private readonly most: number;
	private size: number;
	/** Characters of a record on average, on the last page. */
	private weight = 1;
	private added: string[] = [];

	constructor(
		private readonly options: PageOptions,
		private readonly source: PageSource,
	) {
		this.select = list(options.query.select);
		this.most = Math.max(1, options.pageSize ?? MOST_ROWS);
		const light = this.select.length > 0 && !this.select.some((name) => name === '*' || name.includes('/'));
		this.size = Math.min(this.most, light ? FIRST_SELECTED : FIRST_WHOLE);
	}

	/**
	 * One page; one that is too heavy is asked for again with a quarter of the records, down to a single new one.
	 *
	 * @param keys    fields that the reading itself needs
	 * @param left    no more than so many new records are wanted
	 * @param overlap records at the beginning that are known already
	 */
	async fetch(query: Query, keys: readonly string[], left: number, overlap: number): Promise<Fetched> {
		let wanted = Math.min(this.size, left);
		for (;;) {
			const asked = wanted + overlap;
			try {
				const { rows, size } = await this.source.page({ ...this.options.query, ...query, select: this.with(keys), top: asked });
				this.adapt(rows.length, size, wanted);
				return { rows, asked };
			} catch (error) {
				const failure = asFailure(error);
				if (wanted <= 1 || !tooHeavy(failure)) throw failure;
				wanted = Math.max(1, Math.floor(wanted / 4));
				this.size = wanted;
			}
		}
	}

	/** Whether so many records make an answer of a bearable size, by the weight of those seen. */
	fits(count: number): boolean {
		return count * this.weight <= HEAVY;
	}

	/** A record without the fields that only the reading needed. */
	asked(row: Row): Row {
		if (this.select.length === 0 || this.select.some((name) => /[*/]/.test(name))) return row;
		const extra = this.added.filter((name) => name in row);
		return extra.length === 0 ? row : Object.fromEntries(Object.entries(row).filter(([name]) => !extra.includes(name)));
	}

	/** The fields to ask for: those wanted, and those the reading needs; nothing: all. */
	with(names: readonly string[]): readonly string[] | undefined {
		if (this.select.length === 0) return undefined;
		if (this.select.some((name) => name === '*' || name === '**')) return this.select;
		this.added = names.filter((name) => !this.select.includes(name));
		return [...this.select, ...this.added];
	}

	private adapt(rows: number, size: number, wanted: number): void {
		if (rows === 0) return;
		this.weight = Math.max(1, size / rows);
		const fitting = Math.max(1, Math.floor(HEAVY / this.weight));
		// Four times more at most: the next records may be heavier than these.
		this.size = Math.min(this.most, fitting, Math.max(1, wanted) * 4);
	}
}

function tooHeavy({ code }: Failure): boolean {
	return code === CODES.memory || code === 'ERR_BAD_RESPONSE';
}
