// Tests of the shipped OData profile against a real OData server: the CAP service in test/cap, whose names it has.
import { withRef } from '../../../nodes/core/documents';
import type { Connector, ItemResult, Outcome } from '../../../nodes/core/port';
import { rest } from '../../../nodes/RestErp/rest.system';
import { CapServer, USER } from '../../cap/server';
import { connectTo } from '../../contract/bench';
import { CUSTOMER, ORDER } from './profiles.samples';

jest.setTimeout(120_000);

let server: CapServer;
let connector: Connector;

beforeAll(async () => {
	server = await CapServer.start();
	connector = connectTo(rest, { profile: 'odata-v4', url: server.url, ...USER, installation: 'erp' }, server.clock());
});

afterAll(async () => await server?.stop());

function done([result]: ItemResult[]): Outcome {
	if (!result!.ok) throw result!.failure;
	return result!.value;
}

it('writes a customer and an order once, confirms it, and reads both back', async () => {
	const customer = done(await connector.upsert('customer', [CUSTOMER], {}));
	expect(customer.outcome).toBe('created');
	expect(done(await connector.upsert('customer', [CUSTOMER], {})).outcome).toBe('unchanged');
	const [product] = (await server.call('GET', "/Products?$filter=code eq 'W-1'")).value as Array<{ code: string }>;
	const order = withRef({ ...ORDER, lines: ORDER.lines.map((line) => ({ ...line, code: product!.code })) }, customer.ref);
	const options = { confirm: true, rounding: { mode: 'explained' as const }, taxes: [{ from: 'VAT 10', to: 'A10' }] };
	const created = done(await connector.upsert('order', [order], options));
	expect(created).toMatchObject({ outcome: 'created', proof: { agrees: true } });
	expect(done(await connector.upsert('order', [order], options)).outcome).toBe('unchanged');
	expect(await connector.get('order', created.ref.id)).toMatchObject({ status: 'confirmed', reference: 'PO 4711', totals: { total: '251.9' }, refs: [{ key: ORDER.key }] });
});

it('needs no more than names for a service that calls things differently', () => {
	const overrides = { kinds: { customer: { module: 'Debtors', get: { path: '/Debtors({id})' } }, quote: null }, batch: null };
	const other = rest.connect({ profile: 'odata-v4', profileOverrides: JSON.stringify(overrides), url: server.url, ...USER, installation: 'erp' }, { send: () => Promise.reject(new Error('no call is expected')), clock: server.clock() });
	expect(other.moduleOf('customer')).toBe('Debtors');
	expect(other.capabilities.kinds.quote).toBeUndefined();
});
