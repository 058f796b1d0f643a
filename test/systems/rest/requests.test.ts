// Proves how requests of a profile become calls and answers become records, over real connections: values in addresses,
// headers and bodies, and every answer that is not what was asked for.
import fc from 'fast-check';
import '../../seed';
import { Failure } from '../../../nodes/core/failure';
import { createTransport } from '../../../nodes/kit/http';
import { servicesFor } from '../../../nodes/RestErp/rest.assembly';
import { readEndpoint } from '../../../nodes/RestErp/rest.credential';
import type { ListRequest, ProfileRequest, RecordRequest } from '../../../nodes/RestErp/rest.profile.parts';
import type { Answer, Row, Scope, Services } from '../../../nodes/RestErp/rest.services';
import { stopServers, type TestServer } from '../../kit/server';
import { TestClock } from '../send';
import { credential, refusal, server, talk } from './talk';

afterEach(stopServers);

function services(url = 'https://erp.test/api', profile: Record<string, unknown> = {}, own: Record<string, unknown> = {}): Services {
	const fields = credential(url, profile, own);
	const clock = new TestClock();
	return servicesFor(fields, { send: createTransport(readEndpoint(fields), clock), clock });
}

const prepare = async (request: ProfileRequest, scope: Scope = {}, options = {}) => await services().requests.prepare('kinds.order.get', request, scope, options);
const answer = (body: unknown, status = 200, headers = {}): Answer => ({ status, headers, body });

describe('a call', () => {
	it('leaves out what has no value, joins lists, and repeats names that end with []', async () => {
		const query = { none: 'nothing', empty: "''", null: 'null', zero: '0', no: 'false', list: "['a', 'b,c', 3]", 'ids[]': '[1, 2]', one: "['x']", 'page[size]': '5', gone: '[]' };
		const call = await prepare({ path: '/orders', query });
		expect(call).toEqual({ method: 'GET', path: '/orders?ids%5B%5D=1&ids%5B%5D=2', query: { zero: '0', no: 'false', list: 'a,b,c,3', one: 'x', 'page[size]': '5' }, writes: false });
	});

	it('repeats a name that ends with *, which is not sent', async () => {
		expect(await prepare({ path: '/orders', query: { 'code*': "['A', 'b&c']", 'one*': "'x'", 'none*': '[]' } })).toEqual({ method: 'GET', path: '/orders?code=A&code=b%26c&one=x', writes: false });
	});

	it('sees settings and the installation everywhere', async () => {
		const { requests } = services('https://erp.test', { settings: { company: { title: 'Company' } } }, { settings: '{"company": "Ada & Söhne"}', installation: 'erp' });
		expect(await requests.prepare('check', { path: '/c/{settings.company}', query: { s: 'system' } }, {})).toMatchObject({ path: '/c/Ada%20%26%20S%C3%B6hne', query: { s: 'erp' } });
	});

	it('knows its method by its use', async () => {
		expect((await prepare({ path: '/a' }))?.method).toBe('GET');
		expect(await prepare({ path: '/a', body: { q: '1' } })).toMatchObject({ method: 'POST', writes: true });
		expect(await prepare({ path: '/a', body: { q: '1' } }, {}, { writes: false })).toMatchObject({ method: 'GET', writes: false });
		expect(await prepare({ method: 'POST', path: '/a', body: { q: '1' } }, {}, { writes: false })).toMatchObject({ method: 'POST', writes: false, body: { q: 1 } });
		expect(await prepare({ path: '/a' }, {}, { writes: true })).toMatchObject({ method: 'POST', writes: true });
		expect(await prepare({ method: 'DELETE', path: '/a', as: 'form' }, {}, { record: 'order 1' })).toMatchObject({ method: 'DELETE', writes: true, as: 'form', record: 'order 1' });
	});

	it('is none where the path lacks a value', async () => {
		for (const id of [undefined, null, '']) expect(await prepare({ path: '/orders/{id}' }, { id })).toBeUndefined();
	});

	it('refuses values that cannot stand there, naming the place', async () => {
		expect(await refusal(prepare({ path: '/a', query: { q: '{"a": 1}' } }))).toMatchObject({ kind: 'rejected', what: 'profile in the credential, kinds.order.get.query.q: "{\\"a\\": 1}" gives an object with "a", which cannot stand in an address' });
		expect((await refusal(prepare({ path: '/a', query: { q: '[[1], {}]' } }))).what).toContain('kinds.order.get.query.q');
		expect((await refusal(prepare({ path: '/a', headers: { 'X-A': 'value' } }, { value: 'a\r\nX-Admin: 1' }))).what).toContain('holds characters that a header cannot carry');
		expect((await refusal(prepare({ path: '/a', headers: { 'X-A': 'value' } }, { value: 'Кириллица' }))).what).toContain('kinds.order.get.headers.X-A');
		expect((await refusal(prepare({ path: '/a', headers: { 'X-A': '[1, 2]' } }))).what).toContain('kinds.order.get.headers.X-A');
	});

	it('sends every text in a path as one segment, and in a query as it is', async () => {
		const { session, server: made } = await talk({}, (_request, respond) => respond(200, {}));
		const { requests } = services(made.url);
		const awkward = fc.oneof(fc.constantFrom('../x', '..', '.', 'a?b=c', 'a#b', 'a/b', 'a\\b', '%2e%2e', '%', 'ключ', 'a b+c', "O'Neil", '{id}', '\u0000', 'a;b', '🙂', ':8080', '@evil.test'), fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }));
		await fc.assert(fc.asyncProperty(awkward, async (id) => {
			const request = { path: '/orders/{id}/lines', query: { q: 'id' } };
			if (id === '.' || id.split(/[/\\]/).includes('..')) {
				expect((await refusal(requests.prepare('kinds.order.get', request, { id }))).kind).toBe('rejected');
				return;
			}
			const call = await requests.prepare('kinds.order.get', request, { id });
			await session.call(call!);
			const [path, query] = made.requests.at(-1)!.url.split('?');
			const wellFormed = Buffer.from(id, 'utf8').toString('utf8');
			expect(path!.split('/').map((segment) => decodeURIComponent(segment))).toEqual(['', 'orders', wellFormed, 'lines']);
			expect(new URLSearchParams(query).get('q')).toBe(wellFormed);
		}), { numRuns: 200 });
	});
});

