// Proves the profile of SAP Business One where it is special: invoices that find their order through a delivery, credit notes in
// a list of their own, documents that cancel others, foreign amounts, what is delivered of a line, and ETags.
import { withRef } from '../../../nodes/core/documents';
import { collect } from '../../../nodes/core/pages';
import type { Connector, ItemResult, Outcome } from '../../../nodes/core/port';
import { toDocument } from '../../../nodes/RestErp/rest.documents';
import { rest } from '../../../nodes/RestErp/rest.system';
import { TestClock } from '../send';
import { CUSTOMER, fixturesOf, given, ORDER } from './profiles.samples';
import type { Row } from './servers/exchange';
import { ServiceLayer } from './servers/serviceLayer';

let server: ServiceLayer;
let connector: Connector;

const done = ([result]: ItemResult[]): Outcome => {
	if (!result!.ok) throw result!.failure;
	return result!.value;
};
const documented = (type: string): Row => fixturesOf('sap-b1').find(({ fixture }) => fixture.document.type === type)!.fixture.record;
/** The documented lines, made from lines of another document. */
const basedOn = (type: number, entry: unknown): Row[] => (documented('invoice').DocumentLines as Row[]).map((line) => ({ ...line, BaseType: type, BaseEntry: entry }));
const ordered = async (): Promise<Row> => {
	const customer = done(await connector.upsert('customer', [CUSTOMER], {}));
	done(await connector.upsert('order', [withRef(ORDER, customer.ref)], { confirm: true, rounding: { mode: 'exact' }, taxes: [{ from: 'VAT 10', to: 'A1' }] }));
	return server.sets.Orders![0]!;
};
/** Delivered, then invoiced, then credited, as people do it. */
const delivered = async (): Promise<void> => {
	const order = await ordered();
	const partner = { CardCode: order.CardCode };
	server.sets.DeliveryNotes!.push({ DocEntry: 610, DocNum: 410, DocumentLines: basedOn(17, order.DocEntry), ...partner });
	server.sets.Invoices!.push({ ...documented('invoice'), ...partner, DocumentLines: basedOn(15, 610) });
	const { CreditNote: _tag, ...credit } = documented('creditNote');
	server.sets.CreditNotes!.push({ ...credit, ...partner, DocEntry: 912 });
};

beforeEach(() => {
	server = new ServiceLayer(['W-1', 'W-3']);
	connector = rest.connect({ installation: 'erp', profile: 'sap-b1', url: 'https://b1.example:50000/b1s/v2', username: 'manager', password: 'b1-password', settings: '{"company": "SBODEMO"}' }, { send: server.send, clock: new TestClock() });
});

describe('the way back', () => {
	it('finds the order of an invoice through the delivery, and that of a credit note through the invoice', async () => {
		await delivered();
		const { documents } = await connector.changesSince('invoice', { budget: 10, from: '2026-11-20T00:00:00Z' });
		const orders = [{ key: 'erp:Orders:1', number: '3001', sourceKey: ORDER.key }];
		expect(documents).toMatchObject([
			{ key: 'erp:Invoices:912', type: 'invoice', number: '501', orders },
			{ key: 'erp:Invoices:credit-912', type: 'creditNote', number: '901', currency: 'USD', totals: { total: '107.3' }, orders, reverses: { key: 'erp:Invoices:912', number: '501' } },
		]);
	});

	it('reads a credit note by id and number, although an invoice has the same id', async () => {
		await delivered();
		const [invoice, credit] = await collect(connector.list('invoice', {}));
		expect(credit).toMatchObject({ type: 'creditNote' });
		expect(await connector.get('invoice', '912')).toEqual(invoice);
		expect(await connector.get('invoice', 'credit-912')).toEqual(credit);
		expect(await connector.get('invoice', 'number:901')).toEqual(credit);
	});

	it('tells a cancelled invoice and the document that cancels it as cancelled, not as two that count', async () => {
		await delivered();
		const [invoice] = server.sets.Invoices!;
		Object.assign(invoice!, { Cancelled: 'tYES', CancelStatus: 'csYes' });
		server.sets.Invoices!.push({ ...invoice, DocEntry: 913, DocNum: 502, Cancelled: 'tNO', CancelStatus: 'csCancellation', DocumentLines: basedOn(13, 912) });
		server.sets.CreditNotes = [];
		expect(await collect(connector.list('invoice', {}))).toMatchObject([
			{ type: 'invoice', status: 'cancelled', paymentState: 'reversed' },
			{ type: 'creditNote', status: 'cancelled', reverses: { key: 'erp:Invoices:912', number: '501' }, orders: [{ sourceKey: ORDER.key }] },
		]);
	});

	it.each([
		['unpaid', { PaidToDate: 0 }, { paymentState: 'unpaid', residual: '251.9', received: '0' }],
		['paid in part', { PaidToDate: 100 }, { paymentState: 'partial', residual: '151.9', received: '100' }],
		['paid', { PaidToDate: 251.9 }, { paymentState: 'paid', residual: '0' }],
		['for nothing', { DocTotal: 0, VatSum: 0, PaidToDate: 0 }, { paymentState: 'paid', residual: '0' }],
		['paid in part in a foreign currency', { DocCurrency: 'USD', DocTotal: 226.71, DocTotalFc: 251.9, VatSumFc: 22.9, PaidToDate: 90, PaidToDateFC: 100 }, { paymentState: 'partial', residual: '151.9', received: '100', totals: { net: '229', tax: '22.9', total: '251.9' } }],
	])('tells an invoice %s', async (_name, fields, expected) => {
		const document = await toDocument(given('sap-b1', { timeZone: 'UTC' }), 'invoice', { ...documented('invoice'), ...fields });
		expect(document).toMatchObject(expected);
		// What it says of its rate is in units of the own currency, if nobody turned that round.
		expect(document.currencyRate).toBeUndefined();
	});
});

