// Owns finding what an invoice of the ERP belongs to in the CRM: its sales order, else the quote, else the
// organization; and what the invoice takes over from there. Reads only.
import type { Invoice } from '../core/documents';
import { side } from './vtiger.turns';
import { idOf, type Row } from './vtiger.gateway';
import { byId, type Resolver } from './vtiger.resolve';
import { STATES } from './vtiger.mapping';
import type { LinkFields } from './vtiger.metadata';
import type { Site } from './vtiger.site';
import { textOf } from './vtiger.values';

/** Where an invoice belongs, with the header fields that it takes over. */
export interface Origin {
	/** The order or quote with its lines, when there is one. */
	record?: Row;
	header: Row;
	notes: string[];
}

type Found = { module: 'SalesOrder' | 'Quotes'; row: Row };

/** Copied as they are, empty ones left out. */
const TAKEN_OVER = ['contact_id', 'potential_id', 'account_id', 'assigned_user_id', 'vtiger_purchaseorder', 'terms_conditions', ...['bill', 'ship'].flatMap((prefix) => ['street', 'city', 'state', 'code', 'country', 'pobox'].map((part) => `${prefix}_${part}`))];

const AT_ONCE = 4;

export class Origins {
	constructor(
		private readonly site: Site,
		private readonly resolver: Resolver,
	) {}

	/** The origins of the invoices; those that belong nowhere are not in the map. */
	async find(invoices: readonly Invoice[]): Promise<Map<Invoice, Origin>> {
		if (invoices.length === 0) return new Map();
		await this.site.learn(['SalesOrder', 'Quotes']);
		const orderLink = await this.site.metadata.linkFields('SalesOrder');
		const orders = await this.rows('SalesOrder', invoices, orderLink, ['id', 'sostatus', 'quote_id']);
		const open = invoices.filter((invoice) => !this.order(invoice, orders, orderLink));
		const quoteLink = await this.site.metadata.linkFields('Quotes');
		const quotes = open.length > 0 ? await this.rows('Quotes', open, quoteLink, ['id']) : [];
		const found = new Map<Invoice, Found>();
		for (const invoice of invoices) {
			const order = this.order(invoice, orders, orderLink);
			const quote = order ? undefined : this.quote(invoice, quotes, quoteLink);
			if (order) found.set(invoice, { module: 'SalesOrder', row: order });
			else if (quote) found.set(invoice, { module: 'Quotes', row: quote });
		}
		return await this.read(invoices, found);
	}

	private async read(invoices: readonly Invoice[], found: ReadonlyMap<Invoice, Found>): Promise<Map<Invoice, Origin>> {
		const ids = [...new Set([...found.values()].map(({ row }) => idOf(row)))];
		const records = new Map((await side(ids, AT_ONCE, (id) => this.site.gateway.retrieveIfThere(id))).flatMap((record) => (record ? [[idOf(record), record] as const] : [])));
		const origins = new Map<Invoice, Origin>();
		for (const invoice of invoices) {
			const match = found.get(invoice);
			const record = match && records.get(idOf(match.row));
			const origin = match && record ? this.fromRecord(match.module, record) : await this.fromAccount(invoice);
			if (origin) origins.set(invoice, origin);
		}
		return origins;
	}

	private fromRecord(module: 'SalesOrder' | 'Quotes', record: Row): Origin {
		const header: Row = Object.fromEntries(TAKEN_OVER.flatMap((field) => (textOf(record[field]) ? [[field, record[field]]] : [])));
		if (module === 'SalesOrder') header.salesorder_id = idOf(record);
		const notes = module === 'Quotes' ? [`The CRM has no sales order for it; customer and addresses are those of quote ${this.site.number('Quotes', record) ?? idOf(record)}`] : [];
		return { record, header, notes };
	}

	private async fromAccount(invoice: Invoice): Promise<Origin | undefined> {
		const account = await this.resolver.account(invoice.customer, invoice.customerSourceKey);
		if (!account) return undefined;
		const header: Row = Object.fromEntries(TAKEN_OVER.filter((field) => /^(bill|ship)_|^assigned/.test(field)).flatMap((field) => (textOf(account[field]) ? [[field, account[field]]] : [])));
		return { header: { ...header, account_id: idOf(account) }, notes: ['The CRM has no sales order for it; it was attached to the organization'] };
	}

	private async rows(module: 'SalesOrder' | 'Quotes', invoices: readonly Invoice[], link: LinkFields, columns: readonly string[]): Promise<Row[]> {
		const named = [link.key, link.number].filter((field): field is string => field !== undefined);
		return await this.site.gateway.amongAny([...columns, ...named], module, invoices, (invoice) => [
			...(link.key ? [{ column: link.key, values: [...this.sourceKeys(invoice), ...invoice.orders.map(({ key }) => key)] }] : []),
			...(link.number ? [{ column: link.number, values: invoice.orders.flatMap(({ number }) => number ?? []) }] : []),
			{ column: 'id', values: this.idsFor(invoice, module) },
			...(module === 'SalesOrder' ? [{ column: 'quote_id', values: this.idsFor(invoice, 'Quotes') }] : []),
		]);
	}

	/** What the ERP knows of the orders' origin, where it is this installation. */
	private sourceKeys(invoice: Invoice): string[] {
		return invoice.orders.flatMap(({ sourceKey, key }) => [sourceKey, key]).filter((key): key is string => this.site.own(key) !== undefined);
	}

	private idsFor(invoice: Invoice, module: string): string[] {
		return this.sourceKeys(invoice).flatMap((key) => this.site.ownId(key, module) ?? []);
	}

	private order(invoice: Invoice, rows: readonly Row[], link: LinkFields): Row | undefined {
		const ids = this.idsFor(invoice, 'SalesOrder');
		const quotes = this.idsFor(invoice, 'Quotes');
		const keys = [...this.sourceKeys(invoice), ...quotes.map((id) => this.site.key('Quotes', id))];
		return this.first(rows, [
			(row) => link.key !== undefined && keys.includes(textOf(row[link.key]) ?? ''),
			(row) => ids.includes(idOf(row)),
			(row) => quotes.includes(textOf(row.quote_id) ?? '') && row.sostatus !== STATES.order.cancelled,
			...this.byErp(invoice, link),
		]);
	}

	private quote(invoice: Invoice, rows: readonly Row[], link: LinkFields): Row | undefined {
		const ids = this.idsFor(invoice, 'Quotes');
		return this.first(rows, [(row) => ids.includes(idOf(row)), ...this.byErp(invoice, link)]);
	}

	/** By what the link step wrote: the ERP order's key or number. */
	private byErp(invoice: Invoice, link: LinkFields): Array<(row: Row) => boolean> {
		const keys = invoice.orders.map(({ key }) => key);
		const numbers = invoice.orders.flatMap(({ number }) => number ?? []);
		return [(row) => link.key !== undefined && keys.includes(textOf(row[link.key]) ?? ''), (row) => link.number !== undefined && numbers.includes(textOf(row[link.number]) ?? '')];
	}

	/** The oldest row by the first rule that any row meets. */
	private first(rows: readonly Row[], rules: ReadonlyArray<(row: Row) => boolean>): Row | undefined {
		for (const rule of rules) {
			const [row] = rows.filter(rule).sort(byId);
			if (row) return row;
		}
		return undefined;
	}
}
