// Owns Odoo as the demo's ERP. Must not know the walk.
import type { DemoErp, ErpBill, ErpOrder } from './erp';
import type { Call } from './simulators/server';
import { INTEGRATION, seedDemo, startOdoo, type OdooSimulator, type Row, type Version } from './simulators/odoo';

/** What a process reads once: log-in, fields, currencies, taxes ... */
const SETUP = /^common\.|fields_get$|^(res\.lang|res\.country|res\.country\.state|decimal\.precision|res\.users|res\.company|res\.currency|product\.pricelist|account\.tax)\//;
const COUNTED = ['res.partner', 'sale.order', 'sale.order.line', 'account.move'];

export class OdooErp implements DemoErp {
	readonly title = 'Odoo';
	readonly system = 'odoo';
	readonly suffix = '';

	private constructor(readonly sim: OdooSimulator) {}

	/** @param version of the simulated Odoo; its two interfaces differ from 19 on */
	static async start(version: Version): Promise<OdooErp> {
		return new OdooErp(await startOdoo({ version }));
	}

	get server() {
		return this.sim.server;
	}

	get credential() {
		const { server, database, version } = this.sim;
		const secret = version >= 19 ? INTEGRATION.apiKey : INTEGRATION.password;
		return { type: 'odooErpApi', data: { url: server.url, database, login: INTEGRATION.login, secret, installation: 'odoo', language: 'en_US' } };
	}

	seed(): void {
		seedDemo(this.sim);
	}

	nature({ operation }: Call) {
		if (operation.startsWith('account.move')) return 'poll';
		return SETUP.test(operation) ? 'setup' : 'work';
	}

	orders(of?: { number: string; quote: string }): ErpOrder[] {
		return this.sim
			.records('sale.order')
			.filter((row) => !of || row.origin === of.quote || row.name === of.number)
			.map((row) => ({ id: String(row.id), number: String(row.name), customer: String(idOf(row.partner_id)), confirmed: row.state === 'sale', total: String(row.amount_total) }));
	}

	customers(name: string): string[] {
		return this.sim.records('res.partner').filter((row) => row.name === name).map((row) => String(row.id));
	}

	bill(order: ErpOrder): ErpBill {
		const [id] = this.sim.invoiceOrder(Number(order.id));
		if (id === undefined) throw new Error(`Odoo invoiced nothing of ${order.number}`);
		this.sim.post(id);
		return { id: String(id), number: String(this.sim.record('account.move', id).name), order };
	}

	pay(bill: ErpBill, amount: number): void {
		this.sim.pay(Number(bill.id), amount);
	}

	count(): number {
		return COUNTED.reduce((sum, model) => sum + this.sim.records(model).length, 0);
	}

	snapshot(): string {
		return this.sim.snapshot();
	}

	restore(snapshot: string): void {
		this.sim.restore(snapshot);
	}

	stop(): Promise<void> {
		return this.sim.stop();
	}
}

/** A many2one as the simulator shows it, with or without the name. */
function idOf(value: Row[string] | undefined): unknown {
	return Array.isArray(value) ? value[0] : value;
}
