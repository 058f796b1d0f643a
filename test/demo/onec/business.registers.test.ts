// Proves the virtual tables of registers over the wire: balances at a moment, turnovers of an interval, slices, groups.
import Big from 'big.js';
import fc from 'fast-check';
import type { Row } from '../../../demo/simulators/onec';
import { type Base, SETS, base, order } from './business';
import { type JsonObject, call, refused, rows } from './api';

const STOCK = 'AccumulationRegister_ТоварыНаСкладах';
const DAY = 86_400_000;
let where: Base;

beforeAll(async () => {
	where = await base('ut');
});
afterAll(() => where.sim.stop());

const item = (code: string): string => where.products[code] ?? '';
const only = (code: string): string => `Condition='Номенклатура_Key eq guid''${item(code)}'''`;

describe('stock', () => {
	let shipped = '';
	beforeAll(() => {
		const made = order(where, [['W-1', 7]]);
		where.clock.ms += DAY;
		where.sim.ship(String(made['Ref_Key']));
		shipped = new Date(where.clock.ms).toISOString().slice(0, 19);
		where.clock.ms += DAY;
	});

	it('is the balance of all movements, by the dimensions asked for', async () => {
		const answer = await rows(where.sim, `/${STOCK}/Balance(${only('W-1')},Dimensions='Номенклатура,Склад')`);
		expect(answer).toHaveLength(1);
		expect(answer[0]).toMatchObject({ Номенклатура_Key: item('W-1'), ВНаличииBalance: 493, КОтгрузкеBalance: 0 });
		expect(answer[0]).not.toHaveProperty('Характеристика_Key');
	});

	it('at a moment leaves out what happened at that very second', async () => {
		const at = (moment: string): Promise<JsonObject[]> => rows(where.sim, `/${STOCK}/Balance(Period=datetime'${moment}',${only('W-1')},Dimensions='Номенклатура')`);
		expect((await at(shipped))[0]).toMatchObject({ ВНаличииBalance: 500 });
		expect((await at(`${shipped.slice(0, 18)}1`))[0]).toMatchObject({ ВНаличииBalance: 493 });
		expect(await at('2025-01-01T00:00:00')).toEqual([]);
	});

	it('has turnovers that include both ends of the interval', async () => {
		const answer = await rows(where.sim, `/${STOCK}/Turnovers(StartPeriod=datetime'${shipped}',EndPeriod=datetime'${shipped}',Dimensions='Номенклатура')`);
		expect(answer).toEqual([expect.objectContaining({ Номенклатура_Key: item('W-1'), ВНаличииTurnover: -7, ВНаличииReceipt: 0, ВНаличииExpense: 7 })]);
	});

	it('opening plus turnover is closing, for any interval', async () => {
		const start = Date.parse('2026-01-01T00:00:00Z');
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: -2, max: 280 }), fc.integer({ min: 0, max: 30 }), async (from, days) => {
				const [a = '', b = ''] = [start + from * DAY, start + (from + days) * DAY].map((ms) => new Date(ms).toISOString().slice(0, 19));
				const answer = await rows(where.sim, `/${STOCK}/BalanceAndTurnovers(StartPeriod=datetime'${a}',EndPeriod=datetime'${b}')`);
				for (const row of answer) {
					const n = (name: string): Big => new Big(Number(row[name]));
					expect(n('ВНаличииOpeningBalance').plus(n('ВНаличииReceipt')).minus(n('ВНаличииExpense')).eq(n('ВНаличииClosingBalance'))).toBe(true);
					expect(n('ВНаличииReceipt').minus(n('ВНаличииExpense')).eq(n('ВНаличииTurnover'))).toBe(true);
				}
			}),
			{ numRuns: 15 },
		);
	});

	it('falls out of the balance when nothing is left', async () => {
		const made = order(where, [['W-3', 500]]);
		where.sim.ship(String(made['Ref_Key']));
		expect(await rows(where.sim, `/${STOCK}/Balance(${only('W-3')})`)).toEqual([]);
	});
});

