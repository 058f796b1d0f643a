// Proves what a document with lines needs beside its own fields: taxes, the records that it names, the decimals of its
// currency, and that its totals are the same on both sides.
import fc from 'fast-check';
import { invoiceSchema, opportunitySchema, orderSchema, quoteSchema, refSchema, type Document, type Order } from '../../../nodes/core/documents';
import { computeTotals, planLines } from '../../../nodes/core/money';
import { servicesFor } from '../../../nodes/RestErp/rest.assembly';
import { decimalsOf, OrderPlanner } from '../../../nodes/RestErp/rest.orders';
import { isOpen, proveStored } from '../../../nodes/RestErp/rest.orders.proof';
import { RefFinder } from '../../../nodes/RestErp/rest.orders.refs';
import { taxFor, taxNeeded } from '../../../nodes/RestErp/rest.orders.taxes';
import type { Bindings } from '../../../nodes/RestErp/rest.services';
import { partsFor } from '../../../nodes/RestErp/rest.writing';
import { newTask, rounds, type Task } from '../../../nodes/RestErp/rest.writing.task';
import { sendTo, TestClock } from '../send';
import { profileFor } from './writing.profile';
import { WritingServer, type Json } from './writing.server';

const RULES = { policy: { mode: 'explained' as const }, rounding: undefined, system: 'Small ERP' };

function order(more: Record<string, unknown> = {}): Order {
	const tax = [{ name: 'VAT', rate: '10' }];
	return orderSchema.parse({ kind: 'order', key: 'crm:Quotes:1', number: 'QUO1', currency: 'EUR', lines: [{ key: '1', code: 'W-1', quantity: '3', price: '70', discountPercent: '10', taxes: tax }, { key: '2', code: 'W-2', quantity: '2', price: '19.99', taxes: tax }], ...more });
}

describe('taxes', () => {
	const tax = { name: 'VAT', rate: '4.5', code: 'tax1' };
	test.each([
		['by name', [{ from: 'vat', to: '7' }], '7'],
		['by rate', [{ from: '4.5 %', to: '7' }], '7'],
		['by both', [{ from: 'VAT 4.5%', to: ' 7 ' }], '7'],
		['by code, where the table does not name it', [{ from: 'GST', to: '7' }], 'tax1'],
		['by code, without a table', [], 'tax1'],
	])('%s', (_what, taxes, expected) => expect(taxFor(tax, { taxes, own: true })).toBe(expected));

	test('nothing where the system is to decide, or nothing is known', () => {
		expect(taxFor(tax, { taxes: [{ from: 'vat', to: '7' }], taxSource: 'target', own: true }, '4.5')).toBeUndefined();
		expect(taxFor({ name: 'VAT', rate: '5' }, { own: true })).toBeUndefined();
		expect(taxFor(undefined, { own: true }, '4.5')).toBeUndefined();
		expect(taxFor('VAT', { own: true })).toBeUndefined();
	});

	test('the code of another system means nothing here', () => {
		expect(taxFor({ name: 'VAT', rate: '10', code: 'tax2' }, { own: false })).toBeUndefined();
		expect(taxFor({ name: 'VAT', rate: '10', code: 'tax2' }, { taxes: [{ from: 'VAT', to: '7' }], own: false })).toBe('7');
	});
	test('what the profile gives stands for a tax that is not mapped', () => {
		expect(taxFor({ name: 'VAT', rate: '10', code: 'tax2' }, { own: false }, 'R10')).toBe('R10');
		expect(taxFor([{ rate: '10' }, { rate: '5' }], { own: false, taxes: [{ from: '5', to: '7' }] }, '0')).toEqual(['0', '7']);
	});

	test('a tax that is needed is asked for by name', () => {
		expect(taxNeeded({ name: 'VAT', rate: '10' }, { taxes: [{ from: '10', to: '7' }], own: false }, 'ERPNext')).toBe('7');
		expect(() => taxNeeded([{ name: 'VAT', rate: '10', code: 'tax2' }], { own: false }, 'ERPNext')).toThrow(/No tax of ERPNext is chosen for the tax "VAT 10 %".*Tax Mapping/);
	});
	test('a list gives a list', () => expect(taxFor([tax, { rate: '1' }, { rate: '2', code: 'b' }], { own: true })).toEqual(['tax1', 'b']));
});

test('currencies have the decimals that ISO 4217 gives them', () => {
	expect(['EUR', 'JPY', 'KWD', 'CLP', 'RUB', 'no currency', undefined].map(decimalsOf)).toEqual([2, 0, 3, 0, 2, 2, 2]);
});

