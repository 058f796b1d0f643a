// Owns customer invoices of 1C as documents: the posted shipment, with the orders it bills and what was paid on it.
// Writes nothing.
import { type Invoice, invoiceSchema } from '../core/documents';
import { big } from '../core/money';
import type { ListQuery } from '../core/port';
import type { Shipment } from './onec.fulfilment';
import { type Billing, billingOf } from './onec.invoices.billing';
import { returnFields } from './onec.invoices.returns';
import { text as literal } from './onec.literals';
import type { Profile } from './onec.profile';
import { type Found, keyOf, type Reader, sourceOf } from './onec.reading';
import { type Findable, findOne, listHeaders } from './onec.reading.find';
import { toLine, totalsOf } from './onec.reading.lines';
import type { Services } from './onec.services';
import { day, reference, text } from './onec.values';
import type { Row } from './onec.wire';

export class InvoiceReader implements Reader<'invoice'> {
	constructor(private readonly services: Services) {}

	/** The shipment; and what takes goods back, where the base publishes it. */
	async sets(): Promise<string[]> {
		const profile = await this.services.profile();
		const returns = returnFields(profile)?.set;
		return [profile.shipment.set, ...(returns && (await this.services.metadata.has(returns)) ? [returns] : [])];
	}

	async get(ref: string): Promise<Invoice> {
		const [invoice] = await this.documents([await findOne(this.services, await this.findable(), ref)]);
		return invoice!;
	}

	/** `modifiedSince` means the invoice's own date: 1C keeps no date of change. */
	async *list(query: ListQuery): AsyncGenerator<Invoice[]> {
		// Whether a filter by the deletion mark works is [U] (reference 5): the rows are looked at as well.
		const only = (row: Row): boolean => !(query.where?.status !== undefined && query.where.status in STATES) || statusOf(row) === query.where.status;
		for await (const page of listHeaders(this.services, { ...(await this.findable()), only }, query)) yield await this.documents(page);
	}

	async documents(found: readonly Found[]): Promise<Invoice[]> {
		return (await this.withBilling(found)).documents;
	}

	/** The documents together with what was read about the orders they bill: the finder of changes looks at their neighbours. */
	async withBilling(found: readonly Found[]): Promise<{ documents: Invoice[]; billing: Billing | undefined }> {
		if (found.length === 0) return { documents: [], billing: undefined };
		const billing = await billingOf(this.services, found);
		return { documents: found.map((one) => toInvoice(this.services, one, billing)), billing };
	}

	private async findable(): Promise<Findable> {
		return { kind: 'invoice', sets: await this.sets(), number: 'Number', where: { number: (value) => `Number eq ${literal(value)}`, status: statusFilter } };
	}
}

const STATES: Record<string, string> = { draft: 'Posted eq false and DeletionMark eq false', posted: 'Posted eq true', cancelled: 'DeletionMark eq true' };

function statusFilter(value: string): string {
	return STATES[value] ?? `Статус eq ${literal(value)}`;
}

function toInvoice(services: Services, { set, row }: Found, billing: Billing): Invoice {
	const { profile } = billing;
	const isReturn = set !== profile.shipment.set;
	const id = reference(row.Ref_Key)!;
	const header = billing.headers.get(row)!;
	const shipment = billing.documents.get(id)!;
	const number = text(row.Number);
	const totals = totalsOf(row[profile.shipment.total], shipment.rows.map((line) => line.row), profile.shipmentRows, header.vatIncluded);
	return invoiceSchema.parse({
		kind: 'invoice',
		key: keyOf(services, set, id),
		source: sourceOf(services, set, row, number),
		...header,
		type: isReturn ? 'creditNote' : 'invoice',
		number,
		date: day(row.Date),
		dueDate: billing.dueDates.get(id),
		lines: shipment.rows.map(({ key, row: line }) => toLine(line, key, profile.shipmentRows, profile, billing.names, header.vatIncluded)),
		totals,
		orders: ordersOf(services, shipment, billing),
		reverses: isReturn ? reversed(services, row, billing) : undefined,
		...payment(row, totals.total, isReturn ? undefined : billing.received?.get(id)?.toFixed()),
	});
}

function ordersOf(services: Services, { id }: Shipment, { profile, orders, sourceKeys, ordersByShipment }: Billing) {
	return (ordersByShipment.get(id) ?? []).map((order) => {
		const row = orders.get(order);
		return { key: keyOf(services, profile.order.set, order), number: text(row?.Number), sourceKey: sourceKeys.get(order) };
	});
}

function reversed(services: Services, row: Row, { profile, reversals }: Billing): { key: string; number: string | undefined } | undefined {
	const id = reversedId(row, profile);
	return id ? { key: keyOf(services, profile.shipment.set, id), number: text(reversals.get(id)?.Number) } : undefined;
}

/** The shipment that a credit note takes back. */
export function reversedId(row: Row, profile: Profile): string | undefined {
	return returnFields(profile)?.of.flatMap((field) => reference(row[field]) ?? [])[0];
}

/** Unposted it is a draft, whatever it was before; marked for deletion it is cancelled. */
function statusOf(row: Row): Invoice['status'] {
	return row.DeletionMark === true ? 'cancelled' : row.Posted === true ? 'posted' : 'draft';
}

function payment(row: Row, total: string, received: string | undefined): Pick<Invoice, 'status' | 'paymentState' | 'residual' | 'received'> {
	const status = statusOf(row);
	if (status !== 'posted' || received === undefined) return { status, paymentState: 'unpaid', residual: undefined, received: undefined };
	const residual = big(total).minus(received);
	return { status, paymentState: residual.lte(0) ? 'paid' : big(received).gt(0) ? 'partial' : 'unpaid', residual: residual.toFixed(), received };
}
