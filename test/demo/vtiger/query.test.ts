// Owns the proof of the simulator's query limits: the row cap, keyset paging, joined lines, odd literals, times.
// Must not know: the product's client code.
import { startVtiger, type VtigerSimulator } from '../../../demo/simulators/vtiger';
import { type Api, caller } from './api';

let sim: VtigerSimulator;
let api: Api;
beforeAll(async () => void (sim = await startVtiger({ now: () => Date.UTC(2027, 0, 15, 12, 30, 5, 900), timeZoneOffsetMinutes: 120, saveGapMs: 0 })));
afterAll(() => sim.stop());
beforeEach(() => {
	sim.reset();
	api = caller(sim);
});

const ids = async (text: string): Promise<string[]> => ((await api.query(text)).result as Array<{ id: string }>).map((row) => row.id);

it('cuts every answer at 100 rows, and keyset paging finds them all', async () => {
	for (let n = 0; n < 130; n++) await sim.insert('Leads', { lastname: `Lead ${n}` });
	expect(await ids('select id from Leads;')).toHaveLength(100);
	expect(await ids('select id from Leads limit 500;')).toHaveLength(100);
	expect(await ids('select id from Leads limit 100,100;')).toHaveLength(35);
	const found: string[] = [];
	for (
		let page = await ids('select id from Leads order by id;');
		page.length > 0;
		page = await ids(`select id from Leads where id>'${found.at(-1)}' order by id;`)
	)
		found.push(...page);
	expect(new Set(found).size).toBe(135);
});

it('counts joined rows against the limit when line columns are asked for', async () => {
	expect(await ids('select id from Quotes limit 2;')).toEqual(['4x36', '4x37']);
	expect(await ids('select * from Quotes limit 2;')).toEqual(['4x36']);
	expect(await ids('select id,quantity from Quotes limit 0,3;')).toEqual(['4x36', '4x37']);
});

it('finds the accepted quotes without an order: empty is not Ordered', async () => {
	const pending =
		"select id from Quotes where quotestage='Accepted' and cf_quotes_erp_status != 'Ordered' and cf_quotes_erp_status != 'Needs attention' order by id;";
	expect(await ids(pending)).toEqual(['4x38']);
	await api.save('revise', { id: '4x38', cf_quotes_erp_status: 'Ordered' });
	expect(await ids(pending)).toEqual([]);
});

it.each([
	["select id from Accounts where phone='';", 'INTERNAL_SERVER_ERROR'],
	['select id from Accounts where phone="1";', 'INTERNAL_SERVER_ERROR'],
	['select id from Accounts', 'QUERY_SYNTAX_ERROR'],
	['select id from Accounts;;', 'QUERY_SYNTAX_ERROR'],
	["select id from Accounts where phone not in ('1');", 'QUERY_SYNTAX_ERROR'],
	['select id from accounts;', 'ACCESS_DENIED'],
	['select nosuch from Accounts;', 'ACCESS_DENIED'],
])('refuses %s', async (text, code) => expect((await api.query(text)).error?.code).toBe(code));

it('answers an unknown sort column with nothing, and a URL over 8190 bytes with a page', async () => {
	expect(await ids('select id from Accounts order by nosuch;')).toEqual([]);
	const long = await api.query(`select id from Accounts where accountname in ('${'x'.repeat(9_000)}');`);
	expect(long.status).toBe(414);
	expect(long.text).toContain('Request-URI Too Long');
});

it('shows times in whole seconds of the server zone', async () => {
	const account = await sim.insert('Accounts', { accountname: 'Clock' });
	expect(account['modifiedtime']).toBe('2027-01-15 14:30:05');
	expect(await ids("select id from Accounts where modifiedtime>='2027-01-15 14:30:05';")).toEqual([account['id']]);
	expect(await ids("select id from Accounts where modifiedtime>'2027-01-15 14:30:05';")).toEqual([]);
});

it('reads backslashes in a text as SQL does: only a doubled one is a backslash', async () => {
	const { id } = await sim.insert('Leads', { lastname: 'a\\nb' });
	expect(await ids("select id from Leads where lastname='a\\nb';")).toEqual([]);
	expect(await ids("select id from Leads where lastname='a\\\\nb';")).toEqual([id]);
	expect(await api.query("select id from Leads where lastname='a\\';")).toMatchObject({ success: false, error: { code: 'INTERNAL_SERVER_ERROR' } });
});
