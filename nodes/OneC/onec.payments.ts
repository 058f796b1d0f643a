// Owns what was paid on orders and shipments: rows of posted incoming payments, and how they are shared out to the
// shipments of an order. Writes nothing.
import Big from 'big.js';
import { big } from '../core/money';
import { isPosted } from './onec.fulfilment';
import { guid, refTo } from './onec.literals';
import { amount, at, byId, gather, optionalColumn } from './onec.reading';
import type { Services } from './onec.services';
import { decimal, reference } from './onec.values';
import type { Row } from './onec.wire';

/** What payments may name, by id: a Ref_Key of an order or shipment, or the object of settlements that stands for it (УТ 11.5). */
export interface Payable {
	id: string;
	set: 'order' | 'shipment';
	/** `ОбъектРасчетов_Key` of its header. */
	settlement?: string;
}

/** One row of a payment. */
export interface Paid {
	payment: string;
	/** Id of the order or shipment. */
	target: string;
	/** Wall clock. */
	date: string;
	posted: boolean;
	/** In the payment's currency. */
	sum: Big;
	/** In the currency of the settlements, where the row tells it. */
	settled: Big | undefined;
	/** Ref_Key of the payment's currency. */
	currency: string | undefined;
}

/** The row's amount in the currency of the contract or order: the same name in УТ and БП [U]. */
const SETTLED = 'СуммаВзаиморасчетов';

/** Whether this base publishes payments at all; without them nothing can be said of what was paid. */
export async function paymentSets(services: Services): Promise<string[]> {
	const { payment } = await services.profile();
	const published = await services.metadata.sets();
	return payment.sets.filter((set) => published.has(set));
}

/** Payments that name one of the orders or shipments; unposted and marked ones too. */
export async function paymentsOf(services: Services, payables: readonly Payable[]): Promise<Paid[]> {
	const paid: Paid[] = [];
	for (const set of payables.length > 0 ? await paymentSets(services) : []) {
		const rows = await rowsNaming(services, set, payables);
		const headers = await byId(services, set, rows.map((row) => row.Ref_Key));
		paid.push(...(await paidOf(services, rows, headers, payables)));
	}
	return paid;
}

async function paidOf(services: Services, rows: readonly Row[], headers: ReadonlyMap<string, Row>, payables: readonly Payable[]): Promise<Paid[]> {
	const { payment, paymentRows } = await services.profile();
	const ids = new Map(payables.map(({ id }) => [id, id]));
	const settlements = new Map(payables.flatMap(({ id, settlement }) => (settlement ? [[settlement, id] as const] : [])));
	const columns = [...paymentRows.orders, ...(paymentRows.shipment ? [paymentRows.shipment] : [])];
	return rows.flatMap((row) => {
		const id = reference(row.Ref_Key);
		const header = id ? headers.get(id) : undefined;
		const named = columns.flatMap((column) => ids.get(reference(row[column]) ?? '') ?? [])[0];
		const target = named ?? settlements.get(reference(at(row, paymentRows.settlement)) ?? '');
		if (!id || !header || !target) return [];
		const settled = decimal(row[SETTLED]);
		return [{ payment: id, target, date: String(header.Date ?? ''), posted: isPosted(header), sum: big(amount(row[paymentRows.amount])), settled: settled ? big(settled) : undefined, currency: reference(at(header, payment.currency)) }];
	});
}