describe('totals', () => {
	const read = (more: Record<string, unknown>): Order => order({ key: 'erp:orders:5', number: 'SO5', source: { installation: 'erp', module: 'orders', id: '5' }, ...more });
	const totals = { net: '228.98', tax: '22.90', total: '251.88' };

	test('that are the same to the cent agree', () => {
		expect(proveStored(order({ totals }), 'order QUO1', read({ totals }), [], RULES).proof).toMatchObject({ agrees: true, difference: '0.00' });
	});

	test('that differ are refused with both, and what to do', () => {
		const prove = () => proveStored(order({ totals }), 'order QUO1', read({ totals: { ...totals, total: '251.87' } }), [], RULES);
		expect(prove).toThrow(/The totals do not agree: 251\.88 where it comes from, 251\.87 for order SO5 in Small ERP \(-0\.01\).*not confirmed in Small ERP/);
	});

	test('in another currency are refused, without totals nothing is proved', () => {
		expect(() => proveStored(order({ totals }), 'r', read({ totals, currency: 'USD' }), [], RULES)).toThrow(/SO5 in Small ERP is in USD instead of EUR/);
		expect(proveStored(order({ totals }), 'r', read({}), [], RULES)).toEqual({ note: expect.stringMatching(/Nothing was proved/) });
	});

	test('say nothing where lines are missing: the server may only repeat what it was sent', () => {
		const source = order({ totals });
		const written = planLines(source, { price: 4, quantity: 3, discount: 2 });
		const prove = (lines: Order['lines'], reads: Record<string, string> = { lines: 'record.lines' }) => proveStored(source, 'r', read({ totals, lines }), written, { ...RULES, reads });
		expect(() => prove([])).toThrow(/Not all lines arrived: 5 pieces in 2 lines were sent, order SO5 in Small ERP has 0 in 0.*not confirmed/);
		expect(() => prove(source.lines.slice(1), {})).toThrow(/has 2 in 1/);
		expect(prove([], {}).proof?.agrees).toBe(true);
		const [first, second] = source.lines as [Order['lines'][0], Order['lines'][0]];
		expect(prove([{ ...first, quantity: '1' }, { ...first, quantity: '2' }, second, { ...second, code: 'FREIGHT' }]).proof?.agrees).toBe(true);
	});

	test('of an order that binds already say so', () => {
		expect(() => proveStored(order({ totals }), 'r', read({ totals: { ...totals, total: '1' }, status: 'confirmed' }), [], RULES)).toThrow(/counts as confirmed in Small ERP already/);
		expect([isOpen(undefined), isOpen(read({})), isOpen(read({ status: 'done' })), isOpen(quoteSchema.parse({ kind: 'quote', key: 'a', status: 'accepted' }))]).toEqual([true, true, false, true]);
	});

	const amount = fc.integer({ min: 1, max: 1_000_000 }).map((cents) => (cents / 100).toFixed(2));
	const line = fc.record({ quantity: fc.integer({ min: 1, max: 50 }).map(String), price: amount, discountPercent: fc.constantFrom('0', '5', '12.5', '33.33'), rate: fc.constantFrom('0', '7', '19', '20') });
	test('whatever way the server rounds taxes, what its own lines come to agrees', () => {
		fc.assert(
			fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), fc.constantFrom('line' as const, 'document' as const), fc.constantFrom('line' as const, 'document' as const), (lines, there, here) => {
				const document = order({ lines: lines.map(({ rate, ...rest }, i) => ({ ...rest, key: String(i), taxes: [{ rate }] })) });
				const source = { ...document, totals: computeTotals(document.lines, [], here) };
				const written = planLines(source, { price: 4, quantity: 3, discount: 2 });
				expect(proveStored(source, 'r', read({ lines: written, totals: computeTotals(written, [], there) }), written, RULES).proof?.agrees).toBe(true);
			}),
		);
	});
});

