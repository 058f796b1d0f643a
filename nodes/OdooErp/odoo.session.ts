// Owns the conversation with one Odoo: which interface, which database, who we are, and sending calls again.
// Must not know documents or fields.
import { z } from 'zod';
import { asFailure, Failure } from '../core/failure';
import type { HttpRequest, HttpResponse } from '../core/http';
import type { Deps } from '../core/port';
import { READ, retry, type RetryPolicy } from '../core/retry';
import type { OdooCredential } from './odoo.credential';
import { LOGIN_REFUSED } from './odoo.failures';
import { type Domain, type Row, rowsSchema } from './odoo.values';
import { aboutCall, json2Request, jsonRpcRequest, type OdooCall, readJson2, readJsonRpc, serviceRequest } from './odoo.wire';

export interface ServerVersion {
	major: number;
	/** As the server says it: `14.0`, `saas~18.2`. */
	text: string;
}

export interface Login {
	uid: number;
	/** Nothing: JSON-2 on a server that knows its only database. */
	database?: string;
	transport: 'jsonrpc' | 'json2';
	/** Part of the context of every call. */
	language?: string;
	/** What the user should know of how the log-in went. */
	notes: string[];
}

const versionSchema = z.object({ server_version: z.string(), server_version_info: z.array(z.unknown()) });
const contextSchema = z.object({ uid: z.number().int() }).catchall(z.unknown());

export class OdooSession {
	private versionFlight?: Promise<ServerVersion>;
	private loginFlight?: Promise<Login>;
	/** The server's clock as of its last answer, as its `Date` header gives it. */
	private date?: string;

	constructor(
		readonly credential: OdooCredential,
		private readonly deps: Deps,
	) {}

	/** The server's time in UTC, ISO 8601; nothing when it tells none. */
	get serverTime(): string | undefined {
		const ms = Date.parse(this.date ?? '');
		return Number.isNaN(ms) ? undefined : `${new Date(ms).toISOString().slice(0, 19)}Z`;
	}

	/** Asked once; needs no log-in. */
	async version(): Promise<ServerVersion> {
		this.versionFlight ??= this.askVersion();
		return await keepUnlessFailed(this.versionFlight, () => (this.versionFlight = undefined));
	}

	/** Logs in once, whoever asks meanwhile waits for the same. */
	async login(): Promise<Login> {
		this.loginFlight ??= this.logIn();
		return await keepUnlessFailed(this.loginFlight, () => (this.loginFlight = undefined));
	}

	/**
	 * Runs a call, again by `policy`.
	 *
	 * @param decode checks and reads the result; what it throws counts as the call's own failure
	 */
	async call<R>(call: OdooCall, policy: RetryPolicy, decode: (result: unknown) => R): Promise<R> {
		return await retry(async () => decode(await this.once(call)), policy, this.deps.clock);
	}

	/** All records that fit, with exactly these fields. */
	async searchRead(model: string, domain: Domain, fields: readonly string[], options: { limit?: number; order?: string; context?: Record<string, unknown> } = {}): Promise<Row[]> {
		const { context, ...rest } = options;
		return await this.call({ model, method: 'search_read', args: { domain, fields }, options: { order: 'id', ...rest }, context }, READ, expected(rowsSchema, `${model}/search_read`));
	}

	/** Records by id; those that are gone or hidden are left out. */
	async read(model: string, ids: readonly number[], fields: readonly string[]): Promise<Row[]> {
		if (ids.length === 0) return [];
		return await this.call({ model, method: 'read', ids, args: { fields } }, READ, expected(rowsSchema, `${model}/read`));
	}

	private async once(call: OdooCall): Promise<unknown> {
		const login = await this.loginForCall();
		try {
			return await this.exchange(call, login);
		} catch (error) {
			if (!(error instanceof Failure) || error.code !== LOGIN_REFUSED) throw error;
			// The key expired or the password was changed since: nothing was done, so one new log-in may mend it.
			this.loginFlight = undefined;
			return await this.exchange(call, await this.loginForCall());
		}
	}

	/** A log-in that did not come back has written nothing: for the call it is as if nothing was sent. */
	private async loginForCall(): Promise<Login> {
		try {
			return await this.login();
		} catch (error) {
			const failure = asFailure(error);
			throw failure.kind === 'unknown' ? failure.as('transient') : failure;
		}
	}

	private async exchange(call: OdooCall, login: Login): Promise<unknown> {
		const { secret } = this.credential;
		const full = { ...call, context: { ...this.context(login), ...call.context } };
		try {
			if (login.transport === 'json2') return readJson2(await this.send(json2Request(full, { database: login.database, secret })), aboutCall(call));
			const request = jsonRpcRequest(full, { database: login.database ?? '', uid: login.uid, secret });
			return readJsonRpc(await this.send(request), aboutCall(call));
		} catch (error) {
			throw this.withoutSecret(error);
		}
	}

	/** Calls over RPC do not inherit the user's language, zone and company (section 1.1). */
	private context(login: Login): Record<string, unknown> {
		const { company } = this.credential;
		return { ...(login.language ? { lang: login.language } : {}), tz: 'UTC', ...(company ? { allowed_company_ids: [company] } : {}) };
	}

	private async send(request: HttpRequest): Promise<HttpResponse> {
		const response = await this.deps.send(request);
		this.date = response.headers.date ?? this.date;
		return response;
	}

