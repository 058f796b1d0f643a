// Owns how many requests run at once and per minute on one credential, in this process.
import type { Clock } from '../core/http';

export interface Limits {
	/** 0: unlimited. */
	requestsPerMinute: number;
	maxConcurrent: number;
}

const MINUTE_MS = 60_000;

/** Runs tasks in order of arrival, at most `maxConcurrent` at once and `requestsPerMinute` begun in any minute. */
export function createLimiter(limits: Limits, clock: Clock): <T>(task: () => Promise<T>) => Promise<T> {
	const waiting: Array<() => void> = [];
	const begun: number[] = [];
	let running = 0;
	let gate = Promise.resolve();

	const enter = async () => {
		if (running >= limits.maxConcurrent) await new Promise<void>((resolve) => waiting.push(resolve));
		else running++;
	};
	const leave = () => {
		const next = waiting.shift();
		if (next) next();
		else running--;
	};
	const pace = async () => {
		if (limits.requestsPerMinute <= 0) return;
		while (begun.length >= limits.requestsPerMinute) {
			const wait = begun[0]! + MINUTE_MS - clock.now();
			if (wait <= 0) begun.shift();
			else await clock.sleep(wait);
		}
		begun.push(clock.now());
	};

	return async (task) => {
		await enter();
		try {
			// One after the other through the gate, so that two waiting tasks do not take the same slot.
			const turn = gate.then(pace);
			gate = turn.catch(() => undefined);
			await turn;
			return await task();
		} finally {
			leave();
		}
	};
}
