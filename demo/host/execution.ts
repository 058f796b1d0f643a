// Owns reading an execution: which items a node gave out, what went wrong. Must not know how it was run.
import type { Execution, Item, NodeFailure } from './answers';

export interface Where {
	/** Output of the node; 0 unless told (1 is the error output where there is one). */
	output?: number;
	/** Which of the node's runs, in a loop; 0 unless told. */
	run?: number;
}

/** Items a node gave out: their json. */
export function itemsOf(execution: Execution, node: string, where: Where = {}): Array<Item['json']> {
	return fullItemsOf(execution, node, where).map((item) => item.json);
}

/** The same with pairing and binary references. */
export function fullItemsOf(execution: Execution, node: string, where: Where = {}): Item[] {
	const run = execution.data?.resultData.runData[node]?.[where.run ?? 0];
	return run?.data?.main?.[where.output ?? 0] ?? [];
}

/** Names of the nodes that ran. */
export function nodesRun(execution: Execution): string[] {
	return Object.keys(execution.data?.resultData.runData ?? {});
}

/** What stopped a node, or the execution when no node is named. */
export function failureOf(execution: Execution, node?: string): NodeFailure | undefined {
	const result = execution.data?.resultData;
	return node === undefined ? result?.error : result?.runData[node]?.find((run) => run.error)?.error;
}

/** One line for a person: status, and where and why it stopped. */
export function summaryOf(execution: Execution): string {
	const failure = failureOf(execution);
	const at = execution.data?.resultData.lastNodeExecuted;
	const reason = failure ? `${at ? ` at "${at}"` : ''}: ${[failure.message, failure.description].filter(Boolean).join(' - ')}` : '';
	return `execution ${execution.id} ${execution.status}${reason}`;
}
