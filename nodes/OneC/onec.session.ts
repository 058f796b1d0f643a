// Owns the conversation with one infobase: reads, writes and calls on entity sets, and which of them are sent again.
// Must not know documents, profiles or metadata.
import { asFailure, Failure } from '../core/failure';
import type { Clock } from '../core/http';
import type { Deps } from '../core/port';
import { READ, retry, WRITE } from '../core/retry';
import type { OnecCredential } from './onec.credential';
import { changedFailure, CODES, setOf } from './onec.failures';
import { guid, type Key, keyText } from './onec.literals';
import { countOf, countQuery, functionRequest, type Query, queryText } from './onec.session.query';
import { CookieJar } from './onec.session.cookies';
import { type Page, readPages } from './onec.session.pages';
import { aboutOf, type Answer, basicAuth, type Expectation, httpRequest, type OnecRequest, readAnswer, type Row, rowsOf } from './onec.wire';
import { isHtml } from './onec.failures.bodies';

export type { Key } from './onec.literals';
export type { Query } from './onec.session.query';
export type { Answer, OnecRequest, Row } from './onec.wire';

export interface WriteOptions {
	/** `DataVersion` that the caller decided upon: a record that has another one by now is not written. */
	version?: string;
	/** As an exchange between bases writes: the configuration's own checks and fill-ins are skipped (reference 6). */
	loadMode?: boolean;
}

export interface SetEntry {
	name: string;
	url: string;
}

/** How long the list of published sets is believed. */
const ROOT_KEPT_MS = 5 * 60_000;
const ANYWHERE = { loadMode: { '1C_OData-DataLoadMode': 'true' } };

/** One infobase. Every method throws `Failure`s only. */
export class OnecSession {
	readonly clock: Clock;
	private readonly auth: string;
	private readonly jar: CookieJar;
	private rootKnown?: { until: number; entries: Promise<readonly SetEntry[]> };

	constructor(
		readonly credential: OnecCredential,
		private readonly deps: Deps,
	) {
		this.clock = deps.clock;
		this.auth = basicAuth(credential.username, credential.password);
		this.jar = new CookieJar(credential.sessionMode, deps.clock, async (headers) => await this.ping(headers));
	}

	/** The service root as `DataExchangePoint` and the like name it, without a trailing slash. */
	get rootUrl(): string {
		return this.credential.root;
	}

	/** One record. @throws Failure `missing` when there is none under the key */
	async read(set: string, key: Key, options: Pick<Query, 'select' | 'expand'> = {}): Promise<Row> {
		if (options.expand?.length) return await this.readExpanded(set, key, options);
		const request: OnecRequest = { method: 'GET', path: `${set}(${keyText(key)})`, query: queryText({ select: options.select }) };
		return (await this.keyed(set, async () => await this.send(request, 'row'))).body as Row;
	}

	/** The record, or undefined when there is none under the key. */
	async readIfThere(set: string, key: Key, options: Pick<Query, 'select' | 'expand'> = {}): Promise<Row | undefined> {
		try {
			return await this.read(set, key, options);
		} catch (error) {
			if (error instanceof Failure && error.kind === 'missing') return undefined;
			throw error;
		}
	}

	/** One page as the query says; without `top` 1C answers everything there is. */
	async rows(set: string, query: Query = {}): Promise<Row[]> {
		return (await this.page(set, query)).rows;
	}

	/**
	 * All records of a query, page by page: in a stable order, none twice, and pages as large as their weight allows.
	 *
	 * @param query    `top`: so many in all; `orderby`: only where its order is total
	 * @param pageSize records of a page at most; default 1000, less where they are heavy
	 */
	pages(set: string, query: Query = {}, pageSize?: number): AsyncGenerator<Row[]> {
		return readPages({ set, query, pageSize }, { page: async (page) => await this.page(set, page), count: async () => await this.count(set, query.filter, query.allowedOnly) });
	}

	/** How many records there are; `$inlinecount`, or `/$count` where that is not understood (reference 5). */
	async count(set: string, filter?: string, allowedOnly?: boolean): Promise<number> {
		const query = countQuery(filter, allowedOnly);
		try {
			const answer = await this.send({ method: 'GET', path: set, query: query.inline }, 'rows');
			const count = countOf(answer.body);
			if (count !== undefined) return count;
		} catch (error) {
			if (asFailure(error).kind !== 'rejected') throw error;
		}
		const answer = await this.send({ method: 'GET', path: `${set}/$count`, query: query.plain }, 'anything');
		const count = countOf(answer.text.trim());
		if (count === undefined) throw new Failure('rejected', `1C does not tell how many records ${set} has`);
		return count;
	}

