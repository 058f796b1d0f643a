// Owns what a person does in a running n8n: credentials, workflows, executions, choices of a node.
// Must not know how n8n is started, nor our nodes.
import {
	Anything,
	Credential,
	CredentialTest,
	type DynamicAnswer,
	DynamicAnswers,
	type DynamicKind,
	Execution,
	ExecutionPage,
	type NodeType,
	NodeTypes,
	Publication,
	StartedRun,
	StoredCredential,
	StoredWorkflow,
} from './answers';
import { ApiError, type N8nApi, type Reply } from './api';
import { until } from './until';
import { type WorkflowSource, attachCredentials, readWorkflow, startNode } from './workflow';

export interface NewCredential {
	name: string;
	type: string;
	data: Readonly<Record<string, unknown>>;
}

export interface ImportOptions {
	/** Set on every node that takes one of them. */
	credentials?: readonly Credential[];
	/** Another name than the workflow's own. */
	name?: string;
	/** More settings: `{ errorWorkflow: id }`. */
	settings?: Readonly<Record<string, unknown>>;
	activate?: boolean;
}

export interface WaitOptions {
	/** How many finished executions; 1 unless told. */
	count?: number;
	/** Only those that ended so: `success`, `error`. */
	status?: string;
	/** ms; 60 s unless told. */
	timeout?: number;
}

/** A question of the editor to a node, as when a list is opened. */
export interface Question {
	/** Type and version of the node: `{ name: 'n8n-nodes-x.y', version: 1 }`. */
	node: { name: string; version: number };
	/** Name of the node's method. */
	method: string;
	/** Parameters chosen so far. */
	parameters?: Readonly<Record<string, unknown>>;
	credentials?: readonly Credential[];
	/** Path of the parameter that asks: `parameters.module`. */
	path?: string;
	/** Text typed into a resource locator's search. */
	filter?: string;
	paginationToken?: unknown;
}

/** Everything that is done inside a running n8n. `N8nHost` is one. */
export abstract class Desk {
	private knownTypes: readonly NodeType[] | undefined;

	/** `line` is n8n's major version: some addresses differ. */
	protected constructor(private readonly line: number) {}

	protected abstract get api(): N8nApi;
	abstract tail(lines?: number): string;

	/** After a restart other nodes may be there. */
	protected forget(): void {
		this.knownTypes = undefined;
	}

	async importCredentials(list: readonly NewCredential[]): Promise<Credential[]> {
		const made: Credential[] = [];
		for (const { name, type, data } of list) made.push(await this.api.rest('POST', '/credentials', Credential, { name, type, data }));
		return made;
	}

	/** Presses "Test credential". */
	async testCredential(id: string): Promise<CredentialTest> {
		const { name, type, data } = await this.api.rest('GET', `/credentials/${id}?includeData=true`, StoredCredential);
		return await this.api.rest('POST', '/credentials/test', CredentialTest, { credentials: { id, name, type, data } });
	}

	/** Imports a workflow as a user would, and publishes it when asked. */
	async importWorkflow(source: WorkflowSource, options: ImportOptions = {}): Promise<StoredWorkflow> {
		const workflow = attachCredentials(readWorkflow(source), options.credentials ?? [], await this.nodeTypes());
		// The public API takes these four and refuses any other field.
		const body = {
			name: options.name ?? workflow.name,
			nodes: workflow.nodes,
			connections: workflow.connections,
			settings: { ...workflow.settings, ...options.settings },
		};
		const made = await this.api.v1('POST', '/workflows', StoredWorkflow, body);
		if (options.activate) await this.activate(made.id);
		return made;
	}

	async workflow(id: string): Promise<StoredWorkflow> {
		return await this.api.v1('GET', `/workflows/${id}`, StoredWorkflow);
	}

	async deleteWorkflow(id: string): Promise<void> {
		await this.api.v1('DELETE', `/workflows/${id}`, Anything);
	}

	/**
	 * Activates (2.x: publishes) a workflow and waits until its triggers are registered; throws their messages.
	 * In 2.x the call answers at once and a trigger that fails shows only in the publication's status.
	 */
	async activate(id: string, timeout = 60_000): Promise<void> {
		await this.api.v1('POST', `/workflows/${id}/activate`, Anything, this.line >= 2 ? {} : undefined).catch((error: unknown) => {
			throw error instanceof ApiError ? new Error(`Workflow ${id} was not activated: ${error.reason}`) : error;
		});
		const end = await this.publication(id, (now, elapsed) => now.status !== 'in_progress' && (now.status !== 'not_published' || elapsed > 4_000), timeout);
		if (!end || end.status === 'published') return;
		const reasons = (end.triggers ?? []).map((trigger) => trigger.errorMessage).filter(Boolean);
		throw new Error(`Workflow ${id} was not activated (${end.status}): ${reasons.join('; ') || this.tail(10)}`);
	}

