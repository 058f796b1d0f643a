// Owns the proof that posted shipments are read as invoices (reference 10): totals, orders, payments, states; and orders
// with what was shipped of them.
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { enter } from '../../../demo/simulators/onec/desk';
import type { Invoice } from '../../../nodes/core/documents';
import { collect } from '../../../nodes/core/pages';
import { allocate, type Owed, type Paid } from '../../../nodes/OneC/onec.payments';
import { ChangeFinder } from '../../../nodes/OneC/onec.changes';
import type { Services } from '../../../nodes/OneC/onec.services';
import { InvoiceReader } from '../../../nodes/OneC/onec.invoices.read';
import { refKey } from '../../../nodes/OneC/onec.keys';
import { FeedReader } from '../../../nodes/OneC/onec.plans.feed';
import { chooseProfile } from '../../../nodes/OneC/onec.profile';
import { PROFILES } from '../../../nodes/OneC/onec.profiles';
import type { Row } from '../../../nodes/OneC/onec.wire';
import { OrderReader } from '../../../nodes/OneC/onec.orders.read';
import Big from 'big.js';
import fc from 'fast-check';
import { client, order, partsOf } from './desk';
import { failureOf, PROFILE_NAMES, setUp, type Setting } from './setting';

const SHIPMENT = 'Document_РеализацияТоваровУслуг';
const KEY = 'vtiger:Quotes:4x38';

