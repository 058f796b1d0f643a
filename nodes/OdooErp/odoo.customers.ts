// Owns "Customer: create or update" in Odoo: customers with their contacts and delivery addresses in few calls, each
// under its key. Must not know the wire.
import type { Settled } from '../core/batches';
import { describeDocument, type Document } from '../core/documents';
import { asFailure, Failure } from '../core/failure';
import type { Clock } from '../core/http';
import type { ItemResult, Outcome, UpsertOptions } from '../core/port';
import { type Cell, describeChanges, differing } from './odoo.cells';
import type { ExternalIds } from './odoo.keys';
import { type Loader, type LoadItem, rowOf } from './odoo.load';
import type { OdooMetadata } from './odoo.metadata';
import { type ChildPlan, type PartnerPlan, planPartner } from './odoo.partners';
import { type Located, PartnerFinder } from './odoo.partners.find';
import { MODELS, plannedRef, RefMaker } from './odoo.refs';
import type { OdooSession } from './odoo.session';
import { type Row, reference, text } from './odoo.values';

/** What the parts of the connector share. */
export interface Services {
	session: OdooSession;
	metadata: OdooMetadata;
	keys: ExternalIds;
	loader: Loader;
	clock: Clock;
}

/** One customer on its way. */
interface Task {
	plan: PartnerPlan;
	id?: number;
	outcome: 'created' | 'updated' | 'unchanged';
	changed: Outcome['changed'];
	notes: string[];
	failure?: Failure;
}

/** A found record and what differs on it. */
interface Update {
	task: Task;
	id: number;
	cells: Cell[];
}

/** A contact or address that is not in Odoo yet, of a partner that is. */
interface Addition {
	task: Task;
	child: ChildPlan;
}

interface Pair {
	externalId: string;
	id: number;
}

const MODEL = MODELS.customer;

export class CustomerWriter {
	private readonly finder: PartnerFinder;

	constructor(private readonly services: Services) {
		this.finder = new PartnerFinder(services.session, services.keys);
	}

	/** One result per document; documents of one customer share its result. */
	async upsert(documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		const planned = await this.plan(documents, options);
		const tasks = new Map<string, Task>();
		// The last document of a customer is the newest.
		for (const entry of planned) if (entry.ok) tasks.set(entry.value.externalId, { plan: entry.value, outcome: 'unchanged', changed: {}, notes: [...entry.value.notes] });
		for (const round of roundsByVat([...tasks.values()])) await this.write(round, options);
		const refs = new RefMaker(this.services.session.credential.installation, this.services.session.credential.url, await this.services.session.version());
		return planned.map((entry) => (entry.ok ? this.result(tasks.get(entry.value.externalId)!, refs, options) : entry));
	}

	private async plan(documents: readonly Document[], options: UpsertOptions): Promise<Array<Settled<PartnerPlan>>> {
		const { metadata, session } = this.services;
		return await Promise.all(
			documents.map(async (document): Promise<Settled<PartnerPlan>> => {
				try {
					return { ok: true, value: await planPartner(document, options.overrides, metadata, session.credential.installation) };
				} catch (error) {
					return { ok: false, failure: asFailure(error).on(describeDocument(document)) };
				}
			}),
		);
	}

	private async write(tasks: readonly Task[], options: UpsertOptions): Promise<void> {
		const fields = [...new Set(tasks.flatMap(({ plan }) => [...plan.cells, ...plan.children.flatMap((child) => child.cells)].map((cell) => cell.field)))];
		const located = await this.finder.locate(tasks.map((task) => task.plan), fields, options.matchBy);
		const found: Array<{ task: Task; row: Row; adopt: boolean; by: string }> = [];
		const fresh: Task[] = [];
		located.forEach((place, i) => sort(place, tasks[i]!, found, fresh));
		for (const task of fresh) Object.assign(task, { outcome: 'created', changed: changesOfNew(task.plan) });
		const updates = found.map(({ task, row }): Update => ({ task, id: row.id, cells: this.compare(task, task.plan.cells, row, '') }));
		const { additions, more, keyless } = await this.compareChildren(found, fields);
		if (options.dryRun) return;
		await this.adopt(found, keyless);
		await this.create(fresh);
		await this.add(additions);
		await this.update([...updates, ...more]);
	}

