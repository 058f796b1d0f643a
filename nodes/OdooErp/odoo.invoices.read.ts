// Owns customer invoices and credit notes of Odoo as documents: what was paid, and which orders they bill.
// Writes nothing.
import { type Invoice, invoiceSchema } from '../core/documents';
import { big } from '../core/money';
import type { Services } from './odoo.customers';
import { MODELS, type RefMaker } from './odoo.refs';
import { day, lineTaxes, plainNote, productCodes, type Reader, refMaker, sourceKeys, sourceRefs } from './odoo.reading';
import { decimal, type Domain, idList, optionalDecimal, reference, type Row, text, toIso } from './odoo.values';

const MODEL = MODELS.invoice;
const LINE = 'account.move.line';
const SALE_LINE = 'sale.order.line';
const HEADER = ['name', 'move_type', 'state', 'payment_state', 'partner_id', 'commercial_partner_id', 'invoice_date', 'invoice_date_due', 'ref', 'narration', 'currency_id', 'amount_untaxed', 'amount_tax', 'amount_total', 'amount_residual', 'reversed_entry_id', 'write_date'];
const LINES = ['move_id', 'product_id', 'name', 'quantity', 'price_unit', 'discount', 'tax_ids', 'price_subtotal', 'price_total', 'display_type', 'product_uom_id'];
const STATES: Record<string, string> = { draft: 'draft', posted: 'posted', cancelled: 'cancel' };
/** In the Enterprise edition an invoice waits for the bank statement as `in_payment`: the customer has paid. */
const PAYMENTS: Record<string, Invoice['paymentState']> = { not_paid: 'unpaid', partial: 'partial', in_payment: 'paid', paid: 'paid', reversed: 'reversed' };

/** What the lines of a page of invoices refer to. */
interface Related {
	lines: Row[];
	codes: Map<number, string | undefined>;
	taxes: Awaited<ReturnType<Services['metadata']['taxesById']>>;
	/** Order lines by id. */
	saleLines: Map<number, Row>;
	orderKeys: Map<number, string>;
	customerKeys: Map<number, string>;
	refs: RefMaker;
}

export class InvoiceReader implements Reader<'invoice'> {
	readonly model = MODEL;
	readonly domain: Domain = [['move_type', 'in', ['out_invoice', 'out_refund']]];
	readonly where = {
		number: (value: string) => [['name', '=', value]],
		reference: (value: string) => [['ref', '=', value]],
		status: (value: string) => [['state', '=', STATES[value] ?? value]],
	};

	constructor(private readonly services: Services) {}

	async fields(): Promise<string[]> {
		return await this.services.metadata.present(MODEL, HEADER);
	}

	async documents(rows: readonly Row[]): Promise<Invoice[]> {
		if (rows.length === 0) return [];
		const related = await this.related(rows);
		return rows.map((row) => toInvoice(row, related));
	}

	private async related(rows: readonly Row[]): Promise<Related> {
		const { session, metadata } = this.services;
		// Up to Odoo 15 the entries for taxes and receivable are told apart by a flag, later by their display type.
		const shown: Domain = (await metadata.fieldNamed(LINE, 'exclude_from_invoice_tab')) ? [['exclude_from_invoice_tab', '=', false]] : [['display_type', 'in', ['product', 'line_section', 'line_note']]];
		const optional = await metadata.present(LINE, ['sale_line_ids', 'is_downpayment']);
		const lines = await session.searchRead(LINE, [['move_id', 'in', rows.map((row) => row.id)], ...shown], [...LINES, ...optional], { order: 'move_id, sequence, id' });
		const saleLines = await session.read(SALE_LINE, [...new Set(lines.flatMap((line) => idList(line.sale_line_ids)))], ['order_id', 'is_downpayment']);
		return {
			lines,
			codes: await productCodes(this.services, lines),
			taxes: await metadata.taxesById(lines.flatMap((line) => idList(line.tax_ids))),
			saleLines: new Map(saleLines.map((line) => [line.id, line])),
			orderKeys: await sourceKeys(this.services, MODELS.order, saleLines.flatMap((line) => reference(line.order_id)?.id ?? [])),
			customerKeys: await sourceKeys(this.services, MODELS.customer, rows.flatMap((row) => customerOf(row)?.id ?? [])),
			refs: await refMaker(this.services),
		};
	}
}