describe.each(PROFILE_NAMES)('invoices of %s', (profile) => {
	let stage: Setting;
	let buyer: string;
	let clean: string;
	beforeAll(async () => {
		stage = await setUp({ profile });
		buyer = client(stage, 'Flow Ltd', { ИНН: '7700000016', КПП: '770001001' });
		clean = stage.sim.snapshot();
	});
	afterAll(async () => await stage.stop());
	beforeEach(() => stage.sim.restore(clean));

	const get = async (id: string): Promise<Invoice> => await new InvoiceReader(stage.services()).get(id);
	const orders = (): OrderReader => new OrderReader(stage.services());
	const money = ({ totals, received, residual, paymentState }: Invoice) => [totals?.total, received, residual, paymentState];

	it('are posted shipments: lines without VAT, totals, the order that is billed', async () => {
		const sale = order(stage, buyer, [['W-1', 10, 120], ['W-2', 2, 19.99]]);
		const invoice = await get(stage.sim.ship(sale));
		const number = String(stage.sim.get(partsOf(stage).order, sale)!.Number).trim();
		expect(invoice).toMatchObject({
			kind: 'invoice', type: 'invoice', status: 'posted', currency: 'EUR', date: '2026-11-22',
			totals: { net: '1239.98', tax: '124', total: '1363.98' },
			orders: [{ key: `onec:${partsOf(stage).order}:${sale}`, number, sourceKey: undefined }],
			customer: { name: 'Flow Ltd', vat: '7700000016/770001001' },
			paymentState: 'unpaid', received: '0', residual: '1363.98',
		});
		expect(invoice.lines.map(({ code, quantity, price, net, tax, unit, taxes }) => [code, quantity, price, net, tax, unit, taxes[0]?.rate])).toEqual([['W-1', '10', '120', '1200', '120', 'шт', '10'], ['W-2', '2', '19.99', '39.98', '4', 'шт', '10']]);
		expect(invoice.number).toBe(String(stage.sim.get(SHIPMENT, invoice.source!.id)!.Number).trim());
	});

	it('have prices without VAT where 1C keeps them with it', async () => {
		const included = profile === 'ut' ? 'ЦенаВключаетНДС' : 'СуммаВключаетНДС';
		const sale = order(stage, buyer, [['W-1', 3, 110], ['W-2', 7, 19.99]], { [included]: true });
		const invoice = await get(stage.sim.ship(sale));
		expect(invoice.totals).toEqual({ net: '427.21', tax: '42.72', total: '469.93' });
		expect(invoice.lines.map(({ net, tax }) => [net, tax])).toEqual([['300', '30'], ['127.21', '12.72']]);
		expect(invoice.lines[0]!.price).toBe('100');
		for (const { price, quantity, net } of invoice.lines) expect(new Big(price).times(quantity).round(2).toFixed()).toBe(net);
	});

	it('share what the order was paid out to its shipments, the oldest first, never more than there is', async () => {
		const sale = order(stage, buyer, [['W-1', 10, 100]]);
		const first = stage.sim.ship(sale, { 1: '4' });
		stage.clock.pass(1_000);
		const second = stage.sim.ship(sale, { 1: '6' });
		stage.sim.pay(sale, '500');
		expect([money(await get(first)), money(await get(second))]).toEqual([['440', '440', '0', 'paid'], ['660', '60', '600', 'partial']]);
		stage.sim.pay(sale, '2000');
		expect([money(await get(first)), money(await get(second))]).toEqual([['440', '440', '0', 'paid'], ['660', '660', '0', 'paid']]);
	});

	it('count no payment that is not posted, nor what was paid on a cancelled shipment', async () => {
		const sale = order(stage, buyer, [['W-1', 2, 100]]);
		const first = stage.sim.ship(sale, { 1: '1' });
		const payment = stage.sim.pay(sale, '150');
		stage.sim.unpost(partsOf(stage).payment, payment);
		expect(money(await get(first))).toEqual(['110', '0', '110', 'unpaid']);
		stage.sim.post(partsOf(stage).payment, payment);
		stage.clock.pass(1_000);
		const second = stage.sim.ship(sale);
		expect(money(await get(second))).toEqual(['110', '40', '70', 'partial']);
		stage.sim.cancelShipment(first);
		expect(await get(first)).toMatchObject({ status: 'cancelled', received: undefined, residual: undefined });
		expect(money(await get(second))).toEqual(['110', '110', '0', 'paid']);
	});

	it('are drafts while they are not posted', async () => {
		const id = stage.sim.ship(order(stage, buyer, [['W-1', 1, 100]]));
		stage.sim.unpost(SHIPMENT, id);
		expect(await get(id)).toMatchObject({ status: 'draft', received: undefined, residual: undefined });
	});

	it('say nothing of payments where the base publishes none', async () => {
		const id = stage.sim.ship(order(stage, buyer, [['W-1', 1, 100]]));
		stage.sim.switches.unpublished = [partsOf(stage).payment];
		expect(await get(id)).toMatchObject({ status: 'posted', paymentState: 'unpaid', received: undefined, residual: undefined });
		stage.sim.switches.unpublished = [];
	});

	it('name the CRM record of their order by its mark, but not by a mark that was copied with the document', async () => {
		const marked = { Комментарий: `Please hurry [${KEY}]` };
		const own = order(stage, buyer, [['W-1', 1, 100]], { Ref_Key: refKey(KEY), ...marked });
		const copy = order(stage, buyer, [['W-1', 1, 100]], marked);
		expect((await get(stage.sim.ship(own))).orders[0]).toMatchObject({ sourceKey: KEY });
		expect((await get(stage.sim.ship(copy))).orders[0]).toMatchObject({ sourceKey: undefined });
		expect(await orders().get(own)).toMatchObject({ notes: 'Please hurry', refs: [{ system: 'vtiger', id: '4x38', key: KEY }] });
	});

	it('are found by number, padded or not; several of one number are told', async () => {
		const id = stage.sim.ship(order(stage, buyer, [['W-1', 1, 100]]));
		const other = stage.sim.ship(order(stage, buyer, [['W-1', 1, 100]]));
		stage.sim.patch(SHIPMENT, id, { Number: '77-1     ' });
		expect((await get('number:77-1')).source!.id).toBe(id);
		stage.sim.patch(SHIPMENT, other, { Number: '77-1' });
		const failure = await failureOf(get('number:77-1'));
		expect(failure.kind).toBe('ambiguous');
		expect(failure.message).toContain(id);
		expect(failure.message).toContain(other);
		stage.sim.cancelShipment(other);
		expect((await get('number:77-1')).source!.id).toBe(id);
		expect((await failureOf(get('number:nothing'))).kind).toBe('missing');
		expect((await failureOf(get(refKey('nowhere')))).kind).toBe('missing');
		expect((await failureOf(get('12'))).message).toMatch(/is not the ID of a invoice|is not the ID/);
	});

	it('are listed from the newest on, by their own date, by state', async () => {
		const ids: string[] = [];
		for (let i = 0; i < 4; i++) {
			ids.push(stage.sim.ship(order(stage, buyer, [['W-1', 1, 100]])));
			stage.clock.pass(3_600_000);
		}
		stage.sim.unpost(SHIPMENT, ids[0]!);
		const list = async (query: Parameters<InvoiceReader['list']>[0]) => (await collect(new InvoiceReader(stage.services()).list(query))).map((invoice) => ids.indexOf(invoice.source!.id));
		expect(await list({ limit: 3 })).toEqual([3, 2, 1]);
		expect(await list({})).toEqual([0, 1, 2, 3]);
		expect(await list({ where: { status: 'draft' } })).toEqual([0]);
		Object.assign(stage.sim.switches, { deletionMarkFilter: 'ignored', hiddenRows: { [SHIPMENT]: [ids[2]!] } });
		stage.sim.cancelShipment(ids[3]!);
		expect(await list({ where: { status: 'draft' } })).toEqual([0]);
		expect(await list({ limit: 2 })).toEqual([3, 1]);
		Object.assign(stage.sim.switches, { deletionMarkFilter: 'works', hiddenRows: {} });
		const since = new Date(stage.clock.now() - 2 * 3_600_000 - 1000).toISOString();
		expect(await list({ modifiedSince: since })).toEqual([2, 3]);
		expect((await failureOf(list({ where: { colour: 'red' } }))).message).toMatch(/cannot be searched by "colour".*number, status/);
	});

	it('many cost few calls, none of them longer than a web server takes', async () => {
		for (let i = 0; i < 30; i++) stage.sim.ship(order(stage, buyer, [['W-1', 1, 100], ['W-2', 1, 10]]));
		const lengths: number[] = [];
		const services = stage.services({}, async (request, send) => {
			lengths.push(new URLSearchParams(request.query).toString().length);
			return await send(request);
		});
		const reader = new InvoiceReader(services);
		await reader.get(String(stage.sim.records(SHIPMENT)[0]!.Ref_Key));
		stage.sim.server.resetCalls();
		const all = await collect(reader.list({}));
		expect(all).toHaveLength(30);
		expect(all.every(({ lines, orders: of }) => lines.length === 2 && of.length === 1)).toBe(true);
		expect(stage.calls().length).toBeLessThan(80);
		expect(Math.max(...lengths)).toBeLessThan(2_048);
	});

	it('orders tell what was shipped of each row', async () => {
		const sale = order(stage, buyer, [['W-1', 10, 100], ['W-2', 5, 10], ['W-1', 3, 77.77]]);
		const progress = async () => {
			const { status, fulfilment, invoicing, lines } = await orders().get(sale);
			return [status, fulfilment, invoicing, lines.map(({ delivered }) => delivered).join(' ')];
		};
		expect(await progress()).toEqual(['confirmed', 'none', 'none', '0 0 0']);
		stage.sim.ship(sale, { 3: '2' });
		expect(await progress()).toEqual(['confirmed', 'partial', 'partial', '0 0 2']);
		const second = stage.sim.ship(sale, { 1: '4', 2: '5' });
		expect(await progress()).toEqual(['confirmed', 'partial', 'partial', '4 5 2']);
		stage.sim.ship(sale);
		expect(await progress()).toEqual(['done', 'full', 'full', '10 5 3']);
		stage.sim.cancelShipment(second);
		expect(await progress()).toEqual(['confirmed', 'partial', 'partial', '6 0 3']);
	});

	it('orders that are not posted are drafts, marked ones cancelled', async () => {
		const sale = order(stage, buyer, [['W-1', 1, 100]]);
		const { order: set } = partsOf(stage);
		stage.sim.unpost(set, sale);
		expect(await orders().get(sale)).toMatchObject({ status: 'draft', totals: { net: '100', tax: '10', total: '110' } });
		stage.sim.patch(set, sale, { DeletionMark: true });
		expect((await orders().get(sale)).status).toBe('cancelled');
	});
});

