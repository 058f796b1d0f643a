// Owns what a freshly installed Odoo 14 is given before it becomes the template: users, taxes, currencies, products.
// Written as an administrator would click it, through Odoo's own JSON-RPC. Must not know how the server was started.
import { OdooUser } from './jsonrpc';

/** Fixed: the server lives on loopback, and its data is thrown away after each run. */
export const ADMIN = { login: 'admin', password: 'admin' } as const;
/** The user the nodes are given: Sales, Invoicing, Inventory and Contacts, no settings. */
export const INTEGRATION = { login: 'integration', password: 'integration' } as const;

// What a salesperson with the billing desk's rights may do; base.group_system and group_erp_manager are left out.
const GROUPS = ['base.group_user', 'base.group_partner_manager', 'sales_team.group_sale_manager', 'account.group_account_invoice', 'stock.group_stock_user'];

const SALE_TAXES = [
	{ name: 'VAT 4.5%', amount: 4.5 },
	{ name: 'VAT 10%', amount: 10 },
	{ name: 'VAT 12.5%', amount: 12.5 },
	{ name: 'VAT 22%', amount: 22 },
];

// Both kinds that need no stock on hand, each invoiced by what was ordered and by what was delivered.
const PRODUCTS = [
	{ default_code: 'W-1', name: 'Widget', list_price: 100, type: 'consu', invoice_policy: 'order' },
	{ default_code: 'W-2', name: 'Gadget', list_price: 19.99, type: 'consu', invoice_policy: 'order' },
	{ default_code: 'W-3', name: 'Cable 3m', list_price: 4.5, type: 'consu', invoice_policy: 'delivery' },
	{ default_code: 'W-4', name: 'Server', list_price: 2500, type: 'consu', invoice_policy: 'order' },
	{ default_code: 'W-5', name: 'Install', list_price: 50, type: 'service', invoice_policy: 'order' },
	{ default_code: 'W-6', name: 'Support', list_price: 120, type: 'service', invoice_policy: 'delivery' },
];

// Odoo's paid services: nothing may leave this machine.
const SILENCED_ENDPOINTS = ['iap.endpoint', 'iap.partner_autocomplete.endpoint', 'reveal.endpoint', 'enrich.endpoint', 'sms.endpoint', 'snailmail.endpoint'];

/** Fills the database of an Odoo that was installed without demo data. */
export async function seed(url: string, database: string): Promise<void> {
	const admin = await OdooUser.login(url, database, ADMIN.login, ADMIN.password);
	for (const key of SILENCED_ENDPOINTS) await admin.call('ir.config_parameter', 'set_param', [key, 'http://127.0.0.1:9']);
	await setCurrencies(admin);
	for (const tax of SALE_TAXES) await admin.create('account.tax', { ...tax, amount_type: 'percent', type_tax_use: 'sale', description: tax.name });
	// Without taxes of their own: a line's taxes come from the caller or are visibly none.
	for (const product of PRODUCTS) await admin.create('product.product', { ...product, taxes_id: [[6, 0, []]] });
	await addIntegrationUser(admin);
}

/** The company keeps its dollars; euros are the foreign currency with a price list of their own. */
async function setCurrencies(admin: OdooUser): Promise<void> {
	const [euro, dollar] = [await admin.idOf('base.EUR'), await admin.idOf('base.USD')];
	await admin.call('res.currency', 'write', [[euro, dollar], { active: true }]);
	const company = await admin.idOf('base.main_company');
	await admin.call('res.company', 'write', [[company], { name: 'Example Trading' }]);
	// 1 EUR = 1.1 USD from a day before anything can be dated.
	await admin.create('res.currency.rate', { name: '2020-01-01', currency_id: euro, company_id: company, rate: 1 / 1.1 });
	await admin.create('product.pricelist', { name: 'Euro', currency_id: euro });
}

async function addIntegrationUser(admin: OdooUser): Promise<void> {
	const groups: number[] = [];
	for (const group of GROUPS) groups.push(await admin.idOf(group));
	const user = {
		...INTEGRATION,
		name: 'Integration',
		email: 'integration@example.test',
		lang: 'en_US',
		// Not UTC: load() reads times in the user's zone unless the caller's context says otherwise.
		tz: 'Europe/Rome',
		groups_id: [[6, 0, groups]],
	};
	await admin.create('res.users', user, { no_reset_password: true });
}
