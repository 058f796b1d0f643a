// Owns the conversation with one infobase: reads, writes and calls on entity sets, and which of them are sent again.
// Must not know documents, profiles or metadata.
import { asFailure, Failure } from '../core/failure';
import type { Clock } from '../core/http';
import type { Deps } from '../core/port';
import { legal } from './onec.characters';
import type { OnecCredential } from './onec.credential';
import { changedFailure, CODES, elsewhereFailure, notPublishedFailure } from './onec.failures';
import { guid, type Key, keyText } from './onec.literals';
import { Exchange } from './onec.session.exchange';
import type { Page } from './onec.session.page';
import { readPages } from './onec.session.pages';
import { countOf, countQuery, functionRequest, type Query, queryText } from './onec.session.query';
import { readStream } from './onec.session.stream';
import { type Answer, type Expectation, type OnecRequest, type Row, rowsOf } from './onec.wire';

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
const LOAD_MODE = { '1C_OData-DataLoadMode': 'true' };

/** One infobase. Every method throws `Failure`s only. */
export class OnecSession {
	readonly clock: Clock;
	private readonly exchange: Exchange;
	private rootKnown?: { until: number; entries: Promise<readonly SetEntry[]> };

	constructor(
		readonly credential: OnecCredential,
		deps: Deps,
	) {
		this.clock = deps.clock;
		this.exchange = new Exchange(credential, deps);
	}

	/** The service root as `DataExchangePoint` and the like name it, without a trailing slash. */
	get rootUrl(): string {
		return this.credential.root;
	}

	/** One record. @throws Failure `missing` when there is none under the key */
	async read(set: string, key: Key, options: Pick<Query, 'select' | 'expand'> = {}): Promise<Row> {
		if (options.expand?.length) return await this.readExpanded(set, key, options);
		const request: OnecRequest = { method: 'GET', path: `${set}(${keyText(key)})`, query: queryText({ select: options.select }) };
		return (await this.located(set, true, async () => await this.exchange.send(request, 'row'))).body as Row;
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
			const answer = await this.exchange.send({ method: 'GET', path: set, query: query.inline }, 'rows');
			const count = countOf(answer.body);
			if (count !== undefined) return count;
		} catch (error) {
			if (asFailure(error).kind !== 'rejected') throw error;
		}
		const answer = await this.exchange.send({ method: 'GET', path: `${set}/$count`, query: query.plain }, 'anything');
		const count = countOf(answer.text.trim());
		if (count === undefined) throw new Failure('rejected', `1C does not tell how many records ${set} has`);
		return count;
	}

	/**
	 * Creates a record and gives it as 1C answers it: numbers and defaults filled in, the number now and then not.
	 * An outcome that is not known is thrown as `unknown`, to be looked up before anything is sent again.
	 */
	async create(set: string, body: Row, options: Pick<WriteOptions, 'loadMode'> = {}): Promise<Row> {
		return (await this.located(set, false, async () => await this.exchange.send({ method: 'POST', path: set, json: legal(body), headers: options.loadMode ? LOAD_MODE : {} }, 'row'))).body as Row;
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
		const headers = { ...(version === undefined ? {} : { 'If-Match': version }), ...(loadMode ? LOAD_MODE : {}) };
		return (await this.located(set, true, async () => await this.exchange.send({ method: 'PATCH', path: `${set}(${keyText(key)})`, json: legal(body), headers }, 'row'))).body as Row;
	}

	/** Deletes physically, without any control of references. To mark for deletion, patch `DeletionMark`. */
	async remove(set: string, key: Key): Promise<void> {
		await this.located(set, true, async () => await this.exchange.send({ method: 'DELETE', path: `${set}(${keyText(key)})` }, 'nothing'));
	}

	/** Posts a document, not as of this moment ("operational" demands today's date). */
	async post(set: string, key: Key): Promise<void> {
		await this.located(set, true, async () => await this.exchange.send({ method: 'POST', path: `${set}(${keyText(key)})/Post`, query: { PostingModeOperational: 'false' } }, 'nothing'));
	}

	async unpost(set: string, key: Key): Promise<void> {
		await this.located(set, true, async () => await this.exchange.send({ method: 'POST', path: `${set}(${keyText(key)})/Unpost` }, 'nothing'));
	}

	/**
	 * Records of a virtual table: `Balance`, `Turnovers`, `SliceLast`, ...
	 *
	 * @param args literals by parameter: `{ Period: datetime('2026-10-01'), Condition: text("Склад_Key eq guid'…'") }`
	 * @param query most servers refuse `skip` here and ignore `orderby`; `top` gives some of the rows, not the first
	 */
	async call(set: string, fn: string, args: Readonly<Record<string, string>> = {}, query: Query = {}): Promise<Row[]> {
		return rowsOf(await this.located(set, false, async () => await this.exchange.send(functionRequest(set, fn, args, query), 'rows')));
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
	 * A body piece by piece; sent again only as long as nothing was taken.
	 *
	 * @param path below the root: `$metadata`, `SelectChanges`
	 */
	async stream(path: string, onChunk: (text: string) => void, method: 'GET' | 'POST' = 'GET', query: Record<string, string> = {}): Promise<void> {
		const request: OnecRequest = { method, path, query, format: method === 'GET' ? 'xml' : 'atom', patience: method === 'GET' ? 'slow' : 'packet', reads: true };
		await readStream(this.exchange, request, onChunk, this.clock);
	}

	/** Any request, under the same rules as all others. The answer's body is checked to be 1C's. */
	async raw(request: OnecRequest, expected: Expectation = 'anything'): Promise<Answer> {
		return await this.exchange.send(request, expected);
	}

	private async page(set: string, query: Query): Promise<Page> {
		const answer = await this.located(set, false, async () => await this.exchange.send({ method: 'GET', path: set, query: queryText(query) }, 'rows'));
		return { rows: rowsOf(answer), size: answer.text.length };
	}

	private async askRoot(): Promise<readonly SetEntry[]> {
		const answer = await this.exchange.send({ method: 'GET', path: '' }, 'rows');
		return rowsOf(answer).map(({ name, url }) => ({ name: String(name), url: String(url ?? name) }));
	}

	private async readExpanded(set: string, key: Key, options: Pick<Query, 'select' | 'expand'>): Promise<Row> {
		// Single records take no $expand (reference 5).
		const filter = typeof key === 'string' ? `Ref_Key eq ${guid(key)}` : Object.entries(key).map(([name, literal]) => `${name} eq ${literal}`).join(' and ');
		const [row] = await this.rows(set, { ...options, filter, top: 1 });
		if (row) return row;
		throw missing(set);
	}

	private async compareVersion(set: string, key: Key, version: string): Promise<void> {
		const current = await this.read(set, key, { select: ['DataVersion'] });
		if (current.DataVersion !== version) throw changedFailure({ path: set });
	}

	/**
	 * IIS may put its own page where 1C says which of set and record is missing (reference 7): the root tells.
	 *
	 * @param byKey whether a record was asked for by its key
	 */
	private async located<R>(set: string, byKey: boolean, work: () => Promise<R>): Promise<R> {
		try {
			return await work();
		} catch (error) {
			if (!(error instanceof Failure) || error.code !== 'HTTP 404') throw error;
			if (!(await this.root()).some(({ name }) => name === set)) throw notPublishedFailure(set, error);
			throw byKey ? missing(set, error) : elsewhereFailure(set, error);
		}
	}
}

function missing(set: string, cause?: unknown): Failure {
	return new Failure('missing', `There is no such record in ${set}`, { code: CODES.missing, cause });
}
