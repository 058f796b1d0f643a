// Proves the reading of the write options: every one of them, its default, and what is said of a wrong one.
import { upsertOptions } from '../../nodes/kit/options';

function read(parameters: Record<string, unknown>) {
	return upsertOptions((name, _index, fallback) => (name in parameters ? parameters[name] : fallback), 0);
}

const DEFAULTS = { skip: false, confirm: false, dryRun: false, overrides: [], taxes: [], rounding: { mode: 'explained', tolerance: undefined }, taxSource: 'mapped', matchBy: 'none', chargeProducts: {}, settings: {} };

it('nothing chosen: the defaults', () => {
	expect(read({})).toEqual(DEFAULTS);
	expect(read({ options: undefined, fieldOverrides: undefined, taxMapping: null })).toEqual(DEFAULTS);
});

it.each([
	[{ inCrm: 'skip' }, { skip: true }],
	[{ inCrm: 'create' }, { skip: false }],
	[{ confirm: true }, { confirm: true }],
	[{ confirm: 'true' }, { confirm: false }],
	[{ dryRun: true }, { dryRun: true }],
	[{ options: { rounding: 'exact' } }, { rounding: { mode: 'exact', tolerance: undefined } }],
	[{ options: { rounding: 'tolerance', tolerance: '0.050' } }, { rounding: { mode: 'tolerance', tolerance: '0.05' } }],
	[{ options: { rounding: 'tolerance', tolerance: 0.02 } }, { rounding: { mode: 'tolerance', tolerance: '0.02' } }],
	[{ options: { tolerance: '' } }, { rounding: { mode: 'explained', tolerance: undefined } }],
	[{ options: { taxSource: 'target' } }, { taxSource: 'target' }],
	[{ options: { matchBy: 'email' } }, { matchBy: 'email' }],
	[{ options: { discountProduct: 'D', shippingProduct: '', adjustmentProduct: 'A' } }, { chargeProducts: { discount: 'D', adjustment: 'A' } }],
	[{ fieldOverrides: {} }, { overrides: [] }],
	[{ fieldOverrides: { row: [{ field: 'note', path: 'subject' }] } }, { overrides: [{ field: 'note', source: 'documentField', path: 'subject' }] }],
	[{ fieldOverrides: { row: [{ field: 'note', source: 'expression', expression: '1 + 1', path: 'left over' }] } }, { overrides: [{ field: 'note', source: 'expression', expression: '1 + 1', path: 'left over' }] }],
	[{ taxMapping: { row: [{ from: ' VAT 22 ', to: 7 }] } }, { taxes: [{ from: 'VAT 22', to: '7' }] }],
	[{ options: { organization: 'a1', vatIncluded: true, warehouse: '' } }, { settings: { organization: 'a1', vatIncluded: 'true' } }],
])('%j is %j', (parameters, expected) => expect(read(parameters)).toEqual({ ...DEFAULTS, ...expected }));

it.each([
	[{ fieldOverrides: { row: [{ field: 'note', path: 'subject' }, { field: '', path: 'subject' }] } }, 'Field override 2 is not complete. Choose the target field'],
	[{ fieldOverrides: { row: [{ field: 'note', source: 'expression', path: 'subject' }] } }, 'Field override 1 is not complete'],
	[{ taxMapping: { row: [{ from: 'VAT', to: '' }] } }, 'Row 1 of the tax mapping is not complete'],
	[{ taxMapping: { row: [{ from: ' ', to: '7' }] } }, 'Row 1 of the tax mapping is not complete'],
	[{ options: { tolerance: 'two cents' } }, 'The tolerance "two cents" is not an amount. e.g. 0.02.'],
	[{ options: { tolerance: '-1' } }, 'The tolerance "-1" is not an amount'],
])('%j is told as %p', (parameters, message) => expect(() => read(parameters)).toThrow(message));

it.each([[{ options: { rounding: 'sometimes' } }], [{ options: { matchBy: 'smell' } }], [{ fieldOverrides: { row: [{ field: 'x', source: 'elsewhere' }] } }], [{ options: 'text' }]])('%j is refused', (parameters) => expect(() => read(parameters)).toThrow());