	/**
	 * Creates a record and gives it as 1C answers it: numbers and defaults filled in, the number now and then not.
	 * An outcome that is not known is thrown as `unknown`, to be looked up before anything is sent again.
	 */
	async create(set: string, body: Row, options: Pick<WriteOptions, 'loadMode'> = {}): Promise<Row> {
		return (await this.send({ method: 'POST', path: set, json: body, headers: options.loadMode ? ANYWHERE.loadMode : {} }, 'row')).body as Row;
	}

	/**
	 * Changes the given fields; a table part is replaced as a whole.
	 *
	 * @throws Failure `conflict` when `version` is given and the record has another one by now
	 */
	async patch(set: string, key: Key, body: Row, options: WriteOptions = {}): Promise<Row> {
		const { version, loadMode } = options;
		// Real servers heed no If-Match (reference 6): compared here, as shortly before the write as can be.
		if (version !== undefined) await this.compareVersion(set, key, version);
		const headers = { ...(version === undefined ? {} : { 'If-Match': version }), ...(loadMode ? ANYWHERE.loadMode : {}) };
		return (await this.keyed(set, async () => await this.send({ method: 'PATCH', path: `${set}(${keyText(key)})`, json: body, headers }, 'row'))).body as Row;
	}

	/** Deletes physically, without any control of references. To mark for deletion, patch `DeletionMark`. */
	async remove(set: string, key: Key): Promise<void> {
		await this.keyed(set, async () => await this.send({ method: 'DELETE', path: `${set}(${keyText(key)})` }, 'nothing'));
	}

	/** Posts a document, not as of this moment ("operational" demands today's date). */
	async post(set: string, key: Key): Promise<void> {
		await this.keyed(set, async () => await this.send({ method: 'POST', path: `${set}(${keyText(key)})/Post`, query: { PostingModeOperational: 'false' } }, 'nothing'));
	}

	async unpost(set: string, key: Key): Promise<void> {
		await this.keyed(set, async () => await this.send({ method: 'POST', path: `${set}(${keyText(key)})/Unpost` }, 'nothing'));
	}

	/**
	 * Records of a virtual table: `Balance`, `Turnovers`, `SliceLast`, ...
	 *
	 * @param args literals by parameter: `{ Period: datetime('2026-10-01'), Condition: text("Склад_Key eq guid'…'") }`
	 * @param query most servers refuse `skip` here and ignore `orderby`; `top` gives some of the rows, not the first
	 */
	async call(set: string, fn: string, args: Readonly<Record<string, string>> = {}, query: Query = {}): Promise<Row[]> {
		return rowsOf(await this.send(functionRequest(set, fn, args, query), 'rows'));
	}

	/** The published sets, kept for some minutes. `fresh`: ask now. */
	async root(fresh = false): Promise<readonly SetEntry[]> {
		if (fresh || !this.rootKnown || this.rootKnown.until <= this.clock.now()) {
			this.rootKnown = { until: this.clock.now() + ROOT_KEPT_MS, entries: this.askRoot() };
		}
		const known = this.rootKnown;
		try {
			return await known.entries;
		} catch (error) {
			if (this.rootKnown === known) this.rootKnown = undefined;
			throw error;
		}
	}

	/** Asks anew what is published at the next use. */
	forget(): void {
		this.rootKnown = undefined;
	}

	/**
	 * A body piece by piece, sent once: what was taken already cannot be taken back.
	 *
	 * @param path below the root: `$metadata`, `SelectChanges`
	 */
	async stream(path: string, onChunk: (text: string) => void, method: 'GET' | 'POST' = 'GET', query: Record<string, string> = {}): Promise<void> {
		const request: OnecRequest = { method, path, query, format: method === 'GET' ? 'xml' : 'atom', patience: method === 'GET' ? 'slow' : 'packet', reads: true };
		let taken = false;
		const once = async (): Promise<Answer> => await this.exchange({ ...request, onChunk: checked(request, (text) => ((taken = true), onChunk(text))) }, 'anything');
		await retry(async () => {
			try {
				return await once();
			} catch (error) {
				const failure = asFailure(error);
				// Half a body went to the reader: only the reader can begin again. `conflict` is not repeated here.
				throw taken && READ.on.includes(failure.kind) ? failure.as('conflict') : failure;
			}
		}, READ, this.clock).catch((error: unknown) => {
			const failure = asFailure(error);
			throw taken && failure.kind === 'conflict' ? failure.as('transient') : failure;
		});
	}

