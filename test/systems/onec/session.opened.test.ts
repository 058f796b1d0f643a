// Proves 1C's sessions behind the calls: none, as the publication likes, opened and finished by us, dead ones, licences.
import type { HttpRequest } from '../../../nodes/core/http';
import { TestClock } from '../send';
import { failureOf, setUp, type Setting } from './setting';

const CURRENCIES = 'Catalog_Валюты';
const ITEMS = 'Catalog_Номенклатура';
const CLIENTS = 'Catalog_Контрагенты';
const ID = '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f';

let stage: Setting;
const settled = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 100));

/** Long waits pass only by hand; the short ones before another try pass by themselves. */
class HandClock extends TestClock {
	private waiting: Array<{ until: number; wake: () => void }> = [];

	override async sleep(ms: number): Promise<void> {
		if (ms < 5_000) return await super.sleep(ms);
		await new Promise<void>((wake) => this.waiting.push({ until: this.now() + ms, wake }));
	}

	override pass(ms: number): void {
		super.pass(ms);
		const due = this.waiting.filter(({ until }) => until <= this.now());
		this.waiting = this.waiting.filter(({ until }) => until > this.now());
		for (const { wake } of due) wake();
	}
}

describe('sessions', () => {
	let sent: HttpRequest[];
	const session = (sessionMode: string) => stage.session({ sessionMode }, async (request, send) => {
		sent.push(request);
		return await send(request);
	});
	const header = (name: string) => sent.map((request) => request.headers?.[name]);

	beforeEach(async () => {
		sent = [];
		stage = await setUp({ switches: { sessions: 'explicit' } }, 5_000, new HandClock());
	});
	afterEach(async () => await stage.stop());

	it('automatic: nothing is asked for', async () => {
		await session('auto').rows(CURRENCIES);
		expect(header('IBSession')).toEqual([undefined]);
		expect(header('Cookie')).toEqual([undefined]);
	});

	it('automatic: a cookie that comes is used, and given up when it is dead', async () => {
		const auto = stage.session({ sessionMode: 'auto' }, async (request, send) => {
			sent.push(request);
			return await send(sent.length === 1 ? { ...request, headers: { ...request.headers, IBSession: 'start' } } : request);
		});
		await auto.rows(CURRENCIES);
		await auto.rows(CURRENCIES);
		expect(header('Cookie')).toEqual([undefined, expect.stringContaining('ibsession=') as unknown]);
		stage.clock.pass(60_000);
		await auto.rows(CURRENCIES);
		expect(header('Cookie').slice(2)).toEqual([expect.stringContaining('ibsession=') as unknown, undefined]);
	});

	it('none: even a cookie that comes is left', async () => {
		const none = session('none');
		await none.rows(CURRENCIES);
		await none.rows(CURRENCIES);
		expect(header('Cookie')).toEqual([undefined, undefined]);
		expect(header('IBSession')).toEqual([undefined, undefined]);
	});

	it('explicit: one session for all, opened by one read and closed when idle', async () => {
		const explicit = session('explicit');
		await Promise.all([explicit.rows(CURRENCIES), explicit.rows(ITEMS, { top: 1 }), explicit.create(CLIENTS, { Description: 'x' })]);
		expect(header('IBSession').filter(Boolean)).toEqual(['start']);
		expect(stage.calls()[0]).toBe('GET /');
		expect(new Set(header('Cookie').slice(1)).size).toBe(1);
		expect(sent.filter(({ method, headers }) => method !== 'GET' && headers?.IBSession)).toEqual([]);
		stage.clock.pass(16_000);
		await settled();
		expect(header('IBSession').filter(Boolean)).toEqual(['start', 'finish']);
		expect(stage.calls().at(-1)).toBe('GET /');
		await explicit.rows(CURRENCIES);
		expect(header('IBSession').filter(Boolean)).toEqual(['start', 'finish', 'start']);
	});

	it.each([400, 404, 406, 500] as const)('explicit: a session that died (%s) is opened anew, once', async (status) => {
		stage.sim.switches.deadSession = status;
		stage.sim.switches.sessionMaxAge = 5;
		const explicit = session('explicit');
		await explicit.rows(CURRENCIES);
		stage.clock.pass(10_000);
		expect((await explicit.rows(CURRENCIES)).length).toBeGreaterThan(0);
		expect(header('IBSession').filter(Boolean)).toEqual(['start', 'start']);
	});

	it.each([400, 404, 406] as const)('explicit: a write into a dead session (%s) did nothing and is sent again', async (status) => {
		stage.sim.switches.deadSession = status;
		stage.sim.switches.sessionMaxAge = 5;
		const explicit = session('explicit');
		await explicit.rows(CURRENCIES);
		stage.clock.pass(10_000);
		await explicit.create(CLIENTS, { Description: 'late' });
		expect(stage.sim.records(CLIENTS).filter((row) => row.Description === 'late')).toHaveLength(1);
	});

	it('explicit: a write answered 500 may have been done', async () => {
		Object.assign(stage.sim.switches, { deadSession: 500, sessionMaxAge: 5 });
		const explicit = session('explicit');
		await explicit.rows(CURRENCIES);
		stage.clock.pass(10_000);
		expect(await failureOf(explicit.create(CLIENTS, { Description: 'late' }))).toMatchObject({ kind: 'unknown' });
		expect((await explicit.rows(CURRENCIES)).length).toBeGreaterThan(0);
	});

	it('explicit: a missing record is no dead session', async () => {
		const explicit = session('explicit');
		expect(await failureOf(explicit.read(CLIENTS, ID))).toMatchObject({ kind: 'missing' });
		expect(header('IBSession').filter(Boolean)).toEqual(['start']);
	});

	it('explicit: a publication that knows no sessions is not asked again', async () => {
		stage.sim.switches.sessions = 'none';
		const explicit = session('explicit');
		await explicit.rows(CURRENCIES);
		await explicit.rows(CURRENCIES);
		expect(header('IBSession').filter(Boolean)).toEqual(['start']);
	});

	it.each([406, 400] as const)('no free licence (%s): told as something that passes', async (licenceStatus) => {
		Object.assign(stage.sim.switches, { licences: 1, licenceStatus });
		await session('explicit').rows(CURRENCIES);
		const failure = await failureOf(session('explicit').create(CLIENTS, { Description: 'x' }));
		expect(failure).toMatchObject({ kind: 'throttled' });
		expect(failure.message).toContain('Requests at Once');
		expect(stage.sim.records(CLIENTS).filter((row) => row.Description === 'x')).toEqual([]);
	});
});
