// Proves an order's amounts to the cent, for any lines: no cent is lost or made by discounts, VAT or 1C's columns. Pure.
import Big from 'big.js';
import fc from 'fast-check';
import '../../seed';
import { type Quote, quoteSchema } from '../../../nodes/core/documents';
import type { Failure } from '../../../nodes/core/failure';
import { computeTotals, proveTotals, rounded, sum } from '../../../nodes/core/money';
import { type AmountRules, amountsOf, netRows, refuseFiner } from '../../../nodes/OneC/onec.order.amounts';
import { chooseRate, type VatRate } from '../../../nodes/OneC/onec.vat.rates';
import { taxNumber, taxText } from '../../../nodes/OneC/onec.vat.number';

const PRECISION = { price: 2, quantity: 3, percent: 2 };
const rules = (more: Partial<AmountRules> = {}): AmountRules => ({ places: 2, precision: PRECISION, vatIncluded: false, discounts: true, ...more });

function document(lines: Array<Record<string, unknown>>, charges: Array<Record<string, unknown>> = []): Quote {
	return quoteSchema.parse({ kind: 'quote', key: 'crm:Quotes:1', number: 'Q1', lines: lines.map((line, i) => ({ key: String(i + 1), code: `P${i}`, quantity: '1', price: '0', ...line })), charges });
}

const cents = (most: number) => fc.integer({ min: 0, max: most }).map((n) => new Big(n).div(100).toFixed(2));
const rate = fc.constantFrom('0', '5', '7', '10', '20', '22');
const aLine = fc.record({
	quantity: fc.integer({ min: 1, max: 50_000 }).map((n) => new Big(n).div(1000).toFixed()),
	// Prices with more decimals than 1C's column among them.
	price: fc.integer({ min: 0, max: 900_000 }).map((n) => new Big(n).div(1000).toFixed()),
	discountPercent: fc.constantFrom(undefined, '0', '10', '12.5', '33.33', '100'),
});

it('keeps the sum of the lines, whatever is taken off the whole document', () => {
	fc.assert(
		fc.property(fc.array(aLine, { minLength: 1, maxLength: 8 }), fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 3 }), (lines, shares) => {
			const taxes = [{ name: 'VAT', rate: '20' }];
			const whole = computeTotals(document(lines.map((line) => ({ ...line, taxes }))).lines, [], 'line').net;
			const charges = shares.map((share) => ({ role: 'discount', amount: rounded(new Big(whole).times(share).div(-100 * shares.length)), taxes }));
			const quote = document(lines.map((line) => ({ ...line, taxes })), charges);
			const rows = netRows(quote, rules());
			expect(rounded(sum(rows.map(({ net }) => net)))).toBe(rounded(new Big(whole).plus(sum(charges.map(({ amount }) => amount)))));
			for (const { net } of rows) expect(new Big(net).gte(0)).toBe(true);
		}),
	);
});

it('shares a discount fairly: nobody bears a cent more than a cent above the exact share', () => {
	fc.assert(
		fc.property(fc.array(cents(100_000), { minLength: 1, maxLength: 10 }), fc.integer({ min: 1, max: 99 }), (prices, percent) => {
			const whole = sum(prices);
			fc.pre(whole.gt(0));
			const off = rounded(whole.times(percent).div(100));
			const rows = netRows(document(prices.map((price) => ({ price })), [{ role: 'discount', amount: new Big(off).times(-1).toFixed() }]), rules());
			rows.forEach(({ net }, i) => {
				const exact = new Big(off).times(prices[i]!).div(whole);
				expect(new Big(prices[i]!).minus(net).minus(exact).abs().lt('0.01000001')).toBe(true);
			});
		}),
	);
});

it('makes rows that 1C itself would work out the same way', () => {
	fc.assert(
		fc.property(aLine, rate, fc.boolean(), fc.boolean(), (line, percent, vatIncluded, discounts) => {
			const [row] = netRows(document([{ ...line, taxes: [{ rate: percent }] }]), rules());
			const made = amountsOf(row!, percent, rules({ vatIncluded, discounts }));
			const gross = new Big(rounded(new Big(line.quantity).times(made.price)));
			// Сумма = Количество × Цена − скидка, wherever there is a column for it.
			if (discounts || made.exact) expect(gross.minus(made.discountAmount).toFixed(2)).toBe(made.amount);
			expect(new Big(made.net).plus(made.vatAmount).toFixed(2)).toBe(made.total);
			expect(made.amount).toBe(vatIncluded ? made.total : made.net);
			expect(made.vatAmount).toBe(rounded(new Big(made.net).times(percent).div(100)));
			// The form would take VAT out of the amount like this: the same to the cent.
			if (vatIncluded) expect(rounded(new Big(made.amount).times(percent).div(new Big(percent).plus(100)))).toBe(made.vatAmount);
			for (const value of [made.price, made.discountAmount]) expect(new Big(value).eq(new Big(value).round(2))).toBe(true);
			expect(new Big(made.discountAmount).gte(0)).toBe(true);
		}),
	);
});

