import { NodeConnectionTypes, type INodeExecutionData, type INodeType, type INodeTypeDescription, type IPollFunctions } from 'n8n-workflow';
import { pollNode, readWatch } from '../kit/poll';
import { vtigerTriggerProperties } from './vtiger.properties';
import { vtiger } from './vtiger.system';

export class VtigerTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'vtiger Trigger',
		name: 'vtigerTrigger',
		icon: { light: 'file:vtiger.svg', dark: 'file:vtiger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["event"] === "quoteAccepted" ? "quote accepted" : "record changed: " + $parameter["kind"] }}',
		description: 'Starts the workflow when a quote is accepted or a record changes in vtiger CRM',
		defaults: { name: 'vtiger Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'vtigerCrmErpApi', required: true, testedBy: 'vtigerTest' }],
		properties: vtigerTriggerProperties,
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollNode(this, vtiger, 'vtigerCrmErpApi', readWatch(this));
	}
}
