// Owns the keyed API: a session cookie and its token, PUT by an id of the caller's choice, ETags, pages by offset.
// Must not know: what records look like, the rules of the business.
import type { SimRequest, SimResponse } from '../server';
import type { Desk } from './books.desk';
import type { Customer, Invoice, Order, Product, TableName } from './books.records';
import { Refusal, type RefusalCode } from './books.refusal';
import { operationOf, targetOf, type Face, type Target } from './face';
import { KeyedRecords } from './keyed.records';
import { KeyedSessions } from './keyed.session';
import type { Account } from './ledger';
import type { Switches } from './switches';
import { bodyOf, text, type Body } from './wire';

type Row = Customer | Product | Order | Invoice;

interface Resource {
	table: TableName;
	show(row: Row): Body;
	by: Record<string, (row: Row) => string>;
	/** `chosen`: the id of a new record; `all`: what is not given becomes empty. */
	write?(body: Body, how: { id?: string; chosen?: string; all: boolean }): Row;
	remove?(id: string): void;
	actions?: Record<string, (id: string) => Row>;
}

const UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const STATUS: Partial<Record<RefusalCode, number>> = { not_found: 404, changed_meanwhile: 412 };

export class Keyed implements Face {
	readonly title = 'Keyed';
	readonly root = '/v1';
	/** Changes of existing records that did not say which state of them they knew. */
	blindChanges = 0;
	private readonly sessions: KeyedSessions;
	private readonly resources: Readonly<Record<string, Resource>>;

	constructor(
		private readonly desk: Desk,
		private readonly switches: Switches,
		private readonly account: Account,
	) {
		this.sessions = new KeyedSessions(() => desk.books.now(), () => switches.sessionSeconds);
		this.resources = resourcesOf(desk, new KeyedRecords(desk));
	}

	operation(request: SimRequest): string | null {
		return operationOf(this.root, request);
	}

	expire(): SimResponse {
		this.sessions.end();
		return this.refused(401, 'E_SESSION', 'The session is over');
	}

	handle(request: SimRequest): SimResponse {
		const target = targetOf(this.root, request) ?? { resource: '', id: '', action: '' };
		try {
			if (target.resource === 'session' && request.method === 'POST') return this.logIn(request);
			const session = this.sessions.of(request);
			if (!session) return this.refused(401, 'E_SESSION', 'There is no session, or it is over');
			const token = request.headers['x-csrf-token'];
			if (target.resource === 'session') return this.answer(200, { user: this.account.user, release: '2026.2' }, token === 'Fetch' ? { 'x-csrf-token': session.csrf } : {});
			if (request.method !== 'GET' && token !== session.csrf) return this.refused(403, 'E_CSRF', 'The X-CSRF-Token is missing or wrong', { 'x-csrf-token': 'Required' });
			return this.dispatch(request, target);
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			return this.refused(STATUS[error.code] ?? (this.switches.okRefusals ? 200 : 422), `E_${error.code.toUpperCase()}`, error.message);
		}
	}

	private logIn(request: SimRequest): SimResponse {
		const body = bodyOf(request);
		if (text(body, 'login') !== this.account.user || text(body, 'secret') !== this.account.password) return this.refused(401, 'E_LOGIN', 'Login or secret is wrong');
		return this.answer(200, { expires_s: this.switches.sessionSeconds }, { 'set-cookie': `sid=${this.sessions.start()}; Path=/; HttpOnly; SameSite=Lax` });
	}

	private dispatch(request: SimRequest, { resource: name, id, action }: Target): SimResponse {
		const resource = this.resources[name];
		if (!resource) return this.refused(404, 'E_RESOURCE', `There is no resource "${name}"`);
		if (id === '' && request.method === 'GET') return this.list(request, resource);
		if (id === '') return request.method === 'POST' && resource.write ? this.row(resource, resource.write(bodyOf(request), { all: true }), 201) : this.notHere(request);
		const row = this.desk.books.find(resource.table, id) as Row | undefined;
		if (request.method === 'PUT' && resource.write && action === '') return this.put(request, resource, id, row);
		if (!row) return this.refused(404, 'E_NOT_FOUND', `There is nothing with the uid ${id} in ${name}`);
		const work = resource.actions?.[action];
		if (action !== '') return work && request.method === 'POST' ? this.row(resource, work(id)) : this.notHere(request);
		if (request.method === 'GET') return this.row(resource, row);
		if (request.method === 'PATCH' && resource.write) return this.row(resource, this.change(request, row, () => resource.write!(bodyOf(request), { id, all: false })));
		if (request.method !== 'DELETE' || !resource.remove) return this.notHere(request);
		resource.remove(id);
		return { status: 204, body: '' };
	}

