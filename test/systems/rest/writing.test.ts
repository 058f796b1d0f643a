// Proves that a document has one effect by each identity rule: with writers at once, lost answers, refusals; and what is
// written, left alone, refused or told.
import { productSchema, quoteSchema } from '../../../nodes/core/documents';
import type { Outcome } from '../../../nodes/core/port';
import { servicesFor } from '../../../nodes/RestErp/rest.assembly';
import { partsFor, type Writer } from '../../../nodes/RestErp/rest.writing';
import { sendTo, TestClock } from '../send';
import { customer, failure, isCreate, one, order, value, writerAt } from './writing.documents';
import { profileFor } from './writing.profile';
import { WritingServer, type Json, type Reply, type Seen, type Way } from './writing.server';

const WAYS: readonly Way[] = ['chosenId', 'idempotencyHeader', 'uniqueField', 'searchField'];

let server: WritingServer;
let url: string;

async function open(way: Way): Promise<void> {
	server = new WritingServer(way);
	url = await server.start();
	server.add('products', { code: 'W-1', name: 'Widget' });
	server.add('products', { code: 'W-2', name: 'Gadget' });
}

afterEach(async () => {
	await server.stop();
});

/** A writer of its own; `address` as another process would have it. */
function writer(profile: Json, address = url): Writer {
	return writerAt(address, profile);
}

