// Owns the tables: rows, sequences, look-up indexes, rollback, conflict detection, snapshots.
// Must not know: fields' meaning, users, calls.
import type { Json, Row } from './json';

interface Undo {
	model: string;
	id: number;
	before: Row | undefined;
	changedBefore: number | undefined;
}

export interface Snapshot {
	tables: Map<string, Map<number, Row>>;
	sequences: Map<string, number>;
	counters: Map<string, number>;
}

/** All rows of one database. Rows are replaced, never changed in place, so a snapshot is a copy of the maps. */
export class Store {
	private tables = new Map<string, Map<number, Row>>();
	private sequences = new Map<string, number>();
	/** Named counters: order numbers, invoice numbers. */
	private counters = new Map<string, number>();
	private fillers = new Map<string, () => Row[]>();
	private indexes = new Map<string, Map<Json, Set<number>>>();
	private undo: Undo[] | undefined;
	private commits = 0;
	/** Commit number of the last change of each record and of each external id. */
	private changed = new Map<string, number>();

	table(model: string): Map<number, Row> {
		let table = this.tables.get(model);
		if (!table) {
			this.tables.set(model, (table = new Map()));
			for (const row of this.fillers.get(model)?.() ?? []) {
				table.set(row.id, row);
				if (row.id > (this.sequences.get(model) ?? 0)) this.sequences.set(model, row.id);
			}
		}
		return table;
	}

	/** Rows of a table that is filled when somebody first looks at it. */
	fillLater(model: string, rows: () => Row[]): void {
		this.fillers.set(model, rows);
	}

	get(model: string, id: number): Row | undefined {
		return this.table(model).get(id);
	}

	rows(model: string): Row[] {
		return [...this.table(model).values()];
	}

	/** Takes the next id; like a PostgreSQL sequence it is not given back by a rollback. */
	nextId(model: string): number {
		const id = (this.sequences.get(model) ?? 0) + 1;
		this.sequences.set(model, id);
		return id;
	}

	/** Makes `id` the next one handed out. */
	setNextId(model: string, id: number): void {
		this.sequences.set(model, id - 1);
	}

	counter(name: string): number {
		const n = (this.counters.get(name) ?? 0) + 1;
		this.counters.set(name, n);
		return n;
	}

	setCounter(name: string, last: number): void {
		this.counters.set(name, last);
	}

	put(model: string, row: Row): void {
		const table = this.table(model);
		const before = table.get(row.id);
		this.undo?.push({ model, id: row.id, before, changedBefore: this.changed.get(`${model}:${row.id}`) });
		this.reindex(model, before, row);
		table.set(row.id, row);
		this.changed.set(`${model}:${row.id}`, this.commits + 1);
		if (row.id > (this.sequences.get(model) ?? 0)) this.sequences.set(model, row.id);
	}

	remove(model: string, id: number): void {
		const before = this.get(model, id);
		if (!before) return;
		this.undo?.push({ model, id, before, changedBefore: this.changed.get(`${model}:${id}`) });
		this.reindex(model, before, undefined);
		this.table(model).delete(id);
		this.changed.set(`${model}:${id}`, this.commits + 1);
	}

	/** Ids of the rows whose `field` equals `value`, ascending. Indexed on first use. */
	by(model: string, field: string, value: Json): number[] {
		const name = `${model}/${field}`;
		let index = this.indexes.get(name);
		if (!index) {
			this.indexes.set(name, (index = new Map()));
			for (const row of this.rows(model)) addTo(index, row[field] ?? false, row.id);
		}
		return [...(index.get(value) ?? [])].sort((a, b) => a - b);
	}

	/** Runs `work` as one transaction: kept whole, or undone when it throws. Nested calls join the outer one as a savepoint. */
	transaction<T>(work: () => T): T {
		const outer = this.undo;
		const own: Undo[] = [];
		this.undo = own;
		try {
			const result = work();
			this.undo = outer;
			if (outer) outer.push(...own);
			else if (own.length > 0) this.commits += 1;
			return result;
		} catch (error) {
			this.undo = undefined;
			for (const u of own.reverse()) this.restoreRow(u);
			this.undo = outer;
			throw error;
		}
	}

	/** The current commit number; with `changedSince` it tells whether somebody else was faster. */
	get commitNumber(): number {
		return this.commits;
	}

	/** Whether another transaction changed the record after commit `from` and up to commit `to`. */
	changedBetween(model: string, id: number, from: number, to: number): boolean {
		const at = this.changed.get(`${model}:${id}`) ?? 0;
		return at > from && at <= to;
	}

	snapshot(): Snapshot {
		return { tables: new Map([...this.tables].map(([m, t]) => [m, new Map(t)])), sequences: new Map(this.sequences), counters: new Map(this.counters) };
	}

	restore(s: Snapshot): void {
		this.tables = new Map([...s.tables].map(([m, t]) => [m, new Map(t)]));
		this.sequences = new Map(s.sequences);
		this.counters = new Map(s.counters);
		this.indexes.clear();
		this.changed.clear();
		this.commits += 1;
	}

	private restoreRow(u: Undo): void {
		const now = this.get(u.model, u.id);
		this.reindex(u.model, now, u.before);
		if (u.before) this.table(u.model).set(u.id, u.before);
		else this.table(u.model).delete(u.id);
		if (u.changedBefore === undefined) this.changed.delete(`${u.model}:${u.id}`);
		else this.changed.set(`${u.model}:${u.id}`, u.changedBefore);
	}

	private reindex(model: string, before: Row | undefined, after: Row | undefined): void {
		for (const [name, index] of this.indexes) {
			if (!name.startsWith(`${model}/`)) continue;
			const field = name.slice(model.length + 1);
			if (before) index.get(before[field] ?? false)?.delete(before.id);
			if (after) addTo(index, after[field] ?? false, after.id);
		}
	}
}

function addTo(index: Map<Json, Set<number>>, value: Json, id: number): void {
	let set = index.get(value);
	if (!set) index.set(value, (set = new Set()));
	set.add(id);
}
