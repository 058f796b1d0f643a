// Owns what the suite demands of results and failures: a success is a success, a failure speaks to a person.
import { Failure } from '../../nodes/core/failure';
import type { ItemResult, Outcome } from '../../nodes/core/port';

/** The outcomes of results that must all be successes; the first failure is thrown with its own words. */
export function outcomes(results: readonly ItemResult[]): Outcome[] {
	return results.map((result) => {
		if (!result.ok) throw result.failure;
		return result.value;
	});
}

/** The outcome of the only result. */
export function outcome(results: readonly ItemResult[]): Outcome {
	expect(results).toHaveLength(1);
	return outcomes(results)[0]!;
}

/** The failure of a call that must not succeed. */
export async function failureOf(call: () => Promise<unknown>): Promise<Failure> {
	let answer: unknown;
	try {
		answer = await call();
	} catch (error) {
		expect(error).toBeInstanceOf(Failure);
		return speaking(error as Failure);
	}
	const failed = Array.isArray(answer) ? (answer as Array<Partial<Extract<ItemResult, { ok: false }>>>).find((result) => result?.ok === false) : undefined;
	if (!failed?.failure) throw new Error(`it succeeded: ${JSON.stringify(answer)?.slice(0, 300)}`);
	return speaking(failed.failure);
}

/** Words for a person: no traceback, no markup, no internal error of ours. */
export function speaking(failure: Failure): Failure {
	expect(failure).toBeInstanceOf(Failure);
	expect(failure.message.length).toBeGreaterThan(10);
	expect(failure.message.length).toBeLessThan(1_500);
	expect(failure.message).not.toMatch(/Traceback|psycopg2|undefined|\[object|defect of the node pack|<html|\bTypeError\b|Cannot read prop/i);
	return failure;
}
