// Owns the parameters that only the Odoo nodes have. No logic.
import type { INodeProperties } from 'n8n-workflow';
import { documentProperty, operationProperties, overrideProperties, readProperties, recordProperties, resourceProperty, type ExtraOperation, type Wording } from '../kit/properties';
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
	{
		displayName: 'Tax Mapping',
		name: 'taxMapping',
		type: 'fixedCollection',
		placeholder: 'Add Tax',
		typeOptions: { multipleValues: true },
		default: {},
		displayOptions: { show: { resource: ['order'], operation: ['upsert'] } },
		description: 'Which Odoo tax stands for which tax of the CRM. A tax without a row is found by its rate when exactly one sales tax has it.',
		options: [
			{
				displayName: 'Tax',
				name: 'row',
				values: [
					{ displayName: 'CRM Tax', name: 'from', type: 'string', default: '', placeholder: 'e.g. VAT 22', description: 'Name, rate, or name and rate of the tax in the CRM' },
					{ displayName: 'Odoo Tax Name or ID', name: 'to', type: 'options', typeOptions: { loadOptionsMethod: 'getTaxes' }, default: '', description: 'The tax in Odoo. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.' },
				],
			},
		],
	},
];

const optionProperties: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: { show: { resource: ['order'], operation: ['upsert'] } },
		options: [
			{ displayName: 'Product for Adjustments Name or ID', name: 'adjustmentProduct', type: 'options', typeOptions: { loadOptionsMethod: 'getProductCodes' }, default: '', description: 'The Odoo product that carries the document\'s adjustment. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.' },
			{ displayName: 'Product for Discounts Name or ID', name: 'discountProduct', type: 'options', typeOptions: { loadOptionsMethod: 'getProductCodes' }, default: '', description: 'The Odoo product that carries a discount on the whole document. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.' },
			{ displayName: 'Product for Shipping Name or ID', name: 'shippingProduct', type: 'options', typeOptions: { loadOptionsMethod: 'getProductCodes' }, default: '', description: 'The Odoo product that carries shipping and handling. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.' },
			{
				displayName: 'Rounding',
				name: 'rounding',
				type: 'options',
				options: [
					{ name: 'Exact to the Cent', value: 'exact', description: 'Any difference between the totals stops the order' },
					{ name: 'Explained Differences Only', value: 'explained', description: 'A difference is accepted only when Odoo\'s way of rounding taxes explains it to the cent' },
					{ name: 'Up to an Amount', value: 'tolerance', description: 'A difference up to the tolerance is accepted' },
				],
				default: 'explained',
				description: 'Which difference between the totals of CRM and Odoo is accepted. Anything else stays a quotation.',
			},
			{
				displayName: 'Taxes',
				name: 'taxSource',
				type: 'options',
				options: [
					{ name: 'From the CRM', value: 'mapped', description: 'The taxes of the quote, through the tax mapping' },
					{ name: 'From Odoo', value: 'target', description: 'The taxes of the Odoo products through the customer\'s fiscal position' },
				],
				default: 'mapped',
			},
			{ displayName: 'Tolerance', name: 'tolerance', type: 'string', default: '0.02', placeholder: 'e.g. 0.02', displayOptions: { show: { rounding: ['tolerance'] } }, description: 'Largest accepted difference in the currency of the order' },
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: { show: { resource: ['customer'], operation: ['upsert'] } },
		options: [
			{
				displayName: 'Also Match By',
				name: 'matchBy',
				type: 'options',
				options: [
					{ name: 'Email', value: 'email' },
					{ name: 'Name', value: 'name' },
					{ name: 'Nothing Else', value: 'none' },
					{ name: 'Phone', value: 'phone' },
					{ name: 'Reference', value: 'reference', description: 'Odoo\'s internal reference equal to the CRM\'s number' },
				],
				default: 'none',
				description: 'An existing customer is found by the key written earlier, then by VAT number, then by this. Two matches are never chosen between: the item goes to the error output.',
			},
		],
	},
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

const documentKinds = (['customer', 'product', 'order', 'invoice'] as const).map((kind) => ({ name: wording[kind]!.name, value: kind, description: wording[kind]!.description }));

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
	},
	{ displayName: 'Document', name: 'kind', type: 'options', displayOptions: { show: { event: ['recordChanged'] } }, options: [...documentKinds].sort((a, b) => a.name.localeCompare(b.name)), default: 'customer', description: 'Which kind of document to watch' },
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
			{ displayName: 'Only From the CRM', name: 'onlyLinked', type: 'boolean', default: true, displayOptions: { hide: { '/event': ['recordChanged'] } }, description: 'Whether to deliver only documents whose order was made from a CRM quote' },
		],
	},
];
