// Owns the raw request: any address below the base URL, with log-in, retry and failures of the profile. Must not know documents.
import { Failure } from '../core/failure';
import type { ActionInput, ActionRow } from '../core/port';
import { isRecord } from '../core/values';
import { parseJson } from './rest.json';
import type { Call, Services } from './rest.services';

const METHODS: ReadonlyArray<Call['method']> = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** A list gives an item per record, a record one item, anything else its text. */
export async function request(services: Services, input: ActionInput): Promise<ActionRow[]> {
	const given = String(input.parameter('method') ?? 'GET').toUpperCase();
	const method = METHODS.find((known) => known === given);
	if (!method) throw new Failure('rejected', `The method "${given}" is not sent`, { advice: `Choose one of ${METHODS.join(', ')}` });
	const query = queryOf(json(input.parameter('query'), 'Query'));
	const body = method === 'GET' || method === 'DELETE' ? undefined : bodyOf(json(input.parameter('body'), 'Body', true));
	const answer = await services.session.call({ method, path: pathOf(services, input.parameter('path')), ...(query ? { query } : {}), ...(body === undefined ? {} : { body }), writes: method !== 'GET' });
	return rowsOf(answer.body, answer.status);
}

/** Below the base URL; a whole address is taken when it lies there. */
function pathOf({ credential }: Services, value: unknown): string {
	const written = String(value ?? '').trim();
	const path = written.startsWith(`${credential.url}/`) ? written.slice(credential.url.length) : written;
	if (path === '') throw new Failure('rejected', 'The parameter "Path" is empty', { advice: 'e.g. /customers/42' });
	const folders = decoded(path.split(/[?#]/)[0]!);
	if (/^[a-z][a-z0-9+.-]*:|^\/\/|\\/i.test(path) || folders.split(/[/\\]/).some((folder) => folder === '.' || folder === '..')) throw new Failure('denied', 'The address is outside the base URL of the credential', { advice: `Give what stands behind ${credential.url}, beginning with "/"` });
	return path.startsWith('/') ? path : `/${path}`;
}

function decoded(text: string): string {
	try {
		const once = decodeURIComponent(text);
		return once === text ? once : decoded(once);
	} catch {
		return text;
	}
}

function json(value: unknown, parameter: string, asNumbers = false): unknown {
	if (typeof value !== 'string') return value ?? undefined;
	if (value.trim() === '') return undefined;
	try {
		return parseJson(value, asNumbers);
	} catch (error) {
		throw new Failure('rejected', `The parameter "${parameter}" is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error, advice: 'e.g. {"name": "value"}' });
	}
}

function queryOf(value: unknown): Record<string, string> | undefined {
	if (value === undefined) return undefined;
	if (!isRecord(value)) throw new Failure('rejected', 'The parameter "Query" is not a JSON object', { advice: 'e.g. {"limit": "5"}' });
	const entries = Object.entries(value).filter(([, one]) => one !== null && one !== undefined);
	return entries.length > 0 ? Object.fromEntries(entries.map(([name, one]) => [name, String(one)])) : undefined;
}

/** An empty object, the parameter's default, is none. */
function bodyOf(value: unknown): unknown {
	return isRecord(value) && Object.keys(value).length === 0 ? undefined : value;
}

function rowsOf(body: unknown, status: number): ActionRow[] {
	// OData's way to give many; a record with a list of its own (`items`) is one record.
	const list = Array.isArray(body) ? (body as unknown[]) : isRecord(body) && Array.isArray(body.value) ? (body.value as unknown[]) : undefined;
	if (list?.every(isRecord)) return list.map((row) => ({ json: row }));
	if (isRecord(body)) return [{ json: body }];
	return [{ json: { status, ...(body === undefined ? {} : { value: body }) } }];
}
