// Proves the main job on the templates: everything arrives, nothing arrives twice, calls stay within budget.
import type { OdooErp } from '../../demo/erp.odoo';
import { Scene, hurry } from './scene';

hurry();

describe.each([
	{ vtiger: '8.4.0', erp: 'odoo18' },
	{ vtiger: '8.4.0', erp: 'odoo19' },
	{ vtiger: '8.0.0', erp: 'odoo17' },
	{ vtiger: '8.0.0', erp: 'odoo14' },
] as const)('vtiger $vtiger and $erp', (versions) => {
	let scene: Scene<OdooErp>;
	beforeAll(async () => {
		scene = await Scene.open(versions);
	});
	afterAll(async () => await scene.close());
	beforeEach(() => scene.fresh());

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
		expect(Number(order.total).toFixed(2)).toBe(Number(scene.quote().hdnGrandTotal).toFixed(2));
		const [salesOrder, ...others] = scene.crm.records('SalesOrder').filter((row) => row.quote_id === scene.deal.quote);
		expect(others).toEqual([]);
		expect(scene.crmField(salesOrder!, 'erp_number')).toBe(order.number);
		expect((salesOrder!.LineItems as unknown[]).length).toBe(5);
	});

	test('invoices, payments and credit notes come back', async () => {
		await scene.invoices(); // sets the baseline
		scene.accept();
		await scene.order();
		const [move] = scene.erp.sim.invoiceOrder(Number(scene.erpOrder().id));
		scene.erp.sim.post(move!);
		const run = await scene.invoices();
		expect(run?.items('Invoice in the CRM', 1)).toEqual([]);
		const invoices = () => scene.crm.records('Invoice').filter((row) => scene.crmField(row, 'erp_key').startsWith('odoo:'));
		expect(invoices()).toHaveLength(1);
		expect(Number(invoices()[0]!.hdnGrandTotal).toFixed(2)).toBe(Number(scene.erpOrder().total).toFixed(2));
		expect(Number(invoices()[0]!.received)).toBe(0);
		scene.erp.sim.pay(move!, 100);
		await scene.invoices();
		expect(invoices()).toHaveLength(1);
		expect(Number(invoices()[0]!.received)).toBe(100);
		expect(Number(invoices()[0]!.balance).toFixed(2)).toBe((Number(invoices()[0]!.hdnGrandTotal) - 100).toFixed(2));
		scene.erp.sim.creditNote(move!);
		const credited = await scene.invoices();
		expect(credited?.items('Invoice in the CRM', 1)).toEqual([]);
		expect(invoices()).toHaveLength(2);
	});

	test('running everything again changes nothing', async () => {
		await scene.invoices();
		scene.accept();
		await scene.order();
		const [move] = scene.erp.sim.invoiceOrder(Number(scene.erpOrder().id));
		scene.erp.sim.post(move!);
		await scene.invoices();
		scene.accept();
		const before = scene.contents();
		expect(await scene.order()).toBeUndefined();
		expect(await scene.invoices()).toBeUndefined();
		const reconciled = await scene.reconcile();
		expect(reconciled.error).toBeUndefined();
		expect(reconciled.items('Invoice in the CRM').map((item) => (item.result as { outcome: string }).outcome)).toEqual(['unchanged']);
		expect(scene.contents()).toBe(before);
	});

	test('a five-line quote takes at most 12 calls to vtiger and 8 to Odoo', async () => {
		const count = () => ({ vtiger: scene.crm.server.calls.length, odoo: scene.erp.server.calls.length });
		scene.accept();
		await scene.order();
		const cold = count();
		// The same again for a process that has met both systems before: what each quote costs.
		scene.rewind();
		scene.accept();
		await scene.order();
		const work = { vtiger: count().vtiger - cold.vtiger, odoo: count().odoo - cold.odoo };
		expect(scene.crmField(scene.quote(), 'erp_status')).toBe('Ordered');
		console.log(`calls for a five-line quote: vtiger ${versions.vtiger} ${work.vtiger} (${cold.vtiger} in a fresh process), ${versions.erp} ${work.odoo} (${cold.odoo})`);
		expect(work.vtiger).toBeLessThanOrEqual(12);
		expect(work.odoo).toBeLessThanOrEqual(8);
	});
});

test('a vtiger that cannot create sales orders says so, and the flow can go without', async () => {
	const scene = await Scene.open({ erp: 'odoo18', unpatched: true });
	try {
		scene.accept();
		const run = await scene.order();
		expect(run?.error).toBeUndefined();
		expect(run?.items('Reason on the quote')).toHaveLength(1);
		expect(scene.crmField(scene.quote(), 'erp_status')).toBe('Needs attention');
		expect(scene.crmField(scene.quote(), 'erp_message')).toMatch(/cannot create .*Do Not Create/i);
		expect(scene.erp.sim.records('sale.order')).toHaveLength(0);
	} finally {
		await scene.close();
	}
});
