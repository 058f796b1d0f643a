// Owns what is known of one document on its way, and which documents may go at once. Must not know calls.
import { describeDocument, type Document, type Kind, type SalesDocument } from '../core/documents';
import { asFailure, type Failure } from '../core/failure';
import type { PlannedLine, Proof } from '../core/money';
import type { Outcome } from '../core/port';
import type { Difference } from './rest.compare';
import type { Row, Scope } from './rest.services';

/** Looks for what must be there before it is made anew, where nothing but looking keeps two from being made. */
export const PATIENCE = 3;

export interface Task {
	document: Document;
	/** What the node was fed with: a quote, where the customer that it carries is written. */
	given: Document;
	/** How messages name it. */
	record: string;
	/** The key that the record carries, or will carry: the document's own, or that of the quote it was made from. */
	key: string;
	/** The record as it stands. */
	row?: Row;
	id?: string;
	/** What the profile reads beside it. */
	beside: Row;
	/** Further records that carry the key. */
	twins: readonly Row[];
	/** Found another way than by its key: by what. */
	adopted?: string;
	/** As planned for the body; of documents with lines only. */
	lines: PlannedLine[];
	scope: Scope;
	body: unknown;
	/** Where the body differs from what is there. */
	differences: Difference[];
	/** What is to be done with it. */
	action: 'create' | 'update' | 'none';
	/** A create was sent and its answer lost: what is found next may be ours. */
	lost: boolean;
	/** The server has taken the create and said nothing of what came of it: it is looked for, never sent again. */
	accepted: boolean;
	/** How often it was looked for since then, and not found. */
	misses: number;
	/** What an update meant to change whose answer was lost. */
	tried?: Outcome['changed'];
	/** Made by us, whatever later passes find. */
	made: boolean;
	/** What the server says it made when it was gone already: an answer that it remembers. */
	gone?: string;
	/** A write was sent in this pass. */
	sent: boolean;
	outcome: Outcome['outcome'];
	changed: Outcome['changed'];
	/** As the record reads back, of documents with lines. */
	read?: Document;
	proof?: Proof;
	notes: Set<string>;
	failure?: Failure;
}

export function newTask(document: Document, given = document): Task {
	return { document, given, record: describeDocument(document), key: document.key, row: undefined, id: undefined, beside: {}, twins: [], adopted: undefined, lines: [], scope: {}, body: undefined, differences: [], action: 'none', lost: false, accepted: false, misses: 0, tried: undefined, made: false, gone: undefined, sent: false, outcome: 'unchanged', changed: {}, read: undefined, proof: undefined, notes: new Set(), failure: undefined };
}

/** For another look: what was done stays known, what was found is forgotten. */
export function again(task: Task): void {
	const { document, given, lost, accepted, misses, made, gone, notes, changed } = task;
	const tried = task.action === 'update' && task.failure?.kind === 'unknown' ? changed : task.tried;
	Object.assign(task, newTask(document, given), { lost, accepted, misses, made, gone, notes, tried, changed: made || lost ? changed : {} });
}

export function isSales(document: Document): document is SalesDocument {
	return document.kind === 'quote' || document.kind === 'order' || document.kind === 'invoice';
}

/** What is written of a document: of a quote or an order that is fed to a customer's step, the customer that it carries. */
export function partFor(kind: Kind, document: Document): Document {
	const carried = kind === 'customer' && isSales(document) ? document.customer : undefined;
	if (!carried) return document;
	const known = document.refs.filter((ref) => ref.kind === 'customer' && !carried.refs.some(({ system, kind: of }) => system === ref.system && of === ref.kind));
	return { ...carried, refs: [...carried.refs, ...known] };
}

/** Documents of these kinds may become records of a kind: an order is made from a quote. */
export function becomes(document: Document, kind: Kind): boolean {
	return document.kind === kind || (kind === 'order' && document.kind === 'quote');
}

/**
 * Those that may go at once: those of one name go one after the other, so that the second finds what the first one made.
 *
 * @param further names beside keys, VAT numbers and codes
 */
export function rounds(tasks: readonly Task[], further: (task: Task) => readonly string[] = () => []): Task[][] {
	const result: Task[][] = [];
	const seen = new Map<string, number>();
	for (const task of tasks) {
		const names = [...namesOf(task), ...further(task)];
		const round = Math.max(0, ...names.map((name) => (seen.get(name) ?? -1) + 1));
		for (const name of names) seen.set(name, round);
		(result[round] ??= []).push(task);
	}
	return result;
}

function namesOf({ document }: Task): string[] {
	const vat = document.kind === 'customer' ? normalVat(document.vat) : undefined;
	const code = document.kind === 'product' ? document.code : undefined;
	const quote = document.kind === 'order' ? document.quoteKey : undefined;
	return [`key ${document.key}`, ...(quote ? [`key ${quote}`] : []), ...(vat ? [`vat ${vat}`] : []), ...(code ? [`code ${code}`] : [])];
}

/** Without what people put between the characters. */
export function normalVat(vat: string | undefined): string | undefined {
	return vat?.replace(/[^\p{L}\p{N}]/gu, '').toUpperCase() || undefined;
}

/** Runs a step for each that is still on its way, side by side; one that fails does not stop the others. */
export async function each(tasks: readonly Task[], step: (task: Task) => void | Promise<void>): Promise<void> {
	await Promise.all(
		tasks.map(async (task) => {
			if (task.failure) return;
			try {
				await step(task);
			} catch (error) {
				task.failure = asFailure(error);
			}
		}),
	);
}