describe('a record', () => {
	const record = async (body: unknown, request: Partial<RecordRequest> = {}) => await services().requests.record('kinds.order.get', { path: '/', ...request }, answer(body), {});

	it('is the answer, or where the profile says', async () => {
		expect(await record({ id: 1 })).toEqual({ id: 1 });
		expect(await record({ data: { id: 1 } }, { record: 'answer.data' })).toEqual({ id: 1 });
		expect(await record([{ id: 1 }])).toEqual({ id: 1 });
	});

	it('is none where there is none', async () => {
		for (const body of [undefined, null, '', []]) expect(await record(body)).toBeUndefined();
		expect(await record({ data: null }, { record: 'answer.data' })).toBeUndefined();
	});

	it.each([['a text', 'the text "a text"'], [5, '5'], [[{ id: 1 }, { id: 2 }], 'a list of 2'], [true, 'true']])('is refused when it is none: %j', async (body, shown) => {
		expect(await refusal(record(body))).toMatchObject({ kind: 'rejected', what: `profile in the credential, kinds.order.get.record: one record is expected, and ${shown} came` });
	});
});

describe('a list', () => {
	const items = async (body: unknown, request: Partial<ListRequest> = {}, status = 200) => await services().requests.items('kinds.order.list', { path: '/', ...request }, answer(body, status), {});

	it.each([[[{ id: 1 }]], [{ value: [{ id: 1 }] }], [{ data: [{ id: 1 }] }], [{ items: [{ id: 1 }], count: 1 }], [{ results: [{ id: 1 }], data: { more: 1 } }], [{ d: { results: [{ id: 1 }] } }], [{ d: [{ id: 1 }] }]])('is found in %j', async (body) => {
		expect(await items(body)).toEqual([{ id: 1 }]);
	});

	it('is where the profile says, one record or none included', async () => {
		expect(await items({ orders: { rows: [{ id: 1 }] } }, { items: 'answer.orders.rows' })).toEqual([{ id: 1 }]);
		expect(await items({ orders: [] }, { items: 'answer.orders' })).toEqual([]);
		expect(await items({ order: { id: 1 } }, { items: 'answer.order' })).toEqual([{ id: 1 }]);
		expect(await items({ orders: [{ id: 1, open: false }] }, { items: 'answer.orders[open]' })).toEqual([]);
		expect(await items({ count: 0 }, { items: '$append([], answer.orders)' })).toEqual([]);
		expect(await items({ '1': { id: 1 }, '2': { id: 2 } }, { items: '$each(answer, function($v) { $v })' })).toEqual([{ id: 1 }, { id: 2 }]);
		expect(await items(undefined, {}, 204)).toEqual([]);
	});

	it('is never taken for empty when it is not there', async () => {
		expect(await refusal(items({ message: 'Down', code: 7 }))).toMatchObject({ kind: 'rejected', what: 'profile in the credential, kinds.order.list.items: the answer holds no list, nor one under value, data, items, results; it is an object with "message", "code"', advice: 'Say in "items" where the list is' });
		expect(await refusal(items({ message: 'Down' }, { items: 'answer.orders.rows' }))).toMatchObject({ kind: 'rejected', what: expect.stringContaining('no list at answer.orders.rows'), advice: expect.stringContaining('$append([], answer.orders.rows)') });
		for (const body of [undefined, null, 'text', 5, {}]) expect((await refusal(items(body))).kind).toBe('rejected');
		for (const body of [undefined, null, 'text', 5]) expect((await refusal(items(body, { items: '$append([], answer.orders)' }))).kind).toBe('rejected');
	});

	it.each([[['a'], 'item 1 of 1 is the text "a", not a record'], [[{ id: 1 }, null], 'item 2 of 2 is null, not a record'], [[[{ id: 1 }], [{ id: 2 }]], 'item 1 of 2 is a list of 1, not a record'], [[5], 'item 1 of 1 is 5, not a record']])('holds records only: %j', async (body, said) => {
		expect(await refusal(items(body))).toMatchObject({ kind: 'rejected', what: `profile in the credential, kinds.order.list.items: ${said}` });
	});
});

