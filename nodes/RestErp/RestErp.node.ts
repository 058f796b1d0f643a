import { NodeConnectionTypes, type IExecuteFunctions, type INodeExecutionData, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { choiceMethods } from '../kit/choices';
import { credentialTest } from '../kit/credentialTest';
import { executeNode } from '../kit/execute';
import { restProperties } from './rest.properties';
import { rest } from './rest.system';

export class RestErp implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'REST CRM/ERP',
		name: 'restErp',
		icon: { light: 'file:rest.svg', dark: 'file:rest.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ ({ upsert: "create or update", link: "write ERP status", markAsWon: "mark as won", testProfile: "test", request: $parameter["method"] }[$parameter["operation"]] ?? $parameter["operation"].replace("record", "").replace("getAll", "get many").replace("GetAll", "get many").toLowerCase()) + ": " + $parameter["resource"].replace("order", "sales order") }}',
		description: 'Read and write customers, products, opportunities, quotes, orders and invoices of any CRM or ERP with a REST or OData interface, by a profile that describes it',
		defaults: { name: 'REST CRM/ERP' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'restErpApi', required: true, testedBy: 'restErpTest' }],
		properties: restProperties,
	};

	methods = { ...choiceMethods(rest, 'restErpApi'), credentialTest: { restErpTest: credentialTest(rest) } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeNode(this, rest, 'restErpApi');
	}
}
