// Proves the business of the simulated БП: accounts are asked for, every posting balances, invoices know how they are paid.
import Big from 'big.js';
import fc from 'fast-check';
import type { Row } from '../../../demo/simulators/onec';
import { administer } from '../../../demo/simulators/onec/desk';
import type { VirtualCall } from '../../../demo/simulators/onec/store.configuration';
import { type Base, SETS, SHIPMENT, base, customer, must, order, recordsOf, refusal } from './business';

const INVOICE = SETS.bp.order;
const PAYMENT = SETS.bp.payment;
const LEDGER = 'AccountingRegister_Хозрасчетный';
let where: Base;
let clean = '';

beforeAll(async () => {
	where = await base('bp');
	clean = where.sim.snapshot();
});
afterEach(() => where.sim.restore(clean));
afterAll(() => where.sim.stop());

const ref = (row: Row): string => String(row['Ref_Key']);
const account = (code: string): string => ref(where.sim.records('ChartOfAccounts_Хозрасчетный').find((row) => row['Code'] === code) ?? {});
const codeOf = (key: unknown): unknown => must(where.sim, 'ChartOfAccounts_Хозрасчетный', key)['Code'];
const state = (invoice: Row): unknown => where.sim.records('InformationRegister_СтатусыДокументов').find((row) => row['Документ'] === ref(invoice))?.['Статус'];

function virtual(name: string, more: Partial<VirtualCall> = {}): Row[] {
	const call: VirtualCall = { set: LEDGER, name, condition: () => true, dimensions: [], period: undefined, startPeriod: undefined, endPeriod: undefined, arguments: {}, ...more };
	return where.sim.base.configuration.virtual(where.sim.base.store, call);
}

describe('an invoice to a customer', () => {
	it('counts with four digits of prefixes and sums VAT on top', () => {
		const invoice = order(where, [['W-1', 10], ['W-2', 3, 10]]);
		expect(invoice).toMatchObject({ Number: '0000-000001', СуммаДокумента: 1159.37, СуммаВключаетНДС: false, Posted: true });
	});

	it('sums VAT inside when it says so', () => {
		expect(order(where, [['W-1', 10]], { СуммаВключаетНДС: true })['СуммаДокумента']).toBe(1000);
	});

	it('needs a contract of its own counterparty', () => {
		const foreign = where.sim.records('Catalog_ДоговорыКонтрагентов').find((row) => row['Owner_Key'] !== customer(where));
		expect(refusal(() => order(where, [['W-1', 1]], { ДоговорКонтрагента_Key: foreign?.['Ref_Key'] ?? '' }))).toContain('Договор "Основной договор" не принадлежит контрагенту');
		const bare = where.sim.insert(INVOICE, { Товары: [] });
		expect(refusal(() => where.sim.post(INVOICE, ref(bare)))).toContain('Поле "Договор" не заполнено');
	});

	it('makes no entries', () => {
		expect(recordsOf(where.sim, LEDGER, ref(order(where, [['W-1', 1]])))).toEqual([]);
	});

	it('is not paid, partly paid, paid, and not paid again when the payment goes', () => {
		const invoice = order(where, [['W-1', 1]]);
		expect(state(invoice)).toBe('НеОплачен');
		const first = where.sim.pay(ref(invoice), '100');
		expect(state(invoice)).toBe('ОплаченЧастично');
		const second = where.sim.pay(ref(invoice), '10.00');
		expect(state(invoice)).toBe('Оплачен');
		where.sim.unpost(PAYMENT, first);
		where.sim.unpost(PAYMENT, second);
		expect(state(invoice)).toBe('НеОплачен');
	});
});

