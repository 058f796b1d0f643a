// Owns the shapes of n8n's REST answers that the demo relies on (1.123 and 2.41), and nothing more of them.
// Must not know how they are asked for.
import { z } from 'zod';

const loose = z.record(z.unknown());

export const Anything = z.unknown();
export const Settings = z.object({
	versionCli: z.string().optional(),
	userManagement: z.object({ showSetupOnFirstLoad: z.boolean().optional() }).optional(),
});
const ApiKey = z.object({ id: z.string(), label: z.string() });
/** 1.x gives the list, 2.x an object around it. */
export const ApiKeys = z.union([z.array(ApiKey), z.object({ items: z.array(ApiKey) }).transform((page) => page.items)]);
export const NewApiKey = z.object({ rawApiKey: z.string() });
export const Scopes = z.array(z.string());

export const Credential = z.object({ id: z.string(), name: z.string(), type: z.string() });
/** A credential as n8n knows it. */
export type Credential = z.infer<typeof Credential>;
export const StoredCredential = Credential.extend({ data: z.unknown() });

export const CredentialTest = z.object({ status: z.enum(['OK', 'Error']), message: z.string().default('') });
/** What the editor shows after "Test credential". */
export type CredentialTest = z.infer<typeof CredentialTest>;

const WorkflowNode = z
	.object({ name: z.string(), type: z.string(), parameters: loose.optional(), credentials: z.record(z.object({ id: z.string().nullish(), name: z.string().optional() })).optional() })
	.passthrough();
/** A node as it stands in a workflow's JSON. */
export type WorkflowNode = z.infer<typeof WorkflowNode>;

const Connection = z.object({ node: z.string() }).passthrough();
export const Workflow = z
	.object({
		name: z.string(),
		nodes: z.array(WorkflowNode),
		connections: z.record(z.record(z.array(z.array(Connection).nullable()))),
		settings: loose.optional(),
	})
	.passthrough();
/** A workflow as n8n exports it. */
export type Workflow = z.infer<typeof Workflow>;

export const StoredWorkflow = Workflow.extend({ id: z.string(), active: z.boolean().optional(), staticData: z.unknown().optional() });
/** A workflow inside n8n. */
export type StoredWorkflow = z.infer<typeof StoredWorkflow>;

export const Publication = z
	.object({
		status: z.enum(['in_progress', 'published', 'partial', 'failed', 'not_published']),
		triggers: z.array(z.object({ errorMessage: z.string().nullish() }).passthrough()).optional(),
	})
	.passthrough();
/** 2.x only: how far the (un)publishing of a workflow is. */
export type Publication = z.infer<typeof Publication>;

const NodeFailure = z
	.object({ message: z.string(), description: z.string().nullish(), httpCode: z.union([z.string(), z.number()]).nullish(), node: loose.optional() })
	.passthrough();
/** The error of a node or of a whole execution. */
export type NodeFailure = z.infer<typeof NodeFailure>;

const Item = z.object({ json: loose, pairedItem: z.unknown().optional(), error: z.unknown().optional() }).passthrough();
/** One item on a wire of a workflow. */
export type Item = z.infer<typeof Item>;

const NodeRun = z
	.object({
		executionStatus: z.string().optional(),
		error: NodeFailure.optional(),
		data: z.object({ main: z.array(z.array(Item).nullable()).optional() }).passthrough().optional(),
	})
	.passthrough();

const ResultData = z
	.object({ runData: z.record(z.array(NodeRun)).default({}), error: NodeFailure.optional(), lastNodeExecuted: z.string().optional() })
	.passthrough();

export const Execution = z
	.object({
		id: z.coerce.string(),
		status: z.string(),
		mode: z.string(),
		workflowId: z.string().optional(),
		startedAt: z.string().nullish(),
		stoppedAt: z.string().nullish(),
		data: z.object({ resultData: ResultData }).passthrough().optional(),
	})
	.passthrough();
/** One run of a workflow, with the items of each node. */
export type Execution = z.infer<typeof Execution>;

export const ExecutionPage = z.object({ data: z.array(Execution), nextCursor: z.string().nullish() });
export const StartedRun = z.object({ executionId: z.coerce.string() });

const NodeType = z
	.object({ name: z.string(), displayName: z.string(), credentials: z.array(z.object({ name: z.string() }).passthrough()).optional(), properties: z.array(loose).optional(), polling: z.boolean().optional() })
	.passthrough();
/** Description of a node as the editor receives it. */
export type NodeType = z.infer<typeof NodeType>;
export const NodeTypes = z.array(NodeType);

const Choice = z.object({ name: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) }).passthrough();
const MapperField = z.object({ id: z.string(), displayName: z.string(), required: z.boolean().optional(), type: z.string().optional() }).passthrough();

/** The three ways in which the editor asks a node for choices, by the last part of the address. */
export const DynamicAnswers = {
	options: z.array(Choice),
	'resource-locator-results': z.object({ results: z.array(Choice), paginationToken: z.unknown().optional() }),
	'resource-mapper-fields': z.object({ fields: z.array(MapperField) }).passthrough(),
} as const;
export type DynamicKind = keyof typeof DynamicAnswers;
export type DynamicAnswer<K extends DynamicKind> = z.infer<(typeof DynamicAnswers)[K]>;

/** `.n8n/config`, which n8n writes on its first start. */
export const StoredConfig = z.object({ encryptionKey: z.string() });
