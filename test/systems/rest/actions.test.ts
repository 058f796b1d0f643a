// Proves what "Test Profile" shows: each read endpoint once, the raw answer beside the document, a write on trial that is
// never sent, and that no fault stops the rest. And the request of one's own.
import type { HttpRequest, HttpResponse } from '../../../nodes/core/http';
import type { ActionInput } from '../../../nodes/core/port';
import { rest } from '../../../nodes/RestErp/rest.system';
import { TestClock } from '../send';

const PROFILE = {
	format: 1,
	name: 'Small',
	auth: { type: 'bearer' },
	check: { path: '/me', user: 'answer.name', version: "'1.0'" },
	choices: { taxes: { path: '/taxes', name: 'record.title', value: 'record.id' } },
	kinds: {
		customer: {
			module: 'customers',
			read: { name: 'record.name', vat: 'record.vat', email: 'record.email' },
			key: 'record.ext',
			get: { path: '/customers/{id}' },
			list: { path: '/customers' },
			find: { key: { path: '/customers', query: { ext: 'value' } }, vat: { path: '/customers', query: { vat: 'value' } }, phone: { path: '/customers', query: { phone: 'value' } } },
			changes: { request: { path: '/customers', query: { since: 'since' } } },
			identity: { by: 'uniqueField' },
			body: { name: 'document.name', vat: 'document.vat', ext: 'key' },
			create: { path: '/customers' },
			update: { path: '/customers/{id}' },
		},
		invoice: { module: 'invoices', read: { status: 'record.state', currency: "'EUR'" }, get: { path: '/invoices/{id}' }, list: { path: '/invoices' } },
	},
};

const ADA = { id: 7, name: 'Ada Mills', vat: 'IT1', email: 'ada@example.com', ext: 'vtiger:Accounts:1', secret: 'a s3cret-token here', long: 'x'.repeat(900), many: [1, 2, 3, 4, 5, 6, 7] };
const CUSTOMER = { kind: 'customer', key: 'vtiger:Accounts:2', name: 'Nora Field', vat: 'IT2' };

type Routes = Record<string, unknown>;

const ROUTES: Routes = {
	'/me': { name: 'integration' },
	'/taxes': [{ id: 1, title: 'VAT 22' }],
	'/customers': [ADA],
	'/customers/7': ADA,
	'/invoices': [{ id: 3, state: 'open' }],
	'/invoices/3': { id: 3, state: 'open' },
};

/** The connector over answers that are written down. A number is a status. */
function small(routes: Routes = ROUTES, profile: object = PROFILE) {
	const sent: HttpRequest[] = [];
	const send = async (request: HttpRequest): Promise<HttpResponse> => {
		sent.push(request);
		const [path, search] = request.path.split('?');
		const query = new URLSearchParams(search);
		const key = query.get('vat') ?? query.get('ext') ?? undefined;
		const found = routes[key === undefined ? path! : `${path}?${key}`] ?? routes[path!];
		const status = typeof found === 'number' ? found : found === undefined ? 404 : 200;
		return await Promise.resolve({ status, headers: { 'content-type': 'application/json' }, text: JSON.stringify(status === 200 ? found : { message: 'No' }) });
	};
	const connector = rest.connect({ profile: 'custom', profileJson: JSON.stringify(profile), url: 'https://erp.test/api', token: 's3cret-token', username: 'ann', password: 's3cret-token', installation: 'erp' }, { send, clock: new TestClock() });
	const run = async (action: string, parameters: Record<string, unknown> = {}) => {
		const input: ActionInput = { parameter: (name) => parameters[name], binary: async () => await Promise.reject(new Error('no file')) };
		return (await connector.actions![action]!(input)).map(({ json }) => json);
	};
	return { sent, run };
}

const row = (rows: Array<Record<string, unknown>>, kind: string, endpoint: string) => rows.find((one) => one.kind === kind && one.endpoint === endpoint)!;

