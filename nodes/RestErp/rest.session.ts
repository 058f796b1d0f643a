// Owns the conversation with one API: who we are, which calls are sent again, which go together. Must not know documents.
import { type Settled, settled } from '../core/batches';
import { asFailure, Failure } from '../core/failure';
import type { Deps } from '../core/port';
import { KEYED_WRITE, READ, retry, type RetryPolicy, WRITE } from '../core/retry';
import type { Received } from './rest.answers';
import { type Auth, authOf } from './rest.auth';
import { batchAnswers, batchCall, fitsBatch, isNotOffered, wasUntouched } from './rest.batch';
import type { RestCredential } from './rest.credential';
import { named, type Verdict } from './rest.failures';
import type { Profile } from './rest.profile.schema';
import { Secrets } from './rest.secrets';
import type { Answer, Call, Evaluator, Session } from './rest.services';
import { Csrf } from './rest.session.csrf';
import { Exchange, type Pass } from './rest.session.exchange';
import { Gatherer } from './rest.session.gatherer';

export class RestSession implements Session {
	private readonly secrets: Secrets;
	private readonly exchange: Exchange;
	private readonly auth: Auth;
	private readonly csrf?: Csrf;
	/** The server does not know batches, whatever the profile says. */
	private batchless = false;

	constructor(
		credential: RestCredential,
		private readonly profile: Profile,
		private readonly evaluator: Evaluator,
		private readonly deps: Deps,
	) {
		const { password, token, clientSecret, privateKey } = credential;
		this.secrets = new Secrets([password, token, clientSecret, privateKey]);
		this.exchange = new Exchange(credential, profile, evaluator, deps, this.secrets);
		this.auth = authOf({ credential, profile, evaluator, deps, secrets: this.secrets, exchange: this.exchange });
		if (profile.csrf) this.csrf = new Csrf(profile.csrf, profile.name, evaluator, this.exchange, this.secrets);
	}

	get serverTime(): string | undefined {
		return this.exchange.serverTime;
	}

	async call(call: Call): Promise<Answer> {
		return await this.told(async () => await retry(async () => await this.once(call), policyOf(call), this.deps.clock), call);
	}

	async many(calls: readonly Call[]): Promise<Array<Settled<Answer>>> {
		const { batch } = this.profile;
		if (!batch || calls.length < 2) return await Promise.all(calls.map(async (call) => await settled(async () => await this.call(call))));
		const path = await this.told(async () => await this.evaluator.path('batch.path', batch.path, this.exchange.scope));
		const gatherer = new Gatherer<Call, Answer>(batch.most, this.deps.clock, async (chunk) => await this.together(path ?? '', chunk));
		const attempt = async (call: Call): Promise<Answer> => {
			if (path === undefined || this.batchless || !fitsBatch(path, call)) return await this.once(call);
			// What cannot be sent must not take the others with it.
			batchCall(path, [call], this.exchange);
			return await gatherer.run(call);
		};
		return await Promise.all(calls.map(async (call) => await settled(async () => await this.told(async () => await retry(async () => await attempt(call), policyOf(call), this.deps.clock), call))));
	}

	forget(): void {
		this.auth.forget();
		this.csrf?.forget();
		// A log-in's cookies go when it is made anew: until then they are needed to log out.
		if (this.profile.auth.type !== 'login') this.exchange.forgetCookies();
	}

	hide(text: string): string {
		return this.secrets.hide(text);
	}

	/** One call, with a new session or token where the old one was over. */
	private async once(call: Call): Promise<Answer> {
		const verdict = await this.attempt(call);
		if (verdict.ok) return verdict.answer;
		throw verdict.failure;
	}

