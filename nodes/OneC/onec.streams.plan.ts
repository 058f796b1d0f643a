// Owns reading one node of an exchange plan poll by poll (reference 9): which message is open, when it is acknowledged, and
// that nobody else reads the node. What the objects become is onec.streams.objects' and onec.streams.documents'.
//
// n8n saves a poll's state before the workflow has run, so that a message is acknowledged at the next poll only: what
// was handed over and not saved comes again. An acknowledgement drops registrations for ever.
import { z } from 'zod';
import { Failure } from '../core/failure';
import type { StreamQuery, StreamResult } from '../core/port';
import { acknowledge, fetchChanges, findNode, nextMessage, type PlanNode } from './onec.plans';
import { documentTaker } from './onec.streams.documents';
import { type Memory, merged } from './onec.streams.memory';
import { objectTaker } from './onec.streams.objects';
import { flagParameter, kindParameter, needed } from './onec.streams.parameters';
import type { FeedObject } from './onec.plans.feed';
import type { Services } from './onec.services';

const memory = z.record(z.string());
const stateSchema = z.object({
	/** Plan and Ref_Key of the node: another node starts afresh. */
	node: z.string(),
	/** The last acknowledged message, as 1C said. */
	received: z.number(),
	/** A message that was handed over whole: acknowledged at the next poll. */
	pending: z.number().optional(),
	/** What was handed over of the message after `received`. */
	given: memory,
	/** Of what was acknowledged, the newest. */
	known: memory,
	/** How often in a row our message had been acknowledged when we came to do it. */
	late: z.number().optional(),
});
type State = z.output<typeof stateSchema>;

/** A poll that fails behind its acknowledgement finds it done, too; not so many times in a row. */
const MOST_LATE = 5;

/** What takes the objects of one packet, and makes rows of them. */
export interface Taker {
	/** Objects of other types are read over; they are acknowledged with the rest. */
	wants?: (type: string) => boolean;
	take(object: FeedObject): void;
	/** @returns what to hand over, and whether that was all */
	rows(): Promise<{ rows: StreamResult['rows']; given: Memory; complete: boolean }>;
}

export async function planStream(services: Services, query: StreamQuery): Promise<StreamResult> {
	const plan = needed(query.parameters, 'plan', 'Exchange Plan');
	const node = await findNode(services.session, plan, needed(query.parameters, 'node', 'Plan Node'));
	const before = readState(query.state, `${plan}/${node.ref}`);
	if (before && !query.manual) guard(before, node, plan);
	const settled = await settle(services, plan, node, before, query.manual ?? false);
	const kind = kindParameter(query.parameters);
	const taker = kind ? await documentTaker(services, kind, query, settled) : objectTaker(query, settled);
	// Reading a number again adds to it what was registered since, and the poll after this sample may acknowledge the first
	// number without having seen that: a sample takes the one behind, so that nothing is dropped unseen.
	const message = settled.received + (query.manual ? 2 : 1);
	const seen = { objects: 0 };
	// Types that are not wanted count as well: they are what the message may consist of.
	const wants = (type: string): boolean => (seen.objects++, taker.wants?.(type) ?? true);
	const properties = kind || flagParameter(query.parameters, 'valuesAsText', false) ? undefined : await services.metadata.typing();
	await fetchChanges(services.session, plan, node.ref, message, (object) => taker.take(object), { wants, properties });
	const { rows, given, complete } = await taker.rows();
	// An empty packet is not acknowledged: there is nothing to drop, and the number would move for nothing.
	const pending = complete && seen.objects > 0 ? message : undefined;
	const state: State = { ...settled, given: { ...settled.given, ...given }, ...(pending === undefined ? {} : { pending }) };
	return { rows, state };
}

function readState(state: unknown, node: string): State | undefined {
	const read = stateSchema.safeParse(state);
	return read.success && read.data.node === node ? read.data : undefined;
}

/**
 * Acknowledging is done by nobody but this stream. If it is not clear whether our own acknowledgement arrived, the number
 * says so: then it stands at our message.
 */
function guard({ received, pending, late }: State, node: PlanNode, plan: string): void {
	const name = `The node "${node.description || node.code}" of ${plan}`;
	// A twin of this workflow, in step with it: what changes between their readings of a message arrives at one of them only.
	const twin = node.receivedNo === pending && (late ?? 0) >= MOST_LATE;
	if (node.receivedNo === received || (node.receivedNo === pending && !twin)) return;
	const moved = node.receivedNo > received ? 'somebody else has acknowledged messages of it, and what they held never arrived here' : 'the infobase was restored from a copy, or the node was made anew';
	throw new Failure('rejected', twin ? `${name} has another reader, which acknowledges the messages before this one does` : `${name} stands at message ${node.receivedNo}, not at ${received}${pending === undefined ? '' : ` or ${pending}`}: ${moved}`, {
		advice: 'Give this workflow a node of its own, which nothing else reads. To go on with this one from where it stands now, write another text into the option "Begin Again" of the trigger; what was missed in between is for a reconciling workflow',
	});
}

/** Acknowledges what the last poll handed over, and forgets nothing of it yet: it may be registered again without a change. */
async function settle({ session }: Services, plan: string, node: PlanNode, before: State | undefined, manual: boolean): Promise<State> {
	const state: State = before ?? { node: `${plan}/${node.ref}`, received: nextMessage(node) - 1, given: {}, known: {} };
	const { pending, late, ...rest } = state;
	// A person looks at a sample: nothing is acknowledged, and nothing counts as given.
	if (manual) return { ...rest, received: node.receivedNo, given: {}, known: {} };
	if (pending === undefined) return { ...rest, ...(late ? { late } : {}) };
	const open = node.receivedNo < pending;
	if (open) await acknowledge(session, plan, node.ref, pending);
	return { ...rest, received: pending, given: {}, known: merged(state.known, state.given), ...(open ? {} : { late: (late ?? 0) + 1 }) };
}
