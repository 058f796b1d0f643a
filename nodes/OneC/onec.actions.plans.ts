// Owns exchange plans as operations of the node: nodes, a packet, its acknowledgement behind a guard. Must not know triggers.
import { Failure } from '../core/failure';
import type { ActionRow } from '../core/port';
import type { Inputs } from './onec.actions.input';
import { acknowledge, fetchChanges, findNode, nextMessage, planNodes, type PlanNode } from './onec.plans';
import { prefixOf, shortLabel } from './onec.records.sets';
import type { Services } from './onec.services';

export async function listNodes({ session }: Services, input: Inputs): Promise<ActionRow[]> {
	const nodes = await planNodes(session, planName(input));
	return nodes.map((node) => ({ json: { ...node, nextMessage: nextMessage(node) } }));
}

/** Reads only: the same number gives the same objects, and newer ones, until it is acknowledged (reference 9). */
export async function fetchPacket(services: Services, input: Inputs): Promise<ActionRow[]> {
	const { plan, node } = await chosen(services, input);
	const messageNumber = input.number('messageNumber') ?? nextMessage(node);
	const types = new Set(input.list('types'));
	const rows: ActionRow[] = [];
	const properties = input.flag('valuesAsText') ? undefined : await services.metadata.typing();
	await fetchChanges(services.session, plan, node.ref, messageNumber, ({ type, key, deleted, when, data }) => rows.push({ json: { type, key, deleted, ...(when ? { when } : {}), messageNumber, data } }), {
		wants: types.size > 0 ? (type) => types.has(type) : undefined,
		properties,
	});
	return rows;
}

/** Irreversible: 1C drops what was registered up to the message. The number must be given twice. */
export async function acknowledgePacket(services: Services, input: Inputs): Promise<ActionRow[]> {
	const { plan, node } = await chosen(services, input);
	const messageNumber = input.number('messageNumber');
	if (messageNumber === undefined) throw new Failure('rejected', 'No message number is given', { advice: 'Give the one that "Get Changes" told' });
	if (input.text('confirmation') !== String(messageNumber)) throw new Failure('rejected', 'The confirmation does not repeat the message number', { advice: 'Nothing was acknowledged. After it 1C forgets what was registered up to that message' });
	if (messageNumber <= node.receivedNo) return [{ json: { acknowledged: false, plan, node: node.ref, messageNumber, receivedNo: node.receivedNo } }];
	if (messageNumber > nextMessage(node)) throw new Failure('rejected', `Message ${messageNumber} of ${shortLabel(plan)} was never read: the next one is ${nextMessage(node)}`, { advice: 'Acknowledge the number that "Get Changes" told' });
	await acknowledge(services.session, plan, node.ref, messageNumber);
	return [{ json: { acknowledged: true, plan, node: node.ref, messageNumber, receivedNo: messageNumber } }];
}

async function chosen({ session }: Services, input: Inputs): Promise<{ plan: string; node: PlanNode }> {
	const plan = planName(input);
	return { plan, node: await findNode(session, plan, input.text('node')) };
}

function planName(input: Inputs): string {
	const plan = input.text('plan');
	if (prefixOf(plan) === 'ExchangePlan') return plan;
	throw new Failure('rejected', `${shortLabel(plan)} is no exchange plan`, { advice: 'Choose a set that begins with "ExchangePlan_"' });
}
