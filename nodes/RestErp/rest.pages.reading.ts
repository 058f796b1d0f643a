// Owns one reading of a list: each page asked for, each row given once, and the bounds that end what would not end.
// Must not know any style of paging.
import { Failure } from '../core/failure';
import { fileOf } from './rest.profile';
import type { ListRequest, Paging } from './rest.profile.parts';
import { joined, scalarText, withParameter } from './rest.requests.query';
import { shown } from './rest.requests.shape';
import type { RestRequests } from './rest.requests';
import type { Answer, Call, Row, Scope, Services } from './rest.services';

/** More than any list holds that is read in one go. */
const MOST_PAGES = 10_000;
/** Pages in a row of which every row was seen before: the server does not heed what is asked. */
const MOST_REPEATED = 3;
/** Pages in a row that hold nothing although there is a next one: a server that filters after it has cut the page. */
const MOST_EMPTY = 100;

export interface PageParts extends Pick<Services, 'credential' | 'profile' | 'evaluator' | 'session'> {
	requests: RestRequests;
}

export interface PageQuery {
	place: string;
	request: ListRequest;
	scope: Scope;
	id: (row: Row) => Promise<string | undefined>;
}

export interface Page {
	rows: Row[];
	/** In the rows' order. */
	ids: Array<string | undefined>;
	answer: Answer;
}

export type Parameters = Readonly<Record<string, string | number | undefined>>;

export class PageReading {
	/** Rows of the longest page. */
	longest = 0;
	/** Whether some row has no id: then nothing tells it from others. */
	nameless = false;
	private readonly seen = new Set<string>();
	/** What came since the reading began anew. */
	private round = this.seen;
	private namelessRows = 0;
	private previous = '';
	private asked = 0;
	private repeated = 0;
	private empty = 0;

	constructor(
		private readonly parts: PageParts,
		private readonly query: PageQuery,
	) {}

	get paging(): Paging {
		return this.query.request.paging ?? this.parts.profile.paging;
	}

	get baseUrl(): string {
		return this.parts.credential.url;
	}

	/**
	 * The call for one page; undefined when the list cannot be asked for because a value of its path is missing.
	 *
	 * @param page what expressions see of the page, as `page` (`last`: by itself, too)
	 * @param parameters by name; a name of '' is for values that the path or the body carries instead
	 */
	async prepare(page: Readonly<Record<string, unknown>> = {}, parameters: Parameters = {}): Promise<Call | undefined> {
		const { place, request } = this.query;
		let call = await this.parts.requests.prepare(place, request, this.seeing(page), { writes: false });
		for (const [name, value] of Object.entries(parameters)) if (call && name !== '' && value !== undefined) call = withParameter(call, name, String(value));
		return call;
	}

	/** The same with further parameters from expressions: conditions are joined to those that the request has. */
	async prepareWith(page: Readonly<Record<string, unknown>>, expressions: Readonly<Record<string, string>>, parameters: Parameters): Promise<Call | undefined> {
		let call = await this.prepare(page, parameters);
		for (const [name, expression] of Object.entries(expressions)) {
			const place = `${this.pagingPlace}.query.${name}`;
			const value = await this.parts.requests.parameter(place, expression, this.seeing(page));
			if (call && value !== undefined) call = Array.isArray(value) ? withParameter(call, name, value) : withParameter(call, name, joined(name, call.query?.[name], value, `${this.file}, ${place}`));
		}
		return call;
	}

	async send(call: Call): Promise<Page> {
		if (++this.asked > MOST_PAGES) throw this.failure('rejected', `has more than ${MOST_PAGES} pages`, 'Read less at once with a filter, or ask for larger pages in the profile');
		const { place, request, scope, id } = this.query;
		const answer = await this.parts.session.call(call);
		const rows = await this.parts.requests.items(place, request, answer, scope);
		const ids: Page['ids'] = [];
		for (const row of rows) ids.push(await id(row));
		this.checkIds(rows, ids);
		this.longest = Math.max(this.longest, rows.length);
		return { rows, ids, answer };
	}

	/** The rows of a page that did not come before. */
	take(page: Page): Row[] {
		const { rows, ids } = page;
		const known = this.round.size;
		const fresh = rows.filter((_row, i) => {
			const id = ids[i];
			if (id === undefined) return true;
			if (this.seen.has(id)) return false;
			this.seen.add(id);
			return true;
		});
		for (const id of ids) void (id === undefined ? this.namelessRows++ : this.round.add(id));
		const news = ids.every((id) => id === undefined) ? !this.isPrevious(rows) : this.round.size > known || ids.includes(undefined);
		this.empty = rows.length === 0 ? this.empty + 1 : 0;
		if (rows.length > 0) this.repeated = news ? 0 : this.repeated + 1;
		if (this.empty > MOST_EMPTY) throw this.failure('rejected', `gave ${MOST_EMPTY} empty pages in a row and still names a next one`, `Correct the expression at ${this.pagingPlace}, so that it gives nothing behind the last page`);
		return fresh;
	}

