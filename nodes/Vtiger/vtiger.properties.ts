// Owns the parameters that only the vtiger nodes have. No logic.
import type { INodeProperties } from 'n8n-workflow';
import { documentProperty, operationProperties, overrideProperties, readProperties, recordProperties, resourceProperty, unlessSkipped, type ExtraOperation, type Wording } from '../kit/properties';
import { quoteDetection, quoteOptions, tries, watchedKind } from '../kit/properties.trigger';
import { linkProperties } from '../kit/properties.writing';
import { vtiger } from './vtiger.system';

const wording: Wording = {
	customer: { name: 'Customer', singular: 'customer', plural: 'customers', description: 'Organization with its contacts and both addresses' },
	product: { name: 'Product', singular: 'product', plural: 'products', description: 'Product or service' },
	opportunity: { name: 'Opportunity', singular: 'opportunity', plural: 'opportunities', description: 'Deal that a quote belongs to' },
	quote: { name: 'Quote', singular: 'quote', plural: 'quotes', description: 'Quote with its lines, taxes and customer' },
	order: { name: 'Sales Order', singular: 'sales order', plural: 'sales orders', description: 'Sales order with its lines, taxes and customer' },
	invoice: { name: 'Invoice', singular: 'invoice', plural: 'invoices', description: 'Invoice or credit note with its lines and what was paid' },
};

const extra: ExtraOperation[] = [
	{ kinds: ['opportunity'], option: { name: 'Mark as Won', value: 'markAsWon', description: 'Set the opportunity of the incoming quote or order to Closed Won', action: 'Mark an opportunity as won' } },
	{ kinds: ['quote', 'order', 'invoice', 'customer'], option: { name: 'Write ERP Status', value: 'link', description: 'Write the ERP\'s number and status, or the reason why it did not work, onto the record', action: 'Write ERP status onto a record' } },
];

const erpFields = linkProperties({ status: 'Written into the custom field "ERP Status"', message: 'Written into the custom field "ERP Message", where the salesperson sees it', missing: 'in vtiger' });

export const vtigerProperties: INodeProperties[] = [
	resourceProperty(vtiger.capabilities, wording),
	...operationProperties(vtiger.capabilities, wording, extra),
	...readProperties(vtiger.capabilities),
	documentProperty(['upsert', 'link', 'markAsWon']),
	{
		displayName: 'Sales Order in the CRM',
		name: 'inCrm',
		type: 'options',
		displayOptions: { show: { resource: ['order'], operation: ['upsert'] } },
		options: [
			{ name: 'Create', value: 'create', description: 'Make a sales order from the quote' },
			{ name: 'Do Not Create', value: 'skip', description: 'Go straight from the quote to the ERP; also for servers that cannot create sales orders through their web service' },
		],
		default: 'create',
		description: 'Whether the CRM gets a sales order of its own',
	},
	...erpFields,
	...unlessSkipped(overrideProperties(vtiger.capabilities)),
	...recordProperties({ module: 'Module', filterHint: 'Condition in vtiger\'s query language, without WHERE', filterPlaceholder: "e.g. industry = 'Banking'" }),
];

export const vtigerTriggerProperties: INodeProperties[] = [
	{
		displayName: 'Event',
		name: 'event',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Quote Accepted', value: 'quoteAccepted', description: 'A quote is in the stage Accepted and has no ERP order yet' },
			{ name: 'Record Changed', value: 'recordChanged', description: 'A document of a kind was created or changed' },
		],
		default: 'quoteAccepted',
		description: 'What starts the workflow',
	},
	quoteDetection('servers without the ERP fields'),
	watchedKind(wording),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [...quoteOptions(), tries()],
	},
];
