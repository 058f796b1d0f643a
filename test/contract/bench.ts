// Owns what the contract suite must be given of a system: how to connect to it, and how its own users make, change,
// count and remove records there by plain calls. Must not know any connector's code.
import type { Document, Kind } from '../../nodes/core/documents';
import type { Clock } from '../../nodes/core/http';
import type { Connector, System, UpsertOptions } from '../../nodes/core/port';
import { createTransport, systemClock } from '../../nodes/kit/http';

/** A document that must be refused, and what the message must say. */
export interface Refused {
	document: Document;
	options?: UpsertOptions;
	says: RegExp;
}

/** One wrong field of the credential, what kind of failure it is and what the message must say. */
export interface WrongCredential {
	change: Record<string, unknown>;
	kinds: readonly string[];
	says: RegExp;
}

/** Customers by name, more than the system's pages hold, where that is cheap. */
export interface Bulk {
	count: number;
	make(names: readonly string[]): Promise<void>;
}

/** One server, real or simulated, with everything that the suite does there beside calling the connector. */
export interface Bench {
	/** As the report prints it: `odoo 18.0`. */
	readonly title: string;
	/** What `check` must tell. */
	readonly expects: { version: string };
	/** In the name of everything that is made here. */
	readonly run: string;
	readonly clock: Clock;
	/** Kinds that the user of the credential may not write. */
	readonly forbidden: readonly Kind[];
	/** Kinds whose records carry no time of change; nothing given: none. */
	readonly timeless?: readonly Kind[];
	/** Where a record of the records API carries its id; nothing given: `id`. */
	readonly idField?: string;
	/** What shows that the records API has removed a record, where the record itself stays: `{ DeletionMark: true }`. */
	readonly removedLooks?: Record<string, unknown>;
	/** Takes a record away for good, where the records API only marks it. */
	destroy?(kind: Kind, id: string): Promise<void>;
	/** A connector of its own, as another process would have; `change` alters fields of the credential. */
	connect(change?: Record<string, unknown>): Connector;
	/** A document for `upsert`, as the other system gives it; what it refers to is there already. */
	sample(kind: Kind, suffix: string): Promise<Document>;
	/** What `upsert` of the sample needs beside it. */
	options(kind: Kind): UpsertOptions;
	/** The sample with another value in a field that the system holds. */
	changed(document: Document): Document;
	/** A document of the kind that is no good; undefined: the suite knows none. */
	bad(kind: Kind, suffix: string): Promise<Refused | undefined>;
	/** A document that two records fit. */
	ambiguous(suffix: string): Promise<Refused & { kind: Kind }>;
	/** Makes a record as a person does there, with the suffix in its name; its id. */
	seed(kind: Kind, suffix: string): Promise<string>;
	readonly bulk?: Bulk;
	/** Changes a record as a person does there; `n` makes it another change each time. */
	touch(kind: Kind, id: string, n: number): Promise<void>;
	/** Puts a record into a state that `pending` looks for. */
	bringTo(kind: Kind, id: string, state: string): Promise<void>;
	/** How many records there stand for the sample. */
	count(kind: Kind, document: Document): Promise<number>;
	/** When the record was changed last, in the server's own words. */
	modified(kind: Kind, id: string): Promise<string>;
	/** An id that looks right and belongs to no record. */
	noId(kind: Kind): string;
	/** For the records API: a module, values for a new record, a changed value, and a filter that finds it. */
	plain(suffix: string): { module: string; values: Record<string, string>; change: Record<string, string>; filter: string };
	readonly wrong: Record<string, WrongCredential>;
	/** Removes everything that carries `run` in its name. */
	cleanUp(): Promise<void>;
	/** How many records there are that the suite could have made. */
	remains(): Promise<Record<string, number>>;
	close(): Promise<void>;
}

/** A name for one run's records: on a server of somebody's they must be told from everybody else's. */
export function runName(): string {
	return `ct${Date.now().toString(36)}${Math.floor(Math.random() * 1296).toString(36)}`;
}

/** A connector as the nodes would have it. */
export function connectTo(system: System, credential: Record<string, unknown>, clock: Clock): Connector {
	return system.connect(credential, { send: createTransport(system.endpoint(credential), clock), clock });
}

/** Time that a simulator and its client share: nobody waits, it moves when somebody sleeps. */
export function sharedClock(): Clock {
	let ahead = 0;
	return {
		now: () => Date.now() + ahead,
		sleep: async (ms) => {
			ahead += ms;
			await new Promise((resolve) => setImmediate(resolve));
		},
		random: () => Math.random(),
	};
}

/** Until the server's clock shows another second, and then some. */
export async function tick(bench: Bench, seconds = 1): Promise<void> {
	await bench.clock.sleep(seconds * 1000 + (bench.clock === systemClock ? 100 : 0));
}
