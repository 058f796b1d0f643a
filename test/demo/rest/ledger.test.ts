// Owns the proof of the ledger API's protocol: tokens that run out, cursors, the unique external id, the order's way.
// Must not know: the product's client code.
import { Api } from './api';

let api: Api;
beforeEach(async () => {
	api = await Api.start('ledger');
	await api.token();
});
afterEach(() => api.sim.stop());

const customer = { external_id: 'crm:Accounts:11x1', name: 'O\'Brien & "Söhne"', billing: { city: 'Hamburg' } };

async function order(external_id = 'crm:Quotes:4x1'): Promise<{ id: number }> {
	const found = (await api.call('GET', '/customers?name=Meadow%20Dairy')).body as { items: Array<{ id: number }> };
	const lines = [{ product: 'W-1', quantity: '3', price: '70', discount: '10', tax_rates: ['10'] }, { product: 'W-2', quantity: 2, price: 19.99, tax_rates: ['10'] }, { text: 'Freight', quantity: '1', price: '12.345', tax_rates: [] }];
	const { status, body } = await api.call('POST', '/orders', { external_id, customer_id: found.items[0]!.id, lines });
	expect(status).toBe(201);
	return body as { id: number };
}

it('gives a token for name and password, and none for anything else', async () => {
	expect((await api.call('POST', '/login', { user: 'integration', password: 'wrong' })).body).toEqual({ error: { code: 'login', message: 'User name or password is wrong' } });
	expect((await api.call('GET', '/me')).body).toMatchObject({ version: 'Ledger 3.2' });
	api.headers = {};
	expect((await api.call('GET', '/me')).status).toBe(401);
});

it('forgets a token after its time, by its own clock, which every answer shows', async () => {
	const { headers } = await api.call('GET', '/me');
	expect(headers.get('date')).toBe('Sun, 22 Nov 2026 10:00:00 GMT');
	api.clock.pass(1199);
	expect((await api.call('GET', '/me')).status).toBe(200);
	api.clock.pass(2);
	expect((await api.call('GET', '/me')).body).toMatchObject({ error: { code: 'token_expired' } });
});