describe.each(WAYS)('by %s', (way) => {
	beforeEach(async () => await open(way));

	test('creates, leaves alone, updates', async () => {
		const w = writer(profileFor(way));
		const created = await one(w, customer(1));
		expect(created).toMatchObject({ outcome: 'created', ref: { system: 'erp', kind: 'customer', id: server.tables.customers![0]!.id, url: expect.stringMatching(/^http/) } });
		expect(created.ref.key).toBe(`erp:customers:${String(created.ref.id)}`);
		expect(created.changed).toMatchObject({ name: { after: 'Customer 1' } });
		server.calls.length = 0;
		expect(await one(writer(profileFor(way)), customer(1))).toMatchObject({ outcome: 'unchanged', changed: {}, ref: { id: created.ref.id } });
		expect(server.writes()).toEqual([]);
		expect(await one(w, customer(1, { phone: '+49 1' }))).toMatchObject({ outcome: 'updated', changed: { phone: { after: '+49 1' } } });
		expect(server.tables.customers).toEqual([expect.objectContaining({ phone: '+49 1', email: 'c1@example.test', external_id: 'crm:Accounts:1' })]);
	});

	test('four writers at once make one', async () => {
		server.pause = () => Math.floor(Math.random() * 8);
		// Two addresses of one server: as two processes, which know nothing of each other.
		const addresses = [url, url.replace('127.0.0.1', 'localhost'), url, url.replace('127.0.0.1', 'localhost')];
		for (let n = 1; n <= 10; n++) {
			const outcomes = await Promise.all(addresses.map(async (address) => await one(writer(profileFor(way), address), customer(n))));
			const made = server.tables.customers!.filter((row) => row.external_id === `crm:Accounts:${n}`);
			expect(made).toHaveLength(1);
			expect(outcomes.map(({ ref }) => ref.id)).toEqual(outcomes.map(() => made[0]!.id));
		}
	});

	test('an answer that is lost, at each call', async () => {
		server.add('customers', { external_id: 'crm:Accounts:1', name: 'Customer 1' });
		const clean = writer(profileFor(way));
		await one(clean, order('clean'), { confirm: true });
		const calls = server.calls.length;
		for (let n = 1; n <= calls; n++) {
			server.calls.length = 0;
			let seen = 0;
			server.lose = () => ++seen === n;
			const outcome = await one(writer(profileFor(way)), order(n), { confirm: true });
			const made = server.tables.orders!.filter((row) => row.external_id === `crm:Quotes:${n}`);
			expect(made).toEqual([expect.objectContaining({ status: 'confirmed', total: '251.88' })]);
			expect(outcome).toMatchObject({ outcome: 'created', ref: { id: made[0]!.id, status: 'confirmed' }, proof: { agrees: true } });
		}
	});

	test.each<[string, 'refuse' | 'spoil', Reply]>([
		['500 after the work', 'spoil', [500, '']],
		['a login page after the work', 'spoil', [200, '<html><body>Log in</body></html>', { 'content-type': 'text/html' }]],
		['half an answer after the work', 'spoil', [200, '{"id": ']],
		['an empty answer after the work', 'spoil', [200, '']],
		['500 instead of the work', 'refuse', [500, '']],
		['503 instead of the work', 'refuse', [503, { message: 'busy' }]],
		['429 instead of the work', 'refuse', [429, '', { 'retry-after': '1' }]],
		['a page for people instead of the work', 'refuse', [200, '<html><body>Maintenance</body></html>', { 'content-type': 'text/html' }]],
	])('%s, at each call', async (_what, how, reply) => {
		server.add('customers', { external_id: 'crm:Accounts:1', name: 'Customer 1' });
		await one(writer(profileFor(way)), order('clean'), { confirm: true });
		const calls = server.calls.length;
		for (let n = 1; n <= calls; n++) {
			let seen = 0;
			server[how] = () => (++seen === n ? reply : undefined);
			const run = async (): Promise<Outcome> => await one(writer(profileFor(way)), order(n), { confirm: true });
			// Where one run cannot know, the next one finds out.
			const outcome = await run().catch(run);
			const made = server.tables.orders!.filter((row) => row.external_id === `crm:Quotes:${n}`);
			expect(made).toEqual([expect.objectContaining({ status: 'confirmed', total: '251.88' })]);
			expect(outcome).toMatchObject({ ref: { id: made[0]!.id, status: 'confirmed' }, proof: { agrees: true } });
		}
	});

	test('every second answer is lost, with writers at once', async () => {
		let n = 0;
		server.lose = (call) => isCreate(call) && ++n % 2 === 1;
		server.pause = () => Math.floor(Math.random() * 5);
		const addresses = [url, url.replace('127.0.0.1', 'localhost')];
		for (let i = 1; i <= 6; i++) {
			const outcomes = await Promise.all(addresses.map(async (address) => await one(writer(profileFor(way), address), customer(i))));
			expect(server.tables.customers!.filter((row) => row.external_id === `crm:Accounts:${i}`)).toHaveLength(1);
			expect(new Set(outcomes.map(({ ref }) => ref.id)).size).toBe(1);
		}
	});

	test('what a person removed is made again', async () => {
		const first = await one(writer(profileFor(way)), customer(1));
		server.tables.customers!.length = 0;
		const second = await one(writer(profileFor(way)), customer(1));
		expect(second.outcome).toBe('created');
		expect(server.tables.customers).toHaveLength(1);
		if (way !== 'chosenId') expect(second.ref.id).not.toBe(first.ref.id);
	});

	test('many in one call: results in order, one bad one costs one failure, the same key one after the other', async () => {
		const results = await writer(profileFor(way)).upsert('customer', [customer(1), customer(2, { name: '' }), customer(3), customer(1, { phone: '5' }), productSchema.parse({ kind: 'product', key: 'crm:P:1', name: 'x' })], {});
		expect(results.map((result) => (result.ok ? result.value.outcome : result.failure.kind))).toEqual(['created', way === 'chosenId' ? 'created' : 'rejected', 'created', 'updated', 'rejected']);
		expect(server.tables.customers!.find((row) => row.external_id === 'crm:Accounts:1')).toMatchObject({ phone: '5' });
		if (way !== 'chosenId') expect(failure(results[1]).message).toMatch(/Customer|customer/);
	});

	test('a dry run writes nothing', async () => {
		const outcome = await one(writer(profileFor(way)), customer(1), { dryRun: true });
		expect(outcome).toMatchObject({ outcome: 'created', ref: { id: expect.any(String) }, notes: [expect.stringContaining('Nothing was written')] });
		expect(server.tables.customers).toEqual([]);
	});
});

