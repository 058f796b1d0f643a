// Owns the ledger API: log-in for a token that runs out, lists by cursor, a searchable external_id.
// Must not know: what records look like, the rules of the business.
import { randomBytes } from 'node:crypto';
import type { SimRequest, SimResponse } from '../server';
import type { Desk } from './books.desk';
import { TAXES, type Customer, type Invoice, type Order, type Payment, type Product } from './books.records';
import { Refusal, type RefusalCode } from './books.refusal';
import { operationOf, targetOf, type Face, type Target } from './face';
import { iso, LedgerRecords } from './ledger.records';
import type { Switches } from './switches';
import { bodyOf, text, type Body } from './wire';

const STATUS: Record<RefusalCode, number> = { not_found: 404, invalid: 422, duplicate: 409, unknown_customer: 422, unknown_product: 422, unknown_tax: 422, not_draft: 422, in_use: 422, changed_meanwhile: 412, key_reused: 422 };

type Row = Customer | Product | Order | Invoice | Payment;

interface Resource {
	rows(): Row[];
	show(row: Row): Body;
	/** Query parameters by which the list can be narrowed, and the value that a row has for each. */
	by: Record<string, (row: Row) => string>;
	create?(body: Body): Row;
	update?(id: string, body: Body): Row;
	remove?(id: string): void;
	actions?: Record<string, (id: string, body: Body) => Row>;
}

export interface Account {
	user: string;
	password: string;
}

export class Ledger implements Face {
	readonly title = 'Ledger';
	readonly root = '/api';
	private readonly tokens = new Map<string, number>();
	private readonly resources: Readonly<Record<string, Resource>>;

	constructor(
		private readonly desk: Desk,
		private readonly switches: Switches,
		private readonly account: Account,
	) {
		this.resources = resourcesOf(desk, new LedgerRecords(desk, () => switches.numbers));
	}

	operation(request: SimRequest): string | null {
		return operationOf(this.root, request);
	}

	expire(): SimResponse {
		this.tokens.clear();
		return this.refused(401, 'token_expired', 'The token has run out; log in again');
	}

	handle(request: SimRequest): SimResponse {
		const target = targetOf(this.root, request) ?? { resource: '', id: '', action: '' };
		try {
			if (target.resource === 'login') return this.login(request);
			if (!this.knows(request.headers.authorization)) return this.refused(401, 'token_expired', 'The token is not known here or has run out; log in again');
			return this.dispatch(request, target);
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			return this.refused(STATUS[error.code], error.code, error.message);
		}
	}

	private login(request: SimRequest): SimResponse {
		if (request.method !== 'POST') return this.refused(405, 'method', 'POST user and password here');
		const body = bodyOf(request);
		if (text(body, 'user') !== this.account.user || text(body, 'password') !== this.account.password) return this.refused(401, 'login', 'User name or password is wrong');
		const token = randomBytes(16).toString('hex');
		this.tokens.set(token, this.desk.books.now() + this.switches.sessionSeconds * 1000);
		return this.answer(200, { token, expires_in: this.switches.sessionSeconds });
	}

	private knows(header: string | undefined): boolean {
		const ends = this.tokens.get(/^Bearer (\w+)$/.exec(header ?? '')?.[1] ?? '');
		return ends !== undefined && ends > this.desk.books.now();
	}

	private dispatch(request: SimRequest, { resource: name, id, action }: Target): SimResponse {
		if (name === 'me') return this.answer(200, { user: this.account.user, company: 'Demo Trading', version: 'Ledger 3.2' });
		if (name === 'taxes') return this.answer(200, { items: TAXES, next: null });
		const resource = this.resources[name];
		if (!resource) return this.refused(404, 'no_resource', `There is no resource "${name}"`);
		if (id === '') return request.method === 'POST' && resource.create ? this.answer(201, resource.show(resource.create(bodyOf(request)))) : request.method === 'GET' ? this.list(request, resource) : this.notHere(request);
		const row = resource.rows().find((one) => one.id === id);
		if (!row) return this.refused(404, 'not_found', `There is nothing with the id "${id}" among the ${name}`);
		const work = resource.actions?.[action];
		if (action !== '') return work && request.method === 'POST' ? this.answer(200, resource.show(work(id, request.body ? bodyOf(request) : {}))) : this.notHere(request);
		if (request.method === 'GET') return this.answer(200, resource.show(row));
		if (request.method === 'PATCH' && resource.update) return this.answer(200, resource.show(resource.update(id, bodyOf(request))));
		if (request.method !== 'DELETE' || !resource.remove) return this.notHere(request);
		resource.remove(id);
		return { status: 204, body: '' };
	}

