// Owns what the editor offers to choose from, all of it asked through the port.
import type { ILoadOptionsFunctions, INodeListSearchResult, INodePropertyOptions } from 'n8n-workflow';
import { describeDocument, KINDS, type Document, type Kind } from '../core/documents';
import { collect } from '../core/pages';
import type { Connector, System } from '../core/port';
import { connectorOf } from './connectors';
import { nodeError } from './errors';

/** A picker shows the newest few; anything else is found by its number or id. */
const LONGEST_LIST = 50;

/** A list of the system's own: its name in `Connector.choices`, and the parameter whose value it depends on. */
export interface OwnList {
	list: string;
	of?: string;
}

/**
 * The `methods` of a system's node: lists for its pickers.
 *
 * @param own lists that only this system has, by the name of the method; each serves a list to load and one to search in
 */
export function choiceMethods(system: System, credentialName: string, own: Readonly<Record<string, OwnList>> = {}) {
	const connect = async (context: ILoadOptionsFunctions): Promise<Connector> => await connectorOf(credentialName, system, context, (parameter) => context.getCurrentNodeParameter(parameter));
	const guarded =
		<T>(load: (connector: Connector, context: ILoadOptionsFunctions, filter?: string) => Promise<T>) =>
		async function (this: ILoadOptionsFunctions, filter?: string): Promise<T> {
			try {
				return await load(await connect(this), this, filter);
			} catch (error) {
				throw nodeError(this.getNode(), error);
			}
		};
	const given = async (connector: Connector, context: ILoadOptionsFunctions, { list: name, of }: OwnList) => await connector.choices(name, of === undefined ? undefined : chosen(context.getCurrentNodeParameter(of)));
	const list = (name: string, of?: string) => guarded<INodePropertyOptions[]>(async (connector, context) => await given(connector, context, { list: name, of }));
	const search = (entry: OwnList) => guarded<INodeListSearchResult>(async (connector, context, filter) => ({ results: filtered(await given(connector, context, entry), filter) }));
	return {
		loadOptions: {
			getFields: guarded<INodePropertyOptions[]>(async (connector, context) => await fieldOptions(connector, kindOf(context))),
			getTaxes: list('taxes'),
			getProductCodes: list('productCodes'),
			...Object.fromEntries(Object.entries(own).map(([method, { list: name, of }]) => [method, list(name, of)])),
		},
		listSearch: {
			searchDocuments: guarded<INodeListSearchResult>(async (connector, context, filter) => await documentResults(connector, kindOf(context), filter)),
			searchModules: guarded<INodeListSearchResult>(async (connector, _context, filter) => {
				const modules = await connector.records.modules();
				return { results: filtered(modules.map(({ name, label }) => ({ name: label === name ? name : `${label} (${name})`, value: name })), filter) };
			}),
			...Object.fromEntries(Object.entries(own).map(([method, entry]) => [method, search(entry)])),
		},
	};
}

/** The value of a parameter, a resource locator's included. */
function chosen(value: unknown): string {
	return String((typeof value === 'object' && value !== null && 'value' in value ? value.value : value) ?? '');
}

function kindOf(context: ILoadOptionsFunctions): Kind {
	const resource = context.getCurrentNodeParameter('resource');
	return KINDS.includes(resource as Kind) ? (resource as Kind) : 'customer';
}

async function fieldOptions(connector: Connector, kind: Kind): Promise<INodePropertyOptions[]> {
	const fields = await connector.records.fields(connector.moduleOf(kind));
	return fields
		.filter((field) => field.writable)
		.map((field) => ({ name: `${field.label} (${field.name})`, value: field.name, description: field.custom ? 'Custom field' : field.type }))
		.sort((a, b) => a.name.localeCompare(b.name));
}

async function documentResults(connector: Connector, kind: Kind, filter: string | undefined): Promise<INodeListSearchResult> {
	const documents = await collect<Document>(connector.list(kind, { limit: LONGEST_LIST }), LONGEST_LIST);
	const results = documents.map((document) => ({ name: describeDocument(document), value: document.source?.id ?? document.key, url: document.source?.url }));
	return { results: filtered(results, filter) };
}

function filtered<T extends { name: string }>(results: T[], filter: string | undefined): T[] {
	const wanted = filter?.toLowerCase();
	return wanted ? results.filter((result) => result.name.toLowerCase().includes(wanted)) : results;
}