describe('the test of a profile', () => {
	it('shows nothing of what a session is known by, nor a part of it', async () => {
		const session = 'S'.repeat(400);
		const routes: Record<string, unknown> = { '/login': { token: session }, '/me': { name: 'integration', session, header: `Bearer ${session}` }, '/customers': [{ ...ADA, session }] };
		const login = small(routes, { ...PROFILE, auth: { type: 'login', request: { path: '/login', body: { key: 'token' } }, token: 'answer.token' } });
		expect(JSON.stringify(await login.run('testProfile'))).not.toContain('SSSSSSSS');
		const pair = Buffer.from('ann:s3cret-token').toString('base64');
		const basic = small({ ...routes, '/me': { header: `Basic ${pair}` } }, { ...PROFILE, auth: { type: 'basic' } });
		expect(JSON.stringify(await basic.run('testProfile'))).not.toContain(pair);
	});

	it('counts first, then shows each endpoint', async () => {
		const { run } = small();
		const [summary, ...rows] = await run('testProfile', { document: CUSTOMER });
		expect(rows.map(({ kind, endpoint }) => `${String(kind)} ${String(endpoint)}`)).toEqual([
			...['profile check', 'profile choices.taxes'],
			...['customer list', 'customer changes', 'customer get', 'customer find.key', 'customer find.vat', 'customer find.phone'],
			...['invoice list', 'invoice get', 'customer write on trial'],
		]);
		expect(summary).toEqual({ kind: 'summary', endpoint: 'Small', result: 'did not work', message: '7 endpoints worked, 2 did not (invoice list, invoice get), 1 not called. Nothing was written.', request: 'https://erp.test/api' });
		expect(rows.every((one) => Object.keys(one).slice(0, 5).join() === 'kind,endpoint,result,message,request')).toBe(true);
	});

	it('shows what was asked, what came and what it became', async () => {
		const rows = await small().run('testProfile', { kinds: ['customer'] });
		expect(row(rows, 'profile', 'check')).toMatchObject({ request: 'GET /me', status: 200, document: { user: 'integration', version: '1.0' } });
		expect(row(rows, 'profile', 'choices.taxes')).toMatchObject({ records: 1, raw: { title: 'VAT 22' }, document: { name: 'VAT 22', value: '1' } });
		expect(row(rows, 'customer', 'list')).toMatchObject({ request: 'GET /customers', records: 1, raw: { name: 'Ada Mills' }, document: { kind: 'customer', name: 'Ada Mills', key: 'erp:customers:7' } });
		expect(row(rows, 'customer', 'changes').request).toBe('GET /customers?since=2026-11-21T12:00:00Z');
		expect(row(rows, 'customer', 'get')).toMatchObject({ request: 'GET /customers/7', document: { vat: 'IT1' } });
		expect(row(rows, 'customer', 'find.vat')).toMatchObject({ request: 'GET /customers?vat=IT1', records: 1 });
	});

	it('says why an endpoint was not called', async () => {
		const rows = await small({ ...ROUTES, '/customers': [] }).run('testProfile', { kinds: ['customer'] });
		expect(row(rows, 'customer', 'list').message).toMatch(/Nothing came/);
		expect(row(rows, 'customer', 'get')).toMatchObject({ message: 'Not called: no list gave a record to read' });
		expect(row(await small().run('testProfile'), 'customer', 'find.phone').message).toMatch(/nothing to look for as phone/);
	});

	it('goes on after every fault, and tells its place', async () => {
		const rows = await small({ ...ROUTES, '/customers/7': 500 }).run('testProfile');
		expect(row(rows, 'customer', 'get').result).toBe('did not work');
		expect(row(rows, 'invoice', 'list')).toMatchObject({ raw: { state: 'open' }, message: expect.stringMatching(/kinds\.invoice\.read\.status: gives "open".*draft, posted, cancelled/) as string });
		expect(row(rows, 'invoice', 'list').document).toBeUndefined();
	});

	it('tells a state for which the expression gives nothing', async () => {
		const invoice = { ...PROFILE.kinds.invoice, read: { status: "$lookup({'1': 'posted'}, $string(record.state))" } };
		const states = async (state: number) => row(await small({ ...ROUTES, '/invoices': [{ id: 3, state }] }, { ...PROFILE, kinds: { invoice } }).run('testProfile'), 'invoice', 'list');
		expect(await states(2)).toMatchObject({ result: 'did not work', records: 1, message: expect.stringMatching(/kinds\.invoice\.read\.status: gives nothing for this record/) as string });
		expect((await states(1)).message).toBe('1 record on the first page');
	});

	it('tells when a look-up does not find what the list has', async () => {
		const rows = await small({ ...ROUTES, '/customers?IT1': [] }).run('testProfile');
		expect(row(rows, 'customer', 'find.vat').message).toMatch(/"IT1" as vat, and the look-up does not find it/);
	});

	it('tells of a full page after which the server names no other: there may be more', async () => {
		const told = async (pageSize: number) => row(await small(ROUTES, { ...PROFILE, paging: { style: 'link', size: 'limit', pageSize } }).run('testProfile'), 'customer', 'list');
		expect(await told(1)).toMatchObject({ result: 'worked', records: 1, message: expect.stringMatching(/as many as a page holds.*names no other page.*paging/) as string });
		expect((await told(2)).message).toBe('1 record on the first page');
	});

	it('asks for the codes of two products at once where the look-up does, and tells when only one at a time is heeded', async () => {
		const products = [{ id: 1, code: 'W-1', name: 'Widget' }, { id: 2, code: 'W-2', name: 'Gadget' }, { id: 3, name: 'Without a code' }];
		const find = (code: string) => ({ ...PROFILE, kinds: { product: { module: 'products', read: { name: 'record.name', code: 'record.code' }, list: { path: '/products' }, find: { code: { path: '/products', query: { vat: code } } } } } });
		const told = async (profile: object, both: unknown) => row(await small({ '/me': {}, '/taxes': [], '/products': products, '/products?W-1': products.slice(0, 1), '/products?W-1,W-2': both }, profile).run('testProfile'), 'product', 'find.code');
		expect(await told(find('values'), products.slice(0, 2))).toMatchObject({ result: 'worked', records: 2, request: 'GET /products?vat=W-1,W-2', document: { code: 'W-1' } });
		for (const some of [[], products.slice(0, 1), products.slice(1, 2)]) expect(await told(find('values'), some)).toMatchObject({ result: 'did not work', message: expect.stringMatching(/"W-1" and "W-2" at once.*"value"/) as string });
		expect(await told(find('value'), [])).toMatchObject({ result: 'worked', records: 1, request: 'GET /products?vat=W-1' });
	});

	it('asks for a key that no record has where the first has none, and finds out that the filter is not heeded', async () => {
		const { ext: _ext, ...keyless } = ADA;
		const heeded = await small({ ...ROUTES, '/customers': [keyless], '/customers?none:none:none': [] }).run('testProfile');
		expect(row(heeded, 'customer', 'find.key')).toMatchObject({ request: 'GET /customers?ext=none:none:none', records: 0, message: expect.stringContaining('a key that no record has') as string });
		const ignored = await small({ ...ROUTES, '/customers': [keyless] }).run('testProfile');
		expect(row(ignored, 'customer', 'find.key').message).toMatch(/does not heed the filter/);
	});

	it('finds it out, too, where the first record has a key and others come with it', async () => {
		const others = [ADA, { ...ADA, id: 8, ext: 'vtiger:Accounts:9' }];
		const ignored = await small({ ...ROUTES, '/customers': others }).run('testProfile');
		expect(row(ignored, 'customer', 'find.key')).toMatchObject({ result: 'did not work', records: 2, message: expect.stringContaining('does not heed the filter') as string });
		const twins = await small({ ...ROUTES, '/customers': others, '/customers?none:none:none': [] }).run('testProfile');
		expect(row(twins, 'customer', 'find.key')).toMatchObject({ result: 'worked', records: 2 });
	});

	it('stops calling when the log-in is refused, before the user is locked out', async () => {
		const { sent, run } = small({ '/me': 403, '/taxes': 403, '/customers': [ADA] });
		const [summary, ...rows] = await run('testProfile');
		expect(new Set(sent.map(({ path }) => path)).size).toBe(2);
		expect(row(rows, 'customer', 'list').message).toMatch(/lock the user out/);
		expect(summary!.message).toMatch(/^0 endpoints worked, 2 did not/);
	});

	it.each([[403, /lock the user out/], [503, /answered none of the calls before/]])('stops calling when two calls in a row came to nothing (HTTP %d), before the write on trial, too', async (status, says) => {
		const { sent, run } = small({ '/me': status, '/taxes': status, '/customers': status });
		const rows = await run('testProfile', { document: CUSTOMER });
		expect(new Set(sent.map(({ path }) => path))).toEqual(new Set(['/me', '/taxes']));
		for (const endpoint of ['list', 'write on trial']) expect(row(rows, 'customer', endpoint)).toMatchObject({ result: 'not called', message: expect.stringMatching(says) as string });
	});

	it('goes on where one call worked before', async () => {
		const { run } = small({ ...ROUTES, '/taxes': 503, '/customers': 503 });
		expect(row(await run('testProfile'), 'invoice', 'list').status).toBe(200);
	});

	it('cuts what is long, and shows no secret', async () => {
		const rows = await small().run('testProfile', { kinds: 'customer' });
		expect(JSON.stringify(rows)).not.toContain('s3cret-token');
		expect(row(rows, 'customer', 'list').raw).toMatchObject({ secret: 'a *** here', long: expect.stringMatching(/^x{300}\.\.\. \(900 characters\)$/) as string, many: [1, 2, 3, 4, 5, '... and 2 more'] });
	});
});

