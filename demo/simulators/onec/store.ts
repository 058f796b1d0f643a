// Owns the records of the simulated infobase: sets as maps of rows by key, record sets, versions, transactions, snapshots.
// Must not know: requests, formats, what a configuration does when something is written (store.objects does that).
import type { EntitySet, Model } from './edmx.model';
import { blankRow, completed } from './store.blank';
import type { Switches } from './switches';
import { type Row, copyRow, guidFrom, text } from './values';

/** One write as it happened; `row` is missing when the record is gone, `before` when it is new. */
export interface Change {
	set: string;
	key: string;
	row?: Row;
	before?: Row;
}

/** Who recorded movements: a document's set and key, and the moment of its records. */
export interface Recorder {
	set: string;
	ref: string;
	period: string;
}

interface State {
	tables: Record<string, Array<[string, Row]>>;
	counters: Array<[string, number]>;
}

/** Rows given out are the stored ones: read them, and write through `put`. Names beginning with `~` are private tables of the configuration. */
export class Store {
	private readonly tables = new Map<string, Map<string, Row>>();
	private readonly counters = new Map<string, number>();
	private readonly listeners: Array<(change: Change) => void> = [];
	private undo: Array<() => void> | undefined;

	constructor(
		readonly model: Model,
		readonly switches: Switches,
		/** The moment in milliseconds. */
		readonly now: () => number,
	) {}

	/** Metadata of a set, published or not; undefined for private tables. */
	definition(set: string): EntitySet | undefined {
		return this.model.sets.get(set);
	}

	isPublished(set: string): boolean {
		return this.model.sets.has(set) && !this.switches.unpublished.some((hidden) => hidden === '*' || set === hidden || set.startsWith(`${hidden}_`));
	}

	/** All rows of a set in the order of their first writing; rows of table parts and records of registers are flattened with their owner's key. */
	rows(set: string): Row[] {
		const definition = this.definition(set);
		if (definition?.role === 'part') return this.flat(definition, definition.part ?? '', ['Ref_Key']);
		if (definition?.role === 'record') return this.flat(definition, 'RecordSet', []);
		return [...this.table(set).values()];
	}

	get(set: string, key: string): Row | undefined {
		return this.table(set).get(key);
	}

	/** The first row whose properties equal the given ones. */
	find(set: string, wanted: Row): Row | undefined {
		return this.rows(set).find((row) => Object.entries(wanted).every(([name, value]) => row[name] === value));
	}

	/** The key of a row as text: the values of the key properties joined by `|`; for most sets simply `Ref_Key`. */
	keyOf(set: string, row: Row): string {
		const key = this.definition(set)?.key ?? ['key'];
		return key.map((name) => text(row, name)).join('|');
	}

	/** The key properties that a key text stands for. */
	keyParts(set: string, key: string): Row {
		const values = key.split('|');
		return Object.fromEntries((this.definition(set)?.key ?? ['key']).map((name, i) => [name, values[i] ?? '']));
	}

	/** A row with every property empty as 1C means it. */
	blank(set: string): Row {
		const definition = this.definition(set);
		return definition ? blankRow(definition) : {};
	}

	/** Writes a row as it is, without any handler: completed by empties, rows numbered, `DataVersion` moved, listeners told. */
	put(set: string, fields: Row): Row {
		const definition = this.definition(set);
		const row = definition ? completed(this.model, definition, copyRow(fields)) : copyRow(fields);
		const key = this.keyOf(set, row);
		const before = this.get(set, key);
		if ('DataVersion' in row) row['DataVersion'] = this.nextVersion(set, key);
		this.swap(set, key, row);
		this.tell({ set, key, row, before });
		return row;
	}

	/** Takes a row away physically. */
	remove(set: string, key: string): void {
		const before = this.get(set, key);
		if (!before) return;
		this.swap(set, key, undefined);
		this.tell({ set, key, before });
	}

