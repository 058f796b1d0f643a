// Owns the proof of reference 9's fallback: what changed is found by versions within a window of dates, without losing or
// repeating anything.
import fc from 'fast-check';
import type { Cursor } from '../../../nodes/core/changes';
import type { Customer, Invoice, Order } from '../../../nodes/core/documents';
import { collect } from '../../../nodes/core/pages';
import type { ChangesQuery } from '../../../nodes/core/port';
import { ChangeFinder } from '../../../nodes/OneC/onec.changes';
import { CustomerReader } from '../../../nodes/OneC/onec.customers.read';
import { refKey } from '../../../nodes/OneC/onec.keys';
import { InvoiceReader } from '../../../nodes/OneC/onec.invoices.read';
import { OrderReader } from '../../../nodes/OneC/onec.orders.read';
import { ProductReader } from '../../../nodes/OneC/onec.products.read';
import { client, order } from './desk';
import { failureOf, setUp, type Setting } from './setting';

const SHIPMENT = 'Document_РеализацияТоваровУслуг';
const PAYMENT = 'Document_ПоступлениеБезналичныхДенежныхСредств';
const DAY = 86_400_000;

let stage: Setting;
let buyer: string;
let clean: string;
beforeAll(async () => {
	stage = await setUp();
	buyer = client(stage, 'Flow Ltd');
	clean = stage.sim.snapshot();
});
afterAll(async () => await stage.stop());
beforeEach(() => stage.sim.restore(clean));

const READERS = { invoice: InvoiceReader, order: OrderReader, customer: CustomerReader, product: ProductReader };
type Watchable = keyof typeof READERS;

function finder(kind: Watchable) {
	const services = stage.services();
	return new ChangeFinder(services, kind, new READERS[kind](services) as never);
}

/** One poll; the cursor goes through JSON as the host keeps it. */
async function poll(kind: Watchable, cursor: Cursor | undefined, query: Partial<ChangesQuery> = {}): Promise<{ ids: string[]; documents: Invoice[]; cursor: Cursor; more: boolean }> {
	const set = await finder(kind).since({ budget: 50, ...query, cursor });
	return { ids: set.documents.map((document) => document.source!.id), documents: set.documents as Invoice[], cursor: JSON.parse(JSON.stringify(set.cursor)) as Cursor, more: set.more };
}

/** Until nothing is left. */
async function drain(kind: Watchable, cursor: Cursor | undefined, query: Partial<ChangesQuery> = {}) {
	const ids: string[] = [];
	const documents: Invoice[] = [];
	for (let now = cursor; ; ) {
		const one = await poll(kind, now, query);
		ids.push(...one.ids);
		documents.push(...one.documents);
		now = one.cursor;
		if (!one.more) return { ids, documents, cursor: now };
	}
}

const pass = (ms: number) => stage.clock.pass(ms);
const sold = (quantity = 1, more: Record<string, string> = {}) => order(stage, buyer, [['W-1', quantity, 100]], more);
const touch = (id: string, fields: Record<string, string>) => stage.sim.patch(SHIPMENT, id, fields);

