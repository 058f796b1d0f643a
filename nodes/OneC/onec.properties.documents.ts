// Owns the options of writing documents into 1C: which tax stands for which, and which of 1C's own objects an order uses. No logic.
import type { INodeProperties } from 'n8n-workflow';

const LIST = 'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.';

/** A choice among records of the infobase. */
function fromList(displayName: string, name: string, method: string, description: string): INodeProperties {
	return { displayName: `${displayName} Name or ID`, name, type: 'options', typeOptions: { loadOptionsMethod: method }, default: '', description: `${description} ${LIST}` };
}

const taxMapping: INodeProperties = {
	displayName: 'Tax Mapping',
	name: 'taxMapping',
	type: 'fixedCollection',
	placeholder: 'Add Tax',
	typeOptions: { multipleValues: true },
	default: {},
	displayOptions: { show: { resource: ['order'], operation: ['upsert'] } },
	description: 'Which VAT rate of 1C stands for which tax of the CRM. A tax without a row is found by its rate when exactly one VAT rate has it.',
	options: [
		{
			displayName: 'Tax',
			name: 'row',
			values: [
				{ displayName: 'CRM Tax', name: 'from', type: 'string', default: '', placeholder: 'e.g. VAT 20', description: 'Name, rate, or name and rate of the tax in the CRM' },
				{ displayName: '1C VAT Rate Name or ID', name: 'to', type: 'options', typeOptions: { loadOptionsMethod: 'getTaxes' }, default: '', description: 'The VAT rate (ставка НДС) in 1C. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.' },
			],
		},
	],
};

const orderOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	displayOptions: { show: { resource: ['order'], operation: ['upsert'] } },
	options: [
		fromList('Agreement', 'agreement', 'getAgreements', 'The terms of sale (Соглашение) of the order; without it the customer\'s own, when there is one. Trade configurations only.'),
		{
			displayName: 'If the Order Is Posted',
			name: 'changePosted',
			type: 'options',
			options: [
				{ name: 'Change and Post Again', value: 'change', description: 'Write the difference and post the order again; what was already shipped is never taken away' },
				{ name: 'Report the Difference', value: 'report', description: 'Write nothing; the item goes to the error output with what differs' },
			],
			default: 'report',
			description: 'What to do with an order that is already posted in 1C and differs from the document',
		},
		fromList('Organization', 'organization', 'getOrganizations', 'Which of your own organizations (Организация) sells; without it that of the credential, or the only one.'),
		fromList('Price Kind', 'priceKind', 'getPriceKinds', 'The kind of price (Вид цен) written on the lines. The prices themselves come from the document.'),
		fromList('Product for Adjustments', 'adjustmentProduct', 'getProductCodes', 'The product or service that carries the document\'s adjustment.'),
		fromList('Product for Discounts', 'discountProduct', 'getProductCodes', 'Only for a discount below zero, a surcharge: the product or service that carries it. A discount itself is shared out over the lines.'),
		fromList('Product for Shipping', 'shippingProduct', 'getProductCodes', 'The product or service that carries shipping and handling.'),
		{
			displayName: 'Rounding',
			name: 'rounding',
			type: 'options',
			options: [
				{ name: 'Exact to the Cent', value: 'exact', description: 'Any difference between the totals stops the order' },
				{ name: 'Explained Differences Only', value: 'explained', description: 'A difference is accepted only when rounding VAT line by line, as 1C does, explains it to the cent' },
				{ name: 'Up to an Amount', value: 'tolerance', description: 'A difference up to the tolerance is accepted' },
			],
			default: 'explained',
			description: 'Which difference between the totals of CRM and 1C is accepted. Anything else stays not posted.',
		},
		{ displayName: 'Tolerance', name: 'tolerance', type: 'string', default: '0.02', placeholder: 'e.g. 0.02', displayOptions: { show: { rounding: ['tolerance'] } }, description: 'Largest accepted difference in the currency of the order' },
		{
			displayName: 'VAT in the Prices',
			name: 'vatIncluded',
			type: 'options',
			options: [
				{ name: 'As the Order Has It', value: 'asIs', description: 'An order that is there keeps its way; a new one gets VAT on top' },
				{ name: 'Included', value: 'included', description: 'The order\'s prices contain VAT (Цена включает НДС)' },
				{ name: 'On Top', value: 'onTop', description: 'VAT is added to the order\'s prices' },
			],
			default: 'asIs',
			description: 'Whether the prices on the order contain VAT. The amounts to pay stay the same.',
		},
		fromList('Warehouse', 'warehouse', 'getWarehouses', 'The warehouse (Склад) that ships; without it the only one.'),
	],
};

const customerOptions: INodeProperties = {
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
				{ name: 'Nothing Else', value: 'none' },
				{ name: 'Phone', value: 'phone' },
				{ name: 'Reference', value: 'reference', description: '1C\'s code equal to the CRM\'s number' },
			],
			default: 'none',
			description: 'An existing customer is found by the key written earlier, then by ИНН and КПП, then by its name, then by this. Two matches are never chosen between: the item goes to the error output.',
		},
	],
};

export const documentOptions: INodeProperties[] = [
	{ displayName: 'Post When the Totals Agree', name: 'confirm', type: 'boolean', default: true, displayOptions: { show: { resource: ['order'], operation: ['upsert'] } }, description: 'Whether to post the order once its lines and totals were read back and agree with the quote. It stays written but not posted otherwise.' },
	taxMapping,
	orderOptions,
	customerOptions,
];