	/** Any request, under the same rules as all others. The answer's body is checked to be 1C's. */
	async raw(request: OnecRequest, expected: Expectation = 'anything'): Promise<Answer> {
		return await this.send(request, expected);
	}

	private async page(set: string, query: Query): Promise<Page> {
		const answer = await this.send({ method: 'GET', path: set, query: queryText(query) }, 'rows');
		return { rows: rowsOf(answer), size: answer.text.length };
	}

	private async send(request: OnecRequest, expected: Expectation): Promise<Answer> {
		const policy = aboutOf(request).writes ? WRITE : READ;
		try {
			return await retry(async () => await this.exchange(request, expected), policy, this.clock);
		} catch (error) {
			const failure = asFailure(error);
			// It stayed: no mishap, but something a person must mend.
			throw failure.code === CODES.wall && failure.kind === 'transient' ? failure.as('denied') : failure;
		}
	}

	private async exchange(request: OnecRequest, expected: Expectation): Promise<Answer> {
		const about = aboutOf(request);
		return await this.jar.run(about.writes, async (cookie) => {
			const response = await this.deps.send(httpRequest(request, this.auth, cookie, this.credential.timeoutMs));
			this.jar.take(response.headers);
			try {
				return readAnswer(response, about, expected);
			} catch (error) {
				throw this.withoutSecret(error);
			}
		});
	}

	/** What opens and closes a session: the smallest read there is. */
	private async ping(headers: Record<string, string>): Promise<void> {
		const request: OnecRequest = { method: 'GET', path: '', headers };
		const response = await this.deps.send(httpRequest(request, this.auth, {}, this.credential.timeoutMs));
		this.jar.take(response.headers);
		readAnswer(response, aboutOf(request), 'rows');
	}

	private async askRoot(): Promise<readonly SetEntry[]> {
		const answer = await this.send({ method: 'GET', path: '' }, 'rows');
		return rowsOf(answer).map(({ name, url }) => ({ name: String(name), url: String(url ?? name) }));
	}

	private async readExpanded(set: string, key: Key, options: Pick<Query, 'select' | 'expand'>): Promise<Row> {
		// Single records take no $expand (reference 5).
		const filter = typeof key === 'string' ? `Ref_Key eq ${guid(key)}` : Object.entries(key).map(([name, literal]) => `${name} eq ${literal}`).join(' and ');
		const [row] = await this.rows(set, { ...options, filter, top: 1 });
		if (row) return row;
		throw new Failure('missing', `There is no such record in ${set}`, { code: CODES.missing });
	}

	private async compareVersion(set: string, key: Key, version: string): Promise<void> {
		const current = await this.read(set, key, { select: ['DataVersion'] });
		if (current.DataVersion !== version) throw changedFailure({ path: set });
	}

	/** IIS may put its own page where 1C says which of set and record is missing (reference 7): the root tells. */
	private async keyed<R>(set: string, work: () => Promise<R>): Promise<R> {
		try {
			return await work();
		} catch (error) {
			if (!(error instanceof Failure) || error.code !== 'HTTP 404') throw error;
			const published = (await this.root()).some(({ name }) => name === setOf(set));
			throw published ? new Failure('missing', `There is no such record in ${set}`, { code: CODES.missing, cause: error }) : new Failure('denied', `1C does not publish "${set}"`, { ...error, cause: error, code: CODES.notPublished });
		}
	}

	/** A server that repeats its request must not put the password into a message. */
	private withoutSecret(error: unknown): unknown {
		const { password, username } = this.credential;
		if (!(error instanceof Failure) || password.length < 4 || password === username || !error.message.includes(password)) return error;
		const hide = (value?: string): string | undefined => value?.split(password).join('***');
		return new Failure(error.kind, hide(error.what)!, { ...error, said: hide(error.said), advice: hide(error.advice), cause: undefined });
	}
}

/** A stream that begins with a page for people is none: told before the reader sees it. */
function checked(request: OnecRequest, onChunk: (text: string) => void): (text: string) => void {
	let head: string | undefined = '';
	return (chunk) => {
		if (head === undefined) return onChunk(chunk);
		head += chunk;
		if (head.trimStart().length < 16) return;
		if (isHtml(head)) readAnswer({ status: 200, headers: {}, text: head }, aboutOf(request), 'anything');
		onChunk(head.charCodeAt(0) === 0xfeff ? head.slice(1) : head);
		head = undefined;
	};
}