describe('a shipment', () => {
	it('without the accounts that only the form fills in is refused in words', () => {
		const invoice = order(where, [['W-1', 1]]);
		const sent = where.sim.insert(SHIPMENT, {
			Организация_Key: invoice['Организация_Key'] ?? '',
			Контрагент_Key: invoice['Контрагент_Key'] ?? '',
			ДоговорКонтрагента_Key: invoice['ДоговорКонтрагента_Key'] ?? '',
			ВалютаДокумента_Key: invoice['ВалютаДокумента_Key'] ?? '',
			Склад_Key: invoice['Склад_Key'] ?? '',
			Товары: [{ LineNumber: '1', Номенклатура_Key: where.products['W-1'] ?? '', Количество: 1, Цена: 100, Сумма: 100, СтавкаНДС: 'НДС10', СуммаНДС: 10 }],
		});
		expect(refusal(() => where.sim.post(SHIPMENT, ref(sent))).split('\n')).toEqual([
			`Не удалось провести "Реализация (акт, накладная, УПД) ${String(sent['Number'])} от 01.10.2026 12:00:00"!`,
			'Поле "Счет учета расчетов с контрагентом" не заполнено',
			'Не заполнена колонка "Счет доходов" в строке 1 списка "Товары"',
			'Не заполнена колонка "Счет расходов" в строке 1 списка "Товары"',
			'Не заполнена колонка "Счет учета" в строке 1 списка "Товары"',
			'Не заполнена колонка "Счет учета НДС" в строке 1',
		]);
	});

	it('puts goods and services into their table parts and names its invoice', () => {
		const invoice = order(where, [['W-1', 2], ['SER1', 1]]);
		const shipment = must(where.sim, SHIPMENT, where.sim.ship(ref(invoice)));
		expect((shipment['Товары'] as Row[]).map((row) => row['Номенклатура_Key'])).toEqual([where.products['W-1']]);
		expect((shipment['Услуги'] as Row[]).map((row) => [row['Номенклатура_Key'], row['Содержание'], row['СчетНаОплатуПокупателю_Key']])).toEqual([[where.products['SER1'], 'Install', ref(invoice)]]);
		expect(shipment).toMatchObject({ СчетНаОплатуПокупателю_Key: ref(invoice), СуммаДокумента: invoice['СуммаДокумента'], КурсВзаиморасчетов: 96.4 });
	});

	it('writes cost, revenue and VAT against each other', () => {
		const shipment = where.sim.ship(ref(order(where, [['W-1', 2]])));
		const entries = recordsOf(where.sim, LEDGER, shipment).map((r) => [codeOf(r['AccountDr_Key']), codeOf(r['AccountCr_Key']), r['Сумма'], r['ВалютнаяСуммаDr'], r['КоличествоCr']]);
		expect(entries).toEqual([
			['90.02.1', '41.01', 12000, 0, 2],
			['62.21', '90.01.1', 21208, 220, 0],
			['90.03', '68.02', 1928, 0, 0],
		]);
	});

	it('keeps the ledger balanced and adds up to the invoice, whatever the parts', () => {
		const line = fc.record({ code: fc.constantFrom('W-1', 'W-2', 'W-3', 'SER1'), quantity: fc.integer({ min: 1, max: 20 }), discount: fc.integer({ min: 0, max: 3_000 }) });
		fc.assert(
			fc.property(fc.uniqueArray(line, { minLength: 1, maxLength: 4, selector: (one) => one.code }), fc.integer({ min: 1, max: 9 }), (wanted, size) => {
				where.sim.restore(clean);
				const invoice = order(where, wanted.map(({ code, quantity, discount }) => [code, quantity, discount / 100] as const));
				const rows = invoice['Товары'] as Row[];
				const part = Object.fromEntries(rows.flatMap((row) => (Number(row['Количество']) > size ? [[String(row['LineNumber']), String(size)]] : [])));
				if (Object.keys(part).length > 0) where.sim.ship(ref(invoice), part);
				where.sim.ship(ref(invoice));
				const shipped = where.sim.records(SHIPMENT).flatMap((row) => [...(row['Товары'] as Row[]), ...(row['Услуги'] as Row[])]);
				for (const field of ['Количество', 'Сумма', 'СуммаНДС']) {
					const sum = (list: Row[]): string => list.reduce((all, one) => all.plus(Number(one[field])), new Big(0)).toString();
					expect([field, sum(shipped)]).toEqual([field, sum(rows)]);
				}
				const balance = virtual('Balance').reduce((all, row) => all.plus(Number(row['СуммаBalance'])), new Big(0));
				expect(balance.toString()).toBe('0');
			}),
			{ numRuns: 20 },
		);
	});

	it('of more than there is is refused where stock is controlled', () => {
		administer({ base: where.sim.base }, { stockControl: 'yes' });
		expect(refusal(() => where.sim.ship(ref(order(where, [['W-4', 501]]))))).toContain('"Server": не хватает 1');
	});

	it('cancelled, takes its entries back', () => {
		const invoice = order(where, [['W-1', 2]]);
		const shipment = where.sim.ship(ref(invoice));
		where.sim.cancelShipment(shipment);
		expect(recordsOf(where.sim, LEDGER, shipment)).toEqual([]);
		expect(must(where.sim, SHIPMENT, shipment)['DeletionMark']).toBe(true);
		expect(must(where.sim, SHIPMENT, where.sim.ship(ref(invoice)))['СуммаДокумента']).toBe(220);
	});
});

