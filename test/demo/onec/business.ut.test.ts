// Proves the business of the simulated УТ: numbers, checks at posting, movements, shipments and payments to the kopeck.
import Big from 'big.js';
import fc from 'fast-check';
import type { Row } from '../../../demo/simulators/onec';
import { administer, enter } from '../../../demo/simulators/onec/desk';
import { type Base, SETS, SHIPMENT, base, customer, must, order, recordsOf, refusal } from './business';

const ORDER = SETS.ut.order;
const PAYMENT = SETS.ut.payment;
let where: Base;
let clean = '';

beforeAll(async () => {
	where = await base('ut');
	clean = where.sim.snapshot();
});
afterEach(() => where.sim.restore(clean));
afterAll(() => where.sim.stop());

const lines = (row: Row): Row[] => row['Товары'] as Row[];
const ref = (row: Row): string => String(row['Ref_Key']);
const balance = (register: string, resource: string): Record<string, number> => {
	const sums: Record<string, number> = {};
	for (const row of where.sim.records(`${register}_RecordType`)) {
		const item = String(row['Номенклатура_Key'] ?? row['ЗаказКлиента']);
		sums[item] = new Big(sums[item] ?? 0).plus(new Big(Number(row[resource])).times(row['RecordType'] === 'Receipt' ? 1 : -1)).toNumber();
	}
	return sums;
};

describe('numbers', () => {
	it('carry the organization’s and the base’s prefix, and count by year', () => {
		expect(order(where, [['W-1', 1]])['Number']).toBe('ТДЦБ-000001');
		expect(order(where, [['W-1', 1]])['Number']).toBe('ТДЦБ-000002');
		expect(order(where, [['W-1', 1]], { Date: '2027-01-02T09:00:00' })['Number']).toBe('ТДЦБ-000001');
	});

	it('step over one that somebody used, and one given twice is refused', () => {
		order(where, [['W-1', 1]], { Number: 'ТДЦБ-000001' });
		expect(order(where, [['W-1', 1]])['Number']).toBe('ТДЦБ-000002');
		expect(refusal(() => order(where, [['W-1', 1]], { Number: 'ТДЦБ-000002' }))).toBe('Значение поля "Номер" не уникально (ТДЦБ-000002)');
	});

	it('are zeros without an organization', () => {
		expect(where.sim.insert(ORDER, {})['Number']).toBe('00ЦБ-000001');
	});
});

describe('writing an order', () => {
	it('recalculates the header from the rows, not the rows themselves', () => {
		const row = where.sim.insert(ORDER, { СуммаДокумента: 999, Товары: [{ LineNumber: '1', Сумма: 10, СуммаНДС: 1, СуммаСНДС: 11 }, { LineNumber: '2', Сумма: 5, СуммаСНДС: 0.1 }, { LineNumber: '3', СуммаСНДС: 100, Отменено: true }] });
		expect(row['СуммаДокумента']).toBe(11.1);
		expect(lines(row).map((line) => line['Сумма'])).toEqual([10, 5, 0]);
	});

	it('gives every row a code that is never used again, and an identity', () => {
		const first = where.sim.insert(ORDER, { Товары: [{ LineNumber: '1' }, { LineNumber: '2' }] });
		expect(lines(first).map((line) => line['КодСтроки'])).toEqual(['1', '2']);
		expect(new Set(lines(first).map((line) => line['ИдентификаторСтроки'])).size).toBe(2);
		const second = where.sim.patch(ORDER, ref(first), { Товары: [{ ...lines(first)[1], LineNumber: '1' }, { LineNumber: '2' }] });
		expect(lines(second).map((line) => line['КодСтроки'])).toEqual(['2', '3']);
		expect(second['МаксимальныйКодСтроки']).toBe('3');
	});

	it('does not check what is missing', () => {
		expect(where.sim.insert(ORDER, {})['Posted']).toBe(false);
	});
});

