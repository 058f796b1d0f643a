// Proves what servers and documents must not bring about, however they are meant.
import { customerSchema, orderSchema, quoteSchema, type Customer, type Document } from '../../../nodes/core/documents';
import type { ItemResult, Outcome, UpsertOptions } from '../../../nodes/core/port';
import { servicesFor } from '../../../nodes/RestErp/rest.assembly';
import type { Services } from '../../../nodes/RestErp/rest.services';
import { Reader } from '../../../nodes/RestErp/rest.reading';
import { partsFor, Writer } from '../../../nodes/RestErp/rest.writing';
import { sendTo, TestClock } from '../send';
import { profileFor } from './writing.profile';
import { WritingServer, type Json, type Way } from './writing.server';

let server: WritingServer;
let url: string;

beforeEach(async () => await open('uniqueField'));
afterEach(async () => await server.stop());

async function open(way: Way): Promise<void> {
	await server?.stop().catch(() => undefined);
	server = new WritingServer(way);
	url = await server.start();
	server.add('products', { code: 'W-1', name: 'Widget' });
}

function services(profile: Json): Services {
	return servicesFor({ profile: 'custom', profileJson: JSON.stringify(profile), url, installation: 'erp' }, { send: sendTo(url), clock: new TestClock() });
}

function writer(profile: Json): Writer {
	const made = services(profile);
	return new Writer(made, partsFor(made));
}

function customer(n: number | string, more: Partial<Customer> = {}): Customer {
	return customerSchema.parse({ kind: 'customer', key: `crm:Accounts:${n}`, name: `Customer ${n}`, ...more });
}

async function upsert(profile: Json, documents: Document[], options: UpsertOptions = {}): Promise<ItemResult[]> {
	return await writer(profile).upsert(documents[0]!.kind === 'quote' ? 'order' : documents[0]!.kind, documents, options);
}

function value(result: ItemResult | undefined): Outcome {
	if (!result?.ok) throw result?.failure ?? new Error('no result');
	return result.value;
}

const LOOSE: Json = { version: undefined };

