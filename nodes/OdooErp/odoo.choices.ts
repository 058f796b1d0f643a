// Owns the lists that the editor offers: taxes, products and the like. Writes nothing.
import type { Services } from './odoo.customers';
import { text } from './odoo.values';

export interface Choice {
	name: string;
	value: string;
	description?: string;
}

/** More than anybody scrolls through. */
const LONGEST_LIST = 1_000;

const LISTS: Record<string, (services: Services) => Promise<Choice[]>> = {
	taxes: async ({ metadata }) => {
		const company = await metadata.company();
		const own = (await metadata.taxes()).filter((tax) => tax.sale && (tax.companyId === undefined || tax.companyId === company.id));
		return own.map((tax) => ({ name: tax.name, value: String(tax.id), description: [tax.rate === undefined ? '' : `${tax.rate} %`, tax.included ? 'included in the price' : ''].filter(Boolean).join(', ') || undefined }));
	},
	pricelists: async ({ metadata }) => (await metadata.pricelists()).map(({ id, name, currency }) => ({ name: `${name} (${currency})`, value: String(id) })),
	products: async (services) => (await products(services)).map(({ id, code, name }) => ({ name: code ? `${name} [${code}]` : name, value: String(id) })),
	productCodes: async (services) => (await products(services)).flatMap(({ code, name }) => (code ? [{ name: `${name} [${code}]`, value: code }] : [])),
	companies: async ({ session }) => (await session.searchRead('res.company', [], ['name'], { order: 'name' })).map((row) => ({ name: text(row.name) ?? '', value: String(row.id) })),
	models: async ({ session }) => (await session.searchRead('ir.model', [['transient', '=', false]], ['model', 'name'], { order: 'name' })).map((row) => ({ name: `${text(row.name) ?? ''} (${String(row.model)})`, value: String(row.model) })),
	countries: async ({ metadata }) => (await metadata.countries()).map(({ code, name }) => ({ name, value: code })),
};

/** An unknown list is empty: an older workflow may ask for one that is gone. */
export async function choices(list: string, services: Services): Promise<Choice[]> {
	const found = (await LISTS[list]?.(services)) ?? [];
	return found.sort((a, b) => a.name.localeCompare(b.name));
}

async function products({ session }: Services): Promise<Array<{ id: number; code?: string; name: string }>> {
	const rows = await session.searchRead('product.product', [['sale_ok', '=', true]], ['default_code', 'name'], { limit: LONGEST_LIST });
	return rows.map((row) => ({ id: row.id, code: text(row.default_code), name: text(row.name) ?? '' }));
}
