// Proves what the kit does with what only one system has: its operations, files, sources of changes and lists.
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { Failure } from '../../nodes/core/failure';
import type { Action, Blob, Stream, System } from '../../nodes/core/port';
import { choiceMethods } from '../../nodes/kit/choices';
import { executeNode } from '../../nodes/kit/execute';
import { upsertOptions } from '../../nodes/kit/options';
import { pollNode, readWatch } from '../../nodes/kit/poll';
import { capabilities, executeContext, FakeConnector, NODE, optionsContext, pollContext, systemOf } from './fakes';

function systemWith(own: { actions?: Record<string, Action>; streams?: Record<string, Stream> }, connector = new FakeConnector()): System {
	Object.assign(connector, own);
	return { ...systemOf(connector), capabilities: { ...capabilities, actions: Object.keys(own.actions ?? {}), streams: Object.keys(own.streams ?? {}) } };
}

describe('an operation that only this system has', () => {
	const items: INodeExecutionData[] = [{ json: { n: 1 } }, { json: { n: 2 } }];
	const run = async (action: Action, parameters: Record<string, unknown> = {}, values: Parameters<typeof executeContext>[2] = {}, helpers: object = {}) => {
		const context = { ...executeContext(items, { resource: 'register', operation: 'slice', ...parameters }, values), helpers } as unknown as IExecuteFunctions;
		return (await executeNode(context, systemWith({ actions: { slice: action } }), 'fakeApi'))[0]!;
	};

	it('is run for each item with its own parameters, and its rows are paired with the item', async () => {
		const out = await run(async (input) => Array.from({ length: Number(input.parameter('count')) }, (_, i) => ({ json: { i } })), { count: (index: number) => index + 1 });
		expect(out).toEqual([{ json: { i: 0 }, pairedItem: { item: 0 } }, { json: { i: 0 }, pairedItem: { item: 1 } }, { json: { i: 1 }, pairedItem: { item: 1 } }]);
	});

	it('finds a parameter that the node does not show empty, instead of stopping', async () => {
		const [first] = await run(async (input) => [{ json: { hidden: input.parameter('hidden') === undefined } }]);
		expect(first!.json).toEqual({ hidden: true });
	});

	it('costs one item when it fails for one', async () => {
		const out = await run(
			async (input) => {
				if (input.parameter('n') === 1) throw new Failure('rejected', 'The period is closed', { record: 'document 7' });
				return [{ json: { done: true } }];
			},
			{ n: (index: number) => index + 1 },
			{ continueOnFail: true },
		);
		expect(out.map(({ json }) => (json.error as IDataObject | undefined)?.message ?? json)).toEqual(['document 7: The period is closed.', { done: true }]);
	});

	it('gives a file away with its name and kind, and only with the row it belongs to', async () => {
		const file: Blob = { data: Buffer.from('pixels'), mimeType: 'image/png', fileName: 'p.png' };
		const helpers = { prepareBinaryData: async (data: Buffer, fileName: string, mimeType: string) => ({ data: data.toString('base64'), fileName, mimeType }) };
		const out = await run(async () => [{ json: { no: 1 } }, { json: { no: 2 }, binary: file }], {}, {}, helpers);
		expect(out.map(({ binary }) => binary)).toEqual([undefined, { data: { data: 'cGl4ZWxz', fileName: 'p.png', mimeType: 'image/png' } }, undefined, { data: { data: 'cGl4ZWxz', fileName: 'p.png', mimeType: 'image/png' } }]);
	});

	it('takes the file of its own item, and says when there is none', async () => {
		const helpers = {
			assertBinaryData: (index: number, name: string) => {
				if (index === 1) throw new Error('internal words of n8n');
				return { mimeType: `kind of ${name}`, fileName: 'f' };
			},
			getBinaryDataBuffer: async (index: number, name: string) => Buffer.from(`${name} of ${index}`),
		};
		const out = await run(async (input) => [{ json: { text: (await input.binary('data')).data.toString(), kind: (await input.binary('data')).mimeType } }], {}, { continueOnFail: true }, helpers);
		expect(out[0]!.json).toEqual({ text: 'data of 0', kind: 'kind of data' });
		expect(out[1]!.json.error).toMatchObject({ kind: 'rejected', message: 'The incoming item has no file "data". Feed this node with an item that carries a file, and give the name of its field.' });
	});

	it('does not exist for another system, whatever the name', async () => {
		for (const operation of ['slice', 'toString', 'constructor']) {
			await expect(executeNode(executeContext(items, { resource: 'register', operation }), systemOf(new FakeConnector()), 'fakeApi')).rejects.toMatchObject({ message: `The operation "${operation}" does not exist` });
		}
	});
});

