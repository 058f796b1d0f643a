// Proves that a document turned into plain lines (money.ts, planLines) is worth exactly the same.
import fc from 'fast-check';
import { computeTotals, lineNet, planLines, rounded, sum, type Precision } from '../../nodes/core/money';
import { anyOrder, charge, line, order, vat } from './sales';

/** Odoo 14 to 18. */
const TWO: Precision = { price: 2, quantity: 2, discount: 2 };

describe('a line', () => {
	it('with a percent stays as it is', () => {
		expect(planLines(order([line({ quantity: '3', price: '33.33', discountPercent: '10', code: 'P1' })]), TWO)).toMatchObject([{ key: '1', code: 'P1', price: '33.33', discountPercent: '10', net: '89.99' }]);
	});

	it('with an amount off gets the exact percent when there is one', () => {
		expect(planLines(order([line({ quantity: '2', price: '50', discountAmount: '12.5' })]), TWO)).toMatchObject([{ price: '50', discountPercent: '12.5', net: '87.50' }]);
	});

	it('with an amount off gets the exact unit price when no percent fits', () => {
		expect(planLines(order([line({ price: '1234567.89', discountAmount: '1000' })]), TWO)).toMatchObject([{ price: '1233567.89', discountPercent: '0', net: '1233567.89' }]);
	});

	it('with an amount off gets a line of its own when nothing else fits', () => {
		const lines = planLines(order([line({ quantity: '3', price: '41152.26', discountAmount: '1000.01', name: 'Widget', taxes: vat('22') })]), TWO);
		expect(lines).toMatchObject([
			{ key: '1', quantity: '3', price: '41152.26', discountPercent: '0', net: '123456.78' },
			{ key: '1d', role: 'discount', name: 'Discount on Widget', quantity: '1', price: '-1000.01', net: '-1000.01', taxes: vat('22') },
		]);
	});

	it('with a price finer than the target keeps gets the rest as a line of its own', () => {
		expect(planLines(order([line({ quantity: '1000', price: '1.23456', code: 'P1' })]), TWO)).toMatchObject([
			{ key: '1', price: '1.23', net: '1230.00' },
			{ key: '1r', role: 'adjustment', name: 'Rounding of P1', price: '4.56', net: '4.56' },
		]);
	});

	it('of 0.005 is worth a cent, as an invoice rounds', () => {
		expect(planLines(order([line({ price: '0.005' })]), TWO)).toMatchObject([{ price: '0.01', net: '0.01' }]);
	});

	it('keeps a fine price where the target does', () => {
		expect(planLines(order([line({ quantity: '1000', price: '1.23456' })]), { ...TWO, price: 6 })).toMatchObject([{ price: '1.23456', net: '1234.56' }]);
	});

	it('with a quantity finer than the target keeps is refused: goods cannot be rounded', () => {
		expect(() => planLines(order([line({ quantity: '1.234', name: 'Rope' })]), TWO)).toThrow('The quantity 1.234 of line 1 (Rope) has more than 2 decimals');
	});

	it('for nothing, with something off, keeps the discount', () => {
		expect(planLines(order([line({ quantity: '0', price: '5', discountAmount: '2' })]), TWO).map(({ net }) => net)).toEqual(['0.00', '-2.00']);
	});

	it('that is a note is left out', () => expect(planLines(order([line({ role: 'note', quantity: '0', price: '0' })]), TWO)).toEqual([]));
});

describe('charges', () => {
	it('become lines under keys that stay when another charge goes', () => {
		const both = planLines(order([], [charge('discount', '-5'), charge('shipping', '10', vat('22'))]), TWO);
		expect(both).toMatchObject([
			{ key: 'discount', role: 'discount', name: 'Discount', price: '-5', net: '-5.00' },
			{ key: 'shipping', role: 'shipping', name: 'Shipping and handling', price: '10', taxes: vat('22') },
		]);
		expect(planLines(order([], [charge('discount', '0'), charge('shipping', '10')]), TWO).map(({ key }) => key)).toEqual(['shipping']);
	});

	it('of one role are numbered', () => {
		expect(planLines(order([], [charge('shipping', '1'), charge('discount', '-1'), charge('shipping', '2')]), TWO).map(({ key }) => key)).toEqual(['shipping', 'discount', 'shipping2']);
	});
});

describe('whatever the document', () => {
	const anyPrecision = fc.record({ price: fc.integer({ min: 2, max: 6 }), quantity: fc.integer({ min: 2, max: 4 }), discount: fc.integer({ min: 0, max: 4 }) });

	it('the planned lines sum exactly to its lines and charges', () => {
		fc.assert(
			fc.property(anyOrder, anyPrecision, (document, precision) => {
				const planned = planLines(document, precision);
				const expected = sum([...document.lines.map((l) => rounded(lineNet(l))), ...document.charges.map((c) => rounded(c.amount))]);
				expect(rounded(sum(planned.map(({ net }) => net)))).toBe(rounded(expected));
			}),
			{ numRuns: 500 },
		);
	});

	it('each line fits what the target stores, and the target makes its net of it', () => {
		fc.assert(
			fc.property(anyOrder, anyPrecision, (document, precision) => {
				for (const planned of planLines(document, precision)) {
					expect(rounded(planned.price, 10)).toBe(rounded(rounded(planned.price, precision.price), 10));
					expect(rounded(planned.discountPercent, 10)).toBe(rounded(rounded(planned.discountPercent, precision.discount), 10));
					expect(rounded(lineNet(planned))).toBe(planned.net);
				}
			}),
			{ numRuns: 500 },
		);
	});

	it('every rate is taken of the same base as before', () => {
		fc.assert(
			fc.property(anyOrder, anyPrecision, (document, precision) => {
				expect(computeTotals(planLines(document, precision), [], 'document')).toEqual(computeTotals(document.lines, document.charges, 'document'));
			}),
		);
	});

	it('no two planned lines share a key', () => {
		fc.assert(
			fc.property(anyOrder, anyPrecision, (document, precision) => {
				const keys = planLines(document, precision).map(({ key }) => key);
				expect(new Set(keys).size).toBe(keys.length);
			}),
		);
	});
});