describe('the ledger’s tables', () => {
	const figures = (rows: Row[], column: string): Record<string, unknown> => Object.fromEntries(rows.map((row) => [String(codeOf(row['Account_Key'])), row[column]]));

	beforeEach(() => {
		const invoice = order(where, [['W-1', 2]]);
		where.clock.ms += 86_400_000;
		where.sim.ship(ref(invoice));
		where.clock.ms += 86_400_000;
		where.sim.pay(ref(invoice), '20');
		where.clock.ms -= 2 * 86_400_000;
	});

	it('show a balance on its side, in both currencies', () => {
		const [row] = virtual('Balance', { arguments: { AccountCondition: "Account/Code eq '62.21'" } });
		expect(row).toMatchObject({ СуммаBalance: 19280, СуммаBalanceDr: 19280, СуммаBalanceCr: 0, ВалютнаяСуммаBalance: 200 });
		const [revenue] = virtual('Balance', { arguments: { AccountCondition: `Account_Key eq guid'${account('90.01.1')}'` } });
		expect(revenue).toMatchObject({ СуммаBalance: -21208, СуммаBalanceDr: 0, СуммаBalanceCr: 21208 });
	});

	it('leave a moment’s own records out of its balance and an interval’s ends in', () => {
		expect(Object.keys(figures(virtual('Balance', { period: '2026-10-02T12:00:00' }), 'СуммаBalance'))).toEqual(['41.01', '000']);
		expect(figures(virtual('Turnovers', { startPeriod: '2026-10-02T12:00:00', endPeriod: '2026-10-02T12:00:00' }), 'СуммаTurnover')).toEqual({ '90.02.1': 12000, '41.01': -12000, '62.21': 21208, '90.01.1': -21208, '90.03': 1928, '68.02': -1928 });
	});

	it('tie opening, turnover and closing together', () => {
		for (const row of virtual('BalanceAndTurnovers', { startPeriod: '2026-10-03T00:00:00', endPeriod: '2026-10-04T00:00:00' })) {
			expect(new Big(Number(row['СуммаOpeningBalance'])).plus(Number(row['СуммаTurnover'])).toNumber()).toBe(row['СуммаClosingBalance']);
		}
	});

	it('group by the analytics asked for', () => {
		const rows = virtual('Balance', { dimensions: ['ExtDimension1'], arguments: { AccountCondition: "startswith(Account/Code,'41')" } });
		expect(rows.map((row) => [row['ExtDimension1_Type'], row['КоличествоBalance']])).toEqual([498, 500, 500, 500].map((n) => ['StandardODATA.Catalog_Номенклатура', n]));
	});

	it('give records with their analytics, an enum member by its name', () => {
		const rows = virtual('RecordsWithExtDimensions', { condition: (row) => row['AccountCr_Key'] === account('90.01.1') });
		expect(rows.map((row) => [row['ExtDimensionDr1'], row['ExtDimensionCr2'], row['ExtDimensionCr2_Type']])).toEqual([[customer(where), 'НДС10', 'StandardODATA.СтавкиНДС']]);
	});

	it('refuse a condition they cannot read', () => {
		expect(refusal(() => virtual('Balance', { arguments: { AccountCondition: 'Счёт ровно 62' } }))).toContain('AccountCondition');
	});
});
