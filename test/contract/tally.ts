// Owns the suite's count: each test passes or fails on a server, and one line tells how many did.

/** A count of tests under one name, printed when they are done. */
export class Tally {
	private passed = 0;
	private failed = 0;

	/** A jest test that is counted. */
	test(name: string, run: () => Promise<void>, timeout?: number): void {
		test(
			name,
			async () => {
				try {
					await run();
					this.passed++;
				} catch (error) {
					this.failed++;
					throw error;
				}
			},
			timeout,
		);
	}

	line(title: string): string {
		return `contract: ${title}, ${this.passed} passed, ${this.failed} failed`;
	}
}
