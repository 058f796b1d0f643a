// Proves plain records over real connections: which request serves a module, filters that are refused before anything is
// sent, writes that are done once, and the editor's lists and the connection test beside them.
import { collect } from '../../../nodes/core/pages';
import { createTransport } from '../../../nodes/kit/http';
import { servicesFor } from '../../../nodes/RestErp/rest.assembly';
import { checkConnection } from '../../../nodes/RestErp/rest.check';
import { choices } from '../../../nodes/RestErp/rest.choices';
import { readEndpoint } from '../../../nodes/RestErp/rest.credential';
import { filterParameters } from '../../../nodes/RestErp/rest.records.filter';
import { RestRecords } from '../../../nodes/RestErp/rest.records';
import type { Services } from '../../../nodes/RestErp/rest.services';
import { stopServers, type TestServer } from '../../kit/server';
import { TestClock } from '../send';
import { credential, refusal, type Seen, server } from './talk';

afterEach(stopServers);

type Respond = (status: number, body?: unknown, headers?: Record<string, string>) => void;
type Row = Record<string, unknown>;

const CUSTOMER = {
	module: 'partners/customers',
	id: 'record.nr',
	version: 'record.etag',
	modified: 'record.changed',
	read: { name: 'record.name' },
	get: { path: '/crm/customer/{id}', record: 'answer.customer' },
	list: { path: '/crm/customer', query: { type: "'customer'", $filter: "since ? 'changed ge ' & since" }, items: 'answer.customers' },
	create: { path: '/crm/customer', id: 'answer.created' },
	update: { path: '/crm/customer/{id}' },
	remove: { path: '/crm/customer/{id}' },
	identity: { by: 'searchField' },
	find: { key: { path: '/crm/customer', query: { ext: 'value' } } },
	body: { name: 'document.name', address: { city: 'document.billing.city' }, ext: 'key' },
};

async function set(handle: (request: Seen, respond: Respond, nth: number) => void, profile: Record<string, unknown> = {}, own: Record<string, unknown> = {}): Promise<{ records: RestRecords; services: Services; server: TestServer; sent: () => string[] }> {
	const made = await server(handle);
	const fields = credential(made.url, profile, own);
	const clock = new TestClock();
	const services = servicesFor(fields, { send: createTransport(readEndpoint(fields), clock), clock });
	return { records: new RestRecords(services), services, server: made, sent: () => made.requests.map(({ method, url, body }) => `${method} ${url}${body ? ` ${body}` : ''}`) };
}

/** A table behind `/{module}` and `/{module}/{id}`. */
function table(rows: Map<string, Row> = new Map(), change: (status: number, row?: Row) => [status: number, body?: unknown, headers?: Record<string, string>] = (status, row) => [status, row]) {
	return ({ method, url = '', body }: Seen, respond: Respond): void => {
		const [path, search] = url.split('?');
		const [, , id] = path!.split('/').map(decodeURIComponent);
		if (!path!.startsWith('/notes')) return respond(404, { message: 'No such thing' });
		const values = body ? (JSON.parse(body) as Row) : {};
		if (method === 'POST') {
			const row = { id: rows.size + 1, ...values };
			rows.set(String(row.id), row);
			return respond(...change(201, row));
		}
		if (id === undefined) {
			const wanted = [...new URLSearchParams(search)];
			return respond(200, { data: [...rows.values()].filter((row) => wanted.every(([name, value]) => String(row[name]) === value)) });
		}
		const row = rows.get(id);
		if (!row) return respond(404, { message: 'Not found' });
		if (method === 'DELETE') return rows.delete(id), respond(204);
		if (method !== 'GET') Object.assign(row, values);
		return method === 'GET' ? respond(200, row) : respond(...change(200, row));
	};
}

