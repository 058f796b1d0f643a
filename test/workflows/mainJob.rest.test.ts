// Proves the main job on an ERP that the pack has no code for, only a profile, in three styles: everything arrives,
// nothing arrives twice, calls stay within budget.
import type { RestErp } from '../../demo/erp.rest';
import { contentsOf } from './ends';
import { Scene, hurry } from './scene';

hurry();

const cents = (value: unknown) => Number(value).toFixed(2);

describe.each([
	{ erp: 'rest-ledger', budget: 8 },
	{ erp: 'rest-jsonapi', budget: 14 },
	{ erp: 'rest-keyed', budget: 11 },
] as const)('$erp', ({ erp, budget }) => {
	let scene: Scene<RestErp>;
	beforeAll(async () => {
		scene = await Scene.open({ erp });
	});
	afterAll(async () => await scene.close());
	beforeEach(() => scene.fresh());

	const invoices = () => scene.crm.records('Invoice').filter((row) => scene.crmField(row, 'erp_key').startsWith('erp:'));

	async function ordered(): Promise<string> {
		await scene.invoices(); // sets the baseline
		scene.accept();
		const run = await scene.order();
		expect([run?.error, scene.crmField(scene.quote(), 'erp_message')]).toEqual([undefined, '']);
		return scene.erpOrder().id;
	}

	/** One beat of the invoices' flow, without anything at its error output. */
	async function invoicesBack(): Promise<void> {
		const run = await scene.invoices();
		expect([run?.error, run?.items('Invoice in the CRM', 1)]).toEqual([undefined, []]);
	}

	test('an accepted quote becomes customer and confirmed order, and the number comes back', async () => {
		expect(await scene.order()).toBeUndefined();
		scene.accept();
		const run = await scene.order();
		expect(run?.error).toBeUndefined();
		expect(run?.items('Reason on the quote')).toEqual([]);
		expect(scene.crmField(scene.quote(), 'erp_status')).toBe('Ordered');
		expect(scene.crm.retrieve(scene.deal.opportunity)?.sales_stage).toBe('Closed Won');
		const order = scene.erpOrder();
		expect(order.confirmed).toBe(true);
		expect(cents(order.total)).toBe(cents(scene.quote().hdnGrandTotal));
		expect(scene.erp.customers(String(scene.crm.retrieve(scene.deal.account)?.accountname))).toEqual([order.customer]);
		const [salesOrder, ...others] = scene.crm.records('SalesOrder').filter((row) => row.quote_id === scene.deal.quote);
		expect(others).toEqual([]);
		expect(scene.crmField(salesOrder!, 'erp_number')).toBe(order.number);
		expect((salesOrder!.LineItems as unknown[]).length).toBe(5);
		expect(scene.erp.sim.books.must('orders', order.id).lines).toHaveLength(5);
	});

	test('two invoices and a payment come back, and add up to the order', async () => {
		const order = await ordered();
		const first = scene.erp.sim.desk.invoice(order, { 1: '4', 4: '1' });
		await invoicesBack();
		expect(invoices()).toHaveLength(1);
		expect(cents(invoices()[0]!.hdnGrandTotal)).toBe(cents(first.total));
		expect(Number(invoices()[0]!.received)).toBe(0);
		scene.erp.sim.desk.pay(first.id, '100');
		await invoicesBack();
		expect(invoices()).toHaveLength(1);
		expect(Number(invoices()[0]!.received)).toBe(100);
		scene.erp.sim.desk.invoice(order);
		await invoicesBack();
		expect(invoices()).toHaveLength(2);
		expect(cents(invoices().reduce((sum, row) => sum + Number(row.hdnGrandTotal), 0))).toBe(cents(scene.quote().hdnGrandTotal));
		const [salesOrder] = scene.crm.records('SalesOrder').filter((row) => row.quote_id === scene.deal.quote);
		for (const invoice of invoices()) expect(invoice.salesorder_id).toBe(salesOrder!.id);
	});

	test('a cancelled invoice is cancelled in the CRM', async () => {
		const order = await ordered();
		const { id } = scene.erp.sim.desk.invoice(order);
		await invoicesBack();
		scene.erp.sim.desk.cancelInvoice(id);
		await invoicesBack();
		expect(invoices()).toHaveLength(1);
		expect(invoices()[0]!.invoicestatus).toMatch(/cancel/i);
	});

	test('running everything again changes nothing', async () => {
		const order = await ordered();
		scene.erp.sim.desk.invoice(order);
		await invoicesBack();
		scene.accept();
		const before = scene.contents();
		expect(await scene.order()).toBeUndefined();
		expect(await scene.invoices()).toBeUndefined();
		const reconciled = await scene.reconcile();
		expect(reconciled.error).toBeUndefined();
		expect(reconciled.items('Invoice in the CRM').map((item) => (item.result as { outcome: string }).outcome)).toEqual(['unchanged']);
		expect(scene.contents()).toBe(before);
		// As a person does who wants it tried again: the ERP's records stay as they are, to the version.
		const inErp = JSON.stringify(contentsOf(scene.erp));
		scene.clearStatus();
		expect((await scene.order())?.items('Reason on the quote')).toEqual([]);
		expect(scene.crmField(scene.quote(), 'erp_status')).toBe('Ordered');
		expect(JSON.stringify(contentsOf(scene.erp))).toBe(inErp);
	});

	test('what changed in the CRM changes there, and what a person wrote there meanwhile stays', async () => {
		const order = await ordered();
		const customer = () => scene.erp.sim.books.must('customers', scene.erp.sim.books.must('orders', order).customerId);
		const before = scene.erp.sim.books.must('orders', order).version;
		scene.erp.sim.desk.customer({ notes: 'Ring twice. ', vat: 'DE100000032' }, customer().id);
		scene.erp.sim.switches.meddling = 1;
		scene.crm.patch(scene.deal.account, { phone: '+49 40 555 0999' });
		scene.clearStatus();
		const run = await scene.order();
		expect([run?.error, run?.items('Reason on the quote')]).toEqual([undefined, []]);
		expect(customer()).toMatchObject({ phone: '+49 40 555 0999', vat: 'DE100000032', notes: erp === 'rest-keyed' ? 'Ring twice. Changed by hand. ' : 'Ring twice. ' });
		expect([scene.erp.sim.blindChanges, scene.erp.sim.books.must('orders', order).version]).toEqual([0, before]);
		scene.erp.sim.switches.meddling = 0;
	});

	test(`a five-line quote takes at most 12 calls to vtiger and ${budget} to the ERP`, async () => {
		const count = () => ({ vtiger: scene.crm.server.calls.length, erp: scene.erp.server.calls.length });
		scene.accept();
		await scene.order();
		const cold = count();
		// The same again for a process that has met both systems before: what each quote costs.
		scene.rewind();
		scene.accept();
		await scene.order();
		const work = { vtiger: count().vtiger - cold.vtiger, erp: count().erp - cold.erp };
		expect(scene.crmField(scene.quote(), 'erp_status')).toBe('Ordered');
		console.log(`calls for a five-line quote: ${erp}: vtiger ${work.vtiger} (${cold.vtiger} in a fresh process), ERP ${work.erp} (${cold.erp}): ${scene.erp.server.calls.slice(cold.erp).map(({ operation }) => operation).join(', ')}`);
		expect(work.vtiger).toBeLessThanOrEqual(12);
		expect(work.erp).toBeLessThanOrEqual(budget);
	});
});
