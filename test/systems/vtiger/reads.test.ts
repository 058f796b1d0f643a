// Owns the proof of reading: documents by id and number, lists, plain records, choices; reference sections 4 and 5.
import type { Document, Kind } from '../../../nodes/core/documents';
import { collect } from '../../../nodes/core/pages';
import type { Connector } from '../../../nodes/core/port';
import { failing, onStage, setUp, type Setting } from './setting';

let stage: Setting;
let connector: Connector;
beforeAll(async () => void (stage = await setUp()));
afterAll(async () => await stage.stop());
beforeEach(() => {
	stage.sim.reset();
	connector = stage.connect();
});

describe('documents', () => {
	it('a customer with contacts, addresses and everything as plain text', async () => {
		expect(await connector.get('customer', '11x9')).toMatchObject({ key: 'vtiger:Accounts:11x9', name: "O'Brien & Sons", phone: '+10001', billing: { street: '1 Main St', city: 'Kyiv', country: 'UA' }, shipping: { street: '1 Main St' }, contacts: [{ firstName: 'First1', lastName: 'Last1' }], source: { module: 'Accounts', number: 'ACC2', url: `${stage.sim.url}/index.php?module=Accounts&view=Detail&record=9`, owner: '19x1' } });
	});

	it('a product and a service, with the taxes they carry', async () => {
		expect(await connector.get('product', '14x2')).toMatchObject({ type: 'product', code: 'W-1', name: 'Widget', price: '100', currency: 'EUR', unit: 'Pcs', active: true, taxes: [{ name: 'VAT', rate: '4.5', code: 'tax1' }, { name: 'Sales', rate: '10', code: 'tax2' }] });
		expect(await connector.get('product', '26x6')).toMatchObject({ type: 'service', code: 'SER1', name: 'Install', price: '50', unit: 'Hours', taxes: [{ name: 'Service', rate: '12.5' }] });
		stage.sim.patch('14x2', { productcode: '' });
		expect((await connector.get('product', '14x2')).code).toBe('PRO1');
	});

	it('an opportunity and an invoice', async () => {
		expect(await connector.get('opportunity', '13x33')).toMatchObject({ name: 'Opp 2', status: 'open', stage: 'Qualification', amount: '3000', customerKey: 'vtiger:Accounts:11x10', contactKey: 'vtiger:Contacts:12x20' });
		expect(await connector.get('invoice', '7x40')).toMatchObject({ kind: 'invoice', orders: [{ key: 'vtiger:SalesOrder:6x39' }], totals: expect.anything() });
	});

	it('a quote whose product was deleted keeps the line\'s name, without key and code', async () => {
		await connector.records.remove('Products', '14x4');
		const { lines } = await connector.get('quote', '4x38');
		expect(lines[0]).toMatchObject({ name: 'Cable 3m', productKey: undefined, code: undefined, quantity: '2' });
	});

	it('a quote whose organization was deleted is gone with it: vtiger trashes it too', async () => {
		await connector.records.remove('Accounts', '11x10');
		expect(await failing(connector.get('quote', '4x38'))).toMatchObject({ kind: 'missing' });
	});

	it.each<[Kind, string, string]>([['quote', 'QUO3', '4x38'], ['order', 'SO1', '6x39'], ['invoice', 'INV1', '7x40'], ['customer', 'ACC3', '11x10'], ['opportunity', 'POT3', '13x33'], ['product', 'W-2', '14x3'], ['product', 'PRO2', '14x3'], ['product', 'SER2', '26x7']])('%s by number %s', async (kind, number, id) => {
		expect((await connector.get(kind, `number:${number}`)).source!.id).toBe(id);
	});

	it('a number that two records bear is not chosen between; one that none bears is missing', async () => {
		stage.sim.patch('4x37', { quote_no: 'QUO3' });
		expect(await failing(connector.get('quote', 'number:QUO3'))).toMatchObject({ kind: 'ambiguous', message: expect.stringMatching(/4x37, 4x38/) });
		expect(await failing(connector.get('quote', 'number:QUO9'))).toMatchObject({ kind: 'missing' });
	});

	it.each(['11x8', '38', 'abc', '99x1'])('"%s" is told not to be a quote\'s id', async (id) => {
		expect((await failing(connector.get('quote', id))).message).toMatch(/Ids of Quotes look like 4x42/);
	});

	it('prefixes are those of the installation, never fixed', async () => {
		const own = stage.connect({}, (send) => async (request) => {
			const answer = await send(request);
			return request.query?.operation === 'describe' && request.query.elementType === 'Quotes' ? { ...answer, text: answer.text.replace(/"idPrefix":"?4"?/, '"idPrefix":"41"') } : answer;
		});
		expect((await failing(own.get('quote', '4x38'))).message).toMatch(/look like 41x42/);
	});

	it('of another version hold "" where 8.4.0 holds null: read the same', async () => {
		await onStage({ version: '8.0.0' }, async (old) => {
			const plain = (document: Document) => JSON.stringify(document).replace(/"(modifiedAt|date)":"[^"]*",?/g, '').replace(/http:\/\/[^/]*/g, '');
			expect(plain(await old.connect().get('quote', '4x38'))).toBe(plain(await connector.get('quote', '4x38')));
		});
	});
});

