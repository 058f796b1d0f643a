// Owns reading the recorded vtiger exchanges: lines of a fixture, what a request asked, what its answer held.
// Must not know: the simulator, the client.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Row = Record<string, unknown>;

/** One recorded exchange. `user` names who was logged in when it was not the administrator. */
export interface Exchange {
	name: string;
	user?: string;
	request: { method: string; path: string; headers?: Record<string, string>; body?: string | Record<string, string> };
	response: { status: number; body: unknown };
}

/** What a request asked for, decoded. */
export interface Asked {
	operation: string;
	parameters: URLSearchParams;
	/** The `element` of a save, when it is a JSON object. */
	element: Row;
}

export const VERSIONS = ['8.4.0', '8.0.0'] as const;

/** All exchanges of a version in the order of the file: the main job first, in order of time, then topic by topic. */
export function exchangesOf(version: string): Exchange[] {
	const text = readFileSync(join(__dirname, 'fixtures', `vtiger-${version}.jsonl`), 'utf8');
	return text
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Exchange);
}

export const topicOf = (exchange: Exchange): string => exchange.name.split(/[. ]/)[0] as string;

/** The body as it goes over the wire. */
export function bodyOf(exchange: Exchange): string | undefined {
	const { body } = exchange.request;
	return typeof body === 'object' ? new URLSearchParams(body).toString() : body;
}

export function asked(exchange: Exchange): Asked {
	const query = exchange.request.path.split('?')[1] ?? '';
	const multipart = /multipart/.test(exchange.request.headers?.['Content-Type'] ?? '');
	const body = bodyOf(exchange) ?? '';
	const parameters = new URLSearchParams(multipart ? multipartFields(body) : exchange.request.method === 'POST' && body ? body : query);
	return { operation: (parameters.get('operation') ?? '').toLowerCase(), parameters, element: jsonRow(parameters.get('element')) };
}

function multipartFields(body: string): Array<[string, string]> {
	return [...body.matchAll(/name="([^"]+)"[^\n]*\n(?:[^\n]+\n)*?\r?\n([\s\S]*?)\r?\n--/g)].map((m): [string, string] => [
		m[1] as string,
		m[2] as string,
	]);
}

function jsonRow(text: string | null): Row {
	try {
		const value: unknown = JSON.parse(text ?? '{}');
		return isRow(value) ? value : {};
	} catch {
		return {};
	}
}

export const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The `result` of a successful answer. */
export function resultOf(exchange: Exchange): unknown {
	return isRow(exchange.response.body) && exchange.response.body['success'] === true ? exchange.response.body['result'] : undefined;
}

/** Records an answer shows in full or in part: the one it saved or read, or the rows of a query. */
export function recordsIn(exchange: Exchange): Row[] {
	const result = resultOf(exchange);
	const rows = Array.isArray(result) ? result : isRow(result) && Array.isArray(result['updated']) ? result['updated'] : [result];
	return rows.filter((row): row is Row => isRow(row) && typeof row['id'] === 'string' && /^\d+x\d+$/.test(row['id']));
}