	/** A refused session is renewed once: what it refused was certainly not done. */
	private async attempt(call: Call): Promise<Verdict> {
		let renewed = false;
		let refreshed = false;
		for (;;) {
			const pass = await this.auth.pass();
			const { verdict, sent } = await this.guarded(call, pass);
			if (verdict.ok) return verdict;
			if (!renewed && this.auth.isOver(verdict)) {
				renewed = true;
				this.auth.drop(pass);
				this.csrf?.forget();
			} else if (!refreshed && this.csrf?.isRequired(verdict)) {
				refreshed = true;
				this.csrf.drop(sent);
			} else return verdict;
		}
	}

	private async guarded(call: Call, pass: Pass): Promise<{ verdict: Verdict; sent: Record<string, string> }> {
		const ready = this.csrf ? await notYet(this.csrf.ready(call, pass)) : { headers: {} };
		if ('refused' in ready) return { verdict: ready.refused, sent: {} };
		return { verdict: await this.exchange.send(call, { ...pass, headers: { ...pass.headers, ...ready.headers } }), sent: ready.headers };
	}

	/** Several calls in one. Never throws: each call has an answer or a failure of its own. */
	private async together(path: string, calls: readonly Call[]): Promise<Array<Settled<Answer>>> {
		const alone = async (call: Call): Promise<Settled<Answer>> => await settled(async () => await this.once(call));
		if (calls.length === 1) return [await alone(calls[0]!)];
		const whole = await settled(async () => await this.attempt(batchCall(path, calls, this.exchange)));
		if (!whole.ok) return calls.map((call) => ({ ok: false, failure: lost(whole.failure, call) }));
		const verdict = whole.value;
		if (!verdict.ok) {
			if (!wasUntouched(verdict.status)) return calls.map((call) => ({ ok: false, failure: lost(verdict.failure, call) }));
			this.batchless ||= isNotOffered(verdict.status);
			return await Promise.all(calls.map(alone));
		}
		const answers = batchAnswers(verdict.answer.body, calls.length);
		return await Promise.all(calls.map(async (call, i) => await settled(async () => await this.oneOf(answers?.[i], call))));
	}

	/** A call's answer out of a batch. */
	private async oneOf(received: Received | undefined, call: Call): Promise<Answer> {
		if (!received) throw new Failure(call.writes ? 'unknown' : 'transient', `${this.profile.name} answered the batch, but not ${named(call)} in it`, { record: call.record });
		const verdict = await this.exchange.judge.judge(received, call, this.exchange.scope);
		if (verdict.ok) return verdict.answer;
		if (this.auth.isOver(verdict)) return await this.once(call);
		throw verdict.failure;
	}

	/** The one way out for failures: none of them holds a secret, each names its record. */
	private async told<T>(work: () => Promise<T>, call?: Call): Promise<T> {
		try {
			return await work();
		} catch (error) {
			const failure = this.secrets.clean(asFailure(error));
			throw call?.record === undefined ? failure : failure.on(call.record);
		}
	}
}

/** Where a write says itself on which state it builds, and what its record is, the same again meets the same refusal. */
function policyOf({ method, writes, keyed, headers = {} }: Call): RetryPolicy {
	if (!writes) return READ;
	if (!keyed) return WRITE;
	const certain = method === 'PUT' || Object.keys(headers).some((name) => /^if-(none-)?match$/i.test(name));
	return certain ? { ...KEYED_WRITE, on: KEYED_WRITE.on.filter((kind) => kind !== 'conflict') } : KEYED_WRITE;
}

/** What is lost before the call itself is sent leaves nothing unknown about it. */
async function notYet<T>(before: Promise<T>): Promise<T> {
	try {
		return await before;
	} catch (error) {
		const failure = asFailure(error);
		throw failure.kind === 'unknown' ? failure.as('transient') : failure;
	}
}

/** A whole batch's failure, as it is one of this call. */
function lost(failure: Failure, call: Call): Failure {
	const own = failure.kind === 'unknown' && !call.writes ? failure.as('transient') : failure;
	return call.record === undefined ? own : own.on(call.record);
}
