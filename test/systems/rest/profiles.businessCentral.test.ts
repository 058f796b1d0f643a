// Proves the profile of Business Central where its API is special: orders that are gone once they are posted, credit memos in a
// list of their own, filters that are refused for values longer than the field.
import { withRef, type Order } from '../../../nodes/core/documents';
import { collect } from '../../../nodes/core/pages';
import type { Connector, ItemResult, Outcome } from '../../../nodes/core/port';
import { toDocument } from '../../../nodes/RestErp/rest.documents';
import { rest } from '../../../nodes/RestErp/rest.system';
import { TestClock } from '../send';
import { CUSTOMER, fixturesOf, given, ORDER } from './profiles.samples';
import { BusinessCentral } from './servers/businessCentral';
import type { Row } from './servers/exchange';

const COMPANY = 'bb6d48b6-c7b2-4a38-9a93-ad5506407f12';
const SETTINGS = { tenant: 'contoso', company: COMPANY };

let server: BusinessCentral;
let connector: Connector;
let order: Order;

const done = ([result]: ItemResult[]): Outcome => {
	if (!result!.ok) throw result!.failure;
	return result!.value;
};
const writeOrder = async (): Promise<Outcome> => done(await connector.upsert('order', [order], { rounding: { mode: 'exact' }, taxes: [{ from: 'VAT 10', to: 'VAT10' }] }));
const creditMemo = (more: Row = {}): Row => ({ ...fixturesOf('business-central').find(({ fixture }) => fixture.document.type === 'creditNote')!.fixture.record, ...more });

beforeEach(async () => {
	server = new BusinessCentral(`https://api.businesscentral.dynamics.com/v2.0/contoso/production/api/v2.0/companies(${COMPANY})`, ['W-1', 'W-3']);
	connector = rest.connect({ installation: 'erp', profile: 'business-central', clientId: 'app', clientSecret: 'app-secret', settings: JSON.stringify(SETTINGS) }, { send: server.send, clock: new TestClock() });
	order = withRef(ORDER, done(await connector.upsert('customer', [CUSTOMER], {})).ref);
});

describe('an order', () => {
	it('tells what is shipped and invoiced of each line', async () => {
		const { ref } = await writeOrder();
		expect(await connector.get('order', ref.id)).toMatchObject({ fulfilment: 'none', invoicing: 'none', lines: [{ delivered: '0', invoiced: '0' }, {}] });
		server.post(server.sets.salesOrders![0]!, { shipped: 0.5, invoiced: 0.5 });
		expect(await connector.get('order', ref.id)).toMatchObject({ status: 'confirmed', fulfilment: 'partial', invoicing: 'partial', lines: [{ delivered: '1.5', invoiced: '1.5' }, { delivered: '1' }] });
		server.post(server.sets.salesOrders![0]!, { shipped: 1, invoiced: 0 });
		expect(await connector.get('order', ref.id)).toMatchObject({ status: 'done', fulfilment: 'full', invoicing: 'none' });
	});

	it('is not made again when it is posted in full, and thereby gone', async () => {
		const { ref } = await writeOrder();
		server.post(server.sets.salesOrders![0]!);
		expect(server.sets.salesOrders).toEqual([]);
		const again = await writeOrder();
		expect(again).toMatchObject({ outcome: 'unchanged', ref: { id: ref.id, number: ref.number, status: 'done' }, proof: { agrees: true } });
		expect(server.sets.salesOrders).toEqual([]);
		expect(await connector.get('order', `number:${ref.number}`)).toMatchObject({ key: ref.key, status: 'done', fulfilment: 'full', invoicing: 'full', lines: [{ delivered: '3', invoiced: '3' }, {}] });
		await expect(connector.get('order', ref.id)).rejects.toMatchObject({ kind: 'missing' });
	});

	it('goes to the quote\'s address of delivery, as Business Central spells it', async () => {
		order = { ...order, shipping: { name: 'Amber Bakery, Gate 4', street: 'Dock Road 3', city: 'Hamburg', postalCode: '20539', country: 'de' } };
		await writeOrder();
		const [made] = server.sets.salesOrders!;
		expect(made).toMatchObject({ shipToName: 'Amber Bakery, Gate 4', shipToAddressLine1: 'Dock Road 3', shipToCity: 'Hamburg', shipToPostCode: '20539', shipToCountry: 'DE' });
		// A post code that is known there brings its city.
		made!.shipToCity = 'HAMBURG';
		expect((await writeOrder()).outcome).toBe('unchanged');
		expect(await connector.get('order', String(made!.id))).toMatchObject({ shipping: { name: 'Amber Bakery, Gate 4', city: 'HAMBURG' } });
	});

	it('counts as cancelled where its invoice was', async () => {
		const { ref } = await writeOrder();
		const invoice = server.post(server.sets.salesOrders![0]!)!;
		server.save('salesInvoices', { ...invoice, status: 'Canceled', remainingAmount: 0 });
		expect(await connector.get('order', `number:${ref.number}`)).toMatchObject({ status: 'cancelled' });
	});

	it('is not taken for an invoice that people entered with the same number', async () => {
		const { externalDocumentNumber } = (await writeOrder(), server.sets.salesOrders![0]!);
		server.sets.salesOrders = [];
		server.save('salesInvoices', { number: '1', invoiceDate: '2026-11-21', status: 'Open', externalDocumentNumber, orderNumber: '', orderId: '00000000-0000-0000-0000-000000000000' });
		expect((await writeOrder()).outcome).toBe('created');
	});

	it('with a code that is longer than any there names the code, whatever the server says of the filter', async () => {
		const long = 'A-CODE-OF-MORE-THAN-TWENTY';
		const [result] = await connector.upsert('order', [{ ...order, lines: [order.lines[0]!, { ...order.lines[1]!, code: long }] }], {});
		expect(result).toMatchObject({ ok: false, failure: { message: expect.stringMatching(new RegExp(`${long}(?!.*must be less)`)) as string } });
	});
});

