// The connector's rules that need no server: failures, domains, values, lines.
import * as fc from 'fast-check';
import { quoteSchema } from '../../../nodes/core/documents';
import { Failure, type FailureKind } from '../../../nodes/core/failure';
import { big, sum } from '../../../nodes/core/money';
import { readDomain } from '../../../nodes/OdooErp/odoo.domain';
import { httpFailure, loadFailure, plainText, serverFailure } from '../../../nodes/OdooErp/odoo.failures';
import { isEqual, pairLines } from '../../../nodes/OdooErp/odoo.order.check';
import { orderRows, plannedLines, planOrderLines } from '../../../nodes/OdooErp/odoo.order.plan';
import { sourceKeyOf } from '../../../nodes/OdooErp/odoo.refs';
import { decimal, fromIso, normalVat, type Row, toIso } from '../../../nodes/OdooErp/odoo.values';

describe('what an exception means', () => {
	it.each<[string, FailureKind]>([
		['odoo.exceptions.AccessDenied', 'denied'],
		['odoo.exceptions.AccessError', 'denied'],
		['odoo.exceptions.MissingError', 'missing'],
		['odoo.exceptions.UserError', 'rejected'],
		['odoo.exceptions.ValidationError', 'rejected'],
		['builtins.ValueError', 'rejected'],
		['psycopg2.errors.SerializationFailure', 'conflict'],
		['psycopg2.errors.DeadlockDetected', 'conflict'],
		['odoo.exceptions.LockError', 'conflict'],
		['psycopg2.OperationalError', 'unknown'],
		['psycopg2.pool.PoolError', 'transient'],
		['', 'rejected'],
	])('%s: %s', (name, kind) => {
		expect(serverFailure({ name, message: 'Testo in italiano' }, 'x/y').kind).toBe(kind);
	});

	it.each<[number, string, FailureKind]>([
		[200, '<p>Please sign in</p>', 'unknown'],
		[302, '', 'unknown'],
		[400, 'Invalid JSON data', 'rejected'],
		[401, '', 'denied'],
		[404, '<h1>Not Found</h1>', 'denied'],
		[404, 'No database is selected', 'denied'],
		[413, '', 'rejected'],
		[429, '', 'throttled'],
		[500, '', 'unknown'],
		[502, '<h1>502 Bad Gateway</h1>', 'unknown'],
		[503, '', 'unknown'],
		[504, '', 'unknown'],
	])('a page with status %s and "%s": %s', (status, text, kind) => {
		expect(httpFailure({ status, headers: {}, text }, 'x/y').kind).toBe(kind);
	});

	it('waits as long as Retry-After says', () => {
		expect(httpFailure({ status: 503, headers: { 'retry-after': '7' }, text: '' }, 'x')).toMatchObject({ kind: 'throttled', retryAfterMs: 7_000 });
	});

	it.each<[string, FailureKind]>([
		['could not serialize access due to concurrent update\n', 'conflict'],
		['ERROR: deadlock detected\nDETAIL: ...', 'conflict'],
		['Unknown error during import: <class \'odoo.exceptions.AccessError\'>: You are not allowed', 'denied'],
		['Errore sconosciuto: <class \'odoo.exceptions.ValidationError\'>: no', 'rejected'],
		['Value \'bogus\' not found in selection field \'Address Type\'', 'rejected'],
	])('a message of load(): %s', (message, kind) => {
		expect(loadFailure(message, undefined, 'x/load').kind).toBe(kind);
	});

	it('is told without tracebacks, row contents and markup', () => {
		expect(plainText('Bad <b>thing</b>\nTraceback (most recent call last):\n File "/opt/x.py"')).toBe('Bad thing');
		expect(plainText('violates check\nDETAIL:  Failing row contains (1, secret).')).toBe('violates check');
		expect(plainText('x'.repeat(2_000)).length).toBeLessThan(450);
	});
});

describe('a domain', () => {
	it.each(['', '  ', '[]', '[["name","=","x"]]', '["|",["a","=",1],["b","in",[1,2]]]', '["!",["a","=",true]]', '["&","|",["a","=",1],["b","=",2],["c.d","!=",false]]', '[["a","=",1],"|",["b","=",2],["c","=",3]]'])('%s is read', (given) => {
		expect(() => readDomain(given)).not.toThrow();
	});

	it.each([
		['name = x', /not JSON/],
		['{"a":1}', /not a list/],
		['[["name","="]]', /part 1.*no condition/],
		['[["name","~","x"]]', /part 1.*operator/],
		['[["na me","=","x"]]', /part 1.*field/],
		['["|",["a","=",1]]', /1 condition is missing/],
		['["x",["a","=",1]]', /part 1/],
	])('%s is refused', (given, message) => {
		expect(() => readDomain(given)).toThrow(Failure);
		expect(() => readDomain(given)).toThrow(message);
	});
});

