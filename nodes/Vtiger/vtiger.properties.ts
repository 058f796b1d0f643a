// Owns the parameters that only the vtiger nodes have. No logic.
import type { INodeProperties } from 'n8n-workflow';
import { documentProperty, operationProperties, overrideProperties, readProperties, recordProperties, resourceProperty, type ExtraOperation, type Wording } from '../kit/properties';
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

const linkProperties: INodeProperties[] = [
	{
		displayName: 'ERP Status',
		name: 'erpStatus',
		type: 'options',
		displayOptions: { show: { operation: ['link'] } },
		options: [
			{ name: 'From the Failure', value: 'fromFailure', description: 'For error outputs: "Needs attention", or "Pending" when it will be tried again by itself; the message is the reason' },
			{ name: 'Leave as It Is', value: '', description: 'Write only number and key' },
			{ name: 'Needs Attention', value: 'Needs attention', description: 'A person must look at it; the message says why' },
			{ name: 'Ordered', value: 'Ordered', description: 'The order is in the ERP' },
			{ name: 'Pending', value: 'Pending', description: 'Under way' },
		],
		default: 'Ordered',
		description: 'Written into the custom field "ERP Status"',
	},
	{ displayName: 'ERP Message', name: 'erpMessage', type: 'string', default: '', placeholder: 'e.g. {{ $json.error.message }}', displayOptions: { show: { operation: ['link'] } }, description: 'Written into the custom field "ERP Message", where the salesperson sees it; empty clears it. With "From the Failure" the reason is written by itself.' },
	{
		displayName: 'If There Is No Such Record',
		name: 'ifMissing',
		type: 'options',
		displayOptions: { show: { operation: ['link'] } },
		options: [
			{ name: 'Pass the Item On', value: 'skip', description: 'For flows that make no sales order in the CRM' },
			{ name: 'Use the Error Output', value: 'fail' },
		],
		default: 'skip',
		description: 'What to do when the document came from, or was written to, no such record in vtiger',
	},
];

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
	...linkProperties,
	...overrideProperties(vtiger.capabilities),
	...recordProperties({ module: 'Module', filterHint: 'Condition in vtiger\'s query language, without WHERE', filterPlaceholder: "e.g. industry = 'Banking'" }),
];

const documentKinds = (['customer', 'product', 'opportunity', 'quote', 'order', 'invoice'] as const).map((kind) => ({ name: wording[kind]!.name, value: kind, description: wording[kind]!.description }));

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
	},
	{
		displayName: 'Find By',
		name: 'detectBy',
		type: 'options',
		displayOptions: { show: { event: ['quoteAccepted'] } },
		options: [
			{ name: 'State', value: 'state', description: 'Every accepted quote that carries no ERP link yet, whatever happened to earlier runs. Recommended.' },
			{ name: 'Change', value: 'change', description: 'Quotes that were changed and are accepted; for servers without the ERP fields' },
		],
		default: 'state',
		description: 'How accepted quotes are found',
	},
	{ displayName: 'Document', name: 'kind', type: 'options', displayOptions: { show: { event: ['recordChanged'] } }, options: [...documentKinds].sort((a, b) => a.name.localeCompare(b.name)), default: 'customer', description: 'Which kind of document to watch' },
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{ displayName: 'From Date', name: 'fromDate', type: 'dateTime', default: '', displayOptions: { hide: { '/event': ['quoteAccepted'], '/detectBy': ['state'] } }, description: 'Deliver changes from this time on; without it, only changes after the activation' },
			{ displayName: 'Hold Back (Minutes)', name: 'holdBack', type: 'number', typeOptions: { minValue: 1 }, default: 10, displayOptions: { show: { '/event': ['quoteAccepted'], '/detectBy': ['state'] } }, description: 'How long a quote that was handed over is not handed over again while no ERP link has appeared on it' },
			{ displayName: 'Limit', name: 'limit', type: 'number', typeOptions: { minValue: 1 }, default: 50, description: 'Max number of results to return' },
			{ displayName: 'Look Back (Minutes)', name: 'overlap', type: 'number', typeOptions: { minValue: 0 }, default: 5, displayOptions: { hide: { '/event': ['quoteAccepted'], '/detectBy': ['state'] } }, description: 'How far each poll looks back for changes that became visible late; nothing is delivered twice for it' },
			{ displayName: 'Tries', name: 'maxTries', type: 'number', typeOptions: { minValue: 1 }, default: 5, displayOptions: { show: { '/event': ['quoteAccepted'], '/detectBy': ['state'] } }, description: 'After so many times without an ERP link the quote is marked "Needs attention" in the CRM' },
		],
	},
];
