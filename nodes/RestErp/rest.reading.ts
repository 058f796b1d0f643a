// Owns reading documents: one by id or number, many by time or field, each with what the profile wants beside it.
// Writes nothing.
import { type Document, type DocumentOf, type Kind, plural } from '../core/documents';
import { Failure } from '../core/failure';
import type { ListQuery } from '../core/port';
import { valueAt } from '../core/values';
import { baseScope, idIfAny, kindOf, modifiedOf, timeOf, toDocument } from './rest.documents';
import { find, mentions } from './rest.find';
import type { Finder } from './rest.profile.kinds';
import type { ListRequest } from './rest.profile.parts';
import { companionsOf, wholeRows } from './rest.reading.with';
import type { Row, Scope, Services } from './rest.services';

/** A list request with what it is asked for. */
export interface Listed {
	place: string;
	request: ListRequest;
	scope: Scope;
}

export class Reader {
	constructor(private readonly services: Services) {}

	/** @param ref the record's id, or `number:` and the number that people see */
	async get<K extends Kind>(kind: K, ref: string): Promise<DocumentOf<K>> {
		const number = /^number:(.*)$/s.exec(ref)?.[1];
		const row = number === undefined ? await this.row(kind, ref) : await this.byNumber(kind, number.trim());
		const [document] = row ? await this.documentsOf(kind, [row]) : [];
		// A search may give what was not asked for, and its row not tell.
		const wrong = number !== undefined && document?.source?.number !== undefined && document.source.number !== number.trim();
		if (!document || wrong) throw new Failure('missing', `There is no ${kind} ${number === undefined ? `with the id ${ref}` : `with the number ${number.trim()}`} in ${this.services.profile.name}`, { advice: 'It may have been removed, or the credential\'s user may not see it' });
		return document;
	}

	/** The record with the id; undefined when there is none. */
	async row(kind: Kind, id: string): Promise<Row | undefined> {
		const { get } = kindOf(this.services, kind);
		const place = `kinds.${kind}.get`;
		if (!get) throw new Failure('rejected', `The profile of ${this.services.profile.name} does not say how to read ${article(kind)} by its id`, { advice: `Add ${place} to the profile` });
		const scope: Scope = { ...baseScope(this.services), id };
		const call = await this.services.requests.prepare(place, get, scope, { writes: false, record: `${kind} ${id}` });
		if (!call) return undefined;
		try {
			return await this.services.requests.record(place, get, await this.services.session.call(call), scope);
		} catch (error) {
			if (error instanceof Failure && error.kind === 'missing') return undefined;
			throw error;
		}
	}

	private async byNumber(kind: Kind, number: string): Promise<Row | undefined> {
		if (number === '') throw new Failure('rejected', 'A number is missing after "number:"', { advice: `Write e.g. "number:SO-12", or the ${kind}'s id alone` });
		const rows = await find(this.services, kind, 'number', number);
		if (rows.length <= 1) return rows[0];
		const ids = await Promise.all(rows.slice(0, 5).map(async (row) => await idIfAny(this.services, kind, row)));
		throw new Failure('ambiguous', `${rows.length} ${plural(kind)} have the number ${number}`, { record: `${kind} ${number}`, advice: `Use the id of the one that is meant: ${ids.filter(Boolean).join(', ')}` });
	}

	async *list<K extends Kind>(kind: K, query: ListQuery): AsyncGenerator<Array<DocumentOf<K>>> {
		let left = query.limit ?? Infinity;
		if (left <= 0) return;
		const [wanted, ...others] = this.conditions(kind, query.where ?? {});
		const pages = wanted ? this.found(kind, wanted, query.modifiedSince) : this.pages(kind, query.modifiedSince, () => left);
		for await (const page of pages) {
			const read = await this.documentsOf(kind, others.length > 0 ? page : page.slice(0, left));
			const documents = read.filter((document) => others.every(([field, value]) => fieldText(document, field) === value)).slice(0, left);
			left -= documents.length;
			if (documents.length > 0) yield documents;
			if (left <= 0) return;
		}
	}

