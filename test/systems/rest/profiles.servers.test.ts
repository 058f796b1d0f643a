// Tests of shipped profiles against small servers made from the vendors' documentation: what is created once stays one
// record, is unchanged the second time, and reads back; sessions and tokens are renewed.
import { generateKeyPairSync } from 'node:crypto';
import { withRef, type Customer, type Order } from '../../../nodes/core/documents';
import type { Connector, ItemResult, Outcome } from '../../../nodes/core/port';
import { rest } from '../../../nodes/RestErp/rest.system';
import { TestClock } from '../send';
import { CUSTOMER, fixturesOf, ORDER } from './profiles.samples';
import { BusinessCentral } from './servers/businessCentral';
import type { Row, SmallServer } from './servers/exchange';
import { Frappe } from './servers/frappe';
import { Laudus } from './servers/laudus';
import { NetSuite } from './servers/netSuite';
import { S4 } from './servers/s4';
import { Salesap } from './servers/salesap';
import { ServiceLayer } from './servers/serviceLayer';

const CODES = ['W-1', 'W-3'];
const COMPANY = 'bb6d48b6-c7b2-4a38-9a93-ad5506407f12';
const BC_URL = `https://api.businesscentral.dynamics.com/v2.0/contoso/production/api/v2.0/companies(${COMPANY})`;

const NS_URL = 'https://1234567.suitetalk.api.netsuite.com/services/rest';
const pem = { type: 'spki', format: 'pem' } as const;
const pair = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: pem, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });

interface Stage {
	server: SmallServer;
	connector: Connector;
	customers(): Row[];
	orders(): Row[];
	/** Puts the documented invoice in, for the order that is there. */
	bill(): void;
	/** Whether the profile confirms orders. */
	confirms: boolean;
	/** What stands for the sample's tax there. */
	tax: string;
}

/** The documented invoice of a profile, with other ids in it. */
function invoiceOf(name: string, ids: Record<string, unknown>): Row {
	const record = JSON.stringify(fixturesOf(name).find(({ kind }) => kind === 'invoice')!.fixture.record);
	return JSON.parse(Object.entries(ids).reduce((text, [documented, id]) => text.replaceAll(documented, String(id)), record)) as Row;
}

function connectTo(server: SmallServer, credential: Record<string, unknown>): Connector {
	return rest.connect({ installation: 'erp', ...credential }, { send: server.send, clock: new TestClock() });
}

const STAGES: Record<string, () => Stage> = {
	erpnext: () => {
		const server = new Frappe(CODES);
		const connector = connectTo(server, { profile: 'erpnext', url: 'https://erp.example', token: 'key:secret', settings: '{"company": "Example", "timeZone": "UTC"}' });
		return { server, connector, customers: () => server.documents.Customer!, orders: () => server.documents['Sales Order']!, bill: () => void server.documents['Sales Invoice']!.push(invoiceOf('erpnext', { 'SAL-ORD-2026-00012': server.documents['Sales Order']![0]!.name })), confirms: true, tax: 'VAT - E' };
	},
	'business-central': () => {
		const server = new BusinessCentral(BC_URL, CODES);
		const connector = connectTo(server, { profile: 'business-central', clientId: 'app', clientSecret: 'app-secret', settings: JSON.stringify({ tenant: 'contoso', company: COMPANY }) });
		return { server, connector, customers: () => server.sets.customers!, orders: () => server.sets.salesOrders!, bill: () => void server.sets.salesInvoices!.push(invoiceOf('business-central', { 'b6f4017a-b749-ee11-ad0b-a1422c0f7f1f': server.sets.salesOrders![0]!.id })), confirms: false, tax: 'VAT10' };
	},
	'sap-b1': () => {
		const server = new ServiceLayer(CODES);
		const connector = connectTo(server, { profile: 'sap-b1', url: 'https://b1.example:50000/b1s/v2', username: 'manager', password: 'b1-password', settings: '{"company": "SBODEMO"}' });
		return { server, connector, customers: () => server.sets.BusinessPartners!, orders: () => server.sets.Orders!, bill: () => void server.sets.Invoices!.push(invoiceOf('sap-b1', { 8050: server.sets.Orders![0]!.DocEntry, C20000: server.sets.BusinessPartners![0]!.CardCode })), confirms: true, tax: 'A1' };
	},
};