it('gives all pages by the cursor, whatever is made and removed meanwhile', async () => {
	for (let i = 0; i < 10; i++) api.sim.desk.customer({ name: `Page ${i}` });
	const seen: string[] = [];
	let cursor: string | null = '';
	for (let page = 0; cursor !== null; page++) {
		const { body } = await api.call('GET', `/customers?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
		const { items, next } = body as { items: Array<{ id: number; name: string }>; next: string | null };
		seen.push(...items.map(({ name }) => name));
		if (page === 1) api.sim.books.erase('customers', String(items[0]!.id));
		if (page === 2) api.sim.desk.customer({ name: 'Late' });
		cursor = next;
	}
	expect(seen).toEqual(['Harbour Supplies', 'Meadow Dairy', ...Array.from({ length: 10 }, (_, i) => `Page ${i}`), 'Late']);
	expect((await api.call('GET', '/customers?cursor=bm90aGluZw')).body).toMatchObject({ error: { code: 'invalid' } });
});

it('refuses a second record with the same external id, unless it is told to take it', async () => {
	expect((await api.call('POST', '/customers', customer)).status).toBe(201);
	expect(await api.call('POST', '/customers', customer)).toMatchObject({ status: 409, body: { error: { code: 'duplicate' } } });
	api.sim.switches.unique = false;
	expect((await api.call('POST', '/customers', customer)).status).toBe(201);
	const { body } = await api.call('GET', `/customers?external_id=${encodeURIComponent(customer.external_id)}`);
	expect((body as { items: unknown[] }).items).toHaveLength(2);
	api.sim.switches.indexSeconds = 1;
	const found = async () => ((await api.call('GET', `/customers?external_id=${encodeURIComponent(customer.external_id)}`)).body as { items: unknown[] }).items.length;
	expect(await found()).toBe(0);
	api.clock.pass(1);
	expect(await found()).toBe(2);
});

it('changes what is given, keeps the rest, and stamps it', async () => {
	const { body } = await api.call('POST', '/customers', customer);
	const { id, modified_at } = body as { id: number; modified_at: string };
	api.clock.pass(5);
	const changed = await api.call('PATCH', `/customers/${id}`, { phone: '1', billing: { street: '3 "Dock" Road' } });
	expect(changed.body).toMatchObject({ name: customer.name, phone: '1', vat: null, billing: { street: '3 "Dock" Road', city: 'Hamburg' }, modified_at: '2026-11-22T10:00:05Z' });
	expect(modified_at).toBe('2026-11-22T10:00:00Z');
	expect((await api.call('GET', '/customers?changed_since=2026-11-22T10:00:05Z')).body).toMatchObject({ items: [{ id }], next: null });
	expect(await api.call('PATCH', `/customers/${id}`, { fone: '1' })).toMatchObject({ status: 422, body: { error: { message: 'There is no field "fone"' } } });
	expect((await api.call('DELETE', `/customers/${id}`)).status).toBe(204);
	expect((await api.call('GET', `/customers/${id}`)).status).toBe(404);
});

it('works amounts out itself: cents per line, taxes per rate', async () => {
	expect(await order()).toMatchObject({ number: 'SO-1001', state: 'draft', net: '241.33', tax: '22.90', total: '264.23', lines: [{ product: 'W-1', net: '189.00' }, { quantity: '2', price: '19.99' }, { product: null, text: 'Freight', net: '12.35' }] });
	api.sim.switches.numbers = true;
	expect((await api.call('GET', '/orders?number=SO-1001')).body).toMatchObject({ items: [{ total: 264.23, lines: [{ discount: 10 }, {}, {}] }] });
});

it('confirms drafts only, changes drafts only, and says what it does not know', async () => {
	const { id } = await order();
	expect((await api.call('POST', `/orders/${id}/confirm`)).body).toMatchObject({ state: 'confirmed' });
	expect((await api.call('POST', `/orders/${id}/confirm`)).body).toMatchObject({ error: { code: 'not_draft' } });
	expect((await api.call('PATCH', `/orders/${id}`, { subject: 'x' })).status).toBe(422);
	expect((await api.call('DELETE', `/orders/${id}`)).status).toBe(422);
	const line = { product: 'NO-1', quantity: '1', price: '1' };
	expect((await api.call('POST', '/orders', { customer_id: 1007, lines: [line] })).body).toMatchObject({ error: { code: 'unknown_product', message: expect.stringContaining('NO-1') as string } });
	expect((await api.call('POST', '/orders', { customer_id: 999, lines: [] })).body).toMatchObject({ error: { code: 'unknown_customer' } });
	expect((await api.call('GET', '/orders?colour=red')).status).toBe(422);
	expect((await api.call('POST', '/invoices', {})).status).toBe(405);
	expect((await api.call('POST', '/customers', '{"name":')).body).toMatchObject({ error: { message: 'The body is not JSON' } });
});

it('bills what is open, in parts, and takes payments', async () => {
	const { id } = await order();
	const { desk } = api.sim;
	desk.confirm(String(id));
	desk.invoice(String(id), { 1: '1' });
	const last = desk.invoice(String(id));
	desk.pay(last.id, '100');
	expect((await api.call('GET', `/invoices?order_id=${id}`)).body).toMatchObject({
		items: [
			{ number: 'INV-1001', net: '63.00', total: '69.30', open: '69.3', order: { id, number: 'SO-1001', external_id: 'crm:Quotes:4x1' } },
			{ number: 'INV-1002', lines: [{ position: 1, quantity: '2' }, { position: 2 }, { position: 3 }], paid: '100' },
		],
	});
	expect((await api.call('GET', `/orders/${id}`)).body).toMatchObject({ invoicing: 'full' });
	expect(() => desk.invoice(String(id))).toThrow('nothing left to invoice');
	expect(() => desk.cancel(String(id))).toThrow('is invoiced');
});

it('takes back what was done since a snapshot, sessions excepted', async () => {
	const before = api.sim.snapshot();
	await order();
	api.sim.restore(before);
	expect(api.sim.records('orders')).toEqual([]);
	expect(await order()).toMatchObject({ number: 'SO-1001' });
});

it('names its calls and can lose an answer', async () => {
	api.sim.server.resetCalls();
	api.sim.server.plan({ kind: 'reset-after', at: ({ operation }) => operation === 'POST customers' });
	await expect(api.call('POST', '/customers', customer)).rejects.toThrow();
	expect(api.sim.records('customers').filter(({ name }) => name === customer.name)).toHaveLength(1);
	api.sim.server.plan({ kind: 'session-expired', at: () => true });
	expect((await api.call('GET', '/orders/17')).status).toBe(401);
	expect((await api.call('GET', '/me')).status).toBe(401);
	await api.token();
	await api.call('POST', '/orders/17/confirm');
	expect(api.sim.server.calls.map(({ operation }) => operation)).toEqual(['POST customers', 'GET orders/id', 'GET me', 'POST login', 'POST orders/id/confirm']);
});
