// Proves on a real OData server what is easily overlooked: values that addresses and filters are made of, exact
// decimals, a deep insert that fails half way, a person's edit at any moment of ours, lists that shrink while they are read.
import fc from 'fast-check';
import type { Customer, Document } from '../../nodes/core/documents';
import type { HttpRequest, Send } from '../../nodes/core/http';
import { collect } from '../../nodes/core/pages';
import type { Connector, UpsertOptions } from '../../nodes/core/port';
import { createTransport } from '../../nodes/kit/http';
import { rest } from '../../nodes/RestErp/rest.system';
import { connectTo } from '../contract/bench';
import { capCredential } from '../contract/bench.cap';
import { outcome } from '../contract/results';
import { customerSample, orderSample, productSample } from '../contract/samples';
import { Desk, text } from './desk';
import { CapServer, type Row } from './server';

const CONTEXT = { installation: 'crm', run: 'edges', code: 'W-1', taxes: [{ name: 'Sales', rate: '10', code: undefined }], currency: 'EUR', country: 'Germany' };
const OPTIONS: UpsertOptions = { rounding: { mode: 'explained' }, taxes: [{ from: 'Sales', to: 'A10' }], confirm: true };

let server: CapServer;
let desk: Desk;
let connector: Connector;

beforeAll(async () => {
	server = await CapServer.start();
	desk = new Desk(server, (suffix) => `edges ${suffix}`, 'edges');
	connector = connectTo(rest, capCredential(server), server.clock());
}, 90_000);

afterAll(async () => {
	await server.stop();
});

/** A connector in front of whose calls something happens. */
function disturbed(before: (request: HttpRequest, nth: number) => Promise<void>, to = server): { client: Connector; calls: () => number } {
	const credential = capCredential(to);
	const clock = to.clock();
	const transport = createTransport(rest.endpoint(credential), clock);
	let count = 0;
	const send: Send = async (request) => {
		await before(request, ++count);
		return await transport(request);
	};
	return { client: rest.connect(credential, { send, clock }), calls: () => count };
}

/** What addresses, filters and JSON are made of, letters of several scripts, and what begins a path of its own. */
const awkward = fc
	.array(fc.constantFrom("'", "''", '"', '&', '#', '+', '%', '%27', '%2F', '/', '\\', '?', '=', ';', ',', '(', ')', '$', '@', '..', ' ', '  ', '*', '<', '>', '{', '}', ' or ', ' eq ', 'ö', 'Ё', '“', '😀', 'é', 'a', 'Z', '0'), { minLength: 1, maxLength: 12 })
	.map((parts) => parts.join(''))
	.filter((value) => value.trim() === value);

it('a record is found by any name, alone and by a filter of a person, and only that one', async () => {
	let n = 0;
	await fc.assert(
		fc.asyncProperty(awkward, async (tail) => {
			const name = `${++n} ${tail}`;
			const document: Customer = { ...customerSample(CONTEXT, `name-${n}`), key: `crm:Accounts:${n}/${tail}`, name, email: undefined, contacts: [] };
			const id = await desk.create('Customers', { name });
			const adopted = outcome(await connector.upsert('customer', [document], { matchBy: 'name' }));
			expect([adopted.ref.id, adopted.outcome]).toEqual([id, 'updated']);
			expect(outcome(await connector.upsert('customer', [document], {})).outcome).toBe('unchanged');
			const found = await collect(connector.records.list!('Customers', `name eq ${text(name)}`, undefined));
			expect(found.map(({ ID }) => ID)).toEqual([id]);
			expect(await desk.read('Customers', id)).toMatchObject({ name, externalKey: document.key });
		}),
		{ numRuns: 40 },
	);
}, 60_000);

it('prices keep ten digits, and what was kept is not written again', async () => {
	let n = 0;
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 0, max: 9_999_999_999 }), fc.integer({ min: 0, max: 6 }), async (digits, places) => {
			const plain = String(digits).padStart(places + 1, '0');
			const price = places === 0 ? plain : `${plain.slice(0, -places)}.${plain.slice(-places)}`;
			const document = { ...productSample(CONTEXT, `price-${++n}`), price };
			const { ref } = outcome(await connector.upsert('product', [document], {}));
			expect(outcome(await connector.upsert('product', [document], {})).outcome).toBe('unchanged');
			expect((await desk.read('Products', ref.id)).price).toBe(Number(price));
			const read = await connector.get('product', ref.id);
			expect(Number((read as { price?: string }).price)).toBe(Number(price));
		}),
		{ numRuns: 30 },
	);
}, 60_000);

it('an order of which one line is refused leaves nothing behind, alone and beside others', async () => {
	const customer = customerSample(CONTEXT, 'half');
	const { ref } = outcome(await connector.upsert('customer', [customer], {}));
	const orders = ['a', 'b', 'c'].map((suffix) => ({ ...orderSample(CONTEXT, customer, suffix), refs: [ref] }));
	const bad = { ...orders[1]!, lines: orders[1]!.lines.map((line, i) => (i === 2 ? { ...line, taxes: [{ name: 'Odd', rate: '10', code: undefined }] } : line)) };
	const options = { ...OPTIONS, taxes: [...OPTIONS.taxes!, { from: 'Odd', to: 'NOPE' }] };
	const items = (await desk.find('OrderItems', 'position gt 0')).length;
	const [alone] = await connector.upsert('order', [bad], options);
	expect(alone).toMatchObject({ ok: false, failure: { kind: 'rejected', message: expect.stringContaining('There is no tax NOPE') as unknown } });
	expect([await desk.find('Orders', `externalKey eq ${text(bad.key)}`), (await desk.find('OrderItems', 'position gt 0')).length]).toEqual([[], items]);
	const results = await connector.upsert('order', [orders[0]!, bad, orders[2]!], options);
	expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
	expect(await desk.find('Orders', `externalKey eq ${text(bad.key)}`)).toEqual([]);
	expect((await desk.find('OrderItems', 'position gt 0')).length).toBe(items + 6);
	const mended = { ...options, taxes: [...OPTIONS.taxes!, { from: 'Odd', to: 'A10' }] };
	expect(outcome(await connector.upsert('order', [bad], mended))).toMatchObject({ outcome: 'created', ref: { status: 'confirmed' } });
});

