// Proves that a document has one effect, or that what is in the way is told, on servers that answer awkwardly: whose search
// lags, guesses or does not heed, that take a create without saying what came of it, that know an error for ever.
import type { Writer } from '../../../nodes/RestErp/rest.writing';
import { customer, failure, isCreate, one, order, value, writerAt } from './writing.documents';
import { profileFor } from './writing.profile';
import { WritingServer, type Json, type Reply, type Seen, type Way } from './writing.server';

let server: WritingServer;
let url: string;

async function open(way: Way): Promise<void> {
	server = new WritingServer(way);
	url = await server.start();
}

afterEach(async () => {
	await server.stop();
});

const writer = (profile: Json): Writer => writerAt(url, profile);
const customers = (change: Json, way: Way = 'searchField'): Json => profileFor(way, { customer: change });
const asksForKey = ({ method, path, query }: Seen): boolean => method === 'GET' && path === '/customers' && query.external_id !== undefined;
const keys = (): unknown[] => server.tables.customers!.map((row) => row.external_id);
const NONE: Reply = [200, { data: [] }];

/** New records are not seen by that many searches. */
function lagging(searches: number): void {
	let left = 0;
	server.refuse = (call) => {
		if (isCreate(call)) left = searches;
		return asksForKey(call) && left-- > 0 ? NONE : undefined;
	};
}

describe('a create that is taken without a word of what came of it', () => {
	test.each<[string, Reply, Way, number]>([
		['201 without a body', [201, undefined], 'searchField', 4],
		['201 without a body, found late', [201, undefined], 'searchField', 12],
		['202, done later', [202, { job: 'j-1' }], 'searchField', 12],
		['202, done later', [202, { job: 'j-1' }], 'uniqueField', 12],
		['202, done later', [202, { job: 'j-1' }], 'idempotencyHeader', 12],
	])('%s: it is looked for, not sent again', async (_what, reply, way, searches) => {
		await open(way);
		lagging(searches);
		server.spoil = (call) => (isCreate(call) ? reply : undefined);
		const [result] = await writer(profileFor(way)).upsert('customer', [customer(1)], {});
		if (searches > 6) expect(failure(result)).toMatchObject({ kind: 'unknown', message: expect.stringMatching(/neither its answer tells an id nor is it found by the key crm:Accounts:1/) });
		else expect(value(result)).toMatchObject({ outcome: 'created', ref: { id: server.tables.customers![0]!.id } });
		expect(server.writes()).toEqual(['POST /customers']);
		server.refuse = () => undefined;
		expect(await one(writer(profileFor(way)), customer(1))).toMatchObject({ outcome: 'unchanged' });
		expect(keys()).toEqual(['crm:Accounts:1']);
	});

	test('a PUT that is done later is asked for again', async () => {
		await open('chosenId');
		let looks = 0;
		server.refuse = ({ method, path }) => (method === 'GET' && path.startsWith('/customers/') && ++looks <= 3 ? [404, { message: 'not there' }] : undefined);
		server.spoil = (call) => (isCreate(call) ? [202, { job: 'j-1' }] : undefined);
		expect(await one(writer(customers({ find: undefined }, 'chosenId')), customer(1))).toMatchObject({ outcome: 'created' });
		expect(keys()).toEqual(['crm:Accounts:1']);
	});
});

describe('a confirmation that is taken and done later', () => {
	async function taken(looks: number): Promise<void> {
		await open('uniqueField');
		server.add('customers', { external_id: 'crm:Accounts:1', name: 'Customer 1' });
		for (const code of ['W-1', 'W-2']) server.add('products', { code, name: code });
		let left = Infinity;
		server.refuse = ({ method, path }) => {
			if (path.endsWith('/confirm')) left = looks;
			else if (method === 'GET' && /^\/orders\/\w/.test(path) && left-- === 0) server.tables.orders![0]!.status = 'confirmed';
			return path.endsWith('/confirm') ? [202, { job: 'j-2' }] : undefined;
		};
	}

	test('is looked at again, not sent again', async () => {
		await taken(2);
		expect(await one(writer(profileFor('uniqueField')), order(1), { confirm: true })).toMatchObject({ outcome: 'created', ref: { status: 'confirmed' } });
		expect(server.writes()).toEqual(['POST /orders', 'POST /orders/104/confirm']);
	});

	test('that does not come is told', async () => {
		await taken(100);
		const [result] = await writer(profileFor('uniqueField')).upsert('order', [order(1)], { confirm: true });
		expect(failure(result)).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/took the call and the order SO104 is not confirmed/) });
		expect(server.writes()).toEqual(['POST /orders', 'POST /orders/104/confirm']);
	});
});

