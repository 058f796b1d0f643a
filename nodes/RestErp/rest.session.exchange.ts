// Owns one call on the wire: its headers and body as they are sent, its answer as it is judged. Must not know who logs
// in how, or what is sent again.
import { Failure } from '../core/failure';
import type { HttpRequest } from '../core/http';
import type { Deps } from '../core/port';
import { isRecord } from '../core/values';
import { CookieJar } from './rest.cookies';
import type { RestCredential } from './rest.credential';
import { Judge, redirectKind, type Verdict } from './rest.failures';
import { fill } from './rest.fill';
import { writeJson } from './rest.json';
import type { Profile } from './rest.profile.schema';
import type { Secrets } from './rest.secrets';
import type { Call, Evaluator, Scope } from './rest.services';

/** What shows the server who we are. */
export interface Pass {
	headers: Readonly<Record<string, string>>;
	query: Readonly<Record<string, string>>;
}

export const NO_PASS: Pass = { headers: {}, query: {} };

/** Shorter cookies name a language or a node: no session could be guessed by them. */
const SHORTEST_SESSION = 8;

/** They belong to the connection, or would lead to another server behind the same address. */
const NOT_OURS = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'expect', 'keep-alive', 'proxy-authorization', 'proxy-connection']);

export class Exchange {
	readonly judge: Judge;
	readonly scope: Scope;
	private readonly jar?: CookieJar;
	private readonly constant: Readonly<Record<string, string>>;
	private time?: string;

	constructor(
		credential: RestCredential,
		private readonly profile: Profile,
		evaluator: Evaluator,
		private readonly deps: Deps,
		private readonly secrets: Secrets,
	) {
		this.scope = { settings: credential.settings, system: credential.installation };
		this.judge = new Judge(profile, evaluator, secrets, () => deps.clock.now());
		// Where no session is told by cookies, an old one would only confuse the server.
		if (profile.auth.type === 'login' || profile.csrf) this.jar = new CookieJar(() => deps.clock.now());
		this.constant = Object.fromEntries(Object.entries(profile.headers ?? {}).map(([name, text]) => [name, fill(`headers.${name}`, text, credential)]));
	}

	/** UTC, ISO 8601, seconds; as the last answer's `Date` told it. */
	get serverTime(): string | undefined {
		return this.time;
	}

	get hasCookies(): boolean {
		return this.jar?.header() !== undefined;
	}

	forgetCookies(): void {
		this.jar?.clear();
	}

	/**
	 * Sends it once.
	 *
	 * @param shown the path as messages name it
	 * @throws Failure when no answer came
	 */
	async send(call: Call, pass: Pass, shown: string = call.path): Promise<Verdict> {
		const request = this.request(call, pass);
		try {
			const response = await this.deps.send(request);
			this.note(response.headers);
			return await this.judge.judge(response, { ...call, path: shown }, this.scope);
		} catch (error) {
			if (!(error instanceof Failure)) throw error;
			const failure = this.secrets.clean(call.record === undefined ? error : error.on(call.record));
			const status = /^HTTP (3\d\d)$/.exec(failure.code ?? '')?.[1];
			// Some servers send those whose session is over to the login page.
			if (status !== undefined) return { ok: false, failure: failure.as(redirectKind(Number(status), call.writes)), status: Number(status), headers: {} };
			// An answer too large to be read says that there was one.
			throw call.writes && failure.kind === 'rejected' && failure.code === 'ERR_BAD_RESPONSE' ? failure.as('unknown') : failure;
		}
	}

	/** The headers of a call without those that show who we are; also of one inside a batch. */
	headers(call: Call): HeaderSet {
		const headers = new HeaderSet().with({ Accept: 'application/json' }).with(this.constant).with(call.headers ?? {});
		if (call.body === undefined || call.as === 'form') return headers.without('Content-Type');
		return headers.has('Content-Type') ? headers : headers.with({ 'Content-Type': 'application/json' });
	}