describe('a module without a kind', () => {
	it('is created, read, listed, changed and removed by the conventions', async () => {
		const { records, sent } = await set(table());
		expect(await records.create('notes', { text: 'one', n: 1 })).toEqual({ id: 1, text: 'one', n: 1 });
		expect(await records.get('/notes/', '1')).toEqual({ id: 1, text: 'one', n: 1 });
		expect(await collect(records.list('notes', 'text=one&n=1', undefined))).toHaveLength(1);
		expect(await collect(records.list('notes', 'text=two', 5))).toEqual([]);
		expect(await collect(records.list('notes', undefined, 0))).toEqual([]);
		expect(await records.update('notes', '1', { text: 'two' })).toEqual({ id: 1, text: 'two', n: 1 });
		await records.remove('notes', '1');
		expect(await refusal(records.get('notes', '1'))).toMatchObject({ kind: 'missing', record: 'notes 1' });
		expect(sent()).toEqual(['POST /notes {"text":"one","n":1}', 'GET /notes/1', 'GET /notes?text=one&n=1', 'GET /notes?text=two', 'PATCH /notes/1 {"text":"two"}', 'DELETE /notes/1', 'GET /notes/1']);
	});

	it.each([
		['says nothing', (): [number] => [204]],
		['says the id alone', (_status: number, row?: Row): [number, unknown] => [200, { id: row?.id }]],
		['says where it is', (_status: number, row?: Row): [number, unknown, Record<string, string>] => [204, undefined, { Location: `/notes/${row?.id as number}` }]],
		['says something else', (): [number, unknown] => [200, ['done']]],
	])('is read again where the answer to a write %s', async (what, change) => {
		const { records, sent } = await set(table(new Map([['1', { id: 1, text: 'old' }]]), change));
		expect(await records.update('notes', '1', { text: 'new' })).toEqual({ id: 1, text: 'new' });
		const created = await records.create('notes', { text: 'next' });
		expect(created).toEqual(/alone|where/.test(what) ? { id: 2, text: 'next' } : {});
		expect(sent().filter((line) => line.startsWith('POST'))).toHaveLength(1);
	});

	it('may be any path; every part of it is one segment', async () => {
		const { records, sent } = await set((_request, respond) => respond(200, { id: 1 }));
		await records.get('sales/orders/5/lines', '..1');
		await records.get('a?b#c/ü x', 'a/b?c');
		expect(sent()).toEqual(['GET /sales/orders/5/lines/..1', 'GET /a%3Fb%23c/%C3%BC%20x/a%2Fb%3Fc']);
	});

	it.each([['..', '1'], ['notes', '..'], ['notes/../users', '1'], ['notes//x', '1'], ['./notes', '1'], ['', '1'], [' / ', '1'], ['notes', '']])('module %j and id %j are refused before anything is sent', async (module, id) => {
		const { records, server: made } = await set(table());
		for (const work of [records.get(module, id), records.update(module, id, { a: 1 }), records.remove(module, id)]) expect((await refusal(work)).kind).toBe('rejected');
		expect(made.requests).toHaveLength(0);
	});

	it('a change of nothing is refused', async () => {
		const { records } = await set(table());
		expect(await refusal(records.update('notes', '1', {}))).toMatchObject({ kind: 'rejected', what: 'Nothing to write', record: 'notes 1' });
	});

	it('that is not there is named', async () => {
		const { records } = await set(table());
		expect((await refusal(records.fields('NoSuchModule'))).message).toContain('NoSuchModule');
		expect(await refusal(collect(records.list('NoSuchModule', undefined, 1)))).toMatchObject({ kind: 'missing' });
	});

	it('follows the conventions that the profile sets', async () => {
		const rows = (id: unknown) => ({ data: { type: 'notes', id, attributes: { text: 'x' } } });
		const { records, sent } = await set(({ method }, respond) => respond(200, method === 'GET' ? rows('7') : rows('7')), {
			records: { get: '/v2/{module}({$odata(id)})', list: '/v2/{module}', id: 'record.id', record: 'answer.data', items: '[answer.data]', body: { data: { type: 'module', attributes: 'values' } }, updateMethod: 'PUT', filter: '$filter' },
		});
		expect(await records.get('notes', "O'7")).toEqual({ type: 'notes', id: '7', attributes: { text: 'x' } });
		await collect(records.list('notes', "$filter=text eq 'a & b'", undefined));
		await records.create('notes', { text: 'x' });
		await records.update('notes', '7', { text: 'y' });
		expect(sent()).toEqual(["GET /v2/notes('O''7')", "GET /v2/notes?$filter=text%20eq%20%27a%20%26%20b%27", 'POST /v2/notes {"data":{"type":"notes","attributes":{"text":"x"}}}', "GET /v2/notes('7')", "PUT /v2/notes('7') {\"data\":{\"type\":\"notes\",\"attributes\":{\"text\":\"y\"}}}", "GET /v2/notes('7')"]);
	});

	it('with ids of one\'s own is created by PUT', async () => {
		const { records, sent } = await set(({ body }, respond) => respond(201, JSON.parse(body)), { records: { createMethod: 'PUT' } });
		expect(await records.create('notes', { id: 'a/1', text: 'x' })).toEqual({ id: 'a/1', text: 'x' });
		expect(await refusal(records.create('notes', { text: 'x' }))).toMatchObject({ kind: 'rejected', advice: 'Give the ID of the new record among its values' });
		expect(sent()).toEqual(['PUT /notes/a%2F1 {"id":"a/1","text":"x"}']);
	});

	it('asks for no more than is wanted', async () => {
		const { records, sent } = await set((_request, respond) => respond(200, [{ id: 1 }, { id: 2 }, { id: 3 }]), { paging: { style: 'page', page: 'page', size: 'size' } });
		expect(await collect(records.list('notes', undefined, 2))).toEqual([{ id: 1 }, { id: 2 }]);
		expect(sent()).toEqual(['GET /notes?page=1&size=2']);
	});

	it('with a version is changed and removed under If-Match', async () => {
		const { records, server: made } = await set(({ method }, respond) => (method === 'DELETE' ? respond(204) : respond(200, { id: 1, etag: 'W/"5"', text: 'y' })), { records: { version: 'record.etag' } });
		await records.update('notes', '1', { text: 'y' });
		await records.remove('notes', '1');
		expect(made.requests.map(({ method, headers }) => [method, headers['if-match']])).toEqual([['GET', undefined], ['PATCH', 'W/"5"'], ['GET', undefined], ['DELETE', 'W/"5"']]);
	});
});

