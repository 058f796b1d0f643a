// Proves each operation: what of the parameters reaches the port, and what of the port's answer reaches the items.
import type { IDataObject } from 'n8n-workflow';
import { documentSchema, type Document } from '../../nodes/core/documents';
import { Failure } from '../../nodes/core/failure';
import { locator, operations, readDocument, type ItemOutput } from '../../nodes/kit/operations';
import { asItem, FakeConnector, outcome, quote, written } from './fakes';

type Given = Record<string, unknown | ((index: number) => unknown)>;

async function run(connector: FakeConnector, operation: string, resource: string, items: IDataObject[], given: Given = {}): Promise<ItemOutput[]> {
	const parameter = (name: string, index: number, fallback?: unknown) => {
		const value = given[name];
		return value === undefined ? fallback : typeof value === 'function' ? (value as (i: number) => unknown)(index) : value;
	};
	return await operations[operation]!({ connector, resource, items, parameter, binary: async () => await Promise.reject(new Error('no file here')) });
}

/** Results in short: what each item gave, or the words of its failure. */
function brief(outputs: ItemOutput[]): unknown[] {
	return outputs.map((output) => ('failure' in output ? output.failure.message : output.json));
}

describe('get', () => {
	it('reads by id and by number', async () => {
		const connector = new FakeConnector();
		connector.documents = [quote('4x38')];
		const outputs = await run(connector, 'get', 'quote', [{}, {}, {}], { documentId: (index: number) => [{ mode: 'id', value: '4x38' }, { mode: 'number', value: ' 4x38 ' }, '4x38'][index] });
		expect(brief(outputs)).toEqual([[asItem(quote('4x38'))], [asItem(quote('4x38'))], [asItem(quote('4x38'))]]);
		expect(connector.calls.map(({ ref }) => ref)).toEqual(['4x38', 'number:4x38', '4x38']);
	});

	it('a missing record costs one item', async () => {
		const connector = new FakeConnector();
		connector.documents = [quote('2')];
		expect(brief(await run(connector, 'get', 'quote', [{}, {}, {}], { documentId: (index: number) => ['1', '2', ''][index] }))).toEqual(['There is no quote 1.', [asItem(quote('2'))], 'No record is chosen. Choose one from the list, or enter its id.']);
	});
});

describe('get many', () => {
	const many = () => {
		const connector = new FakeConnector();
		connector.documents = ['1', '2', '3', '4', '5'].map((id) => quote(id));
		return connector;
	};

	it.each([
		[{}, 5, { limit: 50 }],
		[{ limit: 3 }, 3, { limit: 3 }],
		[{ returnAll: true, limit: 1 }, 5, { limit: undefined }],
		[{ filters: { number: 'QUO3' } }, 5, { where: { number: 'QUO3' } }],
		[{ filters: { modifiedSince: '2026-01-31T12:00:00.123+01:00' } }, 5, { modifiedSince: '2026-01-31T11:00:00Z' }],
	])('%j', async (given, count, query) => {
		const connector = many();
		const [output] = await run(connector, 'getAll', 'quote', [{}], given);
		expect(output && 'json' in output && output.json).toHaveLength(count);
		expect(connector.calls[0]).toMatchObject({ kind: 'quote', ...query });
	});

	it('counts only invoices of the CRM\'s orders when only those are wanted', async () => {
		const connector = new FakeConnector();
		const invoice = (id: string, sourceKey?: string) => documentSchema.parse({ kind: 'invoice', key: `odoo:account.move:${id}`, orders: [{ key: 'odoo:sale.order:1', sourceKey }] });
		connector.documents = [invoice('1'), invoice('2', 'vtiger:*:6x1'), invoice('3'), invoice('4', 'vtiger:*:6x2'), invoice('5', 'vtiger:*:6x3')];
		const [output] = await run(connector, 'getAll', 'invoice', [{}], { limit: 2, filters: { onlyLinked: true } });
		expect(output && 'json' in output && output.json.map(({ key }) => key)).toEqual(['odoo:account.move:2', 'odoo:account.move:4']);
		expect(connector.calls[0]).toMatchObject({ limit: undefined });
	});

	it('says when a date is none', async () => {
		expect(brief(await run(many(), 'getAll', 'quote', [{}], { filters: { modifiedSince: 'yesterday' } }))).toEqual(['"yesterday" is not a date. e.g. 2026-01-31T00:00:00Z.']);
	});
});

