// Owns "Test Profile": every read endpoint once, then a write of each kind on trial; rows for a person to look through.
// Writes nothing; must not know n8n.
import { documentSchema, KINDS, type Document, type Kind } from '../core/documents';
import { asFailure } from '../core/failure';
import { formatKey } from '../core/keys';
import type { ActionInput, ActionRow } from '../core/port';
import { listsOfSeveral, oneAndTwo } from './rest.actions.forms';
import { Probe, watched } from './rest.actions.probe';
import { asItem, type ProbeRow, resultOf, shownCall, trimmed } from './rest.actions.rows';
import { writerFor } from './rest.writing';
import type { Services } from './rest.services';

/** One row that counts, one for each endpoint, one for each kind that can be written. */
export async function testProfile(services: Services, input: ActionInput): Promise<ActionRow[]> {
	const kinds = chosenKinds(services, input.parameter('kinds'));
	const incoming = incomingDocument(input.parameter('document'));
	const probe = new Probe(services);
	const rows = await probe.general();
	const documents = new Map<Kind, Document>();
	for (const kind of kinds) {
		const probed = await probe.kind(kind);
		rows.push(...probed.rows);
		if (probed.document) documents.set(kind, probed.document);
	}
	for (const kind of kinds) rows.push(...(await trial(services, kind, incoming && fits(incoming, kind) ? incoming : original(documents.get(kind)), probe.stopped)));
	return [summary(services, rows), ...rows.map((row) => asItem(row, (text) => services.session.hide(text)))].map((json) => ({ json }));
}

function chosenKinds({ profile }: Services, value: unknown): Kind[] {
	const wanted = Array.isArray(value) ? value.map(String) : String(value ?? '').split(',').map((one) => one.trim()).filter(Boolean);
	return KINDS.filter((kind) => profile.kinds[kind] !== undefined && (wanted.length === 0 || wanted.includes(kind)));
}

/** The item that comes in, when it is a document. */
function incomingDocument(value: unknown): Document | undefined {
	const parsed = documentSchema.safeParse(typeof value === 'string' ? tryJson(value) : value);
	return parsed.success ? parsed.data : undefined;
}

function tryJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

/** An order is made from a quote as well. */
function fits(document: Document, kind: Kind): boolean {
	return document.kind === kind || (document.kind === 'quote' && kind === 'order');
}

/** A document that was read here, as the other system would send it once more: under the key that it came with. */
function original(document: Document | undefined): Document | undefined {
	const [origin] = document?.refs ?? [];
	return document && origin ? { ...document, key: origin.key } : document;
}

/** What would be sent for the document: a writing as it always goes, up to the moment when it would leave. */
async function trial(services: Services, kind: Kind, document: Document | undefined, stopped: string | undefined): Promise<ProbeRow[]> {
	if (!services.profile.kinds[kind]!.identity) return [];
	const row = { kind, endpoint: 'write on trial' };
	if (stopped !== undefined) return [{ ...row, note: stopped }];
	if (!document) return [{ ...row, note: 'No document to write on trial: feed this node with one, or put one record into the system' }];
	const first = await attempt(services, kind, document);
	if (first.problem !== undefined) return [{ ...row, document, problem: first.problem }];
	const problem = await unsteady(services, kind, renamed(document));
	if (first.sent) return [{ ...row, held: true, ...first.sent, document, note: 'This would be sent; nothing was', problem }];
	const note = `Nothing would be sent: ${first.note ?? ''}`;
	// So that the body is seen all the same: what another document like it would be sent as.
	const { sent } = await attempt(services, kind, renamed(document));
	return [{ ...row, held: true, ...sent, document, note: sent ? `${note}. Another one like it would be sent so` : note, problem }];
}

/** What is a list in the body for two lines or contacts, and not for one, in words. */
async function unsteady(services: Services, kind: Kind, document: Document): Promise<string | undefined> {
	const pair = oneAndTwo(document);
	if (!pair) return undefined;
	const [one, two] = [await attempt(services, kind, pair[0]), await attempt(services, kind, pair[1])];
	const paths = listsOfSeveral(one.body, two.body);
	if (paths.length === 0) return undefined;
	const what = kind === 'customer' ? 'contact' : 'line';
	return `${paths.map((path) => `"${path}"`).join(', ')} of the body is a list when there are several ${what}s and none when there is one: put brackets around the expression ("[...]"), or take one of them ("...[0]")`;
}

interface Attempt {
	sent?: Pick<ProbeRow, 'request' | 'raw'>;
	/** As it would be sent, whole. */
	body?: unknown;
	note?: string;
	problem?: string;
}

async function attempt(given: Services, kind: Kind, document: Document): Promise<Attempt> {
	const { services, recorder } = watched(given);
	try {
		const [result] = await writerFor(services).upsert(kind, [document], { rounding: { mode: 'explained' } });
		const held = recorder.calls.find((entry) => entry.held);
		if (held) return { sent: { request: shownCall(held.call), raw: trimmed(held.call.body) }, body: held.call.body };
		return result?.ok ? { note: [result.value.outcome, ...result.value.notes].join('. ') } : { problem: result?.failure.message ?? 'No result came' };
	} catch (error) {
		return { problem: asFailure(error).message };
	}
}

/** Another document like it, which no look-up can find: neither by its key nor as a record of this system's own. */
function renamed(like: Document): Document {
	const key = formatKey({ installation: 'trial', module: like.kind, id: 'trial' });
	const source = like.source && { ...like.source, module: 'trial', id: 'trial' };
	const document = { ...like, key, source, link: undefined, refs: like.refs.filter(({ kind }) => kind !== like.kind) };
	if (document.kind === 'customer') return { ...document, vat: document.vat && 'trial' };
	return document.kind === 'order' ? { ...document, quoteKey: undefined } : document;
}

/** The first row, in the columns of the others. */
function summary({ profile, credential }: Services, rows: readonly ProbeRow[]): Record<string, unknown> {
	const of = (result: string): ProbeRow[] => rows.filter((row) => resultOf(row) === result);
	const faults = of('did not work');
	const named = faults.length > 0 ? ` (${faults.map(({ kind, endpoint }) => `${kind} ${endpoint}`).join(', ')})` : '';
	const message = `${of('worked').length} endpoints worked, ${faults.length} did not${named}, ${of('not called').length} not called. Nothing was written.`;
	return { kind: 'summary', endpoint: profile.name, result: faults.length === 0 ? 'worked' : 'did not work', message, request: credential.url, ...(profile.about ? { document: profile.about } : {}) };
}
