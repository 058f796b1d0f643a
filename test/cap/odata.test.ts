// Proves by the server's own log that a profile's OData is really used: one call for a record with its parts, ETags
// against changes in between, batches, next links; and that lists lose and double nothing while people write.
import fc from 'fast-check';
import type { Document, Order } from '../../nodes/core/documents';
import { collect } from '../../nodes/core/pages';
import type { Connector, UpsertOptions } from '../../nodes/core/port';
import { rest } from '../../nodes/RestErp/rest.system';
import { capCredential } from '../contract/bench.cap';
import { connectTo } from '../contract/bench';
import { outcome, outcomes } from '../contract/results';
import { customerSample, orderSample, productSample } from '../contract/samples';
import { Desk } from './desk';
import { CapServer, type Row, type SeenCall, type SeenPart } from './server';

const CONTEXT = { installation: 'crm', run: 'odata', code: 'W-1', taxes: [{ name: 'Sales', rate: '10', code: undefined }], currency: 'EUR', country: 'Germany' };
const OPTIONS: UpsertOptions = { rounding: { mode: 'explained' }, taxes: [{ from: 'Sales', to: 'A10' }] };

let server: CapServer;
let desk: Desk;
let connector: Connector;

beforeAll(async () => {
	server = await CapServer.start();
	desk = new Desk(server, (suffix) => `odata ${suffix}`, 'odata');
	connector = connectTo(rest, capCredential(server), server.clock());
}, 90_000);

afterAll(async () => {
	await server.stop();
});

beforeEach(async () => {
	await server.calls();
});

const isBatch = ({ url }: SeenCall): boolean => url.endsWith('/$batch');
const parts = (call: SeenCall): SeenPart[] => (call.body as { requests: SeenPart[] }).requests;
const writes = (calls: readonly SeenCall[]): SeenCall[] => calls.filter((call) => call.method !== 'GET' && !(isBatch(call) && parts(call).every(({ method }) => method === 'GET')));

async function order(suffix: string): Promise<Order> {
	const customer = customerSample(CONTEXT, `of-${suffix}`);
	const { ref } = outcome(await connector.upsert('customer', [customer], {}));
	await server.calls();
	return { ...orderSample(CONTEXT, customer, suffix), refs: [ref] };
}

const items = async (id: string): Promise<Row[]> => (await desk.read('Orders', id, '?$expand=items($orderby=position)')).items as Row[];

