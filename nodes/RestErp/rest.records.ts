// Owns access to any module or path of the API with its own fields, for what the documents do not cover.
// Must not know documents.
import { asFailure, Failure, mayHaveHappened } from '../core/failure';
import { KINDS } from '../core/documents';
import type { FieldInfo } from '../core/mapping';
import type { Records } from '../core/port';
import { isRecord } from '../core/values';
import { mentions } from './rest.find';
import { pathBelow } from './rest.pages.address';
import { fileOf } from './rest.profile';
import type { ListRequest, Paging, ProfileRequest, RecordRequest } from './rest.profile.parts';
import { wholeRows } from './rest.reading.with';
import { fieldsOf } from './rest.records.fields';
import { filterParameters } from './rest.records.filter';
import { ModuleRoutes, type Route } from './rest.records.routes';
import { joined } from './rest.requests.query';
import type { Answer, Call, Row, Scope, Services } from './rest.services';

/** Records from which the fields of a module are told. */
const SAMPLE = 20;

export class RestRecords implements Records {
	constructor(private readonly services: Services) {}

	/** The modules of the kinds, then those that the profile names beside them. Any other path may be entered, too. */
	async modules(): Promise<Array<{ name: string; label: string }>> {
		const { kinds, modules = [] } = this.services.profile;
		const labels = new Map<string, string>();
		for (const kind of KINDS) if (kinds[kind] && !labels.has(kinds[kind].module)) labels.set(kinds[kind].module, kind[0]!.toUpperCase() + kind.slice(1));
		for (const { name, title } of modules) if (title !== undefined || !labels.has(name)) labels.set(name, title ?? name);
		return await Promise.resolve([...labels].map(([name, label]) => ({ name, label })));
	}

	async fields(module: string): Promise<FieldInfo[]> {
		const routes = this.routes(module);
		const kind = routes.kind && this.services.profile.kinds[routes.kind];
		const kept = [routes.id.expression, routes.version?.expression, kind?.modified];
		try {
			for await (const rows of this.list(module, undefined, SAMPLE)) return fieldsOf(rows, kind?.body, kept);
		} catch (error) {
			// What the profile writes is known without any record.
			if (kind?.body === undefined || asFailure(error).kind === 'denied') throw error;
		}
		return fieldsOf([], kind?.body, kept);
	}

	async get(module: string, id: string): Promise<Row> {
		const record = nameOf(module, id);
		const scope = this.scope(module, { id });
		const { call, place, request } = await this.first(this.routes(module).get, scope, { writes: false, record });
		const row = await this.services.requests.record(place, request, await this.services.session.call(call), scope);
		if (row) return row;
		throw new Failure('missing', `${this.services.profile.name} has no such record`, { record, advice: 'Check the ID, and that the user of the credential may see the record' });
	}

	async *list(module: string, filter: string | undefined, limit: number | undefined): AsyncGenerator<Row[]> {
		const routes = this.routes(module);
		const parameters = filterParameters(filter, this.services.profile.records.filter, this.pagingOf(routes.list(true)[0]!.request));
		if (limit !== undefined && limit <= 0) return;
		const { place, request, scope } = await this.listing(routes, parameters, limit);
		let given = 0;
		try {
			for await (const rows of this.services.requests.pages(place, request, scope, async (row) => await this.idOf(routes, row))) {
				const wanted = limit === undefined ? rows : rows.slice(0, limit - given);
				// Of a list that gives little more than ids each record is read.
				yield routes.kind && place !== 'records.list' ? await wholeRows(this.services, routes.kind, request, wanted) : wanted;
				given += rows.length;
				if (limit !== undefined && given >= limit) return;
			}
		} catch (error) {
			throw asFailure(error).on(module);
		}
	}

	/** Not repeated when its outcome is unknown: nothing tells whether the record is there. */
	async create(module: string, values: Row): Promise<Row> {
		const routes = this.routes(module);
		const id = await this.idOf(routes, values);
		const scope = this.scope(module, { values, ...(id === undefined ? {} : { id }) });
		const { call } = await this.first(routes.create, scope, { writes: true, record: module }, 'Give the ID of the new record among its values');
		const answer = await this.written(call, await this.body(scope, values), `Whether the record of ${module} was created is not known`);
		return await this.created(routes, values, answer, id);
	}

