// Owns what 1C does when an object is written, posted, unposted or deleted, whoever asks: handlers, numbering, marks (reference 6).
// Must not know: requests and formats; what a configuration's handlers do.
import { noInstance, noLoadMode, refusal, wrongMethod } from './errors';
import type { Configuration, Handlers, Writing } from './store.configuration';
import { presentation } from './store.presentation';
import type { Row, Store } from './store';
import { ZERO_GUID, stamp, text } from './values';

export interface WriteOptions {
	/** `ОбменДанными.Загрузка`: handlers are skipped. */
	loadMode?: boolean;
}

const NUMBER_LENGTH = 9;

export class Objects {
	constructor(
		readonly store: Store,
		private readonly configuration: Configuration,
	) {}

	/** Writes a new object; a missing `Ref_Key` is made up, `Number` or `Code` and `Date` filled. */
	create(set: string, sent: Row, options: WriteOptions = {}): Row {
		return this.store.transaction(() => {
			const handlers = this.handlers(set);
			const row = { ...this.store.blank(set), ...handlers.defaults?.(this.store, sent), ...sent };
			const names = this.store.definition(set)?.key ?? [];
			if (names.includes('Ref_Key') && (sent['Ref_Key'] === undefined || sent['Ref_Key'] === ZERO_GUID)) row['Ref_Key'] = this.store.newGuid();
			if ('Date' in row && sent['Date'] === undefined) row['Date'] = this.now();
			this.number(set, row);
			const posted = row['Posted'] === true;
			if ('Posted' in row) row['Posted'] = false;
			const written = this.write(set, row, undefined, options);
			if (posted) this.flag(set, this.store.keyOf(set, written), true);
			return this.must(set, this.store.keyOf(set, written));
		});
	}

	/** Changes only what is given; table parts as a whole. */
	change(set: string, key: string, fields: Row, options: WriteOptions = {}): Row {
		return this.store.transaction(() => {
			const before = this.must(set, key);
			if (fields['DeletionMark'] === true && before['Posted'] === true) {
				throw refusal(`Нельзя пометить на удаление проведенный документ: ${this.present(set, before)}`);
			}
			const { Posted, ...rest } = fields;
			const row = { ...before, ...rest, Ref_Key: before['Ref_Key'] ?? '' };
			if (Object.keys(rest).length > 0 || Posted === undefined || Posted === before['Posted']) this.write(set, row, before, options);
			if (typeof Posted === 'boolean' && Posted !== before['Posted']) this.flag(set, key, Posted);
			return this.must(set, key);
		});
	}

	/** Проведение: the old records go, the handler makes new ones. */
	post(set: string, key: string): void {
		this.store.transaction(() => {
			const before = this.must(set, key);
			this.mustPost(set);
			if (before['DeletionMark'] === true) throw refusal(`Помеченный на удаление документ не может быть проведен! ${this.present(set, before)}`);
			const handlers = this.handlers(set);
			const writing = this.writing(set, { ...before, Posted: true }, before);
			handlers.beforeWrite?.(writing);
			const missing = handlers.checkFilling?.(writing) ?? [];
			if (missing.length > 0) throw refusal([`Не удалось провести "${this.present(set, before)}"!`, ...missing].join('\n'));
			const row = this.store.put(set, writing.row);
			this.store.clearRecords({ set, ref: text(row, 'Ref_Key') });
			handlers.afterWrite?.({ ...writing, row });
			handlers.posting?.({ ...writing, row });
		});
	}

	/** Отмена проведения; an unposted document is written again, too. */
	unpost(set: string, key: string): void {
		this.store.transaction(() => {
			const before = this.must(set, key);
			this.mustPost(set);
			const handlers = this.handlers(set);
			const writing = this.writing(set, { ...before, Posted: false }, before);
			handlers.beforeWrite?.(writing);
			handlers.unposting?.(writing);
			const row = this.store.put(set, writing.row);
			this.store.clearRecords({ set, ref: text(row, 'Ref_Key') });
			handlers.afterWrite?.({ ...writing, row });
		});
	}

	/** Physical deletion with the records a document made; nobody looks for references to it. */
	remove(set: string, key: string): void {
		this.store.transaction(() => {
			const row = this.must(set, key);
			if ('Posted' in row) this.store.clearRecords({ set, ref: text(row, 'Ref_Key') });
			this.store.remove(set, key);
		});
	}

	/** The stored row of an object. */
	must(set: string, key: string): Row {
		const row = this.store.get(set, key);
		if (!row) throw noInstance();
		return row;
	}

	present(set: string, row: Row): string {
		return presentation(this.configuration.synonyms, set, row);
	}

	private write(set: string, row: Row, before: Row | undefined, options: WriteOptions): Row {
		const handlers = this.handlers(set);
		const writing = this.writing(set, row, before);
		if (options.loadMode && handlers.noLoadMode) throw noLoadMode();
		if (!options.loadMode) handlers.beforeWrite?.(writing);
		const written = this.store.put(set, writing.row);
		if (!options.loadMode) handlers.afterWrite?.({ ...writing, row: written });
		return written;
	}

	/** `PATCH {"Posted": ...}` posts on УТ, elsewhere only the flag moves. */
	private flag(set: string, key: string, posted: boolean): void {
		if (this.store.switches.patchPosted === 'flag-only') this.store.put(set, { ...this.must(set, key), Posted: posted });
		else if (posted) this.post(set, key);
		else this.unpost(set, key);
	}

	private number(set: string, row: Row): void {
		for (const name of ['Number', 'Code']) {
			if (typeof row[name] !== 'string' || String(row[name]).trim() !== '') continue;
			row[name] = this.handlers(set).number?.(this.store, row) ?? String(this.store.next(`number ${set}`)).padStart(NUMBER_LENGTH, '0');
		}
	}

	private mustPost(set: string): void {
		if (this.store.definition(set)?.kind !== 'Document') throw wrongMethod();
	}

	private writing(set: string, row: Row, before: Row | undefined): Writing {
		return { store: this.store, set, row, before, now: this.now() };
	}

	private handlers(set: string): Handlers {
		return this.configuration.handlers[set] ?? {};
	}

	private now(): string {
		return stamp(this.store.now());
	}
}