	/** Creates under the caller's id, or replaces what is there. */
	private put(request: SimRequest, resource: Resource, id: string, row: Row | undefined): SimResponse {
		if (!UID.test(id)) throw new Refusal('invalid', `"${id}" is not a uid`);
		if (request.headers['if-none-match'] === '*' && row) throw new Refusal('changed_meanwhile', 'It is there already');
		if (!row) return this.row(resource, resource.write!(bodyOf(request), { chosen: id, all: true }), 201);
		return this.row(resource, this.change(request, row, () => resource.write!(bodyOf(request), { id, all: true })));
	}

	private change(request: SimRequest, row: Row, write: () => Row): Row {
		const known = request.headers['if-match'];
		if (known === undefined) this.blindChanges++;
		else if (known !== '*' && known !== etag(this.meddled(row))) throw new Refusal('changed_meanwhile', 'Somebody has changed it meanwhile');
		return write();
	}

	/** The record as it is when the change arrives. */
	private meddled(row: Row): Row {
		if (this.switches.meddling <= 0 || !('website' in row)) return row;
		this.switches.meddling--;
		return this.desk.customer({ notes: `${row.notes}Changed by hand. ` }, row.id);
	}

	private list({ query }: SimRequest, resource: Resource): SimResponse {
		const take = Math.min(Number(query.get('take') ?? this.switches.pageSize) || 1, this.switches.pageSize);
		const skip = Number(query.get('skip') ?? 0);
		const wanted = conditions(query, resource);
		const rows = (this.desk.books.rows(resource.table) as Row[]).filter((row) => wanted.every((fits) => fits(row)));
		return this.answer(200, rows.slice(skip, skip + take).map((row) => resource.show(row)), {}, { count: rows.length });
	}

	private row(resource: Resource, row: Row, status = 200): SimResponse {
		return this.answer(status, resource.show(row), { etag: etag(row) });
	}

	private notHere({ method, path }: SimRequest): SimResponse {
		return this.refused(405, 'E_METHOD', `${method} is not possible at ${path}`);
	}

	private refused(status: number, code: string, message: string, headers: Record<string, string> = {}): SimResponse {
		return { status, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ ok: false, code, text: message }) };
	}

	private answer(status: number, data: unknown, headers: Record<string, string> = {}, more: Body = {}): SimResponse {
		return { status, headers: { ...headers, 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify({ ok: true, ...more, data }) };
	}
}

function etag({ version }: Row): string {
	return `"${version}"`;
}

function conditions(query: URLSearchParams, { by }: Resource): Array<(row: Row) => boolean> {
	return [...query].filter(([name]) => !['take', 'skip'].includes(name)).map(([name, value]) => {
		if (name === 'changed_from') {
			if (!/^\d+$/.test(value)) throw new Refusal('invalid', 'changed_from is a number of milliseconds');
			return (row) => row.modifiedAt >= Number(value);
		}
		const field = by[name];
		if (!field) throw new Refusal('invalid', `There is no parameter "${name}"`);
		const values = name === 'sku' ? value.split(',') : [value];
		return (row) => values.includes(field(row));
	});
}

function resourcesOf(desk: Desk, records: KeyedRecords): Record<string, Resource> {
	const member = (name: string) => (row: Row) => String((row as unknown as Record<string, unknown>)[name] ?? '');
	return {
		clients: {
			table: 'customers',
			show: (row) => records.client(row as Customer),
			by: { source_key: member('externalId'), no: member('number'), title: member('name'), vat_id: member('vat'), mail: member('email'), tel: member('phone') },
			write: (body, { id, chosen, all }) => desk.customer(records.readClient(body, all), id, chosen),
			remove: (id) => desk.remove('customers', id),
		},
		articles: {
			table: 'products',
			show: (row) => records.article(row as Product),
			by: { source_key: member('externalId'), sku: member('code'), title: member('name') },
			write: (body, { id, chosen, all }) => desk.product(records.readArticle(body, all), id, chosen),
			remove: (id) => desk.remove('products', id),
		},
		sales: {
			table: 'orders',
			show: (row) => records.sale(row as Order),
			by: { source_key: member('externalId'), no: member('number'), po_ref: member('reference') },
			write: (body, { id, chosen, all }) => desk.order(records.readSale(body, all), id, chosen),
			remove: (id) => desk.remove('orders', id),
			actions: { confirm: (id) => (desk.books.must('orders', id).state === 'confirmed' ? desk.books.must('orders', id) : desk.confirm(id)), cancel: (id) => desk.cancel(id) },
		},
		bills: { table: 'invoices', show: (row) => records.bill(row as Invoice), by: { no: member('number'), sale_uid: member('orderId') } },
	};
}
