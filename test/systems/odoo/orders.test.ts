// What "Sales order: create or update" promises: one order, proved to the cent, confirmed only then, never overwritten.
import { ADMIN, type Version } from '../../../demo/simulators/odoo';
import { orderSchema, type Quote, withRef } from '../../../nodes/core/documents';
import type { Connector, UpsertOptions } from '../../../nodes/core/port';
import { customer, done, FIVE_LINES, keyed, push, quote, recordOf, refused, setUp, type Setting, VERSIONS } from './setting';

const ORDER = 'vtiger__sale_order__4x38';

let setting: Setting;
afterEach(async () => await setting.stop());
const start = async (version: Version = 18, more = {}): Promise<Connector> => {
	setting = await setUp({ version, ...more });
	return setting.connect();
};
/** A quote whose customer is in Odoo, as the step before leaves it. */
const ready = async (connector: Connector, document: Quote): Promise<Quote> => withRef(document, done(await connector.upsert('customer', [document], {})).ref);
const order = (): Record<string, unknown> => recordOf(setting.sim, 'sale.order', ORDER);
const lines = (): Array<Record<string, unknown>> => setting.sim.records('sale.order.line').filter((row) => row.order_id === order().id);
const write = async (connector: Connector, document: Quote, options: UpsertOptions = {}) => await connector.upsert('order', [document], options);

