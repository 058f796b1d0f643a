// Owns POST, PATCH, PUT and DELETE on sets and entities (reference 6).
// Must not know: HTTP beyond what the caller read of it, formats; what a configuration does on a write.
import { keyTaken, noRows, noSegment, recordTaken, refusal, versionMoved, wrongMethod } from './errors';
import type { EntitySet } from './edmx.model';
import type { Service } from './http';
import type { Answer } from './odata.answer';
import { type Edited, accept } from './odata.body';
import { address, keyText } from './odata.key';
import { entity, rowAt } from './odata.read';
import type { Row } from './store';
import { ZERO_GUID, part, text } from './values';

export interface Sent extends Edited {
	loadMode: boolean;
	ifMatch: string | undefined;
}

/** POST on a set: 201 with `Location`, 200 for a register's record. */
export function create(service: Service, set: EntitySet, sent: Sent): Answer {
	if (set.role === 'part' || set.role === 'record') throw noRows();
	if (set.role === 'journal' || set.role === 'constant') throw wrongMethod();
	const fields = accept(service.store, set, sent);
	if (set.role !== 'object') return record(service, set, fields);
	const row = ownKey(service, set, fields, sent);
	const answer = entity(service, set, row, {});
	if (answer.kind !== 'entity') return answer;
	if (service.switches.createdNumber === 'empty') for (const name of ['Number', 'Code']) if (name in answer.shown.row) answer.shown.row[name] = '';
	return { ...answer, status: 201, location: `${service.root()}/${address(set, row)}` };
}

/** Our own `Ref_Key`: honoured, ignored, refused the second time or written over. */
function ownKey({ store, objects, switches }: Service, set: EntitySet, fields: Row, { loadMode }: Sent): Row {
	const { Ref_Key, ...rest } = fields;
	const own = typeof Ref_Key === 'string' && Ref_Key !== ZERO_GUID && switches.ownRefKey === 'honoured' ? Ref_Key : undefined;
	if (own === undefined) return objects.create(set.name, rest, { loadMode });
	if (!store.get(set.name, own)) return objects.create(set.name, { ...rest, Ref_Key: own }, { loadMode });
	if (switches.secondPost === 'refused') throw keyTaken();
	return objects.change(set.name, own, rest, { loadMode });
}

function record(service: Service, set: EntitySet, fields: Row): Answer {
	const { store, objects } = service;
	if (set.role === 'recorder') return entity(service, set, objects.create(set.name, recorded(set, fields, fields)), {});
	if (set.role === 'register' && store.get(set.name, store.keyOf(set.name, { ...store.blank(set.name), ...fields }))) throw recordTaken();
	return entity(service, set, objects.create(set.name, fields), {});
}

/** Records carry their recorder themselves; what a client leaves out is filled in. */
function recorded(set: EntitySet, fields: Row, owner: Row): Row {
	if (set.role !== 'recorder' || fields['RecordSet'] === undefined) return fields;
	const key = Object.fromEntries(set.key.map((name) => [name, owner[name] ?? '']));
	return { ...fields, ...key, RecordSet: part(fields, 'RecordSet').map((row) => ({ Active: true, ...row, ...key })) };
}

/** PATCH changes what was sent, PUT empties the rest. */
export function change(service: Service, set: EntitySet, inside: string, sent: Sent, whole: boolean): Answer {
	if (set.role === 'part' || set.role === 'record' || set.role === 'journal') throw wrongMethod();
	return service.store.transaction(() => changed(service, set, inside, sent, whole));
}

function changed(service: Service, set: EntitySet, inside: string, sent: Sent, whole: boolean): Answer {
	const before = set.role === 'recorder' || set.role === 'constant' ? existing(service, set, inside) : rowAt(service, set, inside);
	match(service, before, sent);
	// What a record is known by stays.
	const fields = Object.fromEntries(Object.entries(accept(service.store, set, sent, before)).filter(([name]) => !set.key.includes(name)));
	const key = service.store.keyOf(set.name, before);
	const row = whole ? { ...service.store.blank(set.name), ...identity(set, before), ...fields } : recorded(set, fields, before);
	return entity(service, set, service.objects.change(set.name, key, row, { loadMode: sent.loadMode }), {});
}

/** A recorder's record set and a constant can be written where nothing stands yet. */
function existing({ store }: Service, set: EntitySet, inside: string): Row {
	const key = keyText(set, inside);
	return store.get(set.name, key) ?? store.put(set.name, { ...store.blank(set.name), ...store.keyParts(set.name, key) });
}

const identity = (set: EntitySet, row: Row): Row => Object.fromEntries([...set.key, 'Posted', 'Number', 'Code'].filter((name) => name in row).map((name) => [name, row[name] ?? '']));

/** DELETE: physical, nobody asks who refers to it. */
export function remove(service: Service, set: EntitySet, inside: string, sent: Pick<Sent, 'ifMatch'>): Answer {
	if (set.role === 'part' || set.role === 'record' || set.role === 'journal' || set.role === 'constant') throw wrongMethod();
	const row = rowAt(service, set, inside);
	match(service, row, sent);
	service.objects.remove(set.name, service.store.keyOf(set.name, row));
	return { kind: 'nothing', status: 204 };
}

/** `If-Match` is documented and, on every server probed so far, ignored. */
function match({ switches }: Service, row: Row, { ifMatch }: Pick<Sent, 'ifMatch'>): void {
	if (ifMatch === undefined || ifMatch === '*' || switches.ifMatch === 'ignored') return;
	if (ifMatch.replace(/^W\//, '').replaceAll('"', '') !== text(row, 'DataVersion')) throw versionMoved();
}

/** `Post` and `Unpost`, by POST and by GET alike. */
export function posting({ store, objects }: Service, set: EntitySet, row: Row, name: 'Post' | 'Unpost', operational: string | undefined): Answer {
	if (set.kind !== 'Document') throw noSegment(name);
	const key = store.keyOf(set.name, row);
	const today = new Date(store.now()).toISOString().slice(0, 10);
	if (name === 'Post' && operational === 'true' && text(row, 'Date').slice(0, 10) !== today) {
		throw refusal(`Операционное проведение документа "${objects.present(set.name, row)}" возможно только текущей датой!`);
	}
	if (name === 'Post') objects.post(set.name, key);
	else objects.unpost(set.name, key);
	return { kind: 'nothing', status: 200 };
}