it('sends nothing that changes something, whatever the profile calls a read', async () => {
	const { sent, run } = small(ROUTES, { ...PROFILE, check: { method: 'DELETE', path: '/customers/7' } });
	expect(row(await run('testProfile'), 'profile', 'check')).toMatchObject({ result: 'did not work', message: 'On trial nothing is written.' });
	expect(sent.every(({ method }) => method === 'GET')).toBe(true);
});

describe('a write on trial', () => {
	it('shows what would be sent for the document that comes in', async () => {
		const { sent, run } = small({ ...ROUTES, '/customers?vtiger:Accounts:2': [], '/customers?IT2': [] });
		const rows = await run('testProfile', { kinds: ['customer'], document: JSON.stringify(CUSTOMER) });
		expect(row(rows, 'customer', 'write on trial')).toMatchObject({ request: 'POST /customers', raw: { name: 'Nora Field', vat: 'IT2', ext: 'vtiger:Accounts:2' }, document: { key: 'vtiger:Accounts:2' }, result: 'not sent', message: 'This would be sent; nothing was' });
		expect(sent.every(({ method }) => method === 'GET')).toBe(true);
	});

	it('is an update, or nothing, where the record is there', async () => {
		const found = { ...ROUTES, '/customers?vtiger:Accounts:2': [{ ...ADA, ext: 'vtiger:Accounts:2' }], '/customers?trial:customer:trial': [], '/customers?trial': [] };
		const changed = await small(found).run('testProfile', { kinds: ['customer'], document: CUSTOMER });
		expect(row(changed, 'customer', 'write on trial').request).toBe('PATCH /customers/7');
		const same = await small(found).run('testProfile', { kinds: ['customer'], document: { ...CUSTOMER, name: 'Ada Mills', vat: 'IT1' } });
		expect(row(same, 'customer', 'write on trial')).toMatchObject({ message: 'Nothing would be sent: unchanged. Another one like it would be sent so', request: 'POST /customers', raw: { name: 'Ada Mills', vat: 'trial', ext: 'trial:customer:trial' } });
	});

	it('tells what is a list of several contacts or lines only, and of one is none', async () => {
		const order = { module: 'orders', read: {}, list: { path: '/orders' }, find: { key: { path: '/orders', query: { ext: 'value' } } }, identity: { by: 'uniqueField' }, lines: {}, create: { path: '/orders' } };
		const trial = async (kind: 'customer' | 'order', body: object, document: object) => {
			const kinds = { customer: { ...PROFILE.kinds.customer, body }, order: { ...order, body } };
			const rows = await small({ ...ROUTES, '/customers?vtiger:Accounts:2': [], '/customers?IT2': [], '/customers?trial': [], '/orders': [], '/customers?trial:customer:trial': [] }, { ...PROFILE, kinds: { [kind]: kinds[kind] } }).run('testProfile', { document });
			return row(rows, kind, 'write on trial');
		};
		const people = { ext: 'key', people: "document.contacts.{'last': lastName}", all: '[document.contacts.lastName]', first: 'document.contacts[0].lastName' };
		const contacts = ['Mills', 'Reed'].map((lastName) => ({ key: lastName, lastName }));
		for (const some of [contacts, contacts.slice(0, 1)]) {
			const told = await trial('customer', people, { ...CUSTOMER, contacts: some });
			expect(told).toMatchObject({ result: 'did not work', request: 'POST /customers', message: expect.stringMatching(/^"people" .* list .*brackets/) as string });
			expect([told.raw, String(told.message)]).toEqual([expect.objectContaining({ first: 'Mills' }), expect.not.stringMatching(/all|first/)]);
		}
		const line = { key: '1', code: 'W-1', quantity: '1', price: '5' };
		const document = { kind: 'order', key: 'vtiger:Quotes:4', currency: 'EUR', lines: [line] };
		const mapped = (lines: string) => ({ ext: 'key', deep: { rows: lines } });
		expect((await trial('order', mapped("$map(lines, function($l, $i) { {'at': $i} })"), document)).message).toMatch(/^"deep\.rows"/);
		expect(await trial('order', mapped("[$map(lines, function($l, $i) { {'at': $i} })]"), document)).toMatchObject({ result: 'not sent', message: 'This would be sent; nothing was' });
	});

	it('takes the first document that was read when none comes in, and another one like it, which is none of this system', async () => {
		const { ext: _ext, ...keyless } = ADA;
		const { sent, run } = small({ ...ROUTES, '/customers': [keyless], '/customers/7': keyless, '/customers?none:none:none': [], '/customers?trial:customer:trial': [], '/customers?trial': [] });
		const trial = row(await run('testProfile', { document: { some: 'item' } }), 'customer', 'write on trial');
		expect(trial).toMatchObject({ document: { name: 'Ada Mills' }, request: 'POST /customers', raw: { name: 'Ada Mills', vat: 'trial', ext: 'trial:customer:trial' } });
		expect(sent.every(({ method }) => method === 'GET')).toBe(true);
	});
});

