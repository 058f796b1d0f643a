// Owns the rates of currencies as their register holds them.
// Must not know: documents, configurations.
import Big from 'big.js';
import { amount } from './posting.sums';
import type { Store } from './store';
import { text } from './values';

/** Rate of a currency to the base's own at a moment: the newest record up to it, else 1. */
export function rateAt(store: Store, currency: string, moment: string): Big {
	const rates = store.rows('InformationRegister_КурсыВалют').filter((r) => r['Валюта_Key'] === currency && text(r, 'Period') <= moment);
	const newest = rates.sort((a, b) => (text(a, 'Period') < text(b, 'Period') ? 1 : -1))[0];
	const multiplier = amount(newest?.['Кратность']);
	return newest ? amount(newest['Курс']).div(multiplier.eq(0) ? 1 : multiplier) : new Big(1);
}
