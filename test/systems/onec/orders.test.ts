// Proves "Sales order: create or update" and the moving of orders in 1C on simulated infobases: what is written, proved,
// posted, refused and told, and one order whatever happens.
import { administer } from '../../../demo/simulators/onec/desk';
import { type Order, orderSchema, type Quote } from '../../../nodes/core/documents';
import { computeTotals } from '../../../nodes/core/money';
import type { UpsertOptions } from '../../../nodes/core/port';
import { refKey } from '../../../nodes/OneC/onec.keys';
import { customer, done, FIVE_LINES, PROFILE_NAMES, quote, refused, type Setting, setUp } from './setting';

const ORDERS = { ut: 'Document_ЗаказКлиента', bp: 'Document_СчетНаОплатуПокупателю' };
const VAT_IN = { ut: 'ЦенаВключаетНДС', bp: 'СуммаВключаетНДС' };
const KEY = refKey('vtiger:Quotes:4x38');
type Line = Record<string, unknown>;

describe.each(PROFILE_NAMES)('%s', (profile) => {
	const SET = ORDERS[profile];
	let setting: Setting;
	beforeAll(async () => {
		setting = await setUp({ profile });
		done(await setting.connect().upsert('customer', [customer()], {}));
		start = setting.sim.snapshot();
	});
	let start: string;
	beforeEach(() => {
		setting.renew();
		setting.sim.restore(start);
	});
	afterAll(async () => await setting.stop());

	const upsert = async (document: Quote | Order, options: UpsertOptions = {}) => await setting.connect().upsert('order', [document], options);
	const orders = () => setting.sim.records(SET);
	const stored = (id = KEY) => setting.sim.get(SET, id)!;
	const rows = (id = KEY) => stored(id).Товары as unknown as Line[];
	const writes = () => setting.calls().filter((call) => !call.startsWith('GET'));
	const small = (more: Record<string, unknown> = {}) => quote([['W-1', '2', '100', ['10']], ['W-2', '1', '19.99', ['10']]], more);

	it('writes the quote with our key and posts it when the totals agree', async () => {
		const result = done(await upsert(quote(FIVE_LINES), { confirm: true }));
		expect(result).toMatchObject({ outcome: 'created', ref: { id: KEY, number: stored().Number, key: `onec:${SET}:${KEY}` }, proof: { agrees: true, source: '2308.12', target: '2308.12' } });
		expect(stored()).toMatchObject({ Posted: true, СуммаДокумента: 2308.12, Комментарий: 'Widgets [vtiger:Quotes:4x38]', Контрагент_Key: refKey('vtiger:Accounts:11x8') });
		expect(rows().map((row) => [row.LineNumber, row.Количество, row.СуммаНДС])).toEqual([['1', 10, 108], ['2', 2, 4], ['3', 10, 4.5], ['4', 1, 70], ['5', 3, 23.33]]);
		if (profile === 'ut') {
			expect(stored()).toMatchObject({ Статус: 'КОбеспечению', Согласован: true, НомерПоДаннымКлиента: 'QUO38', НалогообложениеНДС: 'ПродажаОблагаетсяНДС', МаксимальныйКодСтроки: '5', Партнер_Key: refKey('vtiger:Accounts:11x8', 'partner') });
			expect(rows()[0]).toMatchObject({ Цена: 120, Сумма: 1080, ПроцентРучнойСкидки: 10, СуммаРучнойСкидки: 120, СуммаСНДС: 1188, КодСтроки: '1', КоличествоУпаковок: 10, ВариантОбеспечения: 'КОбеспечению' });
		} else {
			expect(rows()[0]).toMatchObject({ Цена: 108, Сумма: 1080, СтавкаНДС: 'НДС10', Коэффициент: 1 });
		}
		expect(orders()).toHaveLength(1);
	});

	it('needs few calls for five lines', async () => {
		const connector = setting.connect();
		done(await connector.upsert('order', [quote(FIVE_LINES)], { confirm: true }));
		setting.sim.server.resetCalls();
		done(await connector.upsert('order', [quote(FIVE_LINES, { id: '39', customer: customer() })], { confirm: true }));
		// БП looks for the contract, too.
		expect(setting.calls().length).toBeLessThanOrEqual(profile === 'ut' ? 6 : 7);
	});

	it('leaves a draft unposted, and posts it the next time', async () => {
		expect(done(await upsert(small())).outcome).toBe('created');
		expect(stored()).toMatchObject({ Posted: false, ...(profile === 'ut' ? { Статус: 'НеСогласован', Согласован: false } : {}) });
		const confirmed = done(await upsert(small(), { confirm: true }));
		expect(confirmed.outcome).toBe('updated');
		expect(confirmed.changed).toHaveProperty('state');
		expect(stored()).toMatchObject({ Posted: true, ...(profile === 'ut' ? { Статус: 'КОбеспечению', Согласован: true } : {}) });
	});

	it('writes nothing when nothing differs', async () => {
		done(await upsert(quote(FIVE_LINES), { confirm: true }));
		const version = stored().DataVersion;
		setting.sim.server.resetCalls();
		expect(done(await upsert(quote(FIVE_LINES), { confirm: true }))).toMatchObject({ outcome: 'unchanged', changed: {}, proof: { agrees: true } });
		expect(writes()).toEqual([]);
		expect(stored().DataVersion).toBe(version);
	});

	it('changes a draft row by row, and keeps what 1C put into the others', async () => {
		done(await upsert(quote([['W-1', '2', '100', ['10']], ['W-2', '1', '19.99', ['10']], ['W-3', '4', '4.5', ['10']]])));
		const before = rows();
		const mark = profile === 'ut' ? { ВариантОбеспечения: 'Отгрузить' } : { КоличествоМест: 7 };
		setting.sim.patch(SET, KEY, { Товары: before.map((row, i) => (i === 2 ? { ...row, ...mark } : row)) as never });
		const changed = quote([['W-1', '3', '100', ['10']], ['W-3', '4', '4.5', ['10']], ['W-4', '1', '700', ['10']]]);
		const document = { ...changed, lines: [changed.lines[0]!, { ...changed.lines[1]!, key: '3' }, { ...changed.lines[2]!, key: '4' }] };
		const result = done(await upsert(document));
		expect(result.outcome).toBe('updated');
		expect(Object.keys(result.changed)).toEqual(expect.arrayContaining(['line 1 (W-1) quantity']));
		const after = rows();
		expect(after.map((row) => [row.LineNumber, row.Количество])).toEqual([['1', 3], ['2', 4], ['3', 1]]);
		expect(after[1]).toMatchObject(mark);
		if (profile === 'ut') {
			expect(after.map((row) => row.КодСтроки)).toEqual(['1', '3', '4']);
			expect(stored().МаксимальныйКодСтроки).toBe('4');
		}
		expect(done(await upsert(document)).outcome).toBe('unchanged');
	});

	it('leaves what people wrote into the comment', async () => {
		done(await upsert(small()));
		setting.sim.patch(SET, KEY, { Комментарий: 'Call before delivery [vtiger:Quotes:4x38]' });
		expect(done(await upsert(small())).outcome).toBe('unchanged');
		setting.sim.patch(SET, KEY, { Комментарий: 'Call before delivery' });
		done(await upsert(small()));
		expect(stored().Комментарий).toBe('Call before delivery [vtiger:Quotes:4x38]');
	});

	it('takes VAT inside when asked, to the same total', async () => {
		const result = done(await upsert(quote(FIVE_LINES), { confirm: true, settings: { vatIncluded: 'included' } }));
		expect(result.proof).toMatchObject({ agrees: true, target: '2308.12' });
		expect(stored()).toMatchObject({ [VAT_IN[profile]]: true, СуммаДокумента: 2308.12 });
		expect(rows()[1]).toMatchObject({ Сумма: 43.98, СуммаНДС: 4 });
		// Once it is so, it stays so without being told again.
		expect(done(await upsert(quote(FIVE_LINES))).outcome).toBe('unchanged');
	});

	it('shares a discount on the whole document out over the rows', async () => {
		const taxes = [{ name: 'VAT', rate: '10' }];
		const document = quote([['W-1', '1', '33.33', ['10']], ['W-2', '1', '33.33', ['10']], ['W-3', '1', '33.34', ['10']]], { charges: [{ role: 'discount', amount: '-10', percent: '10', taxes }] });
		const result = done(await upsert(document, { confirm: true }));
		expect(result.proof?.agrees).toBe(true);
		expect(rows().reduce((cents, row) => cents + Math.round(Number(row.Сумма) * 100), 0)).toBe(9000);
		if (profile === 'ut') expect(rows().map((row) => Number(row.СуммаРучнойСкидки))).toEqual([3.33, 3.33, 3.34]);
	});

	it('asks for a product for shipping, and uses the chosen one', async () => {
		const document = small({ charges: [{ role: 'shipping', amount: '15.5', taxes: [{ name: 'VAT', rate: '10' }] }] });
		expect(refused(await upsert(document)).message).toMatch(/shipping charge of 15\.50 .*no product of 1C is chosen.*Product for Shipping/);
		done(await upsert(document, { chargeProducts: { shipping: 'SER1' } }));
		expect(rows()[2]).toMatchObject({ Номенклатура_Key: setting.products.SER1, Сумма: 15.5 });
	});

	it('keeps text of lines, and tells what 1C cut', async () => {
		done(await upsert(quote([['W-1', '1', '10', ['10'], { description: 'Spare "parts"\nдля склада' }]])));
		expect(rows()[0]).toMatchObject({ Содержание: 'Line W-1\nSpare "parts"\nдля склада' });
		expect(done(await upsert(quote([['W-1', '1', '10', ['10'], { description: 'Spare "parts"\nдля склада' }]]))).outcome).toBe('unchanged');
	});

	it('does not post when the totals differ, and says by how much', async () => {
		const document = { ...small(), totals: { net: '219.99', tax: '22.00', total: '250.00' } };
		const failure = refused(await upsert(document, { confirm: true }));
		expect(failure.kind).toBe('rejected');
		expect(failure.message).toMatch(/quote QUO38 .*The totals do not agree: 250\.00 in the CRM, 241\.99 for .* in 1C \(-8\.01\).*not posted/);
		expect(stored().Posted).toBe(false);
		expect(done(await upsert(small(), { confirm: true })).proof?.agrees).toBe(true);
		expect(orders()).toHaveLength(1);
	});

	it('accepts what rounding per line explains, under that rule only', async () => {
		const lines = Array.from({ length: 5 }, () => ['W-3', '1', '0.05', ['10']] as [string, string, string, string[]]);
		const plain = quote(lines);
		const document = { ...plain, totals: computeTotals(plain.lines, [], 'document') };
		expect(document.totals.total).toBe('0.28');
		expect(refused(await upsert(document, { rounding: { mode: 'exact' } })).message).toMatch(/0\.28 in the CRM, 0\.30/);
		expect(done(await upsert(document, { rounding: { mode: 'explained' }, confirm: true })).proof).toMatchObject({ agrees: true, difference: '0.02' });
	});

	it('is posted no more often than once, and not changed behind people\'s backs', async () => {
		done(await upsert(small(), { confirm: true }));
		const failure = refused(await upsert(quote([['W-1', '3', '100', ['10']], ['W-2', '1', '19.99', ['10']]]), { confirm: true }));
		expect(failure.kind).toBe('rejected');
		expect(failure.message).toMatch(/already posted in 1C and differs: line 1 \(W-1\) quantity: 2 in 1C, 3 in the CRM/);
		expect(rows()[0]).toMatchObject({ Количество: 2 });
	});

	it('changes a posted order where that was chosen, but not below what was shipped', async () => {
		const settings = { changePosted: 'change' };
		done(await upsert(small(), { confirm: true }));
		const more = quote([['W-1', '5', '100', ['10']], ['W-2', '1', '19.99', ['10']]]);
		expect(done(await upsert(more, { confirm: true, settings })).outcome).toBe('updated');
		expect(stored()).toMatchObject({ Posted: true });
		expect(rows()[0]).toMatchObject({ Количество: 5 });
		setting.sim.ship(KEY, { '1': '4' });
		const failure = refused(await upsert(quote([['W-1', '3', '100', ['10']]]), { confirm: true, settings }));
		expect(failure.message).toMatch(/cannot be changed: line 1 \(W-1\): 4 were shipped, and only 3 are ordered now/);
		expect(rows()[0]).toMatchObject({ Количество: 5 });
	});

	it.each([
		['an unknown product', quote([['W-1', '1', '10', ['10']], ['NO-1', '1', '10', ['10']], ['NO-2', '1', '10', ['10']]]), /no product with the code "NO-1", "NO-2" \(Артикул\)/],
		['a line without a code', quote([['', '1', '10', ['10'], { code: undefined }]]), /line 1 .*has no product code/],
		['a rate that 1C lacks', quote([['W-1', '1', '10', ['19']]]), /VAT 19 % is not mapped/],
		['two taxes on a line', quote([['W-1', '1', '10', ['10', '20']]]), /has 2 taxes/],
		['a currency that 1C lacks', quote([['W-1', '1', '10', ['10']]], { currency: 'CHF' }), /1C has no currency CHF \(it has .*EUR/],
		['a quantity that would be rounded', quote([['W-1', '1.00005', '10', ['10']]]), /more than 3 decimals/],
		['no lines', quote([]), /has no lines/],
		['no customer', { ...quote([['W-1', '1', '10', ['10']]]), customer: undefined }, /has no customer/],
		['a customer who is not there', quote([['W-1', '1', '10', ['10']]], { customer: customer('77') }), /"Flow Ltd 77" is not in 1C yet/],
	])('refuses %s before anything is written', async (_what, document, says) => {
		const failure = refused(await upsert(document as Quote, { confirm: true }));
		expect(failure.message).toMatch(says);
		expect(failure.message).toMatch(/^quote QUO38/);
		expect(writes()).toEqual([]);
	});

	it('refuses a product that is marked for deletion, and two of one code', async () => {
		setting.sim.patch('Catalog_Номенклатура', setting.products['W-1']!, { DeletionMark: true });
		expect(refused(await upsert(small())).message).toMatch(/"W-1" is marked for deletion/);
		setting.sim.patch('Catalog_Номенклатура', setting.products['W-1']!, { DeletionMark: false });
		setting.sim.insert('Catalog_Номенклатура', { Description: 'Twin', Артикул: 'W-1' });
		expect(refused(await upsert(small()))).toMatchObject({ kind: 'ambiguous' });
	});

	it('asks which organization, and takes the chosen one', async () => {
		const other = setting.sim.insert('Catalog_Организации', { Description: 'Вторая ООО', ИНН: '7711111118' });
		const failure = refused(await upsert(small()));
		expect(failure).toMatchObject({ kind: 'ambiguous' });
		expect(failure.message).toMatch(/2 records for the organization \(Организация\): .*"Вторая ООО".*option "Organization"/);
		done(await upsert(small(), { settings: { organization: String(other.Ref_Key) } }));
		expect(stored().Организация_Key).toBe(other.Ref_Key);
		expect(refused(await upsert(small({ id: '40', customer: customer() }), { settings: { organization: 'Третья' } })).message).toMatch(/no organization \(Организация\) "Третья".*There are: .*"Вторая ООО"/);
	});

	it('takes the organization of the credential, by its ИНН', async () => {
		const other = setting.sim.insert('Catalog_Организации', { Description: 'Вторая ООО', ИНН: '7711111118' });
		done(await setting.connect({ organization: '7711111118' }).upsert('order', [small()], {}));
		expect(stored().Организация_Key).toBe(other.Ref_Key);
	});

	it('refuses an override that names an unknown field before anything is sent', async () => {
		const failure = refused(await upsert(small(), { overrides: [{ field: 'Коментарий', source: 'documentField', path: 'number' }] }));
		expect(failure.message).toMatch(/has no field "Коментарий".*Did you mean "Комментарий"\?/);
		expect(writes()).toEqual([]);
	});

	it('lets an override win', async () => {
		done(await upsert(small(), { overrides: [{ field: 'АдресДоставки', source: 'expression', expression: '"Gate 4"' }] }));
		expect(stored().АдресДоставки).toBe('Gate 4');
	});

	it('brings 1C\'s own words when it refuses to post', async () => {
		const overrides = [{ field: profile === 'ut' ? 'НалогообложениеНДС' : 'ДоговорКонтрагента_Key', source: 'expression' as const, expression: profile === 'ut' ? '""' : '"00000000-0000-0000-0000-000000000000"' }];
		const failure = refused(await upsert(small(), { confirm: true, overrides }));
		expect(failure.kind).toBe('rejected');
		expect(failure.message).toMatch(new RegExp(`quote QUO38.*Order|Invoice ${String(stored().Number)}`));
		expect(failure.message).toMatch(/1C refuses to post it.*It said: .*(Поле|Не удалось провести).*It stays in 1C and is not posted/s);
		expect(failure.message).toContain(String(stored().Number));
		expect(stored().Posted).toBe(false);
	});

	it('brings 1C\'s own words when the period is closed', async () => {
		administer(setting.sim, { closedUntil: '2026-12-31' });
		const failure = refused(await upsert(small(), { confirm: true }));
		expect(failure.kind).toBe('rejected');
		expect(failure.message).toMatch(/запрещены датой запрета/);
		expect(orders()).toHaveLength(0);
	});

	it('compares in a dry run and writes nothing', async () => {
		expect(done(await upsert(small(), { dryRun: true }))).toMatchObject({ outcome: 'created', ref: { id: '' } });
		expect(writes()).toEqual([]);
		expect(orders()).toHaveLength(0);
	});

	it('keeps the order of many, and one bad one costs one failure', async () => {
		const others = { customer: customer() };
		const results = await setting.connect().upsert('order', [small({ id: '1', ...others }), quote([['NO-1', '1', '1']], { id: '2', ...others }), small({ id: '3', ...others })], { confirm: true });
		expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
		expect(orders().map((row) => row.Posted)).toEqual([true, true]);
	});

	it('asks about thirty at once in few calls', async () => {
		const connector = setting.connect();
		const many = Array.from({ length: 30 }, (_v, i) => small({ id: String(i + 100), customer: customer() }));
		for (const result of await connector.upsert('order', many, {})) expect(result.ok).toBe(true);
		setting.sim.server.resetCalls();
		for (const result of await connector.upsert('order', many, {})) expect(result).toMatchObject({ value: { outcome: 'unchanged' } });
		expect(setting.calls().length).toBeLessThan(12);
	});

	it('finds the order of the quote for the order that was made of it', async () => {
		done(await upsert(small(), { confirm: true }));
		const { kind: _kind, status: _status, ...rest } = small();
		const order = orderSchema.parse({ ...rest, kind: 'order', key: 'vtiger:SalesOrder:6x1', quoteKey: 'vtiger:Quotes:4x38', reference: 'QUO38' });
		expect(done(await upsert(order, { confirm: true }))).toMatchObject({ outcome: 'unchanged', ref: { id: KEY } });
		expect(orders()).toHaveLength(1);
	});

	it('says so when the order is marked for deletion', async () => {
		done(await upsert(small()));
		setting.sim.patch(SET, KEY, { DeletionMark: true });
		const failure = refused(await upsert(small(), { confirm: true }));
		expect(failure).toMatchObject({ kind: 'rejected' });
		expect(failure.message).toMatch(/is marked for deletion in 1C/);
		expect(orders()).toHaveLength(1);
	});

	it.each([
		['the server ignores our ids', { ownRefKey: 'ignored' as const }],
		['a second POST overwrites', { secondPost: 'overwrites' as const }],
		['If-Match is honoured', { ifMatch: 'honoured' as const }],
		['the answer lacks the number', { createdNumber: 'empty' as const }],
		['$metadata cannot be had', { metadata: 'fails' as const }],
		['posting by PATCH only flips the flag', { patchPosted: 'flag-only' as const }],
	])('makes one order where %s', async (_what, switches) => {
		Object.assign(setting.sim.switches, switches);
		const first = done(await upsert(small()));
		const second = done(await upsert(quote([['W-1', '2', '100', ['10']]]), { confirm: true }));
		expect(second).toMatchObject({ outcome: 'updated', ref: { id: first.ref.id }, proof: { agrees: true } });
		expect(second.ref.number).toMatch(/\d/);
		expect(orders()).toHaveLength(1);
		expect(orders()[0]).toMatchObject({ Posted: true });
		expect(orders()[0]!.Товары).toHaveLength(1);
	});

	it('makes one order when four write at once', async () => {
		const runs = await Promise.all([1, 2, 3, 4].map(async () => await upsert(small(), { confirm: true })));
		expect(new Set(runs.map((run) => done(run).ref.id)).size).toBe(1);
		expect(orders()).toHaveLength(1);
		expect(orders()[0]).toMatchObject({ Posted: true });
	});

	it('leaves one live order when four write at once to a server that ignores our ids', async () => {
		setting.sim.switches.ownRefKey = 'ignored';
		const runs = await Promise.all([1, 2, 3, 4].map(async () => await upsert(small())));
		const live = orders().filter((row) => row.DeletionMark !== true);
		expect(live).toHaveLength(1);
		expect(new Set(runs.map((run) => done(run).ref.id))).toEqual(new Set([live[0]!.Ref_Key]));
	});

	it('tells what 1C stored differently, and does not post it', async () => {
		const connector = setting.connect({}, async (request, send) => {
			// Between writing and reading back the configuration rounds the quantity, as a unit without fractions does.
			if (request.method === 'GET' && decodeURIComponent(request.path).startsWith(`/${SET}(`)) setting.sim.patch(SET, KEY, { Товары: rows().map((row, i) => (i === 0 ? { ...row, Количество: 3 } : row)) as never });
			return await send(request);
		});
		const failure = refused(await connector.upsert('order', [quote([['W-1', '2.5', '100', ['10']]])], { confirm: true }));
		expect(failure.kind).toBe('rejected');
		expect(failure.message).toMatch(/in 1C is not what was sent: line 1 \(W-1\) quantity: 3 in 1C, 2\.5 in the CRM.*not posted/);
		expect(stored().Posted).toBe(false);
	});

	it('tells when 1C has worked out another total than its rows come to', async () => {
		const connector = setting.connect({}, async (request, send) => {
			const answer = await send(request);
			if (request.method !== 'GET' || !decodeURIComponent(request.path).startsWith(`/${SET}(`)) return answer;
			return { ...answer, text: answer.text.replace(/("СуммаДокумента":\s*)241\.99/, '$1219.99') };
		});
		const failure = refused(await connector.upsert('order', [small()], { confirm: true }));
		expect(failure.message).toMatch(/The totals do not agree: the rows of .* in 1C come to 241\.99, and its field СуммаДокумента is 219\.99/);
		expect(stored().Posted).toBe(false);
	});

	it('finds its order without any number, and by a number that 1C has cut, where the server ignores our ids', async () => {
		setting.sim.switches.ownRefKey = 'ignored';
		for (const number of [undefined, `QUO-${'9'.repeat(60)}`]) {
			setting.sim.restore(start);
			const first = done(await upsert(small({ number })));
			expect(done(await upsert(small({ number }), { confirm: true })).ref.id).toBe(first.ref.id);
			expect(orders()).toHaveLength(1);
		}
	});

	it('makes contract and order for the organization that an override names', async () => {
		const other = setting.sim.insert('Catalog_Организации', { Description: 'Вторая ООО', ИНН: '7711111118' });
		const overrides = [{ field: 'Организация_Key', source: 'expression' as const, expression: `"${String(other.Ref_Key)}"` }];
		done(await upsert(small(), { overrides, confirm: true }));
		expect(stored().Организация_Key).toBe(other.Ref_Key);
		if (profile === 'bp') expect(setting.sim.get('Catalog_ДоговорыКонтрагентов', String(stored().ДоговорКонтрагента_Key))).toMatchObject({ Организация_Key: other.Ref_Key, ВидДоговора: 'СПокупателем' });
	});

	it('does not change what somebody else has changed meanwhile', async () => {
		done(await upsert(small()));
		let meddled = false;
		const connector = setting.connect({}, async (request, send) => {
			if (request.method === 'PATCH' && !meddled) {
				meddled = true;
				setting.sim.patch(SET, KEY, { АдресДоставки: 'Gate 4' });
			}
			return await send(request);
		});
		const before = setting.sim.get(SET, KEY)!.DataVersion;
		done(await connector.upsert('order', [quote([['W-1', '9', '100', ['10']]])], {}));
		expect(stored()).toMatchObject({ АдресДоставки: 'Gate 4' });
		expect(stored().DataVersion).not.toBe(before);
		expect(rows()).toHaveLength(1);
	});

	describe('moving', () => {
		const move = async (document: Quote, state: string) => await setting.connect().transition('order', [document], state);

		it('confirms and cancels', async () => {
			done(await upsert(small()));
			expect(done(await move(small(), 'confirmed'))).toMatchObject({ outcome: 'updated', ref: { id: KEY } });
			expect(stored().Posted).toBe(true);
			expect(done(await move(small(), 'confirmed')).outcome).toBe('unchanged');
			expect(done(await move(small(), 'cancelled')).outcome).toBe('updated');
			expect(stored()).toMatchObject({ Posted: false, DeletionMark: true });
			expect(done(await move(small(), 'cancelled')).outcome).toBe('unchanged');
			expect(refused(await move(small(), 'confirmed')).message).toMatch(/marked for deletion/);
		});

		it('does not cancel what was shipped', async () => {
			done(await upsert(small(), { confirm: true }));
			setting.sim.ship(KEY);
			const failure = refused(await move(small(), 'cancelled'));
			expect(failure.message).toMatch(/cannot be cancelled: there is a shipment for it in 1C \(.*\d/);
			expect(stored()).toMatchObject({ Posted: true, DeletionMark: false });
		});

		it('says so when there is none', async () => {
			expect(refused(await move(small(), 'confirmed'))).toMatchObject({ kind: 'missing' });
		});
	});
});

describe('УТ only', () => {
	let setting: Setting;
	let start: string;
	beforeAll(async () => {
		setting = await setUp({ profile: 'ut' });
		done(await setting.connect().upsert('customer', [customer()], {}));
		start = setting.sim.snapshot();
	});
	beforeEach(() => {
		setting.renew();
		setting.sim.restore(start);
	});
	afterAll(async () => await setting.stop());
	const SET = ORDERS.ut;
	const upsert = async (document: Quote, options: UpsertOptions = {}) => await setting.connect().upsert('order', [document], options);
	const small = () => quote([['W-1', '2', '100', ['10']]]);

	it('asks about an order that somebody has typed in already', async () => {
		setting.sim.insert(SET, { Контрагент_Key: refKey('vtiger:Accounts:11x8'), НомерПоДаннымКлиента: 'QUO38', Date: '2026-11-20T00:00:00' });
		const failure = refused(await upsert(small()));
		expect(failure).toMatchObject({ kind: 'ambiguous' });
		expect(failure.message).toMatch(/already has an order of this customer with the number QUO38/);
	});

	it('does not take a copy of its order for its order', async () => {
		done(await upsert(small()));
		const { Ref_Key: _ref, DataVersion: _version, Number: _number, ...copy } = setting.sim.get(SET, KEY)!;
		setting.sim.insert(SET, copy);
		expect(done(await upsert(small()))).toMatchObject({ outcome: 'unchanged', ref: { id: KEY } });
	});

	it('leaves rows alone that people added, and says which', async () => {
		done(await upsert(small()));
		const order = setting.sim.get(SET, KEY)!;
		const own = order.Товары as unknown as Line[];
		setting.sim.patch(SET, KEY, { Товары: [...own, { ...own[0]!, LineNumber: '2', КодСтроки: '2', ИдентификаторСтроки: '61c3c0d9-2a74-40b0-85b9-fe75e6cdf25c', Номенклатура_Key: setting.products['W-4'] }] as never });
		const failure = refused(await upsert(small()));
		expect(failure.message).toMatch(/has rows that are not in the CRM: row 2/);
	});

	it('asks which agreement when several fit, and needs none when none does', async () => {
		const [there] = setting.sim.records('Catalog_СоглашенияСКлиентами');
		const { Ref_Key: _ref, DataVersion: _version, Code: _code, ...copy } = there!;
		setting.sim.insert('Catalog_СоглашенияСКлиентами', { ...copy, Description: 'Опт' });
		expect(refused(await upsert(small()))).toMatchObject({ kind: 'ambiguous', message: expect.stringMatching(/2 records for the agreement \(Соглашение\).*"Опт".*option "Agreement"/) });
		done(await upsert(small(), { settings: { agreement: 'Опт' } }));
		done(await upsert(quote([['W-1', '1', '1', ['10']]], { id: '50', currency: 'USD', customer: customer() })));
		expect(setting.sim.get(SET, refKey('vtiger:Quotes:4x50'))!.Соглашение_Key).toMatch(/^0{8}/);
	});

	it('finds the currency by its numeric code when people call it otherwise', async () => {
		const euro = setting.sim.records('Catalog_Валюты').find((row) => row.Code === '978')!;
		setting.sim.patch('Catalog_Валюты', String(euro.Ref_Key), { Description: 'Евро' });
		done(await upsert(small()));
		expect(setting.sim.get(SET, KEY)!.Валюта_Key).toBe(euro.Ref_Key);
	});

	it('says which field of the profile the base lacks', async () => {
		const failure = refused(await setting.connect({ profileOverrides: '{"orderRows":{"price":"ЦенаЗаЕдиницу"}}' }).upsert('order', [small()], {}));
		expect(failure.message).toMatch(/has no field "ЦенаЗаЕдиницу" in this infobase \(configuration profile: orderRows\.price\)/);
	});

	it('tells what is not published', async () => {
		setting.sim.switches.unpublished = ['Catalog_Организации'];
		expect(refused(await upsert(small()))).toMatchObject({ kind: 'denied', message: expect.stringMatching(/does not publish Catalog_Организации/) });
	});
});

describe('contracts (БП)', () => {
	const CONTRACTS = 'Catalog_ДоговорыКонтрагентов';
	let setting: Setting;
	let start: string;
	let owner: string;
	beforeAll(async () => {
		setting = await setUp({ profile: 'bp' });
		owner = done(await setting.connect().upsert('customer', [customer()], {})).ref.id;
		start = setting.sim.snapshot();
	});
	beforeEach(() => {
		setting.renew();
		setting.sim.restore(start);
	});
	afterAll(async () => await setting.stop());
	const upsert = async (document: Quote, options: UpsertOptions = {}) => await setting.connect().upsert('order', [document], options);
	const small = (id = '38') => quote([['W-1', '2', '100', ['10']]], { id, customer: customer() });
	const contracts = () => setting.sim.records(CONTRACTS).filter((row) => row.Owner_Key === owner);
	const stored = () => setting.sim.get(ORDERS.bp, KEY)!;
	function contract(more: Record<string, unknown> = {}): Line {
		const organization = setting.sim.records('Catalog_Организации')[0]!.Ref_Key;
		const euro = setting.sim.records('Catalog_Валюты').find((row) => row.Code === '978')!.Ref_Key;
		return setting.sim.insert(CONTRACTS, { Owner_Key: owner, Организация_Key: organization, ВалютаВзаиморасчетов_Key: euro, ВидДоговора: 'СПокупателем', Description: 'Основной', ...more } as never) as unknown as Line;
	}

	it('makes one for the first order and takes it for the next', async () => {
		done(await upsert(small()));
		done(await upsert(small('39')));
		expect(contracts()).toHaveLength(1);
		expect(contracts()[0]).toMatchObject({ Ref_Key: stored().ДоговорКонтрагента_Key, ВидДоговора: 'СПокупателем' });
	});

	it('takes the one that people made, of that kind, organization and currency', async () => {
		contract({ ВидДоговора: 'СПоставщиком', Description: 'Закупка' });
		contract({ DeletionMark: true, Description: 'Старый' });
		const there = contract();
		done(await upsert(small(), { confirm: true }));
		expect(stored().ДоговорКонтрагента_Key).toBe(there.Ref_Key);
		expect(contracts()).toHaveLength(3);
	});

	it('never chooses between two; a field override does', async () => {
		contract();
		const other = contract({ Description: 'Дополнительный', Номер: '17' });
		expect(refused(await upsert(small()))).toMatchObject({ kind: 'ambiguous', message: expect.stringMatching(/2 contracts in 1C that fit: "Основной"; № 17 "Дополнительный"/) });
		done(await upsert(small(), { overrides: [{ field: 'ДоговорКонтрагента_Key', source: 'expression', expression: `"${String(other.Ref_Key)}"` }], confirm: true }));
		expect(stored().ДоговорКонтрагента_Key).toBe(other.Ref_Key);
	});

	it('makes none in a dry run', async () => {
		expect(done(await upsert(small(), { dryRun: true })).notes.join(' ')).toMatch(/contract with the customer would be made/);
		expect(contracts()).toHaveLength(0);
	});
});
