// Owns the sources of changes that only 1C has, by the names that the trigger shows. Must not know n8n.
//
// | stream          | parameters                                                                          | gives
// | exchangePlan    | plan, node (Ref_Key or `code:` and its code), options.types                         | one row per changed object
// | exchangePlan    | the same with event invoiceChanged, orderChanged or recordChanged + kind, options.onlyLinked | documents
// | registerRecords | register, options.windowDays                                                         | one row per new or changed record
import type { Stream } from '../core/port';
import type { Services } from './onec.services';
import { planStream } from './onec.streams.plan';
import { registerStream } from './onec.streams.register';

export const STREAMS = ['exchangePlan', 'registerRecords'] as const;

/** All streams, bound to one base. */
export function streams(services: Services): Readonly<Record<(typeof STREAMS)[number], Stream>> {
	return {
		exchangePlan: async (query) => await planStream(services, query),
		registerRecords: async (query) => await registerStream(services, query),
	};
}