	/** Deactivates a workflow and waits until its triggers are gone. */
	async deactivate(id: string, timeout = 60_000): Promise<void> {
		await this.api.v1('POST', `/workflows/${id}/deactivate`, Anything, this.line >= 2 ? {} : undefined);
		await this.publication(id, (now) => now.status === 'not_published', timeout);
	}

	/** Runs a workflow by hand, as the editor's button does; returns the finished execution, whatever its end. */
	async run(id: string, options: { from?: string; timeout?: number } = {}): Promise<Execution> {
		const workflow = await this.api.rest('GET', `/workflows/${id}`, StoredWorkflow);
		const triggerToStartFrom = { name: options.from ?? startNode(workflow) };
		const body = this.line >= 2 ? { triggerToStartFrom } : { workflowData: workflow, startNodes: [], triggerToStartFrom };
		const { executionId } = await this.api.rest('POST', `/workflows/${id}/run`, StartedRun, body);
		return await this.execution(executionId, options.timeout);
	}

	/** One execution, when it is finished. */
	async execution(id: string, timeout = 60_000): Promise<Execution> {
		const look = async (): Promise<Execution | undefined> => {
			const now = await this.api.v1('GET', `/executions/${id}?includeData=true`, Execution);
			return now.stoppedAt ? now : undefined;
		};
		// Right after the start the execution may not be stored yet: 404.
		return await until(look, { timeout, every: 100, what: `the end of execution ${id}`, tolerates: isNotFound, detail: () => this.tail() });
	}

	/** Executions of a workflow with their data, oldest first; at most the newest `limit` (n8n gives up to 250). */
	async executions(workflowId: string, options: { status?: string; limit?: number } = {}): Promise<Execution[]> {
		const query = new URLSearchParams({ workflowId, includeData: 'true', limit: String(options.limit ?? 100) });
		if (options.status) query.set('status', options.status);
		const page = await this.api.v1('GET', `/executions?${query.toString()}`, ExecutionPage);
		return page.data.sort((a, b) => Number(a.id) - Number(b.id));
	}

	/** Waits until so many executions of a workflow are finished; returns all finished ones, oldest first. */
	async waitExecutions(workflowId: string, options: WaitOptions = {}): Promise<Execution[]> {
		const { count = 1, status, timeout = 60_000 } = options;
		const look = async (): Promise<Execution[] | undefined> => {
			const ended = (await this.executions(workflowId)).filter((one) => one.stoppedAt && (!status || one.status === status));
			return ended.length >= count ? ended : undefined;
		};
		return await until(look, { timeout, what: `${count} finished execution(s) of workflow ${workflowId}`, detail: () => this.tail() });
	}

	/** What the workflow's nodes keep in static data, as stored. */
	async staticData(workflowId: string): Promise<unknown> {
		const { staticData } = await this.workflow(workflowId);
		return typeof staticData === 'string' ? JSON.parse(staticData) : staticData;
	}

	/** Calls a webhook of an active workflow. */
	async webhook(path: string, options: { method?: string; body?: unknown; headers?: Record<string, string> } = {}): Promise<Reply> {
		return await this.api.http(options.method ?? 'POST', `/webhook/${path.replace(/^\//, '')}`, options.body, options.headers);
	}

	/** Descriptions of all nodes n8n has loaded, or of those whose type matches. */
	async nodeTypes(pattern = /./): Promise<NodeType[]> {
		this.knownTypes ??= await this.api.file('/types/nodes.json', NodeTypes);
		return this.knownTypes.filter((type) => pattern.test(type.name));
	}

	/** Opens a list of a node: options, a resource locator's results, or the fields of a resource mapper. */
	async dynamic<K extends DynamicKind>(kind: K, question: Question): Promise<DynamicAnswer<K>> {
		const credentials = Object.fromEntries((question.credentials ?? []).map(({ id, name, type }) => [type, { id, name }]));
		const answer: (typeof DynamicAnswers)[K] = DynamicAnswers[kind];
		const body = {
			path: question.path ?? 'parameters',
			methodName: question.method,
			nodeTypeAndVersion: question.node,
			currentNodeParameters: question.parameters ?? {},
			credentials,
			filter: question.filter,
			paginationToken: question.paginationToken,
		};
		return await this.api.rest<DynamicAnswer<K>>('POST', `/dynamic-node-parameters/${kind}`, answer, body);
	}

	/** Follows the publication of 2.x until `settled`; 1.x registers triggers before it answers, and has no such page. */
	private async publication(id: string, settled: (now: Publication, elapsed: number) => boolean, timeout: number): Promise<Publication | undefined> {
		if (this.line < 2) return undefined;
		const started = Date.now();
		const look = async (): Promise<Publication | undefined> => {
			const now = await this.api.rest('GET', `/workflows/${id}/publication-status`, Publication);
			return settled(now, Date.now() - started) ? now : undefined;
		};
		return await until(look, { timeout, every: 150, what: `the publication of workflow ${id}`, tolerates: () => false, detail: () => this.tail() });
	}
}

function isNotFound(error: unknown): boolean {
	return error instanceof ApiError && error.status === 404;
}
