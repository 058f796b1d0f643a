// Owns what values look like to a person: money, quantities, dates, names behind references, states in words.
// Must not know: HTML, HTTP.
import type { Tone } from './page.layout';
import type { Store } from './store';
import { type Row, text } from './values';

/** `1,234.50 EUR` */
export function money(store: Store, currency: string, value: Row[string] | undefined): string {
	const amount = Number(value ?? 0).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
	return `${amount} ${text(store.get('Catalog_Валюты', currency), 'Description')}`.trim();
}

export const quantity = (value: Row[string] | undefined): string => Number(value ?? 0).toLocaleString('en-US', { maximumFractionDigits: 3 });

/** The description behind a reference; empty when unset. */
export const nameOf = (store: Store, set: string, ref: Row[string] | undefined): string => (typeof ref === 'string' ? text(store.get(set, ref), 'Description') : '');

/** `2026-10-01 12:00`, empty for 1C's empty date. */
export const shortDate = (value: Row[string] | undefined): string => (typeof value !== 'string' || value.startsWith('0001') ? '' : value.slice(0, 16).replace('T', ' '));

export function documentState(row: Row): [string, Tone] {
	if (row['DeletionMark'] === true) return ['Marked for deletion', 'bad'];
	return row['Posted'] === true ? ['Posted', 'good'] : ['Not posted', 'wait'];
}

/** How much of a whole is done. */
export function progress(done: number, whole: number, words: readonly [none: string, some: string, all: string]): [string, Tone] {
	if (done <= 0) return [words[0], 'wait'];
	return done < whole ? [words[1], 'wait'] : [words[2], 'good'];
}
