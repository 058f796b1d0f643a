// Owns the proof that an ERP's invoice arrives in the CRM once, at its order, with the ERP's total to the cent:
// reference sections 6.2, 6.4, 6.5 and 9.
import fc from 'fast-check';
import type { Row } from '../../../demo/simulators/vtiger';
import type { Invoice } from '../../../nodes/core/documents';
import { rounded } from '../../../nodes/core/money';
import type { Connector } from '../../../nodes/core/port';
import { acceptedQuote, brief, failureOf, FIVE, invoice, ofQuote, onStage, outcomeOf, readQuote, SALES, SERVICE, setUp, upsertOne, VAT, type BriefLine, type Setting } from './setting';

let stage: Setting;
let connector: Connector;
beforeAll(async () => void (stage = await setUp()));
afterAll(async () => await stage.stop());
beforeEach(() => {
	stage.sim.reset();
	connector = stage.connect();
});

/** A quote with its sales order; their ids. */
async function ordered(lines: BriefLine[] = FIVE.slice(0, 2), more: Row = {}): Promise<{ quote: string; order: string }> {
	const quote = await acceptedQuote(stage.sim, lines, more);
	return { quote, order: (await upsertOne(connector, 'order', await readQuote(connector, quote))).ref.id };
}

const stored = (id: string): Row => stage.sim.retrieve(id)!;
const bill = async (document: Invoice): Promise<Row> => stored((await upsertOne(connector, 'invoice', document)).ref.id);
/** To the cent, as people see it. */
const total = (row: Row): string => rounded(String(row.hdnGrandTotal));