describe.each(VERSIONS)('an accepted quote in Odoo %s', (version) => {
	it('becomes one confirmed order with its totals proved, in eight calls with its customer', async () => {
		const connector = await start(version);
		await push(connector, quote([['W-1', '1', '1']], { id: '1' }));
		setting.sim.server.resetCalls();
		const { customer: written, order: outcome } = await push(connector, quote(FIVE_LINES));
		expect(setting.calls().map((call) => call.replace(/^.*\//, '')).sort()).toEqual(['action_confirm', 'check_object_reference', 'load', 'load', 'read', 'search_read', 'search_read', 'search_read']);
		expect(outcome).toMatchObject({ outcome: 'created', ref: { number: expect.stringMatching(/^S\d+$/), status: 'sale' }, proof: { agrees: true } });
		expect(order()).toMatchObject({ state: 'sale', partner_id: Number(written.ref.id), client_order_ref: 'QUO38', origin: 'QUO38', amount_untaxed: 999.96 });
		expect(lines().map((line) => [line.name, line.product_uom_qty, line.price_unit, line.discount])).toEqual([
			['Line W-1', 3, 77.77, 10],
			['Line W-2', 2, 19.99, 0],
			['Line W-3', 10, 4.5, 0],
			['Line SER1', 1.5, 50, 0],
			['Line W-4', 1, 700, 10],
		]);
	});

	it('stays as it is the second time', async () => {
		const connector = await start(version);
		const document = await ready(connector, quote(FIVE_LINES));
		done(await write(connector, document, { confirm: true }));
		setting.sim.server.resetCalls();
		expect(done(await write(connector, document, { confirm: true }))).toMatchObject({ outcome: 'unchanged', ref: { status: 'sale' }, changed: {} });
		expect(setting.calls().filter((call) => /load|write|confirm/.test(call))).toEqual([]);
		expect(setting.sim.records('sale.order')).toHaveLength(1);
	});

	it('brings its changes while it is a quotation, prices kept', async () => {
		const connector = await start(version);
		const document = await ready(connector, quote(FIVE_LINES));
		done(await write(connector, document));
		const changed = { ...document, lines: document.lines.filter((line) => line.key !== '2').map((line) => (line.key === '1' ? { ...line, quantity: '5' } : line)) };
		const outcome = done(await write(connector, changed, { confirm: true }));
		expect(outcome).toMatchObject({ outcome: 'updated', changed: { 'line 1 (W-1) quantity': { before: '3', after: '5' }, 'line "Line W-2"': { after: 'removed' } } });
		expect(lines().map((line) => [line.name, line.product_uom_qty, line.price_unit])).toEqual([['Line W-1', 5, 77.77], ['Line W-3', 10, 4.5], ['Line SER1', 1.5, 50], ['Line W-4', 1, 700]]);
		expect(order().state).toBe('sale');
	});

	it('is refused, and nothing is written, when it differs after the confirmation', async () => {
		const connector = await start(version);
		const document = await ready(connector, quote(FIVE_LINES));
		done(await write(connector, document, { confirm: true }));
		setting.sim.server.resetCalls();
		const failure = refused(await write(connector, { ...document, lines: document.lines.map((line) => ({ ...line, price: '1' })) }));
		expect(failure.kind).toBe('rejected');
		expect(failure.message).toMatch(/QUO38.*S\d+ is already confirmed in Odoo and differs: line 1 \(W-1\) unit price: 77\.77 in Odoo, 1 in the CRM/s);
		expect(setting.calls().filter((call) => /load|write/.test(call))).toEqual([]);
	});
});

describe('the proof', () => {
	it('catches a quantity that was stored differently from how it was sent', async () => {
		const connector = await start();
		const document = await ready(connector, quote([['W-1', '2', '100']]));
		// As if an add-on of Odoo changed it while it was stored.
		const meddled = setting.connect({}, async (request, send) => {
			const response = await send(request);
			if (JSON.stringify(request.json).includes('"load"')) setting.sim.update('sale.order.line', Number(lines()[0]!.id), { product_uom_qty: 3 });
			return response;
		});
		const failure = refused(await write(meddled, document, { confirm: true }));
		expect([failure.kind, failure.message]).toEqual(['rejected', expect.stringMatching(/Order S\d+ in Odoo is not what was sent: line 1 \(W-1\) quantity: 3 in Odoo, 2 in the CRM/)]);
		expect(order().state).toBe('draft');
		// The next run puts it right.
		expect(done(await write(connector, document, { confirm: true })).changed).toMatchObject({ 'line 1 (W-1) quantity': { before: '3', after: '2' } });
	});

	it('refuses a quantity that Odoo would round, before anything is written', async () => {
		const connector = await start();
		const document = await ready(connector, quote([['W-1', '1.125', '100']]));
		setting.sim.server.resetCalls();
		const failure = refused(await write(connector, document));
		expect([failure.kind, failure.message]).toEqual(['rejected', expect.stringMatching(/quantity 1\.125 of line 1/)]);
		expect(setting.calls().filter((call) => call.endsWith('/load'))).toEqual([]);
	});

	it('leaves a quotation when the totals differ, says both and why, and stays at that', async () => {
		const connector = await start();
		const document = await ready(connector, quote([['W-1', '2', '100', ['10']]], { totals: { net: '200', tax: '10', total: '210' } }));
		for (const attempt of [1, 2]) {
			const failure = refused(await write(connector, document, { confirm: true }));
			expect([attempt, failure.kind, failure.message]).toEqual([attempt, 'rejected', expect.stringMatching(/210\.00 in the CRM, 220\.00 for order S\d+ in Odoo \(10\.00\).*stays a quotation/s)]);
			expect(order().state).toBe('draft');
		}
		expect(setting.sim.records('sale.order')).toHaveLength(1);
	});

	it.each([
		['exact', undefined, 'rejected'],
		['explained', undefined, 'created'],
		['tolerance', '0.01', 'rejected'],
		['tolerance', '0.02', 'created'],
	] as const)('per line instead of per document makes two cents here: %s %s', async (mode, tolerance, expected) => {
		const connector = await start(18, { rounding: 'round_per_line' });
		const cents = Array.from({ length: 5 }, (): [string, string, string, string[]] => ['W-1', '1', '0.05', ['10']]);
		const document = await ready(connector, quote(cents, { totals: { net: '0.25', tax: '0.03', total: '0.28' } }));
		const [result] = await write(connector, document, { rounding: { mode, tolerance } });
		expect(result!.ok ? result!.value.outcome : result!.failure.kind).toBe(expected);
		if (result!.ok) expect(result!.value.proof).toMatchObject({ source: '0.28', target: '0.30', difference: '0.02' });
	});

	it('finds a tax that is included in the price', async () => {
		const connector = await start(14);
		const included = setting.sim.records('account.tax').find((tax) => tax.price_include === true)!;
		const document = await ready(connector, quote([['W-1', '1', '122', ['10']]], { totals: { net: '122', tax: '12.2', total: '134.2' } }));
		const failure = refused(await write(connector, document, { taxes: [{ from: '10', to: String(included.id) }] }));
		expect(failure.message).toMatch(/line 1 \(W-1\) makes 100 in Odoo and 122\.00 in the CRM.*included in the price/s);
	});
});

describe('taxes', () => {
	const oneTax = async (connector: Connector, name: string, rate: string): Promise<Quote> => await ready(connector, quote([['W-1', '1', '100', [], { taxes: [{ name, rate }] }]]));

	it('that nothing stands for are refused, with the row to add', async () => {
		const connector = await start();
		const failure = refused(await write(connector, await oneTax(connector, 'VAT', '7.7')));
		expect([failure.kind, failure.message]).toEqual(['rejected', expect.stringMatching(/tax VAT 7\.7 % is not mapped.*Add a row/s)]);
	});

	it('that several stand for are a question', async () => {
		const connector = await start();
		const failure = refused(await write(connector, await oneTax(connector, 'IVA', '22')));
		expect([failure.kind, failure.message]).toEqual(['ambiguous', expect.stringMatching(/IVA 22 % fits 2 taxes in Odoo: "VAT 22%" \(id \d+\), "VAT 22% dup"/)]);
	});

	it.each(['IVA', '22', '22 %', 'IVA 22', 'iva 22%'])('are mapped by "%s"', async (from) => {
		const connector = await start();
		const tax = setting.sim.records('account.tax').find((row) => row.name === 'VAT 22% dup')!;
		done(await write(connector, await oneTax(connector, 'IVA', '22'), { taxes: [{ from, to: String(tax.id) }] }));
		expect(lines()[0]!.tax_id).toEqual([tax.id]);
	});

	it('of another rate than the mapped one do not get through', async () => {
		const connector = await start();
		const tax = setting.sim.records('account.tax').find((row) => row.name === 'VAT 22%')!;
		expect(refused(await write(connector, await oneTax(connector, 'Sales', '10'), { taxes: [{ from: 'Sales', to: String(tax.id) }] })).message).toMatch(/totals do not agree: 110\.00 in the CRM, 122\.00/);
	});

	it('of nought percent need no counterpart, and none at all means none, whatever the product says', async () => {
		const connector = await start();
		done(await write(connector, await oneTax(connector, 'Exempt', '0')));
		expect(lines()[0]!.tax_id).toEqual([]);
	});

	it('are Odoo\'s own when that was chosen', async () => {
		const connector = await start(18);
		const document = await ready(connector, quote([['W-1', '1', '100', ['4.5']]], { totals: { net: '100', tax: '10', total: '110' } }));
		done(await write(connector, document, { taxSource: 'target' }));
		expect(lines()[0]).toMatchObject({ price_tax: 10 });
	});
});

describe('what is missing is told before anything is written', () => {
	const refuse = async (document: Quote, options: UpsertOptions = {}) => {
		const connector = await start();
		const failure = refused(await write(connector, await ready(connector, document), options));
		expect(setting.sim.records('sale.order')).toEqual([]);
		return failure;
	};

	it('every product code', async () => {
		expect((await refuse(quote([['X-1', '1', '1'], ['W-1', '1', '1'], ['X-2', '1', '1']]))).message).toMatch(/no product with the code "X-1", "X-2"/);
	});

	it('a line without a code', async () => {
		expect((await refuse(quote([['', '1', '1']]))).message).toMatch(/line 1 .*has no product code/);
	});

	it('lines', async () => {
		expect((await refuse(quote([]))).message).toMatch(/It has no lines/);
	});

	it('the product for a charge, by the name of its parameter', async () => {
		expect((await refuse(quote([['W-1', '1', '100']], { charges: [{ role: 'shipping', amount: '15' }] }))).message).toMatch(/shipping charge of 15\.00.*"Product for Shipping"/s);
	});

	it('the currency', async () => {
		expect((await refuse(quote([['W-1', '1', '1']], { currency: 'CHF' }))).message).toMatch(/currency CHF is not active in Odoo.*Activate CHF/s);
	});

	it('the customer', async () => {
		const connector = await start();
		const failure = refused(await write(connector, quote([['W-1', '1', '1']])));
		expect([failure.kind, failure.message]).toEqual(['missing', expect.stringMatching(/customer "Flow Ltd 8" is not in Odoo yet.*"Customer: create or update"/s)]);
	});

	it('a product that two have the code of', async () => {
		const connector = await start();
		const other = setting.sim.insert('product.product', { name: 'Widget again', default_code: 'W-1' });
		const failure = refused(await write(connector, await ready(connector, quote([['W-1', '1', '1']]))));
		expect([failure.kind, failure.message]).toEqual(['ambiguous', expect.stringMatching(new RegExp(`"W-1" \\("Widget" id \\d+, "Widget again" id ${other}\\)`))]);
	});

	it('an order for anything but a quote or order', async () => {
		const connector = await start();
		expect(refused(await connector.upsert('order', [customer()], {})).message).toMatch(/A customer cannot become a sales order/);
	});
});

describe('an order', () => {
	it('finds its customer by key when no step says which it is', async () => {
		const connector = await start();
		const document = quote([['W-1', '1', '1']]);
		const { ref } = done(await connector.upsert('customer', [document], {}));
		done(await write(connector, document));
		expect(order().partner_id).toBe(Number(ref.id));
	});

	it('finds its customer by VAT where no key could be stored', async () => {
		const connector = await start();
		const id = setting.sim.insert('res.partner', { name: 'FLOW', vat: 'IT 0123', is_company: true });
		done(await write(connector, quote([['W-1', '1', '1']], { customer: customer('8', { vat: 'it0123' }) })));
		expect(order().partner_id).toBe(id);
	});

	it('is in the currency of the quote', async () => {
		const connector = await start();
		done(await write(connector, await ready(connector, quote([['W-1', '1', '90']], { currency: 'EUR' }))));
		const euro = setting.sim.records('res.currency').find((row) => row.name === 'EUR')!;
		expect(order().currency_id).toBe(euro.id);
	});

	it('carries discounts and charges of the whole document as lines of their own products', async () => {
		const connector = await start();
		const options = { chargeProducts: { discount: 'SER1', shipping: 'SER2' } };
		const charges = [{ role: 'discount', name: 'Loyalty', amount: '-20', taxes: [{ name: 'Sales', rate: '10' }] }, { role: 'shipping', amount: '15', taxes: [] }];
		const document = await ready(connector, quote([['W-1', '1', '100', ['10']]], { charges, totals: { net: '95', tax: '8', total: '103' } }));
		expect(done(await write(connector, document, options)).proof).toMatchObject({ agrees: true, target: '103.00' });
		expect(lines().map((line) => [line.name, line.price_unit])).toEqual([['Line W-1', 100], ['Loyalty', -20], ['Shipping and handling', 15]]);
		expect(done(await write(connector, document, options)).outcome).toBe('unchanged');
	});

	it('with 200 lines goes in one load', async () => {
		// A busy machine may take its time over so many.
		setting = await setUp({ version: 18 }, 60_000);
		const connector = setting.connect();
		const many = Array.from({ length: 200 }, (_, i): [string, string, string, string[]] => [`W-${(i % 4) + 1}`, String((i % 7) + 1), String(((i * 37) % 1000) / 100 + 1), ['10']]);
		const document = await ready(connector, quote(many));
		setting.sim.server.resetCalls();
		expect(done(await write(connector, document, { confirm: true })).outcome).toBe('created');
		expect(setting.calls().filter((call) => call.endsWith('/load'))).toHaveLength(1);
		expect(lines()).toHaveLength(200);
	}, 90_000);

	it('that somebody added a line to is left alone', async () => {
		const connector = await start();
		const document = await ready(connector, quote([['W-1', '1', '100']]));
		const { ref } = done(await write(connector, document));
		setting.sim.insert('sale.order.line', { order_id: Number(ref.id), name: 'Gift wrap', product_id: Number(lines()[0]!.product_id), product_uom_qty: 1 });
		const failure = refused(await write(connector, document, { confirm: true }));
		expect([failure.kind, failure.message]).toEqual(['rejected', expect.stringMatching(/lines that are not in the CRM: "Gift wrap"/)]);
		expect(lines()).toHaveLength(2);
		expect(order().state).toBe('draft');
	});

	it('keeps sections and notes that somebody added', async () => {
		const connector = await start();
		const document = await ready(connector, quote([['W-1', '1', '100']]));
		const { ref } = done(await write(connector, document));
		setting.sim.insert('sale.order.line', { order_id: Number(ref.id), name: 'Thank you', display_type: 'line_note' });
		expect(done(await write(connector, document, { confirm: true }))).toMatchObject({ outcome: 'updated', ref: { status: 'sale' }, changed: { state: { before: 'draft', after: 'sale' } } });
		expect(lines()).toHaveLength(2);
	});

	it('that was cancelled in Odoo is not confirmed again', async () => {
		const connector = await start();
		const document = await ready(connector, quote([['W-1', '1', '100']]));
		const { ref } = done(await write(connector, document));
		setting.sim.call('sale.order', 'action_cancel', [Number(ref.id)]);
		expect(refused(await write(connector, document, { confirm: true })).message).toMatch(/was cancelled in Odoo/);
		expect(done(await write(connector, document)).outcome).toBe('unchanged');
	});

	it('of a CRM order is the one that was made from its quote', async () => {
		const connector = await start();
		const document = await ready(connector, quote([['W-1', '1', '100']]));
		const { ref } = done(await write(connector, document));
		const { status: _status, stage: _stage, ...rest } = document;
		const salesOrder = orderSchema.parse({ ...rest, kind: 'order', key: 'vtiger:SalesOrder:6x40', quoteKey: document.key, number: 'SO40', reference: 'QUO38' });
		const outcome = done(await connector.upsert('order', [salesOrder], {}));
		expect(outcome).toMatchObject({ outcome: 'updated', ref: { id: ref.id }, changed: { origin: { before: 'QUO38', after: 'SO40' } } });
		expect(setting.sim.records('sale.order')).toHaveLength(1);
	});

	it('takes field overrides into its header', async () => {
		const connector = await start();
		const overrides = [{ field: 'note', source: 'documentField' as const, path: 'subject' }, { field: 'user_id', source: 'expression' as const, expression: '2' }];
		done(await write(connector, await ready(connector, quote([['W-1', '1', '1']])), { overrides }));
		expect(order()).toMatchObject({ user_id: 2, note: expect.stringContaining('Widgets') });
	});

	it('is only compared in a dry run', async () => {
		const connector = await start();
		const document = await ready(connector, quote([['W-1', '1', '100']]));
		expect(done(await write(connector, document, { dryRun: true, confirm: true }))).toMatchObject({ outcome: 'created', notes: [expect.stringMatching(/Nothing was written/)] });
		expect(setting.sim.records('sale.order')).toEqual([]);
	});
});

describe('many orders', () => {
	it.each([14, 18] as const)('share their calls, and one that is refused hurts no other (Odoo %s)', async (version) => {
		const connector = await start(version);
		const quotes = Array.from({ length: 12 }, (_, i) => quote(FIVE_LINES, { id: String(100 + i) }));
		quotes[5] = quote([['NOPE', '1', '1']], { id: '105' });
		const customers = await connector.upsert('customer', quotes, {});
		const documents = quotes.map((document, i) => withRef(document, done([customers[i]!]).ref));
		setting.sim.server.resetCalls();
		const results = await connector.upsert('order', documents, {});
		expect(results.map((result) => (result.ok ? result.value.outcome : result.failure.kind))).toEqual(quotes.map((_, i) => (i === 5 ? 'rejected' : 'created')));
		expect(setting.calls().filter((call) => call.endsWith('/load'))).toHaveLength(1);
		expect(keyed(setting.sim, 'sale.order')).toHaveLength(11);
		const again = await connector.upsert('order', documents, {});
		expect(again.filter((result) => result.ok && result.value.outcome === 'unchanged')).toHaveLength(11);
	});

	it('that Odoo refuses one of are told apart by the row', async () => {
		const connector = await start(14);
		const quotes = ['1', '2', '3'].map((id) => quote([['W-1', '1', '1']], { id, ...(id === '2' ? { validUntil: '2026-13-45' } : {}) }));
		const customers = await connector.upsert('customer', quotes, {});
		const results = await connector.upsert('order', quotes.map((document, i) => withRef(document, done([customers[i]!]).ref)), {});
		expect(results.map((result) => result.ok)).toEqual([true, false, true]);
		expect(refused([results[1]!]).message).toMatch(/QUO2.*validity_date/s);
	});
});

describe('moving an order', () => {
	it.each(VERSIONS)('confirms and cancels, and is content when it is done already (Odoo %s)', async (version) => {
		const connector = await start(version);
		const document = await ready(connector, quote([['W-1', '1', '100']]));
		done(await write(connector, document));
		const move = async (state: string) => done(await connector.transition('order', [document], state));
		expect(await move('confirmed')).toMatchObject({ outcome: 'updated', ref: { status: 'sale' }, changed: { state: { before: 'draft', after: 'sale' } } });
		expect(await move('confirmed')).toMatchObject({ outcome: 'unchanged' });
		expect(await move('cancelled')).toMatchObject({ outcome: 'updated', ref: { status: 'cancel' } });
		expect(await move('cancelled')).toMatchObject({ outcome: 'unchanged' });
		expect(refused(await connector.transition('order', [document], 'confirmed')).message).toMatch(/was cancelled/);
	});

	it('says when there is none', async () => {
		const connector = await start();
		expect(refused(await connector.transition('order', [quote([])], 'confirmed'))).toMatchObject({ kind: 'missing', message: expect.stringMatching(/no order in Odoo/) });
	});
});

it('an administrator may do all this too', async () => {
	await start();
	const admin = setting.connect({ login: ADMIN.login, secret: ADMIN.password });
	expect((await push(admin, quote(FIVE_LINES))).order.outcome).toBe('created');
});