describe('customers', () => {
	beforeEach(async () => await open('uniqueField'));

	test('one that is there already is adopted by its VAT number, and found by key from then on', async () => {
		server.add('customers', { name: 'Old name', vat: 'DE1' });
		const first = await one(writer(profileFor('uniqueField')), customer(1, { vat: 'DE1' }));
		expect(first).toMatchObject({ outcome: 'updated', changed: { external_id: { after: 'crm:Accounts:1' } }, notes: [expect.stringContaining('VAT number "DE1"')] });
		expect(server.tables.customers).toEqual([expect.objectContaining({ external_id: 'crm:Accounts:1', name: 'Customer 1' })]);
		expect(await one(writer(profileFor('uniqueField')), customer(1, { vat: 'DE1' }))).toMatchObject({ outcome: 'unchanged', notes: [] });
	});

	test('two that fit, and one that belongs to another record, are never chosen', async () => {
		server.add('customers', { name: 'A', vat: 'DE1' });
		server.add('customers', { name: 'B', vat: 'DE1' });
		server.add('customers', { name: 'C', vat: 'DE2', external_id: 'crm:Accounts:77' });
		const results = await writer(profileFor('uniqueField')).upsert('customer', [customer(1, { vat: 'DE1' }), customer(2, { vat: 'DE2' })], {});
		expect(failure(results[0])).toMatchObject({ kind: 'ambiguous', message: expect.stringMatching(/2 customers in Small ERP have the VAT number "DE1": "A" \(id \d+\), "B"/) });
		expect(failure(results[1])).toMatchObject({ kind: 'ambiguous', message: expect.stringMatching(/belongs to another record/) });
		expect(server.writes()).toEqual([]);
	});

	test('matched by mail address when asked, not when it belongs elsewhere', async () => {
		server.add('customers', { name: 'A', email: 'c1@example.test', external_id: 'crm:Accounts:77' });
		server.add('customers', { name: 'B', email: 'c2@example.test' });
		const results = await writer(profileFor('uniqueField')).upsert('customer', [customer(1), customer(2)], { matchBy: 'email' });
		expect(results.map((result) => value(result).outcome)).toEqual(['created', 'updated']);
		expect(value((await writer(profileFor('uniqueField')).upsert('customer', [customer(4)], { matchBy: 'reference' }))[0]).notes.join()).toMatch(/cannot be looked up by reference/);
	});

	test('what an update cannot change is told', async () => {
		const w = writer(profileFor('uniqueField'));
		await one(w, customer(1, { vat: 'DE1' }));
		const outcome = await one(w, customer(1, { vat: 'DE9' }));
		expect(outcome).toMatchObject({ outcome: 'skipped', changed: { vat: { before: 'DE1', after: 'DE9' } }, notes: [expect.stringMatching(/left as it is/)] });
		const both = await one(w, customer(1, { vat: 'DE9', phone: '7' }));
		expect(both).toMatchObject({ outcome: 'updated', changed: { phone: { after: '7' } } });
		expect(server.calls.at(-1)!.body).not.toHaveProperty('vat');
		expect(server.tables.customers).toEqual([expect.objectContaining({ vat: 'DE1', phone: '7' })]);
	});

	test('somebody else writes between reading and writing: read again, then decided', async () => {
		const w = writer(profileFor('uniqueField'));
		await one(w, customer(1));
		let once = true;
		server.refuse = (call) => {
			if (call.method !== 'PATCH' || !once) return undefined;
			once = false;
			Object.assign(server.tables.customers![0]!, { phone: '9', version: 7 });
			return undefined;
		};
		expect(await one(w, customer(1, { phone: '9' }))).toMatchObject({ outcome: 'unchanged' });
		expect(server.tables.customers![0]).toMatchObject({ version: 7 });
	});

	test('field overrides are set in the body', async () => {
		await one(writer(profileFor('uniqueField')), customer(1), { overrides: [{ field: 'extra.note', source: 'expression', expression: '"for " & document.name' }] });
		expect(server.tables.customers![0]).toMatchObject({ extra: { note: 'for Customer 1' } });
	});

	test.each(['__proto__.polluted', 'contacts.email', 'a..b', ''])('an override at "%s" is refused', async (field) => {
		const profile = profileFor('uniqueField', { customer: { body: { external_id: 'key', name: 'document.name', contacts: '[{"a": 1}]' } } });
		const [result] = await writer(profile).upsert('customer', [customer(1)], { overrides: [{ field, source: 'expression', expression: '"x"' }] });
		expect(failure(result)).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/Field override/) });
		expect(({} as Json).polluted).toBeUndefined();
		expect(server.writes()).toEqual([]);
	});

	test('what is certain is told: nothing was sent, or it may have been done', async () => {
		server.lose = () => true;
		expect(failure((await writer(profileFor('uniqueField')).upsert('customer', [customer(1)], {}))[0]).kind).toBe('transient');
		let written = false;
		server.lose = (call) => (written ||= isCreate(call));
		const [result] = await writer(profileFor('uniqueField')).upsert('customer', [customer(2)], {});
		expect(failure(result).kind).toBe('unknown');
		expect(server.writes()).toHaveLength(1);
	});

	test('a record that carries the same number under another key is no second try for ever', async () => {
		server.refuse = (call) => (isCreate(call) ? [409, { code: 'taken', message: 'name is taken' }] : undefined);
		const [result] = await writer(profileFor('uniqueField')).upsert('customer', [customer(1)], {});
		expect(failure(result)).toMatchObject({ kind: 'rejected', advice: expect.stringMatching(/No record in Small ERP carries its key/) });
	});

	test.each([['its code', ['twice']], ['its status', ['422']]])('a server that says by %s that it is there already', async (_what, taken) => {
		let once = true;
		server.refuse = (call) => {
			if (!isCreate(call) || !once) return undefined;
			once = false;
			server.add('customers', { external_id: 'crm:Accounts:1', name: 'Customer 1', email: 'c1@example.test' });
			return [422, { code: 'twice', message: 'not twice' }];
		};
		expect(await one(writer(profileFor('uniqueField', { customer: { identity: { by: 'uniqueField', taken } } })), customer(1))).toMatchObject({ outcome: 'unchanged' });
		expect(server.tables.customers).toHaveLength(1);
	});

	test('an answer that tells no id, and no way to find it', async () => {
		const profile = profileFor('uniqueField', { customer: { create: { path: '/customers', id: 'answer.nothing' }, get: undefined } });
		server.refuse = (call) => (isCreate(call) ? [200, {}] : undefined);
		const [result] = await writer(profile).upsert('customer', [customer(1)], {});
		expect(failure(result)).toMatchObject({ kind: 'unknown', message: expect.stringMatching(/neither its answer tells an id/) });
	});

	test('what the server keeps otherwise is told', async () => {
		server.pause = () => {
			for (const row of server.tables.customers!) row.name = String(row.name).slice(0, 4);
			return 0;
		};
		expect((await one(writer(profileFor('uniqueField')), customer(1))).notes.join()).toMatch(/keeps it otherwise than it was sent: name: Customer 1 became Cust/);
	});
});

