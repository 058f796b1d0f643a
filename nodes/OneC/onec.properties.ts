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

export const onecProperties: INodeProperties[] = [
	resources(),
	...operationProperties(onec.capabilities, wording, extraOperations).filter((property) => !isRecord(property)),
	...objectOperationProperties,
	...readProperties(onec.capabilities),
	documentProperty(['upsert', 'confirm', 'cancel']),
	...documentOptions,
	...overrideProperties(onec.capabilities),
	...objectProperties,
	...registerProperties,
	...serviceProperties,
];
