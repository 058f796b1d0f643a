// Owns the proof that the demo ERP's pages show the records and that their buttons do what they say.
// Must not know: the product's client code.
import { seedDemo, startRest, type RestSimulator } from '../../../demo/simulators/rest';

let sim: RestSimulator;
let order = '';
beforeAll(async () => {
	sim = await startRest();
	seedDemo(sim);
	const { id } = sim.desk.customer({ name: 'O\'Brien & "Söhne" <b>', billing: { city: 'Hamburg' } });
	const product = sim.records('products').find(({ code }) => code === 'W-1')!;
	order = sim.desk.order({ customerId: id, reference: 'QUO7', lines: [{ productId: product.id, quantity: '2', price: '100', rates: ['10'] }] }).id;
});
afterAll(() => sim.stop());

const page = async (path: string): Promise<string> => await (await fetch(sim.server.url + path)).text();
const press = (path: string, form: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Response> =>
	fetch(sim.server.url + path, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual', headers });

it('shows customers, orders, invoices and products without anything from outside', async () => {
	for (const path of ['/', '/customers', '/orders', '/invoices', '/products', `/orders/${order}`]) {
		const text = await page(path);
		expect(text).not.toMatch(/(?:src|href)="https?:/);
		expect(text).not.toContain('<b>"');
	}
	expect(await page('/customers')).toContain('O\'Brien &amp; &quot;Söhne&quot; &lt;b&gt;');
	expect(await page('/products')).toContain('W-4');
	expect((await fetch(`${sim.server.url}/orders/999`)).status).toBe(404);
	expect((await fetch(`${sim.server.url}/elsewhere`)).status).toBe(404);
});

it('goes from draft to paid invoice by its buttons', async () => {
	expect(await page('/orders')).not.toContain('Invoice</button>');
	expect((await press(`/orders/${order}/confirm`)).status).toBe(303);
	expect(await page('/')).toContain('Invoice</button>');
	expect((await press(`/orders/${order}/invoice`)).status).toBe(303);
	const { id, number } = sim.records('invoices')[0]!;
	expect(await page(`/orders/${order}`)).toContain(number);
	await press(`/invoices/${id}/pay`, { amount: '20' });
	expect(await page('/')).toContain('Partly paid');
	await press(`/invoices/${id}/pay`);
	expect(sim.books.must('invoices', id)).toMatchObject({ total: '220.00', paid: '220' });
	expect(await page(`/invoices/${id}`)).not.toContain('Register payment');
});

it('says why a button cannot do it, and takes no presses from other sites', async () => {
	const refused = await press(`/orders/${order}/confirm`);
	expect(refused.status).toBe(409);
	expect(await refused.text()).toContain('only drafts can be changed');
	expect((await press(`/orders/${order}/invoice`, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
});

it('counts no page as a call', async () => {
	sim.server.resetCalls();
	await page('/');
	expect(sim.server.calls).toEqual([]);
});
