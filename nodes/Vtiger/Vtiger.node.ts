import { NodeConnectionTypes, type IExecuteFunctions, type INodeExecutionData, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { choiceMethods } from '../kit/choices';
import { credentialTest } from '../kit/credentialTest';
import { executeNode } from '../kit/execute';
import { vtigerProperties } from './vtiger.properties';
import { vtiger } from './vtiger.system';

export class Vtiger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'vtiger',
		name: 'vtiger',
		icon: { light: 'file:vtiger.svg', dark: 'file:vtiger.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ ({ upsert: "create or update", link: "write ERP status", markAsWon: "mark as won" }[$parameter["operation"]] ?? $parameter["operation"].replace("record", "").replace("getAll", "get many").replace("GetAll", "get many").toLowerCase()) + ": " + $parameter["resource"].replace("order", "sales order") }}',
		description: 'Read and write customers, products, opportunities, quotes, sales orders and invoices of vtiger CRM as business documents',
		defaults: { name: 'vtiger' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'vtigerCrmErpApi', required: true, testedBy: 'vtigerTest' }],
		properties: vtigerProperties,
	};

	methods = { ...choiceMethods(vtiger, 'vtigerCrmErpApi'), credentialTest: { vtigerTest: credentialTest(vtiger) } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeNode(this, vtiger, 'vtigerCrmErpApi');
	}
}