describe('posting an order', () => {
	it('names every field and column that is missing, and changes nothing', () => {
		const row = where.sim.insert(ORDER, { Статус: 'КОбеспечению', НалогообложениеНДС: '', Товары: [{ LineNumber: '1', ВариантОбеспечения: 'КОбеспечению', Количество: 1 }] });
		const text = refusal(() => where.sim.post(ORDER, ref(row)));
		expect(text.split('\n')).toEqual([
			`Не удалось провести "Заказ клиента ${String(row['Number'])} от 01.10.2026 12:00:00"!`,
			'Поле "Организация" не заполнено',
			'Поле "Клиент" не заполнено',
			'Поле "Контрагент" не заполнено',
			'Поле "Валюта" не заполнено',
			'Поле "Склад" не заполнено',
			'Поле "Налогообложение" не заполнено',
			'Не заполнена колонка "Номенклатура" в строке 1 списка "Товары"',
			'Не заполнена колонка "Ставка НДС" в строке 1 списка "Товары"',
		]);
		expect(must(where.sim, ORDER, ref(row))).toEqual(row);
		expect(recordsOf(where.sim, 'AccumulationRegister_ЗаказыКлиентов', ref(row))).toEqual([]);
	});

	it('needs rows', () => {
		expect(refusal(() => order(where, []))).toContain('Не введено ни одной строки в список "Товары"');
	});

	it('refuses a counterparty of another client', () => {
		const other = where.sim.records('Catalog_Партнеры')[0]?.['Ref_Key'] ?? '';
		expect(refusal(() => order(where, [['W-1', 1]], { Партнер_Key: other }))).toContain('Контрагент "Вектор АО" не принадлежит выбранному клиенту');
	});

	it('needs an agreement where the base says so', () => {
		administer({ base: where.sim.base }, { agreementRequired: 'yes' });
		expect(refusal(() => order(where, [['W-1', 1]]))).toContain('Поле "Соглашение" не заполнено');
		const agreement = where.sim.records('Catalog_СоглашенияСКлиентами')[0]?.['Ref_Key'] ?? '';
		expect(order(where, [['W-1', 1]], { Соглашение_Key: agreement })['Posted']).toBe(true);
	});

	it('records nothing for an order that is not agreed', () => {
		const row = order(where, [['W-1', 3]], { Статус: 'НеСогласован' });
		expect(row['Posted']).toBe(true);
		expect(recordsOf(where.sim, 'AccumulationRegister_ЗаказыКлиентов', ref(row))).toEqual([]);
	});

	it('records what was ordered, as the captured packets show it', () => {
		const row = order(where, [['W-1', 3], ['W-2', 2, 10]]);
		const written = recordsOf(where.sim, 'AccumulationRegister_ЗаказыКлиентов', ref(row));
		expect(written.map(({ Заказано, Сумма, КодСтроки, RecordType, ЗаказКлиента, ЗаказКлиента_Type, Period }) => ({ Заказано, Сумма, КодСтроки, RecordType, own: ЗаказКлиента === ref(row), ЗаказКлиента_Type, Period }))).toEqual([
			{ Заказано: 3, Сумма: 330, КодСтроки: '1', RecordType: 'Receipt', own: true, ЗаказКлиента_Type: 'StandardODATA.Document_ЗаказКлиента', Period: '2026-10-01T12:00:00' },
			{ Заказано: 2, Сумма: 39.58, КодСтроки: '2', RecordType: 'Receipt', own: true, ЗаказКлиента_Type: 'StandardODATA.Document_ЗаказКлиента', Period: '2026-10-01T12:00:00' },
		]);
		expect(recordsOf(where.sim, 'InformationRegister_СуммыДокументовВВалютахУчета', ref(row)).map((r) => [r['СуммаБезНДС'], r['СуммаНДС'], r['СуммаБезНДСРегл']])).toEqual([[300, 30, 28920], [35.98, 3.6, 3468.47]]);
	});

	it('is refused for a marked document, and a posted one cannot be marked', () => {
		const row = order(where, [['W-1', 1]]);
		expect(refusal(() => where.sim.patch(ORDER, ref(row), { DeletionMark: true }))).toContain('Нельзя пометить на удаление проведенный документ');
		where.sim.unpost(ORDER, ref(row));
		where.sim.patch(ORDER, ref(row), { DeletionMark: true });
		expect(refusal(() => where.sim.post(ORDER, ref(row)))).toContain('Помеченный на удаление документ не может быть проведен');
	});
});

