// Owns the stage of the main job on real servers: deals made in the CRM as a salesperson does, the templates between
// the two systems, what stands in both afterwards. All looks are plain calls. Must not know the nodes' code.
import { taxOf, type OdooServer } from '../contract/bench.odoo';
import type { VtigerServer } from '../contract/bench.vtiger';
import { runName } from '../contract/bench';
import { OdooSweeper } from '../contract/odooSweeper';
import { HARD_NAME } from '../contract/samples';
import { VtigerSweeper } from '../contract/vtigerSweeper';
import { type CrmRow, VtigerUser } from '../contract/vtigerUser';
import { Flow, loadTemplate, type Credentials, type Run } from '../workflows/engine';
import { type Json, OdooUser, type Row } from './jsonrpc';

/** An accepted quote and what belongs to it, by vtiger's ids. */
export interface Deal {
	account: string;
	contact: string;
	opportunity: string;
	quote: string;
	email: string;
}

type Item = Awaited<ReturnType<Flow['poll']>>[number];

export class RealScene {
	readonly run = runName();
	flows!: Record<'order' | 'invoices' | 'reconcile', Flow>;
	private deals = 0;

	private constructor(
		private readonly crmServer: VtigerServer,
		private readonly erpServer: OdooServer,
		/** Where the templates find the ERP; calls made here go past it. */
		private readonly erpUrl: string,
		readonly crm: VtigerUser,
		readonly erp: OdooUser,
		private readonly product: string,
		private readonly currency: string,
		private readonly rate: string,
		private readonly linkFields: Record<string, Record<'key' | 'number' | 'status' | 'message', string>>,
	) {}

	static async open(crmServer: VtigerServer, erpServer: OdooServer, erpUrl: string): Promise<RealScene> {
		const crm = await VtigerUser.login(crmServer.url, crmServer.username, crmServer.accessKey);
		const erp = await OdooUser.login(erpServer.url, erpServer.database, erpServer.login, erpServer.secret);
		if (crmServer.productCode !== erpServer.productCode) throw new Error('VTIGER_PRODUCT_CODE and ODOO_PRODUCT_CODE must be the same: the main job sells that product');
		const [product] = await crm.query(`select id from Products where productcode='${crmServer.productCode}' limit 1;`);
		const currencies = await crm.query('select * from Currency;');
		const currency = currencies.find((row) => row.defaultid === '-11') ?? currencies[0]!;
		const [tax] = (await taxOf(erp)).taxes;
		const linkFields: Record<string, Record<'key' | 'number' | 'status' | 'message', string>> = {};
		for (const module of ['Quotes', 'SalesOrder', 'Invoice']) {
			const field = async (label: string): Promise<string> => (await crm.fieldOf(module, label)) ?? '';
			linkFields[module] = { key: await field('ERP Key'), number: await field('ERP Number'), status: await field('ERP Status'), message: await field('ERP Message') };
		}
		const scene = new RealScene(crmServer, erpServer, erpUrl, crm, erp, String(product!.id), String(currency.id), tax?.rate ?? '0', linkFields);
		scene.restart();
		return scene;
	}

	/** The host starts anew: it remembers nothing. */
	restart(): void {
		const credentials = this.credentials();
		this.flows = { order: new Flow(loadTemplate('quote-to-order'), credentials), invoices: new Flow(loadTemplate('invoices-back'), credentials), reconcile: new Flow(loadTemplate('invoices-reconcile'), credentials) };
	}

	private credentials(): Credentials {
		const { url, username, accessKey, timeZone } = this.crmServer;
		const { database, login, secret } = this.erpServer;
		return {
			// A name of its own: what earlier runs left in the ERP's external ids cannot be met.
			vtigerCrmErpApi: { url, username, accessKey, installation: `v-${this.run}`, timeZone: timeZone ?? 'UTC' },
			odooErpApi: { url: this.erpUrl, database, login, secret, installation: 'odoo', language: 'en_US' },
		};
	}

