// Owns the parameters of writing that several systems' nodes have, each in its own words: taxes, rounding, charges, matching,
// the ERP's status on a record. They are called alike everywhere, so that a template's system is swapped by swapping the node.
import type { INodeProperties } from 'n8n-workflow';

const LIST = 'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.';

const shown = (resource: string): INodeProperties['displayOptions'] => ({ show: { resource: [resource], operation: ['upsert'] } });

/** A choice from a list that the system gives. */
export function fromList(displayName: string, name: string, method: string, description: string): INodeProperties {
	return { displayName: `${displayName} Name or ID`, name, type: 'options', typeOptions: { loadOptionsMethod: method }, default: '', description: `${description} ${LIST}` };
}

/** The collection "Options" of a kind's "Create or Update". */
export function optionsOf(resource: string, options: INodeProperties[]): INodeProperties {
	return { displayName: 'Options', name: 'options', type: 'collection', placeholder: 'Add Option', default: {}, displayOptions: shown(resource), options };
}

/** @param to the target's tax: how it is called (`Odoo Tax`) and described; `example`: a tax of the CRM */
export function taxMapping(description: string, to: { name: string; description: string }, example = 'VAT 22'): INodeProperties {
	return {
		displayName: 'Tax Mapping',
		name: 'taxMapping',
		type: 'fixedCollection',
		placeholder: 'Add Tax',
		typeOptions: { multipleValues: true },
		default: {},
		displayOptions: shown('order'),
		description,
		options: [
			{
				displayName: 'Tax',
				name: 'row',
				values: [
					{ displayName: 'CRM Tax', name: 'from', type: 'string', default: '', placeholder: `e.g. ${example}`, description: 'Name, rate, or name and rate of the tax in the CRM' },
					fromList(to.name, 'to', 'getTaxes', to.description),
				],
			},
		],
	};
}

/** Products that carry what a document adds to or takes off its lines. @param product in running text: `Odoo product` */
export function chargeProducts(product: string): INodeProperties[] {
	return [
		fromList('Product for Adjustments', 'adjustmentProduct', 'getProductCodes', `The ${product} that carries the document's adjustment.`),
		fromList('Product for Discounts', 'discountProduct', 'getProductCodes', `The ${product} that carries a discount on the whole document.`),
		fromList('Product for Shipping', 'shippingProduct', 'getProductCodes', `The ${product} that carries shipping and handling.`),
	];
}

/** @param explained what may explain a difference: `Odoo's way of rounding taxes`; `stays`: what an order is otherwise */
export function rounding({ erp, explained, stays }: { erp: string; explained: string; stays: string }): INodeProperties {
	return {
		displayName: 'Rounding',
		name: 'rounding',
		type: 'options',
		options: [
			{ name: 'Exact to the Cent', value: 'exact', description: 'Any difference between the totals stops the order' },
			{ name: 'Explained Differences Only', value: 'explained', description: `A difference is accepted only when ${explained} explains it to the cent` },
			{ name: 'Up to an Amount', value: 'tolerance', description: 'A difference up to the tolerance is accepted' },
		],
		default: 'explained',
		description: `Which difference between the totals of CRM and ${erp} is accepted. Anything else stays ${stays}.`,
	};
}

export function taxSource(target: { name: string; description: string }): INodeProperties {
	return {
		displayName: 'Taxes',
		name: 'taxSource',
		type: 'options',
		options: [
			{ name: 'From the CRM', value: 'mapped', description: 'The taxes of the quote, through the tax mapping' },
			{ name: target.name, value: 'target', description: target.description },
		],
		default: 'mapped',
		description: 'Which taxes the order gets',
	};
}

export function tolerance(): INodeProperties {
	return { displayName: 'Tolerance', name: 'tolerance', type: 'string', default: '0.02', placeholder: 'e.g. 0.02', displayOptions: { show: { rounding: ['tolerance'] } }, description: 'Largest accepted difference in the currency of the order' };
}

/** @param order by what an existing customer is found before; `byName`: whether the name is a choice of its own */
export function matchBy({ reference, order, byName = true }: { reference: string; order: string; byName?: boolean }): INodeProperties {
	return {
		displayName: 'Also Match By',
		name: 'matchBy',
		type: 'options',
		options: [
			{ name: 'Email', value: 'email' },
			...(byName ? [{ name: 'Name', value: 'name' }] : []),
			{ name: 'Nothing Else', value: 'none' },
			{ name: 'Phone', value: 'phone' },
			{ name: 'Reference', value: 'reference', description: reference },
		],
		default: 'none',
		description: `An existing customer is found by the key written earlier, then by ${order}. Two matches are never chosen between: the item goes to the error output.`,
	};
}

/** For a CRM's node: the ERP's number and status, or a reason. Each text says where it goes. */
export function linkProperties({ status, message, missing }: { status: string; message: string; missing: string }): INodeProperties[] {
	const displayOptions: INodeProperties['displayOptions'] = { show: { operation: ['link'] } };
	return [
		{
			displayName: 'ERP Status',
			name: 'erpStatus',
			type: 'options',
			displayOptions,
			options: [
				{ name: 'From the Failure', value: 'fromFailure', description: 'For error outputs: "Needs attention", or "Pending" when it will be tried again by itself; the message is the reason' },
				{ name: 'Leave as It Is', value: '', description: 'Write only number and key' },
				{ name: 'Needs Attention', value: 'Needs attention', description: 'A person must look at it; the message says why' },
				{ name: 'Ordered', value: 'Ordered', description: 'The order is in the ERP' },
				{ name: 'Pending', value: 'Pending', description: 'Under way' },
			],
			default: 'Ordered',
			description: status,
		},
		{ displayName: 'ERP Message', name: 'erpMessage', type: 'string', default: '', placeholder: 'e.g. {{ $json.error.message }}', displayOptions, description: `${message}; empty clears it. With "From the Failure" the reason is written by itself.` },
		{
			displayName: 'If There Is No Such Record',
			name: 'ifMissing',
			type: 'options',
			displayOptions,
			options: [
				{ name: 'Pass the Item On', value: 'skip', description: 'For flows that make no sales order in the CRM' },
				{ name: 'Use the Error Output', value: 'fail', description: 'For flows in which there must be one' },
			],
			default: 'skip',
			description: `What to do when the document came from, or was written to, no such record ${missing}`,
		},
	];
}
