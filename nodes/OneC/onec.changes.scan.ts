// Owns which sets tell of changes of a kind, and the reading of their versions. 1C has no date of change and no global
// version (reference 9): a change is another `DataVersion` than last time. Writes nothing.
import type { Kind } from '../core/documents';
import { Failure } from '../core/failure';
import { returnFields } from './onec.invoices.returns';
import { allOf, datetime } from './onec.literals';
import { paymentSets } from './onec.payments';
import type { Services } from './onec.services';
import { reference, text } from './onec.values';
import type { Row } from './onec.wire';

/** A set whose versions are compared. */
export interface Watched {
	set: string;
	/** Before the id in the cursor: tells the sets apart. */
	tag: string;
	/** Its documents carry a date: only those of the window are read. */
	dated: boolean;
	/** Its records are not documents of the kind, but change some. */
	related: boolean;
}

/** One record as it stands now. */
export interface Seen {
	/** `tag` and Ref_Key. */
	id: string;
	ref: string;
	watched: Watched;
	/** The infobase's wall clock; empty for records without a date. */
	at: string;
	version: string;
	/** Not posted; marked for deletion or not. */
	draft: boolean;
}

/** Version maps are kept in the workflow's own record, which n8n writes at every poll: this many are about 2 MB. */
export const MOST_KNOWN = 20_000;
const PAGE = 1_000;

/** The sets to compare for a kind: those of its documents first. */
export async function watchedOf(services: Services, kind: Kind): Promise<Watched[]> {
	const profile = await services.profile();
	const published = await services.metadata.sets();
	const one = (set: string | undefined, tag: string, related: boolean): Watched[] => (set && published.has(set) ? [{ set, tag, related, dated: set.startsWith('Document_') }] : []);
	switch (kind) {
		case 'customer':
			return [...one(profile.customer.set, '', false), ...one(profile.partner?.set, 'partner:', true)];
		case 'product':
			return one(profile.product.set, '', false);
		case 'order':
			return [...one(profile.order.set, '', false), ...one(profile.shipment.set, 'ship:', true)];
		case 'invoice': {
			const payments = await paymentSets(services);
			return [...one(profile.shipment.set, '', false), ...one(returnFields(profile)?.set, 'back:', false), ...payments.flatMap((set) => one(set, `pay${profile.payment.sets.indexOf(set)}:`, true))];
		}
		default:
			throw new Failure('rejected', `1C has no ${kind} here`, { advice: 'Choose another resource' });
	}
}

/**
 * The versions of all records of the sets, of documents those dated at or after `from`, future ones too; only of what the
 * user may see, where access is limited by records.
 *
 * @throws Failure `rejected` when there are more than a cursor may hold
 */
export async function scan(services: Services, sets: readonly Watched[], from: string): Promise<Seen[]> {
	const seen: Seen[] = [];
	for (const watched of sets) {
		const select = watched.dated ? ['Ref_Key', 'DataVersion', 'Date', 'Posted'] : ['Ref_Key', 'DataVersion'];
		const filter = allOf(watched.dated ? `Date ge ${datetime(from)}` : undefined, await withoutFolders(services, watched));
		for await (const page of services.session.pages(watched.set, { filter, select, allowedOnly: true }, PAGE)) {
			seen.push(...page.flatMap((row) => seenOf(row, watched) ?? []));
			if (seen.length > MOST_KNOWN) throw tooMany(watched, from);
		}
	}
	return seen;
}

/** Folders of a hierarchical catalog have versions too, and are no documents. */
async function withoutFolders(services: Services, { set }: Watched): Promise<string | undefined> {
	const { product } = await services.profile();
	return set === product.set ? 'IsFolder eq false' : undefined;
}

export function seenOf(row: Row, watched: Watched): Seen | undefined {
	const ref = reference(row.Ref_Key);
	if (!ref) return undefined;
	return { id: watched.tag + ref, ref, watched, at: watched.dated ? (text(row.Date) ?? '') : '', version: String(row.DataVersion ?? ''), draft: watched.dated && row.Posted !== true };
}

function tooMany({ set, dated }: Watched, from: string): Failure {
	const what = dated ? `There are more than ${MOST_KNOWN} documents to compare since ${from.slice(0, 10)} (${set})` : `${set} has more than ${MOST_KNOWN} records`;
	return new Failure('rejected', what, { advice: `Detect changes by an exchange plan instead${dated ? ', or choose a shorter window' : ''}: versions are compared with those of the last poll, which n8n keeps in the workflow` });
}
