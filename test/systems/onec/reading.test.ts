// Owns the proof that customers and products are read whole (reference 10), that a release's missing columns and sets stop
// nothing, and that filters are as short as web servers want them.
import type { Customer, Product } from '../../../nodes/core/documents';
import { collect } from '../../../nodes/core/pages';
import { CustomerReader } from '../../../nodes/OneC/onec.customers.read';
import { refKey } from '../../../nodes/OneC/onec.keys';
import { OrderReader } from '../../../nodes/OneC/onec.orders.read';
import { ProductReader } from '../../../nodes/OneC/onec.products.read';
import { addressOf, filters, gather, sourceKeyOf } from '../../../nodes/OneC/onec.reading';
import { currencyCode } from '../../../nodes/OneC/onec.reading.headers';
import { customer, done, failureOf, PROFILE_NAMES, setUp, type Setting } from './setting';
import { client, order } from './desk';

describe.each(PROFILE_NAMES)('master data of %s', (profile) => {
	let stage: Setting;
	let clean: string;
	beforeAll(async () => {
		stage = await setUp({ profile });
		clean = stage.sim.snapshot();
	});
	afterAll(async () => await stage.stop());
	beforeEach(() => stage.sim.restore(clean));

	const customers = () => new CustomerReader(stage.services());
	const products = () => new ProductReader(stage.services());

	it('a customer comes back as it was written', async () => {
		const given = customer('8', { vat: '7700000016/770001001', website: 'flow.test', shipping: { street: '2 Dock Rd', city: 'Ostia', postalCode: '00121', country: 'Italy' } });
		const written = done(await stage.connect().upsert('customer', [given], {}));
		const read: Customer = await customers().get(written.ref.id);
		expect(read).toMatchObject({ name: given.name, isCompany: true, vat: given.vat, email: given.email, phone: given.phone, website: given.website, source: { installation: 'onec', id: refKey(given.key) } });
		expect(read.billing).toMatchObject({ street: '1 Main St', city: 'Rome', postalCode: '00100', country: 'Italy' });
		expect(read.shipping).toMatchObject({ street: '2 Dock Rd', city: 'Ostia' });
		// БП has no field in which a person's key could be marked.
		expect(read.contacts).toMatchObject([{ key: profile === 'ut' ? 'vtiger:Contacts:12x8' : `onec:Catalog_КонтактныеЛица:${refKey('vtiger:Contacts:12x8')}`, firstName: 'Ann', lastName: 'Flow', email: 'ann8@flow.test' }]);
		expect(read.refs).toMatchObject([{ system: 'vtiger', id: '11x8', key: given.key }]);
	});

	it('customers are searched by name, tax number and number; folders are none', async () => {
		const id = client(stage, 'Искомый "О\'Нил"', { ИНН: '7700000016', КПП: '770001001' });
		client(stage, 'Другой', { ИНН: '7700000016', КПП: '770002001' });
		const found = async (where: Record<string, string>) => (await collect(customers().list({ where }))).map(({ source }) => source!.id);
		expect(await found({ name: 'Искомый "О\'Нил"' })).toEqual([id]);
		expect(await found({ vat: '7700000016/770001001' })).toEqual([id]);
		expect(await found({ vat: '7700000016' })).toHaveLength(2);
		expect(await found({ name: 'никто' })).toEqual([]);
		expect((await failureOf(collect(customers().list({ modifiedSince: '2026-01-01T00:00:00Z' })))).message).toMatch(/keeps no date of change/);
	});

	it('a product has code, unit, rate and the price of the only kind that it has', async () => {
		const product: Product = await products().get('number:W-2');
		expect(product).toMatchObject({ kind: 'product', type: 'product', code: 'W-2', name: 'Gadget', unit: 'шт', price: '19.99', currency: 'EUR', active: true, source: { id: stage.products['W-2'] } });
		expect(await products().get('number:SER1')).toMatchObject({ type: 'service', stock: undefined });
		expect((await failureOf(products().get('number:NONE'))).kind).toBe('missing');
	});

	it('many products cost few calls', async () => {
		for (let i = 0; i < 40; i++) stage.sim.insert('Catalog_Номенклатура', { Description: `Item ${i}`, Артикул: `I-${i}` });
		const all = products();
		await all.get('number:W-1');
		const lengths: number[] = [];
		const reader = new ProductReader(stage.services({}, async (request, send) => {
			lengths.push(new URLSearchParams(request.query).toString().length + request.path.length);
			return await send(request);
		}));
		stage.sim.server.resetCalls();
		const read = await collect(reader.list({}));
		expect(read.length).toBeGreaterThanOrEqual(46);
		expect(read.filter(({ price }) => price !== undefined).length).toBeGreaterThanOrEqual(4);
		expect(stage.calls().length).toBeLessThan(30);
		expect(Math.max(...lengths)).toBeLessThan(2_048);
	});

	it('prices and stock that are not published, or not for this user, are left out', async () => {
		const { price, stock } = await stage.services().profile();
		stage.sim.switches.unpublished = [price!.set.replace(/_RecordType$/, '')];
		stage.sim.switches.forbiddenSets = [stock?.set ?? 'AccountingRegister_Хозрасчетный'];
		const product = await products().get('number:W-1');
		Object.assign(stage.sim.switches, { unpublished: [], forbiddenSets: [] });
		expect([product.code, product.price, product.stock]).toEqual(['W-1', undefined, undefined]);
	});
});

