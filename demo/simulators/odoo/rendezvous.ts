// Owns making calls meet: loads that wait for each other, calls that are held between their beginning and their work.
// Must not know: what the calls do.

export interface CallName {
	model: string;
	method: string;
}

/** A held call: `arrived` when it has begun, `release` lets it do its work. */
export interface Held {
	arrived: Promise<void>;
	release: () => void;
}

interface Hold {
	match: (call: CallName) => boolean;
	arrive: () => void;
	released: Promise<void>;
}

/** Where calls wait. Without any arrangement a load() waits `gapMs` and everything else goes through at once. */
export class Rendezvous {
	private wanted = 0;
	private waiting: Array<() => void> = [];
	private holds: Hold[] = [];

	constructor(private readonly gapMs: number) {}

	/** The next `count` calls of load() wait until all of them have begun. */
	expect(count: number): void {
		this.wanted = count;
		this.waiting = [];
	}

	/** Holds the next call that matches. */
	hold(match: (call: CallName) => boolean): Held {
		let arrive: () => void = () => undefined;
		let release: () => void = () => undefined;
		const arrived = new Promise<void>((resolve) => (arrive = resolve));
		const released = new Promise<void>((resolve) => (release = resolve));
		this.holds.push({ match, arrive, released });
		return { arrived, release };
	}

	clear(): void {
		this.holds = [];
		this.wanted = 0;
		for (const go of this.waiting.splice(0)) go();
	}

	/** The gap inside load() between seeing a key and writing it. */
	async inLoad(): Promise<void> {
		if (this.wanted === 0) return await new Promise((resolve) => setTimeout(resolve, this.gapMs));
		const met = new Promise<void>((resolve) => this.waiting.push(resolve));
		if (this.waiting.length >= this.wanted) {
			this.wanted = 0;
			for (const go of this.waiting.splice(0)) go();
		}
		await met;
	}

	/** Between the beginning of any call's transaction and its work. */
	async before(call: CallName): Promise<void> {
		const at = this.holds.findIndex((h) => h.match(call));
		const [hold] = at < 0 ? [] : this.holds.splice(at, 1);
		if (!hold) return;
		hold.arrive();
		await hold.released;
	}
}
