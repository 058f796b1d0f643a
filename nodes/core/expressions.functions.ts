// Owns the functions that stand in for JSONata's own, where these would let an expression do more than it should, take
// time that nobody counts, or fill the memory in one step. Must not know JSONata's engine. No n8n, no network.
import { checkText, checkTime, ExpressionFault } from './expressions.limits';
import { isRecord } from './values';

/** Implementation and JSONata signature, e.g. `<s:s>`. */
export interface ExpressionFunction {
	run: (...values: never[]) => unknown;
	signature?: string;
}

type Run = (this: unknown, ...values: unknown[]) => unknown;
/** What JSONata calls a function on. */
interface Focus {
	createSequence(): unknown[];
}

const LONGEST_PADDING = 100_000;
/** No written time is longer. */
const LONGEST_TIME = 200;

/** @param native JSONata's own function of that name */
export function ownFunctions(native: (name: string) => Promise<Run>): Record<string, ExpressionFunction> {
	// They call a function for each member; with one of JSONata's own no step is made, at which time is looked at.
	const timed = (name: string, signature: string): ExpressionFunction => ({
		signature,
		async run(this: unknown, ...values: unknown[]) {
			return await (await native(name)).apply(this, values.map((value) => (typeof value === 'function' ? watched(value as Run, `$${name}`) : value)));
		},
	});
	return {
		map: timed('map', '<af>'),
		filter: timed('filter', '<af>'),
		single: timed('single', '<af?>'),
		reduce: timed('reduce', '<afj?:j>'),
		each: timed('each', '<o-f:a>'),
		sift: timed('sift', '<o-f?:o>'),
		eval: { run: refuseEval },
		pad: { run: pad as never, signature: '<s-ns?:s>' },
		join: { run: join as never, signature: '<a<s>s?:s>' },
		distinct: { run: distinct as never, signature: '<x:x>' },
		spread: { run: spread as never, signature: '<x-:a<o>>' },
		sort: { run: sort as never, signature: '<af?:a>' },
		clone: { run: copied as never, signature: '<(oa)-:o>' },
		toMillis: {
			signature: '<s-s?:n>',
			async run(this: unknown, text: unknown, picture: unknown) {
				if (typeof text === 'string' && typeof picture === 'string') checkPicture(text, picture);
				return await (await native('toMillis')).call(this, text, picture);
			},
		},
	};
}

/** Plain data once more; objects of a class are values of the functions that were given. */
export function copied(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(copied);
	if (typeof value === 'function' || isFunction(value)) return undefined;
	return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copied(member)])) : value;
}

/** JSONata's own functions, and those of an expression, are objects. */
export function isFunction(value: unknown): boolean {
	return isRecord(value) && (value._jsonata_lambda === true || value._jsonata_function === true);
}

function isPlain(value: unknown): value is Record<string, unknown> {
	if (!isRecord(value)) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === null || prototype === Object.prototype;
}

function watched(call: Run & { arity?: number }, name: string): Run {
	const run = async function (this: unknown, ...values: unknown[]): Promise<unknown> {
		checkTime(name);
		return await call.apply(this, values);
	};
	return Object.assign(run, { arity: call.arity ?? call.length });
}

function refuseEval(): never {
	throw new ExpressionFault('$eval is not available: it would run what a record says');
}

function pad(text: string, width: number, filler = ' '): string {
	const missing = Math.abs(width) - [...text].length;
	if (missing <= 0 || filler === '') return text;
	if (missing > LONGEST_PADDING) throw new ExpressionFault(`$pad to ${Math.abs(width)} characters is more than ${LONGEST_PADDING}`);
	const fill = [...filler.repeat(Math.ceil(missing / [...filler].length))].slice(0, missing).join('');
	return width < 0 ? fill + text : text + fill;
}

function join(texts: readonly string[] | undefined, between = ''): string | undefined {
	if (texts === undefined) return undefined;
	checkText(texts.reduce((length, text) => length + text.length + between.length, 0));
	return texts.join(between);
}