	/** A customer with an accepted quote of five lines. */
	async accept(): Promise<Deal> {
		const n = ++this.deals;
		const name = `${HARD_NAME} ${this.run} ${n}`;
		const email = `orders-${this.run}-${n}@example.test`;
		const address = { bill_street: '12 Harbour Street', bill_city: 'Hamburg', bill_code: '20457', bill_country: 'Germany', ship_street: '3 "Dock" Road', ship_city: 'Hamburg', ship_code: '20539', ship_country: 'Germany' };
		const account = String((await this.crm.create('Accounts', { accountname: name, email1: email, phone: '+49 40 555 0100', ...address })).id);
		const contact = String((await this.crm.create('Contacts', { lastname: `O'Neill ${this.run} ${n}`, email: `mary-${this.run}-${n}@example.test`, account_id: account })).id);
		const opportunity = String((await this.crm.create('Potentials', { potentialname: name, closingdate: '2027-03-31', sales_stage: 'Negotiation or Review', related_to: account })).id);
		const common = { productid: this.product, tax1: '0', tax2: this.rate, tax3: '0' };
		const lines = [['10', '100'], ['10', '20', '10'], ['20', '4.5'], ['1', '2500'], ['2', '90']].map(([quantity, listprice, discount]) => ({ ...common, quantity, listprice, ...(discount ? { discount_percent: discount } : {}) }));
		const quote = await this.crm.create('Quotes', { subject: name, quotestage: 'Accepted', account_id: account, contact_id: contact, potential_id: opportunity, productid: this.product, currency_id: this.currency, conversion_rate: '1', hdnTaxType: 'group', ...address, LineItems: lines });
		return { account, contact, opportunity, quote: String(quote.id), email };
	}

	/** What the order flow's trigger hands over for the deal; other people's quotes are left alone. */
	async due(deal: Deal): Promise<Item[]> {
		this.flows.order.forget();
		return (await this.flows.order.poll()).filter(({ json }) => (json.source as { id?: string } | undefined)?.id === deal.quote);
	}

	/** One beat of the order flow. */
	async order(deal: Deal): Promise<Run | undefined> {
		const items = await this.due(deal);
		return items.length > 0 ? await this.flows.order.run(items) : undefined;
	}

	/** One beat of the invoice flow, on this run's own invoices. */
	async invoices(): Promise<Run | undefined> {
		const items = (await this.flows.invoices.poll()).filter(({ json }) => JSON.stringify(json.orders ?? []).includes(`v-${this.run}:`));
		return items.length > 0 ? await this.flows.invoices.run(items) : undefined;
	}

	/** The ERP's fields on a record of the CRM. */
	link(module: string, row: CrmRow): Record<'key' | 'number' | 'status' | 'message', string> {
		const fields = this.linkFields[module]!;
		const value = (field: string): string => String(row[field] ?? '');
		return { key: value(fields.key), number: value(fields.number), status: value(fields.status), message: value(fields.message) };
	}

	async salesOrders(deal: Deal): Promise<CrmRow[]> {
		return await this.whole(await this.crm.all('SalesOrder', `quote_id='${deal.quote}'`));
	}

	async crmInvoices(salesOrder: CrmRow): Promise<CrmRow[]> {
		return await this.whole(await this.crm.all('Invoice', `salesorder_id='${String(salesOrder.id)}'`));
	}

	private async whole(rows: CrmRow[]): Promise<CrmRow[]> {
		const records: CrmRow[] = [];
		for (const { id } of rows) records.push(await this.crm.retrieve(String(id)));
		return records;
	}

	/** Companies in the ERP that stand for the deal's customer. */
	async customers(deal: Deal): Promise<Row[]> {
		return await this.erp.find('res.partner', [['email', '=', deal.email]], ['name', 'child_ids', 'write_date']);
	}

	async erpOrders(deal: Deal): Promise<Row[]> {
		return await this.erp.find('sale.order', [['partner_id.email', '=', deal.email]], ['name', 'state', 'amount_total', 'order_line', 'invoice_ids', 'write_date']);
	}

	/** Everything of the deal in both systems, times of change included. */
	async contents(deal: Deal): Promise<string> {
		const orders = await this.salesOrders(deal);
		const crm = await this.whole([deal.account, deal.contact, deal.opportunity, deal.quote].map((id) => ({ id })));
		const invoices = (await Promise.all(orders.map(async (order) => await this.crmInvoices(order)))).flat();
		const erpOrders = await this.erpOrders(deal);
		const moves = await this.erp.find('account.move', [['id', 'in', erpOrders.flatMap(({ invoice_ids: ids }) => ids as number[])]], ['name', 'state', 'payment_state', 'amount_total', 'amount_residual', 'write_date']);
		const lines = await this.erp.find('sale.order.line', [['order_id', 'in', erpOrders.map(({ id }) => id as Json)]], ['price_unit', 'product_uom_qty', 'discount', 'write_date']);
		return JSON.stringify({ crm, orders, invoices, customers: await this.customers(deal), erpOrders, lines, moves }, null, 1);
	}

	async cleanUp(): Promise<void> {
		await new OdooSweeper(this.erp, this.run).sweep();
		await new VtigerSweeper(this.crm, this.run).sweep();
	}
}