describe('values', () => {
	it('lose the noise of floats', () => {
		expect([79.19999999999999, 0.8999999999999999, 1e21, 0, -0, 1234.5].map(decimal)).toEqual(['79.2', '0.9', '1000000000000000000000', '0', '0', '1234.5']);
	});

	it('of cents come through as they are', () => {
		fc.assert(fc.property(fc.integer({ min: -1e10, max: 1e10 }), (cents) => big(decimal(cents / 100)).eq(big(String(cents)).div(100))));
	});

	it('of time have Odoo\'s form there and ISO here', () => {
		expect(fromIso('2026-11-22T12:00:01.678Z')).toBe('2026-11-22 12:00:01');
		expect([toIso('2026-11-22 12:00:01'), toIso(false), toIso('2026-11-22')]).toEqual(['2026-11-22T12:00:01Z', undefined, undefined]);
	});

	it('of VAT numbers are compared by letters and digits', () => {
		expect(new Set(['IT 012.345', 'it012345', 'IT-012 345'].map(normalVat)).size).toBe(1);
	});

	it('of keys tell whose record it is', () => {
		expect(sourceKeyOf(['__export__.x', 'crm_erp.vtiger__sale_order__4x38'], 'sale.order')).toBe('vtiger:*:4x38');
		expect(sourceKeyOf(['crm_erp.vtiger__sale_order__4x38'], 'res.partner')).toBeUndefined();
		expect(sourceKeyOf(undefined, 'sale.order')).toBeUndefined();
	});
});

const settings = {
	precision: { quantity: 2, price: 2, discount: 2 },
	places: 2,
	company: { id: 1, currency: 'EUR', rounding: 'round_per_line' },
	taxes: [{ id: 3, name: '22%', rate: '22', included: false, sale: true, companyId: 1 }],
	taxField: 'tax_id',
	products: new Map([['A', [{ id: 1, name: 'A' }]], ['B', [{ id: 2, name: 'B' }]], ['D', [{ id: 9, name: 'Discount' }]]]),
};
const options = { chargeProducts: { discount: 'D', adjustment: 'D', shipping: 'D' } };
const cents = (min: number, max: number) => fc.integer({ min, max }).map((value) => (value / 100).toFixed(2));
const documents = fc
	.array(fc.record({ code: fc.constantFrom('A', 'B'), quantity: cents(1, 5_000), price: cents(0, 100_000), discountPercent: cents(0, 9_999), discountAmount: fc.option(cents(1, 50), { nil: undefined }), taxed: fc.boolean() }), { minLength: 1, maxLength: 12 })
	.map((lines) => quoteSchema.parse({ kind: 'quote', key: 'vtiger:Quotes:4x1', lines: lines.map(({ taxed, ...line }, i) => ({ ...line, key: String(i + 1), name: `Line ${i}`, taxes: taxed ? [{ rate: '22' }] : [] })) }));
const planOf = (document: ReturnType<typeof quoteSchema.parse>) => planOrderLines(document, plannedLines(document, settings.precision, 2), settings, options);
/** The lines as Odoo would give them back. */
const stored = (lines: ReturnType<typeof planOf>): Row[] => lines.map((line, i) => ({ id: i + 1, display_type: false, ...Object.fromEntries(line.cells.map((cell) => [cell.field, cell.field === 'product_id' ? [Number(cell.text), 'x'] : cell.field === 'tax_id' ? cell.text.split(',').filter(Boolean).map(Number) : cell.field === 'name' ? cell.text : Number(cell.text)])) }));

describe('lines', () => {
	it('sent and read back are equal, in any order', () => {
		fc.assert(
			fc.property(documents, fc.integer(), (document, seed) => {
				const lines = planOf(document);
				const rows = stored(lines).sort((a, b) => ((a.id * seed) % 7) - ((b.id * seed) % 7));
				expect(isEqual(pairLines(lines, rows))).toBe(true);
			}),
		);
	});

	it('of which one was changed, lost or added are not', () => {
		fc.assert(
			fc.property(documents, fc.nat(), fc.constantFrom('quantity', 'lost', 'added'), (document, at, what) => {
				const lines = planOf(document);
				const rows = stored(lines);
				const row = rows[at % rows.length]!;
				if (what === 'quantity') row.product_uom_qty = Number(row.product_uom_qty) + 0.01;
				if (what === 'lost') rows.splice(at % rows.length, 1);
				if (what === 'added') rows.push({ ...row, id: 999 });
				expect(isEqual(pairLines(lines, rows))).toBe(false);
			}),
		);
	});

	it('add up to the document to the cent, each row with quantity, price and discount', () => {
		fc.assert(
			fc.property(documents, (document) => {
				const lines = planOf(document);
				const rows = orderRows('crm_erp.vtiger__sale_order__4x1', document.key, [], lines);
				expect(new Set(rows.map((row) => row['order_line/id'])).size).toBe(rows.length);
				const net = sum(rows.map((row) => big(row['order_line/product_uom_qty']).times(row['order_line/price_unit']!).times(big('100').minus(row['order_line/discount']!)).div(100).round(2, 1)));
				expect(net.toFixed(2)).toBe(sum(lines.map((line) => line.net)).toFixed(2));
			}),
		);
	});
});