describe('create or update', () => {
	const three = ['1', '2', '3'].map((id) => asItem(quote(id)));

	it('sends all items with equal options in one call', async () => {
		const connector = new FakeConnector();
		await run(connector, 'upsert', 'order', three, { confirm: true });
		expect(connector.calls).toMatchObject([{ verb: 'upsert', kind: 'order', keys: ['vtiger:Quotes:1', 'vtiger:Quotes:2', 'vtiger:Quotes:3'], options: { confirm: true } }]);
	});

	it('groups by options and puts every result back in its place', async () => {
		const connector = new FakeConnector();
		const outputs = await run(connector, 'upsert', 'order', three, { confirm: (index: number) => index === 1 });
		expect(connector.calls.map(({ keys }) => keys)).toEqual([['vtiger:Quotes:1', 'vtiger:Quotes:3'], ['vtiger:Quotes:2']]);
		expect(outputs.map((output) => ('json' in output ? (output.json[0]!.result as IDataObject).id : undefined))).toEqual(['id of vtiger:Quotes:1', 'id of vtiger:Quotes:2', 'id of vtiger:Quotes:3']);
	});

	it('tells outcome, what changed and the proof, and adds the ref', async () => {
		const connector = new FakeConnector();
		const proof = { agrees: true, source: '1.00', target: '1.00', difference: '0.00', reason: 'equal to the cent' };
		connector.fate = ({ kind }) => ({ ok: true, value: outcome({ system: 'fake', kind, id: '7', key: 'fake:M:7', number: 'S7', url: 'http://x' }, { changed: { name: { before: 'a', after: 'b' } }, proof, notes: ['n'] }) });
		const [output] = await run(connector, 'upsert', 'quote', [three[0]!]);
		expect(output && 'json' in output && output.json[0]).toMatchObject({
			number: 'QUO1',
			refs: [{ system: 'fake', kind: 'quote', id: '7', key: 'fake:M:7', number: 'S7', outcome: 'updated' }],
			result: { outcome: 'updated', system: 'fake', id: '7', number: 'S7', url: 'http://x', changed: { name: { before: 'a', after: 'b' } }, proof, notes: ['n'] },
		});
	});

	it('passes the document on where no sales order is wanted in the CRM', async () => {
		const connector = new FakeConnector();
		expect(brief(await run(connector, 'upsert', 'order', [three[0]!], { inCrm: 'skip' }))).toEqual([[three[0]]]);
		expect(connector.calls).toEqual([]);
	});

	it('a wrong item, a wrong option and a refusal cost one item each', async () => {
		const connector = new FakeConnector();
		connector.fate = (document) => (document.key.endsWith(':3') ? { ok: false, failure: new Failure('ambiguous', 'Two fit') } : written(document));
		const options = (index: number) => (index === 1 ? { tolerance: 'x' } : {});
		const outputs = await run(connector, 'upsert', 'order', [{ no: 'document' }, ...three], { options });
		expect(outputs.map((output) => ('failure' in output ? output.failure.kind : 'ok'))).toEqual(['rejected', 'rejected', 'ok', 'ambiguous']);
		expect(brief(outputs)[3]).toBe('quote QUO3: Two fit.');
	});

	it('one group that fails as a whole leaves the other alone', async () => {
		const connector = new FakeConnector();
		connector.fate = (document) => {
			if (document.key.endsWith(':2')) throw new Failure('transient', 'Nothing listens');
			return written(document);
		};
		const outputs = await run(connector, 'upsert', 'order', three, { confirm: (index: number) => index === 1 });
		expect(outputs.map((output) => ('failure' in output ? output.failure.message : 'ok'))).toEqual(['ok', 'quote QUO2: Nothing listens.', 'ok']);
	});

	it('does not take fewer results than documents for success', async () => {
		const connector = new FakeConnector();
		connector.upsert = async () => [];
		expect(brief(await run(connector, 'upsert', 'order', [three[0]!]))).toEqual(['quote QUO1: 0 results came back for 1 documents.']);
	});

	it('of something that is no document is refused', async () => {
		await expect(run(new FakeConnector(), 'upsert', 'record', [three[0]!])).rejects.toThrow('"record" is not a kind of document.');
	});
});

