import { NodeConnectionTypes, type INodeExecutionData, type INodeType, type INodeTypeDescription, type IPollFunctions } from 'n8n-workflow';
import { pollNode, readWatch } from '../kit/poll';
import { odooTriggerProperties } from './odoo.properties';
import { odoo } from './odoo.system';

export class OdooErpTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Odoo (CRM-ERP) Trigger',
		name: 'odooErpTrigger',
		icon: { light: 'file:odoo.svg', dark: 'file:odoo.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ { invoiceChanged: "invoice changed", orderChanged: "order changed" }[$parameter["event"]] ?? "record changed: " + $parameter["kind"] }}',
		description: 'Starts the workflow when an invoice, an order or another record changes in Odoo',
		defaults: { name: 'Odoo (CRM-ERP) Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'odooErpApi', required: true, testedBy: 'odooErpTest' }],
		properties: odooTriggerProperties,
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollNode(this, odoo, 'odooErpApi', readWatch(this));
	}
}