describe('invoices', () => {
	it('begin with a baseline that delivers nothing', async () => {
		stage.sim.ship(sold());
		const start = await poll('invoice', undefined);
		expect(start.ids).toEqual([]);
		expect((await poll('invoice', start.cursor)).ids).toEqual([]);
		const next = stage.sim.ship(sold());
		const found = await poll('invoice', start.cursor);
		expect(found.ids).toEqual([next]);
		expect((await poll('invoice', found.cursor)).ids).toEqual([]);
	});

	it('come again when they are paid, once for each payment that counts', async () => {
		const sale = sold(2);
		const start = await poll('invoice', undefined);
		const shipment = stage.sim.ship(sale);
		const first = await poll('invoice', start.cursor);
		expect(first.documents.map(({ paymentState }) => paymentState)).toEqual(['unpaid']);
		const payment = stage.sim.pay(sale, 100);
		const paid = await poll('invoice', first.cursor);
		expect(paid.documents.map(({ source, paymentState, received }) => [source!.id, paymentState, received])).toEqual([[shipment, 'partial', '100']]);
		expect((await poll('invoice', paid.cursor)).ids).toEqual([]);
		stage.sim.pay(sale, 500);
		const over = await poll('invoice', paid.cursor);
		expect(over.documents.map(({ paymentState, received, residual }) => [paymentState, received, residual])).toEqual([['paid', '220', '0']]);
		// Written again, its content the same: no change of the invoice.
		stage.sim.patch(PAYMENT, payment, { Комментарий: 'checked' });
		const noise = await poll('invoice', over.cursor);
		expect(noise.ids).toEqual([]);
		stage.sim.unpost(PAYMENT, payment);
		stage.sim.patch(PAYMENT, payment, { DeletionMark: true });
		expect((await poll('invoice', noise.cursor)).ids).toEqual([]);
	});

	it('come again when their payment is unposted, moved to another order, or deleted', async () => {
		const [a, b] = [sold(), sold()];
		const [first, second] = [stage.sim.ship(a), stage.sim.ship(b)];
		const start = await drain('invoice', undefined, { from: '2026-11-01T00:00:00Z' });
		const payment = stage.sim.pay(a, 50);
		const paid = await poll('invoice', start.cursor);
		expect(paid.ids).toEqual([first]);
		const row = (stage.sim.get(PAYMENT, payment)!.РасшифровкаПлатежа as Array<Record<string, string>>)[0]!;
		stage.sim.patch(PAYMENT, payment, { РасшифровкаПлатежа: [{ ...row, Заказ: b, ОбъектРасчетов_Key: '00000000-0000-0000-0000-000000000000' }] });
		const moved = await poll('invoice', paid.cursor);
		expect(moved.documents.map(({ source, received }) => [source!.id, received]).sort()).toEqual([[first, '0'], [second, '50']].sort());
		stage.sim.unpost(PAYMENT, payment);
		const unposted = await poll('invoice', moved.cursor);
		expect(unposted.documents.map(({ source, received }) => [source!.id, received])).toEqual([[second, '0']]);
		stage.sim.post(PAYMENT, payment);
		const again = await poll('invoice', unposted.cursor);
		expect(again.ids).toEqual([second]);
		stage.sim.unpost(PAYMENT, payment);
		stage.sim.remove(PAYMENT, payment);
		const deleted = await poll('invoice', again.cursor);
		expect(deleted.documents.map(({ source, received }) => [source!.id, received])).toEqual([[second, '0']]);
		expect((await poll('invoice', deleted.cursor)).ids).toEqual([]);
	});

	it('whose share of a payment moves come with the shipment that moved it', async () => {
		const sale = sold(2);
		const first = stage.sim.ship(sale, { 1: '1' });
		pass(1_000);
		const second = stage.sim.ship(sale);
		stage.sim.pay(sale, 110);
		const start = await drain('invoice', undefined, { from: '2026-11-01T00:00:00Z' });
		expect(start.documents.map(({ source, received }) => [source!.id, received])).toEqual([[first, '110'], [second, '0']]);
		stage.sim.cancelShipment(first);
		// One document at a time: the share that moved first, then what moved it.
		const share = await poll('invoice', start.cursor, { budget: 1 });
		expect([share.documents.map(({ source, received }) => [source!.id, received]), share.more]).toEqual([[[second, '110']], true]);
		const cause = await poll('invoice', share.cursor, { budget: 1 });
		expect(cause.documents.map(({ source, status }) => [source!.id, status])).toEqual([[first, 'cancelled']]);
		expect((await poll('invoice', cause.cursor)).ids).toEqual([]);
	});

	it('that were never posted are nobody\'s business; what was delivered is told when it is unposted and cancelled', async () => {
		const start = await poll('invoice', undefined);
		const id = stage.sim.ship(sold());
		stage.sim.unpost(SHIPMENT, id);
		const draft = await poll('invoice', start.cursor);
		expect(draft.ids).toEqual([]);
		stage.sim.post(SHIPMENT, id);
		const posted = await poll('invoice', draft.cursor);
		expect(posted.documents.map(({ status }) => status)).toEqual(['posted']);
		stage.sim.unpost(SHIPMENT, id);
		const unposted = await poll('invoice', posted.cursor);
		expect(unposted.documents.map(({ status }) => status)).toEqual(['draft']);
		touch(id, { DeletionMark: true as never });
		const cancelled = await poll('invoice', unposted.cursor);
		expect(cancelled.documents.map(({ status }) => status)).toEqual(['cancelled']);
		const other = stage.sim.ship(sold());
		stage.sim.cancelShipment(other);
		expect((await poll('invoice', cancelled.cursor)).ids).toEqual([]);
	});

	it('dated back within the window, or ahead, are found; what leaves the window by its date, too', async () => {
		const start = await poll('invoice', undefined);
		const ids = [-20, 0, 40].map((days) => {
			const id = stage.sim.ship(sold());
			touch(id, { Date: iso(days) });
			return id;
		});
		const found = await poll('invoice', start.cursor);
		expect(found.ids).toEqual(ids);
		touch(ids[1]!, { Date: iso(-90) });
		const moved = await poll('invoice', found.cursor);
		expect(moved.documents.map(({ source, date }) => [source!.id, date])).toEqual([[ids[1], iso(-90).slice(0, 10)]]);
		// Outside the window nothing is seen any more: that is what the trigger says of itself.
		touch(ids[1]!, { Комментарий: 'too late' });
		expect((await poll('invoice', moved.cursor)).ids).toEqual([]);
		touch(ids[2]!, { Комментарий: 'ahead' });
		expect((await poll('invoice', moved.cursor)).ids).toEqual([ids[2]]);
	});

	it('are not lost in a pause longer than the window', async () => {
		const start = await poll('invoice', undefined);
		const early = stage.sim.ship(sold());
		pass(60 * DAY);
		const late = stage.sim.ship(sold());
		const found = await poll('invoice', start.cursor);
		expect(found.ids).toEqual([early, late]);
		// The first has left the window by now: it is forgotten, and not taken for new.
		expect(Object.keys(found.cursor.seen)).toEqual([late]);
		expect((await poll('invoice', found.cursor)).ids).toEqual([]);
	});

	it('are not lost when a pause leaves more than one call may give', async () => {
		const start = await poll('invoice', undefined);
		const ids = [stage.sim.ship(sold()), (pass(1_000), stage.sim.ship(sold()))];
		pass(60 * DAY);
		const first = await poll('invoice', start.cursor, { budget: 1 });
		expect([first.ids, first.more]).toEqual([[ids[0]], true]);
		// The window waits: the second is older than it would begin now.
		expect(first.cursor.watermark).toBe(start.cursor.watermark);
		expect((await poll('invoice', first.cursor, { budget: 1 })).ids).toEqual([ids[1]]);
	});

	it('that one payment pays come all, though a call may give only one', async () => {
		const [a, b] = [sold(), sold()];
		const ids = [stage.sim.ship(a), stage.sim.ship(b)];
		const start = await drain('invoice', undefined, { from: iso(-1) });
		const payment = stage.sim.pay(a, 30);
		const row = (stage.sim.get(PAYMENT, payment)!.РасшифровкаПлатежа as Array<Record<string, string>>)[0]!;
		stage.sim.patch(PAYMENT, payment, { РасшифровкаПлатежа: [row, { ...row, LineNumber: '2', Заказ: b, ОбъектРасчетов_Key: '00000000-0000-0000-0000-000000000000' }], СуммаДокумента: 60 as never });
		const paid = await drain('invoice', start.cursor, { budget: 1 });
		expect(paid.ids.sort()).toEqual(ids.sort());
		expect(paid.documents.map(({ received }) => received)).toEqual(['30', '30']);
		expect((await poll('invoice', paid.cursor)).ids).toEqual([]);
	});

	it('do not come again because a clock was set back, and none is lost because it was wrong by years', async () => {
		const id = stage.sim.ship(sold());
		touch(id, { Date: iso(-29.99) });
		const start = await drain('invoice', undefined, { from: '2026-01-01T00:00:00Z' });
		expect(start.ids).toEqual([id]);
		pass(3_600_000);
		const gone = await poll('invoice', start.cursor);
		pass(-3_600_000);
		expect((await poll('invoice', gone.cursor)).ids).toEqual([]);
		pass(700 * DAY);
		const wrong = await poll('invoice', gone.cursor);
		pass(-700 * DAY);
		const next = stage.sim.ship(sold());
		expect((await poll('invoice', wrong.cursor)).ids).toContain(next);
	});

	it('from a date on, in small budgets, each once, while others are written', async () => {
		const ids: string[] = [];
		for (let i = 0; i < 12; i++) {
			ids.push(stage.sim.ship(sold()));
			pass(1_000);
		}
		touch(ids[0]!, { Date: iso(-100) });
		const given: string[] = [];
		let cursor: Cursor | undefined;
		for (let round = 0; ; round++) {
			const one = await poll('invoice', cursor, { budget: 5, from: iso(-200) });
			expect(one.ids.length).toBeLessThanOrEqual(5);
			given.push(...one.ids);
			cursor = one.cursor;
			if (round === 0) touch(ids[1]!, { Комментарий: 'changed meanwhile' });
			if (!one.more) break;
		}
		expect(given.filter((id) => id !== ids[1])).toEqual(ids.filter((id) => id !== ids[1]));
		expect(given.filter((id) => id === ids[1])).toHaveLength(2);
		// Dated before the start: known, and told only when it changes.
		const later = await drain('invoice', undefined, { from: iso(-1) });
		expect(later.ids).toEqual(ids.slice(1));
		touch(ids[0]!, { Date: iso(-10) });
		expect((await poll('invoice', later.cursor)).ids).toEqual([ids[0]]);
	});

	it('only of orders that came from the other system, when that is asked', async () => {
		const start = await poll('invoice', undefined);
		const linked = stage.sim.ship(sold(1, { Ref_Key: refKey('vtiger:Quotes:4x1'), Комментарий: '[vtiger:Quotes:4x1]' }));
		stage.sim.ship(sold());
		const found = await poll('invoice', start.cursor, { onlyLinked: true, budget: 1 });
		expect([found.ids, found.more]).toEqual([[linked], false]);
		expect((await poll('invoice', found.cursor, { onlyLinked: true })).ids).toEqual([]);
	});

	it('that the user may not see any more are forgotten, the others go on', async () => {
		const [hidden, open] = [stage.sim.ship(sold()), stage.sim.ship(sold())];
		const start = await drain('invoice', undefined, { from: iso(-1) });
		stage.sim.switches.hiddenRows = { [SHIPMENT]: [hidden] };
		touch(hidden, { Комментарий: 'unseen' });
		touch(open, { Комментарий: 'seen' });
		const found = await poll('invoice', start.cursor);
		stage.sim.switches.hiddenRows = {};
		expect(found.ids).toEqual([open]);
		expect(Object.keys(found.cursor.seen)).toEqual([open]);
	});

	it('more than a cursor may hold are refused with advice', async () => {
		const services = stage.services();
		const one = { Ref_Key: '', DataVersion: 'AAAA', Date: iso(0), Posted: true };
		const pages = async function* () {
			for (let page = 0; page < 21; page++) yield Array.from({ length: 1_000 }, (_, i) => ({ ...one, Ref_Key: `00000000-0000-0000-0000-${String(page * 1_000 + i + 1).padStart(12, '0')}` }));
		};
		services.session.pages = pages as never;
		const failure = await failureOf(new ChangeFinder(services, 'invoice', new InvoiceReader(services)).since({ budget: 1 }));
		expect(failure.message).toMatch(/more than 20000 documents.*exchange plan.*shorter window/);
	});
});

