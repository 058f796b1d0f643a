// Owns the proof of reference section 7 and of the URL limit of section 1: literals, lists, branches, pages.
import fc from 'fast-check';
import { branches, listsOf, literal, pageQuery, partsOf } from '../../../nodes/Vtiger/vtiger.query';
import { setUp, type Setting } from './setting';

let stage: Setting;
beforeAll(async () => void (stage = await setUp()));
afterAll(async () => await stage.stop());
beforeEach(() => stage.sim.reset());

const bytes = (text: string) => new URLSearchParams({ query: text }).toString().length;

describe('literals', () => {
	it.each([
		["O'Brien & Sons", "'O''Brien & Sons'"],
		['a\\b', "'a\\\\b'"],
		['say "hi"; x', "'say \"hi\"; x'"],
	])('%s is written %s', (value, text) => expect(literal(value)).toBe(text));

	it('never writes an empty one: vtiger answers it with INTERNAL_SERVER_ERROR', () => {
		expect(() => literal('')).toThrow(/empty value/);
	});

	it('has no quote of its own that is not doubled, whatever the value', () => {
		fc.assert(fc.property(fc.string({ minLength: 1 }), (value) => literal(value).slice(1, -1).replace(/''/g, '').includes("'") === false));
	});
});

describe('lists', () => {
	it('hold every value once, stay below the URL limit and within a page', () => {
		fc.assert(
			fc.property(fc.array(fc.oneof(fc.string({ maxLength: 200 }), fc.stringMatching(/^11x\d{1,6}$/)), { maxLength: 400 }), (values) => {
				const lists = listsOf(values);
				const all = lists.flat();
				const wanted = [...new Set(values)].filter((value) => value !== '');
				return all.length === wanted.length && wanted.every((value) => all.includes(value)) && lists.every((list) => list.length <= 100 && bytes(branches([{ column: 'id', values: list }])[0]!) < 7_000);
			}),
			{ numRuns: 50 },
		);
	});

	it('split documents so that all their conditions fit', () => {
		const items = Array.from({ length: 300 }, (_, i) => ({ key: `odoo:account.move:${i}`, number: `INV/2026/${i}` }));
		const parts = partsOf(items, ({ key, number }) => [{ column: 'cf_key', values: [key] }, { column: 'cf_number', values: [number] }]);
		expect(parts.flat()).toEqual(items);
		expect(parts.length).toBeGreaterThan(1);
		for (const part of parts) expect(bytes(part.map(({ key, number }) => `'${key}','${number}'`).join())).toBeLessThan(6_000);
	});

	it('reads 250 accounts by id in three calls', async () => {
		const ids: string[] = [];
		for (let i = 0; i < 250; i++) ids.push(String((await stage.sim.insert('Accounts', { accountname: `Bulk ${i}` })).id));
		const connector = stage.connect();
		await connector.records.modules();
		stage.sim.server.resetCalls();
		const found: string[] = [];
		for await (const page of connector.records.list('Accounts', "accountname like 'Bulk%'", undefined)) found.push(...page.map((row) => String(row.id)));
		expect(found).toEqual(ids);
		expect(stage.calls()).toEqual(['query', 'query', 'query']);
	});
});

describe('pages', () => {
	it('repeat the condition for the page in every branch: "or" binds weaker than "and", brackets are not known', () => {
		expect(pageQuery(['id'], 'Quotes', ["a='1'", "b='2'"], '4x38')).toBe("select id from Quotes where a='1' and id>'4x38' or b='2' and id>'4x38' order by id limit 100;");
		expect(pageQuery('*', 'Quotes', [], undefined, 3)).toBe('select * from Quotes order by id limit 3;');
	});

	it('lose and repeat nothing while records are added', async () => {
		for (let i = 0; i < 120; i++) await stage.sim.insert('Accounts', { accountname: `Page ${i}` });
		const names: string[] = [];
		for await (const page of stage.connect().records.list('Accounts', "accountname like 'Page%'", undefined)) {
			names.push(...page.map((row) => String(row.accountname)));
			if (names.length === 100) await stage.sim.insert('Accounts', { accountname: 'Page late' });
		}
		expect(names).toHaveLength(121);
		expect(new Set(names).size).toBe(121);
	});

	it('list documents by header columns only: with lines the limit would count lines', async () => {
		stage.sim.server.resetCalls();
		const rows: unknown[] = [];
		for await (const page of stage.connect().records.list('Quotes', undefined, 2)) rows.push(...page);
		expect(rows).toHaveLength(2);
		const { path } = stage.sim.server.calls.find((call) => call.operation === 'query')!;
		expect(decodeURIComponent(path)).not.toMatch(/select\+?\*|listprice|discount_amount|hdnDiscount/);
	});

	it('goes by offset where a filter holds "or"', async () => {
		const rows: unknown[] = [];
		for await (const page of stage.connect().records.list('Accounts', "accountname='Alpha' or accountname='Beta'", undefined)) rows.push(...page.map((row) => row.accountname));
		expect(rows).toEqual(['Alpha', 'Beta']);
	});
});