/** The company behind the address on the invoice. */
function customerOf(row: Row): { id: number; label: string } | undefined {
	return reference(row.commercial_partner_id) ?? reference(row.partner_id);
}

function toInvoice(row: Row, related: Related): Invoice {
	const { refs } = related;
	const lines = related.lines.filter((line) => reference(line.move_id)?.id === row.id);
	const number = text(row.name) === '/' ? undefined : text(row.name);
	const partner = customerOf(row);
	const customerKey = partner ? related.customerKeys.get(partner.id) : undefined;
	const reversed = reference(row.reversed_entry_id);
	return invoiceSchema.parse({
		kind: 'invoice',
		key: refs.key(MODEL, row.id),
		source: refs.source(MODEL, row.id, toIso(row.write_date), number),
		type: row.move_type === 'out_refund' ? 'creditNote' : 'invoice',
		number,
		date: day(row.invoice_date),
		dueDate: day(row.invoice_date_due),
		currency: reference(row.currency_id)?.label,
		reference: text(row.ref),
		terms: plainNote(row.narration),
		customer: partner ? { kind: 'customer', key: refs.key(MODELS.customer, partner.id), name: partner.label, refs: sourceRefs(customerKey, 'customer') } : undefined,
		customerSourceKey: customerKey,
		lines: lines.map((line) => toLine(line, related)),
		totals: { net: decimal(row.amount_untaxed), tax: decimal(row.amount_tax), total: decimal(row.amount_total) },
		orders: ordersOf(lines, related),
		reverses: reversed ? { key: refs.key(MODEL, reversed.id), number: firstWord(reversed.label) } : undefined,
		...payment(row),
	});
}

function toLine(line: Row, { codes, taxes, saleLines }: Related) {
	const product = reference(line.product_id);
	const isNote = line.display_type === 'line_section' || line.display_type === 'line_note';
	const isAdvance = line.is_downpayment === true || idList(line.sale_line_ids).some((id) => saleLines.get(id)?.is_downpayment === true);
	return {
		key: String(line.id),
		role: isNote ? 'note' : isAdvance ? 'downPayment' : 'product',
		code: product ? codes.get(product.id) : undefined,
		name: text(line.name),
		quantity: decimal(line.quantity),
		unit: reference(line.product_uom_id)?.label,
		price: decimal(line.price_unit),
		discountPercent: decimal(line.discount),
		taxes: lineTaxes(line.tax_ids, taxes),
		net: decimal(line.price_subtotal),
		tax: big(decimal(line.price_total)).minus(decimal(line.price_subtotal)).toFixed(),
	};
}

function ordersOf(lines: readonly Row[], { saleLines, orderKeys, refs }: Related) {
	const orders = lines.flatMap((line) => idList(line.sale_line_ids)).flatMap((id) => reference(saleLines.get(id)?.order_id) ?? []);
	return [...new Map(orders.map((order) => [order.id, order])).values()].map((order) => ({ key: refs.key(MODELS.order, order.id), number: firstWord(order.label), sourceKey: orderKeys.get(order.id) }));
}

/** Labels carry more than the number: `S00007 - Acme`, `INV/2026/00002 (QUO3)`. */
function firstWord(label: string): string | undefined {
	return label.split(/\s/)[0] || undefined;
}

function payment(row: Row): { status: Invoice['status']; paymentState: Invoice['paymentState']; residual: string | undefined; received: string | undefined } {
	const status = row.state === 'posted' ? 'posted' : row.state === 'cancel' ? 'cancelled' : 'draft';
	const total = decimal(row.amount_total);
	const residual = optionalDecimal(row.amount_residual);
	const received = status === 'posted' && residual !== undefined ? big(total).minus(residual).toFixed() : undefined;
	const said = PAYMENTS[text(row.payment_state) ?? ''];
	// `invoicing_legacy` and `blocked` say nothing of money.
	const paymentState = said ?? (residual === undefined || big(residual).eq(total) ? 'unpaid' : big(residual).eq(0) ? 'paid' : 'partial');
	return { status, paymentState, residual, received };
}
