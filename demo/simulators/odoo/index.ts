// Owns the simulated Odoo as tests and the demo see it: start, records, snapshots, slow transactions, shortcuts of the business.
// Must not know: any client of it.
import { SimulatorServer } from '../server';
import type { SimRequest, SimResponse } from '../server';
import { Accounts } from './accounts';
import { microStamp } from './clock';
import type { Json, JsonObject, Row } from './json';
import { num } from './json';
import { invoiceOrder, creditNote } from './models/invoicing';
import { post } from './models/invoice';
import { pay } from './models/payment';
import { deliverAll } from './models/stock';
import { orderLines } from './models/sale.totals';
import { add } from './money';
import { create, touch, unlink, write } from './records';
import { Rendezvous } from './rendezvous';
import type { CallName, Held } from './rendezvous';
import type { Databases } from './rpc';
import { answer, operationOf, unknownPath } from './routes';
import { buildWorld, everyField, expired } from './start';
import { shippedState } from './state';
import type { State } from './state';
import type { Snapshot } from './store';
import { profileOf } from './versions';
import type { Version } from './versions';
import { Env } from './world';
import type { World } from './world';
import { demoPage } from './page';

export { ADMIN, INTEGRATION, NOBODY, SALES } from './accounts';
export type { Account } from './accounts';
export { seedDemo } from './seed';
export type { Json, JsonObject, Row } from './json';
export type { State } from './state';
export type { Version } from './versions';

export interface OdooOptions {
	/** Default 18: JSON-RPC. 19 adds JSON-2. */
	version?: Version;
	/** Starting state; default: the one shipped for the version. */
	state?: State;
	/** Names of the databases the server holds; default one, named as on the recorded server. Each has its own records. */
	databases?: string[];
	/** The clock in milliseconds; default the machine's. */
	now?: () => number;
	/** 0 or nothing: a free port. */
	port?: number;
	/** `Connection: close` on every answer, as a threaded server does; default false. */
	closeConnections?: boolean;
	/** How long load() stays between seeing a key and writing it, in ms; default 10. `race()` makes its race happen whatever the machine. */
	gapMs?: number;
	/** Tax rounding of the companies; default as the version's: per line up to 18, globally in 19. */
	rounding?: 'round_per_line' | 'round_globally';
}

/** A transaction that began earlier than it commits: its records get the time of its beginning. */
export interface SlowTransaction {
	/** Reserves an id now; the record appears at commit. */
	create: (model: string, values: JsonObject) => number;
	write: (model: string, id: number, values: JsonObject) => void;
	commit: () => void;
}

/** Starts a simulated Odoo on loopback. */
export async function startOdoo(options: OdooOptions = {}): Promise<OdooSimulator> {
	const simulator = new OdooSimulator(options);
	await simulator.server.start();
	return simulator;
}

export class OdooSimulator {
	readonly server: SimulatorServer;
	readonly accounts = new Accounts();
	readonly version: Version;
	private readonly worlds = new Map<string, World>();
	private readonly initial = new Map<string, Snapshot>();
	private readonly snapshots = new Map<string, Map<string, Snapshot>>();
	private readonly rendezvous: Rendezvous;
	private micros = 0;

	constructor(private readonly options: OdooOptions) {
		this.rendezvous = new Rendezvous(options.gapMs ?? 10);
		this.version = options.version ?? 18;
		const profile = profileOf(this.version);
		const state = options.state ?? shippedState(this.version);
		for (const name of options.databases ?? [profile.database]) this.addWorld(name, state);
		const databases: Databases = { find: (name) => this.worlds.get(name), names: () => [...this.worlds.keys()], accounts: this.accounts, version: this.version };
		this.server = new SimulatorServer({
			port: options.port ?? 0,
			operation: operationOf,
			closeConnections: options.closeConnections ?? false,
			now: options.now,
			handle: (request) => this.handle(databases, request),
			expireSession: (request) => expired(this.version, request),
		});
	}

	/** The first database, which the shortcuts below work on. */
	get world(): World {
		const [first] = this.worlds.values();
		if (!first) throw new Error('no database');
		return first;
	}

	/** Base URL without a trailing slash. */
	get url(): string {
		return this.server.url;
	}

	get database(): string {
		return [...this.worlds.keys()][0] ?? '';
	}

	stop(): Promise<void> {
		return this.server.stop();
	}

	/** All records of a model with every field, computed ones too, archived ones included, by id; many2one as ids. */
	records(model: string): Row[] {
		const env = this.env().with({ active_test: false });
		return this.world.store
			.rows(model)
			.sort((a, b) => a.id - b.id)
			.map((row) => everyField(env, model, row));
	}

	/** One record with every field, many2one as ids. */
	record(model: string, id: number): Row {
		const env = this.env().with({ active_test: false });
		return everyField(env, model, env.row(model, id));
	}

	/** Creates a record as the administrator, with all defaults; gives its id. A given `id` is used. */
	insert(model: string, values: JsonObject): number {
		const { id, ...rest } = values;
		const store = this.world.store;
		if (typeof id === 'number') store.setNextId(model, id);
		return store.transaction(() => create(this.env(), model, rest));
	}

	update(model: string, id: number, values: JsonObject): void {
		this.world.store.transaction(() => write(this.env(), model, [id], values));
	}

	remove(model: string, id: number): void {
		this.world.store.transaction(() => unlink(this.env(), model, [id]));
	}

