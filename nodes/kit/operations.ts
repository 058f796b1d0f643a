// Owns what each operation of the nodes does with the items: parameters in, port calls, documents out.
// Knows the port and the names of the parameters; must not know any system.
import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import { describeDocument, documentSchema, KINDS, refTo, withRef, type Document, type Invoice, type Kind, type Link } from '../core/documents';
import { asFailure, Failure, FAILURE_KINDS, needsPerson } from '../core/failure';
import { iso } from '../core/changes';
import { parseKey } from '../core/keys';
import type { Action, Blob, Connector, ItemResult, LinkRequest, Outcome, UpsertOptions } from '../core/port';
import { longNumber } from '../core/values';
import { upsertOptions } from './options';

/** What one item became: rows, some of them with a file, or a failure. */
export type ItemOutput = { json: IDataObject[]; files?: Array<Blob | undefined> } | { failure: Failure };

export interface OperationContext {
	connector: Connector;
	resource: string;
	items: IDataObject[];
	parameter(name: string, index: number, fallback?: unknown): unknown;
	/** An incoming item's file. */
	binary(name: string, index: number): Promise<Blob>;
}

export type Operation = (context: OperationContext) => Promise<ItemOutput[]>;

/** By the value of the `operation` parameter. */
export const operations: Record<string, Operation> = {
	get: eachItem(async ({ connector, resource, parameter }, index) => {
		const document = await connector.get(kindOf(resource), locator(parameter('documentId', index)));
		return [asJson(document)];
	}),
	getAll: eachItem(async ({ connector, resource, parameter }, index) => {
		const limit = parameter('returnAll', index, false) === true ? undefined : Number(parameter('limit', index, 50));
		const filters = listFilters.parse(parameter('filters', index, {}));
		const where = filters.number ? { number: filters.number } : undefined;
		const modifiedSince = filters.modifiedSince ? utc(filters.modifiedSince) : undefined;
		// A filter of ours drops documents after they were read, so the limit counts what is left.
		const pages = connector.list(kindOf(resource), { limit: filters.onlyLinked ? undefined : limit, modifiedSince, where });
		return (await take(pages, limit, (document) => !filters.onlyLinked || isLinked(document))).map(asJson);
	}),
	upsert: upsertDocuments,
	markAsWon: async (context) => await move(context, 'won'),
	confirm: async (context) => await move(context, 'confirmed'),
	cancel: async (context) => await move(context, 'cancelled'),
	link: linkDocuments,
	recordGet: eachItem(async ({ connector, parameter }, index) => [
		(await connector.records.get(module(parameter, index), String(parameter('recordId', index)))) as IDataObject,
	]),
	recordGetAll: eachItem(async ({ connector, parameter }, index) => {
		const limit = parameter('returnAll', index, false) === true ? undefined : Number(parameter('limit', index, 50));
		const filter = String(parameter('filter', index, '') ?? '') || undefined;
		return (await take(connector.records.list(module(parameter, index), filter, limit), limit)) as IDataObject[];
	}),
	recordCreate: eachItem(async ({ connector, parameter }, index) => [
		(await connector.records.create(module(parameter, index), recordValues(parameter('values', index)))) as IDataObject,
	]),
	recordUpdate: eachItem(async ({ connector, parameter }, index) => [
		(await connector.records.update(module(parameter, index), String(parameter('recordId', index)), recordValues(parameter('values', index)))) as IDataObject,
	]),
	recordDelete: eachItem(async ({ connector, parameter }, index) => {
		await connector.records.remove(module(parameter, index), String(parameter('recordId', index)));
		return [{ deleted: true }];
	}),
};

