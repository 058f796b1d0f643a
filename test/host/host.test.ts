// Proves that the demo's n8n host boots and is driven as promised, on both lines, with n8n's own nodes and a probe pack.
// Must not know our pack. Installs a missing n8n first, which takes minutes.
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { failureOf, itemsOf, nodesRun } from '../../demo/host/execution';
import { type Line, installHost } from '../../demo/host/install';
import { N8nHost } from '../../demo/host/n8n';
import { pollFast } from '../../demo/host/workflow';
import type { Workflow } from '../../demo/host/answers';

const MINUTE = 60_000;
const probePack = path.join(__dirname, 'probe');

const manual: Workflow = {
	name: 'Manual to Set',
	nodes: [
		{ id: '5b8f2c06-0f0e-4a53-9a55-0f8fd4c8d0a1', name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0], parameters: {} },
		{
			id: '5b8f2c06-0f0e-4a53-9a55-0f8fd4c8d0a2',
			name: 'Set',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			position: [200, 0],
			parameters: { assignments: { assignments: [{ id: 'a', name: 'sum', value: '={{ 1 + 1 }}', type: 'number' }] }, options: {} },
		},
	],
	connections: { Start: { main: [[{ node: 'Set', type: 'main', index: 0 }]] } },
	settings: { executionOrder: 'v1' },
};

const webhook: Workflow = {
	name: 'Webhook that stops',
	nodes: [
		{ id: '5b8f2c06-0f0e-4a53-9a55-0f8fd4c8d0b1', name: 'Hook', type: 'n8n-nodes-base.webhook', typeVersion: 2, position: [0, 0], webhookId: '5b8f2c06-0f0e-4a53-9a55-0f8fd4c8d0b3', parameters: { path: 'stops', httpMethod: 'POST', options: {} } },
		{ id: '5b8f2c06-0f0e-4a53-9a55-0f8fd4c8d0b2', name: 'Stop', type: 'n8n-nodes-base.stopAndError', typeVersion: 1, position: [200, 0], parameters: { errorMessage: 'no such customer' } },
	],
	connections: { Hook: { main: [[{ node: 'Stop', type: 'main', index: 0 }]] } },
	settings: { executionOrder: 'v1' },
};

const badTrigger: Workflow = {
	name: 'Polls a feed that is not there',
	nodes: [
		{
			id: '5b8f2c06-0f0e-4a53-9a55-0f8fd4c8d0c1',
			name: 'Feed',
			type: 'n8n-nodes-base.rssFeedReadTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: { feedUrl: 'http://127.0.0.1:9/feed', pollTimes: { item: [{ mode: 'everyMinute' }] } },
		},
	],
	connections: {},
};

const probing: Workflow = {
	name: 'Probe',
	nodes: [
		{ id: '5b8f2c06-0f0e-4a53-9a55-0f8fd4c8d0d1', name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0], parameters: {} },
		{ id: '5b8f2c06-0f0e-4a53-9a55-0f8fd4c8d0d2', name: 'Probe', type: 'n8n-nodes-probe.probe', typeVersion: 1, position: [200, 0], parameters: {} },
	],
	connections: { Start: { main: [[{ node: 'Probe', type: 'main', index: 0 }]] } },
};

const polling: Workflow = {
	name: 'Probe Trigger',
	nodes: [{ id: '5b8f2c06-0f0e-4a53-9a55-0f8fd4c8d0e1', name: 'Probe Trigger', type: 'n8n-nodes-probe.probeTrigger', typeVersion: 1, position: [0, 0], parameters: {} }],
	connections: {},
};

