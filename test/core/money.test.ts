// Proves the arithmetic of documents: decimals, line nets, both ways of rounding taxes, the proof of totals.
import Big from 'big.js';
import fc from 'fast-check';
import { big, computeTotals, decimalText, lineNet, proveTotals, rounded, sum, taxRate, type RoundingPolicy } from '../../nodes/core/money';
import { anyOrder, anyAmount, charge, line, order, vat } from './sales';

describe('decimalText', () => {
	it.each([
		['1234.50', '1234.5'],
		['+5', '5'],
		['-0', '0'],
		['-0.00', '0'],
		['007.10', '7.1'],
		[' 7 ', '7'],
		[0.005, '0.005'],
		[1234567.89, '1234567.89'],
		[1e21, '1000000000000000000000'],
		[1e-7, '0.0000001'],
		[-0, '0'],
	])('%p is %p', (value, text) => expect(decimalText(value)).toBe(text));

	it.each(['', 'abc', '1,5', '1e3', '.5', '5.', '1 000', 'NaN', Number.NaN, Number.POSITIVE_INFINITY])('%p is none', (value) => expect(decimalText(value)).toBeUndefined());

	it('gives the same text for the same number, however it was written', () => {
		fc.assert(
			fc.property(anyAmount, fc.nat(4), fc.nat(3), (amount, zeros, leading) => {
				const sign = amount.startsWith('-') ? '-' : '';
				const digits = amount.replace('-', '');
				const padded = `${sign}${'0'.repeat(leading)}${digits}${digits.includes('.') ? '' : '.'}${'0'.repeat(zeros + (digits.includes('.') ? 0 : 1))}`;
				expect(decimalText(padded)).toBe(decimalText(amount));
			}),
		);
	});

	it('reads back every number of JavaScript that has cents', () => {
		fc.assert(fc.property(fc.integer({ min: -1e12, max: 1e12 }), (cents) => expect(Number(decimalText(cents / 100))).toBe(cents === 0 ? 0 : cents / 100)));
	});
});

describe('rounded', () => {
	it.each([
		['0.005', 2, '0.01'],
		['-0.005', 2, '-0.01'],
		['-0.004', 2, '0.00'],
		['1.005', 2, '1.01'],
		['1234567.885', 2, '1234567.89'],
		['2.5', 0, '3'],
		['1', 3, '1.000'],
	])('%p to %p places is %p', (value, places, text) => expect(rounded(value, places)).toBe(text));

	it('is never further off than half a step, and stays when repeated', () => {
		fc.assert(
			fc.property(anyAmount, fc.nat(4), (amount, places) => {
				const result = rounded(amount, places);
				expect(new Big(result).minus(amount).abs().lte(new Big(5).div(new Big(10).pow(places + 1)))).toBe(true);
				expect(rounded(result, places)).toBe(result);
			}),
		);
	});
});

describe('lines', () => {
	it('take the percent off', () => expect(lineNet(line({ quantity: '3', price: '33.33', discountPercent: '10' })).toFixed()).toBe('89.991'));
	it('take the amount off, which wins over the percent', () => expect(lineNet(line({ price: '100', discountAmount: '7.5', discountPercent: '50' })).toFixed()).toBe('92.5'));
	it('take a zero amount for no amount', () => expect(lineNet(line({ price: '100', discountAmount: '0', discountPercent: '50' })).toFixed()).toBe('50'));
	it('sum rates of several taxes', () => expect(taxRate([...vat('22'), ...vat('4.5')]).toFixed()).toBe('26.5'));
	it('count what is not given as zero', () => expect([big(undefined), big('')].map((value) => value.toFixed())).toEqual(['0', '0']));
});

