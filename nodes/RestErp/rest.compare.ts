// Owns the comparison of what would be sent with what the API holds, loosely: only what is meant counts, and spelling
// does not. Pure; must not know profiles or calls.
import { isRecord } from '../core/values';
import { ExactNumber } from './rest.json';

/** One place where the two differ. A missing `before` or `after`: nothing there. */
export interface Difference {
	/** `lines[0].price`. */
	path: string;
	before?: string;
	after?: string;
}

type Step = string | number;

const PLAIN_DECIMAL = /^-?(\d+(\.\d+)?|\.\d+)$/;
/** A postal code or an article number, though all its characters are digits. */
const NOT_A_NUMBER = /^-?0\d/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;
const LONGEST_SHOWN = 300;

/**
 * Where the body differs from what is there. Only what the body holds is looked at. Decimals are equal by value, `null`,
 * '' and nothing are one, lists are compared by position and length, and a list of one is its only member.
 *
 * @param ignore paths in the body that are not compared; those below them neither: `lines.key`
 */
export function compare(body: unknown, current: unknown, ignore: readonly string[] = []): Difference[] {
	return differences(body, current, [], ignore);
}

function differences(body: unknown, current: unknown, steps: readonly Step[], ignore: readonly string[]): Difference[] {
	if (body === undefined || isAt(steps, ignore)) return [];
	if (Array.isArray(body)) return ofLists(body, asList(current), steps, ignore);
	const other = Array.isArray(current) && current.length === 1 ? (current as unknown[])[0] : current;
	if (isPlain(body)) return Object.entries(body).flatMap(([name, value]) => differences(value, isRecord(other) && Object.hasOwn(other, name) ? other[name] : undefined, [...steps, name], ignore));
	return same(body, other) ? [] : [{ path: pathOf(steps), ...shown(other, body) }];
}

function ofLists(body: readonly unknown[], current: readonly unknown[], steps: readonly Step[], ignore: readonly string[]): Difference[] {
	const both = body.slice(0, current.length).flatMap((value, i) => differences(value ?? null, current[i], [...steps, i], ignore));
	const added = body.slice(current.length).map((value, i) => ({ path: pathOf([...steps, current.length + i]), ...shown(undefined, value) }));
	const removed = current.slice(body.length).map((value, i) => ({ path: pathOf([...steps, body.length + i]), ...shown(value, undefined) }));
	return [...both, ...added, ...removed];
}

function asList(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : isEmpty(value) ? [] : [value];
}

/** Whether a path is one of those, or lies below one. Positions in lists may be left out. */
function isAt(steps: readonly Step[], paths: readonly string[]): boolean {
	return paths.length > 0 && steps.length > 0 && lies(pathOf(steps), paths);
}

/** Whether a path is one of those, or lies below one: `lines[0].key` at `lines.key` and at `lines`. */
export function lies(path: string, paths: readonly string[]): boolean {
	const ways = [path, path.replace(/\[\d+\]/g, '')];
	return paths.some((wanted) => ways.some((way) => way === wanted || way.startsWith(`${wanted}.`) || way.startsWith(`${wanted}[`)));
}

/** The body less what lies at the paths. */
export function without(body: unknown, paths: readonly string[]): unknown {
	return paths.length === 0 ? body : kept(body, [], paths);
}

function kept(value: unknown, steps: readonly Step[], paths: readonly string[]): unknown {
	if (Array.isArray(value)) return value.map((member, i) => kept(member, [...steps, i], paths));
	if (!isPlain(value)) return value;
	const entries = Object.entries(value).filter(([name]) => !isAt([...steps, name], paths));
	return Object.fromEntries(entries.map(([name, member]) => [name, kept(member, [...steps, name], paths)]));
}

/** Of the body only what differs; a list in which anything differs is whole. */
export function onlyChanged(body: unknown, found: readonly Difference[]): unknown {
	return changed(body, [], found) ?? {};
}

function changed(value: unknown, steps: readonly Step[], found: readonly Difference[]): unknown {
	if (steps.length > 0 && !found.some(({ path }) => lies(path, [pathOf(steps)]))) return undefined;
	if (!isPlain(value)) return value;
	const entries = Object.entries(value).map(([name, member]): [string, unknown] => [name, changed(member, [...steps, name], found)]);
	return Object.fromEntries(entries.filter(([, member]) => member !== undefined));
}