describe('orders, customers and products', () => {
	it('an order comes again when something of it is shipped or a shipment is cancelled', async () => {
		const start = await poll('order', undefined);
		const sale = sold(3);
		const first = await poll('order', start.cursor);
		expect(first.ids).toEqual([sale]);
		const shipment = stage.sim.ship(sale, { 1: '1' });
		const shipped = await poll('order', first.cursor);
		expect([shipped.ids, (shipped.documents[0] as unknown as Order).fulfilment]).toEqual([[sale], 'partial']);
		touch(shipment, { Комментарий: 'nothing of the order changes' });
		const noise = await poll('order', shipped.cursor);
		expect(noise.ids).toEqual([]);
		stage.sim.cancelShipment(shipment);
		const cancelled = await poll('order', noise.cursor);
		expect([cancelled.ids, (cancelled.documents[0] as unknown as Order).fulfilment]).toEqual([[sale], 'none']);
	});

	it('a customer comes again when its partner changes what the customer shows', async () => {
		const start = await poll('customer', undefined);
		const fresh = client(stage, 'Новый клиент');
		const first = await poll('customer', start.cursor);
		expect(first.ids).toEqual([fresh]);
		expect((first.documents as unknown as Customer[])[0]!.name).toBe('Новый клиент');
		stage.sim.patch('Catalog_Контрагенты', fresh, { ИНН: '7700000016' });
		const second = await poll('customer', first.cursor);
		expect((second.documents as unknown as Customer[]).map(({ vat }) => vat)).toEqual(['7700000016']);
		const partner = String(stage.sim.get('Catalog_Контрагенты', fresh)!.Партнер_Key);
		stage.sim.patch('Catalog_Партнеры', partner, { Комментарий: 'of no interest' });
		expect((await poll('customer', second.cursor)).ids).toEqual([]);
	});

	it('a product comes again when it is changed; folders are none', async () => {
		const start = await poll('product', undefined);
		stage.sim.insert('Catalog_Номенклатура', { Description: 'Folder', IsFolder: true });
		stage.sim.patch('Catalog_Номенклатура', stage.products['W-1']!, { Description: 'Widget mk II' });
		const found = await poll('product', start.cursor);
		expect(found.ids).toEqual([stage.products['W-1']]);
		expect((await poll('product', found.cursor)).ids).toEqual([]);
	});
});

