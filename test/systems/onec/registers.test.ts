// Proves registers: slices, balances, turnovers and single records as they are asked for, and records written, replaced
// and deleted by their key.
import { segmentsOf } from '../../../nodes/OneC/onec.wire';
import { client, order } from './desk';
import { only, type Run, runner } from './acting';
import { failureOf, type Setting, setUp } from './setting';

const PRICES = 'InformationRegister_ЦеныНоменклатуры25';
const STOCK = 'AccumulationRegister_ТоварыНаСкладах';
const RATES = 'InformationRegister_КурсыВалют';
const BARCODES = 'InformationRegister_ШтрихкодыНоменклатуры';
const STATES = 'InformationRegister_СтатусыДокументов';

describe('registers of ut', () => {
	let setting: Setting;
	let run: Run;
	let asked: string[];
	beforeEach(async () => {
		setting = await setUp();
		asked = [];
		run = runner(setting, { timeZone: 'Europe/Moscow' }, async (request, send) => {
			asked.push(decodeURIComponent(request.path));
			return await send(request);
		});
	});
	afterEach(async () => await setting.stop());
	const writes = (): string[] => setting.calls().filter((call) => !call.startsWith('GET'));
	const currency = (code: string): string => String(setting.sim.records('Catalog_Валюты').find(({ Description }) => Description === code)!.Ref_Key);

	it('a slice of a register that documents write is asked of its records, with the condition quoted', async () => {
		const rows = await run('sliceLast', { register: PRICES, condition: `Номенклатура_Key eq guid'${setting.products['W-1']}'`, period: '2026-06-01T12:00:00+03:00' });
		expect(rows.length).toBeGreaterThan(0);
		expect(rows.every(({ json }) => json.Номенклатура_Key === setting.products['W-1'])).toBe(true);
		const path = asked.find((one) => one.includes('SliceLast'))!;
		expect(segmentsOf(path)).toEqual([`${PRICES}_RecordType`, `SliceLast(Period=datetime'2026-06-01T12:00:00',Condition='Номенклатура_Key eq guid''${setting.products['W-1']}''')`]);
		expect(await run('sliceLast', { register: `${PRICES}_RecordType`, condition: `Номенклатура_Key eq guid'${setting.products['W-1']}'` })).toEqual(rows);
		expect(await run('sliceFirst', { register: PRICES, period: '2001-01-01', limit: 3 })).toHaveLength(3);
		expect(await run('sliceLast', { register: PRICES, period: '2001-01-01' })).toEqual([]);
	});

	it('a time with a zone is the infobase\'s wall clock, one without stays', async () => {
		await run('sliceLast', { register: RATES, period: '2026-06-01T23:30:00Z' });
		await run('sliceLast', { register: RATES, period: '2026-06-01' });
		expect(asked.filter((path) => path.includes('SliceLast'))).toEqual([`/${RATES}/SliceLast(Period=datetime'2026-06-02T02:30:00')`, `/${RATES}/SliceLast(Period=datetime'2026-06-01T00:00:00')`]);
		expect(await failureOf(run('sliceLast', { register: RATES, period: 'вчера' }))).toMatchObject({ kind: 'rejected' });
		expect(await failureOf(run('sliceLast', { register: RATES, period: '2026-02-30' }))).toMatchObject({ kind: 'rejected' });
	});

	it('a condition that is too long for the path goes into the query', async () => {
		const condition = Object.values(setting.products).map((id) => `Номенклатура_Key eq guid'${id}'`).join(' or ');
		expect(condition.length).toBeGreaterThan(255);
		expect((await run('sliceLast', { register: PRICES, condition })).length).toBeGreaterThanOrEqual(4);
	});

	it('a balance is grouped by dimensions, named with or without their ending', async () => {
		const wanted = { condition: `Номенклатура_Key eq guid'${setting.products['W-1']}'` };
		const [row] = await run('balance', { register: STOCK, dimensions: 'Номенклатура_Key, Склад', ...wanted });
		expect(row!.json).toMatchObject({ Номенклатура_Key: setting.products['W-1'], ВНаличииBalance: expect.any(Number) as number });
		expect(Object.keys(row!.json).some((name) => name.startsWith('Характеристика'))).toBe(false);
		expect(asked.find((path) => path.includes('Balance('))).toContain("Dimensions='Номенклатура,Склад'");
		expect(await run('balance', { register: STOCK, dimensions: ['Номенклатура', 'Склад'], ...wanted })).toEqual([row]);
		expect(await run('balance', { register: STOCK, period: '2001-01-01', ...wanted })).toEqual([]);
	});

	it('turnovers take two dates; what is chosen and filtered of them is optional', async () => {
		const document = order(setting, client(setting, 'Turnover'), [['W-1', 2, 10]]);
		setting.sim.ship(document);
		const wanted = { condition: `Номенклатура_Key eq guid'${setting.products['W-1']}'`, dimensions: 'Номенклатура', periodFrom: '2026-11-01', periodTo: '2026-12-01' };
		expect(await run('turnovers', { register: STOCK, ...wanted })).toMatchObject([{ json: { ВНаличииExpense: 2 } }]);
		const [both] = await run('balanceAndTurnovers', { register: STOCK, ...wanted, options: { select: 'ВНаличииOpeningBalance, ВНаличииClosingBalance' } });
		expect(Object.keys(both!.json).sort()).toEqual(['ВНаличииClosingBalance', 'ВНаличииOpeningBalance']);
		expect(Number(both!.json.ВНаличииOpeningBalance) - Number(both!.json.ВНаличииClosingBalance)).toBe(2);
		expect(asked.some((path) => path.includes("StartPeriod=datetime'2026-11-01T00:00:00',EndPeriod=datetime'2026-12-01T00:00:00'"))).toBe(true);
	});

	it('single records are read by period, from the set of records', async () => {
		const all = await run('registerRead', { register: STOCK, returnAll: true });
		expect(all.length).toBeGreaterThanOrEqual(4);
		expect(all.every(({ json }) => json.LineNumber !== undefined && json.RecordSet === undefined)).toBe(true);
		expect(await run('registerRead', { register: STOCK, limit: 2 })).toHaveLength(2);
		expect(await run('registerRead', { register: STOCK, periodTo: '2001-01-01' })).toEqual([]);
		expect(await run('registerRead', { register: STOCK, periodFrom: '2001-01-01', filter: `Номенклатура_Key eq guid'${setting.products['W-2']}'` })).not.toEqual([]);
	});

	it('what is no register, or has no such table, is told', async () => {
		expect(await failureOf(run('balance', { register: 'Catalog_Валюты' }))).toMatchObject({ kind: 'rejected' });
		const failure = await failureOf(run('balance', { register: RATES }));
		expect(failure.kind).toBe('rejected');
		expect(failure.message).toMatch(/Метод не найден/);
		expect((await failureOf(run('sliceLast', { register: PRICES, condition: "Номенклатура_Key+eq+guid'1'" }))).message).toMatch(/as in an address/);
	});

	describe('a record', () => {
		const rate = (value: number): Record<string, unknown> => ({ Period: '2026-11-20', Валюта_Key: currency('USD'), Курс: value, Кратность: 1 });

		it('is created, replaced by the same key, left when nothing differs', async () => {
			expect(await only(run('registerWrite', { register: RATES, records: JSON.stringify(rate(91.5)) }))).toMatchObject({ outcome: 'created', Курс: 91.5 });
			expect(await only(run('registerWrite', { register: RATES, records: [rate(92.25)] }))).toMatchObject({ outcome: 'updated' });
			setting.sim.server.resetCalls();
			const same = await only(run('registerWrite', { register: RATES, records: rate(92.25) }));
			expect(same.outcome).toBe('unchanged');
			expect(writes()).toEqual([]);
			expect(setting.sim.records(RATES).filter(({ Валюта_Key, Period }) => Валюта_Key === currency('USD') && String(Period).startsWith('2026-11-20'))).toMatchObject([{ Курс: 92.25 }]);
			expect(same.key).toBe(`Period=datetime'2026-11-20T00:00:00',Валюта_Key=guid'${currency('USD')}'`);
		});

		it('is written once when the answer is lost', async () => {
			setting.sim.server.plan({ at: (call) => call.operation === `POST ${RATES}`, kind: 'reset-after' });
			expect(await only(run('registerWrite', { register: RATES, records: rate(91.5) }))).toMatchObject({ outcome: 'created' });
			expect(setting.sim.records(RATES).filter(({ Period }) => String(Period).startsWith('2026-11-20'))).toHaveLength(1);
		});

		it('without a dimension, or with an unknown column, is refused before sending', async () => {
			setting.sim.server.resetCalls();
			expect((await failureOf(run('registerWrite', { register: RATES, records: { Period: '2026-11-20', Курс: 1 } }))).message).toMatch(/needs Валюта_Key/);
			expect((await failureOf(run('registerWrite', { register: RATES, records: { ...rate(1), Ставка: 1 } }))).message).toMatch(/no property "Ставка"/);
			expect(await failureOf(run('registerWrite', { register: STOCK, records: rate(1) }))).toMatchObject({ kind: 'rejected' });
			expect(writes()).toEqual([]);
		});

		it('is deleted by its key, given twice', async () => {
			const { key } = await only(run('registerWrite', { register: RATES, records: rate(91.5) }));
			expect((await failureOf(run('registerDelete', { register: RATES, recordKey: key, confirmation: 'yes' }))).message).toMatch(/Nothing was deleted/);
			expect(await failureOf(run('registerDelete', { register: RATES, recordKey: 'USD', confirmation: 'USD' }))).toMatchObject({ kind: 'rejected', advice: expect.stringContaining('Period, Валюта_Key') as string });
			setting.sim.server.plan({ at: (call) => call.operation === `DELETE ${RATES}`, kind: 'reset-after' });
			expect(await only(run('registerDelete', { register: RATES, recordKey: key, confirmation: String(key).replace(',', ', ') }))).toMatchObject({ deleted: true });
			expect(setting.sim.records(RATES).filter(({ Period }) => String(Period).startsWith('2026-11-20'))).toEqual([]);
			expect(await failureOf(run('registerDelete', { register: RATES, recordKey: key, confirmation: key }))).toMatchObject({ kind: 'missing' });
		});

		it('with a text for a key may hold quotes and letters of any kind', async () => {
			const record = { Штрихкод: "46'07ё №1", Номенклатура_Key: setting.products['W-1'] };
			const { key } = await only(run('registerWrite', { register: BARCODES, records: record }));
			expect(await only(run('registerWrite', { register: BARCODES, records: record }))).toMatchObject({ outcome: 'unchanged' });
			expect(await only(run('registerDelete', { register: BARCODES, recordKey: key, confirmation: key }))).toMatchObject({ deleted: true });
		});
	});

	it('all records of one document are written as a set, numbered', async () => {
		const recorder = setting.sim.records(`${PRICES}_RecordType`)[0]!;
		const type = 'Document_УстановкаЦенНоменклатуры';
		const given = { Period: '2026-01-01', Номенклатура_Key: setting.products['W-1'], ВидЦены_Key: recorder.ВидЦены_Key, Валюта_Key: recorder.Валюта_Key, Цена: '123.45' };
		await run('registerWrite', { register: PRICES, records: [given, { ...given, Номенклатура_Key: setting.products['W-2'] }], options: { recorderType: type, recorderId: String(recorder.Recorder_Key) } });
		const kept = setting.sim.records(`${PRICES}_RecordType`).filter(({ Recorder_Key }) => Recorder_Key === recorder.Recorder_Key);
		expect(kept.map(({ LineNumber, Цена }) => [String(LineNumber), Цена])).toEqual([['1', 123.45], ['2', 123.45]]);
		expect((await failureOf(run('registerWrite', { register: PRICES, records: [given] }))).message).toMatch(/"Recorder Type" is empty/);
	});
});