describe.each<Line>(['2', '1'])('n8n line %s', (line) => {
	let host: N8nHost;

	beforeAll(async () => {
		const installed = await installHost(line, (text) => process.stderr.write(`${text}\n`));
		host = new N8nHost({ ...installed, pack: { folder: probePack, mode: 'pack' } });
		await host.start();
	}, 30 * MINUTE);

	afterAll(async () => {
		await host.stop();
		expect(fs.existsSync(host.userFolder)).toBe(false);
	}, MINUTE);

	it('runs a workflow by hand and gives the items', async () => {
		const { id } = await host.importWorkflow(manual);
		const execution = await host.run(id);
		expect(execution.status).toBe('success');
		expect(nodesRun(execution)).toEqual(['Start', 'Set']);
		expect(itemsOf(execution, 'Set')).toEqual([{ sum: 2 }]);
	}, MINUTE);

	it('activates, receives a webhook, shows the failure, deactivates', async () => {
		const { id } = await host.importWorkflow(webhook, { activate: true });
		expect((await host.webhook('stops', { body: { a: 1 } })).status).toBe(200);
		const [execution] = await host.waitExecutions(id);
		expect(execution?.status).toBe('error');
		expect(failureOf(execution!)?.message).toBe('no such customer');
		await host.deactivate(id);
		expect((await host.webhook('stops')).status).toBe(404);
	}, MINUTE);

	it('tells why an activation did not come about', async () => {
		const { id } = await host.importWorkflow(badTrigger);
		await expect(host.activate(id)).rejects.toThrow(/was not activated.*connect to the URL/);
	}, MINUTE);

	it('has the pack with its dependency, and its credential where a node takes it', async () => {
		const [credential] = await host.importCredentials([{ name: 'any', type: 'probeApi', data: { url: 'http://127.0.0.1:9' } }]);
		const { id, nodes } = await host.importWorkflow(probing, { credentials: [credential!] });
		expect(nodes.map((node) => node.credentials)).toEqual([undefined, { probeApi: { id: credential!.id, name: 'any' } }]);
		expect(itemsOf(await host.run(id), 'Probe')).toEqual([{ sum: '0.3', url: 'http://127.0.0.1:9' }]);
	}, MINUTE);

	it('tests a credential', async () => {
		const server = http.createServer((_, response) => void response.end('{}')).listen(0, '127.0.0.1');
		await new Promise((done) => server.once('listening', done));
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const [good, bad] = await host.importCredentials([
			{ name: 'good', type: 'probeApi', data: { url } },
			{ name: 'bad', type: 'probeApi', data: { url: 'http://127.0.0.1:9' } },
		]);
		expect((await host.testCredential(good!.id)).status).toBe('OK');
		expect((await host.testCredential(bad!.id)).status).toBe('Error');
		server.close();
	}, MINUTE);

	it('opens the lists of a node', async () => {
		const node = { name: 'n8n-nodes-probe.probe', version: 1 };
		expect(await host.dynamic('options', { node, method: 'choices' })).toEqual([{ name: 'One', value: 'one' }]);
		expect((await host.dynamic('resource-locator-results', { node, method: 'search', filter: 'it' })).results).toEqual([{ name: 'Found it', value: 'found' }]);
		expect((await host.dynamic('resource-mapper-fields', { node, method: 'fields' })).fields[0]).toMatchObject({ id: 'name', required: true });
	}, MINUTE);

	it('polls every two seconds when asked, and shows what a node keeps', async () => {
		const { id } = await host.importWorkflow(pollFast(polling), { activate: true });
		const executions = await host.waitExecutions(id, { count: 3, timeout: 20_000 });
		expect(executions.map((execution) => itemsOf(execution, 'Probe Trigger')[0]?.polls)).toEqual(expect.arrayContaining([1, 2, 3]));
		await host.deactivate(id);
		expect(await host.staticData(id)).toEqual({ 'node:Probe Trigger': { polls: expect.any(Number) } });
	}, MINUTE);

	it('keeps its data over a power cut and a restart', async () => {
		const { id } = await host.importWorkflow({ ...manual, name: 'kept' });
		await host.kill();
		await host.start();
		expect((await host.run(id)).status).toBe('success');
		expect(await host.installPackage(probePack, 'link')).toBe('n8n-nodes-probe');
		await host.restart();
		expect(await host.executions(id)).toHaveLength(1);
		expect((await host.nodeTypes(/probe/)).map((type) => type.name).sort()).toEqual(['n8n-nodes-probe.probe', 'n8n-nodes-probe.probeTrigger']);
	}, 3 * MINUTE);
});
