// Owns reading the part of a URL after the service root: segments, keys, function arguments, raw query options (reference 1, 5).
// Must not know: which sets exist, what an option means.
import { badOption, noSegment } from './errors';

/** `Catalog_X(guid'...')` or `SliceLast(Condition='...')`: a name and what stood in its brackets. */
export interface Segment {
	name: string;
	/** Text between the brackets; undefined: no brackets. */
	inside: string | undefined;
}

export interface Target {
	segments: Segment[];
	/** Options as they came, percent-decoded; `+` is left alone, since it is no space here. */
	options: Map<string, string>;
	/** Names of options whose undecoded value held a `+`. */
	plus: Set<string>;
}

/** IIS takes no longer segment (reference 1). */
const SEGMENT_LIMIT = 260;

/** What IIS answers before 1C sees anything: `Invalid URL`. */
export class InvalidUrl extends Error {}

/** Splits at a character, but not inside brackets or quotes. */
export function split(text: string, at: string): string[] {
	const found: string[] = [''];
	let depth = 0;
	let quoted = false;
	for (const char of text) {
		if (char === "'") quoted = !quoted;
		if (!quoted && char === '(') depth++;
		if (!quoted && char === ')') depth--;
		if (char === at && depth === 0 && !quoted) found.push('');
		else found[found.length - 1] += char;
	}
	return found;
}

/** The undecoded path and query after the root. */
export function parseTarget(raw: string): Target {
	const mark = raw.indexOf('?');
	const path = mark < 0 ? raw : raw.slice(0, mark);
	const decoded = path.split('/').map(decodeSegment).join('/');
	const segments = split(decoded.replace(/^\//, '').replace(/\/$/, ''), '/').filter((s) => s !== '').map(segmentOf);
	return { segments, ...options(mark < 0 ? '' : raw.slice(mark + 1)) };
}

function decodeSegment(raw: string): string {
	const text = decode(raw);
	// Not even encoded: http.sys refuses these before the service is asked.
	if (text.length > SEGMENT_LIMIT || /[\u0000-\u001f?+\\]/.test(text)) throw new InvalidUrl(text);
	return text;
}

function decode(raw: string): string {
	try {
		return decodeURIComponent(raw);
	} catch {
		throw new InvalidUrl(raw);
	}
}

function segmentOf(text: string): Segment {
	const open = text.indexOf('(');
	if (open < 0) return { name: text, inside: undefined };
	if (!text.endsWith(')')) throw noSegment(text);
	return { name: text.slice(0, open), inside: text.slice(open + 1, -1) };
}

function options(raw: string): Pick<Target, 'options' | 'plus'> {
	const found = new Map<string, string>();
	const plus = new Set<string>();
	for (const pair of raw.split('&')) {
		if (pair === '') continue;
		const at = pair.indexOf('=');
		const name = decode(at < 0 ? pair : pair.slice(0, at));
		const value = at < 0 ? '' : pair.slice(at + 1);
		if (found.has(name)) throw badOption(name);
		if (value.includes('+')) plus.add(name);
		found.set(name, decode(value));
	}
	return { options: found, plus };
}

/** `A='x', B=guid'...'` as name to text between the quotes; a bare literal gets the name ''. */
export function keyArguments(inside: string): Map<string, Literal> {
	return new Map(
		split(inside, ',').map((argument) => {
			const at = /^\s*([\p{L}_][\p{L}\p{N}_]*)\s*=/u.exec(argument);
			return [at?.[1] ?? '', literal(at ? argument.slice(at[0].length) : argument)];
		}),
	);
}

/** `guid'x'` is `{ type: 'guid', text: 'x' }`; quoted text has the type `string`, the rest `bare`. */
export interface Literal {
	type: 'string' | 'guid' | 'datetime' | 'bare';
	text: string;
}

export function literal(raw: string): Literal {
	const match = /^(guid|datetime)?'(.*)'$/s.exec(raw.trim());
	if (!match) return { type: 'bare', text: raw.trim() };
	return { type: (match[1] as 'guid' | 'datetime' | undefined) ?? 'string', text: (match[2] ?? '').replaceAll("''", "'") };
}

const ARGUMENT = /(?:^|,)\s*(Condition|AccountCondition|BalancedAccountCondition|Dimensions|ExtraDimensions|Period|StartPeriod|EndPeriod|Top|Order|PostingModeOperational)\s*=/g;

/** Arguments of a function as text. Lenient as 1C is: inner quotes doubled or not, values quoted or not, dates as `datetime'...'` or `'...'`. */
export function functionArguments(inside: string): Map<string, string> {
	const starts = [...inside.matchAll(ARGUMENT)].filter((match) => !insideValue(inside, match.index));
	return new Map(
		starts.map((match, i) => {
			const value = inside.slice(match.index + match[0].length, starts[i + 1]?.index);
			return [match[1] ?? '', argumentValue(value)];
		}),
	);
}

/** A name inside a quoted value is no argument: there an odd number of quotes stands before it. */
const insideValue = (text: string, at: number): boolean => (text.slice(0, at).split("'").length - 1) % 2 === 1;

export function argumentValue(raw: string): string {
	const { type, text } = literal(raw);
	return type === 'bare' ? raw.trim() : text;
}
