// Owns which sales order of the CRM a document is: by key, by id, by the quote it was made of, by the ERP's number.
import type { Order, Quote } from '../core/documents';
import { Failure } from '../core/failure';
import { idOf, type Row } from './vtiger.gateway';
import type { InventoryWriter } from './vtiger.inventory';
import { OUR_MARK, STATES } from './vtiger.mapping';
import type { LinkFields } from './vtiger.metadata';
import type { Among } from './vtiger.query';
import { byId } from './vtiger.resolve';
import type { Site } from './vtiger.site';
import { textOf } from './vtiger.values';

const MODULE = 'SalesOrder';
/** Stock fields only: what a query names must exist, and no discount column, which shows the last line's (measured). */
const COLUMNS = ['id', 'salesorder_no', 'subject', 'sostatus', 'quote_id', 'source', 'hdnGrandTotal'];

/** What becomes a sales order. */
export type OrderSource = Quote | Order;
type Source = OrderSource;

export class OrderMatching {
	constructor(
		private readonly site: Site,
		private readonly writer: InventoryWriter,
	) {}

	/** All sales orders that any of the documents may be, in one query. */
	async lookUp(documents: readonly Source[], link: LinkFields): Promise<Row[]> {
		const columns = [...COLUMNS, ...[link.key, link.number, link.status].filter((field): field is string => field !== undefined)];
		return await this.site.gateway.amongAny(columns, MODULE, documents, (document) => this.conditions(document, link));
	}

	/** What `lookUp` asks for one document; nothing: it cannot be found again. */
	conditions(document: Source, link: LinkFields): Among[] {
		const keys = this.keysOf(document);
		const quotes = keys.flatMap((key) => this.ownIds(key, 'Quotes'));
		const orders = keys.flatMap((key) => this.ownIds(key, MODULE));
		return [
			...(link.key ? [{ column: link.key, values: keys }] : []),
			{ column: 'quote_id', values: quotes },
			{ column: 'id', values: orders },
			...(link.number && this.isForeign(document) && document.number ? [{ column: link.number, values: [document.number] }] : []),
		];
	}

	/** Every key under which the document may be known here: its own, and what an ERP knows of its origin. */
	private keysOf(document: Source): string[] {
		const refs = document.refs.filter((ref) => ref.system === this.site.installation && (ref.kind === 'order' || ref.kind === 'quote')).map((ref) => ref.key);
		const origin = this.isForeign(document) ? [document.link?.key, document.kind === 'order' ? document.quoteKey : undefined] : [];
		return [...new Set([document.key, ...refs, ...origin].filter((key): key is string => key !== undefined && key !== ''))];
	}

	private ownIds(key: string, module: string): string[] {
		const id = this.site.ownId(key, module);
		return id ? [id] : [];
	}

	/** Whether the document comes from another system. */
	isForeign(document: Source): boolean {
		return this.site.own(document.key) === undefined;
	}

	/** The sales order that the document is already. */
	async match(document: Source, rows: readonly Row[], link: LinkFields): Promise<Row | undefined> {
		const keys = this.keysOf(document);
		const byKey = link.key ? rows.filter((row) => keys.includes(textOf(row[link.key!]) ?? '')) : [];
		if (byKey.length > 0) return await this.writer.keepOne(byKey);
		const ids = keys.flatMap((key) => this.ownIds(key, MODULE));
		const byOwnId = rows.find((row) => ids.includes(idOf(row)));
		if (byOwnId) return byOwnId;
		return (await this.matchQuote(document, rows, link, keys)) ?? this.matchNumber(document, rows, link);
	}

	/** A sales order made of the same quote, by hand or where there are no key fields. */
	private async matchQuote(document: Source, rows: readonly Row[], link: LinkFields, keys: readonly string[]): Promise<Row | undefined> {
		const quotes = keys.flatMap((key) => this.ownIds(key, 'Quotes'));
		const linked = (row: Row) => (link.key ? this.site.own(textOf(row[link.key])) !== undefined : false);
		const ofQuote = rows.filter((row) => quotes.includes(textOf(row.quote_id) ?? '') && row.sostatus !== STATES.order.cancelled && !linked(row));
		if (ofQuote.length < 2) return ofQuote[0];
		if (ofQuote.every((row) => textOf(row.source) === OUR_MARK)) return await this.writer.keepOne(ofQuote);
		throw new Failure('ambiguous', `The CRM has several sales orders of this quote: ${[...ofQuote].sort(byId).map((row) => textOf(row.salesorder_no) ?? idOf(row)).join(', ')}`, {
			advice: link.key ? `Write ${document.key} into the field "ERP Key" of the right one` : 'Keep one of them',
		});
	}

	private matchNumber(document: Source, rows: readonly Row[], link: LinkFields): Row | undefined {
		if (!link.number || !document.number || !this.isForeign(document)) return undefined;
		return rows.filter((row) => textOf(row[link.number!]) === document.number).sort(byId)[0];
	}
}
