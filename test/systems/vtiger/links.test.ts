// Owns the proof of what is written back onto records, and of opportunities being won: reference sections 5, 6.4, 9.
import type { Row } from '../../../demo/simulators/vtiger';
import type { Connector } from '../../../nodes/core/port';
import { acceptedQuote, failureOf, FIVE, onStage, outcomeOf, readQuote, setUp, type Setting } from './setting';

let stage: Setting;
let connector: Connector;
beforeAll(async () => void (stage = await setUp()));
afterAll(async () => await stage.stop());
beforeEach(() => {
	stage.sim.reset();
	connector = stage.connect();
});

const LINK = { key: 'odoo:sale.order:42', number: 'S00042', status: 'Ordered', message: '' };
const revisions = (): Row[] => stage.sim.server.calls.filter((call) => call.operation === 'revise').map((call) => JSON.parse(new URLSearchParams(call.body).get('element')!) as Row);

describe('links', () => {
	it('write the given members into the fields found by label, and nothing else', async () => {
		const before = stage.sim.retrieve('4x38')!;
		const result = outcomeOf(await connector.link([{ kind: 'quote', id: '4x38', record: 'quote QUO3', link: { number: 'S1', status: 'Ordered' } }]));
		expect(result).toMatchObject({ outcome: 'updated', ref: { id: '4x38' }, changed: { cf_quotes_erp_number: { after: 'S1' }, cf_quotes_erp_status: { after: 'Ordered' } } });
		const { modifiedtime: _a, cf_quotes_erp_number, cf_quotes_erp_status, ...after } = stage.sim.retrieve('4x38')!;
		const { modifiedtime: _b, cf_quotes_erp_number: _n, cf_quotes_erp_status: _s, ...rest } = before;
		expect([cf_quotes_erp_number, cf_quotes_erp_status]).toEqual(['S1', 'Ordered']);
		expect(after).toEqual(rest);
	});

	it('write nothing when the record holds it already', async () => {
		await connector.link([{ kind: 'quote', id: '4x38', record: 'q', link: LINK }]);
		const { link } = await connector.get('quote', '4x38');
		stage.sim.server.resetCalls();
		expect(outcomeOf(await connector.link([{ kind: 'quote', id: '4x38', record: 'q', link: LINK, current: JSON.parse(JSON.stringify(link)) as never }])).outcome).toBe('unchanged');
		expect(stage.calls()).toEqual([]);
	});

	it('write only what differs, and clear a message', async () => {
		await connector.link([{ kind: 'quote', id: '4x38', record: 'q', link: { status: 'Needs attention', message: 'Product W-9 is not in the ERP' } }]);
		const { link } = await connector.get('quote', '4x38');
		stage.sim.server.resetCalls();
		await connector.link([{ kind: 'quote', id: '4x38', record: 'q', link: { status: 'Needs attention', message: '' }, current: link }]);
		expect(revisions()).toEqual([{ id: '4x38', cf_quotes_erp_message: '', conversion_rate: '1.000' }]);
	});

	it('cut a long message at a word, within its field', async () => {
		const message = `The ERP refuses the order: ${'a reason in many words '.repeat(30)}`;
		await connector.link([{ kind: 'quote', id: '4x38', record: 'q', link: { message } }]);
		const stored = String(stage.sim.retrieve('4x38')!.cf_quotes_erp_message);
		expect(stored.length).toBeLessThanOrEqual(250);
		expect(stored).toMatch(/^The ERP refuses the order: a reason.*\w\.\.\.$/);
	});

	it('keep a document\'s conversion rate: any change without it would set it to 1 (measured)', async () => {
		const id = await acceptedQuote(stage.sim, FIVE, { currency_id: '21x2', conversion_rate: '1.17' });
		stage.sim.server.resetCalls();
		await connector.link([{ kind: 'quote', id, record: 'q', link: LINK }]);
		expect(revisions()).toEqual([expect.objectContaining({ id, conversion_rate: '1.170' })]);
		await readQuote(connector, id);
		stage.sim.server.resetCalls();
		await connector.link([{ kind: 'quote', id, record: 'q', link: { ...LINK, number: 'S2' } }]);
		expect(stage.calls()).toEqual(['revise']);
	});

	it('leave the key of a sales order that carries its quote\'s, and write it on one that does not', async () => {
		await connector.link([{ kind: 'order', id: '6x39', record: 'o', link: LINK }]);
		expect(stage.sim.retrieve('6x39')).toMatchObject({ cf_salesorder_erp_key: '', cf_salesorder_erp_number: 'S00042' });
		await connector.link([{ kind: 'order', id: '6x39', record: 'o', link: LINK, current: (await connector.get('order', '6x39')).link }]);
		expect(stage.sim.retrieve('6x39')).toMatchObject({ cf_salesorder_erp_key: 'odoo:sale.order:42' });
		stage.sim.patch('6x39', { cf_salesorder_erp_key: 'vtiger:Quotes:4x38' });
		await connector.link([{ kind: 'order', id: '6x39', record: 'o', link: { ...LINK, number: 'S3' }, current: (await connector.get('order', '6x39')).link }]);
		expect(stage.sim.retrieve('6x39')).toMatchObject({ cf_salesorder_erp_key: 'vtiger:Quotes:4x38', cf_salesorder_erp_number: 'S3' });
	});

	it('one that fails does not stop the others; a record that is gone is named', async () => {
		const results = await connector.link([{ kind: 'quote', id: '4x99999', record: 'quote QUO9', link: LINK }, { kind: 'customer', id: '11x8', record: 'Acme', link: { key: 'odoo:res.partner:7' } }]);
		expect(failureOf(results)).toMatchObject({ kind: 'missing', message: expect.stringMatching(/^quote QUO9: The CRM has no record 4x99999/) });
		expect(stage.sim.retrieve('11x8')).toMatchObject({ cf_accounts_erp_key: 'odoo:res.partner:7' });
	});

	it('without the fields say which to create, for each module', async () => {
		await onStage({ customFields: false }, async (plain) => {
			const own = plain.connect();
			const results = await own.link([{ kind: 'quote', id: '4x38', record: 'q', link: LINK }, { kind: 'customer', id: '11x8', record: 'c', link: LINK }]);
			expect(results.map((result) => result.ok && [result.value.outcome, result.value.notes.join('')])).toEqual([['skipped', expect.stringMatching(/Layouts & Fields, Quotes: text field "ERP Key" \(length 100\); text field "ERP Number"/)], ['skipped', expect.stringMatching(/Accounts/)]]);
			expect((await own.check()).notes.join('\n')).toMatch(/Quotes[\s\S]*SalesOrder[\s\S]*Invoice[\s\S]*Accounts/);
		});
	});
});

