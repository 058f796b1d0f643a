// Proves every operation and event of the 1C nodes as n8n runs them: parameters filled in and hidden by n8n's own rules,
// nothing that is required left empty, and what the panel asks for is what the operation reads.
import { type IDataObject, type IExecuteFunctions, type INodeExecutionData, type INodeParameters, type INodeType, type IPollFunctions, NodeHelpers } from 'n8n-workflow';
import { forgetConnectors } from '../../../nodes/kit/connectors';
import { ACTIONS } from '../../../nodes/OneC/onec.actions';
import { OneC } from '../../../nodes/OneC/OneC.node';
import { OneCTrigger } from '../../../nodes/OneC/OneCTrigger.node';
import { NODE } from '../../kit/fakes';
import { client, order } from './desk';
import { TestClock } from '../send';
import { credentialFor, type Setting, setUp } from './setting';

const ITEMS = 'Catalog_Номенклатура';
const ORDERS = 'Document_ЗаказКлиента';
const RATES = 'InformationRegister_КурсыВалют';
const PRICES = 'InformationRegister_ЦеныНоменклатуры25';
const STOCK = 'AccumulationRegister_ТоварыНаСкладах';
const PLAN = 'ExchangePlan_ДляODATA';
const FILES = 'Catalog_НоменклатураПрисоединенныеФайлы';
const set = (value: string) => ({ __rl: true, mode: 'list', value });

/** What the panel would hold: n8n's defaults for what is shown, nothing for what is hidden; refused where something is missing. */
function shownBy({ description }: INodeType, given: IDataObject): INodeParameters {
	const filled = NodeHelpers.getNodeParameters(description.properties, given as INodeParameters, true, false, { typeVersion: 1 }, description)!;
	const unknown = Object.keys(given).filter((name) => !(name in filled));
	const issues = NodeHelpers.getNodeParametersIssues(description.properties, { ...NODE, parameters: filled }, description)?.parameters;
	if (unknown.length > 0 || issues) throw new Error(`not shown: ${unknown.join()}; ${JSON.stringify(issues ?? {})}`);
	return filled;
}

function reader(parameters: INodeParameters) {
	return (name: string, fallback: unknown): unknown => {
		const value = parameters[name] === undefined ? fallback : parameters[name];
		if (value === undefined) throw new Error(`Could not get parameter "${name}"`);
		return value;
	};
}

