// Owns reading 1C's JSON without losing digits. Knows no set.

/** JavaScript keeps 15 significant digits of any decimal, no more for sure. */
const SAFE_DIGITS = 15;
const LONG_NUMBER = /[:,[]\s*-?[\d.]{16,}/;
/** A string, or a number outside of strings. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Stand unescaped in texts of 1C now and then, and make the whole answer unreadable (reference 7). */
 
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

/**
 * The value of a JSON text, or undefined when it is none (or only a part of one). A number with more digits than
 * JavaScript can hold becomes the text of it.
 */
export function parseExact(text: string): unknown {
	const start = text.trimStart()[0];
	if (start !== '{' && start !== '[') return undefined;
	const exact = LONG_NUMBER.test(text) ? text.replace(TOKENS, (token) => (isLong(token) ? `"${token}"` : token)) : text;
	return parse(exact) ?? (hasControl(exact) ? parse(exact.replace(CONTROL, escaped)) : undefined);
}

function isLong(token: string): boolean {
	return token[0] !== '"' && token.replace(/[eE].*$/, '').replace(/\D/g, '').replace(/^0+/, '').length > SAFE_DIGITS;
}

function hasControl(text: string): boolean {
	return text.search(CONTROL) >= 0;
}

function escaped(letter: string): string {
	return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
