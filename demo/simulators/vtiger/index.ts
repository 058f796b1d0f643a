// Owns starting a simulated vtiger and what tests and the demo may do with it besides calling its API.
// Must not know: any client code.
import { SimulatorServer } from '../server';
import { localTime } from './clock';
import type { Row } from './failure';
import type { Installation } from './installation';
import { createDocument, shownDocument } from './inventory';
import { page } from './page';
import { createRecord, shown } from './records';
import {
	addLinkFields,
	type Describe,
	INVENTORY,
	LINKED_MODULES,
	loadSchema,
	replaceDescribe,
	seedFromAnswer,
	type StateLine,
	type Version,
} from './schema';
import { ACCESS_KEYS, Sessions, type User } from './session';
import { Store } from './store';
import { answer, isWebservice, operationOf, sessionGone } from './webservice';

export type { Json, Row } from './failure';
export { type DemoDeal, seedDemo } from './seed';
export type { StateLine, Version } from './schema';

/** The administrator that the demo's credential uses. */
export const ADMIN = 'admin';
export const ADMIN_ACCESS_KEY = ACCESS_KEYS[ADMIN] as string;

export interface VtigerOptions {
	/** Default 8.4.0. */
	version?: Version;
	/** Lines of a recorded starting state; default the stock seed. */
	state?: StateLine[];
	/** `describe` answers that replace those of their modules. */
	describes?: Describe[];
	/** `sync` as an administrator can repair it; without that it always answers 500. Default false. */
	syncTypeRegistered?: boolean;
	/** As shipped, individual taxes crash a save after its header is stored. Default: as `unpatched`. */
	individualTaxCrashes?: boolean;
	/** As shipped, on PHP 8: no documents can be created (8.4.0), none with individual taxes (8.0.0). Default false. */
	unpatched?: boolean;
	/** ERP Key, Number, Status and Message on quotes, orders, invoices, accounts, contacts and products, or on the named modules. Default true. */
	customFields?: boolean | readonly string[];
	/** The clock in ms; the wire shows whole seconds of it. Default `Date.now`. */
	now?: () => number;
	/** Minutes by which the server's local times are east of UTC. Default 0. */
	timeZoneOffsetMinutes?: number;
	/** Default: a free port. */
	port?: number;
	/** Milliseconds between looking (for a free line id, for a twin) and storing: the window in which another session's save collides. Default 5. */
	saveGapMs?: number;
	/** Modules with private sharing. Default none. */
	privateModules?: string[];
	/** Access keys by user name in place of the built-in ones. */
	accessKeys?: Record<string, string>;
}

/** A running vtiger. Ids are the wire's (`4x36`), records are as `retrieve` shows them. */
export class VtigerSimulator {
	readonly users: Record<string, { accessKey: string }>;
	readonly sessions: Sessions;
	readonly server: SimulatorServer;
	private readonly initial: string;

	constructor(
		readonly crm: Installation,
		options: VtigerOptions,
	) {
		const keys = { ...ACCESS_KEYS, ...options.accessKeys };
		this.users = Object.fromEntries(Object.entries(keys).map(([name, accessKey]) => [name, { accessKey }]));
		this.sessions = new Sessions(crm.store, crm.clock, crm.version, keys);
		this.initial = crm.store.snapshot();
		this.server = new SimulatorServer({
			port: options.port,
			operation: (request) => (isWebservice(request) ? operationOf(request) : null),
			handle: (request) => (isWebservice(request) ? answer(crm, this.sessions, request) : page(crm, this.admin(), request)),
			expireSession: sessionGone,
		});
	}

	/** Base URL, to be put into a credential. */
	get url(): string {
		return this.server.url;
	}

	/** All live records of a module. */
	records(module: string): Row[] {
		return this.crm.store.list(module).map((row) => this.shown(row.id) as Row);
	}

	/** A live record with its lines, or `undefined`. */
	retrieve(id: string): Row | undefined {
		return this.shown(id);
	}

	/** Creates a record as the API would, as `admin`; documents need `lines`. Returns it. */
	async insert(module: string, fields: Row, lines?: Row[]): Promise<Row> {
		const user = this.admin();
		const element: Row = { assigned_user_id: user.id, ...fields, ...(lines ? { LineItems: lines } : {}) };
		if (!INVENTORY.has(module)) return shown(this.crm, user, createRecord(this.crm, user, module, element));
		const created = await createDocument({ ...this.crm, unpatched: false, individualTaxCrashes: false, saveGapMs: 0 }, user, module, element);
		return this.shown(String(created['id'])) as Row;
	}

	/** Stores a record under a known id as `retrieve` would show it, replacing what was there. */
	put(id: string, answer: Row): void {
		const module = this.crm.store.moduleOfPrefix(id.split('x')[0] as string);
		if (!module) throw new Error(`no module for ${id}`);
		this.crm.store.put(seedFromAnswer(module, id, answer));
	}

	/** Sets what numbers, serials (`{ Accounts: 10 }`: next is ACC11) and line ids go on from; `undefined` leaves them. */
	continueFrom(lastNumber: number | undefined, counters: Record<string, number> = {}, lastLineId?: number): void {
		this.crm.store.continueFrom(lastNumber, counters, lastLineId);
	}

	/** Takes a record away without trace (no cascade, no deleted mark). */
	remove(id: string): void {
		this.crm.store.drop(id);
	}

	/** Sets fields of a record past all checks; modifiedtime is left to the caller. */
	patch(id: string, fields: Row): void {
		const row = this.crm.store.get(id);
		if (!row) throw new Error(`no record ${id}`);
		Object.assign(row.fields, fields);
	}

	/** Back to the starting state: records, sessions, call log, faults. */
	reset(): void {
		this.crm.store.restore(this.initial);
		this.sessions.expireAll();
		this.server.heal();
		this.server.resetCalls();
	}

	/** All records as one text, for `restore`. */
	snapshot(): string {
		return this.crm.store.snapshot();
	}

	restore(snapshot: string): void {
		this.crm.store.restore(snapshot);
	}

	stop(): Promise<void> {
		return this.server.stop();
	}

	private shown(id: string): Row | undefined {
		const row = this.crm.store.get(id);
		if (!row) return undefined;
		return INVENTORY.has(row.module) ? shownDocument(this.crm, this.admin(), row) : shown(this.crm, this.admin(), row);
	}

	private admin(): User {
		return { id: '19x1', name: ADMIN, admin: true };
	}
}

/** Starts a simulated vtiger on loopback. */
export async function startVtiger(options: VtigerOptions = {}): Promise<VtigerSimulator> {
	const version = options.version ?? '8.4.0';
	const schema = loadSchema(version, options.state);
	for (const describe of options.describes ?? []) replaceDescribe(schema, describe);
	const linked = options.customFields ?? true;
	if (linked) addLinkFields(schema, linked === true ? LINKED_MODULES : linked);
	const now = options.now ?? Date.now;
	const crm: Installation = {
		store: new Store(schema),
		version,
		clock: { now, offsetMinutes: options.timeZoneOffsetMinutes ?? 0 },
		unpatched: options.unpatched ?? false,
		individualTaxCrashes: options.individualTaxCrashes ?? options.unpatched ?? false,
		syncTypeRegistered: options.syncTypeRegistered ?? false,
		saveGapMs: options.saveGapMs ?? 5,
		privateModules: new Set(options.privateModules ?? []),
	};
	crm.store.notLaterThan(localTime(crm.clock));
	const simulator = new VtigerSimulator(crm, options);
	await simulator.server.start();
	return simulator;
}
