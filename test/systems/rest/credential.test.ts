// Proves how the credential's fields are read, which of them a profile needs, and to which servers they may lead.
import { Failure } from '../../../nodes/core/failure';
import { readCredential, readEndpoint } from '../../../nodes/RestErp/rest.credential';
import { SHIPPED } from '../../../nodes/RestErp/rest.profiles';
import { credential, profile } from './talk';

const URL = 'https://erp.test/api/v1';
const OAUTH = { type: 'oauth2', tokenUrl: 'https://login.test/{settings.tenant}/token' };

// A registry of its own: what the real profiles say is not what is proved here.
const shipped = SHIPPED as Record<string, unknown>;
beforeAll(() => {
	shipped['test-cloud'] = profile({ baseUrl: 'https://{settings.account}.cloud.test/api', auth: OAUTH, settings: { account: { title: 'Account' }, tenant: { title: 'Tenant', default: 'common' } } });
	shipped['test-other'] = profile({ baseUrl: 'https://other.test/api' });
});
afterAll(() => {
	delete shipped['test-cloud'];
	delete shipped['test-other'];
});

function refusal(fields: Record<string, unknown>): Failure {
	try {
		readCredential(fields);
	} catch (error) {
		if (error instanceof Failure) return error;
	}
	throw new Error('No failure');
}

describe('the fields', () => {
	it('have values when they are left out', () => {
		expect(readCredential({ url: `${URL}/`, profile: 'custom', profileJson: profile() })).toEqual({ url: URL, installation: 'erp', username: '', password: '', token: '', clientId: '', clientSecret: '', privateKey: '', keyId: '', tokenUrl: '', settings: {}, maxConcurrent: 4 });
		expect(readEndpoint({ url: URL, profile: 'custom', profileJson: profile() })).toEqual({ baseUrl: URL, others: [], allowSelfSigned: false, ca: undefined, requestsPerMinute: 0, maxConcurrent: 4, idleMs: 4_000, timeoutMs: undefined });
	});

	it('and the profile limit each other', () => {
		const limits = { requestsPerMinute: 60, maxConcurrent: 2, timeoutSeconds: 120 };
		expect(readEndpoint(credential(URL, { limits }, { maxConcurrent: 8, requestsPerMinute: 100, timeout: 60 }))).toMatchObject({ maxConcurrent: 2, requestsPerMinute: 60, timeoutMs: 120_000 });
		expect(readEndpoint(credential(URL, { limits }, { maxConcurrent: 1, requestsPerMinute: 10, timeout: 300 }))).toMatchObject({ maxConcurrent: 1, requestsPerMinute: 10, timeoutMs: 300_000 });
		expect(readEndpoint(credential(URL, { limits: { maxConcurrent: 20 } }, { maxConcurrent: '99' }))).toMatchObject({ maxConcurrent: 20, requestsPerMinute: 0 });
	});

	it('of settings are a text or an object, over the profile\'s defaults', () => {
		const settings = { company: { title: 'Company', default: 'Main' }, zone: { title: 'Zone', default: 'UTC' }, depot: { title: 'Depot' } };
		expect(readCredential(credential(URL, { settings }, { settings: '{"company": "CRONUS", "year": 2026, "id": 12345678901234567890, "zone": ""}' })).settings).toEqual({ company: 'CRONUS', year: '2026', id: '12345678901234567890', zone: 'UTC' });
		expect(readCredential(credential(URL, { settings }, { settings: { depot: ' D1 ' } })).settings).toEqual({ company: 'Main', zone: 'UTC', depot: 'D1' });
	});

	it.each([
		['Base URL', { url: 'erp.test' }, '"erp.test" is not a web address'],
		['Base URL', { url: 'ftp://erp.test' }, 'is not a web address'],
		['Base URL', { url: '' }, 'is empty'],
		['Base URL', { url: {} }, 'cannot be read'],
		['Settings', { settings: '{' }, 'is not a JSON object'],
		['Settings', { settings: '[1]' }, 'is not a JSON object'],
		['Settings', { settings: '{"a": {"b": 1}}' }, 'holds something else than a text or number as "a"'],
		['Allow Self-Signed Certificate', { allowSelfSigned: 'yes' }, 'cannot be read'],
	])('are named when wrong: %s %j', (label, values, what) => {
		expect(refusal(credential(URL, {}, values))).toMatchObject({ kind: 'denied', what: expect.stringContaining(`Credential field "${label}" `) as string });
		expect(refusal(credential(URL, {}, values)).what).toContain(what);
	});

	it('hide a password that stands in the URL', () => {
		expect(refusal(credential('ftp://ann:secret@erp.test')).message).not.toContain('secret');
		expect(readCredential(credential('https://ann:secret@erp.test/a')).url).toBe('https://erp.test/a');
	});

	it('name the installation as keys can', () => {
		expect(refusal(credential(URL, {}, { installation: 'a:b' })).message).toContain('installation name');
	});
});

