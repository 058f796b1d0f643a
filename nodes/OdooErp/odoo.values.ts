// Owns how Odoo writes values on the wire, in both directions. No network, no documents.
import Big from 'big.js';
import { z } from 'zod';
import { decimalText } from '../core/money';

/** One record as `read` gives it. */
export type Row = { id: number } & Record<string, unknown>;
export const rowSchema = z.object({ id: z.number().int() }).catchall(z.unknown());
export const rowsSchema = z.array(rowSchema);

/** A search domain in Odoo's prefix notation. */
export type Domain = unknown[];

/** A text; `false` is Odoo's "not set" for every type. */
export function text(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number as decimal text without the noise of floats: 79.19999999999999 is 79.2. */
export function decimal(value: unknown): string {
	if (typeof value === 'string') return decimalText(value) ?? '0';
	return typeof value === 'number' && Number.isFinite(value) ? (decimalText(Number(value.toPrecision(15))) ?? '0') : '0';
}

/** Like `decimal`, undefined when nothing is set. */
export function optionalDecimal(value: unknown): string | undefined {
	return typeof value === 'number' ? decimal(value) : undefined;
}

/** A many2one: `[7, "Acme"]`. */
export function reference(value: unknown): { id: number; label: string } | undefined {
	if (typeof value === 'number') return { id: value, label: '' };
	if (!Array.isArray(value) || typeof value[0] !== 'number') return undefined;
	return { id: value[0], label: typeof value[1] === 'string' ? value[1] : '' };
}

/** The ids of a one2many or many2many. */
export function idList(value: unknown): number[] {
	return Array.isArray(value) ? value.filter((id): id is number => typeof id === 'number') : [];
}

/** `2026-11-22 03:40:20` (UTC) as ISO 8601. */
export function toIso(value: unknown): string | undefined {
	const given = text(value);
	return given && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.test(given) ? `${given.slice(0, 10)}T${given.slice(11, 19)}Z` : undefined;
}

/** ISO 8601 in UTC as Odoo takes it: 'T', 'Z' and fractions are refused by every version (reference odoo.md, section 2). */
export function fromIso(iso: string): string {
	return `${iso.slice(0, 10)} ${iso.slice(11, 19) || '00:00:00'}`;
}

/** `amount` rounded to so many decimals, as text without trailing zeros. */
export function toPlaces(amount: string, places: number): string {
	return new Big(amount).round(places, Big.roundHalfUp).toFixed();
}

/** VAT numbers are compared without case, spaces and punctuation. */
export function normalVat(vat: string): string {
	return vat.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Text for `=ilike`, where `%`, `_` and `\` have a meaning. */
export function ilike(value: string): string {
	return value.replace(/[\\%_]/g, '\\$&');
}