	private request(call: Call, pass: Pass): HttpRequest {
		const headers = this.headers(call).with(pass.headers);
		const cookie = this.jar?.header();
		if (cookie !== undefined) headers.with({ Cookie: [headers.get('Cookie'), cookie].filter(Boolean).join('; ') });
		return {
			method: call.method,
			path: pathOf(call.path, { ...call.query, ...pass.query }),
			headers: headers.checked(this.profile.name),
			...(call.body === undefined ? {} : call.as === 'form' ? { form: formOf(call.body) } : { text: writeJson(call.body) }),
		};
	}

	private note(headers: Readonly<Record<string, string>>): void {
		for (const value of this.jar?.take(headers['set-cookie']) ?? []) if (value.length >= SHORTEST_SESSION) this.secrets.add(value, 'cookies');
		const time = Date.parse(headers.date ?? '');
		if (!Number.isNaN(time)) this.time = `${new Date(time).toISOString().slice(0, 19)}Z`;
	}
}

/** Headers whose names are the same however they are written. */
export class HeaderSet {
	private readonly named = new Map<string, [name: string, value: string]>();

	/** Adds or replaces. */
	with(headers: Readonly<Record<string, string>>): this {
		for (const [name, value] of Object.entries(headers)) this.named.set(name.toLowerCase(), [name, value]);
		return this;
	}

	without(name: string): this {
		this.named.delete(name.toLowerCase());
		return this;
	}

	has(name: string): boolean {
		return this.named.has(name.toLowerCase());
	}

	get(name: string): string | undefined {
		return this.named.get(name.toLowerCase())?.[1];
	}

	/** @throws Failure `rejected` for a header that cannot be sent, before anything is */
	checked(system: string): Record<string, string> {
		for (const [key, [name, value]] of this.named) {
			if (NOT_OURS.has(key)) throw new Failure('rejected', `The header ${name} cannot be set for ${system}`, { advice: 'Remove it from the profile: it belongs to the connection' });
			if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) throw new Failure('rejected', `"${name}" is no name of a header`, { advice: 'Correct it in the profile' });
			if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) throw new Failure('rejected', `The value of the header ${name} holds a character that cannot be sent in a header`, { advice: 'Letters beyond Latin-1 and line breaks cannot; encode the value in the profile, e.g. with $encodeUrlComponent' });
		}
		return Object.fromEntries(this.named.values());
	}
}

/** The path with its query; parameters that the path of a next page holds already are not sent twice. */
export function pathOf(path: string, query: Readonly<Record<string, string>>): string {
	if (!path.startsWith('/')) throw new Failure('rejected', `The path "${path.replace(/[?#].*$/s, '')}" does not begin with "/"`, { advice: 'Paths are below the Base URL of the credential: correct it in the profile' });
	const [plain = '', ...rest] = path.split('?');
	const kept = rest.join('?').split('&').filter((part) => part !== '' && !Object.hasOwn(query, nameOf(part)));
	const added = Object.entries(query).map(([name, value]) => `${escaped(name)}=${escaped(value)}`);
	const all = [...kept, ...added];
	return all.length > 0 ? `${plain}?${all.join('&')}` : plain;
}

function nameOf(part: string): string {
	try {
		return decodeURIComponent((part.split('=')[0] ?? '').replace(/\+/g, ' '));
	} catch {
		return part;
	}
}

/** A blank as `%20`: "+" means one to some servers only. `$` and `,` stay readable: OData's own names hold them. */
function escaped(text: string): string {
	return new URLSearchParams({ a: text }).toString().slice(2).replace(/\+/g, '%20').replace(/%24/g, '$').replace(/%2C/g, ',');
}

function formOf(body: unknown): Record<string, string> {
	if (!isRecord(body)) throw new Failure('rejected', 'A form holds fields, but the body is something else', { advice: 'Correct the body in the profile, or send it as JSON' });
	return Object.fromEntries(
		Object.entries(body).flatMap(([name, value]): Array<[string, string]> => {
			if (value === undefined || value === null) return [];
			// An exact number is an object that knows its digits.
			if (typeof value === 'object' && !('isLosslessNumber' in value)) throw new Failure('rejected', `The form's field "${name}" is no text or number`, { advice: 'Correct the body in the profile, or send it as JSON' });
			return [[name, String(value as string | number | boolean)]];
		}),
	);
}
