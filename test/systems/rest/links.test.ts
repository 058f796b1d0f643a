// Proves writing the other system's number and state onto records, moving records, and that the connector refuses in words
// what its profile does not offer.
import { customerSchema, opportunitySchema, quoteSchema, type Document } from '../../../nodes/core/documents';
import type { Failure } from '../../../nodes/core/failure';
import type { Connector, ItemResult, LinkRequest, Outcome } from '../../../nodes/core/port';
import { capabilitiesOf, EVERYTHING } from '../../../nodes/RestErp/rest.capabilities';
import { loadProfile } from '../../../nodes/RestErp/rest.profile';
import { rest } from '../../../nodes/RestErp/rest.system';
import { sendTo, TestClock } from '../send';
import { profileFor } from './writing.profile';
import { WritingServer, type Json } from './writing.server';

let server: WritingServer;
let url: string;

beforeEach(async () => {
	server = new WritingServer('uniqueField');
	url = await server.start();
});
afterEach(async () => {
	await server.stop();
});

const linked: Json = {
	read: { name: 'record.name', link: { key: 'record.erp_key', number: 'record.erp_number', status: 'record.erp_status', message: 'record.erp_message' } },
	link: { path: '/customers/{id}', body: { erp_key: 'link.key', erp_number: 'link.number', erp_status: 'link.status', erp_message: 'link.message' } },
};

function connect(change: Parameters<typeof profileFor>[1] = { customer: linked }): Connector {
	return rest.connect({ profile: 'custom', profileJson: JSON.stringify(profileFor('uniqueField', change)), url, installation: 'crm' }, { send: sendTo(url), clock: new TestClock() });
}

function request(id: unknown, more: Partial<LinkRequest> = {}): LinkRequest {
	return { kind: 'customer', id: String(id), record: 'customer under test', link: { key: 'erp:orders:42', number: 'S42', status: 'Ordered', message: '' }, ...more };
}

function value(result: ItemResult | undefined): Outcome {
	if (!result?.ok) throw result?.failure ?? new Error('no result');
	return result.value;
}

function failure(result: ItemResult | undefined): Failure {
	if (!result || result.ok) throw new Error('it succeeded');
	return result.failure;
}

describe('link', () => {
	test('once, and nothing when it is there already', async () => {
		const { id } = server.add('customers', { name: 'A' });
		expect(value((await connect().link([request(id)]))[0])).toMatchObject({ outcome: 'updated', ref: { id, kind: 'customer' }, changed: { number: { after: 'S42' }, status: { after: 'Ordered' } } });
		expect(server.tables.customers![0]).toMatchObject({ erp_key: 'erp:orders:42', erp_number: 'S42', erp_status: 'Ordered' });
		expect(value((await connect().link([request(id)]))[0]).outcome).toBe('unchanged');
		server.calls.length = 0;
		expect(value((await connect().link([request(id, { link: { status: 'Ordered', message: '' }, current: { key: undefined, number: 'S42', status: 'Ordered', message: undefined } })]))[0]).outcome).toBe('unchanged');
		expect(server.calls).toEqual([]);
	});

	test('empty texts clear what is there, what is not given stays', async () => {
		const { id } = server.add('customers', { name: 'A', erp_number: 'S1', erp_status: 'Needs attention', erp_message: 'no product' });
		expect(value((await connect().link([request(id, { link: { status: '', message: '' } })]))[0]).outcome).toBe('updated');
		expect(server.tables.customers![0]).toMatchObject({ erp_number: 'S1', erp_status: '', erp_message: '' });
	});

	test('an answer that is lost is looked up', async () => {
		const { id } = server.add('customers', { name: 'A' });
		let lost = false;
		server.lose = ({ method }) => method === 'PATCH' && !lost && (lost = true);
		expect(value((await connect().link([request(id)]))[0]).outcome).toBe('updated');
		expect(server.writes()).toHaveLength(1);
	});

	test('a record that is not there is missing, the others are written; two of one record one after the other', async () => {
		const { id } = server.add('customers', { name: 'A' });
		const results = await connect().link([request('9999', { record: 'quote QUO404' }), request(id), request(id, { link: { status: 'Late' } })]);
		expect(failure(results[0])).toMatchObject({ kind: 'missing', message: expect.stringContaining('quote QUO404') });
		expect(results.slice(1).map((result) => value(result).outcome)).toEqual(['updated', 'updated']);
		expect(server.tables.customers![0]).toMatchObject({ erp_number: 'S42', erp_status: 'Late' });
	});

	test('the key by which a record is found again is not overwritten', async () => {
		const shared = { ...linked, read: { name: 'record.name', link: { key: 'record.external_id', number: 'record.erp_number' } }, link: { path: '/customers/{id}', body: { external_id: 'link.key', erp_number: 'link.number' } } };
		const { id } = server.add('customers', { name: 'A', external_id: 'crm:Quotes:1' });
		value((await connect({ customer: shared }).link([request(id)]))[0]);
		expect(server.tables.customers![0]).toMatchObject({ external_id: 'crm:Quotes:1', erp_number: 'S42' });
	});
});