it('proves itself equal to the source where that rounds per line, too', () => {
	fc.assert(
		fc.property(fc.array(fc.tuple(aLine, rate), { minLength: 1, maxLength: 8 }), fc.boolean(), (lines, vatIncluded) => {
			const quote = document(lines.map(([line, percent]) => ({ ...line, taxes: [{ rate: percent }] })));
			const totals = computeTotals(quote.lines, [], 'line');
			const made = netRows(quote, rules()).map((row) => amountsOf(row, row.taxes[0]!.rate, rules({ vatIncluded })));
			const target = { net: rounded(sum(made.map(({ net }) => net))), tax: rounded(sum(made.map(({ vatAmount }) => vatAmount))), total: rounded(sum(made.map(({ total }) => total))) };
			expect(target).toEqual(totals);
			expect(proveTotals({ ...quote, totals }, target, { mode: 'exact' }, 'line').agrees).toBe(true);
		}),
	);
});

it('has one row per line and charge, in their order', () => {
	const rows = netRows(document([{ price: '10' }, { price: '5', role: 'note' }, { price: '3' }], [{ role: 'shipping', amount: '7' }, { role: 'adjustment', amount: '0' }, { role: 'discount', amount: '-1' }]), rules());
	expect(rows.map(({ key, net }) => [key, net])).toEqual([['1', '9.23'], ['3', '2.77'], ['shipping', '7.00']]);
});

describe('refuses in words', () => {
	const refusal = (act: () => unknown): string => {
		try {
			act();
		} catch (error) {
			return (error as Failure).message;
		}
		throw new Error('it was expected to fail');
	};
	it.each([
		['no lines', document([]), /It has no lines/],
		['a quantity that would be rounded', document([{ quantity: '1.0005', price: '1' }]), /1\.0005 of line 1 \(P0\) has more than 3 decimals/],
		['a negative quantity', document([{ quantity: '-2', price: '1' }]), /-2 of line 1 \(P0\) is negative/],
		['a discount of more than there is', document([{ price: '5' }], [{ role: 'discount', amount: '-6' }]), /more than the 5 of the lines/],
		['a discount after tax', document([{ price: '5', taxes: [{ rate: '20' }] }], [{ role: 'discount', amount: '-1' }]), /taken off after tax/],
		['a discount under a tax of its own', document([{ price: '5', taxes: [{ rate: '20' }] }], [{ role: 'discount', amount: '-1', taxes: [{ rate: '10' }] }]), /bears a tax that no line has/],
	])('%s', (_what, quote, says) => {
		expect(refusal(() => netRows(quote, rules()))).toMatch(says);
	});
});

