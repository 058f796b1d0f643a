// Owns what a page of invoices refers to: rows, orders, the other shipments of those orders, and what was paid; in few
// calls. Writes nothing.
import Big from 'big.js';
import { big } from '../core/money';
import { ordersOf, type Shipment, shipmentsOf, withRows } from './onec.fulfilment';
import { asShipment, returnFields } from './onec.invoices.returns';
import { allocate, type Owed, paymentSets, paymentsOf, type Payable } from './onec.payments';
import type { Profile } from './onec.profile';
import { amount, at, byIdIfThere, type Found, partRows } from './onec.reading';
import { type Header, headersOf } from './onec.reading.headers';
import { amountsOf, type Named, namesOf } from './onec.reading.lines';
import type { Services } from './onec.services';
import { sourceKeysOf } from './onec.sources';
import { day, reference } from './onec.values';
import type { Row } from './onec.wire';

export interface Billing {
	profile: Profile;
	/** The invoices themselves, by id. */
	documents: Map<string, Shipment>;
	headers: Map<Row, Header>;
	names: Named;
	/** Headers of the orders, by id. */
	orders: Map<string, Row>;
	/** Keys of the records that the orders were made from, by the orders' ids. */
	sourceKeys: Map<string, string>;
	ordersByShipment: Map<string, string[]>;
	/** All shipments of those orders, the invoices among them, oldest first. */
	neighbours: Shipment[];
	/** What was received on each posted shipment; nothing where the base publishes no payments. */
	received: Map<string, Big> | undefined;
	/** Headers of the shipments that credit notes take back. */
	reversals: Map<string, Row>;
	/** Until when it is to be paid, by the id of the invoice. */
	dueDates: Map<string, string>;
}

/** The payment schedule of УТ's shipments (captured); other configurations have none there. */
const SCHEDULE = { part: 'ЭтапыГрафикаОплаты', date: 'ДатаПлатежа' };

export async function billingOf(services: Services, found: readonly Found[]): Promise<Billing> {
	const profile = await services.profile();
	const returns = returnFields(profile);
	const isReturn = ({ set }: Found) => set !== profile.shipment.set;
	const invoices = await withRows(services, found.filter((one) => !isReturn(one)).map(({ row }) => row));
	const back = returns ? await withRows({ ...services, profile: async () => await Promise.resolve(asShipment(profile, returns)) }, found.filter(isReturn).map(({ row }) => row)) : [];
	const documents = [...invoices, ...back];
	const reversals = await byIdIfThere(services, profile.shipment.set, back.flatMap(({ row }) => returns?.of.map((field) => row[field]) ?? []));
	const orderIds = [...new Set(documents.flatMap((shipment) => ordersOf(shipment, profile)))];
	const orders = await byIdIfThere(services, profile.order.set, orderIds);
	const neighbours = await neighboursOf(services, orderIds, invoices);
	return {
		profile,
		documents: new Map(documents.map((shipment) => [shipment.id, shipment])),
		headers: await headersOf(services, found.map(({ row }) => row), profile.shipment),
		names: await namesOf(services, documents.flatMap((shipment) => shipment.rows.map(({ row }) => row)), profile.shipmentRows),
		orders,
		sourceKeys: await sourceKeysOf(services, orders.values(), profile.order),
		ordersByShipment: new Map(documents.map((shipment) => [shipment.id, ordersOf(shipment, profile)])),
		neighbours,
		received: await receivedOn(services, neighbours, orders),
		reversals,
		dueDates: await dueDatesOf(services, profile.shipment.set, invoices.map(({ id }) => id)),
	};
}

/** The date of the last stage: by then all of it is due. */
async function dueDatesOf(services: Services, set: string, ids: readonly string[]): Promise<Map<string, string>> {
	if (!(await services.metadata.has(`${set}_${SCHEDULE.part}`))) return new Map();
	const stages = await partRows(services, set, SCHEDULE.part, ids, [SCHEDULE.date]);
	return new Map([...stages].flatMap(([id, rows]) => {
		const last = rows.flatMap((row) => day(row[SCHEDULE.date]) ?? []).sort().pop();
		return last ? [[id, last] as const] : [];
	}));
}

/** A shipment without an order is nobody's neighbour. */
async function neighboursOf(services: Services, orders: readonly string[], invoices: readonly Shipment[]): Promise<Shipment[]> {
	const others = await shipmentsOf(services, orders, invoices);
	const known = new Set(others.map(({ id }) => id));
	return [...others, ...invoices.filter(({ id }) => !known.has(id))];
}

async function receivedOn(services: Services, shipments: readonly Shipment[], orders: ReadonlyMap<string, Row>): Promise<Map<string, Big> | undefined> {
	if ((await paymentSets(services)).length === 0) return undefined;
	const { paymentRows } = await services.profile();
	const settlement = (row: Row | undefined) => reference(at(row ?? {}, paymentRows.settlement));
	// Shipments may carry their order's object of settlements: then it is the order's, which comes last and wins.
	const payables: Payable[] = [
		...shipments.map(({ id, row }): Payable => ({ id, set: 'shipment', settlement: settlement(row) })),
		...[...orders].map(([id, row]): Payable => ({ id, set: 'order', settlement: settlement(row) })),
	];
	const profile = await services.profile();
	return allocate(shipments.filter(({ posted }) => posted).map((shipment) => owedOn(shipment, profile)), await paymentsOf(services, payables));
}

/** The total of a shipment and its share for each of the orders: by rows where there are several. */
function owedOn(shipment: Shipment, profile: Profile): Owed {
	const { row, rows, id } = shipment;
	const total = big(amount(row[profile.shipment.total]));
	const orders = ordersOf(shipment, profile);
	const included = at(row, profile.shipment.vatIncluded) === true;
	const share = (order: string) => rows.filter((line) => line.order === order).reduce((sum, line) => {
		const { net, tax } = amountsOf(line.row, profile.shipmentRows, included);
		return sum.plus(net).plus(tax);
	}, new Big(0));
	return { id, currency: reference(at(row, profile.shipment.currency)), total, orders: new Map(orders.map((order) => [order, orders.length === 1 ? total : share(order)])) };
}

/**
 * The posted shipments that share an order with this one and are dated at or after `since`: payments are shared out from
 * the oldest on, so that a change of a shipment reaches those after it. A credit note reaches none.
 */
export function laterNeighbours({ neighbours, ordersByShipment, profile }: Billing, id: string, since: string): string[] {
	if (!neighbours.some((shipment) => shipment.id === id)) return [];
	const orders = new Set(ordersByShipment.get(id));
	return neighbours.filter((other) => other.id !== id && other.posted && String(other.row.Date) >= since && ordersOf(other, profile).some((order) => orders.has(order))).map((other) => other.id);
}
