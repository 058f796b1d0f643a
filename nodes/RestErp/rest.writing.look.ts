// Owns looking records up before and after a write: many values of one finder, many ids, together. Gives records as the
// API has them. Must not know documents or what is written.
import { type Settled, settled } from '../core/batches';
import type { Kind } from '../core/documents';
import { baseScope, idIfAny, kindOf } from './rest.documents';
import { findMany } from './rest.find';
import type { Finder, KindProfile } from './rest.profile.kinds';
import { companionsOf } from './rest.reading.with';
import type { Answer, Row, Scope, Services } from './rest.services';

export class Looks {
	private readonly headers = new WeakMap<Row, Answer['headers']>();

	constructor(private readonly services: Services) {}

	/** What every expression sees. */
	get base(): Scope {
		return baseScope(this.services);
	}

	profile(kind: Kind): KindProfile {
		return kindOf(this.services, kind);
	}

	/** Whether records of the kind can be looked up that way. */
	offers(kind: Kind, finder: Finder): boolean {
		return this.services.profile.kinds[kind]?.find?.[finder] !== undefined;
	}

	/** The records that fit each value, in the API's order; by key, the oldest first. A value that the API does not take fails alone. */
	async by(kind: Kind, finder: Finder, values: readonly string[]): Promise<Array<Settled<Row[]>>> {
		const all = await settled(async () => await this.found(kind, finder, values));
		if (all.ok) return values.map((value) => ({ ok: true, value: all.value.get(value) ?? [] }));
		if (values.length === 1 || (all.failure.kind !== 'rejected' && all.failure.kind !== 'missing')) return values.map(() => all);
		return await Promise.all(values.map(async (value) => await settled(async () => (await this.found(kind, finder, [value])).get(value) ?? [])));
	}

	private async found(kind: Kind, finder: Finder, values: readonly string[]): Promise<Map<string, Row[]>> {
		const found = await findMany(this.services, kind, finder, values);
		if (finder === 'key') for (const [value, rows] of found) found.set(value, await this.oldestFirst(kind, rows));
		return found;
	}

	/** Of several that carry one key all writers keep the first. Ids that are numbers tell it, however a search sorts. */
	private async oldestFirst(kind: Kind, rows: Row[]): Promise<Row[]> {
		if (rows.length < 2) return rows;
		const ids = new Map(await Promise.all(rows.map(async (row): Promise<[Row, string | undefined]> => [row, await this.idOf(kind, row)])));
		if (![...ids.values()].every((id) => id !== undefined && /^\d+$/.test(id))) return rows;
		return [...rows].sort((a, b) => Number(BigInt(ids.get(a)!) - BigInt(ids.get(b)!)));
	}

	/** The record with each id; undefined where there is none. */
	async byId(kind: Kind, ids: readonly string[]): Promise<Array<Settled<Row | undefined>>> {
		const place = `kinds.${kind}.get`;
		const request = this.profile(kind).get;
		if (!request || ids.length === 0) return ids.map(() => ({ ok: true, value: undefined }));
		const scopes = ids.map((id): Scope => ({ ...this.base, id }));
		const calls = await Promise.all(scopes.map(async (scope) => await settled(async () => await this.services.requests.prepare(place, request, scope, { writes: false }))));
		const sent = calls.flatMap((call) => (call.ok && call.value ? [call.value] : []));
		const answers = await this.services.session.many(sent);
		let next = 0;
		const own = calls.map((call) => (call.ok && call.value ? answers[next++]! : (call as Settled<undefined>)));
		return await Promise.all(own.map(async (answer, i) => (!answer.ok && answer.failure.kind === 'missing' ? { ok: true as const, value: undefined } : await settled(async () => await this.row(kind, answer, scopes[i]!)))));
	}

	private async row(kind: Kind, answer: Settled<Answer | undefined>, scope: Scope): Promise<Row | undefined> {
		if (!answer.ok) throw answer.failure;
		const row = answer.value && (await this.services.requests.record(`kinds.${kind}.get`, this.profile(kind).get!, answer.value, scope));
		if (row) this.headers.set(row, answer.value!.headers);
		return row;
	}

	/** The record's ETag; it may stand in the record, or in the headers of the answer in which it came alone. */
	async versionOf(kind: Kind, row: Row): Promise<string | undefined> {
		const { version } = this.profile(kind);
		return version && (await this.services.evaluator.text(`kinds.${kind}.version`, version, { ...this.base, record: row, headers: this.headers.get(row) }));
	}

	/** What the profile reads beside each record; what cannot be read fails alone. */
	async beside(kind: Kind, rows: readonly Row[]): Promise<Array<Settled<Row>>> {
		const all = await settled(async () => await companionsOf(this.services, kind, rows));
		if (all.ok) return all.value.map((value) => ({ ok: true, value }));
		if (rows.length === 1 || (all.failure.kind !== 'rejected' && all.failure.kind !== 'missing')) return rows.map(() => all);
		return await Promise.all(rows.map(async (row) => await settled(async () => (await companionsOf(this.services, kind, [row]))[0]!)));
	}

	async idOf(kind: Kind, row: Row): Promise<string | undefined> {
		return await idIfAny(this.services, kind, row);
	}

	/** The other system's key that the record carries. */
	async keyOf(kind: Kind, row: Row): Promise<string | undefined> {
		const { key } = this.profile(kind);
		return key && (await this.services.evaluator.text(`kinds.${kind}.key`, key, { ...this.base, record: row }));
	}
}
