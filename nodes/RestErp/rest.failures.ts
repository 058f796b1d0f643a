// Owns the one place where what an API answers becomes a kind of failure: by the profile, else by HTTP's own statuses.
// Must not know documents or retries.
import { asFailure, Failure, type FailureKind } from '../core/failure';
import { describeAnswer } from '../core/http';
import { type Oddity, readBody, type Received, type Told, usualError } from './rest.answers';
import type { Profile } from './rest.profile.schema';
import type { Secrets } from './rest.secrets';
import type { Answer, Call, Evaluator, Scope } from './rest.services';

export interface Refusal {
	ok: false;
	failure: Failure;
	status: number;
	/** The API's own, where the profile says where it stands. */
	code?: string;
	headers: Record<string, string>;
}

export type Verdict = { ok: true; answer: Answer } | Refusal;

/** What was asked, as far as messages and kinds need it. */
export type About = Pick<Call, 'method' | 'path' | 'writes' | 'record'>;

const LONGEST_SAID = 600;
const LONGEST_HEADLINE = 160;
/** Of a body that is only to be described. */
const LOOKED_AT = 20_000;

export class Judge {
	/** @param now milliseconds since 1970 */
	constructor(
		private readonly profile: Profile,
		private readonly evaluator: Evaluator,
		private readonly secrets: Secrets,
		private readonly now: () => number,
	) {}

	/** A success with a body that was asked for, or what the answer means instead. */
	async judge(received: Received, about: About, scope: Scope): Promise<Verdict> {
		const { status, headers } = received;
		const read = readBody(received);
		const seen = { ...scope, answer: read.body, headers };
		if (status < 200 || status > 299) return await this.refused(received, read.body, about, seen);
		if (read.oddity) return this.odd(received, about, read.oddity, read.detail);
		if (read.body === undefined) return about.writes || status === 204 || status === 205 ? { ok: true, answer: { status, headers, body: undefined } } : this.odd(received, about, 'empty');
		if (await this.isInside(seen, about)) return await this.refused(received, read.body, about, seen);
		return { ok: true, answer: { status, headers, body: read.body } };
	}

	private async isInside(seen: Scope, { writes }: About): Promise<boolean> {
		const { inside } = this.profile.errors;
		try {
			return inside !== undefined && (await this.evaluator.value('errors.inside', inside, seen)) === true;
		} catch (error) {
			// By its status it was done.
			throw writes ? asFailure(error).as('unknown') : error;
		}
	}

	private async refused(received: Received, body: unknown, about: About, seen: Scope): Promise<Refusal> {
		const { status, headers } = received;
		const told = await this.told(body, seen);
		const kinds = this.profile.errors.kinds ?? {};
		const own = [told.code, String(status)].flatMap((name) => (name !== undefined && Object.hasOwn(kinds, name) ? [kinds[name]!] : []))[0];
		const kind = own ?? kindOf(status, headers, about.writes);
		const said = told.said ?? (body === undefined && received.text.trim() !== '' ? this.described(received) : undefined);
		const failure = new Failure(kind, this.what(kind, status, about, said), {
			record: about.record,
			code: told.code ?? `HTTP ${status}`,
			// Where the API has a code of its own, the status is still part of what it said.
			cause: `HTTP ${status}`,
			said,
			advice: this.advice(kind, status, about),
			retryAfterMs: kind === 'throttled' || kind === 'transient' ? retryAfter(headers, this.now()) : undefined,
		});
		return { ok: false, failure: this.secrets.clean(failure), status, code: told.code, headers };
	}

	/** By the profile's own expressions; where these fit another body, e.g. a gateway's, by the usual shapes. */
	private async told(body: unknown, seen: Scope): Promise<Told> {
		const { code, message } = this.profile.errors;
		if (body === undefined) return {};
		const usual = usualError(body);
		const own = { code: await this.tried('errors.code', code, seen), said: await this.tried('errors.message', message, seen) };
		return { code: own.code ?? (code === undefined ? usual.code : undefined), said: this.short(own.said ?? usual.said) };
	}

	private async tried(place: string, expression: string | undefined, seen: Scope): Promise<string | undefined> {
		if (expression === undefined) return undefined;
		try {
			const values = await this.evaluator.list(place, expression, seen);
			const texts = values.filter((value) => typeof value === 'string' || typeof value === 'number').map(String).filter((text) => text.trim() !== '');
			return texts.length > 0 ? texts.join('; ') : undefined;
		} catch {
			// The answer itself is worth more than that the profile cannot read it.
			return undefined;
		}
	}

	/** Secrets first: a cut one would not be recognised any more. */
	private short(text: string | undefined): string | undefined {
		if (text === undefined) return undefined;
		const plain = this.secrets.hide(text.slice(0, LOOKED_AT)).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();
		if (plain === '') return undefined;
		return plain.length > LONGEST_SAID ? `${plain.slice(0, LONGEST_SAID)}...` : plain;
	}

	private described({ status, headers, text }: Received): string {
		return describeAnswer({ status, headers, text: this.secrets.hide(text.slice(0, LOOKED_AT)) });
	}