describe('computeTotals', () => {
	const five = Array.from({ length: 5 }, (_, i) => line({ key: String(i), price: '0.05', taxes: vat('10') }));

	it('rounds each line: five lines of 0.05 at 10 % are 0.30, as in Odoo 14 to 18', () => {
		expect(computeTotals(five, [], 'line')).toEqual({ net: '0.25', tax: '0.05', total: '0.30' });
	});

	it('rounds the document: the same lines are 0.28, as in Odoo 19', () => {
		expect(computeTotals(five, [], 'document')).toEqual({ net: '0.25', tax: '0.03', total: '0.28' });
	});

	it.each([
		['0.005', { net: '0.01', tax: '0.00', total: '0.01' }],
		['1234567.89', { net: '1234567.89', tax: '271604.94', total: '1506172.83' }],
	])('works out %p at 22 %%', (price, totals) => expect(computeTotals([line({ price, taxes: vat('22') })], [], 'line')).toEqual(totals));

	it('keeps taxes of one rate but another name apart', () => {
		const lines = [line({ price: '0.05', taxes: [{ name: 'A', rate: '10', code: undefined }] }), line({ key: '2', price: '0.05', taxes: [{ name: 'B', rate: '10', code: undefined }] })];
		expect(computeTotals(lines, [], 'document').tax).toBe('0.02');
	});

	it('counts charges with their taxes, discounts being negative', () => {
		const charges = [charge('shipping', '10', vat('22')), charge('discount', '-5', vat('22')), charge('adjustment', '0.01')];
		expect(computeTotals([line({ price: '100', taxes: vat('22') })], charges, 'document')).toEqual({ net: '105.01', tax: '23.10', total: '128.11' });
	});

	it('knows currencies without cents and with three places', () => {
		const lines = [line({ price: '10.4', taxes: vat('10') })];
		expect(computeTotals(lines, [], 'line', 0)).toEqual({ net: '10', tax: '1', total: '11' });
		expect(computeTotals(lines, [], 'line', 3)).toEqual({ net: '10.400', tax: '1.040', total: '11.440' });
	});

	it('adds up, whatever the document and the rounding', () => {
		fc.assert(
			fc.property(anyOrder, fc.constantFrom('line' as const, 'document' as const), ({ lines, charges }, rounding) => {
				const { net, tax, total } = computeTotals(lines, charges, rounding);
				expect(sum([net, tax]).toFixed(2).replace('-0.00', '0.00')).toBe(total);
				expect(net).toBe(rounded(sum([...lines.map((l) => rounded(lineNet(l))), ...charges.map((c) => rounded(c.amount))])));
			}),
		);
	});

	it('differs between the two roundings by less than a cent for each tax of each line', () => {
		fc.assert(
			fc.property(anyOrder, ({ lines, charges }) => {
				const taxes = [...lines, ...charges].reduce((count, part) => count + part.taxes.length, 0);
				const difference = new Big(computeTotals(lines, charges, 'line').total).minus(computeTotals(lines, charges, 'document').total).abs();
				expect(difference.lte(new Big(taxes).times('0.01'))).toBe(true);
			}),
		);
	});
});

