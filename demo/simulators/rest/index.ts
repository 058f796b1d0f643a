// Owns the simulated REST ERP as tests and the demo see it: which API stands in front of the books, snapshots, people's work.
// Must not know: any client of it.
import { SimulatorServer, type SimRequest, type SimResponse } from '../server';
import { Books, type BooksOptions } from './books';
import { Desk } from './books.desk';
import type { TableName, Tables } from './books.records';
import type { Face } from './face';
import { JsonApi } from './jsonapi';
import { Keyed } from './keyed';
import { Ledger, type Account } from './ledger';
import { demoPage } from './page';
import { defaultSwitches, type Switches } from './switches';

export { seedDemo } from './seed';
export { defaultSwitches, type Switches } from './switches';
export type { Customer, Invoice, Order, Product, TableName, Tables } from './books.records';

/** The three styles in which the one ERP can be spoken to. */
export const FACES = ['ledger', 'jsonapi', 'keyed'] as const;
export type FaceName = (typeof FACES)[number];

export const USER = 'integration';
export const PASSWORD = 'ledger-demo-1';
/** The jsonapi face's API key. */
export const API_KEY = 'key-4711-demo';

export interface RestOptions {
	face?: FaceName;
	/** 0 or nothing: a free port. */
	port?: number;
	/** The ERP's clock; default the machine's. */
	clock?: { now(): number };
	switches?: Partial<Switches>;
}

const KINDS: Record<FaceName, Pick<BooksOptions, 'id' | 'decimals'> & { make(desk: Desk, switches: Switches, account: Account): Face }> = {
	ledger: { id: String, decimals: { price: 4, quantity: 3, discount: 2 }, make: (desk, switches, account) => new Ledger(desk, switches, account) },
	// Beyond 2^53, and odd: a JavaScript number cannot hold any of them.
	jsonapi: { id: (n) => String(9_007_199_254_740_993n + 2n * BigInt(n)), decimals: { price: 6, quantity: 6, discount: 6 }, make: (desk, switches) => new JsonApi(desk, switches, API_KEY) },
	keyed: { id: (n) => `5eed0000-0000-4000-8000-${String(n).padStart(12, '0')}`, decimals: { price: 2, quantity: 3, discount: 2 }, make: (desk, switches, account) => new Keyed(desk, switches, account) },
};

/** Starts a simulated ERP on loopback. */
export async function startRest(options: RestOptions = {}): Promise<RestSimulator> {
	const simulator = new RestSimulator(options);
	await simulator.server.start();
	return simulator;
}

export class RestSimulator {
	readonly face: FaceName;
	readonly books: Books;
	/** Works as people at the ERP's screen do. */
	readonly desk: Desk;
	readonly server: SimulatorServer;
	/** Mutable at any time. */
	readonly switches: Switches;
	private readonly api: Face;

	constructor({ face = 'ledger', port = 0, clock = Date, switches = {} }: RestOptions) {
		this.face = face;
		this.switches = { ...defaultSwitches(), ...switches };
		const { id, decimals, make } = KINDS[face];
		this.books = new Books({ now: () => clock.now(), id, decimals, unique: () => face === 'ledger' && this.switches.unique });
		this.desk = new Desk(this.books);
		this.api = make(this.desk, this.switches, { user: USER, password: PASSWORD });
		this.server = new SimulatorServer({
			port,
			now: () => this.books.now(),
			operation: (request) => this.api.operation(request),
			handle: (request) => this.handle(request),
			expireSession: (request) => this.api.expire(request),
		});
	}

	/** The API's base URL without a trailing slash. */
	get url(): string {
		return `${this.server.url}${this.api.root}`;
	}

	get title(): string {
		return this.api.title;
	}

	/** Changes that did not say which state of the record they knew; only the keyed API counts them. */
	get blindChanges(): number {
		return this.api.blindChanges ?? 0;
	}

	records<T extends TableName>(table: T): Array<Tables[T]> {
		return this.books.rows(table);
	}

	snapshot(): string {
		return this.books.snapshot();
	}

	restore(text: string): void {
		this.books.restore(text);
	}

	stop(): Promise<void> {
		return this.server.stop();
	}

	private handle(request: SimRequest): SimResponse {
		if (this.api.operation(request) !== null) return this.api.handle(request);
		return demoPage(this, request) ?? { status: 404, headers: { 'content-type': 'text/html' }, body: '' };
	}
}
