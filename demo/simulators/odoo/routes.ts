// Owns which path is answered by what.
// Must not know: the models, how pages look.
import type { SimRequest, SimResponse } from '../server';
import { invalidJson, notAnObject, notFoundJson, notFoundPage, plainNotFound, wrongType } from './http.pages';
import type { Json } from './json';
import { isObject, str } from './json';
import { answerJson2 } from './json2';
import { answerRpc, versionInfo } from './rpc';
import type { Databases } from './rpc';
import type { World } from './world';

/** What a call is named in the call log: `common.version`, `sale.order/load`; null for the demo's own pages. */
export function operationOf(request: SimRequest): string | null {
	const { path } = request;
	if (path.startsWith('/json/2')) {
		const [, , , model = '', method = ''] = path.split('/');
		return `${model}/${method}`;
	}
	if (path === '/jsonrpc') return rpcOperation(request.body);
	if (path.startsWith('/web/') || path.startsWith('/xmlrpc')) return path;
	return null;
}

function rpcOperation(body: string): string {
	try {
		const parsed = JSON.parse(body) as Json;
		const params = isObject(parsed) && isObject(parsed['params']) ? parsed['params'] : {};
		const args = Array.isArray(params['args']) ? params['args'] : [];
		return params['service'] === 'object' ? `${str(args[3])}/${str(args[4])}` : `${str(params['service'])}.${str(params['method'])}`;
	} catch {
		return '/jsonrpc';
	}
}

/** Answers a request to the server's own interfaces; `undefined` when the path belongs to the demo's pages. */
export async function answer(databases: Databases, world: World, request: SimRequest): Promise<SimResponse | undefined> {
	const { version } = databases;
	const { path } = request;
	if (path === '/jsonrpc') return await jsonRpc(databases, world, request);
	if (world.profile.jsonTwo && (path === '/json/2' || path.startsWith('/json/2/'))) return await answerJson2(databases, request);
	if (world.profile.jsonTwo && (path === '/web/version' || path === '/json/version')) return versionPage(world);
	if (path === '/web/health' && version >= 15) return json(200, { status: 'pass' });
	if (path === '/web/webclient/version_info' && request.method === 'POST') return versionRpc(world, request.body);
	if (path.startsWith('/json/1/')) return version >= 19 ? plainNotFound() : notFoundPage(version);
	if (path.startsWith('/web') || path.startsWith('/json') || path.startsWith('/xmlrpc') || path.startsWith('/my')) return notFoundPage(version);
	return undefined;
}

/** The answer for a path nobody knows. */
export function unknownPath(databases: Databases, request: SimRequest): SimResponse {
	const isJson = /^application\/json/i.test(String(request.headers['content-type'] ?? ''));
	if (databases.version > 14 || !isJson) return notFoundPage(databases.version);
	return notFoundJson(idText(request.body));
}

function idText(body: string): string {
	try {
		const parsed = JSON.parse(body) as Json;
		return JSON.stringify(isObject(parsed) ? (parsed['id'] ?? null) : null);
	} catch {
		return 'null';
	}
}

function json(status: number, body: Json): SimResponse {
	return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}

async function jsonRpc(databases: Databases, world: World, request: SimRequest): Promise<SimResponse> {
	const { version } = databases;
	const isJson = /^application\/json/i.test(String(request.headers['content-type'] ?? ''));
	if (request.method !== 'POST' || !isJson) return wrongType(version, request.method === 'GET');
	let body: Json;
	try {
		body = JSON.parse(request.body) as Json;
	} catch {
		return invalidJson(version, request.body);
	}
	if (!isObject(body)) return notAnObject(version);
	return json(200, await answerRpc(databases, world, body));
}

function versionPage(world: World): SimResponse {
	const { version, serverVersion } = world.profile;
	return json(200, { version_info: [version, 0, 0, 'final', 0, ''], version: serverVersion });
}

function versionRpc(world: World, body: string): SimResponse {
	return {
		status: 200,
		headers: { 'content-type': 'application/json; charset=utf-8' },
		body: `{"jsonrpc": "2.0", "id": ${idText(body)}, "result": ${JSON.stringify(versionInfo(world))}}`,
	};
}
