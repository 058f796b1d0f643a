// Owns what the proofs about bad and awkward input share: making a quote, running the order flow on it, and looking at
// what it says and leaves. Must not know which ERP it is.
import type { IDataObject } from 'n8n-workflow';
import type { DemoErp, ErpOrder } from '../../demo/erp';
import { Flow, type Credentials, type Run } from './engine';
import type { Scene } from './scene';

type Row = Record<string, unknown>;

/** What the order flow leaves when it cannot finish: what exists in which system for the quote. */
export interface Left {
	salesOrders: number;
	customers: number;
	orders: number;
}

export const NOTHING: Left = { salesOrders: 0, customers: 0, orders: 0 };
export const CRM_ORDER: Left = { salesOrders: 1, customers: 0, orders: 0 };
export const CRM_ORDER_AND_CUSTOMER: Left = { salesOrders: 1, customers: 1, orders: 0 };
export const ALL: Left = { salesOrders: 1, customers: 1, orders: 1 };

/** An awkward quote on a scene. */
export class Awkward<E extends DemoErp> {
	constructor(private readonly scene: Scene<E>) {}

	/** A line of the demo's first product; `tax2` is the 10 % that the ERP knows. */
	line(values: Row = {}): Row {
		return { productid: this.scene.deal.products['W-1'], quantity: '1', listprice: '100', tax1: '0', tax2: '10', tax3: '0', ...values };
	}

	/** An accepted quote of the demo's customer; its id. */
	async accepted(lines: Row[], fields: Row = {}): Promise<string> {
		const { crm, deal } = this.scene;
		const quote = await crm.insert('Quotes', { subject: 'Awkward', quotestage: 'Accepted', account_id: deal.account, potential_id: deal.opportunity, productid: deal.products['W-1']!, currency_id: '21x1', conversion_rate: '1', hdnTaxType: 'group', bill_street: '1 High Street', ship_street: '1 High Street', ...fields } as never, lines as never);
		return String(quote.id);
	}

	left(quote: string): Left {
		const { crm, erp, deal } = this.scene;
		return {
			salesOrders: crm.records('SalesOrder').filter((row) => row.quote_id === quote).length,
			customers: erp.customers(String(crm.retrieve(deal.account)?.accountname)).length,
			orders: erp.orders().length - this.scene.ordersAtStart,
		};
	}

	/** Runs the flow and expects it to give the quote up, or to put it off, with these words on it. Gives the ERP status. */
	async refused(quote: string, says: RegExp[], stays: Left, flow?: Flow): Promise<string> {
		const { scene } = this;
		const run = flow ? await flow.tick() : await scene.order();
		expect(run?.error).toBeUndefined();
		const row = scene.quote(quote);
		const message = scene.crmField(row, 'erp_message');
		expect([scene.crmField(row, 'erp_status'), message]).toEqual([expect.stringMatching(/^(Needs attention|Pending)$/), expect.stringMatching(/\S{3,}/)]);
		for (const word of says) expect(message).toMatch(word);
		expect(message).not.toMatch(/Traceback|undefined|\[object|<html|defect/);
		expect(scene.crmField(row, 'erp_number')).toBe('');
		expect(this.left(quote)).toEqual(stays);
		return scene.crmField(row, 'erp_status');
	}

	/** Runs the flow and expects order and sales order with equal totals. */
	async ordered(quote: string, flow?: Flow): Promise<{ order: ErpOrder; run: Run }> {
		const { scene } = this;
		const run = flow ? await flow.tick() : await scene.order();
		expect([run?.error, run?.items('Reason on the quote').map((item) => (item.failure as IDataObject | undefined)?.message)]).toEqual([undefined, []]);
		const row = scene.quote(quote);
		expect([scene.crmField(row, 'erp_status'), scene.crmField(row, 'erp_message')]).toEqual(['Ordered', '']);
		expect(this.left(quote)).toEqual(ALL);
		const order = scene.erpOrder(quote);
		expect(order.confirmed).toBe(true);
		const [salesOrder] = scene.crm.records('SalesOrder').filter((candidate) => candidate.quote_id === quote);
		expect(cents(salesOrder!.hdnGrandTotal)).toBe(cents(row.hdnGrandTotal));
		return { order, run: run! };
	}

	/** The order flow with other credentials, or other parameters of its order node. */
	flowWith(change: { credentials?: Credentials; order?: IDataObject }): Flow {
		const template = this.scene.template('quote-to-order');
		const node = template.nodes.find(({ name }) => name === 'Order in the ERP')!;
		Object.assign(node.parameters, change.order ?? {});
		return new Flow(template, { ...this.scene.credentials(), ...change.credentials });
	}

	/** The scene's credentials for the ERP with some fields changed. */
	withErp(change: IDataObject): Credentials {
		const { type } = this.scene.erp.credential;
		return { [type]: { ...this.scene.credentials()[type], ...change } };
	}
}

/** An amount with two decimals. */
export function cents(value: unknown): string {
	return Number(value).toFixed(2);
}
