// What reading promises: documents in one vocabulary, few calls for many, whose they are in the CRM.
import { ADMIN, type Version } from '../../../demo/simulators/odoo';
import type { Invoice, Order } from '../../../nodes/core/documents';
import { Failure } from '../../../nodes/core/failure';
import { collect } from '../../../nodes/core/pages';
import type { Connector } from '../../../nodes/core/port';
import { customer, done, FIVE_LINES, push, quote, setUp, type Setting, VERSIONS } from './setting';

let setting: Setting;
afterEach(async () => await setting.stop());
const start = async (version: Version = 18): Promise<Connector> => {
	setting = await setUp({ version });
	return setting.connect();
};
const confirmed = async (connector: Connector, id = '38'): Promise<number> => Number((await push(connector, quote(FIVE_LINES, { id }))).order.ref.id);

describe.each(VERSIONS)('an order of Odoo %s', (version) => {
	it('is read with its lines, taxes and totals, by id and by number', async () => {
		const connector = await start(version);
		const id = await confirmed(connector);
		const order: Order = await connector.get('order', String(id));
		expect(order).toMatchObject({ kind: 'order', key: `odoo:sale.order:${id}`, status: 'confirmed', stage: 'sale', reference: 'QUO38', currency: 'USD', customer: { name: 'Flow Ltd 8' }, totals: { net: '999.96' }, fulfilment: 'none', invoicing: 'none' });
		expect(order.refs).toMatchObject([{ system: 'vtiger', kind: 'order', id: '4x38', key: 'vtiger:*:4x38' }]);
		expect(order.lines.map((line) => [line.code, line.quantity, line.price, line.discountPercent, line.taxes.map((tax) => tax.rate)])).toEqual([
			['W-1', '3', '77.77', '10', ['4.5']],
			['W-2', '2', '19.99', '0', ['10']],
			['W-3', '10', '4.5', '0', expect.arrayContaining(['4.5', '10'])],
			['SER1', '1.5', '50', '0', ['12.5']],
			['W-4', '1', '700', '10', ['4.5']],
		]);
		expect(await connector.get('order', `number:${order.number}`)).toEqual(order);
	});

	it('tells what was delivered and invoiced', async () => {
		const connector = await start(version);
		const goods = quote(FIVE_LINES.filter(([code]) => code !== 'SER1'));
		const id = Number((await push(connector, goods)).order.ref.id);
		setting.sim.deliver(id);
		expect(await connector.get('order', String(id))).toMatchObject({ fulfilment: 'full', invoicing: 'none' });
		const [draft] = setting.sim.invoiceOrder(id);
		setting.sim.post(draft!);
		expect(await connector.get('order', String(id))).toMatchObject({ status: 'done', fulfilment: 'full', invoicing: 'full' });
	});
});

describe.each(VERSIONS)('an invoice of Odoo %s', (version) => {
	it('tells what is paid, and whose order it bills', async () => {
		const connector = await start(version);
		const id = await confirmed(connector);
		const [move] = setting.sim.invoiceOrder(id);
		expect(await connector.get('invoice', String(move))).toMatchObject({ status: 'draft', paymentState: 'unpaid' });
		setting.sim.post(move!);
		const open: Invoice = await connector.get('invoice', String(move));
		expect(open).toMatchObject({ type: 'invoice', status: 'posted', paymentState: 'unpaid', received: '0', residual: open.totals!.total, totals: { net: '999.96' }, customerSourceKey: 'vtiger:*:11x8' });
		expect(open.orders).toEqual([{ key: `odoo:sale.order:${id}`, number: expect.stringMatching(/^S\d+$/), sourceKey: 'vtiger:*:4x38' }]);
		expect(open.lines.map((line) => [line.role, line.code, line.quantity])).toEqual([['product', 'W-1', '3'], ['product', 'W-2', '2'], ['product', 'W-3', '10'], ['product', 'SER1', '1.5'], ['product', 'W-4', '1']]);
		setting.sim.pay(move!, 100);
		expect(await connector.get('invoice', String(move))).toMatchObject({ paymentState: 'partial', received: '100' });
		setting.sim.pay(move!);
		expect(await connector.get('invoice', `number:${open.number}`)).toMatchObject({ paymentState: 'paid', residual: '0', received: open.totals!.total });
	});

	it('says which invoice a credit note reverses', async () => {
		const connector = await start(version);
		const [move] = setting.sim.invoiceOrder(await confirmed(connector));
		setting.sim.post(move!);
		const note = setting.sim.creditNote(move!);
		const invoice = await connector.get('invoice', String(move));
		expect(await connector.get('invoice', String(note))).toMatchObject({ type: 'creditNote', reverses: { key: `odoo:account.move:${move}`, number: invoice.number }, orders: [{ sourceKey: 'vtiger:*:4x38' }] });
	});
});