describe('lists', () => {
	it.each<[Kind, number]>([['customer', 10], ['product', 6], ['opportunity', 5], ['quote', 3], ['order', 1], ['invoice', 1]])('%s: all %i, or as many as asked', async (kind, count) => {
		expect(await collect<Document>(connector.list(kind, {}))).toHaveLength(count);
		expect(await collect<Document>(connector.list(kind, { limit: 1 }))).toHaveLength(1);
	});

	it('by field, by time; an unknown field is refused in words', async () => {
		expect((await collect(connector.list('customer', { where: { name: "O'Brien & Sons" } }))).map(({ key }) => key)).toEqual(['vtiger:Accounts:11x9']);
		expect(await collect(connector.list('quote', { modifiedSince: '2036-01-01T00:00:00Z' }))).toEqual([]);
		expect((await failing(collect(connector.list('quote', { where: { colour: 'red' } })))).message).toMatch(/cannot be searched by "colour".*number/);
	});

	it('products with their codes, services by number', async () => {
		expect((await collect(connector.list('product', { where: { number: 'SER1' } }))).map(({ code }) => code)).toEqual(['SER1']);
	});
});

describe('plain records', () => {
	it('fields say what they are', async () => {
		const fields = await connector.records.fields('Quotes');
		expect(fields.find(({ name }) => name === 'quotestage')).toMatchObject({ type: 'option', required: true, writable: true, custom: false, options: expect.arrayContaining([{ value: 'Accepted', label: 'Accepted' }]) });
		expect(fields.find(({ name }) => name === 'account_id')).toMatchObject({ type: 'reference', referenceTo: ['Accounts'] });
		expect(fields.find(({ name }) => name === 'quote_no')).toMatchObject({ writable: false });
		expect(fields.find(({ name }) => name === 'shipping_&_handling')!.label).toBe('Shipping & Handling');
	});

	it('are made, read, changed and removed', async () => {
		const { id } = await connector.records.create('Contacts', { lastname: 'Plain', account_id: '11x8' });
		await connector.records.update('Contacts', String(id), { firstname: 'Very' });
		expect(await connector.records.get('Contacts', String(id))).toMatchObject({ firstname: 'Very', lastname: 'Plain', assigned_user_id: '19x1' });
		await connector.records.remove('Contacts', String(id));
		expect(await failing(connector.records.get('Contacts', String(id)))).toMatchObject({ kind: 'missing' });
	});

	it('a removal that was not answered is found done', async () => {
		stage.sim.server.plan({ kind: 'reset-after', at: (call) => call.operation === 'delete' });
		await connector.records.remove('Contacts', '12x18');
		expect(stage.sim.retrieve('12x18')).toBeUndefined();
	});

	it('a create that was not answered is not repeated: plain records have no key', async () => {
		stage.sim.server.plan({ kind: 'empty-500-after', at: (call) => call.operation === 'create' });
		expect(await failing(connector.records.create('Contacts', { lastname: 'Once' }))).toMatchObject({ kind: 'unknown', message: expect.stringMatching(/not known whether.*Look in the CRM/) });
		expect(stage.sim.records('Contacts').filter((row) => row.lastname === 'Once')).toHaveLength(1);
	});

	it('users come without their secrets: 8.0.0 shows password hashes', async () => {
		await onStage({ version: '8.0.0' }, async (old) => {
			const user = await old.connect().records.get('Users', '19x1');
			for (const secret of ['user_password', 'confirm_password', 'accesskey']) expect(user).not.toHaveProperty(secret);
		});
	});

	it('a filter that vtiger does not understand is told in its terms', async () => {
		expect(await failing(collect(connector.records.list('Accounts', 'accountname <> \'x\'', undefined)))).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/does not understand the query/) });
		expect(await failing(collect(connector.records.list('Accounts', 'accountname = ""', undefined)))).toMatchObject({ kind: 'rejected' });
	});
});

describe('choices', () => {
	it('modules, taxes, products, users, stages', async () => {
		expect(await connector.choices('taxes')).toContainEqual({ name: 'VAT 4.5 %', value: 'tax1' });
		expect(await connector.choices('productCodes')).toContainEqual({ name: 'Widget (W-1)', value: 'W-1' });
		expect(await connector.choices('quoteStages')).toContainEqual({ name: 'Accepted', value: 'Accepted' });
		expect(await connector.choices('users')).toContainEqual({ name: 'Lab Administrator', value: '19x1' });
		expect((await connector.choices('modules')).map(({ value }) => value)).toContain('Quotes');
	});

	it('descriptions are read once in ten minutes', async () => {
		await connector.records.fields('Quotes');
		stage.sim.server.resetCalls();
		await connector.records.fields('Quotes');
		expect(stage.calls()).toEqual([]);
		stage.clock.pass(11 * 60_000);
		await connector.records.fields('Quotes');
		expect(stage.calls()).toEqual(['describe']);
	});
});
