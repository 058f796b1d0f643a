// Owns plain calls to the simulated Odoo as any client would make them.
// Must not know: the product's client code.
import { ADMIN, type Account, type Json, type OdooSimulator } from '../../../demo/simulators/odoo';

export type Answer = { [key: string]: Json };

/** One /jsonrpc call of a model's method; gives the whole envelope. */
export async function rpc(sim: OdooSimulator, model: string, method: string, args: Json[], options: { as?: Account; context?: Answer } = {}): Promise<Answer> {
	const { as = ADMIN, context = {} } = options;
	const uid = sim.records('res.users').find((u) => u['login'] === as.login)?.id ?? 0;
	const params = { service: 'object', method: 'execute_kw', args: [sim.database, uid, as.password, model, method, args, { context }] };
	const response = await fetch(`${sim.url}/jsonrpc`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ jsonrpc: '2.0', method: 'call', params, id: 1 }),
	});
	return (await response.json()) as Answer;
}

/** The result of a call that must succeed. */
export async function call<T extends Json>(
	sim: OdooSimulator,
	model: string,
	method: string,
	args: Json[],
	options: { as?: Account; context?: Answer } = {},
): Promise<T> {
	const answer = await rpc(sim, model, method, args, options);
	if (answer['error'] !== undefined) throw new Error(JSON.stringify(answer['error']));
	return answer['result'] as T;
}

/** The class name of the error a call ended with. */
export async function errorOf(sim: OdooSimulator, model: string, method: string, args: Json[], options: { as?: Account; context?: Answer } = {}): Promise<string> {
	const { error } = (await rpc(sim, model, method, args, options)) as { error?: { data: { name: string } } };
	return error?.data.name ?? 'none';
}

export interface Loaded {
	[key: string]: Json;
	ids: number[] | false;
	messages: Array<{ [key: string]: Json }>;
	nextrow: number;
}

export const load = (sim: OdooSimulator, model: string, fields: string[], rows: Json[][], context: Answer = {}): Promise<Loaded> =>
	call<Loaded>(sim, model, 'load', [fields, rows], { context });

/** One /json/2 call. */
export async function json2(sim: OdooSimulator, path: string, body: Json, headers: Record<string, string> = {}): Promise<{ status: number; body: Json; type: string }> {
	const response = await fetch(`${sim.url}/json/2/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN.apiKey}`, ...headers },
		body: JSON.stringify(body),
	});
	const text = await response.text();
	const type = response.headers.get('content-type') ?? '';
	return { status: response.status, type, body: type.startsWith('application/json') ? (JSON.parse(text) as Json) : text };
}
