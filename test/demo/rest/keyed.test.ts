// Owns the proof of the keyed API's protocol: cookie and token, PUT by a chosen id, ETags, refusals with status 200.
// Must not know: the product's client code.
import { Api } from './api';

let api: Api;
beforeEach(async () => {
	api = await Api.start('keyed');
	await api.session();
});
afterEach(() => api.sim.stop());

const UID = '0b6c2b1e-1111-5222-8333-444455556666';
const client = { source_key: 'crm:Accounts:11x1', title: 'Aurora', is_org: true };

it('wants a session, and a token against forged calls for every write', async () => {
	const { cookie } = api.headers as { cookie: string };
	expect(await api.call('PUT', `/clients/${UID}`, client, { 'x-csrf-token': 'forged' })).toMatchObject({ status: 403, body: { ok: false, code: 'E_CSRF' } });
	expect((await api.call('GET', '/clients', undefined, { 'x-csrf-token': '' })).status).toBe(200);
	expect((await api.call('GET', '/clients', undefined, { cookie: 'sid=nobody' })).body).toMatchObject({ code: 'E_SESSION' });
	expect((await api.call('POST', '/session', { login: 'integration', secret: 'wrong' })).body).toMatchObject({ code: 'E_LOGIN' });
	api.clock.pass(1201);
	expect((await api.call('GET', '/clients')).status).toBe(401);
	await api.session();
	expect(api.headers.cookie).not.toBe(cookie);
	expect((await api.call('GET', '/clients')).status).toBe(200);
});

it('creates under the id that the caller chose, and the same call again meets the same record', async () => {
	expect((await api.call('PUT', `/clients/${UID}`, client)).status).toBe(201);
	expect(await api.call('PUT', `/clients/${UID}`, client)).toMatchObject({ status: 200, body: { ok: true, data: { uid: UID, title: 'Aurora', no: 'CU-1003' } } });
	expect((await api.call('PUT', `/clients/${UID}`, client, { 'if-none-match': '*' })).status).toBe(412);
	expect((await api.call('PUT', '/clients/..%2F1', client)).body).toMatchObject({ ok: false, code: 'E_INVALID' });
	expect(api.sim.records('customers').filter(({ name }) => name === 'Aurora')).toHaveLength(1);
});

it('empties with PUT what is not given, keeps it with PATCH, and counts blind changes', async () => {
	await api.call('PUT', `/clients/${UID}`, { ...client, memo: 'By hand', bill_to: { town: 'Hamburg', zip: '1' } });
	const first = await api.call('GET', `/clients/${UID}`);
	expect(first.headers.get('etag')).toBe('"1"');
	expect((await api.call('PATCH', `/clients/${UID}`, { tel: '1', bill_to: { zip: '2' } }, { 'if-match': '"1"' })).body).toMatchObject({ data: { rev: 2, memo: 'By hand', bill_to: { town: 'Hamburg', zip: '2' } } });
	expect(await api.call('PATCH', `/clients/${UID}`, { tel: '2' }, { 'if-match': '"1"' })).toMatchObject({ status: 412, body: { code: 'E_CHANGED_MEANWHILE' } });
	expect(api.sim.blindChanges).toBe(0);
	api.sim.switches.meddling = 1;
	expect((await api.call('PATCH', `/clients/${UID}`, { tel: '2' }, { 'if-match': '"2"' })).status).toBe(412);
	expect((await api.call('PATCH', `/clients/${UID}`, { tel: '2' }, { 'if-match': '"3"' })).body).toMatchObject({ data: { tel: '2', memo: 'By handChanged by hand. ' } });
	expect((await api.call('PUT', `/clients/${UID}`, client)).body).toMatchObject({ data: { memo: '', tel: '', bill_to: { town: '' } } });
	expect(api.sim.blindChanges).toBe(1);
});

it('refuses with status 200, or 422 where it is told to', async () => {
	expect(await api.call('PUT', `/clients/${UID}`, { title: '' })).toMatchObject({ status: 200, body: { ok: false, code: 'E_INVALID' } });
	api.sim.switches.okRefusals = false;
	expect((await api.call('PUT', `/clients/${UID}`, { title: '' })).status).toBe(422);
	expect((await api.call('GET', `/clients/${UID}`)).status).toBe(404);
});

it('counts in cents, hundredths of a percent and milliseconds, and takes integers only', async () => {
	const [buyer] = api.sim.records('customers');
	const article = api.sim.records('products').find(({ code }) => code === 'W-2')!;
	const item = { article_uid: article.id, qty: '2.5', unit_price: 1999, discount_bp: 1050, taxes_bp: [450] };
	const sale = (values: object) => ({ client_uid: buyer!.id, currency: 'EUR', items: [{ ...item, ...values }] });
	expect((await api.call('PUT', `/sales/${UID}`, sale({}))).body).toMatchObject({ data: { status: 10, changed_ms: api.clock.now(), sum_net: 4473, sum_tax: 201, sum_total: 4674, items: [{ sku: 'W-2', net: 4473, taxes_bp: [450] }] } });
	expect((await api.call('PUT', `/sales/${UID}`, sale({ unit_price: 19.99 }))).body).toMatchObject({ ok: false, text: '"unit_price" must be an integer of hundredths' });
	expect((await api.call('POST', `/sales/${UID}/confirm`)).body).toMatchObject({ data: { status: 20 } });
	expect((await api.call('POST', `/sales/${UID}/confirm`)).body).toMatchObject({ ok: true });
	expect((await api.call('PUT', `/sales/${UID}`, sale({}))).body).toMatchObject({ ok: false, code: 'E_NOT_DRAFT' });
	api.sim.desk.invoice(UID);
	expect((await api.call('GET', `/bills?sale_uid=${UID}`)).body).toMatchObject({ count: 1, data: [{ no: 'INV-1001', sum_total: 4674, paid: 0, open: 4674, status: 1 }] });
});

it('gives pages by offset, by the first writing', async () => {
	for (let i = 0; i < 5; i++) api.sim.desk.customer({ name: `Page ${i}` });
	expect((await api.call('GET', '/clients?skip=5&take=3')).body).toMatchObject({ count: 7, data: [{ title: 'Page 3' }, { title: 'Page 4' }] });
	api.clock.pass(1);
	api.sim.desk.customer({ name: 'Young' });
	expect((await api.call('GET', `/clients?changed_from=${api.clock.now()}`)).body).toMatchObject({ count: 1, data: [{ title: 'Young' }] });
	expect((await api.call('GET', '/clients?changed_from=yesterday')).body).toMatchObject({ ok: false });
});
