// Owns running one method call: rights, argument binding, transaction, delays.
// Must not know: HTTP, envelopes.
import { accessError, OdooError, privateMethod, typeError, unknownMethod } from './failure';
import type { Json, JsonObject, Row } from './json';
import { idList, isObject } from './json';
import { isPrivate } from './methods';
import { checkRights, isVisible, ruleRefusal } from './rights';
import type { Method } from './world';
import { Env } from './world';
import type { World } from './world';

export interface MethodCall {
	model: string;
	method: string;
	uid: number;
	context: JsonObject;
}

/** The method of a model, or the server's complaint that there is none. */
export function findMethod(world: World, model: string, method: string): Method {
	if (!world.schema.has(model)) throw new OdooError('odoo.exceptions.UserError', `Object ${model} doesn't exist`);
	if (isPrivate(world.profile, method)) throw privateMethod(world.profile.version, model, method);
	const found = world.models.get(model)?.methods?.[method] ?? world.methods[method];
	if (!found) throw unknownMethod(world.profile.version, model, method);
	return found;
}

/** Binds positional and named arguments as Python would; record methods take ids first. */
export function bindPositional(world: World, method: Method, name: string, args: Json[], kwargs: JsonObject): { ids: number[]; bound: Record<string, Json> } {
	const shown = world.profile.version >= 17 ? `BaseModel.${name}()` : `${name}()`;
	const rest = [...args];
	const ids = method.level === 'record' ? idList(rest.shift() ?? kwargs['ids'] ?? []) : [];
	const bound: Record<string, Json> = {};
	for (const param of method.params) {
		const given = rest.shift();
		if (given !== undefined) bound[param.name] = given;
	}
	for (const [key, value] of Object.entries(kwargs)) {
		if (key === 'ids' && method.level === 'record') continue;
		if (!method.params.some((p) => p.name === key)) throw typeError(`${shown} got an unexpected keyword argument '${key}'`);
		bound[key] = value;
	}
	const missing = method.params.filter((p) => bound[p.name] === undefined && p.fallback === undefined);
	const first = missing[0];
	if (first)
		throw typeError(
			`${shown} missing ${missing.length} required positional argument${missing.length > 1 ? 's' : ''}: ${missing.map((p) => `'${p.name}'`).join(' and ')}`,
		);
	return { ids, bound: complete(method, bound) };
}

function complete(method: Method, bound: Record<string, Json>): Record<string, Json> {
	for (const p of method.params) if (bound[p.name] === undefined && p.fallback !== undefined) bound[p.name] = p.fallback;
	return bound;
}

/** Binds the named arguments of /json/2; refusals carry status 422. */
export function bindNamed(call: MethodCall, method: Method, body: JsonObject): { ids: number[]; bound: Record<string, Json> } {
	const unprocessable = (message: string) => new OdooError('werkzeug.exceptions.UnprocessableEntity', message, [message, 422], 422);
	if (method.level === 'model' && body['ids'] !== undefined) throw unprocessable(`cannot call ${call.model}.${call.method} with ids`);
	const bound: Record<string, Json> = {};
	for (const [key, value] of Object.entries(body)) if (key !== 'ids' && key !== 'context') bound[key] = value;
	const missing = method.params.find((p) => bound[p.name] === undefined && p.fallback === undefined);
	if (missing) throw unprocessable(`missing a required argument: '${missing.name}'`);
	const unexpected = Object.keys(bound).find((key) => !method.params.some((p) => p.name === key));
	if (unexpected !== undefined) throw unprocessable(`got an unexpected keyword argument '${unexpected}'`);
	return { ids: idList(body['ids'] ?? []), bound: complete(method, bound) };
}

/** Runs a bound call as one transaction. `undefined` is None. */
export async function runCall(world: World, call: MethodCall, method: Method, ids: number[], bound: Record<string, Json>): Promise<Json | undefined> {
	const env = new Env(world, call.uid, call.context);
	checkCompanies(env);
	const needs = method.needs;
	// What a record method does to its records comes after seeing them.
	if (needs && method.level === 'record' && needs !== 'create') checkRights(env, call.model, 'read');
	checkRules(env, call.model, ids);
	if (needs) checkRights(env, call.model, needs);
	await world.delay(call);
	// load() waits inside and opens its own transaction; everything else runs in one piece.
	if (method.asynchronous) return await method.run(env, call.model, ids, bound);
	return env.store.transaction(() => method.run(env, call.model, ids, bound) as Json | undefined);
}

function checkCompanies(env: Env): void {
	const own = idList(env.store.get('res.users', env.uid)?.['company_ids']);
	const asked = idList(env.context['allowed_company_ids'] ?? []);
	if (asked.some((id) => !own.includes(id))) throw accessError('Access to unauthorized or invalid companies.');
}

function checkRules(env: Env, model: string, ids: number[]): void {
	const hidden = ids.map((id) => env.store.get(model, id)).filter((row): row is Row => row !== undefined && !isVisible(env, model, row));
	if (hidden.length > 0) throw ruleRefusal(env, model, 'read', hidden);
}

/** The context of a call: whatever is not an object counts as none. */
export function contextOf(value: Json | undefined): JsonObject {
	return isObject(value) ? value : {};
}