describe('registers of bp', () => {
	let setting: Setting;
	let run: Run;
	beforeEach(async () => {
		setting = await setUp({ profile: 'bp' });
		run = runner(setting);
	});
	afterEach(async () => await setting.stop());

	it('a key with a reference of several types is written with its type', async () => {
		const document = order(setting, client(setting, 'State'), [['W-1', 1, 10]]);
		const organization = String(setting.sim.records('Catalog_Организации')[0]!.Ref_Key);
		const record = { Организация_Key: organization, Документ: document, Документ_Type: 'Document_СчетНаОплатуПокупателю', Статус: 'Оплачен' };
		expect((await failureOf(run('registerWrite', { register: STATES, records: { ...record, Документ_Type: undefined } }))).message).toMatch(/"Документ_Type" is not given/);
		const written = await only(run('registerWrite', { register: STATES, records: record }));
		expect(['created', 'updated']).toContain(written.outcome);
		expect(await only(run('registerWrite', { register: STATES, records: record }))).toMatchObject({ outcome: 'unchanged' });
		expect(String(written.key)).toContain("Документ_Type='StandardODATA.Document_СчетНаОплатуПокупателю'");
	});

	it('an accounting register has balances by account', async () => {
		const goods = String(setting.sim.records('ChartOfAccounts_Хозрасчетный').find(({ Code }) => Code === '41.01')!.Ref_Key);
		const register = 'AccountingRegister_Хозрасчетный';
		const rows = await run('balance', { register, options: { accountCondition: "Account/Code eq '41.01'" } });
		expect(rows).toHaveLength(4);
		expect(rows.every(({ json }) => json.Account_Key === goods && Number(json.КоличествоBalance) > 0)).toBe(true);
		const [whole] = await run('balance', { register, dimensions: 'Организация', options: { accountCondition: "Account/Code eq '41.01'" } });
		expect(whole!.json.КоличествоBalance).toBe(rows.reduce((sum, { json }) => sum + Number(json.КоличествоBalance), 0));
		expect(await run('turnovers', { register, periodFrom: '2001-01-01', periodTo: '2001-02-01' })).toEqual([]);
	});
});