describe('a person edits the record before any one of our calls', () => {
	it('a contact that is added there stays, and ours comes', async () => {
		const document = customerSample(CONTEXT, 'edited');
		const { ref } = outcome(await connector.upsert('customer', [document], {}));
		const contacts = async (): Promise<unknown[]> => ((await desk.read('Customers', ref.id, '?$expand=contacts')).contacts as Row[]).map(({ lastName }) => lastName).sort();
		const ours = document.contacts[0]!.lastName;
		const smooth = disturbed(async () => {});
		outcome(await smooth.client.upsert('customer', [{ ...document, phone: '+49 40 0' }], {}));
		for (let nth = 1; nth <= smooth.calls(); nth++) {
			const theirs = (await desk.read('Customers', ref.id, '?$expand=contacts')).contacts as Row[];
			const { client } = disturbed(async (_request, n) => {
				if (n === nth) await server.call('PATCH', `/Customers(${ref.id})`, { contacts: [...theirs, { lastName: `Theirs ${nth}` }] });
			});
			expect(outcome(await client.upsert('customer', [{ ...document, phone: `+49 40 ${nth}` }], {})).outcome).toBe('updated');
			expect(await contacts()).toEqual([ours, ...Array.from({ length: nth }, (_, i) => `Theirs ${i + 1}`)].sort());
			expect((await desk.read('Customers', ref.id)).phone).toBe(`+49 40 ${nth}`);
		}
	}, 60_000);

	it('an order that is confirmed there meanwhile is never changed afterwards', async () => {
		const most = 8;
		const outcomes = new Set<boolean>();
		for (let nth = 1; nth <= most; nth++) {
			const customer = customerSample(CONTEXT, `confirmed-${nth}`);
			const { ref } = outcome(await connector.upsert('customer', [customer], {}));
			const document = { ...orderSample(CONTEXT, customer, `confirmed-${nth}`), refs: [ref] };
			const { ref: order } = outcome(await connector.upsert('order', [document], { ...OPTIONS, confirm: false }));
			const { client } = disturbed(async (_request, n) => {
				if (n === nth) await server.call('POST', `/Orders(${order.id})/ErpService.confirm`, {}).catch(() => undefined);
			});
			const lines = document.lines.map((line) => (line.key === '2' ? { ...line, quantity: '5' } : line));
			const [result] = await client.upsert('order', [{ ...document, lines, totals: undefined }], OPTIONS);
			outcomes.add(result!.ok);
			const row = await desk.read('Orders', order.id, '?$expand=items($orderby=position)');
			const quantities = (row.items as Row[]).map(({ quantity }) => quantity);
			// Either ours was in time, or it is told: never both.
			expect([nth, row.status, quantities]).toEqual([nth, 'confirmed', result!.ok ? [3, 5, 1] : [3, 2, 1]]);
			if (!result!.ok) expect(result!.failure.message).toMatch(/confirmed/);
		}
		expect(outcomes).toEqual(new Set([true, false]));
	}, 60_000);
});

describe.each([
	['behind the last record', {}],
	['by the number of records, as CAP does by default', { query: { limit: { reliablePaging: false } } }],
])('lists that shrink while they are read, of a server whose next links go on %s', (_name, settings) => {
	const COUNT = 47;
	let other: CapServer;
	let ids: string[];
	beforeAll(async () => {
		other = await CapServer.start(settings);
		ids = [];
		for (let i = 0; i < COUNT; i++) ids.push(String((await other.call('POST', '/Customers', { name: `there ${i}` })).ID));
	}, 90_000);
	afterAll(async () => await other.stop());

	it('nothing that stays is lost', async () => {
		const removed = new Set<string>();
		const seen: string[] = [];
		for await (const documents of connectTo(rest, capCredential(other), other.clock()).list('customer', {})) {
			seen.push(...documents.map(({ source }) => source!.id));
			// Two of those that were given already, once and again.
			for (const id of removed.size < 4 ? seen.slice(-2) : []) {
				await other.call('DELETE', `/Customers(${id})`);
				removed.add(id);
			}
		}
		expect(removed.size).toBe(4);
		expect(new Set(seen).size).toBe(seen.length);
		expect(ids.filter((id) => !removed.has(id) && !seen.includes(id))).toEqual([]);
		ids = ids.filter((id) => !removed.has(id));
	});

	it('nothing that changed is lost, when others change meanwhile', async () => {
		const clock = other.clock();
		const client = rest.connect(capCredential(other), { send: touching(), clock });
		const changes = await client.changesSince('customer', { from: '2020-01-01T00:00:00Z', budget: 1_000 });
		const delivered = changes.documents.map((document: Document) => document.source!.id);
		expect(ids.filter((id) => !delivered.includes(id))).toEqual([]);

		/** What stood on the first page is changed, and so moves to the end. */
		function touching(): Send {
			const transport = createTransport(rest.endpoint(capCredential(other)), clock);
			let pages = 0;
			return async (request) => {
				if (request.path.includes('Customers') && ++pages === 2) for (const id of ids.slice(0, 3)) await other.call('PATCH', `/Customers(${id})`, { phone: '2' });
				return await transport(request);
			};
		}
	});
});