describe('a closed period', () => {
	beforeEach(() => administer({ base: where.sim.base }, { closedUntil: '2026-09-30' }));

	it('refuses writing by the new date and by the old one, posting, and unposting', () => {
		const before = order(where, [['W-1', 1]]);
		expect(refusal(() => where.sim.insert(ORDER, { Date: '2026-09-30T23:59:59' }))).toContain('запрещены датой запрета 30.09.2026');
		expect(refusal(() => where.sim.patch(ORDER, ref(before), { Date: '2026-09-01T00:00:00' }))).toContain('запрещены датой запрета');
		administer({ base: where.sim.base }, { closedUntil: '2026-10-01' });
		expect(refusal(() => where.sim.patch(ORDER, ref(before), { Date: '2026-10-02T00:00:00' }))).toBe(`Изменения документа "Заказ клиента ${String(before['Number'])} от 01.10.2026 12:00:00" запрещены датой запрета 01.10.2026 (общая дата запрета изменения).`);
		expect(refusal(() => where.sim.unpost(ORDER, ref(before)))).toContain('запрещены датой запрета');
		expect(must(where.sim, ORDER, ref(before))).toEqual(before);
	});

	it('leaves later documents and catalogs alone', () => {
		expect(order(where, [['W-1', 1]])['Posted']).toBe(true);
		expect(where.sim.insert('Catalog_Партнеры', { Description: 'Новый' })['Code']).toMatch(/^ЦБ-\d{8}$/);
	});
});

describe('shipping', () => {
	it('takes everything that is open, once', () => {
		const row = order(where, [['W-1', 10], ['W-2', 3, 10], ['SER1', 2]]);
		const shipment = must(where.sim, SHIPMENT, where.sim.ship(ref(row)));
		expect(shipment).toMatchObject({ Posted: true, Статус: 'Отгружено', ЗаказКлиента: ref(row), ЗаказКлиента_Type: 'StandardODATA.Document_ЗаказКлиента', СуммаДокумента: row['СуммаДокумента'], Number: 'ТД00-000001' });
		expect(balance('AccumulationRegister_ЗаказыКлиентов', 'Заказано')).toEqual(Object.fromEntries(lines(row).map((line) => [line['Номенклатура_Key'], 0])));
		expect(recordsOf(where.sim, 'AccumulationRegister_ТоварыНаСкладах', ref(shipment)).map((r) => [r['RecordType'], r['ВНаличии']])).toEqual([['Expense', 10], ['Expense', 3]]);
		expect(refusal(() => where.sim.ship(ref(row)))).toContain('нечего отгружать');
	});

	it.each([['Отгрузить', 4], ['КОбеспечению', 0]])('of rows marked %s takes %d off what was released', (supply, released) => {
		const row = order(where, [['W-1', 4]], { Товары: [{ Номенклатура_Key: where.products['W-1'] ?? '', Количество: 4, ВариантОбеспечения: supply }] });
		const shipment = where.sim.ship(ref(row));
		expect([ref(row), shipment].map((of) => recordsOf(where.sim, 'AccumulationRegister_ЗаказыКлиентов', of)[0]?.['КОформлению'])).toEqual([released, released]);
		expect(recordsOf(where.sim, 'AccumulationRegister_ТоварыКОтгрузке', ref(row)).map((r) => r['КОтгрузке'])).toEqual(released ? [released] : []);
	});

	it('writes the captured registers, whole record sets of one document', () => {
		const shipment = where.sim.ship(ref(order(where, [['W-1', 1]])));
		const registers = ['InformationRegister_СуммыДокументовВВалютахУчета', 'AccumulationRegister_ВыручкаИСебестоимостьПродаж', 'AccumulationRegister_ЗаказыКлиентов', 'AccumulationRegister_ТоварыОрганизаций', 'AccumulationRegister_СебестоимостьТоваров'];
		for (const register of registers) expect([register, recordsOf(where.sim, register, shipment).length]).toEqual([register, 1]);
	});

	it('in parts adds up to the order, to the kopeck, whatever the parts', () => {
		const line = fc.record({ code: fc.constantFrom('W-1', 'W-2', 'W-3', 'W-4', 'SER1'), quantity: fc.integer({ min: 1, max: 30 }), discount: fc.integer({ min: 0, max: 3_000 }) });
		fc.assert(
			fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }), (wanted, parts) => {
				where.sim.restore(clean);
				const row = order(where, wanted.map(({ code, quantity, discount }) => [code, quantity, discount / 100] as const));
				const open = new Map(lines(row).map((l) => [String(l['LineNumber']), Number(l['Количество'])]));
				for (const size of parts) {
					const take = Object.fromEntries([...open].flatMap(([n, left]) => (left > size ? [[n, String(size)]] : [])));
					if (Object.keys(take).length === 0) continue;
					where.sim.ship(ref(row), take);
					for (const [n, quantity] of Object.entries(take)) open.set(n, (open.get(n) ?? 0) - Number(quantity));
				}
				where.sim.ship(ref(row));
				const shipped = where.sim.records(SHIPMENT).flatMap(lines);
				for (const field of ['Количество', 'Сумма', 'СуммаНДС', 'СуммаСНДС']) {
					const sum = (rows: Row[]): string => rows.reduce((all, one) => all.plus(Number(one[field])), new Big(0)).toString();
					expect([field, sum(shipped)]).toEqual([field, sum(lines(row))]);
				}
				expect(Object.values(balance('AccumulationRegister_ЗаказыКлиентов', 'Заказано')).every((left) => left === 0)).toBe(true);
			}),
			{ numRuns: 25 },
		);
	});

	it('of more than was ordered is refused, and so are an order below what left and its unposting', () => {
		const row = order(where, [['W-1', 5]]);
		where.sim.ship(ref(row), { '1': '4' });
		expect(refusal(() => where.sim.ship(ref(row), { '1': '2' }))).toContain(`"Widget": превышено количество по заказу клиента ${String(row['Number'])} на 1`);
		where.sim.patch(ORDER, ref(row), { Товары: [{ ...lines(row)[0], Количество: 3 }] });
		expect(refusal(() => where.sim.post(ORDER, ref(row)))).toContain('По строке 1 отгружено больше, чем заказано: на 1');
		expect(refusal(() => where.sim.unpost(ORDER, ref(row)))).toContain('По заказу оформлена реализация');
	});

	it('of more than there is is refused only where stock is controlled', () => {
		const row = order(where, [['W-4', 501]]);
		const before = where.sim.snapshot();
		administer({ base: where.sim.base }, { stockControl: 'yes' });
		expect(refusal(() => where.sim.ship(ref(row)))).toBe('Товар "Server" на складе "Центральный склад": не хватает 1');
		expect(where.sim.records(SHIPMENT)).toEqual([]);
		where.sim.restore(before);
		where.sim.ship(ref(row));
		expect(where.sim.records(SHIPMENT)).toHaveLength(1);
	});

	it('cancelled, leaves an unposted marked document without records, and the goods open again', () => {
		const row = order(where, [['W-1', 5]]);
		const shipment = where.sim.ship(ref(row));
		where.sim.cancelShipment(shipment);
		expect(must(where.sim, SHIPMENT, shipment)).toMatchObject({ Posted: false, DeletionMark: true });
		expect(recordsOf(where.sim, 'AccumulationRegister_ТоварыНаСкладах', shipment)).toEqual([]);
		expect(must(where.sim, SHIPMENT, where.sim.ship(ref(row)))['СуммаДокумента']).toBe(550);
	});
});

