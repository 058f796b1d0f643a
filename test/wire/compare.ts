// Owns how a replayed answer is held against the recorded one, and the count of matches and exceptions.
// Must not know: any system's protocol, where fixtures lie, any client or simulator code.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One thing in which two answers differ: `path` as `result[0].amount`, `reason` in words. */
export interface Difference {
	path: string;
	reason: string;
}

/** What a rule is asked about: the full path, the last key and both values. */
export interface Place {
	path: string;
	key: string;
	expected: unknown;
	actual: unknown;
}

export interface CompareOptions {
	/** `false`: only structure and JSON types are compared. Default `true`: leaf values too. */
	values?: boolean;
	/** Places where the value is free (ids, times, session names) but the JSON type is not. */
	volatile?: (place: Place) => boolean;
	/** Places that are not looked at, nor anything below them; also asked for a key that one side lacks. */
	ignore?: (place: Place) => boolean;
	/** Places that count as equal although they differ (a system's own equivalences). */
	equal?: (place: Place) => boolean;
	/**
	 * `ordered` (default): element by element, same length. `alike`: lengths may differ, and every actual element
	 * is compared in shape only with the first expected one (lists that depend on unrecorded history).
	 */
	arrays?: 'ordered' | 'alike' | ((place: Place) => 'ordered' | 'alike');
}

/**
 * Stands in trimmed fixtures for bulk that was cut: as a value it says that something is there, as the last element
 * of a list that more elements followed.
 */
export const TRIMMED = '(trimmed)';

/** The JSON type of a value: `null`, `array`, `object`, `string`, `number`, `boolean` or `missing`. */
export function jsonType(value: unknown): string {
	if (value === undefined) return 'missing';
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	return typeof value;
}

function shown(value: unknown): string {
	const text = JSON.stringify(value) ?? 'nothing';
	return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/**
 * Lists every place where `actual` differs from `expected`: missing and extra keys, other JSON types, other
 * values. An empty list means they match under the given options. Key order is never compared.
 */
export function shapeDifferences(expected: unknown, actual: unknown, options: CompareOptions = {}): Difference[] {
	const found: Difference[] = [];
	compare({ path: '', key: '', expected, actual }, options, found);
	return found;
}

function compare(place: Place, options: CompareOptions, found: Difference[]): void {
	const { expected, actual } = place;
	if (options.ignore?.(place) || options.equal?.(place)) return;
	const path = place.path || '(body)';
	if (expected === undefined) return void found.push({ path, reason: `not in the recording, answered ${shown(actual)}` });
	if (actual === undefined) return void found.push({ path, reason: `missing, recorded ${shown(expected)}` });
	if (expected === TRIMMED) return;
	const [want, got] = [jsonType(expected), jsonType(actual)];
	if (want !== got) return void found.push({ path, reason: `${got} ${shown(actual)} instead of ${want} ${shown(expected)}` });
	if (Array.isArray(expected) && Array.isArray(actual)) return compareArrays(place, expected, actual, options, found);
	if (isRecord(expected) && isRecord(actual)) return compareObjects(place, expected, actual, options, found);
	if (options.values === false || options.volatile?.(place)) return;
	if (expected !== actual) found.push({ path, reason: `${shown(actual)} instead of ${shown(expected)}` });
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return jsonType(value) === 'object';
}

function compareObjects(
	place: Place,
	expected: Record<string, unknown>,
	actual: Record<string, unknown>,
	options: CompareOptions,
	found: Difference[],
): void {
	for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
		const path = place.path ? `${place.path}.${key}` : key;
		compare({ path, key, expected: expected[key], actual: actual[key] }, options, found);
	}
}

function compareArrays(place: Place, recorded: unknown[], answered: unknown[], options: CompareOptions, found: Difference[]): void {
	const cut = recorded.at(-1) === TRIMMED;
	const expected = cut ? recorded.slice(0, -1) : recorded;
	const actual = cut && answered.length > expected.length ? answered.slice(0, expected.length) : answered;
	const mode = typeof options.arrays === 'function' ? options.arrays(place) : (options.arrays ?? 'ordered');
	if (mode === 'ordered' && expected.length !== actual.length)
		found.push({ path: place.path || '(body)', reason: `${actual.length} elements instead of ${expected.length}` });
	const within: CompareOptions = mode === 'alike' ? { ...options, values: false } : options;
	const count = mode === 'alike' ? (expected.length > 0 ? actual.length : 0) : Math.min(expected.length, actual.length);
	for (let i = 0; i < count; i++)
		compare({ path: `${place.path}[${i}]`, key: place.key, expected: expected[mode === 'alike' ? 0 : i], actual: actual[i] }, within, found);
}

/** Exceptions of one recordings folder, from the one file that holds them all: name of exchange -> reason. */
export function exceptionsOf(folder: string): Record<string, string> {
	const all = JSON.parse(readFileSync(join(__dirname, 'exceptions.json'), 'utf8')) as Record<string, Record<string, string>>;
	return all[folder] ?? {};
}

/**
 * Counts replays of one folder. A mismatch without an exception, an exception that in fact matches, and an
 * exception that names no exchange are failures.
 */
export class Tally {
	replayed = 0;
	matched = 0;
	excepted = 0;
	readonly failures: string[] = [];
	private readonly seen = new Set<string>();

	constructor(
		readonly folder: string,
		private readonly exceptions: Record<string, string> = exceptionsOf(folder),
	) {}

	/** Counts one exchange by its differences; returns the failure in words, or `undefined` when it is in order. */
	count(name: string, differences: Difference[]): string | undefined {
		this.replayed++;
		this.seen.add(name);
		const reason = this.exceptions[name];
		if (differences.length === 0) {
			this.matched++;
			return reason === undefined ? undefined : this.fail(`${name}: matches, so its exception is stale (${reason})`);
		}
		if (reason !== undefined) {
			this.excepted++;
			return undefined;
		}
		const first = differences.slice(0, 5).map((d) => `${d.path}: ${d.reason}`);
		return this.fail(`${name}: ${first.join('; ')}${differences.length > 5 ? `; ${differences.length - 5} more` : ''}`);
	}

	/** Call after the last exchange: reports exceptions that name an exchange that was not replayed. */
	finish(): string[] {
		for (const name of Object.keys(this.exceptions)) if (!this.seen.has(name)) this.fail(`${name}: excepted, but there is no such exchange`);
		return this.failures;
	}

	/** The line that is printed: `wire: vtiger-8.4.0 replayed 683, matched 660, excepted 23`. */
	line(): string {
		return `wire: ${this.folder} replayed ${this.replayed}, matched ${this.matched}, excepted ${this.excepted}`;
	}

	private fail(text: string): string {
		this.failures.push(text);
		return text;
	}
}

const LINE = /wire: (\S+) replayed (\d+), matched (\d+), excepted (\d+)/g;

/** Adds up all printed lines found in a test run's output into one: `wire: replayed N, matched M, excepted K`. */
export function totalLine(output: string): string {
	let [replayed, matched, excepted] = [0, 0, 0];
	const perFolder = new Map([...output.matchAll(LINE)].map((m) => [m[1], m]));
	for (const m of perFolder.values()) {
		replayed += Number(m[2]);
		matched += Number(m[3]);
		excepted += Number(m[4]);
	}
	return `wire: replayed ${replayed}, matched ${matched}, excepted ${excepted}`;
}
