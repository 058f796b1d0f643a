// Owns the proof about bad and awkward input with 1C, through the templates: each gives the right result or a reason on
// the quote that says what, which record and what to do; mending the cause is enough. УТ throughout; what БП has of its own below.
import type { IDataObject } from 'n8n-workflow';
import type { OnecErp } from '../../demo/erp.onec';
import { administer } from '../../demo/simulators/onec/desk';
import { refusal } from '../../demo/simulators/onec/errors';
import { ALL, Awkward, CRM_ORDER, CRM_ORDER_AND_CUSTOMER, NOTHING, cents, type Left } from './awkward';
import type { Flow } from './engine';
import { Scene, hurry, type ErpName } from './scene';

hurry();

type Row = Record<string, unknown>;

const RATES = 'Catalog_СтавкиНДС';
const GOODS = 'Catalog_Номенклатура';
const CURRENCIES = 'Catalog_Валюты';
const ORGANIZATIONS = 'Catalog_Организации';

describe.each(['onec-ut', 'onec-bp'] as const satisfies ErpName[])('bad input, %s', (erp) => {
	const isUt = erp === 'onec-ut';
	let scene: Scene<OnecErp>;
	let awkward: Awkward<OnecErp>;
	let switches: string;
	beforeAll(async () => {
		scene = await Scene.open({ erp, taxNumberLabel: 'ИНН' });
		awkward = new Awkward(scene);
		switches = JSON.stringify(scene.erp.sim.switches);
	});
	afterAll(async () => await scene.close());
	beforeEach(() => {
		scene.fresh();
		Object.assign(scene.erp.sim.switches, JSON.parse(switches));
	});

	const line = (values: Row = {}) => awkward.line(values);
	const accepted = async (lines: Row[], fields: Row = {}) => await awkward.accepted(lines, fields);
	const refused = async (quote: string, says: RegExp[], stays: Left, flow?: Flow) => await awkward.refused(quote, says, stays, flow);
	const ordered = async (quote: string, flow?: Flow) => await awkward.ordered(quote, flow);
	const flowWith = (change: Parameters<Awkward<OnecErp>['flowWith']>[0]) => awkward.flowWith(change);
	const clear = (quote: string) => scene.clearStatus(quote);
	const records = (set: string): Row[] => scene.erp.sim.records(set);
	const insert = (set: string, fields: Row): string => String(scene.erp.sim.insert(set, fields as never).Ref_Key);
	/** The order of the quote as 1C keeps it. */
	const stored = (): Row & { Товары: Row[] } => records(scene.erp.sets.orders).slice(-1)[0] as Row & { Товары: Row[] };
	/** Operations that write into 1C, since the scene was made fresh. */
	const writes = (): string[] => scene.erp.server.calls.filter(({ method }) => method !== 'GET').map(({ operation }) => operation);
	const service = (code: string): string => insert(GOODS, { Description: code, НаименованиеПолное: code, Артикул: code, ...(isUt ? { ТипНоменклатуры: 'Услуга', СтавкаНДС_Key: rate('10%') } : { Услуга: true }) });
	const rate = (name: string): string => String(records(RATES).find((row) => row.Description === name)?.Ref_Key);

	describe('connections', () => {
		test.each([
			['password', { password: 'wrong' }, /password/i],
			['user', { username: 'Никто' }, /user/i],
			['URL, nothing there', { url: 'http://127.0.0.1:9' }, /nothing listens at 127\.0\.0\.1:9/i],
			['URL, not a web address', { url: 'erp' }, /url/i],
			['time zone', { timeZone: 'Mars/Olympus' }, /time zone/i],
			['overrides', { profileOverrides: '{"order"' }, /overrides/i],
		] as const)('wrong %s: the quote says so, only the sales order was made', async (_name, change, says) => {
			const quote = await accepted([line()]);
			await refused(quote, [says], CRM_ORDER, flowWith({ credentials: awkward.withErp({ ...change }) }));
			clear(quote);
			await ordered(quote);
		});

		test('wrong path in the URL', async () => {
			const quote = await accepted([line()]);
			await refused(quote, [/nothing at the URL/i], CRM_ORDER, flowWith({ credentials: awkward.withErp({ url: `${scene.erp.server.url}/nowhere` }) }));
		});

		test('nothing is published', async () => {
			scene.erp.sim.switches.unpublished = [...scene.erp.sim.base.store.model.sets.keys()];
			const quote = await accepted([line()]);
			await refused(quote, [/publish/i, /OData/], CRM_ORDER);
			scene.erp.sim.switches.unpublished = [];
			clear(quote);
			await ordered(quote);
		});

		test('the order is not published: its name and the way to publish it are said', async () => {
			scene.erp.sim.switches.unpublished = [scene.erp.sets.orders];
			const quote = await accepted([line()]);
			await refused(quote, [new RegExp(scene.erp.sets.orders), /publish/i], CRM_ORDER_AND_CUSTOMER, flowWith({ credentials: awkward.withErp({ profile: scene.erp.sim.profile }) }));
			scene.erp.sim.switches.unpublished = [];
			clear(quote);
			await ordered(quote);
		});

		test('no right to the order', async () => {
			scene.erp.sim.switches.forbiddenSets = [scene.erp.sets.orders];
			const quote = await accepted([line()]);
			await refused(quote, [/right/i, new RegExp(scene.erp.sets.orders)], CRM_ORDER_AND_CUSTOMER);
			scene.erp.sim.switches.forbiddenSets = [];
			clear(quote);
			await ordered(quote);
		});
	});

	describe('what is on the quote', () => {
		test('no lines', async () => {
			const quote = await accepted([line()]);
			scene.crm.crm.store.get(quote)!.lines = [];
			await refused(quote, [/no line/i], NOTHING);
			expect(writes()).toEqual([]);
		});

		test('no account', async () => {
			const quote = await accepted([line()]);
			scene.crm.patch(quote, { account_id: '' });
			await refused(quote, [/no customer|organi[sz]ation/i, /choose|give/i], NOTHING);
			expect(writes()).toEqual([]);
		});

		test('products that 1C does not know: all codes are listed', async () => {
			const unknown = ['X-1', 'X-2'].map(async (productcode) => (await scene.crm.insert('Products', { productname: `Only in the CRM ${productcode}`, productcode, unit_price: '10', discontinued: '1' } as never)).id);
			const [one, two] = await Promise.all(unknown);
			const quote = await accepted([line(), line({ productid: one }), line({ productid: two })]);
			await refused(quote, [/"X-1".*"X-2"|X-1, X-2/, /Артикул|product/i], CRM_ORDER_AND_CUSTOMER);
			for (const code of ['X-1', 'X-2']) service(code);
			clear(quote);
			await ordered(quote);
		});

		test('a product twice in 1C, and one marked for deletion', async () => {
			const twin = service('W-1');
			const quote = await accepted([line()]);
			await refused(quote, [/W-1/, /2|several|two/i], CRM_ORDER_AND_CUSTOMER);
			scene.erp.sim.patch(GOODS, twin, { DeletionMark: true });
			clear(quote);
			await ordered(quote);
		});

		test('a currency that 1C does not have', async () => {
			const euro = records(CURRENCIES).find((row) => row.Description === 'EUR')!;
			scene.erp.sim.remove(CURRENCIES, String(euro.Ref_Key));
			const quote = await accepted([line()]);
			await refused(quote, [/EUR/, /currenc/i], CRM_ORDER_AND_CUSTOMER);
			insert(CURRENCIES, { ...euro });
			clear(quote);
			await ordered(quote);
		});

		test('a foreign currency that 1C has', async () => {
			const quote = await accepted([line()], { currency_id: '21x2', conversion_rate: '1.1' });
			const { order } = await ordered(quote);
			expect(cents(order.total)).toBe('110.00');
			const usd = records(CURRENCIES).find((row) => row.Description === 'USD')!.Ref_Key;
			expect([stored().Валюта_Key, stored().ВалютаДокумента_Key]).toContain(usd);
		});

		test('a VAT rate that 1C does not have', async () => {
			const quote = await accepted([line({ tax2: '8' })]);
			await refused(quote, [/8 ?%/, /tax mapping/i], CRM_ORDER_AND_CUSTOMER);
		});

		test('a mapped VAT rate that is not there', async () => {
			const quote = await accepted([line()]);
			await refused(quote, [/НДС99/, /tax mapping|VAT rate/i], CRM_ORDER_AND_CUSTOMER, flowWith({ order: { taxMapping: { row: [{ from: 'Sales 10', to: 'НДС99' }] } } }));
		});

		test('two taxes on a line that are not zero', async () => {
			const quote = await accepted([line({ tax1: '20' })]);
			await refused(quote, [/one VAT rate|two taxes|several taxes|more than one tax/i], CRM_ORDER_AND_CUSTOMER);
		});

		test('200 lines', async () => {
			const quote = await accepted(Array.from({ length: 200 }, (_, i) => line({ quantity: String((i % 7) + 1), listprice: `${i + 1}` })));
			const { order } = await ordered(quote);
			expect(stored().Товары.map(({ LineNumber }) => LineNumber)).toEqual(Array.from({ length: 200 }, (_, i) => String(i + 1)));
			expect(cents(order.total)).toBe(cents(scene.quote(quote).hdnGrandTotal));
		}, 60_000);

		test('quotes, markup, Cyrillic with ё and a 4-byte emoji in names', async () => {
			const name = 'ООО "Приём & Ёж" <b>O\'Brien</b> 😀';
			scene.crm.patch(scene.deal.account, { accountname: name, bill_city: 'Орёл & "Ко"' });
			scene.crm.patch(scene.deal.contact, { lastname: 'Алёшин <O\'Neill>' });
			const quote = await accepted([line({ comment: 'Для "склада" & <b>\nвторая 😀 строка' })], { subject: name });
			await ordered(quote);
			expect(scene.erp.customers(name)).toHaveLength(1);
			expect(JSON.stringify(scene.erp.sets.counted.map((set) => records(set)))).toContain("Алёшин <O'Neill>");
		});

		test('е in the CRM is not ё in 1C, and the other way round: no second customer for one company', async () => {
			scene.crm.patch(scene.deal.account, { accountname: 'Березка Торг ООО', cf_accounts_inn: '7802000024/780201001' });
			const before = records('Catalog_Контрагенты').length;
			const run = await scene.order();
			expect(run).toBeUndefined();
			const quote = await accepted([line()]);
			const outcome = await scene.order();
			expect([outcome?.error, scene.crmField(scene.quote(quote), 'erp_status')]).toEqual([undefined, 'Ordered']);
			expect(records('Catalog_Контрагенты')).toHaveLength(before);
		});

		test('a character in a name that XML does not allow (0x02) never reaches 1C', async () => {
			scene.crm.patch(scene.deal.account, { accountname: 'Cut\u0002here' });
			const quote = await accepted([line({ comment: 'pasted \u0002 text' })]);
			const run = await scene.order();
			expect(run?.error).toBeUndefined();
			const sent = scene.erp.server.calls.map(({ body }) => body).join('\n');
			expect(sent).not.toMatch(/\\u0002|\u0002/);
			const row = scene.quote(quote);
			if (scene.crmField(row, 'erp_status') !== 'Ordered') expect(scene.crmField(row, 'erp_message')).toMatch(/character/i);
		});

		test('amounts like 1234567.89', async () => {
			const { order } = await ordered(await accepted([line({ quantity: '3', listprice: '1234567.89' })]));
			expect(cents(order.total)).toBe('4074074.04');
		});

		test('a quantity with more decimals than 1C keeps', async () => {
			const quote = await accepted([line(), line({ quantity: '0.1255', listprice: '80' })]);
			// vtiger itself keeps three decimals; what it hands over is what has to arrive.
			const kept = (scene.quote(quote).LineItems as Row[])[1]!.quantity;
			if (Number(kept) === 0.1255) await refused(quote, [/quantity 0\.1255 of line 2/i, /decimals/i], CRM_ORDER_AND_CUSTOMER);
			else await ordered(quote);
		});

		test('a price with more decimals than 1C keeps: the amount of the row is kept to the cent', async () => {
			const { order } = await ordered(await accepted([line({ quantity: '1000', listprice: '0.005' })]));
			expect([cents(order.total), cents(stored().Товары[0]!.Сумма)]).toEqual(['5.50', '5.00']);
		});

		test('discounts by line, in percent and as an amount', async () => {
			const quote = await accepted([line({ quantity: '3', listprice: '70', discount_percent: '10' }), line({ quantity: '2', listprice: '19.99', discount_amount: '4.98' })]);
			const { order } = await ordered(quote);
			expect(cents(order.total)).toBe('246.40');
		});

		test.each([
			['shipping', { hdnS_H_Amount: '20' }, 'Product for Shipping', { shippingProduct: 'CHARGE' }, '240.00'],
			['an adjustment', { txtAdjustment: '5.55' }, 'Product for Adjustments', { adjustmentProduct: 'CHARGE' }, '225.55'],
		] as const)('%s: refused without a product for it, ordered with one', async (_name, fields, option, options, expected) => {
			const quote = await accepted([line({ quantity: '2' })], fields);
			expect(cents(scene.quote(quote).hdnGrandTotal)).toBe(expected);
			await refused(quote, [new RegExp(option)], CRM_ORDER_AND_CUSTOMER);
			clear(quote);
			const flow = flowWith({ order: { options } });
			await refused(quote, [/"CHARGE"/], CRM_ORDER_AND_CUSTOMER, flow);
			service('CHARGE');
			clear(quote);
			flow.forget();
			const { order } = await ordered(quote, flow);
			expect(cents(order.total)).toBe(expected);
		});

		test.each([
			['in percent', { hdnDiscountPercent: '10' }, '198.00'],
			['as an amount', { hdnDiscountAmount: '15' }, '203.50'],
		])('a discount on the whole, %s, goes into the lines', async (_name, fields, expected) => {
			const { order } = await ordered(await accepted([line(), line()], fields));
			expect(cents(order.total)).toBe(expected);
			expect(stored().Товары).toHaveLength(2);
		});

		test("taxes of each line's own", async () => {
			const install = scene.crm.records('Services').find((row) => row.servicename === 'Install')!;
			const own = await accepted([line(), line({ productid: install.id, listprice: '50', tax2: '0', tax3: '20' })], { hdnTaxType: 'individual' });
			expect(cents(scene.quote(own).hdnGrandTotal)).toBe('170.00');
			const { order } = await ordered(own);
			expect(cents(order.total)).toBe('170.00');
		});
	});

	describe('field overrides', () => {
		const override = (field: string, path: string): IDataObject => ({ fieldOverrides: { row: [{ field, source: 'documentField', path }] } });

		test('an unknown property is refused before sending: 1C would have taken it in silence', async () => {
			const quote = await accepted([line()]);
			await scene.order();
			const first = stored();
			clear(quote);
			scene.erp.server.resetCalls();
			const flow = flowWith({ order: override('НомерЗаказаВCRM', 'number') });
			const run = await flow.tick();
			expect(run?.error).toBeUndefined();
			const message = scene.crmField(scene.quote(quote), 'erp_message');
			expect(message).toMatch(/no field "НомерЗаказаВCRM"/);
			expect(writes().filter((operation) => operation.includes(scene.erp.sets.orders))).toEqual([]);
			expect(stored()).toEqual(first);
		});

		test('an unknown property on a new order: nothing of it goes out', async () => {
			const quote = await accepted([line()]);
			await refused(quote, [/no field "Коментарий"/, /Комментарий/], CRM_ORDER_AND_CUSTOMER, flowWith({ order: override('Коментарий', 'number') }));
			expect(writes().filter((operation) => operation.includes(scene.erp.sets.orders))).toEqual([]);
		});

		test('a known property is filled', async () => {
			const field = isUt ? 'ДополнительнаяИнформация' : 'Комментарий';
			const quote = await accepted([line()]);
			await ordered(quote, flowWith({ order: override(field, 'number') }));
			expect(String(stored()[field])).toContain(String(scene.quote(quote).quote_no));
		});
	});

	describe('what the configuration says', () => {
		test('rows stay numbered from 1 without gaps when lines go and come', async () => {
			const quote = await accepted([line(), line({ quantity: '2' }), line({ quantity: '3' })]);
			await ordered(quote);
			const rows = scene.crm.crm.store.get(quote)!.lines ?? [];
			scene.crm.crm.store.get(quote)!.lines = [rows[0]!, rows[2]!];
			scene.crm.patch(quote, { hdnGrandTotal: '440.00000000', hdnSubTotal: '400.00000000' });
			clear(quote);
			const run = await scene.order();
			const message = scene.crmField(scene.quote(quote), 'erp_message');
			expect(run?.error).toBeUndefined();
			// A posted order is the accountant's; either it follows, numbered anew, or the quote says why not.
			const numbers = stored().Товары.map(({ LineNumber }) => LineNumber);
			expect(numbers).toEqual(numbers.map((_, i) => String(i + 1)));
			if (message === '') expect(numbers).toHaveLength(2);
			else expect(message).toMatch(/posted|confirmed|differ/i);
		});

		test('posting refused: the text of the configuration and the number of the document reach the quote', async () => {
			const { handlers } = scene.erp.sim.base.configuration;
			const usual = handlers[scene.erp.sets.orders]!;
			Object.assign(handlers, { [scene.erp.sets.orders]: { ...usual, posting: () => { throw refusal('Контрагент в чёрном списке: отгрузка запрещена'); } } });
			const quote = await accepted([line()]);
			try {
				await refused(quote, [/Контрагент в чёрном списке: отгрузка запрещена/], ALL);
			} finally {
				Object.assign(handlers, { [scene.erp.sets.orders]: usual });
			}
			const order = stored();
			expect(order.Posted).toBe(false);
			expect(scene.crmField(scene.quote(quote), 'erp_message')).toContain(String(order.Number));
			clear(quote);
			await ordered(quote);
			expect(stored().Ref_Key).toBe(order.Ref_Key);
		});

		if (isUt) test('an agreement that the configuration demands and nobody gave', async () => {
			const agreements = records('Catalog_СоглашенияСКлиентами');
			for (const { Ref_Key } of agreements) scene.erp.sim.remove('Catalog_СоглашенияСКлиентами', String(Ref_Key));
			administer(scene.erp.sim, { agreementRequired: 'yes' });
			const quote = await accepted([line()]);
			await refused(quote, [/Поле "Соглашение" не заполнено/], ALL);
			administer(scene.erp.sim, { agreementRequired: 'no' });
			clear(quote);
			await ordered(quote);
		});

		test('a closed period', async () => {
			closePeriod('2099-12-31');
			const quote = await accepted([line()]);
			await refused(quote, [/запрещены датой запрета 31\.12\.2099/], CRM_ORDER_AND_CUSTOMER);
			closePeriod('');
			clear(quote);
			await ordered(quote);
		});

		test('two organizations and no choice between them: both are named; a choice ends it', async () => {
			const second = insert(ORGANIZATIONS, { Description: 'Торговый дом "Южный"', НаименованиеПолное: 'ООО "Южный"', ИНН: '2300000015', КПП: '230001001', Префикс: 'ЮГ' });
			const quote = await accepted([line()]);
			await refused(quote, [/Северный/, /Южный/, /organi[sz]ation/i], CRM_ORDER_AND_CUSTOMER);
			clear(quote);
			const credentials = awkward.withErp({ organization: 'Торговый дом "Южный"' });
			await ordered(quote, flowWith({ credentials }));
			expect(stored().Организация_Key).toBe(second);
		});
	});

	describe('customers', () => {
		const account = (inn: string) => scene.crm.patch(scene.deal.account, { cf_accounts_inn: inn });
		const counterparties = () => records('Catalog_Контрагенты').length;

		test('ИНН and КПП of one that is there: no second one', async () => {
			account('5403000049/540301001');
			scene.crm.patch(scene.deal.account, { accountname: 'Вектор АО' });
			const before = counterparties();
			const quote = await accepted([line()]);
			await ordered(quote);
			expect(counterparties()).toBe(before);
		});

		test('ИНН twice: both are listed, nothing is made', async () => {
			insert('Catalog_Контрагенты', { Description: 'Вектор АО (старый)', ИНН: '5403000049', КПП: '540301001' });
			account('5403000049/540301001');
			const before = counterparties();
			const quote = await accepted([line()]);
			await refused(quote, [/5403000049/, /Вектор АО \(старый\)/], CRM_ORDER);
			expect(counterparties()).toBe(before);
			expect(writes()).toEqual([]);
		});

		test('a twin that is marked for deletion: a person decides', async () => {
			account('7701000017/770101001');
			const quote = await accepted([line()]);
			await refused(quote, [/Альфа-Строй/, /deletion/i], CRM_ORDER);
			expect(writes()).toEqual([]);
		});
	});

	function closePeriod(closedUntil: string): void {
		administer(scene.erp.sim, { closedUntil });
	}
});
