// Owns the measurements: what the pack costs beside the bare calls, as ratios within one run on one machine.
// npm run bench
import { startOdoo, INTEGRATION, type OdooSimulator } from '../../demo/simulators/odoo';
import { createTransport, systemClock } from '../../nodes/kit/http';
import { odoo } from '../../nodes/OdooErp/odoo.system';
import { odooExternalId } from '../../nodes/core/keys';
import type { Customer } from '../../nodes/core/documents';
import type { Connector } from '../../nodes/core/port';
import { benchRest } from './bench.rest';

const CUSTOMERS = 1_000;
const CHUNK = 100;

function customers(): Customer[] {
	return Array.from({ length: CUSTOMERS }, (_, i) => ({
		kind: 'customer',
		key: `vtiger:Accounts:11x${i + 1}`,
		name: `Customer ${i + 1}`,
		isCompany: true,
		email: `c${i + 1}@example.test`,
		billing: { street: `${i + 1} Main Street`, city: 'Rome', postalCode: '00100' },
		shipping: {},
		contacts: [],
		refs: [],
	}));
}

/** The least that any client must send: the same rows in the same chunks, nothing read, nothing compared. */
async function bare(simulator: OdooSimulator): Promise<void> {
	const ask = async (service: string, method: string, args: unknown[]): Promise<unknown> => {
		const response = await fetch(`${simulator.server.url}/jsonrpc`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', method: 'call', id: 1, params: { service, method, args } }) });
		return ((await response.json()) as { result?: unknown }).result;
	};
	const uid = await ask('common', 'authenticate', [simulator.database, INTEGRATION.login, INTEGRATION.password, {}]);
	const rows = customers().map((c) => [odooExternalId(c.key, 'res.partner'), c.name, 'True', c.email, c.billing.street, c.billing.city, c.billing.postalCode]);
	for (let i = 0; i < rows.length; i += CHUNK) {
		await ask('object', 'execute_kw', [simulator.database, uid, INTEGRATION.password, 'res.partner', 'load', [['id', 'name', 'is_company', 'email', 'street', 'city', 'zip'], rows.slice(i, i + CHUNK)], {}]);
	}
}

function connect(simulator: OdooSimulator): Connector {
	const credential = { url: simulator.server.url, database: simulator.database, login: INTEGRATION.login, secret: INTEGRATION.password, installation: 'odoo', language: 'en_US' };
	return odoo.connect(credential, { send: createTransport(odoo.endpoint(credential)), clock: systemClock });
}

async function timed(run: () => Promise<unknown>): Promise<number> {
	const began = performance.now();
	await run();
	return performance.now() - began;
}

async function main(): Promise<void> {
	const plain = await startOdoo({ version: 18, gapMs: 0 });
	const ours = await startOdoo({ version: 18, gapMs: 0 });
	const connector = connect(ours);
	await connector.check();
	const least = await timed(async () => await bare(plain));
	const report = async (what: string, expected: string) => {
		ours.server.resetCalls();
		let outcomes: string[] = [];
		const ms = await timed(async () => {
			const results = await connector.upsert('customer', customers(), {});
			outcomes = [...new Set(results.map((result) => (result.ok ? result.value.outcome : result.failure.message)))];
		});
		if (outcomes.join() !== expected) throw new Error(`${what}: ${outcomes.join(', ')}`);
		console.log(`${what}: ${ours.server.calls.length} calls, ${(ms / least).toFixed(2)} times the bare load() of the same rows`);
	};
	await report(`${CUSTOMERS} new customers`, 'created');
	await report(`${CUSTOMERS} customers again`, 'unchanged');
	await plain.stop();
	await ours.stop();
	await benchRest();
}

void main();