describe('opportunities', () => {
	it('are won once, asked for with one query for many; nothing else does it when a quote is accepted', async () => {
		const quotes = [await readQuote(connector, await acceptedQuote(stage.sim, FIVE)), await readQuote(connector, await acceptedQuote(stage.sim, FIVE)), await readQuote(connector, await acceptedQuote(stage.sim, FIVE, { potential_id: '13x32' })), { ...(await readQuote(connector, '4x38')), opportunityKey: undefined }];
		expect(stage.sim.retrieve('13x31')!.sales_stage).not.toBe('Closed Won');
		stage.sim.server.resetCalls();
		const results = await connector.transition('opportunity', quotes, 'won');
		expect(results.map((result) => result.ok && [result.value.outcome, result.value.notes])).toEqual([['updated', []], ['unchanged', []], ['updated', []], ['skipped', ['No opportunity is linked to it']]]);
		expect(stage.calls()).toEqual(['query', 'revise', 'revise']);
		expect(outcomeOf(await connector.transition('opportunity', [quotes[0]!], 'won')).outcome).toBe('unchanged');
		expect(stage.sim.retrieve('13x31')).toMatchObject({ sales_stage: 'Closed Won' });
	});

	it('that are gone are named; other states are refused', async () => {
		const quote = await readQuote(connector, await acceptedQuote(stage.sim, FIVE));
		stage.sim.remove('13x31');
		expect(failureOf(await connector.transition('opportunity', [quote], 'won'))).toMatchObject({ kind: 'missing', message: expect.stringMatching(/13x31/) });
		await expect(connector.transition('opportunity', [quote], 'open')).rejects.toMatchObject({ kind: 'rejected' });
		await expect(connector.transition('quote', [quote], 'won')).rejects.toMatchObject({ kind: 'rejected' });
	});
});
