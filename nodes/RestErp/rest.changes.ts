// Owns finding what changed: a window from a little before the newest change that is known, read whole, each record
// told from its former self by a print of its content. Writes nothing.
//
// Promise: every change is delivered at least once, and once as long as the record's content stays the same, in whatever
// order the server lists them. Where there are more than one call may deliver, the oldest come first, and the next window
// begins a little before the last of them. Time is the server's: its stamps, and its clock where records carry none.
import { type Cursor, DEFAULT_OVERLAP_MS, fingerprint, iso, isLinked } from '../core/changes';
import type { Document, Kind } from '../core/documents';
import { Failure } from '../core/failure';
import type { ChangeSet, ChangesQuery } from '../core/port';
import { isRecord } from '../core/values';
import { idOf, kindOf, modifiedOf, timeOf } from './rest.documents';
import { type Listed, type Reader, sinceRequest } from './rest.reading';
import { wholeRows } from './rest.reading.with';
import type { Row, Services } from './rest.services';

/** Records that say little more than when they changed are waited for until their unit of time is over, if it is short. */
const LONGEST_WAIT_MS = 60_000;

/** One record of the window. */
interface Scanned {
	id: string;
	row: Row;
	/** ms, as early as its stamp allows; undefined where it has none. */
	first: number | undefined;
	/** ms, as late as its stamp allows. */
	last: number;
	print: string;
}

class Window {
	/** Not delivered yet, oldest first, no more than were asked for. */
	due: Scanned[] = [];
	/** There are more of them. */
	more = false;
	/** Changed before the time from which on changes are wanted: known from now on. */
	readonly early: Array<Pick<Scanned, 'id' | 'last' | 'print'>> = [];
	/** ms of the newest stamp. */
	newest = -Infinity;
	/** Whether every record says when it changed. */
	stamped = true;
	readonly ids = new Set<string>();
	/** Whether what changed first came first, so far. */
	ascending = true;

	constructor(
		private readonly seen: Cursor['seen'],
		private readonly budget: number,
		private readonly startsAt: number,
	) {}

	add(rows: readonly Scanned[]): void {
		for (const one of rows) {
			this.ids.add(one.id);
			this.stamped &&= one.first !== undefined;
			this.ascending &&= one.last >= this.newest;
			this.newest = Math.max(this.newest, one.first ?? -Infinity);
			if (this.seen[one.id]?.print === one.print) continue;
			if (one.last < this.startsAt) this.early.push({ id: one.id, last: one.last, print: one.print });
			else this.due.push(one);
		}
		// What is beyond the budget comes with a later call: only the oldest are kept meanwhile.
		this.due.sort((a, b) => (a.first ?? 0) - (b.first ?? 0) || (a.id < b.id ? -1 : 1));
		this.more ||= this.due.length > this.budget;
		this.due.length = Math.min(this.due.length, this.budget);
	}
}

export class ChangeFinder {
	constructor(
		private readonly services: Services,
		private readonly reader: Reader,
	) {}

	async since(kind: Kind, query: ChangesQuery): Promise<ChangeSet> {
		const overlapMs = this.overlap(kind, query.overlapMs);
		const cursor = query.cursor ?? (query.from === undefined ? undefined : startingAt(query.from));
		if (!cursor) return { documents: [], cursor: await this.baseline(kind, overlapMs), more: false };
		const window = new Window(cursor.seen, query.budget, query.cursor ? -Infinity : Date.parse(query.from!));
		const next = await this.read(kind, cursor, window, overlapMs);
		return { documents: await this.documents(kind, window.due, query.onlyLinked ?? false), cursor: next, more: window.more };
	}

	/** How far each poll looks back: one unit at least, since within it a stamp tells nothing, and servers may mean "after". */
	private overlap(kind: Kind, asked: number | undefined): number {
		const late = (kindOf(this.services, kind).changes?.overlapSeconds ?? 0) * 1_000;
		return Math.max(asked ?? DEFAULT_OVERLAP_MS, late, timeOf(this.services).unitMs);
	}

	/** Everything there is counts as known, so that the next poll delivers nothing of it even inside the overlap. */
	private async baseline(kind: Kind, overlapMs: number): Promise<Cursor> {
		// Any answer tells the server's time. Where none does, the newest of all records tells it.
		for await (const _page of this.pages(kind, new Date(this.services.clock.now()).toISOString())) break;
		const read = async (watermark: string) => await this.read(kind, { watermark, seen: {} }, new Window({}, 0, Infinity), overlapMs);
		return await read(this.services.session.serverTime ?? (await read(iso(0))).watermark);
	}

