// Owns the functions of the query language: the ones 1C has, and the names of those it has not (reference 5).
// Must not know: rows, options.
import type { Kind } from './odata.resolve';
import type { Value } from './values';

interface Function {
	kind: Kind;
	/** How many arguments at least. */
	least: number;
	of: (values: Value[]) => Value;
}

const str = (value: Value | undefined): string => String(value ?? '');
const num = (value: Value | undefined): number => Number(value ?? 0);
const date = (value: Value | undefined): Date => new Date(`${str(value)}Z`);

const DAY = 86_400_000;
const dayOfYear = (d: Date): number => Math.floor((d.getTime() - Date.UTC(d.getUTCFullYear(), 0, 1)) / DAY) + 1;

const text = (least: number, of: Function['of']): Function => ({ kind: 'string', least, of });
const test = (least: number, of: (values: Value[]) => boolean): Function => ({ kind: 'boolean', least, of });
const piece = (of: (d: Date) => number): Function => ({ kind: 'number', least: 1, of: ([value]) => of(date(value)) });

/** SQL's LIKE as 1C writes it: `%` any text, `_` any character, `[...]` one of. */
function like([value, pattern]: Value[]): boolean {
	const source = str(pattern).replace(/[.*+?^${}()|\\]/g, '\\$&').replaceAll('%', '.*').replaceAll('_', '.');
	return new RegExp(`^${source}$`, 'isu').test(str(value));
}

const UNITS: Readonly<Record<string, number>> = { second: 1000, minute: 60_000, hour: 3_600_000, day: DAY };

/** `dateadd(Поле,'day',1)`: months and years by the calendar, the rest by their length. */
function dateAdd([value, unit, amount]: Value[]): string {
	const d = date(value);
	const name = str(unit).toLowerCase();
	if (name === 'month') d.setUTCMonth(d.getUTCMonth() + num(amount));
	else if (name === 'year') d.setUTCFullYear(d.getUTCFullYear() + num(amount));
	else d.setTime(d.getTime() + num(amount) * (UNITS[name] ?? 0));
	return d.toISOString().slice(0, 19);
}

function dateDifference([from, to, unit]: Value[]): number {
	const [a, b] = [date(from), date(to)];
	const name = str(unit).toLowerCase();
	const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
	if (name === 'month') return months;
	if (name === 'year') return b.getUTCFullYear() - a.getUTCFullYear();
	return Math.trunc((b.getTime() - a.getTime()) / (UNITS[name] ?? 1000));
}

export const FUNCTIONS: Readonly<Record<string, Function>> = {
	// The needle comes first.
	substringof: test(2, ([needle, value]) => str(value).toLowerCase().includes(str(needle).toLowerCase())),
	startswith: test(2, ([value, start]) => str(value).toLowerCase().startsWith(str(start).toLowerCase())),
	endswith: test(2, ([value, end]) => str(value).toLowerCase().endsWith(str(end).toLowerCase())),
	like: test(2, like),
	concat: text(2, (values) => values.map(str).join('')),
	substring: text(2, ([value, from, length]) => str(value).slice(num(from) - 1, length === undefined ? undefined : num(from) - 1 + num(length))),
	year: piece((d) => d.getUTCFullYear()),
	quarter: piece((d) => Math.floor(d.getUTCMonth() / 3) + 1),
	month: piece((d) => d.getUTCMonth() + 1),
	day: piece((d) => d.getUTCDate()),
	dayofweek: piece((d) => d.getUTCDay() || 7),
	dayofyear: piece(dayOfYear),
	hour: piece((d) => d.getUTCHours()),
	minute: piece((d) => d.getUTCMinutes()),
	second: piece((d) => d.getUTCSeconds()),
	dateadd: { kind: 'datetime', least: 3, of: dateAdd },
	datedifference: { kind: 'number', least: 3, of: dateDifference },
	round: { kind: 'number', least: 1, of: ([value, digits]) => Number(num(value).toFixed(num(digits))) },
};

/** Functions of OData that 1C has not: 501, code 21. */
export const MISSING: ReadonlySet<string> = new Set(['length', 'indexof', 'replace', 'tolower', 'toupper', 'trim', 'floor', 'ceiling', 'contains', 'years', 'months', 'days', 'hours', 'minutes', 'seconds', 'now']);
