// Owns waiting for a condition of another process. Must not know which.
import { setTimeout as pause } from 'node:timers/promises';

export interface Patience {
	/** ms; 30 s unless told. */
	timeout?: number;
	/** ms between looks; 250 unless told. */
	every?: number;
	/** What is waited for, for the message. */
	what: string;
	/** Errors for which it goes on waiting; all unless told. */
	tolerates?: (error: unknown) => boolean;
	/** Added to the message when time is up: a log's end. */
	detail?: () => string;
}

/** Looks until the answer is truthy and returns it; throws a sentence with the last answer when time is up. */
export async function until<T>(look: () => T | Promise<T>, patience: Patience): Promise<NonNullable<T>> {
	const { timeout = 30_000, every = 250, what, tolerates = () => true, detail } = patience;
	const end = Date.now() + timeout;
	for (;;) {
		let last: unknown;
		try {
			const answer = await look();
			if (answer) return answer;
			last = answer;
		} catch (error) {
			if (!tolerates(error)) throw error;
			last = error;
		}
		if (Date.now() > end) throw new Error(sentence(what, timeout, last, detail));
		await pause(every);
	}
}

function sentence(what: string, timeout: number, last: unknown, detail: Patience['detail']): string {
	const seen = last instanceof Error ? last.message : JSON.stringify(last);
	const seconds = Math.round(timeout / 100) / 10;
	return [`${what} did not come within ${seconds} s (last: ${seen ?? 'nothing'})`, detail?.()].filter(Boolean).join('\n');
}
