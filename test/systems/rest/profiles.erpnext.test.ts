// Proves what is ERPNext's own against the small Frappe: stamps that updates name, lines without a price, a customer's
// order number that may come once, the site's time zone.
import { withRef, type Order } from '../../../nodes/core/documents';
import type { Connector, ItemResult, Outcome } from '../../../nodes/core/port';
import { rest } from '../../../nodes/RestErp/rest.system';
import { TestClock } from '../send';
import { CUSTOMER, fixturesOf, ORDER } from './profiles.samples';
import { Frappe } from './servers/frappe';

let server: Frappe;
let connector: Connector;
/** Runs before the next call that begins so. */
let meanwhile: { call: string; act: () => void } | undefined;

function connect(settings: Record<string, string>): Connector {
	const { send } = server;
	const watched: typeof send = async (request) => {
		const name = `${request.method} ${decodeURIComponent(request.path)}`;
		const due = meanwhile;
		if (due && name.startsWith(due.call)) {
			meanwhile = undefined;
			due.act();
		}
		return await send(request);
	};
	return rest.connect({ installation: 'erp', profile: 'erpnext', url: 'https://erp.example', token: 'key:secret', settings: JSON.stringify(settings) }, { send: watched, clock: new TestClock() });
}

beforeEach(() => {
	meanwhile = undefined;
	server = new Frappe(['W-1', 'W-3']);
	connector = connect({ timeZone: 'UTC' });
});

function done([result]: ItemResult[]): Outcome {
	if (!result!.ok) throw result!.failure;
	return result!.value;
}

async function ordered(): Promise<Order> {
	return withRef(ORDER, done(await connector.upsert('customer', [CUSTOMER], {})).ref);
}

const written = { confirm: true, rounding: { mode: 'exact' }, taxes: [{ from: 'VAT 10', to: 'VAT - E' }] } as const;

it('reads again what somebody else changed between reading and writing', async () => {
	done(await connector.upsert('customer', [CUSTOMER], {}));
	const [customer] = server.documents.Customer!;
	meanwhile = { call: 'PUT /api/resource/Customer', act: () => void server.save('Customer', { ...customer, tax_id: 'DE999999999' }) };
	const changed = done(await connector.upsert('customer', [{ ...CUSTOMER, website: 'https://amber.example' }], {}));
	expect(changed.outcome).toBe('updated');
	expect(server.writes.filter((call) => call.startsWith('PUT'))).toHaveLength(2);
	expect(changed.changed).toMatchObject({ tax_id: { before: 'DE999999999' }, website: { after: 'https://amber.example' } });
});

it('sends a line without a price so that no price list takes its place', async () => {
	const order = await ordered();
	const [first, second] = order.lines;
	const free = { ...order, lines: [first!, { ...second!, price: '0' }], totals: { net: '189', tax: '18.9', total: '207.9' } };
	const created = done(await connector.upsert('order', [free], written));
	expect(created).toMatchObject({ outcome: 'created', proof: { agrees: true, target: '207.90' } });
	expect(server.documents['Sales Order']![0]).toMatchObject({ docstatus: 1, items: [{ rate: 63 }, { rate: 0, discount_percentage: 100 }] });
	expect(done(await connector.upsert('order', [free], written)).outcome).toBe('unchanged');
});

it('tells that a customer\'s order number was used before', async () => {
	const order = await ordered();
	done(await connector.upsert('order', [order], written));
	const [second] = await connector.upsert('order', [{ ...order, key: 'vtiger:Quotes:4x39' }], written);
	expect(second).toMatchObject({ ok: false, failure: { kind: 'rejected', message: expect.stringContaining("already exists against Customer's Purchase Order PO 4711") as string } });
	expect(server.documents['Sales Order']).toHaveLength(1);
});

it('wants to be told the site\'s time zone, by which changes are asked for', async () => {
	expect(() => connect({})).toThrow(/"timeZone" is empty/);
	// 10:00 UTC is 15:30 there: a site that stamps its own time.
	connector = connect({ timeZone: 'Asia/Kolkata' });
	server.documents.Customer!.push({ name: 'Amber Bakery', customer_name: 'Amber Bakery', creation: '2026-11-22 15:30:00.000000', modified: '2026-11-22 15:30:00.000000' });
	const { documents } = await connector.changesSince('customer', { budget: 10, from: '2026-11-22T09:59:00Z' });
	expect(documents).toMatchObject([{ source: { modifiedAt: '2026-11-22T10:00:00Z' } }]);
	expect((await connector.changesSince('customer', { budget: 10, from: '2026-11-22T10:30:00Z' })).documents).toEqual([]);
});

it.each([true, false])('tells why ERPNext refuses, whether it shows its exceptions (%s) or messages for people only', async (shows) => {
	const order = await ordered();
	server.tellsExceptions = shows;
	done(await connector.upsert('order', [order], written));
	const [second] = await connector.upsert('order', [{ ...order, key: 'vtiger:Quotes:4x39' }], written);
	expect(second).toMatchObject({ ok: false, failure: { said: expect.stringMatching(/Sales Order SAL-ORD-2026-00001 already exists against Customer's Purchase Order PO 4711$/) as string } });
});

it.each([
	[251.9, 'unpaid'],
	[0.01, 'partial'],
	[0, 'paid'],
	[-3, 'paid'],
])('an invoice of 251.90 of which %s is open is %s', async (open, state) => {
	const record = fixturesOf('erpnext').find(({ kind }) => kind === 'invoice')!.fixture.record;
	server.documents['Sales Invoice']!.push({ ...record, items: [], outstanding_amount: open });
	expect(await connector.get('invoice', 'ACC-SINV-2026-00007')).toMatchObject({ paymentState: state, residual: String(open) });
});
