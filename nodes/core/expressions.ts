// Owns running a user's JSONata: limits on time, depth and size, regular expressions that cannot hang, words for what
// went wrong. The only file that imports jsonata and re2js. No n8n, no network.
import jsonata from 'jsonata';
import { RE2JS } from 're2js';
import { isRecord } from './values';

/** An expression that runs longer, calls deeper, or makes longer lists is stopped. */
const LIMITS = { timeout: 2_000, stack: 300, sequence: 100_000 };
const LONGEST_TEXT = 100_000;
/** Characters of a text, and values in a structure, that one step may make: JSONata itself counts neither. */
const STEP = { text: 16_000_000, values: 3_000_000 };

/** Implementation and JSONata signature, e.g. `<s:s>`. */
export interface ExpressionFunction {
	run: (...values: never[]) => unknown;
	signature?: string;
}

export interface Expression {
	readonly text: string;
	/**
	 * @param bindings values and functions that `$name` stands for, beside JSONata's own
	 * @throws ExpressionFault
	 */
	evaluate(input: unknown, bindings?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** What an expression did wrong, with its position in the text. */
export class ExpressionFault extends Error {
	constructor(message: string, cause?: unknown) {
		super(message, { cause });
	}
}

/**
 * @param functions beside JSONata's own
 * @throws ExpressionFault when the text is no expression
 */
export function compileExpression(text: string, functions: Readonly<Record<string, ExpressionFunction>> = {}): Expression {
	const compiled = attempt(() => jsonata(text, { ...LIMITS, RegexEngine: LinearRegExp as unknown as RegExpConstructor }));
	compiled.assign(AFTER_EACH_STEP as unknown as string, checkStep);
	for (const [name, { run, signature }] of Object.entries({ ...OWN, ...functions })) compiled.registerFunction(name, run as (...values: unknown[]) => unknown, signature);
	return {
		text,
		evaluate: async (input, bindings = {}) => {
			try {
				return plain(await inTurn(async () => (await compiled.evaluate(input, bindings)) as unknown), 0);
			} catch (error) {
				throw asFault(error);
			}
		},
	};
}

let turn: Promise<unknown> = Promise.resolve();
/** What runs now: when it must be done (ms), how many values lie in what it made. */
let now = { until: Infinity, values: new WeakMap<object, number>() };

/**
 * One evaluation after the other: the limit is time on the wall, and many side by side would use up each other's. The
 * functions that are given must therefore evaluate nothing themselves.
 */
async function inTurn<T>(run: () => Promise<T>): Promise<T> {
	const result = turn.then(async () => {
		now = { until: Date.now() + LIMITS.timeout, values: new WeakMap() };
		return await run();
	});
	turn = result.catch(() => undefined);
	return await result;
}

function attempt<T>(run: () => T): T {
	try {
		return run();
	} catch (error) {
		throw asFault(error);
	}
}

const AFTER_EACH_STEP = Symbol.for('jsonata.__evaluate_exit');

/** One value that stands twice in another doubles it without using memory, until it is written or compared. */
function checkStep({ type }: { type: string }, _input: unknown, _environment: unknown, result: unknown): void {
	if (typeof result === 'string' && result.length > STEP.text) throw new ExpressionFault(`it makes a text of more than ${STEP.text} characters`);
	if (type === 'unary' && valuesIn(result) > STEP.values) throw new ExpressionFault(`it makes a value that holds more than ${STEP.values} others`);
}

function valuesIn(value: unknown): number {
	if (typeof value !== 'object' || value === null || '_jsonata_lambda' in value) return 1;
	const known = now.values.get(value);
	if (known !== undefined) return known;
	let count = 1;
	for (const member of Object.values(value)) count += valuesIn(member);
	now.values.set(value, count);
	return count;
}

/** What would let an expression do more than it should, or fill the memory in one step. */
const OWN: Record<string, ExpressionFunction> = {
	eval: {
		run: () => {
			throw new ExpressionFault('$eval is not available: it would run what a record says');
		},
	},
	pad: { run: pad as never, signature: '<s-ns?:s>' },
	distinct: { run: distinct as never, signature: '<x:x>' },
};

/** JSONata's own compares each with each, which takes minutes for some ten thousand records. */
function distinct(this: { createSequence(): unknown[] }, given: unknown): unknown {
	if (!Array.isArray(given) || given.length <= 1) return given;
	const result = 'sequence' in given ? this.createSequence() : [];
	const known = new Set<string>();
	for (const value of given as unknown[]) {
		const text = JSON.stringify(value, (_name, member: unknown) => (isRecord(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member)) ?? String(value);
		if (known.size < known.add(text).size) result.push(value);
	}
	return result;
}

function pad(text: string, width: number, filler = ' '): string {
	const missing = Math.abs(width) - [...text].length;
	if (missing <= 0 || filler === '') return text;
	if (missing > LONGEST_TEXT) throw new ExpressionFault(`$pad to ${Math.abs(width)} characters is more than ${LONGEST_TEXT}`);
	const fill = [...filler.repeat(Math.ceil(missing / [...filler].length))].slice(0, missing).join('');
	return width < 0 ? fill + text : text + fill;
}

/**
 * The result as plain data: JSONata's lists carry hidden members, and its functions are objects that hold themselves.
 * Objects of a class are values of the functions that were given, and stay.
 */
function plain(value: unknown, depth: number): unknown {
	if (typeof value === 'function' || (isRecord(value) && (value._jsonata_lambda === true || value._jsonata_function === true))) throw new ExpressionFault('it gives a function, not a value');
	if (typeof value === 'number' && !Number.isFinite(value)) throw new ExpressionFault('it gives a number that is not finite');
	if (typeof value !== 'object' || value === null) return value;
	if (depth > LIMITS.stack) throw new ExpressionFault(`it gives a value nested deeper than ${LIMITS.stack}`);
	if (Array.isArray(value)) return value.map((member) => plain(member, depth + 1) ?? null);
	const prototype: unknown = Object.getPrototypeOf(value);
	if (prototype !== null && prototype !== Object.prototype) return value;
	const entries = Object.entries(value).map(([name, member]): [string, unknown] => [name, plain(member, depth + 1)]);
	return Object.fromEntries(entries.filter(([, member]) => member !== undefined));
}

function asFault(error: unknown): ExpressionFault {
	const { message, position, code } = isRecord(error) || error instanceof Error ? (error as { message?: unknown; position?: unknown; code?: unknown }) : {};
	if (error instanceof ExpressionFault && typeof position !== 'number') return error;
	const what = typeof message === 'string' && message !== '' ? message : String(error);
	const where = typeof position === 'number' ? ` at position ${position}` : '';
	return new ExpressionFault(`${what}${where}${typeof code === 'string' ? ` (${code})` : ''}`, error instanceof ExpressionFault ? error.cause : error);
}

/** JavaScript's own engine takes exponential time for some patterns and cannot be stopped; RE2's is linear. */
class LinearRegExp {
	lastIndex = 0;
	private readonly compiled: RE2JS;

	constructor(pattern: RegExp) {
		const flags = (pattern.flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) | (pattern.flags.includes('m') ? RE2JS.MULTILINE : 0);
		try {
			this.compiled = RE2JS.compile(RE2JS.translateRegExp(pattern.source), flags);
		} catch (error) {
			throw new ExpressionFault(`the regular expression /${pattern.source}/ cannot be used: look-ahead, look-behind and references to groups are not available`, error);
		}
	}

	exec(text: string): (Array<string | undefined> & { index: number }) | null {
		// Each match is found in linear time, but a long text may hold many.
		if (Date.now() > now.until) throw new ExpressionFault(`a regular expression takes longer than ${LIMITS.timeout / 1_000} seconds`);
		const matcher = this.compiled.matcher(text);
		if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) return null;
		const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? undefined);
		this.lastIndex = matcher.end();
		return Object.assign(groups, { index: matcher.start() });
	}
}