	/** Fills the window. Gives the cursor for when its due documents are delivered. */
	private async read(kind: Kind, cursor: Cursor, window: Window, overlapMs: number): Promise<Cursor> {
		const from = new Date(Math.max(0, Date.parse(cursor.watermark) - overlapMs)).toISOString();
		const began = this.services.clock.now();
		const { changes } = kindOf(this.services, kind);
		// Of several lists only each by itself begins with what changed first.
		const oldestFirst = changes?.oldestFirst === true && changes.request.also === undefined;
		let start: number | undefined;
		for await (const page of this.pages(kind, from)) {
			start ??= this.serverNow();
			window.add(await Promise.all((await this.tellable(kind, page, start)).map(async (row) => await this.scanned(kind, row, start))));
			// A list that does not keep what its profile promises is read to its end.
			if (oldestFirst && window.more && window.ascending && window.due.length > 0) break;
		}
		// What changes while the window is read may stand behind the reading: it is looked for again.
		const until = start ?? window.newest - (this.services.clock.now() - began);
		return advanced(cursor, window, until, start ?? this.services.clock.now(), overlapMs);
	}

	private pages(kind: Kind, from: string): AsyncGenerator<Row[]> {
		const { place, request, scope }: Listed = sinceRequest(this.services, kind, from, 'changes');
		return this.services.requests.pages(place, request, scope, async (row) => await idOf(this.services, kind, row));
	}

	private serverNow(): number | undefined {
		const { serverTime } = this.services.session;
		return serverTime === undefined ? undefined : Date.parse(serverTime);
	}

	/**
	 * Rows whose print tells every change. One that holds little but its stamp looks the same after a second change within
	 * one unit of time: it waits until the unit is over, or is read whole.
	 */
	private async tellable(kind: Kind, rows: readonly Row[], start: number | undefined): Promise<Row[]> {
		const { request } = sinceRequest(this.services, kind, iso(0), 'changes');
		if (request.whole !== false) return [...rows];
		const spans = await Promise.all(rows.map(async (row) => await modifiedOf(this.services, kind, row)));
		const waits = start !== undefined && timeOf(this.services).unitMs <= LONGEST_WAIT_MS && spans.every((span) => span !== undefined);
		return waits ? rows.filter((_row, i) => spans[i]!.last < start) : await wholeRows(this.services, kind, request, rows);
	}

	private async scanned(kind: Kind, row: Row, start: number | undefined): Promise<Scanned> {
		const span = await modifiedOf(this.services, kind, row);
		return { id: await idOf(this.services, kind, row), row, first: span?.first, last: span?.last ?? start ?? this.services.clock.now(), print: fingerprint(inOrder(row)) };
	}

	private async documents(kind: Kind, due: readonly Scanned[], onlyLinked: boolean): Promise<Document[]> {
		const { request } = sinceRequest(this.services, kind, iso(0), 'changes');
		const rows = await wholeRows(this.services, kind, request, due.map(({ row }) => row));
		const documents: Document[] = await this.reader.documentsOf(kind, rows);
		return onlyLinked ? documents.filter(isLinked) : documents;
	}
}

function startingAt(from: string): Cursor {
	const ms = Date.parse(from);
	if (Number.isNaN(ms)) throw new Failure('rejected', `"${from}" is not a time from which on changes can be read`, { advice: 'Write e.g. 2026-11-22T08:00:00Z' });
	return { watermark: iso(ms), seen: {} };
}

/**
 * Before the last one delivered nothing is undelivered. A stamp in the future does not move the watermark: what changed
 * until then would never be looked at.
 *
 * @param until ms: what changed later may not have been read
 * @param now   ms: stands for the stamps of records that have none
 */
function advanced(cursor: Cursor, window: Window, until: number, now: number, overlapMs: number): Cursor {
	const before = Date.parse(cursor.watermark);
	const delivered = window.more ? (window.stamped ? (window.due.at(-1)?.first ?? before) : before) : window.stamped ? window.newest : now;
	const watermark = Math.max(before, Math.min(delivered, until));
	const seen: Cursor['seen'] = { ...cursor.seen };
	for (const { id, last, print } of [...window.early, ...window.due]) seen[id] = { at: iso(last), print };
	const oldest = watermark - overlapMs;
	// What the server still lists must stay known, whatever its stamp is taken for.
	const kept = Object.entries(seen).filter(([id, { at }]) => window.ids.has(id) || Date.parse(at) >= oldest);
	return { watermark: iso(watermark), seen: Object.fromEntries(kept) };
}

/** The order of members says nothing. */
function inOrder(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(inOrder);
	if (!isRecord(value) || 'isLosslessNumber' in value) return value;
	return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, inOrder(member)]);
}
