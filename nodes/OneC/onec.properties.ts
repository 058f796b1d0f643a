// Owns the parameters of the 1C node: puts those of documents and those of 1C's own objects together. No logic.
// The parameters of documents are called as every ERP node of the pack calls them, so that a template's ERP is swapped
// by swapping the node.
import type { INodeProperties } from 'n8n-workflow';
import { documentProperty, operationProperties, overrideProperties, readProperties, resourceProperty } from '../kit/properties';
import { documentOptions } from './onec.properties.documents';
import { objectProperties } from './onec.properties.objects';
import { registerProperties } from './onec.properties.registers';
import { objectOperationProperties, objectResources } from './onec.properties.resources';
import { serviceProperties } from './onec.properties.services';
import { extraOperations, wording } from './onec.properties.wording';
import { onec } from './onec.system';

const isRecord = ({ displayOptions }: INodeProperties) => displayOptions?.show?.resource?.includes('record') ?? false;

/** The documents first, then the objects of 1C. */
function resources(): INodeProperties {
	const documents = resourceProperty(onec.capabilities, wording);
	return { ...documents, options: [...(documents.options ?? []).filter((option) => !('value' in option && option.value === 'record')), ...objectResources] };
}

const NUMBER = 'e.g. 0000-000042';

/** What reading documents means in 1C: numbers of its own shape, and no date of change (reference 9). */
function reading(): INodeProperties[] {
	const filters: Record<string, Partial<INodeProperties>> = {
		modifiedSince: { displayName: 'Dated Since', displayOptions: { show: { '/resource': ['order', 'invoice'] } }, description: 'Only documents with a date of their own at or after this time: 1C keeps no time of change' },
		number: { placeholder: NUMBER },
	};
	return readProperties(onec.capabilities).map((property) => {
		if (property.name === 'filters') return { ...property, options: (property.options as INodeProperties[]).map((filter) => ({ ...filter, ...filters[filter.name] })) };
		if (property.name === 'documentId') return { ...property, modes: property.modes?.map((mode) => (mode.name === 'list' ? mode : { ...mode, placeholder: mode.name === 'number' ? NUMBER : 'e.g. 8d2f4c1a-5b7e-11ee-8c99-0242ac120002' })) };
		return property;
	});
}

export const onecProperties: INodeProperties[] = [
	resources(),
	...operationProperties(onec.capabilities, wording, extraOperations).filter((property) => !isRecord(property)),
	...objectOperationProperties,
	...reading(),
	documentProperty(['upsert', 'confirm', 'cancel']),
	...documentOptions,
	...overrideProperties(onec.capabilities),
	...objectProperties,
	...registerProperties,
	...serviceProperties,
];
