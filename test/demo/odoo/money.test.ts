// Owns the proof of the simulator's money: rounding by version, invoices in parts, credit notes, and the payment race.
// Must not know: the product's client code.
import { INTEGRATION, seedDemo, startOdoo, type OdooSimulator } from '../../../demo/simulators/odoo';
import { call, errorOf } from './api';

describe.each([14, 17, 18, 19] as const)('money in Odoo %s', (version) => {
	let sim: OdooSimulator;
	let order = 0;
	beforeAll(async () => {
		sim = await startOdoo({ version });
	});
	beforeEach(() => {
		sim.reset();
		seedDemo(sim);
		const partner = sim.insert('res.partner', { name: 'Buyer', is_company: true });
		const product = sim.records('product.product').find((p) => p['default_code'] === 'W-1')?.id ?? 0;
		order = sim.insert('sale.order', { partner_id: partner, order_line: [[0, 0, { product_id: product, product_uom_qty: 10, price_unit: 100 }]] });
	});
	afterAll(() => sim.stop());

	const confirmed = () => sim.call('sale.order', 'action_confirm', [order]);
	const posted = () => {
		confirmed();
		const [move = 0] = sim.invoiceOrder(order);
		sim.post(move);
		return move;
	};
	const shown = (move: number) => {
		const row = sim.record('account.move', move);
		return [row['payment_state'], row['amount_total'], row['amount_residual']];
	};

	it('rounds taxes per line up to 18 and over the document in 19', () => {
		const product = sim.records('product.product')[0]?.id ?? 0;
		const tax = sim.records('account.tax').find((t) => t['amount'] === 10 && t['company_id'] === 1)?.id ?? 0;
		const line = [0, 0, { product_id: product, product_uom_qty: 1, price_unit: 0.05, [sim.world.profile.lineTaxes]: [[6, 0, [tax]]] }];
		const id = sim.insert('sale.order', { partner_id: sim.record('sale.order', order)['partner_id'] ?? 0, order_line: [line, line, line, line, line] });
		expect(sim.record('sale.order', id)['amount_total']).toBe(version === 19 ? 0.28 : 0.3);
	});

	it('invoices in parts and knows what is left', () => {
		confirmed();
		const [line] = sim.records('sale.order.line').map((l) => l.id);
		sim.invoiceOrder(order, { quantities: { [line ?? 0]: 4 } });
		expect(sim.record('sale.order.line', line ?? 0)).toMatchObject({ qty_invoiced: 4, qty_to_invoice: 6, invoice_status: 'to invoice' });
		sim.invoiceOrder(order);
		expect(sim.record('sale.order', order)['invoice_status']).toBe('invoiced');
		expect(sim.records('account.move').map((m) => m['amount_total'])).toEqual([440, 660]);
	});

	it('goes from unpaid to partly paid to paid, and a credit note takes off what is open', () => {
		const move = posted();
		expect(shown(move)).toEqual(['not_paid', 1100, 1100]);
		sim.pay(move, 100);
		expect(shown(move)).toEqual(['partial', 1100, 1000]);
		const credit = sim.creditNote(move);
		expect(shown(move)).toEqual(['paid', 1100, 0]);
		expect(sim.record('account.move', credit)).toMatchObject({ move_type: 'out_refund', amount_total: 1100, amount_total_signed: -1100, amount_residual: 100 });
	});

	it('marks an invoice as reversed that a credit note settles alone', () => {
		const move = posted();
		sim.creditNote(move);
		expect(shown(move)).toEqual(['reversed', 1100, 0]);
	});

	it('books three payments for three wizards that were open at once, and refuses the fourth', async () => {
		const move = posted();
		const options = { as: INTEGRATION, context: { active_model: 'account.move', active_ids: [move] } };
		const client = async () => {
			const wizard = await call<number>(sim, 'account.payment.register', 'create', [{}], options);
			return wizard;
		};
		const wizards = await Promise.all([client(), client(), client()]);
		await Promise.all(wizards.map((w) => call(sim, 'account.payment.register', 'action_create_payments', [[w]], options)));
		expect(sim.records('account.payment').map((p) => p['amount'])).toEqual([1100, 1100, 1100]);
		expect(shown(move)).toEqual(['paid', 1100, 0]);
		expect(await errorOf(sim, 'account.payment.register', 'create', [{}], options)).toBe('odoo.exceptions.UserError');
	});

	it('confirms and invoices once when three clients try at once', async () => {
		const confirm = () => errorOf(sim, 'sale.order', 'action_confirm', [[order]]);
		const confirmedBy = await Promise.all([confirm(), confirm(), confirm()]);
		expect(confirmedBy.filter((e) => e === 'none')).toHaveLength(version === 14 ? 3 : 1);
		if (version === 14) sim.deliver(order);
		const context = { active_model: 'sale.order', active_id: order, active_ids: [order] };
		for (const line of sim.records('sale.order.line')) sim.update('sale.order.line', line.id, { qty_delivered: 10 });
		const invoice = async () => {
			const wizard = await call<number>(sim, 'sale.advance.payment.inv', 'create', [{ advance_payment_method: 'delivered' }], { context });
			return await errorOf(sim, 'sale.advance.payment.inv', 'create_invoices', [[wizard]], { context });
		};
		const invoicedBy = await Promise.all([invoice(), invoice(), invoice()]);
		expect(invoicedBy.sort()).toEqual(['none', 'odoo.exceptions.UserError', 'odoo.exceptions.UserError']);
		expect(sim.records('account.move').filter((m) => m['move_type'] === 'out_invoice')).toHaveLength(1);
	});
});
