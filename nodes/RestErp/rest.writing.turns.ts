// Owns waiting in line: one piece of work at a time per name, within this process. Knows no call.

const tails = new Map<string, Promise<void>>();

/** Runs `work` once it holds all the names. They are taken in one order, so that nobody waits for each other. */
export async function inTurns<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
	const releases: Array<() => void> = [];
	try {
		for (const name of [...new Set(names)].sort()) releases.push(await take(name));
		return await work();
	} finally {
		for (const release of releases) release();
	}
}

async function take(name: string): Promise<() => void> {
	const before = tails.get(name);
	let done!: () => void;
	const mine = new Promise<void>((resolve) => (done = resolve));
	tails.set(name, mine);
	await before;
	return () => {
		done();
		if (tails.get(name) === mine) tails.delete(name);
	};
}
