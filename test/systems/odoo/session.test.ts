// What the session promises: the right interface, one log-in, and messages that say which field is wrong.
import { ADMIN, INTEGRATION } from '../../../demo/simulators/odoo';
import { asFailure, type Failure } from '../../../nodes/core/failure';
import type { HttpRequest, HttpResponse, Send } from '../../../nodes/core/http';
import { odoo } from '../../../nodes/OdooErp/odoo.system';
import { TestClock } from '../send';
import { credentialFor, customer, setUp, type Setting, VERSIONS } from './setting';

let setting: Setting | undefined;
afterEach(async () => {
	await setting?.stop();
	setting = undefined;
});

const failureOf = async (promise: Promise<unknown>): Promise<Failure> => asFailure(await promise.then(() => new Error('it went well'), (error: unknown) => error));

describe('check', () => {
	it.each(VERSIONS)('tells version and user of Odoo %s', async (version) => {
		setting = await setUp({ version });
		const checked = await setting.connect().check();
		expect(checked.version).toMatch(new RegExp(`^Odoo ${version}\\.0`));
		expect(checked.user).toBe('Integration (Lab Company)');
		expect(checked.notes).toEqual([]);
	});

	it('uses JSON-2 from Odoo 19 on', async () => {
		setting = await setUp({ version: 19 });
		await setting.connect().check();
		expect(setting.sim.server.calls.map((call) => call.path).slice(1)).toEqual(expect.arrayContaining(['/json/2/res.users/context_get', '/json/2/res.users/read']));
	});

	it('falls back to JSON-RPC when the secret is a password, and says so', async () => {
		setting = await setUp({ version: 19 });
		const { notes } = await setting.connect({ secret: INTEGRATION.password }).check();
		expect(notes.join()).toMatch(/password: JSON-RPC is used/);
		expect(setting.sim.server.calls.some((call) => call.operation === 'common.authenticate')).toBe(true);
	});

	it('names the login and the secret when they are refused, and never shows the secret', async () => {
		setting = await setUp();
		const failure = await failureOf(setting.connect({ secret: 'wrong-secret-4711' }).check());
		expect(failure.kind).toBe('denied');
		expect(failure.message).toMatch(/login "integration".*Password or API Key/s);
		expect(failure.message).not.toContain('4711');
	});

	it('names the database when there is none of that name', async () => {
		setting = await setUp();
		const failure = await failureOf(setting.connect({ database: 'nowhere' }).check());
		expect([failure.kind, failure.message]).toEqual(['denied', expect.stringMatching(/no database "nowhere".*Correct "Database"/s)]);
	});

	it('names the database with JSON-2 too', async () => {
		setting = await setUp({ version: 19, databases: ['one', 'two'] });
		const failure = await failureOf(setting.connect({ database: 'nowhere' }).check());
		expect([failure.kind, failure.message]).toEqual(['denied', expect.stringMatching(/Database/)]);
	});

	it('finds the only database by itself', async () => {
		setting = await setUp();
		await expect(setting.connect({ database: '' }).check()).resolves.toBeDefined();
	});

	it('asks which when there are several', async () => {
		setting = await setUp({ databases: ['sales', 'shop'] });
		const failure = await failureOf(setting.connect({ database: '' }).check());
		expect([failure.kind, failure.message]).toEqual(['denied', expect.stringMatching(/2 databases: sales, shop/)]);
	});

	it('says when the company is not the user\'s', async () => {
		setting = await setUp();
		const failure = await failureOf(setting.connect({ company: '2' }).check());
		expect([failure.kind, failure.message]).toEqual(['denied', expect.stringMatching(/company with the id 2.*Company ID/s)]);
	});

	it('leaves out a language that is not installed, which would refuse every call from Odoo 18 on', async () => {
		setting = await setUp({ version: 18 });
		const { notes } = await setting.connect({ language: 'de_DE' }).check();
		expect(notes).toEqual(['Language de_DE is not installed in Odoo: texts are in English']);
	});

	it('knows a server that is not Odoo', async () => {
		setting = await setUp();
		const answers: Array<[string, HttpResponse]> = [
			['a web page', { status: 200, headers: { 'content-type': 'text/html' }, text: '<html><body>Welcome to nginx</body></html>' }],
			['not found', { status: 404, headers: { 'content-type': 'text/html' }, text: '<h1>Not Found</h1>' }],
			['another JSON', { status: 200, headers: { 'content-type': 'application/json' }, text: '{"ok":true}' }],
		];
		for (const [name, answer] of answers) {
			const failure = await failureOf(odoo.connect({ ...credentialFor(setting.sim), url: 'https://www.example.test' }, { send: async () => answer, clock: new TestClock() }).check());
			expect([name, failure.kind]).toEqual([name, 'denied']);
			expect(failure.message).toMatch(/URL/);
		}
	});
});