Object.assign(STAGES, {
	'sap-s4': () => {
		const server = new S4(CODES);
		const connector = connectTo(server, { profile: 'sap-s4', url: 'https://s4.example/sap/opu/odata/sap', username: 'integration', password: 's4-password' });
		return { server, connector, customers: () => server.sets.A_BusinessPartner!, orders: () => server.sets.A_SalesOrder!, bill: () => server.bill(invoiceOf('sap-s4', { 4000043: server.sets.A_SalesOrder![0]!.SalesOrder })), confirms: true, tax: 'V1' };
	},
	netsuite: () => {
		const server = new NetSuite(NS_URL, pair.publicKey, CODES);
		const connector = connectTo(server, { profile: 'netsuite', settings: '{"account": "1234567"}', clientId: 'client-1', keyId: 'certificate-1', privateKey: pair.privateKey });
		return { server, connector, customers: () => server.records.customer!, orders: () => server.records.salesOrder!, bill: () => void server.records.invoice!.push(invoiceOf('netsuite', { 2301: server.records.salesOrder![0]!.id })), confirms: true, tax: '' };
	},
} satisfies typeof STAGES);

function done([result]: ItemResult[]): Outcome {
	if (!result!.ok) throw result!.failure;
	return result!.value;
}

/** Where a customer's name stands. */
const NAMES: Record<string, string> = { erpnext: 'customer_name', 'business-central': 'displayName', 'sap-b1': 'CardName', 'sap-s4': 'OrganizationBPName1', netsuite: 'companyName' };

describe.each(Object.keys(STAGES))('%s', (name) => {
	let stage: Stage;

	beforeEach(() => {
		stage = STAGES[name]!();
	});

	const writeCustomer = async (customer: Customer = CUSTOMER): Promise<Outcome> => done(await stage.connector.upsert('customer', [customer], {}));
	const writeOrder = async (order: Order): Promise<Outcome> => done(await stage.connector.upsert('order', [order], { confirm: stage.confirms, rounding: { mode: 'exact' }, taxes: [{ from: 'VAT 10', to: stage.tax }] }));
	const ordered = async (): Promise<Order> => withRef(ORDER, (await writeCustomer()).ref);

	it('connects', async () => {
		await expect(stage.connector.check()).resolves.toMatchObject({ notes: expect.any(Array) as unknown });
	});

	it('creates a customer once, leaves it unchanged, and reads it back', async () => {
		expect((await writeCustomer()).outcome).toBe('created');
		const writes = stage.server.writes.length;
		const again = await writeCustomer();
		expect(again.outcome).toBe('unchanged');
		expect(stage.server.writes).toHaveLength(writes);
		expect(await stage.connector.get('customer', again.ref.id)).toMatchObject({ name: CUSTOMER.name, vat: CUSTOMER.vat, email: CUSTOMER.email });
		expect(stage.customers()).toHaveLength(1);
	});

	it('updates what changed, and nothing else', async () => {
		await writeCustomer();
		const changed = await writeCustomer({ ...CUSTOMER, name: 'Amber Mill' });
		expect(changed).toMatchObject({ outcome: 'updated', changed: { [NAMES[name]!]: { before: 'Amber Bakery', after: 'Amber Mill' } } });
		expect(Object.keys(changed.changed)).toHaveLength(1);
		expect(stage.customers()).toHaveLength(1);
	});

	it('keeps the CRM\'s key in a customer that is read here and written back', async () => {
		const { ref } = await writeCustomer();
		const before = JSON.stringify(stage.customers()[0]);
		const read = await stage.connector.get('customer', ref.id);
		expect((await writeCustomer(read)).outcome).toBe('unchanged');
		expect(JSON.stringify(stage.customers()[0])).toBe(before);
		expect((await writeCustomer({ ...read, name: 'Amber Mill' })).changed).toEqual({ [NAMES[name]!]: { before: 'Amber Bakery', after: 'Amber Mill' } });
		expect((await writeCustomer()).ref.id).toBe(ref.id);
	});

	it('finds a customer of people\'s own by its VAT number', async () => {
		const first = await writeCustomer();
		const other = await writeCustomer({ ...CUSTOMER, key: 'other:Accounts:9', email: 'mill@amber.example' }).catch((error: Error) => error);
		// The key of a first CRM stands in the record where it can: then it is another one's.
		if (other instanceof Error) expect(other.message).toMatch(/belongs to another record/);
		else expect(other.ref.id).toBe(first.ref.id);
		expect(stage.customers()).toHaveLength(1);
	});

	it('creates an order once, proves its totals, confirms it where that is offered, and leaves it unchanged', async () => {
		const order = await ordered();
		const created = await writeOrder(order);
		expect(created).toMatchObject({ outcome: 'created', proof: { agrees: true, source: '251.90', target: '251.90' } });
		const writes = stage.server.writes.length;
		expect((await writeOrder(order)).outcome).toBe('unchanged');
		expect(stage.server.writes).toHaveLength(writes);
		const read = await stage.connector.get('order', created.ref.id);
		expect(read).toMatchObject({ status: stage.confirms ? 'confirmed' : 'draft', totals: { total: '251.9' }, lines: [{ code: 'W-1', quantity: '3', net: '189' }, { code: 'W-3', quantity: '2', net: '40' }] });
		expect(read.refs).toMatchObject([{ key: ORDER.key }]);
		expect((await stage.connector.get('order', `number:${read.number}`)).key).toBe(read.key);
		await expect(stage.connector.get('order', "number:1'x")).rejects.toMatchObject({ kind: 'missing' });
		expect(stage.orders()).toHaveLength(1);
	});

	it('makes one order when the answer to the creation is lost', async () => {
		const order = await ordered();
		stage.server.loses = { erpnext: 'POST /api/resource/Sales Order', 'business-central': 'POST /salesOrders', 'sap-b1': 'POST /Orders', 'sap-s4': 'POST /API_SALES_ORDER_SRV/A_SalesOrder', netsuite: 'PUT /record/v1/salesOrder' }[name];
		expect(['created', 'unchanged']).toContain((await writeOrder(order)).outcome);
		expect(stage.orders()).toHaveLength(1);
	});

	it('makes one customer when two write at once', async () => {
		const outcomes = await Promise.all([writeCustomer(), writeCustomer()]);
		expect(new Set(outcomes.map(({ ref }) => ref.id)).size).toBe(1);
		expect(stage.customers()).toHaveLength(1);
	});

	it('tells which product is not there', async () => {
		const order = await ordered();
		await expect(writeOrder({ ...order, lines: [{ ...order.lines[0]!, code: 'NOT-THERE' }] })).rejects.toMatchObject({ message: expect.stringContaining('NOT-THERE') as string });
		expect(stage.orders()).toHaveLength(0);
	});

	it('keeps an order a draft whose totals differ, and says both', async () => {
		const order = await ordered();
		await expect(writeOrder({ ...order, totals: { net: '300', tax: '30', total: '330' } })).rejects.toMatchObject({ message: expect.stringMatching(/330\.00.*251\.90/) as string });
		expect(await stage.connector.get('order', (await writeOrder(order)).ref.id)).toMatchObject({ number: expect.any(String) as string });
	});

	it('brings an invoice back to the quote that its order was made from', async () => {
		await writeOrder(await ordered());
		stage.bill();
		const { documents } = await stage.connector.changesSince('invoice', { budget: 10, from: '2026-11-20T00:00:00Z' });
		expect(documents).toMatchObject([{ kind: 'invoice', type: 'invoice', status: 'posted', paymentState: 'partial', totals: { total: '251.9' }, orders: [{ sourceKey: ORDER.key }] }]);
	});

	it('lists what is there, all pages of it, and what changed', async () => {
		const order = await ordered();
		await writeOrder(order);
		for (const n of [1, 2, 3, 4]) await writeCustomer({ ...CUSTOMER, key: `vtiger:Accounts:11x${100 + n}`, name: `Customer ${n}`, vat: `DE10000000${n}` });
		const names: string[] = [];
		for await (const page of stage.connector.list('customer', {})) names.push(...page.map(({ name: one }) => one));
		expect(names.sort()).toEqual(['Amber Bakery', 'Customer 1', 'Customer 2', 'Customer 3', 'Customer 4']);
		const { documents } = await stage.connector.changesSince('order', { budget: 10, from: '2026-11-20T00:00:00Z' });
		expect(documents).toMatchObject([{ kind: 'order', refs: [{ key: ORDER.key }] }]);
	});
});