it('a record that is switched off counts nowhere', async () => {
	const before = await rows(where.sim, `/${STOCK}/Balance(${only('W-4')},Dimensions='Номенклатура')`);
	const recorder = { set: 'Document_ОприходованиеИзлишковТоваров', ref: '5f8e1c1e-0000-4000-8000-000000000007', period: '2026-02-01T00:00:00' };
	const record = { RecordType: 'Receipt', Номенклатура_Key: item('W-4'), ВНаличии: 5 };
	where.sim.base.store.setRecords(STOCK, recorder, [{ ...record, Active: false }]);
	expect(await rows(where.sim, `/${STOCK}/Balance(${only('W-4')},Dimensions='Номенклатура')`)).toEqual(before);
	where.sim.base.store.setRecords(STOCK, recorder, [record]);
	expect((await rows(where.sim, `/${STOCK}/Balance(${only('W-4')},Dimensions='Номенклатура')`))[0]).toMatchObject({ ВНаличииBalance: 505 });
});

describe('sales, a register without balances', () => {
	it('has turnovers only', async () => {
		const answer = await rows(where.sim, "/AccumulationRegister_ВыручкаИСебестоимостьПродаж/Turnovers(Dimensions='Соглашение')");
		expect(answer).toHaveLength(1);
		expect(answer[0]).toMatchObject({ КоличествоTurnover: 507 });
		expect(answer[0]).not.toHaveProperty('КоличествоReceipt');
	});
});

describe('slices', () => {
	const PRICES = 'InformationRegister_ЦеныНоменклатуры25_RecordType';
	const RATES = 'InformationRegister_КурсыВалют';

	beforeAll(() => {
		const kind = where.sim.records('Catalog_ВидыЦен').find((row) => row['Идентификатор'] === 'ЦенаEUR')?.['Ref_Key'] ?? '';
		for (const [date, price] of [['2026-05-01T00:00:00', 110], ['2026-08-01T00:00:00', 120]] as const) {
			const made = where.sim.insert('Document_УстановкаЦенНоменклатуры', { Date: date, Товары: [{ LineNumber: '1', Номенклатура_Key: item('W-1'), ВидЦены_Key: kind, Цена: price }] });
			where.sim.post('Document_УстановкаЦенНоменклатуры', String(made['Ref_Key']));
		}
		const euro = where.sim.records('Catalog_Валюты').find((row) => row['Description'] === 'EUR')?.['Ref_Key'] ?? '';
		where.sim.base.store.put(RATES, { Period: '2026-06-01T00:00:00', Валюта_Key: euro, Курс: 99, Кратность: '1' });
	});

	it('give the newest price up to a moment, that moment included', async () => {
		const price = async (moment?: string): Promise<unknown> => (await rows(where.sim, `/${PRICES}/SliceLast(${moment ? `Period=datetime'${moment}',` : ''}${only('W-1')})`)).map((row) => row['Цена']);
		expect(await price('2026-04-30T23:59:59')).toEqual([100]);
		expect(await price('2026-05-01T00:00:00')).toEqual([110]);
		expect(await price()).toEqual([120]);
		expect(await price('2025-12-31T23:59:59')).toEqual([]);
	});

	it('give the oldest from a moment on', async () => {
		const answer = await rows(where.sim, `/${PRICES}/SliceFirst(Period=datetime'2026-05-02T00:00:00',${only('W-1')})`);
		expect(answer.map((row) => row['Цена'])).toEqual([120]);
	});

	it('work on a register that is written by hand', async () => {
		const answer = await rows(where.sim, `/${RATES}/SliceLast(Period=datetime'2026-07-01T00:00:00')`);
		expect(answer.map((row) => row['Курс']).sort()).toEqual([1, 12.3, 89.2, 99].sort());
	});

	it('forget the price of an unposted document', async () => {
		const last = where.sim.records('Document_УстановкаЦенНоменклатуры').find((row) => row['Date'] === '2026-08-01T00:00:00');
		where.sim.unpost('Document_УстановкаЦенНоменклатуры', String(last?.['Ref_Key']));
		expect((await rows(where.sim, `/${PRICES}/SliceLast(${only('W-1')})`)).map((row) => row['Цена'])).toEqual([110]);
	});
});

