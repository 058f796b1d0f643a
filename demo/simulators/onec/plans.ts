// Owns the queue of an exchange plan: registration on every write, message numbers, packets, acknowledgements (reference 9).
// Must not know: formats, any configuration's objects.
import { noInstance, refusal } from './errors';
import type { ExchangePlans, Registered } from './store.configuration';
import type { Change, Store } from './store';
import { type Row, stamp, text } from './values';

/** Registrations: one row per node and object; `message` 0 until a packet took it. */
const QUEUE = '~queue';
const PREFIX = 'ExchangePlan_';

/** Registers every change for every node of the plan but the base's own. Kinds of sets that no plan carries are left out. */
export function registerChanges(store: Store, plan: string): void {
	store.onWrite((change) => {
		if (change.set.startsWith('~') || change.set.startsWith(PREFIX) || store.definition(change.set)?.role === 'journal') return;
		for (const node of store.rows(plan)) if (!isOwnNode(node) && node['DeletionMark'] !== true) register(store, text(node, 'Ref_Key'), change);
	});
}

/** The base itself stands in its plan, too; a plan whose metadata has no `ThisNode` marks it by its code. */
export const OWN_NODE = 'БАЗА';
const isOwnNode = (node: Row): boolean => node['ThisNode'] === true || text(node, 'Code').trim() === OWN_NODE;

/** Any write counts, even one without a change; a new write takes the object out of a packet that is on its way. */
function register(store: Store, node: string, { set, key, row }: Change): void {
	store.put(QUEUE, { key: `${node} ${set} ${key}`, node, set, object: key, message: 0, order: store.next(QUEUE), deleted: row ? '' : stamp(store.now()) });
}

/** The documents before what they record, as in the captured packets. */
const KINDS = ['Catalog', 'Document', 'InformationRegister', 'AccumulationRegister', 'AccountingRegister'];
const rank = (set: string): number => (KINDS.indexOf(set.slice(0, set.indexOf('_'))) + KINDS.length + 1) % (KINDS.length + 1);

export const plans: ExchangePlans = {
	select: (store, plan, node, messageNo) => {
		const row = nodeOf(store, plan, node);
		if (!Number.isInteger(messageNo) || messageNo < 1) throw refusal(`Неверный номер сообщения: ${messageNo}`);
		const mine = store.rows(QUEUE).filter((entry) => entry['node'] === node && store.isPublished(text(entry, 'set')));
		for (const entry of mine) if (entry['message'] === 0) store.put(QUEUE, { ...entry, message: messageNo });
		if (messageNo > Number(text(row, 'SentNo'))) store.put(plan, { ...row, SentNo: String(messageNo) });
		return mine
			.sort((a, b) => rank(text(a, 'set')) - rank(text(b, 'set')) || Number(a['order']) - Number(b['order']))
			.map((entry): Registered => ({ set: text(entry, 'set'), key: text(entry, 'object'), ...(text(entry, 'deleted') ? { deleted: text(entry, 'deleted') } : {}) }));
	},
	acknowledge: (store, plan, node, messageNo) => {
		const row = nodeOf(store, plan, node);
		for (const entry of store.rows(QUEUE)) {
			const message = Number(entry['message']);
			if (entry['node'] === node && message > 0 && message <= messageNo) store.remove(QUEUE, text(entry, 'key'));
		}
		if (messageNo > Number(text(row, 'ReceivedNo'))) store.put(plan, { ...row, ReceivedNo: String(messageNo), ExchangeDate: stamp(store.now()) });
	},
};

function nodeOf(store: Store, plan: string, node: string): Row {
	const row = store.get(plan, node);
	if (!row) throw noInstance();
	if (isOwnNode(row)) throw refusal('Регистрация изменений для узла этой информационной базы не выполняется');
	return row;
}

/** How many registrations a node has: what a person sees in the plan's form. */
export const queued = (store: Store, node: string): number => store.rows(QUEUE).filter((entry) => entry['node'] === node).length;
