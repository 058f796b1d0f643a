// Proves pace and width of one credential on a clock that moves only when somebody sleeps.
import fc from 'fast-check';
import { createLimiter } from '../../nodes/kit/limiter';
import { fakeClock } from '../core/clock';

const MINUTE = 60_000;

it('lets through at most so many in any minute, in order of arrival', async () => {
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(3), { maxLength: 60, size: 'max' }), async (requestsPerMinute, maxConcurrent, gaps) => {
			const clock = fakeClock();
			const limited = createLimiter({ requestsPerMinute, maxConcurrent }, clock);
			const begun: Array<{ at: number; nth: number }> = [];
			const tasks: Array<Promise<void>> = [];
			for (const [nth, gap] of gaps.entries()) {
				clock.pass(gap * 1_000);
				tasks.push(limited(async () => void begun.push({ at: clock.now(), nth })));
				await new Promise((resolve) => setImmediate(resolve)); // whatever may begin now has begun
			}
			await Promise.all(tasks);
			expect(begun.map(({ nth }) => nth)).toEqual(gaps.map((_gap, nth) => nth));
			for (let i = requestsPerMinute; i < begun.length; i++) expect(begun[i]!.at - begun[i - requestsPerMinute]!.at).toBeGreaterThanOrEqual(MINUTE);
		}),
	);
});

it('waits no longer than needed: 60 a minute are 61 in just over one', async () => {
	const clock = fakeClock();
	const limited = createLimiter({ requestsPerMinute: 60, maxConcurrent: 4 }, clock);
	const start = clock.now();
	for (let i = 0; i < 61; i++) await limited(async () => undefined);
	expect(clock.now() - start).toBe(MINUTE);
	expect(clock.slept).toEqual([MINUTE]);
});

it('without a limit never waits', async () => {
	const clock = fakeClock();
	const limited = createLimiter({ requestsPerMinute: 0, maxConcurrent: 1 }, clock);
	for (let i = 0; i < 1_000; i++) await limited(async () => undefined);
	expect(clock.slept).toEqual([]);
});

it('runs no more at once than allowed, and all of them in the end, whichever fail', async () => {
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.array(fc.record({ turns: fc.nat(5), fails: fc.boolean() }), { maxLength: 30 }), async (maxConcurrent, tasks) => {
			const limited = createLimiter({ requestsPerMinute: 0, maxConcurrent }, fakeClock());
			let running = 0;
			let most = 0;
			const results = await Promise.allSettled(
				tasks.map(async ({ turns, fails }) =>
					await limited(async () => {
						most = Math.max(most, ++running);
						for (let i = 0; i < turns; i++) await Promise.resolve();
						running--;
						if (fails) throw new Error('failed');
					}),
				),
			);
			expect(most).toBeLessThanOrEqual(maxConcurrent);
			expect(results.map(({ status }) => status)).toEqual(tasks.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')));
		}),
	);
});

it('gives what the task gives', async () => {
	const limited = createLimiter({ requestsPerMinute: 0, maxConcurrent: 1 }, fakeClock());
	expect(await limited(async () => 'answer')).toBe('answer');
	await expect(limited(async () => await Promise.reject(new Error('no')))).rejects.toThrow('no');
	expect(await limited(async () => 'next')).toBe('next');
});