	/** Whether the last pages brought nothing new, so often that it will not change. */
	get stands(): boolean {
		return this.repeated >= MOST_REPEATED;
	}

	/** Reads the list from its beginning again; what came already is not given twice. */
	begin(): void {
		this.round = new Set();
		this.namelessRows = 0;
		this.repeated = 0;
	}

	/** Different rows since the reading began anew. */
	get different(): number {
		return this.round.size + this.namelessRows;
	}

	/** Pages that are read again bring nothing new, and that means nothing. */
	forgive(): void {
		this.repeated = 0;
	}

	knows(id: string | undefined): boolean {
		return id !== undefined && this.seen.has(id);
	}

	/** The value of an expression of the paging over an answer; undefined for nothing, null, '' and false. */
	async told(name: string, expression: string, { answer }: Page): Promise<string | undefined> {
		const place = `${this.pagingPlace}.${name}`;
		const scope = { ...this.query.scope, answer: answer.body, headers: answer.headers };
		const value = await this.parts.evaluator.value(place, expression, scope);
		if (value === undefined || value === null || value === '' || value === false) return undefined;
		return scalarText(value) ?? (await this.parts.evaluator.text(place, expression, scope));
	}

	/** The number of all items that the answer tells. */
	async total(expression: string | undefined, page: Page): Promise<number | undefined> {
		const text = expression === undefined ? undefined : await this.told('total', expression, page);
		if (text === undefined) return undefined;
		const total = Number(text);
		const where = `${this.file}, ${this.pagingPlace}.total: ${JSON.stringify(expression)}`;
		if (!Number.isSafeInteger(total) || total < 0) throw new Failure('rejected', `${where} gives "${text}", not a number of items`, { advice: 'Correct the profile there' });
		if (page.rows.length > total) throw new Failure('rejected', `${where} gives ${total}, and one page alone holds ${page.rows.length} items`, { advice: 'It must be the number of all items, not of pages' });
		return total;
	}

	standsStill(): Failure {
		return this.failure('rejected', 'gives the same records again and again, whatever page is asked for', `Check ${this.pagingPlace} of the profile: the server does not heed what is sent there`);
	}

	changing(): Failure {
		return this.failure('transient', 'changed while it was being read', 'Read it when less is written, or less of it at once with a filter');
	}

	lost(given: number, total: number): Failure {
		return this.failure('transient', `holds ${total} records as the server says, and ${given} came`, `Read less of it at once with a filter. Where it is always so, check ${this.pagingPlace}: the list needs a sure order, and "total" must count what the list gives`);
	}

	failure(kind: Failure['kind'], what: string, advice: string): Failure {
		// What a server says, e.g. a link, may repeat the key that was sent.
		return new Failure(kind, this.parts.session.hide(`${this.file}: the list at ${this.query.place} (${this.query.request.path}) ${what}`), { advice });
	}

	private get file(): string {
		return fileOf(this.parts.profile);
	}

	private get pagingPlace(): string {
		return this.query.request.paging ? `${this.query.place}.paging` : 'paging';
	}

	private seeing(page: Readonly<Record<string, unknown>>): Scope {
		return { ...this.query.scope, page, ...('last' in page ? { last: page.last } : {}) };
	}

	/** Rows without ids: the same page again is all that can be told. */
	private isPrevious(rows: readonly Row[]): boolean {
		const [before, now] = [this.previous, JSON.stringify(rows)];
		this.previous = now;
		return now === before;
	}

	/** Two different records under one id would be taken for one, and the second be lost. */
	private checkIds(rows: readonly Row[], ids: Page['ids']): void {
		const first = new Map<string, Row>();
		for (const [i, id] of ids.entries()) {
			if (id === undefined) this.nameless = true;
			else if (!first.has(id)) first.set(id, rows[i]!);
			else if (JSON.stringify(first.get(id)) !== JSON.stringify(rows[i])) throw this.failure('rejected', `gave two different records with the id "${id}" in one answer (${shown(rows[i])})`, 'Correct the "id" in the profile: it must tell the records of the list apart');
		}
	}
}
