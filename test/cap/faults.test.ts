// Proves on a real OData server that a write has one effect: whichever call is lost on its way there or back, whoever
// writes at the same time, whatever characters a key holds, and whatever people have added to the record.
import { asFailure, Failure } from '../../nodes/core/failure';
import type { Document, Order } from '../../nodes/core/documents';
import type { Send } from '../../nodes/core/http';
import type { Connector, UpsertOptions } from '../../nodes/core/port';
import { createTransport } from '../../nodes/kit/http';
import { rest } from '../../nodes/RestErp/rest.system';
import { capCredential } from '../contract/bench.cap';
import { outcome, outcomes } from '../contract/results';
import { customerSample, orderSample, productSample } from '../contract/samples';
import { Desk, text } from './desk';
import { CapServer, type Row } from './server';

const CONTEXT = { installation: 'crm', run: 'faults', code: 'W-1', taxes: [{ name: 'Sales', rate: '10', code: undefined }], currency: 'EUR', country: 'Germany' };
const OPTIONS: UpsertOptions = { rounding: { mode: 'explained' }, taxes: [{ from: 'Sales', to: 'A10' }], confirm: true };

let server: CapServer;
let desk: Desk;

beforeAll(async () => {
	server = await CapServer.start();
	desk = new Desk(server, (suffix) => `faults ${suffix}`, 'faults');
}, 90_000);

afterAll(async () => {
	await server.stop();
});

/** A connector of its own whose way to the server is ours; counts the calls. */
function connector(way: (send: Send, nth: number) => Send = (send) => send): { connector: Connector; calls: () => number } {
	const credential = capCredential(server);
	const clock = server.clock();
	const transport = createTransport(rest.endpoint(credential), clock);
	let count = 0;
	return { connector: rest.connect(credential, { send: async (request) => await way(transport, ++count)(request), clock }), calls: () => count };
}

/** The server does it, and its answer is lost. */
const lostBack = (which: number) => (send: Send, nth: number): Send => async (request) => {
	const answer = await send(request);
	if (nth === which) throw new Failure('unknown', 'The connection broke');
	return answer;
};

/** The call never arrives, which nobody can tell from the other. */
const lostThere = (which: number) => (send: Send, nth: number): Send => async (request) => {
	if (nth === which) throw new Failure('unknown', 'The connection broke');
	return await send(request);
};

async function order(suffix: string): Promise<Order> {
	const customer = customerSample(CONTEXT, `of-${suffix}`);
	const { ref } = outcome(await connector().connector.upsert('customer', [customer], {}));
	return { ...orderSample(CONTEXT, customer, suffix), refs: [ref] };
}

describe.each([
	['back', lostBack],
	['there', lostThere],
] as const)('a call lost on its way %s', (name, lost) => {
	it('leaves one confirmed order', async () => {
		const smooth = connector();
		outcome(await smooth.connector.upsert('order', [await order(`smooth-${name}`)], OPTIONS));
		const count = smooth.calls();
		expect(count).toBeGreaterThan(4);
		for (let nth = 1; nth <= count; nth++) {
			const document = await order(`${name}-${nth}`);
			const done = outcome(await connector(lost(nth)).connector.upsert('order', [document], OPTIONS));
			const there = await desk.find('Orders', `externalKey eq ${text(document.key)}`);
			expect(there.map(({ ID, status }) => [nth, ID, status])).toEqual([[nth, done.ref.id, 'confirmed']]);
		}
	}, 90_000);

	it('leaves one of each of those that were written together', async () => {
		const documents = (run: string): Document[] => Array.from({ length: 3 }, (_, i) => productSample(CONTEXT, `${name}-${run}-${i}`));
		const smooth = connector();
		outcomes(await smooth.connector.upsert('product', documents('smooth'), {}));
		expect(smooth.calls()).toBeGreaterThan(2);
		for (let nth = 1; nth <= smooth.calls(); nth++) {
			const written = outcomes(await connector(lost(nth)).connector.upsert('product', documents(String(nth)), {}));
			const there = await desk.find('Products', `startswith(code,${text(`faults-${name}-${nth}-`)})`);
			expect(there.map(({ ID }) => ID).sort()).toEqual(written.map(({ ref }) => ref.id).sort());
			expect(there).toHaveLength(3);
		}
	}, 90_000);
});

