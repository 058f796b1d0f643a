import { NodeConnectionTypes, type IExecuteFunctions, type INodeExecutionData, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { choiceMethods } from '../kit/choices';
import { credentialTest } from '../kit/credentialTest';
import { executeNode } from '../kit/execute';
import { lists } from './onec.lists';
import { onecProperties } from './onec.properties';
import { onec } from './onec.system';

export class OneC implements INodeType {
	description: INodeTypeDescription = {
		displayName: '1C:Enterprise',
		name: 'oneC',
		icon: { light: 'file:onec.svg', dark: 'file:onec.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ ({ upsert: "create or update", recordUpsert: "create or update", rowsAppend: "append rows", rowsReplace: "replace rows", markDeletion: "mark for deletion", unmarkDeletion: "remove deletion mark", metadataSets: "list", planFetch: "get changes", registerRead: "get records", capabilities: "check capabilities" }[$parameter["operation"]] ?? $parameter["operation"].replace(/^(record|document|constant|plan|file|metadata|register)(?=[A-Z])/, "").replace(/([A-Z])/g, " $1").trim().toLowerCase().replace("get all", "get many")) + ": " + $parameter["resource"].replace("order", "sales order").replace(/([A-Z])/g, " $1").toLowerCase() }}',
		description: 'Read and write customers, products, orders and invoices of 1C:Enterprise as business documents, and any of its objects through the standard OData interface',
		defaults: { name: '1C:Enterprise' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'oneCApi', required: true, testedBy: 'oneCTest' }],
		properties: onecProperties,
	};

	methods = { ...choiceMethods(onec, 'oneCApi', lists), credentialTest: { oneCTest: credentialTest(onec) } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeNode(this, onec, 'oneCApi');
	}
}
