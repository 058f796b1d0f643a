// Owns the one place where what 1C answers becomes a kind of failure. Must not know documents or retries.
// Told by 1C's own codes (reference 7); a text decides only where 1C has no code for it, and then nothing worse than
// another try follows from it.
import { Failure, type FailureKind } from '../core/failure';
import { describeAnswer, type HttpResponse } from '../core/http';
import { errorText, isHtml, type OnecError, plainWords, platformReason } from './onec.failures.bodies';

/** What was asked, as far as messages and kinds need it. */
export interface About {
	method: string;
	/** Below the service root, decoded: `Catalog_X(guid'…')`; empty for the root itself. */
	path: string;
	/** Whether it may have changed something. */
	writes: boolean;
}

/** Codes of failures that callers tell apart. Digits are 1C's own. */
export const CODES = {
	internal: '-1',
	notPublished: '8',
	missing: '9',
	exists: '15',
	noLoadMode: '17',
	rights: '20',
	login: 'login refused',
	memory: 'memory',
	session: 'no session',
	page: 'page for people',
	wall: 'login page',
	changed: 'changed meanwhile',
} as const;

const ADMIN_FORM = 'An administrator adds it in the form "Настройка автоматического REST-сервиса" of the infobase (or by УстановитьСоставСтандартногоИнтерфейсаOData)';

/** 1C has no codes for these; languages as the platform has them. */
const MEMORY = /недостаточно памяти|not enough memory|insufficient memory|out of memory/i;
const LOCKED = /конфликт блокировок|ожидания предоставления блокировки|взаимоблокировк|lock conflict|lock timeout|deadlock/i;
const SESSION_FORBIDDEN = /начало сеанса[^.]*запрещено|регламентные работы|session start[^.]*(forbidden|prohibited|denied)/i;
const LICENCE = /лицензи[яию][^.]*(не (найден|обнаружен)|отсутств|исчерпан)|не (найден|обнаружен)\S* [^.]*лицензи|количество (сеансов|подключений)[^.]*(ограничен|превышен)|licen[cs]e[^.]*(not found|exhausted|unavailable)|number of (sessions|connections)/i;

/** The failure that an answer means which is no success. */
export function answerFailure(response: HttpResponse, about: About): Failure {
	// Whatever its body says (reference 6).
	if (response.status === 412) return changedFailure(about);
	const told = errorText(response);
	if (told?.code !== undefined) return codeFailure(told, about, response);
	const said = told?.said ?? platformReason(response) ?? plainWords(response);
	return (said === undefined ? undefined : saidFailure(said, about, response)) ?? statusFailure(response, about, said);
}

/** `GET Catalog_X(guid'…')`, as messages name a call. */
function named({ method, path }: About): string {
	return `${method} ${path || 'service root'}`;
}