it('a batch that the server does not take is sent call by call', async () => {
	const refusing = connector((send) => async (request) => (request.path.endsWith('$batch') ? { status: 501, headers: {}, text: '' } : await send(request)));
	const documents = Array.from({ length: 3 }, (_, i) => productSample(CONTEXT, `alone-${i}`));
	expect(outcomes(await refusing.connector.upsert('product', documents, {})).map((one) => one.outcome)).toEqual(['created', 'created', 'created']);
	expect(await desk.find('Products', `startswith(code,'faults-alone-')`)).toHaveLength(3);
});

it('keys find their record whatever characters they hold, alone and in a batch', async () => {
	const keys = ["crm:Accounts:O'Brien", 'crm:Accounts:a+b c', 'crm:Accounts:50%25', 'crm:Accounts:x&y=z#?', 'crm:Accounts:Ромашка/“ö”', "crm:Accounts:') or (name ne '"];
	const documents = keys.map((key, i) => ({ ...productSample(CONTEXT, `odd-${i}`), key }));
	expect(outcomes(await connector().connector.upsert('product', documents, {})).map((one) => one.outcome)).toEqual(keys.map(() => 'created'));
	expect(outcomes(await connector().connector.upsert('product', documents, {})).map((one) => one.outcome)).toEqual(keys.map(() => 'unchanged'));
	for (const document of documents) expect(outcome(await connector().connector.upsert('product', [document], {})).outcome).toBe('unchanged');
	expect((await desk.find('Products', `startswith(code,'faults-odd-')`)).map(({ externalKey }) => externalKey).sort()).toEqual([...keys].sort());
});

it('writers at the same time make one record of it, each in its own batch', async () => {
	const documents = Array.from({ length: 3 }, (_, i) => productSample(CONTEXT, `race-${i}`));
	const runs = await Promise.all(Array.from({ length: 4 }, async () => outcomes(await connector().connector.upsert('product', documents, {}))));
	expect(await desk.find('Products', `startswith(code,'faults-race-')`)).toHaveLength(3);
	for (const run of runs) expect(run.map(({ ref }) => ref.id)).toEqual(runs[0]!.map(({ ref }) => ref.id));
});

it('a customer who is known by the VAT number keeps the contacts that people gave him', async () => {
	const id = await desk.create('Customers', { name: 'Known', vat: 'DE811569869', contacts: [{ lastName: 'Theirs', email: 'theirs@example.test' }] });
	const document = { ...customerSample(CONTEXT, 'adopted'), vat: 'DE811569869' };
	const done = outcome(await connector().connector.upsert('customer', [document], {}));
	expect([done.outcome, done.ref.id]).toEqual(['updated', id]);
	const contacts = async (): Promise<Row[]> => (await desk.read('Customers', id, '?$expand=contacts($orderby=position)')).contacts as Row[];
	expect((await contacts()).map(({ lastName, email }) => [lastName, email])).toEqual([["O'Neill faults", 'mary-faults-adopted@example.test'], ['Theirs', 'theirs@example.test']]);
	expect(outcome(await connector().connector.upsert('customer', [document], {})).outcome).toBe('unchanged');
	expect(outcome(await connector().connector.upsert('customer', [{ ...document, contacts: [] }], {})).outcome).toBe('updated');
	expect((await contacts()).map(({ lastName }) => lastName)).toEqual(['Theirs']);
});

it('a server that has gone is told as such', async () => {
	const gone = await CapServer.start();
	const credential = capCredential(gone);
	const clock = server.clock();
	const client = rest.connect(credential, { send: createTransport(rest.endpoint(credential), clock), clock });
	await client.check();
	await gone.stop();
	expect(asFailure(await client.check().catch((error: unknown) => error))).toMatchObject({ kind: 'transient', message: expect.stringMatching(/Nothing listens at/) });
});
