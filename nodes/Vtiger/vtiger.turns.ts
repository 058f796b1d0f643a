// Owns waiting in line: one piece of work at a time per name, within this process. Knows no call.

const tails = new Map<string, Promise<void>>();

/** Runs `work` once all earlier work under the same name has ended, whether it succeeded or not. */
export async function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
	const before = tails.get(name);
	let done!: () => void;
	const mine = new Promise<void>((resolve) => (done = resolve));
	tails.set(name, mine);
	await before;
	try {
		return await work();
	} finally {
		done();
		if (tails.get(name) === mine) tails.delete(name);
	}
}

/** Results in the items' order, at most `width` at once. The first failure is thrown once all have ended. */
export async function side<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
	const results = new Array<R>(items.length);
	let next = 0;
	let failure: { error: unknown } | undefined;
	const lane = async (): Promise<void> => {
		while (next < items.length && !failure) {
			const index = next++;
			try {
				results[index] = await work(items[index]!);
			} catch (error) {
				failure ??= { error };
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
	if (failure) throw failure.error;
	return results;
}

/** The line in which all saves of documents with lines wait: two at once lose lines (reference 6.7). */
export function inventoryLine(baseUrl: string): string {
	return `inventory ${baseUrl}`;
}
