// Owns which shipments belong to which orders, and how much of each order's row they have delivered. Writes nothing.
import Big from 'big.js';
import { big } from '../core/money';
import { guid, refTo } from './onec.literals';
import type { Profile } from './onec.profile';
import { amount, at, byId, gather, optionalColumn, partRows } from './onec.reading';
import type { Services } from './onec.services';
import { reference } from './onec.values';
import type { Row } from './onec.wire';

/** A shipment with its rows, each told which order it delivers. */
export interface Shipment {
	id: string;
	row: Row;
	posted: boolean;
	/** Rows in the order of the table parts; `key` is unique within the document. */
	rows: Array<{ key: string; order: string | undefined; row: Row }>;
}

/** Posted and not marked: what counts. */
export function isPosted(row: Row): boolean {
	return row.Posted === true && row.DeletionMark !== true;
}

/**
 * The shipments of orders, unposted ones too, oldest first. Found by the header's order and by that of each row: one
 * shipment may deliver several orders (УТ: «Реализация по заказам»).
 *
 * @param known shipments that were read already
 */
export async function shipmentsOf(services: Services, orders: readonly string[], known: readonly Shipment[] = []): Promise<Shipment[]> {
	const { shipment } = await services.profile();
	if (orders.length === 0 || !(await services.metadata.has(shipment.set))) return [];
	const ids = new Set(await shipmentIds(services, orders));
	const there = known.filter(({ id }) => ids.delete(id));
	return [...there, ...(await withRows(services, [...(await byId(services, shipment.set, ids)).values()]))].sort(byDate);
}

/** Ids of the shipments in which an order is named. */
async function shipmentIds(services: Services, orders: readonly string[]): Promise<string[]> {
	const profile = await services.profile();
	const { shipment, shipmentRows } = profile;
	const places = [{ set: shipment.set, field: shipment.order, type: shipment.orderType }, ...shipmentRows.parts.map((part) => ({ set: `${shipment.set}_${part}`, field: shipmentRows.order, type: shipmentRows.orderType }))];
	const found: Row[] = [];
	for (const { set, field, type } of places) {
		if (!field || !(await services.metadata.has(set))) continue;
		const conditions = orders.map((id) => `${field} eq ${type ? refTo(profile.order.set, id) : guid(id)}`);
		found.push(...(await optionalColumn(services, set, field, async () => await gather(services, set, conditions, { select: ['Ref_Key'], orderby: set === shipment.set ? undefined : 'Ref_Key,LineNumber' }))));
	}
	return [...new Set(found.flatMap((row) => reference(row.Ref_Key) ?? []))];
}

/** The headers with their rows. */
export async function withRows(services: Services, headers: readonly Row[]): Promise<Shipment[]> {
	const { shipment, shipmentRows } = await services.profile();
	const ids = headers.flatMap((row) => reference(row.Ref_Key) ?? []);
	const parts: Array<{ part: string; rows: Map<string, Row[]> }> = [];
	for (const part of shipmentRows.parts) {
		if (ids.length > 0 && (await services.metadata.has(`${shipment.set}_${part}`))) parts.push({ part, rows: await partRows(services, shipment.set, part, ids, rowColumns(shipmentRows)) });
	}
	const shipments = headers.map((row): Shipment => {
		const id = reference(row.Ref_Key) ?? '';
		const own = parts.flatMap(({ part, rows }, index) => (rows.get(id) ?? []).map((line) => ({ key: index === 0 ? String(line.LineNumber) : `${part}:${line.LineNumber}`, order: reference(at(line, shipmentRows.order)) ?? reference(row[shipment.order]), row: line })));
		return { id, row, posted: isPosted(row), rows: own };
	});
	return shipments;
}

/** The orders that a shipment delivers, the header's first. */
export function ordersOf({ row, rows }: Shipment, { shipment }: Profile): string[] {
	const all = [reference(row[shipment.order]), ...rows.map(({ order }) => order)];
	return [...new Set(all.filter((id): id is string => id !== undefined))];
}

/** Oldest first; of the same second by id, so that the order is the same every time. */
function byDate(a: Shipment, b: Shipment): number {
	const [left, right] = [`${String(a.row.Date)}|${a.id}`, `${String(b.row.Date)}|${b.id}`];
	return left < right ? -1 : left > right ? 1 : 0;
}

/** Columns of a table part as the profile has them, those of no use for reading left out. */
export function rowColumns(rows: Profile['shipmentRows'] | Profile['orderRows']): string[] {
	const { item, characteristic, unit, quantity, price, amount: sum, vat, vatAmount, total, text, code, discountPercent, discountAmount } = rows;
	const own = 'order' in rows ? rows.order : 'cancelled' in rows ? rows.cancelled : undefined;
	return [item, characteristic, unit, quantity, price, sum, vat, vatAmount, total, text, code, discountPercent, discountAmount, own].filter((name): name is string => name !== undefined);
}

/** One row of an order, and what posted shipments have delivered of it. */
export interface Delivery {
	row: Row;
	delivered: Big;
}

/**
 * Shares posted shipments out to the rows of an order: by the row code that links them (УТ), else by item and
 * characteristic, rows of the same price first. What goes beyond the ordered quantity stays with the row that fits best.
 */
export function deliveries(order: string, rows: readonly Row[], shipments: readonly Shipment[], profile: Profile): Delivery[] {
	const { orderRows, shipmentRows } = profile;
	const open = rows.map((row) => ({ row, delivered: new Big(0) }));
	const shipped = shipments.filter(({ posted }) => posted).flatMap((shipment) => shipment.rows.filter((line) => line.order === order));
	for (const { row } of shipped) {
		const alike = open.filter((one) => sameItem(one.row, row, profile));
		const linked = alike.filter((one) => linkedByCode(one.row, row, profile));
		const priced = alike.filter((one) => big(amount(one.row[orderRows.price])).eq(amount(row[shipmentRows.price])));
		spread(linked.length > 0 ? linked : [...new Set([...priced, ...alike])], big(amount(row[shipmentRows.quantity])), orderRows.quantity);
	}
	return open;
}

function spread(fitting: readonly Delivery[], quantity: Big, field: string): void {
	let left = quantity;
	for (const one of fitting) {
		const room = big(amount(one.row[field])).minus(one.delivered);
		const taken = room.lt(left) ? room : left;
		if (taken.lte(0)) continue;
		one.delivered = one.delivered.plus(taken);
		left = left.minus(taken);
	}
	const best = fitting[0];
	if (best && left.gt(0)) best.delivered = best.delivered.plus(left);
}

function linkedByCode(order: Row, shipped: Row, { orderRows, shipmentRows }: Profile): boolean {
	const code = Number(at(order, orderRows.code) ?? 0);
	return code > 0 && code === Number(at(shipped, shipmentRows.code) ?? 0);
}

function sameItem(order: Row, shipped: Row, { orderRows, shipmentRows }: Profile): boolean {
	return reference(order[orderRows.item]) === reference(shipped[shipmentRows.item]) && reference(at(order, orderRows.characteristic)) === reference(at(shipped, shipmentRows.characteristic));
}

export type Share = 'none' | 'partial' | 'full';

/** How much of the order is done, by its rows. An order of nothing is not delivered. */
export function share(rows: readonly Delivery[], quantity: string): Share {
	const asked = rows.filter(({ row }) => !big(amount(row[quantity])).eq(0));
	if (asked.length > 0 && asked.every(({ row, delivered }) => delivered.gte(amount(row[quantity])))) return 'full';
	return asked.some(({ delivered }) => delivered.gt(0)) ? 'partial' : 'none';
}
