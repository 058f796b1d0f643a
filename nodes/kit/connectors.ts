// Owns the connectors of this process: one per credential, so that login, metadata and connections are shared
// by all nodes and executions that use it. Nothing here outlives the process.
import { createHash } from 'node:crypto';
import type { Connector, Endpoint, System } from '../core/port';
import { Failure } from '../core/failure';
import { createTransport, systemClock } from './http';

const LARGEST_CACHE = 50;
const cache = new Map<string, Connector>();

/** The connector of a credential; a changed credential is another one. */
export function connectorFor(name: string, system: System, credential: Record<string, unknown>): Connector {
	const id = `${name}:${createHash('sha256').update(JSON.stringify(credential)).digest('hex')}`;
	const known = cache.get(id);
	if (known) {
		cache.delete(id);
		cache.set(id, known);
		return known;
	}
	const connector = newConnector(system, credential);
	cache.set(id, connector);
	for (const oldest of cache.keys()) {
		if (cache.size <= LARGEST_CACHE) break;
		cache.delete(oldest);
	}
	return connector;
}

/**
 * The connector of a node: by its credential and those of its parameters that the system names. Nodes that say the same
 * share one.
 *
 * @param parameter a parameter's value for the first item; nothing when it is not shown
 */
export async function connectorOf(name: string, system: System, context: { getCredentials(name: string): Promise<object> }, parameter: (name: string) => unknown): Promise<Connector> {
	const credential = { ...(await context.getCredentials(name)) };
	const chosen = (system.parameters ?? []).map((one) => [one, parameter(one)] as const).filter(([, value]) => value !== undefined && value !== null && value !== '');
	return connectorFor(name, system, chosen.length > 0 ? { ...credential, node: Object.fromEntries(chosen) } : credential);
}

/** A connector of its own, with no session yet. */
export function newConnector(system: System, credential: Record<string, unknown>): Connector {
	const endpoint = system.endpoint(credential);
	checkAllowedDomains(endpoint, credential);
	return system.connect(credential, { send: createTransport(withTimeout(endpoint, credential)), clock: systemClock });
}

/** Forgets all connectors: for tests. */
export function forgetConnectors(): void {
	cache.clear();
}

function withTimeout(endpoint: Endpoint, credential: Record<string, unknown>): Endpoint {
	const seconds = Number(credential.timeout ?? 0);
	return seconds > 0 && endpoint.timeoutMs === undefined ? { ...endpoint, timeoutMs: seconds * 1000 } : endpoint;
}

/** n8n adds "Allowed HTTP Request Domains" to credentials; an administrator's choice there binds us too. */
function checkAllowedDomains(endpoint: Endpoint, credential: Record<string, unknown>): void {
	const mode = credential.allowedHttpRequestDomains;
	if (mode === undefined || mode === '' || mode === 'all') return;
	const domains = mode === 'domains' ? String(credential.allowedDomains ?? '').split(',').map((domain) => domain.trim().toLowerCase()).filter(Boolean) : [];
	const host = [endpoint.baseUrl, ...(endpoint.others ?? [])].map((address) => new URL(address).hostname).find((name) => !domains.some((domain) => matches(name, domain)));
	if (host === undefined) return;
	throw new Failure('denied', `${host} is not among the allowed domains of this credential`, { advice: 'Add it to "Allowed Domains" in the credential' });
}

function matches(host: string, domain: string): boolean {
	return domain.startsWith('*.') ? host.endsWith(domain.slice(1)) : host === domain;
}
