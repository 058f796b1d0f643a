// Owns the few lines that call a simulated REST ERP over HTTP in these tests. Must not know: the product's client code.
import { PASSWORD, seedDemo, startRest, USER, type FaceName, type RestSimulator, type Switches } from '../../../demo/simulators/rest';

export interface Reply {
	status: number;
	headers: Headers;
	/** Parsed JSON; tests look into it with `toMatchObject`. */
	body: unknown;
	text: string;
}

/** Time that only the test moves. */
export class HandClock {
	private time = Date.parse('2026-11-22T10:00:00.250Z');

	now(): number {
		return this.time;
	}

	pass(seconds: number): void {
		this.time += seconds * 1000;
	}
}

export class Api {
	headers: Record<string, string> = {};

	private constructor(
		readonly sim: RestSimulator,
		readonly clock: HandClock,
	) {}

	static async start(face: FaceName, switches: Partial<Switches> = {}): Promise<Api> {
		const clock = new HandClock();
		const sim = await startRest({ face, clock, switches });
		seedDemo(sim);
		return new Api(sim, clock);
	}

	async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
		const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
		const response = await fetch(this.sim.url + path, { method, headers: { ...type, ...this.headers, ...headers }, body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body) });
		const text = await response.text();
		return { status: response.status, headers: response.headers, text, body: /json/.test(response.headers.get('content-type') ?? '') ? (JSON.parse(text) as unknown) : undefined };
	}

	/** The ledger's token, in the headers from now on. */
	async token(): Promise<string> {
		const { body } = await this.call('POST', '/login', { user: USER, password: PASSWORD });
		const { token } = body as { token: string };
		this.headers = { authorization: `Bearer ${token}` };
		return token;
	}

	/** The keyed API's cookie and its token. */
	async session(): Promise<void> {
		const { headers } = await this.call('POST', '/session', { login: USER, secret: PASSWORD });
		this.headers = { cookie: (headers.get('set-cookie') ?? '').split(';')[0]! };
		const fetched = await this.call('GET', '/session', undefined, { 'x-csrf-token': 'Fetch' });
		this.headers['x-csrf-token'] = fetched.headers.get('x-csrf-token') ?? '';
	}
}