	/** Notes on the task what differs between the cells and a record. */
	private compare(task: Task, cells: readonly Cell[], row: Row, prefix: string): Cell[] {
		const different = differing(cells, row);
		if (different.length > 0) {
			task.outcome = 'updated';
			Object.assign(task.changed, describeChanges(different, row, prefix));
		}
		return different;
	}

	private async compareChildren(found: ReadonlyArray<{ task: Task; row: Row; adopt: boolean }>, fields: readonly string[]): Promise<{ additions: Addition[]; more: Update[]; keyless: Pair[] }> {
		const [additions, more, keyless]: [Addition[], Update[], Pair[]] = [[], [], []];
		const parents = found.filter(({ task }) => task.plan.children.length > 0);
		if (parents.length === 0) return { additions, more, keyless };
		const ids = parents.map(({ row }) => row.id);
		const wanted = [...new Set(['name', 'email', 'type', 'parent_id', ...fields])];
		const rows = await this.services.session.searchRead(MODEL, [['parent_id', 'in', ids]], wanted, { context: { active_test: false } });
		const keysOf = rows.length > 0 ? await this.services.keys.ofRecords(MODEL, rows.map((row) => row.id)) : new Map<number, string[]>();
		for (const { task, row: parent } of parents) {
			const children = rows.filter((row) => reference(row.parent_id)?.id === parent.id);
			for (const child of task.plan.children) {
				const row = childRow(child, children, keysOf);
				if (row) {
					more.push({ task, id: row.id, cells: this.compare(task, child.cells, row, `${child.label}: `) });
					if (!keysOf.get(row.id)?.includes(child.externalId)) keyless.push({ externalId: child.externalId, id: row.id });
				} else {
					additions.push({ task, child });
					task.outcome = 'updated';
					task.changed[child.label] = { after: 'added' };
				}
			}
		}
		return { additions, more, keyless };
	}

	/** Gives our keys to partners and contacts that were found another way. */
	private async adopt(found: ReadonlyArray<{ task: Task; row: Row; adopt: boolean; by: string }>, contacts: readonly Pair[]): Promise<void> {
		const open = found.filter(({ adopt }) => adopt);
		const pairs = [...open.map(({ task, row }) => ({ externalId: task.plan.externalId, id: row.id })), ...contacts];
		const attached = await this.services.keys.attach(MODEL, pairs);
		for (const { task, by } of open) task.notes.push(attached ? `Found in Odoo by ${by} and linked` : `Found in Odoo by ${by}; the Odoo user may not store the key, so it is found that way every time`);
	}

	/** New customers, each with its contacts and address in the same table. */
	private async create(tasks: readonly Task[]): Promise<void> {
		const items = tasks.map(({ plan }): LoadItem => ({
			rows: [
				rowOf([...plan.whenNew, ...plan.cells, typeCell], { id: plan.externalId }),
				...plan.children.map((child) => rowOf([...child.cells, ...child.whenNew], { id: child.externalId, 'parent_id/id': plan.externalId })),
			],
		}));
		const results = await this.services.loader.load(MODEL, items);
		results.forEach((result, i) => {
			const task = tasks[i]!;
			if (result.ok) task.id = result.value[0];
			else task.failure = refusal(result.failure, task.plan);
		});
	}

	private async add(additions: readonly Addition[]): Promise<void> {
		const items = additions.map(({ task, child }): LoadItem => ({ rows: [rowOf([...child.cells, ...child.whenNew], { id: child.externalId, 'parent_id/.id': String(task.id) })] }));
		const results = await this.services.loader.load(MODEL, items);
		results.forEach((result, i) => noteFailure(result, additions[i]!.task));
	}