describe('a source of changes that only this system has', () => {
	type Asked = Parameters<Stream>[0];
	const source = (answers: Array<{ rows: IDataObject[]; state: unknown }>) => {
		const asked: Asked[] = [];
		const stream: Stream = async (query) => {
			asked.push(JSON.parse(JSON.stringify(query)) as Asked);
			return answers[asked.length - 1] ?? { rows: [], state: query.state };
		};
		return { asked, stream };
	};
	const poll = async (stream: Stream, parameters: Record<string, unknown>, values: Parameters<typeof pollContext>[1] = {}) => {
		const system = systemWith({ streams: { plan: stream } });
		const context = pollContext(parameters, values);
		context.getNode = () => ({ ...NODE, parameters: { ...(parameters as IDataObject), pollTimes: { item: [] } } }) as unknown as typeof NODE;
		const output = await pollNode(context, system, 'fakeApi', readWatch(context, system));
		return output?.[0]?.map(({ json }) => json) ?? null;
	};

	it('is given what is shown, and at its next call what it left', async () => {
		const { asked, stream } = source([{ rows: [{ a: 1 }], state: { message: 5 } }]);
		const data: IDataObject = {};
		const parameters = { event: 'plan', node: 'n1', options: { limit: 7 } };
		expect(await poll(stream, parameters, { data })).toEqual([{ a: 1 }]);
		expect(await poll(stream, parameters, { data })).toBeNull();
		expect(asked).toEqual([
			{ parameters, limit: 7, manual: false },
			{ parameters, limit: 7, manual: false, state: { message: 5 } },
		]);
	});

	it('may be how a document\'s event is detected', async () => {
		const { asked, stream } = source([]);
		await poll(stream, { event: 'invoiceChanged', detectBy: 'plan', node: 'n1' });
		expect(asked[0]!.parameters).toMatchObject({ event: 'invoiceChanged', detectBy: 'plan' });
	});

	it('starts afresh for another node of the plan, not for another limit', async () => {
		const { asked, stream } = source([{ rows: [], state: 'one' }, { rows: [], state: 'two' }, { rows: [], state: 'three' }]);
		const data: IDataObject = {};
		await poll(stream, { event: 'plan', node: 'n1', options: { limit: 7 } }, { data });
		await poll(stream, { event: 'plan', node: 'n1', options: { limit: 9 } }, { data });
		await poll(stream, { event: 'plan', node: 'n2', options: { limit: 9 } }, { data });
		expect(asked.map(({ state }) => state)).toEqual([undefined, 'one', undefined]);
	});

	it('shows a person one row and remembers nothing of it', async () => {
		const { asked, stream } = source([{ rows: [{ a: 1 }], state: 'moved on' }]);
		const data: IDataObject = {};
		expect(await poll(stream, { event: 'plan' }, { data, mode: 'manual' })).toEqual([{ a: 1 }]);
		expect(asked[0]).toMatchObject({ limit: 1, manual: true });
		expect(data).toEqual({});
	});

	it('that fails leaves what is remembered as it was', async () => {
		const data: IDataObject = {};
		const parameters = { event: 'plan', node: 'n1' };
		await poll(source([{ rows: [], state: 'one' }]).stream, parameters, { data });
		await expect(poll(async () => await Promise.reject(new Failure('transient', 'Nothing listens')), parameters, { data })).rejects.toMatchObject({ message: 'Nothing listens' });
		const { asked, stream } = source([]);
		await poll(stream, parameters, { data });
		expect(asked[0]!.state).toBe('one');
	});

	it('does not exist for another system', () => {
		expect(() => readWatch(pollContext({ event: 'plan' }), systemOf(new FakeConnector()))).toThrow('The event "plan" does not exist');
	});
});

describe('a list that only this system has', () => {
	type Load = (this: unknown) => Promise<unknown[]>;
	type Search = (this: unknown, filter?: string) => Promise<{ results: unknown[] }>;
	const pickers = () => {
		const connector = new FakeConnector();
		const asked: unknown[][] = [];
		connector.choices = async (...given: unknown[]) => {
			asked.push(given);
			return [{ name: 'Склад Основной', value: '1' }, { name: 'Склад Брак', value: '2' }];
		};
		const { loadOptions, listSearch } = choiceMethods(systemOf(connector), 'fakeApi', { getWarehouses: { list: 'warehouses' }, getNodes: { list: 'nodes', of: 'plan' } });
		return { asked, load: loadOptions as Record<string, Load>, search: listSearch as Record<string, Search> };
	};

	it('is loaded under its own name, beside those that every system has', async () => {
		const { asked, load } = pickers();
		expect(Object.keys(load)).toEqual(expect.arrayContaining(['getFields', 'getTaxes', 'getProductCodes', 'getWarehouses', 'getNodes']));
		expect(await load.getWarehouses!.call(optionsContext({ plan: 'p' }))).toHaveLength(2);
		expect(asked).toEqual([['warehouses', undefined]]);
	});

	it.each([['P1', 'P1'], [{ __rl: true, mode: 'list', value: 'P1' }, 'P1'], [undefined, ''], [null, ''], [{ mode: 'list', value: null }, '']])('depends on another choice: %j', async (plan, of) => {
		const { asked, load } = pickers();
		await load.getNodes!.call(optionsContext({ plan }));
		expect(asked).toEqual([['nodes', of]]);
	});

	it('is searched in as people type', async () => {
		const { search } = pickers();
		expect((await search.getWarehouses!.call(optionsContext({}), 'брак')).results).toEqual([{ name: 'Склад Брак', value: '2' }]);
		expect((await search.getWarehouses!.call(optionsContext({}))).results).toHaveLength(2);
	});
});

it('options that only this system has reach it as text, the common ones do not double as such', () => {
	const read = (options: IDataObject) => upsertOptions((name, _index, fallback) => (name === 'options' ? options : fallback), 0).settings;
	expect(read({ warehouse: 'w1', vatIncluded: true, days: 3, empty: '', list: ['a'], rounding: 'exact', tolerance: '1', shippingProduct: 'S' })).toEqual({ warehouse: 'w1', vatIncluded: 'true', days: '3' });
	expect(read({})).toEqual({});
});
