import { NodeConnectionTypes, type IExecuteFunctions, type INodeExecutionData, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { choiceMethods } from '../kit/choices';
import { credentialTest } from '../kit/credentialTest';
import { executeNode } from '../kit/execute';
import { odooProperties } from './odoo.properties';
import { odoo } from './odoo.system';

export class OdooErp implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Odoo (CRM-ERP)',
		name: 'odooErp',
		icon: { light: 'file:odoo.svg', dark: 'file:odoo.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"].replace("record", "").replace("upsert", "create or update").replace("getAll", "get many").toLowerCase() + ": " + $parameter["resource"].replace("order", "sales order") }}',
		description: 'Read and write customers, products, sales orders and invoices of Odoo as business documents',
		defaults: { name: 'Odoo (CRM-ERP)' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'odooErpApi', required: true, testedBy: 'odooErpTest' }],
		properties: odooProperties,
	};

	methods = { ...choiceMethods(odoo, 'odooErpApi'), credentialTest: { odooErpTest: credentialTest(odoo) } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeNode(this, odoo, 'odooErpApi');
	}
}
