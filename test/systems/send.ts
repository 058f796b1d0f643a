// Owns the plainest way to send a request, and a clock that never sleeps, for tests of the connectors.
import { Failure } from '../../nodes/core/failure';
import type { Clock, Send } from '../../nodes/core/http';

/** Sends with `fetch`; no kept connections, no limits. */
export function sendTo(baseUrl: string, patienceMs = 20_000): Send {
	return async ({ method, path, query, headers, form, json, text }) => {
		const target = `${/^https?:/.test(path) ? '' : baseUrl}${path}${query ? `?${new URLSearchParams(query).toString()}` : ''}`;
		const body = form ? new URLSearchParams(form) : json === undefined ? text : JSON.stringify(json);
		const type: Record<string, string> = json === undefined ? {} : { 'content-type': 'application/json' };
		try {
			const response = await fetch(target, { method, headers: { ...type, ...headers }, body, redirect: 'manual', signal: AbortSignal.timeout(patienceMs) });
			return { status: response.status, headers: headersOf(response), text: await response.text() };
		} catch (error) {
			const code = String((error as { cause?: { code?: unknown } }).cause?.code ?? (error as Error).name);
			throw code === 'ECONNREFUSED' ? new Failure('transient', 'Nothing listens there', { code }) : new Failure('unknown', 'No answer came', { code });
		}
	};
}

/** Of a header that came several times the values stand on lines of their own. */
function headersOf(response: Response): Record<string, string> {
	const cookies = response.headers.getSetCookie();
	return { ...Object.fromEntries(response.headers), ...(cookies.length > 0 ? { 'set-cookie': cookies.join('\n') } : {}) };
}

/** Time that passes only when somebody waits for it. */
export class TestClock implements Clock {
	/** How long was waited in all, in ms. */
	slept = 0;

	constructor(private time = Date.parse('2026-11-22T12:00:00Z')) {}

	now(): number {
		return this.time;
	}

	async sleep(ms: number): Promise<void> {
		this.pass(ms);
		this.slept += ms;
		// Others get their turn, as they would while one really waits.
		await new Promise((resolve) => setImmediate(resolve));
	}

	random(): number {
		return 0.5;
	}

	pass(ms: number): void {
		this.time += ms;
	}
}
