// Owns the token against forged requests that some servers want with every write. Must not know what is written.
import { Failure } from '../core/failure';
import type { Refusal } from './rest.failures';
import type { Profile } from './rest.profile.schema';
import type { Secrets } from './rest.secrets';
import type { Call, Evaluator } from './rest.services';
import type { Exchange, Pass } from './rest.session.exchange';

type CsrfProfile = NonNullable<Profile['csrf']>;
type Headers = Record<string, string>;
export type Ready = { headers: Headers } | { refused: Refusal };

const NO_TOKENS = new Set(['', 'fetch', 'required']);

export class Csrf {
	private token?: string;
	private fetching?: Promise<Ready>;

	constructor(
		private readonly csrf: CsrfProfile,
		private readonly name: string,
		private readonly evaluator: Evaluator,
		private readonly exchange: Exchange,
		private readonly secrets: Secrets,
	) {}

	/** What a call must carry beside its pass; fetched once for all who wait. */
	async ready(call: Call, pass: Pass): Promise<Ready> {
		if (call.method === 'GET') return { headers: {} };
		if (this.token !== undefined) return { headers: this.carried(this.token) };
		this.fetching ??= this.fetch(pass).finally(() => (this.fetching = undefined));
		return await this.fetching;
	}

	/** Whether a refusal says that the token is missing or over; then nothing was done. */
	isRequired({ status, headers }: Refusal): boolean {
		return status === 403 && headers[this.csrf.header.toLowerCase()]?.trim().toLowerCase() === 'required';
	}

	/** Gives up the token that was sent, unless it was replaced meanwhile. */
	drop(sent: Headers): void {
		if (sent[this.csrf.header] === this.token) this.token = undefined;
	}

	forget(): void {
		this.token = undefined;
	}

	private carried(token: string): Headers {
		return { [this.csrf.header]: token };
	}

	private async fetch(pass: Pass): Promise<Ready> {
		const path = await this.evaluator.path('csrf.path', this.csrf.path, this.exchange.scope);
		if (path === undefined) throw new Failure('denied', `The address of ${this.name}'s ${this.csrf.header} lacks a value`, { advice: 'Look at the profile, csrf.path, and enter what it needs in the credential' });
		// Not as a read: some answer it with an empty body, or with a page.
		const verdict = await this.exchange.send({ method: 'GET', path, headers: this.carried('Fetch'), writes: true }, pass);
		const headers = verdict.ok ? verdict.answer.headers : verdict.headers;
		const token = headers[this.csrf.header.toLowerCase()]?.trim();
		// SAP gives it even with a refusal of that address itself.
		if (token !== undefined && !NO_TOKENS.has(token.toLowerCase())) {
			this.secrets.add(token);
			this.token = token;
			return { headers: this.carried(token) };
		}
		// Nothing of the write itself was sent yet.
		if (!verdict.ok) return { refused: verdict.failure.kind === 'unknown' ? { ...verdict, failure: verdict.failure.as('transient') } : verdict };
		throw new Failure('denied', `${this.name} gives no ${this.csrf.header} at ${path.replace(/\?.*$/s, '')}`, { advice: 'Look at the profile: csrf.path is an address that answers the token; where none is wanted, {"csrf": null} in the overrides' });
	}
}
