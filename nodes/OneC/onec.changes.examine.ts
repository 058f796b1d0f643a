// Owns the decision whether a document is delivered: its content against what was delivered last. Writes nothing.
import { type Cursor, fingerprint, isLinked } from '../core/changes';
import type { DocumentOf, Kind } from '../core/documents';
import type { ChangesQuery } from '../core/port';
import type { Seen, Watched } from './onec.changes.scan';
import { type Billing, laterNeighbours } from './onec.invoices.billing';
import { InvoiceReader } from './onec.invoices.read';
import { byId, type Found, type Reader } from './onec.reading';
import type { Services } from './onec.services';
import { reference, text } from './onec.values';

/** Ids of what a payment names, kept so that a corrected one reaches both invoices; of larger ones only the first. */
const MOST_NAMED = 8;

/** Knows what was delivered, and takes down what is. */
export class Examiner<K extends Kind> {
	readonly delivered: Array<DocumentOf<K>> = [];
	/** Documents read in this call. */
	read = 0;
	private readonly examined = new Set<string>();
	private readonly tags: ReadonlyMap<string, string>;

	constructor(
		private readonly services: Services,
		private readonly kind: K,
		private readonly reader: Reader<K>,
		private readonly known: Cursor['seen'],
		private readonly query: Pick<ChangesQuery, 'budget' | 'onlyLinked'>,
		sets: readonly Watched[],
	) {
		this.tags = new Map(sets.map(({ set, tag }) => [set, tag]));
	}

	knownIds(): Array<{ id: string; at: string }> {
		return Object.entries(this.known).map(([id, { at }]) => ({ id, at }));
	}

	/** Whether its version is another than last time. What was never posted is nobody's business yet, nor if it is marked for deletion: noted only. */
	isFresh(row: Seen): boolean {
		const before = this.known[row.id];
		const { version, quiet } = parts(before?.print);
		if (before && version === row.version) return false;
		if (this.kind !== 'invoice' || row.watched.related || !row.draft || (before && !quiet)) return true;
		this.known[row.id] = { at: row.at, print: `-${row.version}` };
		return false;
	}

	namedBefore(id: string): string[] {
		const { rest } = parts(this.known[id]?.print);
		return rest ? rest.split(',') : [];
	}

	/** A record that only touches documents is done with. */
	remember({ id, at, version }: Seen, named: readonly string[]): void {
		this.known[id] = { at, print: [version, ...(named.length > 0 ? [named.slice(0, MOST_NAMED).join(',')] : [])].join('|') };
	}

	forget(id: string): void {
		Reflect.deleteProperty(this.known, id);
	}

	/** Documents whose own version moved. False: the budget ended before all of them. */
	async fresh(rows: readonly Seen[]): Promise<boolean> {
		const found = await this.headers(rows.map(({ ref, watched }) => ({ ref, set: watched.set })));
		const there = new Set(found.map(({ row }) => reference(row.Ref_Key)));
		for (const { id, ref } of rows) if (!there.has(ref)) this.forget(id);
		const before = new Map(rows.map(({ id, ref }) => [ref, this.known[id]?.at]));
		const { documents, billing } = await this.documents(found);
		// First those that share money with the changed ones: if the budget ends there, the cause comes again.
		const later = billing ? found.flatMap(({ row }) => laterNeighbours(billing, reference(row.Ref_Key) ?? '', earliest(row.Date, before.get(reference(row.Ref_Key) ?? '')))) : [];
		if (!(await this.candidates(later.filter((id) => !there.has(id))))) return false;
		return this.take(found, documents);
	}

	/** Documents that something else may have changed. False: the budget ended before all of them. */
	async candidates(ids: readonly string[]): Promise<boolean> {
		const open = [...new Set(ids)].filter((id) => !this.examined.has(id));
		const [main] = await this.reader.sets();
		for (let i = 0; i < open.length; i += 50) {
			const found = await this.headers(open.slice(i, i + 50).map((ref) => ({ ref, set: main! })));
			// What is no more than a draft, as far as is known, is not delivered for the sake of another record.
			const wanted = found.filter(({ set, row }) => this.kind !== 'invoice' || row.Posted === true || parts(this.known[this.idOf(set, row)]?.print).rest !== undefined);
			if (!this.take(wanted, (await this.documents(wanted)).documents)) return false;
		}
		return true;
	}

	private take(found: readonly Found[], documents: ReadonlyArray<DocumentOf<K>>): boolean {
		for (const [index, { set, row }] of found.entries()) {
			const document = documents[index]!;
			const id = this.idOf(set, row);
			const content = fingerprint(document);
			const before = parts(this.known[id]?.print);
			const changed = before.rest === undefined || before.rest !== content;
			const wanted = changed && (!this.query.onlyLinked || isLinked(document));
			if (wanted && this.delivered.length >= this.query.budget) return false;
			if (wanted) this.delivered.push(document);
			this.known[id] = { at: set.startsWith('Document_') ? (text(row.Date) ?? '') : '', print: `${String(row.DataVersion ?? '')}|${content}` };
			this.examined.add(reference(row.Ref_Key) ?? '');
		}
		return true;
	}

	private idOf(set: string, row: { Ref_Key?: unknown }): string {
		return `${this.tags.get(set) ?? ''}${reference(row.Ref_Key) ?? ''}`;
	}

	private async headers(wanted: ReadonlyArray<{ ref: string; set: string }>): Promise<Found[]> {
		const found: Found[] = [];
		for (const set of new Set(wanted.map((one) => one.set))) {
			const rows = await byId(this.services, set, wanted.filter((one) => one.set === set).map(({ ref }) => ref));
			found.push(...wanted.flatMap((one) => { const row = one.set === set ? rows.get(one.ref) : undefined; return row ? [{ set, row }] : []; }));
		}
		return found;
	}

	private async documents(found: readonly Found[]): Promise<{ documents: Array<DocumentOf<K>>; billing: Billing | undefined }> {
		this.read += found.length;
		const { reader } = this;
		if (!(reader instanceof InvoiceReader)) return { documents: await reader.documents(found), billing: undefined };
		const { documents, billing } = await reader.withBilling(found);
		return { documents: documents as Array<DocumentOf<K>>, billing };
	}
}

/** Where it stands or stood, whichever is earlier. */
function earliest(date: unknown, before: string | undefined): string {
	return [String(date ?? ''), ...(before ? [before] : [])].sort()[0]!;
}

function parts(print: string | undefined): { version: string | undefined; quiet: boolean; rest: string | undefined } {
	const [head, rest] = print?.split('|') ?? [];
	const quiet = head?.startsWith('-') ?? false;
	return { version: quiet ? head!.slice(1) : head, quiet, rest };
}