	/** Only what is given changes, where the API's update does so. */
	async update(module: string, id: string, values: Row): Promise<Row> {
		if (Object.keys(values).length === 0) throw new Failure('rejected', 'Nothing to write', { record: nameOf(module, id), advice: 'Give at least one field' });
		const routes = this.routes(module);
		const scope = this.scope(module, { id, values });
		const { call, place, request } = await this.first(routes.update, scope, { writes: true, record: nameOf(module, id) });
		const own = routes.kind && place !== 'records.get' && usesRecord(request.body) ? { place: `${place}.body`, mapping: request.body } : undefined;
		const record = routes.version || own || usesRecord(this.services.profile.records.body) ? await this.get(module, id) : undefined;
		const answer = await this.written(await this.versioned(routes, call, record), await this.body({ ...scope, record, body: values, changes: values }, values, own), 'Whether the record was changed is not known');
		return (await this.told(routes, answer, values)) ?? (await this.get(module, id));
	}

	async remove(module: string, id: string): Promise<void> {
		const routes = this.routes(module);
		const record = routes.version || routes.remove.some(({ request }) => mentions(request, 'record')) ? await this.get(module, id) : undefined;
		const { call } = await this.first(routes.remove, this.scope(module, { id, record }), { writes: true, record: nameOf(module, id) });
		try {
			await this.services.session.call(await this.versioned(routes, call, record));
		} catch (error) {
			if (!mayHaveHappened(error) || !(await this.isGone(module, id))) throw error;
		}
	}

	private async isGone(module: string, id: string): Promise<boolean> {
		try {
			await this.get(module, id);
			return false;
		} catch (error) {
			return asFailure(error).kind === 'missing';
		}
	}

	/** The list's own request with the filter and, for a few records, a smaller page. */
	private async listing(routes: ModuleRoutes, parameters: Record<string, string>, limit: number | undefined): Promise<Route<ListRequest> & { scope: Scope }> {
		const scope = this.scope(routes.module, { filter: parameters });
		const [first, second] = routes.list(Object.keys(parameters).length > 0) as [Route<ListRequest>, Route<ListRequest>?];
		const { place, request } = second && (await this.services.evaluator.path(`${first.place}.path`, first.request.path, scope)) === undefined ? second : first;
		const query = { ...request.query };
		for (const [name, value] of Object.entries(parameters)) {
			const own = query[name] === undefined ? undefined : await this.services.evaluator.text(`${place}.query.${name}`, query[name], scope);
			query[name] = JSON.stringify(joined(name, own, value, `${fileOf(this.services.profile)}, ${place}.query`));
		}
		return { place, request: { ...request, query, paging: smaller(this.pagingOf(request), limit) }, scope };
	}

	/** The record as the API gives it after the write: out of its answer when that holds it, else read. */
	private async created(routes: ModuleRoutes, values: Row, answer: Answer, given: string | undefined): Promise<Row> {
		const { module } = routes;
		const row = await this.told(routes, answer, values);
		if (row) return row;
		const partial = await this.rowIn(routes, answer);
		const id = (await this.newId(routes, answer)) ?? (partial && (await this.idOf(routes, partial))) ?? given;
		try {
			if (id !== undefined) return await this.get(module, id);
			const found = await this.atLocation(routes, answer);
			if (found) return found;
		} catch {
			// It is there: a failure now would have it made once more.
		}
		return partial ?? (id === undefined ? {} : { id });
	}

	private async newId({ newId }: ModuleRoutes, { body, headers }: Answer): Promise<string | undefined> {
		return newId && (await this.services.evaluator.text(newId.place, newId.expression, { ...this.base, answer: body, headers }));
	}

	private async atLocation(routes: ModuleRoutes, { headers: { location } }: Answer): Promise<Row | undefined> {
		if (!location) return undefined;
		const path = pathBelow({ link: location, from: ['/'], baseUrl: this.services.credential.url, refuse: (what, advice, kind) => new Failure(kind, `The answer ${what}`, { advice }) });
		const { place, request } = routes.get[0]!;
		const answer = await this.services.session.call({ method: 'GET', path, writes: false, record: routes.module });
		return await this.services.requests.record(place, request, answer, this.scope(routes.module, {}));
	}

