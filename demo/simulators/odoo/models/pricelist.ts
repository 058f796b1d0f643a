// Owns which price list a customer gets and which currency that means.
// Must not know: orders, prices of single products.
import { num, ref } from '../json';
import type { Env } from '../world';

/** The customer's own list, else the company's first. */
export function defaultPricelist(env: Env, partnerId: number, company: number): number | false {
	const partner = env.store.get('res.partner', partnerId);
	const own = ref(partner?.['specific_property_product_pricelist']) || ref(partner?.['property_product_pricelist']);
	if (own > 0) return own;
	const lists = env.store.rows('product.pricelist').filter((p) => p['active'] !== false && (!p['company_id'] || p['company_id'] === company));
	return lists.sort((a, b) => num(a['sequence']) - num(b['sequence']) || a.id - b.id)[0]?.id ?? false;
}

export function currencyOf(env: Env, pricelist: number, company: number): number {
	return ref(env.store.get('product.pricelist', pricelist)?.['currency_id']) || ref(env.store.get('res.company', company)?.['currency_id']);
}
