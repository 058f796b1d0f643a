// Owns the simulated ERP's records: keeping, numbering, stamping, snapshots. The rules of the business are in books.desk.ts.
// Must not know: any API in front of it, HTTP.
import { TABLES, type Stored, type TableName, type Tables } from './books.records';
import { Refusal } from './books.refusal';
import type { Decimals } from './books.money';

export interface BooksOptions {
	now: () => number;
	/** The id of the n-th record; each API has its own kind of ids. */
	id: (n: number) => string;
	decimals: Decimals;
	/** Whether a second record of a table with the same external id is refused. Read at every write. */
	unique: () => boolean;
}

const FIRST = 1001;
const PREFIX: Partial<Record<TableName, string>> = { customers: 'CU', orders: 'SO', invoices: 'INV' };

type Kept = { [T in TableName]: Map<string, Tables[T]> };

export class Books {
	private kept: Kept = empty();
	private counters: Record<string, number> = {};

	constructor(private readonly options: BooksOptions) {}

	get decimals(): Decimals {
		return this.options.decimals;
	}

	now(): number {
		return this.options.now();
	}

	today(days = 0): string {
		return new Date(this.now() + days * 86_400_000).toISOString().slice(0, 10);
	}

	/** In the order of their making. */
	rows<T extends TableName>(table: T): Array<Tables[T]> {
		return [...this.kept[table].values()];
	}

	find<T extends TableName>(table: T, id: string): Tables[T] | undefined {
		return this.kept[table].get(id);
	}

	must<T extends TableName>(table: T, id: string): Tables[T] {
		const row = this.find(table, id);
		if (!row) throw new Refusal('not_found', `There is no ${SINGULAR[table]} "${id}"`);
		return row;
	}

	/** `SO-1001`. */
	number(table: TableName): string {
		return `${PREFIX[table] ?? table}-${this.count(`number ${table}`)}`;
	}

	/** @param chosen the id, where the caller chooses it */
	insert<T extends TableName>(table: T, fields: Omit<Tables[T], keyof Stored> & { externalId?: string }, chosen?: string): Tables[T] {
		const id = chosen ?? this.options.id(this.count('record'));
		const now = this.now();
		const row = { externalId: '', ...fields, id, createdAt: now, modifiedAt: now, version: 1 } as unknown as Tables[T];
		this.checkKey(table, row);
		this.kept[table].set(id, row);
		return row;
	}

	change<T extends TableName>(table: T, id: string, fields: Partial<Tables[T]>): Tables[T] {
		const old = this.must(table, id);
		const row = { ...old, ...fields, id, version: old.version + 1, modifiedAt: this.now() };
		this.checkKey(table, row);
		this.kept[table].set(id, row);
		return row;
	}

	erase(table: TableName, id: string): void {
		this.must(table, id);
		this.kept[table].delete(id);
	}

	snapshot(): string {
		return JSON.stringify({ kept: Object.fromEntries(TABLES.map((table) => [table, this.rows(table)])), counters: this.counters });
	}

	restore(text: string): void {
		const { kept, counters } = JSON.parse(text) as { kept: { [T in TableName]: Array<Tables[T]> }; counters: Record<string, number> };
		this.kept = empty();
		for (const table of TABLES) for (const row of kept[table]) (this.kept[table] as Map<string, Stored>).set(row.id, row);
		this.counters = counters;
	}

	/** @throws Refusal when another record has the external id */
	checkKey(table: TableName, { id, externalId }: { id?: string; externalId?: string }): void {
		if (!externalId || !this.options.unique()) return;
		const other = this.rows(table).find((one) => one.externalId === externalId && one.id !== id);
		if (other) throw new Refusal('duplicate', `The external id "${externalId}" is taken by ${SINGULAR[table]} ${other.id}`, other.id);
	}

	private count(name: string): number {
		const next = this.counters[name] ?? FIRST;
		this.counters[name] = next + 1;
		return next;
	}
}

const SINGULAR: Record<TableName, string> = { customers: 'customer', products: 'product', orders: 'order', invoices: 'invoice', payments: 'payment' };

function empty(): Kept {
	return { customers: new Map(), products: new Map(), orders: new Map(), invoices: new Map(), payments: new Map() };
}