	/** The record in the answer to a write, if it holds one whole: with an id and the fields that were written. */
	private async told(routes: ModuleRoutes, answer: Answer, values: Row): Promise<Row | undefined> {
		const row = await this.rowIn(routes, answer);
		if (!row || !Object.keys(values).every((name) => Object.hasOwn(row, name))) return undefined;
		return (await this.idOf(routes, row)) === undefined ? undefined : row;
	}

	private async rowIn(routes: ModuleRoutes, answer: Answer): Promise<Row | undefined> {
		const { place, request } = routes.get[0]!;
		try {
			const row = isRecord(answer.body) ? await this.services.requests.record(place, request, answer, this.scope(routes.module, {})) : undefined;
			return row && Object.keys(row).length > 0 ? row : undefined;
		} catch {
			// Answers to writes often look otherwise than those to reads.
			return undefined;
		}
	}

	private async written(call: Call, body: unknown, unsure: string): Promise<Answer> {
		try {
			return await this.services.session.call({ ...call, body });
		} catch (error) {
			const failure = asFailure(error);
			if (failure.kind !== 'unknown') throw failure;
			throw new Failure('unknown', unsure, { record: call.record, cause: failure, code: failure.code, said: failure.what, advice: `Look into ${this.services.profile.name} before you repeat it: it might be done twice` });
		}
	}

	/** Servers that want If-Match refuse a change without it. */
	private async versioned(routes: ModuleRoutes, call: Call, record: Row | undefined): Promise<Call> {
		const named = Object.keys(call.headers ?? {}).some((name) => name.toLowerCase() === 'if-match');
		if (!routes.version || !record || named) return call;
		const version = await this.services.evaluator.text(routes.version.place, routes.version.expression, { ...this.base, record });
		return version === undefined ? call : { ...call, headers: { ...call.headers, 'If-Match': version } };
	}

	/** @param own the body of the kind's own update, where it is built on the record: a PUT replaces the whole of it */
	private async body(scope: Scope, values: Row, own?: { place: string; mapping: ListRequest['body'] }): Promise<unknown> {
		const { place, mapping } = own ?? { place: 'records.body', mapping: this.services.profile.records.body };
		return mapping === undefined ? values : await this.services.evaluator.mapping(place, mapping, scope);
	}

	/** The first request whose path has all of its values. */
	private async first<R extends ProfileRequest | RecordRequest>(routes: ReadonlyArray<Route<R>>, scope: Scope, options: { writes: boolean; record: string }, advice = 'Give the ID of the record'): Promise<Route<R> & { call: Call }> {
		for (const { place, request } of routes) {
			// What a record holds is said by the caller, not by the mapping of a document.
			const call = await this.services.requests.prepare(place, options.writes ? { ...request, body: undefined } : request, scope, options);
			if (call) return { place, request, call };
		}
		throw new Failure('rejected', 'The address of the record is not complete', { record: options.record, advice });
	}

	private async idOf({ id: { place, expression } }: ModuleRoutes, record: Row): Promise<string | undefined> {
		return await this.services.evaluator.text(place, expression, { ...this.base, record });
	}

	private routes(module: string): ModuleRoutes {
		const name = module.trim().replace(/^\/+|\/+$/g, '');
		if (name === '') throw new Failure('rejected', 'No module is given', { advice: 'Give its name or path, e.g. orders' });
		return new ModuleRoutes(this.services.profile, name);
	}

	private pagingOf(request: ListRequest): Paging {
		return request.paging ?? this.services.profile.paging;
	}

	private get base(): Scope {
		const { settings, installation } = this.services.credential;
		return { settings, system: installation };
	}

	private scope(module: string, further: Scope): Scope {
		return { ...this.base, module: this.routes(module).module, ...further };
	}
}

function usesRecord(body: ListRequest['body']): boolean {
	return mentions({ path: '/', body }, 'record');
}

function nameOf(module: string, id: string): string {
	return `${module} ${id}`;
}

function smaller(paging: Paging, limit: number | undefined): Paging {
	if (limit === undefined || paging.style === 'none' || paging.pageSize === undefined || paging.pageSize <= limit) return paging;
	return { ...paging, pageSize: Math.max(1, Math.trunc(limit)) };
}