	/** The field that is looked for first; the others are compared. */
	private conditions(kind: Kind, where: Record<string, string>): Array<[string, string]> {
		const conditions = Object.entries(where).filter(([, value]) => value !== '');
		const known = Object.keys(kindOf(this.services, kind).find ?? {});
		const best = conditions.findIndex(([field]) => known.includes(field));
		if (conditions.length > 0 && best < 0) throw new Failure('rejected', `The profile of ${this.services.profile.name} does not say how to find ${article(kind)} by ${conditions.map(([field]) => `"${field}"`).join(' and ')}`, { advice: known.length > 0 ? `Known: ${known.join(', ')}` : `Add kinds.${kind}.find to the profile` });
		return conditions.length > 0 ? [conditions[best]!, ...conditions.filter((_one, i) => i !== best)] : [];
	}

	/** @param room how many more are wanted: no more are read whole */
	private async *pages(kind: Kind, modifiedSince: string | undefined, room: () => number): AsyncGenerator<Row[]> {
		const { place, request, scope } = modifiedSince === undefined ? this.all(kind) : this.since(kind, modifiedSince);
		for await (const page of this.services.requests.pages(place, request, scope, async (row) => await idIfAny(this.services, kind, row))) {
			const rows = await wholeRows(this.services, kind, request, modifiedSince === undefined ? page.slice(0, room()) : page);
			const wanted = await this.changed(kind, rows, modifiedSince);
			if (wanted.length > 0) yield wanted;
		}
	}

	private async *found(kind: Kind, [field, value]: [string, string], modifiedSince: string | undefined): AsyncGenerator<Row[]> {
		const rows = await this.changed(kind, await find(this.services, kind, field as Finder, value), modifiedSince);
		if (rows.length > 0) yield rows;
	}

	/** Servers compare with "after", or by the day: what changed earlier is left out here. */
	private async changed(kind: Kind, rows: Row[], since: string | undefined): Promise<Row[]> {
		if (since === undefined) return rows;
		const spans = await Promise.all(rows.map(async (row) => await modifiedOf(this.services, kind, row)));
		return rows.filter((_row, i) => (spans[i]?.last ?? Infinity) >= Date.parse(since));
	}

	private all(kind: Kind): Listed {
		const { list } = kindOf(this.services, kind);
		const place = `kinds.${kind}.list`;
		if (!list) throw new Failure('rejected', `The profile of ${this.services.profile.name} does not say how to list ${plural(kind)}`, { advice: `Add ${place} to the profile` });
		return { place, request: list, scope: { ...baseScope(this.services), module: kindOf(this.services, kind).module } };
	}

	/** What changed at or after a time: one unit earlier is asked for, because some servers mean "after". */
	private since(kind: Kind, time: string): Listed {
		const earlier = Date.parse(time) - timeOf(this.services).unitMs;
		if (Number.isNaN(earlier)) throw new Failure('rejected', `"${time}" is not a time`, { advice: 'Write e.g. 2026-11-22T08:00:00Z' });
		return sinceRequest(this.services, kind, new Date(earlier).toISOString(), 'list');
	}

	/** In the order of the rows. */
	async documentsOf<K extends Kind>(kind: K, rows: readonly Row[]): Promise<Array<DocumentOf<K>>> {
		const companions = await companionsOf(this.services, kind, rows);
		const documents: Array<DocumentOf<K>> = [];
		for (const [i, row] of rows.entries()) documents.push(await toDocument(this.services, kind, row, companions[i]));
		return documents;
	}
}

/**
 * The request for what changed at or after a time.
 *
 * @param first which of the two that a profile may have goes first
 * @throws Failure `rejected` when it has neither
 */
export function sinceRequest(services: Services, kind: Kind, time: string, first: 'list' | 'changes'): Listed {
	const { list, changes, module } = kindOf(services, kind);
	const ways = [
		...(list && mentions(list, 'since') ? [{ place: `kinds.${kind}.list`, request: list }] : []),
		...(changes ? [{ place: `kinds.${kind}.changes.request`, request: changes.request }] : []),
	];
	const way = first === 'list' ? ways[0] : ways.at(-1);
	if (!way) throw new Failure('rejected', `The profile of ${services.profile.name} does not say how to find which ${plural(kind)} changed`, { advice: `Let kinds.${kind}.list use "since", or add kinds.${kind}.changes to the profile; else leave the time out` });
	return { ...way, scope: { ...baseScope(services), module, since: timeOf(services).lowest(time) } };
}

function article(kind: Kind): string {
	return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

function fieldText(document: Document, path: string): string | undefined {
	const value = valueAt(document, path) ?? valueAt(document.source, path);
	return value === undefined || value === null ? undefined : String(value);
}
