// Owns finding what changed in 1C without any preparation there (reference 9): the versions of documents dated within a
// window, and of whole catalogs, compared with those of the last poll. Writes nothing.
//
// Promise: what changes inside the window is delivered at least once, and once as long as its content stays the same.
// Not seen: changes of documents dated before the window, what was changed back between two polls, physical deletion.
// Times in this cursor are the infobase's wall clock, without a zone: they are only compared with each other.
import type { Cursor } from '../core/changes';
import type { DocumentOf, Kind } from '../core/documents';
import type { ChangeSet, ChangesQuery } from '../core/port';
import { Examiner } from './onec.changes.examine';
import { scan, type Seen, seenOf, type Watched, watchedOf } from './onec.changes.scan';
import { documentsNamed, namedBy } from './onec.changes.targets';
import { guid } from './onec.literals';
import { gather, HEADER, type Reader } from './onec.reading';
import type { Services } from './onec.services';
import { wallClock } from './onec.values';

const DAY_MS = 86_400_000;
/**
 * Books are put right until the month is closed, so that documents of the last weeks are changed day by day; an overlap of
 * minutes, which the hosts of other systems ask for, has no meaning where only the document's own date can be asked.
 */
const DEFAULT_WINDOW_MS = 30 * DAY_MS;
/** Documents looked at in one call: a poll must end. */
const MOST_READ = 300;
const AT_ONCE = 50;
/** Records that are no longer where they were, looked for by id in one call. */
const MOST_VANISHED = 200;

type Known = Cursor['seen'];

export class ChangeFinder<K extends Kind> {
	constructor(
		private readonly services: Services,
		private readonly kind: K,
		private readonly reader: Reader<K>,
	) {}

	async since(query: ChangesQuery): Promise<ChangeSet> {
		const window = windowStart(this.services, query.overlapMs);
		const sets = await watchedOf(this.services, this.kind);
		const from = startOf(query, window, this.services);
		const rows = await scan(this.services, sets, from);
		if (!query.cursor && !query.from) return { documents: [], cursor: { watermark: window, seen: knownOf(rows) }, more: false };
		const known: Known = query.cursor ? { ...query.cursor.seen } : knownBefore(rows, wallClock(query.from!, this.services.credential.timeZone) ?? from);
		const work = new Round(this.services, this.kind, new Examiner(this.services, this.kind, this.reader, known, query, sets), sets);
		const complete = await work.run(rows, from);
		// The window moves only when nothing is left in it: what is older than its new start has been delivered by then.
		const cursor = complete ? pruned(known, from > window ? from : window) : { watermark: from, seen: known, open: { from, afterId: '', newest: from } };
		return { documents: work.documents, cursor, more: !complete };
	}
}

/** One call's work: what is new among the rows, in the order in which nothing is lost when the budget ends. */
class Round<K extends Kind> {
	constructor(
		private readonly services: Services,
		private readonly kind: K,
		private readonly examiner: Examiner<K>,
		private readonly sets: readonly Watched[],
	) {}

	get documents(): Array<DocumentOf<K>> {
		return this.examiner.delivered;
	}

	/** Whether everything was looked at. */
	async run(rows: readonly Seen[], from: string): Promise<boolean> {
		const moved = await this.vanished(rows, from);
		const fresh = [...rows, ...moved.rows].filter((row) => this.examiner.isFresh(row));
		const own = fresh.filter(({ watched }) => !watched.related).sort(byDate);
		for (let i = 0; i < own.length; i += AT_ONCE) {
			if (!(await this.examiner.fresh(own.slice(i, i + AT_ONCE)))) return false;
			if (this.examiner.read > MOST_READ) return i + AT_ONCE >= own.length && fresh.every(({ watched }) => !watched.related);
		}
		return (await this.gone(moved.gone)) && (await this.related(fresh.filter(({ watched }) => watched.related).sort(byDate)));
	}

