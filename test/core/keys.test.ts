// Proves that a key names one record for ever: there and back again, and never two records under one name.
import fc from 'fast-check';
import { checkInstallation, formatKey, odooExternalId, parseKey, parseOdooExternalId } from '../../nodes/core/keys';

const anyInstallation = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,30}$/);
const anyModule = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !text.includes(':'));
const anyId = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !/[\ud800-\udfff]/.test(text));
const anyModel = fc.constantFrom('res.partner', 'sale.order', 'sale.order.line', 'product.product', 'account.move');

describe('a key', () => {
	it('reads as installation, module and id', () => {
		expect(formatKey({ installation: 'vtiger', module: 'SalesOrder', id: '6x39' })).toBe('vtiger:SalesOrder:6x39');
	});

	it('comes back, with any module and an id of any characters, colons among them', () => {
		fc.assert(fc.property(anyInstallation, anyModule, anyId, (installation, module, id) => expect(parseKey(formatKey({ installation, module, id }))).toEqual({ installation, module, id })));
	});

	it.each(['', 'vtiger', 'vtiger:Quotes', 'vtiger:Quotes:', ':Quotes:1', 'vtiger::1'])('is not %p', (text) => expect(parseKey(text)).toBeUndefined());
});

describe('an installation name', () => {
	it.each(['vtiger', 'crm-2', 'A', 'a'.repeat(31)])('may be %p', (name) => expect(checkInstallation(` ${name} `)).toBe(name));
	it.each(['', '-a', 'a_b', 'a:b', 'a b', 'ä', 'a'.repeat(32)])('may not be %p', (name) => expect(() => checkInstallation(name)).toThrow('cannot be part of an external key'));
});

describe('an Odoo external id', () => {
	it('holds module, installation, model and id, as recorded on real servers', () => {
		expect(odooExternalId('vtiger:Accounts:11x8', 'res.partner')).toBe('crm_erp.vtiger__res_partner__11x8');
		expect(odooExternalId('vtiger:SalesOrder:6x39', 'sale.order.line', '2')).toBe('crm_erp.vtiger__sale_order_line__6x39_2');
	});

	it('gives installation and id back, whatever the id', () => {
		fc.assert(fc.property(anyInstallation, anyId, anyModel, (installation, id, model) => expect(parseOdooExternalId(odooExternalId(formatKey({ installation, module: 'M', id }), model), model)).toEqual({ installation, id })));
	});

	it('differs for different ids', () => {
		fc.assert(
			fc.property(anyId, anyId, anyModel, (a, b, model) => {
				fc.pre(a !== b);
				expect(odooExternalId(`vtiger:M:${a}`, model)).not.toBe(odooExternalId(`vtiger:M:${b}`, model));
			}),
		);
		const alike = ['A 1', 'A_1', 'A%201', 'A%2520', 'A\u00a01', 'A%', 'A%41'].map((id) => odooExternalId(`rest:M:${id}`, 'res.partner'));
		expect(new Set(alike).size).toBe(alike.length);
		expect(alike.map((id) => parseOdooExternalId(id, 'res.partner')?.id)).toEqual(['A 1', 'A_1', 'A%201', 'A%2520', 'A\u00a01', 'A%', 'A%41']);
	});

	it('never holds a blank, which Odoo refuses', () => {
		fc.assert(fc.property(anyId, (id) => expect(odooExternalId(`vtiger:M:${id}`, 'res.partner')).not.toMatch(/\s/)));
	});

	it('is read for its own model only', () => {
		expect(parseOdooExternalId('crm_erp.vtiger__sale_order_line__6x39_1', 'sale.order')).toBeUndefined();
		expect(parseOdooExternalId('crm_erp.vtiger__sale_order__x__res_partner__y', 'res.partner')).toBeUndefined();
		fc.assert(
			fc.property(anyId, anyModel, anyModel, (id, model, other) => {
				fc.pre(model !== other);
				expect(parseOdooExternalId(odooExternalId(`vtiger:M:${id}`, model), other)).toBeUndefined();
			}),
		);
	});

	it.each(['base.main_company', '__export__.res_partner_1', 'crm_erp.', 'crm_erp.vtiger', 'other.vtiger__res_partner__1'])('of somebody else is left alone: %p', (text) => expect(parseOdooExternalId(text, 'res.partner')).toBeUndefined());

	it('with a percent that nobody here wrote is read as it is', () => {
		expect(parseOdooExternalId('crm_erp.vtiger__res_partner__100%', 'res.partner')).toEqual({ installation: 'vtiger', id: '100%' });
	});

	it('cannot be made of a text that is no key', () => expect(() => odooExternalId('6x39', 'sale.order')).toThrow('"6x39" is not an external key'));
});
