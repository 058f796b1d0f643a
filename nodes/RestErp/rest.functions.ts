// Owns the functions that every expression of a profile has beside JSONata's own: identities, exact numbers, times.
// Must not know any profile's content.
import { iso } from '../core/changes';
import { KINDS, type Kind } from '../core/documents';
import { ExpressionFault, type ExpressionFunction } from '../core/expressions';
import { formatKey } from '../core/keys';
import { big, decimalText, rounded } from '../core/money';
import { uuid5 } from '../core/uuid';
import { exactNumber } from './rest.json';

/** What the functions must know of the installation. */
export interface FunctionContext {
	installation: string;
	/** The module that holds a kind; undefined: the profile has no such kind. */
	moduleOf(kind: Kind): string | undefined;
	/** The system's time -> UTC, ISO 8601. */
	fromSystemTime(value: unknown): string | undefined;
	/** UTC, ISO 8601 -> the system's time. */
	toSystemTime(time: string): string | number;
	/** The system's date or time -> yyyy-mm-dd as people there see it. */
	toDate?(value: unknown): string | undefined;
}

/** A name space of our own for UUIDs made from keys (RFC 4122, version 5). */
const NAMESPACE = '6f1c2d0e-8a4b-5c7d-9e3f-1a2b3c4d5e6f';

/** Digits: no amount comes near it, and working with many takes long. */
const LONGEST_DECIMAL = 100;

/** By name, as an expression calls them with `$` in front. Nothing in gives nothing out. */
export function functionsFor(context: FunctionContext): Record<string, ExpressionFunction> {
	return {
		uuid: of((text) => uuid5(plainText('uuid', text), NAMESPACE)),
		exact: of((value) => exactNumber(decimal('exact', value))),
		minor: of((value, places = 2) => wholeNumber(rounded(big(decimal('minor', value)).times(10 ** whole('minor', places)), 0))),
		major: of((value, places = 2) => big(decimal('major', value)).div(10 ** whole('major', places)).toFixed(whole('major', places))),
		plus: both((a, b) => big(decimal('plus', a)).plus(decimal('plus', b)).toFixed()),
		minus: both((a, b) => big(decimal('minus', a)).minus(decimal('minus', b)).toFixed()),
		times: both((a, b) => big(decimal('times', a)).times(decimal('times', b)).toFixed()),
		divided: both((a, b, places = 6) => divided(decimal('divided', a), decimal('divided', b), whole('divided', places))),
		rounded: of((value, places = 2) => rounded(decimal('rounded', value), whole('rounded', places))),
		odata: of((text) => `'${plainText('odata', text).replace(/'/g, "''")}'`),
		time: of((value) => context.fromSystemTime(value)),
		toTime: of((time) => context.toSystemTime(moment('toTime', time))),
		date: of((value) => (context.toDate ? context.toDate(value) : dayOf(value))),
		keyOf: both((kind, id) => key(context, kind, id)),
	};
}

/** A function of which nothing is worked out when its first value is missing. */
function of(run: (first: unknown, second?: unknown) => unknown): ExpressionFunction {
	return { run: ((first: unknown, second?: unknown) => (first === undefined || first === null ? undefined : run(first, second))) as never };
}

/** The same where two values are needed. */
function both(run: (first: unknown, second: unknown, third?: unknown) => unknown): ExpressionFunction {
	return { run: ((first: unknown, second: unknown, third?: unknown) => (first === undefined || first === null || second === undefined || second === null ? undefined : run(first, second, third))) as never };
}

function decimal(name: string, value: unknown): string {
	const text = typeof value === 'number' || typeof value === 'string' ? decimalText(value) : undefined;
	if (text === undefined) throw new ExpressionFault(`$${name} was given ${shown(value)}, which is no decimal number`);
	if (text.length > LONGEST_DECIMAL) throw new ExpressionFault(`$${name} was given a number of ${text.length} digits; ${LONGEST_DECIMAL} are the most`);
	return text;
}

function whole(name: string, value: unknown): number {
	if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 20) return value;
	throw new ExpressionFault(`$${name} was given ${shown(value)} as its number of decimals; a whole number from 0 to 20 is meant`);
}

/** Beyond 2^53 with all its digits. */
function wholeNumber(digits: string): unknown {
	return Number.isSafeInteger(Number(digits)) ? Number(digits) : exactNumber(digits);
}

function divided(a: string, b: string, places: number): string {
	if (big(b).eq(0)) throw new ExpressionFault('$divided was asked to divide by zero');
	return rounded(big(a).div(b), places);
}

function plainText(name: string, value: unknown): string {
	if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
	throw new ExpressionFault(`$${name} was given ${shown(value)} instead of a text`);
}

function dayOf(value: unknown): string {
	return /^\d{4}-\d\d-\d\d/.exec(plainText('date', value))?.[0] ?? iso(Date.parse(moment('date', value))).slice(0, 10);
}

function moment(name: string, value: unknown): string {
	const text = plainText(name, value);
	if (Number.isNaN(Date.parse(text))) throw new ExpressionFault(`$${name} was given "${text}", which is no time`);
	return text;
}

function key({ installation, moduleOf }: FunctionContext, kind: unknown, id: unknown): string {
	const known = KINDS.find((one) => one === kind);
	if (!known) throw new ExpressionFault(`$keyOf was given ${shown(kind)}; it knows ${KINDS.join(', ')}`);
	return formatKey({ installation, module: moduleOf(known) ?? known, id: plainText('keyOf', id) });
}

function shown(value: unknown): string {
	const text = JSON.stringify(value) ?? String(value);
	return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
