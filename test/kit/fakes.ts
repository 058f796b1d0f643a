// Owns stand-ins at the port and at n8n's border: a system that keeps documents in memory, and node contexts.
import type { IDataObject, IExecuteFunctions, ILoadOptionsFunctions, INode, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { documentSchema, KINDS, type Document, type DocumentOf, type Kind } from '../../nodes/core/documents';
import { Failure } from '../../nodes/core/failure';
import type { Capabilities, ChangeSet, ChangesQuery, Connector, ItemResult, LinkRequest, Outcome, System, UpsertOptions } from '../../nodes/core/port';

const VERBS = ['get', 'list', 'upsert', 'transition', 'link', 'changes', 'pending'] as const;
export const capabilities: Capabilities = {
	name: 'Fake',
	kinds: Object.fromEntries(KINDS.map((kind) => [kind, VERBS])),
	transitions: { opportunity: ['won'], order: ['confirmed', 'cancelled'] },
	pending: { quote: ['accepted'] },
};

/** Every call of the port, as it came. */
export type Call = { verb: string } & Record<string, unknown>;

export class FakeConnector implements Connector {
	readonly capabilities = capabilities;
	readonly calls: Call[] = [];
	documents: Document[] = [];
	changes: ChangeSet = { documents: [], cursor: { watermark: '2026-01-31T12:00:00Z', seen: {} }, more: false };
	/** What becomes of one document of a write; a thrown failure is that of the whole call. */
	fate: (document: Document) => ItemResult = (document) => written(document);
	linked: (request: LinkRequest) => ItemResult = ({ id, kind }) => ({ ok: true, value: outcome({ system: 'fake', kind, id, key: `fake:M:${id}` }) });

	async check() {
		return { version: 'Fake 1', user: 'integration', notes: ['Mind the gap.'] };
	}
	async get<K extends Kind>(kind: K, ref: string): Promise<DocumentOf<K>> {
		this.calls.push({ verb: 'get', kind, ref });
		const found = this.documents.find((document) => document.kind === kind && document.source?.id === ref.replace('number:', ''));
		if (!found) throw new Failure('missing', `There is no ${kind} ${ref}`);
		return found as DocumentOf<K>;
	}
	async *list<K extends Kind>(kind: K, query: object): AsyncGenerator<Array<DocumentOf<K>>> {
		this.calls.push({ verb: 'list', kind, ...query });
		const rows = this.documents.filter((document) => document.kind === kind) as Array<DocumentOf<K>>;
		for (let i = 0; i < rows.length; i += 2) yield rows.slice(i, i + 2);
	}
	async upsert(kind: Kind, documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		this.calls.push({ verb: 'upsert', kind, keys: documents.map(({ key }) => key), options });
		return documents.map(this.fate);
	}
	async transition(kind: Kind, documents: readonly Document[], state: string): Promise<ItemResult[]> {
		this.calls.push({ verb: 'transition', kind, keys: documents.map(({ key }) => key), state });
		return documents.map(this.fate);
	}
	async link(requests: readonly LinkRequest[]): Promise<ItemResult[]> {
		this.calls.push({ verb: 'link', requests });
		return requests.map(this.linked);
	}
	async changesSince(kind: Kind, query: ChangesQuery): Promise<ChangeSet> {
		this.calls.push({ verb: 'changesSince', kind, ...query });
		return this.changes;
	}
	async pending(kind: Kind, state: string, query: { limit: number; skip: ReadonlySet<string> }): Promise<Document[]> {
		this.calls.push({ verb: 'pending', kind, state, limit: query.limit, skip: [...query.skip] });
		return this.documents.filter((document) => !query.skip.has(document.source?.id ?? document.key)).slice(0, query.limit);
	}
	moduleOf(kind: Kind): string {
		return MODULES[kind];
	}
	async choices(list: string) {
		return [{ name: `All of ${list}`, value: '1' }];
	}
	readonly records = new FakeRecords(this.calls);
}

/** As vtiger calls them. */
const MODULES: Record<Kind, string> = { customer: 'Accounts', product: 'Products', opportunity: 'Potentials', quote: 'Quotes', order: 'SalesOrder', invoice: 'Invoice' };

class FakeRecords {
	constructor(private readonly calls: Call[]) {}
	async modules() {
		return [{ name: 'Leads', label: 'Leads' }, { name: 'HelpDesk', label: 'Tickets' }];
	}
	async fields(module: string) {
		const field = { type: 'text' as const, required: false, writable: true, custom: false };
		return [{ ...field, name: 'subject', label: 'Subject' }, { ...field, name: 'cf_1', label: 'Colour', custom: true }, { ...field, name: 'id', label: 'ID', writable: false, module }];
	}
	async get(module: string, id: string): Promise<Record<string, unknown>> {
		this.calls.push({ verb: 'records.get', module, id });
		if (id === 'none') throw new Failure('missing', 'No such record');
		return { id, module };
	}
	async *list(module: string, filter: string | undefined, limit: number | undefined): AsyncGenerator<Array<Record<string, unknown>>> {
		this.calls.push({ verb: 'records.list', module, filter, limit });
		yield [{ id: '1' }, { id: '2' }];
		yield [{ id: '3' }];
	}
	async create(module: string, values: Record<string, unknown>): Promise<Record<string, unknown>> {
		this.calls.push({ verb: 'records.create', module, values });
		return { id: '9', ...values };
	}
	async update(module: string, id: string, values: Record<string, unknown>): Promise<Record<string, unknown>> {
		this.calls.push({ verb: 'records.update', module, id, values });
		return { id, ...values };
	}
	async remove(module: string, id: string): Promise<void> {
		this.calls.push({ verb: 'records.remove', module, id });
	}
}

export function outcome(ref: Outcome['ref'], values: Partial<Outcome> = {}): Outcome {
	return { outcome: 'updated', ref, changed: {}, notes: [], ...values };
}

/** A document as written by the fake system. */
export function written(document: Document): ItemResult {
	return { ok: true, value: outcome({ system: 'fake', kind: document.kind, id: `id of ${document.key}`, key: `fake:M:${document.key}`, number: 'F1' }, { outcome: 'created', changed: { name: { after: 'x' } } }) };
}

/** The system that always gives this connector. */
export function systemOf(connector: Connector): System {
	return {
		capabilities,
		endpoint: (credential) => ({ baseUrl: String(credential.url ?? 'http://127.0.0.1:1'), allowSelfSigned: false, requestsPerMinute: 0, maxConcurrent: 1, idleMs: 1_000 }),
		connect: () => connector,
	};
}

/** An accepted quote of vtiger. */
export function quote(id: string, values: IDataObject = {}): Document {
	return documentSchema.parse({ kind: 'quote', key: `vtiger:Quotes:${id}`, number: `QUO${id}`, status: 'accepted', source: { installation: 'vtiger', module: 'Quotes', id }, ...values });
}

export function asItem(document: Document): IDataObject {
	return JSON.parse(JSON.stringify(document)) as IDataObject;
}

export const NODE: INode = { id: 'n1', name: 'A node', type: 'n8n-nodes-crm-erp.fake', typeVersion: 1, position: [0, 0], parameters: {} };

type Parameters = Record<string, unknown | ((index: number) => unknown)>;

function parameterOf(parameters: Parameters) {
	return (name: string, index: number, fallback?: unknown) => {
		const value = parameters[name] === undefined ? fallback : parameters[name];
		// As n8n does for a parameter that the node does not show.
		if (value === undefined) throw new Error(`Could not get parameter "${name}"`);
		return typeof value === 'function' ? (value as (index: number) => unknown)(index) : value;
	};
}

/** What n8n gives `execute`. A parameter may be a function of the item's index, as an expression is. */
export function executeContext(items: INodeExecutionData[], parameters: Parameters, values: { continueOnFail?: boolean; credential?: IDataObject } = {}): IExecuteFunctions {
	return {
		getInputData: () => items,
		getNodeParameter: parameterOf(parameters),
		getCredentials: async () => values.credential ?? { test: Math.random() },
		getNode: () => NODE,
		continueOnFail: () => values.continueOnFail ?? false,
	} as unknown as IExecuteFunctions;
}

/** What n8n gives `poll`. `data` is the node's static data, kept as JSON between polls. */
export function pollContext(parameters: Parameters, values: { data?: IDataObject; mode?: string; workflow?: string; credential?: IDataObject } = {}): IPollFunctions & { warnings: string[] } {
	const warnings: string[] = [];
	return {
		warnings,
		getNodeParameter: (name: string, fallback?: unknown) => parameterOf(parameters)(name, 0, fallback),
		getCredentials: async () => values.credential ?? { test: Math.random() },
		getNode: () => NODE,
		getWorkflow: () => ({ id: values.workflow ?? 'w1', active: true, name: 'W' }),
		getMode: () => values.mode ?? 'trigger',
		getWorkflowStaticData: () => values.data ?? {},
		logger: { warn: (text: string) => warnings.push(text) },
	} as unknown as IPollFunctions & { warnings: string[] };
}

/** What n8n gives the editor's pickers. */
export function optionsContext(parameters: Parameters): ILoadOptionsFunctions {
	return {
		getCredentials: async () => ({ test: Math.random() }),
		getCurrentNodeParameter: (name: string) => parameters[name],
		getNode: () => NODE,
	} as unknown as ILoadOptionsFunctions;
}
