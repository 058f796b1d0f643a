// Owns the proof of the simulator's query language: what each option does, ignores or refuses (reference 5).
// Must not know: the product's client code.
import { type OnecSimulator, PASSWORD, type Row, USER, defaultSwitches, startOnec } from '../../../demo/simulators/onec';
import { type JsonObject, basic, call, refused, rows } from './api';

const A = 'a0000000-0000-4000-8000-000000000001';
const B = 'b0000000-0000-4000-8000-000000000002';
const C = 'c0000000-0000-4000-8000-000000000003';
const ORDER = 'Document_ЗаказКлиента';
const ORDERS = `/${ORDER}`;
const SUMS = 'InformationRegister_СуммыДокументовВВалютахУчета';

let sim: OnecSimulator;
let start = '';
beforeAll(async () => {
	sim = await startOnec();
	for (const row of sim.records(ORDER)) sim.remove(ORDER, String(row['Ref_Key']));
	sim.insert('Catalog_Контрагенты', { Ref_Key: A, Description: 'Яблоко', ИНН: '7700000016', КонтактнаяИнформация: [{ Тип: 'Адрес', Представление: 'Тверь, Мира 1' }] });
	order(A, '2026-10-01T12:00:00', { Контрагент_Key: A, СуммаПредоплатыДоОтгрузки: 100, Согласован: true, НомерПоДаннымКлиента: "O'Brien" }, [10, 20]);
	order(B, '2026-11-15T09:30:00', { СуммаПредоплатыДоОтгрузки: 200, ДокументОснование: A, ДокументОснование_Type: `StandardODATA.${ORDER}` }, [5]);
	order(C, '2026-12-31T23:59:59', { СуммаПредоплатыДоОтгрузки: 300 }, []);
	start = sim.snapshot();
});
afterEach(() => {
	sim.restore(start);
	Object.assign(sim.switches, defaultSwitches());
});
afterAll(() => sim.stop());

function order(ref: string, date: string, fields: Row, prices: number[]): void {
	const Товары = prices.map((Цена, i) => ({ LineNumber: String(i + 1), Количество: 1, Цена }));
	sim.insert(ORDER, { Ref_Key: ref, Date: date, ...fields, Товары });
}

/** First letters of the keys that a filter lets through. */
const found = async (filter: string): Promise<string> => (await rows(sim, `${ORDERS}?$select=Ref_Key&$orderby=Date&$filter=${filter}`)).map((row) => String(row['Ref_Key'])[0]).join('');

