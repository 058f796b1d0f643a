// Owns the ERP's arithmetic: line amounts rounded to cents, taxes per rate over the whole document. No floats.
import Big from 'big.js';
import type { Line, Sums } from './books.records';
import { Refusal } from './books.refusal';

/** Decimals that the books keep; more are rounded, as a column does. */
export interface Decimals {
	price: number;
	quantity: number;
	discount: number;
}

export function cents(value: Big | string): string {
	return new Big(value).toFixed(2, Big.roundHalfUp);
}

/** A decimal as the books keep it: rounded, without trailing zeros. */
export function kept(value: string, decimals: number, what: string): string {
	if (!/^-?\d{1,15}(\.\d+)?$/.test(value)) throw new Refusal('invalid', `${what} must be a decimal number, not "${value}"`);
	return new Big(new Big(value).toFixed(decimals, Big.roundHalfUp)).toFixed();
}

export function lineNet({ quantity, price, discount }: Pick<Line, 'quantity' | 'price' | 'discount'>): string {
	return cents(new Big(quantity).times(price).times(new Big(100).minus(discount)).div(100));
}

export function sumsOf(lines: readonly Line[]): Sums {
	const bases = new Map<string, Big>();
	let net = new Big(0);
	for (const line of lines) {
		net = net.plus(line.net);
		for (const rate of line.rates) bases.set(rate, (bases.get(rate) ?? new Big(0)).plus(line.net));
	}
	const tax = [...bases].reduce((sum, [rate, base]) => sum.plus(cents(base.times(rate).div(100))), new Big(0));
	return { net: cents(net), tax: cents(tax), total: cents(net.plus(tax)) };
}

export const minus = (a: string, b: string): string => new Big(a).minus(b).toFixed();
export const plus = (a: string, b: string): string => new Big(a).plus(b).toFixed();
export const positive = (value: string): boolean => new Big(value).gt(0);
export const least = (a: string, b: string): string => (new Big(a).lt(b) ? a : b);
