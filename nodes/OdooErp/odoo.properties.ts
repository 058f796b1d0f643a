// Owns the parameters that only the Odoo nodes have. No logic.
import type { INodeProperties } from 'n8n-workflow';
import { documentProperty, operationProperties, overrideProperties, readProperties, recordProperties, resourceProperty, type ExtraOperation, type Wording } from '../kit/properties';
import { onlyFromCrm, watchedKind } from '../kit/properties.trigger';
import { chargeProducts, matchBy, optionsOf, rounding, taxMapping, taxSource, tolerance } from '../kit/properties.writing';
import { odoo } from './odoo.system';

const wording: Wording = {
	customer: { name: 'Customer', singular: 'customer', plural: 'customers', description: 'Company or person with its contacts and addresses' },
	product: { name: 'Product', singular: 'product', plural: 'products', description: 'Product or service with price, cost and stock' },
	order: { name: 'Sales Order', singular: 'sales order', plural: 'sales orders', description: 'Sales order with its lines, taxes and what was delivered' },
	invoice: { name: 'Invoice', singular: 'invoice', plural: 'invoices', description: 'Customer invoice or credit note with its lines and what was paid' },
};

const extra: ExtraOperation[] = [
	{ kinds: ['order'], option: { name: 'Confirm', value: 'confirm', description: 'Turn the quotation into a sales order', action: 'Confirm a sales order' } },
	{ kinds: ['order'], option: { name: 'Cancel', value: 'cancel', description: 'Cancel the sales order', action: 'Cancel a sales order' } },
];

const orderProperties: INodeProperties[] = [
	{ displayName: 'Confirm When the Totals Agree', name: 'confirm', type: 'boolean', default: true, displayOptions: { show: { resource: ['order'], operation: ['upsert'] } }, description: 'Whether to confirm the order once its lines and totals were read back and agree with the quote. It stays a quotation otherwise.' },
	taxMapping('Which Odoo tax stands for which tax of the CRM. A tax without a row is found by its rate when exactly one sales tax has it.', { name: 'Odoo Tax', description: 'The tax in Odoo.' }),
];

const optionProperties: INodeProperties[] = [
	optionsOf('order', [
		...chargeProducts('Odoo product'),
		rounding({ erp: 'Odoo', explained: 'Odoo\'s way of rounding taxes', stays: 'a quotation' }),
		taxSource({ name: 'From Odoo', description: 'The taxes of the Odoo products through the customer\'s fiscal position' }),
		tolerance(),
	]),
	optionsOf('customer', [matchBy({ reference: 'Odoo\'s internal reference equal to the CRM\'s number', order: 'VAT number, then by this' })]),
];

export const odooProperties: INodeProperties[] = [
	resourceProperty(odoo.capabilities, wording),
	...operationProperties(odoo.capabilities, wording, extra),
	...readProperties(odoo.capabilities),
	documentProperty(['upsert', 'confirm', 'cancel']),
	...orderProperties,
	...optionProperties,
	...overrideProperties(odoo.capabilities),
	...recordProperties({ module: 'Model', filterHint: 'Odoo domain as JSON', filterPlaceholder: 'e.g. [["is_company", "=", true]]' }),
];

export const odooTriggerProperties: INodeProperties[] = [
	{
		displayName: 'Event',
		name: 'event',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Invoice Changed', value: 'invoiceChanged', description: 'An invoice or credit note was posted, paid or cancelled' },
			{ name: 'Order Changed', value: 'orderChanged', description: 'A sales order was confirmed, delivered, invoiced, changed or cancelled' },
			{ name: 'Record Changed', value: 'recordChanged', description: 'A document of a kind was created or changed' },
		],
		default: 'invoiceChanged',
		description: 'What starts the workflow',
	},
	watchedKind(wording),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{ displayName: 'From Date', name: 'fromDate', type: 'dateTime', default: '', description: 'Deliver changes from this time on; without it, only changes after the activation' },
			{ displayName: 'Limit', name: 'limit', type: 'number', typeOptions: { minValue: 1 }, default: 50, description: 'Max number of results to return' },
			{ displayName: 'Look Back (Minutes)', name: 'overlap', type: 'number', typeOptions: { minValue: 0 }, default: 5, description: 'How far each poll looks back for changes that became visible late, e.g. long imports; nothing is delivered twice for it' },
			onlyFromCrm({ hide: { '/event': ['recordChanged'] } }),
		],
	},
];