	/** A server that echoes its arguments must not put the secret into a message. */
	private withoutSecret(error: unknown): unknown {
		const { secret, login } = this.credential;
		if (!(error instanceof Failure) || !error.said?.includes(secret) || secret === login) return error;
		return new Failure(error.kind, error.what, { ...error, said: error.said.split(secret).join('***') });
	}

	private async service(service: 'common' | 'db', method: string, args: unknown[]): Promise<unknown> {
		return await retry(async () => readJsonRpc(await this.send(serviceRequest(service, method, args)), `${service}/${method}`), READ, this.deps.clock);
	}

	private async askVersion(): Promise<ServerVersion> {
		const answer = versionSchema.safeParse(await this.service('common', 'version', []));
		if (!answer.success) throw new Failure('denied', 'The server at the URL of the credential does not answer as Odoo does', { advice: 'Enter the address at which Odoo\'s own pages open' });
		// Odoo Online says `saas~18` where others say 18.
		const major = Number(/\d+/.exec(String(answer.data.server_version_info[0]))?.[0] ?? 0);
		return { major, text: answer.data.server_version };
	}

	private async logIn(): Promise<Login> {
		const version = await this.version();
		const login = version.major >= 19 ? ((await this.logInWithKey()) ?? (await this.logInWithPassword(true))) : await this.logInWithPassword(false);
		const language = await this.installedLanguage(version, login);
		return { ...login, ...language, notes: [...login.notes, ...language.notes] };
	}

	/** JSON-2 knows API keys only; nothing when the secret is not one. */
	private async logInWithKey(): Promise<Login | undefined> {
		const { secret, database } = this.credential;
		const call: OdooCall = { model: 'res.users', method: 'context_get' };
		try {
			const result = await retry(async () => readJson2(await this.send(json2Request(call, { database, secret })), aboutCall(call)), READ, this.deps.clock);
			return { uid: contextSchema.parse(result).uid, database, transport: 'json2', notes: [] };
		} catch (error) {
			const failure = asFailure(error);
			// Without a database name the server may serve several: the password way can ask for the list.
			if (failure.code === LOGIN_REFUSED || (failure.code === 'no database' && !database)) return undefined;
			throw failure;
		}
	}

	private async logInWithPassword(keyRefused: boolean): Promise<Login> {
		const { login, secret } = this.credential;
		const database = this.credential.database ?? (await this.onlyDatabase());
		const uid = await this.authenticate(database, [database, login, secret, {}]);
		if (typeof uid !== 'number') {
			throw new Failure('denied', `Odoo refuses the login "${login}" with this ${keyRefused ? 'API key or password' : 'password or API key'} in database "${database}"`, {
				code: LOGIN_REFUSED,
				advice: 'Check "Login" and "Password or API Key" in the credential. With two-factor authentication only an API key works, and a key can expire',
			});
		}
		const notes = keyRefused ? ['The secret is a password: JSON-RPC is used, which a later Odoo will drop. Enter an API key instead'] : [];
		return { uid, database, transport: 'jsonrpc', notes };
	}

	private async authenticate(database: string, args: unknown[]): Promise<unknown> {
		try {
			return await this.service('common', 'authenticate', args);
		} catch (error) {
			const failure = asFailure(error);
			// PostgreSQL's text in the server's language; the quoted name is in all of them.
			if (failure.said?.includes(`"${database}"`)) throw new Failure('denied', `There is no database "${database}" on this server`, { advice: 'Correct "Database" in the credential' });
			throw this.withoutSecret(error);
		}
	}

	private async onlyDatabase(): Promise<string> {
		const advice = 'Enter the name in "Database" of the credential';
		try {
			const names = z.array(z.string()).parse(await this.service('db', 'list', []));
			if (names.length === 1) return names[0]!;
			throw new Failure('denied', `The server has ${names.length} databases${names.length ? `: ${names.slice(0, 10).join(', ')}` : ''}`, { advice });
		} catch (error) {
			const failure = asFailure(error);
			// Servers on the internet do not tell their databases.
			if (failure.code === LOGIN_REFUSED || failure.kind === 'rejected') throw new Failure('denied', 'The server does not tell the names of its databases', { advice });
			throw failure;
		}
	}

	/** From 18 on a language that is not installed makes every call fail; before, it is silently English. */
	private async installedLanguage(version: ServerVersion, login: Login): Promise<{ language?: string; notes: string[] }> {
		const { language } = this.credential;
		if (!language || version.major < 18) return { language, notes: [] };
		const call: OdooCall = { model: 'res.lang', method: 'search_read', args: { domain: [['code', '=', language]], fields: ['code'] } };
		const found = await retry(async () => rowsSchema.parse(await this.exchange(call, login)), READ, this.deps.clock);
		return found.length > 0 ? { language, notes: [] } : { notes: [`Language ${language} is not installed in Odoo: texts are in English`] };
	}
}

/** A decoder that turns an unexpected result into a readable failure. */
export function expected<S extends z.ZodTypeAny>(schema: S, about: string): (result: unknown) => z.output<S> {
	return (result) => {
		const parsed = schema.safeParse(result);
		if (parsed.success) return parsed.data as z.output<S>;
		throw new Failure('rejected', `Odoo answers ${about} in a form this version of the node does not know`, { said: parsed.error.issues[0]?.message });
	};
}

/** A failed attempt is not kept: the next caller tries again. */
async function keepUnlessFailed<T>(flight: Promise<T>, forget: () => void): Promise<T> {
	try {
		return await flight;
	} catch (error) {
		forget();
		throw error;
	}
}