describe('transition', () => {
	const opportunity: Json = {
		module: 'orders',
		read: { name: 'record.name', status: 'record.status ? record.status : "open"' },
		get: { path: '/orders/{id}' },
		transitions: { won: [{ path: '/orders/{id}', method: 'PATCH', body: { stage: '"Closed"' } }, { path: '/orders/{id}', method: 'PATCH', body: { status: 'state' } }] },
	};
	const profile = (): Json => {
		const base = profileFor('uniqueField');
		return { ...base, kinds: { ...(base.kinds as Json), opportunity } };
	};
	const crm = (): Connector => rest.connect({ profile: 'custom', profileJson: JSON.stringify(profile()), url, installation: 'crm' }, { send: sendTo(url), clock: new TestClock() });
	const quote = (opportunityKey: string | undefined): Document => quoteSchema.parse({ kind: 'quote', key: 'crm:quotes:1', number: 'QUO1', opportunityKey });

	test('the opportunity that a quote belongs to is won, in two calls, once', async () => {
		const { id } = server.add('orders', { name: 'Deal' });
		expect(value((await crm().transition('opportunity', [quote(`crm:orders:${String(id)}`)], 'won'))[0])).toMatchObject({ outcome: 'updated', changed: { status: { before: 'open', after: 'won' } }, ref: { id, status: 'won' } });
		expect(server.tables.orders![0]).toMatchObject({ stage: 'Closed', status: 'won' });
		expect(value((await crm().transition('opportunity', [opportunitySchema.parse({ kind: 'opportunity', key: `crm:orders:${String(id)}`, name: 'Deal' })], 'won'))[0]).outcome).toBe('unchanged');
		expect(server.writes()).toHaveLength(2);
	});

	test('a quote without one is passed over, a state that nobody knows is refused', async () => {
		expect(value((await crm().transition('opportunity', [quote(undefined)], 'won'))[0])).toMatchObject({ outcome: 'skipped', notes: [expect.stringContaining('No opportunity')] });
		await expect(crm().transition('opportunity', [quote(undefined)], 'no such state')).rejects.toMatchObject({ kind: 'rejected', message: expect.stringContaining('no such state') as string });
	});

	test('a server that takes the call and does nothing is told', async () => {
		const { id } = server.add('orders', { name: 'Deal' });
		server.refuse = ({ method }) => (method === 'PATCH' ? [200, {}] : undefined);
		expect(failure((await crm().transition('opportunity', [quote(`crm:orders:${String(id)}`)], 'won'))[0])).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/took the call and the opportunity .* is not won/) });
	});
});

describe('what a profile offers', () => {
	test('follows from what it describes', () => {
		const offered = capabilitiesOf(loadProfile(profileFor('uniqueField', { customer: linked }), 'test.json'));
		expect(offered).toMatchObject({
			name: 'Small ERP',
			kinds: { customer: ['get', 'list', 'upsert', 'link'], product: ['get'], order: ['get', 'list', 'upsert', 'transition'] },
			transitions: { order: ['confirmed', 'cancelled'] },
			pending: {},
		});
		const without = capabilitiesOf(loadProfile(profileFor('uniqueField', { customer: { identity: undefined }, order: { find: {} } }), 'test.json'));
		expect(without.kinds.customer).not.toContain('upsert');
		expect(without.kinds.order).not.toContain('upsert');
	});

	test('is never more than the menus show', () => {
		const offered = capabilitiesOf(loadProfile(profileFor('chosenId', { customer: linked }), 'test.json'));
		for (const [kind, verbs] of Object.entries(offered.kinds)) expect(EVERYTHING.kinds[kind as 'customer']).toEqual(expect.arrayContaining([...verbs]));
	});

	test('what is lacking is refused in words', async () => {
		const connector = connect({});
		await expect(connector.upsert('product', [], {})).rejects.toMatchObject({ kind: 'rejected', message: expect.stringMatching(/does not say how to write a product/) as string });
		await expect(connector.upsert('invoice', [], {})).rejects.toMatchObject({ message: expect.stringMatching(/write an invoice/) as string });
		await expect(connector.pending('quote', 'accepted', { limit: 1, skip: new Set() })).rejects.toMatchObject({ kind: 'rejected' });
		expect(failure((await connector.link([request('1')]))[0])).toMatchObject({ kind: 'rejected', advice: expect.stringContaining('kinds.customer.link') });
	});

	test('after a refusal that a person must mend, the session is begun anew', async () => {
		const login = { auth: { type: 'login', request: { method: 'POST', path: '/login', body: {} }, token: 'answer.token' } };
		const connector = rest.connect({ profile: 'custom', profileJson: JSON.stringify({ ...profileFor('uniqueField'), ...login }), url, installation: 'erp' }, { send: sendTo(url), clock: new TestClock() });
		server.refuse = ({ path }) => (path === '/login' ? [200, { token: 't' }] : undefined);
		const upsert = async (name: string): Promise<ItemResult[]> => await connector.upsert('customer', [customerSchema.parse({ kind: 'customer', key: `crm:A:${name}x`, name })], {});
		const logins = (): number => server.calls.filter(({ path }) => path === '/login').length;
		value((await upsert('A'))[0]);
		value((await upsert('B'))[0]);
		expect(logins()).toBe(1);
		expect(failure((await upsert(''))[0]).kind).toBe('rejected');
		value((await upsert('C'))[0]);
		expect(logins()).toBe(2);
	});
});
