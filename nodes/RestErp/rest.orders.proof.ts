// Owns the proof that a document with lines has the same totals in both systems. Pure.
import type { Document, SalesDocument } from '../core/documents';
import { Failure } from '../core/failure';
import { type PlannedLine, type Proof, proveTotals, type RoundingPolicy, type TaxRoundings } from '../core/money';
import { decimalsOf } from './rest.orders';
import { isSales } from './rest.writing.task';

export interface ProofRules {
	policy: RoundingPolicy | undefined;
	/** How the server rounds taxes; nothing said: any of the three ways. */
	rounding: TaxRoundings | undefined;
	/** How messages call the system. */
	system: string;
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
 * @throws Failure `rejected` with both totals and why
 */
export function proveStored(document: SalesDocument, record: string, read: Document, written: readonly PlannedLine[], { policy, rounding, system }: ProofRules): { proof?: Proof; note?: string } {
	if (!isSales(read)) return {};
	const name = describeRead(read);
	const advice = isOpen(read) ? `It is not confirmed in ${system}; correct the cause and run this again` : `It counts as ${'status' in read ? read.status : 'confirmed'} in ${system} already: look at it there`;
	if (document.currency && read.currency && document.currency !== read.currency) throw new Failure('rejected', `The ${name} in ${system} is in ${read.currency} instead of ${document.currency}`, { record, advice });
	if (!read.totals) return { note: `Nothing was proved: the profile of ${system} reads no totals` };
	const places = decimalsOf(document.currency ?? read.currency);
	const proof = proveTotals(document, read.totals, policy ?? { mode: 'explained' }, rounding ?? ['line', 'document', 'unrounded'], places, written);
	if (proof.agrees) return { proof };
	throw new Failure('rejected', `The totals do not agree: ${proof.source} where it comes from, ${proof.target} for ${name} in ${system} (${proof.difference}); ${proof.reason}`, {
		record,
		advice: `Check the taxes and how ${system} rounds them, or allow the difference in the option "Rounding". ${advice}`,
	});
}
