// Owns the parameters of catalogs, documents and other objects of 1C with their own fields. No logic.
import type { INodeProperties } from 'n8n-workflow';
import { limit, returnAll } from '../kit/properties';

const OBJECTS = ['catalog', 'document'];
const RECORDS = ['catalog', 'document', 'record'];

const show = (resource: string[], ...operation: string[]): INodeProperties['displayOptions'] => ({ show: { resource, operation } });

/** A published object, chosen from a list or by its name. */
export function setLocator(displayName: string, name: string, resources: string[], method: string, placeholder: string, description: string, operations?: string[]): INodeProperties {
	return {
		displayName,
		name,
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: '' },
		displayOptions: { show: { resource: resources, ...(operations ? { operation: operations } : {}) } },
		description,
		modes: [
			{ displayName: 'From List', name: 'list', type: 'list', typeOptions: { searchListMethod: method, searchable: true } },
			{ displayName: 'By Name', name: 'name', type: 'string', placeholder },
		],
	};
}

const RECORD_ID: Record<string, { placeholder: string; description: string }> = {
	catalog: { placeholder: 'e.g. code:00-000017', description: 'Which item: its reference (Ссылка, Ref_Key), or "code:" and its code' },
	document: { placeholder: 'e.g. number:0000-000042', description: 'Which document: its reference (Ссылка, Ref_Key), or "number:" and its number' },
	record: { placeholder: 'e.g. 8d2f4c1a-5b7e-11ee-8c99-0242ac120002', description: 'Which record: its reference (Ссылка, Ref_Key), or its key as OData writes it' },
};

const WITH_ID = ['recordGet', 'recordUpdate', 'rowsAppend', 'rowsReplace', 'deletePhysically', 'markDeletion', 'unmarkDeletion', 'documentPost', 'documentUnpost', 'documentMovements'];
const OF_CATALOG = WITH_ID.filter((name) => !name.startsWith('document'));
const OF_RECORD = ['recordGet', 'recordUpdate'];

function recordId(resource: string, operations: string[]): INodeProperties {
	return { displayName: 'Record ID', name: 'recordId', type: 'string', required: true, default: '', displayOptions: show([resource], ...operations), ...RECORD_ID[resource]! };
}

const rows: INodeProperties[] = [
	{ displayName: 'Table Part Name or ID', name: 'tablePart', type: 'options', typeOptions: { loadOptionsMethod: 'getTableParts', loadOptionsDependsOn: ['module.value'] }, required: true, default: '', displayOptions: show(OBJECTS, 'rowsAppend', 'rowsReplace'), description: 'Which table of the object. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.' },
	{ displayName: 'Rows', name: 'rows', type: 'json', required: true, default: '[]', placeholder: 'e.g. [{"Номенклатура_Key": "…", "Количество": 2}]', displayOptions: show(OBJECTS, 'rowsAppend', 'rowsReplace'), description: 'The rows as a JSON list, without line numbers: 1C wants them without gaps, so they are counted here' },
];

const deletion: INodeProperties[] = [
	{ displayName: 'Deletes for ever. 1C does not check whether other objects refer to the record, and nothing brings it back. "Mark for Deletion" is what people do in 1C.', name: 'deletionNotice', type: 'notice', default: '', displayOptions: show(OBJECTS, 'deletePhysically') },
	{ displayName: 'Confirmation', name: 'confirmation', type: 'string', required: true, default: '', placeholder: 'e.g. 0000-000042', displayOptions: show(OBJECTS, 'deletePhysically'), description: 'The number, code or name of the record once more. When it is not that of the record found, nothing is deleted.' },
];

const postingOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	displayOptions: show(['document'], 'documentPost', 'documentCreateAndPost'),
	options: [{ displayName: 'Operational Posting', name: 'operational', type: 'boolean', default: false, description: 'Whether to post in operational mode (оперативное проведение), which 1C allows only for documents of today' }],
};

const rowOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	displayOptions: show(OBJECTS, 'rowsAppend', 'rowsReplace'),
	options: [{ displayName: 'Data Version', name: 'dataVersion', type: 'string', default: '', placeholder: 'e.g. AAAAAAAAAAI=', description: 'The DataVersion that you have read: when somebody has changed the object since, nothing is written' }],
};

const movementOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	displayOptions: show(['document'], 'documentMovements'),
	options: [{ displayName: 'Register Names or IDs', name: 'registers', type: 'multiOptions', typeOptions: { loadOptionsMethod: 'getRegisters' }, default: [], description: 'Only these registers; without it all that are published. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.' }],
};

export const objectProperties: INodeProperties[] = [
	setLocator('Catalog', 'module', ['catalog'], 'searchCatalogs', 'e.g. Catalog_Номенклатура', 'The catalog (Справочник) to work on'),
	setLocator('Document', 'module', ['document'], 'searchDocumentSets', 'e.g. Document_ЗаказКлиента', 'The kind of document to work on'),
	setLocator('Object', 'module', ['record'], 'searchOtherSets', 'e.g. ChartOfAccounts_Хозрасчетный', 'The object to work on'),
	recordId('catalog', OF_CATALOG),
	recordId('document', WITH_ID),
	recordId('record', OF_RECORD),
	{ displayName: 'Match Field Names or IDs', name: 'matchFields', type: 'multiOptions', typeOptions: { loadOptionsMethod: 'getObjectFields', loadOptionsDependsOn: ['module.value'] }, required: true, default: [], displayOptions: show(OBJECTS, 'recordUpsert'), description: 'The fields by which an existing record is found; their values must be among the values below. Two matches are never chosen between. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.' },
	{ displayName: 'Values', name: 'values', type: 'json', required: true, default: '{}', placeholder: 'e.g. {"Description": "Example"}', displayOptions: show(RECORDS, 'recordCreate', 'recordUpdate', 'recordUpsert', 'documentCreateAndPost'), description: 'Field names of 1C and values as a JSON object. A name that the object does not have is refused, because 1C would ignore it silently.' },
	...rows,
	{ displayName: 'Filter', name: 'filter', type: 'string', default: '', placeholder: "e.g. ИНН eq '7701234567'", displayOptions: show(RECORDS, 'recordGetAll'), description: 'OData condition; empty for all' },
	returnAll(show(RECORDS, 'recordGetAll')),
	limit({ show: { resource: RECORDS, operation: ['recordGetAll'], returnAll: [false] } }),
	...deletion,
	postingOptions,
	rowOptions,
	movementOptions,
];
