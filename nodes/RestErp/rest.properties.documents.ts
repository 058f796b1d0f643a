// Owns the options of writing documents by a profile: as an ERP (taxes, totals, confirming) and as a CRM (status of the ERP).
// Named as in the nodes of the other systems, so that a template's system is swapped by swapping the node. No logic.
import type { INodeProperties } from 'n8n-workflow';
import { chargeProducts, linkProperties, matchBy, optionsOf, rounding, taxMapping, taxSource, tolerance } from '../kit/properties.writing';

const crmFields = linkProperties({ status: 'Written where the profile keeps the ERP\'s status', message: 'Written where the salesperson sees it', missing: 'here' });

const orderOptions = optionsOf('order', [
	...chargeProducts('product'),
	rounding({ erp: 'ERP', explained: 'the ERP\'s way of rounding taxes', stays: 'a draft' }),
	taxSource({ name: 'From the ERP', description: 'The taxes that the ERP gives products and customer by itself' }),
	tolerance(),
]);

const customerOptions = optionsOf('customer', [matchBy({ reference: 'The ERP\'s number equal to the CRM\'s number', order: 'VAT number, then by this, as far as the profile can search' })]);

export const documentOptions: INodeProperties[] = [
	{
		displayName: 'Sales Order in This System',
		name: 'inCrm',
		type: 'options',
		displayOptions: { show: { resource: ['order'], operation: ['upsert'] } },
		options: [
			{ name: 'Create', value: 'create', description: 'Write the sales order' },
			{ name: 'Do Not Create', value: 'skip', description: 'Where this system is the CRM: go straight from its quote to the ERP, and write nothing here' },
		],
		default: 'create',
		description: 'Whether the order is written at all; leave it at "Create" where this system is the ERP',
	},
	{ displayName: 'Confirm When the Totals Agree', name: 'confirm', type: 'boolean', default: true, displayOptions: { show: { resource: ['order'], operation: ['upsert'] } }, description: 'Whether to confirm the order once its lines and totals were read back and agree with the quote. It stays a draft otherwise.' },
	taxMapping('Which tax of the ERP stands for which tax of the CRM. What a tax without a row becomes is up to the profile.', { name: 'ERP Tax', description: 'The tax in the ERP.' }),
	orderOptions,
	customerOptions,
	...crmFields,
];
