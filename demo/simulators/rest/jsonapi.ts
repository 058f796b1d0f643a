// Owns the JSON:API face: API key, media type, numbered pages, filters in brackets, results remembered by Idempotency-Key.
// Must not know: what records look like, the rules of the business.
import type { SimRequest, SimResponse } from '../server';
import type { Desk } from './books.desk';
import { TAXES, type Customer, type Invoice, type Order, type Product, type TableName } from './books.records';
import { Refusal, type RefusalCode } from './books.refusal';
import { operationOf, targetOf, type Face, type Target } from './face';
import { JsonApiRecords } from './jsonapi.records';
import type { Switches } from './switches';
import { bodyOf, object, text, type Body } from './wire';

const MEDIA = 'application/vnd.api+json';
const STATUS: Record<RefusalCode, number> = { not_found: 404, invalid: 422, duplicate: 409, unknown_customer: 422, unknown_product: 422, unknown_tax: 422, not_draft: 409, in_use: 409, changed_meanwhile: 409, key_reused: 422 };

type Row = Customer | Product | Order | Invoice;

interface Resource {
	table: TableName;
	show(row: Row): Body;
	by: Record<string, (row: Row) => string>;
	write?(data: Body, id?: string): Row;
	remove?(id: string): void;
}

/** What a call with an Idempotency-Key came to. */
interface Result {
	print: string;
	table: TableName;
	id: string;
	response: SimResponse;
}

/** Begins a text that stands for a bare number in an answer. */
const BARE = '\u0001';

export class JsonApi implements Face {
	readonly title = 'JSON:API';
	readonly root = '/jsonapi';
	private readonly results = new Map<string, Result>();
	private readonly resources: Readonly<Record<string, Resource>>;

	constructor(
		private readonly desk: Desk,
		private readonly switches: Switches,
		private readonly key: string,
	) {
		this.resources = resourcesOf(desk, new JsonApiRecords(desk, (id) => (switches.bareIds ? BARE + id : id)));
	}

	operation(request: SimRequest): string | null {
		return operationOf(this.root, request);
	}

	expire(): SimResponse {
		return this.refused(401, 'unauthorized', 'The API key is not valid');
	}

	handle(request: SimRequest): SimResponse {
		const target = targetOf(this.root, request) ?? { resource: '', id: '', action: '' };
		if (request.headers['x-api-key'] !== this.key) return this.refused(401, 'unauthorized', 'The API key is missing or not valid');
		if (request.body !== '' && !(request.headers['content-type'] ?? '').startsWith(MEDIA)) return this.refused(415, 'media_type', `Bodies are ${MEDIA}`);
		try {
			return this.dispatch(request, target);
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			return this.refused(STATUS[error.code], error.code, error.message);
		}
	}

	private dispatch(request: SimRequest, { resource: name, id, action }: Target): SimResponse {
		if (name === 'about') return this.answer(200, { data: { type: 'about', id: '1', attributes: { version: '7.1', user: 'Integration' } } });
		if (name === 'taxes') return this.answer(200, { data: TAXES.map(({ code, ...attributes }) => ({ type: 'taxes', id: code, attributes })) });
		const resource = this.resources[name];
		if (!resource || action !== '') return this.refused(404, 'no_resource', `There is no resource "${name}"`);
		if (id === '' && request.method === 'GET') return this.list(request, resource);
		if (id === '' && request.method === 'POST' && resource.write) return this.create(request, name, resource, resource.write);
		if (id === '') return this.notHere(request);
		const row = this.desk.books.find(resource.table, id) as Row | undefined;
		if (!row) return this.refused(404, 'not_found', `No ${name} with the id ${id}`);
		if (request.method === 'GET') return this.answer(200, { data: resource.show(row) });
		if (request.method === 'PATCH' && resource.write) return this.answer(200, { data: resource.show(resource.write(this.data(request, name), id)) });
		if (request.method !== 'DELETE' || !resource.remove) return this.notHere(request);
		resource.remove(id);
		return { status: 204, body: '' };
	}

	private data(request: SimRequest, type: string): Body {
		const data = object(bodyOf(request), 'data');
		if (data?.type !== type) throw new Refusal('invalid', `The body must hold data of the type "${type}"`);
		return data;
	}