describe('a key that the server does not keep', () => {
	test.each<[string, Way, string | undefined]>([['is dropped', 'searchField', undefined], ['is cut', 'searchField', 'crm:Accoun'], ['is dropped', 'uniqueField', undefined], ['is cut', 'uniqueField', 'crm:Accounts']])('%s, by %s: the record is withdrawn', async (_what, way, kept) => {
		await open(way);
		server.refuse = (call) => {
			if (isCreate(call)) call.body.external_id = kept;
			return undefined;
		};
		const [result] = await writer(profileFor(way)).upsert('customer', [customer(1)], {});
		expect(failure(result)).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/the key crm:Accounts:1: the record would not be found again/), advice: expect.stringMatching(/It was removed again/) });
		expect(server.tables.customers).toEqual([]);
		const [told] = await writer(profileFor(way, { customer: { remove: undefined } })).upsert('customer', [customer(2)], {});
		expect(failure(told).advice).toMatch(/Remove it in Small ERP \(id \d+\)/);
	});

	test('in another form it is taken for ours', async () => {
		await open('searchField');
		const customers: Json = { body: { external_id: '$uuid(key)', name: 'document.name' }, find: { key: { path: '/customers', query: { external_id: '$uuid(value)' } } } };
		const w = writer(profileFor('searchField', { customer: customers }));
		expect(await one(w, customer(1))).toMatchObject({ outcome: 'created' });
		expect(await one(w, customer(1))).toMatchObject({ outcome: 'unchanged' });
	});
});

describe('by searchField', () => {
	beforeEach(async () => await open('searchField'));

	test('a search that lags behind is asked again before a create is sent again', async () => {
		let looks = 0;
		let lost = false;
		server.lose = (call) => isCreate(call) && !lost && (lost = true);
		server.refuse = (call) => (call.method === 'GET' && call.query.external_id && lost && ++looks <= 2 ? [200, { data: [] }] : undefined);
		expect(await one(writer(profileFor('searchField')), customer(1))).toMatchObject({ outcome: 'created' });
		expect(server.tables.customers).toHaveLength(1);
	});

	test('a twin that cannot be removed is told', async () => {
		const profile = profileFor('searchField', { customer: { remove: undefined } });
		let once = true;
		server.refuse = (call) => {
			if (!isCreate(call) || !once) return undefined;
			once = false;
			server.add('customers', { external_id: 'crm:Accounts:1', name: 'Customer 1', email: 'c1@example.test' });
			return undefined;
		};
		const outcome = await one(writer(profile), customer(1));
		expect(outcome.ref.id).toBe(server.tables.customers![0]!.id);
		expect(outcome.notes.join()).toMatch(/remove id \d+ there/);
	});
});

