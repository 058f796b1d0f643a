// Owns finding what changed in Odoo (reference odoo.md, section 3): a window from a little before the newest change
// seen, read by ascending id, each record told from its former self by a print of its content. Writes nothing.
import { advance, baseline, type ChangedRow, type Cursor, DEFAULT_OVERLAP_MS, fingerprint, fresh, iso, scanFrom, isLinked } from '../core/changes';
import type { Document } from '../core/documents';
import type { ChangeSet, ChangesQuery } from '../core/port';
import type { Services } from './odoo.customers';
import type { OdooKind } from './odoo.refs';
import type { Reader } from './odoo.reading';
import { type Domain, fromIso, reference, type Row, toIso } from './odoo.values';

const PAGE = 500;
/** Of known records in one call: a poll must end. */
const MOST_PAGES = 40;

/** What tells two states of one record within a second, and rides along in the scan. */
const PRINTED: Record<OdooKind, string[]> = {
	customer: ['name', 'email', 'phone', 'vat', 'street', 'city', 'zip', 'country_id', 'active', 'commercial_partner_id'],
	product: ['name', 'default_code', 'list_price', 'barcode', 'active', 'product_tmpl_id'],
	order: ['name', 'state', 'amount_total', 'invoice_status', 'delivery_status', 'client_order_ref'],
	invoice: ['name', 'state', 'payment_state', 'amount_total', 'amount_residual', 'invoice_date', 'invoice_date_due'],
};

/** A row of the scan and the document it belongs to. */
interface Scanned extends ChangedRow {
	documentId: number;
}

export class ChangeFinder {
	constructor(
		private readonly services: Services,
		private readonly kind: OdooKind,
		private readonly reader: Reader<OdooKind>,
	) {}

	async since(query: ChangesQuery): Promise<ChangeSet> {
		const overlap = query.overlapMs ?? DEFAULT_OVERLAP_MS;
		const now = this.services.clock.now();
		let cursor = query.cursor ?? (query.from ? openedAt(query.from, now) : undefined);
		if (!cursor) return { documents: [], cursor: await this.baseline(overlap), more: false };
		const due = new Set<number>();
		for (let page = 0; page < MOST_PAGES; page++) {
			const rows = await this.page(cursor, overlap);
			const taken = upTo(rows, cursor, query.budget - due.size);
			for (const row of fresh(cursor, taken) as Scanned[]) due.add(row.documentId);
			const complete = taken.length === rows.length && rows.length < PAGE;
			cursor = advance(cursor, taken, complete, overlap, this.services.clock.now());
			if (complete || due.size >= query.budget) break;
		}
		return { documents: await this.documents([...due], query.onlyLinked ?? false), cursor, more: cursor.open !== undefined };
	}

	/** Everything there is counts as known, so the next poll delivers nothing of it even inside the overlap. */
	private async baseline(overlap: number): Promise<Cursor> {
		const { session } = this.services;
		const [newest] = await session.searchRead(this.reader.model, this.domain(), ['write_date'], { order: 'write_date desc, id desc', limit: 1, context: { active_test: false } });
		const at = toIso(newest?.write_date) ?? session.serverTime ?? iso(0);
		let cursor: Cursor = baseline(at);
		for (;;) {
			const rows = await this.page(cursor, overlap);
			cursor = advance(cursor, rows, rows.length < PAGE, overlap, this.services.clock.now());
			if (!cursor.open) return cursor;
		}
	}

	/** The next page of the window, ascending by id. */
	private async page(cursor: Cursor, overlap: number): Promise<Scanned[]> {
		const { session, metadata } = this.services;
		const fields = await metadata.present(this.reader.model, PRINTED[this.kind]);
		const from = fromIso(scanFrom(cursor, overlap));
		const after = cursor.open?.afterId;
		const since: Domain = this.kind === 'product' ? ['|', ['write_date', '>=', from], ['product_tmpl_id.write_date', '>=', from]] : [['write_date', '>=', from]];
		const domain: Domain = [...this.domain(), ...since, ...(after ? [['id', '>', Number(after)]] : [])];
		const rows = await session.searchRead(this.reader.model, domain, ['write_date', ...fields], { limit: PAGE, order: 'id', context: { active_test: false } });
		const templates = await this.templateDates(rows);
		return rows.map((row) => toScanned(row, templates));
	}

	/** Up to Odoo 16 a change of the price moves the date of the product's template only. */
	private async templateDates(rows: readonly Row[]): Promise<Map<number, string>> {
		if (this.kind !== 'product') return new Map();
		const ids = [...new Set(rows.flatMap((row) => reference(row.product_tmpl_id)?.id ?? []))];
		const templates = await this.services.session.read('product.template', ids, ['write_date']);
		return new Map(templates.map((row) => [row.id, toIso(row.write_date) ?? iso(0)]));
	}

	/** Drafts of invoices are nobody's business yet; contacts count as a change of their company. */
	private domain(): Domain {
		if (this.kind === 'invoice') return [...this.reader.domain, ['state', 'in', ['posted', 'cancel']]];
		return this.kind === 'customer' ? [] : this.reader.domain;
	}

	private async documents(ids: readonly number[], onlyLinked: boolean): Promise<Document[]> {
		if (ids.length === 0) return [];
		const rows = await this.services.session.read(this.reader.model, [...ids].sort((a, b) => a - b), await this.reader.fields());
		const documents: Document[] = await this.reader.documents(rows);
		return onlyLinked ? documents.filter(isLinked) : documents;
	}
}

/** A scan that begins exactly there. */
function openedAt(from: string, now: number): Cursor {
	return { watermark: from, seen: {}, open: { from, afterId: '', newest: from, since: now } };
}

/** The rows of a page until so many new ones are among them. */
function upTo(rows: readonly Scanned[], cursor: Cursor, room: number): Scanned[] {
	const news = new Set(fresh(cursor, rows));
	let left = room;
	const end = rows.findIndex((row) => news.has(row) && left-- <= 0);
	return end < 0 ? [...rows] : rows.slice(0, end);
}

function toScanned(row: Row, templates: ReadonlyMap<number, string>): Scanned {
	const own = toIso(row.write_date) ?? iso(0);
	const template = templates.get(reference(row.product_tmpl_id)?.id ?? 0) ?? own;
	const modifiedAt = template > own ? template : own;
	const company = reference(row.commercial_partner_id)?.id;
	const { id, ...content } = row;
	return { id: String(id), documentId: company ?? id, modifiedAt, print: fingerprint([modifiedAt, Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1))]) };
}
