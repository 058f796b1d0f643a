// Owns how the 1C nodes name their documents, and what only 1C's orders can do. No logic.
import type { ExtraOperation, Wording } from '../kit/properties';

export const wording: Wording = {
	customer: { name: 'Customer', singular: 'customer', plural: 'customers', description: 'Client with its legal entity (Партнер, Контрагент) and contacts' },
	product: { name: 'Product', singular: 'product', plural: 'products', description: 'Product or service (Номенклатура) with price and stock' },
	order: { name: 'Sales Order', singular: 'sales order', plural: 'sales orders', description: 'Customer order with lines and what was shipped; in БП the Счет на оплату' },
	invoice: { name: 'Invoice', singular: 'invoice', plural: 'invoices', description: 'Shipment (Реализация товаров) with its lines and what was paid' },
};

export const extraOperations: ExtraOperation[] = [
	{ kinds: ['order'], option: { name: 'Confirm', value: 'confirm', description: 'Post the order and set it to be fulfilled', action: 'Confirm a sales order' } },
	{ kinds: ['order'], option: { name: 'Cancel', value: 'cancel', description: 'Take back the posting of the order and mark it for deletion; refused once something was shipped', action: 'Cancel a sales order' } },
];
