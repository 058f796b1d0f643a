// Owns the records the demo begins with: the CRM's goods with prices and stock, and a few counterparties.
// Must not know: the OData interface, any CRM's records.
import { bpBook } from './bp.seed';
import type { OnecSimulator } from '.';
import { COUNTERPARTIES, PRODUCTS, type SeedBook } from './seed.data';
import { attach } from './seed.parts';
import { utBook } from './ut.seed';
import { text } from './values';

/** Puts the demo's records in, as a person would. Running it again adds nothing. Gives each code's `Ref_Key`. */
export function seedDemo(simulator: OnecSimulator): { products: Record<string, string> } {
	const book: SeedBook = simulator.profile === 'ut' ? utBook(simulator) : bpBook(simulator);
	const products: Record<string, string> = {};
	const added: string[] = [];
	for (const product of PRODUCTS) {
		const known = simulator.records('Catalog_Номенклатура').find((row) => row['Артикул'] === product.code);
		products[product.code] = known ? text(known, 'Ref_Key') : book.product(product);
		if (!known) added.push(product.code);
	}
	if (added.length > 0) book.pricesAndStock(PRODUCTS.filter(({ code }) => added.includes(code)), products);
	for (const company of COUNTERPARTIES) {
		const known = simulator.records('Catalog_Контрагенты').some((row) => row['ИНН'] === company.inn && row['НаименованиеПолное'] === company.full && row['DeletionMark'] === (company.deleted ?? false));
		if (!known) book.counterparty(company);
	}
	attach(simulator, products['W-1'] ?? '', 'Паспорт изделия.txt', Buffer.from('Widget. Паспорт изделия.\n', 'utf8'));
	return { products };
}
