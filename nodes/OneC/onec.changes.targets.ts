// Owns which documents a change of another record touches: a payment its invoices, a shipment its orders, a partner its
// legal entities. Reads only.
import type { Kind } from '../core/documents';
import type { Watched } from './onec.changes.scan';
import { ordersOf, shipmentsOf, withRows } from './onec.fulfilment';
import { guid } from './onec.literals';
import { targetsOf } from './onec.payments';
import { byId, gather, optionalColumn } from './onec.reading';
import type { Services } from './onec.services';
import { reference } from './onec.values';

/** What each of the records names: ids of orders, shipments, objects of settlements, or the record itself. */
export async function namedBy(services: Services, { set, tag }: Watched, refs: readonly string[]): Promise<Map<string, string[]>> {
	if (tag.startsWith('pay')) return await targetsOf(services, set, refs);
	if (tag !== 'ship:') return new Map(refs.map((ref) => [ref, [ref]]));
	const profile = await services.profile();
	const shipments = await withRows(services, [...(await byId(services, set, refs)).values()]);
	return new Map(shipments.map((shipment) => [shipment.id, ordersOf(shipment, profile)]));
}

/** Ids of the documents of a kind that belong to what was named. */
export async function documentsNamed(services: Services, kind: Kind, named: readonly string[]): Promise<string[]> {
	if (named.length === 0) return [];
	if (kind === 'invoice') return await invoicesNamed(services, named);
	if (kind === 'customer') return await customersNamed(services, named);
	return [...named];
}

/** By orders, by objects of settlements of orders, and the shipments themselves: an id alone does not tell which it is. */
async function invoicesNamed(services: Services, named: readonly string[]): Promise<string[]> {
	const { order, shipment, paymentRows } = await services.profile();
	const { settlement } = paymentRows;
	const bySettlement = async (set: string) => (settlement ? await optionalColumn(services, set, settlement, async () => await gather(services, set, named.map((id) => `${settlement} eq ${guid(id)}`), { select: ['Ref_Key'] })) : []);
	const orders = (await services.metadata.has(order.set)) ? (await bySettlement(order.set)).flatMap((row) => reference(row.Ref_Key) ?? []) : [];
	const shipments = await shipmentsOf(services, [...new Set([...named, ...orders])]);
	const direct = await byId(services, shipment.set, named, ['Ref_Key']);
	const settled = (await bySettlement(shipment.set)).flatMap((row) => reference(row.Ref_Key) ?? []);
	return [...new Set([...shipments.map(({ id }) => id), ...direct.keys(), ...settled])];
}

async function customersNamed(services: Services, partners: readonly string[]): Promise<string[]> {
	const { customer } = await services.profile();
	const field = customer.partner;
	if (!field) return [];
	const rows = await gather(services, customer.set, partners.map((id) => `${field} eq ${guid(id)}`), { select: ['Ref_Key'] });
	return rows.flatMap((row) => reference(row.Ref_Key) ?? []);
}
