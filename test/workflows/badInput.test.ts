// Owns the proof about bad and awkward input, through the templates: each gives the right result or a reason on the
// quote that says what, which record and what to do; what stays behind is named, and mending the cause is enough.
import type { IDataObject } from 'n8n-workflow';
import type { OdooErp } from '../../demo/erp.odoo';
import { Awkward, CRM_ORDER, CRM_ORDER_AND_CUSTOMER, NOTHING, cents, type Left } from './awkward';
import type { Credentials, Flow } from './engine';
import { Scene, hurry } from './scene';

hurry();

type Row = Record<string, unknown>;

describe.each(['odoo14', 'odoo18', 'odoo19'] as const)('bad input, %s', (erp) => {
	let scene: Scene<OdooErp>;
	let awkward: Awkward<OdooErp>;
	beforeAll(async () => {
		scene = await Scene.open({ erp });
		awkward = new Awkward(scene);
	});
	afterAll(async () => await scene.close());
	beforeEach(() => scene.fresh());

	const line = (values: Row = {}) => awkward.line(values);
	const accepted = async (lines: Row[], fields: Row = {}) => await awkward.accepted(lines, fields);
	const refused = async (quote: string, says: RegExp[], stays: Left, flow?: Flow) => await awkward.refused(quote, says, stays, flow);
	const ordered = async (quote: string, flow?: Flow) => await awkward.ordered(quote, flow);
	const flowWith = (change: Parameters<Awkward<OdooErp>['flowWith']>[0]) => awkward.flowWith(change);
	const lines = (): Row[] => scene.erp.sim.records('sale.order.line');
	/** A person mends the cause and clears the status: the next run goes through, on what the first one left. */
	const clear = (quote: string) => scene.clearStatus(quote);

	describe('connections', () => {
		const withErp = (change: IDataObject) => awkward.withErp(change);
		const crm = (change: IDataObject): Credentials => ({ vtigerCrmErpApi: { ...scene.credentials().vtigerCrmErpApi, ...change } as IDataObject });

		test.each([
			['password or key', { secret: 'wrong' }, /password|api key/i],
			['database', { database: 'nowhere' }, /database/i],
			['URL, nothing there', { url: 'http://127.0.0.1:9' }, /nothing listens at 127\.0\.0\.1:9/i],
			['URL, not a web address', { url: 'erp' }, /url/i],
		] as const)('wrong %s of the ERP: the quote says so, only the sales order was made', async (_name, change, says) => {
			const quote = await accepted([line()]);
			await refused(quote, [says], CRM_ORDER, flowWith({ credentials: withErp({ ...change }) }));
			clear(quote);
			await ordered(quote);
		});

		test('wrong path in the URL of the ERP', async () => {
			const quote = await accepted([line()]);
			await refused(quote, [/no Odoo at the URL/i], CRM_ORDER, flowWith({ credentials: withErp({ url: `${scene.erp.server.url}/nowhere` }) }));
		});

		test.each([
			['access key', { accessKey: 'WrongKey00000000' }, /access key/i],
			['user', { username: 'nobody-here' }, /user/i],
			['URL, nothing there', { url: 'http://127.0.0.1:9' }, /nothing listens at 127\.0\.0\.1:9/i],
			['URL, wrong path', { url: 'PATH' }, /no vtiger at this address/i],
		] as const)('wrong %s of the CRM: the trigger says so, nothing is written', async (_name, change, says) => {
			const quote = await accepted([line()]);
			const url = 'url' in change && change.url === 'PATH' ? { url: `${scene.crm.server.url}/nowhere` } : {};
			const flow = flowWith({ credentials: crm({ ...change, ...url }) });
			await expect(flow.poll()).rejects.toMatchObject({ message: expect.stringMatching(says) as string });
			expect(awkward.left(quote)).toEqual(NOTHING);
		});
	});

	describe('what is on the quote', () => {
		test('no lines', async () => {
			const quote = await accepted([line()]);
			const stored = scene.crm.crm.store.get(quote)!;
			stored.lines = [];
			await refused(quote, [/no line/i], NOTHING);
		});

		test('no account', async () => {
			const quote = await accepted([line()]);
			scene.crm.patch(quote, { account_id: '' });
			await refused(quote, [/no customer|organi[sz]ation/i, /choose|give/i], NOTHING);
		});

		test('products that the ERP does not know: all codes are listed', async () => {
			const unknown = ['X-1', 'X-2'].map(async (productcode) => (await scene.crm.insert('Products', { productname: `Only in the CRM ${productcode}`, productcode, unit_price: '10', discontinued: '1' } as never)).id);
			const [one, two] = await Promise.all(unknown);
			const quote = await accepted([line(), line({ productid: one }), line({ productid: two })]);
			await refused(quote, [/"X-1".*"X-2"|X-1, X-2/, /internal reference|product/i], CRM_ORDER_AND_CUSTOMER);
			for (const default_code of ['X-1', 'X-2']) scene.erp.sim.insert('product.product', { name: default_code, default_code, type: 'consu' });
			clear(quote);
			await ordered(quote);
		});

		test('a currency that is not active in the ERP', async () => {
			const euro = scene.erp.sim.records('res.currency').find((row) => row.name === 'EUR')!;
			scene.erp.sim.update('res.currency', euro.id, { active: false });
			const quote = await accepted([line()]);
			await refused(quote, [/currency EUR is not active/i, /activate/i], CRM_ORDER_AND_CUSTOMER);
			scene.erp.sim.update('res.currency', euro.id, { active: true });
			clear(quote);
			await ordered(quote);
		});

		test('a foreign currency that the ERP has', async () => {
			const quote = await accepted([line()], { currency_id: '21x2', conversion_rate: '1.1' });
			const { order } = await ordered(quote);
			expect(scene.erp.sim.record('res.currency', Number(scene.erp.sim.record('sale.order', Number(order.id)).currency_id)).name).toBe('USD');
			expect(cents(order.total)).toBe('110.00');
		});

		test('a tax that is not mapped, and the mapping that mends it', async () => {
			const quote = await accepted([line({ tax2: '7' })]);
			await refused(quote, [/Sales 7 %/, /tax mapping/i], CRM_ORDER_AND_CUSTOMER);
			const group = scene.erp.sim.records('account.tax')[0]!.tax_group_id as number;
			const [one, two] = ['Seven A', 'Seven B'].map((name) => scene.erp.sim.insert('account.tax', { name, amount: 7, amount_type: 'percent', type_tax_use: 'sale', company_id: 1, tax_group_id: group }));
			clear(quote);
			await refused(quote, [/Seven A.*Seven B/, /tax mapping/i], CRM_ORDER_AND_CUSTOMER);
			clear(quote);
			await ordered(quote, flowWith({ order: { taxMapping: { row: [{ from: 'Sales 7', to: String(two) }] } } }));
			expect(one).not.toBe(two);
		});

		test('200 lines', async () => {
			const quote = await accepted(Array.from({ length: 200 }, (_, i) => line({ quantity: String((i % 7) + 1), listprice: `${i + 1}` })));
			const { order } = await ordered(quote);
			expect(lines()).toHaveLength(200);
			expect(cents(order.total)).toBe(cents(scene.quote(quote).hdnGrandTotal));
		}, 60_000);

		test('quotes, markup, Cyrillic and a 4-byte emoji in names', async () => {
			const name = 'O\'Brien & "Söhne" <b>Ромашка</b> 😀';
			scene.crm.patch(scene.deal.account, { accountname: name, bill_city: 'Львів & "Co"' });
			scene.crm.patch(scene.deal.contact, { lastname: 'O\'Neill <Ромашка>' });
			const quote = await accepted([line({ comment: 'Для "складу" & <b>\nsecond 😀 line' })], { subject: name });
			await ordered(quote);
			expect(scene.erp.sim.records('res.partner').filter((row) => row.name === name)).toHaveLength(1);
			expect(scene.erp.sim.records('res.partner').map((row) => row.name)).toContain('O\'Neill <Ромашка>');
			expect(lines()[0]!.name).toContain('Для "складу" & <b>');
		});

		test('amounts like 1234567.89', async () => {
			const { order } = await ordered(await accepted([line({ quantity: '3', listprice: '1234567.89' })]));
			expect(cents(order.total)).toBe('4074074.04');
		});

		test('a quantity with more decimals than the ERP keeps', async () => {
			const quote = await accepted([line(), line({ quantity: '0.125', listprice: '0.08' })]);
			await refused(quote, [/quantity 0\.125 of line 2/i, /decimals/i], CRM_ORDER_AND_CUSTOMER);
		});

		test('a price of 0.005: refused without a product for the rounding, ordered to the cent with one', async () => {
			const quote = await accepted([line({ quantity: '1000', listprice: '0.005' })]);
			await refused(quote, [/Rounding of Widget/, /Product for Adjustments/], CRM_ORDER_AND_CUSTOMER);
			scene.erp.sim.insert('product.product', { name: 'Rounding', default_code: 'ROUND', type: 'service' });
			clear(quote);
			const { order } = await ordered(quote, flowWith({ order: { options: { adjustmentProduct: 'ROUND' } } }));
			expect(cents(order.total)).toBe('5.50');
		});

		test('discounts by line, in percent and as an amount', async () => {
			const quote = await accepted([line({ quantity: '3', listprice: '70', discount_percent: '10' }), line({ quantity: '2', listprice: '19.99', discount_amount: '4.98' })]);
			const { order } = await ordered(quote);
			expect(cents(order.total)).toBe('246.40');
		});

		test.each([
			['a discount of 10 % on the whole', { hdnDiscountPercent: '10' }, 'Product for Discounts', { discountProduct: 'CHARGE' }, '198.00'],
			['a discount of 15 on the whole', { hdnDiscountAmount: '15' }, 'Product for Discounts', { discountProduct: 'CHARGE' }, '203.50'],
			['shipping', { hdnS_H_Amount: '20' }, 'Product for Shipping', { shippingProduct: 'CHARGE' }, '240.00'],
			['an adjustment', { txtAdjustment: '-5.55' }, 'Product for Adjustments', { adjustmentProduct: 'CHARGE' }, '214.45'],
		] as const)('%s: refused without a product for it, ordered with one', async (_name, fields, option, options, expected) => {
			const quote = await accepted([line({ quantity: '2' })], fields);
			expect(cents(scene.quote(quote).hdnGrandTotal)).toBe(expected);
			await refused(quote, [new RegExp(option)], CRM_ORDER_AND_CUSTOMER);
			clear(quote);
			const flow = flowWith({ order: { options } });
			await refused(quote, [/"CHARGE"/], CRM_ORDER_AND_CUSTOMER, flow);
			scene.erp.sim.insert('product.product', { name: 'Charge', default_code: 'CHARGE', type: 'service' });
			clear(quote);
			flow.forget();
			const { order } = await ordered(quote, flow);
			expect(cents(order.total)).toBe(expected);
		});

		test('everything at once: discounts, shipping, adjustment', async () => {
			for (const default_code of ['D', 'S', 'A']) scene.erp.sim.insert('product.product', { name: default_code, default_code, type: 'service' });
			const quote = await accepted([line({ quantity: '3', listprice: '70', discount_percent: '10' }), line({ quantity: '2', listprice: '19.99', discount_amount: '4.98' })], { hdnDiscountPercent: '10', hdnS_H_Amount: '20', txtAdjustment: '1.11' });
			const { order } = await ordered(quote, flowWith({ order: { options: { discountProduct: 'D', shippingProduct: 'S', adjustmentProduct: 'A' } } }));
			expect(cents(order.total)).toBe(cents(scene.quote(quote).hdnGrandTotal));
		});

		test('one tax for the whole quote, and taxes of each line\'s own', async () => {
			const group = await accepted([line({ tax1: '4.5' }), line()]);
			const { order } = await ordered(group);
			expect(cents(order.total)).toBe('229.00');
			scene.fresh();
			const install = scene.crm.records('Services').find((row) => row.servicename === 'Install')!;
			const own = await accepted([line({ tax1: '4.5' }), line({ productid: install.id, listprice: '50', tax2: '0', tax3: '12.5' })], { hdnTaxType: 'individual' });
			// 114.50 and 56.25
			expect(cents(scene.quote(own).hdnGrandTotal)).toBe('170.75');
			const individual = await ordered(own);
			expect(cents(individual.order.total)).toBe('170.75');
		});
	});
});