describe('proveTotals', () => {
	const lines = Array.from({ length: 5 }, (_, i) => line({ key: String(i), price: '0.05', taxes: vat('10') }));
	const source = order(lines, [], { net: '0.25', tax: '0.03', total: '0.28' });
	const perLine = { net: '0.25', tax: '0.05', total: '0.30' };
	const prove = (policy: RoundingPolicy, target = perLine) => proveTotals(source, target, policy, 'line');

	it('agrees when equal, under every policy', () => {
		for (const mode of ['exact', 'explained', 'tolerance'] as const) {
			expect(proveTotals(source, source.totals!, { mode }, 'document')).toMatchObject({ agrees: true, difference: '0.00' });
		}
	});

	it('exact: a cent is too much', () => {
		expect(prove({ mode: 'exact' })).toEqual({ agrees: false, source: '0.28', target: '0.30', difference: '0.02', reason: 'the policy allows no difference' });
	});

	it('explained: accepts what the other way of rounding makes of the same lines', () => {
		expect(prove({ mode: 'explained' })).toMatchObject({ agrees: true, difference: '0.02', reason: 'taxes are rounded per line: the same lines give 0.30 there' });
	});

	it('explained: refuses a cent that the rounding does not explain', () => {
		expect(prove({ mode: 'explained' }, { ...perLine, total: '0.29' })).toMatchObject({ agrees: false, reason: 'the same lines should give 0.30 there' });
	});

	it('explained: refuses a total that is not the sum of its own lines, though it is a cent away only', () => {
		const wrong = order([line({ key: '1', quantity: '1', price: '10' })], [], { net: '9.99', tax: '0', total: '9.99' });
		expect(proveTotals(wrong, { net: '10', tax: '0', total: '10' }, { mode: 'explained' }, ['line', 'document', 'unrounded'])).toMatchObject({ agrees: false, difference: '0.01', reason: expect.stringContaining('not what its own lines give') as string });
	});

	it('explained: takes a total that was rounded at its end only, as vtiger does', () => {
		const taxes = [{ name: 'A', rate: '4', code: 'a' }, { name: 'B', rate: '4', code: 'b' }];
		const from = order([line({ key: '1', quantity: '1', price: '0.10', taxes })], [], { net: '0.10', tax: '0.008', total: '0.108' });
		expect(proveTotals(from, { net: '0.10', tax: '0', total: '0.10' }, { mode: 'explained' }, 'document')).toMatchObject({ agrees: true, difference: '-0.01' });
	});

	it('explained: refuses more than a cent a line, even when the lines would give it', () => {
		const wrong = order([line({ price: '100', taxes: vat('10') })], [], { net: '100', tax: '5', total: '105' });
		expect(proveTotals(wrong, { net: '100', tax: '10', total: '110' }, { mode: 'explained' }, 'line').agrees).toBe(false);
	});

	it('explained: goes by the lines as they were written when a line had to be split', () => {
		const whole = line({ price: '10.25', taxes: vat('10') });
		const split = [line({ price: '10.35', taxes: vat('10') }), line({ key: '1d', price: '-0.10', taxes: vat('10') })];
		const target = computeTotals(split, [], 'line');
		const from = order([whole], [], computeTotals([whole], [], 'document'));
		expect(target.total).toBe('11.28');
		expect(from.totals!.total).toBe('11.28');
		const uneven = [line({ price: '10.30', taxes: vat('10') }), line({ key: '1d', price: '-0.05', taxes: vat('10') })];
		const other = computeTotals(uneven, [], 'line');
		expect(other.total).toBe('11.27');
		expect(proveTotals(from, other, { mode: 'explained' }, 'line').agrees).toBe(false);
		expect(proveTotals(from, other, { mode: 'explained' }, 'line', 2, uneven)).toMatchObject({ agrees: true, difference: '-0.01' });
	});

	it('tolerance: up to the amount and not beyond', () => {
		expect(prove({ mode: 'tolerance', tolerance: '0.02' })).toMatchObject({ agrees: true, reason: 'within the tolerance of 0.02' });
		expect(prove({ mode: 'tolerance', tolerance: '0.01' })).toMatchObject({ agrees: false, reason: 'more than the tolerance of 0.01' });
		expect(prove({ mode: 'tolerance' })).toMatchObject({ agrees: false, reason: 'more than the tolerance of 0' });
	});

	it('works the total out when the source gives none', () => {
		expect(proveTotals(order(lines), { net: '0.25', tax: '0.03', total: '0.28' }, { mode: 'exact' }, 'line').agrees).toBe(true);
	});

	it('explained: always accepts a target that rounds its own way, and never one that is off by a cent from it', () => {
		fc.assert(
			fc.property(anyOrder, fc.constantFrom('line' as const, 'document' as const), fc.constantFrom('0.01', '-0.01'), ({ lines: any, charges }, rounding, cent) => {
				const from = order(any, charges, computeTotals(any, charges, 'document'));
				const target = computeTotals(any, charges, rounding);
				const proof = proveTotals(from, target, { mode: 'explained' }, rounding);
				// Lines of the generator carry at most one tax: a cent a line is then always enough.
				expect(proof.agrees).toBe(true);
				const off = rounded(new Big(target.total).plus(cent));
				if (off !== from.totals!.total) expect(proveTotals(from, { ...target, total: off }, { mode: 'explained' }, rounding).agrees).toBe(false);
			}),
		);
	});
});