describe('what a server may answer', () => {
	async function rows(made: TestServer, request: Partial<ListRequest> = {}, profile: Record<string, unknown> = {}): Promise<Row[]> {
		const found: Row[] = [];
		for await (const page of services(made.url, profile).requests.pages('kinds.order.list', { path: '/orders', ...request }, {}, async (row) => await Promise.resolve(typeof row.id === 'string' || typeof row.id === 'number' ? String(row.id) : undefined))) found.push(...page);
		return found;
	}
	const JSON_TYPE = { 'Content-Type': 'application/json' };
	const saying = async (status: number, body: string, headers: Record<string, string> = JSON_TYPE) => await server((_request, respond) => respond(status, body, headers));

	it('10 MB in one answer: taken whole', async () => {
		const long = 'x'.repeat(1_000);
		const made = await saying(200, JSON.stringify({ value: Array.from({ length: 10_000 }, (_, id) => ({ id, long })) }));
		expect(await rows(made)).toHaveLength(10_000);
	}, 30_000);

	it('more than any list weighs: refused in words', async () => {
		const made = await server((_request, respond) => respond(200, `["${'x'.repeat(65 * 1024 * 1024)}"]`, JSON_TYPE));
		expect(await refusal(rows(made))).toMatchObject({ kind: 'rejected', what: expect.stringContaining('larger than 64 MB') });
	}, 30_000);

	it('a redirect: not followed', async () => {
		const other = await saying(200, '[]');
		for (const status of [301, 302, 307, 308]) {
			const made = await saying(status, '', { Location: `${other.url}/orders?key=1` });
			const failure = await refusal(rows(made));
			expect(failure).toMatchObject({ kind: 'denied', what: expect.stringContaining('redirects') });
			expect(failure.message).not.toContain('key=1');
		}
		expect(other.requests).toHaveLength(0);
	});

	it('a next page on another server: not asked for', async () => {
		const other = await saying(200, '[]');
		const made = await saying(200, JSON.stringify({ value: [{ id: 1 }], '@odata.nextLink': `${other.url}/orders?page=2` }));
		expect(await refusal(rows(made, {}, { paging: { style: 'odata' } }))).toMatchObject({ kind: 'denied', what: expect.stringContaining(`which is outside ${made.url}`) });
		expect(other.requests).toHaveLength(0);
	});

	it.each([
		['HTML', '<html><body>Please wait</body></html>', { 'Content-Type': 'text/html' }],
		['HTML that says it is JSON', '<!DOCTYPE html><h1>Please wait</h1>', JSON_TYPE],
		['XML', '<?xml version="1.0"?><feed><entry/></feed>', { 'Content-Type': 'application/xml' }],
		['an empty body', '', JSON_TYPE],
		['an empty body without a type', '', {}],
		['half an answer', '{"value": [{"id": 1}, {"id"', JSON_TYPE],
		['a plain text', 'OK', { 'Content-Type': 'text/plain' }],
		['a name twice in one object', '{"value": [{"id": 1, "id": 2}]}', JSON_TYPE],
		['a text in JSON', '"OK"', JSON_TYPE],
		['null', 'null', JSON_TYPE],
		['an error with status 200', '{"error": {"code": "X", "message": "no"}}', JSON_TYPE],
	])('%s: never "no records"', async (_what, body, headers) => {
		const failure = await refusal(rows(await saying(200, body, headers as unknown as Record<string, string>)));
		expect(failure).toBeInstanceOf(Failure);
		expect(failure.advice).toBeTruthy();
	});

	it('204 without a body: no records', async () => {
		expect(await rows(await server((_request, respond) => respond(204)))).toEqual([]);
	});

	it('ids beyond 2^53: kept with all digits, told apart, and sent back so', async () => {
		const big = ['9007199254740993', '9007199254740992', '123456789012345678901234567890'];
		const made = await server((request, respond) => respond(200, request.url === '/orders' ? `{"data": [${big.map((id) => `{"id": ${id}, "amount": 0.1}`).join(', ')}]}` : '{}', JSON_TYPE));
		const found = await rows(made);
		expect(found.map(({ id }) => id)).toEqual(big);
		expect(found[0]!.amount).toBe(0.1);
		const { requests, session } = services(made.url);
		for (const { id } of found) await session.call((await requests.prepare('kinds.order.get', { path: '/orders/{id}' }, { id }))!);
		expect(made.requests.slice(1).map(({ url }) => url)).toEqual(big.map((id) => `/orders/${id}`));
	});

	it('a byte order mark, blanks around, another JSON type: read', async () => {
		for (const [body, type] of [['\uFEFF[{"id": 1}]', 'application/json; charset=utf-8'], [' \n[{"id": 1}]\n', 'application/vnd.api+json'], ['[{"id": 1}]', 'application/json;odata.metadata=minimal']] as const) expect(await rows(await saying(200, body, { 'Content-Type': type }))).toEqual([{ id: 1 }]);
	});
});
