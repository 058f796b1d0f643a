// Owns the demo's catalogue: products with the CRM's codes, the taxes of its rates, price lists in both currencies.
// Must not know: any CRM's records, any workflow.
import type { OdooSimulator } from './index';

interface Product {
	code: string;
	name: string;
	price: number;
	service?: boolean;
}

const PRODUCTS: Product[] = [
	{ code: 'W-1', name: 'Widget', price: 100 },
	{ code: 'W-2', name: 'Gadget', price: 19.99 },
	{ code: 'W-3', name: 'Cable 3m', price: 4.5 },
	{ code: 'W-4', name: 'Server', price: 2500 },
	{ code: 'SER1', name: 'Install', price: 50, service: true },
	{ code: 'SER2', name: 'Support', price: 120, service: true },
];

/** Rates the CRM charges: VAT, Sales, Service. */
const RATES: Array<[string, number]> = [
	['VAT 4.5%', 4.5],
	['Sales 10%', 10],
	['Service 12.5%', 12.5],
];

/** Puts the catalogue into the ERP, as an administrator would. Running it again adds nothing. */
export function seedDemo(sim: OdooSimulator): void {
	const taxes = seedTaxes(sim);
	for (const product of PRODUCTS) {
		if (sim.records('product.product').some((p) => p['default_code'] === product.code)) continue;
		sim.insert('product.product', {
			name: product.name,
			default_code: product.code,
			list_price: product.price,
			type: product.service ? 'service' : 'consu',
			invoice_policy: 'order',
			taxes_id: [[6, 0, [taxes.get(10) ?? 0].filter((id) => id > 0)]],
		});
	}
	seedPricelists(sim);
}

/** Adds the rates the shipped state lacks; two taxes of one rate would be ambiguous to a client that looks by rate. */
function seedTaxes(sim: OdooSimulator): Map<number, number> {
	const found = new Map<number, number>();
	const group = sim.records('account.tax')[0]?.['tax_group_id'] ?? false;
	for (const [name, amount] of RATES) {
		const known = sim.records('account.tax').find((t) => t['amount'] === amount && t['type_tax_use'] === 'sale' && t['company_id'] === 1 && t['price_include'] !== true);
		found.set(
			amount,
			known?.id ?? sim.insert('account.tax', { name, amount, amount_type: 'percent', type_tax_use: 'sale', company_id: 1, tax_group_id: group, sequence: 2 }),
		);
	}
	return found;
}

function seedPricelists(sim: OdooSimulator): void {
	for (const code of ['EUR', 'USD']) {
		const currency = sim.records('res.currency').find((c) => c['name'] === code)?.id ?? 0;
		const known = sim.records('product.pricelist').some((p) => p['currency_id'] === currency && (p['company_id'] === 1 || p['company_id'] === false));
		if (!known && currency > 0) sim.insert('product.pricelist', { name: `${code} list`, currency_id: currency, sequence: 20 });
	}
}
