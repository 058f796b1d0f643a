// Owns /json/2/<model>/<method> of 19: bearer keys, named arguments, real HTTP statuses.
// Must not know: the models, other routes.
import type { SimRequest, SimResponse } from '../server';
import { bindNamed, contextOf, findMethod, runCall } from './call';
import { OdooError } from './failure';
import type { Json, JsonObject } from './json';
import { isObject } from './json';
import { noDatabasePage, unsupportedTypePage } from './http.pages';
import { errorData } from './rpc';
import type { Databases } from './rpc';
import type { World } from './world';

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

const werkzeug = (name: string, message: string, status: number) => new OdooError(`werkzeug.exceptions.${name}`, message, [message, status], status);

/** Answers any request under /json/2. */
export async function answerJson2(databases: Databases, request: SimRequest): Promise<SimResponse> {
	const world = selectDatabase(databases, request);
	if (!world) return noDatabasePage();
	try {
		const [, , , model = '', method = '', ...more] = request.path.split('/');
		if (request.method !== 'POST' || model === '' || method === '' || more.length > 0) throw werkzeug('NotFound', 'Did you mean POST /json/2/<model>/<method>?', 404);
		if (!/^application\/json/i.test(String(request.headers['content-type'] ?? ''))) return unsupportedTypePage(`/json/2/&lt;__model__&gt;/&lt;__method__&gt;`, 'json2');
		const body = parseBody(request.body);
		const uid = authenticate(databases, world, request);
		const result = await execute(world, { model, method, uid, context: contextOf(body['context']) }, body);
		return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(result ?? null) };
	} catch (error) {
		if (!(error instanceof OdooError)) throw error;
		const status = statusOf(error);
		const headers: Record<string, string> = { ...JSON_HEADERS };
		if (status === 401) headers['www-authenticate'] = 'Bearer';
		return { status, headers, body: JSON.stringify(errorData(error)) };
	}
}

function selectDatabase(databases: Databases, request: SimRequest): World | undefined {
	const header = request.headers['x-odoo-database'];
	const names = databases.names();
	const name = typeof header === 'string' && header !== '' ? header : names.length === 1 ? (names[0] ?? '') : '';
	return name === '' ? undefined : databases.find(name);
}

function authenticate(databases: Databases, world: World, request: SimRequest): number {
	const header = String(request.headers.authorization ?? '');
	const m = /^bearer\s+(\S.*)$/i.exec(header);
	if (m) {
		const uid = databases.accounts.byKey(world, (m[1] ?? '').trim());
		if (uid === undefined) throw werkzeug('Unauthorized', 'Invalid apikey', 401);
		return uid;
	}
	if (header === '' && String(request.headers.cookie ?? '').includes('session_id=')) {
		throw werkzeug('Unauthorized', 'Missing "Authorization" or Sec-headers for interactive usage.', 401);
	}
	throw werkzeug('Unauthorized', 'User not authenticated, use an API Key with a Bearer Authorization header.', 401);
}

/** An empty body is an empty object; a list is silently ignored. */
function parseBody(text: string): JsonObject {
	if (text.trim() === '') return {};
	try {
		const parsed = JSON.parse(text) as Json;
		return isObject(parsed) ? parsed : {};
	} catch {
		const at = text.length + 1;
		throw werkzeug('BadRequest', `could not parse the body as json: Expecting value: line 1 column ${at} (char ${at - 1})`, 400);
	}
}

async function execute(world: World, call: { model: string; method: string; uid: number; context: JsonObject }, body: JsonObject): Promise<Json | undefined> {
	if (!world.schema.has(call.model)) throw werkzeug('NotFound', `the model '${call.model}' does not exist`, 404);
	const method = found(world, call.model, call.method);
	const { ids, bound } = bindNamed(call, method, body);
	if (call.method === 'create' && !Array.isArray(bound['vals_list'])) bound['vals_list'] = [bound['vals_list'] ?? {}];
	// A record method without ids runs on nothing and says true: a forgotten `ids` is a silent no-op.
	return await runCall(world, call, method, ids, bound);
}

function found(world: World, model: string, method: string): ReturnType<typeof findMethod> {
	try {
		return findMethod(world, model, method);
	} catch (error) {
		if (error instanceof OdooError && error.errorName === 'builtins.AttributeError') throw werkzeug('NotFound', error.message, 404);
		throw error;
	}
}

/** Client mistakes such as an unknown field are 500: a client has to look at the name, not at the status. */
function statusOf(error: OdooError): number {
	if (error.status !== undefined) return error.status;
	switch (error.errorName) {
		case 'odoo.exceptions.UserError':
		case 'odoo.exceptions.ValidationError':
			return 422;
		case 'odoo.exceptions.AccessError':
		case 'odoo.exceptions.AccessDenied':
			return 403;
		case 'odoo.exceptions.MissingError':
			return 404;
		case 'odoo.exceptions.LockError':
			return 409;
		default:
			return 500;
	}
}
