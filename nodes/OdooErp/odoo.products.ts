// Owns "Product: create or update" in Odoo: by key, else by product code. Must not know the wire.
import { describeDocument, type Document, type Product } from '../core/documents';
import { asFailure, Failure } from '../core/failure';
import { odooExternalId } from '../core/keys';
import type { ItemResult, Outcome, UpsertOptions } from '../core/port';
import { booleanCell, type Cell, describeChanges, differing, numberCell, textCell } from './odoo.cells';
import type { Services } from './odoo.customers';
import { type LoadItem, rowOf } from './odoo.load';
import { cellsOf, productRows } from './odoo.mapping';
import { overrideCells, withOverrides } from './odoo.overrides';
import { MODELS, plannedRef, RefMaker } from './odoo.refs';
import { type Row, text } from './odoo.values';

interface Task {
	product: Product;
	record: string;
	externalId: string;
	cells: Cell[];
	whenNew: Cell[];
	row?: Row;
	adopt: boolean;
	id?: number;
	outcome: 'created' | 'updated' | 'unchanged';
	changed: Outcome['changed'];
	notes: string[];
	failure?: Failure;
}

const MODEL = MODELS.product;

export class ProductWriter {
	constructor(private readonly services: Services) {}

	async upsert(documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		const { session } = this.services;
		const planned = await Promise.all(documents.map(async (document) => await this.plan(document, options).catch((error: unknown) => asFailure(error).on(describeDocument(document)))));
		const tasks = [...new Map(planned.flatMap((task): Array<[string, Task]> => (task instanceof Failure ? [] : [[task.externalId, task]]))).values()];
		await this.find(tasks);
		const open = tasks.filter((task) => !task.failure);
		for (const task of open) compare(task);
		if (!options.dryRun) await this.write(open);
		const refs = new RefMaker(session.credential.installation, session.credential.url, await session.version());
		const byKey = new Map(tasks.map((task) => [task.externalId, task]));
		return planned.map((entry) => {
			if (entry instanceof Failure) return { ok: false, failure: entry };
			const task = byKey.get(entry.externalId)!;
			if (task.failure) return { ok: false, failure: task.failure.on(task.record) };
			const ref = task.id === undefined ? plannedRef(session.credential.installation, 'product') : refs.ref('product', task.id, { number: task.product.code });
			return { ok: true, value: { outcome: task.outcome, ref, changed: task.changed, notes: task.notes } };
		});
	}

	private async plan(document: Document, options: UpsertOptions): Promise<Task> {
		const record = describeDocument(document);
		if (document.kind !== 'product') throw new Failure('rejected', `A ${document.kind} is not a product`, { record });
		const { metadata } = this.services;
		const places = (await metadata.fields(MODEL)).list_price?.digits ?? [];
		const own = cellsOf(document, productRows, record).map((cell) => (cell.field === 'list_price' || cell.field === 'standard_price' ? numberCell(cell.field, cell.text, places[1]) : cell));
		const extra = await overrideCells(options.overrides, document, document.source, MODEL, metadata, record);
		return {
			product: document,
			record,
			externalId: odooExternalId(document.key, MODEL),
			cells: withOverrides(own, extra),
			whenNew: await this.typeCells(document),
			adopt: false,
			outcome: 'unchanged',
			changed: {},
			notes: await this.notes(document),
		};
	}

	/** How goods and services are told apart changed twice (reference odoo.md, section 5); never changed later. */
	private async typeCells({ type }: Product): Promise<Cell[]> {
		const fields = await this.services.metadata.fields(MODEL);
		const field = fields.detailed_type ? 'detailed_type' : 'type';
		if (type === 'service') return [textCell(field, 'service')];
		if (fields.is_storable) return [textCell('type', 'consu'), booleanCell('is_storable', true)];
		const stockable = (fields[field]?.selection ?? []).some(([value]) => value === 'product');
		return [textCell(field, stockable ? 'product' : 'consu')];
	}

	private async notes(product: Product): Promise<string[]> {
		if (!product.price || !product.currency) return [];
		const { currency } = await this.services.metadata.company();
		return currency && currency !== product.currency ? [`The price is in ${product.currency}; Odoo keeps product prices in ${currency} and took the number as it is`] : [];
	}

