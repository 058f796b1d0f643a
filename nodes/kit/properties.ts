// Owns the builders of the nodes' parameters: resources, operations, documents, overrides. Wording follows n8n's rules.
// What only one system has is in that system's `x.properties.ts`.
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { documentPaths } from './paths';
import { KINDS, type Kind } from '../core/documents';
import type { Capabilities } from '../core/port';

/** How a kind is called in one system, e.g. `Customer` with the hint `Organization with its contacts`. */
export interface KindWording {
	name: string;
	/** Singular in running text: `sales order`. */
	singular: string;
	plural: string;
	description: string;
}

export type Wording = Partial<Record<Kind, KindWording>>;

/** An operation that only some systems or kinds have. */
export interface ExtraOperation {
	kinds: Kind[];
	option: INodePropertyOptions;
}

/** The resource parameter: the documents that the system offers, then its plain records. */
export function resourceProperty(capabilities: Capabilities, wording: Wording): INodeProperties {
	const documents = offered(capabilities).map((kind) => ({ name: wording[kind]!.name, value: kind, description: wording[kind]!.description }));
	const usual = documents.some((d) => d.value === 'order') ? 'order' : documents[0]!.value;
	const options: INodePropertyOptions[] = [...documents.sort(byName), { name: 'Record', value: 'record', description: 'Any module or model, with its own fields' }];
	return {
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options,
		default: usual,
	};
}

/** One operation parameter per resource. */
export function operationProperties(capabilities: Capabilities, wording: Wording, extra: readonly ExtraOperation[]): INodeProperties[] {
	const perKind = offered(capabilities).map((kind): INodeProperties => {
		const verbs = capabilities.kinds[kind] ?? [];
		const { singular, plural } = wording[kind]!;
		const usual = verbs.includes('upsert') ? 'upsert' : 'get';
		const options: INodePropertyOptions[] = [
			...(verbs.includes('upsert') ? [{ name: 'Create or Update', value: 'upsert', description: 'Create a new record, or update the current one if it already exists (upsert)', action: `Create or update ${article(singular)}` }] : []),
			...(verbs.includes('get') ? [{ name: 'Get', value: 'get', description: `Read one ${singular} as a document`, action: `Get ${article(singular)}` }] : []),
			...(verbs.includes('list') ? [{ name: 'Get Many', value: 'getAll', description: `Read many ${plural} as documents`, action: `Get many ${plural}` }] : []),
			...extra.filter((e) => e.kinds.includes(kind)).map((e) => e.option),
		];
		return {
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: [kind] } },
			options: options.sort(byName),
			default: usual,
		};
	});
	return [...perKind, recordOperations];
}

/** The document that comes in, for every operation that writes one. */
export function documentProperty(operations: string[]): INodeProperties {
	return {
		displayName: 'Document',
		name: 'document',
		type: 'json',
		required: true,
		default: '={{ $json }}',
		displayOptions: { show: { operation: operations }, hide: { resource: ['record'] } },
		description: 'The business document to write: by default the item that comes in. Every node of this pack takes and gives documents.',
	};
}

/** Which document to read, and how many. */
export function readProperties(capabilities: Capabilities): INodeProperties[] {
	const kinds = offered(capabilities);
	return [
		{
			displayName: 'Document',
			name: 'documentId',
			type: 'resourceLocator',
			required: true,
			default: { mode: 'list', value: '' },
			displayOptions: { show: { operation: ['get'], resource: kinds } },
			description: 'The record to read',
			modes: [
				{ displayName: 'From List', name: 'list', type: 'list', typeOptions: { searchListMethod: 'searchDocuments', searchable: true } },
				{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 42' },
				{ displayName: 'By Number', name: 'number', type: 'string', placeholder: 'e.g. S00042' },
			],
		},
		returnAll({ show: { operation: ['getAll'], resource: kinds } }),
		limit({ show: { operation: ['getAll'], resource: kinds, returnAll: [false] } }),
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			displayOptions: { show: { operation: ['getAll'], resource: kinds } },
			options: [
				{ displayName: 'Modified Since', name: 'modifiedSince', type: 'dateTime', default: '', description: 'Only records changed at or after this time' },
				{ displayName: 'Number', name: 'number', type: 'string', default: '', placeholder: 'e.g. S00042', description: 'Only the record with this number or code' },
				{ displayName: 'Only From the CRM', name: 'onlyLinked', type: 'boolean', default: false, displayOptions: { show: { '/resource': ['invoice'] } }, description: 'Whether to return only invoices whose order was made from a record of the other system' },
			],
		},
	];
}

