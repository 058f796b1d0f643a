// Owns "Product: create or update" in 1C: by our own Ref_Key, else by code (Артикул). Prices are set in 1C by documents
// of their own and are not written here. Must not know the wire.
import { describeDocument, type Document, type Product, refTo } from '../core/documents';
import { asFailure, Failure } from '../core/failure';
import type { ItemResult, Outcome, UpsertOptions } from '../core/port';
import { bodyOf, type Cell, cutNotes, describeChanges, differing, plainText, textCell } from './onec.cells';
import { makeOnce } from './onec.keyed';
import { isGuid, refKey, reference, sameRef } from './onec.keys';
import { guid, text } from './onec.literals';
import { namesOf, overrideCells, present, withOverrides } from './onec.overrides';
import { fold } from './onec.partners.find';
import { ProductMasters } from './onec.products.masters';
import type { Profile } from './onec.profile';
import { filters } from './onec.reading';
import { plannedRef, refOf } from './onec.refs';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

interface Task {
	product: Product;
	record: string;
	ref: string;
	statedRef?: string;
	/** Compared. */
	cells: Cell[];
	overrides: Cell[];
	row?: Row;
	outcome: 'created' | 'updated' | 'unchanged';
	changed: Outcome['changed'];
	notes: string[];
	failure?: Failure;
}

const LOOKS = 4;

export class ProductWriter {
	constructor(private readonly services: Services) {}

	async upsert(documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		const profile = await this.services.profile();
		const planned = await Promise.all(documents.map(async (document) => await this.plan(document, profile, options).catch((error: unknown) => asFailure(error).on(describeDocument(document)))));
		// The last document of a product is the newest.
		const tasks = new Map(planned.flatMap((task): Array<[string, Task]> => (task instanceof Failure ? [] : [[task.ref, task]])));
		let open = [...tasks.values()];
		for (let look = 1; open.length > 0; look++) {
			await this.pass(open, profile, options);
			open = look < LOOKS ? open.filter((task) => task.failure?.kind === 'conflict') : [];
			for (const task of open) Object.assign(task, { row: undefined, outcome: 'unchanged', changed: {}, failure: undefined });
		}
		return planned.map((entry) => (entry instanceof Failure ? { ok: false, failure: entry } : this.result(tasks.get(entry.ref)!, profile, options)));
	}

	private async plan(document: Document, profile: Profile, options: UpsertOptions): Promise<Task> {
		const record = describeDocument(document);
		if (document.kind !== 'product') throw new Failure('rejected', `A ${document.kind} is not a product`, { record });
		const name = document.name.replace(/\s+/g, ' ').trim();
		if (!name) throw new Failure('rejected', 'It has no name', { record, advice: '1C needs one' });
		const overrides = await overrideCells(options.overrides, document, document.source, profile.product.set, this.services, record);
		const names = await namesOf(this.services, profile.product.set);
		const task: Task = { product: document, record, ref: refKey(document.key), statedRef: stated(document, this.services.credential.installation), cells: present(withOverrides(productCells(document, name, profile), overrides), names), overrides, outcome: 'unchanged', changed: {}, notes: [] };
		if (document.price) task.notes.push('The price was not written: 1C sets prices by documents of their own (Установка цен номенклатуры)');
		return task;
	}

	private async pass(tasks: readonly Task[], profile: Profile, options: UpsertOptions): Promise<void> {
		try {
			const rows = await this.candidates(tasks, profile);
			for (const task of tasks) {
				try {
					task.row = find(task, rows, profile);
					await this.write(task, profile, options);
				} catch (error) {
					task.failure = asFailure(error);
				}
			}
		} catch (error) {
			for (const task of tasks) task.failure ??= asFailure(error);
		}
	}

	private async candidates(tasks: readonly Task[], { product }: Profile): Promise<Row[]> {
		const conditions = tasks.flatMap((task) => [
			`Ref_Key eq ${guid(task.ref)}`,
			...(task.statedRef ? [`Ref_Key eq ${guid(task.statedRef)}`] : []),
			...(task.product.code ? [`${product.code} eq ${text(task.product.code)}`] : []),
		]);
		const rows = new Map<string, Row>();
		for (const filter of filters(conditions)) for (const row of await this.services.session.rows(product.set, { filter })) rows.set(String(row.Ref_Key), row);
		return [...rows.values()].filter((row) => row.IsFolder !== true);
	}

