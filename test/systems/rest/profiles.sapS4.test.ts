// Proves the profile of SAP S/4HANA where its API is special: the field that carries the key, what is delivered of an item, and
// which billing documents count.
import { withRef } from '../../../nodes/core/documents';
import type { Connector, ItemResult, Outcome } from '../../../nodes/core/port';
import { toDocument } from '../../../nodes/RestErp/rest.documents';
import { rest } from '../../../nodes/RestErp/rest.system';
import { TestClock } from '../send';
import { CUSTOMER, fixturesOf, given, ORDER } from './profiles.samples';
import type { Row } from './servers/exchange';
import { S4 } from './servers/s4';

let server: S4;
let connector: Connector;

const done = ([result]: ItemResult[]): Outcome => {
	if (!result!.ok) throw result!.failure;
	return result!.value;
};
const write = async (more: Partial<typeof ORDER> = {}): Promise<ItemResult> => {
	const customer = done(await connector.upsert('customer', [CUSTOMER], {}));
	return (await connector.upsert('order', [withRef({ ...ORDER, ...more }, customer.ref)], { confirm: true, rounding: { mode: 'exact' }, taxes: [{ from: 'VAT 10', to: 'V1' }] }))[0]!;
};

beforeEach(() => {
	server = new S4(['W-1', 'W-3']);
	connector = rest.connect({ installation: 'erp', profile: 'sap-s4', url: 'https://s4.example/sap/opu/odata/sap', username: 'integration', password: 's4-password' }, { send: server.send, clock: new TestClock() });
});

describe('the key of an order', () => {
	it('stands in a field that the API lets be written, beside the customer\'s own reference', async () => {
		expect(await write()).toMatchObject({ ok: true, value: { outcome: 'created' } });
		expect(server.sets.A_SalesOrder).toMatchObject([{ PurchaseOrderByShipToParty: ORDER.key, PurchaseOrderByCustomer: ORDER.reference, ExternalDocumentID: '' }]);
		expect(await write()).toMatchObject({ ok: true, value: { outcome: 'unchanged' } });
	});

	it('that is too long is refused before a second order can come of it', async () => {
		expect(await write({ key: 'an-installation-with-a-name:Quotes:4x38' })).toMatchObject({ ok: false, failure: { kind: 'rejected', message: expect.stringContaining('PurchaseOrderByShipToParty') as string } });
		expect(server.sets.A_SalesOrder).toEqual([]);
	});

	it('is not what people wrote there', async () => {
		done([await write()]);
		server.sets.A_SalesOrder![0]!.PurchaseOrderByShipToParty = 'Gate 4, Mr Smith';
		expect((await connector.get('order', String(server.sets.A_SalesOrder![0]!.SalesOrder))).refs).toEqual([]);
	});
});

it('a refusal is told and not repeated, although its code says nothing', async () => {
	connector = rest.connect({ installation: 'erp', profile: 'sap-s4', url: 'https://s4.example/sap/opu/odata/sap', username: 'integration', password: 's4-password', settings: '{"orderType": "ZZ"}' }, { send: server.send, clock: new TestClock() });
	expect(await write()).toMatchObject({ ok: false, failure: { kind: 'rejected', message: expect.stringContaining('Sales document type ZZ is not defined') as string } });
	expect(server.calls.filter((call) => call === 'POST /API_SALES_ORDER_SRV/A_SalesOrder')).toHaveLength(1);
});

it('tells what is delivered of each item', async () => {
	const { ref } = done([await write()]);
	expect(await connector.get('order', ref.id)).toMatchObject({ fulfilment: 'none', lines: [{ delivered: '0' }, { delivered: '0' }] });
	const [order] = server.sets.A_SalesOrder!;
	const [first] = order!.to_Item as Row[];
	Object.assign(first!, { to_ScheduleLine: [{ ScheduleLine: '1', DeliveredQtyInOrderQtyUnit: '1.000' }, { ScheduleLine: '2', DeliveredQtyInOrderQtyUnit: '0.500' }] });
	order!.OverallDeliveryStatus = 'B';
	expect(await connector.get('order', ref.id)).toMatchObject({ fulfilment: 'partial', lines: [{ delivered: '1.5' }, { delivered: '0' }] });
	// Releases before 2021 have the other field only.
	delete order!.OverallDeliveryStatus;
	order!.OverallTotalDeliveryStatus = 'C';
	expect(await connector.get('order', ref.id)).toMatchObject({ fulfilment: 'full' });
});

describe('a billing document', () => {
	const record = fixturesOf('sap-s4').find(({ fixture }) => fixture.document.type === 'invoice')!.fixture.record;
	const read = async (more: Row) => await toDocument(given('sap-s4', {}), 'invoice', { ...record, ...more });

	it.each([
		['an invoice that is open', { InvoiceClearingStatus: '' }, { type: 'invoice', status: 'posted', paymentState: 'unpaid' }],
		['an invoice that is cleared', { InvoiceClearingStatus: 'C' }, { paymentState: 'paid', residual: '0', received: '251.9' }],
		['an invoice that was cancelled', { BillingDocumentIsCancelled: true, InvoiceClearingStatus: 'C' }, { type: 'invoice', status: 'cancelled', paymentState: 'reversed' }],
		['its cancellation', { SDDocumentCategory: 'N', CancelledBillingDocument: '90000011' }, { type: 'creditNote', status: 'cancelled', paymentState: 'reversed', reverses: { key: 'erp:A_BillingDocument:90000011', number: '90000011' } }],
		['the cancellation of a credit memo', { SDDocumentCategory: 'S', CancelledBillingDocument: '90000031' }, { type: 'invoice', status: 'cancelled', reverses: { number: '90000031' } }],
		['a credit memo', { SDDocumentCategory: 'O' }, { type: 'creditNote', status: 'posted' }],
		['an invoice that is not posted yet', { OverallBillingStatus: 'B' }, { type: 'invoice', status: 'draft' }],
		['an invoice that is posted', { OverallBillingStatus: 'A' }, { status: 'posted' }],
		['an invoice that was cancelled, by its status', { OverallBillingStatus: 'C' }, { status: 'cancelled', paymentState: 'reversed' }],
		['a pro forma invoice', { SDDocumentCategory: 'U' }, { type: 'invoice', status: 'draft' }],
	])('that is %s', async (_name, more, expected) => {
		expect(await read(more)).toMatchObject(expected);
	});

	it('that is an invoice reverses nothing', async () => {
		expect((await read({})).reverses).toBeUndefined();
	});
});
