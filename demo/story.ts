// Owns the walk of the main job: what a salesperson and an accountant do, and the proof that the rest followed.
// Every figure is read back from the simulators. Must not know how the scene was put up.
import Big from 'big.js';
import { CrmUser } from './crmUser';
import type { CallNature, ErpBill, ErpOrder } from './erp';
import { until } from './host/until';
import { ADMIN, ADMIN_ACCESS_KEY } from './simulators/vtiger';
import type { Call } from './simulators/server';
import { TEMPLATES, type Stage } from './stage';

/** What `npm start -- --once` prints as its last line. */
export interface Report {
	ok: boolean;
	n8n: string;
	seconds: number;
	quote: { crm: string };
	order: { crm: string; erp: string };
	customer: { crm: string; erp: string };
	invoices: Array<{ crm: string; erp: string }>;
	totals: { crm: string; erp: string; difference: string };
	records: { customers: number; orders: number; invoices: number };
	rerun: { created: number };
	/** For the one quote, from the acceptance to the number on it. */
	calls: Calls;
	/** What a process reads once before its first document: log-in, fields, currencies, taxes ... */
	setup: Calls;
}

/** By system: `{ vtiger: 12, odoo: 8 }`. */
export type Calls = Record<string, number>;

export type Say = (text: string) => void;

/** A step of the walk that was not proved. */
export class StepFailed extends Error {
	constructor(
		readonly step: string,
		reason: string,
	) {
		super(`${step}: ${reason}`);
	}
}

/** Two polls of a minute, and the work. */
const PATIENCE_MS = 180_000;

/** Walks the main job on the stage and proves each step. */
export async function tellTheStory(stage: Stage, say: Say): Promise<Report> {
	const began = Date.now();
	const user = await CrmUser.signIn(stage.crm.server.url, ADMIN, ADMIN_ACCESS_KEY);
	const story = new Story(stage, user, say);
	await story.activate();
	const counted = await story.acceptQuote();
	const order = story.findOrder();
	await story.billOrder(order);
	const rerun = await story.runEverythingAgain();
	return { ...story.report(rerun), ...counted, seconds: Math.round((Date.now() - began) / 100) / 10 };
}

type Row = Record<string, unknown>;

class Story {
	constructor(
		private readonly stage: Stage,
		private readonly user: CrmUser,
		private readonly say: Say,
	) {}

	async activate(): Promise<void> {
		for (const name of TEMPLATES) await this.stage.host.activate(this.stage.workflows[name].id);
		this.say(`Workflows active: ${TEMPLATES.map((name) => this.stage.workflows[name].name).join('; ')}`);
	}

	/** The salesperson accepts; everything up to the confirmed order follows by itself. Returns the calls it took. */
	async acceptQuote(): Promise<{ calls: Calls; setup: Calls }> {
		const { crm, erp, quoteId, opportunityId } = this.stage;
		crm.server.resetCalls();
		erp.server.resetCalls();
		await this.user.revise(quoteId, { quotestage: 'Accepted' });
		this.say(`Quote ${text(this.quote().quote_no)} accepted in the CRM`);
		await this.wait('order', () => field(this.quote(), 'erp_status') === 'Ordered', () => `the quote has ERP status "${field(this.quote(), 'erp_status')}" and message "${field(this.quote(), 'erp_message')}"`);
		const calls = this.countCalls();
		this.prove('opportunity', text(crm.retrieve(opportunityId)?.sales_stage), 'Closed Won');
		this.say('Opportunity won, customer and order are in the ERP, the ERP number is on quote and sales order');
		return calls;
	}

	/**
	 * Polls that found nothing, and the other triggers' polls, are nobody's work; the first call is the salesperson's own.
	 * What is left is told apart: once per process, and per quote.
	 */
	private countCalls(): { calls: Calls; setup: Calls } {
		const { crm, erp } = this.stage;
		const vtiger = crm.server.calls.slice(1);
		const idle = Math.max(0, vtiger.findIndex((call) => call.operation === 'retrieve') - 1);
		const once = vtiger.filter(isVtigerSetup).length;
		const inErp = (nature: CallNature) => erp.server.calls.filter((call) => erp.nature(call) === nature).length;
		return { calls: { vtiger: vtiger.length - idle - once, [erp.system]: inErp('work') }, setup: { vtiger: once, [erp.system]: inErp('setup') } };
	}

	/** The CRM's sales order and the ERP's order of the quote. */
	findOrder(): { crm: Row; erp: ErpOrder } {
		const { crm, quoteId } = this.stage;
		const salesOrders = crm.records('SalesOrder').filter((row) => row.quote_id === quoteId);
		this.prove('sales orders in the CRM', salesOrders.length, 1);
		const number = field(this.quote(), 'erp_number');
		const orders = this.orders().filter((order) => order.number === number);
		this.prove('orders in the ERP', orders.length, 1);
		this.prove('the ERP order is confirmed', orders[0]!.confirmed, true);
		this.prove('ERP number on the sales order', field(salesOrders[0]!, 'erp_number'), number);
		return { crm: salesOrders[0]!, erp: orders[0]! };
	}