describe('$filter', () => {
	it.each([
		[`Ref_Key eq guid'${B}'`, 'b'],
		[`Ref_Key ne guid'${B.toUpperCase()}'`, 'ac'],
		['СуммаПредоплатыДоОтгрузки gt 100', 'bc'],
		['СуммаПредоплатыДоОтгрузки ge 100 and СуммаПредоплатыДоОтгрузки lt 300', 'ab'],
		['СуммаПредоплатыДоОтгрузки le 100 or not (СуммаПредоплатыДоОтгрузки ne 300)', 'ac'],
		['СуммаПредоплатыДоОтгрузки add 100 eq 300', 'b'],
		['СуммаПредоплатыДоОтгрузки sub 50 mul 2 eq 200', 'c'],
		['СуммаПредоплатыДоОтгрузки div 2 eq 100', 'b'],
		["Date ge datetime'2026-11-01T00:00:00'", 'bc'],
		['Согласован eq true', 'a'],
		['Согласован', 'a'],
		["НомерПоДаннымКлиента eq 'O''Brien'", 'a'],
		[`Контрагент_Key eq guid'${A}'`, 'a'],
		["Контрагент/ИНН eq '7700000016'", 'a'],
		["substringof('БЛОК',Контрагент/Description)", 'a'],
		["startswith(Контрагент/Description,'Ябл') and endswith(Контрагент/Description,'око')", 'a'],
		["like(Контрагент/Description,'%бло%')", 'a'],
		["concat(Контрагент/ИНН,'!') eq '7700000016!'", 'a'],
		["substring(Контрагент/ИНН,1,2) eq '77'", 'a'],
		['year(Date) eq 2026 and month(Date) eq 12', 'c'],
		['quarter(Date) eq 4 and day(Date) eq 15', 'b'],
		['hour(Date) eq 9 and minute(Date) eq 30 and second(Date) eq 0', 'b'],
		['dayofyear(Date) eq 365', 'c'],
		['dayofweek(Date) eq 4', 'ac'],
		["dateadd(Date,'day',1) gt datetime'2027-01-01T00:00:00'", 'c'],
		["datedifference(Date,datetime'2026-12-01T00:00:00','month') eq 1", 'b'],
		['round(СуммаПредоплатыДоОтгрузки div 3) eq 33', 'a'],
		['Товары/any(d: d/Цена gt 10)', 'a'],
		['Товары/any(d: d/Цена gt СуммаПредоплатыДоОтгрузки)', ''],
		['Товары/all(d: d/Цена lt 10)', 'bc'],
		['Товары/any()', 'ab'],
		['Товары/Цена eq 5', 'b'],
		["substringof('Мира',Контрагент/КонтактнаяИнформация/Представление)", 'a'],
		[`ДокументОснование eq cast(guid'${A}','${ORDER}')`, 'b'],
		[`ДокументОснование eq cast(guid'${A}','Document_РеализацияТоваровУслуг')`, ''],
		[`isof(ДокументОснование,'${ORDER}')`, 'b'],
		[`ДокументОснование/${ORDER}/СуммаПредоплатыДоОтгрузки eq 100`, 'b'],
	])('%s', async (filter, expected) => {
		expect(await found(filter)).toBe(expected);
	});

	it('finds nothing by a composite compared with a plain guid or text, without a word', async () => {
		expect(await found(`ДокументОснование eq guid'${A}'`)).toBe('');
		expect(await found(`ДокументОснование eq '${A}'`)).toBe('');
	});

	it('breaks on a recorder compared with a guid, and finds nothing by its text', async () => {
		sim.base.store.setRecords(SUMS, { set: ORDER, ref: A, period: '2026-10-01T12:00:00' }, [{ СуммаБезНДС: 1 }]);
		const set = `/${SUMS}_RecordType?$filter=`;
		expect(await refused(sim, 'GET', `${set}Recorder eq guid'${A}'`)).toBe('500/-1');
		expect(await rows(sim, `${set}Recorder eq '${A}'`)).toEqual([]);
		expect(await rows(sim, `${set}Recorder eq cast(guid'${A}','${ORDER}')`)).toHaveLength(1);
		expect(await refused(sim, 'GET', `/${SUMS}?$filter=Period gt datetime'2026-01-01T00:00:00'`)).toBe('400/6');
		expect(await refused(sim, 'GET', `/${SUMS}?$filter=RecordSet/Period gt datetime'2026-01-01T00:00:00'`)).toMatch(/^500/);
		expect(await rows(sim, `/${SUMS}?$filter=RecordSet/any(r: r/Period gt datetime'2026-10-01T00:00:00')`)).toHaveLength(1);
		expect(await rows(sim, `/${SUMS}(Recorder='${A}', Recorder_Type='StandardODATA.${ORDER}')`).catch(String)).toContain('RecordSet');
		sim.base.store.setRecords(SUMS, { set: ORDER, ref: A, period: '' }, []);
		expect(await refused(sim, 'GET', `/${SUMS}(Recorder='${A}',Recorder_Type='StandardODATA.${ORDER}')`)).toBe('404/9');
	});

	it.each([
		["Комментарий eq 'x'", '500/-1'],
		[`Ref_Key gt guid'${A}'`, '500/-1'],
		["СуммаПредоплатыДоОтгрузки eq '100'", '500/-1'],
		["Ref_Key eq guid'abc'", '400/1'],
		["Date gt datetime'1-01-01T00:00:00'", '400/1'],
		['Нет eq 1', '400/6'],
		['СуммаПредоплатыДоОтгрузки eq', '400/14'],
		['(Согласован', '400/14'],
		['СуммаПредоплатыДоОтгрузки', '400/14'],
		["contains(Number,'1')", '501/21'],
		["tolower(Number) eq '1'", '501/21'],
		["нечто(Number) eq '1'", '400/14'],
	])('refuses %s with %s', async (filter, expected) => {
		expect(await refused(sim, 'GET', `${ORDERS}?$filter=${filter}`)).toBe(expected);
	});

	it('takes no notice of a filter whose spaces came as "+"', async () => {
		const response = await fetch(`${sim.url}/odata/standard.odata/${encodeURI(ORDER)}?$filter=${encodeURI('СуммаПредоплатыДоОтгрузки')}+eq+100&$format=application/json;odata=nometadata&$select=Ref_Key`, { headers: { authorization: basic(USER, PASSWORD) } });
		expect(((await response.json()) as { value: unknown[] }).value).toHaveLength(3);
	});

	it('sees the case of text in "eq", or not, and never takes "ё" for "е"', async () => {
		expect(await found("Контрагент/Description eq 'ЯБЛОКО'")).toBe('');
		sim.switches.textCase = 'ignored';
		expect(await found("Контрагент/Description eq 'ЯБЛОКО'")).toBe('a');
		sim.patch('Catalog_Контрагенты', A, { Description: 'Ёж' });
		expect(await found("Контрагент/Description eq 'ёж'")).toBe('a');
		expect(await found("Контрагент/Description eq 'еж'")).toBe('');
	});

	it('obeys a role that forbids a field in the filter, and a report that the mark filters nothing', async () => {
		sim.switches.unfilterable = [`${ORDER}.Number`];
		expect(await refused(sim, 'GET', `${ORDERS}?$filter=Number eq '1'`)).toBe('401/20');
		sim.patch(ORDER, B, { DeletionMark: true });
		expect(await found('DeletionMark eq false')).toBe('ac');
		sim.switches.deletionMarkFilter = 'ignored';
		expect(await found('DeletionMark eq false')).toBe('abc');
	});
});