it('one call looks at no more than it can in good time; what is left comes with the next', async () => {
	const start = await poll('product', undefined);
	for (let i = 0; i < 370; i++) stage.sim.insert('Catalog_Номенклатура', { Description: `Item ${i}` });
	const first = await poll('product', start.cursor, { budget: 1_000 });
	expect([first.ids.length, first.more]).toEqual([350, true]);
	const rest = await drain('product', first.cursor, { budget: 1_000 });
	expect(new Set([...first.ids, ...rest.ids]).size).toBe(370);
	expect(rest.ids).toHaveLength(20);
}, 60_000);

describe('on БП', () => {
	const kept = { stage: undefined as unknown as Setting, buyer: '', clean: '' };
	beforeAll(async () => {
		Object.assign(kept, { stage, buyer, clean });
		stage = await setUp({ profile: 'bp' });
		buyer = client(stage, 'Flow Ltd');
		clean = stage.sim.snapshot();
	});
	afterAll(async () => {
		await stage.stop();
		({ stage, buyer, clean } = kept);
	});

	it('invoices come when they are shipped, paid and cancelled; orders when they are shipped', async () => {
		const [invoices, orders] = [await poll('invoice', undefined), await poll('order', undefined)];
		const sale = sold(2);
		const first = stage.sim.ship(sale, { 1: '1' });
		const shipped = await poll('invoice', invoices.cursor);
		expect(shipped.documents.map(({ source, paymentState }) => [source!.id, paymentState])).toEqual([[first, 'unpaid']]);
		const ordered = await poll('order', orders.cursor);
		expect((ordered.documents as unknown as Order[]).map(({ source, fulfilment }) => [source!.id, fulfilment])).toEqual([[sale, 'partial']]);
		stage.sim.pay(sale, 110);
		const paid = await poll('invoice', shipped.cursor);
		expect(paid.documents.map(({ source, paymentState }) => [source!.id, paymentState])).toEqual([[first, 'paid']]);
		stage.sim.cancelShipment(first);
		const cancelled = await poll('invoice', paid.cursor);
		expect(cancelled.documents.map(({ status }) => status)).toEqual(['cancelled']);
		expect((await poll('invoice', cancelled.cursor)).ids).toEqual([]);
		const again = await poll('order', ordered.cursor);
		expect((again.documents as unknown as Order[]).map(({ fulfilment }) => fulfilment)).toEqual(['none']);
	});
});

