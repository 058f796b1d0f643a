// Owns putting a database together from its state, and the answers a simulator gives outside of calls.
// Must not know: HTTP, the facade.
import type { SimRequest, SimResponse } from '../server';
import { microStamp } from './clock';
import type { Json, Row } from './json';
import { isObject } from './json';
import { genericMethods } from './methods';
import { buildModels } from './models/registry';
import { schemaOf, storeOf } from './state';
import type { State } from './state';
import { profileOf } from './versions';
import type { Version } from './versions';
import type { Env, World } from './world';

/** A database in its starting state. */
export function buildWorld(state: State, parts: Pick<World, 'now' | 'micros' | 'gap' | 'delay'>): World {
	const profile = profileOf(state.version);
	const schema = schemaOf(state);
	return {
		...parts,
		profile,
		schema,
		store: storeOf(state, microStamp(parts.now())),
		models: buildModels(profile, schema),
		methods: genericMethods(profile),
		labels: state.labels,
	};
}

/** A record with every field, computed ones too; many2one as ids. */
export function everyField(env: Env, model: string, row: Row): Row {
	const all: Row = { id: row.id };
	for (const name of env.schema(model).fields.keys()) all[name] = env.value(model, row, name);
	return { ...all, id: row.id };
}

/** What a changed password or a revoked key looks like: AccessDenied in JSON-RPC, 401 in JSON-2. */
export function expired(version: Version, request: SimRequest): SimResponse {
	const type = 'application/json; charset=utf-8';
	if (request.path.startsWith('/json/2')) {
		const body = { name: 'werkzeug.exceptions.Unauthorized', message: 'Invalid apikey', arguments: ['Invalid apikey', 401], context: {}, debug: '' };
		return { status: 401, headers: { 'content-type': type, 'www-authenticate': 'Bearer' }, body: JSON.stringify(body) };
	}
	const data = { name: 'odoo.exceptions.AccessDenied', debug: '', message: 'Access Denied', arguments: ['Access Denied'], context: {} };
	const error = { code: profileOf(version).errorCode, message: 'Odoo Server Error', data };
	return { status: 200, headers: { 'content-type': type }, body: JSON.stringify({ jsonrpc: '2.0', id: idOf(request.body), error }) };
}

function idOf(body: string): Json {
	try {
		const parsed = JSON.parse(body) as Json;
		return isObject(parsed) ? (parsed['id'] ?? null) : null;
	} catch {
		return null;
	}
}