describe('stock', () => {
	it('of УТ is what nobody has reserved', async () => {
		const stage = await setUp();
		try {
			const stock = async () => (await new ProductReader(stage.services()).get('number:W-1')).stock;
			expect(await stock()).toBe('500');
			const buyer = client(stage, 'Flow Ltd');
			order(stage, buyer, [['W-1', 7, 100, { ВариантОбеспечения: 'Отгрузить' }]]);
			expect(await stock()).toBe('493');
		} finally {
			await stage.stop();
		}
	});

	it('of БП stands on account 41', async () => {
		const stage = await setUp({ profile: 'bp' });
		try {
			const stock = async () => (await new ProductReader(stage.services()).get('number:W-1')).stock;
			expect(await stock()).toBe('500');
			stage.sim.ship(order(stage, client(stage, 'Flow Ltd'), [['W-1', 7, 100]]));
			expect(await stock()).toBe('493');
		} finally {
			await stage.stop();
		}
	});
});

describe('reading', () => {
	it('filters are cut to the length of an address, each condition once', () => {
		const conditions = Array.from({ length: 60 }, (_, i) => `Номенклатура_Key eq guid'00000000-0000-0000-0000-0000000000${String(i).padStart(2, '0')}'`);
		const groups = filters([...conditions, ...conditions]);
		expect(groups.length).toBeGreaterThan(3);
		for (const group of groups) expect(encodeURIComponent(group).length).toBeLessThanOrEqual(1_700);
		expect(groups.join(' or ').split(' or ').map((one) => one.replace(/^\(|\)$/g, ''))).toEqual(conditions);
		expect(filters([])).toEqual([]);
		expect(filters(['x'.repeat(5_000)])).toHaveLength(1);
	});

	it('a column that this release has not is left out, and not asked for again', async () => {
		const stage = await setUp();
		try {
			const services = stage.services();
			const select = ['Ref_Key', 'Нет_Такого', 'Description'];
			const read = async () => await gather(services, 'Catalog_Валюты', ["Description eq 'EUR'"], { select });
			expect(Object.keys((await read())[0]!).sort()).toEqual(['Description', 'Ref_Key']);
			stage.sim.server.resetCalls();
			await read();
			expect(stage.calls()).toEqual(['GET Catalog_Валюты']);
			expect((await failureOf(gather(services, 'Catalog_Нет', ['true'], { select }))).kind).toBe('denied');
		} finally {
			await stage.stop();
		}
	});

	it('the address of a record turns the groups of its id round, as 1C does', () => {
		expect(addressOf('http://h/b', 'Document_ЗаказКлиента', 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee')).toBe(`http://h/b#e1cib/data/${encodeURI('Документ.ЗаказКлиента')}?ref=ddddeeeeeeeeeeeeccccbbbbaaaaaaaa`);
		expect(addressOf('http://h/b', 'InformationRegister_X', 'x')).toBeUndefined();
	});

	it('a currency has its ISO code, whatever the base calls it', () => {
		const fields = { set: 'Catalog_Валюты', alpha: 'Description', numeric: 'Code' };
		expect(currencyCode({ Description: 'EUR', Code: '978' }, fields)).toBe('EUR');
		expect(currencyCode({ Description: 'руб.', Code: '643' }, fields)).toBe('RUB');
		expect(currencyCode({ Description: 'у.е.', Code: '999' }, fields)).toBe('у.е.');
		expect(currencyCode(undefined, fields)).toBeUndefined();
	});

	it('a mark is believed on our own id only; without ids of our own, where the customer\'s number is filled', async () => {
		const key = 'vtiger:Quotes:4x1';
		const fields = { comment: 'Комментарий', customerNumber: 'НомерПоДаннымКлиента' };
		const row = (ref: string, number = '') => ({ Ref_Key: ref, Комментарий: `text [${key}]`, НомерПоДаннымКлиента: number });
		const services = (useOwnRefKeys: boolean) => ({ credential: { useOwnRefKeys } }) as never;
		expect(sourceKeyOf(services(true), row(refKey(key)), fields)).toBe(key);
		expect(sourceKeyOf(services(true), row(refKey('other'), 'QUO1'), fields)).toBeUndefined();
		expect(sourceKeyOf(services(false), row(refKey('other'), 'QUO1'), fields)).toBe(key);
		expect(sourceKeyOf(services(false), row(refKey('other')), fields)).toBeUndefined();
	});
});

describe.each(PROFILE_NAMES)('on a base that gives ids of its own, %s', (profile) => {
	it('the marks of customers and orders are believed, those of copies not', async () => {
		const stage = await setUp({ profile, switches: { ownRefKey: 'ignored' } });
		try {
			const { order: role, customer: party } = await stage.services().profile();
			const key = 'vtiger:Quotes:4x77';
			const buyer = client(stage, 'Flow Ltd', party.comment ? { [party.comment]: '[vtiger:Accounts:11x7]' } : {});
			const marked = { [role.comment!]: `[${key}]`, ...(role.customerNumber ? { [role.customerNumber]: 'QUO77' } : {}) };
			const first = order(stage, buyer, [['W-1', 1, 100]], marked);
			stage.clock.pass(60_000);
			const copy = order(stage, buyer, [['W-1', 1, 100]], marked);
			expect((await new OrderReader(stage.services()).get(copy)).refs).toEqual([]);
			expect((await new OrderReader(stage.services({ useOwnRefKeys: false })).get(copy)).refs).toEqual([]);
			expect((await new OrderReader(stage.services({ useOwnRefKeys: false })).get(first)).refs).toMatchObject([{ key }]);
			const read = await collect(new OrderReader(stage.services()).list({}));
			expect(read.map(({ source, refs }) => [source!.id, refs[0]?.key])).toEqual([[first, key], [copy, undefined]]);
			if (party.comment) expect((await new CustomerReader(stage.services()).get(buyer)).refs).toMatchObject([{ key: 'vtiger:Accounts:11x7' }]);
		} finally {
			await stage.stop();
		}
	});
});