describe('whatever the times', () => {
	type Step = { do: 'ship'; back: number } | { do: 'pay' | 'comment' | 'unpost' | 'post'; which: number } | { do: 'wait'; days: number } | { do: 'poll'; budget: number };
	const step: fc.Arbitrary<Step> = fc.oneof(
		fc.record({ do: fc.constant('ship' as const), back: fc.constantFrom(0, 0, 5, 25, -3) }),
		fc.record({ do: fc.constantFrom('pay' as const, 'comment' as const, 'unpost' as const, 'post' as const), which: fc.nat(5) }),
		fc.record({ do: fc.constant('wait' as const), days: fc.constantFrom(0, 1, 4, 50) }),
		fc.record({ do: fc.constant('poll' as const), budget: fc.constantFrom(1, 2, 50) }),
	);

	it('nothing is lost and nothing is repeated: shipments, payments, unposting, pauses, cut polls', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
				stage.sim.restore(clean);
				const sales: string[] = [];
				/** What was delivered last of each. */
				const delivered = new Map<string, string>();
				const current = async () => new Map((await collect(new InvoiceReader(stage.services()).list({}))).map((invoice) => [invoice.source!.id, JSON.stringify(invoice)]));
				const start = await poll('invoice', undefined);
				let cursor = start.cursor;
				const ids = () => stage.sim.records(SHIPMENT).map((row) => String(row.Ref_Key));
				const take = async (budget: number) => {
					const set = await poll('invoice', cursor, { budget });
					cursor = set.cursor;
					for (const document of set.documents) {
						const content = JSON.stringify(document);
						expect(delivered.get(document.source!.id)).not.toBe(content);
						delivered.set(document.source!.id, content);
					}
					return set.more;
				};
				const attempt = (work: () => void) => {
					try {
						work();
					} catch {
						// 1C refuses it: then nothing happened.
					}
				};
				for (const one of steps) {
					if (one.do === 'ship') {
						const sale = sold(2);
						sales.push(sale);
						const id = stage.sim.ship(sale, { 1: '1' });
						if (one.back) touch(id, { Date: iso(-one.back) });
					} else if (one.do === 'wait') pass(one.days * DAY);
					else if (one.do === 'poll') await take(one.budget);
					else if (sales.length > 0) {
						const id = ids()[one.which % ids().length]!;
						if (one.do === 'pay') stage.sim.pay(sales[one.which % sales.length]!, 60);
						else if (one.do === 'comment') touch(id, { Комментарий: String(Math.random()) });
						else if (one.do === 'unpost') attempt(() => stage.sim.unpost(SHIPMENT, id));
						else attempt(() => stage.sim.post(SHIPMENT, id));
					}
				}
				while (await take(2));
				const posted = new Set(stage.sim.records(SHIPMENT).filter((row) => row.Posted === true).map((row) => String(row.Ref_Key)));
				for (const id of posted) expect(delivered.has(id)).toBe(true);
				// What has left the window is delivered as it was then.
				for (const [id, content] of await current()) if (delivered.has(id) && inWindow(id, cursor)) expect(delivered.get(id)).toBe(content);
				expect(await take(50)).toBe(false);
			}),
			{ numRuns: 15 },
		);
	}, 240_000);
});

function inWindow(id: string, cursor: Cursor): boolean {
	return String(stage.sim.get(SHIPMENT, id)!.Date) >= cursor.watermark;
}

/** So many days from now, as 1C writes it. */
function iso(days: number): string {
	return new Date(stage.clock.now() + days * DAY).toISOString().slice(0, 19);
}