describe('a new invoice', () => {
	it('stands at its sales order with customer, opportunity, addresses, dates, number, status and payment', async () => {
		const { quote, order } = await ordered();
		const document = invoice([['W-1', '3', '100', [VAT, SALES]], ['W-2', '2', '19.99', [VAT, SALES]]], { ...ofQuote(quote), paymentState: 'partial', received: '50', residual: '339.28' });
		const result = await upsertOne(connector, 'invoice', document);
		expect(result).toMatchObject({ outcome: 'created', ref: { kind: 'invoice', status: 'Approved' }, proof: { agrees: true }, notes: [] });
		expect(stored(result.ref.id)).toMatchObject({
			subject: 'INV/2026/0001', salesorder_id: order, account_id: '11x8', contact_id: '12x18', potential_id: '13x31', invoicestatus: 'Approved', invoicedate: '2026-11-22', duedate: '2026-12-22',
			bill_street: '1 Main St', ship_street: 'Dock 2', currency_id: '21x1', hdnTaxType: 'group', received: '50.00000000', source: 'CRMERP',
			cf_invoice_erp_key: 'odoo:account.move:99', cf_invoice_erp_number: 'INV/2026/0001', cf_invoice_erp_status: 'Partially paid',
		});
		expect(brief(stored(result.ref.id))).toEqual(['14x2 3.000 x 100.00000000', '14x3 2.000 x 19.99000000']);
	});

	it.each([
		['by the quote\'s id alone', (quote: string, _order: string) => [{ key: 'odoo:sale.order:1', sourceKey: `vtiger:*:${quote}` }]],
		['by the order\'s id alone', (_quote: string, order: string) => [{ key: 'odoo:sale.order:1', sourceKey: `vtiger:*:${order}` }]],
		['by the quote\'s key', (quote: string, _order: string) => [{ key: 'odoo:sale.order:1', sourceKey: `vtiger:Quotes:${quote}` }]],
		['by the order\'s key', (_quote: string, order: string) => [{ key: 'odoo:sale.order:1', sourceKey: `vtiger:SalesOrder:${order}` }]],
		['by the ERP\'s number', () => [{ key: 'odoo:sale.order:1', number: 'S00042' }]],
	])('finds its sales order %s', async (_name, orders) => {
		const { quote, order } = await ordered();
		await connector.link([{ kind: 'order', id: order, record: 'o', link: { number: 'S00042', status: 'Ordered' } }]);
		expect(await bill(invoice([['W-1', '1', '100', [VAT, SALES]]], { orders: orders(quote, order) }))).toMatchObject({ salesorder_id: order });
	});

	it('stands at the quote\'s customer where there is no sales order, and says so', async () => {
		const quote = await acceptedQuote(stage.sim, FIVE);
		const result = await upsertOne(connector, 'invoice', invoice([['W-1', '1', '100', [VAT, SALES]]], ofQuote(quote)));
		expect(result.notes).toEqual([expect.stringMatching(/no sales order/)]);
		expect(stored(result.ref.id)).toMatchObject({ account_id: '11x8', salesorder_id: null, bill_street: '1 Main St' });
	});

	it('stands at the organization where there is no quote either; without one it is missing', async () => {
		const customer = { kind: 'customer', key: 'odoo:res.partner:3', name: 'acme LTD' };
		expect(await bill(invoice([['W-1', '1', '100', [VAT]]], { customer }))).toMatchObject({ account_id: '11x8' });
		const failure = failureOf(await connector.upsert('invoice', [invoice([['W-1', '1', '100', [VAT]]], { key: 'odoo:account.move:1', customer: { ...customer, name: 'Nobody' }, orders: [{ key: 'odoo:sale.order:7', number: 'S00007' }] })], {}));
		expect(failure).toMatchObject({ kind: 'missing', message: expect.stringMatching(/S00007.*"ERP Number"/) });
	});

	it('many at once: one look-up, one for the orders', async () => {
		const { quote } = await ordered();
		await upsertOne(connector, 'invoice', invoice([['W-1', '1', '100', [VAT, SALES]]], { ...ofQuote(quote), key: 'odoo:account.move:1' }));
		stage.sim.server.resetCalls();
		const documents = [1, 2, 3].map((n) => invoice([['W-1', String(n), '100', [VAT, SALES]]], { ...ofQuote(quote), key: `odoo:account.move:${n}`, number: `INV/${n}` }));
		const results = await connector.upsert('invoice', documents, {});
		expect(results.map((result) => (result.ok ? result.value.outcome : result.failure.message))).toEqual(['updated', 'created', 'created']);
		expect(stage.calls().slice(0, 3)).toEqual(['query', 'query', 'retrieve']);
		expect(stage.calls().filter((operation) => operation === 'create')).toHaveLength(2);
	});

	it('names the product that the CRM lacks, and finds one by its name', async () => {
		const { quote } = await ordered();
		expect(failureOf(await connector.upsert('invoice', [invoice([['NOPE', '1', '100', [VAT]]], ofQuote(quote))], {}))).toMatchObject({ kind: 'missing', message: expect.stringMatching(/no product for line 1 \(NOPE/) });
		expect(brief(await bill(invoice([[undefined, '1', '50', [VAT], { name: 'install' }]], ofQuote(quote))))[0]).toMatch(/^26x6 /);
	});

	it('takes the product of the order where several have the code', async () => {
		const twin = await stage.sim.insert('Products', { productname: 'Widget II', productcode: 'W-1', discontinued: '1', unit_price: '1' });
		const lone = failureOf(await connector.upsert('invoice', [invoice([['W-1', '1', '100', [VAT]]], { customer: { kind: 'customer', key: 'odoo:res.partner:3', name: 'Acme Ltd' } })], {}));
		expect(lone).toMatchObject({ kind: 'ambiguous', message: expect.stringContaining(String(twin.id)) });
		const { quote } = await ordered();
		expect(brief(await bill(invoice([['W-1', '1', '100', [VAT]]], ofQuote(quote))))[0]).toMatch(/^14x2 /);
	});
});

describe('the total', () => {
	it('holds discount, shipping and adjustment of the ERP, as lines or as charges', async () => {
		const { quote } = await ordered();
		const row = await bill(invoice([['W-1', '3', '100', [VAT, SALES]], [undefined, '1', '-30', [VAT, SALES], { role: 'discount' }], [undefined, '1', '20', [VAT], { role: 'shipping' }], [undefined, '1', '1.25', [], { role: 'adjustment' }]], ofQuote(quote)));
		expect(row).toMatchObject({ hdnDiscountAmount: '30.00000000', hdnS_H_Amount: '20.00000000', txtAdjustment: '1.25000000' });
		expect(total(row)).toBe('331.30');
	});

	it('a deducted down payment is a discount, with its tax', async () => {
		const { quote } = await ordered();
		const row = await bill(invoice([['W-1', '3', '100', [VAT, SALES]], [undefined, '1', '-50', [VAT, SALES], { role: 'downPayment', name: 'Down payment' }]], ofQuote(quote)));
		expect([row.hdnDiscountAmount, total(row)]).toEqual(['50.00000000', '286.25']);
	});

	it('a down payment by itself takes a service of the order: it moves no stock', async () => {
		const { quote } = await ordered([...FIVE.slice(0, 1), ['26x6', '1', '50']]);
		const row = await bill(invoice([[undefined, '1', '80', [VAT, SALES], { role: 'downPayment', name: 'Down payment' }]], ofQuote(quote)));
		expect([brief(row), total(row)]).toEqual([['26x6 1.000 x 80.00000000'], '91.60']);
	});

	it('rates that differ from line to line: taxes of each line\'s own where the products carry them', async () => {
		const { quote } = await ordered();
		const row = await bill(invoice([['W-1', '3', '100', [VAT, SALES]], ['SER1', '2', '50', [SERVICE]]], ofQuote(quote)));
		expect([row.hdnTaxType, total(row)]).toEqual(['individual', '456.00']);
	});

	it('rates that differ and are not carried: refused, naming product and taxes', async () => {
		const { quote } = await ordered();
		const failure = failureOf(await connector.upsert('invoice', [invoice([['W-1', '3', '100', [VAT]], ['SER1', '2', '50', [VAT, SALES]]], ofQuote(quote))], {}));
		expect(failure).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/differ from line to line.*SER1 \(VAT 4\.5% 4\.5 %, Sales 10% 10 %\)/) });
	});

	it('taxes of each line\'s own stay so when the order has them, and its discount is taken off the gross', async () => {
		const { quote } = await ordered([['14x2', '3', '100'], ['26x6', '2', '50', { tax1: '0', tax2: '0', tax3: '12.5' }]], { hdnTaxType: 'individual' });
		const row = await bill(invoice([['W-1', '3', '100', [VAT, SALES]], ['SER1', '2', '50', [SERVICE]], [undefined, '1', '-10', [SERVICE], { role: 'discount' }]], ofQuote(quote)));
		expect([row.hdnTaxType, row.hdnDiscountAmount, total(row)]).toEqual(['individual', '11.25000000', '444.75']);
	});

	it('a tax of another name and rate takes a column of the CRM: it stores whatever rate is sent', async () => {
		const { quote } = await ordered();
		expect(total(await bill(invoice([['W-1', '1', '100', [{ name: 'IVA 22', rate: '22', code: '5' }]]], ofQuote(quote))))).toBe('122.00');
	});

	it('is the ERP\'s to the cent: what rounding leaves goes into the adjustment', async () => {
		const { quote } = await ordered();
		const price = fc.integer({ min: 1, max: 99_999 }).map((n) => (n / 100).toFixed(2));
		const line = fc.tuple(fc.constantFrom('W-1', 'W-2', 'W-3'), fc.integer({ min: 1, max: 40 }).map(String), price, fc.constantFrom('0', '7.5', '33.333'));
		let n = 0;
		await fc.assert(
			fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 6 }), fc.boolean(), async (lines, both) => {
				const taxes = both ? [VAT, SALES] : [VAT];
				const document = invoice(lines.map(([code, quantity, amount, percent]) => [code, quantity, amount, taxes, { discountPercent: percent }]), { ...ofQuote(quote), key: `odoo:account.move:${++n}`, number: `INV/${n}` });
				expect(total(await bill(document))).toBe(document.totals!.total);
			}),
			{ numRuns: 40 },
		);
	}, 60_000);

	it('that its lines cannot make is refused, naming both', async () => {
		const { quote } = await ordered();
		const failure = failureOf(await connector.upsert('invoice', [invoice([['W-1', '3', '100', [VAT, SALES]]], { ...ofQuote(quote), totals: { net: '300', tax: '60', total: '360' } })], {}));
		expect(failure).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/make 343\.50.*total is 360\.00/) });
		expect(stage.sim.records('Invoice').filter((row) => row.source === 'CRMERP')).toEqual([]);
	});

	it('in another currency keeps the CRM\'s rate', async () => {
		const { quote } = await ordered();
		expect(await bill(invoice([['W-1', '1', '100', [VAT]]], { ...ofQuote(quote), currency: 'USD' }))).toMatchObject({ currency_id: '21x2', conversion_rate: '1.100' });
		expect(failureOf(await connector.upsert('invoice', [invoice([['W-1', '1', '100', [VAT]]], { ...ofQuote(quote), key: 'odoo:account.move:5', currency: 'GBP' })], {})).message).toMatch(/no currency GBP/);
	});
});