	/** By ascending id, whatever changed meanwhile; the cursor names the last one given. */
	private list({ query }: SimRequest, resource: Resource): SimResponse {
		const size = Math.min(Number(query.get('limit') ?? this.switches.pageSize) || this.switches.pageSize, this.switches.pageSize);
		const after = query.get('cursor') ? Number(Buffer.from(query.get('cursor') ?? '', 'base64url').toString().replace(/^after:/, '')) : 0;
		if (Number.isNaN(after)) throw new Refusal('invalid', 'The cursor is not one of ours');
		const wanted = conditions(query, resource);
		const indexed = this.desk.books.now() - (query.has('external_id') ? this.switches.indexSeconds * 1000 : 0);
		const rows = resource.rows().filter((row) => wanted.every((fits) => fits(row)) && Number(row.id) > after && row.createdAt <= indexed);
		const page = rows.slice(0, size);
		const last = page[page.length - 1];
		const next = rows.length > page.length && last ? Buffer.from(`after:${last.id}`).toString('base64url') : null;
		return this.answer(200, { items: page.map((row) => resource.show(row)), next });
	}

	private notHere({ method, path }: SimRequest): SimResponse {
		return this.refused(405, 'method', `${method} is not possible at ${path}`);
	}

	private refused(status: number, code: string, message: string): SimResponse {
		return this.answer(status, { error: { code, message } });
	}

	private answer(status: number, body: Body): SimResponse {
		return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
	}
}

function conditions(query: URLSearchParams, { by }: Resource): Array<(row: Row) => boolean> {
	return [...query].filter(([name]) => !['limit', 'cursor'].includes(name)).map(([name, value]) => {
		if (name === 'changed_since') {
			if (Number.isNaN(Date.parse(value))) throw new Refusal('invalid', `"${value}" is not a time`);
			return (row) => iso(row.modifiedAt) >= iso(Date.parse(value));
		}
		const field = by[name];
		if (!field) throw new Refusal('invalid', `The list cannot be narrowed by "${name}"`);
		const values = name === 'code' ? value.split(',') : [value];
		return (row) => values.includes(field(row));
	});
}

function resourcesOf(desk: Desk, records: LedgerRecords): Record<string, Resource> {
	const { books } = desk;
	const member = (name: string) => (row: Row) => String((row as unknown as Record<string, unknown>)[name] ?? '');
	const key = { external_id: member('externalId') };
	return {
		customers: {
			rows: () => books.rows('customers'),
			show: (row) => records.customer(row as Customer),
			by: { ...key, ...Object.fromEntries(['number', 'name', 'vat', 'email', 'phone'].map((name) => [name, member(name)])) },
			create: (body) => desk.customer(records.readCustomer(body)),
			update: (id, body) => desk.customer(records.readCustomer(body), id),
			remove: (id) => desk.remove('customers', id),
		},
		products: {
			rows: () => books.rows('products'),
			show: (row) => records.product(row as Product),
			by: { ...key, code: member('code'), name: member('name') },
			create: (body) => desk.product(records.readProduct(body)),
			update: (id, body) => desk.product(records.readProduct(body), id),
			remove: (id) => desk.remove('products', id),
		},
		orders: {
			rows: () => books.rows('orders'),
			show: (row) => records.order(row as Order),
			by: { ...key, number: member('number'), reference: member('reference'), state: member('state') },
			create: (body) => desk.order(records.readOrder(body)),
			update: (id, body) => desk.order(records.readOrder(body), id),
			remove: (id) => desk.remove('orders', id),
			actions: { confirm: (id) => desk.confirm(id), cancel: (id) => desk.cancel(id) },
		},
		invoices: { rows: () => books.rows('invoices'), show: (row) => records.invoice(row as Invoice), by: { number: member('number'), order_id: member('orderId') } },
		payments: { rows: () => books.rows('payments'), show: (row) => records.payment(row as Payment), by: { invoice_id: member('invoiceId') } },
	};
}
