// Owns the stage of the template tests: both simulators, the templates on n8n's engine, and what the end state is.
import type { IDataObject } from 'n8n-workflow';
import { forgetConnectors } from '../../nodes/kit/connectors';
import { systemClock } from '../../nodes/kit/http';
import type { DemoErp, ErpOrder } from '../../demo/erp';
import { OdooErp } from '../../demo/erp.odoo';
import { OnecErp } from '../../demo/erp.onec';
import { RestErp } from '../../demo/erp.rest';
import type { Switches } from '../../demo/simulators/onec';
import { loadSchema, type Describe } from '../../demo/simulators/vtiger/schema';
import { ADMIN, ADMIN_ACCESS_KEY, seedDemo as seedCrm, startVtiger, type VtigerSimulator } from '../../demo/simulators/vtiger';
import { CapErp } from '../cap/capErp';
import { contentsOf, endOf, pick } from './ends';
import { Flow, loadTemplate, oneNode, type Credentials, type Run, type Template } from './engine';

type Row = Record<string, unknown>;

/** Waiting between tries is real but fifty times shorter: the order of things stays as it is. */
export function hurry(): void {
	const sleep = systemClock.sleep;
	systemClock.sleep = async (ms) => await sleep(ms / 50);
}

/** A patience that no answer exceeds, however busy the machine is; and one in which a test waits for an answer that never comes. */
const PATIENT_S = 60;
const IMPATIENT_S = 0.4;

/** The two sides of a scene. */
export type System = 'crm' | 'erp';

/** How the 1C of a scene deviates, and credential fields that answer to it. */
export interface OnecChoice {
	switches?: Partial<Switches>;
	credential?: Record<string, unknown>;
}

/** The ERPs that a scene can have, and how each is started. */
const ERPS = {
	odoo14: async () => await OdooErp.start(14),
	odoo17: async () => await OdooErp.start(17),
	odoo18: async () => await OdooErp.start(18),
	odoo19: async () => await OdooErp.start(19),
	'onec-ut': async (onec: OnecChoice) => await OnecErp.start({ profile: 'ut', ...onec }),
	'onec-bp': async (onec: OnecChoice) => await OnecErp.start({ profile: 'bp', ...onec }),
	'rest-ledger': async () => await RestErp.start({ face: 'ledger' }),
	'rest-jsonapi': async () => await RestErp.start({ face: 'jsonapi' }),
	'rest-keyed': async () => await RestErp.start({ face: 'keyed' }),
	cap: async () => await CapErp.start(),
	'rest-search': async () => await RestErp.start({ face: 'ledger', switches: { unique: false }, profile: searching }),
};
/** What a person sets in nodes of the templates because this ERP asks for it. */
const SET: Partial<Record<ErpName, Record<string, IDataObject>>> = {
	cap: { 'Order in the ERP': { taxMapping: { row: [{ from: 'Sales 10', to: 'A10' }] } } },
};
export type ErpName = keyof typeof ERPS;
type Started<N extends ErpName> = Awaited<ReturnType<(typeof ERPS)[N]>>;

export interface SceneOptions<N extends ErpName> {
	erp: N;
	vtiger?: '8.4.0' | '8.0.0';
	unpatched?: boolean;
	onec?: OnecChoice;
	/** A custom field of that label on the CRM's accounts: `cf_accounts_inn`. Stock vtiger has none for a tax number. */
	taxNumberLabel?: string;
}

/** Both systems with the demo's deal in them, and the three templates. */
export class Scene<E extends DemoErp = DemoErp> {
	flows!: Record<'order' | 'invoices' | 'reconcile', Flow>;
	deal!: Awaited<ReturnType<typeof seedCrm>>;
	/** Orders in the ERP before anything was done. */
	ordersAtStart = 0;
	/** Whose answers are not waited for long. */
	private impatient?: System;
	private crmStart = '';
	private erpStart = '';

	private constructor(
		readonly crm: VtigerSimulator,
		readonly erp: E,
		private readonly set: Record<string, IDataObject>,
	) {}

