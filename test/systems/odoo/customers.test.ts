// What "Customer: create or update" promises: one partner per customer, found again, and only what differs is written.
import { ADMIN, type Version } from '../../../demo/simulators/odoo';
import type { Customer } from '../../../nodes/core/documents';
import { customer, done, keyed, quote, recordOf, refused, setUp, type Setting, VERSIONS } from './setting';

const COMPANY = 'vtiger__res_partner__11x8';
const CONTACT = 'vtiger__res_partner__12x8';
const admin = { login: ADMIN.login, secret: ADMIN.apiKey };

let setting: Setting;
afterEach(async () => await setting.stop());
const start = async (version: Version = 18): Promise<Setting> => (setting = await setUp({ version }));
const warm = async (): Promise<ReturnType<Setting['connect']>> => {
	const connector = setting.connect();
	await connector.upsert('customer', [customer('99')], {});
	setting.sim.server.resetCalls();
	return connector;
};

describe.each(VERSIONS)('a new customer in Odoo %s', (version) => {
	it('gets a partner with its contact and delivery address, each under its key, in two calls', async () => {
		await start(version);
		const connector = await warm();
		const given = customer('8', { vat: 'IT01234567890', website: 'flow.test', notes: 'two\nlines & <b>', shipping: { name: 'Dock', street: '2 Dock Rd', city: 'Milan', country: 'IT' } });
		const outcome = done(await connector.upsert('customer', [given], {}));
		expect(setting.calls()).toEqual(['res.partner/search_read', 'res.partner/load']);
		expect(outcome.outcome).toBe('created');
		expect(outcome.ref).toMatchObject({ system: 'odoo', kind: 'customer', key: `odoo:res.partner:${outcome.ref.id}` });
		expect(outcome.ref.url).toMatch(version < 18 ? /\/web#id=\d+&model=res\.partner/ : /\/odoo\/res\.partner\/\d+$/);
		expect(recordOf(setting.sim, 'res.partner', COMPANY)).toMatchObject({ id: Number(outcome.ref.id), name: 'Flow Ltd 8', is_company: true, city: 'Rome', country_id: 109, vat: 'IT01234567890', customer_rank: 1 });
		expect(recordOf(setting.sim, 'res.partner', CONTACT)).toMatchObject({ name: 'Ann Flow', parent_id: Number(outcome.ref.id), type: 'contact' });
		expect(recordOf(setting.sim, 'res.partner', `${COMPANY}_ship`)).toMatchObject({ name: 'Dock', parent_id: Number(outcome.ref.id), type: 'delivery', city: 'Milan' });
	});

	it('is unchanged the second time, and nothing is written', async () => {
		await start(version);
		const connector = setting.connect();
		const given = customer('8', { website: 'flow.test', notes: 'two\nlines & <b>' });
		await connector.upsert('customer', [given], {});
		const before = recordOf(setting.sim, 'res.partner', COMPANY).write_date;
		setting.sim.server.resetCalls();
		expect(done(await connector.upsert('customer', [given], {})).outcome).toBe('unchanged');
		expect(setting.calls().filter((call) => /load|write|create/.test(call))).toEqual([]);
		expect(recordOf(setting.sim, 'res.partner', COMPANY).write_date).toBe(before);
	});

	it('gets only what differs', async () => {
		await start(version);
		const connector = setting.connect();
		const given = customer();
		await connector.upsert('customer', [given], {});
		const changed = { ...given, phone: '+39 06 2', contacts: [{ ...given.contacts[0]!, title: 'Owner' }, { key: 'vtiger:Contacts:12x9', lastName: 'New' }] } as Customer;
		const outcome = done(await connector.upsert('customer', [changed], {}));
		expect(outcome.outcome).toBe('updated');
		expect(outcome.changed).toMatchObject({ phone: { before: '+39 06 1', after: '+39 06 2' }, 'contact Ann Flow: function': { after: 'Owner' }, 'contact New': { after: 'added' } });
		expect(Object.keys(outcome.changed)).toHaveLength(3);
		expect(recordOf(setting.sim, 'res.partner', 'vtiger__res_partner__12x9')).toMatchObject({ name: 'New', parent_id: Number(outcome.ref.id) });
		expect(keyed(setting.sim, 'res.partner')).toHaveLength(3);
	});
});

describe('what Odoo has and the CRM does not say', () => {
	it('stays as it is', async () => {
		await start();
		const connector = setting.connect();
		const { ref } = done(await connector.upsert('customer', [customer()], {}));
		setting.sim.update('res.partner', Number(ref.id), { street2: 'Back door', comment: 'VIP' });
		done(await connector.upsert('customer', [customer('8', { phone: '7' })], {}));
		expect(setting.sim.record('res.partner', Number(ref.id))).toMatchObject({ street2: 'Back door', comment: expect.stringContaining('VIP'), phone: '7' });
	});

	it('is not missed when the name changes in the CRM: the key finds it', async () => {
		await start();
		const connector = setting.connect();
		const { ref } = done(await connector.upsert('customer', [customer()], {}));
		const renamed = customer('8', { name: 'Flow Holding', email: 'new@flow.test', link: { key: ref.key } });
		expect(done(await connector.upsert('customer', [renamed], {}))).toMatchObject({ outcome: 'updated', ref: { id: ref.id } });
		expect(setting.sim.records('res.partner').filter((row) => String(row.name).startsWith('Flow'))).toHaveLength(1);
	});

	it('is one partner even when nothing but the key is left to find it by', async () => {
		await start();
		const connector = setting.connect();
		const { ref } = done(await connector.upsert('customer', [customer()], {}));
		const renamed = customer('8', { name: 'Flow Holding', email: 'new@flow.test', contacts: [] });
		expect(done(await connector.upsert('customer', [renamed], {})).ref.id).toBe(ref.id);
		expect(keyed(setting.sim, 'res.partner').filter(({ key }) => key === COMPANY)).toEqual([{ key: COMPANY, id: Number(ref.id) }]);
	});

	it('is told when the partner is archived', async () => {
		await start();
		const connector = setting.connect();
		const { ref } = done(await connector.upsert('customer', [customer()], {}));
		setting.sim.update('res.partner', Number(ref.id), { active: false });
		expect(done(await connector.upsert('customer', [customer()], {}))).toMatchObject({ ref: { id: ref.id }, notes: ['It is archived in Odoo'] });
	});
});

describe('a partner that somebody made in Odoo', () => {
	const handmade = (values: Record<string, unknown>): number => setting.sim.insert('res.partner', { is_company: true, ...values } as never);

	it('is found by VAT whatever the spelling, linked, and brought up to date', async () => {
		await start(14);
		const id = handmade({ name: 'FLOW', vat: 'it 012.345.678-90' });
		const connector = setting.connect();
		const outcome = done(await connector.upsert('customer', [customer('8', { vat: 'IT01234567890' })], {}));
		expect(outcome).toMatchObject({ outcome: 'updated', ref: { id: String(id) }, notes: ['Found in Odoo by VAT number IT01234567890 and linked'] });
		expect(keyed(setting.sim, 'res.partner')).toContainEqual({ key: COMPANY, id });
		expect(done(await connector.upsert('customer', [customer('8', { vat: 'IT01234567890' })], {}))).toMatchObject({ outcome: 'unchanged', notes: [] });
	});

	it('is found by VAT every time where the user may not store keys', async () => {
		await start(18);
		const id = handmade({ name: 'FLOW', vat: 'IT01234567890' });
		const connector = setting.connect();
		const given = customer('8', { vat: 'IT01234567890' });
		expect(done(await connector.upsert('customer', [given], {}))).toMatchObject({ ref: { id: String(id) }, notes: [expect.stringMatching(/may not store the key/)] });
		expect(done(await connector.upsert('customer', [given], {}))).toMatchObject({ outcome: 'unchanged', ref: { id: String(id) } });
		// The administrator stores it once; then the key finds it for everybody.
		expect(done(await setting.connect(admin).upsert('customer', [given], {})).notes).toEqual([expect.stringMatching(/linked/)]);
		expect(done(await connector.upsert('customer', [given], {}))).toMatchObject({ outcome: 'unchanged', notes: [] });
	});

	it('has its contact taken over by mail address, not doubled', async () => {
		await start(14);
		const id = handmade({ name: 'FLOW', vat: 'IT01234567890' });
		const contact = setting.sim.insert('res.partner', { name: 'A. Flow', email: 'ANN8@flow.test', parent_id: id, type: 'contact' });
		done(await setting.connect().upsert('customer', [customer('8', { vat: 'IT01234567890' })], {}));
		expect(setting.sim.records('res.partner').filter((row) => row.parent_id === id)).toHaveLength(1);
		expect(keyed(setting.sim, 'res.partner')).toContainEqual({ key: CONTACT, id: contact });
		expect(setting.sim.record('res.partner', contact).name).toBe('Ann Flow');
	});

	it('is a question for a person when two have the VAT number', async () => {
		await start();
		const [one, two] = [handmade({ name: 'FLOW', vat: 'IT01234567890' }), handmade({ name: 'Flow srl', vat: 'IT 01234567890' })];
		const failure = refused(await setting.connect().upsert('customer', [customer('8', { vat: 'IT01234567890' })], {}));
		expect(failure.kind).toBe('ambiguous');
		expect(failure.message).toContain(`"FLOW" (id ${one}), "Flow srl" (id ${two})`);
		expect(keyed(setting.sim, 'res.partner')).toEqual([]);
	});

	it('is not taken from another record of the CRM with the same VAT number, not even within one batch', async () => {
		await start(14);
		const results = await setting.connect().upsert('customer', [customer('8', { vat: 'IT01234567890' }), customer('9', { vat: 'IT 01234567890' })], {});
		expect(results.map((result) => (result.ok ? result.value.outcome : result.failure.kind))).toEqual(['created', 'ambiguous']);
	});

	it.each([
		['email', { name: 'FLOW', email: 'INFO8@flow.test' }],
		['name', { name: 'FLOW LTD 8' }],
		['phone', { name: 'FLOW', phone: '+39 06 1' }],
	] as const)('is found by %s only when that was chosen', async (matchBy, values) => {
		await start(14);
		const id = handmade(values);
		const first = setting.sim.snapshot();
		expect(done(await setting.connect().upsert('customer', [customer()], {})).ref.id).not.toBe(String(id));
		setting.sim.restore(first);
		expect(done(await setting.connect().upsert('customer', [customer()], { matchBy })).ref.id).toBe(String(id));
	});
});

describe('what cannot be written', () => {
	it('is told with Odoo\'s words and hurts nobody else', async () => {
		await start();
		const overrides = [{ field: 'lang', source: 'expression' as const, expression: 'document.name = "Flow Ltd 9" ? "xx_XX" : "en_US"' }];
		const results = await setting.connect().upsert('customer', ['8', '9', '10'].map((id) => customer(id)), { overrides });
		expect(results.map((result) => (result.ok ? result.value.outcome : result.failure.kind))).toEqual(['created', 'rejected', 'created']);
		expect(refused([results[1]!]).message).toMatch(/Flow Ltd 9.*field "lang".*xx_XX/s);
	});

	it('has no name', async () => {
		await start();
		expect(refused(await setting.connect().upsert('customer', [customer('8', { name: ' ' })], {}))).toMatchObject({ kind: 'rejected' });
	});

	it('is a quote without a customer', async () => {
		await start();
		expect(refused(await setting.connect().upsert('customer', [quote([], { customer: undefined })], {}))).toMatchObject({ kind: 'missing', message: expect.stringMatching(/QUO38.*carries no customer/s) });
	});

	it('is a country that Odoo does not know: left out, with a note', async () => {
		await start();
		const outcome = done(await setting.connect().upsert('customer', [customer('8', { billing: { city: 'Oz', country: 'Nowhereland', state: 'East' } })], {}));
		expect(outcome.notes).toEqual(['Country "Nowhereland" is not known to Odoo and is left out']);
		expect(recordOf(setting.sim, 'res.partner', COMPANY)).toMatchObject({ city: 'Oz', country_id: false });
	});

	it.each(['IT', 'it', 'Italy', 'Italia'])('not so a country in another spelling: %s', async (country) => {
		await start(14);
		done(await setting.connect({ language: country === 'Italia' ? 'it_IT' : 'en_US' }).upsert('customer', [customer('8', { billing: { country } })], {}));
		expect(recordOf(setting.sim, 'res.partner', COMPANY)).toMatchObject({ country_id: 109 });
	});
});

describe('many', () => {
	const many = (count: number): Customer[] => Array.from({ length: count }, (_, i) => customer(`${1000 + i}`));

	it.each([14, 18] as const)('new ones go in hundreds, unchanged ones in a few reads (Odoo %s)', async (version) => {
		await start(version);
		const connector = await warm();
		const results = await connector.upsert('customer', many(250), {});
		expect(results.filter((result) => result.ok && result.value.outcome === 'created')).toHaveLength(250);
		expect(setting.calls().filter((call) => call.endsWith('/load'))).toHaveLength(3);
		// A thousand are ten loads and these two or three.
		expect(setting.calls().filter((call) => !call.endsWith('/load')).length).toBeLessThanOrEqual(3);
		expect(new Set(results.map((result) => result.ok && result.value.ref.id)).size).toBe(250);
		setting.sim.server.resetCalls();
		const again = await connector.upsert('customer', many(250), {});
		expect(again.every((result) => result.ok && result.value.outcome === 'unchanged')).toBe(true);
		expect(setting.calls().length).toBeLessThanOrEqual(5);
	});

	it('documents of one customer share its result', async () => {
		await start();
		const quotes = ['1', '2', '3'].map((id) => ({ ...quote([['W-1', '1', '1']], { id }), customer: customer() }));
		const results = await setting.connect().upsert('customer', quotes, {});
		expect(new Set(results.map((result) => result.ok && result.value.ref.id)).size).toBe(1);
		expect(keyed(setting.sim, 'res.partner')).toHaveLength(2);
	});
});

describe('options', () => {
	it('a dry run tells what would be done and does nothing', async () => {
		await start();
		const connector = setting.connect();
		const before = setting.sim.records('res.partner').length;
		expect(done(await connector.upsert('customer', [customer()], { dryRun: true }))).toMatchObject({ outcome: 'created', ref: { id: '' } });
		expect(setting.sim.records('res.partner')).toHaveLength(before);
		done(await connector.upsert('customer', [customer()], {}));
		expect(done(await connector.upsert('customer', [customer('8', { phone: '7' })], { dryRun: true }))).toMatchObject({ outcome: 'updated', changed: { phone: { before: '+39 06 1', after: '7' } } });
		expect(recordOf(setting.sim, 'res.partner', COMPANY).phone).toBe('+39 06 1');
	});

	it('field overrides reach any field, many2one by id', async () => {
		await start();
		const overrides = [
			{ field: 'user_id', source: 'expression' as const, expression: '2' },
			{ field: 'ref', source: 'documentField' as const, path: 'key' },
			{ field: 'name', source: 'expression' as const, expression: '$uppercase(document.name)' },
		];
		const connector = setting.connect();
		done(await connector.upsert('customer', [customer()], { overrides }));
		expect(recordOf(setting.sim, 'res.partner', COMPANY)).toMatchObject({ user_id: 2, ref: 'vtiger:Accounts:11x8', name: 'FLOW LTD 8' });
		expect(done(await connector.upsert('customer', [customer()], { overrides })).outcome).toBe('unchanged');
	});

	it('an override of a field that is not there is refused by name', async () => {
		await start();
		const failure = refused(await setting.connect().upsert('customer', [customer()], { overrides: [{ field: 'x_nope', source: 'documentField', path: 'name' }] }));
		expect([failure.kind, failure.message]).toEqual(['rejected', expect.stringMatching(/no field "x_nope" in res\.partner/)]);
	});
});
