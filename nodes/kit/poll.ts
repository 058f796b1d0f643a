// Owns the one poll of all trigger nodes: load the state, drain, emit, then save; one poll at a time per node.
// n8n saves a poll's static data before the workflow has run (reference n8n-host.md, section 4), so nothing here
// is trusted for "done": work by state comes again until its link is written, changes are read with an overlap.
import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { fingerprint, iso } from '../core/changes';
import { describeDocument, KINDS, type Document, type Kind } from '../core/documents';
import { asFailure, Failure } from '../core/failure';
import { collect } from '../core/pages';
import type { Connector, System } from '../core/port';
import { connectorOf } from './connectors';
import { nodeError } from './errors';
import { systemClock } from './http';

/** What a trigger watches, read from its parameters. */
export type Watch =
	| { by: 'state'; kind: Kind; state: string; limit: number; holdBackMs: number; maxTries: number }
	| { by: 'change'; kind: Kind; limit: number; from?: string; overlapMs: number; onlyLinked: boolean; onlyState?: string; again?: string }
	| { by: 'stream'; stream: string; limit: number; parameters: IDataObject };

/** Documents handed over and not yet linked: id -> until when they are held back and how often they were handed over. */
export type Held = Record<string, { until: number; tries: number }>;

/** Rows of a stream in one poll: some sources are read from the start for every portion. */
const MOST_ROWS = 1_000;

const heldSchema = z.record(z.object({ until: z.number(), tries: z.number() }));
const cursorSchema = z.object({
	watermark: z.string(),
	seen: z.record(z.object({ at: z.string(), print: z.string() })),
	open: z.object({ from: z.string(), afterId: z.string(), newest: z.string(), since: z.number().optional() }).optional(),
});

/** n8n starts polls of one node while an earlier one still runs; a second one would emit the same rows again. */
const inFlight = new Set<string>();

/** The `poll` of a system's trigger. */
export async function pollNode(context: IPollFunctions, system: System, credentialName: string, watch: Watch): Promise<INodeExecutionData[][] | null> {
	// A person's test run asks for one document and changes nothing: it need not wait for the schedule's poll.
	const id = `${context.getMode()}:${context.getWorkflow().id}:${context.getNode().id}`;
	if (inFlight.has(id) && context.getMode() !== 'manual') return null;
	inFlight.add(id);
	try {
		const connector = await connectorOf(credentialName, system, context, (parameter) => context.getNodeParameter(parameter, null));
		const rows = watch.by === 'stream' ? await drainStream(context, connector, watch) : (context.getMode() === 'manual' ? await sample(connector, watch) : await drain(context, connector, watch)).map(toJson);
		return rows.length > 0 ? [rows.map((json) => ({ json }))] : null;
	} catch (error) {
		const failure = asFailure(error);
		throw nodeError(context.getNode(), failure);
	} finally {
		inFlight.delete(id);
	}
}

type DocumentWatch = Exclude<Watch, { by: 'stream' }>;

/** A person's test run sees one row and keeps no state: what it read comes again. */
async function drainStream(context: IPollFunctions, connector: Connector, { stream, limit, parameters }: Extract<Watch, { by: 'stream' }>): Promise<IDataObject[]> {
	const read = connector.streams?.[stream];
	if (!read) throw new Failure('rejected', `The event "${stream}" does not exist`);
	const manual = context.getMode() === 'manual';
	const data = context.getWorkflowStaticData('node');
	// Other parameters are another source: it starts afresh. A changed limit is none.
	const { limit: _limit, ...options } = (parameters.options ?? {}) as IDataObject;
	const subject = `stream:${stream}:${fingerprint({ ...parameters, options })}`;
	const { rows, state } = await read({ parameters, state: data.subject === subject ? data.stream : undefined, limit: manual ? 1 : limit, manual });
	if (!manual) Object.assign(data, { subject, stream: state });
	return rows as IDataObject[];
}

/** For the editor's "Test step": a real document, without touching what the next poll starts from. */
async function sample(connector: Connector, watch: DocumentWatch): Promise<Document[]> {
	if (watch.by === 'state') return await connector.pending(watch.kind, watch.state, { limit: 1, skip: new Set() });
	return await collect<Document>(connector.list(watch.kind, { limit: 1 }), 1);
}

async function drain(context: IPollFunctions, connector: Connector, watch: DocumentWatch): Promise<Document[]> {
	const data = context.getWorkflowStaticData('node');
	// Another event or kind starts afresh; a changed limit or waiting time does not.
	const subject = `${watch.by}:${watch.kind}:${watch.by === 'state' ? watch.state : [watch.from ?? '', ...(watch.again ? [watch.again] : [])].join(':')}`;
	if (data.subject !== subject) {
		delete data.held;
		delete data.cursor;
		data.subject = subject;
	}
	if (watch.by === 'state') {
		const held = heldSchema.catch({}).parse(data.held ?? {});
		const result = await drainState(connector, watch, held, systemClock.now(), (text) => context.logger.warn(text));
		data.held = result.held;
		return result.documents;
	}
	const cursor = cursorSchema.optional().catch(undefined).parse(data.cursor);
	const changes = await connector.changesSince(watch.kind, { cursor, from: watch.from, overlapMs: watch.overlapMs, budget: watch.limit, onlyLinked: watch.onlyLinked });
	data.cursor = changes.cursor as unknown as IDataObject;
	return watch.onlyState ? changes.documents.filter((document) => 'status' in document && document.status === watch.onlyState) : changes.documents;
}

