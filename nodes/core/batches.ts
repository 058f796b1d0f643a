// Owns writing many at once: chunks, and halving a refused chunk down to the one bad item.
import { asFailure, Failure } from './failure';

/** Consecutive slices of at most `size`. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
	if (!(size >= 1)) throw new RangeError(`A chunk holds at least 1 item, not ${size}`);
	const result: T[][] = [];
	for (let i = 0; i < items.length; i += size) result.push(items.slice(i, i + size));
	return result;
}

export type Settled<R> = { ok: true; value: R } | { ok: false; failure: Failure };

/** What work comes to, as a value: for several of which one may fail without the others. */
export async function settled<T>(work: () => Promise<T>): Promise<Settled<T>> {
	try {
		return { ok: true, value: await work() };
	} catch (error) {
		return { ok: false, failure: asFailure(error) };
	}
}

/**
 * Writes items in chunks. A chunk that is refused as a whole is halved until the bad items stand alone, so
 * one bad item costs one failure and log2(size) calls. Order of the results = order of the items.
 *
 * @param write one call for a chunk; all or nothing; results in the chunk's order
 */
export async function writeInBatches<T, R>(items: readonly T[], size: number, write: (chunk: T[]) => Promise<R[]>): Promise<Array<Settled<R>>> {
	const results: Array<Settled<R>> = [];
	for (const chunk of chunks(items, size)) results.push(...(await bisect(chunk, write)));
	return results;
}

async function bisect<T, R>(chunk: T[], write: (chunk: T[]) => Promise<R[]>): Promise<Array<Settled<R>>> {
	try {
		const values = await write(chunk);
		if (values.length !== chunk.length) throw new Failure('unknown', `${values.length} results came back for ${chunk.length} items`);
		return values.map((value) => ({ ok: true as const, value }));
	} catch (error) {
		const failure = asFailure(error);
		// Rights and broken connections hit every item alike: halving would only repeat the call.
		const splittable = failure.kind === 'rejected' || failure.kind === 'missing' || failure.kind === 'ambiguous';
		if (chunk.length === 1 || !splittable) return chunk.map(() => ({ ok: false as const, failure }));
		const half = Math.ceil(chunk.length / 2);
		return [...(await bisect(chunk.slice(0, half), write)), ...(await bisect(chunk.slice(half), write))];
	}
}