	/** The same key again gives the first call's answer, as long as it is remembered. */
	private create(request: SimRequest, name: string, { table, show }: Resource, write: (data: Body) => Row): SimResponse {
		const header = request.headers['idempotency-key'];
		const key = this.switches.idempotency === 'ignored' || typeof header !== 'string' ? undefined : `${name} ${header}`;
		const before = key === undefined ? undefined : this.results.get(key);
		const gone = before && !this.desk.books.find(before.table, before.id);
		if (before && !(gone && this.switches.idempotency === 'forgets')) {
			if (before.print !== request.body) throw new Refusal('key_reused', 'The Idempotency-Key was used with another body');
			return before.response;
		}
		const row = write(this.data(request, name));
		const response = this.answer(201, { data: show(row) });
		if (key !== undefined) this.results.set(key, { print: request.body, table, id: row.id, response });
		return response;
	}

	private list({ query }: SimRequest, resource: Resource): SimResponse {
		const size = Math.min(Number(query.get('page[size]') ?? this.switches.pageSize) || 1, this.switches.pageSize);
		const number = Number(query.get('page[number]') ?? 1);
		const wanted = conditions(query, resource);
		const rows = (this.desk.books.rows(resource.table) as Row[]).filter((row) => wanted.every((fits) => fits(row)));
		const page = rows.slice((number - 1) * size, number * size);
		return this.answer(200, { data: page.map((row) => resource.show(row)), meta: { total: rows.length, page: number } });
	}

	private notHere({ method, path }: SimRequest): SimResponse {
		return this.refused(405, 'method', `${method} is not possible at ${path}`);
	}

	private refused(status: number, code: string, detail: string): SimResponse {
		return this.answer(status, { errors: [{ status: String(status), code, title: 'Refused', detail }] });
	}

	private answer(status: number, body: Body): SimResponse {
		const text = JSON.stringify(body).replace(/"\\u0001(\d+)"/g, '$1');
		return { status, headers: { 'content-type': MEDIA }, body: text };
	}
}

function conditions(query: URLSearchParams, { by }: Resource): Array<(row: Row) => boolean> {
	return [...query].filter(([name]) => !name.startsWith('page[')).map(([name, value]) => {
		const filter = /^filter\[(.+)\]$/.exec(name)?.[1] ?? '';
		if (filter === 'updated-since') {
			const since = Date.parse(value);
			if (Number.isNaN(since)) throw new Refusal('invalid', `"${value}" is not a time`);
			return (row) => row.modifiedAt >= since;
		}
		const field = by[filter];
		if (!field) throw new Refusal('invalid', `There is no parameter "${name}"`);
		return (row) => field(row) === value;
	});
}

function resourcesOf(desk: Desk, records: JsonApiRecords): Record<string, Resource> {
	const member = (name: string) => (row: Row) => String((row as unknown as Record<string, unknown>)[name] ?? '');
	const key = { 'external-id': member('externalId') };
	/** An order's state is an attribute like any other; so is what the CRM says. */
	const order = (data: Body, id?: string): Order => {
		const entry = records.readOrder(data);
		const state = text(object(data, 'attributes') ?? {}, 'state');
		const crm = records.readCrm(data);
		const written = id === undefined || Object.keys(entry).length > 0 ? desk.order(entry, id) : desk.books.must('orders', id);
		if (crm) desk.tell(written.id, crm);
		if (state === 'confirmed' && written.state !== 'confirmed') desk.confirm(written.id);
		if (state === 'cancelled' && written.state !== 'cancelled') desk.cancel(written.id);
		return desk.books.must('orders', written.id);
	};
	return {
		customers: {
			table: 'customers',
			show: (row) => records.customer(row as Customer),
			by: { ...key, 'vat-number': member('vat'), ...Object.fromEntries(['number', 'name', 'email', 'phone'].map((name) => [name, member(name)])) },
			write: (data, id) => desk.customer(records.readCustomer(data), id),
			remove: (id) => desk.remove('customers', id),
		},
		products: {
			table: 'products',
			show: (row) => records.product(row as Product),
			by: { ...key, sku: member('code'), name: member('name') },
			write: (data, id) => desk.product(records.readProduct(data), id),
			remove: (id) => desk.remove('products', id),
		},
		'sales-orders': {
			table: 'orders',
			show: (row) => records.order(row as Order),
			by: { ...key, number: member('number'), reference: member('reference'), state: member('state'), unhandled: (row) => String(unhandled(row as Order)) },
			write: order,
			remove: (id) => desk.remove('orders', id),
		},
		invoices: { table: 'invoices', show: (row) => records.invoice(row as Invoice), by: { number: member('number') } },
	};
}

/** Nobody at the CRM has said anything about it. */
function unhandled({ crm, externalId }: Order): boolean {
	return crm.key === '' && crm.status === '' && externalId === '';
}