/** An operation that only this system has, for each item. */
export function actionOperation(action: Action): Operation {
	return async (context) => {
		const outputs: ItemOutput[] = [];
		for (const index of context.items.keys()) {
			try {
				// n8n throws for a parameter that is not shown, unless something else is given for it.
				const rows = await action({ parameter: (name) => context.parameter(name, index, null) ?? undefined, binary: async (name) => await context.binary(name, index) });
				outputs.push({ json: rows.map((row) => row.json as IDataObject), files: rows.map((row) => row.binary) });
			} catch (error) {
				outputs.push({ failure: asFailure(error) });
			}
		}
		return outputs;
	};
}

const listFilters = z.object({ modifiedSince: z.string().optional(), number: z.string().optional(), onlyLinked: z.boolean().optional() });

/** The first `limit` rows that are wanted. */
async function take<T>(pages: AsyncIterable<T[]>, limit = Infinity, wanted: (row: T) => boolean = () => true): Promise<T[]> {
	const rows: T[] = [];
	for await (const page of pages) {
		rows.push(...page.filter(wanted));
		if (rows.length >= limit) return rows.slice(0, limit);
	}
	return rows;
}

/** Whether the document belongs to a record of another system, e.g. an invoice of an order that came from the CRM. */
function isLinked(document: Document): boolean {
	return document.kind !== 'invoice' || document.orders.some((order) => order.sourceKey !== undefined);
}

type Parameter = OperationContext['parameter'];

/** An operation that treats items one by one; a failed item does not stop the others. */
function eachItem(run: (context: OperationContext, index: number) => Promise<IDataObject[]>): Operation {
	return async (context) => {
		const outputs: ItemOutput[] = [];
		for (const index of context.items.keys()) {
			try {
				outputs.push({ json: await run(context, index) });
			} catch (error) {
				outputs.push({ failure: asFailure(error) });
			}
		}
		return outputs;
	};
}

/** All items with the same options go to the system in one call: that is where speed lives. */
async function upsertDocuments(context: OperationContext): Promise<ItemOutput[]> {
	const kind = kindOf(context.resource);
	return await inGroups(
		context,
		(index) => upsertOptions(context.parameter, index),
		async (documents, options: UpsertOptions & { skip?: boolean }) =>
			options.skip ? documents.map(() => undefined) : await context.connector.upsert(kind, documents, options),
	);
}

async function move(context: OperationContext, state: string): Promise<ItemOutput[]> {
	const kind = kindOf(context.resource);
	return await inGroups(context, () => ({}), async (documents) => await context.connector.transition(kind, documents, state));
}

/**
 * Reads each item's document, sends those with equal options together and puts the results back in place.
 * `undefined` as a result leaves the document as it came.
 */
async function inGroups<O>(context: OperationContext, optionsOf: (index: number) => O, send: (documents: Document[], options: O) => Promise<Array<ItemResult | undefined>>): Promise<ItemOutput[]> {
	const outputs: ItemOutput[] = new Array<ItemOutput>(context.items.length);
	const groups = new Map<string, { options: O; entries: Array<{ index: number; document: Document }> }>();
	for (const index of context.items.keys()) {
		try {
			const document = readDocument(context.parameter('document', index, context.items[index]));
			const options = optionsOf(index);
			const id = JSON.stringify(options);
			const group = groups.get(id) ?? { options, entries: [] };
			group.entries.push({ index, document });
			groups.set(id, group);
		} catch (error) {
			outputs[index] = { failure: asFailure(error) };
		}
	}
	for (const { options, entries } of groups.values()) {
		const results = await sendGroup(entries.map((entry) => entry.document), options, send);
		entries.forEach(({ index, document }, i) => (outputs[index] = resultOutput(context, index, document, results[i])));
	}
	return outputs;
}

async function sendGroup<O>(documents: Document[], options: O, send: (documents: Document[], options: O) => Promise<Array<ItemResult | undefined>>): Promise<Array<ItemResult | undefined>> {
	if (documents.length === 0) return [];
	try {
		const results = await send(documents, options);
		if (results.length !== documents.length) throw new Failure('unknown', `${results.length} results came back for ${documents.length} documents`);
		return results;
	} catch (error) {
		const failure = asFailure(error);
		return documents.map((document) => ({ ok: false, failure: failure.on(describeDocument(document)) }));
	}
}