/**
 * Documents that are due: in the state, without a link, not handed over a moment ago. One that came back
 * `maxTries` times is marked on its record, where people see it, instead of knocking for ever.
 */
export async function drainState(connector: Connector, watch: Extract<Watch, { by: 'state' }>, held: Held, now: number, warn: (text: string) => void): Promise<{ documents: Document[]; held: Held }> {
	const skip = new Set(Object.entries(held).filter(([, entry]) => entry.until > now).map(([id]) => id));
	const found = await connector.pending(watch.kind, watch.state, { limit: watch.limit, skip });
	// Where more is due than was asked for, one that was not found is not done: its tries go on counting.
	const cut = found.length >= watch.limit;
	const next = new Map(Object.entries(held).filter(([id]) => cut || skip.has(id)));
	const documents: Document[] = [];
	for (const document of found) {
		const id = document.source?.id ?? document.key;
		const tries = (held[id]?.tries ?? 0) + 1;
		next.set(id, { until: now + watch.holdBackMs, tries });
		if (tries <= watch.maxTries) documents.push(document);
		// Marked: it is forgotten here, so that it starts afresh when a person clears the status.
		else if (await giveUp(connector, document, watch.maxTries, warn)) next.delete(id);
	}
	return { documents, held: Object.fromEntries(next) };
}

/** Whether the record could be marked. If not, it stays held back and is marked at its next return; the other documents go on. */
async function giveUp(connector: Connector, document: Document, tries: number, warn: (text: string) => void): Promise<boolean> {
	const message = `Handed to the workflow ${tries} times and no ERP number came back. Look at the workflow's executions in n8n, then clear the ERP status to try again.`;
	const record = describeDocument(document);
	try {
		const [result] = await connector.link([{ kind: document.kind, id: document.source?.id ?? document.key, record, link: { status: 'Needs attention', message } }]);
		if (!result || !result.ok) throw result?.failure ?? new Failure('unknown', 'No answer came');
		if (result.value.outcome !== 'skipped') return true;
		throw new Failure('rejected', result.value.notes.join('. ') || 'Nothing was written');
	} catch (error) {
		warn(`${record} could not be marked "Needs attention": ${asFailure(error).message}`);
		return false;
	}
}

function toJson(document: Document): IDataObject {
	const json = JSON.parse(JSON.stringify(document)) as IDataObject;
	const { refs: _refs, ...content } = json;
	// The same change has the same event key, however often it is delivered.
	return { ...json, event: { key: `${document.key}@${fingerprint(content)}` } };
}

/** Parameters of a trigger node as a watch. */
export function readWatch(context: IPollFunctions, system?: System): Watch {
	const event = context.getNodeParameter('event') as string;
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const minutes = (name: string, fallback: number) => Math.max(0, Number(options[name] ?? fallback)) * 60_000;
	// A system without times of change looks back over days: at the documents' own dates.
	const days = Math.max(0, Number(options.windowDays ?? 0));
	const most = (usual: number) => Math.max(1, Number(options.limit ?? usual));
	const limit = most(50);
	const stream = streamOf(context, event);
	if (stream && system?.capabilities.streams?.includes(stream)) return { by: 'stream', stream, limit: most(MOST_ROWS), parameters: parametersOf(context) };
	if (event === 'quoteAccepted' && context.getNodeParameter('detectBy', 'state') === 'state') {
		return { by: 'state', kind: 'quote', state: 'accepted', limit, holdBackMs: minutes('holdBack', 10), maxTries: Math.max(1, Number(options.maxTries ?? 5)) };
	}
	const kind = event === 'recordChanged' ? (context.getNodeParameter('kind') as Kind) : eventKind(context, event);
	const fromDate = String(options.fromDate ?? '');
	return {
		by: 'change',
		kind,
		limit,
		from: fromDate ? utc(context, fromDate) : undefined,
		overlapMs: days > 0 ? days * 86_400_000 : minutes('overlap', 5),
		// An accepted quote has no link yet: that is what the event is for.
		onlyLinked: options.onlyLinked !== false && event !== 'recordChanged' && event !== 'quoteAccepted',
		onlyState: event === 'quoteAccepted' ? 'accepted' : undefined,
		// A person's way to start afresh: any other text than before. A stream has it among its parameters.
		again: String(options.beginAgain ?? '') || undefined,
	};
}

/** All parameters that are shown, expressions resolved; n8n has filled in the defaults. */
function parametersOf(context: IPollFunctions): IDataObject {
	const names = Object.keys(context.getNode().parameters).filter((name) => name !== 'pollTimes');
	return Object.fromEntries(names.map((name) => [name, context.getNodeParameter(name) as IDataObject[string]]));
}

/** A source of the system's own: the event itself, or the way that the event is detected by. */
function streamOf(context: IPollFunctions, event: string): string {
	const way = context.getNodeParameter('detectBy', '') as string;
	return way === '' || way === 'state' || way === 'change' ? event : way;
}

function utc(context: IPollFunctions, date: string): string {
	const time = Date.parse(date);
	if (Number.isNaN(time)) throw nodeError(context.getNode(), new Failure('rejected', `"${date}" is not a date`, { advice: 'e.g. 2026-01-31T00:00:00Z in the option "From Date"' }));
	return iso(time);
}

function eventKind(context: IPollFunctions, event: string): Kind {
	const kind = KINDS.find((k) => event.startsWith(k));
	if (!kind) throw nodeError(context.getNode(), new Failure('rejected', `The event "${event}" does not exist`));
	return kind;
}