/** JSONata's own compares each with each, which takes minutes for some ten thousand records. */
function distinct(this: Focus, given: unknown): unknown {
	if (!Array.isArray(given) || given.length <= 1) return given;
	const result = 'sequence' in given ? this.createSequence() : [];
	const known = new Set<string>();
	for (const value of given as unknown[]) {
		const text = JSON.stringify(value, (_name, member: unknown) => (isRecord(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member)) ?? String(value);
		if (known.size < known.add(text).size) result.push(value);
	}
	return result;
}

/** JSONata's own copies the result anew for each member. */
function spread(this: Focus, given: unknown): unknown {
	if (!Array.isArray(given) && !isPlain(given)) return given;
	const result = this.createSequence();
	const add = (value: unknown): void => {
		if (Array.isArray(value)) value.forEach(add);
		else if (isPlain(value) && !isFunction(value)) for (const entry of Object.entries(value)) result.push(Object.fromEntries([entry]));
		else if (value !== undefined) result.push(value);
	};
	add(given);
	return result;
}

/** Merges runs of two, four, eight: JSONata's own copies the rest of a run for each member of it. Equal ones stay in order. */
async function sort(given: unknown[] | undefined, isAfter?: (a: unknown, b: unknown) => Promise<unknown>): Promise<unknown[] | undefined> {
	if (given === undefined || given.length <= 1) return given;
	if (!isAfter) return inOrder(given);
	let runs = given.map((value) => [value]);
	while (runs.length > 1) {
		const longer: unknown[][] = [];
		for (let i = 0; i < runs.length; i += 2) longer.push(await merged(runs[i]!, runs[i + 1] ?? [], isAfter));
		runs = longer;
	}
	return runs[0];
}

async function merged(left: readonly unknown[], right: readonly unknown[], isAfter: (a: unknown, b: unknown) => Promise<unknown>): Promise<unknown[]> {
	const result: unknown[] = [];
	let [i, j] = [0, 0];
	while (i < left.length && j < right.length) {
		checkTime('$sort');
		result.push((await isAfter(left[i], right[j])) ? right[j++] : left[i++]);
	}
	return [...result, ...left.slice(i), ...right.slice(j)];
}

function inOrder(given: readonly unknown[]): unknown[] {
	const type = typeof given[0];
	if ((type !== 'number' && type !== 'string') || given.some((value) => typeof value !== type)) throw Object.assign(new Error('D3070'), { code: 'D3070' });
	return [...(given as Array<string | number>)].sort((a, b) => (a > b ? 1 : a < b ? -1 : 0));
}

/** Markers of digits; beside each other they are read by their widths, but for the fraction. */
const DIGITS = /^[YMDdHhmsXxWwf][#01]*o?$/;
const FRACTION = /^f/;

/**
 * JSONata makes a regular expression of the picture for JavaScript's own engine, which takes exponential time where one
 * piece of the text fits several markers beside each other.
 */
function checkPicture(text: string, picture: string): void {
	if (text.length > LONGEST_TIME || picture.length > LONGEST_TIME) throw new ExpressionFault(`$toMillis was given a text or picture of more than ${LONGEST_TIME} characters`);
	const plain = picture.replace(/\[\[/g, '(').replace(/\s+(?=[^[\]]*\])/g, '');
	const markers = [...plain.matchAll(/\[([^[\]]*)\]/g)].map((match) => ({ name: match[1]!.replace(/,[^,]*$/, ''), from: match.index, to: match.index + match[0].length }));
	const unclear = markers.some(({ name, from }, i) => {
		const before = markers[i - 1];
		if (!before || /^[Zz]/.test(name)) return false;
		const between = plain.slice(before.to, from);
		if (between === '') return [before.name, name].some((one) => !DIGITS.test(one) || FRACTION.test(one));
		return (DIGITS.test(before.name) ? /^\d+$/ : /^\p{L}+$/u).test(between);
	});
	if (unclear || markers.filter(({ name }) => /w/i.test(name.slice(1))).length > 1) throw new ExpressionFault(`$toMillis cannot tell the parts of the picture "${picture}" apart: put a sign such as "-" between them`);
}
