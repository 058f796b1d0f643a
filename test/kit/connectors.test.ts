// Proves that one credential means one connector, that it minds the administrator's domains, and the credential test.
import type { ICredentialsDecrypted, ICredentialTestFunctions, IDataObject } from 'n8n-workflow';
import { Failure } from '../../nodes/core/failure';
import type { Deps, System } from '../../nodes/core/port';
import { connectorFor, connectorOf, forgetConnectors, newConnector } from '../../nodes/kit/connectors';
import { credentialTest } from '../../nodes/kit/credentialTest';
import { choiceMethods } from '../../nodes/kit/choices';
import { executeNode } from '../../nodes/kit/execute';
import { pollNode } from '../../nodes/kit/poll';
import { executeContext, FakeConnector, optionsContext, pollContext, systemOf } from './fakes';
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

describe('parameters of a node that say how to connect', () => {
	const context = { getCredentials: async () => ({ url: 'a' }) };
	const chosen = (values: Record<string, unknown>) => (name: string) => values[name];

	it('reach the system beside the credential: those that it names, and only what is filled in', async () => {
		const seen: unknown[] = [];
		const system: System = { ...systemOf(new FakeConnector()), parameters: ['profileFrom', 'profile', 'profileJson', 'profileOverrides'] };
		const endpoint = system.endpoint;
		system.endpoint = (credential) => (seen.push(credential), endpoint({}));
		system.connect = (credential) => (seen.push(credential), new FakeConnector());
		await connectorOf('api', system, context, chosen({ profileFrom: 'json', profile: '', profileJson: '{}', profileOverrides: null, resource: 'order' }));
		expect(seen).toEqual([{ url: 'a', node: { profileFrom: 'json', profileJson: '{}' } }, { url: 'a', node: { profileFrom: 'json', profileJson: '{}' } }]);
	});

	it('are not asked for where the system names none', async () => {
		const { system, made } = open('http://crm.test');
		const first = await connectorOf('api', system, context, () => {
			throw new Error('asked');
		});
		expect(connectorFor('api', system, { url: 'a' })).toBe(first);
		expect(made()).toBe(1);
	});

	it('are read by nodes, triggers and pickers alike', async () => {
		const seen: unknown[] = [];
		const system: System = { ...systemOf(new FakeConnector()), parameters: ['profile'] };
		system.connect = (credential) => (seen.push(credential.node), new FakeConnector());
		await executeNode(executeContext([{ json: {} }], { resource: 'quote', operation: 'getAll', profile: 'executing' }), system, 'api');
		await pollNode(pollContext({ profile: 'polling' }), system, 'api', { by: 'change', kind: 'invoice', limit: 1, overlapMs: 0, onlyLinked: false });
		await choiceMethods(system, 'api').loadOptions.getTaxes.call(optionsContext({ profile: 'choosing' }));
		await executeNode(executeContext([{ json: {} }], { resource: 'quote', operation: 'getAll' }), system, 'api');
		expect(seen).toEqual([{ profile: 'executing' }, { profile: 'polling' }, { profile: 'choosing' }, undefined]);
	});

	it('make another connector when they differ, and share one when they do not', async () => {
		const { system, made } = open('http://crm.test');
		system.parameters = ['profile'];
		const all = [];
		for (const profile of ['a', 'b', 'a', undefined, '']) all.push(await connectorOf('api', system, context, chosen({ profile })));
		expect(new Set(all).size).toBe(3);
		expect(made()).toBe(3);
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

describe('allowed domains where a token is got elsewhere', () => {
	const at = (allowedDomains: string) => () => {
		const { system } = open('http://crm.test');
		const plain = system.endpoint;
		system.endpoint = (credential) => ({ ...plain(credential), others: ['https://login.test/token'] });
		return newConnector(system, { allowedHttpRequestDomains: 'domains', allowedDomains });
	};

	it('must hold that place, too', () => {
		expect(at('crm.test')).toThrow('login.test is not among the allowed domains of this credential');
		expect(at('login.test')).toThrow('crm.test is not among the allowed domains of this credential');
		expect(at('crm.test, login.test')).not.toThrow();
	});
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
