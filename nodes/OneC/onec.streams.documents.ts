// Owns the objects of a packet as business documents: what was registered tells which documents to read; whether their
// content changed decides. Reads only.
import { fingerprint, type Cursor } from '../core/changes';
import type { Document, Kind } from '../core/documents';
import { Failure } from '../core/failure';
import type { StreamQuery } from '../core/port';
import { Examiner } from './onec.changes.examine';
import { type Seen, type Watched, watchedOf } from './onec.changes.scan';
import { documentsNamed, namedBy } from './onec.changes.targets';
import { CustomerReader } from './onec.customers.read';
import { InvoiceReader } from './onec.invoices.read';
import { OrderReader } from './onec.orders.read';
import { ProductReader } from './onec.products.read';
import type { FeedObject } from './onec.plans.feed';
import type { Reader } from './onec.reading';
import type { Services } from './onec.services';
import type { Memory } from './onec.streams.memory';
import { flagParameter } from './onec.streams.parameters';
import type { Taker } from './onec.streams.plan';
import { reference, text } from './onec.values';

const AT_ONCE = 50;

/** Only ids and versions are kept of the objects: the documents are read anew, with all they refer to. */
export async function documentTaker(services: Services, kind: Kind, query: StreamQuery, before: { given: Memory; known: Memory }): Promise<Taker> {
	const sets = await watchedOf(services, kind);
	const bySet = new Map(sets.map((watched) => [watched.set, watched]));
	const registered = new Map<string, Seen>();
	return {
		wants: (type) => bySet.has(type),
		take(object) {
			const watched = bySet.get(object.type);
			const seen = watched && !object.deleted ? seenOf(object, watched) : undefined;
			if (seen) registered.set(seen.id, seen);
		},
		rows: async () => await examined(services, kind, query, sets, [...registered.values()], before),
	};
}

/** The registered record; nothing of its data but what tells its version. */
function seenOf({ key, data }: FeedObject, watched: Watched): Seen | undefined {
	const ref = reference(key);
	return ref && data.IsFolder !== true ? { id: watched.tag + ref, ref, watched, at: watched.dated ? (text(data.Date) ?? '') : '', version: String(data.DataVersion ?? ''), draft: false } : undefined;
}

async function examined(services: Services, kind: Kind, query: StreamQuery, sets: readonly Watched[], registered: readonly Seen[], before: { given: Memory; known: Memory }) {
	const known = cursorOf({ ...before.known, ...before.given });
	const examiner = new Examiner(services, kind, readerOf(services, kind), known, { budget: query.limit, onlyLinked: flagParameter(query.parameters, 'onlyLinked', kind === 'order' || kind === 'invoice') }, sets);
	const complete = (await own(examiner, registered.filter(({ watched }) => !watched.related))) && (await related(services, kind, examiner, sets, registered.filter(({ watched }) => watched.related)));
	const given = Object.fromEntries(Object.entries(known).flatMap(([id, { print }]): Array<[string, string]> => ((before.given[id] ?? before.known[id]) === print ? [] : [[id, print]])));
	return { rows: examiner.delivered.map(toRow), given, complete };
}

async function own<K extends Kind>(examiner: Examiner<K>, rows: readonly Seen[]): Promise<boolean> {
	const fresh = rows.filter((row) => examiner.isFresh(row));
	for (let i = 0; i < fresh.length; i += AT_ONCE) if (!(await examiner.fresh(fresh.slice(i, i + AT_ONCE)))) return false;
	return true;
}

async function related<K extends Kind>(services: Services, kind: K, examiner: Examiner<K>, sets: readonly Watched[], rows: readonly Seen[]): Promise<boolean> {
	for (const watched of sets) {
		const fresh = rows.filter((row) => row.watched === watched && examiner.isFresh(row));
		for (let i = 0; i < fresh.length; i += AT_ONCE) {
			const chunk = fresh.slice(i, i + AT_ONCE);
			const named = await namedBy(services, watched, chunk.map(({ ref }) => ref));
			const all = chunk.flatMap((row) => [...(named.get(row.ref) ?? []), ...examiner.namedBefore(row.id)]);
			if (!(await examiner.candidates(await documentsNamed(services, kind, [...new Set(all)])))) return false;
			for (const row of chunk) examiner.remember(row, named.get(row.ref) ?? []);
		}
	}
	return true;
}

function cursorOf(memory: Memory): Cursor['seen'] {
	return Object.fromEntries(Object.entries(memory).map(([id, print]) => [id, { at: '', print }]));
}

/** The same change has the same event key, however often it is delivered. */
function toRow(document: Document): Record<string, unknown> {
	const json = JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
	const { refs: _refs, ...content } = json;
	return { ...json, event: { key: `${document.key}@${fingerprint(content)}` } };
}

function readerOf<K extends Kind>(services: Services, kind: K): Reader<K> {
	const readers: Partial<Record<Kind, unknown>> = { customer: new CustomerReader(services), product: new ProductReader(services), order: new OrderReader(services), invoice: new InvoiceReader(services) };
	const reader = readers[kind];
	if (!reader) throw new Failure('rejected', `1C has no ${kind} here`, { advice: 'Choose another document' });
	return reader as Reader<K>;
}