describe('who is meant', () => {
	test('two customers of one call with the same mail address do not both take the one that is there', async () => {
		server.add('customers', { name: 'Old', email: 'info@example.test' });
		const results = await upsert(profileFor('uniqueField', { customer: LOOSE }), [customer(1, { email: 'info@example.test' }), customer(2, { email: 'info@example.test' })], { matchBy: 'email' });
		results.map(value);
		expect(server.tables.customers!.map((row) => row.external_id).sort()).toEqual(['crm:Accounts:1', 'crm:Accounts:2']);
	});

	test('two customers of one call that are linked to the same record do not both take it', async () => {
		const old = server.add('customers', { name: 'Old' });
		const link = { key: `erp:customers:${String(old.id)}` };
		await upsert(profileFor('uniqueField', { customer: LOOSE }), [customer(1, { link } as Partial<Customer>), customer(2, { link } as Partial<Customer>)]);
		expect(server.tables.customers!.map((row) => row.external_id).sort()).toEqual(['crm:Accounts:1', 'crm:Accounts:2']);
	});

	test('a server that does not know the filter for VAT numbers has nobody adopted', async () => {
		server.add('customers', { name: 'Somebody else' });
		const profile = profileFor('uniqueField', { customer: { find: { key: { path: '/customers', query: { external_id: 'value' } }, vat: { path: '/customers' } } } });
		await upsert(profile, [customer(1, { vat: 'DE1' })]);
		expect(server.tables.customers).toEqual([expect.objectContaining({ name: 'Somebody else' }), expect.objectContaining({ external_id: 'crm:Accounts:1' })]);
	});

	test('an order is not taken for the customer\'s whose VAT number is not told', async () => {
		server.add('customers', { name: 'Somebody else' });
		const profile = profileFor('uniqueField', { customer: { find: { key: { path: '/customers', query: { external_id: 'value' } }, vat: { path: '/customers' } } } });
		const order = orderSchema.parse({ kind: 'order', key: 'crm:Quotes:1', customer: customer(1, { vat: 'DE1' }), currency: 'EUR', lines: [{ key: '1', code: 'W-1', quantity: '1', price: '1' }], totals: { net: '1', tax: '0', total: '1' } });
		const [result] = await upsert(profile, [order]);
		expect(result).toMatchObject({ ok: false, failure: { kind: 'missing' } });
	});

	test('a record with our very key goes before one whose key has another form', async () => {
		server.add('customers', { name: 'Shop', external_id: 'SHOP-1' });
		const ours = server.add('customers', { name: 'Customer 1', external_id: 'crm:Accounts:1' });
		const profile = profileFor('uniqueField', { customer: { find: { key: { path: '/customers' } } } });
		expect(value((await upsert(profile, [customer(1)]))[0]).ref.id).toBe(ours.id);
		expect(server.writes()).toEqual([]);
	});

	test('a quote and the order that names it, in one call, are one order', async () => {
		server.add('customers', { external_id: 'crm:Accounts:1', name: 'Customer 1' });
		const base = { currency: 'EUR', customer: customer(1), lines: [{ key: '1', code: 'W-1', quantity: '1', price: '1' }], totals: { net: '1', tax: '0', total: '1' } };
		const quote = quoteSchema.parse({ ...base, kind: 'quote', key: 'crm:Quotes:1', status: 'accepted' });
		const order = orderSchema.parse({ ...base, kind: 'order', key: 'crm:SalesOrder:9', quoteKey: 'crm:Quotes:1' });
		for (const way of ['uniqueField', 'searchField', 'chosenId', 'idempotencyHeader'] as const) {
			await open(way);
			server.add('customers', { external_id: 'crm:Accounts:1', name: 'Customer 1', id: '1' });
			const results = await upsert(profileFor(way, { order: { body: { external_id: 'key', reference: 'document.reference', customer: '"x"' }, read: { number: 'record.number' }, lines: undefined } }), [quote, order]);
			results.map(value);
			expect(server.tables.orders).toHaveLength(1);
		}
	});

	test('a list that is searched here, not by the server, gives each value its own', async () => {
		await open('searchField');
		for (const n of [1, 2]) server.add('customers', { name: `Customer ${n}`, external_id: `crm:Accounts:${n}` });
		const profile = profileFor('searchField', { customer: { find: { key: { path: '/customers', items: '[answer.data[external_id = $$.value]]' } } } });
		const results = await upsert(profile, [customer(1), customer(2)]);
		expect(results.map((result) => value(result).outcome)).toEqual(['unchanged', 'unchanged']);
		expect(server.writes()).toEqual([]);
		expect(server.tables.customers).toHaveLength(2);
	});

	test('what is read beside several records with one call is told apart by each', async () => {
		for (const name of ['A', 'B']) server.add('orders', { number: name, external_id: `crm:Quotes:${name}` });
		server.tables.lines = ['A', 'B'].map((of) => ({ id: `l${of}`, order: of, quantity: '1', price: '5', name: `line of ${of}` }));
		const made = services(profileFor('uniqueField', { order: { with: { lines: { path: '/lines', items: '[answer.data[order = $$.record.number]]' } }, read: { number: 'record.number', lines: 'with.lines.{"name": name, "quantity": quantity, "price": price}' } } }));
		const rows = await new Reader(made).documentsOf('order', server.tables.orders!);
		expect(rows.map((order) => order.lines.map(({ name }) => name))).toEqual([['line of A'], ['line of B']]);
	});
});

