// What changesSince promises: every change at least once, once as long as the content stays, late commits too.
import type { Version } from '../../../demo/simulators/odoo';
import type { Cursor } from '../../../nodes/core/changes';
import type { Document, Kind } from '../../../nodes/core/documents';
import type { ChangesQuery, Connector } from '../../../nodes/core/port';
import { customer, done, push, quote, setUp, type Setting } from './setting';

const START = Date.parse('2026-11-22T12:00:00Z');

let setting: Setting;
/** The server's clock. */
let time = START;
afterEach(async () => await setting.stop());
const start = async (version: Version = 18): Promise<Connector> => {
	time = START;
	setting = await setUp({ version, now: () => time });
	return setting.connect();
};

/** Polls until there is no more. */
async function poll(connector: Connector, kind: Kind, cursor: Cursor | undefined, more: Partial<ChangesQuery> = {}): Promise<{ ids: string[]; documents: Document[]; cursor: Cursor }> {
	const documents: Document[] = [];
	for (;;) {
		const set = await connector.changesSince(kind, { cursor, budget: 100, ...more });
		documents.push(...set.documents);
		cursor = set.cursor;
		if (!set.more) return { ids: documents.map((document) => document.source!.id), documents, cursor };
		delete more.from;
	}
}

const partner = (name: string): number => setting.sim.insert('res.partner', { name, is_company: true });

describe.each([14, 19] as const)('customers of Odoo %s', (version) => {
	it('that are there already are not delivered, those that change are, once', async () => {
		const connector = await start(version);
		const old = partner('Old');
		const { cursor, ids } = await poll(connector, 'customer', undefined);
		expect(ids).toEqual([]);
		time += 10_000;
		const made = partner('New');
		const first = await poll(connector, 'customer', cursor);
		expect(first.ids).toEqual([String(made)]);
		time += 10_000;
		setting.sim.update('res.partner', old, { phone: '1' });
		const second = await poll(connector, 'customer', first.cursor);
		expect(second.ids).toEqual([String(old)]);
		expect((await poll(connector, 'customer', second.cursor)).ids).toEqual([]);
	});

	it('that change twice within one second are delivered twice', async () => {
		const connector = await start(version);
		let { cursor } = await poll(connector, 'customer', undefined);
		time += 60_000;
		const id = partner('Twice');
		let polled = await poll(connector, 'customer', cursor);
		expect(polled.ids).toEqual([String(id)]);
		time += 300;
		setting.sim.update('res.partner', id, { phone: '2' });
		({ cursor } = polled);
		polled = await poll(connector, 'customer', cursor);
		expect(polled.ids).toEqual([String(id)]);
	});

	it('that are written late, with an older time, are not missed', async () => {
		const connector = await start(version);
		const { cursor } = await poll(connector, 'customer', undefined);
		time += 60_000;
		const slow = setting.sim.beginSlow();
		const late = [1, 2, 3].map((i) => slow.create('res.partner', { name: `Late ${i}` }));
		time += 60_000;
		const quick = partner('Quick');
		const first = await poll(connector, 'customer', cursor);
		expect(first.ids).toEqual([String(quick)]);
		slow.commit();
		time += 60_000;
		const second = await poll(connector, 'customer', first.cursor);
		expect(second.ids.sort()).toEqual(late.map(String).sort());
		expect((await poll(connector, 'customer', second.cursor)).ids).toEqual([]);
	});

	it('that all changed in one second, more than a page of them, are all delivered, in bounded sets', async () => {
		const connector = await start(version);
		const { cursor } = await poll(connector, 'customer', undefined);
		time += 60_000;
		const all = Array.from({ length: 620 }, (_, i) => String(partner(`Many ${i}`)));
		const sizes: number[] = [];
		let open: Cursor | undefined = cursor;
		const found: string[] = [];
		for (let more = true; more; ) {
			const set: Awaited<ReturnType<Connector['changesSince']>> = await connector.changesSince('customer', { cursor: open, budget: 250 });
			sizes.push(set.documents.length);
			found.push(...set.documents.map((document) => document.source!.id));
			({ cursor: open, more } = set);
		}
		expect(Math.max(...sizes)).toBeLessThanOrEqual(250);
		expect(found.sort()).toEqual(all.sort());
	});
});

it('a changed contact is a change of its customer', async () => {
	const connector = await start();
	const { ref } = done(await connector.upsert('customer', [customer()], {}));
	const { cursor } = await poll(connector, 'customer', undefined);
	time += 60_000;
	const contact = setting.sim.records('res.partner').find((row) => row.name === 'Ann Flow')!;
	setting.sim.update('res.partner', Number(contact.id), { email: 'new@flow.test' });
	const { ids, documents } = await poll(connector, 'customer', cursor);
	expect(ids).toEqual([ref.id]);
	expect(documents[0]).toMatchObject({ contacts: [{ email: 'new@flow.test' }] });
});