it('a customer with values longer than the fields is made all the same', async () => {
	const name = `${'Long '.repeat(30)}Ltd`;
	const customer = { ...CUSTOMER, key: 'vtiger:Accounts:11x9', name, vat: 'DE-not-a-number-but-long', phone: undefined, billing: { ...CUSTOMER.billing, city: 'Llanfairpwllgwyngyllgogerychwyrndrobwll' } };
	const [made] = await connector.upsert('customer', [customer], { matchBy: 'name' });
	expect(made).toMatchObject({ ok: true, value: { outcome: 'created' } });
	expect((await connector.upsert('customer', [customer], { matchBy: 'name' }))[0]).toMatchObject({ value: { outcome: 'unchanged' } });
	expect(server.sets.customers!.at(-1)).toMatchObject({ displayName: name.slice(0, 100), city: 'Llanfairpwllgwyngyllgogerychwy' });
});

describe('a credit memo', () => {
	it('is told as a credit note of the quote whose invoice it reverses, read by id and number, and listed', async () => {
		await writeOrder();
		const invoice = server.post(server.sets.salesOrders![0]!)!;
		server.save('salesCreditMemos', creditMemo({ invoiceId: invoice.id, invoiceNumber: invoice.number }));
		const { documents } = await connector.changesSince('invoice', { budget: 10, from: '2026-11-20T00:00:00Z' });
		expect(documents).toMatchObject([{ type: 'invoice', orders: [{ sourceKey: ORDER.key }] }, { type: 'creditNote', status: 'posted', totals: { total: '72.61' }, orders: [{ sourceKey: ORDER.key }], reverses: { key: documents[0]!.key, number: invoice.number } }]);
		const [, credit] = documents;
		expect(await connector.get('invoice', credit!.source!.id)).toEqual(credit);
		expect(await connector.get('invoice', 'number:PS-CR104001')).toEqual(credit);
		expect(await collect(connector.list('invoice', {}))).toEqual([documents[0], credit]);
	});

	it('without an invoice stands alone', async () => {
		server.save('salesCreditMemos', creditMemo({ invoiceId: '00000000-0000-0000-0000-000000000000', invoiceNumber: '' }));
		const [document] = await collect(connector.list('invoice', {}));
		expect(document).toMatchObject({ type: 'creditNote', orders: [] });
		expect(document!.reverses).toBeUndefined();
	});
});

describe('what is paid', () => {
	const read = async (record: Row) => await toDocument(given('business-central', SETTINGS), 'invoice', record);
	const invoice = (status: string, remainingAmount: number) => ({ ...fixturesOf('business-central').find(({ kind }) => kind === 'invoice')!.fixture.record, status, remainingAmount });

	it.each([
		['Draft', 251.9, { status: 'draft', paymentState: 'unpaid' }],
		['In_x0020_Review', 251.9, { status: 'draft' }],
		['Open', 251.9, { status: 'posted', paymentState: 'unpaid', residual: '251.9', received: '0' }],
		['Open', 0.9, { paymentState: 'partial', residual: '0.9', received: '251' }],
		['Paid', 0, { paymentState: 'paid', residual: '0', received: '251.9' }],
		['Canceled', 0, { status: 'posted', paymentState: 'reversed' }],
		['Corrective', 0, { status: 'posted', paymentState: 'paid', residual: '0' }],
		['Corrective', 251.9, { status: 'posted', paymentState: 'unpaid', residual: '251.9' }],
	])('of an invoice: %s with %d open', async (status, remaining, expected) => {
		expect(await read(invoice(status, remaining))).toMatchObject(expected);
	});

	it.each([
		['Open', { status: 'posted', paymentState: 'unpaid' }],
		['Paid', { paymentState: 'paid', residual: '0', received: '72.61' }],
		['Corrective', { paymentState: 'paid', residual: '0' }],
		['Canceled', { paymentState: 'reversed' }],
	])('of a credit memo: %s', async (status, expected) => {
		expect(await read(creditMemo({ status }))).toMatchObject(expected);
	});
});