function resultOutput(context: OperationContext, index: number, document: Document, result: ItemResult | undefined): ItemOutput {
	if (result && !result.ok) return { failure: result.failure.on(describeDocument(document)) };
	const kept = context.items[index]!;
	if (!result) return { json: [{ ...kept, ...asJson(document) }] };
	return { json: [{ ...kept, ...asJson(withRef(document, { ...result.value.ref, outcome: result.value.outcome })), result: outcomeJson(result.value) }] };
}

function outcomeJson({ outcome, changed, proof, notes, ref }: Outcome): IDataObject {
	return JSON.parse(JSON.stringify({ outcome, system: ref.system, id: ref.id, number: ref.number, url: ref.url, changed, proof, notes })) as IDataObject;
}

/** Writes the other system's number and state, or a reason, onto the records the documents came from. */
async function linkDocuments(context: OperationContext): Promise<ItemOutput[]> {
	const outputs: ItemOutput[] = new Array<ItemOutput>(context.items.length);
	const requests: Array<{ index: number; document: Document; request: LinkRequest }> = [];
	for (const index of context.items.keys()) {
		try {
			const document = readDocument(context.parameter('document', index, context.items[index]));
			const request = linkRequest(context, document, index);
			if (request) requests.push({ index, document, request });
			else outputs[index] = { json: [{ ...context.items[index], ...asJson(document) }] };
		} catch (error) {
			outputs[index] = { failure: asFailure(error) };
		}
	}
	const results = await sendGroup(requests.map(({ document }) => document), undefined, async () => await context.connector.link(requests.map(({ request }) => request)));
	requests.forEach(({ index, document }, i) => (outputs[index] = resultOutput(context, index, document, results[i])));
	return outputs;
}

/** Which record is meant: the one the document came from, or the one an earlier node wrote in this system. */
function linkRequest(context: OperationContext, document: Document, index: number): LinkRequest | undefined {
	const kind = kindOf(context.resource);
	const { status, message } = verdict(context, index);
	const { name } = context.connector.capabilities;
	const own = ownRecord(context.connector, document, kind);
	if (!own) {
		// A flow that makes no sales order in the CRM has none to write on.
		if (context.parameter('ifMissing', index, 'skip') === 'skip') return undefined;
		throw new Failure('missing', `It carries no ${kind} of ${name}`, { record: describeDocument(document), advice: `Put a step that reads or writes the ${kind} in ${name} before this one` });
	}
	const target = document.refs.find((ref) => ref.system !== own.system && ref.kind === (kind === 'quote' ? 'order' : kind));
	const link: Partial<Link> = { ...(target ? { key: target.key, number: target.number } : {}), ...(status ? { status } : {}), message };
	return { kind, id: own.id, record: describeDocument(document), link, current: own.fromSource ? document.link : undefined };
}

/** Status and message to write: as chosen, or as the failure on the item asks for. */
function verdict(context: OperationContext, index: number): { status: string; message: string } {
	const status = String(context.parameter('erpStatus', index, '') ?? '');
	const message = String(context.parameter('erpMessage', index, '') ?? '');
	const failure = failureOn.safeParse(context.items[index]?.error);
	if (status !== 'fromFailure') return { status, message };
	if (!failure.success) throw new Failure('rejected', 'The item carries no failure', { advice: 'Connect this node to the error output of a node of this pack, or choose another ERP status' });
	return { status: needsPerson(failure.data.kind) ? 'Needs attention' : 'Pending', message: message || failure.data.reason };
}

const failureOn = z.object({ kind: z.enum(FAILURE_KINDS), reason: z.string() });

