// Owns a session of a small profile with a real server, for the tests of the session.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Failure } from '../../../nodes/core/failure';
import type { Deps } from '../../../nodes/core/port';
import { createTransport } from '../../../nodes/kit/http';
import { readCredential, readEndpoint } from '../../../nodes/RestErp/rest.credential';
import { ProfileEvaluator } from '../../../nodes/RestErp/rest.evaluator';
import { chooseProfile } from '../../../nodes/RestErp/rest.profile';
import type { Call } from '../../../nodes/RestErp/rest.services';
import { RestSession } from '../../../nodes/RestErp/rest.session';
import { serve, type TestServer } from '../../kit/server';
import { TestClock } from '../send';

export const SECRETS = { password: 'pa55 wörd&<x>', token: 'tok-4711-abcdef', clientSecret: 'client/secret+1' };

/** A profile of one's own with nothing in it but what is given. */
export function profile(values: Record<string, unknown> = {}): Record<string, unknown> {
	return { format: 1, name: 'Ledger', auth: { type: 'none' }, kinds: {}, ...values };
}

export function credential(url: string, values: Record<string, unknown> = {}, own: Record<string, unknown> = {}): Record<string, unknown> {
	return { url, profile: 'custom', profileJson: JSON.stringify(profile(values)), username: 'ann', ...SECRETS, clientId: 'client-1', ...own };
}

export interface Talk {
	session: RestSession;
	server: TestServer;
	clock: TestClock;
}

export interface Seen extends IncomingMessage {
	body: string;
}

type Handle = (request: Seen, respond: (status: number, body?: unknown, headers?: Record<string, string | string[]>) => void, nth: number) => void;

/** A server that answers what `handle` says: JSON, or a text as it is. */
export async function server(handle: Handle): Promise<TestServer> {
	const made = await serve((request: IncomingMessage, response: ServerResponse, nth) => {
		const respond = (status: number, body?: unknown, headers: Record<string, string | string[]> = {}): void => {
			const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
			response.writeHead(status, { ...(body === undefined || typeof body === 'string' ? {} : { 'Content-Type': 'application/json' }), ...headers }).end(text);
		};
		handle(Object.assign(request, { body: made.requests[nth - 1]?.body ?? '' }), respond, nth);
	});
	return made;
}

/** A session with that server. */
export async function talk(values: Record<string, unknown>, handle: Handle, own: Record<string, unknown> = {}): Promise<Talk> {
	const made = await server(handle);
	return { ...open(credential(made.url, values, own)), server: made };
}

export function open(fields: Record<string, unknown>): { session: RestSession; clock: TestClock } {
	const clock = new TestClock();
	const deps: Deps = { send: createTransport(readEndpoint(fields), clock), clock };
	const chosen = chooseProfile(fields);
	return { session: new RestSession(readCredential(fields), chosen, new ProfileEvaluator('profile in the test'), deps), clock };
}

export const READ: Call = { method: 'GET', path: '/orders/1', writes: false };
export const WRITE: Call = { method: 'POST', path: '/orders', body: { number: 'SO1' }, writes: true };

/** What a call throws; it must throw. */
export async function refusal(work: Promise<unknown>): Promise<Failure> {
	const outcome = await work.then(
		(value) => ({ value }),
		(error: unknown) => error,
	);
	if (outcome instanceof Failure) return outcome;
	throw new Error(`No failure, but ${JSON.stringify(outcome)}`);
}
