// Owns JSON without loss: what a JavaScript number cannot hold exactly stays a text with all its digits, and a name
// that stands twice in one object is told instead of one of its values being dropped. No n8n, no network.
import { isSafeNumber, LosslessNumber, parse, stringify } from 'lossless-json';

/** A number that is written with exactly these digits; see `$exact`. */
export { LosslessNumber as ExactNumber } from 'lossless-json';

/** No document comes near it; what is much deeper overflows the stack of whoever looks at it. */
const DEEPEST = 300;

/**
 * @param text JSON
 * @param asNumbers what does not fit a number becomes one that is written with the same digits, not a text
 * @throws SyntaxError with the position
 */
export function parseJson(text: string, asNumbers = false): unknown {
	if (depthOf(text) > DEEPEST) throw new SyntaxError(`It is nested deeper than ${DEEPEST}`);
	// A byte order mark is no part of the text (RFC 8259, section 8.1).
	return parse(text.replace(/^\uFEFF/, ''), refusePrototype, asNumbers ? digitByDigit : exactly);
}

/** JSON text; members that are undefined are left out. */
export function writeJson(value: unknown): string {
	return stringify(value) ?? 'null';
}

/** 18 digits of an id do not fit a number; 0.1 does, as far as anybody writes it. */
function exactly(digits: string): number | string {
	return isSafeNumber(digits) ? Number(digits) : digits;
}

function digitByDigit(digits: string): number | LosslessNumber {
	return isSafeNumber(digits) ? Number(digits) : new LosslessNumber(digits);
}

function refusePrototype(name: string, value: unknown): unknown {
	if (name === '__proto__') throw new SyntaxError('The name "__proto__" is not taken');
	return value;
}

/** @throws TypeError when the digits are no JSON number */
export function exactNumber(digits: string): LosslessNumber {
	if (!/^-?(0|[1-9]\d*)(\.\d+)?$/.test(digits)) throw new TypeError(`"${digits}" is not a decimal number`);
	return new LosslessNumber(digits);
}

/** How deep lists and objects stand in each other, whether it is valid or not. */
function depthOf(text: string): number {
	let [depth, deepest, quoted] = [0, 0, false];
	for (let i = 0; i < text.length; i++) {
		const sign = text[i];
		if (sign === '"') quoted = !quoted;
		else if (quoted) i += sign === '\\' ? 1 : 0;
		else if (sign === '{' || sign === '[') deepest = Math.max(deepest, ++depth);
		else if (sign === '}' || sign === ']') depth--;
	}
	return deepest;
}
