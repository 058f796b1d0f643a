// Owns running a template in this process with n8n's own engine: real node code, no server, no database.
// n8n's own test harness is not published; this is the least that its engine asks for.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

process.env.N8N_USER_FOLDER ??= fs.mkdtempSync(path.join(os.tmpdir(), 'crm-erp-engine-'));
process.env.N8N_ENCRYPTION_KEY ??= 'in-process';
process.env.N8N_RUNNERS_ENABLED ??= 'false';

import { ExecutionLifecycleHooks, getExecutePollFunctions, WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	ICredentialsHelper,
	NodeHelpers,
	Workflow,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IHttpRequestOptions,
	type INode,
	type INodeExecutionData,
	type INodeType,
	type INodeTypes,
	type IRun,
	type IVersionedNodeType,
	type IWorkflowExecuteAdditionalData,
	type WorkflowParameters,
} from 'n8n-workflow';
import { OdooErp } from '../../nodes/OdooErp/OdooErp.node';
import { OdooErpTrigger } from '../../nodes/OdooErp/OdooErpTrigger.node';
import { OneC } from '../../nodes/OneC/OneC.node';
import { OneCTrigger } from '../../nodes/OneC/OneCTrigger.node';
import { RestErp } from '../../nodes/RestErp/RestErp.node';
import { RestErpTrigger } from '../../nodes/RestErp/RestErpTrigger.node';
import { Vtiger } from '../../nodes/Vtiger/Vtiger.node';
import { VtigerTrigger } from '../../nodes/Vtiger/VtigerTrigger.node';

const PACK = 'n8n-nodes-crm-erp';

/** Passes its input on: stands in for n8n's own Manual and Schedule Trigger, which are not among our dependencies. */
const passThrough: INodeType = {
	description: { displayName: 'Start', name: 'start', group: ['trigger'], version: [1, 1.1, 1.2], description: '', defaults: {}, inputs: [], outputs: ['main'], properties: [] },
	async execute() {
		return [this.getInputData()];
	},
};

const types: Record<string, INodeType> = {
	[`${PACK}.vtiger`]: new Vtiger(),
	[`${PACK}.vtigerTrigger`]: new VtigerTrigger(),
	[`${PACK}.odooErp`]: new OdooErp(),
	[`${PACK}.odooErpTrigger`]: new OdooErpTrigger(),
	[`${PACK}.oneC`]: new OneC(),
	[`${PACK}.oneCTrigger`]: new OneCTrigger(),
	[`${PACK}.restErp`]: new RestErp(),
	[`${PACK}.restErpTrigger`]: new RestErpTrigger(),
	'n8n-nodes-base.scheduleTrigger': passThrough,
	'n8n-nodes-base.manualTrigger': passThrough,
};

const nodeTypes: INodeTypes = {
	getByName: (type: string): INodeType | IVersionedNodeType => {
		const found = types[type];
		if (!found) throw new Error(`node type ${type} is not loaded`);
		return found;
	},
	getByNameAndVersion: (type: string, version?: number): INodeType => NodeHelpers.getVersionedNodeType(nodeTypes.getByName(type), version),
	getKnownTypes: () => ({}),
};

/** Credential data by credential type. */
export type Credentials = Record<string, IDataObject>;

class Helper extends ICredentialsHelper {
	constructor(private readonly data: Credentials) {
		super();
	}
	getParentTypes(): string[] {
		return [];
	}
	async authenticate(_credentials: ICredentialDataDecryptedObject, _type: string, options: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		return await Promise.resolve(options);
	}
	async preAuthentication(): Promise<undefined> {
		return await Promise.resolve(undefined);
	}
	async runPreAuthentication(): Promise<undefined> {
		return await Promise.resolve(undefined);
	}
	async getCredentials(): Promise<never> {
		return await Promise.reject(new Error('not used'));
	}
	async getDecrypted(_data: IWorkflowExecuteAdditionalData, _details: unknown, type: string): Promise<ICredentialDataDecryptedObject> {
		const found = this.data[type];
		if (!found) throw new Error(`no credential of type ${type}`);
		return await Promise.resolve({ ...found } as ICredentialDataDecryptedObject);
	}
	async updateCredentials(): Promise<void> {}
	async updateCredentialsOauthTokenData(): Promise<void> {}
	getCredentialsProperties(): [] {
		return [];
	}
	isCredentialUsableByNode(): boolean {
		return true;
	}
}

export interface Template {
	name: string;
	nodes: INode[];
	connections: WorkflowParameters['connections'];
}

/** A shipped template, its nodes given the credentials of the test. */
export function loadTemplate(file: string): Template {
	const text = fs.readFileSync(path.join(__dirname, '..', '..', 'workflows', `${file}.json`), 'utf8');
	const template = JSON.parse(text) as Template;
	for (const node of template.nodes) {
		const credential = credentialOf(node.type);
		if (credential) node.credentials = { [credential]: { id: '1', name: credential } };
	}
	template.nodes = template.nodes.filter((node) => !node.type.endsWith('stickyNote'));
	return template;
}

