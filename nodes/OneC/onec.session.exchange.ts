// Owns sending: who we are, in which session, and whether a request is sent again. Knows no set.
import { asFailure, Failure } from '../core/failure';
import type { Deps } from '../core/port';
import { READ, retry, WRITE } from '../core/retry';
import type { OnecCredential } from './onec.credential';
import { CODES } from './onec.failures';
import { CookieJar } from './onec.session.cookies';
import { aboutOf, type Answer, basicAuth, type Expectation, httpRequest, type OnecRequest, readAnswer } from './onec.wire';

export class Exchange {
	private readonly auth: string;
	private readonly jar: CookieJar;
	/** The credential has worked: a refusal now may be the web server's mood. */
	private trusted = false;

	constructor(
		private readonly credential: OnecCredential,
		private readonly deps: Deps,
	) {
		this.auth = basicAuth(credential.username, credential.password);
		this.jar = new CookieJar(credential.sessionMode, deps.clock, async (headers) => await this.ping(headers));
	}

	/** Reads are sent again by the policy for reads; writes only when 1C has certainly not done them. */
	async send(request: OnecRequest, expected: Expectation): Promise<Answer> {
		const policy = aboutOf(request).writes ? WRITE : READ;
		try {
			return await retry(async () => await this.once(request, expected), policy, this.deps.clock);
		} catch (error) {
			const failure = asFailure(error);
			// It stayed: no mishap, but something a person must mend.
			throw failure.code === CODES.wall && failure.kind === 'transient' ? failure.as('denied') : failure;
		}
	}

	/** One request, in the session in use. */
	async once(request: OnecRequest, expected: Expectation): Promise<Answer> {
		const attempt = async (): Promise<Answer> => await this.jar.run(aboutOf(request).writes, async (cookie) => await this.exchange(request, expected, cookie));
		try {
			return await attempt();
		} catch (error) {
			if (!this.trusted || !(error instanceof Failure) || error.code !== CODES.login) throw error;
			// Refused before anything was done; not asked a third time, so that nobody is locked out.
			this.trusted = false;
			return await attempt();
		}
	}

	private async exchange(request: OnecRequest, expected: Expectation, cookie: Record<string, string>): Promise<Answer> {
		const response = await this.deps.send(httpRequest(request, this.auth, cookie, this.credential.timeoutMs));
		this.jar.take(response.headers);
		try {
			const answer = readAnswer(response, aboutOf(request), expected);
			this.trusted = true;
			return answer;
		} catch (error) {
			throw this.withoutSecret(error);
		}
	}

	/** What opens and closes a session: the smallest read there is. */
	private async ping(headers: Record<string, string>): Promise<void> {
		const request: OnecRequest = { method: 'GET', path: '', headers };
		await retry(async () => await this.exchange(request, 'rows', {}), READ, this.deps.clock);
	}

	/** A server that repeats its request must not put the password into a message. */
	private withoutSecret(error: unknown): unknown {
		const { password, username } = this.credential;
		if (!(error instanceof Failure) || password.length < 4 || password === username || !error.message.includes(password)) return error;
		const hide = (value?: string): string | undefined => value?.split(password).join('***');
		return new Failure(error.kind, hide(error.what)!, { ...error, said: hide(error.said), advice: hide(error.advice), cause: undefined });
	}
}
