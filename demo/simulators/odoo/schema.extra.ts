// Owns what no recorded `fields_get` tells: the small models around the recorded ones, the inverse of each one2many, the models' names.
// Must not know: records, calls.
import type { Version } from './versions';

const ACTIVE = 'active:boolean';
const PAYMENT = (v: Version) =>
	`name:char state:selection=${v >= 18 ? 'draft|in_process|paid|canceled|rejected' : 'draft|posted|sent|reconciled|cancelled'} amount:monetary payment_type:selection=outbound|inbound` +
	' partner_type:selection=customer|supplier partner_id:many2one>res.partner currency_id:many2one>res.currency date:date' +
	` reconciled_invoice_ids:many2many>account.move is_reconciled:boolean is_matched:boolean journal_id:many2one>account.journal ${v >= 18 ? 'memo' : 'ref'}:char` +
	` payment_reference:char move_id:many2one>account.move company_id:many2one>res.company ${v >= 17 ? 'payment_method_line_id:many2one>account.payment.method.line' : ''}`;

/** Models of which only what clients of the external API touch is simulated. */
export const EXTRA_MODELS: Record<string, (version: Version) => string> = {
	'ir.model.data': () => 'module:char! name:char! complete_name:char model:char! res_id:many2one_reference noupdate:boolean reference:char',
	'ir.model': () => 'name:char! model:char! state:char transient:boolean',
	'ir.model.fields': () =>
		'name:char! field_description:char model:char model_id:many2one>ir.model! ttype:char! relation:char required:boolean store:boolean state:char index:boolean copied:boolean',
	'ir.attachment': () => 'name:char! datas:binary res_model:char res_id:many2one_reference res_field:char mimetype:char file_size:integer checksum:char type:char',
	'ir.module.module': () => 'name:char state:char installed_version:char',
	'ir.actions.server': (v) => `name:char model_id:many2one>ir.model state:selection=${SERVER_ACTION_STATES[v]} code:text`,
	'decimal.precision': () => 'name:char! digits:integer!',
	'res.lang': () => `name:char! code:char! ${ACTIVE}`,
	'res.partner.category': () => `name:char! color:integer parent_id:many2one>res.partner.category ${ACTIVE}`,
	'res.country.state': () => 'name:char! code:char! country_id:many2one>res.country!',
	'res.users.apikeys': () => 'name:char! scope:char user_id:many2one>res.users expiration_date:datetime',
	'res.users.apikeys.description': () => 'name:char! duration:char expiration_date:datetime',
	'product.category': () => 'name:char! complete_name:char parent_id:many2one>product.category',
	'product.pricelist.item': () =>
		'pricelist_id:many2one>product.pricelist applied_on:selection=3_global|2_product_category|1_product|0_product_variant product_id:many2one>product.product' +
		' product_tmpl_id:many2one>product.template compute_price:selection=fixed|percentage|formula fixed_price:float percent_price:float min_quantity:float',
	'account.payment': PAYMENT,
	'account.payment.register': () =>
		'amount:monetary payment_date:date! communication:char journal_id:many2one>account.journal currency_id:many2one>res.currency' +
		' line_ids:many2many>account.move.line group_payment:boolean payment_method_line_id:many2one>account.payment.method.line partner_id:many2one>res.partner',
	'account.payment.method.line': () => 'name:char',
	'account.move.reversal': (v) =>
		`move_ids:many2many>account.move reason:char date:date journal_id:many2one>account.journal${v < 17 ? ' refund_method:selection=refund|cancel|modify' : ''}`,
	'sale.advance.payment.inv': () =>
		'advance_payment_method:selection=delivered|percentage|fixed! amount:float fixed_amount:monetary sale_order_ids:many2many>sale.order deduct_down_payments:boolean',
	'account.tax.group': () => 'name:char!',
	'account.fiscal.position.tax': () => 'position_id:many2one>account.fiscal.position tax_src_id:many2one>account.tax tax_dest_id:many2one>account.tax',
	'stock.move': (v) =>
		'name:char picking_id:many2one>stock.picking product_id:many2one>product.product product_uom_qty:float state:selection=draft|waiting|confirmed|partially_available|assigned|done|cancel' +
		` sale_line_id:many2one>sale.order.line ${v >= 17 ? 'quantity:float picked:boolean' : 'quantity_done:float reserved_availability:float'} company_id:many2one>res.company`,
	'stock.backorder.confirmation': () =>
		'pick_ids:many2many>stock.picking backorder_confirmation_line_ids:one2many>stock.backorder.confirmation.line show_transfers:boolean',
	'stock.backorder.confirmation.line': () => 'backorder_confirmation_id:many2one>stock.backorder.confirmation picking_id:many2one>stock.picking to_backorder:boolean',
	'stock.immediate.transfer': () => 'pick_ids:many2many>stock.picking immediate_transfer_line_ids:one2many>stock.immediate.transfer.line show_transfers:boolean',
	'stock.immediate.transfer.line': () => 'immediate_transfer_id:many2one>stock.immediate.transfer picking_id:many2one>stock.picking to_immediate:boolean',
};

const SERVER_ACTION_STATES: Record<Version, string> = {
	14: 'code|object_create|object_write|multi|email|followers|next_activity|sms',
	17: 'object_write|next_activity|mail_post|sms|followers|remove_followers|object_create|code|webhook|multi',
	18: 'object_write|next_activity|mail_post|sms|followers|remove_followers|object_create|code|webhook|multi',
	19: 'object_write|next_activity|mail_post|sms|followers|remove_followers|object_create|code|webhook|multi',
};

/** `model.one2many` -> the many2one on the other side. */
export const INVERSES: Record<string, string> = {
	'res.partner.child_ids': 'parent_id',
	'res.country.state_ids': 'country_id',
	'res.company.child_ids': 'parent_id',
	'product.template.product_variant_ids': 'product_tmpl_id',
	'product.pricelist.item_ids': 'pricelist_id',
	'sale.order.order_line': 'order_id',
	'sale.order.picking_ids': 'sale_id',
	'account.move.line_ids': 'move_id',
	'account.move.invoice_line_ids': 'move_id',
	'account.fiscal.position.tax_ids': 'position_id',
	'stock.picking.move_ids': 'picking_id',
	'stock.picking.move_lines': 'picking_id',
	'crm.lead.order_ids': 'opportunity_id',
	'stock.backorder.confirmation.backorder_confirmation_line_ids': 'backorder_confirmation_id',
	'stock.immediate.transfer.immediate_transfer_line_ids': 'immediate_transfer_id',
};

/** The models' names as error messages show them. */
export const MODEL_LABELS: Record<string, string> = {
	'res.partner': 'Contact',
	'res.users': 'User',
	'res.company': 'Companies',
	'res.country': 'Country',
	'res.currency': 'Currency',
	'product.product': 'Product Variant',
	'product.template': 'Product',
	'product.pricelist': 'Pricelist',
	'sale.order': 'Sales Order',
	'sale.order.line': 'Sales Order Line',
	'account.move': 'Journal Entry',
	'account.move.line': 'Journal Item',
	'account.tax': 'Tax',
	'account.journal': 'Journal',
	'account.payment': 'Payments',
	'ir.model.data': 'Model Data',
	'ir.model': 'Models',
	'ir.model.fields': 'Fields',
	'stock.picking': 'Transfer',
	'stock.move': 'Stock Move',
	'crm.lead': 'Lead/Opportunity',
	'account.payment.register': 'Register Payment',
};
