// Owns on which simulated REST APIs the suite runs: three styles, each known to the connector by a profile alone, and
// awkward servers.
import type { FaceName } from '../../demo/simulators/rest';
import { capabilitiesOf } from '../../nodes/RestErp/rest.capabilities';
import { loadProfile } from '../../nodes/RestErp/rest.profile';
import { rest } from '../../nodes/RestErp/rest.system';
import { profileOf, restBench, type RestBenchOptions } from './bench.rest';
import { connectorContract } from './contract';

function onFace(name: string, face: FaceName, options: RestBenchOptions = {}): void {
	const profile = loadProfile(JSON.parse(options.profileJson ?? profileOf(face)), `${face}.json`);
	connectorContract(name, { ...rest, capabilities: capabilitiesOf(profile) }, async () => await restBench(rest, face, { title: name, ...options }));
}

/** The identity rule of every kind that has one becomes `searchField`. */
const searching = profileOf('ledger', (profile) => {
	const kinds = Object.entries(profile.kinds as Record<string, Record<string, unknown>>);
	return { ...profile, kinds: Object.fromEntries(kinds.map(([kind, of]) => [kind, of.identity ? { ...of, identity: { by: 'searchField' } } : of])) };
});

onFace('REST, ledger: token log-in, cursors, a unique external id', 'ledger');
onFace('REST, ledger that lets two records have one external id and writes numbers', 'ledger', { profileJson: searching, switches: { unique: false, numbers: true, pageSize: 7 } });
onFace('REST, JSON:API: API key, numbered pages, idempotency keys, ids beyond 2^53', 'jsonapi');
onFace('REST, keyed: session cookie, PUT by chosen id, ETags, cents', 'keyed');
onFace('REST, JSON:API that gives the remembered answer even when the record is gone', 'jsonapi', { switches: { idempotency: 'replays', bareIds: false, pageSize: 9 } });
onFace('REST, keyed, whose sessions last five seconds and whose refusals are 422', 'keyed', { switches: { sessionSeconds: 5, okRefusals: false } });
onFace('REST, ledger whose search finds a new record a second late', 'ledger', { switches: { indexSeconds: 1 } });
