// Proves that one credential means one connector, that it minds the administrator's domains, and the credential test.
import type { ICredentialsDecrypted, ICredentialTestFunctions, IDataObject } from 'n8n-workflow';
import { Failure } from '../../nodes/core/failure';
import type { Deps, System } from '../../nodes/core/port';
import { connectorFor, forgetConnectors, newConnector } from '../../nodes/kit/connectors';
import { credentialTest } from '../../nodes/kit/credentialTest';
import { FakeConnector, systemOf } from './fakes';
import { serve, stopServers } from './server';

beforeEach(forgetConnectors);
afterEach(stopServers);

/** A system that hands its transport out. */
function open(url: string): { system: System; deps(): Deps; made(): number } {
	let last: Deps | undefined;
	let made = 0;
	const system = systemOf(new FakeConnector());
	system.endpoint = () => ({ baseUrl: url, allowSelfSigned: false, requestsPerMinute: 0, maxConcurrent: 1, idleMs: 1_000 });
	system.connect = (_credential, deps) => {
		last = deps;
		made++;
		return new FakeConnector();
	};
	return { system, deps: () => last!, made: () => made };
}

describe('the connector of a credential', () => {
	it('is made once', () => {
		const { system, made } = open('http://crm.test');
		expect(connectorFor('api', system, { url: 'a' })).toBe(connectorFor('api', system, { url: 'a' }));
		expect(made()).toBe(1);
	});

	it('is another one once anything in the credential changes', () => {
		const { system, made } = open('http://crm.test');
		const all = [connectorFor('api', system, { key: 'a' }), connectorFor('api', system, { key: 'b' }), connectorFor('other', system, { key: 'a' })];
		expect(new Set(all).size).toBe(3);
		expect(made()).toBe(3);
	});

	it('is forgotten when it was not used for long, never the newest', () => {
		const { system, made } = open('http://crm.test');
		const first = connectorFor('api', system, { key: 0 });
		for (let key = 1; key < 50; key++) connectorFor('api', system, { key });
		expect(connectorFor('api', system, { key: 0 })).toBe(first);
		connectorFor('api', system, { key: 50 });
		expect(connectorFor('api', system, { key: 0 })).toBe(first);
		expect(made()).toBe(51);
		connectorFor('api', system, { key: 1 });
		expect(made()).toBe(52);
	});

	it('waits as long as the credential says', async () => {
		const server = await serve(() => undefined);
		const { system, deps } = open(server.url);
		newConnector(system, { timeout: 0.1 });
		await expect(deps().send({ method: 'GET', path: '/' })).rejects.toMatchObject({ kind: 'unknown' });
	});
});

describe('allowed domains', () => {
	const at = (url: string, credential: IDataObject) => () => newConnector(open(url).system, credential);

	it.each([
		['http://crm.test', {}],
		['http://crm.test', { allowedHttpRequestDomains: 'all' }],
		['http://crm.test', { allowedHttpRequestDomains: '' }],
		['http://CRM.test', { allowedHttpRequestDomains: 'domains', allowedDomains: 'other.test, Crm.Test' }],
		['http://a.crm.test', { allowedHttpRequestDomains: 'domains', allowedDomains: '*.crm.test' }],
	])('%s with %j is allowed', (url, credential) => expect(at(url, credential)).not.toThrow());

	it.each([
		['http://crm.test', { allowedHttpRequestDomains: 'none' }],
		['http://crm.test', { allowedHttpRequestDomains: 'domains' }],
		['http://crm.test', { allowedHttpRequestDomains: 'domains', allowedDomains: 'other.test' }],
		['http://evilcrm.test', { allowedHttpRequestDomains: 'domains', allowedDomains: '*.crm.test,crm.test' }],
	])('%s with %j is not', (url, credential) => expect(at(url, credential)).toThrow('is not among the allowed domains of this credential'));
});

describe('the credential test', () => {
	const test = async (system: System, data: IDataObject = {}) => await credentialTest(system).call({} as ICredentialTestFunctions, { id: '1', name: 'c', type: 'api', data } as ICredentialsDecrypted);

	it('says what it is connected to', async () => {
		expect(await test(systemOf(new FakeConnector()))).toEqual({ status: 'OK', message: 'Connected to Fake 1 as integration. Mind the gap.' });
	});

	it('says in words what is wrong', async () => {
		const system = systemOf(new FakeConnector());
		system.endpoint = () => {
			throw new Failure('denied', 'The URL is empty', { advice: 'Enter it' });
		};
		expect(await test(system)).toEqual({ status: 'Error', message: 'The URL is empty. Enter it.' });
	});

	it('minds the allowed domains', async () => {
		expect(await test(open('http://crm.test').system, { allowedHttpRequestDomains: 'none' })).toMatchObject({ status: 'Error' });
	});

	it('never uses a session that is open', async () => {
		const { system, made } = open('http://crm.test');
		connectorFor('api', system, { url: 'a' });
		await test(system, { url: 'a' });
		expect(made()).toBe(2);
	});
});