it('an order and its lines are one insert', async () => {
	const { ref } = outcome(await connector.upsert('order', [await order('deep')], OPTIONS));
	const sent = writes(await server.calls());
	expect(sent.map(({ method, url, status }) => [method, url.replace(/.*\//, ''), status])).toEqual([['POST', 'Orders', 201]]);
	expect((sent[0]!.body as { items: Row[] }).items).toHaveLength(3);
	expect((await items(ref.id)).map(({ quantity, taxCode_code }) => [quantity, taxCode_code])).toEqual([[3, 'A10'], [2, 'A10'], [1, 'A10']]);
});

it('a changed line is one update of the order, under the ETag that was read, and lines stay who they are', async () => {
	const document = await order('update');
	const { ref } = outcome(await connector.upsert('order', [document], OPTIONS));
	const before = await items(ref.id);
	const { ['@odata.etag']: etag } = await desk.read('Orders', ref.id);
	await server.calls();
	const lines = document.lines.map((line) => (line.key === '2' ? { ...line, quantity: '5' } : line));
	expect(outcome(await connector.upsert('order', [{ ...document, lines, totals: undefined }], OPTIONS)).outcome).toBe('updated');
	const sent = writes(await server.calls());
	expect(sent.map(({ method, url, headers, status }) => [method, url.replace(/.*\/Orders/, 'Orders'), headers['if-match'], status])).toEqual([['PATCH', `Orders(${ref.id})`, etag, 200]]);
	expect(Object.keys(sent[0]!.body as Row)).toContain('items');
	const after = await items(ref.id);
	expect(after.map(({ ID }) => ID)).toEqual(before.map(({ ID }) => ID));
	expect(after.map(({ quantity }) => quantity)).toEqual([3, 5, 1]);
});

it('a confirmation goes under the ETag, too', async () => {
	outcome(await connector.upsert('order', [await order('confirm')], { ...OPTIONS, confirm: true }));
	const [, confirm] = writes(await server.calls());
	expect(confirm).toMatchObject({ method: 'POST', url: expect.stringMatching(/\/ErpService\.confirm$/), status: 200, headers: { 'if-match': expect.stringMatching(/^W\/"2/) } });
});

it('what somebody changes between reading and writing is seen, and not overwritten unseen', async () => {
	const document = productSample(CONTEXT, 'etag');
	const { ref } = outcome(await connector.upsert('product', [document], {}));
	let meddled = false;
	const meddling = connectTo({ ...rest, connect: (credential, deps) => rest.connect(credential, {
		...deps,
		send: async (request) => {
			if (request.method === 'PATCH' && !meddled) {
				meddled = true;
				await server.call('PATCH', `/Products(${ref.id})`, { description: 'by a clerk' });
			}
			return await deps.send(request);
		},
	}) }, capCredential(server), server.clock());
	await server.calls();
	expect(outcome(await meddling.upsert('product', [{ ...document, price: '5' }], {})).outcome).toBe('updated');
	const sent = writes(await server.calls());
	expect(sent.map(({ method, status }) => [method, status])).toEqual([['PATCH', 412], ['PATCH', 200]]);
	expect(new Set(sent.map(({ headers }) => headers['if-match'])).size).toBe(2);
	expect(await desk.read('Products', ref.id)).toMatchObject({ price: 5 });
});

it('many look-ups and many writes go in batches; one that is refused stands alone', async () => {
	const documents: Document[] = Array.from({ length: 8 }, (_, i) => productSample(CONTEXT, `batch ${i}`));
	documents[3] = { ...documents[3]!, name: '' } as Document;
	const results = await connector.upsert('product', documents, {});
	expect(results.map(({ ok }) => ok)).toEqual([true, true, true, false, true, true, true, true]);
	const calls = await server.calls();
	const batches = calls.filter(isBatch);
	expect(batches.length).toBeGreaterThanOrEqual(2);
	expect(batches.every(({ status }) => status === 200)).toBe(true);
	const sent = batches.flatMap(parts);
	expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(8);
	expect(sent.filter(({ method, url }) => method === 'GET' && url.startsWith('Products?')).length).toBeGreaterThanOrEqual(8);
	expect(calls.filter((call) => !isBatch(call)).length).toBeLessThan(4);
	await server.calls();
	expect(outcomes((await connector.upsert('product', documents.filter((_, i) => i !== 3), {}))).map((one) => one.outcome)).toEqual(Array(7).fill('unchanged'));
	expect(writes(await server.calls())).toEqual([]);
});

it('updates in a batch go under their ETags', async () => {
	const documents = Array.from({ length: 3 }, (_, i) => productSample(CONTEXT, `etags ${i}`));
	outcomes(await connector.upsert('product', documents, {}));
	await server.calls();
	expect(outcomes(await connector.upsert('product', documents.map((one) => ({ ...one, price: '7' })), {})).map((one) => one.outcome)).toEqual(['updated', 'updated', 'updated']);
	const patches = (await server.calls()).filter(isBatch).flatMap(parts).filter(({ method }) => method === 'PATCH');
	expect(patches.map(({ headers }) => headers?.['if-match'])).toEqual(Array(3).fill(expect.stringMatching(/^W\/"2/)));
});

describe('lists', () => {
	/** More than two pages of the server's own size. */
	const COUNT = 47;
	const seeded: string[] = [];

	beforeAll(async () => {
		for (let i = 0; i < COUNT; i++) seeded.push(await desk.create('Customers', { name: `listed ${i}` }));
	});

	it('go on by next links', async () => {
		const ids = (await collect(connector.list('customer', {}))).map(({ source }) => source!.id);
		expect(ids).toEqual(expect.arrayContaining(seeded));
		expect(new Set(ids).size).toBe(ids.length);
		const pages = (await server.calls()).filter(({ url }) => url.includes('/Customers'));
		expect(pages.length).toBeGreaterThan(2);
		expect(pages.map(({ nextLink }) => nextLink)).toEqual([...pages.slice(1).map(() => true), false]);
		expect(pages.map(({ url }) => url.includes('$skiptoken='))).toEqual([false, ...pages.slice(1).map(() => true)]);
		expect(pages[0]!.headers.prefer).toBe('odata.maxpagesize=100');
	});

	it.each([
		['a server whose pages go on behind the last record', {}],
		['a server whose pages count records, as CAP does by default', { query: { limit: { reliablePaging: false } } }],
	])('lose and double nothing while people add records: %s', async (_name, settings) => {
		const other = await CapServer.start(settings);
		try {
			const ids: string[] = [];
			for (let i = 0; i < COUNT; i++) ids.push(String((await other.call('POST', '/Customers', { name: `there ${i}` })).ID));
			const client = connectTo(rest, capCredential(other), other.clock());
			await fc.assert(
				fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 }), async (added) => {
					const seen: string[] = [];
					let page = 0;
					for await (const documents of client.list('customer', {})) {
						seen.push(...documents.map(({ source }) => source!.id));
						for (let i = 0; i < (added[page] ?? 0); i++) await other.call('POST', '/Customers', { name: 'added' });
						page++;
					}
					expect(new Set(seen).size).toBe(seen.length);
					expect(ids.filter((id) => !seen.includes(id))).toEqual([]);
				}),
				{ numRuns: 8 },
			);
		} finally {
			await other.stop();
		}
	}, 60_000);
});
