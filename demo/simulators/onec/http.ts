// Owns the front door: who may come in, which session, what the call is named, in which format the answer leaves.
// Must not know: the query language, records.
import type { SimRequest, SimResponse } from '../server';
import { atomBody } from './atom';
import { publish } from './edmx.publish';
import { OdataError } from './errors';
import { authorised, refusedLogin } from './http.auth';
import { readSent } from './http.body';
import { errorAnswer, gatewayPage, invalidUrl, lengthRequired, loginPage, replaced } from './http.pages';
import { jsonBody } from './json';
import type { Answer } from './odata.answer';
import { dispatch, nameOf } from './odata.dispatch';
import { type Format, formatOf } from './odata.options';
import { InvalidUrl, type Target, parseTarget } from './odata.path';
import { demoPage } from './page';
import type { Sessions } from './session';
import type { Store } from './store';
import type { Configuration } from './store.configuration';
import type { Objects } from './store.objects';
import type { Switches } from './switches';
import { stamp } from './values';

/** Everything an answer is made from. */
export interface Service {
	configuration: Configuration;
	store: Store;
	objects: Objects;
	switches: Switches;
	sessions: Sessions;
	/** The service root's URL without a trailing slash. */
	root: () => string;
	user: string;
	password: string;
}

const SERVICE = '/odata/standard.odata';

/** What comes after the service root, undecoded; undefined: another address. */
function afterRoot({ configuration }: Service, url: string): string | undefined {
	const root = `/${configuration.path}${SERVICE}`;
	const rest = url.startsWith(root) ? url.slice(root.length) : undefined;
	return rest === undefined || rest === '' || /^[/?]/.test(rest) ? rest : undefined;
}

/** `GET Document_ЗаказКлиента`, `POST Document_ЗаказКлиента/Post`, `GET /`; null for demo pages. */
export function operationOf(service: Service, request: SimRequest): string | null {
	const rest = afterRoot(service, request.url);
	if (rest === undefined) return null;
	try {
		return nameOf(request.method, parseTarget(rest));
	} catch {
		return `${request.method} ?`;
	}
}

export async function answer(service: Service, request: SimRequest): Promise<SimResponse> {
	const { switches } = service;
	if (switches.slowNext > 0) await delayed(switches);
	const rest = afterRoot(service, request.url);
	if (rest === undefined) return demoPage(service, request) ?? { status: 404, headers: { 'content-type': 'text/html' }, body: '' };
	const response = switches.htmlWith200 ? gatewayPage() : entered(service, request, rest);
	return truncated(switches, response);
}

function delayed(switches: Switches): Promise<void> {
	const ms = switches.slowNext;
	switches.slowNext = 0;
	return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Half of the body under the length of the whole: the connection breaks in the middle. */
function truncated(switches: Switches, response: SimResponse): SimResponse {
	if (switches.truncateNext <= 0) return response;
	switches.truncateNext--;
	const body = Buffer.from(response.body);
	return { ...response, headers: { ...response.headers, 'content-length': String(body.length), connection: 'close' }, body: body.subarray(0, Math.floor(body.length / 2)) };
}

function entered(service: Service, request: SimRequest, rest: string): SimResponse {
	if (!authorised(service, request.headers.authorization)) return refusedLogin();
	if (needsLength(request)) return lengthRequired();
	const session = service.sessions.enter(request);
	if ('status' in session) return session as SimResponse;
	const response = served(service, request, rest);
	return { ...response, headers: { ...response.headers, ...session } };
}

/** IIS wants to know how long a body is, an empty one too. */
const needsLength = ({ method, headers }: SimRequest): boolean =>
	method !== 'GET' && method !== 'HEAD' && headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;

function served(service: Service, request: SimRequest, rest: string): SimResponse {
	const { switches } = service;
	let format: Format = 'atom';
	try {
		const target: Target = parseTarget(rest);
		const accept = switches.accept === 'honoured' ? request.headers.accept : undefined;
		format = formatOf(target.options, accept);
		const asked = { method: request.method, target, format, sent: () => readSent(request) };
		return written(service, format, dispatch(service, asked, () => metadata(service)));
	} catch (error) {
		if (error instanceof InvalidUrl) return invalidUrl();
		if (!(error instanceof OdataError)) throw error;
		return replaced(switches, errorAnswer(switches, format, error));
	}
}

function metadata({ configuration, switches }: Service): Answer {
	if (switches.metadata === 'login-page') return { kind: 'raw', status: 200, type: 'text/html;charset=utf-8', body: loginPage };
	if (switches.metadata === 'fails') throw new OdataError(500, '-1', { ru: 'Недостаточно памяти', en: 'Not enough memory' });
	return { kind: 'raw', status: 200, type: 'application/xml;charset=utf-8', body: publish(configuration.metadata, switches.unpublished) };
}

const BOM = '\ufeff';
const JSON_TYPE = { 'content-type': 'application/json;charset=utf-8' };

function written(service: Service, format: Format, result: Answer): SimResponse {
	const { store, switches } = service;
	if (result.kind === 'nothing') return { status: result.status, body: '' };
	if (result.kind === 'raw') return { status: result.status, headers: { 'content-type': result.type }, body: result.body };
	if (result.kind === 'count') return { status: 200, headers: { 'content-type': 'text/plain;charset=utf-8' }, body: (switches.bom ? BOM : '') + String(result.count) };
	const context = { store, root: service.root(), format, now: stamp(store.now()) };
	const status = result.kind === 'entity' ? result.status : 200;
	// Node writes header text as latin1 (beside a body of bytes): this way the bytes on the wire are the URL's UTF-8, unencoded as 1C sends it.
	const location: Record<string, string> = result.kind === 'entity' && result.location !== undefined ? { location: Buffer.from(result.location, 'utf8').toString('latin1') } : {};
	if (format !== 'atom') return { status, headers: { ...JSON_TYPE, ...location }, body: Buffer.from(jsonBody(context, result)) };
	const type = result.kind === 'entity' ? 'application/atom+xml;type=entry;charset=utf-8' : result.kind === 'collection' ? 'application/atom+xml;type=feed;charset=utf-8' : 'application/xml;charset=utf-8';
	return { status, headers: { 'content-type': type, ...location }, body: Buffer.from(atomBody(context, result)) };
}
