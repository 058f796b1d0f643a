// Owns the parameters of the 1C trigger: what is watched, in which way, and what each way does not see. No logic.
import type { INodeProperties } from 'n8n-workflow';
import { onlyFromCrm, watchedKind } from '../kit/properties.trigger';
import { wording } from './onec.properties.wording';

const DOCUMENT_EVENTS = ['invoiceChanged', 'orderChanged', 'recordChanged'];

/** What a way of detecting changes misses, said where it is chosen (reference 9). */
const notices: INodeProperties[] = [
	{
		displayName: 'Compares the versions of documents dated within the last days (option "Window"), or of a whole catalog. Nothing has to be changed in 1C. Not seen: changes to documents dated before the window, what was changed back between two polls, and physical deletion.',
		name: 'windowNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { event: DOCUMENT_EVENTS, detectBy: ['change'] } },
	},
	{
		displayName: 'Reads what 1C has registered for a node of an exchange plan. The plan and a node for this workflow must exist in 1C, with automatic registration on, and nobody else may read that node. What was handed over is acknowledged at the next poll. Not seen: steps between two polls, and physical deletion on most platforms. The number of objects read in one poll cannot be limited.',
		name: 'planNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { event: DOCUMENT_EVENTS, detectBy: ['exchangePlan'] } },
	},
	{
		displayName: 'Reads what 1C has registered for a node of an exchange plan. The plan and a node for this workflow must exist in 1C, with automatic registration on, and nobody else may read that node. What was handed over is acknowledged at the next poll. Not seen: steps between two polls, and physical deletion on most platforms. The number of objects read in one poll cannot be limited.',
		name: 'planEventNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { event: ['exchangePlan'] } },
	},
	{
		displayName: 'Reads the records whose period lies within the last days (option "Window") and delivers those that are new or differ. Not seen: records with a period before the window, and records that were removed.',
		name: 'registerNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { event: ['registerRecords'] } },
	},
];

export const onecTriggerProperties: INodeProperties[] = [
	{
		displayName: 'Event',
		name: 'event',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Exchange Plan', value: 'exchangePlan', description: 'Any object that an exchange plan registers was changed' },
			{ name: 'Invoice Changed', value: 'invoiceChanged', description: 'A shipment was posted, paid, changed or cancelled' },
			{ name: 'Order Changed', value: 'orderChanged', description: 'A sales order was posted, shipped, changed or cancelled' },
			{ name: 'Record Changed', value: 'recordChanged', description: 'A document of a kind was created or changed' },
			{ name: 'Register Records', value: 'registerRecords', description: 'Records were added to a register or changed' },
		],
		default: 'invoiceChanged',
		description: 'What starts the workflow',
	},
	watchedKind(wording),
	{
		displayName: 'Detect By',
		name: 'detectBy',
		type: 'options',
		displayOptions: { show: { event: DOCUMENT_EVENTS } },
		options: [
			{ name: 'Date Window', value: 'change', description: 'Compare versions within a window of dates; works on every infobase' },
			{ name: 'Exchange Plan', value: 'exchangePlan', description: 'Read what 1C has registered for this workflow; complete and fast, needs a plan in 1C' },
		],
		default: 'change',
		description: 'How changes are found',
	},
	...notices,
	...[{ event: ['exchangePlan'] }, { event: DOCUMENT_EVENTS, detectBy: ['exchangePlan'] }].flatMap((show): INodeProperties[] => [
		{ displayName: 'Exchange Plan Name or ID', name: 'plan', type: 'options', typeOptions: { loadOptionsMethod: 'getExchangePlans' }, required: true, default: '', displayOptions: { show }, description: 'The exchange plan (План обмена) that registers the changes. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.' },
		{ displayName: 'Plan Node Name or ID', name: 'node', type: 'options', typeOptions: { loadOptionsMethod: 'getPlanNodes', loadOptionsDependsOn: ['plan'] }, required: true, default: '', displayOptions: { show }, description: 'The node of the plan that stands for this workflow; nothing else may read it. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.' },
	]),
	{ displayName: 'Register Name or ID', name: 'register', type: 'options', typeOptions: { loadOptionsMethod: 'getRegisters' }, required: true, default: '', displayOptions: { show: { event: ['registerRecords'] } }, description: 'The register whose records are watched. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.' },
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{ displayName: 'Begin Again', name: 'beginAgain', type: 'string', default: '', placeholder: 'e.g. 2026-01-31', description: 'Another text than before makes the trigger forget what it knows, and go on from where 1C stands now' },
			{ displayName: 'From Date', name: 'fromDate', type: 'dateTime', default: '', displayOptions: { show: { '/event': DOCUMENT_EVENTS, '/detectBy': ['change'] } }, description: 'Deliver documents dated from this time on; without it, only changes after the activation' },
			{ displayName: 'Limit', name: 'limit', type: 'number', typeOptions: { minValue: 1 }, default: 50, description: 'Max number of results to return' },
			onlyFromCrm({ show: { '/event': ['invoiceChanged', 'orderChanged'] } }),
			{ displayName: 'Types', name: 'types', type: 'string', default: '', placeholder: 'e.g. Document_ЗаказКлиента, Catalog_Номенклатура', displayOptions: { show: { '/event': ['exchangePlan'] } }, description: 'Deliver only objects of these types, separated by commas; the others are acknowledged without being delivered' },
			{ displayName: 'Values as Text', name: 'valuesAsText', type: 'boolean', default: false, displayOptions: { show: { '/event': ['exchangePlan'] } }, description: 'Whether to leave numbers and yes/no values as the text that 1C writes; for infobases whose $metadata cannot be read' },
			{ displayName: 'Window (Days)', name: 'windowDays', type: 'number', typeOptions: { minValue: 1 }, default: 30, displayOptions: { hide: { '/event': ['exchangePlan'] } }, description: 'How many days back the dates of documents, or the periods of records, are read at each poll' },
		],
	},
];