describe('invoices of ut alone', () => {
	let stage: Setting;
	let buyer: string;
	beforeAll(async () => {
		stage = await setUp();
		buyer = client(stage, 'Flow Ltd');
	});
	afterAll(async () => await stage.stop());
	const ORDER_TYPE = 'StandardODATA.Document_ЗаказКлиента';
	const get = async (id: string): Promise<Invoice> => await new InvoiceReader(stage.services()).get(id);

	it('one shipment may bill two orders: each pays its own rows', async () => {
		const [a, b] = [order(stage, buyer, [['W-1', 1, 100]]), order(stage, buyer, [['W-2', 1, 10]])];
		const row = (code: string, sale: string) => ({ Номенклатура_Key: stage.products[code]!, Количество: 1, Цена: code === 'W-1' ? 100 : 10, КодСтроки: '1', ЗаказКлиента: sale, ЗаказКлиента_Type: ORDER_TYPE });
		const { Ref_Key: id } = enter(stage.sim, SHIPMENT, { Контрагент_Key: buyer, РеализацияПоЗаказам: true, Товары: [row('W-1', a), row('W-2', b)] });
		stage.sim.post(SHIPMENT, String(id));
		stage.sim.pay(b, '500');
		const invoice = await get(String(id));
		expect(invoice.orders.map(({ key }) => key.split(':').pop())).toEqual([a, b]);
		expect([invoice.totals?.total, invoice.received, invoice.residual]).toEqual(['121', '11', '110']);
		expect((await new OrderReader(stage.services()).get(b)).fulfilment).toBe('full');
	});

	it('a payment may name the shipment itself, or only the object of settlements', async () => {
		const sale = order(stage, buyer, [['W-1', 2, 100]]);
		const first = stage.sim.ship(sale, { 1: '1' });
		stage.clock.pass(1_000);
		const second = stage.sim.ship(sale);
		const payment = stage.sim.pay(sale, '50');
		const rows = stage.sim.get('Document_ПоступлениеБезналичныхДенежныхСредств', payment)!.РасшифровкаПлатежа as Array<Record<string, never>>;
		const change = (fields: Record<string, unknown>) => stage.sim.patch('Document_ПоступлениеБезналичныхДенежныхСредств', payment, { РасшифровкаПлатежа: rows.map((row) => ({ ...row, ...fields })) as never });
		change({ Заказ: second, Заказ_Type: `StandardODATA.${SHIPMENT}`, ОбъектРасчетов_Key: '00000000-0000-0000-0000-000000000000' });
		expect([(await get(first)).received, (await get(second)).received]).toEqual(['0', '50']);
		change({ Заказ: '', Заказ_Type: 'StandardODATA.Undefined' });
		expect([(await get(first)).received, (await get(second)).received]).toEqual(['50', '0']);
	});

	it('the last stage of the payment schedule is the due date', async () => {
		const id = stage.sim.ship(order(stage, buyer, [['W-1', 1, 100]]));
		expect((await get(id)).dueDate).toBeUndefined();
		const stages = ['2026-12-01T00:00:00', '2026-12-20T00:00:00', '0001-01-01T00:00:00'].map((date, i) => ({ LineNumber: String(i + 1), ДатаПлатежа: date }));
		stage.sim.patch(SHIPMENT, id, { ЭтапыГрафикаОплаты: stages });
		expect((await get(id)).dueDate).toBe('2026-12-20');
	});

	it('discounts are percents where these are exact', async () => {
		const sale = order(stage, buyer, [['W-1', 10, 120, { ПроцентРучнойСкидки: 10 }]]);
		const [line] = (await new OrderReader(stage.services()).get(sale)).lines;
		expect(line).toMatchObject({ price: '120', discountPercent: '10', net: '1080', tax: '108' });
	});

	it('an order that waits for consent is a draft, a closed one done, one whose rows are all cancelled cancelled', async () => {
		const sale = order(stage, buyer, [['W-1', 1, 100], ['W-2', 1, 10]]);
		const put = (fields: Record<string, unknown>) => stage.sim.base.store.put('Document_ЗаказКлиента', { ...stage.sim.get('Document_ЗаказКлиента', sale)!, ...fields } as never);
		const status = async () => (await new OrderReader(stage.services()).get(sale)).status;
		put({ Статус: 'НеСогласован' });
		expect(await status()).toBe('draft');
		put({ Статус: 'Закрыт' });
		expect(await status()).toBe('done');
		put({ Статус: 'КОбеспечению', Товары: (stage.sim.get('Document_ЗаказКлиента', sale)!.Товары as Array<Record<string, unknown>>).map((row) => ({ ...row, Отменено: true })) });
		expect(await status()).toBe('cancelled');
	});
});

