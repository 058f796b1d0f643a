// Owns which of 1C's own objects the node offers beside the documents, and what can be done with each. No logic.
// The operations are those of `onec.actions.ts`, and the pack's own for plain records.
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** The objects of 1C as values of the resource parameter, by name. */
export const objectResources: INodePropertyOptions[] = [
	{ name: 'Accounting Register', value: 'accountingRegister', description: 'Balances and turnovers by account (Регистр бухгалтерии)' },
	{ name: 'Accumulation Register', value: 'accumulationRegister', description: 'Balances and turnovers of stock, debts and the like (Регистр накопления)' },
	{ name: 'Any Catalog', value: 'catalog', description: 'Any catalog (Справочник) with its own fields' },
	{ name: 'Any Document', value: 'document', description: 'Any document (Документ) with its own fields and rows' },
	{ name: 'Any Other Object', value: 'record', description: 'Charts, tasks, business processes and journals with their own fields' },
	{ name: 'Constant', value: 'constant', description: 'A single value of the infobase (Константа)' },
	{ name: 'Exchange Plan', value: 'exchangePlan', description: 'Changes that 1C registers for another system (План обмена)' },
	{ name: 'Information Register', value: 'informationRegister', description: 'Prices, rates and other facts, also by date (Регистр сведений)' },
	{ name: 'Metadata', value: 'metadata', description: 'What the infobase publishes' },
	{ name: 'Request', value: 'request', description: 'A call of your own to the OData interface' },
	{ name: 'Stored File', value: 'file', description: 'A file or picture kept in a field of an object (Хранилище значения)' },
];

/** What plain records of every kind can do. */
function recordOperations(thing: string): INodePropertyOptions[] {
	const a = /^[aeiou]/.test(thing) ? `an ${thing}` : `a ${thing}`;
	return [
		{ name: 'Create', value: 'recordCreate', description: `Create ${a}`, action: `Create ${a}` },
		{ name: 'Get', value: 'recordGet', description: `Read ${a}`, action: `Get ${a}` },
		{ name: 'Get Many', value: 'recordGetAll', description: `Read many ${thing}s`, action: `Get many ${thing}s` },
		{ name: 'Update', value: 'recordUpdate', description: `Change fields of ${a}`, action: `Update ${a}` },
	];
}

/** What catalog items and documents can do beside. */
function objectOperations(thing: string): INodePropertyOptions[] {
	return [
		...recordOperations(thing),
		{ name: 'Append Rows', value: 'rowsAppend', description: 'Add rows to a table part; the rows that are there stay', action: `Append rows to a ${thing}` },
		{ name: 'Create or Update', value: 'recordUpsert', description: 'Create a new record, or update the current one if it already exists (upsert)', action: `Create or update a ${thing}` },
		{ name: 'Delete Physically', value: 'deletePhysically', description: 'Remove for ever, without a check whether other objects refer to it. Mark for deletion instead wherever you can.', action: `Delete a ${thing} physically` },
		{ name: 'Mark for Deletion', value: 'markDeletion', description: 'Set the deletion mark, as people do in 1C', action: `Mark a ${thing} for deletion` },
		{ name: 'Remove Deletion Mark', value: 'unmarkDeletion', description: 'Take the deletion mark away', action: `Remove deletion mark from a ${thing}` },
		{ name: 'Replace Rows', value: 'rowsReplace', description: 'Put other rows in place of all rows of a table part', action: `Replace rows of a ${thing}` },
	];
}

const documentOperations: INodePropertyOptions[] = [
	...objectOperations('document'),
	{ name: 'Create and Post', value: 'documentCreateAndPost', description: 'Create a document and post it', action: 'Create and post a document' },
	{ name: 'Get Movements', value: 'documentMovements', description: 'Read the records that a document has made in registers', action: 'Get movements of a document' },
	{ name: 'Post', value: 'documentPost', description: 'Post a document, or post it again', action: 'Post a document' },
	{ name: 'Unpost', value: 'documentUnpost', description: 'Take the posting of a document back', action: 'Unpost a document' },
];