it.each([
	['markAsWon', 'opportunity', 'won'],
	['confirm', 'order', 'confirmed'],
	['cancel', 'order', 'cancelled'],
])('%s moves the %s to %s', async (operation, resource, state) => {
	const connector = new FakeConnector();
	await run(connector, operation, resource, [asItem(quote('1')), asItem(quote('2'))]);
	expect(connector.calls).toEqual([{ verb: 'transition', kind: resource, keys: ['vtiger:Quotes:1', 'vtiger:Quotes:2'], state }]);
});

describe('write ERP status', () => {
	const ordered = (id: string, values: object = {}): Document => ({ ...quote(id), refs: [{ system: 'odoo', kind: 'order', id: '42', key: 'odoo:sale.order:42', number: 'S00042', url: undefined, outcome: undefined, status: undefined }], ...values });
	const requests = (connector: FakeConnector) => connector.calls.flatMap((call) => call.requests as object[]);

	it('writes the other system\'s key and number onto the record that the document came from', async () => {
		const connector = new FakeConnector();
		await run(connector, 'link', 'quote', [asItem(ordered('4x38', { link: { status: 'Pending' } }))], { erpStatus: 'Ordered', erpMessage: '' });
		expect(requests(connector)).toEqual([{ kind: 'quote', id: '4x38', record: 'quote QUO4x38', link: { key: 'odoo:sale.order:42', number: 'S00042', status: 'Ordered', message: '' }, current: { status: 'Pending' } }]);
	});

	it('writes onto a record that an earlier node made', async () => {
		const connector = new FakeConnector();
		const refs = [...ordered('1').refs, { system: 'vtiger', kind: 'order', id: '6x39', key: 'vtiger:SalesOrder:6x39' }];
		await run(connector, 'link', 'order', [asItem({ ...ordered('1'), refs } as Document)], { erpStatus: 'Ordered' });
		expect(requests(connector)).toMatchObject([{ kind: 'order', id: '6x39', link: { key: 'odoo:sale.order:42' }, current: undefined }]);
	});

	it.each(['quote', 'order'])('writes an invoice\'s reason onto the %s its order came from', async (resource) => {
		const connector = new FakeConnector();
		const invoice = (module: string) => asItem(documentSchema.parse({ kind: 'invoice', key: 'odoo:account.move:1', source: { installation: 'odoo', module: 'account.move', id: '1' }, orders: [{ key: 'odoo:sale.order:1' }, { key: 'odoo:sale.order:2', sourceKey: `vtiger:${module}:4x38` }] }));
		const module = connector.moduleOf(resource as 'quote');
		const outputs = await run(connector, 'link', resource, [invoice('*'), invoice(module), invoice('Accounts')], { erpMessage: 'why' });
		expect(requests(connector)).toMatchObject([{ kind: resource, id: '4x38' }, { kind: resource, id: '4x38' }]);
		expect(outputs).toHaveLength(3);
	});

	it.each([
		['rejected', 'Needs attention'],
		['ambiguous', 'Needs attention'],
		['missing', 'Needs attention'],
		['denied', 'Needs attention'],
		['transient', 'Pending'],
		['throttled', 'Pending'],
		['conflict', 'Pending'],
		['unknown', 'Pending'],
	])('after a %s failure the status is %s, and the message the reason', async (kind, status) => {
		const connector = new FakeConnector();
		await run(connector, 'link', 'quote', [{ ...asItem(quote('1')), error: { kind, message: 'quote QUO1: Why.', reason: 'Why.' } }], { erpStatus: 'fromFailure', erpMessage: '' });
		expect(requests(connector)).toMatchObject([{ link: { status, message: 'Why.' } }]);
	});

	it('lets a message of the flow win over the reason', async () => {
		const connector = new FakeConnector();
		await run(connector, 'link', 'quote', [{ ...asItem(quote('1')), error: { kind: 'rejected', message: 'm', reason: 'Why.' } }], { erpStatus: 'fromFailure', erpMessage: 'Mine' });
		expect(requests(connector)).toMatchObject([{ link: { message: 'Mine' } }]);
	});

	it('says when there is no failure to write', async () => {
		expect(brief(await run(new FakeConnector(), 'link', 'quote', [asItem(quote('1'))], { erpStatus: 'fromFailure' }))).toEqual(['The item carries no failure. Connect this node to the error output of a node of this pack, or choose another ERP status.']);
	});

	it('passes the item on, or fails it, when there is no such record', async () => {
		const connector = new FakeConnector();
		expect(brief(await run(connector, 'link', 'order', [asItem(quote('1'))]))).toEqual([[asItem(quote('1'))]]);
		const [failed] = await run(connector, 'link', 'order', [asItem(quote('1'))], { ifMissing: 'fail' });
		expect(failed && 'failure' in failed && failed.failure.message).toBe('quote QUO1: It carries no order of Fake. Put a step that reads or writes the order in Fake before this one.');
		expect(requests(connector)).toEqual([]);
	});

	it('asks the port once for all items, and not at all for none', async () => {
		const connector = new FakeConnector();
		await run(connector, 'link', 'quote', [asItem(quote('1')), asItem(quote('2'))]);
		expect(connector.calls).toHaveLength(1);
		const idle = new FakeConnector();
		await run(idle, 'link', 'order', [asItem(quote('1'))]);
		expect(idle.calls).toEqual([]);
	});
});

