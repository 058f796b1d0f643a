// Owns 1C's sessions behind the calls: none, as the publication likes, or opened and closed by us (reference 8).
// Must not know what is called.
import { asFailure, Failure } from '../core/failure';
import type { Clock } from '../core/http';
import type { SessionMode } from './onec.credential';

/** Publications let an idle session go after 20 s (`sessionMaxAge`): finished before, so that its licence is free. */
export const IDLE_MS = 15_000;
const MAX_AGE_MS = 20_000;

type Headers = Record<string, string>;

/** Answers that a dead session gives, as far as nothing of 1C's own is in them. */
const DEAD = new Set(['HTTP 400', 'HTTP 404', 'HTTP 406', 'HTTP 500']);
/** Of these 1C certainly did nothing: there was no session to do it in. */
const DEAD_UNDONE = new Set(['HTTP 400', 'HTTP 404', 'HTTP 406']);

export class CookieJar {
	private cookie?: string;
	private usedAt = 0;
	private busy = 0;
	private starting?: Promise<void>;
	/** The publication gave no cookie when asked: it is not asked again. */
	private unsupported = false;
	private watching = false;

	/** @param ping sends the smallest read with the given headers and gives its answer to `take` */
	constructor(
		private readonly mode: SessionMode,
		private readonly clock: Clock,
		private readonly ping: (headers: Headers) => Promise<void>,
	) {}

	/** Remembers the session that an answer opened. */
	take(headers: Headers): void {
		const cookie = /\bibsession=([^;,\s]*)/i.exec(headers['set-cookie'] ?? '')?.[1];
		if (cookie !== undefined && this.mode !== 'none') this.cookie = cookie || undefined;
	}

	/** Runs one call in the session in use; a dead one is replaced once, where nothing can have been done in it. */
	async run<R>(writes: boolean, call: (headers: Headers) => Promise<R>): Promise<R> {
		this.busy++;
		try {
			return await this.attempt(writes, call);
		} finally {
			this.busy--;
			this.usedAt = this.clock.now();
			this.watch();
		}
	}

	private async attempt<R>(writes: boolean, call: (headers: Headers) => Promise<R>): Promise<R> {
		await this.open();
		const used = this.cookie;
		try {
			return await call(sent(used));
		} catch (error) {
			const code = error instanceof Failure ? (error.code ?? '') : '';
			if (used === undefined || !DEAD.has(code)) throw error;
			if (this.cookie === used) this.cookie = undefined;
			if (writes && !DEAD_UNDONE.has(code)) throw error;
			await this.open();
			return await call(sent(this.cookie));
		}
	}

	/** Never together with a write: a session is opened by a read of its own, once for all who wait. */
	private async open(): Promise<void> {
		if (this.mode !== 'explicit' || this.unsupported) return;
		if (this.cookie !== undefined && this.busy <= 1 && this.clock.now() - this.usedAt > MAX_AGE_MS) this.cookie = undefined;
		if (this.cookie !== undefined) return;
		this.starting ??= this.start().finally(() => (this.starting = undefined));
		await this.starting;
	}

	private async start(): Promise<void> {
		try {
			await this.ping({ IBSession: 'start' });
		} catch (error) {
			// Nothing of the call itself was sent yet.
			const failure = asFailure(error);
			throw failure.kind === 'unknown' ? failure.as('transient') : failure;
		}
		this.unsupported = this.cookie === undefined;
	}

	private watch(): void {
		if (this.mode !== 'explicit' || this.watching || this.cookie === undefined) return;
		this.watching = true;
		void this.finishWhenIdle().finally(() => (this.watching = false));
	}

	private async finishWhenIdle(): Promise<void> {
		for (;;) {
			await this.clock.sleep(Math.max(this.usedAt + IDLE_MS - this.clock.now(), 1_000));
			if (this.busy === 0 && this.clock.now() - this.usedAt >= IDLE_MS) break;
		}
		const cookie = this.cookie;
		this.cookie = undefined;
		if (cookie === undefined) return;
		try {
			await this.ping({ IBSession: 'finish', ...sent(cookie) });
		} catch {
			// The server lets it go by itself after some seconds.
		} finally {
			this.cookie = undefined;
		}
	}
}

function sent(cookie: string | undefined): Headers {
	return cookie === undefined ? {} : { Cookie: `ibsession=${cookie}` };
}