describe('a module that holds a kind', () => {
	const profile = { kinds: { customer: CUSTOMER }, modules: [{ name: 'notes', title: 'Notes' }, { name: 'partners/customers', title: 'Clients' }], records: { filter: '$filter' } };
	const row = { nr: 7, name: 'Ada', etag: '"1"', changed: '2026-01-31T10:00:00Z', address: { city: 'Graz', lat: 47.1 }, tags: ['a'], '@odata.id': 'x', born: '1990-01-31' };
	const api = ({ method, url = '' }: Seen, respond: Respond): void => {
		if (!url.startsWith('/crm/customer')) return respond(404, {});
		if (method === 'GET') return respond(200, url.startsWith('/crm/customer/') ? { customer: row } : { customers: [row] });
		if (method === 'DELETE') return respond(204);
		return respond(200, method === 'POST' ? { created: 7 } : undefined);
	};

	it('is reached by the kind\'s own requests', async () => {
		const { records, server: made, sent } = await set(api, profile);
		expect(await records.get(CUSTOMER.module, '7')).toEqual(row);
		expect(await collect(records.list(CUSTOMER.module, "name eq 'Ada'", undefined))).toEqual([row]);
		expect(await records.create(CUSTOMER.module, { name: 'Ada' })).toEqual(row);
		expect(await records.update(CUSTOMER.module, '7', { name: 'Ada' })).toEqual(row);
		await records.remove(CUSTOMER.module, '7');
		expect(sent()).toEqual([
			'GET /crm/customer/7', "GET /crm/customer?type=customer&$filter=name%20eq%20%27Ada%27", 'POST /crm/customer {"name":"Ada"}', 'GET /crm/customer/7',
			'GET /crm/customer/7', 'PATCH /crm/customer/7 {"name":"Ada"}', 'GET /crm/customer/7', 'GET /crm/customer/7', 'DELETE /crm/customer/7',
		]);
		expect(made.requests.filter(({ method }) => method === 'PATCH' || method === 'DELETE').map(({ headers }) => headers['if-match'])).toEqual(['"1"', '"1"']);
	});

	it('joins the filter to the kind\'s own condition, and goes by the plain list where the kind\'s is no GET', async () => {
		const own = { ...CUSTOMER, list: { ...CUSTOMER.list, query: { $filter: "'active eq true'" } } };
		const joined = await set(api, { ...profile, kinds: { customer: own } });
		await collect(joined.records.list(CUSTOMER.module, "name eq 'Ada' or nr eq 7", undefined));
		expect(decodeURIComponent(joined.sent()[0]!)).toBe("GET /crm/customer?$filter=(active eq true) and (name eq 'Ada' or nr eq 7)");
		const posted = await set((_request, respond) => respond(200, [row]), { kinds: { customer: { ...CUSTOMER, list: { method: 'POST', path: '/crm/customer/list', body: { top: '100' } } } } });
		await collect(posted.records.list(CUSTOMER.module, undefined, undefined));
		await collect(posted.records.list(CUSTOMER.module, 'name=Ada', undefined));
		expect(posted.sent()).toEqual(['POST /crm/customer/list {"top":100}', 'GET /partners/customers?name=Ada']);
	});

	it('is read record by record where its list gives ids only', async () => {
		const { records, sent } = await set(({ url }, respond) => respond(200, url === '/crm/customer' ? [{ nr: 7 }, { nr: 8 }, { nr: 9 }] : { customer: { ...row, nr: Number(url!.slice(-1)) } }), { kinds: { customer: { ...CUSTOMER, list: { path: '/crm/customer', whole: false } } } });
		expect(await collect(records.list(CUSTOMER.module, undefined, 2))).toEqual([row, { ...row, nr: 8 }]);
		expect(sent()).toEqual(['GET /crm/customer', 'GET /crm/customer/7', 'GET /crm/customer/8']);
	});

	it('has its name offered, once, and its fields told from records and from what the profile writes', async () => {
		const { records } = await set(api, profile);
		expect(await records.modules()).toEqual([{ name: 'partners/customers', label: 'Clients' }, { name: 'notes', label: 'Notes' }]);
		expect(await (await set(api, { kinds: { customer: CUSTOMER } })).records.modules()).toEqual([{ name: 'partners/customers', label: 'Customer' }]);
		const fields = await records.fields(CUSTOMER.module);
		expect(Object.fromEntries(fields.map(({ name, type, writable }) => [name, `${type}${writable ? '' : ', read only'}`]))).toEqual({
			name: 'text', 'address.city': 'text', ext: 'text', nr: 'number, read only', etag: 'text, read only', changed: 'dateTime, read only', address: 'other', 'address.lat': 'number', tags: 'other', born: 'date',
		});
		expect(fields.find(({ name }) => name === 'address.city')?.label).toBe('Address city');
	});

	it('tells what the profile writes where no record can be read', async () => {
		const { records } = await set((_request, respond) => respond(404, {}), profile);
		expect((await records.fields(CUSTOMER.module)).map(({ name }) => name)).toEqual(['name', 'address.city', 'ext']);
		const closed = await set((_request, respond) => respond(403, {}), profile);
		expect((await refusal(closed.records.fields(CUSTOMER.module))).kind).toBe('denied');
	});
});

