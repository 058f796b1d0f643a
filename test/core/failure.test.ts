// Proves the words of failures: what happened, on which record, what to do next; and that nothing gets lost on the way.
import { z } from 'zod';
import { asFailure, Failure, FAILURE_KINDS, mayHaveHappened, needsPerson } from '../../nodes/core/failure';

describe('the message', () => {
	it('names the record, says what happened, what the system said, and what to do', () => {
		const failure = new Failure('rejected', 'vtiger refused it', { record: 'quote QUO3 "Widgets"', said: 'Mandatory field missing', advice: 'Fill in "Subject"' });
		expect(failure.message).toBe('quote QUO3 "Widgets": vtiger refused it. It said: Mandatory field missing. Fill in "Subject".');
	});

	it('does not repeat what the system said when it is told already', () => {
		expect(new Failure('rejected', 'Odoo says "No"', { said: 'No' }).message).toBe('Odoo says "No".');
	});

	it('does not double a full stop', () => expect(new Failure('rejected', 'Really?', { advice: 'Yes!' }).message).toBe('Really? Yes!'));
});

describe('on a record', () => {
	const cause = new Error('below');
	const failure = new Failure('throttled', 'Wait', { advice: 'Wait a minute', code: '429', retryAfterMs: 5, said: 'Slow down', cause });

	it('keeps everything else', () => {
		const told = failure.on('order S1');
		expect(told).toMatchObject({ kind: 'throttled', what: 'Wait', record: 'order S1', advice: 'Wait a minute', code: '429', retryAfterMs: 5, said: 'Slow down', message: 'order S1: Wait. It said: Slow down. Wait a minute.' });
		expect(told.cause).toBe(cause);
	});

	it('stays with the record it names', () => expect(failure.on('order S1').on('order S2').record).toBe('order S1'));

	it('of another kind keeps its words and its cause', () => {
		const other = failure.on('order S1').as('unknown');
		expect(other).toMatchObject({ kind: 'unknown', record: 'order S1', said: 'Slow down', retryAfterMs: 5 });
		expect(other.cause).toBe(cause);
	});
});

describe('anything thrown', () => {
	it('is itself when it is a failure', () => {
		const failure = new Failure('denied', 'No');
		expect(asFailure(failure)).toBe(failure);
	});

	it('is rejected with the words of the host when the host threw it', () => expect(asFailure(new Error('Expression is wrong'))).toMatchObject({ kind: 'rejected', message: 'Expression is wrong.', advice: undefined }));

	it('is told as a defect when the pack did not foresee it', () => {
		const thrown = new TypeError('x is undefined');
		expect(asFailure(thrown).message).toBe('x is undefined. This is a defect of the node pack: please report it with the steps that led to it.');
		expect(asFailure(thrown).cause).toBe(thrown);
	});

	it.each([['text', 'text.'], [undefined, 'undefined.'], [new Error(''), 'Something went wrong and left no message.']])('%p has a message', (thrown, message) => expect(asFailure(thrown).message).toBe(message));

	it('that is a shape which does not fit tells the place in a few words', () => {
		const { error } = z.object({ rounding: z.object({ mode: z.enum(['exact']) }) }).safeParse({ rounding: { mode: 'round' } });
		expect(asFailure(error).message).toBe("rounding.mode: Invalid enum value. Expected 'exact', received 'round'.");
	});
});

it('only an unknown outcome may have happened', () => {
	expect(FAILURE_KINDS.filter((kind) => mayHaveHappened(new Failure(kind, '')))).toEqual(['unknown']);
	expect(mayHaveHappened(new Error('unknown'))).toBe(false);
});

it('a person is needed where waiting does not help', () => {
	expect(FAILURE_KINDS.filter(needsPerson)).toEqual(['missing', 'ambiguous', 'rejected', 'denied']);
});
