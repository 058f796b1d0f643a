// Owns finding documents: those in a state that nobody has handled, those that changed. Reads only.
// Reference sections 8 (change detection) and 12 (finding work by state).
import { advance, baseline, fingerprint, fresh, scanFrom, iso, DEFAULT_OVERLAP_MS, type ChangedRow, type Cursor } from '../core/changes';
import { type Document, type Kind, plural } from '../core/documents';
import { Failure } from '../core/failure';
import type { ChangeSet, ChangesQuery } from '../core/port';
import type { Reader } from './vtiger.documents';
import { idOf, type Row } from './vtiger.gateway';
import { missingFieldsNote } from './vtiger.links';
import { HANDLED, MODULES, OUR_MARK, STATES } from './vtiger.mapping';
import type { LinkFields } from './vtiger.metadata';
import { literal, PAGE_ROWS } from './vtiger.query';
import type { Site } from './vtiger.site';
import { side } from './vtiger.turns';
import { textOf } from './vtiger.values';

/** Records that are read at once: the session serves them one after another, but the way there is shared. */
const AT_ONCE = 4;
/** Times have whole seconds: what happens in the running second is left for the next poll. */
const SETTLED_MS = 2_000;

/** Where a kind is in which state; the first column is the one whose change matters. */
const PENDING: Partial<Record<Kind, Record<string, { field: string; value: string }>>> = {
	quote: { accepted: { field: STATES.quote.field, value: STATES.quote.accepted } },
	order: { confirmed: { field: STATES.order.field, value: STATES.order.confirmed } },
};

/** Header columns that tell versions of a record apart within one second. No column of lines: those multiply rows (6.10). */
const PRINTED: Record<Kind, readonly string[]> = {
	customer: ['accountname'],
	product: ['unit_price'],
	opportunity: ['sales_stage', 'amount'],
	quote: ['quotestage', 'hdnGrandTotal'],
	order: ['sostatus', 'hdnGrandTotal'],
	invoice: ['invoicestatus', 'hdnGrandTotal', 'received', 'balance'],
};

export class Changes {
	constructor(
		private readonly site: Site,
		private readonly reader: Reader,
	) {}

	/** Documents in the state that carry no link yet, oldest first, without those in `skip`. */
	async pending(kind: Kind, state: string, query: { limit: number; skip: ReadonlySet<string> }): Promise<Document[]> {
		const wanted = PENDING[kind]?.[state];
		if (!wanted) throw new Failure('rejected', `vtiger cannot be asked for ${plural(kind)} that are "${state}"`);
		const link = await this.site.metadata.linkFields(MODULES[kind]);
		const ids = await this.pendingIds(kind, wanted, link, query);
		return await this.read(kind, ids);
	}

	private async pendingIds(kind: Kind, { field, value }: { field: string; value: string }, link: LinkFields, { limit, skip }: { limit: number; skip: ReadonlySet<string> }): Promise<string[]> {
		const module = MODULES[kind];
		const condition = [`${field}=${literal(value)}`, ...unhandled(link)].join(' and ');
		const ids: string[] = [];
		for await (const page of this.site.gateway.pages(['id'], module, [condition])) {
			const open = page.map(idOf).filter((id) => !skip.has(id));
			ids.push(...(link.status || link.key ? open : await this.withoutOrder(kind, open, link)));
			if (ids.length >= limit) break;
		}
		return ids.slice(0, limit);
	}

	/** Without link fields a quote counts as handled when it has a sales order. */
	private async withoutOrder(kind: Kind, ids: readonly string[], link: LinkFields): Promise<string[]> {
		if (kind !== 'quote') throw new Failure('rejected', 'vtiger has no field that tells which orders were handled', { advice: missingFieldsNote(MODULES[kind], link).join(' ') });
		const orders = await this.site.gateway.among(['id', 'quote_id'], MODULES.order, 'quote_id', ids);
		const ordered = new Set(orders.map((row) => textOf(row.quote_id)));
		return ids.filter((id) => !ordered.has(id));
	}

	/** Documents by id, in that order; what was deleted meanwhile is left out. */
	async read(kind: Kind, ids: readonly string[]): Promise<Document[]> {
		if (kind === 'customer') return await this.reader.customers(inOrder(ids, await this.site.gateway.among('*', MODULES.customer, 'id', ids)));
		const records = await side(ids, AT_ONCE, (id) => this.site.gateway.retrieveIfThere(id));
		return await this.reader.documents(kind, records.filter((record): record is Row => record !== undefined));
	}

