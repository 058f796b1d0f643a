// Owns running a user's JSONata: limits on time, depth and size, regular expressions that cannot hang, words for what
// went wrong. The only file that imports jsonata and re2js. No n8n, no network.
import jsonata from 'jsonata';
import { RE2JS } from 're2js';
import { copied, type ExpressionFunction, isFunction, ownFunctions } from './expressions.functions';
import { checkInput, checkStep, checkTime, ExpressionFault, inTurn, LIMITS } from './expressions.limits';
import { isRecord } from './values';

export { ExpressionFault, type ExpressionFunction };

export interface Expression {
	readonly text: string;
	/**
	 * @param bindings values and functions that `$name` stands for, beside JSONata's own
	 * @throws ExpressionFault
	 */
	evaluate(input: unknown, bindings?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/**
 * @param functions beside JSONata's own
 * @throws ExpressionFault when the text is no expression
 */
export function compileExpression(text: string, functions: Readonly<Record<string, ExpressionFunction>> = {}): Expression {
	if (text.length > LIMITS.source) throw new ExpressionFault(`it is longer than ${LIMITS.source} characters`);
	const compiled = attempt(() => jsonata(text, { ...LIMITS, RegexEngine: LinearRegExp as unknown as RegExpConstructor }));
	const nodes = nodesIn(compiled.ast());
	checkNumbers(nodes);
	mend(nodes);
	const patterns = patternsIn(nodes);
	compiled.assign(AFTER_EACH_STEP as unknown as string, (step: Step, _input: unknown, _environment: unknown, result: unknown) => {
		checkStep(step, result);
		if (patterns.has(step) && [result].flat().some(isFunction)) throw new ExpressionFault('a function cannot be changed');
	});
	if (nodes.some(({ type }) => type === 'wildcard')) compiled.assign(BEFORE_EACH_STEP as unknown as string, checkInput);
	for (const [name, { run, signature }] of Object.entries({ ...OWN, ...functions })) compiled.registerFunction(name, run as (...values: unknown[]) => unknown, signature);
	return {
		text,
		evaluate: async (input, bindings = {}) => {
			try {
				return plain(await inTurn(async () => (await compiled.evaluate(patterns.size === 0 ? input : copied(input), bindings)) as unknown), 0);
			} catch (error) {
				throw asFault(error);
			}
		},
	};
}

const BEFORE_EACH_STEP = Symbol.for('jsonata.__evaluate_entry');
const AFTER_EACH_STEP = Symbol.for('jsonata.__evaluate_exit');
const OWN = ownFunctions(async (name) => {
	const found = (await jsonata(`$${name}`).evaluate(undefined)) as { implementation: (this: unknown, ...values: unknown[]) => unknown };
	return found.implementation;
});

interface Step {
	type: string;
	group?: unknown;
	value?: unknown;
	pattern?: Step;
	position?: number;
}

/** All steps of an expression, in no order. */
function nodesIn(node: unknown, known: Step[] = []): Step[] {
	if (typeof node !== 'object' || node === null) return known;
	if ('type' in node && typeof node.type === 'string') known.push(node as Step);
	for (const member of Object.values(node)) nodesIn(member, known);
	return known;
}

/** A longer one, an id mostly, would become another. */
function checkNumbers(nodes: readonly Step[]): void {
	const long = nodes.find(({ type, value }) => type === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value));
	if (long) throw new ExpressionFault(`a number has more digits than are kept, at position ${long.position}: write it as a text, in quotes, or with $exact("...")`);
}

/** What a transform writes into: it may name more than the copy that it is given, even functions that all expressions share. */
function patternsIn(nodes: readonly Step[]): ReadonlySet<Step> {
	return new Set(nodes.flatMap(({ type, pattern }) => (type === 'transform' && pattern ? [pattern] : [])));
}

/**
 * JSONata copies what stands before "?:" and "??" through JSON, in which a regular expression becomes an empty object:
 * each copy gets its original's.
 */
function mend(nodes: readonly Step[]): void {
	const found = nodes.filter(({ type, value }) => type === 'regex' && typeof value === 'object');
	const isWhole = ({ value }: Step): boolean => value instanceof Object && 'flags' in value;
	const originals = new Map(found.filter(isWhole).map(({ position, value }) => [position, value]));
	for (const copy of found.filter((regex) => !isWhole(regex))) copy.value = originals.get(copy.position) ?? copy.value;
}

function attempt<T>(run: () => T): T {
	try {
		return run();
	} catch (error) {
		throw asFault(error);
	}
}

/**
 * The result as plain data: JSONata's lists carry hidden members, and its functions are objects that hold themselves.
 * Objects of a class are values of the functions that were given, and stay.
 */
function plain(value: unknown, depth: number): unknown {
	if (typeof value === 'function' || isFunction(value)) throw new ExpressionFault('it gives a function, not a value');
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
		checkTime('a regular expression');
		const matcher = this.compiled.matcher(text);
		if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) return null;
		const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? undefined);
		this.lastIndex = matcher.end();
		return Object.assign(groups, { index: matcher.start() });
	}
}
