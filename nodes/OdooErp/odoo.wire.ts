// Owns the two interfaces on the wire: JSON-RPC (12 to 19) and JSON-2 (19 and up). One call in, one result out.
// Must not know log-in, retries or documents.
import { z } from 'zod';
import { jsonBody, type HttpRequest, type HttpResponse } from '../core/http';
import { httpFailure, serverFailure } from './odoo.failures';

export interface OdooCall {
	model: string;
	method: string;
	/** Given for methods of records; JSON-2 runs them on nothing, silently, when it is forgotten. */
	ids?: readonly number[];
	/**
	 * In the order of the method's signature. JSON-RPC sends them by position, because modules that override a
	 * method rename its parameters; JSON-2 knows names only.
	 */
	args?: Record<string, unknown>;
	/** By name on both. */
	options?: Record<string, unknown>;
	context?: Record<string, unknown>;
	timeoutMs?: number;
}

/** How a call is named in messages and logs. */
export function aboutCall({ model, method }: OdooCall): string {
	return `${model}/${method}`;
}

/** A call of the services `common` and `db`, which need no log-in. */
export function serviceRequest(service: 'common' | 'db', method: string, args: unknown[]): HttpRequest {
	return { method: 'POST', path: '/jsonrpc', json: { jsonrpc: '2.0', method: 'call', params: { service, method, args }, id: 1 } };
}

export function jsonRpcRequest(call: OdooCall, login: { database: string; uid: number; secret: string }): HttpRequest {
	const positional = [...(call.ids ? [call.ids] : []), ...Object.values(call.args ?? {})];
	const named = { ...call.options, context: call.context ?? {} };
	const args = [login.database, login.uid, login.secret, call.model, call.method, positional, named];
	return { method: 'POST', path: '/jsonrpc', json: { jsonrpc: '2.0', method: 'call', params: { service: 'object', method: 'execute_kw', args }, id: 1 }, timeoutMs: call.timeoutMs };
}

export function json2Request(call: OdooCall, login: { database?: string; secret: string }): HttpRequest {
	return {
		method: 'POST',
		path: `/json/2/${call.model}/${call.method}`,
		headers: { authorization: `bearer ${login.secret}`, ...(login.database ? { 'x-odoo-database': login.database } : {}) },
		json: { ...(call.ids ? { ids: call.ids } : {}), ...call.args, ...call.options, context: call.context ?? {} },
		timeoutMs: call.timeoutMs,
	};
}

const errorSchema = z.object({ name: z.string(), message: z.union([z.string(), z.null()]).optional() });
const envelopeSchema = z.object({
	jsonrpc: z.literal('2.0'),
	result: z.unknown(),
	error: z.object({ message: z.string().optional(), data: errorSchema.partial().optional() }).optional(),
});

/**
 * The result of a JSON-RPC answer. One with neither `result` nor `error` is a success without a value.
 *
 * @throws Failure of the kind the answer means
 */
export function readJsonRpc(response: HttpResponse, about: string): unknown {
	const body = envelopeSchema.safeParse(jsonBody(response));
	if (!body.success) throw httpFailure(response, about);
	const { error, result } = body.data;
	if (error) throw serverFailure({ name: error.data?.name ?? '', message: error.data?.message ?? error.message ?? '' }, about);
	if (response.status !== 200) throw httpFailure(response, about);
	return result ?? null;
}

/** The result of a JSON-2 answer; its status says little: a 500 is mostly the client's mistake (section 1.3). */
export function readJson2(response: HttpResponse, about: string): unknown {
	const body = jsonBody(response);
	if (body === undefined) throw httpFailure(response, about);
	if (response.status === 200) return body;
	const error = errorSchema.safeParse(body);
	throw error.success ? serverFailure({ name: error.data.name, message: error.data.message ?? '' }, about) : httpFailure(response, about);
}
