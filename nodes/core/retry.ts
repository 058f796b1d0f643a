// Owns when a call is sent again. Policy is data; time is passed in; nothing here knows a system.
import { asFailure, Failure, type FailureKind } from './failure';
import type { Clock } from './http';

export interface RetryPolicy {
	/** Calls in all, the first one included. */
	attempts: number;
	/** Wait before the second call; doubles each time, with jitter. */
	baseMs: number;
	maxMs: number;
	/** Kinds that are answered by sending the same call again. */
	on: readonly FailureKind[];
}

/** Reads are repeated freely: nothing can be done twice. */
export const READ: RetryPolicy = { attempts: 4, baseMs: 200, maxMs: 5_000, on: ['transient', 'throttled', 'unknown'] };
/** Writes are repeated only when the first one was certainly not done. */
export const WRITE: RetryPolicy = { attempts: 4, baseMs: 200, maxMs: 5_000, on: ['transient', 'throttled'] };
/** Writes that carry their identity (Odoo's `load`) may be repeated whatever happened to the first. */
export const KEYED_WRITE: RetryPolicy = { attempts: 6, baseMs: 50, maxMs: 5_000, on: ['transient', 'throttled', 'unknown', 'conflict'] };

/** The longest a server may make us wait in one go; beyond it the item is given back instead. */
const LONGEST_WAIT_MS = 60_000;

/** Runs `call`, again by `policy`; the last failure is thrown. */
export async function retry<T>(call: () => Promise<T>, policy: RetryPolicy, clock: Clock): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await call();
		} catch (error) {
			const failure = asFailure(error);
			if (attempt >= policy.attempts || !policy.on.includes(failure.kind)) throw failure;
			const wait = waitBefore(failure, attempt, policy, clock);
			if (wait > LONGEST_WAIT_MS) throw failure;
			await clock.sleep(wait);
		}
	}
}

function waitBefore(failure: Failure, attempt: number, policy: RetryPolicy, clock: Clock): number {
	if (failure.retryAfterMs !== undefined) return failure.retryAfterMs;
	const backoff = Math.min(policy.baseMs * 2 ** (attempt - 1), policy.maxMs);
	return backoff * (0.5 + clock.random());
}

/**
 * One effect from a write that carries no identity of its own (vtiger's `create`): sends it; when it is not
 * known whether it was done, `find` looks it up by its key, and only what is not there is sent again.
 *
 * @param find the record written under the key, or undefined
 */
export async function writeOnce<T>(write: () => Promise<T>, find: () => Promise<T | undefined>, clock: Clock): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await retry(write, WRITE, clock);
		} catch (error) {
			if (!(error instanceof Failure) || error.kind !== 'unknown' || attempt >= WRITE.attempts) throw error;
			await clock.sleep(Math.min(waitBefore(error, attempt, WRITE, clock), LONGEST_WAIT_MS));
			const found = await lookUp(find, error);
			if (found !== undefined) return found;
		}
	}
}

/** A look-up that does not work leaves the write's outcome unknown, whatever kind its own failure is. */
async function lookUp<T>(find: () => Promise<T | undefined>, unknown: Failure): Promise<T | undefined> {
	try {
		return await find();
	} catch (error) {
		const failure = asFailure(error);
		throw new Failure('unknown', unknown.what, { ...unknown, said: undefined, cause: failure, advice: `Whether it was written could not be looked up: ${failure.message}` });
	}
}
