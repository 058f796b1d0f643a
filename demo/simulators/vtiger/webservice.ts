// Owns webservice.php: which operation a request names, its parameters, and the envelope of the answer.
// Must not know: what operations do, how HTTP listens.
import type { SimRequest, SimResponse } from '../server';
import { Crash, type Json, Refusal, type Row } from './failure';
import { operations, type Parameters } from './operations';
import type { Installation } from './installation';
import type { Sessions } from './session';

const PATH = '/webservice.php';
/** Apache's default limit for the request line. */
const MAX_URL = 8190;
const TOO_LONG =
	'<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n<html><head>\n<title>414 Request-URI Too Long</title>\n</head><body>\n<h1>Request-URI Too Long</h1>\n<p>The requested URL\'s length exceeds the capacity\nlimit for this server.<br />\n</p>\n</body></html>\n';

export const isWebservice = (request: SimRequest): boolean => request.path === PATH;

/** The operation a request asks for, lower-case; `''` when it names none. */
export function operationOf(request: SimRequest): string {
	const posted = request.method === 'POST' ? form(request).get('operation') : null;
	return (posted ?? request.query.get('operation') ?? '').toLowerCase();
}

/** Answers one request to webservice.php. */
export async function answer(crm: Installation, sessions: Sessions, request: SimRequest): Promise<SimResponse> {
	if (request.url.length > MAX_URL) return { status: 414, headers: { 'content-type': 'text/html; charset=iso-8859-1' }, body: TOO_LONG };
	try {
		return envelope({ success: true, ...(await perform(crm, sessions, request)) });
	} catch (error) {
		if (error instanceof Refusal) return refused(error);
		if (error instanceof Crash) return crashed();
		throw error;
	}
}

/** What a call gets whose session is gone. */
export const sessionGone = (): SimResponse => refused(new Refusal('INVALID_SESSIONID', 'Session Identifier provided is Invalid'));

async function perform(crm: Installation, sessions: Sessions, request: SimRequest): Promise<{ result?: Json }> {
	const operation = operations.get(operationOf(request));
	const posted = form(request);
	if (!operation || (posted.get('format') ?? request.query.get('format') ?? 'json') !== 'json') throw new Crash('no such operation or format');
	if (operation.broken?.(crm)) throw new Crash('named arguments do not fit');
	const parameters = parametersOf(operation.verb === 'GET' ? request.query : posted, request, crm);
	const sessionName = posted.get('sessionName') ?? request.query.get('sessionName') ?? cookie(request);
	if (operation.open) return { result: (await operation.run({ crm, sessions, parameters, sessionName })) ?? null };
	const { user } = sessions.require(sessionName);
	const run = async (): Promise<{ result?: Json }> => {
		const result = await operation.run({ crm, sessions, parameters, sessionName, user });
		return result === undefined ? {} : { result };
	};
	return sessions.serialised(sessionName, run);
}

function parametersOf(source: URLSearchParams, request: SimRequest, crm: Installation): Parameters {
	const text = (name: string): string => source.get(name) ?? '';
	return { text, has: (name) => source.has(name), element: () => element(source, crm), method: request.method, names: [...source.keys()], request };
}

/** The `element` of a save. Invalid JSON is told apart by the caller, because versions differ in what they say. */
function element(source: URLSearchParams, crm: Installation): Row | undefined {
	const given = source.get('element');
	if (given === null && crm.version === '8.4.0') throw new Crash('argument missing');
	// 8.4.0 replaces invalid UTF-8, 8.0.0 cannot read such an element.
	if (given === null || (given.includes('\uFFFD') && crm.version === '8.0.0')) return undefined;
	try {
		const parsed = JSON.parse(given) as Json;
		return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
	} catch {
		return undefined;
	}
}

const forms = new WeakMap<SimRequest, URLSearchParams>();

/** Form fields of the body: url-encoded or multipart; any other content type has none. */
function form(request: SimRequest): URLSearchParams {
	let fields = forms.get(request);
	if (!fields) forms.set(request, (fields = parseForm(request)));
	return fields;
}

function parseForm(request: SimRequest): URLSearchParams {
	const type = request.headers['content-type'] ?? '';
	if (request.method !== 'POST') return new URLSearchParams();
	if (type.includes('x-www-form-urlencoded')) return new URLSearchParams(request.body);
	const boundary = /boundary="?([^";]+)/.exec(type)?.[1];
	return boundary ? parseMultipart(request.body, boundary) : new URLSearchParams();
}

function parseMultipart(body: string, boundary: string): URLSearchParams {
	const fields = new URLSearchParams();
	for (const part of body.split(`--${boundary}`)) {
		const [head, ...rest] = part.split(/\r?\n\r?\n/);
		const name = / name="([^"]*)"/.exec(head ?? '')?.[1];
		const file = / filename="([^"]*)"/.exec(head ?? '')?.[1];
		const value = rest.join('\n\n').replace(/\r?\n$/, '');
		if (name !== undefined) fields.append(name, value);
		if (file !== undefined) fields.append(`${name}:filename`, file);
		if (file !== undefined) fields.append(`${name}:type`, /content-type:\s*([^\s;]+)/i.exec(head ?? '')?.[1] ?? '');
	}
	return fields;
}

function cookie(request: SimRequest): string {
	return /PHPSESSID=([^;\s]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
}

function envelope(body: object): SimResponse {
	return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

const refused = (error: Refusal): SimResponse => envelope({ success: false, error: { message: error.message, code: error.code } });
const crashed = (): SimResponse => ({ status: 500, headers: { 'content-type': 'text/html; charset=UTF-8', connection: 'close' }, body: '' });
