// Owns the stage of the template tests: both simulators, the templates on n8n's engine, and what the end state is.
import { forgetConnectors } from '../../nodes/kit/connectors';
import { systemClock } from '../../nodes/kit/http';
import { INTEGRATION, seedDemo as seedErp, startOdoo, type OdooSimulator } from '../../demo/simulators/odoo';
import { ADMIN, ADMIN_ACCESS_KEY, seedDemo as seedCrm, startVtiger, type VtigerSimulator } from '../../demo/simulators/vtiger';
import { Flow, loadTemplate, type Credentials, type Run } from './engine';

type Row = Record<string, unknown>;

/** Waiting between tries is real but fifty times shorter: the order of things stays as it is. */
export function hurry(): void {
	const sleep = systemClock.sleep;
	systemClock.sleep = async (ms) => await sleep(ms / 50);
}

export interface SceneOptions {
	odoo?: 14 | 17 | 18 | 19;
	vtiger?: '8.4.0' | '8.0.0';
	unpatched?: boolean;
}

/** Both systems with the demo's deal in them, and the three templates. */
export class Scene {
	flows!: Record<'order' | 'invoices' | 'reconcile', Flow>;
	deal!: Awaited<ReturnType<typeof seedCrm>>;
	private crmStart = '';
	private erpStart = '';

	private constructor(
		readonly crm: VtigerSimulator,
		readonly erp: OdooSimulator,
	) {}

	static async open(options: SceneOptions = {}): Promise<Scene> {
		const crm = await startVtiger({ version: options.vtiger ?? '8.4.0', unpatched: options.unpatched ?? false, saveGapMs: 0 });
		const erp = await startOdoo({ version: options.odoo ?? 18 });
		const scene = new Scene(crm, erp);
		scene.deal = await seedCrm(crm);
		seedErp(erp);
		scene.crmStart = crm.snapshot();
		scene.erpStart = erp.snapshot();
		scene.fresh();
		return scene;
	}

	/** The records of the start; sessions, and what connectors know of the systems, stay. */
	rewind(): void {
		this.crm.restore(this.crmStart);
		this.erp.restore(this.erpStart);
	}

	/** Back to the start: records, faults, call logs, what the host and the connectors remember. */
	fresh(): void {
		this.rewind();
		for (const { server } of [this.crm, this.erp]) {
			server.heal();
			server.resetCalls();
		}
		forgetConnectors();
		const credentials = this.credentials();
		this.flows = {
			order: new Flow(loadTemplate('quote-to-order'), credentials),
			invoices: new Flow(loadTemplate('invoices-back'), credentials),
			reconcile: new Flow(loadTemplate('invoices-reconcile'), credentials),
		};
	}

	async close(): Promise<void> {
		await this.crm.stop();
		await this.erp.stop();
	}

	credentials(): Credentials {
		return {
			vtigerCrmErpApi: { url: this.crm.server.url, username: ADMIN, accessKey: ADMIN_ACCESS_KEY, installation: 'vtiger', timeZone: 'UTC', timeout: 0.4 },
			odooErpApi: { url: this.erp.server.url, database: this.erp.database, login: INTEGRATION.login, secret: this.erp.version >= 19 ? INTEGRATION.apiKey : INTEGRATION.password, installation: 'odoo', language: 'en_US', timeout: 0.4 },
		};
	}

	/** Sets fields of the quote as the CRM's user would; `modifiedtime` is not needed by the state trigger. */
	accept(quote = this.deal.quote): void {
		this.crm.patch(quote, { quotestage: 'Accepted' });
	}

	quote(id = this.deal.quote): Row {
		return this.crm.retrieve(id)!;
	}

	/** A custom field by the end of its name. */
	crmField(row: Row, suffix: string): string {
		const name = Object.keys(row).find((key) => key.startsWith('cf_') && key.endsWith(suffix));
		return name ? String(row[name] ?? '') : '';
	}

	/** One beat of the order flow; forgets what was held back, as after ten minutes. */
	async order(): Promise<Run | undefined> {
		this.flows.order.forget();
		return await this.flows.order.tick();
	}

	async invoices(): Promise<Run | undefined> {
		return await this.flows.invoices.tick();
	}

	async reconcile(): Promise<Run> {
		return await this.flows.reconcile.run();
	}

	/** The ERP's only order made from the quote. */
	erpOrder(): Row {
		const found = this.erp.records('sale.order').filter((row) => row.name === this.crmField(this.quote(), 'erp_number'));
		if (found.length !== 1) throw new Error(`${found.length} ERP orders have the number on the quote`);
		return found[0]!;
	}

	/** Everything in both systems that a run could touch, times of change included. */
	contents(): string {
		const crm = ['Accounts', 'Contacts', 'Potentials', 'Quotes', 'SalesOrder', 'Invoice'].map((module) => this.crm.records(module));
		const erp = ['res.partner', 'sale.order', 'sale.order.line', 'account.move', 'account.move.line', 'ir.model.data'].map((model) => this.erp.records(model));
		return JSON.stringify([crm, erp]);
	}

	/** What must be the same whatever happened on the way. Ids, numbers and times may differ. */
	endState(): Row {
		const pick = (row: Row, names: string[]) => Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
		const lines = (row: Row) => (Array.isArray(row.LineItems) ? row.LineItems : []).map((line: Row) => pick(line, ['productid', 'quantity', 'listprice', 'discount_percent', 'discount_amount', 'tax1', 'tax2', 'tax3']));
		const erpFields = (row: Row) => ({ status: this.crmField(row, 'erp_status'), linked: this.crmField(row, 'erp_number') !== '', message: this.crmField(row, 'erp_message') });
		const money = ['hdnSubTotal', 'hdnGrandTotal', 'txtAdjustment', 'hdnTaxType'];
		return {
			quote: { ...pick(this.quote(), ['quotestage', 'hdnGrandTotal']), ...erpFields(this.quote()) },
			opportunity: this.crm.retrieve(this.deal.opportunity)?.sales_stage,
			salesOrders: this.crm.records('SalesOrder').filter((row) => row.quote_id === this.deal.quote).map((row) => ({ ...pick(row, ['sostatus', 'account_id', ...money]), ...erpFields(row), lines: lines(row) })),
			invoices: this.crm.records('Invoice').map((row) => ({ ...pick(row, ['invoicestatus', 'account_id', 'received', 'balance', ...money]), linked: this.crmField(row, 'erp_key') !== '', ordered: Boolean(row.salesorder_id), lines: lines(row) })),
			partners: this.erp.records('res.partner').map((row) => pick(row, ['name', 'type', 'email', 'street', 'city'])).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
			orders: this.erp.records('sale.order').map((row) => pick(row, ['state', 'amount_untaxed', 'amount_tax', 'amount_total', 'client_order_ref'])),
			orderLines: this.erp.records('sale.order.line').map((row) => pick(row, ['product_id', 'product_uom_qty', 'price_unit', 'discount'])),
			moves: this.erp.records('account.move').map((row) => pick(row, ['move_type', 'state', 'payment_state', 'amount_total', 'amount_residual'])),
		};
	}
}
