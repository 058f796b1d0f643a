// Owns the one place where what Odoo answers becomes a kind of failure. Must not know documents or models.
// Keyed by the exception's class: codes differ by version and messages are translated (reference odoo.md, section 1.1).
import { Failure, type FailureKind } from '../core/failure';
import { describeAnswer, type HttpResponse } from '../core/http';

/** An error as both interfaces give it. */
export interface ServerError {
	/** Dotted class: `odoo.exceptions.UserError`. */
	name: string;
	message: string;
}

/** Of these the server has rolled everything back because of somebody else's write. */
const CONFLICTS = new Set([
	'psycopg2.errors.SerializationFailure',
	'psycopg2.errors.DeadlockDetected',
	'psycopg2.errors.LockNotAvailable',
	'odoo.exceptions.ConcurrencyError',
	'odoo.exceptions.LockError',
]);
const CREDENTIALS = new Set(['odoo.exceptions.AccessDenied', 'werkzeug.exceptions.Unauthorized', 'odoo.http.SessionExpiredException']);

/** Code of failures that a new log-in may mend. */
export const LOGIN_REFUSED = 'login refused';

/** @param about the call, for the reader who looks for it: `sale.order/load` */
export function serverFailure({ name, message }: ServerError, about: string): Failure {
	const said = plainText(message);
	const code = name || undefined;
	if (CREDENTIALS.has(name)) {
		return new Failure('denied', 'Odoo refuses the login', { code: LOGIN_REFUSED, advice: 'Check login and password or API key in the credential; an API key may have expired' });
	}
	// Odoo 14 tells a wrong path as JSON (section 1.1); later ones answer with a page, which `httpFailure` reads.
	if (name === 'werkzeug.exceptions.NotFound' && about === 'common/version') return noOdoo(said, '404');
	const kind = kindOf(name);
	switch (kind) {
		case 'conflict':
			return new Failure(kind, 'Somebody else was writing the same records in Odoo', { code });
		case 'denied':
			return new Failure(kind, 'The Odoo user of the credential may not do this', { code, said, advice: 'Give the user the rights in Odoo, or use another user' });
		case 'missing':
			return new Failure(kind, 'The record is not in Odoo, or this user may not see it', { code, said });
		case 'transient':
			return new Failure(kind, 'Odoo has no database connection free', { code, said });
		case 'unknown':
			return new Failure(kind, 'Odoo lost its database connection', { code, said });
		default:
			return new Failure('rejected', `Odoo refuses it (${about})`, { code, said });
	}
}

function kindOf(name: string): FailureKind {
	if (CONFLICTS.has(name)) return 'conflict';
	if (name === 'odoo.exceptions.AccessError') return 'denied';
	if (name === 'odoo.exceptions.MissingError') return 'missing';
	if (name.endsWith('.PoolError')) return 'transient';
	// The connection broke inside the transaction: most likely rolled back, but the commit may have gone through.
	if (name === 'psycopg2.OperationalError' || name === 'psycopg2.InterfaceError') return 'unknown';
	return 'rejected';
}

/** PostgreSQL's own texts: the only messages that may be matched, because Odoo never translates them. */
export function isConflictText(message: string): boolean {
	return /could not serialize access|deadlock detected/i.test(message);
}

const IMPORT_ERROR = /^[^<]{0,80}<class '([\w.]+)'>:\s*/;

/**
 * A message of `load`, which reports errors inside a success (section 4). Up to Odoo 18 unforeseen ones carry the
 * class of the exception in their text; a class is not translated.
 */
export function loadFailure(message: string, field: string | undefined, about: string): Failure {
	if (isConflictText(message)) return serverFailure({ name: 'psycopg2.errors.SerializationFailure', message }, about);
	const wrapped = IMPORT_ERROR.exec(message);
	const said = wrapped ? message.slice(wrapped[0].length) : message;
	if (wrapped && kindOf(wrapped[1]!) !== 'rejected') return serverFailure({ name: wrapped[1]!, message: said }, about);
	return new Failure('rejected', `Odoo refuses ${field ? `field "${field}"` : 'it'}`, { said: plainText(said), code: wrapped?.[1] });
}

function noOdoo(shown: string, code: string): Failure {
	return new Failure('denied', `There is no Odoo at the URL of the credential: ${shown}`, { code, advice: 'Enter the address at which Odoo\'s own pages open' });
}

/** An answer that is not Odoo's: a proxy, another server, or a page for people. */
export function httpFailure(response: HttpResponse, about: string): Failure {
	const shown = describeAnswer(response);
	const { status } = response;
	if (status === 429 || (status === 503 && response.headers['retry-after'])) {
		return new Failure('throttled', 'The server asks to slow down', { code: String(status), retryAfterMs: retryAfter(response) });
	}
	if (status === 404 && /X-Odoo-Database|No database is selected/i.test(response.text)) {
		return new Failure('denied', 'The server cannot tell which database is meant', { code: 'no database', advice: 'Enter the name in "Database" of the credential; if it is there, check its spelling' });
	}
	if (status === 401 || status === 403 || status === 407) {
		return new Failure('denied', `Something in front of Odoo asks for a login of its own: ${shown}`, { code: String(status), advice: 'Check the URL of the credential, and whether a proxy guards it' });
	}
	if (status === 404 || status === 405 || status === 410) {
		return noOdoo(shown, String(status));
	}
	if (status === 413) return new Failure('rejected', 'The request is larger than the server takes', { code: '413', advice: 'Raise the limit of the proxy in front of Odoo' });
	if (status === 400 || status === 415 || status === 422) return new Failure('rejected', `Odoo does not understand the request (${about}): ${shown}`, { code: String(status) });
	return new Failure('unknown', `The answer is not Odoo's: ${shown}`, { code: String(status), advice: status < 400 ? 'Check whether a proxy or log-in page stands between n8n and Odoo' : undefined });
}

function retryAfter(response: HttpResponse): number {
	const seconds = Number(response.headers['retry-after']);
	return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : 1_000;
}

const LONGEST_MESSAGE = 400;

/** What Odoo said without tracebacks, row contents and markup. */
export function plainText(message: string): string {
	const shown = message
		.replace(/Traceback \(most recent call last\)[\s\S]*/, '')
		.replace(/DETAIL:\s+Failing row contains[\s\S]*/, '')
		.replace(/<[^>\n]*>/g, ' ')
		.replace(/\s+/g, ' ')
		.trim();
	return shown.length > LONGEST_MESSAGE ? `${shown.slice(0, LONGEST_MESSAGE)}...` : shown;
}
