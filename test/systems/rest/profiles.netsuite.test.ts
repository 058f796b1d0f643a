// Proves what is NetSuite's own against the small one: pages, times, payments that leave the invoice's date as it is,
// credit memos, currencies, and external ids in addresses.
import { generateKeyPairSync } from 'node:crypto';
import { withRef, type Order } from '../../../nodes/core/documents';
import type { Connector, ItemResult, Outcome } from '../../../nodes/core/port';
import { rest } from '../../../nodes/RestErp/rest.system';
import { TestClock } from '../send';
import { CUSTOMER, fixturesOf, ORDER } from './profiles.samples';
import type { Row } from './servers/exchange';
import { NetSuite } from './servers/netSuite';

const pem = { type: 'spki', format: 'pem' } as const;
const pair = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: pem, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
const FROM = '2026-11-20T00:00:00Z';

let server: NetSuite;
let connector: Connector;
let addresses: string[];

beforeEach(() => {
	server = new NetSuite('https://1234567.suitetalk.api.netsuite.com/services/rest', pair.publicKey, ['W-1', 'W-3']);
	addresses = [];
	connector = connect({ account: '1234567' });
});

function connect(settings: Record<string, string>): Connector {
	const { send } = server;
	const watched: typeof send = async (request) => {
		addresses.push(`${request.method} ${request.path}`);
		return await send(request);
	};
	return rest.connect({ installation: 'erp', profile: 'netsuite', settings: JSON.stringify(settings), clientId: 'client-1', keyId: 'certificate-1', privateKey: pair.privateKey }, { send: watched, clock: new TestClock() });
}

function done([result]: ItemResult[]): Outcome {
	if (!result!.ok) throw result!.failure;
	return result!.value;
}

async function ordered(): Promise<Order> {
	return withRef(ORDER, done(await connector.upsert('customer', [CUSTOMER], {})).ref);
}

const written = { confirm: true, rounding: { mode: 'exact' } } as const;

/** The documented invoice, of the order and the customer that are there. */
async function billed(): Promise<Row> {
	done(await connector.upsert('order', [await ordered()], written));
	const [order, customer] = [server.records.salesOrder![0]!, server.records.customer![0]!];
	const record = structuredClone(fixturesOf('netsuite').find(({ kind }) => kind === 'invoice')!.fixture.record);
	server.records.invoice!.push({ ...record, createdFrom: { id: order.id }, entity: { id: customer.id, refName: 'Customer' } });
	return server.records.invoice![0]!;
}

it('reads lists of more than a page, whose offsets NetSuite takes in whole pages only', async () => {
	server = new NetSuite('https://1234567.suitetalk.api.netsuite.com/services/rest', pair.publicKey, Array.from({ length: 1_003 }, (_, n) => `W-${n}`));
	connector = connect({ account: '1234567' });
	const codes = new Set<string>();
	for await (const page of connector.records!.list('item', undefined, undefined)) for (const { itemid } of page) codes.add(String(itemid));
	expect(codes.size).toBe(1_003);
	const plain = new Set<unknown>();
	for (let n = 1; n <= 1_001; n++) server.records.customerPayment!.push({ id: String(n) });
	for await (const page of connector.records!.list('customerPayment', undefined, undefined)) for (const { id } of page) plain.add(id);
	expect(plain.size).toBe(1_001);
});

it('asks by time in UTC, and reads nothing again that it knows', async () => {
	await billed();
	const first = await connector.changesSince('invoice', { budget: 10, from: FROM });
	expect(first.documents).toHaveLength(1);
	expect(server.queries.find((query) => query.includes('SYS_EXTRACT_UTC'))).toContain("SYS_EXTRACT_UTC(lastmodifieddate) >= TO_TIMESTAMP('2026-11-19 23:55:00', 'YYYY-MM-DD HH24:MI:SS')");
	const before = server.calls.length;
	const second = await connector.changesSince('invoice', { budget: 10, cursor: first.cursor });
	expect(second.documents).toEqual([]);
	expect(server.calls.slice(before).filter((call) => !call.endsWith('/suiteql'))).toEqual([]);
});

it('sees a payment although the invoice keeps its date', async () => {
	const invoice = await billed();
	const first = await connector.changesSince('invoice', { budget: 10, from: FROM });
	expect(first.documents).toMatchObject([{ paymentState: 'partial', residual: '151.9', customerSourceKey: CUSTOMER.key, orders: [{ sourceKey: ORDER.key }] }]);
	server.pay(invoice, 151.9);
	const second = await connector.changesSince('invoice', { budget: 10, cursor: first.cursor });
	expect(second.documents).toMatchObject([{ number: 'INV209', paymentState: 'paid', residual: '0' }]);
	expect((await connector.changesSince('invoice', { budget: 10, cursor: second.cursor })).documents).toEqual([]);
});

it('reads a credit memo as a credit note of its invoice and order', async () => {
	const invoice = await billed();
	const { record } = fixturesOf('netsuite').filter(({ kind }) => kind === 'invoice')[1]!.fixture;
	const { type: _type, ...credit } = record;
	server.records.creditMemo!.push({ ...credit, createdFrom: { id: invoice.id }, entity: invoice.entity });
	const { documents } = await connector.changesSince('invoice', { budget: 10, from: FROM });
	const note = documents.find((one) => one.kind === 'invoice' && one.type === 'creditNote');
	expect(note).toMatchObject({ key: 'erp:invoice:credit-2500', number: 'CM12', paymentState: 'paid', received: '69.3', currency: 'EUR', reverses: { key: 'erp:invoice:2400', number: 'INV209' }, orders: [{ sourceKey: ORDER.key }] });
	expect(await connector.get('invoice', 'credit-2500')).toMatchObject({ number: 'CM12', type: 'creditNote' });
	expect((await connector.get('invoice', 'number:CM12')).key).toBe('erp:invoice:credit-2500');
});

it('keeps an order pending whose customer has another currency, unless it is told the id', async () => {
	const order = { ...(await ordered()), currency: 'USD' };
	await expect(connector.upsert('order', [order], written)).resolves.toMatchObject([{ ok: false, failure: { message: expect.stringContaining('is in EUR instead of USD') as string } }]);
	expect(server.records.salesOrder).toMatchObject([{ orderStatus: { id: 'A' } }]);
	connector = connect({ account: '1234567', currencies: 'EUR=4, USD=1' });
	const told = { ...order, key: 'vtiger:Quotes:4x39' };
	expect(done(await connector.upsert('order', [told], written)).outcome).toBe('created');
	expect(server.records.salesOrder![1]).toMatchObject({ currency: { id: '1' }, orderStatus: { id: 'B' } });
	expect(done(await connector.upsert('order', [told], written)).outcome).toBe('unchanged');
});

it('names external ids in addresses as the documentation does', async () => {
	await ordered();
	expect(addresses).toContain('PUT /record/v1/customer/eid:vtiger_3AAccounts_3A11x8');
});

it('takes no customer that is inactive', async () => {
	server.records.customer!.push({ id: '90', companyName: 'Amber Bakery', vatRegNumber: CUSTOMER.vat, isInactive: true });
	expect(done(await connector.upsert('customer', [CUSTOMER], {})).outcome).toBe('created');
	server.records.customer!.splice(0, 2, { id: '91', companyName: 'Amber Bakery', vatRegNumber: CUSTOMER.vat });
	expect(done(await connector.upsert('customer', [{ ...CUSTOMER, key: 'vtiger:Accounts:11x9' }], {})).ref.id).toBe('91');
});