/** Rows of the payments' table part that name one of them in any of the columns; each row once. */
async function rowsNaming(services: Services, set: string, payables: readonly Payable[]): Promise<Row[]> {
	const profile = await services.profile();
	const { paymentRows } = profile;
	const sets = { order: profile.order.set, shipment: profile.shipment.set };
	const part = `${set}_${paymentRows.part}`;
	if (!(await services.metadata.has(part))) return [];
	const conditions: Array<{ column: string; conditions: string[] }> = [...paymentRows.orders, ...(paymentRows.shipment ? [paymentRows.shipment] : [])].map((column) => ({
		column,
		// A reference of one type is compared with the id, one of several types only through its type (reference 5).
		conditions: payables.filter((one) => !column.endsWith('_Key') || one.set === (column === paymentRows.shipment ? 'shipment' : 'order')).map((one) => `${column} eq ${column.endsWith('_Key') ? guid(one.id) : refTo(sets[one.set], one.id)}`),
	}));
	const { settlement } = paymentRows;
	if (settlement) conditions.push({ column: settlement, conditions: payables.flatMap((one) => (one.settlement ? [`${settlement} eq ${guid(one.settlement)}`] : [])) });
	const rows: Row[] = [];
	for (const { column, conditions: own } of conditions) rows.push(...(await optionalColumn(services, part, column, async () => await gather(services, part, own, { orderby: 'Ref_Key,LineNumber' }))));
	return [...new Map(rows.map((row) => [`${String(row.Ref_Key)}|${String(row.LineNumber)}`, row])).values()];
}

/** The orders and shipments that rows of payments name, whether they still count or not: whose content may have changed. */
export async function targetsOf(services: Services, set: string, payments: readonly string[]): Promise<Map<string, string[]>> {
	const { paymentRows } = await services.profile();
	const part = `${set}_${paymentRows.part}`;
	const targets = new Map<string, string[]>();
	if (!(await services.metadata.has(part))) return targets;
	const rows = await gather(services, part, payments.map((id) => `Ref_Key eq ${guid(id)}`), { orderby: 'Ref_Key,LineNumber' });
	const columns = [...paymentRows.orders, paymentRows.shipment, paymentRows.settlement];
	for (const row of rows) {
		const id = reference(row.Ref_Key);
		if (id) targets.set(id, [...new Set([...(targets.get(id) ?? []), ...columns.flatMap((column) => reference(at(row, column)) ?? [])])]);
	}
	return targets;
}

/** A posted shipment as far as money goes. */
export interface Owed {
	id: string;
	/** Ref_Key of its currency. */
	currency: string | undefined;
	total: Big;
	/** How much of it belongs to each order. */
	orders: ReadonlyMap<string, Big>;
}

/**
 * What has been received on each shipment: first what names the shipment itself, then what names its orders, the oldest
 * shipment first; never more than its total. What an order was paid beyond its shipments stays an advance.
 *
 * @param owed oldest first, all posted shipments of the orders
 */
export function allocate(owed: readonly Owed[], paid: readonly Paid[]): Map<string, Big> {
	const received = new Map(owed.map(({ id }) => [id, new Big(0)]));
	const counted = paid.filter(({ posted }) => posted);
	for (const one of owed) take(one, one.id, one.total, new Map([[one.id, sumFor(counted, one.id, one.currency)]]), received);
	const pots = new Map<string, Big>();
	for (const one of owed) {
		for (const [order, part] of one.orders) {
			if (!pots.has(order)) pots.set(order, sumFor(counted, order, one.currency));
			take(one, order, part, pots, received);
		}
	}
	return received;
}

/** Takes from the pot what fits under both the part and what the whole still owes. */
function take(one: Owed, name: string, part: Big, pots: Map<string, Big>, received: Map<string, Big>): void {
	const pot = pots.get(name) ?? new Big(0);
	const had = received.get(one.id) ?? new Big(0);
	const taken = [pot, part, one.total.minus(had)].reduce((least, value) => (value.lt(least) ? value : least));
	if (taken.lte(0)) return;
	pots.set(name, pot.minus(taken));
	received.set(one.id, had.plus(taken));
}

/** In the shipment's currency. */
function sumFor(paid: readonly Paid[], target: string, currency: string | undefined): Big {
	return paid.filter((one) => one.target === target).reduce((sum, one) => sum.plus(worth(one, currency)), new Big(0));
}

/** A payment in another currency counts with what it settled; while that is not known, with nothing: 1,000 RUB are not 1,000 EUR. */
function worth({ sum, settled, currency: own }: Paid, currency: string | undefined): Big {
	if (own === currency) return sum;
	if (settled?.gt(0)) return settled;
	return own !== undefined && currency !== undefined ? new Big(0) : sum;
}
