// Owns decimal arithmetic on 1C's numbers: sums, VAT on top or inside, shares.
// Must not know: objects of a configuration, the store.
import Big from 'big.js';
import { type Row, type Value } from './values';

/** Number of a field; empty and Int64 as text are fine. */
export function amount(value: Value | Row[] | undefined): Big {
	if (typeof value === 'number') return new Big(value);
	return typeof value === 'string' && value.trim() !== '' ? new Big(value) : new Big(0);
}

export const money = (value: Big): number => value.round(2, Big.roundHalfUp).toNumber();

export const total = (rows: readonly Row[], field: string): Big => rows.reduce((sum, row) => sum.plus(amount(row[field])), new Big(0));

/** VAT of an amount at a rate in percent; half-up to the kopeck. */
export function vatOf(sum: Big, rate: Big, included: boolean): Big {
	const whole = included ? rate.plus(100) : new Big(100);
	return sum.times(rate).div(whole).round(2, Big.roundHalfUp);
}

/** Part of a sum for some of a quantity. */
export const share = (sum: Big, quantity: Big, of: Big): Big => (of.eq(0) ? new Big(0) : sum.times(quantity).div(of).round(2, Big.roundHalfUp));

/** Sums that the form would fill in for a row: price times quantity less discount, VAT, the whole. */
export function rowSums(row: Row, rate: Big, included: boolean, discount = 'ПроцентРучнойСкидки'): { amount: number; discount: number; vat: number; whole: number } {
	const full = amount(row['Цена']).times(amount(row['Количество'])).round(2, Big.roundHalfUp);
	const off = full.times(amount(row[discount])).div(100).round(2, Big.roundHalfUp);
	const net = full.minus(off);
	const vat = vatOf(net, rate, included);
	return { amount: money(net), discount: money(off), vat: money(vat), whole: money(included ? net : net.plus(vat)) };
}

/** Enum or description of a rate as percent: `НДС20`, `20%`, `НДС10_110`, `БезНДС`. */
export function rateOf(name: string): Big {
	const digits = /(\d+)/.exec(name)?.[1];
	return new Big(digits ?? 0);
}