describe('records', () => {
	const module = { mode: 'list', value: 'Leads' };

	it.each([
		['recordGet', { recordId: '5' }, [{ id: '5', module: 'Leads' }], { verb: 'records.get', module: 'Leads', id: '5' }],
		['recordGetAll', { limit: 2 }, [{ id: '1' }, { id: '2' }], { verb: 'records.list', filter: undefined, limit: 2 }],
		['recordGetAll', { returnAll: true, filter: "a = 'b'" }, [{ id: '1' }, { id: '2' }, { id: '3' }], { filter: "a = 'b'", limit: undefined }],
		['recordCreate', { values: '{"a":1}' }, [{ id: '9', a: 1 }], { values: { a: 1 } }],
		['recordUpdate', { recordId: 5, values: { a: null } }, [{ id: '5', a: null }], { id: '5', values: { a: null } }],
		['recordDelete', { recordId: '5' }, [{ deleted: true }], { verb: 'records.remove', id: '5' }],
	])('%s %j', async (operation, given, json, call) => {
		const connector = new FakeConnector();
		expect(brief(await run(connector, operation, 'record', [{}], { module, ...given }))).toEqual([json]);
		expect(connector.calls[0]).toMatchObject({ module: 'Leads', ...call });
	});

	it.each([
		['recordCreate', { values: '[1]' }, 'The parameter "Values" is not a JSON object. e.g. {"name": "Example"}.'],
		['recordCreate', { values: '{"a": "12345678901234567890", "owner": 9007199254740993}' }, 'The parameter "Values" holds the number 9007199254740993, which has more digits than are kept. Write it in quotes, as a text.'],
		['recordCreate', { values: 'text' }, 'The parameter "Values" is not JSON. e.g. {"name": "Example"}.'],
		['recordGet', { module: { mode: 'list', value: '' }, recordId: '1' }, 'No record is chosen. Choose one from the list, or enter its id.'],
	])('%s %j is refused', async (operation, given, message) => {
		expect(brief(await run(new FakeConnector(), operation, 'record', [{}], { module, ...given }))).toEqual([message]);
	});

	it('a missing one costs one item', async () => {
		const outputs = await run(new FakeConnector(), 'recordGet', 'record', [{}, {}], { module, recordId: (index: number) => ['none', '1'][index] });
		expect(brief(outputs)).toEqual(['No such record.', [{ id: '1', module: 'Leads' }]]);
	});
});

describe('the incoming document', () => {
	it('may be text, as an expression in a JSON field gives it', () => expect(readDocument(JSON.stringify(quote('1'))).key).toBe('vtiger:Quotes:1'));

	it.each([
		['not JSON', 'The parameter "Document" is not JSON'],
		[{ a: 1 }, 'The incoming item is not a business document'],
		[null, 'The incoming item is not a business document'],
		[[], 'The incoming item is not a business document'],
		[{ kind: 'quote' }, 'The quote document is not complete: key: Required'],
		[{ kind: 'quote', key: 'k', lines: [{ key: '1', quantity: 'many', price: '1' }] }, 'The quote document is not complete: lines.0.quantity: "many" is not a decimal number'],
	])('%j is told as %p', (value, message) => expect(() => readDocument(value)).toThrow(message));
});

it.each([
	[{ mode: 'number', value: 'QUO3' }, 'number:QUO3'],
	[{ mode: 'list', value: '4x38' }, '4x38'],
	[{ value: 7 }, '7'],
	[7, '7'],
	[' x ', 'x'],
])('a locator %j is %p', (value, text) => expect(locator(value)).toBe(text));
