// Owns the keyed API's sessions: a cookie that runs out, a token against forged calls that every write must carry.
// Must not know: records.
import { randomBytes } from 'node:crypto';
import type { SimRequest } from '../server';

interface Session {
	ends: number;
	csrf: string;
}

export class KeyedSessions {
	private readonly open = new Map<string, Session>();

	constructor(
		private readonly now: () => number,
		private readonly seconds: () => number,
	) {}

	/** A new session's cookie. */
	start(): string {
		const id = randomBytes(16).toString('hex');
		this.open.set(id, { ends: this.now() + this.seconds() * 1000, csrf: randomBytes(12).toString('hex') });
		return id;
	}

	/** undefined: none, unknown, or over. */
	of({ headers }: SimRequest): Session | undefined {
		const session = this.open.get(/(?:^|;\s*)sid=([^;]+)/.exec(headers.cookie ?? '')?.[1] ?? '');
		return session && session.ends > this.now() ? session : undefined;
	}

	end(): void {
		this.open.clear();
	}
}
