// Owns what a sent value becomes: numbers, booleans, dates, text, escaping. No error ever comes from here.
// Must not know: records, references' targets.
import { fitted } from './columns';
import type { Json } from './failure';
import type { Field, Version } from './schema';

const MAX_CURRENCY = '99999999999999999.99999999';

/** What `label` and currency symbols go through: PHP's `htmlspecialchars` with quotes, on text without entities. */
export function escaped(text: string): string {
	return unescaped(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/'/g, '&#039;');
}

function unescaped(text: string): string {
	return text
		.replace(/&lt;/g, '<')
		.replace(/&gt;/g, '>')
		.replace(/&quot;/g, '"')
		.replace(/&#0?39;/g, "'")
		.replace(/&amp;/g, '&');
}

/** The number at the start of a text as PHP's cast reads it: `1234,56` is 1234, `abc` is 0. */
export function phpNumber(value: Json | undefined): number {
	if (typeof value === 'number') return value;
	if (value === true) return 1;
	const match = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?/i.exec(typeof value === 'string' ? value : '');
	return match ? Number(match[0]) : 0;
}

export function textOf(value: Json | undefined): string {
	if (value === null || value === undefined || value === false) return '';
	if (value === true) return '1';
	if (typeof value === 'object') return 'Array';
	return String(value);
}

/** A currency with 8 decimals; a number beyond the column is clamped to its largest. */
export function currency(value: Json | undefined, decimals = 8): string {
	const number = phpNumber(value);
	if (Math.abs(number) >= 1e17) return (number < 0 ? '-' : '') + MAX_CURRENCY;
	return fixed(rounded(number, decimals), 8);
}

/** Rounds half away from zero on the decimal digits, as PHP's round and MariaDB do. */
export function rounded(number: number, decimals: number): number {
	const shifted = Number(`${Math.abs(number)}e${decimals}`);
	if (!Number.isFinite(shifted)) return number;
	return (Math.sign(number) * Math.round(shifted)) / 10 ** decimals;
}

export function fixed(number: number, decimals: number): string {
	const text = rounded(number, decimals).toFixed(decimals);
	return Number(text) === 0 ? text.replace('-', '') : text;
}

/** `1`, `"1"`, `"on"` and JSON true are yes; everything else is no, the text "true" included. */
export function boolean(value: Json | undefined): string {
	return value === true || value === 1 || value === '1' || value === 'on' ? '1' : '0';
}

/** Reference section 5: `Y-m-d` and `d-m-Y` (also with `/`) are read, an impossible day is `0000-00-00`, anything else "". */
export function date(value: Json | undefined): string {
	const text = textOf(value).trim().replace(/\//g, '-');
	const ymd = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
	const dmy = /^(\d{1,2})-(\d{1,2})-(\d{4})$/.exec(text);
	if (!ymd && !dmy) return '';
	const [year, month, day] = (ymd ? [ymd[1], ymd[2], ymd[3]] : [dmy?.[3], dmy?.[2], dmy?.[1]]).map(Number) as [number, number, number];
	const real = new Date(Date.UTC(year, month - 1, day));
	if (year === 0 || real.getUTCMonth() !== month - 1 || real.getUTCDate() !== day) return '0000-00-00';
	return real.toISOString().slice(0, 10);
}

/** A custom date and time: the `T` and the zone are dropped, nothing is converted. */
export function datetime(value: Json | undefined): string {
	const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)/.exec(textOf(value).trim());
	if (match) return `${match[1]} ${(match[2] as string).length === 5 ? `${match[2]}:00` : match[2]}`;
	return `${date(value) || '0000-00-00'} 00:00:00`;
}

/** Text as it comes back: `<script` escapes the whole value, 4-byte characters die in the utf8mb3 database. */
export function text(value: Json | undefined, version: Version): string {
	const plain = textOf(value);
	const safe = /<\/?script/i.test(unescaped(plain)) ? plain.replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;') : plain;
	const valid = safe.replace(/\uFFFD/g, '?');
	return valid.replace(/[\u{10000}-\u{10FFFF}]/gu, version === '8.4.0' ? '??' : '????');
}

/** 8.4.0 keeps the first of a JSON array only, 8.0.0 joins them as vtiger stores a multiple choice. */
function multipicklist(value: Json, version: Version): string {
	if (!Array.isArray(value)) return text(value, version);
	return version === '8.4.0' ? textOf(value[0]) : value.map(textOf).join(' |##| ');
}

/**
 * What a field holds after `value` was sent to it. References and owners are handled before this.
 * @param sample the field's empty value on the wire: tells how many decimals a number shows.
 */
export function normalised(module: string, field: Field, value: Json, sample: Json | undefined, version: Version): Json {
	switch (field.type.name) {
		case 'boolean':
			return boolean(value);
		case 'integer':
			return String(Math.trunc(phpNumber(value)));
		case 'currency':
			return currency(value, 2);
		case 'double':
			return fixed(phpNumber(value), decimalsOf(sample, 3));
		case 'date':
			return date(value);
		case 'datetime':
			return datetime(value);
		case 'multipicklist':
			return multipicklist(value, version);
		default:
			return fitted(module, field.name, field.type.name, text(value, version));
	}
}

/** How many decimals a sample number shows; `otherwise` when the sample is no number. */
export function decimalsOf(sample: Json | undefined, otherwise: number): number {
	if (typeof sample !== 'string' || !/^-?\d+(\.\d+)?$/.test(sample)) return otherwise;
	return sample.split('.')[1]?.length ?? 0;
}