	/** Replaces the records one document made in one register; no rows: its records go. `Period`, `LineNumber`, `Active` and the recorder are filled in. */
	setRecords(register: string, recorder: Recorder, rows: Row[]): void {
		const definition = this.definition(register);
		if (!definition) throw new Error(`no register ${register}`);
		const owner: Row = definition.key.includes('Recorder_Key')
			? { Recorder_Key: recorder.ref }
			: { Recorder: recorder.ref, Recorder_Type: `StandardODATA.${recorder.set}` };
		if (rows.length === 0) return this.remove(register, this.keyOf(register, owner));
		const RecordSet = rows.map((row, i) => ({ Period: recorder.period, Active: true, ...row, ...owner, LineNumber: String(i + 1) }));
		this.put(register, { ...owner, RecordSet });
	}

	/** Takes away all records of a document in every register. */
	clearRecords(recorder: Pick<Recorder, 'set' | 'ref'>): void {
		for (const definition of this.model.sets.values()) {
			if (definition.role === 'recorder') this.setRecords(definition.name, { ...recorder, period: '' }, []);
		}
	}

	/** Told of every write, inside its transaction; a listener may write itself. */
	onWrite(listener: (change: Change) => void): void {
		this.listeners.push(listener);
	}

	/** All or nothing; a transaction inside another is part of it. */
	transaction<T>(work: () => T): T {
		if (this.undo) return work();
		const undo: Array<() => void> = [];
		this.undo = undo;
		try {
			return work();
		} catch (error) {
			for (const back of undo.reverse()) back();
			throw error;
		} finally {
			this.undo = undefined;
		}
	}

	/** 1, 2, 3 ... per name. */
	next(name: string): number {
		const value = (this.counters.get(name) ?? 0) + 1;
		this.counters.set(name, value);
		return value;
	}

	/** A guid nobody has; the same ones in the same order after the same starting state. */
	newGuid(): string {
		return guidFrom(`onec ${this.next('~guid')}`);
	}

	snapshot(): string {
		const tables = Object.fromEntries([...this.tables].map(([set, rows]) => [set, [...rows]]));
		return JSON.stringify({ tables, counters: [...this.counters] } satisfies State);
	}

	restore(snapshot: string): void {
		const state = JSON.parse(snapshot) as State;
		this.tables.clear();
		this.counters.clear();
		for (const [set, rows] of Object.entries(state.tables)) this.tables.set(set, new Map(rows));
		for (const [name, value] of state.counters) this.counters.set(name, value);
	}

	private table(set: string): Map<string, Row> {
		let table = this.tables.get(set);
		if (!table) this.tables.set(set, (table = new Map<string, Row>()));
		return table;
	}

	private flat(definition: EntitySet, collection: string, shared: string[]): Row[] {
		return [...this.table(definition.owner ?? '').values()].flatMap((owner) => {
			const rows = owner[collection];
			const key = Object.fromEntries(shared.map((name) => [name, owner[name] ?? '']));
			return Array.isArray(rows) ? rows.map((row) => ({ ...key, ...row })) : [];
		});
	}

	/** The order of the first writing stays; taken-away rows come back at the end, which nobody may rely on. */
	private swap(set: string, key: string, row: Row | undefined): void {
		const table = this.table(set);
		const before = table.get(key);
		this.undo?.push(() => (before ? table.set(key, before) : table.delete(key)));
		if (row) table.set(key, row);
		else table.delete(key);
	}

	private tell(change: Change): void {
		for (const listener of this.listeners) listener(change);
	}

	/** Three flavours of the same eight bytes (reference 3); moves with every write. */
	private nextVersion(set: string, key: string): string {
		const bytes = Buffer.alloc(8);
		const { dataVersion } = this.switches;
		if (dataVersion === 'object') bytes.writeUInt32BE(this.next(`~version ${set} ${key}`) - 1, 4);
		else if (dataVersion === 'table') bytes.writeUInt32BE(this.next(`~version ${set}`), 0);
		else bytes.writeUInt32BE(281_000 + this.next('~version'), 4);
		return bytes.toString('base64');
	}
}


export type { Row };