it('a changed price is a change of its product, although Odoo 14 stamps the template only', async () => {
	const connector = await start(14);
	const { cursor } = await poll(connector, 'product', undefined);
	time += 600_000;
	const widget = setting.sim.records('product.product').find((row) => row.default_code === 'W-1')!;
	setting.sim.update('product.template', Number(widget.product_tmpl_id), { list_price: 111 });
	const first = await poll(connector, 'product', cursor);
	expect(first.documents).toMatchObject([{ code: 'W-1', price: '111' }]);
	time += 60_000;
	expect((await poll(connector, 'product', first.cursor)).ids).toEqual([]);
});

describe('invoices', () => {
	it('are delivered when posted, and again with every payment, never as drafts', async () => {
		const connector = await start();
		const order = Number((await push(connector, quote([['W-1', '1', '100']]))).order.ref.id);
		let { cursor } = await poll(connector, 'invoice', undefined);
		time += 60_000;
		const [move] = setting.sim.invoiceOrder(order);
		let polled = await poll(connector, 'invoice', cursor);
		expect(polled.ids).toEqual([]);
		time += 1_000;
		setting.sim.post(move!);
		polled = await poll(connector, 'invoice', polled.cursor);
		expect(polled.documents).toMatchObject([{ status: 'posted', paymentState: 'unpaid', orders: [{ sourceKey: 'vtiger:*:4x38' }] }]);
		time += 1_000;
		setting.sim.pay(move!, 40);
		polled = await poll(connector, 'invoice', polled.cursor);
		expect(polled.documents).toMatchObject([{ paymentState: 'partial', received: '40' }]);
		time += 1_000;
		setting.sim.pay(move!);
		({ cursor } = polled);
		polled = await poll(connector, 'invoice', cursor);
		expect(polled.documents).toMatchObject([{ paymentState: 'paid' }]);
		expect((await poll(connector, 'invoice', polled.cursor)).ids).toEqual([]);
	});

	it('of our orders only, when that was asked', async () => {
		const connector = await start();
		const ours = Number((await push(connector, quote([['W-1', '1', '100']]))).order.ref.id);
		const product = Number(setting.sim.records('product.product')[0]!.id);
		const theirs = setting.sim.insert('sale.order', { partner_id: partner('Walk-in'), order_line: [[0, 0, { product_id: product, product_uom_qty: 1 }]] });
		setting.sim.call('sale.order', 'action_confirm', [theirs]);
		const { cursor } = await poll(connector, 'invoice', undefined);
		time += 60_000;
		const [mine] = setting.sim.invoiceOrder(ours);
		const [other] = setting.sim.invoiceOrder(theirs);
		[mine!, other!].forEach((move) => setting.sim.post(move));
		expect((await poll(connector, 'invoice', cursor, { onlyLinked: true })).ids).toEqual([String(mine)]);
		expect((await poll(connector, 'invoice', cursor)).ids.sort()).toEqual([String(mine), String(other)].sort());
	});

	it('from a given time on come without a baseline', async () => {
		const connector = await start();
		const order = Number((await push(connector, quote([['W-1', '1', '100']]))).order.ref.id);
		const [move] = setting.sim.invoiceOrder(order);
		setting.sim.post(move!);
		expect((await poll(connector, 'invoice', undefined, { from: '2026-11-22T11:59:00Z' })).ids).toEqual([String(move)]);
		expect((await poll(connector, 'invoice', undefined, { from: '2026-11-22T12:01:00Z' })).ids).toEqual([]);
	});
});

it('orders are delivered when they are confirmed, delivered and invoiced', async () => {
	const connector = await start();
	const { cursor } = await poll(connector, 'order', undefined);
	time += 60_000;
	const id = Number((await push(connector, quote([['W-1', '1', '100']]))).order.ref.id);
	let polled = await poll(connector, 'order', cursor);
	expect(polled.documents).toMatchObject([{ status: 'confirmed', refs: [{ id: '4x38' }] }]);
	time += 60_000;
	setting.sim.deliver(id);
	polled = await poll(connector, 'order', polled.cursor);
	expect(polled.documents).toMatchObject([{ fulfilment: 'full' }]);
});

it('an empty Odoo gives a baseline by the server\'s clock', async () => {
	const connector = await start();
	const { cursor } = await poll(connector, 'invoice', undefined);
	expect(Date.parse(cursor.watermark)).not.toBeNaN();
	expect(cursor.seen).toEqual({});
});
