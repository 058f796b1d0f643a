// Owns the parameters of the REST node: puts those of documents, plain records and profiles together. No logic.
// Every kind is offered: which of them a server has is known only once a profile is chosen, and is said then.
import type { INodeProperties } from 'n8n-workflow';
import { documentProperty, operationProperties, overrideProperties, readProperties, recordProperties, resourceProperty, unlessSkipped } from '../kit/properties';
import { documentOptions } from './rest.properties.documents';
import { profileOperationProperties, profileProperties, profileResources } from './rest.properties.profile';
import { extraOperations, wording } from './rest.properties.wording';
import { rest } from './rest.system';

/** The documents and plain records first, then what concerns the profile. */
function resources(): INodeProperties {
	const documents = resourceProperty(rest.capabilities, wording);
	return { ...documents, options: [...(documents.options ?? []).filter((option) => !('value' in option && option.value === 'record')), ...profileResources] };
}

/** Any endpoint: one that the profile names, or a path. */
function endpoints(): INodeProperties[] {
	return recordProperties({ module: 'Endpoint', filterHint: 'Condition in the words of the API: for OData a $filter, else name=value&name=value', filterPlaceholder: "e.g. displayName eq 'Example' or status=open" }).map((property) =>
		property.name === 'module' ? { ...property, modes: property.modes?.map((mode) => (mode.name === 'id' ? { ...mode, displayName: 'By Name or Path', placeholder: 'e.g. customers or sales/orders' } : mode)) } : property,
	);
}

export const restProperties: INodeProperties[] = [
	resources(),
	...operationProperties(rest.capabilities, wording, extraOperations),
	...profileOperationProperties,
	...readProperties(rest.capabilities),
	documentProperty(['upsert', 'confirm', 'cancel', 'markAsWon', 'link']),
	...unlessSkipped([...documentOptions, ...overrideProperties(rest.capabilities)]),
	...endpoints(),
	...profileProperties,
];
