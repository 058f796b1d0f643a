// Owns 1C's sessions as the web server shows them: the `ibsession` cookie, its expiry, licences (reference 8).
// Must not know: what is asked for inside a session.
import type { SimRequest, SimResponse } from '../server';
import type { Switches } from './switches';

const HTML = { 'content-type': 'text/html;charset=utf-8' };

/** The platform's page, as captured by its descriptions. */
export const platformPage = (status: number, reason: string): SimResponse => ({
	status,
	headers: HTML,
	body: `<html><head><title>1C:Enterprise 8 application error</title></head><body><h2>1C:Enterprise 8 application error:</h2>\n<b>by reason:</b><br>${reason}</body></html>\n`,
});

const COOKIE = /(?:^|;\s*)ibsession=([^;]+)/;

export class Sessions {
	/** Cookie to the moment of its last call. */
	private readonly open = new Map<string, number>();
	private counter = 0;

	constructor(
		private readonly switches: Switches,
		private readonly now: () => number,
	) {}

	/** How many explicit sessions are open: each holds a licence. */
	get count(): number {
		this.sweep();
		return this.open.size;
	}

	/** Before a request: the refusal, or the headers its answer carries. */
	enter(request: SimRequest): SimResponse | Record<string, string> {
		if (this.switches.sessionsForbidden) return platformPage(500, 'Начало сеанса с информационной базой запрещено.<br>Проводятся регламентные работы');
		if (this.switches.licences < 0) return this.exhausted();
		if (this.switches.sessions !== 'explicit') return {};
		this.sweep();
		const order = String(request.headers['ibsession'] ?? '').toLowerCase();
		const cookie = COOKIE.exec(request.headers.cookie ?? '')?.[1];
		if (cookie === undefined) return order === 'start' ? this.start() : this.full() ? this.exhausted() : {};
		if (!this.open.has(cookie)) return this.dead();
		this.open.set(cookie, this.now());
		if (order === 'finish') this.open.delete(cookie);
		return {};
	}

	/** What a planned `session-expired` answers: the dead cookie's status, or plain 401 when no cookie was sent. */
	expire(request: SimRequest): SimResponse {
		const cookie = COOKIE.exec(request.headers.cookie ?? '')?.[1];
		if (cookie === undefined) return { status: 401, headers: { ...HTML, 'www-authenticate': 'Basic realm="1C"' }, body: '' };
		this.open.delete(cookie);
		return this.dead();
	}

	private start(): SimResponse | Record<string, string> {
		if (this.full()) return this.exhausted();
		const cookie = `00000000-0000-4000-8000-${String(++this.counter).padStart(12, '0')}`;
		this.open.set(cookie, this.now());
		return { 'set-cookie': `ibsession=${cookie}; path=/; HttpOnly` };
	}

	private full(): boolean {
		return this.switches.licences > 0 && this.open.size >= this.switches.licences;
	}

	private exhausted(): SimResponse {
		return { status: this.switches.licenceStatus, headers: { 'content-type': 'text/plain;charset=utf-8' }, body: 'Не найдена свободная лицензия! Количество подключений ограничено.' };
	}

	private dead(): SimResponse {
		return { status: this.switches.deadSession, headers: { 'content-type': 'text/plain;charset=utf-8' }, body: 'Сеанс отсутствует или удален' };
	}

	private sweep(): void {
		const oldest = this.now() - this.switches.sessionMaxAge * 1000;
		for (const [cookie, used] of this.open) if (used < oldest) this.open.delete(cookie);
	}
}
