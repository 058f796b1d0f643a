// Owns the proof of organizations, contacts, products, services and opportunities written from another system:
// reference section 5, with its traps.
import { customerSchema, opportunitySchema, productSchema, type Customer, type Opportunity, type Product } from '../../../nodes/core/documents';
import type { Connector } from '../../../nodes/core/port';
import { answering, failureOf, onStage, outcomeOf, setUp, upsertOne, type Setting } from './setting';

let stage: Setting;
let connector: Connector;
beforeAll(async () => void (stage = await setUp()));
afterAll(async () => await stage.stop());
beforeEach(() => {
	stage.sim.reset();
	connector = stage.connect();
});

const customer = (more: Partial<Customer> = {}): Customer => ({
	...customerSchema.parse({ kind: 'customer', key: 'odoo:res.partner:7', name: "Flow & O'Neil Co", email: 'info@flow.test', phone: '+39 06 1', billing: { street: '1 Main St', city: 'Rome', postalCode: '00100', country: 'Italy' }, contacts: [{ key: 'odoo:res.partner:8', firstName: 'Ann', lastName: 'Flow', email: 'ann@flow.test' }] }),
	...more,
});
const product = (more: Partial<Product> = {}): Product => ({ ...productSchema.parse({ kind: 'product', key: 'odoo:product.product:5', code: 'N-1', name: 'New part', price: '12.5', unit: 'Pcs', taxes: [{ name: 'Sales', rate: '10' }] }), ...more });

describe('customers', () => {
	it('are made with their contacts, found by key, left alone, changed in what differs', async () => {
		const made = await upsertOne(connector, 'customer', customer());
		expect(made.outcome).toBe('created');
		expect(stage.sim.retrieve(made.ref.id)).toMatchObject({ accountname: "Flow & O'Neil Co", email1: 'info@flow.test', bill_city: 'Rome', bill_code: '00100', cf_accounts_erp_key: 'odoo:res.partner:7', source: 'CRMERP' });
		expect(stage.sim.records('Contacts').filter((row) => row.account_id === made.ref.id)).toMatchObject([{ firstname: 'Ann', lastname: 'Flow', email: 'ann@flow.test', cf_contacts_erp_key: 'odoo:res.partner:8' }]);
		expect(await upsertOne(connector, 'customer', customer())).toMatchObject({ outcome: 'unchanged', ref: { id: made.ref.id } });
		expect(await upsertOne(connector, 'customer', customer({ phone: '2', contacts: [{ ...customer().contacts[0]!, phone: '3' }] }))).toMatchObject({ outcome: 'updated', changed: { phone: { before: '+39 06 1', after: '2' }, 'contact Ann Flow': {} } });
	});

	it('what the other system does not know stays as it is', async () => {
		const { ref } = await upsertOne(connector, 'customer', customer());
		stage.sim.patch(ref.id, { website: 'https://flow.test' });
		await upsertOne(connector, 'customer', customer({ website: undefined, phone: '9' }));
		expect(stage.sim.retrieve(ref.id)).toMatchObject({ website: 'https://flow.test', phone: '9' });
	});

	it('are found by exact name whatever the capitals, and take the key', async () => {
		expect(await upsertOne(connector, 'customer', customer({ name: 'ACME ltd', contacts: [] }))).toMatchObject({ outcome: 'updated', ref: { id: '11x8' } });
		expect(stage.sim.retrieve('11x8')).toMatchObject({ accountname: 'Acme Ltd', cf_accounts_erp_key: 'odoo:res.partner:7' });
	});

	it('one that belongs to another customer of the same ERP is not taken', async () => {
		stage.sim.patch('11x8', { cf_accounts_erp_key: 'odoo:res.partner:1' });
		expect(failureOf(await connector.upsert('customer', [customer({ name: 'Acme Ltd' })], {}))).toMatchObject({ kind: 'ambiguous', message: expect.stringMatching(/linked with another record: odoo:res\.partner:1/) });
	});

	it('a name that vtiger calls a duplicate though we see none: told with advice, code 0', async () => {
		const own = stage.connect({}, answering((operation) => operation === 'create', { status: 200, text: '{"success":false,"error":{"code":0,"message":"Duplicate(s) detected!"}}' }));
		expect(failureOf(await own.upsert('customer', [customer()], {}))).toMatchObject({ kind: 'ambiguous', code: '0', message: expect.stringMatching(/already, which its user may not see.*access/) });
	});

	it('a text longer than its column is refused: vtiger would cut it without a word', async () => {
		expect(failureOf(await connector.upsert('customer', [customer({ name: 'N'.repeat(101) })], {}))).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/101 characters.*"accountname" holds 100/) });
	});

	it('emoji become question marks: a note, and no new write on every run', async () => {
		const happy = customer({ name: 'Shop 🎉', contacts: [] });
		const made = await upsertOne(connector, 'customer', happy);
		expect(made.notes).toEqual([expect.stringMatching(/question marks for emoji.*accountname/)]);
		expect(stage.sim.retrieve(made.ref.id)!.accountname).toMatch(/^Shop \?+$/);
		expect(await upsertOne(connector, 'customer', happy)).toMatchObject({ outcome: 'unchanged', ref: { id: made.ref.id } });
	});

	it('two documents of one new customer make one organization', async () => {
		const results = await connector.upsert('customer', [customer(), customer({ key: 'odoo:res.partner:7' })], {});
		expect(results.map((result) => result.ok && result.value.outcome)).toEqual(['created', 'unchanged']);
	});

	it('is not made twice when the create was not answered, without key fields too', async () => {
		for (const customFields of [true, false]) {
			await onStage({ customFields }, async (own) => {
				own.sim.server.plan({ kind: 'reset-after', at: (call) => call.operation === 'create' });
				await upsertOne(own.connect(), 'customer', customer());
				expect(own.sim.records('Accounts').filter((row) => row.source === 'CRMERP')).toHaveLength(1);
			});
		}
	});

	it('from this CRM itself are only brought up to date', async () => {
		const read = await connector.get('customer', '11x8');
		expect(await upsertOne(connector, 'customer', read)).toMatchObject({ outcome: 'unchanged', ref: { id: '11x8' } });
		expect(stage.sim.retrieve('11x8')!.cf_accounts_erp_key).toBe('');
	});
});

