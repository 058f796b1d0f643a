// Owns the records the demo begins with: the CRM's goods and a few customers of the ERP's own. Must not know any API, any CRM's records.
import type { Desk } from './books.desk';

const PRODUCTS = [
	{ code: 'W-1', name: 'Widget', price: '100' },
	{ code: 'W-2', name: 'Gadget', price: '19.99' },
	{ code: 'W-3', name: 'Cable 3m', price: '4.5' },
	{ code: 'W-4', name: 'Server', price: '2500' },
	{ code: 'SER1', name: 'Install', price: '50', service: true },
	{ code: 'SER2', name: 'Support', price: '120', service: true },
];

const CUSTOMERS = [
	{ name: 'Harbour Supplies', vat: 'DE100000016', email: 'office@harbour-supplies.example', phone: '+49 40 555 0160' },
	{ name: 'Meadow Dairy', vat: 'DE100000024', email: 'office@meadow-dairy.example', phone: '+49 40 555 0161' },
];

/** Puts the catalogue in, as an administrator would. Running it again adds nothing. */
export function seedDemo({ desk }: { desk: Desk }): void {
	const codes = desk.books.rows('products').map(({ code }) => code);
	for (const product of PRODUCTS) if (!codes.includes(product.code)) desk.product(product);
	const names = desk.books.rows('customers').map(({ name }) => name);
	for (const customer of CUSTOMERS) if (!names.includes(customer.name)) desk.customer(customer);
}