	private what(kind: FailureKind, status: number, about: About, said: string | undefined): string {
		const { name } = this.profile;
		const call = named(about);
		if (status >= 300 && status < 400) return `${name} redirects (${call}, HTTP ${status})`;
		switch (kind) {
			case 'denied':
				return status === 401 ? `${name} refuses the log-in (${call})` : `${name} does not allow it (${call})`;
			case 'missing':
				return `${name} has nothing there (${call})`;
			case 'conflict':
				return status === 412 ? `Somebody else has changed the record in ${name} meanwhile` : `${name} holds something that is in the way (${call})`;
			case 'throttled':
				return `${name} asks to slow down`;
			case 'transient':
				return `${name} cannot do it at the moment (${call})`;
			case 'unknown':
				return `${name} broke off with HTTP ${status}: it may have done it or not (${call})`;
			default:
				return said ? `${name} refuses it: ${headline(said)}` : `${name} refuses it (${call}, HTTP ${status})`;
		}
	}

	private advice(kind: FailureKind, status: number, { method, path }: About): string | undefined {
		if (status >= 300 && status < 400) return 'Enter the final address in the credential; redirects are not followed, so that the key is not sent elsewhere';
		if (kind === 'denied' && status === 403) return `Give the user of the credential the right to ${method} ${withoutQuery(path)}`;
		if (kind === 'denied') return status === 401 ? 'Check user, password, key or token in the credential' : 'Check the credential, its settings, and what its user may do';
		if (kind === 'missing') return 'Check the Base URL of the credential and the path, or whether the record was deleted';
		if (kind === 'rejected' && status === 405) return `Check the method in the profile: the server does not take ${method} there`;
		return undefined;
	}

	/** A success whose body is not what was asked for: a login or maintenance page, half an answer, another format. */
	private odd(received: Received, about: About, oddity: Oddity, detail?: string): Refusal {
		const { name } = this.profile;
		const call = named(about);
		const shown = this.described(received);
		const [kind, what, advice]: [FailureKind, string, string] = {
			page: ['transient', `A page for people came instead of ${name}'s answer to ${call}: ${shown}`, 'The server is being maintained, or the Base URL of the credential leads to its pages instead of its API'] as const,
			login: ['transient', `A login page came instead of ${name}'s answer to ${call}: ${shown}`, 'A gateway in front of it asks for a login of its own, or the Base URL of the credential leads to its pages instead of its API'] as const,
			xml: ['rejected', `${name} answers ${call} in XML, not in JSON: ${shown}`, 'Ask for JSON in the profile, e.g. {"headers": {"Accept": "application/json"}} or a query parameter such as "$format"'] as const,
			empty: ['transient', `${name}'s answer to ${call} is empty (HTTP ${received.status})`, 'Check the Base URL of the credential and the path in the profile'] as const,
			odd: ['transient', `${name}'s answer to ${call} is no JSON, or only a part of it arrived${detail ? ` (${headline(this.secrets.hide(detail))})` : ''}: ${shown}`, 'Check the Base URL of the credential and the path in the profile'] as const,
		}[oddity] as [FailureKind, string, string];
		const failure = new Failure(about.writes ? 'unknown' : kind, what, { record: about.record, code: `HTTP ${received.status}`, advice });
		return { ok: false, failure: this.secrets.clean(failure), status: received.status, headers: received.headers };
	}
}

/** `GET /orders/4`, as messages name a call: a query may hold a key. */
export function named({ method, path }: Pick<About, 'method' | 'path'>): string {
	return `${method} ${withoutQuery(path)}`;
}

function withoutQuery(path: string): string {
	return path.replace(/[?#].*$/s, '');
}

function headline(said: string): string {
	return said.length > LONGEST_HEADLINE ? `${said.slice(0, LONGEST_HEADLINE)}...` : said;
}

const BY_STATUS: Readonly<Record<number, FailureKind>> = { 401: 'denied', 402: 'denied', 403: 'denied', 407: 'denied', 451: 'denied', 511: 'denied', 404: 'missing', 410: 'missing', 409: 'conflict', 412: 'conflict', 423: 'transient', 425: 'transient', 429: 'throttled', 501: 'rejected', 505: 'rejected' };

/** What HTTP itself says of a status (RFC 9110). */
export function kindOf(status: number, headers: Readonly<Record<string, string>>, writes: boolean): FailureKind {
	const known = BY_STATUS[status];
	if (known) return known;
	if (status === 503) return headers['retry-after'] === undefined ? 'transient' : 'throttled';
	if (status === 408 || status >= 500) return writes ? 'unknown' : 'transient';
	return status >= 300 && status < 400 ? redirectKind(status, writes) : 'rejected';
}

/** After "See Other" the write is done (RFC 9110, section 15.4.4), whatever lies there. */
export function redirectKind(status: number, writes: boolean): FailureKind {
	return status === 303 && writes ? 'unknown' : 'denied';
}

/** `Retry-After` in milliseconds: seconds, or a date on the server's own clock. */
export function retryAfter(headers: Readonly<Record<string, string>>, now: number): number | undefined {
	const told = headers['retry-after']?.trim();
	if (told === undefined || told === '') return undefined;
	if (/^\d+(\.\d+)?$/.test(told)) return Number(told) * 1000;
	const until = Date.parse(told);
	const since = Date.parse(headers.date ?? '');
	return Number.isNaN(until) ? undefined : Math.max(0, until - (Number.isNaN(since) ? now : since));
}