/** A workflow of one node of ours: for what no template does. */
export function oneNode(type: string, parameters: IDataObject): Template {
	const place = { typeVersion: 1, position: [0, 0] as [number, number] };
	const credential = credentialOf(`${PACK}.${type}`)!;
	const start: INode = { ...place, id: '1', name: 'Start', type: 'n8n-nodes-base.manualTrigger', parameters: {} };
	const node: INode = { ...place, id: '2', name: 'Node', type: `${PACK}.${type}`, parameters: parameters as INode['parameters'], credentials: { [credential]: { id: '1', name: credential } } };
	return { name: 'one node', nodes: [start, node], connections: { Start: { main: [[{ node: 'Node', type: 'main', index: 0 }]] } } };
}

function credentialOf(type: string): string | undefined {
	return types[type]?.description.credentials?.[0]?.name;
}

/** A template on this process's engine: keeps its static data between polls, as a host does. */
export class Flow {
	private readonly workflow: Workflow;
	private readonly staticData: IDataObject = {};

	constructor(
		private readonly template: Template,
		private readonly credentials: Credentials,
	) {
		this.workflow = new Workflow({ id: template.name, name: template.name, nodes: structuredClone(template.nodes), connections: template.connections, active: true, nodeTypes, settings: { executionOrder: 'v1' }, staticData: this.staticData });
	}

	/** Forgets what the host remembers: as after a crash before it was saved. */
	forget(): void {
		for (const key of Object.keys(this.workflow.staticData)) delete this.workflow.staticData[key];
	}

	/** Asks the trigger node once, as the host's schedule does. */
	async poll(): Promise<INodeExecutionData[]> {
		const trigger = this.workflow.getTriggerNodes()[0] ?? this.workflow.getPollNodes()[0];
		const node = this.workflow.getPollNodes()[0] ?? trigger;
		if (!node) throw new Error('the template has no polling trigger');
		await this.acquire();
		try {
			const context = getExecutePollFunctions(this.workflow, node, this.additionalData(), 'trigger', 'activate');
			const poll = nodeTypes.getByNameAndVersion(node.type, node.typeVersion).poll!;
			const output = await poll.call(context);
			return output?.[0] ?? [];
		} finally {
			await this.release();
		}
	}

	/** Runs the workflow behind its first node on these items. */
	async run(items: INodeExecutionData[] = [{ json: {} }]): Promise<Run> {
		const start = this.workflow.getPollNodes()[0] ?? this.workflow.getNode(this.template.nodes[0]!.name)!;
		const data = createRunExecutionData({ executionData: { nodeExecutionStack: [{ node: start, data: { main: [structuredClone(items)] }, source: null }] } });
		await this.acquire();
		try {
			return new Run(await new WorkflowExecute(this.additionalData(), 'trigger', data).processRunExecutionData(this.workflow));
		} finally {
			await this.release();
		}
	}

	/** Polls, and runs the workflow when there is something. */
	async tick(): Promise<Run | undefined> {
		const items = await this.poll();
		return items.length > 0 ? await this.run(items) : undefined;
	}

	private async acquire(): Promise<void> {
		await this.workflow.expression.acquireIsolate();
	}

	private async release(): Promise<void> {
		await this.workflow.expression.releaseIsolate();
	}

	private additionalData(): IWorkflowExecuteAdditionalData {
		const hooks = new ExecutionLifecycleHooks('trigger', '1', { id: this.workflow.id, name: this.template.name, nodes: this.template.nodes, connections: this.template.connections, active: true, createdAt: new Date(), updatedAt: new Date(), isArchived: false, activeVersionId: null });
		const urls = Object.fromEntries(['webhookBaseUrl', 'webhookWaitingBaseUrl', 'webhookTestBaseUrl', 'formWaitingBaseUrl', 'formBaseUrl', 'formTestBaseUrl', 'mcpBaseUrl', 'mcpTestBaseUrl'].map((name) => [name, 'http://localhost/x']));
		return {
			credentialsHelper: new Helper(this.credentials),
			hooks,
			executionId: '1',
			currentNodeExecutionIndex: 0,
			variables: {},
			restApiUrl: '',
			instanceBaseUrl: 'http://localhost',
			...urls,
			logAiEvent: () => {},
			setExecutionStatus: () => {},
		} as unknown as IWorkflowExecuteAdditionalData;
	}
}

/** What an execution did. */
export class Run {
	constructor(readonly run: IRun) {}

	/** Items a node put out; output 1 is its error output. */
	items(node: string, output = 0): IDataObject[] {
		return (this.run.data.resultData.runData[node] ?? []).flatMap((r) => (r.data?.main?.[output] ?? []).map((item) => item.json));
	}

	get error(): string | undefined {
		const error = this.run.data.resultData.error;
		return error ? [error.message, error.description].filter(Boolean).join(' ') : undefined;
	}

	/** Names of the nodes that ran. */
	get ran(): string[] {
		return Object.keys(this.run.data.resultData.runData);
	}
}