/** The set of a path: `Document_X` of `Document_X(guid'…')/Post`. */
export function setOf(path: string): string {
	return path.replace(/^\/+/, '').split(/[(/?]/)[0] ?? '';
}

const LONGEST_HEADLINE = 160;

/** The configuration's own words, as far as a headline takes them: n8n shows nothing else where a workflow is activated. */
function headline(said: string): string {
	const line = said.replace(/\s+/g, ' ').trim();
	return line.length > LONGEST_HEADLINE ? `${line.slice(0, LONGEST_HEADLINE)}…` : line;
}

const BY_CODE: Record<string, FailureKind> = { '9': 'missing', '15': 'conflict', '20': 'denied', '8': 'denied' };

function codeFailure({ code, said }: OnecError, about: About, response: HttpResponse): Failure {
	const set = setOf(about.path);
	switch (code) {
		case CODES.notPublished:
			return notPublishedFailure(set, undefined, said);
		case CODES.missing:
			return new Failure('missing', `There is no such record in ${set}`, { code, said });
		case CODES.exists:
			return new Failure('conflict', `A record with this ID is already in ${set}`, { code, said });
		case CODES.rights:
			return new Failure('denied', `The 1C user of the credential may not do this with ${set}`, { code, said, advice: `Give the user a role with the right to ${about.writes ? 'change' : 'read'} it; where access is limited by records, read with "allowed only"` });
		case CODES.internal:
			return (said === undefined ? undefined : saidFailure(said, about, response)) ?? new Failure('rejected', said ? `1C refuses it: ${headline(said)}` : '1C refuses it', { code, said });
		case CODES.noLoadMode:
			return new Failure('rejected', `${set} cannot be written in data exchange mode`, { code, said });
		default:
			return new Failure(BY_CODE[code ?? ''] ?? 'rejected', `1C does not accept the request (${named(about)})`, { code, said });
	}
}

/** What only the text tells. In all of these 1C has rolled back or not begun. */
function saidFailure(said: string, about: About, response: HttpResponse): Failure | undefined {
	const code = CODES.session;
	if (MEMORY.test(said)) return new Failure('rejected', `1C has not enough memory for the answer (${named(about)})`, { code: CODES.memory, said, advice: 'Ask for fewer fields or fewer records at once' });
	if (LOCKED.test(said)) return new Failure('transient', 'Somebody else is writing the same data in 1C', { code: CODES.internal, said });
	if (SESSION_FORBIDDEN.test(said)) return new Failure('transient', '1C lets nobody in at the moment', { code, said, advice: 'Maintenance is under way, or the administrator has forbidden new sessions' });
	if (LICENCE.test(said)) return new Failure('throttled', '1C has no free licence or session', { code, said, retryAfterMs: retryAfter(response), advice: 'Lower "Requests at Once" in the credential, or free licences in 1C' });
	return undefined;
}

const LOST = 'The answer did not come from 1C';

/** An answer without any words of 1C: told by its status. */
function statusFailure(response: HttpResponse, about: About, said: string | undefined): Failure {
	const { status } = response;
	const code = `HTTP ${status}`;
	const shown = describeAnswer(response);
	const details = { code, said };
	switch (status) {
		case 401:
			return new Failure('denied', '1C refuses the user name or the password', { code: CODES.login, advice: 'Check "User Name" and "Password" in the credential: the name exactly as in the list of users of 1C, and "1C:Enterprise authentication" switched on for it' });
		case 403:
		case 407:
			return new Failure('denied', `Something in front of 1C forbids the request: ${shown}`, { ...details, advice: 'Check the web server\'s or gateway\'s rules for this address' });
		case 404:
		case 410:
			return new Failure('denied', `There is nothing at ${about.path ? `"${about.path}"` : 'the URL of the credential'}: ${shown}`, { ...details, advice: `Check the URL, that the publication has the standard OData interface switched on, and that the object is published. ${ADMIN_FORM}` });
		case 405:
			return new Failure('denied', `The web server does not let ${about.method} through: ${shown}`, { ...details, advice: 'In IIS switch off WebDAV for the publication; in others allow PATCH and DELETE' });
		case 406:
			return new Failure('throttled', '1C could not start a session', { code, said, retryAfterMs: retryAfter(response), advice: 'No session or licence is free: lower "Requests at Once" in the credential' });
		case 413:
			return new Failure('rejected', 'The request is larger than the web server takes', { ...details, advice: 'Raise its limit (IIS: maxAllowedContentLength)' });
		case 429:
			return new Failure('throttled', 'The server asks to slow down', { code, retryAfterMs: retryAfter(response) ?? 1_000 });
		case 400:
			return new Failure('rejected', `The web server does not take the address (${named(about)}): ${shown}`, details);
		case 411:
		case 415:
		case 501:
			return new Failure('rejected', `The server does not take the request (${named(about)}): ${shown}`, details);
		default:
			return brokenFailure(response, about, said ? '1C answered with a page of its own' : LOST, said, shown);
	}
}

/** Nothing tells whether it was done. */
function brokenFailure(response: HttpResponse, about: About, what: string, said: string | undefined, shown: string): Failure {
	if (response.status === 503 && response.headers['retry-after']) return new Failure('throttled', 'The server asks to wait', { code: 'HTTP 503', retryAfterMs: retryAfter(response) });
	return new Failure(about.writes ? 'unknown' : 'transient', said ? what : `${what}: ${shown}`, { code: `HTTP ${response.status}`, said });
}

/**
 * A success whose body is not what was asked for: a login or maintenance page, half an answer, another server's JSON.
 *
 * @param expected in words: `a list of records`
 */
export function bodyFailure(response: HttpResponse, about: About, expected: string): Failure {
	const kind = about.writes ? 'unknown' : 'transient';
	const shown = describeAnswer(response);
	if (!isHtml(response.text)) return new Failure(kind, `1C's answer to ${named(about)} is not ${expected}, or only a part of it arrived: ${shown}`, { code: `HTTP ${response.status}` });
	if (asksForLogin(response.text)) return new Failure(kind, `A login page came instead of 1C's answer: ${shown}`, { code: CODES.wall, advice: 'A gateway or cloud in front of 1C asks for a login of its own: let the address of the service through, or use the address inside' });
	return new Failure(kind, `A page for people came instead of 1C's answer: ${shown}`, { code: CODES.page, advice: 'The server or a gateway in front of it is being maintained, or the URL of the credential leads elsewhere' });
}

function asksForLogin(html: string): boolean {
	return /type\s*=\s*["']?password|sign in|log ?in|авториз|войти|вход в|войдите/i.test(html);
}

/** The set is not in the composition of the interface, or its name is wrong: nobody but a person can tell which. */
export function notPublishedFailure(set: string, cause?: unknown, said?: string): Failure {
	return new Failure('denied', `1C does not publish "${set}"`, { code: CODES.notPublished, said, cause, advice: `Check the name. ${ADMIN_FORM}` });
}

/** The set is there, and yet the web server finds nothing at the address. */
export function elsewhereFailure(set: string, cause: Failure): Failure {
	return new Failure('rejected', `The web server does not find the address, although 1C publishes ${set}: ${cause.what}`, { code: cause.code, cause, advice: 'The address may be longer than it takes (IIS: maxUrl, maxQueryString): use a shorter filter or fewer fields' });
}

/** Somebody else wrote between our reading and our writing. */
export function changedFailure(about: Pick<About, 'path'>): Failure {
	return new Failure('conflict', `Somebody else has changed the record in ${setOf(about.path)} meanwhile`, { code: CODES.changed });
}

function retryAfter(response: HttpResponse): number | undefined {
	const seconds = Number(response.headers['retry-after']);
	return response.headers['retry-after'] !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