describe('a search that lags', () => {
	test('the same key twice in one call is one record', async () => {
		await open('searchField');
		lagging(12);
		const results = await writer(profileFor('searchField')).upsert('customer', [customer(1), customer(1, { phone: '5' })], {});
		expect(results.map((result) => value(result).ref.id)).toEqual(['101', '101']);
		expect(server.tables.customers).toEqual([expect.objectContaining({ external_id: 'crm:Accounts:1', phone: '5' })]);
	});

	test('the same key twice in one call, of which the first is not there yet: it is not sent again', async () => {
		await open('searchField');
		lagging(40);
		server.spoil = (call) => (isCreate(call) ? [202, {}] : undefined);
		const results = await writer(profileFor('searchField')).upsert('customer', [customer(1), customer(1, { phone: '5' })], {});
		expect(results.map((result) => failure(result).kind)).toEqual(['unknown', 'unknown']);
		expect(server.writes()).toEqual(['POST /customers']);
	});

	test('longer than it is waited for, after a lost answer: that there may be two is told', async () => {
		await open('searchField');
		lagging(30);
		let lost = false;
		server.lose = (call) => isCreate(call) && !lost && (lost = true);
		const outcome = await one(writer(profileFor('searchField')), customer(1));
		expect(outcome.ref.id).toBe('102');
		expect(outcome.notes.join()).toMatch(/the answer to a first call was lost.*look there whether two records carry the key crm:Accounts:1/i);
	});
});

describe('a search that gives the newest first', () => {
	/** A record that searches do not show before another one is made. */
	const hidden = (id: string): void => {
		server.add('customers', { id, external_id: 'crm:Accounts:1', name: 'Customer 1', email: 'c1@example.test' });
		let made = false;
		server.spoil = (call) => {
			made ||= isCreate(call);
			const seen = made ? server.tables.customers!.filter((row) => row.external_id === call.query.external_id) : [];
			return asksForKey(call) ? [200, { data: seen.reverse() }] : undefined;
		};
	};

	test.each(['50', '99'])('the older one stays by its number: %s', async (id) => {
		await open('searchField');
		hidden(id);
		expect(await one(writer(profileFor('searchField')), customer(1))).toMatchObject({ outcome: 'unchanged', ref: { id } });
		expect(server.writes()).toEqual(['POST /customers', 'DELETE /customers/102']);
	});

	test('where ids tell no order, the other one is told', async () => {
		await open('searchField');
		hidden('b-1');
		server.refuse = (call) => void (isCreate(call) && (call.body.id = 'a-2'));
		expect((await one(writer(profileFor('searchField')), customer(1))).notes.join()).toMatch(/id a-2 is used.*look whether id b-1 goes/);
	});
});

describe('a search that gives what was not asked for', () => {
	const everything = (call: Seen): Reply | undefined => (asksForKey(call) ? [200, { data: server.tables.customers! }] : undefined);
	const UUID: Json = { body: { external_id: '$uuid(key)', name: 'document.name' }, find: { key: { path: '/customers', query: { external_id: '$uuid(value)' } } } };
	const foreign = { external_id: 'b6d64c46-fd47-5958-aaaa-aaaaaaaaaaaa', name: 'Foreign' };

	test.each<[string, Json]>([['keys in another form', UUID], ['no key in the profile', { key: undefined }]])('everything, with %s: no foreign record is taken', async (_what, change) => {
		await open('searchField');
		server.add('customers', foreign);
		server.spoil = everything;
		const [result] = await writer(customers(change)).upsert('customer', [customer(1)], {});
		expect(failure(result)).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/kinds\.customer\.find\.key: finds .* for a key that no record has: the server does not heed what is asked/) });
		expect(server.writes()).toEqual([]);
	});

	test('a server that heeds is asked so once', async () => {
		await open('searchField');
		const w = writer(customers(UUID));
		await one(w, customer(1));
		await one(w, customer(2));
		server.calls.length = 0;
		for (const n of [1, 2, 1]) expect(await one(w, customer(n))).toMatchObject({ outcome: 'unchanged' });
		expect(server.calls.filter(asksForKey)).toHaveLength(3);
	});

	test('the record of another key that was cut', async () => {
		await open('searchField');
		server.add('customers', { external_id: 'crm:Acc', name: 'Foreign' });
		server.spoil = (call) => (asksForKey(call) ? [200, { data: server.tables.customers!.filter((row) => String(row.external_id).slice(0, 7) === call.query.external_id!.slice(0, 7)) }] : undefined);
		expect(await one(writer(profileFor('searchField')), customer(1))).toMatchObject({ outcome: 'created' });
		expect(server.tables.customers![0]).toMatchObject({ external_id: 'crm:Acc', name: 'Foreign' });
	});

	test('thousands without a key are not read one by one', async () => {
		await open('searchField');
		for (let n = 0; n < 60; n++) server.add('customers', { name: `Keyless ${n}` });
		server.spoil = everything;
		const [result] = await writer(profileFor('searchField')).upsert('customer', [customer(1)], {});
		expect(failure(result)).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/finds 60 records of which kinds\.customer\.key .* gives nothing/) });
		expect(server.calls.length).toBeLessThan(5);
	});
});

