import { NodeConnectionTypes, type INodeExecutionData, type INodeType, type INodeTypeDescription, type IPollFunctions } from 'n8n-workflow';
import { pollNode, readWatch } from '../kit/poll';
import { restTriggerProperties } from './rest.properties.trigger';
import { rest } from './rest.system';

export class RestErpTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'REST CRM/ERP Trigger',
		name: 'restErpTrigger',
		icon: { light: 'file:rest.svg', dark: 'file:rest.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ { invoiceChanged: "invoice changed", orderChanged: "order changed", quoteAccepted: "quote accepted" }[$parameter["event"]] ?? "record changed: " + $parameter["kind"] }}',
		description: 'Starts the workflow when a quote is accepted, or when an invoice, an order or another record changes, in any CRM or ERP with a REST or OData interface',
		defaults: { name: 'REST CRM/ERP Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'restErpApi', required: true, testedBy: 'restErpTest' }],
		properties: restTriggerProperties,
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollNode(this, rest, 'restErpApi', readWatch(this));
	}
}
