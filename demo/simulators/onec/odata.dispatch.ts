// Owns which part of the service a URL and a method mean (reference 1).
// Must not know: HTTP, formats, how each part answers.
import { noArgument, noFunction, noInstance, noSegment, wrongMethod } from './errors';
import type { EntitySet } from './edmx.model';
import type { Service } from './http';
import type { Answer } from './odata.answer';
import { callVirtual, virtualFunction } from './odata.call';
import { acknowledge, selectChanges } from './odata.changes';
import { type Format, readOptions } from './odata.options';
import type { Segment, Target } from './odata.path';
import { collection, count, entity, follow, outward, rowAt, setOf } from './odata.read';
import { type Sent, change, create, posting, remove } from './odata.write';
import { type Row, part, text } from './values';

export interface Asked {
	method: string;
	target: Target;
	format: Format;
	/** Reads the body only when a write needs it. */
	sent: () => Sent;
}

const BATCH = '<?xml version="1.0" encoding="UTF-8"?>\n<error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><code>0</code><message xml:lang="ru">Произошла ошибка сервиса</message></error>\n';

/** Name of the call in the log: the set and what is done with it. */
export function nameOf(method: string, { segments }: Target): string {
	const [first, ...rest] = segments.map(({ name }) => name);
	return `${method} ${first === undefined ? '/' : [first, ...rest].join('/')}`;
}

export function dispatch(service: Service, asked: Asked, metadata: () => Answer): Answer {
	const { method, target } = asked;
	const [first, ...rest] = target.segments;
	if (method === 'HEAD') throw wrongMethod();
	if (!first) return services(service, asked);
	if (first.name === '$metadata') return only('GET', method, metadata);
	if (first.name === '$batch') return { kind: 'raw', status: 501, type: 'application/xml;charset=utf-8', body: BATCH };
	if (first.name === 'SelectChanges') return only('POST', method, () => selectChanges(service, asked));
	if (first.name === 'NotifyChangesReceived') return only('POST', method, () => acknowledge(service, asked));
	const set = setOf(service, first.name);
	return first.inside === undefined ? onSet(service, asked, set, rest) : onEntity(service, asked, set, first.inside, rest);
}

function only(wanted: string, method: string, work: () => Answer): Answer {
	if (method !== wanted) throw wrongMethod();
	return work();
}

function services({ store }: Service, { method, target }: Asked): Answer {
	readOptions(target);
	return only('GET', method, () => ({ kind: 'services', names: [...store.model.sets.keys()].filter((name) => store.isPublished(name)) }));
}

function onSet(service: Service, { method, target, sent }: Asked, set: EntitySet, rest: Segment[]): Answer {
	const options = readOptions(target);
	const [next, ...more] = rest;
	if (!next) {
		if (method === 'POST') return create(service, set, sent());
		return only('GET', method, () => collection(service, set, service.store.rows(set.name), options));
	}
	if (next.name === '$count' && service.switches.count === 'works') return only('GET', method, () => count(service, set, service.store.rows(set.name), options));
	const found = virtualFunction(service, set, next.name);
	if (!found || more.length > 0) throw noFunction();
	return only('GET', method, () => callVirtual(service, set, found, next.inside ?? '', target, options));
}

function onEntity(service: Service, { method, target, sent }: Asked, set: EntitySet, inside: string, rest: Segment[]): Answer {
	const options = readOptions(target);
	const [next] = rest;
	if (!next) {
		if (method === 'GET') return entity(service, set, rowAt(service, set, inside), options);
		if (method === 'PATCH' || method === 'PUT') return change(service, set, inside, sent(), method === 'PUT');
		if (method === 'DELETE') return remove(service, set, inside, sent());
		throw wrongMethod();
	}
	const row = rowAt(service, set, inside);
	const action = service.configuration.actions?.[`${set.name}/${next.name}`];
	if (next.name === 'Post' || next.name === 'Unpost' || action) {
		// GET executes, too: the trap of this interface.
		if (method !== 'POST' && method !== 'GET') throw wrongMethod();
		if (!action) return posting(service, set, row, next.name as 'Post' | 'Unpost', operational(target, next));
		service.store.transaction(() => action(service.store, row));
		return { kind: 'nothing', status: 200 };
	}
	return only('GET', method, () => inner(service, set, row, rest, options));
}

function operational({ options }: Target, { inside }: Segment): string | undefined {
	const given = options.get('PostingModeOperational') ?? /PostingModeOperational=(\w+)/.exec(inside ?? '')?.[1];
	if (given !== undefined && given !== 'true' && given !== 'false') throw noArgument('PostingModeOperational');
	return given;
}

/** `Set(key)/Контрагент/...`, `Set(key)/Товары`, `Set(key)/Реквизит/$value`. */
function inner(service: Service, set: EntitySet, row: Row, [next, ...rest]: Segment[], options: ReturnType<typeof readOptions>): Answer {
	if (!next) return entity(service, set, row, options);
	const property = set.properties.find((p) => p.name === next.name);
	if (rest[0]?.name === '$value') return value(set, row, next.name);
	if (property?.type === 'collection') {
		const rows = service.store.definition(`${set.name}_${next.name}`);
		if (!rows) throw noSegment(next.name);
		return collection(service, rows, part(row, next.name).map((one) => ({ Ref_Key: row['Ref_Key'] ?? '', ...one })), options);
	}
	const found = follow(service, set, row, next.name);
	return inner(service, found.set, outward(service, found.set, found.row), rest, options);
}

/** A value storage's bytes with its own type, anything else as text. */
function value(set: EntitySet, row: Row, name: string): Answer {
	const stored = row[`${name}_Base64Data`];
	if (typeof stored === 'string') return { kind: 'raw', status: 200, type: text(row, `${name}_Type`) || 'application/octet-stream', body: Buffer.from(stored, 'base64') };
	if (stored === null) throw noInstance();
	if (!set.properties.some((p) => p.name === name && p.type !== 'collection')) throw noSegment(name);
	return { kind: 'raw', status: 200, type: 'text/plain;charset=utf-8', body: text(row, name) };
}
