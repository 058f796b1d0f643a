import { NodeConnectionTypes, type INodeExecutionData, type INodeType, type INodeTypeDescription, type IPollFunctions } from 'n8n-workflow';
import { choiceMethods } from '../kit/choices';
import { pollNode, readWatch } from '../kit/poll';
import { lists } from './onec.lists';
import { onecTriggerProperties } from './onec.properties.trigger';
import { onec } from './onec.system';

export class OneCTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: '1C:Enterprise Trigger',
		name: 'oneCTrigger',
		icon: { light: 'file:onec.svg', dark: 'file:onec.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ { invoiceChanged: "invoice changed", orderChanged: "order changed", exchangePlan: "exchange plan", registerRecords: "register records" }[$parameter["event"]] ?? "record changed: " + $parameter["kind"] }}',
		description: 'Starts the workflow when an invoice, an order or any other object changes in 1C:Enterprise',
		defaults: { name: '1C:Enterprise Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'oneCApi', required: true, testedBy: 'oneCTest' }],
		properties: onecTriggerProperties,
	};

	methods = choiceMethods(onec, 'oneCApi', lists);

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollNode(this, onec, 'oneCApi', readWatch(this, onec));
	}
}