describe('a list', () => {
	it('reads many invoices in as many calls as a few', async () => {
		const connector = await start();
		const moves: number[] = [];
		for (const id of ['1', '2', '3', '4', '5']) moves.push(...setting.sim.invoiceOrder(await confirmed(connector, id)));
		moves.forEach((move) => setting.sim.post(move));
		await connector.get('invoice', String(moves[0]));
		setting.sim.server.resetCalls();
		const all = await collect(connector.list('invoice', {}));
		expect(all.map((invoice) => invoice.orders[0]!.sourceKey)).toEqual(['1', '2', '3', '4', '5'].map((id) => `vtiger:*:4x${id}`));
		expect(setting.calls().length).toBeLessThanOrEqual(6);
	});

	it('with a limit shows the newest, and filters by number, state and time', async () => {
		const connector = await start();
		const ids = [await confirmed(connector, '1'), await confirmed(connector, '2'), await confirmed(connector, '3')];
		const numbers = async (query: Parameters<Connector['list']>[1]): Promise<string[]> => (await collect(connector.list('order', query))).map((order) => order.source!.id);
		expect(await numbers({ limit: 2 })).toEqual([String(ids[2]), String(ids[1])]);
		expect(await numbers({ where: { reference: 'QUO2' } })).toEqual([String(ids[1])]);
		expect(await numbers({ where: { status: 'cancelled' } })).toEqual([]);
		expect(await numbers({ modifiedSince: '2099-01-01T00:00:00Z' })).toEqual([]);
		await expect(numbers({ where: { colour: 'red' } })).rejects.toThrow(/cannot be searched by "colour".*number, reference, status/s);
	});
});

describe('a customer', () => {
	it('comes with contacts and delivery address, as it was written', async () => {
		const connector = await start();
		const given = customer('8', { vat: 'IT1', website: 'flow.test', notes: 'two\nlines & <b>', shipping: { name: 'Dock', street: '2 Dock Rd', city: 'Milan', country: 'IT' } });
		const { ref } = done(await connector.upsert('customer', [given], {}));
		const read = await connector.get('customer', ref.id);
		expect(read).toMatchObject({
			name: 'Flow Ltd 8', vat: 'IT1', email: 'info8@flow.test', website: expect.stringMatching(/flow\.test$/), notes: 'two\nlines & <b>',
			billing: { street: '1 Main St', city: 'Rome', postalCode: '00100', country: 'IT' }, shipping: { name: 'Dock', city: 'Milan', country: 'IT' },
			contacts: [{ firstName: 'Ann', lastName: 'Flow', email: 'ann8@flow.test' }],
			refs: [{ system: 'vtiger', kind: 'customer', id: '11x8' }],
		});
		expect((await collect(connector.list('customer', { where: { name: 'Flow Ltd 8' } }))).map((one) => one.source!.id)).toEqual([ref.id]);
	});
});

describe('a product', () => {
	it('comes with its code, price and unit', async () => {
		const connector = await start();
		expect(await connector.get('product', 'number:W-2')).toMatchObject({ kind: 'product', code: 'W-2', name: 'Gadget', price: '19.99', currency: 'USD', type: 'product', active: true });
		expect(await connector.get('product', 'number:SER1')).toMatchObject({ type: 'service', stock: undefined });
	});

	it('of which there are two is a question', async () => {
		const connector = await start();
		setting.sim.insert('product.product', { name: 'Again', default_code: 'W-2' });
		await expect(connector.get('product', 'number:W-2')).rejects.toMatchObject({ kind: 'ambiguous' });
	});
});

