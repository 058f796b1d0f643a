// Owns calling each read endpoint of a profile once, and what came of it. Writes nothing; must not know n8n.
import { type Document, type Kind } from '../core/documents';
import { asFailure, type FailureKind } from '../core/failure';
import { formatKey } from '../core/keys';
import { isRecord } from '../core/values';
import { Recorder } from './rest.actions.recorder';
import { facts, type ProbeRow, trimmed } from './rest.actions.rows';
import { toldBy } from './rest.check.told';
import { baseScope, idIfAny, timeOf, toDocument } from './rest.documents';
import { mentions } from './rest.find';
import { listsIn } from './rest.lists';
import type { Finder, KindProfile } from './rest.profile.kinds';
import type { ListRequest, ProfileRequest, RecordRequest } from './rest.profile.parts';
import { companionsOf, wholeRows } from './rest.reading.with';
import { RestRequests } from './rest.requests';
import type { Answer, Row, Scope, Services } from './rest.services';

/** What reading one kind gave. */
export interface Probed {
	rows: ProbeRow[];
	/** The first document that came, for a write on trial. */
	document?: Document;
}

/** The first record of a kind, on which the other endpoints are tried; with its document when it became one. */
interface First {
	row?: Row;
	document?: Document;
	/** Those that came with it. */
	others?: readonly Row[];
}

const DAY_MS = 86_400_000;
/** After so many calls in a row that came to nothing alike, and none that worked, no other is made. */
const MOST_IN_VAIN = 2;
const SILENT = 'Not called: the server answered none of the calls before, and each more would be waited for as long';
/** Why no more is called. Another try of a log-in that is refused might lock the user out. */
const IN_VAIN: Partial<Record<FailureKind, string>> = { denied: 'Not called: the server refused the calls before, and more of them might lock the user out', transient: SILENT, throttled: SILENT, unknown: SILENT };

/** Services whose session notes every call and sends no write. */
export function watched(services: Services): { services: Services; recorder: Recorder } {
	const recorder = new Recorder(services.session, services.clock);
	const own = { ...services, session: recorder };
	return { services: { ...own, requests: new RestRequests(own) }, recorder };
}

export class Probe {
	private inVain: { reason?: string; calls: number } = { calls: 0 };
	private worked = false;
	private readonly services: Services;
	private readonly recorder: Recorder;

	constructor(private readonly given: Services) {
		({ services: this.services, recorder: this.recorder } = watched(given));
	}

	/** Why no more is called, once nothing is to be hoped for. */
	get stopped(): string | undefined {
		return !this.worked && this.inVain.calls >= MOST_IN_VAIN ? this.inVain.reason : undefined;
	}

	/** What belongs to no kind: the connection's check, the lists for the editor. */
	async general(): Promise<ProbeRow[]> {
		const { check, choices = {} } = this.services.profile;
		const rows: ProbeRow[] = [];
		if (check) rows.push(await this.one('profile', 'check', async () => await this.check(check)));
		for (const [name, list] of Object.entries(choices)) rows.push(await this.one('profile', `choices.${name}`, async () => await this.choice(name, list)));
		return rows;
	}

	/** Every read endpoint of a kind: the list first, since its first record is what the others are tried on. */
	async kind(kind: Kind): Promise<Probed> {
		const profile = this.services.profile.kinds[kind]!;
		const found: First = {};
		const rows: ProbeRow[] = [];
		for (const { place, request } of profile.list ? listsIn('list', profile.list) : []) rows.push(await this.one(kind, place, async () => await this.page(kind, place, request, {}, place === 'list' ? found : {})));
		if (profile.changes) rows.push(await this.one(kind, 'changes', async () => await this.page(kind, 'changes.request', profile.changes!.request, { since: this.since() }, found)));
		for (const [state, request] of Object.entries(profile.pending ?? {})) rows.push(await this.one(kind, `pending.${state}`, async () => await this.page(kind, `pending.${state}`, request, { state }, found)));
		if (profile.get) rows.push(await this.one(kind, 'get', async () => await this.get(kind, profile.get!, found)));
		for (const [name, request] of Object.entries(profile.find ?? {})) rows.push(await this.one(kind, `find.${name}`, async () => await this.find(kind, profile, name as Finder, request, found)));
		return { rows, document: found.document };
	}

