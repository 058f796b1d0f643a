// Owns how a failure is told in n8n: as an error of the node, or as an item for the error output.
import { NodeOperationError, type INode, type INodeExecutionData } from 'n8n-workflow';
import { asFailure, type Failure } from '../core/failure';

/** A failure as n8n shows it: what happened as the headline, what to do next below it. */
export function nodeError(node: INode, error: unknown, itemIndex?: number): NodeOperationError {
	const failure = asFailure(error);
	const description = sentences([failure.said && !failure.what.includes(failure.said) ? `It said: ${failure.said}` : '', failure.advice ?? '']);
	const headline = failure.record ? `${failure.record}: ${failure.what}` : failure.what;
	return new NodeOperationError(node, headline, { description, ...(itemIndex === undefined ? {} : { itemIndex }), level: 'warning' });
}

/** n8n shows line breaks as blanks, so that each part must end as a sentence does. */
export function sentences(parts: ReadonlyArray<string | null | undefined>): string {
	const told = parts.filter((part): part is string => Boolean(part));
	return told.map((part, i) => (i === told.length - 1 || /[.!?]$/.test(part) ? part : `${part}.`)).join('\n');
}

/** What an item on the error output tells the nodes behind it, beside the document it carries. */
export function failureJson(failure: Failure) {
	return { kind: failure.kind, message: failure.message, reason: failure.reason, record: failure.record, advice: failure.advice, code: failure.code };
}

/**
 * The item for the error output. n8n recognises it by a lone `error` in its JSON and puts the incoming item's
 * members, here the document, back beside it; with `item.error` it would replace the JSON by the message instead
 * (2.41, measured). A regular output gets no such help, so the document is put there by us.
 */
export function failedItem(node: INode, item: INodeExecutionData, failure: Failure, itemIndex: number): INodeExecutionData {
	const kept = node.onError === 'continueErrorOutput' ? {} : item.json;
	return { json: { ...kept, error: failureJson(failure) }, pairedItem: { item: itemIndex } };
}
