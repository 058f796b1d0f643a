// Proves, one by one, that none of 1C's known traps catches the client when it queries.
// First that the simulated server really has it (asked with plain requests), then what the client makes of it.
// Sections of the reference stand in the names.
import { guid, refTo } from '../../../nodes/OneC/onec.literals';
import { failureOf, PASSWORD, type Setting, shared, USER } from './setting';
import { client, order } from './desk';
import { naive } from './traps.naive';

const CLIENTS = 'Catalog_Контрагенты';
const CURRENCIES = 'Catalog_Валюты';
const ORDERS = 'Document_ЗаказКлиента';
const SHIPMENTS = 'Document_РеализацияТоваровУслуг';
const PRICES = 'InformationRegister_ЦеныНоменклатуры25_RecordType';
const STOCK = 'AccumulationRegister_ТоварыНаСкладах';

let stage: Setting;
shared((made) => (stage = made));

const add = (fields: Record<string, string>): string => String(stage.sim.insert(CLIENTS, { Description: 'Ромашка', ...fields }).Ref_Key);
const posted = (): string => order(stage, client(stage, 'Покупатель'), [['W-1', 1, 100]]);

describe('queries (5)', () => {
	it('an attribute of several types compared with a plain guid finds nothing, silently; as a cast it finds', async () => {
		const id = posted();
		stage.sim.ship(id);
		const plainGuid = await stage.session().rows(SHIPMENTS, { filter: `ЗаказКлиента eq ${guid(id)}` });
		expect(plainGuid).toEqual([]);
		expect(await stage.session().rows(SHIPMENTS, { filter: `ЗаказКлиента eq ${refTo(ORDERS, id)}`, select: 'Ref_Key' })).toHaveLength(1);
	});

	it('a text of unlimited length cannot be compared: told in 1C\'s words', async () => {
		expect(await failureOf(stage.session().rows(ORDERS, { filter: "Комментарий eq 'x'" }))).toMatchObject({ kind: 'rejected', said: expect.stringContaining('неограниченной длины') as unknown });
	});

	it('an expand that is not selected is dropped silently: the client selects it', async () => {
		posted();
		expect((await naive(stage, 'GET', `${ORDERS}?$format=json&$select=Ref_Key&$expand=${encodeURIComponent('Контрагент')}`)).rows[0]).not.toHaveProperty('Контрагент');
		expect((await stage.session().rows(ORDERS, { select: ['Ref_Key'], expand: ['Контрагент'] }))[0]).toHaveProperty('Контрагент.Description', 'Покупатель');
	});

	it('without an order pages repeat and lose records: the client asks for one', async () => {
		stage.sim.switches.rotateUnordered = true;
		for (let i = 0; i < 25; i++) add({ Description: `Лист ${i}` });
		const filter = "startswith(Description,'Лист')";
		const seen = new Set<unknown>();
		for (let skip = 0; skip < 25; skip += 5) for (const row of (await naive(stage, 'GET', `${CLIENTS}?$format=json&$top=5&$skip=${skip}&$filter=${encodeURIComponent(filter)}`)).rows) seen.add(row.Ref_Key);
		expect(seen.size).toBeLessThan(25);
		const rows: unknown[] = [];
		for await (const page of stage.session().pages(CLIENTS, { filter }, 5)) rows.push(...page.map((row) => row.Ref_Key));
		expect(new Set(rows).size).toBe(25);
		expect(rows).toHaveLength(25);
	});

	it('an order is silently not heeded on registers: told rather than losing records, or read at once', async () => {
		stage.sim.switches.rotateUnordered = true;
		const rows: string[] = [];
		for await (const page of stage.session().pages(PRICES, {}, 2)) rows.push(...page.map((row) => JSON.stringify([row.Recorder ?? row.Recorder_Key, row.LineNumber])));
		expect(new Set(rows).size).toBe(stage.sim.records(PRICES).length);
		expect(rows).toHaveLength(stage.sim.records(PRICES).length);
	});

	it('an order that depends on what records are called does not stop when one is renamed', async () => {
		const made = Array.from({ length: 20 }, (_, i) => add({ Description: `Имя ${String(i).padStart(2, '0')}` }));
		const seen: unknown[] = [];
		for await (const page of stage.session().pages(CLIENTS, { filter: "startswith(Description,'Имя')" }, 5)) {
			if (seen.length === 0) stage.sim.patch(CLIENTS, made[19]!, { Description: 'Имя 00 первое' });
			seen.push(...page.map((row) => row.Ref_Key));
		}
		expect(made.filter((id) => !seen.includes(id))).toEqual([]);
		expect(new Set(seen).size).toBe(seen.length);
	});

	it('a virtual table takes no $skip: told, not an endless list', async () => {
		const call = stage.session().call(STOCK, 'Balance', {}, { skip: 1 });
		expect((await failureOf(call)).kind).toBe('rejected');
		stage.sim.switches.virtualSkip = 'works';
		expect(Array.isArray(await stage.session().call(STOCK, 'Balance', {}, { skip: 1 }))).toBe(true);
	});

	it('/$count may be missing: counted in the list', async () => {
		stage.sim.switches.count = 'unavailable';
		expect((await naive(stage, 'GET', `${CURRENCIES}/$count`)).status).toBeGreaterThanOrEqual(400);
		expect(await stage.session().count(CURRENCIES)).toBe(stage.sim.records(CURRENCIES).length);
	});

	it('a hidden record refuses the whole answer; "allowed only" gives the rest', async () => {
		const id = add({ Description: 'Скрытый' });
		stage.sim.switches.hiddenRows = { [CLIENTS]: [id] };
		expect(await failureOf(stage.session().rows(CLIENTS))).toMatchObject({ kind: 'denied', code: '20', advice: expect.stringContaining('allowed only') as unknown });
		expect((await stage.session().rows(CLIENTS, { allowedOnly: true })).map((row) => row.Ref_Key)).not.toContain(id);
	});

	it('a field that may not be filtered by: told in 1C\'s words', async () => {
		stage.sim.switches.unfilterable = [`${CLIENTS}.ИНН`];
		expect(await failureOf(stage.session().rows(CLIENTS, { filter: "ИНН eq '1'" }))).toMatchObject({ kind: 'denied', said: expect.stringContaining('ГДЕ') as unknown });
	});

	it('not enough memory for a page: a quarter of it, and so on', async () => {
		for (let i = 0; i < 12; i++) add({ Description: `Тяжелый ${i}` });
		stage.sim.switches.memoryRows = 3;
		expect(await failureOf(stage.session().rows(CLIENTS))).toMatchObject({ kind: 'rejected', code: 'memory' });
		const rows: unknown[] = [];
		for await (const page of stage.session().pages(CLIENTS, { filter: "startswith(Description,'Тяжелый')" })) rows.push(...page);
		expect(rows).toHaveLength(12);
	});

	it('an option that 1C does not know is refused by 1C and told', async () => {
		expect(await failureOf(stage.session().raw({ method: 'GET', path: CURRENCIES, query: { $search: 'x' } }))).toMatchObject({ kind: 'rejected', code: '0' });
	});
});


describe('users and sessions (8)', () => {
	it('a Cyrillic user is let in with UTF-8, refused otherwise', async () => {
		const latin = `Basic ${Buffer.from(`${USER}:${PASSWORD}`.replace(/[^\x00-\x7f]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) & 0xff)), 'latin1').toString('base64')}`;
		expect((await naive(stage, 'GET', CURRENCIES, { Authorization: latin })).status).toBe(401);
		expect((await stage.session().rows(CURRENCIES)).length).toBeGreaterThan(0);
	});

	it('the first answer after a pause is slow: waited for', async () => {
		stage.sim.switches.slowNext = 700;
		expect((await stage.session().rows(CURRENCIES)).length).toBeGreaterThan(0);
	});

	it.each(['text/plain', 'text/html'])('no message holds the password, though the server repeats it (%s)', async (type) => {
		const echo = stage.session({}, async () => ({ status: 500, headers: { 'content-type': type }, text: `failed for ${USER}:${PASSWORD}` }));
		const failure = await failureOf(echo.rows(CURRENCIES));
		expect(JSON.stringify([failure.message, failure.what, failure.said, failure.advice])).not.toContain(PASSWORD);
		expect(failure.message).toContain('***');
	});
});