describe('a request of one\'s own', () => {
	it('gives an item for a record, and one for each of a list', async () => {
		const { sent, run } = small();
		expect(await run('request', { method: 'GET', path: '/customers/7' })).toMatchObject([{ id: 7 }]);
		expect(await run('request', { path: 'customers', query: '{"limit": 5}' })).toMatchObject([{ id: 7 }]);
		expect(sent[1]!.path).toBe('/customers?limit=5');
		expect(await small({ '/x': { value: [{ a: 1 }, { a: 2 }] } }).run('request', { path: 'https://erp.test/api/x' })).toEqual([{ a: 1 }, { a: 2 }]);
		expect(await small({ '/order': { id: 1, items: [{ a: 1 }] } }).run('request', { path: '/order' })).toEqual([{ id: 1, items: [{ a: 1 }] }]);
	});

	it('sends a body with what takes one', async () => {
		const { sent, run } = small();
		await run('request', { method: 'POST', path: '/customers', body: '{"name": "Nora"}' });
		expect(sent[0]).toMatchObject({ method: 'POST', path: '/customers' });
		expect(sent[0]!.text ?? JSON.stringify(sent[0]!.json)).toBe('{"name":"Nora"}');
	});

	it.each(['https://evil.test/x', '//evil.test/x', '/../admin', '/a/%2e%2e/b', '/a/%252e%252e/b', '\\\\evil.test'])('stays below the base URL: %s', async (path) => {
		const { sent, run } = small();
		await expect(run('request', { path })).rejects.toMatchObject({ kind: 'denied' });
		expect(sent).toEqual([]);
	});

	it.each([
		[{ method: 'TRACE', path: '/x' }, 'The method "TRACE" is not sent'],
		[{ path: ' ' }, 'The parameter "Path" is empty'],
		[{ path: '/x', query: '[1]' }, 'The parameter "Query" is not a JSON object'],
		[{ method: 'POST', path: '/x', body: '{' }, 'The parameter "Body" is not JSON'],
	])('%j is refused in words', async (parameters, what) => {
		await expect(small().run('request', parameters)).rejects.toMatchObject({ kind: 'rejected', message: expect.stringContaining(what) as string });
	});
});
