// Proves what the panels of the 1C nodes offer to choose from, asked of both simulated configurations through the nodes
// themselves; and that every operation, run with what its panel has shown, gets to 1C.
import type { IDataObject, IExecuteFunctions, ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { lists } from '../../../nodes/OneC/onec.lists';
import { OneC } from '../../../nodes/OneC/OneC.node';
import { OneCTrigger } from '../../../nodes/OneC/OneCTrigger.node';
import { forgetConnectors } from '../../../nodes/kit/connectors';
import { NODE } from '../../kit/fakes';
import { credentialFor, PROFILE_NAMES, type Setting, setUp } from './setting';

type Load = (this: ILoadOptionsFunctions) => Promise<INodePropertyOptions[]>;
type Search = (this: ILoadOptionsFunctions, filter?: string) => Promise<{ results: INodePropertyOptions[] }>;

const node = new OneC();
const load = node.methods.loadOptions as Record<string, Load>;
const search = node.methods.listSearch as Record<string, Search>;
const locator = (value: string) => ({ __rl: true, mode: 'list', value });

describe.each(PROFILE_NAMES)('%s', (profile) => {
	let setting: Setting;
	beforeAll(async () => {
		setting = await setUp({ profile });
	});
	afterAll(async () => {
		forgetConnectors();
		await setting.stop();
	});

	const editor = (parameters: IDataObject = {}) =>
		({ getCredentials: async () => credentialFor(setting.sim), getCurrentNodeParameter: (name: string) => parameters[name], getNode: () => NODE }) as unknown as ILoadOptionsFunctions;

	/** What the object belongs to, where a list depends on one. */
	const chosen: IDataObject = { module: locator('Catalog_Номенклатура') };
	const missing = profile === 'ut' ? ['searchAccountingRegisters'] : ['getAgreements', 'searchAccumulationRegisters'];

	it.each(Object.keys(lists).filter((name) => !['getFileFields', 'getPlanNodes', 'getTableParts'].includes(name) && !missing.includes(name)))('%s offers something, each named and once', async (name) => {
		const offered = await load[name]!.call(editor(chosen));
		expect(offered.length).toBeGreaterThan(0);
		expect(offered.filter((one) => !one.name || !one.value)).toEqual([]);
		expect(new Set(offered.map(({ value }) => value)).size).toBe(offered.length);
	});

	it('a list that depends on another choice follows it, and is empty before', async () => {
		const parts = async (module: unknown) => (await load.getTableParts!.call(editor({ module } as IDataObject))).map(({ value }) => value);
		const order = profile === 'ut' ? 'Document_ЗаказКлиента' : 'Document_СчетНаОплатуПокупателю';
		expect(await parts(locator(order))).toContain('Товары');
		expect(await parts(locator(''))).toEqual([]);
		const [plan] = await load.getExchangePlans!.call(editor());
		const nodes = await load.getPlanNodes!.call(editor({ plan: plan!.value as string }));
		expect(nodes.length).toBeGreaterThan(0);
		expect(await load.getPlanNodes!.call(editor({ plan: locator(plan!.value as string) }))).toEqual(nodes);
		expect(await load.getPlanNodes!.call(editor({ plan: '' }))).toEqual([]);
	});

	it('a set is found by a part of its Russian name, whatever the case', async () => {
		const { results } = await search.searchCatalogs!.call(editor(), 'номенкл');
		expect(results.map(({ value }) => value)).toContain('Catalog_Номенклатура');
		expect(results.filter(({ name }) => !name.toLowerCase().includes('номенкл'))).toEqual([]);
	});

	it('taxes, products and fields for the documents', async () => {
		for (const name of ['getTaxes', 'getProductCodes']) expect((await load[name]!.call(editor())).length).toBeGreaterThan(0);
		for (const resource of ['customer', 'product', 'order']) expect((await load.getFields!.call(editor({ resource }))).length).toBeGreaterThan(5);
	});

	const run = async (parameters: IDataObject): Promise<IDataObject[]> => {
		const shown: IDataObject = { options: {}, returnAll: false, limit: 5, ...parameters };
		const context = {
			getInputData: () => [{ json: {} }],
			getNodeParameter: (name: string, _index: number, fallback?: unknown) => {
				const value = shown[name] === undefined ? fallback : shown[name];
				if (value === undefined) throw new Error(`Could not get parameter "${name}"`);
				return value;
			},
			getCredentials: async () => credentialFor(setting.sim),
			getNode: () => NODE,
			continueOnFail: () => false,
		} as unknown as IExecuteFunctions;
		return (await node.execute.call(context))[0]!.map(({ json }) => json);
	};

	it.each<[string, IDataObject]>([
		['catalog, get many', { resource: 'catalog', operation: 'recordGetAll', module: locator('Catalog_Номенклатура'), filter: '' }],
		['constant, get', { resource: 'constant', operation: 'constantGet', constant: 'the first' }],
		['exchange plan, nodes', { resource: 'exchangePlan', operation: 'planNodes', plan: 'the first' }],
		['metadata, objects', { resource: 'metadata', operation: 'metadataSets', kind: 'Document' }],
		['metadata, describe', { resource: 'metadata', operation: 'metadataDescribe', module: locator('Catalog_Номенклатура') }],
		['metadata, capabilities', { resource: 'metadata', operation: 'capabilities' }],
		['request', { resource: 'request', operation: 'request', method: 'GET', path: 'Catalog_Номенклатура', query: '{"$top": "1"}' }],
	])('%s', async (_name, given) => {
		const first = async (list: string) => String((await load[list]!.call(editor()))[0]!.value);
		const parameters: IDataObject = { ...given };
		if (parameters.constant) parameters.constant = locator(await first('searchConstants'));
		if (parameters.plan) parameters.plan = locator(await first('searchExchangePlans'));
		expect((await run(parameters)).length).toBeGreaterThan(0);
	});
});

it('the trigger has the same lists', () => {
	expect(Object.keys(new OneCTrigger().methods.loadOptions)).toEqual(expect.arrayContaining(['getExchangePlans', 'getPlanNodes', 'getRegisters']));
});
