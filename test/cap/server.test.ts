// Proves that the OData server of the tests is what the other tests take it for: deep writes, totals, ETags, next links,
// batches; by plain calls only.
import { Desk } from './desk';
import { CapServer, type Row } from './server';

let server: CapServer;
let desk: Desk;

beforeAll(async () => {
	server = await CapServer.start();
	desk = new Desk(server, (suffix) => `run ${suffix}`, 'run');
}, 90_000);

afterAll(async () => {
	await server.stop();
});

it('computes totals, confirms, bills and takes payments', async () => {
	const order = await desk.make('order', 'one');
	expect(await desk.read('Orders', order)).toMatchObject({ status: 'draft', net: 316.48, tax: 31.65, total: 348.13 });
	const invoice = await desk.bill(order);
	await desk.change('invoice', invoice, 100);
	expect(await desk.read('Invoices', invoice)).toMatchObject({ total: 348.13, paid: 100, order_ID: order });
	await expect(desk.change('order', order, 1)).rejects.toMatchObject({ status: 409 });
	await expect(desk.change('invoice', invoice, 1_000)).rejects.toMatchObject({ status: 409 });
});

it('refuses a second record with one key, changes without an ETag, and strangers', async () => {
	const values = { name: 'Twin', externalKey: 'crm:Accounts:1' };
	const id = await desk.create('Customers', values);
	await expect(desk.create('Customers', values)).rejects.toMatchObject({ status: 409 });
	const send = async (headers: Record<string, string>): Promise<number> => (await fetch(`${server.url}/Customers(${id})`, { method: 'PATCH', body: '{"phone":"1"}', headers: { 'content-type': 'application/json', ...headers } })).status;
	const authorization = `Basic ${btoa('integration:integration-pw')}`;
	expect(await send({ authorization })).toBe(428);
	expect(await send({ authorization, 'if-match': 'W/"2020-01-01T00:00:00.000Z"' })).toBe(412);
	expect(await send({ authorization: `Basic ${btoa('integration:wrong')}` })).toBe(401);
});

it('cuts lists at 20 and tells where they go on, whatever page size is asked for', async () => {
	for (let i = 0; i < 25; i++) await desk.create('Products', { name: `run ${i}`, code: `P${i}` });
	const page = await server.call('GET', '/Products?$top=1000');
	expect(page.value).toHaveLength(20);
	expect(page['@odata.nextLink']).toMatch(/^Products\?.*skiptoken=/);
	expect(await server.all('Products')).toHaveLength(27);
});

it('answers each part of a batch by itself, and knows headers of parts in small letters only', async () => {
	const id = await desk.create('Customers', { name: 'Batched' });
	const patch = (name: string): Row => ({ method: 'PATCH', url: `Customers(${id})`, headers: { [name]: '*', 'content-type': 'application/json' }, body: { phone: '1' } });
	const requests = [{ method: 'GET', url: `Customers(${id})` }, { method: 'GET', url: 'Customers(00000000-0000-4000-8000-000000000000)' }, patch('If-Match'), patch('if-match')].map((request, i) => ({ id: `${i}`, ...request }));
	const { responses } = (await server.call('POST', '/$batch', { requests })) as { responses: Row[] };
	expect(responses.map((response) => [response.id, response.status])).toEqual([['0', 200], ['1', 404], ['2', 428], ['3', 200]]);
});

it('goes by a clock that can be put ahead', async () => {
	const clock = server.clock();
	await clock.sleep(3_600_000);
	const { modifiedAt } = await desk.read('Customers', await desk.create('Customers', { name: 'Later' }));
	expect(Math.abs(Date.parse(String(modifiedAt)) - clock.now())).toBeLessThan(5_000);
});

it('says why, when it cannot start', async () => {
	await expect(CapServer.start({ requires: { db: { impl: 'no-such-database' } } })).rejects.toThrow(/did not start|ended with code 1.*npm ci.*no-such-database/s);
});