describe('credit notes of ut', () => {
	const RETURN = 'Document_ВозвратТоваровОтКлиента';

	/** A base that publishes the document, which the simulated one does not: its rows are those of a shipment. */
	function withReturn(stage: Setting, row: Record<string, unknown>): Services {
		const services = stage.services();
		const { session, metadata } = services;
		const pages = session.pages.bind(session);
		const sets = metadata.sets.bind(metadata);
		metadata.sets = async () => new Set([...(await sets()), RETURN, `${RETURN}_Товары`]);
		session.pages = async function* (set, query, size) {
			if (!set.startsWith(RETURN)) return yield* pages(set, query, size);
			yield set === RETURN ? [row] : (row.Товары as Array<Record<string, unknown>>).map((line) => ({ ...line, Ref_Key: row.Ref_Key }));
		};
		return services;
	}

	it('name the shipment that they take back, and say nothing of payments', async () => {
		const stage = await setUp();
		try {
			const sale = order(stage, client(stage, 'Flow Ltd'), [['W-1', 2, 100]]);
			const shipment = stage.sim.ship(sale);
			stage.sim.pay(sale, '220');
			const back: Record<string, unknown> = { ...stage.sim.get(SHIPMENT, shipment)!, Ref_Key: refKey('a credit note'), Number: 'В-1', ДокументРеализации: shipment, ДокументРеализации_Type: `StandardODATA.${SHIPMENT}` };
			const services = withReturn(stage, back);
			const reader = new InvoiceReader(services);
			expect(await reader.sets()).toEqual([SHIPMENT, RETURN]);
			const note = await reader.get(refKey('a credit note'));
			expect(note).toMatchObject({
				type: 'creditNote', status: 'posted', number: 'В-1', key: `onec:${RETURN}:${refKey('a credit note')}`, totals: { net: '200', tax: '20', total: '220' }, received: undefined, residual: undefined,
				reverses: { key: `onec:${SHIPMENT}:${shipment}`, number: String(stage.sim.get(SHIPMENT, shipment)!.Number) },
				orders: [{ key: `onec:Document_ЗаказКлиента:${sale}` }],
			});
			const changes = new ChangeFinder(services, 'invoice', reader);
			const start = await changes.since({ budget: 5 });
			back.DataVersion = 'AAAAAAAAAP8=';
			const found = await changes.since({ budget: 5, cursor: start.cursor });
			expect(found.documents).toMatchObject([{ type: 'creditNote', number: 'В-1' }]);
			expect((await changes.since({ budget: 5, cursor: found.cursor })).documents).toEqual([]);
		} finally {
			await stage.stop();
		}
	});
});

