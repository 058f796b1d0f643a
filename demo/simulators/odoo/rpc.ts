// Owns /jsonrpc: services common, object and db, and the JSON-RPC envelope with its errors.
// Must not know: the models.
import type { Accounts } from './accounts';
import { bindPositional, contextOf, findMethod, runCall } from './call';
import { accessDenied, keyError, missingRecord, OdooError, typeError } from './failure';
import type { Json, JsonObject } from './json';
import { isObject, str } from './json';
import type { Version } from './versions';
import type { World } from './world';

export interface Databases {
	/** The world of a database, or `undefined` when there is no such database. */
	find: (name: string) => World | undefined;
	names: () => string[];
	accounts: Accounts;
	version: Version;
}

/** The value that stands for Python's None: the answer then has no `result` member. */
type Outcome = Json | undefined;

/** Answers one parsed JSON-RPC body. */
export async function answerRpc(databases: Databases, world: World, body: JsonObject): Promise<JsonObject> {
	const envelope: JsonObject = { jsonrpc: '2.0', id: body['id'] ?? null };
	try {
		const result = await dispatch(databases, world, isObject(body['params']) ? body['params'] : {});
		return result === undefined ? envelope : { ...envelope, result };
	} catch (error) {
		if (!(error instanceof OdooError)) throw error;
		return { ...envelope, error: { code: world.profile.errorCode, message: 'Odoo Server Error', data: errorData(error) } };
	}
}

/** `{name, message, arguments, context, debug}`, the same object on /jsonrpc and /json/2. */
export function errorData(error: OdooError): JsonObject {
	const debug = `Traceback (most recent call last):\n  File "/odoo/http.py", line 1, in dispatch\n${error.errorName}: ${error.message}\n`;
	return { name: error.errorName, debug, message: error.message, arguments: error.args, context: {} };
}

async function dispatch(databases: Databases, world: World, params: JsonObject): Promise<Outcome> {
	const missing = ['service', 'method', 'args'].filter((name) => params[name] === undefined);
	if (missing.length > 0) throw missingParams(world.profile.version, missing);
	const method = str(params['method']);
	const args = Array.isArray(params['args']) ? params['args'] : [];
	switch (params['service']) {
		case 'common':
			return common(databases, world, method, args);
		case 'object':
			return await object(databases, method, args);
		case 'db':
			return db(databases, world, method, args);
		default:
			if (world.profile.version === 14) throw new OdooError('builtins.UnboundLocalError', "local variable 'dispatch' referenced before assignment");
			throw keyError(str(params['service']));
	}
}

function missingParams(version: Version, names: string[]): OdooError {
	const quoted = names.map((n) => `'${n}'`);
	const list = quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')}${quoted.length > 2 ? ',' : ''} and ${quoted.at(-1) ?? ''}`;
	const name = version >= 19 ? 'JSONRPC.jsonrpc()' : version >= 17 ? 'RPC.jsonrpc()' : 'jsonrpc()';
	return typeError(`${name} missing ${names.length} required positional argument${names.length > 1 ? 's' : ''}: ${list}`);
}

/** The version answer, also given by /web/webclient/version_info. */
export function versionInfo(world: World): JsonObject {
	const { serverVersion, version } = world.profile;
	return { server_version: serverVersion, server_version_info: [version, 0, 0, 'final', 0, ''], server_serie: `${version}.0`, protocol_version: 1 };
}

function common(databases: Databases, world: World, method: string, args: Json[]): Outcome {
	switch (method) {
		case 'version':
			return versionInfo(world);
		case 'about':
			return 'See http://openerp.com';
		case 'login':
		case 'authenticate': {
			const target = database(databases, str(args[0]));
			return databases.accounts.authenticate(target, str(args[1]), str(args[2])) ?? false;
		}
		default:
			throw new OdooError('builtins.Exception', `Method not found: ${method}`);
	}
}

function database(databases: Databases, name: string): World {
	const world = databases.find(name);
	if (world) return world;
	const prefix = databases.version === 14 ? '' : 'connection to server at "127.0.0.1", port 5432 failed: ';
	throw new OdooError('psycopg2.OperationalError', `${prefix}FATAL:  database "${name}" does not exist\n`);
}

async function object(databases: Databases, method: string, args: Json[]): Promise<Outcome> {
	if (args.length < 5) throw tooFewArguments(databases.version, args.length);
	const [db, uid, password, model, name, ...rest] = args;
	const world = database(databases, str(db));
	const user = Number(uid);
	if (uid === false || !databases.accounts.knows(world, user, str(password))) {
		if (uid !== false && !world.store.get('res.users', user)) throw missingRecord('res.users', [user], user);
		throw accessDenied();
	}
	if (method !== 'execute_kw' && method !== 'execute') throw new OdooError('builtins.NameError', `Method not available ${method}`);
	const positional = method === 'execute_kw' ? (Array.isArray(rest[0]) ? rest[0] : []) : rest;
	const { context, ...kwargs } = method === 'execute_kw' && isObject(rest[1]) ? rest[1] : {};
	const call = { model: str(model), method: str(name), uid: user, context: contextOf(context) };
	const found = findMethod(world, call.model, call.method);
	const { ids, bound } = bindPositional(world, found, call.method, positional, kwargs);
	const result = await runCall(world, call, found, ids, bound);
	// A create from a dict answers an id, from a list a list; only /json/2 always gives a list.
	return result;
}

function tooFewArguments(version: Version, given: number): OdooError {
	if (version >= 19) return new OdooError('builtins.ValueError', `not enough values to unpack (expected at least 5, got ${given})`);
	return new OdooError('builtins.IndexError', 'list index out of range');
}

function db(databases: Databases, world: World, method: string, args: Json[]): Outcome {
	switch (method) {
		case 'list':
			return databases.names();
		case 'db_exist':
			return databases.find(str(args[0])) !== undefined;
		case 'server_version':
			return world.profile.serverVersion;
		default:
			throw new OdooError('builtins.Exception', `Method not found: ${method}`);
	}
}
