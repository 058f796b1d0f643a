// Owns the calls on records: read, find, create, revise, delete, describe, with their answers checked and their
// repetition decided. Knows modules only as names; no business meaning.
import { z } from 'zod';
import { Failure } from '../core/failure';
import { collect, pagesById } from '../core/pages';
import { READ, retry, writeOnce } from '../core/retry';
import type { Clock } from '../core/http';
import { branches, listsOf, pageQuery, PAGE_ROWS, partsOf, type Among } from './vtiger.query';
import type { Session } from './vtiger.session';

/** A record as the wire shows it: nearly everything is text. */
export type Row = Record<string, unknown>;

const rowSchema = z.record(z.unknown());
const rowsSchema = z.array(rowSchema);

/** Secrets that a retrieved user carries on 8.0.0 (reference 5). */
const SECRETS = ['user_password', 'confirm_password', 'accesskey', 'user_hash'];

/** How long a conversion rate that was seen is trusted. */
const RATE_KEPT_MS = 10 * 60_000;

export class Gateway {
	private readonly rates = new Map<string, { rate: string; until: number }>();

	constructor(
		readonly session: Session,
		readonly clock: Clock,
	) {}

	/** The conversion rate of a document as it was last seen, if that was a moment ago. */
	rateSeen(id: string): string | undefined {
		const seen = this.rates.get(id);
		return seen && seen.until > this.clock.now() ? seen.rate : undefined;
	}

	private see(row: Row): Row {
		if (typeof row.conversion_rate === 'string' && row.conversion_rate && typeof row.id === 'string') {
			this.rates.delete(row.id);
			this.rates.set(row.id, { rate: row.conversion_rate, until: this.clock.now() + RATE_KEPT_MS });
			// The oldest entry goes: a connector may live for months.
			if (this.rates.size > 2_000) this.rates.delete(this.rates.keys().next().value!);
		}
		return withoutSecrets(row);
	}

	async retrieve(id: string): Promise<Row> {
		return this.record(await this.session.read('retrieve', { id }, id), 'retrieve');
	}

	/** The record, or undefined when it is not there or not permitted. */
	async retrieveIfThere(id: string): Promise<Row | undefined> {
		try {
			return await this.retrieve(id);
		} catch (error) {
			if (error instanceof Failure && error.kind === 'missing') return undefined;
			throw error;
		}
	}

	/** The rows of one query, as it stands. */
	async query(text: string): Promise<Row[]> {
		const parsed = rowsSchema.safeParse(await this.session.read('query', { query: text }));
		if (!parsed.success) throw new Failure('rejected', 'vtiger answered the query with something that is not a list of records');
		return parsed.data.map((row) => this.see(row));
	}

	/** Pages of a module by ascending id; see `pageQuery`. */
	pages(columns: readonly string[] | '*', module: string, or: readonly string[], rows = PAGE_ROWS, after?: string): AsyncGenerator<Row[]> {
		return pagesById((last) => this.query(pageQuery(columns, module, or, last ?? after, rows)), idOf, rows);
	}

	/** All rows in which the column holds one of the values; one call where the values are ids. */
	async among(columns: readonly string[] | '*', module: string, column: string, values: readonly string[]): Promise<Row[]> {
		const rows: Row[] = [];
		for (const list of listsOf(values)) {
			const [or] = branches([{ column, values: list }]);
			// No page can be longer than a list of ids: a full one needs no second look.
			if (column === 'id') rows.push(...(await this.query(pageQuery(columns, module, [or!], undefined))));
			else rows.push(...(await collect(this.pages(columns, module, [or!]))));
		}
		return rows;
	}

	/** All rows in which any of the items' conditions hold, in as few calls as URLs allow. */
	async amongAny<T>(columns: readonly string[] | '*', module: string, items: readonly T[], conditions: (item: T) => Among[]): Promise<Row[]> {
		const rows = new Map<string, Row>();
		for (const part of partsOf(items, conditions)) {
			const or = branches(merge(part.flatMap(conditions)));
			if (or.length === 0) continue;
			for (const row of await collect(this.pages(columns, module, or))) rows.set(idOf(row), row);
		}
		return [...rows.values()];
	}

	/**
	 * Creates a record with one effect: when it is not known whether it was stored, `find` looks it up.
	 *
	 * @param find the record if the create that was not answered has stored it
	 */
	async create(module: string, element: Row, find: () => Promise<Row | undefined>): Promise<Row> {
		return await writeOnce(() => this.createOnce(module, element), find, this.clock);
	}

	/** Creates a record; an unknown outcome is the caller's to resolve. */
	async createOnce(module: string, element: Row): Promise<Row> {
		return this.record(await this.session.write('create', { elementType: module, element: JSON.stringify(element) }, module), 'create');
	}

	/** Changes fields of a record. Without lines the same call may be repeated: it leads to the same state. */
	async revise(id: string, values: Row): Promise<Row> {
		return await retry(() => this.reviseOnce(id, values), READ, this.clock);
	}

	/** Changes a record with one call; an unknown outcome is the caller's to resolve. */
	async reviseOnce(id: string, values: Row): Promise<Row> {
		return this.record(await this.session.write('revise', { element: JSON.stringify({ id, ...values }) }, id), 'revise');
	}

	/** Changes a record whose change cannot blindly be repeated; when no answer came, gives the record as it is now. */
	async reviseFound(id: string, values: Row): Promise<Row> {
		return await writeOnce(() => this.reviseOnce(id, values), () => this.retrieve(id), this.clock);
	}

	async remove(id: string): Promise<void> {
		let asked = false;
		await retry(
			async () => {
				try {
					await this.session.write('delete', { id }, id);
				} catch (error) {
					// A repetition finds what the unanswered call deleted gone.
					if (asked && error instanceof Failure && error.kind === 'missing') return;
					throw error;
				} finally {
					asked = true;
				}
			},
			READ,
			this.clock,
		);
	}

	async describe(module: string): Promise<unknown> {
		return await this.session.read('describe', { elementType: module }, module);
	}

	async listTypes(): Promise<unknown> {
		return await this.session.read('listtypes', {});
	}

	private record(answer: unknown, operation: string): Row {
		const parsed = rowSchema.safeParse(answer);
		if (parsed.success) return this.see(parsed.data);
		throw new Failure(operation === 'retrieve' ? 'rejected' : 'unknown', `vtiger answered "${operation}" with something that is not a record`);
	}
}

/** The wire id of a row: `4x38`. */
export function idOf(row: Row): string {
	return typeof row.id === 'string' ? row.id : '';
}

/** The record's own number within its module: `38` of `4x38`. */
export function recordNumber(id: string): number {
	return Number(id.slice(id.indexOf('x') + 1));
}

function merge(among: readonly Among[]): Among[] {
	const columns = new Map<string, string[]>();
	for (const { column, values } of among) columns.set(column, [...(columns.get(column) ?? []), ...values]);
	return [...columns].map(([column, values]) => ({ column, values }));
}

function withoutSecrets(row: Row): Row {
	if (!SECRETS.some((name) => name in row)) return row;
	return Object.fromEntries(Object.entries(row).filter(([name]) => !SECRETS.includes(name)));
}
