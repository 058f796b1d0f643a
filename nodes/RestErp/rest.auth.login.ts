// Owns a login call that gives a token or a session cookie. Must not know when it is made.
import { Failure } from '../core/failure';
import type { Door, Opened } from './rest.auth.renewal';
import type { AuthParts } from './rest.auth';
import { named, type Refusal } from './rest.failures';
import type { ProfileRequest } from './rest.profile.parts';
import type { Auth as AuthProfile } from './rest.profile.schema';
import type { Answer, Call, Scope } from './rest.services';
import { NO_PASS } from './rest.session.exchange';

type Login = Extract<AuthProfile, { type: 'login' }>;

export function loginDoor(parts: AuthParts, auth: Login): Door {
	return {
		open: async () => {
			const scope = scopeOf(parts);
			const call = await callOf(parts, 'auth.request', auth.request, scope);
			// Whatever is left of an old session must not speak for the new one.
			parts.exchange.forgetCookies();
			const verdict = await parts.exchange.send(call, NO_PASS, auth.request.path);
			if (!verdict.ok) throw refused(verdict, named({ ...call, path: auth.request.path }), parts.profile.name);
			return await opened(parts, auth, verdict.answer, scope);
		},
		close: async (pass) => {
			if (!auth.logout) return;
			try {
				await parts.exchange.send(await callOf(parts, 'auth.logout', auth.logout, scopeOf(parts)), pass, auth.logout.path);
			} catch {
				// The server lets it go by itself after some time.
			}
		},
	};
}

function scopeOf({ credential, exchange }: AuthParts): Scope {
	const { username, password, token, clientId, clientSecret } = credential;
	return { ...exchange.scope, username, password, token, clientId, clientSecret };
}

async function callOf({ evaluator, profile }: AuthParts, place: string, request: ProfileRequest, scope: Scope): Promise<Call> {
	const path = await quiet(`${place}.path`, evaluator.path(`${place}.path`, request.path, scope));
	if (path === undefined) throw new Failure('denied', `The address of the log-in to ${profile.name} lacks a value`, { advice: `Look at the profile, ${place}.path, and enter what it needs in the credential` });
	const texts = async (part: 'query' | 'headers'): Promise<Record<string, string>> => {
		const values: Record<string, string> = {};
		for (const [name, expression] of Object.entries(request[part] ?? {})) {
			const value = await quiet(`${place}.${part}.${name}`, evaluator.text(`${place}.${part}.${name}`, expression, scope));
			if (value !== undefined) values[name] = value;
		}
		return values;
	};
	const body = request.body === undefined ? undefined : await quiet(`${place}.body`, evaluator.mapping(`${place}.body`, request.body, scope));
	return { method: request.method ?? 'POST', path, query: await texts('query'), headers: await texts('headers'), body, as: request.as, writes: true };
}

async function opened({ evaluator, exchange, secrets, profile }: AuthParts, auth: Login, { body, headers }: Answer, scope: Scope): Promise<Opened> {
	const seen = { ...scope, answer: body, headers };
	const token = auth.token === undefined ? undefined : await quiet('auth.token', evaluator.text('auth.token', auth.token, seen));
	if (auth.token !== undefined && token === undefined) throw new Failure('denied', `${profile.name} answered the log-in without a token`, { advice: 'Look at the profile, auth.token: it gives nothing of that answer' });
	if (auth.token === undefined && !exchange.hasCookies) throw new Failure('denied', `${profile.name} answered the log-in without a session cookie`, { advice: 'Look at the profile: where a token is answered, auth.token says where it stands' });
	if (token !== undefined) secrets.add(token);
	const seconds = typeof auth.seconds === 'string' ? Number((await quiet('auth.seconds', evaluator.text('auth.seconds', auth.seconds, seen))) ?? NaN) : auth.seconds;
	// A pass of its own for every session: it is told apart from the one before.
	const pass = { headers: token === undefined ? {} : { [auth.header]: prefixed(auth.prefix, token) }, query: {} };
	return { pass, lifeMs: seconds !== undefined && seconds > 0 ? seconds * 1000 : undefined };
}

export function prefixed(prefix: string, token: string): string {
	return prefix.trim() === '' ? token : `${prefix.trim()} ${token}`;
}

/** Here an expression sees the password: what it says when it fails could hold that in any disguise. */
async function quiet<T>(place: string, work: Promise<T>): Promise<T> {
	try {
		return await work;
	} catch {
		throw new Failure('denied', `The profile's ${place} cannot be worked out`, { advice: 'Try the expression without the log-in: what went wrong is not told, because it could hold the password' });
	}
}

/** Whatever the status: as long as somebody has to mend it, it is the credential that is refused. */
function refused({ failure, status }: Refusal, call: string, name: string): Failure {
	if (failure.kind === 'transient' || failure.kind === 'throttled' || failure.kind === 'unknown' || (status >= 300 && status < 400)) return failure;
	const what = status === 404 || status === 410 || status === 405 ? `${name} has no log-in at ${call}` : `${name} refuses the log-in (${call}, HTTP ${status})`;
	return new Failure('denied', what, { code: failure.code, said: failure.said, advice: status === 404 ? 'Check the Base URL of the credential' : 'Check user, password and settings in the credential' });
}
