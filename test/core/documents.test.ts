// Proves the vocabulary: what a document takes and gives, how missing, null and empty are one, how it is named.
import fc from 'fast-check';
import { customerSchema, describeDocument, documentSchema, invoiceSchema, KINDS, orderSchema, quoteSchema, refTo, withRef, type Ref } from '../../nodes/core/documents';
import { anyOrder } from './sales';

const key = 'vtiger:Quotes:4x38';

describe('what is not given', () => {
	it.each([[undefined], [null], ['']])('%p is nothing', (value) => {
		const customer = customerSchema.parse({ kind: 'customer', key, name: 'Acme', email: value, billing: { city: value } });
		expect(customer.email).toBeUndefined();
		expect(customer.billing.city).toBeUndefined();
		const quote = quoteSchema.parse({ kind: 'quote', key, currencyRate: value, lines: [{ key: '1', quantity: '1', price: '1', discountAmount: value }] });
		expect(quote.currencyRate).toBeUndefined();
		expect(quote.lines[0]!.discountAmount).toBeUndefined();
	});

	it('has its default where there is one', () => {
		expect(orderSchema.parse({ kind: 'order', key })).toMatchObject({ status: 'draft', taxMode: 'line', lines: [], charges: [], refs: [], billing: {}, shipping: {} });
		expect(invoiceSchema.parse({ kind: 'invoice', key })).toMatchObject({ type: 'invoice', status: 'draft', paymentState: 'unpaid', orders: [] });
	});

	it('is refused where it cannot be done without', () => {
		expect(customerSchema.safeParse({ kind: 'customer', key }).error?.issues[0]).toMatchObject({ path: ['name'] });
		expect(documentSchema.safeParse({ kind: 'order' }).error?.issues[0]).toMatchObject({ path: ['key'] });
	});
});

describe('amounts', () => {
	const price = (value: unknown) => orderSchema.safeParse({ kind: 'order', key, lines: [{ key: '1', quantity: 1, price: value }] });

	it.each([
		[0.005, '0.005'],
		['1234567.89000000', '1234567.89'],
		['-0.00', '0'],
		[100, '100'],
	])('%p is kept as %p', (value, text) => expect(price(value).data?.lines[0]!.price).toBe(text));

	it.each([
		['1,5', '"1,5" is not a decimal number'],
		['', '"" is not a decimal number'],
		[null, 'Invalid input'],
		[Number.NaN, expect.any(String)],
	])('%p is refused in words', (value, message) => expect(price(value).error?.issues[0]).toMatchObject({ path: ['lines', 0, 'price'], message }));

	it('that may be missing say what is wrong with them, too', () => {
		expect(invoiceSchema.safeParse({ kind: 'invoice', key, residual: 'much' }).error?.issues[0]).toMatchObject({ path: ['residual'], message: '"much" is not a decimal number' });
	});

	it('of zero are given, not missing', () => expect(invoiceSchema.parse({ kind: 'invoice', key, residual: 0 }).residual).toBe('0'));
});

describe('a document', () => {
	it('comes back the same from JSON, however often', () => {
		fc.assert(
			fc.property(anyOrder, (document) => {
				const once = documentSchema.parse(JSON.parse(JSON.stringify(document)));
				expect(JSON.parse(JSON.stringify(documentSchema.parse(JSON.parse(JSON.stringify(once)))))).toEqual(JSON.parse(JSON.stringify(once)));
			}),
		);
	});

	it('keeps odd characters as they are', () => {
		const name = '  O\'Brien & "Söhne" <b> Ёлка 🎉  ';
		expect(customerSchema.parse({ kind: 'customer', key, name }).name).toBe(name);
	});

	it('of an unknown kind is none', () => expect(documentSchema.safeParse({ kind: 'lead', key }).success).toBe(false));

	it('has a schema for each kind', () => expect(documentSchema.options.map((option) => option.shape.kind.value)).toEqual([...KINDS]));
});

describe('its name in messages', () => {
	it.each([
		[{ kind: 'quote', number: 'QUO3', subject: 'Five widgets' }, 'quote QUO3 "Five widgets"'],
		[{ kind: 'order', number: 'S00042' }, 'order S00042'],
		[{ kind: 'quote', number: 'QUO3', subject: 'QUO3' }, 'quote QUO3'],
		[{ kind: 'customer', name: 'Acme', source: { installation: 'vtiger', module: 'Accounts', id: '11x8', number: 'ACC1' } }, 'customer ACC1 "Acme"'],
		[{ kind: 'customer', name: 'Acme', source: { installation: 'vtiger', module: 'Accounts', id: '11x8' } }, 'customer 11x8 "Acme"'],
		[{ kind: 'product', name: 'Widget' }, `product ${key} "Widget"`],
		[{ kind: 'invoice', type: 'creditNote', number: 'RINV/1' }, 'credit note RINV/1'],
		[{ kind: 'invoice', number: 'INV/1' }, 'invoice INV/1'],
	])('%#: %j', (values, name) => expect(describeDocument(documentSchema.parse({ key, ...values }))).toBe(name));
});

describe('refs', () => {
	const ref = (system: string, id: string): Ref => ({ system, kind: 'order', id, key: `${system}:sale.order:${id}` });
	const order = orderSchema.parse({ kind: 'order', key });

	it('are found by system and kind', () => {
		const linked = withRef(withRef(order, ref('odoo', '1')), ref('odoo-2', '7'));
		expect([refTo(linked, 'odoo', 'order')?.id, refTo(linked, 'odoo-2', 'order')?.id, refTo(linked, 'odoo', 'invoice')]).toEqual(['1', '7', undefined]);
	});

	it('are replaced, not added twice, and leave the document alone', () => {
		const linked = withRef(withRef(order, ref('odoo', '1')), ref('odoo', '2'));
		expect(linked.refs.map(({ id }) => id)).toEqual(['2']);
		expect(order.refs).toEqual([]);
	});
});
