// Proves when a call is sent again, and that a write whose outcome is unknown is never sent twice without looking.
import fc from 'fast-check';
import { Failure, FAILURE_KINDS, type FailureKind } from '../../nodes/core/failure';
import { KEYED_WRITE, READ, retry, WRITE, writeOnce, type RetryPolicy } from '../../nodes/core/retry';
import { fakeClock } from './clock';

/** A call that fails so, then so, ... and then gives `done`. */
function failing(...kinds: FailureKind[]) {
	let calls = 0;
	const call = async () => {
		const kind = kinds[calls++];
		if (kind) throw new Failure(kind, `Call ${calls}`);
		return 'done';
	};
	return { call, calls: () => calls };
}

describe('retry', () => {
	const policies: Array<[string, RetryPolicy, FailureKind[]]> = [
		['a read', READ, ['transient', 'throttled', 'unknown']],
		['a write', WRITE, ['transient', 'throttled']],
		['a keyed write', KEYED_WRITE, ['transient', 'throttled', 'unknown', 'conflict']],
	];
	const cases = policies.flatMap(([name, policy, repeated]) => FAILURE_KINDS.map((kind) => ({ name, policy, kind, again: repeated.includes(kind) })));

	it.each(cases)('$name after $kind is sent again: $again', async ({ policy, kind, again }) => {
		const { call, calls } = failing(kind);
		const result = retry(call, policy, fakeClock());
		if (again) await expect(result).resolves.toBe('done');
		else await expect(result).rejects.toMatchObject({ kind, what: 'Call 1' });
		expect(calls()).toBe(again ? 2 : 1);
	});

	it('gives up with the last failure', async () => {
		const { call, calls } = failing('transient', 'unknown', 'transient', 'throttled', 'transient');
		await expect(retry(call, READ, fakeClock())).rejects.toMatchObject({ what: 'Call 4' });
		expect(calls()).toBe(READ.attempts);
	});

	it('waits twice as long each time, up to the limit, give or take half', async () => {
		const policy: RetryPolicy = { attempts: 6, baseMs: 100, maxMs: 500, on: ['transient'] };
		const waits = async (chance: number) => {
			const clock = fakeClock(chance);
			await retry(failing('transient', 'transient', 'transient', 'transient', 'transient').call, policy, clock);
			return clock.slept;
		};
		expect(await waits(0.5)).toEqual([100, 200, 400, 500, 500]);
		expect(await waits(0)).toEqual([50, 100, 200, 250, 250]);
		expect(await waits(0.999)).toEqual([100, 200, 400, 500, 500].map((ms) => ms * 1.499));
	});

	it('waits as long as it is told, not as long as it would', async () => {
		const clock = fakeClock();
		let calls = 0;
		const call = async () => {
			if (calls++ === 0) throw new Failure('throttled', 'Slow down', { retryAfterMs: 7_000 });
			return calls;
		};
		expect(await retry(call, WRITE, clock)).toBe(2);
		expect(clock.slept).toEqual([7_000]);
	});

	it('gives the item back when it is told to wait for more than a minute', async () => {
		const clock = fakeClock();
		const call = async () => {
			throw new Failure('throttled', 'Come back tomorrow', { retryAfterMs: 60_001 });
		};
		await expect(retry(call, WRITE, clock)).rejects.toMatchObject({ retryAfterMs: 60_001 });
		expect(clock.slept).toEqual([]);
	});

	it('takes what is not a failure for a defect, which no repetition mends', async () => {
		let calls = 0;
		const call = async () => {
			calls++;
			throw new TypeError('x is undefined');
		};
		await expect(retry(call, READ, fakeClock())).rejects.toBeInstanceOf(Failure);
		expect(calls).toBe(1);
	});
});

/** What becomes of one sending. */
type Fate = 'answered' | 'lost before' | 'lost after' | 'refused' | 'not sent';

/** A system without keys: every create that arrives makes a record. */
function system(fates: Fate[]) {
	const records: string[] = [];
	let sent = 0;
	const write = async () => {
		const fate = fates[sent++] ?? 'answered';
		if (fate === 'answered' || fate === 'lost after') records.push(`record ${sent}`);
		if (fate === 'answered') return records[records.length - 1]!;
		throw new Failure(fate === 'refused' ? 'rejected' : fate === 'not sent' ? 'transient' : 'unknown', fate);
	};
	return { records, write, find: async () => records[0], sent: () => sent };
}

describe('writeOnce', () => {
	it('finds what was written although the answer was lost, and writes no second one', async () => {
		const { records, write, find, sent } = system(['lost after']);
		expect(await writeOnce(write, find, fakeClock())).toBe('record 1');
		expect(records).toHaveLength(1);
		expect(sent()).toBe(1);
	});

	it('writes again what was looked up and is not there', async () => {
		const { records, write, find, sent } = system(['lost before']);
		expect(await writeOnce(write, find, fakeClock())).toBe('record 2');
		expect(records).toHaveLength(1);
		expect(sent()).toBe(2);
	});

	it('does not look when nothing was sent', async () => {
		let looked = 0;
		const { write, sent } = system(['not sent', 'not sent']);
		const find = async () => void looked++;
		expect(await writeOnce(write, find as () => Promise<undefined>, fakeClock())).toBe('record 3');
		expect([sent(), looked]).toEqual([3, 0]);
	});

	it('waits before it looks: the server may still be at it', async () => {
		const clock = fakeClock();
		const { write, find } = system(['lost after']);
		await writeOnce(write, find, clock);
		expect(clock.slept).toEqual([200]);
	});

	it('waits for no more than a minute, whatever it is told', async () => {
		const clock = fakeClock();
		const write = async () => {
			throw new Failure('unknown', 'Gone', { retryAfterMs: 3_600_000 });
		};
		await writeOnce(write, async () => 'found', clock);
		expect(clock.slept).toEqual([60_000]);
	});

	it.each(FAILURE_KINDS)('stays unknown when the look-up ends as %s, and sends nothing more', async (kind) => {
		const { write, sent } = system(['lost after']);
		const find = async () => {
			throw new Failure(kind, 'No view');
		};
		const result = writeOnce(write, find, fakeClock());
		await expect(result).rejects.toMatchObject({ kind: 'unknown', what: 'lost after', advice: 'Whether it was written could not be looked up: No view.' });
		expect(sent()).toBe(1);
	});

	it('throws what was refused', async () => {
		const { write, find, sent } = system(['refused']);
		await expect(writeOnce(write, find, fakeClock())).rejects.toMatchObject({ kind: 'rejected' });
		expect(sent()).toBe(1);
	});

	it('gives up after a few, still unknown', async () => {
		const { write, find, sent } = system(Array<Fate>(99).fill('lost before'));
		await expect(writeOnce(write, find, fakeClock())).rejects.toMatchObject({ kind: 'unknown' });
		expect(sent()).toBe(WRITE.attempts);
	});

	it('never makes a second record, whatever becomes of each sending', async () => {
		const anyFate = fc.constantFrom<Fate>('answered', 'lost before', 'lost after', 'refused', 'not sent');
		await fc.assert(
			fc.asyncProperty(fc.array(anyFate, { maxLength: 20, size: 'max' }), fc.double({ min: 0, max: 0.99, noNaN: true }), async (fates, chance) => {
				const { records, write, find } = system(fates);
				const result = await writeOnce(write, find, fakeClock(chance)).catch(() => undefined);
				expect(records.length).toBeLessThanOrEqual(1);
				if (result !== undefined) expect(records).toEqual([result]);
			}),
		);
	});
});