describe('paying', () => {
	it('posts a payment that names the order', () => {
		const row = order(where, [['W-1', 5]]);
		const payment = must(where.sim, PAYMENT, where.sim.pay(ref(row), '550.00'));
		expect(payment).toMatchObject({ Posted: true, СуммаДокумента: 550, Контрагент_Key: customer(where) });
		expect(payment['РасшифровкаПлатежа']).toMatchObject([{ Сумма: 550, Заказ: ref(row), Заказ_Type: 'StandardODATA.Document_ЗаказКлиента' }]);
		expect(balance('AccumulationRegister_РасчетыСКлиентами', 'КОплате')).toEqual({ [ref(row)]: 0 });
	});

	it('is refused when the rows do not add up', () => {
		const row = order(where, [['W-1', 5]]);
		const payment = where.sim.pay(ref(row), 10);
		where.sim.patch(PAYMENT, payment, { СуммаДокумента: 11 });
		expect(refusal(() => where.sim.post(PAYMENT, payment))).toContain('Сумма документа (11) не равна сумме расшифровки платежа (10)');
	});

	it('needs a posted order', () => {
		const row = enter(where.sim, ORDER, { Контрагент_Key: customer(where), Товары: [] });
		expect(refusal(() => where.sim.pay(ref(row), 1))).toContain('не проведен');
	});
});
