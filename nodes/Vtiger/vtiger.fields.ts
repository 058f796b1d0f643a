// Owns the comparison of header fields with what is stored, and what a write reports of it. Pure.
import type { Document, Kind, Ref } from '../core/documents';
import { describeDocument } from '../core/documents';
import { asFailure } from '../core/failure';
import type { ItemResult, Outcome } from '../core/port';
import type { Row } from './vtiger.gateway';
import type { Differences } from './vtiger.plan';
import { booleanOf, losesCharacters, sameNumber, sameText, textOf } from './vtiger.values';

const NUMBERS: ReadonlySet<string> = new Set(['conversion_rate', 'received', 'balance', 'unit_price', 'purchase_cost', 'amount', 'probability']);
const FLAGS: ReadonlySet<string> = new Set(['discontinued']);

/** The fields whose stored value is not the one that is meant. What is not meant stays as it is. */
export function fieldDifferences(stored: Row, meant: Row): Differences {
	const differences: Differences = {};
	for (const [field, value] of Object.entries(meant)) {
		if (value === undefined || sameField(field, stored[field], value)) continue;
		differences[field] = { before: textOf(stored[field]), after: textOf(value) };
	}
	return differences;
}

function sameField(field: string, stored: unknown, meant: unknown): boolean {
	if (NUMBERS.has(field)) return sameNumber(stored, meant, field === 'conversion_rate' || field === 'probability' ? 3 : 8);
	if (FLAGS.has(field)) return booleanOf(stored) === booleanOf(meant);
	return sameText(textOf(stored), textOf(meant));
}

/** The members of `meant` that differ. */
export function changedFields(meant: Row, differences: Differences): Row {
	return Object.fromEntries(Object.entries(meant).filter(([field]) => field in differences));
}

/** All of a new record's fields as a report: from nothing to what was written. */
export function allNew(element: Row): Differences {
	return Object.fromEntries(Object.entries(element).filter(([, value]) => value !== undefined && typeof value !== 'object').map(([field, value]) => [field, { after: textOf(value) }]));
}

/** What a reader should know of texts that the CRM's database cannot hold. */
export function characterNotes(element: Row): string[] {
	const fields = Object.entries(element).filter(([, value]) => typeof value === 'string' && losesCharacters(value)).map(([field]) => field);
	return fields.length > 0 ? [`The CRM's database stores question marks for emoji and other 4-byte characters in ${fields.join(', ')}`] : [];
}

export function outcome(kind: Outcome['outcome'], ref: Ref, changed: Differences = {}, notes: string[] = []): Outcome {
	return { outcome: kind, ref, changed, notes };
}

/** Runs `work` for each document in turn; a failed one does not stop the others. */
export async function eachDocument<D extends Document>(documents: readonly D[], work: (document: D) => Promise<Outcome>): Promise<ItemResult[]> {
	const results: ItemResult[] = [];
	for (const document of documents) {
		try {
			results.push({ ok: true, value: await work(document) });
		} catch (error) {
			results.push({ ok: false, failure: asFailure(error).on(describeDocument(document)) });
		}
	}
	return results;
}

/** The documents of the kinds that can be written as `kind`; others are refused by name. */
export function isOneOf<K extends Kind>(document: Document, kinds: readonly K[]): document is Extract<Document, { kind: K }> {
	return (kinds as readonly Kind[]).includes(document.kind);
}