describe('what is not there', () => {
	it.each([['999999', 'missing'], ['number:S99999', 'missing'], ['S00042', 'rejected'], ['4x38', 'rejected']])('%s is %s', async (ref, kind) => {
		const connector = await start();
		await expect(connector.get('order', ref)).rejects.toMatchObject({ kind });
	});

	it('is said for kinds and verbs that Odoo does not have here', async () => {
		const connector = await start();
		await expect(connector.get('opportunity', '1')).rejects.toBeInstanceOf(Failure);
		await expect(connector.upsert('invoice', [customer()], {})).rejects.toBeInstanceOf(Failure);
		await expect(connector.link([])).rejects.toBeInstanceOf(Failure);
		await expect(connector.pending('order', 'x', { limit: 1, skip: new Set() })).rejects.toBeInstanceOf(Failure);
		expect(() => connector.moduleOf('opportunity')).toThrow(Failure);
	});
});

describe('records of any model', () => {
	const admin = (): Connector => setting.connect({ login: ADMIN.login, secret: ADMIN.apiKey });

	it('are made, read, listed, changed and removed', async () => {
		await start();
		const { records } = admin();
		const made = await records.create('res.partner', { name: 'Any', city: 'Rome' });
		expect(made).toMatchObject({ name: 'Any', city: 'Rome' });
		expect(await records.update('res.partner', String(made.id), { city: 'Milan' })).toMatchObject({ city: 'Milan' });
		expect(await collect(records.list('res.partner', '["|", ["city", "=", "Milan"], ["city", "=", "Turin"], ["name", "=", "Any"]]', undefined))).toMatchObject([{ id: made.id }]);
		await records.remove('res.partner', String(made.id));
		await expect(records.get('res.partner', String(made.id))).rejects.toMatchObject({ kind: 'missing' });
	});

	it('are paged by id, however many', async () => {
		const connector = await start();
		const ids = Array.from({ length: 450 }, (_, i) => setting.sim.insert('res.partner', { name: `Page ${i}`, city: i % 2 ? 'Rome' : 'Milan' }));
		const found = await collect(connector.records.list('res.partner', '["|", ["city", "=", "Rome"], ["city", "=", "Milan"]]', undefined));
		expect(found.map((row) => row.id)).toEqual(expect.arrayContaining(ids));
		expect(await collect(connector.records.list('res.partner', undefined, 3))).toHaveLength(3);
	});

	it('have fields for the pickers', async () => {
		const connector = await start();
		const fields = await connector.records.fields('sale.order');
		expect(fields.find((field) => field.name === 'client_order_ref')).toEqual({ name: 'client_order_ref', label: 'Customer Reference', type: 'text', required: false, writable: true, custom: false });
		expect(fields.find((field) => field.name === 'partner_id')).toMatchObject({ type: 'reference', referenceTo: ['res.partner'] });
		expect(fields.find((field) => field.name === 'state')).toMatchObject({ type: 'option', writable: false, options: expect.arrayContaining([{ value: 'sale', label: 'Sales Order' }]) });
	});

	it('of the usual models are offered where the list of models may not be read', async () => {
		await start(19);
		expect((await setting.connect().records.modules()).map((module) => module.name)).toEqual(expect.arrayContaining(['res.partner', 'sale.order', 'account.move']));
	});
});

describe('lists to choose from', () => {
	it.each([
		['taxes', { name: 'Service 12.5%', description: '12.5 %' }],
		['productCodes', { name: 'Widget [W-1]', value: 'W-1' }],
		['countries', { name: 'Italy', value: 'IT' }],
		['pricelists', { name: expect.stringMatching(/\(EUR\)/) }],
		['companies', { name: 'Lab Company', value: '1' }],
	])('%s', async (list, entry) => {
		const connector = await start();
		expect(await connector.choices(list)).toEqual(expect.arrayContaining([expect.objectContaining(entry)]));
	});

	it('that are unknown are empty', async () => {
		const connector = await start();
		expect(await connector.choices('colours')).toEqual([]);
	});
});
