// Owns what an answer of webservice.php means: its result, or a failure of one of the core's kinds. By stable
// codes, never by translated text. Knows no module, no document and nothing of sending.
import { z } from 'zod';
import { Failure, type FailureKind } from '../core/failure';
import { describeAnswer, jsonBody, type HttpResponse } from '../core/http';

/** What was asked, as far as the meaning of an answer depends on it. */
export interface Question {
	/** `query`, `retrieve`, `create` ... */
	operation: string;
	/** Whether the call may have changed something: an answer that says nothing then means "unknown". */
	writes: boolean;
	/** What messages name: a record id or a module. */
	subject?: string;
	/** Milliseconds since 1970, for `Retry-After` given as a date. */
	now: number;
}

const envelope = z.object({
	success: z.boolean(),
	result: z.unknown(),
	// A string, except for duplicates: the integer 0 (reference 1).
	error: z.object({ code: z.union([z.string(), z.number()]), message: z.string().catch('') }).optional(),
});

/** Codes of an answer that is not JSON or whose status says it all. */
export const NOT_A_RESULT = { page: 'html', crash: 'http-500', notFound: 'http-404' } as const;

/** The session is gone: log in and ask again (reference 2). Refused before anything was done. */
const SESSION_LOST = new Set(['INVALID_SESSIONID', 'AUTHENTICATION_REQUIRED', 'AUTHENTICATION_FAILURE', 'SESSION_EXPIRED', 'SESSION_LEFT_IDLE']);

/** What a login answers when another login of the same user took its token, and when the key is wrong (reference 2). */
const LOGIN_REFUSED = new Set(['INVALID_USER_CREDENTIALS', 'INVALID_AUTH_TOKEN']);

export function isSessionLost(error: unknown): boolean {
	return error instanceof Failure && error.code !== undefined && SESSION_LOST.has(error.code);
}

export function isLoginRefused(error: unknown): boolean {
	return error instanceof Failure && error.code !== undefined && LOGIN_REFUSED.has(error.code);
}

export function isDuplicate(error: unknown): boolean {
	return error instanceof Failure && error.code === '0';
}

/**
 * The `result` of an answer; undefined when the server gave none (a successful call may, reference 1).
 *
 * @throws Failure in all other cases
 */
export function readAnswer(response: HttpResponse, question: Question): unknown {
	if (response.status !== 200) throw statusFailure(response, question);
	const parsed = envelope.safeParse(jsonBody(response));
	if (!parsed.success) throw pageFailure(response, question);
	if (parsed.data.success) return parsed.data.result;
	const { code, message } = parsed.data.error ?? { code: '', message: '' };
	throw codeFailure(String(code), message, question);
}

/** An answer that says nothing: for a write it may have been done, a read may simply be sent again. */
function silence(question: Question): FailureKind {
	return question.writes ? 'unknown' : 'transient';
}

function statusFailure(response: HttpResponse, question: Question): Failure {
	const { status } = response;
	const retryAfterMs = retryAfter(response.headers['retry-after'], question.now);
	if (status === 429 || (status === 503 && retryAfterMs !== undefined)) {
		return new Failure('throttled', `The CRM asks to wait (HTTP ${status})`, { code: `http-${status}`, retryAfterMs });
	}
	if (status === 404) {
		return new Failure('denied', 'There is no vtiger at this address (HTTP 404)', { code: NOT_A_RESULT.notFound, advice: 'Enter the address at which you open vtiger in the browser, without "index.php"' });
	}
	if (status === 401 || status === 403) {
		return new Failure('denied', `The web server in front of vtiger refuses the call (HTTP ${status})`, { code: `http-${status}`, advice: 'webservice.php must be reachable from n8n without a further login' });
	}
	if (status === 414) return new Failure('rejected', 'The query is longer than the web server allows (HTTP 414)', { code: 'http-414' });
	if (status >= 500) {
		// vtiger's second way of failing: an empty 500 after any fatal of PHP. The work may be stored (reference 1).
		const what = status === 500 ? `vtiger broke off while it worked on "${question.operation}" (HTTP 500)` : `The server in front of vtiger did not get an answer (HTTP ${status})`;
		return new Failure(silence(question), what, { code: `http-${status}`, retryAfterMs });
	}
	return new Failure('rejected', `Not an answer of vtiger: ${describeAnswer(response)}`, { code: `http-${status}` });
}

function retryAfter(header: string | undefined, now: number): number | undefined {
	if (!header) return undefined;
	const seconds = Number(header);
	const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
	return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

function pageFailure(response: HttpResponse, question: Question): Failure {
	return new Failure(silence(question), `A page came instead of vtiger's answer: ${describeAnswer(response)}`, {
		code: NOT_A_RESULT.page,
		advice: 'A proxy, a maintenance page or another program answers at this address',
	});
}

const OF_A_RECORD = new Set(['retrieve', 'revise', 'update', 'delete']);

function codeFailure(code: string, message: string, question: Question): Failure {
	const { operation, subject } = question;
	const details = { code, said: message };
	const about = subject ? ` ${subject}` : '';
	if (code === '0') return new Failure('ambiguous', 'The CRM has a record with this name already', { ...details, advice: 'Accounts are unique by name there. Rename one, or merge the two in the CRM' });
	if (SESSION_LOST.has(code)) return new Failure('transient', 'The CRM no longer knows the session', details);
	if (LOGIN_REFUSED.has(code)) return new Failure('conflict', 'The CRM refuses the login', details);
	if (code === 'ACCESS_DENIED' && OF_A_RECORD.has(operation)) {
		// Deleted, never there and not permitted look alike (reference 5).
		return new Failure('missing', `The CRM has no record${about}, or its user may not see or change it`, { code, advice: 'Look whether it was deleted, and at the rights of the user in the credential' });
	}
	if (code === 'ACCESS_DENIED') return new Failure('denied', `The CRM's user may not use "${operation}" on${about || ' this'}`, { ...details, advice: 'Give the user of the credential rights to the module and its fields' });
	if (code === 'RECORD_NOT_FOUND') return new Failure('missing', `The CRM has no record${about}`, { code });
	if (code === 'MANDATORY_FIELDS_MISSING') return new Failure('rejected', 'The CRM wants a field that was not given', { ...details, advice: 'Fill it with a field override, or make it optional in the CRM\'s layout' });
	if (code === 'INVALID_ID_ATTRIBUTE' || code === 'REFERENCE_INVALID') return new Failure('rejected', `The CRM does not accept the id of a record in "${operation}"${about}`, details);
	if (code === 'QUERY_SYNTAX_ERROR') return new Failure('rejected', 'The CRM does not understand the query', { ...details, advice: 'Its query language knows =, !=, <, <=, >, >=, like, in, and, or; values in single quotes; no brackets' });
	if (code === 'INTERNAL_SERVER_ERROR' && operation === 'query') {
		return new Failure('rejected', 'The CRM cannot work on the query', { ...details, advice: 'It refuses double quotes, empty values (\'\') and decimals without quotes' });
	}
	if (code === 'INTERNAL_SERVER_ERROR' || code === 'DATABASE_QUERY_ERROR') return new Failure(silence(question), `vtiger did not get through with "${operation}"${about}`, details);
	return new Failure('rejected', `The CRM refuses "${operation}"${about}`, details);
}