	/** Back to the starting state; the call log and the planned faults are cleared too. */
	reset(): void {
		for (const [name, world] of this.worlds) {
			const initial = this.initial.get(name);
			if (initial) world.store.restore(initial);
		}
		this.rendezvous.clear();
		this.server.resetCalls();
		this.server.heal();
	}

	/** Keeps the records of all databases; the text is only a name for `restore`. */
	snapshot(): string {
		const name = `snapshot-${this.snapshots.size + 1}`;
		this.snapshots.set(name, new Map([...this.worlds].map(([db, world]) => [db, world.store.snapshot()])));
		return name;
	}

	restore(name: string): void {
		const kept = this.snapshots.get(name);
		if (!kept) throw new Error(`no snapshot ${name}`);
		for (const [db, snapshot] of kept) this.worlds.get(db)?.store.restore(snapshot);
	}

	/** Calls a record method as the administrator, e.g. `call('sale.order', 'action_confirm', [id])`. */
	call(model: string, method: string, ids: number[]): Json | undefined {
		const found = this.world.models.get(model)?.methods?.[method] ?? this.world.methods[method];
		if (!found || found.asynchronous) throw new Error(`no method ${model}.${method}`);
		return this.world.store.transaction(() => found.run(this.env(), model, ids, {}) as Json | undefined);
	}

	/** Begins a transaction now (or at the given moment) that commits when told. */
	beginSlow(atMs?: number): SlowTransaction {
		const env = new Env(this.world, 2, { lang: 'en_US' }, atMs === undefined ? undefined : microStamp(atMs));
		const store = this.world.store;
		const work: Array<() => void> = [];
		return {
			create: (model, values) => {
				const id = store.nextId(model);
				work.push(() => {
					const next = store.snapshot().sequences.get(model) ?? 0;
					store.setNextId(model, id);
					create(env, model, values);
					store.setNextId(model, Math.max(next, id) + 1);
				});
				return id;
			},
			write: (model, id, values) => void work.push(() => write(env, model, [id], values)),
			commit: () => store.transaction(() => work.forEach((step) => step())),
		};
	}

	/** The next `count` calls of load() wait for each other between seeing their keys and writing: the race, every time. */
	race(count: number): void {
		this.rendezvous.expect(count);
	}

	/** Holds the next call that matches between the beginning of its transaction and its work, until it is released. */
	hold(match: (call: CallName) => boolean): Held {
		return this.rendezvous.hold(match);
	}

	/** Sets the order's open deliveries as fully done. */
	deliver(orderId: number): void {
		this.world.store.transaction(() => deliverAll(this.env(), orderId));
	}

	/** Delivers what is open and invoices it: all, or the quantities given by order line id. Gives the draft invoice's id, in a list. */
	invoiceOrder(orderId: number, options: { quantities?: Record<number, number> } = {}): number[] {
		return this.world.store.transaction(() => {
			const env = this.env();
			deliverAll(env, orderId);
			const given = options.quantities;
			for (const line of orderLines(env, orderId)) {
				const target = given?.[line.id] === undefined ? num(line['product_uom_qty']) : add(num(env.value('sale.order.line', line, 'qty_invoiced')), given[line.id] ?? 0);
				if (!line['display_type'] && num(line['qty_delivered']) < target) touch(env, 'sale.order.line', line.id, { qty_delivered: target });
			}
			return [invoiceOrder(env, orderId, given ? new Map(Object.entries(given).map(([id, q]) => [Number(id), q])) : undefined)];
		});
	}

	/** Posts a draft invoice or credit note. */
	post(moveId: number): void {
		this.world.store.transaction(() => post(this.env(), moveId));
	}

	/** Registers a payment: the given amount, or all that is left. Gives the payment's id. */
	pay(moveId: number, amount?: number): number {
		return this.world.store.transaction(() => {
			const env = this.env();
			const row = env.row('account.move', moveId);
			return pay(env, [moveId], amount ?? num(row['amount_residual']), env.today, 0, String(row['name'] ?? ''));
		});
	}

	/** Makes and posts a credit note of an invoice: all lines, or the quantities given by invoice line id. Gives its id. */
	creditNote(moveId: number, options: { quantities?: Record<number, number>; reason?: string } = {}): number {
		return this.world.store.transaction(() => {
			const env = this.env();
			const quantities = options.quantities ? new Map(Object.entries(options.quantities).map(([id, q]) => [Number(id), q])) : undefined;
			const id = creditNote(env, moveId, options.reason ?? '', quantities);
			post(env, id);
			return id;
		});
	}

	/** The environment of the administrator at this moment. */
	env(): Env {
		return new Env(this.world, 2, { lang: 'en_US' });
	}

	private addWorld(name: string, state: State): void {
		const { now = Date.now, rounding } = this.options;
		const waiting = { gap: () => this.rendezvous.inLoad(), delay: (call: CallName) => this.rendezvous.before(call) };
		const world = buildWorld(state, { now, micros: () => (this.micros = (this.micros + 1) % 1000), ...waiting });
		if (rounding) for (const c of world.store.rows('res.company')) world.store.put('res.company', { ...c, tax_calculation_rounding_method: rounding });
		this.worlds.set(name, world);
		this.initial.set(name, world.store.snapshot());
	}

	private async handle(databases: Databases, request: SimRequest): Promise<SimResponse> {
		const own = await answer(databases, this.world, request);
		return own ?? demoPage(this, request) ?? unknownPath(databases, request);
	}
}