describe('$select and $expand', () => {
	const one = async (query: string): Promise<JsonObject> => (await rows(sim, `${ORDERS}?$filter=Ref_Key eq guid'${A}'&${query}`))[0] ?? {};

	it('shows names, everything, or the header without table parts', async () => {
		expect(Object.keys(await one('$select=Ref_Key,Number'))).toEqual(['Ref_Key', 'Number']);
		expect((await one('$select=*'))['Товары']).toHaveLength(2);
		const header = await one('$select=**');
		expect(header['СуммаПредоплатыДоОтгрузки']).toBe(100);
		expect(header['Товары']).toBeUndefined();
		expect(await one('$select=Товары/Цена')).toEqual({ Товары: [{ Ref_Key: A, Цена: 10 }, { Ref_Key: A, Цена: 20 }] });
		expect(await refused(sim, 'GET', `${ORDERS}?$select=Нет`)).toBe('400/6');
	});

	it('shows presentations, which no metadata knows', async () => {
		const row = await one('$select=Presentation,Контрагент____Presentation');
		expect(row).toEqual({ Presentation: expect.stringMatching(/^Заказ клиента .* от 01\.10\.2026 12:00:00$/) as string, Контрагент____Presentation: 'Яблоко' });
		expect((await one('$select=*____Presentation'))['Организация____Presentation']).toBe('');
	});

	it('expands references over several levels, drops what is not selected, gives null for an empty one', async () => {
		expect((await one('$expand=Контрагент'))['Контрагент']).toMatchObject({ ИНН: '7700000016' });
		expect(await one('$select=Ref_Key&$expand=Контрагент')).toEqual({ Ref_Key: A });
		expect(await one('$select=Ref_Key,Контрагент/ИНН&$expand=Контрагент')).toEqual({ Ref_Key: A, Контрагент: { ИНН: '7700000016' } });
		expect((await one('$expand=Контрагент/ГоловнойКонтрагент,Партнер'))['Партнер']).toBeNull();
		expect((await one('$expand=Контрагент/ГоловнойКонтрагент'))['Контрагент']).toMatchObject({ ГоловнойКонтрагент: { Description: 'Яблоко' } });
		const [b] = await rows(sim, `${ORDERS}?$filter=Ref_Key eq guid'${B}'&$expand=ДокументОснование/${ORDER}`);
		expect(b?.['ДокументОснование']).toMatchObject({ СуммаПредоплатыДоОтгрузки: 100 });
	});

	it('refuses to expand a table part and a composite without its type; on one entity it does nothing', async () => {
		expect(await refused(sim, 'GET', `${ORDERS}?$expand=Товары`)).toBe('501/21');
		expect(await refused(sim, 'GET', `${ORDERS}?$expand=ДокументОснование`)).toBe('400/6');
		expect((await call(sim, 'GET', `${ORDERS}(guid'${A}')?$expand=Контрагент`)).json).not.toHaveProperty('Контрагент');
	});
});

