// Owns the steps of an order that change its state: confirm, cancel, lines removed. None carries a key, so each reads
// the state before and after it decides. Must not know documents.
import { asFailure, Failure } from '../core/failure';
import { retry, type RetryPolicy, WRITE, writeOnce } from '../core/retry';
import type { Services } from './odoo.customers';
import { MODELS } from './odoo.refs';
import { type Row, text } from './odoo.values';

const MODEL = MODELS.order;
/** The repeating is done around it, with a look in between. */
const ONCE: RetryPolicy = { ...WRITE, attempts: 1 };

/** Whether the order may still be changed. */
export function isOpen(order: Row): boolean {
	return (order.state === 'draft' || order.state === 'sent') && order.locked !== true;
}

export function isConfirmed(order: Row): boolean {
	return order.state === 'sale' || order.state === 'done';
}

export class OrderStates {
	constructor(private readonly services: Services) {}

	/** Confirms once and gives the state. A second confirmation is an error from Odoo 17 on and makes nothing twice before. */
	async confirm(id: number): Promise<string> {
		return await this.move(id, 'action_confirm', undefined, (state) => state === 'sale' || state === 'done', 'sale');
	}

	/** Cancels and gives the state; the question whether to tell the customer (14 to 18) is skipped. */
	async cancel(id: number): Promise<string> {
		return await this.move(id, 'action_cancel', { disable_cancel_warning: true }, (state) => state === 'cancel', 'cancel');
	}

	private async move(id: number, method: string, context: Record<string, unknown> | undefined, isThere: (state: string) => boolean, there: string): Promise<string> {
		const look = async (): Promise<string | undefined> => {
			const state = await this.state(id);
			return state !== undefined && isThere(state) ? state : undefined;
		};
		try {
			const result = await writeOnce(async () => ({ value: await this.services.session.call({ model: MODEL, method, ids: [id], context }, ONCE, (given) => given) }), async () => ((await look()) ? { value: true as unknown } : undefined), this.services.clock);
			if (result.value === true) return there;
		} catch (error) {
			const failure = asFailure(error);
			// Somebody else may have been faster: what they did is what was wanted.
			if (failure.kind !== 'rejected' && failure.kind !== 'conflict') throw failure;
			const state = await look();
			if (state) return state;
			throw failure;
		}
		const state = await look();
		if (state) return state;
		throw new Failure('rejected', 'Odoo asks something before it does this', { advice: 'Open the order in Odoo and do it there' });
	}

	private async state(id: number): Promise<string | undefined> {
		const [order] = await this.services.session.read(MODEL, [id], ['state']);
		return text(order?.state);
	}

	/** Removes lines of a quotation; lines that are gone already are as good. */
	async removeLines(id: number, lines: readonly number[]): Promise<void> {
		if (lines.length === 0) return;
		const call = { model: MODEL, method: 'write', ids: [id], args: { vals: { order_line: lines.map((line) => [2, line, 0]) } } };
		const find = async (): Promise<boolean | undefined> => ((await this.services.session.read('sale.order.line', lines, ['id'])).length === 0 ? true : undefined);
		await writeOnce(
			async () => {
				try {
					await this.services.session.call(call, ONCE, (result) => result);
				} catch (error) {
					if (asFailure(error).kind !== 'missing' || !(await retry(find, ONCE, this.services.clock))) throw error;
				}
				return true;
			},
			find,
			this.services.clock,
		);
	}
}