/** Rows of target field and value, for every kind that can be written. */
export function overrideProperties(capabilities: Capabilities): INodeProperties[] {
	return offered(capabilities)
		.filter((kind) => capabilities.kinds[kind]?.includes('upsert'))
		.map((kind) => ({
			displayName: 'Field Overrides',
			name: 'fieldOverrides',
			type: 'fixedCollection',
			placeholder: 'Add Field',
			typeOptions: { multipleValues: true, sortable: true },
			default: {},
			displayOptions: { show: { resource: [kind], operation: ['upsert'] } },
			description: 'Fields to fill beside, or instead of, the usual ones. Custom fields are listed too.',
			options: [
				{
					displayName: 'Field',
					name: 'row',
					values: [
						{ displayName: 'Target Field Name or ID', name: 'field', type: 'options', typeOptions: { loadOptionsMethod: 'getFields' }, default: '', description: 'The field to fill. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.' },
						{
							displayName: 'Value From',
							name: 'source',
							type: 'options',
							options: [
								{ name: 'Document Field', value: 'documentField', description: 'A field of the incoming document' },
								{ name: 'JSONata Expression', value: 'expression', description: 'A formula over the document' },
							],
							default: 'documentField',
							description: 'Whether the value is taken as it is, or worked out',
						},
						{ displayName: 'Document Field', name: 'path', type: 'options', options: documentPaths(kind), default: '', displayOptions: { show: { source: ['documentField'] } }, description: 'Where the value comes from' },
						{ displayName: 'Expression', name: 'expression', type: 'string', default: '', placeholder: 'e.g. document.subject & " / " & document.number', displayOptions: { show: { source: ['expression'] } }, description: 'JSONata over <code>document</code> and <code>source</code>. See <a href="https://docs.jsonata.org">jsonata.org</a>.' },
					],
				},
			],
		}));
}

/** Where no order is made (`inCrm`), what concerns its writing has no effect and is not shown. */
export function unlessSkipped(properties: INodeProperties[]): INodeProperties[] {
	return properties.map((property) => {
		const { show, hide } = property.displayOptions ?? {};
		const writes = property.name !== 'inCrm' && (show?.resource?.includes('order') ?? false) && (show?.operation?.includes('upsert') ?? false);
		return writes ? { ...property, displayOptions: { show, hide: { ...hide, inCrm: ['skip'] } } } : property;
	});
}

/** Any module or model. */
export function recordProperties(wording: { module: string; filterHint: string; filterPlaceholder: string }): INodeProperties[] {
	const show = (...operation: string[]) => ({ show: { resource: ['record'], operation } });
	return [
		{
			displayName: wording.module,
			name: 'module',
			type: 'resourceLocator',
			required: true,
			default: { mode: 'list', value: '' },
			displayOptions: { show: { resource: ['record'] } },
			description: `The ${wording.module.toLowerCase()} to work on`,
			modes: [
				{ displayName: 'From List', name: 'list', type: 'list', typeOptions: { searchListMethod: 'searchModules', searchable: true } },
				{ displayName: 'By Name', name: 'id', type: 'string' },
			],
		},
		{ displayName: 'Record ID', name: 'recordId', type: 'string', required: true, default: '', displayOptions: show('recordGet', 'recordUpdate', 'recordDelete'), description: 'The system\'s own ID of the record' },
		{ displayName: 'Values', name: 'values', type: 'json', required: true, default: '{}', displayOptions: show('recordCreate', 'recordUpdate'), description: 'Field names and values as a JSON object' },
		{ displayName: 'Filter', name: 'filter', type: 'string', default: '', placeholder: wording.filterPlaceholder, displayOptions: show('recordGetAll'), description: wording.filterHint },
		returnAll(show('recordGetAll')),
		limit({ show: { ...show('recordGetAll').show, returnAll: [false] } }),
	];
}

const recordOperations: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['record'] } },
	options: [
		{ name: 'Create', value: 'recordCreate', description: 'Create a record', action: 'Create a record' },
		{ name: 'Delete', value: 'recordDelete', description: 'Delete a record', action: 'Delete a record' },
		{ name: 'Get', value: 'recordGet', description: 'Read a record', action: 'Get a record' },
		{ name: 'Get Many', value: 'recordGetAll', description: 'Read many records', action: 'Get many records' },
		{ name: 'Update', value: 'recordUpdate', description: 'Change fields of a record', action: 'Update a record' },
	],
	default: 'recordGet',
};

/** "Return All", with the wording that n8n asks for. */
export function returnAll(displayOptions: INodeProperties['displayOptions']): INodeProperties {
	return { displayName: 'Return All', name: 'returnAll', type: 'boolean', default: false, displayOptions, description: 'Whether to return all results or only up to a given limit' };
}

/** "Limit", with the wording that n8n asks for. */
export function limit(displayOptions: INodeProperties['displayOptions']): INodeProperties {
	return { displayName: 'Limit', name: 'limit', type: 'number', typeOptions: { minValue: 1 }, default: 50, displayOptions, description: 'Max number of results to return' };
}

function offered(capabilities: Capabilities): Kind[] {
	return KINDS.filter((kind) => (capabilities.kinds[kind]?.length ?? 0) > 0);
}

function article(noun: string): string {
	return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

function byName(a: { name: string }, b: { name: string }): number {
	return a.name.localeCompare(b.name);
}
