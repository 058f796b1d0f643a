// Owns what a system can do for a flow: kinds x verbs, as types and as data. No n8n, no network.
import type { Document, DocumentOf, Kind, Link, Ref } from './documents';
import type { Failure } from './failure';
import type { Clock, Send } from './http';
import type { FieldInfo, OverrideRow } from './mapping';
import type { Cursor } from './changes';
import type { Proof, RoundingPolicy } from './money';

export const VERBS = ['get', 'list', 'upsert', 'transition', 'link', 'changes', 'pending'] as const;
export type Verb = (typeof VERBS)[number];

/** What a connector offers, as data: feeds the nodes' menus, the contract suite and the documentation's table. */
export interface Capabilities {
	/** As people call it: `vtiger`. */
	name: string;
	kinds: Partial<Record<Kind, readonly Verb[]>>;
	/** States a document can be moved to by `transition`. */
	transitions: Partial<Record<Kind, readonly string[]>>;
	/** States that `pending` knows. */
	pending: Partial<Record<Kind, readonly string[]>>;
	/** Operations that only this system has; `Connector.actions` runs them. */
	actions?: readonly string[];
	/** Sources of changes that only this system has; `Connector.streams` reads them. */
	streams?: readonly string[];
}

/** A file on its way in or out. */
export interface Blob {
	data: Buffer;
	mimeType: string;
	fileName?: string;
}

/** What an action is given: the node's parameters for one item. */
export interface ActionInput {
	parameter(name: string): unknown;
	/** The incoming item's file under that name. */
	binary(name: string): Promise<Blob>;
}

/** One item that an action gives. */
export interface ActionRow {
	json: Record<string, unknown>;
	binary?: Blob;
}

/** An operation that only one system has. */
export type Action = (input: ActionInput) => Promise<ActionRow[]>;

export interface StreamQuery {
	/** The trigger's parameters by name. */
	parameters: Readonly<Record<string, unknown>>;
	/** What the last call left: plain JSON. Kept by the host, which saves it before the workflow has succeeded. */
	state: unknown;
	/** Rows at most in one call. */
	limit: number;
	/** A person looks at a sample: nothing may be acknowledged or otherwise moved on. */
	manual?: boolean;
}

export interface StreamResult {
	rows: Array<Record<string, unknown>>;
	state: unknown;
}

/** A source of changes that only one system has. */
export type Stream = (query: StreamQuery) => Promise<StreamResult>;

export interface ListQuery {
	/** At most so many documents; nothing: all. */
	limit?: number;
	/** UTC, ISO 8601: only what changed at or after. */
	modifiedSince?: string;
	/** Header fields by canonical name, equal to: `{ number: 'QUO3' }`. */
	where?: Record<string, string>;
}

/** How `upsert` writes. Each system reads what concerns it. */
export interface UpsertOptions {
	/** The user's field overrides. */
	overrides?: readonly OverrideRow[];
	rounding?: RoundingPolicy;
	/** Confirm the order once its totals agree. */
	confirm?: boolean;
	/** The source's tax (name, rate or `name rate`) -> the target's tax id. */
	taxes?: ReadonlyArray<{ from: string; to: string }>;
	/** `mapped`: by the table; `target`: left to the target's products and fiscal positions. */
	taxSource?: 'mapped' | 'target';
	/** Product codes in the target for charges. */
	chargeProducts?: Partial<Record<'discount' | 'shipping' | 'adjustment', string>>;
	/** A canonical field beside key and VAT by which an existing customer may be found. */
	matchBy?: 'none' | 'email' | 'name' | 'reference' | 'phone';
	/** Compare and report, write nothing. */
	dryRun?: boolean;
	/** The system's own choices by name, e.g. which organization; each connector knows its own. */
	settings?: Readonly<Record<string, string>>;
}

export interface Outcome {
	outcome: 'created' | 'updated' | 'unchanged' | 'skipped';
	ref: Ref;
	/** Fields that were written because they differed: `{ name: { before, after } }`; for a created one all. */
	changed: Record<string, { before?: string; after?: string }>;
	proof?: Proof;
	/** Something the reader should know although it worked. */
	notes: string[];
}

/** One result per item, in the items' order. */
export type ItemResult = { ok: true; value: Outcome } | { ok: false; failure: Failure };

export interface ChangeSet {
	documents: Document[];
	cursor: Cursor;
	/** There is more at once: ask again with the cursor. */
	more: boolean;
}