	/** The accountant invoices and registers a payment; the invoice arrives in the CRM, then what was paid. */
	async billOrder(order: { erp: ErpOrder }): Promise<void> {
		const { erp } = this.stage;
		const bill: ErpBill = erp.bill(order.erp);
		this.say(`Invoice ${bill.number} posted in the ERP`);
		await this.wait('invoice', () => this.invoices().length === 1, () => `${this.invoices().length} invoices in the CRM; quote message "${field(this.quote(), 'erp_message')}"`);
		this.say('The invoice is in the CRM');
		erp.pay(bill, 100);
		await this.wait('payment', () => new Big(text(this.invoices()[0]?.received) || 0).eq(100), () => `received is ${text(this.invoices()[0]?.received)}`);
		this.say('The payment is in the CRM');
	}

	/** A second acceptance, then every workflow once more on the same documents: nothing new may appear. */
	async runEverythingAgain(): Promise<number> {
		const before = this.count();
		await this.user.revise(this.stage.quoteId, { quotestage: 'Accepted' });
		// As a person does who wants it tried again: the ERP status is cleared, so the whole flow runs on it once more.
		await this.user.revise(this.stage.quoteId, { [fieldName(this.quote(), 'erp_status')]: '' });
		for (const name of TEMPLATES) {
			const execution = await this.stage.host.run(this.stage.workflows[name].id);
			if (execution.status !== 'success') throw new StepFailed(`rerun of ${name}`, `the execution ended with ${execution.status}`);
		}
		this.prove('ERP status after the rerun', field(this.quote(), 'erp_status'), 'Ordered');
		const created = this.count() - before;
		this.say(`Accepted again and every workflow run again: ${created} records more`);
		return created;
	}

	report(created: number): Omit<Report, 'seconds' | 'calls' | 'setup'> {
		const { crm, erp, host, accountId } = this.stage;
		const order = this.findOrder();
		const account = crm.retrieve(accountId);
		const customers = erp.customers(text(account?.accountname));
		const totals = { crm: cents(this.quote().hdnGrandTotal), erp: cents(order.erp.total) };
		const difference = new Big(totals.erp).minus(totals.crm).toFixed(2);
		const records = { customers: customers.length, orders: this.orders().length, invoices: this.invoices().length };
		const report = {
			n8n: host.version,
			quote: { crm: text(this.quote().quote_no) },
			order: { crm: text(order.crm.salesorder_no), erp: order.erp.number },
			customer: { crm: text(account?.account_no), erp: order.erp.customer },
			invoices: this.invoices().map((row) => ({ crm: text(row.invoice_no), erp: field(row, 'erp_number') })),
			totals: { ...totals, difference },
			records,
			rerun: { created },
		};
		this.prove('difference of the totals', difference, '0.00');
		this.prove('customer of the order', order.erp.customer, customers[0]);
		this.prove('records', JSON.stringify(records), JSON.stringify({ customers: 1, orders: 1, invoices: 1 }));
		this.prove('records made by the rerun', created, 0);
		return { ok: true, ...report };
	}

	private quote(): Row {
		return this.stage.crm.retrieve(this.stage.quoteId)!;
	}

	/** CRM invoices of the quote's sales order. */
	private invoices(): Row[] {
		const orders = new Set(this.stage.crm.records('SalesOrder').filter((row) => row.quote_id === this.stage.quoteId).map((row) => row.id));
		return this.stage.crm.records('Invoice').filter((row) => orders.has(row.salesorder_id as string));
	}

	private orders(): ErpOrder[] {
		return this.stage.erp.orders({ number: field(this.quote(), 'erp_number'), quote: text(this.quote().quote_no) });
	}

	/** Everything that a doubled effect could add to. */
	private count(): number {
		const crm = ['Accounts', 'Contacts', 'SalesOrder', 'Invoice'].map((module) => this.stage.crm.records(module).length);
		return crm.reduce((sum, n) => sum + n, 0) + this.stage.erp.count();
	}

	private async wait(step: string, done: () => boolean, otherwise: () => string): Promise<void> {
		try {
			await until(async () => await Promise.resolve(done() || undefined), { timeout: PATIENCE_MS, every: 200, what: step });
		} catch {
			throw new StepFailed(step, `not within ${PATIENCE_MS / 1000} s; ${otherwise()}`);
		}
	}

	private prove(step: string, actual: unknown, expected: unknown): void {
		if (actual !== expected) throw new StepFailed(step, `expected ${String(expected)}, found ${String(actual)}`);
	}
}

function isVtigerSetup(call: Call): boolean {
	return ['getchallenge', 'login', 'describe', 'listtypes'].includes(call.operation) || decodeURIComponent(call.path).includes('from Currency');
}

function text(value: unknown): string {
	return value === undefined || value === null ? '' : String(value);
}

/** A custom field by the end of its name: `cf_quotes_erp_status`. */
function fieldName(row: Row, suffix: string): string {
	return Object.keys(row).find((name) => name.startsWith('cf_') && name.endsWith(suffix)) ?? suffix;
}

function field(row: Row, suffix: string): string {
	return text(row[fieldName(row, suffix)]);
}

function cents(value: unknown): string {
	return new Big(text(value) || '0').toFixed(2);
}