describe('a lost answer', () => {
	it('to a create: told, not repeated', async () => {
		const { records, server: made } = await set((request) => void request.socket.destroy());
		const failure = await refusal(records.create('notes', { text: 'x' }));
		expect(failure).toMatchObject({ kind: 'unknown', what: 'Whether the record of notes was created is not known', advice: 'Look into Ledger before you repeat it: it might be done twice' });
		expect(made.requests).toHaveLength(1);
	});

	it('to a create whose record cannot be read back: it is done all the same', async () => {
		const { records, server: made } = await set(({ method }, respond) => (method === 'POST' ? respond(201, { id: 5 }) : respond(404, {})));
		expect(await records.create('notes', { text: 'x' })).toEqual({ id: 5 });
		expect(made.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
	});

	it('to a change: told, not repeated', async () => {
		const { records, server: made } = await set((request) => void request.socket.destroy());
		expect(await refusal(records.update('notes', '1', { text: 'x' }))).toMatchObject({ kind: 'unknown', record: 'notes 1' });
		expect(made.requests).toHaveLength(1);
	});

	it('to a removal: looked for, and done when it is gone', async () => {
		const gone = await set((request, respond) => (request.method === 'DELETE' ? void request.socket.destroy() : respond(404, {})));
		await gone.records.remove('notes', '1');
		expect(gone.sent()).toEqual(['DELETE /notes/1', 'GET /notes/1']);
		const there = await set((request, respond) => (request.method === 'DELETE' ? void request.socket.destroy() : respond(200, { id: 1 })));
		expect((await refusal(there.records.remove('notes', '1'))).kind).toBe('unknown');
	});
});

describe('a filter', () => {
	const none = { style: 'none' } as const;

	it.each([
		['a=1&b=x y&c=', { a: '1', b: 'x y', c: '' }],
		['?filter[name]=a%26b&q=1=2', { 'filter[name]': 'a&b', q: '1=2' }],
		['phone=+39 06', { phone: '+39 06' }],
		['   ', {}],
	])('as pairs: %s', (filter, expected) => {
		expect(filterParameters(filter, undefined, none)).toEqual(expected);
	});

	it.each(['this is ( not a filter', 'open', 'a=1&b', '=1', 'a b=1', "name eq 'x'", 'a=50%', 'a=1&a=2', 'a(b)=1', 'page=2', 'size=5'])('that is no pair is refused: %s', (filter) => {
		expect(() => filterParameters(filter, undefined, { style: 'page', page: 'page', size: 'size', first: 1, pageSize: 100 })).toThrow(expect.objectContaining({ kind: 'rejected' }));
	});

	it.each(["status eq 'open'", "name eq 'O''Neil (x)' and (a gt 1 or not b lt 2)", "contains(name,'a')", 'active', 'not active', "id in ('a','b')", 'lines/any(l: l/quantity gt 5)', "name eq '50%25'"])('of OData goes as it is: %s', (filter) => {
		expect(filterParameters(filter, '$filter', none)).toEqual({ $filter: filter });
		expect(filterParameters(`?$filter=${filter}`, '$filter', none)).toEqual({ $filter: filter });
	});

	it.each(['this is ( not a filter', 'this is not', "name eq 'O'Neil'", 'a eq 1)', '((a eq 1)', 'name%20eq%201', 'status=open', ')a eq 1('])('of OData that is none is refused: %s', (filter) => {
		expect(() => filterParameters(filter, '$filter', none)).toThrow(expect.objectContaining({ kind: 'rejected', advice: expect.stringMatching(/./) }));
	});

	it('in a parameter of another kind is sent; what begins like JSON must be JSON', () => {
		expect(filterParameters('[["status","=","Open"]]', 'filters', none)).toEqual({ filters: '[["status","=","Open"]]' });
		expect(filterParameters('companyName START_WITH "x"', 'q', none)).toEqual({ q: 'companyName START_WITH "x"' });
		expect(() => filterParameters('[["status"', 'filters', none)).toThrow(/is none/);
	});

	it('that is none is refused before anything is sent', async () => {
		for (const records of [{}, { filter: '$filter' }]) {
			const { records: api, server: made } = await set(table(), { records });
			expect((await refusal(collect(api.list('notes', 'this is ( not a filter', 1)))).kind).toBe('rejected');
			expect(made.requests).toHaveLength(0);
		}
	});
});

describe('the editor\'s lists', () => {
	it('are as the profile says, in order; one that it does not know is empty', async () => {
		const taxes = { path: '/taxes', query: { of: 'value' }, name: "record.name & ' ' & record.rate & ' %'", value: 'record.id', description: 'record.note' };
		const { services, sent } = await set((_request, respond) => respond(200, [{ id: 2, name: 'VAT', rate: 22 }, { id: 1, name: 'Reduced', rate: 10, note: 'Food' }, { name: 'without id' }]), { choices: { taxes } });
		expect(await choices(services, 'taxes')).toEqual([{ name: 'Reduced 10 %', value: '1', description: 'Food' }, { name: 'VAT 22 %', value: '2' }]);
		expect(await choices(services, 'taxes', 'IT')).toHaveLength(2);
		for (const unknown of ['productCodes', 'constructor', '__proto__']) expect(await choices(services, unknown)).toEqual([]);
		expect(sent()).toEqual(['GET /taxes', 'GET /taxes?of=IT']);
		expect(await choices((await set(table())).services, 'taxes')).toEqual([]);
	});
});

describe('the connection test', () => {
	const kinds = {
		customer: { ...CUSTOMER, identity: { by: 'uniqueField' } },
		product: { module: 'products', read: { name: 'record.name' }, list: { path: '/products' } },
		order: { ...CUSTOMER, module: 'orders', read: { status: "'draft'" } },
	};

	it('makes the profile\'s own check, and says what the profile promises', async () => {
		const { services, sent } = await set((_request, respond) => respond(200, { version: '9.1', user: { login: 'ada' } }), { kinds, check: { path: '/me', version: 'answer.version', user: 'answer.user.login' }, about: { documentation: 'https://example.com/api', version: '1', tried: 'nothing', covers: 'all' } });
		expect(await checkConnection(services)).toEqual({
			version: 'Ledger 9.1',
			user: 'ada',
			notes: [
				'Customer: written once, because the server refuses a second one with the same key',
				'Order: found by the key before and after each write; of two made at the same moment the later one is removed',
				'Read only: product',
				'Not in the profile: opportunity, quote, invoice',
				'The profile is written from the documentation alone: nobody has tried it yet',
			],
		});
		expect(sent()).toEqual(['GET /me']);
	});

	it('reads the first page of the first list where there is none', async () => {
		const { services, sent } = await set((_request, respond) => respond(200, { customers: [{ nr: 1 }] }), { kinds, paging: { style: 'page', page: 'page' }, auth: { type: 'bearer' } }, { username: '', clientId: '' });
		expect(await checkConnection(services)).toMatchObject({ version: 'Ledger', user: 'API key' });
		expect(sent()).toEqual(['GET /crm/customer?type=customer&page=1']);
	});

	it('says that the address is wrong where nothing is', async () => {
		const { services, server: made } = await set((_request, respond) => respond(404, { message: 'Nope' }), { kinds });
		expect(await refusal(checkConnection(services))).toMatchObject({ kind: 'denied', what: `${made.url} does not answer as Ledger does`, said: 'Nope', advice: expect.stringContaining('Base URL') });
	});

	it('takes no refusal with status 200 for a connection', async () => {
		const check = { path: '/me', version: 'answer.version', user: 'answer.user' };
		const { services } = await set((_request, respond) => respond(200, { fault: { code: 'E_KEY' } }), { kinds, check });
		expect(await refusal(checkConnection(services))).toMatchObject({ kind: 'rejected', what: 'Ledger answered, and what "check" of the profile reads is not there: {"fault":{"code":"E_KEY"}}', advice: expect.stringContaining('errors.inside') });
		const { services: telling } = await set((_request, respond) => respond(200, { fault: { code: 'E_KEY' } }), { kinds, check, errors: { inside: '$exists(answer.fault)', code: 'answer.fault.code', kinds: { E_KEY: 'denied' } } });
		expect((await refusal(checkConnection(telling))).kind).toBe('denied');
	});

	it('says that the key is wrong where it is', async () => {
		const { services } = await set((_request, respond) => respond(401, { message: 'Bad token' }), { kinds });
		expect((await refusal(checkConnection(services))).kind).toBe('denied');
	});
});
