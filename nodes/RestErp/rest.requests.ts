// Owns turning requests of the profile into calls, and answers into records. Must not know documents.
import { Failure } from '../core/failure';
import { FirstById, listsIn } from './rest.lists';
import { readPages } from './rest.pages';
import { fileOf } from './rest.profile';
import type { ListRequest, ProfileRequest, RecordRequest } from './rest.profile.parts';
import { type QueryValue, queryValue, withParameter } from './rest.requests.query';
import { listAt, noList, recordOf, rowsOf, shown, usualList } from './rest.requests.shape';
import type { Answer, Bindings, Call, Requests, Row, Scope, Services } from './rest.services';

export class RestRequests implements Requests {
	private readonly file: string;

	constructor(private readonly services: Pick<Services, 'credential' | 'profile' | 'evaluator' | 'session'>) {
		this.file = fileOf(services.profile);
	}

	/**
	 * Without a method it is POST where there is a body or it `writes`, else GET: callers whose requests mean another
	 * one (an update) name it. A parameter or header without a value is left out; a list as a parameter is joined with
	 * commas, or repeated where its name ends with `[]`.
	 */
	async prepare(place: string, request: ProfileRequest | ListRequest | RecordRequest, given: Scope, options: { writes?: boolean; bindings?: Bindings; record?: string } = {}): Promise<Call | undefined> {
		const scope = this.scoped(given);
		const path = await this.services.evaluator.path(`${place}.path`, request.path, scope);
		if (path === undefined) return undefined;
		const method = request.method ?? (options.writes === true || (request.body !== undefined && options.writes === undefined) ? 'POST' : 'GET');
		let call: Call = { method, path, writes: options.writes ?? method !== 'GET' };
		for (const [name, expression] of Object.entries(request.query ?? {})) {
			const value = await this.parameter(`${place}.query.${name}`, expression, scope, options.bindings);
			if (value !== undefined) call = withParameter(call, name, value);
		}
		const headers = await this.headers(place, request.headers, scope, options.bindings);
		if (headers) call.headers = headers;
		if (request.body !== undefined) call.body = await this.services.evaluator.mapping(`${place}.body`, request.body, scope, options.bindings);
		if (request.as) call.as = request.as;
		if (options.record !== undefined) call.record = options.record;
		return call;
	}

	async record(place: string, request: RecordRequest, answer: Answer, scope: Scope): Promise<Row | undefined> {
		const value = request.record === undefined ? answer.body : await this.services.evaluator.value(`${place}.record`, request.record, this.scoped(scope, answer));
		return recordOf(value, `${this.file}, ${place}.record`);
	}

	/** HTTP 204 is an empty list; any other answer must hold one. */
	async items(place: string, request: ListRequest, answer: Answer, scope: Scope): Promise<Row[]> {
		if (answer.body === undefined && answer.status === 204) return [];
		const where = `${this.file}, ${place}.items`;
		const list = request.items === undefined ? usualList(answer.body) : listAt(request.items, await this.services.evaluator.value(`${place}.items`, request.items, this.scoped(scope, answer)));
		// What is not a list of records is never "no records": a look-up that finds nothing is followed by a create.
		if (list === undefined || typeof answer.body !== 'object' || answer.body === null) throw noList(answer.body, where, request.items);
		return rowsOf(list, where);
	}

	async *pages(place: string, request: ListRequest, scope: Scope, id: (row: Row) => Promise<string | undefined>): AsyncGenerator<Row[]> {
		const given = new FirstById(id);
		const lists = listsIn(place, request);
		for (const list of lists) {
			for await (const rows of readPages({ ...this.services, requests: this }, { ...list, scope: this.scoped(scope), id })) {
				const fresh = lists.length > 1 ? await given.of(rows) : rows;
				if (fresh.length > 0) yield fresh;
			}
		}
	}

	/** One query parameter. */
	async parameter(place: string, expression: string, scope: Scope, bindings?: Bindings): Promise<QueryValue> {
		const value = await this.services.evaluator.value(place, expression, this.scoped(scope), bindings);
		const text = queryValue(value);
		if (text !== null) return text;
		throw new Failure('rejected', `${this.file}, ${place}: ${JSON.stringify(expression)} gives ${shown(value)}, which cannot stand in an address`, { advice: 'Correct the profile there: one text or number is needed, or a list of them' });
	}

	private async headers(place: string, headers: Record<string, string> | undefined, scope: Scope, bindings?: Bindings): Promise<Record<string, string> | undefined> {
		const filled: Record<string, string> = {};
		for (const [name, expression] of Object.entries(headers ?? {})) {
			const value = await this.services.evaluator.text(`${place}.headers.${name}`, expression, scope, bindings);
			if (value === undefined) continue;
			if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new Failure('rejected', `${this.file}, ${place}.headers.${name}: "${value.replace(/[\r\n]+/g, ' ')}" holds characters that a header cannot carry`, { advice: 'Send only letters of the Latin alphabet, digits and signs there, on one line' });
			filled[name] = value;
		}
		return Object.keys(filled).length > 0 ? filled : undefined;
	}

	/** `settings` and `system` are seen everywhere, `answer` and `headers` after a call. */
	private scoped(scope: Scope, answer?: Answer): Scope {
		const { credential } = this.services;
		return { settings: credential.settings, system: credential.installation, ...scope, ...(answer ? { answer: answer.body, headers: answer.headers } : {}) };
	}
}