describe('what a profile needs', () => {
	const login = (body: Record<string, string>) => ({ auth: { type: 'login', request: { path: '/login', body } } });
	it.each([
		['basic without a user', { auth: { type: 'basic' } }, { username: '' }, 'Credential field "User Name" is empty'],
		['basic with a colon', { auth: { type: 'basic' } }, { username: 'a:b' }, 'Credential field "User Name" holds a colon, which cannot be sent'],
		['bearer', { auth: { type: 'bearer' } }, { token: '' }, 'Credential field "API Key or Token" is empty'],
		['an API key', { auth: { type: 'apiKey', name: 'X' } }, { token: '' }, 'Credential field "API Key or Token" is empty'],
		['an API key of a setting', { auth: { type: 'apiKey', name: 'X', value: '{token}@{settings.account}' } }, {}, 'Credential field "Settings", "account" is empty'],
		['an API key of a client', { auth: { type: 'apiKey', name: 'X', value: 'token {clientId}:{clientSecret}' } }, { clientSecret: '' }, 'Credential field "Client Secret" is empty'],
		['a header', { headers: { 'X-Company': '{settings.company}' } }, {}, 'Credential field "Settings", "company" is empty'],
		['a header of nothing', { headers: { 'X-Company': '{company}' } }, {}, 'The profile\'s headers.X-Company holds {company}, which stands for nothing'],
		['a client', { auth: { type: 'oauth2', tokenUrl: '/token' } }, { clientId: '' }, 'Credential field "Client ID" is empty'],
		['a client\'s secret', { auth: { type: 'oauth2', tokenUrl: '/token', client: 'basic' } }, { clientSecret: '' }, 'Credential field "Client Secret" is empty'],
		['a client\'s key', { auth: { type: 'oauth2', tokenUrl: '/token', client: 'jwt' } }, {}, 'Credential field "Private Key" is empty'],
		['a log-in\'s user', login({ user: 'username', grant: '\'password\'' }), { username: '', password: '' }, 'Credential field "User Name" is empty'],
		['a log-in\'s password', login({ user: '$lowercase(username)', secret: 'password' }), { password: '' }, 'Credential field "Password" is empty'],
	])('%s', (_name, values, own, what) => {
		expect(refusal(credential(URL, values, own))).toMatchObject({ what });
	});

	it('is not more than it names', () => {
		expect(() => readCredential(credential(URL, login({ user: 'username', grant: '\'password\'', other: 'settings.token' }), { password: '', token: '' }))).not.toThrow();
		expect(() => readCredential(credential(URL, { auth: { type: 'basic' } }, { password: '' }))).not.toThrow();
	});
});

describe('the base URL', () => {
	it('is the profile\'s where the credential has none, with its settings', () => {
		expect(readCredential(credential('', { baseUrl: 'https://{settings.server}/b1s/{settings.company}/' }, { settings: { server: 'sap.test:50000', company: 'A & B' } })).url).toBe('https://sap.test:50000/b1s/A%20%26%20B');
		expect(readCredential(credential(URL, { baseUrl: 'https://{settings.server}/x' })).url).toBe(URL);
	});

	it.each(['evil.test/', 'evil.test#', 'evil.test?', 'a@evil.test', 'a:b@evil.test', 'evil.test\\', '..', '-x', 'a b', 'https://evil.test', '[::1]', 'évil.test'])('takes into the server\'s name only what may stand there: %p', (server) => {
		expect(refusal(credential('', { baseUrl: 'https://{settings.server}.erp.test/api' }, { settings: { server } }))).toMatchObject({ kind: 'denied', what: `Credential field "Settings", "server" "${server}" cannot be part of a server's name` });
	});

	it.each(['.', '..'])('takes no %p into its path', (company) => {
		expect(refusal(credential('', { baseUrl: 'https://erp.test/{settings.company}/x' }, { settings: { company } }))).toMatchObject({ kind: 'denied' });
	});

	it('holds no secret', () => {
		for (const name of ['token', 'password', 'clientSecret']) {
			expect(refusal(credential('', { baseUrl: `https://erp.test/{${name}}` }))).toMatchObject({ kind: 'rejected', what: `The profile puts {${name}} into an address (baseUrl)` });
		}
	});

	it('must be somewhere', () => {
		expect(refusal(credential(''))).toMatchObject({ what: 'Credential field "Base URL" is empty' });
		expect(refusal(credential('', { baseUrl: '/api' }))).toMatchObject({ what: 'The profile\'s base URL "/api" is not a web address' });
	});
});