describe('what it names', () => {
	let server: WritingServer;
	let url: string;
	beforeEach(async () => {
		server = new WritingServer('uniqueField');
		url = await server.start();
	});
	afterEach(async () => {
		await server.stop();
	});

	const services = (profile: Json = profileFor('uniqueField')) => servicesFor({ profile: 'custom', profileJson: JSON.stringify(profile), url, installation: 'erp' }, { send: sendTo(url), clock: new TestClock() });
	const finder = () => {
		const own = services();
		const { looks, locator, matching } = partsFor(own);
		return new RefFinder(own, looks, locator, matching);
	};
	const ids = async (document: Document, kind: 'customer' | 'order' | 'opportunity' | 'quote') => {
		const task = newTask(document);
		return (await finder().find([task], [kind])).get(task)?.[kind];
	};
	const customer = (n: number, more: object = {}) => ({ kind: 'customer', key: `crm:Accounts:${n}`, name: `Customer ${n}`, ...more });

	test('an id that an earlier step wrote, or a key of its own, needs no call', async () => {
		const ref = refSchema.parse({ system: 'erp', kind: 'customer', id: '7', key: 'erp:customers:7' });
		expect(await ids(order({ customer: customer(1), refs: [ref] }), 'customer')).toBe('7');
		expect(await ids(order({ customer: customer(1, { key: 'erp:customers:8' }) }), 'customer')).toBe('8');
		expect(await ids(order({ customer: customer(1, { link: { key: 'erp:customers:9' } }) }), 'customer')).toBe('9');
		expect(await ids(opportunitySchema.parse({ kind: 'opportunity', key: 'x:y:1', name: 'o', customerKey: 'erp:customers:10' }), 'customer')).toBe('10');
		expect(server.calls).toEqual([]);
	});

	test('a customer by key, else by VAT number, each with one look-up for all', async () => {
		const first = server.add('customers', { external_id: 'crm:Accounts:1', name: 'A' });
		const second = server.add('customers', { vat: 'DE2', name: 'B' });
		const tasks = [order({ customer: customer(1) }), order({ customer: customer(2, { vat: 'DE2' }) }), order({ customer: customer(1) }), order({ customer: customer(3) }), order({})].map((document) => newTask(document));
		const found = await finder().find(tasks, ['customer']);
		expect(tasks.slice(0, 3).map((task) => found.get(task)!.customer)).toEqual([first.id, second.id, first.id]);
		expect(found.get(tasks[3]!)!.customer).toMatchObject({ kind: 'missing', what: 'Its customer "Customer 3" is not in Small ERP yet' });
		expect(found.get(tasks[4]!)!.customer).toMatchObject({ kind: 'rejected', what: 'It has no customer' });
		expect(server.calls.map(({ query }) => query.external_id ?? query.vat).sort()).toEqual(['DE2', 'crm:Accounts:1', 'crm:Accounts:2', 'crm:Accounts:3']);
	});

	test('the order that an invoice bills, by its own key or that of its quote', async () => {
		const row = server.add('orders', { external_id: 'crm:Quotes:5', lines: [] });
		const invoice = (orders: object[]): Document => invoiceSchema.parse({ kind: 'invoice', key: 'other:account.move:1', orders });
		expect(await ids(invoice([{ key: 'erp:orders:44', sourceKey: 'crm:*:5' }]), 'order')).toBe('44');
		expect(await ids(invoice([{ key: 'other:sale.order:1', sourceKey: 'crm:Quotes:5' }]), 'order')).toBe(row.id);
		expect(await ids(invoice([]), 'order')).toBeUndefined();
	});

	test('only what the profile asks for is looked up', () => {
		const asked = (body: Json) => finder().asked({ body } as never);
		expect(asked({ a: '$ref("customer")', b: { c: "$ref('order') ? 1 : $ref ( 'customer' )" } })).toEqual(['customer', 'order']);
		expect(asked({ a: '$map(["customer"], $ref)', b: 'document.name' })).toEqual(['customer', 'product', 'order']);
		expect(asked({ b: 'document.name' })).toEqual([]);
		expect(asked({ a: '$ref(document.kind)' })).toEqual(['customer', 'product', 'order']);
	});

	test('$ref, $product and $tax as an expression calls them', async () => {
		server.add('products', { code: 'W-1', name: 'Widget' });
		server.add('products', { code: 'W-2', name: 'Gadget' });
		const own = services();
		const { looks, locator, matching } = partsFor(own);
		const planner = new OrderPlanner(own, looks, locator, matching);
		const task: Task = newTask(order({ customer: customer(9) }));
		const bindings: Bindings = (await planner.plan('order', [task], { taxes: [{ from: 'VAT', to: 'T' }] }))(task);
		const value = async (expression: string): Promise<unknown> => await own.evaluator.value('test', expression, { lines: task.lines }, bindings);
		expect(task.failure).toBeUndefined();
		expect(await value('lines.($product(code).name)')).toEqual(['Widget', 'Gadget']);
		expect(await value('lines[0].taxes.$tax($)')).toBe('T');
		await expect(value('$ref("customer")')).rejects.toMatchObject({ kind: 'missing', record: expect.stringContaining('QUO1') as string });
		expect(await value('$ref("quote")')).toBeUndefined();
	});

	test('two products with one code are never chosen between; one out of use does not count', async () => {
		const profile = profileFor('uniqueField', { product: { read: { name: 'record.name', code: 'record.code', active: 'record.active' } } });
		server.add('products', { code: 'W-1', name: 'Old', active: false });
		server.add('products', { code: 'W-1', name: 'Widget' });
		for (const name of ['Gadget', 'Gizmo']) server.add('products', { code: 'W-2', name });
		const own = services(profile);
		const { looks, locator, matching } = partsFor(own);
		const task = newTask(order());
		await new OrderPlanner(own, looks, locator, matching).plan('order', [task], {});
		expect(task.failure).toMatchObject({ kind: 'ambiguous', what: 'Several products in Small ERP have the code "W-2" (2)' });
	});
});

test('what may go at once: no key, VAT number or product code twice', () => {
	const customers = ['1', '2', '1', '3'].map((key, i) => newTask({ ...order().customer, kind: 'customer', key, name: 'x', vat: i === 3 ? 'de 2' : `DE${key}`, isCompany: true, billing: {}, shipping: {}, contacts: [], refs: [] } as Document));
	expect(rounds(customers).map((round) => round.map((task) => customers.indexOf(task)))).toEqual([[0, 1], [2, 3]]);
});