describe('an order', () => {
	const deliver = (order: Row, open: number[], more: Row = {}): void => {
		Object.assign(order, { DocumentLines: (order.DocumentLines as Row[]).map((line, i) => ({ ...line, RemainingOpenQuantity: open[i] })), ...more });
	};

	it('tells what is delivered of each line', async () => {
		const order = await ordered();
		const read = async () => await connector.get('order', String(order.DocEntry));
		expect(await read()).toMatchObject({ status: 'confirmed', fulfilment: 'none', lines: [{ delivered: '0' }, { delivered: '0' }] });
		deliver(order, [1, 2]);
		expect(await read()).toMatchObject({ status: 'confirmed', fulfilment: 'partial', lines: [{ delivered: '2' }, { delivered: '0' }] });
		deliver(order, [0, 0], { DocumentStatus: 'bost_Close' });
		expect(await read()).toMatchObject({ status: 'done', fulfilment: 'full', lines: [{ delivered: '3' }, { delivered: '2' }] });
	});

	it('that a person closed is delivered only as far as it was', async () => {
		const order = await ordered();
		deliver(order, [1, 2], { DocumentStatus: 'bost_Close' });
		expect(await connector.get('order', String(order.DocEntry))).toMatchObject({ status: 'done', fulfilment: 'partial' });
	});
});

it('a customer that somebody changes in between is read again, and nothing of theirs is lost', async () => {
	done(await connector.upsert('customer', [CUSTOMER], {}));
	server.meanwhile = (row) => Object.assign(row, { '@odata.etag': 'W/"theirs"', FreeText: 'pays late' });
	const changed = done(await connector.upsert('customer', [{ ...CUSTOMER, name: 'Amber Mill' }], {}));
	expect(changed).toMatchObject({ outcome: 'updated', changed: { CardName: { after: 'Amber Mill' } } });
	expect(server.sets.BusinessPartners).toMatchObject([{ CardName: 'Amber Mill', FreeText: 'pays late' }]);
	expect(server.calls.filter((call) => call.startsWith('PATCH'))).toHaveLength(2);
});

it('reads prices of products from the list that is set', async () => {
	Object.assign(server.sets.Items![0]!, { ItemPrices: [{ PriceList: 1, Price: 10, Currency: 'EUR' }, { PriceList: 3, Price: 8, Currency: 'USD' }] });
	const other = rest.connect({ installation: 'erp', profile: 'sap-b1', url: 'https://b1.example:50000/b1s/v2', username: 'manager', password: 'b1-password', settings: '{"company": "SBODEMO", "priceList": "3"}' }, { send: server.send, clock: new TestClock() });
	expect(await connector.get('product', 'W-1')).toMatchObject({ price: '10', currency: 'EUR' });
	expect(await other.get('product', 'W-1')).toMatchObject({ price: '8', currency: 'USD' });
});