it('erpnext asks which account a tax goes to, unless taxes are left to ERPNext', async () => {
	const { connector, orders } = STAGES.erpnext!();
	const order = withRef(ORDER, done(await connector.upsert('customer', [CUSTOMER], {})).ref);
	const [asked] = await connector.upsert('order', [order], {});
	expect(asked).toMatchObject({ ok: false, failure: { kind: 'rejected', message: expect.stringMatching(/VAT 10 %[^]*Tax Mapping/) as string } });
	expect(orders()).toEqual([]);
	const untaxed = { ...order, totals: { net: '229', tax: '0', total: '229' } };
	expect(done(await connector.upsert('order', [untaxed], { taxSource: 'target' })).outcome).toBe('created');
	expect(orders()).toMatchObject([{ taxes: [], grand_total: 229 }]);
	expect(done(await connector.upsert('order', [untaxed], { taxSource: 'target' })).outcome).toBe('unchanged');
});

it('sap-b1 logs in again when the session is over, and only then', async () => {
	const server = new ServiceLayer(CODES);
	const connector = connectTo(server, { profile: 'sap-b1', url: 'https://b1.example:50000/b1s/v2', username: 'manager', password: 'b1-password', settings: '{"company": "SBODEMO"}' });
	done(await connector.upsert('customer', [CUSTOMER], {}));
	expect(server.logins).toBe(1);
	server.expire();
	expect(done(await connector.upsert('customer', [CUSTOMER], {})).outcome).toBe('unchanged');
	expect(server.logins).toBe(2);
});

