// Owns what a profile offers, as data: kinds and verbs from what it describes, and all that any profile can offer.
import { type Kind, KINDS } from '../core/documents';
import type { Capabilities, Verb } from '../core/port';
import { ACTIONS } from './rest.actions';
import { mentions } from './rest.find';
import type { KindProfile } from './rest.profile.kinds';
import type { Profile } from './rest.profile.schema';

/** Whether a repeated write of the kind has one effect, and what it needs is there. */
export function canUpsert({ identity, body, create, update, get, find }: KindProfile): boolean {
	if (!identity || body === undefined || (!create && !update)) return false;
	return identity.by === 'chosenId' ? get !== undefined : find?.key !== undefined;
}

export function capabilitiesOf({ name, kinds }: Profile): Capabilities {
	const known = KINDS.filter((kind) => kinds[kind]);
	const states = (kind: Kind, of: 'transitions' | 'pending'): string[] => Object.keys(kinds[kind]![of] ?? {});
	const withStates = (of: 'transitions' | 'pending') => Object.fromEntries(known.filter((kind) => states(kind, of).length > 0).map((kind) => [kind, states(kind, of)]));
	return {
		name,
		kinds: Object.fromEntries(known.map((kind) => [kind, verbsOf(kinds[kind]!)])),
		transitions: withStates('transitions'),
		pending: withStates('pending'),
		actions: ACTIONS,
	};
}

function verbsOf(kind: KindProfile): Verb[] {
	const offers: Record<Verb, boolean> = {
		get: kind.get !== undefined,
		list: kind.list !== undefined,
		upsert: canUpsert(kind),
		transition: Object.keys(kind.transitions ?? {}).length > 0,
		link: kind.link !== undefined,
		changes: kind.changes !== undefined || (kind.list !== undefined && mentions(kind.list, 'since')),
		pending: Object.keys(kind.pending ?? {}).length > 0,
	};
	return (Object.keys(offers) as Verb[]).filter((verb) => offers[verb]);
}

/** What any profile can offer: for menus, which do not know the profile yet. */
export const EVERYTHING: Capabilities = {
	name: 'REST CRM/ERP',
	kinds: {
		customer: ['get', 'list', 'upsert', 'link', 'changes'],
		product: ['get', 'list', 'upsert', 'link', 'changes'],
		opportunity: ['get', 'list', 'upsert', 'transition', 'link', 'changes', 'pending'],
		quote: ['get', 'list', 'upsert', 'transition', 'link', 'changes', 'pending'],
		order: ['get', 'list', 'upsert', 'transition', 'link', 'changes', 'pending'],
		invoice: ['get', 'list', 'upsert', 'transition', 'link', 'changes', 'pending'],
	},
	transitions: { opportunity: ['won', 'lost'], order: ['confirmed', 'cancelled'] },
	pending: { quote: ['accepted'], order: ['confirmed'] },
	actions: ACTIONS,
};