describe('the credential', () => {
	const wrong: Array<[Record<string, unknown>, RegExp]> = [
		[{ url: '' }, /"URL" is empty/],
		[{ url: 'mycompany' }, /"URL" "mycompany" is not a web address/],
		[{ login: ' ' }, /"Login" is empty/],
		[{ secret: '' }, /"Password or API Key" is empty/],
		[{ company: 'Acme' }, /"Company ID" "Acme" is not a number/],
		[{ installation: 'my odoo' }, /installation name "my odoo"/],
	];
	it.each(wrong)('%j is refused by name', (change, message) => {
		const credential = { url: 'https://odoo.example.test', database: 'd', login: 'l', secret: 's', ...change };
		expect(() => odoo.connect(credential, { send: async () => await Promise.reject(new Error('no')), clock: new TestClock() })).toThrow(message);
	});

	it.each([
		['https://erp.example.test/', 'https://erp.example.test'],
		['https://erp.example.test/web#id=3', 'https://erp.example.test'],
		['https://erp.example.test/odoo/sales/3', 'https://erp.example.test'],
		['http://127.0.0.1:8069/web/login?db=x', 'http://127.0.0.1:8069'],
		['https://example.test/erp/', 'https://example.test/erp'],
	])('takes the address of a page: %s', (url, baseUrl) => {
		expect(odoo.endpoint({ url }).baseUrl).toBe(baseUrl);
	});
});

describe('the log-in', () => {
	it('is one for all who ask at once', async () => {
		setting = await setUp({ version: 14 });
		const connector = setting.connect();
		await Promise.all([1, 2, 3, 4].map(async () => await connector.choices('companies')));
		expect(setting.calls().filter((call) => call.startsWith('common.'))).toEqual(['common.version', 'common.authenticate']);
	});

	it.each([14, 19] as const)('is done anew when the server has forgotten it (Odoo %s)', async (version) => {
		setting = await setUp({ version });
		const connector = setting.connect();
		await connector.check();
		setting.sim.server.plan({ kind: 'session-expired', at: (call) => call.operation === 'res.company/search_read' });
		await expect(connector.choices('companies')).resolves.toHaveLength(1);
	});

	it('is given up when the key stays refused', async () => {
		setting = await setUp({ version: 19 });
		const connector = setting.connect();
		await connector.check();
		setting.sim.accounts.change(INTEGRATION.login, { apiKey: 'another', password: 'another' });
		expect((await failureOf(connector.choices('companies'))).kind).toBe('denied');
	});

	it('sends language, zone and chosen company with every call', async () => {
		setting = await setUp({ version: 14 });
		await setting.connect({ ...ADMIN, secret: ADMIN.password, company: 2, language: 'it_IT' }).choices('countries');
		const call = setting.sim.server.calls.find((one) => one.operation === 'res.country/search_read')!;
		expect(JSON.parse(call.body)).toMatchObject({ params: { args: expect.arrayContaining([expect.objectContaining({ context: { lang: 'it_IT', tz: 'UTC', allowed_company_ids: [2] } })]) } });
	});
});

describe('calls that go wrong on the way', () => {
	const reads = ['reset-before', 'reset-after', 'timeout', 'empty-500', 'bad-gateway', 'throttled', 'html-200', 'session-expired'] as const;
	it.each(reads)('are sent again: %s', async (kind) => {
		setting = await setUp({ version: 18 }, 300);
		const connector = setting.connect();
		await connector.check();
		setting.sim.server.plan({ kind, at: (call) => call.operation === 'res.company/search_read' });
		await expect(connector.choices('companies')).resolves.toHaveLength(1);
	});

	it('wait as long as the server says', async () => {
		setting = await setUp();
		const connector = setting.connect();
		await connector.check();
		setting.clock.slept = 0;
		setting.sim.server.plan({ kind: 'throttled', at: () => true });
		await connector.choices('companies');
		expect(setting.clock.slept).toBe(1_000);
	});

	it('never show the secret or a traceback', async () => {
		setting = await setUp();
		const secret = String(credentialFor(setting.sim).secret);
		const echo: Send = async (request: HttpRequest) => {
			const isVersion = JSON.stringify(request.json).includes('version');
			const body = isVersion
				? { jsonrpc: '2.0', result: { server_version: '14.0', server_version_info: [14, 0] } }
				: { jsonrpc: '2.0', error: { message: 'Odoo Server Error', data: { name: 'builtins.TypeError', message: `bad argument ${secret}\nTraceback (most recent call last):\n File "/opt/odoo/x.py"`, debug: secret } } };
			return { status: 200, headers: { 'content-type': 'application/json' }, text: JSON.stringify(body) };
		};
		const failure = await failureOf(odoo.connect(credentialFor(setting.sim), { send: echo, clock: new TestClock() }).check());
		expect(failure.message).not.toContain(secret);
		expect(failure.message).not.toMatch(/Traceback|\/opt\/odoo/);
	});

	it('never happen for a plain write: nothing is sent twice when its outcome is unknown', async () => {
		setting = await setUp({}, 300);
		const connector = setting.connect(ADMIN_PASSWORD);
		await connector.check();
		setting.sim.server.plan({ kind: 'reset-after', at: (call) => call.operation === 'res.partner/create' });
		expect((await failureOf(connector.records.create('res.partner', { name: 'Once' }))).kind).toBe('unknown');
		expect(setting.sim.records('res.partner').filter((row) => row.name === 'Once')).toHaveLength(1);
	});

	it('are said to be rights when they are', async () => {
		setting = await setUp({ version: 18 });
		const nobody = setting.connect({ login: 'nobody', secret: 'nobody' });
		const [result] = await nobody.upsert('customer', [customer()], {});
		expect(result).toMatchObject({ ok: false, failure: { kind: 'denied' } });
	});
});

const ADMIN_PASSWORD = { login: ADMIN.login, secret: ADMIN.password };