function pathOf(steps: readonly Step[]): string {
	return steps.reduce<string>((path, step) => (typeof step === 'number' ? `${path}[${step}]` : path ? `${path}.${step}` : step), '');
}

function isPlain(value: unknown): value is Record<string, unknown> {
	return isRecord(value) && !(value instanceof ExactNumber);
}

function isEmpty(value: unknown): boolean {
	if (Array.isArray(value)) return value.length === 0;
	return value === undefined || value === null || (typeof value === 'string' && value.trim() === '') || (isPlain(value) && Object.keys(value).length === 0);
}

function same(a: unknown, b: unknown): boolean {
	if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b);
	const [left, right] = [textOf(a), textOf(b)];
	if (left === right) return true;
	if (left === undefined || right === undefined) return false;
	const texts = typeof a === 'string' && typeof b === 'string';
	if (PLAIN_DECIMAL.test(left) && PLAIN_DECIMAL.test(right)) return !(texts && [left, right].some((text) => NOT_A_NUMBER.test(text))) && digits(left) === digits(right);
	if (typeof a === 'boolean' || typeof b === 'boolean') return truth(left) !== undefined && truth(left) === truth(right);
	if (INSTANT.test(left) && INSTANT.test(right)) return Date.parse(left) === Date.parse(right);
	return clock(left) !== undefined && clock(left) === clock(right);
}

/** Databases without a type for it keep 1 and 0. */
function truth(text: string): boolean | undefined {
	return { true: true, '1': true, false: false, '0': false }[text.toLowerCase()];
}

/** A time without zone in one spelling; a day is its midnight, with which many servers give it back. */
function clock(text: string): string | undefined {
	const [, day, minute = '00:00', second = '00', fraction = '', zone] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d*?)0*)?)?(Z|\+00:?00)?)?$/.exec(text) ?? [];
	const time = `${minute}:${second}.${fraction}`;
	return day === undefined || (zone !== undefined && time !== '00:00:00.') ? undefined : `${day}T${time}`;
}

/** A decimal in one spelling only, however many digits it has. */
function digits(decimal: string): string {
	const [, sign, whole, fraction = ''] = /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/.exec(decimal.replace(/^(-?)\./, '$10.')) ?? [];
	const text = fraction ? `${whole}.${fraction}` : whole!;
	return text === '0' ? text : `${sign}${text}`;
}

/** Servers turn line ends, drop blanks at the ends, and compose letters. */
function textOf(value: unknown): string | undefined {
	if (value instanceof ExactNumber) return value.toString();
	if (typeof value === 'number') return decimalOf(value);
	if (typeof value === 'boolean') return String(value);
	return typeof value === 'string' ? value.replace(/\r\n?/g, '\n').trim().normalize('NFC') : undefined;
}

/** `1e-7` and `1e21` are written out. */
function decimalOf(value: number): string {
	const text = String(value);
	const [, sign, whole, fraction = '', exponent] = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
	if (exponent === undefined) return text;
	const shift = Number(exponent);
	if (shift < 0) return `${sign}0.${'0'.repeat(-shift - 1)}${whole}${fraction}`;
	return `${sign}${whole}${fraction.padEnd(shift, '0')}`;
}

function shown(before: unknown, after: unknown): Omit<Difference, 'path'> {
	const [was, is] = [show(before), show(after)];
	return { ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) };
}

/** A value as a person reads it; nothing for what is empty. */
export function show(value: unknown): string | undefined {
	if (isEmpty(value)) return undefined;
	const text = typeof value === 'string' ? value : value instanceof ExactNumber ? value.toString() : JSON.stringify(value);
	return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}

/** As an outcome tells them. */
export function describe(found: readonly Difference[]): Record<string, { before?: string; after?: string }> {
	return Object.fromEntries(found.map(({ path, ...values }) => [path, values]));
}

/** `phone: 1 there, 2 here; ...`, as messages tell differences. */
export function inWords(found: readonly Difference[], there: string): string {
	const told = found.slice(0, 8).map(({ path, before, after }) => `${path}: ${before ?? 'nothing'} in ${there}, ${after ?? 'nothing'} here`);
	return [...told, ...(found.length > 8 ? [`and ${found.length - 8} more`] : [])].join('; ');
}
