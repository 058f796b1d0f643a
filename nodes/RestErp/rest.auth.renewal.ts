// Owns how long a session is used, that it is opened once for all who wait, and that a wrong password locks nobody out.
// Must not know how it is opened.
import { asFailure, Failure } from '../core/failure';
import type { Clock } from '../core/http';
import { READ, retry } from '../core/retry';
import type { Refusal } from './rest.failures';
import type { Pass } from './rest.session.exchange';

export interface Opened {
	pass: Pass;
	/** How long it lasts; nothing: until it is refused. */
	lifeMs?: number;
}

export interface Door {
	/** Opens a session. @throws Failure */
	open(): Promise<Opened>;
	/** Ends a session that the server still knows, as well as it can: it must not throw. */
	close?(pass: Pass): Promise<void>;
}

/** A session is renewed before its end, so that no call meets the end on its way. */
const MARGIN_MS = 30_000;
const MARGIN_SHARE = 0.1;
/** Refused so often in a row, nothing is asked for a while: many systems lock a user after three to five. */
const REFUSED_MOST = 2;
const REFUSED_KEPT_MS = 60_000;

export class RenewedAuth {
	private current?: { pass: Pass; until: number };
	/** Given up by us, not refused. */
	private left?: Pass;
	private opening?: Promise<Pass>;
	private refused = 0;
	private refusal?: { failure: Failure; until: number };

	/** @param over error codes and HTTP statuses that say "log in again" */
	constructor(
		private readonly door: Door,
		private readonly over: readonly string[],
		private readonly clock: Clock,
		private readonly name: string,
	) {}

	async pass(): Promise<Pass> {
		if (this.current && this.clock.now() < this.current.until) return this.current.pass;
		this.opening ??= this.renew().finally(() => (this.opening = undefined));
		return await this.opening;
	}

	isOver({ status, code }: Refusal): boolean {
		return this.over.includes(String(status)) || (code !== undefined && this.over.includes(code));
	}

	drop(pass: Pass): void {
		if (this.current?.pass === pass) this.current = undefined;
	}

	/** What was refused stays so: each item of a flow that fails for it would otherwise try the password once more. */
	forget(): void {
		this.left = this.current?.pass ?? this.left;
		this.current = undefined;
	}

	private async renew(): Promise<Pass> {
		if (this.refusal && this.clock.now() < this.refusal.until) throw this.refusal.failure;
		this.forget();
		const { left } = this;
		this.left = undefined;
		if (left) await this.door.close?.(left);
		try {
			const { pass, lifeMs } = await retry(async () => await this.door.open(), READ, this.clock);
			const margin = lifeMs === undefined ? 0 : Math.min(MARGIN_MS, lifeMs * MARGIN_SHARE);
			this.current = { pass, until: lifeMs === undefined ? Infinity : this.clock.now() + lifeMs - margin };
			this.refused = 0;
			this.refusal = undefined;
			return pass;
		} catch (error) {
			throw this.told(asFailure(error));
		}
	}

	private told(failure: Failure): Failure {
		// Nothing of the call itself was sent yet.
		if (failure.kind === 'unknown') return failure.as('transient');
		if (failure.kind === 'denied' && ++this.refused >= REFUSED_MOST) {
			const kept = new Failure('denied', failure.what, { ...failure, cause: failure.cause, advice: `${failure.advice ?? `Check the credential for ${this.name}`}. It is not asked again for a minute, so that the user is not locked` });
			this.refusal = { failure: kept, until: this.clock.now() + REFUSED_KEPT_MS };
		}
		return failure;
	}
}
