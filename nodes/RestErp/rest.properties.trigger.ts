// Owns the parameters of the REST trigger: what is watched and how it is found. No logic.
import type { INodeProperties } from 'n8n-workflow';
import { onlyFromCrm, quoteDetection, quoteOptions, tries, watchedKind } from '../kit/properties.trigger';
import { profileProperties } from './rest.properties.profile';
import { wording } from './rest.properties.wording';

export const restTriggerProperties: INodeProperties[] = [
	{
		displayName: 'Event',
		name: 'event',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Invoice Changed', value: 'invoiceChanged', description: 'An invoice or credit note was posted, paid or cancelled' },
			{ name: 'Order Changed', value: 'orderChanged', description: 'A sales order was confirmed, delivered, invoiced, changed or cancelled' },
			{ name: 'Quote Accepted', value: 'quoteAccepted', description: 'A quote was accepted and has no ERP order yet' },
			{ name: 'Record Changed', value: 'recordChanged', description: 'A document of a kind was created or changed' },
		],
		default: 'invoiceChanged',
		description: 'What starts the workflow',
	},
	quoteDetection('profiles that cannot search by state'),
	watchedKind(wording),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [...quoteOptions('. A profile may ask for more.'), onlyFromCrm({ show: { '/event': ['invoiceChanged', 'orderChanged'] } }), tries()],
	},
	...profileProperties,
];
