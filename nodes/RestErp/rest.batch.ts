// Owns several calls in one: OData's JSON batch (OData JSON Format 4.01, section 19). Must not know who logs in how.
import { isRecord } from '../core/values';
import type { Received } from './rest.answers';
import type { Call } from './rest.services';
import { type Exchange, pathOf } from './rest.session.exchange';

/** Statuses of a whole batch that was not taken apart: nothing of it was done, each call may go alone. */
const UNTOUCHED = new Set([400, 404, 405, 406, 413, 415, 501]);
/** Of these, the server will not take the next one either. */
const UNKNOWN_TO_IT = new Set([404, 405, 406, 415, 501]);

export function wasUntouched(status: number): boolean {
	return UNTOUCHED.has(status);
}

export function isNotOffered(status: number): boolean {
	return UNKNOWN_TO_IT.has(status);
}

/**
 * Whether a call's address can be told relative to the batch's own, and means the same there: nothing else looks at
 * it on its way.
 */
export function fitsBatch(batchPath: string, { path, as }: Call): boolean {
	const folder = folderOf(batchPath);
	if (as === 'form' || !path.startsWith(folder)) return false;
	const rest = path.slice(folder.length).replace(/[?#].*$/s, '');
	// Another server's address, a path from its root, one folder up, or what another call of the batch gave.
	const meansElse = /^[a-z][a-z0-9+.-]*:|^[/$]|\\|[\s\u0000-\u001f]/i.test(rest) || rest.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment));
	return !meansElse;
}

/**
 * The calls as one. Each write is a group of its own: none is undone because another was refused.
 *
 * @param path of the batch
 */
export function batchCall(path: string, calls: readonly Call[], exchange: Exchange): Call {
	const folder = folderOf(path);
	const requests = calls.map((call, i) => {
		const { method, body, query = {}, writes } = call;
		const headers = exchange.headers(call).checked('a call in a batch');
		return {
			id: idOf(i),
			...(writes ? { atomicityGroup: `g${idOf(i)}` } : {}),
			method,
			url: pathOf(call.path, query).slice(folder.length),
			headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
			...(body === undefined ? {} : { body }),
		};
	});
	return { method: 'POST', path, headers: { Prefer: 'odata.continue-on-error' }, body: { requests }, writes: calls.some(({ writes }) => writes) };
}

/** The answers in the calls' order; undefined where there is none. */
export function batchAnswers(body: unknown, count: number): Array<Received | undefined> | undefined {
	const responses: unknown = isRecord(body) ? body.responses : undefined;
	if (!Array.isArray(responses)) return undefined;
	const byId = new Map<string, Received>();
	for (const response of responses as unknown[]) {
		const received = receivedOf(response);
		// Two answers to one call tell nothing.
		if (received) byId.set(received.id, byId.has(received.id) ? { status: 502, headers: {}, text: '', body: undefined } : received);
	}
	return Array.from({ length: count }, (_unused, i) => byId.get(idOf(i)));
}

function receivedOf(response: unknown): (Received & { id: string }) | undefined {
	if (!isRecord(response)) return undefined;
	const { id, status, headers, body } = response;
	const number = Number(status);
	if ((typeof id !== 'string' && typeof id !== 'number') || !Number.isInteger(number) || number < 100) return undefined;
	const named = isRecord(headers) ? Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]) : [];
	return { id: String(id), status: number, headers: Object.fromEntries(named) as Record<string, string>, text: typeof body === 'string' ? body : '', body: body ?? undefined };
}

function idOf(i: number): string {
	return String(i + 1);
}

function folderOf(path: string): string {
	return path.slice(0, path.replace(/\?.*$/s, '').lastIndexOf('/') + 1);
}
