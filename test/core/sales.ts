// Owns sales documents for tests: short makers of lines, charges and orders, and generators of random ones.
import fc from 'fast-check';
import { orderSchema, type Charge, type Line, type Order, type Tax, type Totals } from '../../nodes/core/documents';

/** One tax of a rate. */
export function vat(rate: string): Tax[] {
	return [{ name: `VAT ${rate}`, rate, code: undefined }];
}

export function line(values: Partial<Line> = {}): Line {
	return { key: '1', role: 'product', quantity: '1', price: '1', taxes: [], ...values };
}

export function charge(role: Charge['role'], amount: string, taxes: Tax[] = []): Charge {
	return { role, amount, taxes };
}

export function order(lines: Line[], charges: Charge[] = [], totals?: Totals): Order {
	return { ...orderSchema.parse({ kind: 'order', key: 'vtiger:SalesOrder:6x39' }), lines, charges, totals };
}

/** Decimal texts with up to four places, of both signs. */
export const anyAmount = fc.tuple(fc.integer({ min: -123_456_789, max: 123_456_789 }), fc.nat(4)).map(([digits, places]) => decimal(digits, places));

/** A decimal without floats: `decimal(-5, 2)` is `-0.05`. */
export function decimal(digits: number, places: number): string {
	const text = String(Math.abs(digits)).padStart(places + 1, '0');
	const sign = digits < 0 ? '-' : '';
	return places === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -places)}.${text.slice(-places)}`;
}

const anyTaxes: fc.Arbitrary<Tax[]> = fc.oneof(fc.constant<Tax[]>([]), fc.constantFrom('4', '4.5', '10', '19', '20', '22').map(vat));
const price = fc.oneof(fc.constantFrom('0.005', '0.05', '1234567.89', '33.333', '0'), fc.tuple(fc.nat(99_999_999), fc.nat(4)).map(([digits, places]) => decimal(digits, places)));
const quantity = fc.tuple(fc.integer({ min: -999, max: 99_999 }), fc.nat(2)).map(([digits, places]) => decimal(digits, places));
const discount = fc.oneof(
	fc.constant({}),
	fc.tuple(fc.nat(100_000), fc.integer({ min: 0, max: 4 })).map(([digits, places]) => ({ discountPercent: decimal(Math.min(digits, 100 * 10 ** places), places) })),
	fc.nat(1_000_000).map((cents) => ({ discountAmount: decimal(cents, 2) })),
);
const anyLine = fc.tuple(quantity, price, discount, anyTaxes).map(([q, p, d, taxes]) => line({ quantity: q, price: p, taxes, name: 'Widget', ...d }));
const anyCharge = fc.tuple(fc.constantFrom('discount' as const, 'shipping' as const, 'adjustment' as const), fc.integer({ min: -10_000, max: 10_000 }), anyTaxes).map(([role, cents, taxes]) => charge(role, decimal(cents, 2), taxes));

/** Lines with distinct keys, and charges. */
export const anyOrder = fc
	.tuple(fc.array(anyLine, { maxLength: 8 }), fc.array(anyCharge, { maxLength: 3 }))
	.map(([lines, charges]) => order(lines.map((l, i) => ({ ...l, key: String(i + 1) })), charges));
