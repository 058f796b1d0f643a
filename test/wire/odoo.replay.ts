// Owns replaying recorded Odoo exchanges on the simulator in order of time and holding the answers against each other.
// Must not know: any client code.
import { ADMIN, INTEGRATION, NOBODY, SALES, startOdoo } from '../../demo/simulators/odoo';
import type { OdooSimulator } from '../../demo/simulators/odoo';
import { shapeDifferences } from './compare';
import type { Difference } from './compare';
import { modelCallOf, resultOf } from './odoo.fixture';
import type { Exchange, Json, Version } from './odoo.fixture';
import { optionsFor } from './odoo.judgement';
import { clockOf, prepare } from './odoo.scenes';

const KEYS: Record<string, string> = {
	'<api-key-admin>': ADMIN.apiKey,
	'<api-key-integration>': INTEGRATION.apiKey,
	'<api-key-sales>': SALES.apiKey,
	'<api-key-nobody>': NOBODY.apiKey,
};

/** One simulator per session of recordings; the long one (A to D and J) keeps its records from exchange to exchange. */
export class OdooReplay {
	private time = Date.parse('2026-11-22T02:00:00.500Z');
	private simulators = new Map<string, OdooSimulator>();

	constructor(
		readonly version: Version,
		readonly exchanges: Exchange[],
	) {}

	/** Puts the simulator in the recorded state, sends the recorded request, lists where the answers differ. */
	async differences(exchange: Exchange): Promise<Difference[]> {
		const simulator = await this.simulatorFor(exchange);
		this.time = clockOf(this.exchanges, exchange) ?? this.time;
		prepare(simulator, this.exchanges, exchange);
		alignIds(simulator, exchange);
		const { status, type, body, authenticate } = await send(simulator, exchange);
		const expected = {
			status: exchange.response.status,
			type: mime(exchange.response.headers?.['content-type']),
			authenticate: exchange.response.headers?.['www-authenticate'] ?? '',
			body: exchange.response.body,
		};
		expected.authenticate = expected.authenticate.trim();
		const actual = { status, type: expected.type === '' ? '' : type, authenticate: expected.authenticate === '' ? '' : authenticate, body };
		return shapeDifferences(expected, actual, optionsFor(this.version, exchange));
	}

	async stop(): Promise<void> {
		for (const simulator of this.simulators.values()) await simulator.stop();
	}

	private async simulatorFor(exchange: Exchange): Promise<OdooSimulator> {
		const several = exchange.name.includes('multidb');
		const name = several ? 'several' : exchange.script === 'F' ? 'flow' : exchange.script === 'E' ? 'polling' : 'long';
		const known = this.simulators.get(name);
		if (known) return known;
		const started = await startOdoo({ version: this.version, now: () => this.time, gapMs: 0, ...(several ? { databases: ['crmerp19', 'crmerp19b'] } : {}) });
		this.simulators.set(name, started);
		return started;
	}
}

/** Ids the recorded server handed out next: its sequences had gaps from calls that are not in the recordings. */
function alignIds(simulator: OdooSimulator, exchange: Exchange): void {
	const call = modelCallOf(exchange);
	const result = resultOf(exchange);
	if (!call || result === undefined) return;
	const store = simulator.world.store;
	const created = createdIds(call.method, result).filter((id) => !store.get(call.model, id));
	const [first] = created;
	if (first !== undefined) store.setNextId(call.model, first);
}

function createdIds(method: string, result: Json): number[] {
	const numbers = (value: Json): number[] => (typeof value === 'number' ? [value] : Array.isArray(value) ? value.filter((v): v is number => typeof v === 'number') : []);
	switch (method) {
		case 'create':
		case 'copy':
			return numbers(result);
		case 'name_create':
			return Array.isArray(result) ? numbers(result[0] ?? []) : [];
		case 'load':
			return typeof result === 'object' && result !== null && !Array.isArray(result) ? numbers(result['ids'] ?? []) : [];
		case 'web_save':
			return Array.isArray(result) && typeof result[0] === 'object' && result[0] !== null && !Array.isArray(result[0]) ? numbers(result[0]['id'] ?? []) : [];
		default:
			return [];
	}
}

async function send(simulator: OdooSimulator, exchange: Exchange): Promise<{ status: number; type: string; authenticate: string; body: Json }> {
	const { method, path, headers = {}, body } = exchange.request;
	const sent: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) sent[name] = withKeys(value);
	const text = body === undefined || body === null ? undefined : withKeys(typeof body === 'string' ? body : JSON.stringify(body));
	if (text !== undefined && sent['content-type'] === undefined) sent['content-type'] = 'application/json';
	const response = await fetch(simulator.url + path, { method, headers: sent, redirect: 'manual', ...(method === 'GET' ? {} : { body: text ?? '' }) });
	const answer = await response.text();
	return {
		status: response.status,
		type: mime(response.headers.get('content-type') ?? ''),
		authenticate: response.headers.get('www-authenticate') ?? '',
		body: parsed(answer),
	};
}

function mime(header: string | undefined): string {
	return (header ?? '').split(';')[0]?.trim() ?? '';
}

function withKeys(text: string): string {
	return Object.entries(KEYS).reduce((t, [placeholder, key]) => t.split(placeholder).join(key), text);
}

function parsed(text: string): Json {
	try {
		return JSON.parse(text) as Json;
	} catch {
		return text;
	}
}
