// Owns the proof that a document with lines is the same in both systems: none is missing, and the totals agree. Pure.
import type Big from 'big.js';
import type { Document, SalesDocument } from '../core/documents';
import { Failure } from '../core/failure';
import { big, type PlannedLine, type Proof, proveTotals, type RoundingPolicy, sum, type TaxRoundings } from '../core/money';
import { isRecord } from '../core/values';
import { decimalsOf } from './rest.orders';
import type { KindProfile } from './rest.profile.kinds';
import { isSales } from './rest.writing.task';

export interface ProofRules {
	policy: RoundingPolicy | undefined;
	/** How the server rounds taxes; nothing said: any of the three ways. */
	rounding: TaxRoundings | undefined;
	/** How messages call the system. */
	system: string;
	/** How the profile reads such documents: where it names lines, none means that there are none. */
	reads?: KindProfile['read'];
}

/** A state in which the record may still be changed, and in which it binds nobody. */
export function isOpen(read: Document | undefined): boolean {
	return read === undefined || !('status' in read) || read.kind !== 'order' || read.status === 'draft';
}

/** `order S00042`, as messages name what was read back. */
export function describeRead(read: Document): string {
	return `${read.kind} ${'number' in read && read.number ? read.number : (read.source?.number ?? `id ${read.source?.id ?? read.key}`)}`;
}

/**
 * @param read the record as it reads back
 * @param written the lines as they were sent
 * @returns the proof, or why there is none
 * @throws Failure `rejected` when lines are missing, or with both totals and why
 */
export function proveStored(document: SalesDocument, record: string, read: Document, written: readonly PlannedLine[], rules: ProofRules): { proof?: Proof; note?: string } {
	if (!isSales(read)) return {};
	const { policy, rounding, system } = rules;
	const name = describeRead(read);
	const advice = isOpen(read) ? `It is not confirmed in ${system}; correct the cause and run this again` : `It counts as ${'status' in read ? read.status : 'confirmed'} in ${system} already: look at it there`;
	if (document.currency && read.currency && document.currency !== read.currency) throw new Failure('rejected', `The ${name} in ${system} is in ${read.currency} instead of ${document.currency}`, { record, advice });
	if (lost(written, read, rules)) {
		throw new Failure('rejected', `Not all lines arrived: ${quantityIn(written)} pieces in ${written.length} lines were sent, ${name} in ${system} has ${quantityIn(read.lines)} in ${read.lines.length}`, {
			record,
			advice: `Look whether the user of the credential may read and write lines, and whether the profile reads all of them. ${advice}`,
		});
	}
	if (!read.totals) return { note: `Nothing was proved: the profile of ${system} reads no totals` };
	const places = decimalsOf(document.currency ?? read.currency);
	const proof = proveTotals(document, read.totals, policy ?? { mode: 'explained' }, rounding ?? ['line', 'document', 'unrounded'], places, written);
	if (proof.agrees) return { proof };
	throw new Failure('rejected', `The totals do not agree: ${proof.source} where it comes from, ${proof.target} for ${name} in ${system} (${proof.difference}); ${proof.reason}`, {
		record,
		advice: `Check the taxes and how ${system} rounds them, or allow the difference in the option "Rounding". ${advice}`,
	});
}

/** A server that leaves lines out may give the total that was sent all the same. It may merge, split and add lines. */
function lost(written: readonly PlannedLine[], read: SalesDocument, { reads }: ProofRules): boolean {
	return ((isRecord(reads) && 'lines' in reads) || read.lines.length > 0) && quantityIn(written).gt(quantityIn(read.lines));
}

/** Pieces of all goods together: charges may be kept in another way than as lines. */
function quantityIn(lines: ReadonlyArray<Pick<PlannedLine, 'role' | 'quantity'>>): Big {
	return sum(lines.filter(({ role }) => role === 'product').map(({ quantity }) => big(quantity).abs()));
}