describe('a profile that the node chose', () => {
	const cloud = (own: Record<string, unknown> = {}) => ({ profile: 'test-cloud', clientId: 'c', clientSecret: 's', settings: { account: 'acme' }, ...own });

	it('reaches the credential\'s own URL, whatever it says itself', () => {
		const node = { profileFrom: 'json', profileJson: JSON.stringify(profile({ baseUrl: 'https://evil.test' })) };
		expect(readEndpoint(credential(URL, {}, { node }))).toMatchObject({ baseUrl: URL, others: [] });
	});

	it.each([
		['a shipped one', { profileFrom: 'shipped', profile: 'test-other' }, 'other.test'],
		['one of its own', { profileFrom: 'json', profileJson: profile({ baseUrl: 'https://evil.test/api' }) }, 'evil.test'],
		['another port', { profileFrom: 'json', profileJson: profile({ baseUrl: 'https://acme.cloud.test:8443/api' }) }, 'acme.cloud.test:8443'],
		['plain http', { profileFrom: 'json', profileJson: profile({ baseUrl: 'http://acme.cloud.test/api' }) }, 'acme.cloud.test'],
		['overrides', { profileFrom: 'credential', profileOverrides: { baseUrl: 'https://evil.test/api' } }, 'evil.test'],
	])('cannot lead elsewhere: %s', (_name, node, host) => {
		expect(refusal(cloud({ node }))).toMatchObject({ kind: 'denied', what: `The profile of the node leads to ${host}, the credential to acme.cloud.test` });
	});

	it('cannot lead elsewhere by another default of a setting', () => {
		const open = { profile: 'custom', profileJson: profile({ baseUrl: 'https://{settings.server}/api', settings: { server: { title: 'Server', default: 'erp.test' } } }) };
		expect(readCredential(open).url).toBe('https://erp.test/api');
		expect(refusal({ ...open, node: { profileFrom: 'credential', profileOverrides: { settings: { server: { default: 'evil.test' } } } } })).toMatchObject({ kind: 'denied', what: 'The profile of the node leads to evil.test, the credential to erp.test' });
	});

	it('may lead to another path of the same server', () => {
		expect(readCredential(cloud({ node: { profileFrom: 'json', profileJson: profile({ baseUrl: 'https://acme.cloud.test/v2' }) } })).url).toBe('https://acme.cloud.test/v2');
	});
});

describe('the address of a token', () => {
	const at = (fields: Record<string, unknown>) => ({ token: readCredential(fields).tokenUrl, others: readEndpoint(fields).others });
	const cloud = { profile: 'test-cloud', clientId: 'c', clientSecret: 's', settings: { account: 'acme', tenant: 'T 1' } };
	const own = (values: Record<string, unknown>, fields: Record<string, unknown> = {}) => credential(URL, { auth: { ...OAUTH, ...values } }, { settings: { tenant: 'T1' }, ...fields });

	it('is a path below the base URL, or beside it on the same server', () => {
		expect(at(own({ tokenUrl: '/oauth/{settings.tenant}' }))).toEqual({ token: '/oauth/T1', others: [] });
		expect(at(own({ tokenUrl: `${URL}/oauth` }))).toEqual({ token: '/oauth', others: [] });
		expect(at(own({ tokenUrl: 'https://erp.test/oauth?a=1' }))).toEqual({ token: 'https://erp.test/oauth', others: ['https://erp.test/oauth'] });
	});

	it('is elsewhere when the credential says so', () => {
		expect(at(own({}, { tokenUrl: 'https://login.test/x' }))).toEqual({ token: 'https://login.test/x', others: ['https://login.test/x'] });
	});

	it('is elsewhere when a shipped profile says so', () => {
		const there = { token: 'https://login.test/T%201/token', others: ['https://login.test/T%201/token'] };
		expect(at(cloud)).toEqual(there);
		expect(at({ ...cloud, node: { profileFrom: 'shipped', profile: 'test-cloud', profileOverrides: '{"limits": {"maxConcurrent": 1}}' } })).toEqual(there);
		expect(at({ ...cloud, profileOverrides: '{"name": "Other"}' })).toEqual(there);
	});

	it.each([
		['a profile of one\'s own', own({})],
		['overrides of the credential', { ...cloud, profileOverrides: { auth: { tokenUrl: 'https://evil.test/token' } } }],
		['overrides of the node', { ...cloud, node: { profileFrom: 'credential', profileOverrides: { auth: { tokenUrl: 'https://evil.test/token' } } } }],
		['another path of the shipped one\'s server', { ...cloud, profileOverrides: { auth: { tokenUrl: 'https://login.test/other' } } }],
		['a default that the node changes', { ...cloud, settings: { account: 'acme' }, node: { profileFrom: 'shipped', profile: 'test-cloud', profileOverrides: { settings: { tenant: { default: 'evil' } } } } }],
		['a profile in the node', { ...cloud, url: 'https://acme.cloud.test', node: { profileFrom: 'json', profileJson: profile({ auth: { type: 'oauth2', tokenUrl: 'https://login.test/common/token' } }) } }],
	])('is not elsewhere by %s', (_name, fields) => {
		expect(refusal(fields)).toMatchObject({ kind: 'denied', what: expect.stringMatching(/^The profile gets its token from \S+, which is not the server of the credential$/) as string });
	});

	it.each([['ftp://x.test'], ['login.test/token'], ['//login.test/token']])('that is none is told: %p', (tokenUrl) => {
		expect(refusal(own({}, { tokenUrl }))).toMatchObject({ what: 'Credential field "Token URL" is not a web address' });
		expect(refusal(own({ tokenUrl }))).toMatchObject({ kind: 'denied' });
	});

	it('does not matter where no token is got', () => {
		expect(at(credential(URL, {}, { tokenUrl: 'https://login.test/x' }))).toEqual({ token: '', others: [] });
	});
});
