// Owns the UI action that creating invoices returns. Clients must not parse it; it is here because they receive it.
// Must not know: how invoices are made.
import type { Json, JsonObject, Row } from '../json';
import type { Env } from '../world';

const HELP =
	'<p class="o_view_nocontent_smiling_face">\n                Create a customer invoice\n              </p><p>\n                Create invoices, register payments and keep track of the discussions with your customers.\n              </p>\n            ';

/** 14 only closes its window; later versions describe the invoice's form or the list. */
export function invoicesAction(env: Env, order: Row | undefined, invoices: number[]): Json {
	const v = env.version;
	if (v === 14) return { type: 'ir.actions.act_window_close' };
	const list = v === 17 ? 'tree' : 'list';
	const context: JsonObject = {
		default_move_type: 'out_invoice',
		default_partner_id: order?.['partner_id'] ?? false,
		default_partner_shipping_id: order?.['partner_shipping_id'] ?? false,
		default_invoice_payment_term_id: order?.['payment_term_id'] || null,
	};
	if (v <= 18) context['default_invoice_origin'] = order?.['name'] ?? false;
	const types =
		v === 17
			? "[('move_type', '=', 'out_invoice')]"
			: v === 18
				? "[('move_type', 'in', ['out_invoice', 'out_refund'])]"
				: "[('move_type', 'in', ['out_invoice', 'out_refund', 'out_receipt'])]";
	const one = invoices.length === 1;
	const action: JsonObject = {
		id: 268,
		name: 'Invoices',
		type: 'ir.actions.act_window',
		xml_id: 'account.action_move_out_invoice_type',
		help: HELP,
		binding_model_id: false,
		binding_type: 'action',
		binding_view_types: 'list,form',
		display_name: 'Invoices',
		view_id: [730, `account.out.invoice.${list}`],
		domain: one ? types : `[('id', 'in', [${invoices.join(', ')}])]`,
		context,
		res_id: one ? (invoices[0] ?? 0) : 0,
		res_model: 'account.move',
		target: 'current',
		view_mode: `${list},kanban,form,activity`,
		views: one
			? [
					[737, 'form'],
					[730, list],
					[false, 'kanban'],
					[false, 'activity'],
				]
			: [
					[730, list],
					[false, 'kanban'],
					[737, 'form'],
					[false, 'activity'],
				],
		limit: 80,
		[v >= 19 ? 'group_ids' : 'groups_id']: [],
		search_view_id: [740, 'account.invoice.select'],
		filter: false,
	};
	if (v >= 17) action['mobile_view_mode'] = 'kanban';
	if (v >= 18) Object.assign(action, { path: 'invoicing', embedded_action_ids: [] });
	if (v >= 19) action['cache'] = true;
	return action;
}
