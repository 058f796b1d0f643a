// Owns the parameters of triggers that several systems have: which kind is watched, how accepted quotes are found, how far
// back a poll looks. Named alike everywhere; `kit/poll.ts` reads them.
import type { INodeProperties } from 'n8n-workflow';
import type { Wording } from './properties';
import { KINDS } from '../core/documents';

const byState: INodeProperties['displayOptions'] = { show: { '/event': ['quoteAccepted'], '/detectBy': ['state'] } };
const notByState: INodeProperties['displayOptions'] = { hide: { '/event': ['quoteAccepted'], '/detectBy': ['state'] } };

/** For the event "Record Changed": a choice among the kinds that have words. */
export function watchedKind(wording: Wording): INodeProperties {
	const options = KINDS.flatMap((kind) => (wording[kind] ? [{ name: wording[kind].name, value: kind, description: wording[kind].description }] : []));
	return { displayName: 'Document', name: 'kind', type: 'options', displayOptions: { show: { event: ['recordChanged'] } }, options: options.sort((a, b) => a.name.localeCompare(b.name)), default: 'customer', description: 'Which kind of document to watch' };
}

/** @param change when finding by change is the way to take */
export function quoteDetection(change: string): INodeProperties {
	return {
		displayName: 'Find By',
		name: 'detectBy',
		type: 'options',
		displayOptions: { show: { event: ['quoteAccepted'] } },
		options: [
			{ name: 'State', value: 'state', description: 'Every accepted quote that carries no ERP link yet, whatever happened to earlier runs. Recommended.' },
			{ name: 'Change', value: 'change', description: `Quotes that were changed and are accepted; for ${change}` },
		],
		default: 'state',
		description: 'How accepted quotes are found',
	};
}

/** The options of a trigger that finds accepted quotes by state and everything else by change. */
export function quoteOptions(lookBack = ''): INodeProperties[] {
	return [
		{ displayName: 'From Date', name: 'fromDate', type: 'dateTime', default: '', displayOptions: notByState, description: 'Deliver changes from this time on; without it, only changes after the activation' },
		{ displayName: 'Hold Back (Minutes)', name: 'holdBack', type: 'number', typeOptions: { minValue: 1 }, default: 10, displayOptions: byState, description: 'How long a quote that was handed over is not handed over again while no ERP link has appeared on it' },
		{ displayName: 'Limit', name: 'limit', type: 'number', typeOptions: { minValue: 1 }, default: 50, description: 'Max number of results to return' },
		{ displayName: 'Look Back (Minutes)', name: 'overlap', type: 'number', typeOptions: { minValue: 0 }, default: 5, displayOptions: notByState, description: `How far each poll looks back for changes that became visible late; nothing is delivered twice for it${lookBack}` },
	];
}

/** Goes last among the options, by the alphabet. */
export function tries(): INodeProperties {
	return { displayName: 'Tries', name: 'maxTries', type: 'number', typeOptions: { minValue: 1 }, default: 5, displayOptions: byState, description: 'After so many times without an ERP link the quote is marked "Needs attention" in the CRM' };
}

export function onlyFromCrm(displayOptions: INodeProperties['displayOptions']): INodeProperties {
	return { displayName: 'Only From the CRM', name: 'onlyLinked', type: 'boolean', default: true, displayOptions, description: 'Whether to deliver only documents whose order was made from a CRM quote' };
}