export interface ChangesQuery {
	/** Nothing: set a baseline, deliver nothing. */
	cursor?: Cursor;
	/** UTC, ISO 8601: start there instead of at the baseline. */
	from?: string;
	/** How far back each poll looks again; see changes.ts. */
	overlapMs?: number;
	/** Documents at most in one call. */
	budget: number;
	/** Only documents that belong to a record of the other system. */
	onlyLinked?: boolean;
}

/** What the other system says, to be written onto a record. */
export interface LinkRequest {
	kind: Kind;
	id: string;
	/** How messages name the record. */
	record: string;
	/** Only the given members are written. */
	link: Partial<Link>;
	/** What the record carries now, when the caller knows it: saves a read and a needless write. */
	current?: Link;
}

/** What a connector is given from outside. */
export interface Deps {
	send: Send;
	clock: Clock;
}

/** What the transport must know of a credential before a connector exists. */
export interface Endpoint {
	/** Without a trailing slash. */
	baseUrl: string;
	/** Exact addresses beside it to which requests may go: where a token is got. Without a query. */
	others?: readonly string[];
	allowSelfSigned: boolean;
	/** PEM, beside the built-in authorities. */
	ca?: string;
	/** 0: unlimited. */
	requestsPerMinute: number;
	/** At once on this credential. */
	maxConcurrent: number;
	/** Idle connections are dropped before the server would (Apache: 5 s). */
	idleMs: number;
	/** Patience for one answer; default 60 s. */
	timeoutMs?: number;
}

/** One system as the registry knows it: `nodes/systems.ts`. */
export interface System {
	/** Checked reading of the credential's fields; throws a `Failure` that says which field is wrong. */
	endpoint(credential: Record<string, unknown>): Endpoint;
	connect(credential: Record<string, unknown>, deps: Deps): Connector;
	capabilities: Capabilities;
	/**
	 * Parameters of the nodes that say how to connect, beside the credential. What they hold reaches `endpoint` and
	 * `connect` as `credential.node`; the credential's test has none.
	 */
	parameters?: readonly string[];
}

/** Any module, model or entity set, with the system's own fields. */
export interface Records {
	modules(): Promise<Array<{ name: string; label: string }>>;
	fields(module: string): Promise<FieldInfo[]>;
	get(module: string, id: string): Promise<Record<string, unknown>>;
	list(module: string, filter: string | undefined, limit: number | undefined): AsyncIterable<Array<Record<string, unknown>>>;
	create(module: string, values: Record<string, unknown>): Promise<Record<string, unknown>>;
	update(module: string, id: string, values: Record<string, unknown>): Promise<Record<string, unknown>>;
	remove(module: string, id: string): Promise<void>;
}

/** One system as a flow sees it. Every method throws `Failure`s only. */
export interface Connector {
	readonly capabilities: Capabilities;
	/** Logs in and reads what the session tells: for the credential test. */
	check(): Promise<{ version: string; user: string; notes: string[] }>;
	/** @param ref the system's id, or `number:QUO3` */
	get<K extends Kind>(kind: K, ref: string): Promise<DocumentOf<K>>;
	list<K extends Kind>(kind: K, query: ListQuery): AsyncIterable<Array<DocumentOf<K>>>;
	upsert(kind: Kind, documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]>;
	transition(kind: Kind, documents: readonly Document[], state: string): Promise<ItemResult[]>;
	link(requests: readonly LinkRequest[]): Promise<ItemResult[]>;
	changesSince(kind: Kind, query: ChangesQuery): Promise<ChangeSet>;
	/** Documents in a state that nobody has handled yet. `skip`: ids that were emitted a moment ago. */
	pending(kind: Kind, state: string, query: { limit: number; skip: ReadonlySet<string> }): Promise<Document[]>;
	/** The module, model or entity set that holds a kind: where its fields are found. */
	moduleOf(kind: Kind): string;
	/**
	 * Taxes, products and the like to choose from in the editor.
	 *
	 * @param of what the list belongs to, where it depends on another choice
	 */
	choices(list: string, of?: string): Promise<Array<{ name: string; value: string; description?: string }>>;
	readonly records: Records;
	/** By the names in `capabilities.actions`. */
	readonly actions?: Readonly<Record<string, Action>>;
	/** By the names in `capabilities.streams`. */
	readonly streams?: Readonly<Record<string, Stream>>;
}
