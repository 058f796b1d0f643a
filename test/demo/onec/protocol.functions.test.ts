// Owns the proof of how virtual tables are called on the wire: arguments, options, formats (reference 5).
// Must not know: the product's client code; how balances and slices are computed.
import { type OnecSimulator, PASSWORD, USER, defaultSwitches, startOnec } from '../../../demo/simulators/onec';
import type { VirtualCall } from '../../../demo/simulators/onec/store.configuration';
import { basic, call, refused, rows } from './api';

const ITEM = 'a0000000-0000-4000-8000-000000000001';
const OTHER = 'b0000000-0000-4000-8000-000000000002';
const STOCK = '/AccumulationRegister_ТоварыНаСкладах';

let sim: OnecSimulator;
let calls: VirtualCall[] = [];
beforeAll(async () => {
	sim = await startOnec();
	// The configuration's part is replaced: what it is asked, and three rows.
	Object.assign(sim.base.configuration, {
		virtual: (_store: unknown, asked: VirtualCall) => {
			calls.push(asked);
			return [3, 1, 2].map((ВНаличииBalance) => ({ Номенклатура_Key: ITEM, ВНаличииBalance }));
		},
	});
});
afterEach(() => {
	calls = [];
	Object.assign(sim.switches, defaultSwitches());
});
afterAll(() => sim.stop());

const asked = async (address: string): Promise<VirtualCall> => {
	expect(await rows(sim, `${STOCK}/${address}`)).toHaveLength(3);
	const [one] = calls.slice(-1);
	if (!one) throw new Error('not asked');
	return one;
};

describe('arguments', () => {
	it.each([
		['in the path, quotes doubled', `Balance(Period=datetime'2026-10-01T00:00:00',Condition='Номенклатура_Key eq guid''${ITEM}''',Dimensions='Номенклатура,Склад')`],
		['in any order, quotes single', `Balance(Dimensions='Номенклатура,Склад', Condition='Номенклатура_Key eq guid'${ITEM}'', Period=datetime'2026-10-01T00:00:00')`],
		['unquoted, date as text', `Balance(Condition=Номенклатура_Key eq guid'${ITEM}',Period='2026-10-01T00:00:00',Dimensions='Номенклатура_Key, Склад_Key')`],
		['in the query', `Balance()?Period=datetime'2026-10-01T00:00:00'&Condition=Номенклатура_Key eq guid'${ITEM}'&Dimensions='Номенклатура,Склад'`],
		['in the query, quoted, without brackets', `Balance?Condition='Номенклатура_Key eq guid''${ITEM}'''&Period=datetime'2026-10-01T00:00:00'&Dimensions=Номенклатура,Склад`],
	])('%s', async (_how, address) => {
		const { condition, ...rest } = await asked(address);
		expect(rest).toMatchObject({ set: 'AccumulationRegister_ТоварыНаСкладах', name: 'Balance', period: '2026-10-01T00:00:00', dimensions: ['Номенклатура', 'Склад'] });
		expect([ITEM, OTHER].map((Номенклатура_Key) => condition({ Номенклатура_Key }))).toEqual([true, false]);
	});

	it('are not there when not given', async () => {
		const { condition, dimensions, period, startPeriod, endPeriod } = await asked('Balance()');
		expect([condition({}), dimensions, period, startPeriod, endPeriod]).toEqual([true, undefined, undefined, undefined, undefined]);
		expect(await asked("Turnovers(StartPeriod=datetime'2026-01-01T00:00:00',EndPeriod=datetime'2026-12-31T23:59:59')")).toMatchObject({ startPeriod: '2026-01-01T00:00:00', endPeriod: '2026-12-31T23:59:59' });
	});

	it('with brackets, slashes and names of arguments inside of a condition', async () => {
		const { condition } = await asked(`Balance(Condition='(substringof('',Period=)(/'',Номенклатура/Description) or Склад_Key eq guid''${OTHER}'') and not (1 eq 2)')`);
		expect(condition({ Склад_Key: OTHER })).toBe(true);
		expect(condition({ Склад_Key: ITEM })).toBe(false);
	});

	it('of a "+" are as good as not there', async () => {
		const url = `${sim.url}/odata/standard.odata${encodeURI(`${STOCK}/Balance()`)}?$format=json&Condition=${encodeURIComponent('Склад_Key')}+eq+1`;
		expect((await fetch(url, { headers: { authorization: basic(USER, PASSWORD) } })).status).toBe(200);
		expect(calls[0]?.condition({})).toBe(true);
	});

	it.each([
		["Balance(Period=datetime'2026-10-01')", '400/1'],
		["Balance(Condition='Нет eq 1')", '400/6'],
		["Balance(Condition='Склад_Key eq')", '400/14'],
		['Balance(Order=1)', '400/12'],
		['SliceLast()', '400/6'],
		['Balance()/Нечто', '400/6'],
	])('%s is refused with %s', async (address, expected) => {
		expect(await refused(sim, 'GET', `${STOCK}/${address}`)).toBe(expected);
	});

	it('cannot be sent with POST', async () => {
		expect(await refused(sim, 'POST', `${STOCK}/Balance()`)).toBe('405/19');
	});
});

describe('options', () => {
	const values = async (query: string): Promise<unknown[]> => (await rows(sim, `${STOCK}/Balance()?${query}`)).map((row) => row['ВНаличииBalance']);

	it('filter, select and top work, the order does not', async () => {
		expect(await values('$filter=ВНаличииBalance gt 1')).toEqual([3, 2]);
		expect(await values('$top=1')).toEqual([3]);
		expect(await values('$orderby=ВНаличииBalance')).toEqual([3, 1, 2]);
		expect(await rows(sim, `${STOCK}/Balance()?$select=ВНаличииBalance&$top=1`)).toEqual([{ ВНаличииBalance: 3 }]);
	});

	it('skip is refused, or works where a server does', async () => {
		expect(await refused(sim, 'GET', `${STOCK}/Balance()?$skip=1`)).toBe('400/14');
		sim.switches.virtualSkip = 'works';
		expect(await values('$skip=1&$top=1')).toEqual([1]);
	});
});

it('answers plain records in JSON and a table in Atom, no feed', async () => {
	const json = await call(sim, 'GET', `${STOCK}/Balance()`, { format: 'json' });
	expect(json.text).not.toContain('navigationLinkUrl');
	expect(json.json).toMatchObject({ 'odata.metadata': expect.stringContaining('$metadata#AccumulationRegister_ТоварыНаСкладах_Balance') as string });
	const atom = await call(sim, 'GET', `${STOCK}/Balance()?$top=1`, { format: '' });
	expect(atom.text).toMatch(/^<d:Result xmlns:d=[^>]*>\n\t<d:element>\n/);
	expect(atom.text).toContain(`<d:Номенклатура_Key>${ITEM}</d:Номенклатура_Key>`);
	expect(sim.server.calls.at(-1)?.operation).toBe('GET AccumulationRegister_ТоварыНаСкладах/Balance');
});
