// Owns what the parts of the REST connector give each other: the shapes between them, nothing that runs.
import type { Settled } from '../core/batches';
import type { Clock } from '../core/http';
import type { RestCredential } from './rest.credential';
import type { ListRequest, Mapping, ProfileRequest, RecordRequest } from './rest.profile.parts';
import type { Profile } from './rest.profile.schema';

/** A record as the API gives it. Numbers that a JavaScript number cannot hold exactly are texts with all their digits. */
export type Row = Record<string, unknown>;

/**
 * The names that an expression sees, by where it stands. Members that have no value are simply missing.
 * `answer` and `headers` (lower-case names): after a call; `record`, `with`: in a reading; `document`, `lines`, `key`,
 * `options`: in a writing; `id`, `number`, `value`, `values`, `since`, `last`, `link`, `state`, `module`: in requests;
 * `settings` and `system` (the installation's name): everywhere.
 */
export type Scope = Readonly<Record<string, unknown>>;

/** Functions beside JSONata's own that depend on where an expression stands, e.g. `$product`. */
export type Bindings = Readonly<Record<string, (...values: never[]) => unknown>>;

/** Works out the expressions of one profile; `rest.evaluator.ts`. Every failure names file, place, expression, position. */
export interface Evaluator {
	/** @param place in the profile: `kinds.order.read.number` */
	value(place: string, expression: string, scope: Scope, bindings?: Bindings): Promise<unknown>;
	/** undefined for nothing, null and ''; numbers and booleans as text. Anything else is `rejected`. */
	text(place: string, expression: string, scope: Scope, bindings?: Bindings): Promise<string | undefined>;
	/** Several values as a list, whatever JSONata makes of one or none. */
	list(place: string, expression: string, scope: Scope, bindings?: Bindings): Promise<unknown[]>;
	mapping(place: string, mapping: Mapping, scope: Scope, bindings?: Bindings): Promise<unknown>;
	/**
	 * A path with its braces filled in, each value percent-encoded. undefined when a brace has no value.
	 *
	 * @throws Failure `rejected` when a value is `.` or `..`, or the path leaves the base URL
	 */
	path(place: string, template: string, scope: Scope): Promise<string | undefined>;
}

/** A call with everything filled in. */
export interface Call {
	method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** Below the base URL, beginning with `/`; may hold a query string (next links). */
	path: string;
	query?: Record<string, string>;
	headers?: Record<string, string>;
	body?: unknown;
	as?: 'json' | 'form';
	/** Whether it changes something: a lost answer is then `unknown`, and is never simply repeated. */
	writes: boolean;
	/** A write that may be repeated whatever happened to the first: its identity travels with it. */
	keyed?: boolean;
	/** How messages name the record. */
	record?: string;
}

export interface Answer {
	status: number;
	/** Lower-case names. */
	headers: Record<string, string>;
	/** Parsed without loss; undefined when the body is empty. */
	body: unknown;
}

/** Sends calls in the profile's session; `rest.session.ts`. Resolves for success only, else throws a `Failure`. */
export interface Session {
	/** Repeats by the policies of core/retry: READ, WRITE, or KEYED_WRITE for `keyed`. */
	call(call: Call): Promise<Answer>;
	/** Several at once: in one batch where the profile offers it, else side by side. In the calls' order. */
	many(calls: readonly Call[]): Promise<Array<Settled<Answer>>>;
	/** The server's time as its last answer's `Date` told it: UTC, ISO 8601, seconds. */
	readonly serverTime: string | undefined;
	/** After a refusal a person may have changed something: log in anew next time. */
	forget(): void;
	/** The text with stars in place of passwords, keys, and what the server gave to be known by. */
	hide(text: string): string;
}

/** Requests of the profile as calls, and lists as pages; `rest.requests.ts`, `rest.pages.ts`. */
export interface Requests {
	/** undefined when a value that the path needs is missing. `writes` follows from the method unless given. */
	prepare(place: string, request: ProfileRequest | ListRequest | RecordRequest, scope: Scope, options?: { writes?: boolean; bindings?: Bindings; record?: string }): Promise<Call | undefined>;
	/** The answer's record: by `request.record`, or the answer itself. undefined when there is none. */
	record(place: string, request: RecordRequest, answer: Answer, scope: Scope): Promise<Row | undefined>;
	/** The rows of one answer to a list request. */
	items(place: string, request: ListRequest, answer: Answer, scope: Scope): Promise<Row[]>;
	/**
	 * All pages of a list, each row once.
	 *
	 * @param id tells rows apart; undefined ids are all different
	 */
	pages(place: string, request: ListRequest, scope: Scope, id: (row: Row) => Promise<string | undefined>): AsyncGenerator<Row[]>;
}

export interface Services {
	credential: RestCredential;
	profile: Profile;
	evaluator: Evaluator;
	session: Session;
	requests: Requests;
	clock: Clock;
}