	/** By key; a product without one by its code. */
	private async find(tasks: readonly Task[]): Promise<void> {
		const { session, keys } = this.services;
		const fields = [...new Set(['name', 'default_code', 'active', ...tasks.flatMap((task) => task.cells.map((cell) => cell.field))])];
		const byKey = await this.byKey(tasks);
		const rows = new Map((await session.read(MODEL, [...new Set(byKey.values())], fields)).map((row) => [row.id, row]));
		for (const task of tasks) task.row = rows.get(byKey.get(task.externalId) ?? 0);
		const open = tasks.filter((task) => !task.row && task.product.code);
		if (open.length > 0) {
			const found = await session.searchRead(MODEL, [['default_code', 'in', [...new Set(open.map((task) => task.product.code))]]], fields, { context: { active_test: false } });
			const keysOf = found.length > 0 ? await keys.ofRecords(MODEL, found.map((row) => row.id)) : new Map<number, string[]>();
			for (const task of open) byCode(task, found, keysOf);
		}
		for (const task of tasks) if (task.row) task.id = task.row.id;
	}

	/** Where keys may not be read many at once, products are found by their codes and told apart by the keys those have. */
	private async byKey(tasks: readonly Task[]): Promise<Map<string, number>> {
		const { keys } = this.services;
		if (tasks.length !== 1) return (await keys.findMany(MODEL, tasks.map((task) => task.externalId))) ?? new Map();
		const [{ externalId }] = tasks as [Task];
		const id = await keys.find(MODEL, externalId);
		return new Map(id === undefined ? [] : [[externalId, id]]);
	}

	private async write(tasks: readonly Task[]): Promise<void> {
		const { keys } = this.services;
		const adopted = tasks.filter((task) => task.adopt && task.row);
		const attached = await keys.attach(MODEL, adopted.map((task) => ({ externalId: task.externalId, id: task.row!.id })));
		for (const task of adopted) task.notes.push(attached ? 'Found in Odoo by its code and linked' : 'Found in Odoo by its code; the Odoo user may not store the key');
		const fresh = tasks.filter((task) => !task.row);
		await this.load(fresh, fresh.map((task) => ({ rows: [rowOf([...task.whenNew, ...task.cells], { id: task.externalId })] })));
		const groups = new Map<string, Array<{ task: Task; cells: Cell[] }>>();
		for (const task of tasks) {
			const cells = task.row ? differing(task.cells, task.row) : [];
			const columns = cells.map((cell) => cell.column).sort().join();
			if (cells.length > 0) groups.set(columns, [...(groups.get(columns) ?? []), { task, cells }]);
		}
		for (const group of groups.values()) {
			await this.load(group.map(({ task }) => task), group.map(({ task, cells }) => ({ rows: [rowOf(cells, { '.id': String(task.row!.id) })] })));
		}
	}

	private async load(tasks: readonly Task[], items: LoadItem[]): Promise<void> {
		const results = await this.services.loader.load(MODEL, items);
		results.forEach((result, i) => {
			const task = tasks[i]!;
			if (result.ok) task.id = result.value[0];
			else task.failure = result.failure;
		});
	}
}

function byCode(task: Task, rows: readonly Row[], keysOf: Map<number, string[]>): void {
	task.row = rows.find((row) => keysOf.get(row.id)?.includes(task.externalId));
	if (task.row) return;
	const prefix = task.externalId.slice(0, task.externalId.indexOf('__') + 2);
	const same = rows.filter((row) => text(row.default_code) === task.product.code);
	const active = same.some((row) => row.active !== false) ? same.filter((row) => row.active !== false) : same;
	if (active.length === 0) return;
	if (active.length > 1) {
		const list = active.map((row) => `"${text(row.name) ?? ''}" (id ${row.id})`).join(', ');
		task.failure = new Failure('ambiguous', `${active.length} products in Odoo have the code ${task.product.code}: ${list}`, { record: task.record, advice: 'Give each its own code in Odoo' });
		return;
	}
	const [row] = active;
	if (keysOf.get(row!.id)?.some((key) => key.startsWith(prefix) && key !== task.externalId)) {
		task.failure = new Failure('ambiguous', `The product with the code ${task.product.code} in Odoo (id ${row!.id}) belongs to another record of the CRM`, { record: task.record, advice: 'Two products of the CRM have this code: change one' });
		return;
	}
	task.row = row;
	task.adopt = true;
}

function compare(task: Task): void {
	const cells = task.row ? differing(task.cells, task.row) : task.cells;
	task.outcome = !task.row ? 'created' : cells.length > 0 ? 'updated' : 'unchanged';
	task.changed = describeChanges(cells, task.row);
}