describe('a refusal in the server\'s own words', () => {
	test.each<[Way, Reply]>([['uniqueField', [400, { message: 'A record with this external id exists' }]], ['uniqueField', [422, { message: 'duplicate' }]], ['searchField', [400, { message: 'exists' }]]])('of what is there already, by %s: %j', async (way, reply) => {
		await open(way);
		server.refuse = (call) => {
			if (!isCreate(call)) return undefined;
			if (server.tables.customers!.length === 0) server.add('customers', { external_id: 'crm:Accounts:1', name: 'Customer 1', email: 'c1@example.test' });
			return reply;
		};
		expect(await one(writer(profileFor(way)), customer(1))).toMatchObject({ outcome: 'unchanged' });
		expect(server.writes()).toHaveLength(1);
	});

	test('of the content stays what it is, and is not sent again', async () => {
		await open('uniqueField');
		server.refuse = (call) => (isCreate(call) ? [400, { message: 'the name is too short' }] : undefined);
		const [result] = await writer(profileFor('uniqueField')).upsert('customer', [customer(1)], {});
		expect(failure(result)).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/the name is too short/) });
		expect(server.writes()).toHaveLength(1);
	});

	test.each<[Reply, string]>([[[400, { message: 'Keys can only be used with the same parameters' }], 'rejected'], [[500, { message: 'oops' }], 'unknown']])('that it remembers with the idempotency key: what to do is told (%j)', async (reply, kind) => {
		await open('idempotencyHeader');
		server.refuse = (call) => (isCreate(call) ? reply : undefined);
		const [result] = await writer(profileFor('idempotencyHeader')).upsert('customer', [customer(1)], {});
		expect(failure(result)).toMatchObject({ kind, advice: expect.stringMatching(/only repeats what it said to an earlier try with the same Idempotency-Key/) });
	});

	test('of every version that it told itself', async () => {
		await open('uniqueField');
		const w = writer(profileFor('uniqueField'));
		await one(w, customer(1));
		server.refuse = (call) => (call.headers['if-match'] ? [412, { message: 'precondition failed' }] : undefined);
		const [result] = await w.upsert('customer', [customer(1, { phone: '5' })], {});
		expect(failure(result)).toMatchObject({ kind: 'conflict', advice: expect.stringMatching(/kinds\.customer\.version/) });
	});
});

describe('a key that comes back in capitals', () => {
	test('how it survives is told', async () => {
		await open('searchField');
		server.refuse = (call) => {
			if (isCreate(call)) call.body.external_id = String(call.body.external_id).toUpperCase();
			return undefined;
		};
		const [result] = await writer(profileFor('searchField')).upsert('customer', [customer(1)], {});
		expect(failure(result)).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/keeps "CRM:ACCOUNTS:1" instead of the key/), advice: expect.stringMatching(/\$uuid\(key\)/) });
	});
});

test('an object without fields is no record', async () => {
	await open('chosenId');
	server.spoil = ({ method, path }) => (method === 'GET' && path.startsWith('/customers/') && server.tables.customers!.length === 0 ? [200, {}] : undefined);
	expect(await one(writer(profileFor('chosenId')), customer(1))).toMatchObject({ outcome: 'created' });
});
