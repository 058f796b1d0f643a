// Owns the way Python prints values, because error messages quote them.
// Must not know: models, calls.
import type { Json } from './json';

/** `repr()` of a JSON value; `tuple` prints a list with round brackets. */
export function pyRepr(value: Json, tuple = false): string {
	if (value === null) return 'None';
	if (value === true) return 'True';
	if (value === false) return 'False';
	if (typeof value === 'string') return pyString(value);
	if (Array.isArray(value)) {
		const items = value.map((v) => pyRepr(v)).join(', ');
		if (tuple) return `(${items}${value.length === 1 ? ',' : ''})`;
		return `[${items}]`;
	}
	if (typeof value === 'object')
		return `{${Object.entries(value)
			.map(([k, v]) => `${pyString(k)}: ${pyRepr(v)}`)
			.join(', ')}}`;
	return String(value);
}

function pyString(text: string): string {
	const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
	const escaped = text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\t/g, '\\t');
	return quote + (quote === "'" ? escaped.replace(/'/g, "\\'") : escaped) + quote;
}