describe('orders', () => {
	beforeEach(async () => {
		await open('uniqueField');
		server.add('customers', { external_id: 'crm:Accounts:1', name: 'Customer 1' });
	});

	test('are proved as drafts and confirmed when asked', async () => {
		const w = writer(profileFor('uniqueField'));
		const draft = await one(w, order(1));
		expect(draft).toMatchObject({ outcome: 'created', ref: { number: expect.stringMatching(/^SO/), status: 'draft' }, proof: { agrees: true, difference: '0.00' } });
		expect(await one(w, order(1), { confirm: true })).toMatchObject({ outcome: 'updated', changed: { status: { before: 'draft', after: 'confirmed' } }, ref: { status: 'confirmed' } });
		expect(await one(w, order(1), { confirm: true })).toMatchObject({ outcome: 'unchanged', changed: {} });
		expect(server.writes()).toHaveLength(2);
	});

	test('products of all orders are looked up with one call, those that are missing are named', async () => {
		const strange = order(2, { lines: order(2).lines.map((line) => ({ ...line, code: `NO-${line.key}` })) });
		const results = await writer(profileFor('uniqueField')).upsert('order', [order(1), strange, order(3)], {});
		expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
		expect(failure(results[1])).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/no product with the code "NO-1", "NO-2"/) });
		expect(server.calls.filter(({ path }) => path === '/products')).toHaveLength(1);
	});

	test('a customer that is not there yet stops the order', async () => {
		const [result] = await writer(profileFor('uniqueField')).upsert('order', [order(1, { customer: customer(9) })], {});
		expect(failure(result)).toMatchObject({ kind: 'missing', message: expect.stringMatching(/"Customer 9" is not in Small ERP yet/), advice: expect.stringMatching(/Customer: create or update/) });
		expect(server.writes()).toEqual([]);
	});

	test('totals that do not agree leave it a draft', async () => {
		const [result] = await writer(profileFor('uniqueField')).upsert('order', [order(1, { totals: { net: '1', tax: '0', total: '1' } })], { confirm: true });
		expect(failure(result)).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/totals do not agree: 1\.00 .* 251\.88/i) });
		expect(server.tables.orders).toEqual([expect.objectContaining({ status: 'draft' })]);
	});

	test('confirmed ones are never changed', async () => {
		const w = writer(profileFor('uniqueField'));
		await one(w, order(1), { confirm: true });
		const [result] = await w.upsert('order', [order(1, { reference: 'other' })], { confirm: true });
		expect(failure(result)).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/already confirmed in Small ERP and differs: reference: PO 1 in Small ERP, other here/) });
		expect(server.tables.orders).toEqual([expect.objectContaining({ reference: 'PO 1' })]);
	});

	test('one that was made from the quote is found under the quote\'s key', async () => {
		const w = writer(profileFor('uniqueField'));
		const quote = quoteSchema.parse({ ...order(1), kind: 'quote', status: 'accepted' });
		const made = await one(w, quote);
		const again = await one(w, order('so', { key: 'crm:SalesOrder:9', quoteKey: quote.key, reference: 'PO 1' }));
		expect(again).toMatchObject({ outcome: 'unchanged', ref: { id: made.ref.id } });
	});

	test('taxes by the table, else by their code', async () => {
		await one(writer(profileFor('uniqueField')), order(1), { taxes: [{ from: 'vat 10 %', to: 'T10' }] });
		expect((server.tables.orders![0]!.lines as Json[])[0]).toMatchObject({ tax_id: 'T10', product: expect.any(String) });
		await one(writer(profileFor('uniqueField')), order(2), { taxes: [{ from: 'vat', to: 'T10' }], taxSource: 'target' });
		expect((server.tables.orders![1]!.lines as Json[])[0]).not.toHaveProperty('tax_id');
	});

	test('a charge needs a product that is chosen for it', async () => {
		const charged = order(1, { charges: [{ role: 'shipping', name: 'Freight', amount: '5', percent: undefined, taxes: [] }], totals: { net: '233.98', tax: '22.90', total: '256.88' } });
		const w = writer(profileFor('uniqueField'));
		expect(failure((await w.upsert('order', [charged], {}))[0]).message).toMatch(/shipping charge of 5\.00 \(Freight\), for which no product of Small ERP is chosen.*"Product for Shipping"/);
		expect(await one(w, charged, { chargeProducts: { shipping: 'W-2' } })).toMatchObject({ proof: { agrees: true } });
	});

	test('nothing was proved where the profile reads no totals', async () => {
		const { order: kind } = profileFor('uniqueField').kinds as Record<string, Json>;
		const { totals: _totals, ...read } = kind!.read as Json;
		expect((await one(writer(profileFor('uniqueField', { order: { read } })), order(1))).notes).toEqual([expect.stringMatching(/Nothing was proved/)]);
	});
});

