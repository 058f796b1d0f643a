// Owns preparing a workflow's JSON for an n8n host: reading it, credentials, fast polling for tests.
// Must not know the host.
import fs from 'node:fs';
import { type Credential, type NodeType, Workflow, type WorkflowNode } from './answers';

/** A workflow as a file or as its JSON. */
export type WorkflowSource = string | Workflow;

/** A copy that may be changed; throws when it is not a workflow. */
export function readWorkflow(source: WorkflowSource): Workflow {
	const json: unknown = typeof source === 'string' ? JSON.parse(fs.readFileSync(source, 'utf8')) : structuredClone(source);
	return Workflow.parse(json);
}

/**
 * Sets credentials on every node that can take one of them, by what n8n says about the node's type.
 * Templates are shipped without credentials. Of several of one type the one named in the workflow wins, else the first.
 */
export function attachCredentials(workflow: Workflow, credentials: readonly Credential[], nodeTypes: readonly NodeType[]): Workflow {
	const accepted = new Map(nodeTypes.map((type) => [type.name, (type.credentials ?? []).map((credential) => credential.name)]));
	for (const node of workflow.nodes) {
		for (const type of accepted.get(node.type) ?? []) {
			const named = node.credentials?.[type]?.name;
			const candidates = credentials.filter((credential) => credential.type === type);
			const chosen = candidates.find((credential) => credential.name === named) ?? candidates[0];
			if (chosen) node.credentials = { ...node.credentials, [type]: { id: chosen.id, name: chosen.name } };
		}
	}
	return workflow;
}

/**
 * A poll every two seconds, for tests. n8n refuses expressions that fire more than once a minute,
 * but takes thirty that each fire once; both lines do.
 */
export const EVERY_TWO_SECONDS = {
	item: Array.from({ length: 30 }, (_, index) => ({ mode: 'custom', cronExpression: `${index * 2} * * * * *` })),
};

/** Lets the polling triggers of a workflow poll every two seconds; returns a changed copy. */
export function pollFast(source: WorkflowSource, isPolling: (node: WorkflowNode) => boolean = looksPolling): Workflow {
	const workflow = readWorkflow(source);
	for (const node of workflow.nodes.filter(isPolling)) {
		node.parameters = { ...node.parameters, pollTimes: structuredClone(EVERY_TWO_SECONDS) };
	}
	return workflow;
}

/** A trigger that polls carries pollTimes; in a template that keeps the default it may be left out. */
function looksPolling(node: WorkflowNode): boolean {
	return node.parameters?.pollTimes !== undefined || (/Trigger$/.test(node.type) && !node.type.startsWith('n8n-nodes-base.'));
}

/** The node a manual run starts from: a trigger, else a node that nothing leads to. */
export function startNode(workflow: Workflow): string {
	const outputs = Object.values(workflow.connections).flatMap((connection) => Object.values(connection));
	const fed = new Set(outputs.flat(2).map((target) => target?.node));
	const ordinary = workflow.nodes.filter((node) => !node.type.endsWith('.stickyNote'));
	const found = ordinary.find((node) => /trigger$/i.test(node.type)) ?? ordinary.find((node) => !fed.has(node.name));
	if (!found) throw new Error(`Workflow "${workflow.name}" has no node to start from.`);
	return found.name;
}
