// Owns the further reads that a profile wants for each record (`with`): for a page of records together, each call once.
// Must not know documents.
import { type Kind, plural } from '../core/documents';
import { Failure } from '../core/failure';
import { isRecord } from '../core/values';
import { baseScope, idIfAny, kindOf } from './rest.documents';
import type { ListRequest, RecordRequest } from './rest.profile.parts';
import { type Listing, readLists, together } from './rest.reading.lists';
import { usualList } from './rest.requests.shape';
import type { Answer, Row, Scope, Services } from './rest.services';

type Companion = [name: string, request: ListRequest | RecordRequest];

/** For each record what was read beside it, by the names of `with`; what is not there has no member. */
export async function companionsOf(services: Services, kind: Kind, rows: readonly Row[]): Promise<Row[]> {
	const companions = rows.map((): Row => ({}));
	if (rows.length === 0) return companions;
	for (const wave of waves(Object.entries(kindOf(services, kind).with ?? {}))) {
		const scopes = await Promise.all(rows.map(async (row, i): Promise<Scope> => ({ ...baseScope(services), record: row, id: await idIfAny(services, kind, row), with: companions[i] })));
		const values = await Promise.all([listsOf(services, kind, wave, scopes), recordsOf(services, kind, wave, scopes)]);
		for (const found of values) for (const { row, name, value } of found) if (value !== undefined) companions[row]![name] = value;
	}
	return companions;
}

/** Reads that use what others gave come after them. */
function waves(companions: readonly Companion[]): Companion[][] {
	const result: Companion[][] = [[]];
	for (const companion of companions) {
		if (/\bwith\b/.test(JSON.stringify(companion[1])) && result.at(-1)!.length > 0) result.push([]);
		result.at(-1)!.push(companion);
	}
	return result;
}

interface Found {
	/** Place of the record in the page. */
	row: number;
	name: string;
	value: unknown;
}

function isList(request: ListRequest | RecordRequest): request is ListRequest {
	return ('items' in request && request.items !== undefined) || ('paging' in request && request.paging !== undefined);
}

async function listsOf(services: Services, kind: Kind, wave: readonly Companion[], scopes: readonly Scope[]): Promise<Found[]> {
	const wanted = wave.filter(([, request]) => isList(request)).flatMap(([name, request]) => scopes.map((scope, row) => ({ row, name, list: { place: placeOf(kind, name), request, scope } as Listing })));
	const rows = await readLists(services, wanted.map(({ list }) => list), nameless);
	return wanted.map(({ row, name }, i) => ({ row, name, value: rows[i] }));
}

/** One record each; or a list where the answer is one, and the profile does not say which it is. */
async function recordsOf(services: Services, kind: Kind, wave: readonly Companion[], scopes: readonly Scope[]): Promise<Found[]> {
	const wanted = wave.filter(([, request]) => !isList(request)).flatMap(([name, request]) => scopes.map((scope, row) => ({ row, name, request, scope, place: placeOf(kind, name) })));
	const calls = await Promise.all(wanted.map(async ({ place, request, scope }) => await services.requests.prepare(place, request, scope, { writes: false })));
	const answers = await together(services, calls);
	return await Promise.all(
		wanted.map(async ({ row, name, request, scope, place }, i) => {
			const answer = answers[i];
			if (!answer || (!answer.ok && answer.failure.kind === 'missing')) return { row, name, value: undefined };
			if (!answer.ok) throw answer.failure.on(`${kind} ${String(scope.id ?? '')}`.trim());
			return { row, name, value: await readAnswer(services, place, request, answer.value, scope) };
		}),
	);
}

async function readAnswer(services: Services, place: string, request: ListRequest | RecordRequest, answer: Answer, scope: Scope): Promise<unknown> {
	const saysRecord = 'record' in request && request.record !== undefined;
	if (saysRecord || !looksLikeList(answer.body)) return await services.requests.record(place, request as RecordRequest, answer, scope);
	const [rows] = await readLists(services, [{ place, request: request as ListRequest, scope }], nameless);
	return rows;
}

/** An order with its `items` is a record. */
function looksLikeList(body: unknown): boolean {
	return usualList(body) !== undefined && !(isRecord(body) && Object.keys(body).some((name) => /^_?id$/i.test(name)));
}

/** Lines and the like: the same one may come twice. */
async function nameless(): Promise<undefined> {
	return await Promise.resolve(undefined);
}

function placeOf(kind: Kind, name: string): string {
	return `kinds.${kind}.with.${name}`;
}

/** Records whose list gave little more than their ids, each read by `get`; those that are gone meanwhile are left out. */
export async function wholeRows(services: Services, kind: Kind, request: ListRequest, rows: readonly Row[]): Promise<Row[]> {
	if (request.whole !== false || rows.length === 0) return [...rows];
	const { get } = kindOf(services, kind);
	const place = `kinds.${kind}.get`;
	if (!get) throw new Failure('rejected', `The profile of ${services.profile.name} says that its list of ${plural(kind)} is not whole, and has no ${place}`, { advice: 'Add it to the profile, or leave "whole" out' });
	const scopes = await Promise.all(rows.map(async (row): Promise<Scope> => ({ ...baseScope(services), id: await idIfAny(services, kind, row) })));
	const calls = await Promise.all(scopes.map(async (scope) => await services.requests.prepare(place, get, scope, { writes: false })));
	const answers = await together(services, calls);
	const read = await Promise.all(
		answers.map(async (answer, i) => {
			if (answer && !answer.ok && answer.failure.kind !== 'missing') throw answer.failure.on(`${kind} ${String(scopes[i]!.id ?? '')}`.trim());
			return answer?.ok ? await services.requests.record(place, get, answer.value, scopes[i]!) : undefined;
		}),
	);
	return read.filter((row): row is Row => row !== undefined);
}
