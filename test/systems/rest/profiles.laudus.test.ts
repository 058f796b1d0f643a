// Proves what is Laudus' own against the small one: changes by two stamps, payments by receipts, a RUT in another spelling.
import type { Connector } from '../../../nodes/core/port';
import { rest } from '../../../nodes/RestErp/rest.system';
import { TestClock } from '../send';
import { CUSTOMER, fixturesOf, ORDER } from './profiles.samples';
import { Laudus } from './servers/laudus';

const FROM = '2026-11-22T10:30:00Z';

let server: Laudus;
let connector: Connector;

beforeEach(() => {
	server = new Laudus(['W-1', 'W-3']);
	connector = connect({});
});

function connect(settings: Record<string, string>): Connector {
	return rest.connect({ installation: 'erp', profile: 'laudus', username: 'API', password: 'laudus-password', settings: JSON.stringify({ companyVATId: '11111111-1', ...settings }) }, { send: server.send, clock: new TestClock() });
}

/** The documented invoice under another id, made at 08:00 in Santiago, which is 11:00 UTC. */
function invoice(id: number, more: Record<string, unknown> = {}): void {
	server.save('/sales/invoices', { ...fixturesOf('laudus').find(({ kind }) => kind === 'invoice')!.fixture.record, salesInvoiceId: id, createdAt: '2026-11-22T08:00:00', modifiedAt: null, ...more });
}

function receipt(id: number, amounts: Record<number, number>): void {
	server.save('/sales/receipts', { receiptId: id, salesInvoices: Object.entries(amounts).map(([of, amount]) => ({ salesInvoiceId: Number(of), amount })) });
}

it('tells what is new, although it was never modified, and what was modified, each once', async () => {
	invoice(902);
	invoice(903, { createdAt: '2026-10-01T08:00:00', modifiedAt: '2026-11-22T08:10:00' });
	invoice(904, { modifiedAt: '2026-11-22T08:20:00' });
	invoice(905, { createdAt: '2026-10-01T08:00:00', modifiedAt: '2026-10-02T08:00:00' });
	const { documents, cursor } = await connector.changesSince('invoice', { budget: 10, from: FROM });
	expect(documents.map(({ key }) => key)).toEqual(['erp:sales.invoices:902', 'erp:sales.invoices:903', 'erp:sales.invoices:904']);
	const before = server.calls.length;
	expect((await connector.changesSince('invoice', { budget: 10, cursor })).documents).toEqual([]);
	expect(server.calls.slice(before).filter((call) => call.startsWith('GET'))).toEqual([]);
});

it('reads what is paid from the receipts of an invoice', async () => {
	invoice(902);
	invoice(903);
	expect(await connector.get('invoice', '902')).toMatchObject({ paymentState: 'unpaid', received: '0', residual: '272510' });
	receipt(71, { 902: 100_000, 903: 5_000 });
	expect(await connector.get('invoice', '902')).toMatchObject({ paymentState: 'partial', received: '100000', residual: '172510' });
	receipt(72, { 902: 172_510 });
	expect(await connector.get('invoice', '902')).toMatchObject({ paymentState: 'paid', received: '272510', residual: '0' });
	expect(await connector.get('invoice', '903')).toMatchObject({ paymentState: 'partial', received: '5000' });
});

it('says nothing of payments where the list of receipts does not heed the invoice, and asks for none where that is set', async () => {
	invoice(902);
	receipt(71, { 902: 272_510, 903: 5_000 });
	server.unheeded = ['salesInvoices.salesInvoiceId'];
	const read = await connector.get('invoice', '902');
	expect(read).toMatchObject({ paymentState: 'unpaid' });
	expect(read).not.toMatchObject({ received: expect.anything() as unknown });
	server.calls.length = 0;
	expect(await connect({ receipts: 'no' }).get('invoice', '902')).toMatchObject({ paymentState: 'unpaid' });
	expect(server.calls).not.toContain('POST /sales/receipts/list');
});

it.each([
	['12.345.678-9', '12.345.678-9'],
	['12345678-9', '12.345.678-9'],
	['123456789', '12.345.678-9'],
	['12.345.678-k', '12345678-K'],
])('takes the customer whose RUT the CRM writes as %s, and Laudus as %s', async (vat, stored) => {
	server.save('/sales/customers', { name: 'Amber Bakery', VATId: stored });
	const order = { ...ORDER, currency: 'CLP', customer: { ...CUSTOMER, vat }, totals: undefined };
	const [result] = await connector.upsert('order', [order], {});
	expect(result).toMatchObject({ ok: true });
	expect(server.sets['/sales/orders']).toMatchObject([{ customer: { VATId: stored } }]);
});
