// Owns gathering what is asked for in one moment, so that it goes out together. Must not know what it is.
import { chunks, type Settled } from '../core/batches';
import type { Clock } from '../core/http';

interface Waiting<T, R> {
	item: T;
	settle: (result: Settled<R>) => void;
}

/** Calls that are sent again after a wait are gathered anew: those that wake together go together. */
export class Gatherer<T, R> {
	private waiting: Array<Waiting<T, R>> = [];

	/** @param send one result for each item, in their order; must not throw */
	constructor(
		private readonly most: number,
		private readonly clock: Clock,
		private readonly send: (items: readonly T[]) => Promise<Array<Settled<R>>>,
	) {}

	async run(item: T): Promise<R> {
		if (this.waiting.length === 0) void this.clock.sleep(0).then(() => this.flush());
		const result = await new Promise<Settled<R>>((settle) => this.waiting.push({ item, settle }));
		if (result.ok) return result.value;
		throw result.failure;
	}

	private flush(): void {
		const gathered = this.waiting;
		this.waiting = [];
		for (const chunk of chunks(gathered, this.most)) {
			void this.send(chunk.map(({ item }) => item)).then((results) => chunk.forEach(({ settle }, i) => settle(results[i]!)));
		}
	}
}