	private async write(task: Task, profile: Profile, options: UpsertOptions): Promise<void> {
		const { product } = profile;
		if (!task.row) return await this.create(task, profile, options);
		const cells = differing(task.cells, task.row);
		if (!sameRef(task.row.Ref_Key, task.ref)) task.notes.push(`Found in 1C by its ${product.code}`);
		if (cells.length === 0) return;
		Object.assign(task, { outcome: 'updated', changed: describeChanges(cells, task.row) });
		if (options.dryRun) return;
		const before = task.row;
		task.row = await this.services.session.patch(product.set, reference(before.Ref_Key)!, bodyOf(cells, before), { version: plainText(before.DataVersion) || undefined });
		task.notes.push(...cutNotes(cells, task.row));
	}

	private async create(task: Task, profile: Profile, options: UpsertOptions): Promise<void> {
		const { product } = profile;
		const names = await namesOf(this.services, product.set);
		const masters = new ProductMasters(this.services);
		const cells = present(withOverrides([...(await masters.cells(task.product, profile, task.record, task.notes)), ...task.cells], task.overrides), names);
		Object.assign(task, { outcome: 'created', changed: describeChanges(cells) });
		if (options.dryRun) return;
		const made = await makeOnce(this.services, { set: product.set, body: bodyOf(cells), ref: task.ref, slot: async () => find(task, await this.candidates([task], profile), profile) });
		if (made.existed) throw new Failure('conflict', 'It was made in 1C by somebody else at the same moment', { record: task.record });
		task.row = made.row;
		task.notes.push(...cutNotes(cells, made.row));
	}

	private result(task: Task, { product }: Profile, { dryRun }: UpsertOptions): ItemResult {
		if (task.failure) return { ok: false, failure: task.failure.on(task.record) };
		const id = reference(task.row?.Ref_Key);
		const ref = id ? refOf(this.services.credential, 'product', product.set, id, { number: plainText(task.row![product.code]).trim() || undefined }) : plannedRef(this.services.credential, 'product');
		const notes = dryRun ? [...task.notes, 'Nothing was written: this was a comparison only'] : task.notes;
		return { ok: true, value: { outcome: task.outcome, ref, changed: task.changed, notes: [...new Set(notes)] } };
	}
}

/** The record in this infobase that the document says it is. */
function stated(product: Product, installation: string): string | undefined {
	const id = product.source?.installation === installation ? product.source.id : refTo(product, installation, 'product')?.id;
	return isGuid(id) ? id.toLowerCase() : undefined;
}

function productCells(document: Product, name: string, { product }: Profile): Cell[] {
	return [
		textCell(product.name, name),
		...(product.fullName ? [textCell(product.fullName, name)] : []),
		...(document.code ? [textCell(product.code, document.code)] : []),
		...(document.description && product.description ? [textCell(product.description, document.description)] : []),
	];
}

/** @throws Failure `ambiguous` when several have the code, or the only one is marked for deletion */
function find(task: Task, rows: readonly Row[], { product }: Profile): Row | undefined {
	const show = (row: Row): string => [`"${plainText(row[product.name])}"`, product.number && plainText(row[product.number]).trim(), row.DeletionMark === true && 'marked for deletion'].filter(Boolean).join(' ');
	const own = rows.find((row) => sameRef(row.Ref_Key, task.ref)) ?? rows.find((row) => task.statedRef !== undefined && sameRef(row.Ref_Key, task.statedRef));
	const fits = own ? [own] : rows.filter((row) => task.product.code !== undefined && fold(plainText(row[product.code])) === fold(task.product.code));
	if (fits.length === 0) return undefined;
	if (fits.length === 1 && fits[0]!.DeletionMark !== true) return fits[0];
	const live = fits.filter((row) => row.DeletionMark !== true);
	const what = fits.length === 1 ? `The product in 1C is marked for deletion: ${show(fits[0]!)}` : `${fits.length} products in 1C have the code ${task.product.code!}: ${fits.map(show).join(', ')}`;
	throw new Failure('ambiguous', what, { record: task.record, advice: live.length > 1 ? `Give each its own ${product.code} in 1C` : 'Take the deletion mark off in 1C, or delete the record there for good' });
}

