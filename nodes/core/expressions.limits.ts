// Owns how much one expression may take: time, depth, the size of what it makes.
// Must not know what the functions of expressions do. No n8n, no network.

/** An expression that runs longer, calls deeper, or makes longer lists is stopped. */
export const LIMITS = { timeout: 2_000, stack: 300, sequence: 100_000, source: 20_000 };
/** Characters of a text, and values in a structure, that one step may make: JSONata itself counts neither. */
const STEP = { text: 4_000_000, values: 5_000_000, members: 10_000 };
/** So many characters of a text weigh as much as one value. */
const CHARACTERS = 16;

/** What an expression did wrong, with its position in the text. */
export class ExpressionFault extends Error {
	constructor(message: string, cause?: unknown) {
		super(message, { cause });
	}
}

let turn: Promise<unknown> = Promise.resolve();
/** What runs now: when it must be done (ms), how many values lie in what it made. */
let now = { until: Infinity, values: new WeakMap<object, number>() };

/**
 * One evaluation after the other: the limit is time on the wall, and many side by side would use up each other's. The
 * functions that are given must therefore evaluate nothing themselves.
 */
export async function inTurn<T>(run: () => Promise<T>): Promise<T> {
	const result = turn.then(async () => {
		now = { until: Date.now() + LIMITS.timeout, values: new WeakMap() };
		return await run();
	});
	turn = result.catch(() => undefined);
	return await result;
}

/** @param what takes too long, for the message */
export function checkTime(what: string): void {
	if (Date.now() > now.until) throw new ExpressionFault(`${what} takes longer than ${LIMITS.timeout / 1_000} seconds`);
}

export function checkText(length: number): void {
	if (length > STEP.text) throw new ExpressionFault(`it makes a text of more than ${STEP.text} characters`);
}

/** Steps that can make something larger than what they are given; all others hand it on. */
const MAKING = new Set(['unary', 'binary', 'function', 'apply', 'path']);

/** One value that stands twice in another doubles it without using memory, until it is written or compared. */
export function checkStep(step: { type: string; group?: unknown }, result: unknown): void {
	if (!MAKING.has(step.type) && step.group === undefined) return;
	// A path only finds a text.
	if (typeof result === 'string') return step.type === 'path' ? undefined : checkText(result.length);
	if (valuesIn(result) > STEP.values) throw new ExpressionFault(`it makes a value that holds more than ${STEP.values} others`);
}

/** For "*" JSONata copies what it has anew for each member that is a list. */
export function checkInput({ type }: { type: string }, input: unknown): void {
	if (type === 'wildcard' && typeof input === 'object' && input !== null && Object.keys(input).length > STEP.members) throw new ExpressionFault(`"*" stands for more than ${STEP.members} members`);
}

function valuesIn(value: unknown): number {
	if (typeof value === 'string') return 1 + Math.floor(value.length / CHARACTERS);
	if (typeof value !== 'object' || value === null || '_jsonata_lambda' in value) return 1;
	const known = now.values.get(value);
	if (known !== undefined) return known;
	let count = 1;
	for (const member of Object.values(value)) count += valuesIn(member);
	now.values.set(value, count);
	return count;
}