it('laudus takes orders of customers that are there, by their VAT number', async () => {
	const server = new Laudus(CODES);
	const connector = connectTo(server, { profile: 'laudus', username: 'API', password: 'laudus-password', settings: '{"companyVATId": "11111111-1"}' });
	server.save('/sales/customers', { name: 'Amber Bakery', VATId: CUSTOMER.vat });
	const pesos = { ...ORDER, currency: 'CLP', lines: ORDER.lines.map((line) => ({ ...line, price: `${line.price}000` })), totals: { net: '229000', tax: '22900', total: '251900' } };
	server.loses = 'POST /sales/orders';
	const created = done(await connector.upsert('order', [pesos], { rounding: { mode: 'exact' } }));
	expect(created.proof).toMatchObject({ agrees: true, target: '251900' });
	const writes = server.writes.length;
	expect(done(await connector.upsert('order', [pesos], { rounding: { mode: 'exact' } })).outcome).toBe('unchanged');
	expect(server.writes).toHaveLength(writes);
	expect(server.sets['/sales/orders']).toHaveLength(1);
	await expect(connector.upsert('customer', [CUSTOMER], {})).rejects.toMatchObject({ message: expect.stringContaining('does not say how to write a customer') as string });
});

describe('salesap', () => {
	let server: Salesap;
	let connector: Connector;
	beforeEach(() => {
		server = new Salesap(3);
		connector = connectTo(server, { profile: 'salesap', token: 'api_token', settings: JSON.stringify({ keyField: 'custom-12', numberField: 'custom-13', statusField: 'custom-14', messageField: 'custom-15', wonStage: '301' }) });
	});

	it('reads all pages', async () => {
		const names: string[] = [];
		for await (const page of connector.list('opportunity', {})) names.push(...page.map(({ name }) => name));
		expect(names).toEqual(['Deal 1', 'Deal 2', 'Deal 3']);
		expect(await connector.check()).toMatchObject({ version: expect.stringContaining('v1') as string });
	});

	it('writes the ERP\'s number back, leaves other fields, and moves a deal to the stage of won ones', async () => {
		const [deal] = server.records.deals!;
		const result = await connector.link([{ kind: 'opportunity', id: '1', record: 'deal 1', link: { key: 'odoo:sale.order:7', number: 'S00007', status: 'Ordered', message: '' } }]);
		expect(result).toMatchObject([{ ok: true }]);
		expect(deal!.attributes.customs).toEqual({ 'custom-1': 'kept', 'custom-12': 'odoo:sale.order:7', 'custom-13': 'S00007', 'custom-14': 'Ordered', 'custom-15': '' });
		const document = await connector.get('opportunity', '1');
		expect(document).toMatchObject({ status: 'open', link: { key: 'odoo:sale.order:7', number: 'S00007', status: 'Ordered' } });
		done(await connector.transition('opportunity', [document], 'won'));
		expect(await connector.get('opportunity', '1')).toMatchObject({ status: 'won', stage: 'Stage 301' });
	});

	it('tells a lost deal by its stage or by its reason, and the customer of an order without a company', async () => {
		const [first, second] = server.records.deals!;
		first!.relationships.stage = { data: { type: 'deal-stages', id: '302' } };
		second!.relationships['loss-reason'] = { data: { type: 'loss-reasons', id: '1' } };
		expect(await connector.get('opportunity', '1')).toMatchObject({ status: 'lost' });
		expect(await connector.get('opportunity', '2')).toMatchObject({ status: 'lost' });
		server.records.contacts!.push({ type: 'contacts', id: '9', attributes: { 'first-name': 'Иван', customs: {} }, relationships: {} });
		const order = (id: string, contact: string | undefined) => ({ type: 'orders', id, attributes: { name: 'Order', number: Number(id), amount: 10, customs: {} }, relationships: { company: { data: null }, contact: { data: contact ? { type: 'contacts', id: contact } : null }, stage: { data: { type: 'order-stages', id: '401' } } } });
		server.records.orders!.push(order('21', '9'), order('22', undefined));
		expect(await connector.get('order', '21')).toMatchObject({ customer: { key: 'erp:contacts:9', name: 'Иван', isCompany: false } });
		expect((await connector.get('order', '22')) as { customer?: unknown }).toMatchObject({ number: '22', status: 'draft' });
	});

	it('says that it writes no records of its own', async () => {
		await expect(connector.upsert('customer', [CUSTOMER], {})).rejects.toMatchObject({ message: expect.stringContaining('does not say how to write a customer') as string });
	});
});
