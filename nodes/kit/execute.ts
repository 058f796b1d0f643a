// Owns the one item loop of all nodes: parameters, batches, item pairing, continue-on-fail, failures.
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { asFailure, Failure } from '../core/failure';
import type { System } from '../core/port';
import { connectorFor } from './connectors';
import { failedItem, nodeError } from './errors';
import { operations, type ItemOutput, type OperationContext } from './operations';

/** The `execute` of a system's node. */
export async function executeNode(context: IExecuteFunctions, system: System, credentialName: string): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const resource = context.getNodeParameter('resource', 0) as string;
	const name = context.getNodeParameter('operation', 0) as string;
	const operation = operations[name];
	if (!operation) throw nodeError(context.getNode(), new Failure('rejected', `The operation "${name}" does not exist`));
	let outputs: ItemOutput[];
	try {
		const credential = await context.getCredentials(credentialName);
		const connector = connectorFor(credentialName, system, credential);
		const call: OperationContext = {
			connector,
			resource,
			items: items.map((item) => item.json),
			parameter: (parameter, index, fallback) => context.getNodeParameter(parameter, index, fallback),
		};
		outputs = await operation(call);
	} catch (error) {
		// What hits the whole call hits every item: each gets the same failure.
		const failure = asFailure(error);
		outputs = items.map(() => ({ failure }));
	}
	return [toItems(context, items, outputs)];
}

function toItems(context: IExecuteFunctions, items: INodeExecutionData[], outputs: ItemOutput[]): INodeExecutionData[] {
	const failed = outputs.flatMap((output, index) => ('failure' in output ? [{ index, failure: output.failure }] : []));
	if (failed.length > 0 && !context.continueOnFail()) throw firstError(context, failed, items.length);
	return outputs.flatMap((output, index) =>
		'failure' in output
			? [failedItem(context.getNode(), items[index]!, output.failure, index)]
			: output.json.map((json) => ({ json, pairedItem: { item: index } })),
	);
}

/** Items before and after a failed one were treated all the same; the message says so. */
function firstError(context: IExecuteFunctions, failed: Array<{ index: number; failure: Failure }>, count: number) {
	const first = failed[0]!;
	const error = nodeError(context.getNode(), first.failure, first.index);
	const others = failed.length === count ? `None of the ${count} items went through.` : `${failed.length} of ${count} items did not go through; the others did.`;
	if (count > 1) error.description = [error.description, `${others} Running again writes nothing twice.`].filter(Boolean).join('\n');
	return error;
}