describe('secrets', () => {
	test.each([
		['a record without an id', { data: [{ id: null, header: 'Bearer s3cret-token' }] }],
		['a next link', { data: [{ id: '1', name: 'x' }], next: 'http://elsewhere.test/s3cret-token' }],
		['a next link in a circle', { data: [{ id: '1', name: 'x' }], next: 'http:s3cret-token:' }],
	])('are not told when a server repeats them: %s', async (_what, answer) => {
		server.refuse = () => [200, answer];
		const profile = { ...profileFor('uniqueField'), auth: { type: 'bearer' }, paging: { style: 'next', next: 'answer.next' } };
		const made = servicesFor({ profile: 'custom', profileJson: JSON.stringify(profile), url, token: 's3cret-token', installation: 'erp' }, { send: sendTo(url), clock: new TestClock() });
		const told = await (async () => {
			for await (const _page of new Reader(made).list('customer', {}));
		})().catch((error: Error) => error.message);
		expect(told).toEqual(expect.any(String));
		expect(told).not.toContain('s3cret-token');
	});
});

describe('one record', () => {
	test('whose id the answer spells otherwise than the record is not taken for a twin', async () => {
		await open('searchField');
		const profile = profileFor('searchField', { customer: { create: { path: '/customers', id: '"000" & answer.id' }, get: { path: '/customers/{$string($number(id))}' }, remove: { path: '/customers/{$string($number(id))}' } } });
		const [result] = await upsert(profile, [customer(1)]);
		expect(value(result)).toMatchObject({ outcome: 'created', ref: { id: server.tables.customers![0]!.id } });
		expect(server.writes()).toEqual(['POST /customers']);
	});

	test('that is read and found late is not made once more under another idempotency key', async () => {
		await open('idempotencyHeader');
		let made: number | undefined;
		let late = 0;
		server.refuse = ({ method, path }) => {
			if (method === 'POST') made ??= server.calls.length;
			if (method !== 'GET' || made === undefined || ++late > 4) return undefined;
			return path === '/customers' ? [200, { data: [] }] : [404, { message: 'not yet' }];
		};
		const [result] = await upsert(profileFor('idempotencyHeader'), [customer(1)]);
		expect(value(result).outcome).toBe('created');
		expect(server.tables.customers).toHaveLength(1);
	});

	test('that the server gives from its memory, and whose key a person took away, is never removed', async () => {
		await open('idempotencyHeader');
		await upsert(profileFor('idempotencyHeader'), [customer(1)]);
		const made = server.tables.customers![0]!;
		delete made.external_id;
		const [result] = await upsert(profileFor('idempotencyHeader'), [customer(1)]);
		expect(result).toMatchObject({ ok: false, failure: { kind: 'rejected' } });
		expect(server.tables.customers).toEqual([made]);
	});

	test.each(['uniqueField', 'searchField'] as const)('by %s: somebody else\'s, which the server gives instead of making one, is never removed', async (way) => {
		await open(way);
		const theirs = server.add('customers', { name: 'Theirs', external_id: 'crm:Accounts:77' });
		const nobodys = server.add('customers', { name: 'Nobody\'s', phone: '1' });
		for (const row of [theirs, nobodys]) {
			server.refuse = ({ method }) => (method === 'POST' ? [200, row] : undefined);
			const [result] = await upsert(profileFor(way), [customer(1)]);
			expect(result).toMatchObject({ ok: false });
		}
		expect(server.tables.customers).toEqual([theirs, nobodys]);
	});

	test('of somebody else\'s, which the server gives instead of making one, is no twin of ours either', async () => {
		await open('searchField');
		const theirs = server.add('customers', { name: 'Theirs', external_id: 'crm:Accounts:77' });
		server.refuse = ({ method }) => {
			if (method === 'POST') server.add('customers', { external_id: 'crm:Accounts:1', name: 'Customer 1' });
			return method === 'POST' ? [200, theirs] : undefined;
		};
		const [result] = await upsert(profileFor('searchField'), [customer(1)]);
		expect(value(result).ref.id).toBe(server.tables.customers![1]!.id);
		expect(server.tables.customers).toEqual([theirs, expect.objectContaining({ name: 'Customer 1' })]);
	});
});
