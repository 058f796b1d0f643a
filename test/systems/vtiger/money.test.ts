// Owns the proof of reference section 6.2: what is read of a document's money is what vtiger computed, and what is
// planned is what vtiger will compute.
import fc from 'fast-check';
import { computeTotals, rounded } from '../../../nodes/core/money';
import { linesOf, readMoney } from '../../../nodes/Vtiger/vtiger.lines';
import { expectedTotal, planDifferences, planElement, totalAgrees, type Plan, type PlanLine } from '../../../nodes/Vtiger/vtiger.plan';
import { makePlan } from '../../../nodes/Vtiger/vtiger.planner';
import { decimalOf } from '../../../nodes/Vtiger/vtiger.values';
import { asked, exchangesOf, isRow, resultOf, type Row, VERSIONS } from '../../wire/vtiger.fixture';
import { setUp, type Setting } from './setting';

/** Documents with lines as real servers gave them to a retrieve. */
function recorded(version: string): Array<[string, Row]> {
	return exchangesOf(version).flatMap((exchange): Array<[string, Row]> => {
		const result = resultOf(exchange);
		return asked(exchange).operation === 'retrieve' && isRow(result) && isRow(result.LineItems_FinalDetails) && linesOf(result).length > 0 ? [[exchange.name, result]] : [];
	});
}

const cases = VERSIONS.flatMap((version) => recorded(version).map(([name, record]) => [`${version} ${name}`, record] as const));

it('there are recorded documents of both versions', () => expect(cases.length).toBeGreaterThan(60));

describe.each(cases)('%s', (_name, record) => {
	const products = new Map(linesOf(record).map((line) => [String(line.productid), { key: `vtiger:Products:${String(line.productid)}`, code: 'X' }]));
	const money = readMoney(record, products);

	it('net and tax make the total that vtiger shows', () => {
		expect(rounded(money.totals.total, 6)).toBe(rounded(decimalOf(record.hdnGrandTotal) ?? '0', 6));
		expect(computeTotals(money.lines, money.charges, 'document').total).toBe(rounded(money.totals.total));
	});

	it('the plan of what was read is what is stored, and makes the same total', () => {
		if (money.lines.some((line) => line.productKey === undefined)) return;
		const plan = makePlan({
			document: money,
			products: new Map(linesOf(record).map((line, i) => [String(i + 1), { id: String(line.productid) }])),
			taxColumns: ['tax1', 'tax2', 'tax3'].map((code) => ({ code, name: code })),
			shippingTaxColumns: ['shtax1', 'shtax2', 'shtax3'].map((code) => ({ code, name: { shtax1: 'VAT', shtax2: 'Sales', shtax3: 'Service' }[code]! })),
			taxes: [],
		});
		expect(totalAgrees(record, plan)).toBe(true);
		const { hdnTaxType: _type, lines, ...rest } = planDifferences(record, plan);
		expect(rest).toEqual({});
		// A tax that the product does not carry stands on the line without being charged: it is not read as a tax.
		if (!/foreign_tax/.test(_name)) expect(lines).toBeUndefined();
	});
});

describe('a revision with lines', () => {
	const plan: Plan = { taxType: 'group', lines: [{ productId: '14x2', quantity: '1', price: '10', taxes: { tax1: '4.5' } }], adjustment: '0' };

	it('puts a discount out of force by a negative amount: zero and "" leave it, a negative one is not counted (measured)', () => {
		expect(planElement(plan, ['tax1'], { hdnDiscountPercent: '10.000' })).toMatchObject({ hdnDiscountAmount: '-0.00000001' });
		expect(planElement(plan, ['tax1'], { hdnDiscountAmount: '-0.00000001', hdnDiscountPercent: '' })).not.toHaveProperty('hdnDiscountAmount');
		expect(planDifferences({ hdnTaxType: 'group', hdnDiscountAmount: '-0.00000001', LineItems: [{ productid: '14x2', quantity: '1', listprice: '10', tax1: '4.5' }] }, plan)).toEqual({});
	});

	it('names shipping and adjustment when they are to go, and sends every tax column: else the product\'s own rates apply', () => {
		expect(planElement(plan, ['tax1', 'tax2'], { hdnS_H_Amount: '20', txtAdjustment: '3' })).toMatchObject({ 'shipping_&_handling': '0', txtAdjustment: '0', LineItems: [{ tax1: '4.5', tax2: '0' }] });
	});

	it('never sends an empty discount or charge: vtiger breaks off on them (reference 3)', () => {
		const element = planElement(plan, ['tax1']);
		expect(Object.values(element)).not.toContain('');
		expect(Object.keys(element)).toEqual(['hdnTaxType', 'LineItems']);
	});
});

describe('a plan on the simulator', () => {
	let stage: Setting;
	beforeAll(async () => void (stage = await setUp()));
	afterAll(async () => await stage.stop());

	const cents = (min: number, max: number) => fc.integer({ min: min * 100, max: max * 100 }).map((n) => (n / 100).toFixed(2));
	const carried: Record<string, string[]> = { '14x2': ['tax1', 'tax2'], '14x3': ['tax1', 'tax2'], '26x6': ['tax3'] };
	const line = (individual: boolean): fc.Arbitrary<PlanLine> =>
		fc.record({ product: fc.constantFrom(...Object.keys(carried)), quantity: fc.integer({ min: 1, max: 9_999 }).map((n) => (n / 1000).toString()), price: cents(0, 500), percent: fc.constantFrom('0', '10', '3.333'), rate: fc.constantFrom('4.5', '10', '22') }).map(({ product, quantity, price, percent, rate }) => ({
			productId: product,
			quantity,
			price,
			...(percent === '0' ? {} : { discountPercent: percent }),
			taxes: { [individual ? carried[product]![0]! : 'tax1']: individual ? rate : '4.5' },
		}));
	const plans: fc.Arbitrary<Plan> = fc.boolean().chain((individual) =>
		fc.record({
			taxType: fc.constant<Plan['taxType']>(individual ? 'individual' : 'group'),
			lines: fc.array(line(individual), { minLength: 1, maxLength: 5 }),
			discount: fc.oneof(fc.constant(undefined), fc.record({ percent: fc.constantFrom('5', '12.5') }), fc.record({ amount: cents(1, 20) })),
			shipping: fc.oneof(fc.constant(undefined), fc.record({ amount: cents(1, 50), taxes: fc.constantFrom<Array<Record<string, string>>>({}, { shtax1: '4.5' }) })),
			adjustment: fc.constantFrom('0', '1.5', '-0.01'),
		}),
	);

	it('is stored as meant, with the total that was expected', async () => {
		await fc.assert(
			fc.asyncProperty(plans, async (plan) => {
				const { LineItems, ...fields } = planElement(plan, ['tax1', 'tax2', 'tax3']);
				const stored = await stage.sim.insert('Quotes', { subject: 'x', quotestage: 'Created', account_id: '11x8', bill_street: 'b', ship_street: 's', productid: '14x2', currency_id: '21x1', ...(fields as Record<string, string>) }, LineItems as never);
				expect(planDifferences(stored, plan)).toEqual({});
				expect(rounded(decimalOf(stored.hdnGrandTotal)!)).toBe(rounded(expectedTotal(plan)));
			}),
			{ numRuns: 60 },
		);
	});
});
