// Owns what the REST nodes cost beside the bare calls of the same API, as ratios within one run on one machine.
import fs from 'node:fs';
import path from 'node:path';
import { PASSWORD, startRest, USER } from '../../demo/simulators/rest';
import { customerSchema, type Customer } from '../../nodes/core/documents';
import { createTransport, systemClock } from '../../nodes/kit/http';
import { rest } from '../../nodes/RestErp/rest.system';

const CUSTOMERS = 300;
const AT_ONCE = 4;
const PROFILE = path.join(__dirname, '..', '..', 'demo', 'profiles', 'ledger.json');

function customers(): Customer[] {
	return Array.from({ length: CUSTOMERS }, (_, i) => customerSchema.parse({ kind: 'customer', key: `vtiger:Accounts:11x${i + 1}`, name: `Customer ${i + 1}`, email: `c${i + 1}@example.test`, billing: { street: `${i + 1} Main Street`, city: 'Rome', postalCode: '00100' } }));
}

/** The least that a client must send: one call for each customer, as many at once as the pack has, nothing looked up or read back. */
async function bare(url: string): Promise<void> {
	const headers = { 'content-type': 'application/json' };
	const login = await fetch(`${url}/login`, { method: 'POST', headers, body: JSON.stringify({ user: USER, password: PASSWORD }) });
	const { token } = (await login.json()) as { token: string };
	const todo = customers();
	const worker = async (): Promise<void> => {
		for (let next = todo.shift(); next; next = todo.shift()) {
			const { key, name, email, billing } = next;
			const response = await fetch(`${url}/customers`, { method: 'POST', headers: { ...headers, authorization: `Bearer ${token}` }, body: JSON.stringify({ external_id: key, name, is_company: true, email, billing: { street: billing.street, city: billing.city, postcode: billing.postalCode } }) });
			if (response.status !== 201) throw new Error(`POST /customers answered ${response.status}: ${await response.text()}`);
			await response.json();
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function timed<T>(run: () => Promise<T>): Promise<{ ms: number; value: T }> {
	const began = performance.now();
	const value = await run();
	return { ms: performance.now() - began, value };
}

/** Writes the customers bare and by the pack, then again unchanged, and prints calls and ratios. */
export async function benchRest(): Promise<void> {
	const [plain, ours] = [await startRest(), await startRest()];
	const credential = { url: ours.url, profile: 'custom', profileJson: fs.readFileSync(PROFILE, 'utf8'), username: USER, password: PASSWORD, installation: 'erp', maxConcurrent: AT_ONCE };
	const connector = rest.connect(credential, { send: createTransport(rest.endpoint(credential)), clock: systemClock });
	await connector.check();
	const { ms: least } = await timed(async () => await bare(plain.url));
	for (const what of ['created', 'unchanged']) {
		ours.server.resetCalls();
		const { ms, value } = await timed(async () => await connector.upsert('customer', customers(), {}));
		const outcomes = [...new Set(value.map((result) => (result.ok ? result.value.outcome : result.failure.message)))];
		if (outcomes.join() !== what) throw new Error(`expected ${what}, came ${outcomes.slice(0, 3).join('; ')}`);
		console.log(`REST: ${CUSTOMERS} customers ${what}: ${ours.server.calls.length} calls, ${(ms / least).toFixed(2)} times the bare ${CUSTOMERS} writes`);
	}
	await plain.stop();
	await ours.stop();
}
