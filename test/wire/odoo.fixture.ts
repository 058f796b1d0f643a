// Owns reading the recorded Odoo exchanges: lines of a fixture, in order of time within a session.
// Must not know: the simulator, the client.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const VERSIONS = [14, 17, 18, 19] as const;
export type Version = (typeof VERSIONS)[number];

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * One recorded exchange. `script` is the session it belongs to: A protocol and errors, B records, C load and external
 * ids, D sales to payment, J JSON-2, each continuing on the records of the one before; E polling and F the main job,
 * each from a clean start.
 */
export interface Exchange {
	name: string;
	script: string;
	/** The answer's fields were cut to those that matter: more of them in an answer is no difference. */
	cut?: boolean;
	request: { method: string; path: string; headers?: Record<string, string>; body?: Json };
	response: { status: number; headers?: Record<string, string>; body: Json };
}

/** All exchanges of a version, in the order they are replayed. */
export function exchangesOf(version: Version): Exchange[] {
	const text = readFileSync(join(__dirname, 'fixtures', `odoo-${version}.jsonl`), 'utf8');
	return text
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => JSON.parse(line) as Exchange);
}

export function isObject(value: Json | undefined): value is { [key: string]: Json } {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A /jsonrpc call of a model's method, taken apart; `undefined` for anything else. */
export interface ModelCall {
	login: Json;
	model: string;
	method: string;
	args: Json[];
}

export function modelCallOf(exchange: Exchange): ModelCall | undefined {
	const json2 = /^\/json\/2\/([\w.]+)\/(\w+)/.exec(exchange.request.path);
	const body = exchange.request.body;
	if (json2) return { login: null, model: json2[1] ?? '', method: json2[2] ?? '', args: [body ?? null] };
	const params = isObject(body) && isObject(body['params']) ? body['params'] : undefined;
	const args = params && params['service'] === 'object' && Array.isArray(params['args']) ? params['args'] : undefined;
	if (!args || args.length < 5) return undefined;
	return { login: args[1] ?? null, model: String(args[3]), method: String(args[4]), args: Array.isArray(args[5]) ? args[5] : [] };
}

/** The result of an answer: the JSON-RPC member, or the bare JSON-2 body. */
export function resultOf(exchange: Exchange): Json | undefined {
	const body = exchange.response.body;
	if (exchange.request.path.startsWith('/json/2')) return exchange.response.status === 200 ? body : undefined;
	return isObject(body) ? body['result'] : undefined;
}

/** `index` of the exchange with this name. */
export function find(exchanges: Exchange[], name: string): Exchange | undefined {
	return exchanges.find((e) => e.name === name);
}
