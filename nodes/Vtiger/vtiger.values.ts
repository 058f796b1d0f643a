// Owns single values: what vtiger's texts mean and how they compare. No network, no module.
import Big from 'big.js';
import { decimalText } from '../core/money';

/** The text, or undefined for null and "": both mean "nothing" (reference 5). */
export function textOf(value: unknown): string | undefined {
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Canonical decimal text of `"100.00000000"` or of a JSON number, which carries the noise of floating point. */
export function decimalOf(value: unknown): string | undefined {
	if (typeof value === 'number' && Number.isFinite(value)) return decimalText(new Big(value).round(8, Big.roundHalfUp).toFixed());
	return typeof value === 'string' ? decimalText(value) : undefined;
}

/** A decimal, zero when there is none. */
export function amountOf(value: unknown): Big {
	return new Big(decimalOf(value) ?? '0');
}

/** `YYYY-MM-DD`; undefined for empty and impossible dates ("0000-00-00" is what a wrong day was stored as). */
export function dateOf(value: unknown): string | undefined {
	const text = textOf(value)?.slice(0, 10);
	return text && /^\d{4}-\d\d-\d\d$/.test(text) && !text.startsWith('0000') ? text : undefined;
}

/** Booleans are "1" and "0"; of users "on" and "off". */
export function booleanOf(value: unknown): boolean {
	return value === '1' || value === 1 || value === true || value === 'on';
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Plain text of a label: labels and currency symbols arrive HTML-escaped (reference 5). */
export function unescapeHtml(text: string): string {
	return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
		if (decimal) return String.fromCodePoint(Number(decimal));
		if (hex) return String.fromCodePoint(parseInt(hex, 16));
		return ENTITIES[name ?? ''] ?? whole;
	});
}

const FOUR_BYTES = /[\u{10000}-\u{10FFFF}]/u;
const FOUR_BYTES_ALL = /[\u{10000}-\u{10FFFF}]/gu;

/** Whether the text holds characters that the usual database of vtiger (utf8mb3) stores as question marks. */
export function losesCharacters(text: string): boolean {
	return FOUR_BYTES.test(text);
}

/**
 * Whether what is stored is what was meant. A 4-byte character counts as stored when question marks stand in its
 * place ("??" on 8.4.0, "????" on 8.0.0), a text with "<script" when it was HTML-escaped as a whole, and line
 * ends and outer blanks do not count: otherwise such a text would be written again on every run.
 */
export function sameText(stored: string | undefined, meant: string | undefined): boolean {
	const a = plain(stored);
	const b = plain(meant);
	if (a === b || plain(unescapeHtml(a)) === b) return true;
	if (!losesCharacters(b)) return false;
	const marks = (text: string) => text.replace(FOUR_BYTES_ALL, '?').replace(/\?+/g, '?');
	return marks(a) === marks(b);
}

function plain(text: string | undefined): string {
	return (text ?? '').replace(/\r\n?/g, '\n').trim();
}

/** Whether two decimals are the same number; nothing counts as zero. */
export function sameNumber(stored: unknown, meant: unknown, places = 8): boolean {
	return amountOf(stored).round(places, Big.roundHalfUp).eq(amountOf(meant).round(places, Big.roundHalfUp));
}