describe('as n8n runs them', () => {
	let setting: Setting;
	const ran = new Set<string>();
	beforeAll(async () => {
		// The node asks the machine for the time.
		setting = await setUp({}, undefined, new TestClock(Date.now()));
	});
	afterAll(async () => await setting.stop());
	beforeEach(() => {
		forgetConnectors();
		setting.renew();
	});

	async function run(resource: string, operation: string, given: IDataObject = {}): Promise<IDataObject[]> {
		const node = new OneC();
		const read = reader(shownBy(node, { resource, operation, ...given }));
		ran.add(operation);
		const context = {
			getInputData: (): INodeExecutionData[] => [{ json: {} }],
			getNodeParameter: (name: string, _index: number, fallback?: unknown) => read(name, fallback),
			getCredentials: async () => credentialFor(setting.sim),
			getNode: () => NODE,
			continueOnFail: () => false,
			helpers: {
				assertBinaryData: () => ({ mimeType: 'text/plain', fileName: 'f.txt' }),
				getBinaryDataBuffer: async () => Buffer.from('content'),
				prepareBinaryData: async (data: Buffer, fileName: string, mimeType: string) => ({ data: data.toString(), fileName, mimeType }),
			},
		} as unknown as IExecuteFunctions;
		return (await node.execute.call(context))[0]!.map(({ json, binary }) => ({ ...json, ...(binary ? { binary: binary.data as unknown as IDataObject } : {}) }));
	}
	const item = (code: string) => setting.products[code]!;
	const newOrder = () => order(setting, client(setting, `Client ${Math.random()}`), [['W-1', 2, 10]]);
	const inPlan = () => ({ plan: set(PLAN), node: String(setting.sim.records(PLAN).find(({ Code }) => Code === 'N8N')!.Ref_Key) });
	const rate = () => ({ Period: '2019-03-04T00:00:00', Валюта_Key: String(setting.sim.records('Catalog_Валюты')[0]!.Ref_Key), Курс: 2, Кратность: '1' });

	it('catalogs', async () => {
		const catalog = async (operation: string, given: IDataObject = {}) => await run('catalog', operation, { module: set(ITEMS), ...given });
		const [created] = await catalog('recordCreate', { values: '{"Description": "New", "Артикул": "N-1"}' });
		const id = String(created!.Ref_Key);
		expect(await catalog('recordGet', { recordId: id })).toMatchObject([{ Description: 'New' }]);
		expect(await catalog('recordGetAll', { filter: "Артикул eq 'N-1'", limit: 5 })).toMatchObject([{ Ref_Key: id }]);
		expect((await catalog('recordGetAll', { returnAll: true })).length).toBeGreaterThan(4);
		expect(await catalog('recordUpdate', { recordId: id, values: '{"Description": "Newer"}' })).toMatchObject([{ Description: 'Newer' }]);
		expect(await catalog('recordUpsert', { matchFields: ['Артикул'], values: '{"Артикул": "N-1", "Description": "Newest"}' })).toMatchObject([{ Ref_Key: id, outcome: 'updated' }]);
		expect(await catalog('markDeletion', { recordId: id })).toMatchObject([{ DeletionMark: true }]);
		expect(await catalog('unmarkDeletion', { recordId: id })).toMatchObject([{ DeletionMark: false }]);
		await expect(catalog('deletePhysically', { recordId: id, confirmation: 'Other' })).rejects.toThrow();
		expect(setting.sim.get(ITEMS, id)).toBeDefined();
		expect(await catalog('deletePhysically', { recordId: id, confirmation: 'Newest' })).toMatchObject([{ deleted: true }]);
		expect(setting.sim.get(ITEMS, id)).toBeUndefined();
	});

	it('documents', async () => {
		const id = newOrder();
		const document = async (operation: string, given: IDataObject = {}) => await run('document', operation, { module: set(ORDERS), recordId: id, ...given });
		const rows = () => setting.sim.get(ORDERS, id)!.Товары as IDataObject[];
		expect((await document('documentMovements')).length).toBeGreaterThan(0);
		expect(await document('documentUnpost')).toMatchObject([{ Posted: false }]);
		await document('rowsAppend', { tablePart: 'Товары', rows: JSON.stringify([{ ...rows()[0], LineNumber: undefined, Количество: 5 }]) });
		expect(rows()).toMatchObject([{ Количество: 2 }, { Количество: 5 }]);
		await document('rowsReplace', { tablePart: 'Товары', rows: JSON.stringify([rows()[1]]), options: { dataVersion: String(setting.sim.get(ORDERS, id)!.DataVersion) } });
		expect(rows()).toMatchObject([{ Количество: 5, LineNumber: '1' }]);
		expect(await document('documentPost', { options: { operational: false } })).toMatchObject([{ Posted: true }]);
		const { Ref_Key, Number: _number, DataVersion, Posted, ...values } = setting.sim.get(ORDERS, id)!;
		expect([Ref_Key, DataVersion, Posted].every(Boolean)).toBe(true);
		expect(await run('document', 'documentCreateAndPost', { module: set(ORDERS), values: JSON.stringify(values) })).toMatchObject([{ Posted: true }]);
	});

	it('information registers', async () => {
		const register = async (operation: string, given: IDataObject = {}, name = RATES) => await run('informationRegister', operation, { register: set(name), ...given });
		const [written] = await register('registerWrite', { records: JSON.stringify(rate()) });
		expect(written).toMatchObject({ outcome: 'created' });
		expect(await register('registerRead', { periodFrom: '2019-03-01', periodTo: '2019-04-01', returnAll: true })).toMatchObject([{ Курс: 2 }]);
		const recordKey = String(written!.key);
		await expect(register('registerDelete', { recordKey, confirmation: 'yes' })).rejects.toThrow();
		expect(await register('registerDelete', { recordKey, confirmation: recordKey })).toMatchObject([{ deleted: true }]);
		expect(await register('sliceLast', { condition: `Номенклатура_Key eq guid'${item('W-1')}'` }, PRICES)).toMatchObject([{ Номенклатура_Key: item('W-1') }]);
		expect((await register('sliceLast', { options: { limit: 1 } }, PRICES)).length).toBe(1);
		expect((await register('sliceFirst', { period: '2000-01-01T00:00:00' }, PRICES)).length).toBeGreaterThan(0);
	});

	it('registers with balances', async () => {
		const stock = async (operation: string, given: IDataObject = {}) => await run('accumulationRegister', operation, { register: set(STOCK), ...given });
		expect((await stock('balance', { dimensions: 'Номенклатура', options: { filter: 'ВНаличииBalance gt 0', select: 'Номенклатура_Key,ВНаличииBalance' } })).length).toBeGreaterThan(0);
		for (const operation of ['turnovers', 'balanceAndTurnovers']) expect((await stock(operation, { periodFrom: '2020-01-01T00:00:00', periodTo: '2030-01-01T00:00:00' })).length).toBeGreaterThan(0);
		expect((await stock('registerRead', { limit: 2 })).length).toBe(2);
	});

	it('constants, plans, files, metadata, requests', async () => {
		const constant = { constant: set('Constant_НаименованиеСистемы') };
		expect(await run('constant', 'constantSet', { ...constant, value: 'Новое имя' })).toMatchObject([{ value: 'Новое имя' }]);
		expect(await run('constant', 'constantGet', constant)).toMatchObject([{ value: 'Новое имя' }]);

		expect((await run('exchangePlan', 'planNodes', { plan: set(PLAN) })).length).toBe(2);
		setting.sim.patch(ITEMS, item('W-1'), { Description: 'Changed' });
		const changes = await run('exchangePlan', 'planFetch', { ...inPlan(), options: { types: ITEMS } });
		expect(changes.map(({ type }) => type)).toContain(ITEMS);
		const messageNumber = Number(changes[0]!.messageNumber);
		await expect(run('exchangePlan', 'planAcknowledge', { ...inPlan(), messageNumber, confirmation: '0' })).rejects.toThrow();
		await run('exchangePlan', 'planAcknowledge', { ...inPlan(), messageNumber, confirmation: String(messageNumber) });
		expect(await run('exchangePlan', 'planFetch', inPlan())).toEqual([]);

		const place = { module: set(FILES), recordId: String(setting.sim.insert(FILES, { Description: 'f' }).Ref_Key), field: 'ФайлХранилище' };
		await run('file', 'fileUpload', place);
		expect(await run('file', 'fileDownload', { ...place, options: { fileName: 'back.txt' } })).toMatchObject([{ binary: { data: 'content', fileName: 'back.txt', mimeType: 'text/plain' } }]);

		expect((await run('metadata', 'metadataSets', { kind: 'Constant' })).every(({ kind }) => kind === 'Constant')).toBe(true);
		expect(await run('metadata', 'metadataDescribe', { module: set(ITEMS) })).toMatchObject([{ name: ITEMS }]);
		expect(await run('metadata', 'capabilities')).toMatchObject([{ configuration: 'ut' }]);

		expect((await run('request', 'request', { method: 'GET', path: ITEMS, query: '{"$top": "1"}' })).length).toBe(1);
		await expect(run('request', 'request', { method: 'GET', path: `${ORDERS}(guid'${newOrder()}')/Unpost` })).rejects.toThrow();
		await expect(run('request', 'request', { method: 'DELETE', path: `${ITEMS}(guid'${item('W-4')}')`, confirmation: 'yes' })).rejects.toThrow();
		expect(setting.sim.get(ITEMS, item('W-4'))).toBeDefined();
	});

	it('none of them was left out', () => expect(ACTIONS.filter((name) => !ran.has(name))).toEqual([]));

	describe('events', () => {
		/** Polls of one trigger, its memory kept as n8n keeps it. */
		function watching(given: IDataObject) {
			const trigger = new OneCTrigger();
			const parameters = shownBy(trigger, given);
			const data: IDataObject = {};
			const context = {
				getNodeParameter: (name: string, fallback?: unknown) => reader(parameters)(name, fallback),
				getCredentials: async () => credentialFor(setting.sim),
				getNode: () => ({ ...NODE, parameters }),
				getWorkflow: () => ({ id: 'w', active: true }),
				getMode: () => 'trigger',
				getWorkflowStaticData: () => data,
				logger: { warn: () => undefined },
			} as unknown as IPollFunctions;
			return async (): Promise<IDataObject[]> => (await trigger.poll.call(context))?.[0]?.map(({ json }) => json) ?? [];
		}
		const rename = (code: string) => setting.sim.patch(ITEMS, item(code), { Description: `Renamed ${Math.random()}` });

		it('record changed, by date window and by exchange plan', async () => {
			for (const detected of [{ options: { windowDays: 7, onlyLinked: undefined } }, { detectBy: 'exchangePlan', plan: PLAN, node: inPlan().node }]) {
				const poll = watching({ event: 'recordChanged', kind: 'product', ...detected });
				while ((await poll()).length > 0);
				rename('W-2');
				expect(await poll()).toMatchObject([{ kind: 'product', code: 'W-2' }]);
				expect(await poll()).toEqual([]);
			}
		});

		it('invoice and order changed, only those from the CRM unless told', async () => {
			for (const [event, kind] of [['invoiceChanged', 'invoice'], ['orderChanged', 'order']] as const) {
				const [linked, all] = [watching({ event }), watching({ event, options: { onlyLinked: false } })];
				for (const poll of [linked, all]) expect(await poll()).toEqual([]);
				setting.sim.ship(newOrder());
				expect(await linked()).toEqual([]);
				expect(await all()).toMatchObject([{ kind }]);
			}
		});

		it('exchange plan, of some types', async () => {
			const poll = watching({ event: 'exchangePlan', plan: PLAN, node: inPlan().node, options: { types: ITEMS } });
			while ((await poll()).length > 0);
			client(setting, 'Not wanted');
			rename('W-3');
			expect(await poll()).toMatchObject([{ type: ITEMS, key: item('W-3'), deleted: false }]);
			expect(await poll()).toEqual([]);
		});

		it('register records', async () => {
			const poll = watching({ event: 'registerRecords', register: RATES, options: { windowDays: 30 } });
			expect(await poll()).toEqual([]);
			setting.sim.insert(RATES, { ...rate(), Period: new Date(setting.clock.now()).toISOString().slice(0, 19) });
			expect(await poll()).toMatchObject([{ Курс: 2 }]);
			expect(await poll()).toEqual([]);
		});
	});
});
