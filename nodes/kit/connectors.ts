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
	return seconds > 0 ? { ...endpoint, timeoutMs: seconds * 1000 } : endpoint;
}

/** n8n adds "Allowed HTTP Request Domains" to credentials; an administrator's choice there binds us too. */
function checkAllowedDomains(endpoint: Endpoint, credential: Record<string, unknown>): void {
	const mode = credential.allowedHttpRequestDomains;
	if (mode === undefined || mode === '' || mode === 'all') return;
	const host = new URL(endpoint.baseUrl).hostname;
	const domains = mode === 'domains' ? String(credential.allowedDomains ?? '').split(',').map((domain) => domain.trim().toLowerCase()).filter(Boolean) : [];
	if (domains.some((domain) => matches(host, domain))) return;
	throw new Failure('denied', `${host} is not among the allowed domains of this credential`, { advice: 'Add it to "Allowed Domains" in the credential' });
}

function matches(host: string, domain: string): boolean {
	return domain.startsWith('*.') ? host.endsWith(domain.slice(1)) : host === domain;
}
