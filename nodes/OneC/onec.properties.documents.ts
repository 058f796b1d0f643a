// Owns the options of writing documents into 1C: which tax stands for which, and which of 1C's own objects an order uses. No logic.
import type { INodeProperties } from 'n8n-workflow';
import { fromList, matchBy, optionsOf, rounding, taxMapping, tolerance } from '../kit/properties.writing';

const orderOptions = optionsOf('order', [
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
	rounding({ erp: '1C', explained: 'rounding VAT line by line, as 1C does,', stays: 'not posted' }),
	tolerance(),
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
]);

const customerOptions = optionsOf('customer', [matchBy({ reference: '1C\'s code equal to the CRM\'s number', order: 'ИНН and КПП, then by its name, then by this', byName: false })]);

export const documentOptions: INodeProperties[] = [
	{ displayName: 'Post When the Totals Agree', name: 'confirm', type: 'boolean', default: true, displayOptions: { show: { resource: ['order'], operation: ['upsert'] } }, description: 'Whether to post the order once its lines and totals were read back and agree with the quote. It stays written but not posted otherwise.' },
	taxMapping('Which VAT rate of 1C stands for which tax of the CRM. A tax without a row is found by its rate when exactly one VAT rate has it.', { name: '1C VAT Rate', description: 'The VAT rate (ставка НДС) in 1C.' }, 'VAT 20'),
	orderOptions,
	customerOptions,
];
