// Owns a REST ERP as the demo's ERP: the pack has no code for it, only the profile beside this file.
// Must not know the walk.
import fs from 'node:fs';
import path from 'node:path';
import type { DemoErp, ErpBill, ErpOrder } from './erp';
import { API_KEY, PASSWORD, seedDemo, startRest, USER, type FaceName, type RestSimulator, type Switches, type TableName } from './simulators/rest';
import type { Call } from './simulators/server';

const COUNTED: readonly TableName[] = ['customers', 'orders', 'invoices', 'payments'];
/** What a process reads once: log-in, the token against forged calls. */
const SETUP = /^\w+ (login|session|me|about|taxes)$/;
/** What the other workflows' triggers ask for. */
const POLL = /^GET (invoices|bills)/;

export interface RestErpOptions {
	/** In which of its three styles it speaks; default `ledger`. */
	face?: FaceName;
	switches?: Partial<Switches>;
	/** Changes the profile, e.g. the identity rule. */
	profile?: (profile: Record<string, unknown>) => Record<string, unknown>;
}

export class RestErp implements DemoErp {
	readonly title = 'REST ERP';
	readonly system = 'erp';
	readonly suffix = '-rest';

	private constructor(
		readonly sim: RestSimulator,
		private readonly profileJson: string,
	) {}

	static async start({ face = 'ledger', switches, profile = (same) => same }: RestErpOptions = {}): Promise<RestErp> {
		const text = fs.readFileSync(path.join(__dirname, 'profiles', `${face}.json`), 'utf8');
		return new RestErp(await startRest({ face, switches }), JSON.stringify(profile(JSON.parse(text) as Record<string, unknown>), null, 2));
	}

	get server() {
		return this.sim.server;
	}

	get credential() {
		const access = this.sim.face === 'jsonapi' ? { token: API_KEY } : { username: USER, password: PASSWORD };
		return { type: 'restErpApi', data: { url: this.sim.url, profile: 'custom', profileJson: this.profileJson, ...access, installation: 'erp' } };
	}

	seed(): void {
		seedDemo(this.sim);
	}

	nature({ operation }: Call) {
		if (POLL.test(operation)) return 'poll';
		return SETUP.test(operation) ? 'setup' : 'work';
	}

	orders(of?: { number: string; quote: string }): ErpOrder[] {
		return this.sim
			.records('orders')
			.filter((row) => !of || row.number === of.number || row.reference === of.quote)
			.map((row) => ({ id: row.id, number: row.number, customer: row.customerId, confirmed: row.state === 'confirmed', total: row.total }));
	}

	customers(name: string): string[] {
		return this.sim.records('customers').filter((row) => row.name === name).map(({ id }) => id);
	}

	bill(order: ErpOrder): ErpBill {
		const { id, number } = this.sim.desk.invoice(order.id);
		return { id, number, order };
	}

	pay(bill: ErpBill, amount: number): void {
		this.sim.desk.pay(bill.id, String(amount));
	}

	count(): number {
		return COUNTED.reduce((sum, table) => sum + this.sim.records(table).length, 0);
	}

	snapshot(): string {
		return this.sim.snapshot();
	}

	restore(snapshot: string): void {
		this.sim.restore(snapshot);
	}

	stop(): Promise<void> {
		return this.sim.stop();
	}
}
