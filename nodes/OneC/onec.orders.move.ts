// Owns moving orders of 1C to another state for documents that name them: confirmed (state and posting) or cancelled
// (posting taken back, marked for deletion). Must not know the wire.
import { describeDocument, type Document } from '../core/documents';
import { asFailure, Failure } from '../core/failure';
import type { ItemResult, Outcome } from '../core/port';
import { reference } from './onec.keys';
import { isSales, stateOf } from './onec.orders';
import { orderName } from './onec.orders.decide';
import { numberOf, type Preparation, preparation } from './onec.orders.prepare';
import { awaitsPosting } from './onec.orders.repost';
import { OrderStates } from './onec.orders.state';
import { OrderRecorder } from './onec.orders.write';
import { refOf } from './onec.refs';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

export class OrderMover {
	private readonly states: OrderStates;
	private readonly recorder: OrderRecorder;

	constructor(private readonly services: Services) {
		this.states = new OrderStates(services);
		this.recorder = new OrderRecorder(services);
	}

	/** @param state `confirmed` or `cancelled` */
	async move(documents: readonly Document[], state: string): Promise<ItemResult[]> {
		const given = await preparation(this.services, {});
		const results: ItemResult[] = [];
		for (const document of documents) results.push(await this.moveOne(document, state, given));
		return results;
	}

	private async moveOne(document: Document, state: string, given: Preparation): Promise<ItemResult> {
		const record = describeDocument(document);
		const { profile } = given;
		try {
			if (state !== 'confirmed' && state !== 'cancelled') throw new Failure('rejected', `An order in 1C cannot be moved to "${state}"`, { advice: 'confirmed and cancelled are possible' });
			const order = await this.find(document, record, given);
			const before = stateOf(order, profile);
			const done = state === 'confirmed' ? await this.confirm(order, record, given) : await this.states.cancel(order, profile, record);
			const after = stateOf(order, profile);
			const changed: Outcome['changed'] = done ? { state: { before, after } } : {};
			return { ok: true, value: { outcome: done ? 'updated' : 'unchanged', ref: refOf(this.services.credential, 'order', profile.order.set, reference(order.Ref_Key)!, { number: numberOf(order), status: after }), changed, notes: [] } };
		} catch (error) {
			return { ok: false, failure: asFailure(error).on(record) };
		}
	}

	private async confirm(order: Row, record: string, given: Preparation): Promise<boolean> {
		if (order.DeletionMark === true) throw new Failure('rejected', `${orderName(order, given.profile)} is marked for deletion in 1C`, { record, advice: 'Take the mark off in 1C first' });
		const again = awaitsPosting(order, given.profile);
		return await this.states.confirm(order, again ? [] : await this.recorder.state(record, true, given), again, given.profile, record);
	}

	/** The order that the document is, or that was made from it. */
	private async find(document: Document, record: string, { finder, profile }: Preparation): Promise<Row> {
		if (!isSales(document)) throw new Failure('rejected', `A ${document.kind} has no order in 1C`, { record, advice: 'Feed this node with quotes or orders' });
		// Without its customer only the key can tell.
		const [customer] = document.customer ? await finder.customers([document], profile) : [new Failure('missing', 'It has no customer', { record })];
		const [place] = await finder.orders([document], [customer!], profile);
		if (place instanceof Failure) throw place;
		if (place?.row) return place.row;
		throw new Failure('missing', 'It has no order in 1C', { record, advice: 'Put the step "Sales order: create or update" before this one' });
	}
}