describe('the captured shipment and orders of УТ 11', () => {
	const FIXTURES = path.join(__dirname, '../../wire/fixtures/onec');
	/** Values as JSON would give them: Atom tells no types. */
	const typed = (value: unknown): unknown => (value === 'true' ? true : value === 'false' ? false : Array.isArray(value) ? value.map((row) => Object.fromEntries(Object.entries(row as object).map(([name, one]) => [name, typed(one)]))) : value);

	/** A base that holds what the packets hold, and nothing else. */
	function captured(): Services {
		const records = new Map<string, Row[]>();
		for (const name of readdirSync(FIXTURES).filter((file) => /^packet-.*[.]xml$/.test(file)).sort()) {
			const reader = new FeedReader(({ type, key, data }) => {
				const row = Object.fromEntries(Object.entries(data).map(([field, value]) => [field, typed(value)]));
				records.set(type, [...(records.get(type) ?? []).filter(({ Ref_Key }) => Ref_Key !== key), row]);
				for (const [part, rows] of Object.entries(row)) if (Array.isArray(rows)) records.set(`${type}_${part}`, [...(records.get(`${type}_${part}`) ?? []).filter(({ Ref_Key }) => Ref_Key !== key), ...rows.map((line: Row) => ({ ...line, Ref_Key: key }))]);
			});
			reader.write(readFileSync(path.join(FIXTURES, name), 'utf8'));
			reader.end();
		}
		const sets = async () => new Set(records.keys());
		const pages = async function* (set: string, { filter = '' }: { filter?: string }) {
			const wanted = [...filter.matchAll(/([^ (]+) eq (?:cast[(])?guid'([^']+)'/g)];
			yield (records.get(set) ?? []).filter((row) => wanted.some(([, field, id]) => row[field!] === id));
		};
		const profile = async () => chooseProfile(PROFILES, 'auto', await sets());
		return { credential: { url: 'http://onec.test', installation: 'onec', timeZone: 'UTC', useOwnRefKeys: true }, session: { pages }, metadata: { sets, has: async (set: string) => records.has(set), properties: async () => new Map() }, clock: {}, profile } as never;
	}

	it('is read to the kopeck, VAT included', async () => {
		const shipment = 'fd3520a4-ac4e-11ed-9461-90004ef3f886';
		const invoice = await new InvoiceReader(captured()).get(shipment);
		expect(invoice).toMatchObject({ number: 'ТД00-000026', status: 'posted', date: '2023-02-14', totals: { total: '21900' }, received: undefined, dueDate: '2023-03-01', orders: [{ key: 'onec:Document_ЗаказКлиента:c4d2615b-a783-11ed-ac3a-90004ef3f886' }], notes: '1' });
		// Two of the captured rows are kept.
		expect(invoice.lines.map(({ quantity, net, tax }) => [quantity, net, tax])).toEqual([['1', '4333.33', '866.67'], ['1', '3583.33', '716.67']]);
		for (const { price, quantity, net } of invoice.lines) expect(new Big(price).times(quantity).round(2).toFixed()).toBe(net);
	});

	it('the order: its rows, its total, what was delivered of it', async () => {
		const orders = await new OrderReader(captured()).get('8d1d7287-6240-11f1-9296-08002761f3c5');
		expect(orders).toMatchObject({ status: 'draft', currency: undefined });
		expect(orders.lines.length).toBeGreaterThan(0);
		expect(new Big(orders.totals!.net).plus(orders.totals!.tax).toFixed()).toBe(orders.totals!.total);
		expect(orders.lines.reduce((sum, { net, tax }) => sum.plus(net!).plus(tax!), new Big(0)).toFixed()).toBe(orders.totals!.total);
	});
});

describe('what was received', () => {
	it('counts a payment in another currency with what it settled, and with nothing while that is not known', () => {
		const owed: Owed[] = [{ id: 's', currency: 'eur', total: new Big(1_000), orders: new Map([['a', new Big(1_000)]]) }];
		const paid = (more: Partial<Paid>): Paid[] => [{ payment: 'p', target: 'a', date: '', posted: true, sum: new Big(900), settled: undefined, currency: 'rub', ...more }];
		const received = (more: Partial<Paid>) => allocate(owed, paid(more)).get('s')!.toFixed();
		expect(received({})).toBe('0');
		expect(received({ settled: new Big(10) })).toBe('10');
		expect(received({ currency: 'eur' })).toBe('900');
		expect(received({ currency: undefined })).toBe('900');
	});

	const amount = fc.integer({ min: 0, max: 1_000 });

	it('is never more than the totals, nor than what was paid, and leaves nothing unshared that is owed', () => {
		fc.assert(fc.property(fc.array(fc.record({ parts: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), amount), { maxLength: 3 }) }), { maxLength: 6 }), fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 's0', 's1'), amount, fc.boolean()), { maxLength: 6 }), (shipments, payments) => {
			const owed: Owed[] = shipments.map(({ parts }, i) => {
				const orders = new Map<string, Big>();
				for (const [name, sum] of parts) orders.set(name, (orders.get(name) ?? new Big(0)).plus(sum));
				return { id: `s${i}`, currency: undefined, total: [...orders.values()].reduce((all, one) => all.plus(one), new Big(0)), orders };
			});
			const paid: Paid[] = payments.map(([target, sum, posted], i) => ({ payment: `p${i}`, target, date: '', posted, sum: new Big(sum), settled: undefined, currency: undefined }));
			const received = allocate(owed, paid);
			const all = [...received.values()].reduce((total, one) => total.plus(one), new Big(0));
			const counted = paid.filter(({ posted }) => posted).reduce((total, one) => total.plus(one.sum), new Big(0));
			for (const { id, total } of owed) expect(received.get(id)!.gte(0) && received.get(id)!.lte(total)).toBe(true);
			expect(all.lte(counted)).toBe(true);
			for (const { id, total, orders } of owed) {
				// What is still owed on a shipment with one order has no money of that order left over.
				if (orders.size !== 1 || received.get(id)!.gte(total)) continue;
				const [name] = orders.keys();
				const pot = paid.filter((one) => one.posted && one.target === name).reduce((sum, one) => sum.plus(one.sum), new Big(0));
				const direct = paid.filter((one) => one.posted && owed.some((other) => other.orders.has(name!) && other.id === one.target)).length;
				const used = owed.filter((other) => other.orders.has(name!)).reduce((sum, other) => sum.plus(received.get(other.id)!), new Big(0));
				if (direct === 0) expect(used.gte(pot)).toBe(true);
			}
		}), { numRuns: 300 });
	});
});