function ownRecord(connector: Connector, document: Document, kind: Kind): { id: string; system: string; fromSource: boolean } | undefined {
	const source = document.source;
	if (source && source.module === connector.moduleOf(kind)) return { id: source.id, system: source.installation, fromSource: true };
	const ref = document.refs.find((r) => r.kind === kind && r.system === source?.installation) ?? (source ? refTo(document, source.installation, kind) : undefined);
	if (ref) return { id: ref.id, system: ref.system, fromSource: false };
	return document.kind === 'invoice' ? orderedRecord(connector, document, kind) : undefined;
}

/** For an invoice from the ERP: the CRM record that its order was made from. */
function orderedRecord(connector: Connector, invoice: Invoice, kind: Kind): { id: string; system: string; fromSource: boolean } | undefined {
	const key = invoice.orders.map((order) => parseKey(order.sourceKey ?? '')).find((parts) => parts !== undefined);
	const fits = key && (key.module === '*' || key.module === connector.moduleOf(kind));
	return fits ? { id: key.id, system: key.installation, fromSource: false } : undefined;
}

/** @throws Failure `rejected` that says what is wrong with the item */
export function readDocument(value: unknown): Document {
	const input = typeof value === 'string' ? parseJson(value, 'Document', 'Leave it at the incoming item: {{ $json }}') : value;
	const kind = (input as { kind?: unknown } | null)?.kind;
	if (!KINDS.includes(kind as Kind)) {
		throw new Failure('rejected', 'The incoming item is not a business document', {
			advice: `Feed this node from a node of this pack (a trigger, or a get or create operation). A document has "kind" (${KINDS.join(', ')}) and "key"`,
		});
	}
	const parsed = documentSchema.safeParse(input);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0]!;
	throw new Failure('rejected', `The ${String(kind)} document is not complete: ${issue.path.join('.')}: ${issue.message}`, {
		advice: 'Look at the item that comes into this node',
	});
}

function parseJson(text: string, parameter: string, advice: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		throw new Failure('rejected', `The parameter "${parameter}" is not JSON`, { advice });
	}
}

function recordValues(value: unknown): Record<string, unknown> {
	const advice = 'e.g. {"name": "Example"}';
	const long = typeof value === 'string' ? longNumber(value) : undefined;
	if (long !== undefined) throw new Failure('rejected', `The parameter "Values" holds the number ${long}, which has more digits than are kept`, { advice: 'Write it in quotes, as a text' });
	const parsed = typeof value === 'string' ? parseJson(value, 'Values', advice) : value;
	const result = z.record(z.unknown()).safeParse(parsed);
	if (!result.success) throw new Failure('rejected', 'The parameter "Values" is not a JSON object', { advice });
	return result.data;
}

function kindOf(resource: string): Kind {
	if (KINDS.includes(resource as Kind)) return resource as Kind;
	throw new Failure('rejected', `"${resource}" is not a kind of document`);
}

/** The value of a resource locator or a plain text. */
export function locator(value: unknown): string {
	const inner = typeof value === 'object' && value !== null && 'value' in value ? (value as { value: unknown; mode?: unknown }) : undefined;
	const text = String(inner ? (inner.value ?? '') : (value ?? '')).trim();
	if (!text) throw new Failure('rejected', 'No record is chosen', { advice: 'Choose one from the list, or enter its id' });
	return inner && 'mode' in inner && inner.mode === 'number' ? `number:${text}` : text;
}

function module(parameter: Parameter, index: number): string {
	return locator(parameter('module', index));
}

function utc(text: string): string {
	const time = Date.parse(text);
	if (Number.isNaN(time)) throw new Failure('rejected', `"${text}" is not a date`, { advice: 'e.g. 2026-01-31T00:00:00Z' });
	return iso(time);
}

function asJson(document: Document): IDataObject {
	// Members that are undefined would show as empty columns.
	return JSON.parse(JSON.stringify(document)) as IDataObject;
}
