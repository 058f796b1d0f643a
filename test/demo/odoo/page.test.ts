// Owns the proof that the demo ERP's pages show the records and that their buttons do what they say.
// Must not know: the product's client code.
import { seedDemo, startOdoo, type OdooSimulator } from '../../../demo/simulators/odoo';

let sim: OdooSimulator;
let order = 0;
beforeAll(async () => {
	sim = await startOdoo({ version: 18 });
	seedDemo(sim);
	const partner = sim.insert('res.partner', { name: 'O\'Brien & "Söhne" <b>', is_company: true, city: 'Hamburg' });
	const product = sim.records('product.product').find((p) => p['default_code'] === 'W-1')?.id ?? 0;
	order = sim.insert('sale.order', { partner_id: partner, client_order_ref: 'QUO7', order_line: [[0, 0, { product_id: product, product_uom_qty: 2, price_unit: 100 }]] });
});
afterAll(() => sim.stop());

const page = async (path: string): Promise<string> => await (await fetch(sim.url + path)).text();
const press = (path: string, form: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Response> =>
	fetch(sim.url + path, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual', headers });

it('shows customers, orders, invoices and products without anything from outside', async () => {
	for (const path of ['/', '/customers', '/orders', '/invoices', '/products', `/orders/${order}`]) {
		const text = await page(path);
		expect(text).not.toMatch(/(?:src|href)="https?:/);
		expect(text).not.toContain('<b>"');
	}
	expect(await page('/customers')).toContain("O'Brien &amp; &quot;Söhne&quot; &lt;b&gt;");
	expect(await page('/products')).toContain('W-4');
	expect((await fetch(`${sim.url}/orders/999`)).status).toBe(404);
});

it('goes from quotation to paid invoice by its buttons', async () => {
	expect(await page('/orders')).not.toContain('Deliver and invoice</button>');
	expect((await press(`/orders/${order}/confirm`)).status).toBe(303);
	expect(await page('/')).toContain('Deliver and invoice</button>');
	expect((await press(`/orders/${order}/invoice`)).status).toBe(303);
	const [move] = sim.records('account.move');
	expect(move).toMatchObject({ state: 'posted', payment_state: 'not_paid', amount_total: 220 });
	expect(await page(`/orders/${order}`)).toContain(String(move?.['name']));
	await press(`/invoices/${move?.id}/pay`, { amount: '20' });
	expect(await page('/')).toContain('Partly paid');
	await press(`/invoices/${move?.id}/pay`);
	expect(sim.record('account.move', move?.id ?? 0)).toMatchObject({ payment_state: 'paid', amount_residual: 0 });
});

it('says why a button cannot do it, and takes no presses from other sites', async () => {
	const refused = await press(`/orders/${order}/confirm`);
	expect(refused.status).toBe(409);
	expect(await refused.text()).toContain('not in a state requiring confirmation');
	expect((await press(`/orders/${order}/invoice`, {}, { 'sec-fetch-site': 'cross-site' })).status).not.toBe(303);
});

it('counts no page as a call', async () => {
	sim.server.resetCalls();
	await page('/');
	expect(sim.server.calls).toEqual([]);
});