describe('a credit note', () => {
	it('has negative quantities and a status of its own; read back it is a credit note again', async () => {
		const { quote } = await ordered();
		const document = invoice([['W-1', '3', '100', [VAT, SALES]], [undefined, '1', '-30', [VAT, SALES], { role: 'discount' }], [undefined, '1', '20', [VAT], { role: 'shipping' }]], { ...ofQuote(quote), type: 'creditNote', number: 'RINV/1' });
		const result = await upsertOne(connector, 'invoice', document);
		const row = stored(result.ref.id);
		expect(row).toMatchObject({ invoicestatus: 'Credit Invoice', hdnDiscountPercent: '10.000', hdnS_H_Amount: '-20.00000000' });
		expect([brief(row), total(row)]).toEqual([['14x2 -3.000 x 100.00000000'], '-330.05']);
		const back = await connector.get('invoice', result.ref.id);
		expect([back.type, back.totals!.total, back.lines[0]!.quantity]).toEqual(['creditNote', '330.05', '3']);
		expect((await upsertOne(connector, 'invoice', document)).outcome).toBe('unchanged');
	});
});

describe('an invoice that is there', () => {
	it('gets its payment without its lines being touched', async () => {
		const { quote } = await ordered();
		const document = invoice([['W-1', '3', '100', [VAT, SALES]]], ofQuote(quote));
		const { ref } = await upsertOne(connector, 'invoice', document);
		const lines = (stored(ref.id).LineItems as Row[]).map((line) => line.id);
		expect((await upsertOne(connector, 'invoice', document)).outcome).toBe('unchanged');
		stage.sim.server.resetCalls();
		const paid = await upsertOne(connector, 'invoice', { ...document, paymentState: 'paid', received: '343.5', residual: '0' });
		expect(paid).toMatchObject({ outcome: 'updated', changed: { invoicestatus: { before: 'Approved', after: 'Paid' }, received: {}, balance: {} } });
		expect(JSON.parse(new URLSearchParams(stage.sim.server.calls.find((call) => call.operation === 'revise')!.body).get('element')!)).not.toHaveProperty('LineItems');
		expect(stored(ref.id)).toMatchObject({ invoicestatus: 'Paid', received: '343.50000000', balance: '0.00000000', hdnGrandTotal: '343.50000000', cf_invoice_erp_status: 'Paid' });
		expect((stored(ref.id).LineItems as Row[]).map((line) => line.id)).toEqual(lines);
	});

	it.each([
		['draft', { status: 'draft' }, 'Created', 'Draft'],
		['posted', {}, 'Approved', 'Posted'],
		['cancelled', { status: 'cancelled' }, 'Cancel', 'Cancelled'],
	])('%s', async (_name, more, status, erp) => {
		const { quote } = await ordered();
		expect(await bill(invoice([['W-1', '1', '100', [VAT]]], { ...ofQuote(quote), ...more }))).toMatchObject({ invoicestatus: status, cf_invoice_erp_status: erp });
	});

	it('a draft becomes posted with its number; "Sent" is as good as "Approved"', async () => {
		const { quote } = await ordered();
		const draft = invoice([['W-1', '1', '100', [VAT]]], { ...ofQuote(quote), status: 'draft', number: undefined });
		const { ref } = await upsertOne(connector, 'invoice', draft);
		expect(await upsertOne(connector, 'invoice', { ...draft, status: 'posted', number: 'INV/2026/0007' })).toMatchObject({ outcome: 'updated', ref: { id: ref.id } });
		expect(stored(ref.id)).toMatchObject({ subject: 'INV/2026/0007', invoicestatus: 'Approved', cf_invoice_erp_number: 'INV/2026/0007' });
		stage.sim.patch(ref.id, { invoicestatus: 'Sent' });
		expect((await upsertOne(connector, 'invoice', { ...draft, status: 'posted', number: 'INV/2026/0007' })).outcome).toBe('unchanged');
	});

	it('gets all its lines anew when they differ', async () => {
		const { quote } = await ordered();
		const document = invoice([['W-1', '3', '100', [VAT, SALES]]], ofQuote(quote));
		const { ref } = await upsertOne(connector, 'invoice', document);
		const result = await upsertOne(connector, 'invoice', invoice([['W-1', '1', '100', [VAT, SALES]], ['W-2', '5', '10', [VAT, SALES]]], ofQuote(quote)));
		expect(result).toMatchObject({ outcome: 'updated', ref: { id: ref.id }, changed: { lines: {} } });
		expect(brief(stored(ref.id))).toEqual(['14x2 1.000 x 100.00000000', '14x3 5.000 x 10.00000000']);
	});

	it('still hears of its payment when a product of its lines was deleted', async () => {
		const { quote } = await ordered();
		const document = invoice([['W-1', '3', '100', [VAT, SALES]]], ofQuote(quote));
		const { ref } = await upsertOne(connector, 'invoice', document);
		stage.sim.remove('14x2');
		const paid = await upsertOne(connector, 'invoice', { ...document, paymentState: 'paid', received: '343.5', residual: '0' });
		expect(paid).toMatchObject({ outcome: 'updated', notes: [expect.stringMatching(/lines were not compared/)] });
		expect(stored(ref.id)).toMatchObject({ invoicestatus: 'Paid' });
	});
});

it('without the custom fields an invoice is found by the ERP\'s number; a draft without one is passed over', async () => {
	await onStage({ customFields: false }, async (plain) => {
		const own = plain.connect();
		const document = invoice([['W-1', '3', '100', [VAT, SALES]]], { customer: { kind: 'customer', key: 'odoo:res.partner:3', name: 'Acme Ltd' } });
		const { ref, notes } = await upsertOne(own, 'invoice', document);
		expect(notes.join(' ')).toMatch(/Invoice has no field "ERP Key"/);
		expect(await upsertOne(own, 'invoice', document)).toMatchObject({ outcome: 'unchanged', ref: { id: ref.id } });
		expect(outcomeOf(await own.upsert('invoice', [{ ...document, number: undefined }], {}))).toMatchObject({ outcome: 'skipped', notes: [expect.stringMatching(/no number yet/), expect.anything()] });
	});
});