	async since(kind: Kind, query: ChangesQuery): Promise<ChangeSet> {
		const overlapMs = query.overlapMs ?? DEFAULT_OVERLAP_MS;
		const until = iso((await this.site.gateway.session.serverNow()) - SETTLED_MS);
		if (!query.cursor && !query.from) return { documents: [], cursor: await this.start(kind, until, overlapMs), more: false };
		let cursor: Cursor = query.cursor ?? { watermark: query.from!, seen: {}, open: { from: query.from!, afterId: '', newest: until } };
		// A window keeps the end that it was opened with, so that what changes meanwhile falls into the next one.
		cursor = cursor.open ? cursor : { ...cursor, open: { from: scanFrom(cursor, overlapMs), afterId: '', newest: until } };
		const delivered: ChangedRow[] = [];
		for (;;) {
			const { from, afterId, newest } = cursor.open!;
			const rows = await this.page(kind, from, newest, afterId);
			const { taken, wanted } = upTo(rows, cursor, query.budget - delivered.length);
			delivered.push(...wanted);
			const complete = taken.length === rows.length && rows.length < PAGE_ROWS;
			cursor = withEnd(advance(cursor, taken, complete, overlapMs), newest);
			if (complete || delivered.length >= query.budget) return { documents: await this.documents(kind, delivered, query), cursor, more: !complete };
		}
	}

	/** What changed just before counts as known: the next poll looks back and would deliver it. */
	private async start(kind: Kind, until: string, overlapMs: number): Promise<Cursor> {
		const from = iso(Date.parse(until) - overlapMs);
		const seen: Cursor['seen'] = {};
		let after = '';
		for (;;) {
			const rows = await this.page(kind, from, until, after);
			for (const row of rows) seen[row.id] = { at: row.modifiedAt, print: row.print };
			if (rows.length < PAGE_ROWS) return { ...baseline(until), seen };
			after = rows[rows.length - 1]!.id;
		}
	}

	private async documents(kind: Kind, rows: readonly ChangedRow[], { onlyLinked }: ChangesQuery): Promise<Document[]> {
		const documents = rows.length > 0 ? await this.read(kind, rows.map(({ id }) => id)) : [];
		return onlyLinked ? documents.filter(({ link }) => link?.key !== undefined || link?.number !== undefined) : documents;
	}

	/** One page of the window, by ascending id. Services are products of the ERP's, but a module of their own here. */
	private async page(kind: Kind, from: string, until: string, afterId: string): Promise<ChangedRow[]> {
		const module = MODULES[kind];
		const link = await this.site.metadata.linkFields(module);
		const columns = ['id', 'modifiedtime', ...PRINTED[kind], ...Object.values(link).filter((field): field is string => typeof field === 'string')];
		const condition = `modifiedtime>=${literal(this.site.time.lowestLocal(from))} and modifiedtime<=${literal(this.site.time.highestLocal(until))}`;
		const beyond = afterId ? ` and id>${literal(afterId)}` : '';
		const rows = await this.site.gateway.query(`select ${columns.join(',')} from ${module} where ${condition}${beyond} order by id limit ${PAGE_ROWS};`);
		return rows.map((row) => ({ id: idOf(row), modifiedAt: this.site.time.toUtc(String(row.modifiedtime)) ?? until, print: `${String(row.modifiedtime)} ${fingerprint(row)}` }));
	}
}

/** Conditions for "carries no link yet". Rows with an empty field are found by `!=` and by `<` (reference 12). */
function unhandled(link: LinkFields): string[] {
	if (link.status) return HANDLED.map((status) => `${link.status} != ${literal(status)}`);
	return link.key ? [`${link.key} < ${literal('!')}`] : [];
}

/** The rows up to the one that fills the budget, and those of them that were not delivered before. */
function upTo(rows: readonly ChangedRow[], cursor: Cursor, budget: number): { taken: ChangedRow[]; wanted: ChangedRow[] } {
	const unseen = fresh(cursor, rows);
	if (unseen.length <= budget) return { taken: [...rows], wanted: unseen };
	const wanted = unseen.slice(0, budget);
	const last = wanted[wanted.length - 1];
	return { taken: last ? rows.slice(0, rows.indexOf(last) + 1) : [], wanted };
}

function withEnd(cursor: Cursor, newest: string): Cursor {
	return cursor.open ? { ...cursor, open: { ...cursor.open, newest } } : cursor;
}

function inOrder(ids: readonly string[], rows: readonly Row[]): Row[] {
	const byId = new Map(rows.map((row) => [idOf(row), row]));
	return ids.map((id) => byId.get(id)).filter((row): row is Row => row !== undefined);
}

/** For the credential test: whether rows that were there before a field was added are found by it. */
export async function emptyFieldNotes(site: Site, module: string, field: string | undefined): Promise<string[]> {
	if (!field) return [];
	const [any] = await site.gateway.query(`select id from ${module} limit 1;`);
	const [filled] = any ? await site.gateway.query(`select id from ${module} where ${field} != ${literal(OUR_MARK)} limit 1;`) : [any];
	if (!any || filled) return [];
	return [`In module ${module} the field "ERP Status" (${field}) holds NULL on older records, so they would never be found. Run in vtiger's database: UPDATE the column to '' where it is NULL, and give it the default ''`];
}
