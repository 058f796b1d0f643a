// Owns the talk about an exchange plan (reference 9): its nodes, a packet of registered changes, its acknowledgement.
// Must not know triggers or documents.
import { asFailure, Failure } from '../core/failure';
import { guid, isGuid } from './onec.literals';
import { NotAFeed, type FeedObject, type FeedOptions, FeedReader } from './onec.plans.feed';
import type { OnecSession } from './onec.session';

export interface PlanNode {
	ref: string;
	code: string;
	description: string;
	/** The last message that was acknowledged; the next one is this + 1. */
	receivedNo: number;
	sentNo: number;
	/** The infobase itself: no changes are registered for it. */
	own: boolean;
	marked: boolean;
}

/** The nodes of a plan. Which one is the infobase itself is not told by every platform: then none is (reference 9). */
export async function planNodes(session: Pick<OnecSession, 'rows'>, plan: string): Promise<PlanNode[]> {
	const rows = await session.rows(plan);
	return rows.flatMap((row) => (isGuid(row.Ref_Key) ? [{
		ref: row.Ref_Key,
		code: text(row.Code),
		description: text(row.Description),
		receivedNo: whole(row.ReceivedNo),
		sentNo: whole(row.SentNo),
		own: row.ThisNode === true,
		marked: row.DeletionMark === true,
	}] : []));
}

/**
 * The node that is meant, by Ref_Key or `code:` and its code.
 *
 * @throws Failure `missing`; `rejected` for the infobase's own node and for a plan whose only node it is
 */
export async function findNode(session: Pick<OnecSession, 'rows'>, plan: string, wanted: string): Promise<PlanNode> {
	const nodes = await planNodes(session, plan);
	const code = /^code:(.*)$/is.exec(wanted.trim())?.[1]?.trim();
	const node = nodes.find(({ ref, code: own }) => (code === undefined ? ref.toLowerCase() === wanted.trim().toLowerCase() : own === code));
	if (!node) throw new Failure('missing', `The exchange plan ${plan} has no node "${wanted}"`, { advice: nodes.length > 0 ? `It has: ${nodes.filter(({ own }) => !own).map(({ code: own, description }) => `${description} (code:${own})`).join(', ') || 'only the infobase itself'}` : 'Create a node for this workflow in 1C' });
	if (node.own) throw new Failure('rejected', `The node "${node.description}" of ${plan} is the infobase itself: no changes are registered for it`, { advice: 'Create another node for this workflow in 1C and choose it' });
	return node;
}

/** The message to ask for: one after the last acknowledged. Asking again gives the same objects and newer ones. */
export function nextMessage(node: PlanNode): number {
	return node.receivedNo + 1;
}

export interface Packet {
	messageNumber: number;
	/** Objects given to the caller; those of unwanted types do not count. */
	objects: number;
}

/**
 * Reads a packet and gives its objects one by one as they arrive: a packet cannot be limited, 28 MB were seen. Changes
 * nothing that another reading of the same number would not give again.
 */
export async function fetchChanges(session: Pick<OnecSession, 'stream' | 'rootUrl'>, plan: string, node: string, messageNumber: number, give: (object: FeedObject) => void, options: FeedOptions = {}): Promise<Packet> {
	const packet: Packet = { messageNumber, objects: 0 };
	const reader = new FeedReader((object) => {
		packet.objects++;
		give(object);
	}, options);
	try {
		await session.stream('SelectChanges', (chunk) => reader.write(chunk), 'POST', pointQuery(session.rootUrl, plan, node, messageNumber));
		reader.end();
		return packet;
	} catch (error) {
		throw explained(error, plan, messageNumber);
	}
}

/**
 * Tells 1C that messages up to this number arrived: their registrations are dropped for ever. What was changed again since
 * the reading stays registered (reference 9).
 */
export async function acknowledge(session: Pick<OnecSession, 'raw' | 'rootUrl'>, plan: string, node: string, messageNumber: number): Promise<void> {
	// Doing it twice drops nothing more, so it may be sent again.
	await session.raw({ method: 'POST', path: 'NotifyChangesReceived', query: pointQuery(session.rootUrl, plan, node, messageNumber), reads: true }, 'nothing');
}

/** The address is absolute and its inner quotes are not doubled, against OData's own rule (reference 9). */
function pointQuery(root: string, plan: string, node: string, messageNumber: number): Record<string, string> {
	return { DataExchangePoint: `'${root}/${plan}(${guid(node)})'`, MessageNo: String(messageNumber) };
}

/** A character that XML cannot carry, in any one object, spoils the whole packet (reference 7). */
const NOT_XML = /недопустим\S* символ|XML|0x[0-9a-f]{1,2}\b|invalid character|illegal character/i;

function explained(error: unknown, plan: string, messageNumber: number): Failure {
	if (error instanceof NotAFeed) return new Failure('transient', `Packet ${messageNumber} of ${plan} cannot be read: ${error.message}`, { cause: error, advice: 'The connection broke off, or something in front of 1C answered. The same packet can be asked for again; nothing was acknowledged' });
	const failure = asFailure(error);
	if (failure.kind !== 'rejected' || !NOT_XML.test(failure.said ?? '')) return failure;
	return new Failure('rejected', `1C cannot write packet ${messageNumber} of ${plan}: one of the registered objects holds a character that XML does not allow (such as code 0x02, pasted with a text)`, {
		code: failure.code,
		said: failure.said,
		cause: failure,
		advice: 'Find and retype that text in 1C (often a comment or a name pasted from elsewhere); until then no object of this node arrives',
	});
}

function text(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}

/** Int64 arrives as text (reference 3). */
function whole(value: unknown): number {
	const read = Number(value ?? 0);
	return Number.isSafeInteger(read) ? read : 0;
}