describe('products', () => {
	it('are made active with price and taxes, and found by code', async () => {
		const made = await upsertOne(connector, 'product', product());
		expect(stage.sim.retrieve(made.ref.id)).toMatchObject({ productname: 'New part', productcode: 'N-1', discontinued: '1', unit_price: '12.50000000', usageunit: 'Pcs' });
		expect((await upsertOne(connector, 'product', product({ key: 'other:product:1' }))).ref.id).toBe(made.ref.id);
	});

	it('are changed on 8.4.0; on 8.0.0 and services anywhere they are left alone: a revision deletes their taxes', async () => {
		for (const version of ['8.4.0', '8.0.0'] as const) {
			await onStage({ version }, async (own) => {
				const to = own.connect();
				await upsertOne(to, 'product', product());
				const result = await upsertOne(to, 'product', product({ name: 'Renamed' }));
				expect([version, result.outcome]).toEqual([version, version === '8.4.0' ? 'updated' : 'skipped']);
				const service = product({ key: 'odoo:product.product:6', type: 'service', code: 'SER1', name: 'Install', price: '99' });
				own.sim.server.resetCalls();
				expect(await upsertOne(to, 'product', service)).toMatchObject({ outcome: 'skipped', ref: { id: '26x6' }, notes: [expect.stringMatching(/forget the taxes of the service/)] });
				expect(own.calls()).not.toContain('revise');
			});
		}
	});

	it('in another currency come without their prices, with a note', async () => {
		const result = await upsertOne(connector, 'product', product({ currency: 'USD' }));
		expect(result.notes).toEqual([expect.stringMatching(/prices are in USD and the CRM keeps prices in EUR/)]);
		expect(stage.sim.retrieve(result.ref.id)!.unit_price).toBe('0.00000000');
	});
});

describe('opportunities', () => {
	const opportunity = (more: Partial<Opportunity> = {}): Opportunity => ({ ...opportunitySchema.parse({ kind: 'opportunity', key: 'lead:deal:1', name: 'Big deal', amount: '500', closeDate: '2027-01-31', customerKey: 'vtiger:Accounts:11x8' }), ...more });

	it('are made, found by name within the organization, and changed', async () => {
		const made = await upsertOne(connector, 'opportunity', opportunity());
		expect(stage.sim.retrieve(made.ref.id)).toMatchObject({ potentialname: 'Big deal', sales_stage: 'Prospecting', related_to: '11x8' });
		expect(await upsertOne(connector, 'opportunity', opportunity({ status: 'lost' }))).toMatchObject({ outcome: 'updated', ref: { id: made.ref.id } });
		expect(outcomeOf(await connector.upsert('opportunity', [opportunity({ customerKey: 'vtiger:Accounts:11x9' })], {})).outcome).toBe('created');
	});

	it('without a closing date are refused in words', async () => {
		expect(failureOf(await connector.upsert('opportunity', [opportunity({ closeDate: undefined })], {}))).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/closing date/) });
	});
});
