// Owns what of an ERP's records the flow tests compare: the whole of it, and what must be the same whichever way it came about.
import type { DemoErp } from '../../demo/erp';
import { OdooErp } from '../../demo/erp.odoo';

type Row = Record<string, unknown>;

export function pick(row: Row, names: string[]): Row {
	return Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
}

/** The rows in an order of their own content: ids and the order of their making may differ. */
function sorted(rows: Row[]): Row[] {
	return rows.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

/** Everything in the ERP that a run could touch, times of change included. */
export function contentsOf(erp: DemoErp): unknown {
	if (erp instanceof OdooErp) return ['res.partner', 'sale.order', 'sale.order.line', 'account.move', 'account.move.line', 'ir.model.data'].map((model) => erp.sim.records(model));
	throw new Error(`no contents are known of ${erp.title}`);
}

/** What must be the same whatever happened on the way. Ids, numbers and times may differ. */
export function endOf(erp: DemoErp): Row {
	if (erp instanceof OdooErp) return odooEnd(erp);
	throw new Error(`no end is known of ${erp.title}`);
}

function odooEnd({ sim }: OdooErp): Row {
	const all = (model: string, names: string[]) => sim.records(model).map((row) => pick(row, names));
	return {
		partners: sorted(all('res.partner', ['name', 'type', 'email', 'street', 'city'])),
		orders: all('sale.order', ['state', 'amount_untaxed', 'amount_tax', 'amount_total', 'client_order_ref']),
		orderLines: all('sale.order.line', ['product_id', 'product_uom_qty', 'price_unit', 'discount']),
		moves: all('account.move', ['move_type', 'state', 'payment_state', 'amount_total', 'amount_residual']),
	};
}
