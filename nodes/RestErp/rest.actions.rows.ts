// Owns how the test of a profile looks: one row for each endpoint, long values cut, no secrets. Must not know calls.
import { isRecord } from '../core/values';
import { ExactNumber } from './rest.json';
import type { Recorded } from './rest.actions.recorder';
import type { Call } from './rest.services';

/** What became of one endpoint. */
export interface ProbeRow {
	/** `order`; of what belongs to no kind: `profile`. */
	kind: string;
	/** Its place in the profile below the kind: `find.number`. */
	endpoint: string;
	/** `GET /orders/42?expand=lines`. */
	request?: string;
	status?: number;
	/** Milliseconds. */
	took?: number;
	/** The records in the first page of a list. */
	records?: number;
	raw?: unknown;
	document?: unknown;
	/** What else a person should know: e.g. why it was not called. */
	note?: string;
	problem?: string;
	/** A write on trial. */
	held?: boolean;
}

const LONGEST_TEXT = 300;
const LONGEST_LIST = 5;
const DEEPEST = 8;

/** The call as people write it; what the log-in adds is no part of it. */
export function shownCall({ method, path, query }: Call): string {
	const pairs = Object.entries(query ?? {}).map(([name, value]) => `${name}=${value}`);
	return `${method} ${path}${pairs.length > 0 ? `${path.includes('?') ? '&' : '?'}${pairs.join('&')}` : ''}`;
}

/** Of a call: what it asked, what came, how long it took. */
export function facts({ call, answer, took }: Recorded): Pick<ProbeRow, 'request' | 'status' | 'took'> {
	return { request: shownCall(call), ...(answer ? { status: answer.status } : {}), took };
}

/** How a row ended, in the words of the table. */
export function resultOf({ request, problem, held }: ProbeRow): string {
	if (problem !== undefined) return 'did not work';
	if (held) return 'not sent';
	return request === undefined ? 'not called' : 'worked';
}

/**
 * The row as an item: the same columns for all, what a person looks for first in front.
 *
 * @param hide takes secrets out of a text; a cut one it would not recognise any more
 */
export function asItem(row: ProbeRow, hide: (text: string) => string): Record<string, unknown> {
	const { kind, endpoint, note, problem, request = '', held: _held, ...rest } = row;
	const item = { kind, endpoint, result: resultOf(row), message: problem ?? note ?? told(row), request, ...rest };
	const shown = withTexts(plain(item), hide) as Record<string, unknown>;
	return 'raw' in shown ? { ...shown, raw: withTexts(shown.raw, cut) } : shown;
}

function plain(value: unknown): unknown {
	return JSON.parse(JSON.stringify(value));
}

function told({ records }: ProbeRow): string {
	return records === undefined ? 'The answer was understood' : `${records} ${records === 1 ? 'record' : 'records'} on the first page`;
}

function withTexts(value: unknown, change: (text: string) => string): unknown {
	if (typeof value === 'string') return change(value);
	if (Array.isArray(value)) return value.map((one) => withTexts(one, change));
	return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([name, member]) => [change(name), withTexts(member, change)])) : value;
}

function cut(text: string): string {
	return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}... (${text.length} characters)` : text;
}

/** A value cut to what a person can look through; its texts are cut when their secrets are hidden. */
export function trimmed(value: unknown, depth = 0): unknown {
	if (value instanceof ExactNumber) return value.toString();
	if (Array.isArray(value)) {
		const shown = value.slice(0, LONGEST_LIST).map((one) => trimmed(one, depth + 1));
		return value.length > LONGEST_LIST ? [...shown, `... and ${value.length - LONGEST_LIST} more`] : shown;
	}
	if (!isRecord(value)) return value;
	return depth >= DEEPEST ? '...' : Object.fromEntries(Object.entries(value).map(([name, member]) => [name, trimmed(member, depth + 1)]));
}
