// Owns log-in: challenge tokens, sessions, who the user is, and the lock that PHP holds per session.
// Must not know: modules, records, HTTP.
import { createHash, randomBytes } from 'node:crypto';
import { type Clock, unixSeconds } from './clock';
import { badSession, denied, type Json, Refusal, type Row } from './failure';
import type { Store } from './store';
import type { Version } from './schema';

export interface User {
	/** `19x1` */
	id: string;
	name: string;
	admin: boolean;
}

export interface Session {
	name: string;
	user: User;
}

/** Access keys of the seeded users by user name; give the admin's to clients. */
export const ACCESS_KEYS: Record<string, string> = { admin: 'AdminDemoKey0001', sales1: 'Sales1DemoKey001', sales2: 'Sales2DemoKey001' };

const TOKEN_SECONDS = 300;

export class Sessions {
	private readonly tokens = new Map<string, { token: string; expires: number }>();
	private readonly sessions = new Map<string, User>();
	private readonly locks = new Map<string, Promise<unknown>>();

	constructor(
		private readonly store: Store,
		private readonly clock: Clock,
		private readonly version: Version,
		private readonly keys: Record<string, string>,
	) {}

	/** One token per user: a new challenge makes the previous one useless. */
	challenge(username: string): Json {
		if (username === '') throw new Refusal('ACCESS_DENIED', 'No username given');
		if (!this.userRow(username)) throw new Refusal('ACCESS_DENIED', 'username does not exists');
		const serverTime = unixSeconds(this.clock);
		const token = randomBytes(7).toString('hex').slice(0, 13);
		this.tokens.set(username, { token, expires: serverTime + TOKEN_SECONDS });
		return { token, serverTime, expireTime: serverTime + TOKEN_SECONDS };
	}

	/** The token stays good for its 300 s, so a second log-in with it succeeds. */
	login(username: string, accessKey: string): Json {
		const row = this.userRow(username);
		const pending = this.tokens.get(username);
		if (!row || !pending || pending.expires < unixSeconds(this.clock))
			throw new Refusal('INVALID_AUTH_TOKEN', 'Specified token is invalid or expired');
		const expected = createHash('md5')
			.update(pending.token + (this.keys[username] ?? ''))
			.digest('hex');
		if (accessKey !== expected) throw new Refusal('INVALID_USER_CREDENTIALS', 'Invalid username or password');
		const { name } = this.open(username);
		return {
			username,
			first_name: row['first_name'] ?? '',
			last_name: row['last_name'] ?? '',
			email: row['email1'] ?? '',
			time_zone: row['time_zone'] ?? 'UTC',
			hour_format: row['hour_format'] ?? '12',
			date_format: row['date_format'] ?? 'yyyy-mm-dd',
			is_admin: row['is_admin'] ?? 'off',
			call_duration: '5',
			other_event_duration: '5',
			...this.identity(name),
		};
	}

	/** A session without challenge and log-in, for tests; `name` to choose what it is called. */
	open(username: string, name = randomBytes(11).toString('hex').slice(0, 21)): Session {
		const row = this.store.list('Users').find((u) => u.fields['user_name'] === username);
		if (!row) throw new Error(`no user ${username}`);
		const user = { id: row.id, name: username, admin: row.fields['is_admin'] === 'on' };
		this.sessions.set(name, user);
		return { name, user };
	}

	/** The session of a request. */
	require(name: string): Session {
		if (name === '') throw new Refusal('AUTHENTICATION_REQUIRED', 'Authencation required');
		const user = this.sessions.get(name);
		if (!user) throw badSession();
		return { name, user };
	}

	/** `extendsession`; the id may come as a form field or as PHP's cookie, but not as a field named like the cookie. */
	extend(name: string, cookieNamedField: boolean): Json {
		if (cookieNamedField) throw new Refusal('AUTHENTICATION_FAILURE', 'Authencation Failed');
		this.require(name);
		return this.identity(name);
	}

	logout(name: string): Json {
		this.require(name);
		this.sessions.delete(name);
		return { message: 'successfull' };
	}

	/** Ends every session, as PHP's garbage collection or a restart does. */
	expireAll(): void {
		this.sessions.clear();
	}

	/** PHP locks the session file: requests that share a session run one after the other. */
	async serialised<T>(name: string, work: () => Promise<T>): Promise<T> {
		const before = this.locks.get(name) ?? Promise.resolve();
		const mine = before.then(work, work);
		const settled = mine.catch(() => undefined);
		this.locks.set(name, settled);
		try {
			return await mine;
		} finally {
			if (this.locks.get(name) === settled) this.locks.delete(name);
		}
	}

	private identity(name: string): { sessionName: string; userId: string; version: string; vtigerVersion: string } {
		return { sessionName: name, userId: this.require(name).user.id, version: '0.22', vtigerVersion: this.version };
	}

	private userRow(username: string): Row | undefined {
		return this.store.list('Users').find((u) => u.fields['user_name'] === username)?.fields;
	}
}

/** Refuses who is not an administrator. */
export function requireAdmin(user: User): void {
	if (!user.admin) throw denied();
}