describe('order and pages', () => {
	const keys = async (query: string): Promise<string> => (await rows(sim, `${ORDERS}?$select=Ref_Key&${query}`)).map((row) => String(row['Ref_Key'])[0]).join('');

	it('orders by anything, by Ref_Key as people read the reference', async () => {
		expect(await keys('$orderby=СуммаПредоплатыДоОтгрузки desc')).toBe('cba');
		for (const [ref, Number] of [[A, '3'], [B, '1'], [C, '2']] as const) sim.patch(ORDER, ref, { Number });
		expect(await keys('$orderby=Ref_Key')).toBe('bca');
		expect(await keys('$orderby=Контрагент/ИНН desc,Date desc')).toBe('acb');
		expect(await refused(sim, 'GET', `${ORDERS}?$orderby=Нет`)).toBe('400/6');
	});

	it('skips before it tops, and counts all of them', async () => {
		expect(await keys('$orderby=Date&$skip=1&$top=1')).toBe('b');
		expect(await refused(sim, 'GET', `${ORDERS}?$top=many`)).toBe('400/14');
		const counted = await call(sim, 'GET', `${ORDERS}?$top=0&$inlinecount=allpages&$select=Ref_Key`);
		expect(counted.json).toEqual({ 'odata.count': '3', value: [] });
	});

	it('promises no order without $orderby: each answer begins elsewhere', async () => {
		sim.switches.rotateUnordered = true;
		const pages = [await keys('$top=1'), await keys('$skip=1&$top=1'), await keys('$skip=2&$top=1')].join('');
		expect(new Set(pages).size).toBeLessThan(3);
		expect(await keys('$orderby=Date')).toBe('abc');
	});

	it('ignores $orderby on registers of recorders, unknown fields too', async () => {
		expect((await call(sim, 'GET', `/${SUMS}?$orderby=Нет desc`)).status).toBe(200);
		expect((await call(sim, 'GET', `/${SUMS}_RecordType?$orderby=Нет desc`)).status).toBe(200);
	});

	it('runs out of memory over a selection of record sets, whatever $top says', async () => {
		sim.switches.memoryRows = 1;
		for (const ref of [A, B]) sim.base.store.setRecords(SUMS, { set: ORDER, ref, period: '2026-10-01T12:00:00' }, [{ СуммаБезНДС: 1 }]);
		const answer = await call(sim, 'GET', `/${SUMS}?$top=1`);
		expect(answer).toMatchObject({ status: 500, json: { exception: { inner: { descr: expect.stringContaining('Недостаточно памяти') as string } } } });
		expect((await call(sim, 'GET', `${ORDERS}?$top=1`)).status).toBe(200);
		expect((await call(sim, 'GET', ORDERS)).status).toBe(500);
	});
});

it.each(['$expan=Контрагент', '$search=x', '$apply=x', '$batch=1'])('refuses the unknown option %s with code 0', async (option) => {
	expect(await refused(sim, 'GET', `${ORDERS}?${option}`)).toBe('400/0');
});

it('hides rows of others: refused as a whole, or left out with allowedOnly', async () => {
	sim.switches.hiddenRows = { [ORDER]: [B] };
	expect(await refused(sim, 'GET', ORDERS)).toBe('401/20');
	expect(await refused(sim, 'GET', `${ORDERS}(guid'${B}')`)).toBe('401/20');
	expect(await rows(sim, `${ORDERS}?allowedOnly=true`)).toHaveLength(2);
	expect(await rows(sim, `${ORDERS}?$filter=СуммаПредоплатыДоОтгрузки eq 100`)).toHaveLength(1);
});
