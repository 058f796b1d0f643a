// Owns moving orders of Odoo to another state for documents that name them. Must not know the wire.
import { describeDocument, type Document } from '../core/documents';
import { asFailure, Failure } from '../core/failure';
import type { ItemResult, Outcome } from '../core/port';
import type { Services } from './odoo.customers';
import { orderExternalId } from './odoo.order.plan';
import { OrderStates } from './odoo.orders.state';
import { MODELS, type RefMaker, statedId } from './odoo.refs';
import { refMaker } from './odoo.reading';
import { type Row, text } from './odoo.values';

export const ORDER_STATES = ['confirmed', 'cancelled'] as const;

export class OrderMover {
	private readonly states: OrderStates;

	constructor(private readonly services: Services) {
		this.states = new OrderStates(services);
	}

	async move(documents: readonly Document[], state: string): Promise<ItemResult[]> {
		const refs = await refMaker(this.services);
		const results: ItemResult[] = [];
		for (const document of documents) results.push(await this.moveOne(document, state, refs));
		return results;
	}

	private async moveOne(document: Document, state: string, refs: RefMaker): Promise<ItemResult> {
		const record = describeDocument(document);
		try {
			const order = await this.find(document, record);
			const there = state === 'confirmed' ? ['sale', 'done'] : ['cancel'];
			const done = there.includes(text(order.state) ?? '');
			if (!done) refuse(order, state, record);
			const status = done ? text(order.state) : state === 'confirmed' ? await this.states.confirm(order.id) : await this.states.cancel(order.id);
			const changed: Outcome['changed'] = done ? {} : { state: { before: text(order.state), after: status } };
			return { ok: true, value: { outcome: done ? 'unchanged' : 'updated', ref: refs.ref('order', order.id, { number: text(order.name), status }), changed, notes: [] } };
		} catch (error) {
			return { ok: false, failure: asFailure(error).on(record) };
		}
	}

	/** The order that the document is, or that was made from it. */
	private async find(document: Document, record: string): Promise<Row> {
		const { session, keys } = this.services;
		const id = statedId(document, 'order', session.credential.installation) ?? (await keys.find(MODELS.order, orderExternalId(document.key)));
		const [order] = id === undefined ? [] : await session.read(MODELS.order, [id], ['name', 'state', ...(await this.services.metadata.present(MODELS.order, ['locked']))]);
		if (order) return order;
		throw new Failure('missing', 'It has no order in Odoo', { record, advice: 'Put the step "Sales order: create or update" before this one' });
	}
}

function refuse(order: Row, state: string, record: string): void {
	const number = text(order.name) ?? `id ${order.id}`;
	if (state === 'confirmed' && order.state === 'cancel') throw new Failure('rejected', `Order ${number} was cancelled in Odoo`, { record, advice: 'Set it to quotation in Odoo first' });
	if (state === 'cancelled' && (order.locked === true || order.state === 'done')) throw new Failure('rejected', `Order ${number} is locked in Odoo`, { record, advice: 'Unlock it in Odoo first' });
}
