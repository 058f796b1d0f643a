// Owns how a node chooses its profile, and what can be done with a profile alone: a test, a call of one's own. No logic.
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** The profiles that come with the pack, by name. */
export const SHIPPED: INodePropertyOptions[] = [
	{ name: 'ERPNext', value: 'erpnext', description: 'ERPNext 14 and up' },
	{ name: 'Laudus ERP', value: 'laudus', description: 'Laudus ERP (Chile)' },
	{ name: 'Microsoft Dynamics 365 Business Central', value: 'business-central', description: 'API v2.0 (OData v4)' },
	{ name: 'OData V4, Plain', value: 'odata-v4', description: 'A service with usual names; to start a profile of your own from' },
	{ name: 'Oracle NetSuite', value: 'netsuite', description: 'REST record service' },
	{ name: 'SalesapCRM', value: 'salesap', description: 'S2/SalesapCRM (JSON:API)' },
	{ name: 'SAP Business One', value: 'sap-b1', description: 'Service Layer (OData v4)' },
	{ name: 'SAP S/4HANA', value: 'sap-s4', description: 'Sales order and business partner services' },
];

/** Which profile, when it is not the credential's. */
export const profileProperties: INodeProperties[] = [
	{
		displayName: 'Profile',
		name: 'profileFrom',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'As in the Credential', value: 'credential', description: 'The profile that is chosen in the credential' },
			{ name: 'Own (JSON)', value: 'json', description: 'A profile given here, for this node only' },
			{ name: 'Shipped', value: 'shipped', description: 'One of the profiles that come with this node' },
		],
		default: 'credential',
		description: 'What describes the API: addresses, fields, paging and more. Log-in and server always come from the credential.',
	},
	{ displayName: 'Shipped Profile', name: 'profile', type: 'options', noDataExpression: true, options: SHIPPED, default: 'odata-v4', displayOptions: { show: { profileFrom: ['shipped'] } }, description: 'Which system the server runs' },
	{ displayName: 'Profile JSON', name: 'profileJson', type: 'json', typeOptions: { rows: 10 }, default: '{}', displayOptions: { show: { profileFrom: ['json'] } }, description: 'The whole profile. Its server must be the credential\'s. See the documentation for every key.' },
	{ displayName: 'Profile Overrides', name: 'profileOverrides', type: 'json', default: '{}', placeholder: 'e.g. {"kinds": {"order": {"read": {"reference": "record.PONumber"}}}}', displayOptions: { show: { profileFrom: ['shipped', 'json'] } }, description: 'What differs in your installation, as a JSON merge patch: only the keys to change; null removes one' },
];

/** Beside the documents. */
export const profileResources: INodePropertyOptions[] = [
	{ name: 'Profile', value: 'profile', description: 'Look at what the profile makes of the API, without writing anything' },
	{ name: 'Record', value: 'record', description: 'Any endpoint of the API, with its own fields' },
	{ name: 'Request', value: 'request', description: 'A call of your own, with the log-in and the rules of the profile' },
];

const show = (resource: string): INodeProperties['displayOptions'] => ({ show: { resource: [resource] } });

export const profileOperationProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: show('profile'),
		options: [{ name: 'Test', value: 'testProfile', description: 'Call each read endpoint once and show the raw answer beside the document; write nothing. Runs for each item that comes in.', action: 'Test a profile' }],
		default: 'testProfile',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: show('request'),
		options: [{ name: 'Send', value: 'request', description: 'Send the request as it is given here', action: 'Send a request' }],
		default: 'request',
	},
	{
		displayName: 'Only These Documents',
		name: 'kinds',
		type: 'multiOptions',
		displayOptions: { show: { operation: ['testProfile'] } },
		options: [
			{ name: 'Customer', value: 'customer' },
			{ name: 'Invoice', value: 'invoice' },
			{ name: 'Opportunity', value: 'opportunity' },
			{ name: 'Product', value: 'product' },
			{ name: 'Quote', value: 'quote' },
			{ name: 'Sales Order', value: 'order' },
		],
		default: [],
		description: 'Which documents to test; none chosen: all that the profile has',
	},
	{ displayName: 'Document to Write on Trial', name: 'document', type: 'json', default: '={{ $json }}', displayOptions: { show: { operation: ['testProfile'] } }, description: 'A business document, by default the item that comes in: shown as it would be sent, never sent. If it is none, the first document that was read is taken.' },
	{
		displayName: 'Method',
		name: 'method',
		type: 'options',
		displayOptions: show('request'),
		options: [
			{ name: 'DELETE', value: 'DELETE', description: 'Remove' },
			{ name: 'GET', value: 'GET', description: 'Read' },
			{ name: 'PATCH', value: 'PATCH', description: 'Change some fields' },
			{ name: 'POST', value: 'POST', description: 'Create, or call an action' },
			{ name: 'PUT', value: 'PUT', description: 'Create or replace' },
		],
		default: 'GET',
		description: 'What to do',
	},
	{ displayName: 'Path', name: 'path', type: 'string', required: true, default: '', placeholder: 'e.g. /customers/42', displayOptions: show('request'), description: 'Address below the base URL of the credential, beginning with "/"' },
	{ displayName: 'Query', name: 'query', type: 'json', default: '{}', placeholder: 'e.g. {"limit": "5"}', displayOptions: show('request'), description: 'Names and values after the "?", as a JSON object, not encoded' },
	{ displayName: 'Body', name: 'body', type: 'json', default: '{}', displayOptions: { show: { resource: ['request'], method: ['PATCH', 'POST', 'PUT'] } }, description: 'What is sent, as JSON' },
];
