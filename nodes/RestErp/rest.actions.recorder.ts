// Owns watching a session: which calls were sent, what came, how long it took; on trial no write leaves. Must not know
// documents or profiles.
import { asFailure, Failure } from '../core/failure';
import type { Settled } from '../core/batches';
import type { Clock } from '../core/http';
import type { Answer, Call, Session } from './rest.services';

/** One call as it went. Of a write on trial: as it would have gone. */
export interface Recorded {
	call: Call;
	answer?: Answer;
	failure?: Failure;
	/** Milliseconds. */
	took: number;
	held?: boolean;
}

/** Never a read, whatever a profile says; a search may be a POST. */
const CHANGING: ReadonlyArray<Call['method']> = ['PUT', 'PATCH', 'DELETE'];

/** A session that notes every call, and sends no write at all. */
export class Recorder implements Session {
	readonly calls: Recorded[] = [];

	constructor(
		private readonly session: Session,
		private readonly clock: Clock,
	) {}

	get serverTime(): string | undefined {
		return this.session.serverTime;
	}

	async call(call: Call): Promise<Answer> {
		if (call.writes || CHANGING.includes(call.method)) throw this.hold(call);
		const began = this.clock.now();
		const entry: Recorded = { call, took: 0 };
		this.calls.push(entry);
		try {
			return (entry.answer = await this.session.call(call));
		} catch (error) {
			throw (entry.failure = asFailure(error));
		} finally {
			entry.took = this.clock.now() - began;
		}
	}

	/** One by one: what takes how long is seen only so. */
	async many(calls: readonly Call[]): Promise<Array<Settled<Answer>>> {
		const results: Array<Settled<Answer>> = [];
		for (const call of calls) {
			try {
				results.push({ ok: true, value: await this.call(call) });
			} catch (error) {
				results.push({ ok: false, failure: asFailure(error) });
			}
		}
		return results;
	}

	forget(): void {
		this.session.forget();
	}

	hide(text: string): string {
		return this.session.hide(text);
	}

	private hold(call: Call): Failure {
		this.calls.push({ call, took: 0, held: true });
		return new Failure('rejected', 'On trial nothing is written');
	}
}
