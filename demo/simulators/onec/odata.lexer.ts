// Owns cutting an OData expression into tokens (reference 5).
// Must not know: grammar, types of properties.
import { badOption, badValue } from './errors';
import { isDate, isGuid } from './values';

export type Token =
	| { kind: 'string' | 'guid' | 'datetime' | 'word' | 'sign'; text: string }
	| { kind: 'number'; text: string; value: number };

const RULES: ReadonlyArray<[Token['kind'], RegExp]> = [
	['guid', /guid'([^']*)'/y],
	['datetime', /datetime'([^']*)'/y],
	['string', /'((?:[^']|'')*)'/y],
	['number', /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?:[LMdfm]\b)?/y],
	['word', /[\p{L}_$*][\p{L}\p{N}_]*/uy],
	['sign', /[(),/:=]/y],
];

/** Throws code 14 for what no rule knows, code 1 for a literal that is no value of its type. */
export function tokens(text: string, option: string): Token[] {
	const found: Token[] = [];
	let at = 0;
	while (at < text.length) {
		if (/\s/.test(text[at] ?? '')) {
			at++;
			continue;
		}
		const token = match(text, at);
		if (!token) throw badOption(option);
		found.push(checked(token.token));
		at = token.end;
	}
	return found;
}

function match(text: string, at: number): { token: Token; end: number } | undefined {
	for (const [kind, rule] of RULES) {
		rule.lastIndex = at;
		const found = rule.exec(text);
		if (!found) continue;
		const body = found[1] ?? found[0];
		const token: Token = kind === 'number' ? { kind, text: body, value: Number.parseFloat(body) } : { kind, text: kind === 'string' ? body.replaceAll("''", "'") : body };
		return { token, end: rule.lastIndex };
	}
	return undefined;
}

function checked(token: Token): Token {
	if (token.kind === 'guid' && !isGuid(token.text)) throw badValue(token.text, 'Edm.Guid');
	if (token.kind === 'datetime' && !isDate(token.text)) throw badValue(token.text, 'Edm.DateTime');
	return token.kind === 'guid' ? { ...token, text: token.text.toLowerCase() } : token;
}