it('an order’s movements are read by their recorder', async () => {
	const made = order(where, [['W-2', 4]]);
	const [set] = await rows(where.sim, `/AccumulationRegister_ЗаказыКлиентов?$filter=Recorder eq cast(guid'${String(made['Ref_Key'])}','${SETS.ut.order}')`);
	expect((set?.['RecordSet'] as JsonObject[]).map((row) => [row['Заказано'], row['LineNumber']])).toEqual([[4, '1']]);
});

it('what an order reserved or released is free again once it left, row by row', async () => {
	const rowsOf = (supply: string): Row[] => [2, 3].map((quantity) => ({ Номенклатура_Key: item('W-2'), Количество: quantity, ВариантОбеспечения: supply }));
	for (const [supply, column] of [['Отгрузить', 'КОтгрузкеBalance'], ['СоСклада', 'ВРезервеBalance']] as const) {
		const ref = String(order(where, [], { Товары: rowsOf(supply) })['Ref_Key']);
		const held = async (): Promise<unknown> => (await rows(where.sim, `/AccumulationRegister_ТоварыКОтгрузке/Balance(${only('W-2')},Dimensions='ДокументОтгрузки,Номенклатура')`)).map((row) => [row['ДокументОтгрузки'] === ref, row[column]]);
		expect(await held()).toEqual([[true, 5]]);
		where.sim.ship(ref, { '1': '2', '2': '1' });
		expect(await held()).toEqual([[true, 2]]);
		where.sim.ship(ref);
		expect(await held()).toEqual([]);
	}
});

it('settlements of an order end at nothing when it is shipped and paid', async () => {
	const made = order(where, [['W-2', 2]]);
	const ref = String(made['Ref_Key']);
	where.sim.ship(ref);
	where.sim.pay(ref, String(made['СуммаДокумента']));
	const left = await rows(where.sim, "/AccumulationRegister_РасчетыСКлиентами/Balance(Dimensions='ЗаказКлиента')");
	expect(left.filter((row) => row['ЗаказКлиента'] === ref)).toEqual([]);
});

describe('journals and tasks', () => {
	it('a journal has a line per document of each kind, as it is now', async () => {
		const made = order(where, [['W-2', 1]]);
		const ref = String(made['Ref_Key']);
		const lines = (): Promise<JsonObject[]> => rows(where.sim, `/DocumentJournal_ДокументыПродажи?$filter=Number eq '${String(made['Number'])}'`);
		expect(await lines()).toEqual([expect.objectContaining({ Ref: ref, Ref_Type: `StandardODATA.${SETS.ut.order}`, Posted: true, СуммаДокумента: 21.99 })]);
		where.sim.unpost(SETS.ut.order, ref);
		expect((await lines())[0]).toMatchObject({ Posted: false });
		where.sim.remove(SETS.ut.order, ref);
		expect(await lines()).toEqual([]);
	});

	it('a started process has a task, and executing that completes it; both by GET, too', async () => {
		const [process] = await rows(where.sim, '/BusinessProcess_Задание');
		const at = `/BusinessProcess_Задание(guid'${String(process?.['Ref_Key'])}')`;
		expect((await call(where.sim, 'POST', `${at}/Start`, { format: '' })).status).toBe(200);
		expect(await refused(where.sim, 'POST', `${at}/Start`)).toBe('500/-1');
		const [task] = await rows(where.sim, '/Task_ЗадачаИсполнителя');
		expect(task).toMatchObject({ Description: 'Проверить новые заказы', Executed: false, BusinessProcess: process?.['Ref_Key'] });
		expect((await call(where.sim, 'GET', `/Task_ЗадачаИсполнителя(guid'${String(task?.['Ref_Key'])}')/ExecuteTask`, { format: '' })).status).toBe(200);
		expect((await rows(where.sim, '/BusinessProcess_Задание'))[0]).toMatchObject({ Started: true, Completed: true });
	});
});
