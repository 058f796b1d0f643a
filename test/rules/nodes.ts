// Owns what the rules know of the nodes: each loaded from its file, with its parameters flattened.
import path from 'node:path';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions, INodeType, NodeParameterValueType } from 'n8n-workflow';
import { filesIn, root } from './sources';

export interface LoadedNode {
	file: string;
	/** `Vtiger`: the class, and the file's name. */
	className: string;
	node: INodeType;
}

/** All nodes of the pack. */
export function loadNodes(): LoadedNode[] {
	return filesIn('nodes', '.node.ts').map((file) => {
		const className = path.posix.basename(file, '.node.ts');
		const classes = jest.requireActual<Record<string, new () => INodeType>>(path.join(root, file));
		return { file, className, node: new classes[className]!() };
	});
}

type Entry = INodeProperties | INodePropertyOptions | INodePropertyCollection;

/** All parameters of a list, those inside collections included. */
export function allProperties(properties: readonly INodeProperties[]): INodeProperties[] {
	return properties.flatMap((property) => [property, ...allProperties(insideOf(property))]);
}

/** The parameters inside a collection. */
export function insideOf(property: INodeProperties): INodeProperties[] {
	const entries: Entry[] = property.options ?? [];
	if (property.type === 'collection') return entries as INodeProperties[];
	if (property.type === 'fixedCollection') return entries.flatMap((entry) => (entry as INodePropertyCollection).values);
	return [];
}

/** The values of an options parameter; undefined when they are loaded at run time. */
export function optionValues(property: INodeProperties): NodeParameterValueType[] | undefined {
	if (property.type !== 'options' && property.type !== 'multiOptions') return undefined;
	if (property.typeOptions?.loadOptionsMethod) return undefined;
	return (property.options as INodePropertyOptions[]).map(({ value }) => value);
}

/** All values that the parameter of this name offers anywhere in a node. */
export function valuesOf(properties: readonly INodeProperties[], name: string): string[] {
	return [...new Set(properties.filter((property) => property.name === name).flatMap((property) => optionValues(property) ?? []).map(String))].sort();
}