	static async open<N extends ErpName>(options: SceneOptions<N>): Promise<Scene<Started<N>>> {
		const crm = await startVtiger({ version: options.vtiger ?? '8.4.0', unpatched: options.unpatched ?? false, saveGapMs: 0, describes: options.taxNumberLabel ? [withTaxNumber(options.taxNumberLabel)] : [] });
		const erp = (await ERPS[options.erp](options.onec ?? {})) as Started<N>;
		const scene = new Scene(crm, erp, SET[options.erp] ?? {});
		scene.deal = await seedCrm(crm);
		erp.seed();
		scene.ordersAtStart = erp.orders().length;
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

	/**
	 * Back to the start: records, faults, call logs, what the host and the connectors remember.
	 *
	 * @param impatient the side that will not answer once, so that nobody waits a minute for it
	 */
	fresh(impatient?: System): void {
		this.rewind();
		this.impatient = impatient;
		for (const { server } of [this.crm, this.erp]) {
			server.heal();
			server.resetCalls();
		}
		forgetConnectors();
		const credentials = this.credentials();
		this.flows = {
			order: new Flow(this.template('quote-to-order'), credentials),
			invoices: new Flow(this.template('invoices-back'), credentials),
			reconcile: new Flow(this.template('invoices-reconcile'), credentials),
		};
	}

	/** A template in the edition for the scene's ERP. */
	template(name: string): Template {
		const template = loadTemplate(`${name}${this.erp.suffix}`);
		for (const node of template.nodes) Object.assign(node.parameters, this.set[node.name]);
		return template;
	}

	async close(): Promise<void> {
		await this.crm.stop();
		await this.erp.stop();
	}

	/** Settles once both take connections. */
	async ready(): Promise<void> {
		for (const { server } of [this.crm, this.erp]) await server.ready();
	}

	credentials(): Credentials {
		const patience = (system: System): number => (system === this.impatient ? IMPATIENT_S : PATIENT_S);
		return {
			vtigerCrmErpApi: { url: this.crm.server.url, username: ADMIN, accessKey: ADMIN_ACCESS_KEY, installation: 'vtiger', timeZone: 'UTC', timeout: patience('crm') },
			[this.erp.credential.type]: { timeout: patience('erp'), ...this.erp.credential.data } as IDataObject,
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

	/** As a person does who has mended what the message says. */
	clearStatus(quote = this.deal.quote): void {
		const names = Object.keys(this.quote(quote)).filter((name) => /erp_(status|message)$/.test(name));
		this.crm.patch(quote, Object.fromEntries(names.map((name) => [name, ''])));
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

	/** What the ERP's node puts out for these parameters; throws what it throws. */
	async erpNode(parameters: IDataObject): Promise<IDataObject[]> {
		const run = await new Flow(oneNode(this.erp.credential.type.replace(/Api$/, ''), parameters), this.credentials()).run();
		if (run.error) throw new Error(run.error);
		return run.items('Node');
	}

	/** The ERP's only order with the number on the quote. */
	erpOrder(quote = this.deal.quote): ErpOrder {
		const number = this.crmField(this.quote(quote), 'erp_number');
		const found = this.erp.orders().filter((order) => order.number === number);
		if (found.length !== 1) throw new Error(`${found.length} ERP orders have the number on the quote`);
		return found[0]!;
	}

	/** Everything in both systems that a run could touch, times of change included. */
	contents(): string {
		const crm = ['Accounts', 'Contacts', 'Potentials', 'Quotes', 'SalesOrder', 'Invoice'].map((module) => this.crm.records(module));
		return JSON.stringify([crm, contentsOf(this.erp)]);
	}

	/** What must be the same whatever happened on the way. Ids, numbers and times may differ. */
	endState(): Row {
		const lines = (row: Row) => (Array.isArray(row.LineItems) ? row.LineItems : []).map((line: Row) => pick(line, ['productid', 'quantity', 'listprice', 'discount_percent', 'discount_amount', 'tax1', 'tax2', 'tax3']));
		const erpFields = (row: Row) => ({ status: this.crmField(row, 'erp_status'), linked: this.crmField(row, 'erp_number') !== '', message: this.crmField(row, 'erp_message') });
		const money = ['hdnSubTotal', 'hdnGrandTotal', 'txtAdjustment', 'hdnTaxType'];
		return {
			quote: { ...pick(this.quote(), ['quotestage', 'hdnGrandTotal']), ...erpFields(this.quote()) },
			opportunity: this.crm.retrieve(this.deal.opportunity)?.sales_stage,
			salesOrders: this.crm.records('SalesOrder').filter((row) => row.quote_id === this.deal.quote).map((row) => ({ ...pick(row, ['sostatus', 'account_id', ...money]), ...erpFields(row), lines: lines(row) })),
			invoices: this.crm.records('Invoice').map((row) => ({ ...pick(row, ['invoicestatus', 'account_id', 'received', 'balance', ...money]), linked: this.crmField(row, 'erp_key') !== '', ordered: Boolean(row.salesorder_id), lines: lines(row) })),
			...endOf(this.erp),
		};
	}
}

/** A profile whose records are told apart by looking them up alone: the server takes the same key twice. */
function searching(profile: Row): Row {
	const kinds = Object.entries(profile.kinds as Record<string, Row>);
	return { ...profile, kinds: Object.fromEntries(kinds.map(([kind, of]) => [kind, of.identity ? { ...of, identity: { by: 'searchField' } } : of])) };
}

function withTaxNumber(label: string): Describe {
	const { describe } = loadSchema('8.4.0').modules.get('Accounts')!;
	const sample = describe.fields.find(({ name }) => name === 'siccode')!;
	return { ...describe, fields: [...describe.fields, { ...sample, name: 'cf_accounts_inn', label }] };
}