describe('VAT rates', () => {
	const known: VatRate[] = [
		{ value: 'a', name: '20%', rate: '20', without: false },
		{ value: 'b', name: '10%', rate: '10', without: false },
		{ value: 'c', name: '0%', rate: '0', without: false },
		{ value: 'd', name: 'Без НДС', rate: '0', without: true },
		{ value: 'e', name: 'Льготная 10%', rate: '10', without: false },
	];
	const tax = (percent: string, name?: string) => ({ rate: percent, name, code: undefined });
	const choose = (taxes: Array<ReturnType<typeof tax>>, table: Array<{ from: string; to: string }> = [], among = known) => chooseRate(taxes, table, among, 'quote Q1', 'line 1');

	it.each([
		['by its rate', [tax('20', 'VAT')], [], '20%'],
		['by its rate and the plain name where several have it', [tax('10', 'Sales')], [], '10%'],
		['none at all', [], [], 'Без НДС'],
		['taxes that do not apply', [tax('0', 'VAT'), tax('0', 'Service')], [], 'Без НДС'],
		['one that applies among those that do not', [tax('0', 'VAT'), tax('20', 'Sales')], [], '20%'],
		['by the table first', [tax('20', 'VAT')], [{ from: 'VAT 20%', to: '0%' }], '0%'],
		['zero by the table', [tax('0', 'Export')], [{ from: 'export', to: 'c' }], '0%'],
		['a mapped zero beside a real one', [tax('0', 'Export'), tax('20', 'VAT')], [{ from: 'export', to: 'c' }], '20%'],
		['several that the table sends to one', [tax('7', 'State'), tax('3', 'City')], [{ from: 'State', to: '10%' }, { from: 'City', to: 'b' }], '10%'],
	])('chooses %s', (_how, taxes, table, name) => {
		expect(choose(taxes, table).name).toBe(name);
	});

	it.each([
		['several taxes', [tax('7', 'State'), tax('3', 'City')], [], /line 1 has 2 taxes \(State 7 %, City 3 %\)/],
		['several taxes that 1C has', [tax('20', 'VAT'), tax('10', 'Sales')], [], /line 1 has 2 taxes \(VAT 20 %, Sales 10 %\), and a line in 1C has one VAT rate/],
		['several that the table sends to different ones', [tax('7', 'State'), tax('3', 'City')], [{ from: 'State', to: '10%' }, { from: 'City', to: '20%' }], /line 1 has 2 taxes/],
		['two of one rate', [tax('20', 'VAT'), tax('20', 'City')], [], /line 1 has 2 taxes/],
		['an unknown rate', [tax('19', 'MwSt')], [], /MwSt 19 % is not mapped, and 1C has no VAT rate of 19 %.*"20%"/],
		['a table that leads nowhere', [tax('20', 'VAT')], [{ from: 'VAT', to: 'zz' }], /sends "VAT" \(VAT 20 %\) to "zz", which is no VAT rate/],
	])('refuses %s', (_what, taxes, table, says) => {
		expect(() => choose(taxes, table)).toThrow(says);
	});

	it('asks when several fit', () => {
		const twice = [...known.filter(({ value }) => value !== 'b'), { value: 'f', name: 'Пониженная 10%', rate: '10', without: false }];
		expect(() => choose([tax('10')], [], twice)).toThrow(/fits 2 VAT rates in 1C: "Льготная 10%", "Пониженная 10%"/);
	});
});

describe('a currency of more decimals than 1C keeps', () => {
	const dinars = (price: string, total: string) => ({ ...document([{ price }]), totals: { net: total, tax: '0', total } });

	it('is refused where an amount would be rounded, and taken where none would', () => {
		expect(() => refuseFiner(dinars('10.005', '10.005'), 3, 2, 'quote Q1')).toThrow(/^quote Q1: Amounts of its currency have 3 decimals, and 1C keeps 2: line 1 comes to 10\.005\./);
		expect(() => refuseFiner(dinars('10', '10.005'), 3, 2, 'quote Q1')).toThrow(/the total comes to 10\.005/);
		expect(() => refuseFiner(dinars('10.01', '10.01'), 3, 2, 'quote Q1')).not.toThrow();
		expect(() => refuseFiner(dinars('10.005', '10.01'), 2, 2, 'quote Q1')).not.toThrow();
	});
});

it('refuses a negative quantity, whatever its price', () => {
	expect(() => netRows(document([{ quantity: '-1', price: '-10' }]), rules())).toThrow(/The quantity -1 of line 1 \(P0\) is negative.*A return/);
});

describe('tax numbers', () => {
	it.each([
		['7700000016', { inn: '7700000016', kpp: undefined }],
		['7700000016/770001001', { inn: '7700000016', kpp: '770001001' }],
		['ИНН 7700000016 КПП 770001001', { inn: '7700000016', kpp: '770001001' }],
		['ИНН/КПП: 7700000016 / 770001001', undefined],
		['RU7700000016', { inn: '7700000016', kpp: undefined }],
		['500100732259', { inn: '500100732259', kpp: undefined }],
		['7700000016, 7700AB001', { inn: '7700000016', kpp: '7700AB001' }],
		['DE 123456789', { foreign: 'DE 123456789' }],
		['12345', { foreign: '12345' }],
		['  ', {}],
		[undefined, {}],
	])('reads %j', (given, expected) => {
		if (expected === undefined) expect(taxNumber(given)).toMatchObject({ inn: '7700000016' });
		else expect(taxNumber(given)).toEqual(expected);
	});

	it('gives back what it reads', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^\d{10}$/), fc.option(fc.stringMatching(/^\d{9}$/), { nil: undefined }), (inn, kpp) => {
				expect(taxNumber(taxText({ inn, kpp }))).toEqual({ inn, kpp });
			}),
		);
	});
});
