// Owns the proof of the simulator's log-in: one token per user, its life, sessions, what differs by version.
// Must not know: the product's client code.
import { startVtiger, type VtigerSimulator } from '../../../demo/simulators/vtiger';
import { Api, caller } from './api';

let now = Date.UTC(2027, 0, 15, 12);
let sim: VtigerSimulator;
beforeAll(async () => void (sim = await startVtiger({ now: () => now })));
afterAll(() => sim.stop());
beforeEach(() => sim.reset());

it('lets in with the right key only, and shows what the server shows', async () => {
	const api = new Api(sim);
	expect((await api.login('admin', 'wrong')).error?.code).toBe('INVALID_USER_CREDENTIALS');
	expect((await api.login()).result).toMatchObject({ userId: '19x1', vtigerVersion: '8.4.0', is_admin: 'on' });
	expect((await api.get('listtypes')).success).toBe(true);
	expect((await new Api(sim).get('getchallenge', { username: 'nobody' })).error).toEqual({
		code: 'ACCESS_DENIED',
		message: 'username does not exists',
	});
});

it('keeps one token per user: a second challenge spoils the first', async () => {
	const [first, second] = [new Api(sim), new Api(sim)];
	const token = (await first.get('getchallenge', { username: 'admin' })).result as { token: string };
	const later = (await second.get('getchallenge', { username: 'admin' })).result as { token: string };
	const key = sim.users['admin']?.accessKey ?? '';
	expect((await first.answer('admin', token.token, key)).error?.code).toBe('INVALID_USER_CREDENTIALS');
	expect((await second.answer('admin', later.token, key)).success).toBe(true);
	expect((await first.answer('admin', later.token, key)).success).toBe(true);
});

it('forgets a token after 300 seconds', async () => {
	const api = new Api(sim);
	const { token, serverTime, expireTime } = (await api.get('getchallenge', { username: 'admin' })).result as {
		token: string;
		serverTime: number;
		expireTime: number;
	};
	expect(expireTime - serverTime).toBe(300);
	now += 301_000;
	expect((await api.answer('admin', token, sim.users['admin']?.accessKey ?? '')).error?.code).toBe('INVALID_AUTH_TOKEN');
});

it('tells a missing session from an unknown one, and ends it on log-out', async () => {
	const api = new Api(sim);
	expect((await api.get('listtypes')).error?.code).toBe('AUTHENTICATION_REQUIRED');
	api.session = 'x';
	expect((await api.get('listtypes')).error?.code).toBe('INVALID_SESSIONID');
	const member = caller(sim);
	expect((await member.post('logout')).result).toEqual({ message: 'successfull' });
	expect((await member.get('listtypes')).error?.code).toBe('INVALID_SESSIONID');
});

it('cannot log out on 8.0.0, where the session stays valid', async () => {
	const old = await startVtiger({ version: '8.0.0' });
	const api = caller(old);
	expect(await api.post('logout')).toMatchObject({ status: 500, text: '' });
	expect((await api.get('listtypes')).success).toBe(true);
	await old.stop();
});

it('hides users from who is no administrator', async () => {
	const api = caller(sim, 'sales1');
	expect((await api.query('select id from Users;')).error?.code).toBe('ACCESS_DENIED');
	expect((await api.get('listtypes')).result).toMatchObject({ types: expect.not.arrayContaining(['Users']) as unknown });
});
