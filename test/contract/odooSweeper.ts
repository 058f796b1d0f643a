// Owns taking away what a run made in an Odoo: payments, invoices, deliveries, orders, products, customers, in the
// order in which Odoo lets them go. Everything hangs on customers and products with the run's name in theirs.
import type { Json, OdooUser } from '../real/jsonrpc';
import { tolerant } from './odooDesk';

type Domain = readonly Json[];

export class OdooSweeper {
	constructor(
		private readonly user: OdooUser,
		private readonly run: string,
	) {}

	async sweep(): Promise<void> {
		const partners = await this.ids('res.partner', [['name', 'ilike', this.run]]);
		if (partners.length > 0) {
			const theirs: Domain = [['partner_id', 'child_of', partners]];
			// A wizard that was used still holds on to the customer, and nobody may remove it.
			await this.each('account.payment.register', theirs, async (ids) => await this.user.call('account.payment.register', 'write', [ids, { partner_id: false }]).then(() => undefined));
			await this.each('account.payment', theirs, async (ids) => {
				await this.tell('account.payment', 'action_draft', ids);
				await this.unlink('account.payment', ids);
			});
			await this.each('account.move', theirs, async (ids) => {
				await this.tell('account.move', 'button_draft', ids);
				await this.unlink('account.move', ids, { force_delete: true });
			});
			await this.each('sale.order', theirs, async (ids) => {
				await this.tell('sale.order', 'action_cancel', ids, { disable_cancel_warning: true });
				// Lines that go with their order leave their external ids behind.
				await this.each('sale.order.line', [['order_id', 'in', ids]], async (lines) => await this.unlink('sale.order.line', lines));
				await this.unlink('sale.order', ids);
			});
			await this.each('stock.picking', theirs, async (ids) => await this.unlink('stock.picking', ids));
		}
		await this.each('product.product', [['default_code', 'ilike', this.run]], async (ids) => await this.unlink('product.product', ids));
		await this.each('res.partner', [['name', 'ilike', this.run], ['parent_id', '!=', false]], async (ids) => await this.unlink('res.partner', ids));
		await this.each('res.partner', [['parent_id', 'in', partners]], async (ids) => await this.unlink('res.partner', ids));
		await this.each('res.partner', [['name', 'ilike', this.run]], async (ids) => await this.unlink('res.partner', ids));
	}

	async remains(): Promise<Record<string, number>> {
		const partners = await this.ids('res.partner', [['name', 'ilike', this.run]]);
		const counts: Record<string, number> = { 'res.partner': partners.length, 'product.product': (await this.ids('product.product', [['default_code', 'ilike', this.run]])).length };
		counts['sale.order'] = (await this.ids('sale.order', [['client_order_ref', 'ilike', this.run]])).length;
		// Ordinary users may not look from Odoo 15 on.
		await tolerant(this.ids('ir.model.data', [['module', '=', 'crm_erp'], ['name', 'ilike', this.run]]).then((ids) => (counts['ir.model.data'] = ids.length)));
		counts['account.move'] = (await this.ids('account.move', [['ref', 'ilike', this.run]])).length;
		return counts;
	}

	private async ids(model: string, domain: Domain): Promise<number[]> {
		const ids = await this.user.call(model, 'search', [domain], { active_test: false });
		return (ids as readonly Json[]).map(Number);
	}

	private async each(model: string, domain: Domain, work: (ids: number[]) => Promise<void>): Promise<void> {
		const ids = await this.ids(model, domain);
		if (ids.length > 0) await work(ids);
	}

	/** One by one: a record that is there already must not stop the others. */
	private async tell(model: string, method: string, ids: readonly number[], context: Record<string, Json> = {}): Promise<void> {
		for (const id of ids) await tolerant(this.user.call(model, method, [[id]], context));
	}

	private async unlink(model: string, ids: readonly number[], context: Record<string, Json> = {}): Promise<void> {
		await this.user.call(model, 'unlink', [[...ids]], context);
	}
}