	/** Only what differs, and those with the same differing fields together. */
	private async update(updates: readonly Update[]): Promise<void> {
		const groups = new Map<string, Update[]>();
		for (const update of updates.filter(({ cells }) => cells.length > 0)) {
			const columns = update.cells.map((cell) => cell.column).sort().join();
			groups.set(columns, [...(groups.get(columns) ?? []), update]);
		}
		for (const group of groups.values()) {
			const results = await this.services.loader.load(MODEL, group.map(({ id, cells }) => ({ rows: [rowOf(cells, { '.id': String(id) })] })));
			results.forEach((result, i) => noteFailure(result, group[i]!.task));
		}
	}

	private result(task: Task, refs: RefMaker, { dryRun }: UpsertOptions): ItemResult {
		if (task.failure) return { ok: false, failure: task.failure.on(task.plan.record) };
		const notes = dryRun ? [...task.notes, 'Nothing was written: this was a comparison only'] : task.notes;
		const ref = task.id === undefined ? plannedRef(this.services.session.credential.installation, 'customer') : refs.ref('customer', task.id);
		return { ok: true, value: { outcome: task.outcome, ref, changed: task.changed, notes } };
	}
}

const typeCell: Cell = { field: 'type', column: 'type', text: 'contact', shown: 'contact', same: () => true, show: text };

function sort(place: Located, task: Task, found: Array<{ task: Task; row: Row; adopt: boolean; by: string }>, fresh: Task[]): void {
	if (place.is === 'failed') {
		task.failure = place.failure;
	} else if (place.is === 'new') {
		fresh.push(task);
	} else {
		task.id = place.row.id;
		if (place.row.active === false) task.notes.push('It is archived in Odoo');
		found.push({ task, row: place.row, adopt: place.adopt, by: place.by });
	}
}

/** A contact by its key; in a company that was found another way also by mail address or name. */
function childRow(child: ChildPlan, rows: readonly Row[], keysOf: Map<number, string[]>): Row | undefined {
	const keyed = rows.find((row) => keysOf.get(row.id)?.includes(child.externalId));
	if (keyed) return keyed;
	const free = rows.filter((row) => !keysOf.get(row.id)?.length && row.type === 'contact');
	const email = child.email?.toLowerCase();
	const fits = email ? free.filter((row) => text(row.email)?.toLowerCase() === email) : free.filter((row) => child.name !== undefined && text(row.name) === child.name && !row.email);
	return fits.length === 1 ? fits[0] : undefined;
}

function changesOfNew(plan: PartnerPlan): Outcome['changed'] {
	return Object.assign(describeChanges(plan.cells), ...plan.children.map((child) => describeChanges(child.cells, undefined, `${child.label}: `))) as Outcome['changed'];
}

/** Two customers of the CRM with one VAT number are written one after the other, so that the second finds the first. */
function roundsByVat(tasks: readonly Task[]): Task[][] {
	const rounds: Task[][] = [];
	const seen = new Map<string, number>();
	for (const task of tasks) {
		const vat = task.plan.vat;
		const round = vat ? (seen.get(vat) ?? 0) : 0;
		if (vat) seen.set(vat, round + 1);
		(rounds[round] ??= []).push(task);
	}
	return rounds;
}

function noteFailure(result: Settled<number[]>, task: Task): void {
	if (!result.ok) task.failure ??= refusal(result.failure, task.plan);
}

/** Odoo's check of VAT numbers answers in the user's language; the number itself is in it. */
function refusal(failure: Failure, { customer, record }: PartnerPlan): Failure {
	if (failure.kind !== 'rejected' || !customer.vat || !failure.said?.includes(customer.vat)) return failure.on(record);
	return new Failure('rejected', `VAT number ${customer.vat} is refused by Odoo`, { record, said: failure.said, code: failure.code, advice: 'Correct it in the CRM' });
}