	/** Runs one endpoint; what does not work becomes part of the row. */
	private async one(kind: string, endpoint: string, run: () => Promise<Partial<ProbeRow>>): Promise<ProbeRow> {
		if (this.stopped !== undefined) return { kind, endpoint, note: this.stopped };
		const first = this.recorder.calls.length;
		let result: Partial<ProbeRow>;
		try {
			result = await run();
		} catch (error) {
			const failure = asFailure(error);
			const reason = IN_VAIN[failure.kind];
			this.inVain = reason === undefined ? { calls: 0 } : { reason, calls: reason === this.inVain.reason ? this.inVain.calls + 1 : 1 };
			result = { problem: failure.message };
		}
		const call = this.recorder.calls[first];
		this.worked ||= call?.answer !== undefined;
		return { kind, endpoint, ...(call ? facts(call) : {}), ...(result.problem !== undefined && call?.answer ? { raw: trimmed(call.answer.body) } : {}), ...result };
	}

	private async check(check: ProfileRequest): Promise<Partial<ProbeRow>> {
		const answer = await this.send('check', check, {});
		return answer ? { raw: trimmed(answer.body), document: await toldBy(this.services, answer) } : MISSING;
	}

	private async choice(name: string, list: ListRequest & { name: string; value: string }): Promise<Partial<ProbeRow>> {
		const rows = await this.firstPage(`choices.${name}`, list, {}, async () => undefined);
		if (rows.length === 0) return { records: 0 };
		const scope: Scope = { ...baseScope(this.services), record: rows[0] };
		const text = async (member: 'name' | 'value') => await this.services.evaluator.text(`choices.${name}.${member}`, list[member], scope);
		return { records: rows.length, raw: trimmed(rows[0]), document: { name: await text('name'), value: await text('value') } };
	}

	private async page(kind: Kind, endpoint: string, request: ListRequest, scope: Scope, found: First): Promise<Partial<ProbeRow>> {
		const pages = this.services.requests.pages(`kinds.${kind}.${endpoint}`, request, { ...baseScope(this.services), ...scope }, async (row) => await idIfAny(this.services, kind, row));
		const rows = await nextOf(pages);
		const alone = endpoint === 'list' && this.isFull(request, rows) && (await nextOf(pages)).length === 0;
		// Where a list gives little more than ids, the record itself is read.
		const [row] = await wholeRows(this.services, kind, request, rows.slice(0, 1));
		found.others ??= rows.slice(1);
		if (!row) return { records: 0, note: 'Nothing came; what the fields become is not known' };
		return { records: rows.length, ...(alone ? { note: `${rows.length} came, as many as a page holds, and the server names no other page: where there are more, the paging does not fit` } : {}), ...(await this.mapped(kind, row, found)) };
	}

	/** Whether as many came as were asked for, by a style that goes on only where the server says so. */
	private isFull(request: ListRequest, rows: readonly Row[]): boolean {
		const paging = request.paging ?? this.services.profile.paging;
		return (paging.style === 'link' || paging.style === 'next' || paging.style === 'cursor') && paging.pageSize !== undefined && rows.length >= paging.pageSize;
	}

	private async get(kind: Kind, request: RecordRequest, found: First): Promise<Partial<ProbeRow>> {
		if (!found.row) return { note: 'Not called: no list gave a record to read' };
		const id = await idIfAny(this.services, kind, found.row);
		const place = `kinds.${kind}.get`;
		const scope: Scope = { ...baseScope(this.services), id, record: found.row };
		const answer = await this.send(place, request, scope);
		if (!answer) return MISSING;
		const row = await this.services.requests.record(place, request, answer, scope);
		return row ? await this.mapped(kind, row, found) : { problem: `The record that the list names "${id}" is not found by its id` };
	}

