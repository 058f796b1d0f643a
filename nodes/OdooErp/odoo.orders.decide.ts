// Owns what is to be done with one order: nothing, write it, or refuse because somebody has the last word in Odoo.
// Writes nothing.
import { Failure } from '../core/failure';
import type { Proof } from '../core/money';
import type { Outcome } from '../core/port';
import { type Cell, describeChanges, differing, referenceCell } from './odoo.cells';
import type { Services } from './odoo.customers';
import { describePairs, differencesInWords, isEqual, pairLines } from './odoo.order.check';
import { type OrderLinePlan, orderRows, type SalesSource } from './odoo.order.plan';
import { type Currency, currencyOf, type OrderPlace } from './odoo.orders.find';
import { isOpen } from './odoo.orders.state';
import { type Row, text } from './odoo.values';

/** One order on its way. */
export interface OrderTask {
	document: SalesSource;
	record: string;
	place?: OrderPlace;
	currency?: Currency;
	lines: OrderLinePlan[];
	header: Cell[];
	/** As it stands in Odoo. */
	order?: Row;
	rows: Row[];
	/** Lines that are no longer in the document. */
	removed: number[];
	write: boolean;
	outcome: 'created' | 'updated' | 'unchanged';
	changed: Outcome['changed'];
	proof?: Proof;
	notes: string[];
	failure?: Failure;
}

/** How messages name the state of an order that is not open. */
export function stateWords(order: Row): string {
	return order.state === 'cancel' ? 'cancelled' : order.locked === true || order.state === 'done' ? 'locked' : 'confirmed';
}

export class OrderDecider {
	constructor(private readonly services: Services) {}

	/** What is to be done with an order: nothing, write, or refuse. */
	async decide(task: OrderTask): Promise<void> {
		const { order } = task;
		if (!order) {
			Object.assign(task, { write: true, outcome: 'created', changed: { ...describeChanges(task.header), ...describePairs(pairLines(task.lines, [])) } });
			if (task.currency?.pricelist) task.header.push(referenceCell('pricelist_id', task.currency.pricelist.id, task.currency.pricelist.name));
			return;
		}
		const pairs = pairLines(task.lines, task.rows);
		const header = differing(task.header, order);
		const wrongCurrency = task.document.currency !== undefined && currencyOf(order) !== task.document.currency;
		const currency: Outcome['changed'] = wrongCurrency ? { currency: { before: currencyOf(order), after: task.document.currency } } : {};
		const changed = { ...describeChanges(header, order), ...currency, ...describePairs(pairs) };
		if (isEqual(pairs) && !wrongCurrency && header.length === 0) return;
		if (!isOpen(order)) return this.decideClosed(task, order, isEqual(pairs) && !wrongCurrency, header, changed);
		if (wrongCurrency && task.currency?.pricelist) task.header.push(referenceCell('pricelist_id', task.currency.pricelist.id, task.currency.pricelist.name));
		if (!isEqual(pairs)) await this.sortExtraLines(task);
		Object.assign(task, { write: true, outcome: 'updated', changed });
	}

	/** A confirmed, locked or cancelled order is never changed. */
	private decideClosed(task: OrderTask, order: Row, sameGoods: boolean, header: readonly Cell[], changed: Outcome['changed']): void {
		const number = text(order.name) ?? `id ${order.id}`;
		if (sameGoods && !header.some((cell) => cell.field === 'partner_id')) {
			task.notes.push(`Order ${number} is ${stateWords(order)} in Odoo: ${header.map((cell) => cell.field).join(', ')} left as they are`);
			return;
		}
		throw new Failure('rejected', `Order ${number} is already ${stateWords(order)} in Odoo and differs: ${differencesInWords(changed)}`, {
			record: task.record,
			advice: 'Nothing was written. Change it in Odoo by hand, or undo the change in the CRM',
		});
	}

	/** Our own lines that are gone from the document are removed; a line that somebody added in Odoo is not ours to remove. */
	private async sortExtraLines(task: OrderTask): Promise<void> {
		const rows = task.rows.filter((row) => !row.display_type);
		const keysOf = rows.length > 0 ? await this.services.keys.ofRecords('sale.order.line', rows.map((row) => row.id)) : new Map<number, string[]>();
		const wanted = new Set(orderRows(task.place!.externalId, task.place!.key, [], task.lines).map((row) => row['order_line/id']));
		const own = `${task.place!.externalId.replace('__sale_order__', '__sale_order_line__')}_`;
		const foreign: Row[] = [];
		for (const row of rows) {
			const keys = keysOf.get(row.id) ?? [];
			if (keys.some((key) => wanted.has(key))) continue;
			if (keys.some((key) => key.startsWith(own))) task.removed.push(row.id);
			else foreign.push(row);
		}
		if (foreign.length === 0) return;
		const list = foreign.map((row) => `"${text(row.name) ?? row.id}"`).join(', ');
		throw new Failure('rejected', `Order ${text(task.order?.name) ?? ''} in Odoo has lines that are not in the CRM: ${list}`, { record: task.record, advice: 'Remove them in Odoo, or add them in the CRM; the order stays as it is' });
	}
}
