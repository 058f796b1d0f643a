// Proves the item loop: results in the right place, pairing, one bad item among many, continue-on-fail both ways.
import { NodeOperationError, type INodeExecutionData } from 'n8n-workflow';
import { Failure } from '../../nodes/core/failure';
import { executeNode } from '../../nodes/kit/execute';
import { asItem, executeContext, FakeConnector, NODE, quote, systemOf, written } from './fakes';

const items = (...ids: string[]): INodeExecutionData[] => ids.map((id) => ({ json: asItem(quote(id)) }));
const upsert = { resource: 'order', operation: 'upsert' };

async function run(connector: FakeConnector, input: INodeExecutionData[], parameters: Record<string, unknown>, values: Parameters<typeof executeContext>[2] = {}) {
	const outputs = await executeNode(executeContext(input, parameters, values), systemOf(connector), 'fakeApi');
	expect(outputs).toHaveLength(1);
	return outputs[0]!;
}

/** A system that refuses some quotes. */
function refusing(...ids: string[]): FakeConnector {
	const connector = new FakeConnector();
	connector.fate = (document) => (ids.includes(document.source!.id) ? { ok: false, failure: new Failure('rejected', 'The product is not known', { advice: 'Create it', code: 'P' }) } : written(document));
	return connector;
}

it('gives each item its own result, paired', async () => {
	const out = await run(new FakeConnector(), items('1', '2', '3'), upsert);
	expect(out.map(({ json, pairedItem }) => [json.number, (json.result as { id: string }).id, pairedItem])).toEqual([
		['QUO1', 'id of vtiger:Quotes:1', { item: 0 }],
		['QUO2', 'id of vtiger:Quotes:2', { item: 1 }],
		['QUO3', 'id of vtiger:Quotes:3', { item: 2 }],
	]);
});

it('pairs several results with the item they came from', async () => {
	const connector = new FakeConnector();
	connector.documents = [quote('1'), quote('2'), quote('3')];
	const out = await run(connector, items('a', 'b'), { resource: 'quote', operation: 'getAll', limit: (index: number) => index + 1 });
	expect(out.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 1 }]);
});

describe('one bad item of three', () => {
	it('stops the node, naming item, record and what became of the others', async () => {
		const failed = run(refusing('2'), items('1', '2', '3'), upsert);
		await expect(failed).rejects.toBeInstanceOf(NodeOperationError);
		await expect(failed).rejects.toMatchObject({ message: 'quote QUO2: The product is not known', description: 'Create it.\n1 of 3 items did not go through; the others did. Running again writes nothing twice.', context: { itemIndex: 1 } });
	});

	it('costs one item when the node continues, and the others are written', async () => {
		const out = await run(refusing('2'), items('1', '2', '3'), upsert, { continueOnFail: true });
		expect(out.map(({ json }) => (json.error ? 'failed' : (json.result as { outcome: string }).outcome))).toEqual(['created', 'failed', 'created']);
		expect(out.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(out[1]!.json.error).toMatchObject({ kind: 'rejected', message: 'quote QUO2: The product is not known. Create it.', record: 'quote QUO2', advice: 'Create it', code: 'P' });
	});
});

it('says so when none went through', async () => {
	await expect(run(refusing('1', '2'), items('1', '2'), upsert)).rejects.toMatchObject({ description: expect.stringContaining('None of the 2 items went through.') as string });
});

it('keeps the document beside the reason on a regular output, and leaves that to n8n on the error output', async () => {
	const [onRegular] = await run(refusing('1'), items('1'), upsert, { continueOnFail: true });
	expect(onRegular!.json).toMatchObject({ kind: 'quote', number: 'QUO1', error: { kind: 'rejected' } });
	const context = executeContext(items('1'), upsert, { continueOnFail: true });
	context.getNode = () => ({ ...NODE, onError: 'continueErrorOutput' });
	const [[onError]] = (await executeNode(context, systemOf(refusing('1')), 'fakeApi')) as [[INodeExecutionData]];
	expect(Object.keys(onError.json)).toEqual(['error']);
});

describe('what hits the whole call', () => {
	it.each(['upsert', 'link'])('is the failure of every item: %s', async (operation) => {
		const connector = new FakeConnector();
		connector.fate = () => {
			throw new Failure('denied', 'The access key is wrong');
		};
		connector.linked = connector.fate as never;
		const out = await run(connector, items('1', '2'), { resource: 'quote', operation }, { continueOnFail: true });
		expect(out.map(({ json }) => (json.error as { message: string }).message)).toEqual(['quote QUO1: The access key is wrong.', 'quote QUO2: The access key is wrong.']);
	});

	it('may come before there is a connector', async () => {
		const system = systemOf(new FakeConnector());
		system.endpoint = () => {
			throw new Failure('denied', 'The URL is empty', { advice: 'Enter it' });
		};
		const out = await executeNode(executeContext(items('1', '2'), upsert, { continueOnFail: true }), system, 'fakeApi');
		expect(out[0]!.map(({ json }) => (json.error as { message: string }).message)).toEqual(['The URL is empty. Enter it.', 'The URL is empty. Enter it.']);
		await expect(executeNode(executeContext(items('1'), upsert), system, 'fakeApi')).rejects.toMatchObject({ message: 'The URL is empty', description: 'Enter it' });
	});

	it('does not take the failure of one item away', async () => {
		const connector = new FakeConnector();
		connector.linked = () => {
			throw new Failure('transient', 'Nothing listens');
		};
		const input = [...items('1'), { json: { no: 'document' } }];
		const out = await run(connector, input, { resource: 'quote', operation: 'link' }, { continueOnFail: true });
		expect(out.map(({ json }) => (json.error as { kind: string }).kind)).toEqual(['transient', 'rejected']);
	});
});

it('names an operation that does not exist', async () => {
	await expect(run(new FakeConnector(), items('1'), { resource: 'order', operation: 'explode' })).rejects.toMatchObject({ message: 'The operation "explode" does not exist' });
});

it('keeps what else the item carries', async () => {
	const [out] = await run(new FakeConnector(), [{ json: { ...asItem(quote('1')), mine: 'kept' } }], upsert);
	expect(out!.json).toMatchObject({ mine: 'kept', refs: [{ system: 'fake', kind: 'quote', id: 'id of vtiger:Quotes:1', outcome: 'created' }] });
});
