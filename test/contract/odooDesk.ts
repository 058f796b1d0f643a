// Owns what the billing desk does in Odoo, by the wizards that its web client uses: invoice an order, post, take a
// payment, credit. Plain calls; shares nothing with the pack's own client.
import { type Json, OdooRefusal, type OdooUser } from '../real/jsonrpc';

/** Runs a wizard on one record of a model. */
async function wizard(user: OdooUser, name: string, values: Readonly<Record<string, Json>>, method: string, on: string, id: number): Promise<void> {
	const context = { active_model: on, active_id: id, active_ids: [id] };
	await user.call(name, method, [[await user.create(name, values, context)]], context);
}

/** Invoices what an order has to be invoiced and posts it; the invoice's id. */
export async function invoiceOrder(user: OdooUser, order: number): Promise<number> {
	await wizard(user, 'sale.advance.payment.inv', { advance_payment_method: 'delivered' }, 'create_invoices', 'sale.order', order);
	const { invoice_ids: invoices } = await user.findOne('sale.order', [['id', '=', order]], ['invoice_ids']);
	const move = Math.max(...(invoices as readonly number[]));
	await user.call('account.move', 'action_post', [[move]]);
	return move;
}

/** Takes a payment; nothing given: all that is left. */
export async function payInvoice(user: OdooUser, move: number, amount?: number): Promise<void> {
	await wizard(user, 'account.payment.register', amount === undefined ? {} : { amount }, 'action_create_payments', 'account.move', move);
}

/** Credits the whole invoice and posts the credit note; its id. */
export async function creditInvoice(user: OdooUser, move: number): Promise<number> {
	const [{ journal_id: journal }] = (await user.find('account.move', [['id', '=', move]], ['journal_id'])) as [{ journal_id: readonly Json[] }];
	const fields = (await user.call('account.move.reversal', 'fields_get', [['refund_method'], ['type']])) as Record<string, Json>;
	const values = { reason: 'returned', journal_id: journal[0]!, ...('refund_method' in fields ? { refund_method: 'refund' } : {}) };
	await wizard(user, 'account.move.reversal', values, 'refund_method' in fields ? 'reverse_moves' : 'refund_moves', 'account.move', move);
	const credit = await user.findOne('account.move', [['reversed_entry_id', '=', move]], ['state']);
	if (credit.state !== 'posted') await user.call('account.move', 'action_post', [[Number(credit.id)]]);
	return Number(credit.id);
}

/** A refusal by Odoo is fine: what it refuses is done already, or not there. */
export async function tolerant(work: Promise<unknown>): Promise<void> {
	await work.catch((error: unknown) => {
		if (!(error instanceof OdooRefusal)) throw error;
	});
}
