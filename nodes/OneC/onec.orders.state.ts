// Owns the steps that change an order's state: post, take back, mark for deletion. None carries a key, so each reads the
// state before it is sent again. Must not know documents.
import { asFailure, Failure } from '../core/failure';
import { writeOnce } from '../core/retry';
import { bodyOf, type Cell, differing, plainText } from './onec.cells';
import { shipmentsOf } from './onec.fulfilment';
import { reference } from './onec.keys';
import { describeOrder } from './onec.orders.find';
import { orderName } from './onec.orders.decide';
import { isHalfDone, withoutHalfDone } from './onec.orders.repost';
import type { Profile } from './onec.profile';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

const STATE = ['Ref_Key', 'DataVersion', 'Number', 'Date', 'Posted', 'DeletionMark'];

export class OrderStates {
	constructor(private readonly services: Services) {}

	/**
	 * Sets the state and posts. What 1C says when it refuses reaches the reader in its own words.
	 *
	 * @returns whether anything was done
	 */
	async confirm(order: Row, cells: readonly Cell[], again: boolean, profile: Profile, record: string): Promise<boolean> {
		const { set } = profile.order;
		const id = reference(order.Ref_Key)!;
		const state = differing(cells, order);
		if (order.Posted === true && !again) return false;
		if (state.length > 0 && !again) Object.assign(order, await this.services.session.patch(set, id, bodyOf(state, order), { version: plainText(order.DataVersion) || undefined }));
		await this.post(set, id, order, profile, record, again);
		order.Posted = true;
		if (again) await this.close(set, id, profile);
		return true;
	}

	/** The change is in the registers now. If this is lost, the next run posts once more, which makes the same movements. */
	private async close(set: string, id: string, { order: { comment } }: Profile): Promise<void> {
		if (!comment) return;
		const { session } = this.services;
		const row = await session.read(set, id, { select: ['Ref_Key', 'DataVersion', comment] });
		const there = plainText(row[comment]);
		if (isHalfDone(there)) await session.patch(set, id, { [comment]: withoutHalfDone(there) }, { version: plainText(row.DataVersion) || undefined });
	}

	private async post(set: string, id: string, order: Row, profile: Profile, record: string, again: boolean): Promise<void> {
		const { session, clock } = this.services;
		const posted = async (): Promise<true | undefined> => (!again && (await session.read(set, id, { select: STATE })).Posted === true ? true : undefined);
		try {
			await writeOnce(async () => (await session.post(set, id), true as const), posted, clock);
		} catch (error) {
			const failure = asFailure(error);
			if (failure.kind !== 'rejected') throw failure;
			// A race: somebody else has posted it.
			if ((await posted().catch(() => undefined)) === true) return;
			const what = again ? `${orderName(order, profile)} was changed in 1C, which refuses to post it again` : `${orderName(order, profile)} was written, and 1C refuses to post it`;
			throw new Failure('rejected', what, { record, said: failure.said ?? failure.what, code: failure.code, advice: 'It stays in 1C and is not posted; correct what 1C names, or post it there by hand' });
		}
	}

	/**
	 * Takes the posting back and marks for deletion.
	 *
	 * @returns whether anything was done
	 * @throws Failure `rejected` when something was shipped
	 */
	async cancel(order: Row, profile: Profile, record: string): Promise<boolean> {
		const { session, clock } = this.services;
		const { set } = profile.order;
		const id = reference(order.Ref_Key)!;
		if (order.DeletionMark === true) return false;
		const shipments = (await shipmentsOf(this.services, [id])).filter(({ row }) => row.DeletionMark !== true);
		if (shipments.length > 0) {
			const list = shipments.map(({ row }) => describeOrder(row)).join(', ');
			throw new Failure('rejected', `${orderName(order, profile)} cannot be cancelled: there ${shipments.length > 1 ? 'are shipments' : 'is a shipment'} for it in 1C (${list})`, { record, advice: 'Cancel the shipment in 1C first' });
		}
		const look = async (): Promise<Row> => await session.read(set, id, { select: STATE });
		if (order.Posted === true) {
			await this.told(order, profile, record, 'take back its posting', async () => await writeOnce(async () => (await session.unpost(set, id), true as const), async () => ((await look()).Posted !== true ? true : undefined), clock));
		}
		// On a posted document 1C answers 500 (reference 6): unposted above.
		await this.told(order, profile, record, 'mark it for deletion', async () => await writeOnce(async () => (await session.patch(set, id, { DeletionMark: true }), true as const), async () => ((await look()).DeletionMark === true ? true : undefined), clock));
		Object.assign(order, { Posted: false, DeletionMark: true });
		return true;
	}

	private async told(order: Row, profile: Profile, record: string, what: string, step: () => Promise<unknown>): Promise<void> {
		try {
			await step();
		} catch (error) {
			const failure = asFailure(error);
			if (failure.kind !== 'rejected') throw failure;
			throw new Failure('rejected', `${orderName(order, profile)}: 1C refuses to ${what}`, { record, said: failure.said ?? failure.what, code: failure.code, advice: 'Correct what 1C names, or do it there by hand' });
		}
	}
}
