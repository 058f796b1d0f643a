// Owns which of several found records is meant: exactly one that belongs to nobody else. Never chooses between two.
import { type Kind, plural } from '../core/documents';
import { Failure } from '../core/failure';
import { isRecord, valueAt } from '../core/values';
import type { Finder } from './rest.profile.kinds';
import type { Row, Services } from './rest.services';
import type { Looks } from './rest.writing.look';
import type { Task } from './rest.writing.task';

export interface Match {
	finder: Finder;
	value: string;
	/** A VAT number or product code is a proof; a name that two share is none. */
	unique: boolean;
}

export class Matching {
	constructor(
		private readonly services: Services,
		private readonly looks: Looks,
	) {}

	/** @throws Failure `ambiguous` */
	async one(kind: Kind, task: Task, rows: readonly Row[], match: Match): Promise<Row | undefined> {
		const fitting = await this.active(kind, rows);
		const taken = await Promise.all(fitting.map(async (row) => await this.belongsElsewhere(kind, task, row)));
		const free = fitting.filter((_, i) => !taken[i]);
		if (fitting.length === 0 || (!match.unique && free.length === 0)) return undefined;
		if (free.length === 1 && (fitting.length === 1 || !match.unique)) return free[0];
		const { name } = this.services.profile;
		const told = match.unique ? fitting : free;
		const list = (await Promise.all(told.map(async (row) => await this.describe(kind, row)))).join(', ');
		const field = match.finder === 'vat' ? 'VAT number' : match.finder;
		if (free.length === 0) throw new Failure('ambiguous', `The ${field} "${match.value}" is that of ${list} in ${name}, which belongs to another record of the other system`, { record: task.record, advice: `Correct the ${field} of one of the two, or make one record of them` });
		throw new Failure('ambiguous', `${told.length} ${plural(kind)} in ${name} have the ${field} "${match.value}": ${list}`, { record: task.record, advice: `Make one of them in ${name}, or give one another ${field}` });
	}

	/** Whether the record is already the counterpart of another one. */
	async belongsElsewhere(kind: Kind, task: Task, row: Row): Promise<boolean> {
		const key = await this.looks.keyOf(kind, row);
		return key !== undefined && key !== task.document.key && !(task.document.kind === 'order' && key === task.document.quoteKey);
	}

	/** Those out of use count only where there is no other. */
	async active(kind: Kind, rows: readonly Row[]): Promise<readonly Row[]> {
		if (rows.length < 2) return rows;
		const states = await Promise.all(rows.map(async (row) => await this.read(kind, row, 'active')));
		const active = rows.filter((_, i) => states[i] !== 'false');
		return active.length > 0 ? active : rows;
	}

	/** One field of the document that the record would be read as; undefined when that needs more than the record. */
	private async read(kind: Kind, row: Row, path: string): Promise<string | undefined> {
		const { read } = this.looks.profile(kind);
		const expression = isRecord(read) ? valueAt(read, path) : undefined;
		if (typeof expression !== 'string') return undefined;
		const value = await this.services.evaluator.value(`kinds.${kind}.read.${path}`, expression, { ...this.looks.base, record: row });
		return value === undefined || value === null || value === '' || typeof value === 'object' ? undefined : String(value as string | number | boolean);
	}

	private async describe(kind: Kind, row: Row): Promise<string> {
		const [name, id] = [await this.read(kind, row, 'name'), await this.looks.idOf(kind, row)];
		return name ? `"${name}" (id ${id ?? '?'})` : `id ${id ?? '?'}`;
	}
}
