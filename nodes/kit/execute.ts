// Owns the one item loop of all nodes: parameters, batches, item pairing, continue-on-fail, failures.
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { asFailure, Failure } from '../core/failure';
import type { Blob, System } from '../core/port';
import { connectorOf } from './connectors';
import { failedItem, nodeError, sentences } from './errors';
import { actionOperation, operations, type ItemOutput, type OperationContext } from './operations';

/** The `execute` of a system's node. */
export async function executeNode(context: IExecuteFunctions, system: System, credentialName: string): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const resource = context.getNodeParameter('resource', 0) as string;
	const name = context.getNodeParameter('operation', 0) as string;
	if (!Object.hasOwn(operations, name) && !system.capabilities.actions?.includes(name)) throw nodeError(context.getNode(), new Failure('rejected', `The operation "${name}" does not exist`));
	let outputs: ItemOutput[];
	try {
		const connector = await connectorOf(credentialName, system, context, (parameter) => context.getNodeParameter(parameter, 0, null));
		const call: OperationContext = {
			connector,
			resource,
			items: items.map((item) => item.json),
			parameter: (parameter, index, fallback) => context.getNodeParameter(parameter, index, fallback),
			binary: async (property, index) => await incomingFile(context, property, index),
		};
		const action = connector.actions?.[name];
		outputs = await (action ? actionOperation(action) : operations[name]!)(call);
	} catch (error) {
		// What hits the whole call hits every item: each gets the same failure.
		const failure = asFailure(error);
		outputs = items.map(() => ({ failure }));
	}
	return [await toItems(context, items, outputs)];
}

/** @throws Failure `rejected` when the item has no such file */
async function incomingFile(context: IExecuteFunctions, property: string, index: number): Promise<Blob> {
	try {
		const { mimeType, fileName } = context.helpers.assertBinaryData(index, property);
		return { data: await context.helpers.getBinaryDataBuffer(index, property), mimeType, fileName };
	} catch (error) {
		throw new Failure('rejected', `The incoming item has no file "${property}"`, { cause: error, advice: 'Feed this node with an item that carries a file, and give the name of its field' });
	}
}

async function toItems(context: IExecuteFunctions, items: INodeExecutionData[], outputs: ItemOutput[]): Promise<INodeExecutionData[]> {
	const failed = outputs.flatMap((output, index) => ('failure' in output ? [{ index, failure: output.failure }] : []));
	if (failed.length > 0 && !context.continueOnFail()) throw firstError(context, failed, items.length);
	const given: INodeExecutionData[] = [];
	for (const [index, output] of outputs.entries()) {
		if ('failure' in output) given.push(failedItem(context.getNode(), items[index]!, output.failure, index));
		else for (const [i, json] of output.json.entries()) given.push({ json, pairedItem: { item: index }, ...(await outgoingFile(context, output.files?.[i])) });
	}
	return given;
}

async function outgoingFile(context: IExecuteFunctions, file: Blob | undefined): Promise<Pick<INodeExecutionData, 'binary'>> {
	return file ? { binary: { data: await context.helpers.prepareBinaryData(file.data, file.fileName, file.mimeType) } } : {};
}

/** Items before and after a failed one were treated all the same; the message says so. */
function firstError(context: IExecuteFunctions, failed: Array<{ index: number; failure: Failure }>, count: number) {
	const first = failed[0]!;
	const error = nodeError(context.getNode(), first.failure, first.index);
	const others = failed.length === count ? `None of the ${count} items went through.` : `${failed.length} of ${count} items did not go through; the others did.`;
	if (count > 1) error.description = sentences([error.description, `${others} Running again writes nothing twice.`]);
	return error;
}
