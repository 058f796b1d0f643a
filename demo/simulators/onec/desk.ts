// Owns what people do at the 1C desktop, whichever configuration it is: enter, ship, take money, cancel, close a period.
// Must not know: the OData interface.
import * as bp from './bp.desk';
import type { Desk } from './desk.work';
import { type Settings, changeSettings } from './posting';
import type { Row } from './values';
import * as ut from './ut.desk';
import { ORDER } from './ut.orders';
import { SHIPMENT } from './ut.shipments';

/** Whoever holds an infobase: the simulator, or a page of it. */
export interface Holder {
	base: Desk;
}

const forms = ({ base }: Holder): typeof ut | typeof bp => (base.store.definition(ORDER) ? ut : bp);

/** Fields of a new object as its form would leave them: prices, VAT, sums, the company's own defaults. What is given stays. */
export const filled = (holder: Holder, set: string, fields: Row): Row => forms(holder).filled(holder.base, set, fields);

/** A new object entered through its form. */
export const enter = (holder: Holder, set: string, fields: Row): Row => holder.base.objects.create(set, filled(holder, set, fields));

/** A posted shipment for the order: all that is open, or the quantities given by the order's `LineNumber`. Gives its `Ref_Key`. */
export const ship = (holder: Holder, orderRef: string, quantities?: Record<string, string>): string =>
	holder.base.store.transaction(() => forms(holder).ship(holder.base, orderRef, quantities));

/** A posted incoming payment for the order. Gives its `Ref_Key`. */
export const pay = (holder: Holder, orderRef: string, amount: number | string): string =>
	holder.base.store.transaction(() => forms(holder).pay(holder.base, orderRef, amount));

/** Unposts the shipment and marks it for deletion. */
export function cancelShipment({ base }: Holder, ref: string): void {
	base.objects.unpost(SHIPMENT, ref);
	base.objects.change(SHIPMENT, ref, { DeletionMark: true });
}

/** Changes settings of the base: the period ban, whether orders need agreements, whether stock is controlled. */
export const administer = ({ base }: Holder, settings: Partial<Settings>): void => changeSettings(base.store, settings);
