// Owns what is to be done with one order: nothing, write it, or refuse because somebody has the last word in 1C. Reads
// shipments where a posted order is to be changed; writes nothing.
import { Failure } from '../core/failure';
import { big, type Proof } from '../core/money';
import type { Outcome, UpsertOptions } from '../core/port';
import { type Cell, decimalOf, describeChanges, differing, plainText } from './onec.cells';
import { deliveries, shipmentsOf } from './onec.fulfilment';
import { reference } from './onec.keys';
import type { RowPlan, SalesSource } from './onec.order.plan';
import { describePairs, differencesInWords, isEqual, isOurs, type Pair, pairRows, rowsIn } from './onec.order.rows';
import { describeOrder, type OrderCustomer, type OrderPlace } from './onec.orders.find';
import type { OrderCurrency } from './onec.orders.masters';
import { awaitsPosting } from './onec.orders.repost';
import type { Profile } from './onec.profile';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

/** One order on its way. */
export interface OrderTask {
	document: SalesSource;
	record: string;
	customer?: OrderCustomer;
	place?: OrderPlace;
	currency?: OrderCurrency;
	rows: RowPlan[];
	/** Compared with what is there. */
	header: Cell[];
	/** Only for a new order. */
	whenNew: Cell[];
	overrides: Cell[];
	vatIncluded: boolean;
	/** As it stands in 1C. */
	order?: Row;
	pairs: Pair[];
	write: 'nothing' | 'create' | 'change';
	/** It is posted and stays so: posted again after the change. */
	repost: boolean;
	outcome: 'created' | 'updated' | 'unchanged';
	changed: Outcome['changed'];
	proof?: Proof;
	notes: string[];
	failure?: Failure;
}

export class OrderDecider {
	constructor(private readonly services: Services) {}

	async decide(task: OrderTask, profile: Profile, options: UpsertOptions): Promise<void> {
		const { order } = task;
		task.pairs = pairRows(task.rows, rowsIn(order, profile), profile);
		if (!order) {
			Object.assign(task, { write: 'create', outcome: 'created', changed: { ...describeChanges([...task.header, ...task.whenNew, ...task.overrides]), ...describePairs(task.pairs, profile) } });
			return;
		}
		const name = orderName(order, profile);
		if (order.DeletionMark === true) throw new Failure('rejected', `${name} is marked for deletion in 1C`, { record: task.record, advice: 'Take the mark off in 1C and run this again, or cancel the document in the CRM too' });
		const header = differing([...task.header, ...task.overrides], order);
		const changed = { ...describeChanges(header, order), ...describePairs(task.pairs, profile) };
		const sameRows = isEqual(task.pairs);
		if (awaitsPosting(order, profile)) Object.assign(task, { repost: true, outcome: 'updated', changed: { posting: { before: 'as before the last change', after: 'posted again' } } });
		if (sameRows && header.length === 0) return;
		refuseForeign(task, name, profile);
		if (order.Posted === true) {
			if (!this.mayChange(task, name, header, sameRows, changed, profile, options)) return;
			await this.checkShipped(task, order, name, profile);
			task.repost = true;
		}
		Object.assign(task, { write: 'change', outcome: 'updated', changed });
	}

	/** A posted order is changed only where the user has said so; a difference that is only in words is told. */
	private mayChange(task: OrderTask, name: string, header: readonly Cell[], sameRows: boolean, changed: Outcome['changed'], { order }: Profile, { settings }: UpsertOptions): boolean {
		const essential = new Set([order.customer, order.currency, order.vatIncluded]);
		const changing = settings?.changePosted === 'change' || settings?.changePosted === 'true';
		if (sameRows && !header.some(({ field }) => essential.has(field)) && !changing) {
			task.notes.push(`${name} is posted in 1C: ${header.map(({ field }) => field).join(', ')} left as they are`);
			return false;
		}
		if (changing) return true;
		throw new Failure('rejected', `${name} is already posted in 1C and differs: ${differencesInWords(changed)}`, { record: task.record, advice: 'Nothing was written. Change it in 1C by hand, or undo the change in the CRM' });
	}

	/** What was shipped cannot be taken back by a change of the order: 1C would refuse it at posting, or lose the link. */
	private async checkShipped(task: OrderTask, order: Row, name: string, profile: Profile): Promise<void> {
		const { orderRows } = profile;
		const id = reference(order.Ref_Key)!;
		const shipments = await shipmentsOf(this.services, [id]);
		if (shipments.length === 0) return;
		const wrong = deliveries(id, rowsIn(order, profile), shipments, profile).flatMap(({ row, delivered }) => {
			if (delivered.lte(0)) return [];
			const pair = task.pairs.find((one) => one.row !== undefined && plainText(one.row.LineNumber) === plainText(row.LineNumber));
			const label = pair?.plan?.label ?? `row ${plainText(row.LineNumber)}`;
			if (!pair?.plan) return [`${label} was shipped (${delivered.toFixed()}) and is no longer in the document`];
			if (pair.differences.some(({ field }) => field === orderRows.item)) return [`${label} was shipped (${delivered.toFixed()}) and now has another product`];
			return big(pair.plan.net.quantity).lt(delivered) ? [`${label}: ${delivered.toFixed()} were shipped, and only ${decimalOf(pair.plan.net.quantity)} are ordered now`] : [];
		});
		if (wrong.length > 0) throw new Failure('rejected', `${name} cannot be changed: ${wrong.join('; ')}`, { record: task.record, advice: 'Nothing was written. Correct the shipment in 1C first, or undo the change in the CRM' });
	}
}

/** Rows that people added or cancelled in 1C are theirs. */
function refuseForeign(task: OrderTask, name: string, { orderRows }: Profile): void {
	const { identity, cancelled, item, quantity } = orderRows;
	const show = (row: Row): string => `row ${plainText(row.LineNumber)} (${decimalOf(row[quantity])} of ${plainText(row[item])})`;
	const dropped = cancelled ? task.pairs.filter(({ plan, row }) => plan && row?.[cancelled] === true) : [];
	if (dropped.length > 0) throw new Failure('rejected', `${name} has lines that were cancelled in 1C: ${dropped.map(({ plan }) => plan!.label).join(', ')}`, { record: task.record, advice: 'Take them out of the document in the CRM, or undo the cancelling in 1C' });
	if (identity === undefined) return;
	const foreign = task.pairs.flatMap(({ plan, row }) => (!plan && row && !isOurs(row[identity]) && plainText(row[identity]) !== '' ? [row] : []));
	if (foreign.length === 0) return;
	throw new Failure('rejected', `${name} has rows that are not in the CRM: ${foreign.map(show).join(', ')}`, { record: task.record, advice: 'Remove them in 1C, or add them in the CRM; the order stays as it is' });
}

/** `Order ТДЦБ-000002 of 2026-06-07`. */
export function orderName(order: Row, profile: Profile): string {
	return `${profile.order.word === 'order' ? 'Order' : 'Invoice'} ${describeOrder(order)}`;
}
