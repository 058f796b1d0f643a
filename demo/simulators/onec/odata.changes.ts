// Owns the wire side of exchange plans: SelectChanges' packet and NotifyChangesReceived (reference 9).
// Must not know: how registrations are kept.
import { OdataError, badRepresentation, badValue, noArgument, noInstance } from './errors';
import { entry, feed, tombstone } from './atom';
import type { EntitySet } from './edmx.model';
import type { Service } from './http';
import { jsonBody } from './json';
import type { Answer } from './odata.answer';
import type { Asked } from './odata.dispatch';
import { address } from './odata.key';
import { outward, present, setOf } from './odata.read';
import { projection, show } from './odata.select';
import type { Registered } from './store.configuration';
import { type Row, stamp } from './values';

interface Point {
	plan: string;
	node: string;
	messageNo: number;
}

/** `DataExchangePoint='<root>/ExchangePlan_X(guid'...')'&MessageNo=N`: an absolute URL whose inner quotes are not doubled. */
function point(service: Service, { target }: Asked): Point {
	const given = target.options.get('DataExchangePoint');
	const number = target.options.get('MessageNo');
	if (given === undefined) throw noArgument('DataExchangePoint');
	if (number === undefined) throw noArgument('MessageNo');
	if (!/^\d+$/.test(number)) throw badValue(number, 'Edm.Int64');
	const match = /^'(.*)\/(ExchangePlan_[^/(]+)\(guid'([^']+)'\)'$/.exec(given.trim());
	if (!match) throw badValue(given, 'DataExchangePoint');
	const plan = setOf(service, match[2] ?? '').name;
	const node = (match[3] ?? '').toLowerCase();
	if (!service.store.get(plan, node)) throw noInstance();
	return { plan, node, messageNo: Number(number) };
}

export function selectChanges(service: Service, asked: Asked): Answer {
	const { store, switches, configuration } = service;
	const { plan, node, messageNo } = point(service, asked);
	if (asked.format !== 'atom' && switches.changesJson === 'refused') throw badRepresentation();
	const registered = store.transaction(() => configuration.plans.select(store, plan, node, messageNo));
	// What left the composition stays in the queue and out of the packet.
	const visible = registered.filter(({ set }) => store.isPublished(set));
	const packet = asked.format === 'atom' ? atomPacket(service, visible) : jsonPacket(service, asked, visible);
	refuseIllegal(packet);
	const type = asked.format === 'atom' ? 'application/atom+xml;type=feed;charset=utf-8' : 'application/json;charset=utf-8';
	return { kind: 'raw', status: 200, type, body: packet + ' '.repeat(switches.packetPadding) };
}

export function acknowledge(service: Service, asked: Asked): Answer {
	const { store, configuration } = service;
	const { plan, node, messageNo } = point(service, asked);
	store.transaction(() => configuration.plans.acknowledge(store, plan, node, messageNo));
	return { kind: 'nothing', status: 200 };
}

function atomPacket(service: Service, registered: Registered[]): string {
	const { store, switches } = service;
	const context = { store, root: service.root(), format: 'atom' as const, now: stamp(store.now()) };
	const entries = registered.flatMap((one) => {
		const state = stateOf(service, one);
		if (state) return [entry(context, shown(service, state.set, state.row), '\t')];
		const set = store.definition(one.set);
		return switches.tombstones && set ? [tombstone(context.root, address(set, store.keyParts(one.set, one.key)), one.deleted ?? context.now)] : [];
	});
	return feed(context, entries);
}

/** As one script in the wild gets it. */
function jsonPacket(service: Service, { format }: Asked, registered: Registered[]): string {
	const states = registered.flatMap((one) => stateOf(service, one) ?? []);
	const rows = states.map(({ set, row }) => JSON.parse(jsonBody({ store: service.store, root: service.root(), format }, { kind: 'entity', shown: shown(service, set, row), status: 200 })) as unknown);
	return JSON.stringify({ value: rows });
}

const shown = (service: Service, set: EntitySet, row: Row): ReturnType<typeof show> =>
	show(service.store, set, outward(service, set, row), projection(service.store, set, undefined, undefined), present(service));

/** The object as it is now; a recorder without records is an empty record set. */
function stateOf({ store }: Service, { set: name, key }: Registered): { set: EntitySet; row: Row } | undefined {
	const set = store.definition(name);
	const row = store.get(name, key) ?? (set?.role === 'recorder' ? { ...store.blank(name), ...store.keyParts(name, key) } : undefined);
	return set && row ? { set, row } : undefined;
}

const ILLEGAL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** One such character in any object and the whole packet is refused; its text travels as base64, since XML cannot hold it. */
function refuseIllegal(packet: string): void {
	const match = ILLEGAL.exec(packet);
	if (!match) return;
	const around = packet.slice(Math.max(0, match.index - 20), match.index + 20);
	const text = Buffer.from(`Текст XML содержит недопустимый символ в позиции ${match.index}: ${around}`, 'utf8').toString('base64');
	throw new OdataError(400, '-1', { ru: text, en: text });
}
