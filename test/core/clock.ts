// Owns time for tests: it moves only when somebody sleeps, and chance is what the test says.
import type { Clock } from '../../nodes/core/http';

export interface FakeClock extends Clock {
	/** Every sleep so far, in ms. */
	readonly slept: number[];
	/** Lets time pass without anybody sleeping. */
	pass(ms: number): void;
}

/** @param chance what `random()` gives */
export function fakeClock(chance = 0.5): FakeClock {
	let time = Date.parse('2026-01-31T12:00:00Z');
	const slept: number[] = [];
	return {
		slept,
		now: () => time,
		sleep: async (ms) => {
			slept.push(ms);
			time += ms;
			await Promise.resolve();
		},
		random: () => chance,
		pass: (ms) => void (time += ms),
	};
}