function balanceOperations(register: string): INodePropertyOptions[] {
	return [
		{ name: 'Get Balance', value: 'balance', description: 'What is there at a moment', action: `Get balance of ${register}` },
		{ name: 'Get Balance and Turnovers', value: 'balanceAndTurnovers', description: 'Opening balance, what came and went, closing balance', action: `Get balance and turnovers of ${register}` },
		{ name: 'Get Records', value: 'registerRead', description: 'Read single records', action: `Get records of ${register}` },
		{ name: 'Get Turnovers', value: 'turnovers', description: 'What came and went between two dates', action: `Get turnovers of ${register}` },
	];
}

const registerOperations: INodePropertyOptions[] = [
	{ name: 'Delete Record', value: 'registerDelete', description: 'Remove a record of an independent register for ever', action: 'Delete a record of an information register' },
	{ name: 'Get Records', value: 'registerRead', description: 'Read single records', action: 'Get records of an information register' },
	{ name: 'Slice First', value: 'sliceFirst', description: 'The earliest record per combination of dimensions from a date on', action: 'Get the first records of an information register' },
	{ name: 'Slice Last', value: 'sliceLast', description: 'The latest record per combination of dimensions up to a date, e.g. the prices of today', action: 'Get the latest records of an information register' },
	{ name: 'Write Records', value: 'registerWrite', description: 'Add or replace records', action: 'Write records of an information register' },
];

const constantOperations: INodePropertyOptions[] = [
	{ name: 'Get', value: 'constantGet', description: 'Read the value of a constant', action: 'Get a constant' },
	{ name: 'Set', value: 'constantSet', description: 'Change the value of a constant', action: 'Set a constant' },
];

const planOperations: INodePropertyOptions[] = [
	{ name: 'Acknowledge Changes', value: 'planAcknowledge', description: 'Tell 1C that changes were taken over; it forgets them for this node', action: 'Acknowledge changes of an exchange plan' },
	{ name: 'Get Changes', value: 'planFetch', description: 'Read every object that is registered for a node; nothing is forgotten by reading. Not for a node that a trigger reads.', action: 'Get changes of an exchange plan' },
	{ name: 'Get Nodes', value: 'planNodes', description: 'Read the nodes of a plan', action: 'Get nodes of an exchange plan' },
];

const fileOperations: INodePropertyOptions[] = [
	{ name: 'Download', value: 'fileDownload', description: 'Read a stored file', action: 'Download a stored file' },
	{ name: 'Upload', value: 'fileUpload', description: 'Store a file of the incoming item', action: 'Upload a stored file' },
];

const metadataOperations: INodePropertyOptions[] = [
	{ name: 'Check Capabilities', value: 'capabilities', description: 'Try what this infobase can do and which configuration it is', action: 'Check capabilities of the infobase' },
	{ name: 'Describe Object', value: 'metadataDescribe', description: 'Fields, table parts and functions of an object', action: 'Describe an object' },
	{ name: 'Get Objects', value: 'metadataSets', description: 'Everything that is published', action: 'Get published objects' },
];

const requestOperations: INodePropertyOptions[] = [{ name: 'Send', value: 'request', description: 'Send a request; reading never posts and is refused where it would', action: 'Send a request' }];

const byResource: Array<{ resource: string; options: INodePropertyOptions[]; usual: string }> = [
	{ resource: 'accountingRegister', options: balanceOperations('an accounting register'), usual: 'balance' },
	{ resource: 'accumulationRegister', options: balanceOperations('an accumulation register'), usual: 'balance' },
	{ resource: 'catalog', options: objectOperations('catalog item'), usual: 'recordGet' },
	{ resource: 'document', options: documentOperations, usual: 'recordGet' },
	{ resource: 'record', options: recordOperations('record'), usual: 'recordGet' },
	{ resource: 'constant', options: constantOperations, usual: 'constantGet' },
	{ resource: 'exchangePlan', options: planOperations, usual: 'planFetch' },
	{ resource: 'informationRegister', options: registerOperations, usual: 'sliceLast' },
	{ resource: 'metadata', options: metadataOperations, usual: 'metadataSets' },
	{ resource: 'request', options: requestOperations, usual: 'request' },
	{ resource: 'file', options: fileOperations, usual: 'fileDownload' },
];

/** One operation parameter per object of 1C. */
export const objectOperationProperties: INodeProperties[] = byResource.map(({ resource, options, usual }) => ({
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: [resource] } },
	options: [...options].sort((a, b) => a.name.localeCompare(b.name)),
	default: usual,
}));
