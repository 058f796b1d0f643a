// Owns the protocol of webservice.php: challenge, login, one call, when a call is sent again. Knows no module and
// no document. No secret leaves it: neither the access key nor a session name is ever part of a message.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Failure } from '../core/failure';
import { READ, retry, type RetryPolicy } from '../core/retry';
import type { Deps } from '../core/port';
import { isLoginRefused, isSessionLost, readAnswer } from './vtiger.answers';
import { inTurn } from './vtiger.turns';

export interface SessionSettings {
	/** Names the installation for the line in which logins wait. */
	baseUrl: string;
	username: string;
	accessKey: string;
}

/** What the login told. */
export interface Login {
	sessionName: string;
	/** `19x1`. */
	userId: string;
	version: string;
	/** First and last name, or the user name. */
	user: string;
	/** Server time minus this machine's, in ms: everything compared with the server's times is corrected by it. */
	skewMs: number;
}

const challengeSchema = z.object({ token: z.string(), serverTime: z.number() });
const loginSchema = z.object({
	sessionName: z.string(),
	userId: z.string(),
	vtigerVersion: z.string().catch('unknown'),
	first_name: z.string().nullish(),
	last_name: z.string().nullish(),
});

/** A refusal of the login is worth another try: the token is one per user, whoever asks last has it (reference 2). */
const LOGIN: RetryPolicy = { attempts: 4, baseMs: 200, maxMs: 5_000, on: ['transient', 'throttled', 'unknown', 'conflict'] };

const PATH = '/webservice.php';

/** One login of one user: all calls of a connector share it, so that vtiger handles them one after another. */
export class Session {
	private current: Promise<Login> | undefined;

	constructor(
		private readonly settings: SessionSettings,
		private readonly deps: Deps,
	) {}

	/** The login in use; logs in when there is none. Single flight. */
	async login(): Promise<Login> {
		const pending = (this.current ??= this.logIn());
		try {
			return await pending;
		} catch (error) {
			if (this.current === pending) this.current = undefined;
			throw error;
		}
	}

	/** Forgets the login: the next call logs in anew. */
	forget(): void {
		this.current = undefined;
	}

	/** The server's time, ms since 1970. */
	async serverNow(): Promise<number> {
		return this.deps.clock.now() + (await this.login()).skewMs;
	}

	/** A call that changes nothing: sent again by the policy for reads. Its parameters go into the URL (reference 1). */
	async read(operation: string, parameters: Record<string, string>, subject?: string): Promise<unknown> {
		return await retry(() => this.call('GET', operation, parameters, subject), READ, this.deps.clock);
	}

	/** A call that changes something: sent once, except that a lost session is renewed first. */
	async write(operation: string, parameters: Record<string, string>, subject?: string): Promise<unknown> {
		return await this.call('POST', operation, parameters, subject);
	}

	private async call(method: 'GET' | 'POST', operation: string, parameters: Record<string, string>, subject?: string): Promise<unknown> {
		const used = await this.login();
		try {
			return await this.exchange(method, operation, { sessionName: used.sessionName, ...parameters }, method === 'POST', subject);
		} catch (error) {
			if (!isSessionLost(error)) throw error;
			await this.renew(used);
			return await this.exchange(method, operation, { sessionName: (await this.login()).sessionName, ...parameters }, method === 'POST', subject);
		}
	}

	/** Drops the login that failed, unless another call has renewed it already. */
	private async renew(used: Login): Promise<void> {
		const current = this.current;
		if (current && (await current.catch(() => undefined))?.sessionName === used.sessionName && this.current === current) this.current = undefined;
	}

	private async exchange(method: 'GET' | 'POST', operation: string, parameters: Record<string, string>, writes: boolean, subject?: string): Promise<unknown> {
		const all = { operation, ...parameters };
		const response = await this.deps.send(method === 'GET' ? { method, path: PATH, query: all } : { method, path: PATH, form: all });
		return readAnswer(response, { operation, writes, subject, now: this.deps.clock.now() });
	}

	private async logIn(): Promise<Login> {
		const { baseUrl, username } = this.settings;
		try {
			// Logins of one user take each other's token away, so they wait for each other (reference 2).
			return await inTurn(`login ${baseUrl} ${username}`, async () => await retry(() => this.attempt(), LOGIN, this.deps.clock));
		} catch (error) {
			if (isLoginRefused(error)) {
				throw new Failure('denied', `The CRM refuses the access key of user "${username}"`, {
					code: error instanceof Failure ? error.code : undefined,
					advice: 'Copy the access key anew from "My Preferences" of this user in vtiger (it is not the password), and check that the user is active',
				});
			}
			// No login, no write: whatever happened here, the call it was for was certainly not sent.
			throw error instanceof Failure && error.kind === 'unknown' ? error.as('transient') : error;
		}
	}

	private async attempt(): Promise<Login> {
		const { username, accessKey } = this.settings;
		const challenge = this.parse(challengeSchema, await this.challenge(username));
		const skewMs = challenge.serverTime * 1000 - this.deps.clock.now();
		// Lower-case hex: upper case is refused (reference 2).
		const proof = createHash('md5').update(challenge.token + accessKey).digest('hex');
		const login = this.parse(loginSchema, await this.exchange('POST', 'login', { username, accessKey: proof }, false));
		return {
			sessionName: login.sessionName,
			userId: login.userId,
			version: login.vtigerVersion,
			user: [login.first_name, login.last_name].filter(Boolean).join(' ') || username,
			skewMs,
		};
	}

	private async challenge(username: string): Promise<unknown> {
		try {
			return await this.exchange('GET', 'getchallenge', { username }, false);
		} catch (error) {
			if (!(error instanceof Failure) || error.code !== 'ACCESS_DENIED') throw error;
			throw new Failure('denied', `The CRM has no user "${username}"`, { code: error.code, advice: 'Enter the user name with which this user logs in to vtiger' });
		}
	}

	private parse<T>(schema: z.ZodType<T, z.ZodTypeDef, unknown>, value: unknown): T {
		const parsed = schema.safeParse(value);
		if (parsed.success) return parsed.data;
		throw new Failure('rejected', 'The answer to the login is not one of vtiger\'s', { advice: 'Check the URL of the credential' });
	}
}
