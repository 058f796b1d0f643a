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
		subtitle: '={{ $parameter["operation"].replace("record", "").replace("upsert", "create or update").replace("getAll", "get many").toLowerCase() + ": " + $parameter["resource"].replace("order", "sales order") }}',
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