	private async related(rows: readonly Seen[]): Promise<boolean> {
		for (const watched of this.sets.filter(({ related }) => related)) {
			const own = rows.filter((row) => row.watched === watched);
			for (let i = 0; i < own.length; i += AT_ONCE) {
				if (this.examiner.read > MOST_READ) return false;
				const chunk = own.slice(i, i + AT_ONCE);
				const named = await namedBy(this.services, watched, chunk.map(({ ref }) => ref));
				const all = chunk.flatMap((row) => [...(named.get(row.ref) ?? []), ...this.examiner.namedBefore(row.id)]);
				if (!(await this.examiner.candidates(await documentsNamed(this.services, this.kind, [...new Set(all)])))) return false;
				for (const row of chunk) this.examiner.remember(row, named.get(row.ref) ?? []);
			}
		}
		return true;
	}

	/** What a deleted payment paid, as far as it is remembered. */
	private async gone(ids: readonly string[]): Promise<boolean> {
		const related = new Set(this.sets.filter((watched) => watched.related).map(({ tag }) => tag));
		const named = ids.filter((id) => related.has(tagOf(id))).flatMap((id) => this.examiner.namedBefore(id));
		if (!(await this.examiner.candidates(await documentsNamed(this.services, this.kind, [...new Set(named)])))) return false;
		for (const id of ids) this.examiner.forget(id);
		return true;
	}

	/** Known records that the scan did not give: dated out of the window, or deleted. */
	private async vanished(rows: readonly Seen[], from: string): Promise<{ rows: Seen[]; gone: string[] }> {
		const there = new Set(rows.map(({ id }) => id));
		const missing = this.examiner.knownIds().filter(({ id, at }) => !there.has(id) && (at === '' || at >= from)).slice(0, MOST_VANISHED);
		const found: Seen[] = [];
		for (const watched of this.sets) {
			const own = missing.filter(({ id }) => tagOf(id) === watched.tag).map(({ id }) => id.slice(watched.tag.length));
			const still = await gather(this.services, watched.set, own.map((id) => `Ref_Key eq ${guid(id)}`), { select: HEADER, allowedOnly: true });
			found.push(...still.flatMap((row) => seenOf(row, watched) ?? []));
		}
		const present = new Set(found.map(({ id }) => id));
		return { rows: found, gone: missing.map(({ id }) => id).filter((id) => !present.has(id)) };
	}
}

function tagOf(id: string): string {
	return id.slice(0, id.lastIndexOf(':') + 1);
}

function byDate(a: Seen, b: Seen): number {
	const [left, right] = [a.at + a.id, b.at + b.id];
	return left < right ? -1 : left > right ? 1 : 0;
}

/** Where the window begins now. */
function windowStart({ clock, credential }: Services, overlapMs: number | undefined): string {
	const length = overlapMs !== undefined && overlapMs >= DAY_MS ? overlapMs : DEFAULT_WINDOW_MS;
	return wallClock(clock.now() - length, credential.timeZone)!;
}

/**
 * From which date this call reads: where the last one left the window, so that a pause loses nothing. The start never
 * goes back, or what has left the window would count as new; but for a clock that was wrong by days.
 */
function startOf({ cursor, from }: ChangesQuery, window: string, { credential }: Services): string {
	if (cursor) return Date.parse(`${cursor.watermark}Z`) - Date.parse(`${window}Z`) > DAY_MS ? window : cursor.watermark;
	const asked = from ? wallClock(from, credential.timeZone) : undefined;
	return asked && asked < window ? asked : window;
}

/** Everything counts as known. */
function knownOf(rows: readonly Seen[]): Known {
	return Object.fromEntries(rows.map((row) => [row.id, { at: row.at, print: print(row) }]));
}

/** With a date to start from, what is older counts as known, and so does what only touches documents: they are all read. */
function knownBefore(rows: readonly Seen[], from: string): Known {
	return knownOf(rows.filter((row) => row.watched.related || (row.watched.dated && row.at < from)));
}

/** `-` before the version of what was never more than a draft. */
function print({ version, draft, watched }: Seen): string {
	return `${draft && !watched.related ? '-' : ''}${version}`;
}

function pruned(known: Known, start: string): Cursor {
	return { watermark: start, seen: Object.fromEntries(Object.entries(known).filter(([, { at }]) => at === '' || at >= start)) };
}
