// Owns sales orders of Odoo as documents, with what was delivered and invoiced. Writes nothing.
import { type Order, orderSchema } from '../core/documents';
import { big } from '../core/money';
import type { Services } from './odoo.customers';
import { MODELS } from './odoo.refs';
import { day, lineTaxes, plainNote, productCodes, type Reader, refMaker, sourceKeys, sourceRefs } from './odoo.reading';
import { decimal, idList, reference, type Row, text, toIso } from './odoo.values';

const MODEL = MODELS.order;
const LINE = 'sale.order.line';
const HEADER = ['name', 'state', 'partner_id', 'client_order_ref', 'date_order', 'validity_date', 'currency_id', 'note', 'amount_untaxed', 'amount_tax', 'amount_total', 'write_date'];
const LINES = ['order_id', 'product_id', 'name', 'product_uom_qty', 'price_unit', 'discount', 'price_subtotal', 'price_tax', 'display_type', 'qty_delivered', 'qty_invoiced', 'qty_delivered_method', 'is_downpayment'];
const STATES: Record<string, string[]> = { draft: ['draft', 'sent'], confirmed: ['sale', 'done'], done: ['sale', 'done'], cancelled: ['cancel'] };

export class OrderReader implements Reader<'order'> {
	readonly model = MODEL;
	readonly domain = [];
	readonly where = {
		number: (value: string) => [['name', '=', value]],
		reference: (value: string) => [['client_order_ref', '=', value]],
		status: (value: string) => [['state', 'in', STATES[value] ?? [value]]],
	};

	constructor(private readonly services: Services) {}

	async fields(): Promise<string[]> {
		return [...HEADER, ...(await this.services.metadata.present(MODEL, ['delivery_status']))];
	}

	async documents(rows: readonly Row[]): Promise<Order[]> {
		if (rows.length === 0) return [];
		const { session, metadata } = this.services;
		const taxField = (await metadata.fieldNamed(LINE, 'tax_ids', 'tax_id')) ?? 'tax_id';
		const unitField = (await metadata.fieldNamed(LINE, 'product_uom_id', 'product_uom')) ?? 'product_uom';
		const optional = await metadata.present(LINE, ['is_delivery']);
		const lines = await session.searchRead(LINE, [['order_id', 'in', rows.map((row) => row.id)]], [...LINES, ...optional, taxField, unitField], { order: 'order_id, sequence, id' });
		const codes = await productCodes(this.services, lines);
		const taxes = await metadata.taxesById(lines.flatMap((line) => idList(line[taxField])));
		const keys = await sourceKeys(this.services, MODEL, rows.map((row) => row.id));
		const refs = await refMaker(this.services);
		return rows.map((row) => {
			const own = lines.filter((line) => reference(line.order_id)?.id === row.id);
			const partner = reference(row.partner_id);
			const number = text(row.name);
			return orderSchema.parse({
				kind: 'order',
				key: refs.key(MODEL, row.id),
				source: refs.source(MODEL, row.id, toIso(row.write_date), number),
				refs: sourceRefs(keys.get(row.id), 'order'),
				number,
				reference: text(row.client_order_ref),
				date: day(row.date_order),
				validUntil: day(row.validity_date),
				currency: reference(row.currency_id)?.label,
				terms: plainNote(row.note),
				customer: partner ? { kind: 'customer', key: refs.key(MODELS.customer, partner.id), name: partner.label } : undefined,
				lines: own.map((line) => ({ ...orderLine(line, codes), taxes: lineTaxes(line[taxField], taxes), unit: reference(line[unitField])?.label })),
				totals: { net: decimal(row.amount_untaxed), tax: decimal(row.amount_tax), total: decimal(row.amount_total) },
				...progress(row, own),
			});
		});
	}
}

function orderLine(line: Row, codes: ReadonlyMap<number, string | undefined>) {
	const product = reference(line.product_id);
	return {
		key: String(line.id),
		role: line.display_type ? 'note' : line.is_downpayment === true ? 'downPayment' : line.is_delivery === true ? 'shipping' : 'product',
		code: product ? codes.get(product.id) : undefined,
		name: text(line.name),
		quantity: decimal(line.product_uom_qty),
		price: decimal(line.price_unit),
		discountPercent: decimal(line.discount),
		net: decimal(line.price_subtotal),
		tax: decimal(line.price_tax),
		delivered: decimal(line.qty_delivered),
		invoiced: decimal(line.qty_invoiced),
	};
}

type Share = 'none' | 'partial' | 'full';

/** State, delivery and invoicing of an order; `done` is one that needs nothing more. */
function progress(row: Row, lines: readonly Row[]): { status: Order['status']; stage: string | undefined; fulfilment: Share | undefined; invoicing: Share | undefined } {
	const stage = text(row.state);
	if (stage === 'cancel') return { status: 'cancelled', stage, fulfilment: undefined, invoicing: undefined };
	if (stage !== 'sale' && stage !== 'done') return { status: 'draft', stage, fulfilment: undefined, invoicing: undefined };
	const goods = lines.filter((line) => !line.display_type && line.is_downpayment !== true);
	// Services are delivered by hand or by time sheets; where there is stock to move, that is what counts.
	const moved = goods.filter((line) => line.qty_delivered_method === 'stock_move');
	const fulfilment = DELIVERY[text(row.delivery_status) ?? ''] ?? share(moved.length > 0 ? moved : goods, 'qty_delivered');
	const invoicing = share(goods, 'qty_invoiced');
	return { status: fulfilment === 'full' && invoicing === 'full' ? 'done' : 'confirmed', stage, fulfilment, invoicing };
}

/** Odoo's own word, where it has one (16 and up with stock). */
const DELIVERY: Record<string, Share> = { pending: 'none', started: 'partial', partial: 'partial', full: 'full' };

function share(lines: readonly Row[], field: 'qty_delivered' | 'qty_invoiced'): Share {
	const asked = lines.filter((line) => !big(decimal(line.product_uom_qty)).eq(0));
	if (asked.length > 0 && asked.every((line) => big(decimal(line[field])).gte(decimal(line.product_uom_qty)))) return 'full';
	return asked.some((line) => big(decimal(line[field])).gt(0)) ? 'partial' : 'none';
}
