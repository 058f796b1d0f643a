// Owns how the REST nodes name their documents, and what can be done with some of them alone. No logic.
import type { ExtraOperation, Wording } from '../kit/properties';

export const wording: Wording = {
	customer: { name: 'Customer', singular: 'customer', plural: 'customers', description: 'Company or person with contacts and addresses' },
	product: { name: 'Product', singular: 'product', plural: 'products', description: 'Product or service' },
	opportunity: { name: 'Opportunity', singular: 'opportunity', plural: 'opportunities', description: 'Deal that a quote belongs to' },
	quote: { name: 'Quote', singular: 'quote', plural: 'quotes', description: 'Quote with its lines, taxes and customer' },
	order: { name: 'Sales Order', singular: 'sales order', plural: 'sales orders', description: 'Sales order with its lines, taxes and customer' },
	invoice: { name: 'Invoice', singular: 'invoice', plural: 'invoices', description: 'Invoice or credit note with its lines and what was paid' },
};

export const extraOperations: ExtraOperation[] = [
	{ kinds: ['order'], option: { name: 'Confirm', value: 'confirm', description: 'Turn the draft into a confirmed sales order', action: 'Confirm a sales order' } },
	{ kinds: ['order'], option: { name: 'Cancel', value: 'cancel', description: 'Cancel the sales order', action: 'Cancel a sales order' } },
	{ kinds: ['opportunity'], option: { name: 'Mark as Won', value: 'markAsWon', description: 'Set the opportunity of the incoming quote or order to won', action: 'Mark an opportunity as won' } },
	{ kinds: ['quote', 'order', 'invoice', 'customer'], option: { name: 'Write ERP Status', value: 'link', description: 'Write the ERP\'s number and status, or the reason why it did not work, onto the record', action: 'Write ERP status onto a record' } },
];