	private async find(kind: Kind, profile: KindProfile, finder: Finder, request: ListRequest, { row, document, others = [] }: First): Promise<Partial<ProbeRow>> {
		const value = document && row && (await this.valueFor(kind, profile, finder, row, document));
		if (value === undefined && finder === 'key') return await this.unknownKey(kind, request);
		if (value === undefined) return { note: `Not called: ${document ? `the first record has nothing to look for as ${finder}` : 'no list gave a record to look for'}` };
		const place = `kinds.${kind}.find.${finder}`;
		const second = finder === 'code' && mentions(request, 'values') ? await this.another(kind, others, value) : undefined;
		const scope: Scope = { ...baseScope(this.services), value, values: [value, second?.code].filter(Boolean) };
		const rows = await this.firstPage(place, request, scope, async (one) => await idIfAny(this.services, kind, one));
		const unheeded = finder === 'key' && rows.length > 1 ? await this.unknownKey(kind, request) : undefined;
		if (unheeded?.problem !== undefined) return unheeded;
		const ids = await Promise.all(rows.map(async (one) => await idIfAny(this.services, kind, one)));
		const meant = rows[ids.indexOf(await idIfAny(this.services, kind, row!))];
		if (second && !(meant && ids.includes(second.id))) return { records: rows.length, problem: `Asked for the codes "${value}" and "${second.code}" at once, and not both came: where the server takes one at a time, use "value"; where it wants the parameter repeated, let its name end with "*"` };
		const [whole] = meant ? await wholeRows(this.services, kind, request, [meant]) : [];
		return whole ? { records: rows.length, ...(await this.mapped(kind, whole, {})) } : { records: rows.length, problem: `The first record of the list has "${value}" as ${finder}, and the look-up does not find it` };
	}

	/** A further record with a code, for look-ups that ask for several at once. */
	private async another(kind: Kind, others: readonly Row[], first: string): Promise<{ id?: string; code: string } | undefined> {
		const { read } = this.services.profile.kinds[kind]!;
		const expression = isRecord(read) ? read.code : undefined;
		if (typeof expression !== 'string') return undefined;
		for (const record of others) {
			const code = await this.services.evaluator.text(`kinds.${kind}.read.code`, expression, { ...baseScope(this.services), record, with: {} });
			if (code !== undefined && code !== '' && code !== first) return { id: await idIfAny(this.services, kind, record), code };
		}
		return undefined;
	}

	/** A server that does not heed the filter would give every record for a key, and each document would seem to be there. */
	private async unknownKey(kind: Kind, request: ListRequest): Promise<Partial<ProbeRow>> {
		const value = formatKey({ installation: 'none', module: 'none', id: 'none' });
		const rows = await this.firstPage(`kinds.${kind}.find.key`, request, { value, values: [value] }, async (one) => await idIfAny(this.services, kind, one));
		if (rows.length === 0) return { records: 0, note: 'Called with a key that no record has, as the first record has none' };
		return { records: rows.length, raw: trimmed(rows[0]), problem: `Called with a key that no record has, and ${rows.length} came: the server does not heed the filter` };
	}

	private async valueFor(kind: Kind, { key }: KindProfile, finder: Finder, row: Row, document: Document): Promise<string | undefined> {
		if (finder === 'key') return key && (await this.services.evaluator.text(`kinds.${kind}.key`, key, { ...baseScope(this.services), record: row, with: {} }));
		const value = (document as unknown as Record<string, unknown>)[finder] ?? (finder === 'number' || finder === 'reference' ? document.source?.number : undefined);
		return typeof value === 'string' ? value : undefined;
	}

	private async mapped(kind: Kind, row: Row, found: First): Promise<Partial<ProbeRow>> {
		const raw = trimmed(row);
		found.row ??= row;
		try {
			const [companions = {}] = await companionsOf(this.services, kind, [row]);
			const document = await toDocument(this.services, kind, row, companions);
			if (!found.document) Object.assign(found, { row, document });
			return { raw: Object.keys(companions).length > 0 ? { record: raw, with: trimmed(companions) } : raw, document };
		} catch (error) {
			return { raw, problem: asFailure(error).message };
		}
	}

	private async firstPage(place: string, request: ListRequest, scope: Scope, id: (row: Row) => Promise<string | undefined>): Promise<Row[]> {
		return await nextOf(this.services.requests.pages(place, request, { ...baseScope(this.services), ...scope }, id));
	}

	private async send(place: string, request: ProfileRequest | RecordRequest, scope: Scope): Promise<Answer | undefined> {
		const call = await this.services.requests.prepare(place, request, { ...baseScope(this.services), ...scope }, { writes: false });
		return call && (await this.services.session.call(call));
	}

	private since(): string | number {
		return timeOf(this.services).fromIso(new Date(this.given.clock.now() - DAY_MS).toISOString());
	}
}

/** The rows of the page that comes next; none at the end. */
async function nextOf(pages: AsyncGenerator<Row[]>): Promise<Row[]> {
	const { value, done } = await pages.next();
	return done ? [] : value;
}

const MISSING: Partial<ProbeRow> = { note: 'Not called: a value that its path needs is missing' };
