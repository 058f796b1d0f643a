// Owns the proof of the JSON:API face's protocol: API key, media type, ids beyond 2^53, idempotency keys, numbered pages.
// Must not know: the product's client code.
import { API_KEY } from '../../../demo/simulators/rest';
import { Api } from './api';

let api: Api;
beforeEach(async () => {
	api = await Api.start('jsonapi');
	api.headers = { 'x-api-key': API_KEY };
});
afterEach(() => api.sim.stop());

const media = { 'content-type': 'application/vnd.api+json' };
const customer = (name: string) => ({ data: { type: 'customers', attributes: { 'external-id': 'crm:Accounts:11x1', name } } });
const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => await api.call('POST', path, body, { ...media, ...headers });

function draft(): string {
	const [buyer] = api.sim.records('customers');
	const [product] = api.sim.records('products');
	return api.sim.desk.order({ customerId: buyer!.id, lines: [{ productId: product!.id, quantity: '2', price: '19.99', rates: ['4.5'] }] }).id;
}

it('wants its key and its media type', async () => {
	expect((await api.call('GET', '/about', undefined, { 'x-api-key': 'wrong' })).body).toMatchObject({ errors: [{ status: '401', code: 'unauthorized' }] });
	expect((await api.call('POST', '/customers', customer('A'))).status).toBe(415);
	expect((await post('/customers', customer('A'))).headers.get('content-type')).toBe('application/vnd.api+json');
});

it('writes ids as bare numbers that no JavaScript number holds, and takes them as text', async () => {
	const { text } = await api.call('GET', '/customers');
	const [, id] = /"type":"customers","id":(\d+)/.exec(text)!;
	expect(String(Number(id))).not.toBe(id);
	expect((await api.call('GET', `/customers/${id}`)).text).toContain(`"id":${id},`);
	const reference = (value: unknown) => ({ data: { type: 'sales-orders', attributes: {}, relationships: { customer: { data: { type: 'customers', id: value } } } } });
	expect((await post('/sales-orders', reference(id))).status).toBe(201);
	expect((await post('/sales-orders', reference(Number(id)))).status).toBe(422);
	api.sim.switches.bareIds = false;
	expect((await api.call('GET', `/customers/${id}`)).text).toContain(`"id":"${id}"`);
});

it('gives the first answer again for the same idempotency key, until the record is gone', async () => {
	const key = { 'idempotency-key': 'k1' };
	const first = await post('/customers', customer('A'), key);
	expect((await post('/customers', customer('A'), key)).text).toBe(first.text);
	expect(await post('/customers', customer('B'), key)).toMatchObject({ status: 422, body: { errors: [{ code: 'key_reused' }] } });
	const [id] = api.sim.records('customers').filter(({ name }) => name === 'A').map((row) => row.id);
	await api.call('DELETE', `/customers/${id}`);
	api.sim.switches.idempotency = 'replays';
	expect((await post('/customers', customer('A'), key)).text).toBe(first.text);
	api.sim.switches.idempotency = 'forgets';
	expect((await post('/customers', customer('A'), key)).text).not.toBe(first.text);
	api.sim.switches.idempotency = 'ignored';
	await post('/customers', customer('A'), key);
	expect(api.sim.records('customers').filter(({ name }) => name === 'A')).toHaveLength(2);
});

it('numbers its pages and narrows lists', async () => {
	for (let i = 0; i < 5; i++) api.sim.desk.customer({ name: `Page ${i}` });
	expect((await api.call('GET', '/customers?page[number]=3&page[size]=3')).body).toMatchObject({ data: [{ attributes: { name: 'Page 4' } }], meta: { total: 7 } });
	expect((await api.call('GET', '/customers?page[number]=9&page[size]=3')).body).toMatchObject({ data: [] });
	expect((await api.call('GET', '/customers?filter[name]=Page%202')).body).toMatchObject({ data: [{ attributes: { number: 'CU-1005' } }] });
	expect((await api.call('GET', '/customers?filter[colour]=red')).status).toBe(422);
	api.clock.pass(1);
	const { modifiedAt } = api.sim.desk.customer({ name: 'Young' });
	const since = encodeURIComponent(new Date(modifiedAt).toISOString());
	expect((await api.call('GET', `/customers?filter[updated-since]=${since}`)).body).toMatchObject({ data: [{ attributes: { name: 'Young', 'updated-at': '2026-11-22T12:00:01.250+02:00' } }] });
});

it('takes amounts as numbers only, and taxes by code', async () => {
	const line = (values: object) => ({ data: { type: 'sales-orders', attributes: { lines: [{ label: 'x', quantity: 1, price: 10, 'tax-codes': ['R12.5'], ...values }] } } });
	const id = draft();
	const patch = async (values: object) => await api.call('PATCH', `/sales-orders/${id}`, line(values), media);
	expect((await patch({})).body).toMatchObject({ data: { attributes: { totals: { net: 10, tax: 1.25, total: 11.25 } } } });
	expect((await patch({ price: '10' })).status).toBe(422);
	expect((await patch({ 'tax-codes': ['X'] })).body).toMatchObject({ errors: [{ code: 'unknown_tax' }] });
});

it('moves an order by its state, and knows what the CRM said', async () => {
	const id = draft();
	const change = async (attributes: object) => await api.call('PATCH', `/sales-orders/${id}`, { data: { type: 'sales-orders', attributes } }, media);
	const waiting = async () => ((await api.call('GET', '/sales-orders?filter[state]=confirmed&filter[unhandled]=true')).body as { data: unknown[] }).data.length;
	expect(await waiting()).toBe(0);
	expect((await change({ state: 'confirmed' })).body).toMatchObject({ data: { attributes: { state: 'confirmed' } } });
	expect((await change({ state: 'confirmed' })).status).toBe(200);
	expect((await change({ subject: 'x' })).status).toBe(409);
	expect(await waiting()).toBe(1);
	expect((await change({ crm: { status: 'Needs attention' } })).body).toMatchObject({ data: { attributes: { crm: { key: '', status: 'Needs attention' } } } });
	expect(await waiting()).toBe(0);
});