describe('transitions', () => {
	beforeEach(async () => {
		await open('uniqueField');
		server.add('customers', { external_id: 'crm:Accounts:1', name: 'Customer 1' });
	});

	const mover = (profile: Json = profileFor('uniqueField')) => {
		const services = servicesFor({ profile: 'custom', profileJson: JSON.stringify(profile), url, installation: 'erp' }, { send: sendTo(url), clock: new TestClock() });
		return partsFor(services).mover;
	};

	test('once, and whatever is lost on the way', async () => {
		await one(writer(profileFor('uniqueField')), order(1));
		let lost = false;
		server.lose = ({ path }) => path.endsWith('/confirm') && !lost && (lost = true);
		const [moved] = await mover().transition('order', [order(1)], 'confirmed');
		expect(value(moved)).toMatchObject({ outcome: 'updated', changed: { status: { before: 'draft', after: 'confirmed' } }, ref: { status: 'confirmed' } });
		expect(value((await mover().transition('order', [order(1)], 'confirmed'))[0])).toMatchObject({ outcome: 'unchanged', changed: {} });
		expect(server.writes().filter((call) => call.endsWith('/confirm'))).toHaveLength(1);
	});

	test('without an order, and with a state that the profile does not know', async () => {
		expect(failure((await mover().transition('order', [order(5)], 'confirmed'))[0])).toMatchObject({ kind: 'missing', record: expect.stringContaining('QUO5') });
		await one(writer(profileFor('uniqueField')), order(1));
		expect(failure((await mover().transition('order', [order(1)], 'no such state'))[0]).message).toMatch(/no such state/);
	});

	test('a refusal when somebody was faster is no refusal', async () => {
		await one(writer(profileFor('uniqueField')), order(1));
		server.refuse = ({ path }) => {
			if (path.endsWith('/confirm')) server.tables.orders![0]!.status = 'confirmed';
			return undefined;
		};
		expect(value((await mover().transition('order', [order(1)], 'confirmed'))[0]).outcome).toBe('updated');
	});
});

describe('versions', () => {
	test('that only the record\'s own answer tells are read before an update', async () => {
		await open('uniqueField');
		const profile = profileFor('uniqueField', { customer: { version: 'headers.etag' } });
		const w = writer(profile);
		await one(w, customer(1));
		expect(await one(w, customer(1, { phone: '7' }))).toMatchObject({ outcome: 'updated', changed: { phone: { after: '7' } } });
		expect(server.calls.at(-2)).toMatchObject({ method: 'PATCH', headers: { 'if-match': '"1"' } });
	});
});

describe('many at once', () => {
	test('forty orders are looked up, written and read side by side: a handful of calls each', async () => {
		await open('uniqueField');
		server.add('customers', { external_id: 'crm:Accounts:1', name: 'Customer 1' });
		const results = await writer(profileFor('uniqueField')).upsert('order', Array.from({ length: 40 }, (_, n) => order(n)), { confirm: true });
		expect(results.map((result) => value(result).ref.id)).toEqual(Array.from({ length: 40 }, (_, n) => server.tables.orders!.find((row) => row.external_id === `crm:Quotes:${n}`)!.id));
		const count = (test: (call: Seen) => boolean): number => server.calls.filter(test).length;
		expect(count(({ path }) => path === '/products')).toBe(1);
		expect(count(({ path }) => path === '/customers')).toBe(1);
		expect(server.calls.length).toBeLessThanOrEqual(2 + 40 * 5);
	});

	test('an update whose answer was lost is told as an update', async () => {
		await open('uniqueField');
		const w = writer(profileFor('uniqueField'));
		await one(w, customer(1));
		let lost = false;
		server.lose = ({ method }) => method === 'PATCH' && !lost && (lost = true);
		expect(await one(w, customer(1, { phone: '7' }))).toMatchObject({ outcome: 'updated', changed: { phone: { after: '7' } } });
		expect(server.writes()).toHaveLength(2);
	});
});
