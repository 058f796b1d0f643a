// Owns the parameters of constants, exchange plans, stored files, metadata and requests of 1C. No logic.
import type { INodeProperties } from 'n8n-workflow';
import { setLocator } from './onec.properties.objects';


const show = (resource: string, ...operation: string[]): INodeProperties['displayOptions'] => ({ show: { resource: [resource], operation } });

const constants: INodeProperties[] = [
	setLocator('Constant', 'constant', ['constant'], 'searchConstants', 'e.g. Constant_ВалютаУправленческогоУчета', 'The constant (Константа) to work on'),
	{ displayName: 'Value', name: 'value', type: 'string', default: '', displayOptions: show('constant', 'constantSet'), description: 'The new value: text, a number, true or false, a date, or the reference of an object' },
];

const plans: INodeProperties[] = [
	setLocator('Exchange Plan', 'plan', ['exchangePlan'], 'searchExchangePlans', 'e.g. ExchangePlan_ОбменCRM', 'The exchange plan (План обмена) to work on'),
	{ displayName: 'Plan Node Name or ID', name: 'node', type: 'options', typeOptions: { loadOptionsMethod: 'getPlanNodes', loadOptionsDependsOn: ['plan.value'] }, required: true, default: '', displayOptions: show('exchangePlan', 'planFetch', 'planAcknowledge'), description: 'For which node of the plan; one node must have one reader only. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.' },
	{ displayName: 'After this 1C forgets the registered changes for this node. Acknowledge only what the workflow has really taken over, and not while a trigger reads the same node.', name: 'acknowledgeNotice', type: 'notice', default: '', displayOptions: show('exchangePlan', 'planAcknowledge') },
	{ displayName: 'Message Number', name: 'messageNumber', type: 'number', typeOptions: { minValue: 1 }, required: true, default: 1, displayOptions: show('exchangePlan', 'planAcknowledge'), description: 'The number that "Get Changes" gave; everything up to it is forgotten' },
	{ displayName: 'Confirmation', name: 'confirmation', type: 'string', required: true, default: '', displayOptions: show('exchangePlan', 'planAcknowledge'), description: 'The message number once more; nothing is acknowledged when the two differ' },
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: show('exchangePlan', 'planFetch'),
		options: [
			{ displayName: 'Message Number', name: 'messageNumber', type: 'number', typeOptions: { minValue: 1 }, default: 1, description: 'Which message to read; without it the one after the last that was acknowledged' },
			{ displayName: 'Types', name: 'types', type: 'string', default: '', placeholder: 'e.g. Document_ЗаказКлиента, Catalog_Номенклатура', description: 'Only objects of these types, separated by commas' },
			{ displayName: 'Values as Text', name: 'valuesAsText', type: 'boolean', default: false, description: 'Whether to leave numbers and yes/no values as the text that 1C writes; for infobases whose $metadata cannot be read' },
		],
	},
];

const files: INodeProperties[] = [
	setLocator('Object', 'module', ['file'], 'searchModules', 'e.g. Catalog_ХранилищеФайлов', 'The object that holds the file'),
	{ displayName: 'Record ID', name: 'recordId', type: 'string', required: true, default: '', placeholder: 'e.g. code:00-000017', displayOptions: show('file', 'fileDownload', 'fileUpload'), description: 'Which record: its reference (Ссылка, Ref_Key), or "code:" and its code' },
	{ displayName: 'File Field Name or ID', name: 'field', type: 'options', typeOptions: { loadOptionsMethod: 'getFileFields', loadOptionsDependsOn: ['module.value'] }, required: true, default: '', displayOptions: show('file', 'fileDownload', 'fileUpload'), description: 'The field that holds the file (Хранилище значения). Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.' },
	{ displayName: 'Input Data Field Name', name: 'binaryPropertyName', type: 'string', required: true, default: 'data', placeholder: 'e.g. data', displayOptions: show('file', 'fileUpload'), hint: 'The name of the input field that holds the file', description: 'Which file of the incoming item to store' },
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: show('file', 'fileDownload', 'fileUpload'),
		options: [
			{ displayName: 'File Name', name: 'fileName', type: 'string', default: '', placeholder: 'e.g. photo.jpg', displayOptions: { show: { '/operation': ['fileDownload'] } }, description: 'How the file is called in the workflow: 1C keeps no name with it' },
			{ displayName: 'MIME Type', name: 'mimeType', type: 'string', default: '', placeholder: 'e.g. image/jpeg', description: 'The kind of file, where it cannot be told from the file itself' },
		],
	},
];

const metadata: INodeProperties[] = [
	{
		displayName: 'Kind of Object',
		name: 'kind',
		type: 'options',
		displayOptions: show('metadata', 'metadataSets'),
		options: [
			{ name: 'Accounting Registers', value: 'AccountingRegister' },
			{ name: 'Accumulation Registers', value: 'AccumulationRegister' },
			{ name: 'All', value: '' },
			{ name: 'Business Processes', value: 'BusinessProcess' },
			{ name: 'Catalogs', value: 'Catalog' },
			{ name: 'Charts of Accounts', value: 'ChartOfAccounts' },
			{ name: 'Charts of Characteristic Types', value: 'ChartOfCharacteristicTypes' },
			{ name: 'Constants', value: 'Constant' },
			{ name: 'Document Journals', value: 'DocumentJournal' },
			{ name: 'Documents', value: 'Document' },
			{ name: 'Exchange Plans', value: 'ExchangePlan' },
			{ name: 'Information Registers', value: 'InformationRegister' },
			{ name: 'Tasks', value: 'Task' },
		],
		default: '',
		description: 'Which published objects to list',
	},
	setLocator('Object', 'module', ['metadata'], 'searchModules', 'e.g. Document_ЗаказКлиента', 'The object to describe', ['metadataDescribe']),
];

const request: INodeProperties[] = [
	{
		displayName: 'Method',
		name: 'method',
		type: 'options',
		displayOptions: show('request', 'request'),
		options: [
			{ name: 'DELETE', value: 'DELETE', description: 'Delete physically' },
			{ name: 'GET', value: 'GET', description: 'Read' },
			{ name: 'PATCH', value: 'PATCH', description: 'Change fields' },
			{ name: 'POST', value: 'POST', description: 'Create, or call a function' },
		],
		default: 'GET',
		description: 'What to do. A GET that would post or start something in 1C is refused.',
	},
	{ displayName: 'Path', name: 'path', type: 'string', required: true, default: '', placeholder: 'e.g. Catalog_Номенклатура', displayOptions: show('request', 'request'), description: 'Address after "/odata/standard.odata/", not encoded' },
	{ displayName: 'Query', name: 'query', type: 'json', default: '{}', placeholder: 'e.g. {"$top": "5", "$filter": "DeletionMark eq false"}', displayOptions: show('request', 'request'), description: 'Names and values after the "?", as a JSON object, not encoded' },
	{ displayName: 'Body', name: 'body', type: 'json', default: '{}', displayOptions: { show: { resource: ['request'], operation: ['request'], method: ['POST', 'PATCH'] } }, description: 'What is sent, as JSON' },
	{ displayName: 'Confirmation', name: 'confirmation', type: 'string', required: true, default: '', placeholder: 'physical deletion', displayOptions: { show: { resource: ['request'], operation: ['request'], method: ['DELETE'] } }, description: 'Write "physical deletion" to confirm that the record is to be removed for ever' },
];

export const serviceProperties: INodeProperties[] = [...constants, ...plans, ...files, ...metadata, ...request];
