// Owns finding the record that a document stands for, many documents together: by its own id, by its key, by what links it,
// and customers and products by what they have in common with one that carries no key. Writes nothing.
import { refTo, type Document, type Kind } from '../core/documents';
import { asFailure, Failure } from '../core/failure';
import { parseKey } from '../core/keys';
import type { UpsertOptions } from '../core/port';
import type { Finder } from './rest.profile.kinds';
import type { Row, Services } from './rest.services';
import type { Looks } from './rest.writing.look';
import type { Matching } from './rest.writing.match';
import { each, normalVat, type Task } from './rest.writing.task';

/** Ids may be looked up, too. */
type By = Finder | 'id';

export class Locator {
	constructor(
		private readonly services: Services,
		private readonly looks: Looks,
		private readonly matching: Matching,
	) {}

	/** What else than a key may lead two documents to one record: a link, and what the node matches by. */
	names(kind: Kind, { document }: Task, { matchBy }: UpsertOptions): string[] {
		const id = statedId(document, kind, this.services);
		const match = document.kind === 'customer' && matchBy && matchBy !== 'none' ? normalVat(valueOf(document, matchBy)) : undefined;
		return [...(id ? [`id ${id}`] : []), ...(match ? [`match ${match}`] : [])];
	}

	/** Sets `row` and `id` of what is there already; what is not there stays without a row. */
	async locate(kind: Kind, tasks: readonly Task[], options: UpsertOptions): Promise<void> {
		await this.byKeys(kind, tasks);
		await this.look(kind, 'id', tasks, (task) => statedId(task.document, kind, this.services), async (task, rows) => await this.linked(kind, task, rows));
		if (kind === 'customer') await this.customers(tasks, options);
		if (kind === 'product') await this.look(kind, 'code', tasks, ({ document }) => (document.kind === 'product' ? document.code : undefined), async (task, rows) => await this.adopt(kind, task, rows, 'code', true));
		await this.identify(kind, tasks);
	}

	/** The same by what can only be the document's own record. */
	async byKeys(kind: Kind, tasks: readonly Task[]): Promise<void> {
		await this.byOwnId(kind, tasks);
		if (this.looks.offers(kind, 'key')) {
			await this.look(kind, 'key', tasks, (task) => task.document.key, async (task, rows) => await this.keyed(kind, task, rows, task.document.key));
			await this.look(kind, 'key', tasks, quoteKeyOf, async (task, rows) => await this.keyed(kind, task, rows, quoteKeyOf(task)!));
		}
		await this.identify(kind, tasks);
	}

	private async identify(kind: Kind, tasks: readonly Task[]): Promise<void> {
		await each(tasks, async (task) => {
			if (task.row) task.id = (await this.looks.idOf(kind, task.row)) ?? task.id;
		});
	}

	/** A document that came from here, and one whose id we choose ourselves. */
	private async byOwnId(kind: Kind, tasks: readonly Task[]): Promise<void> {
		const { module } = this.looks.profile(kind);
		await each(tasks, async (task) => {
			task.id = await this.chosenId(kind, task.document.key, task.record);
		});
		const own = (task: Task): string | undefined => ownId(task.document.key, module, this.services);
		await this.look(kind, 'id', tasks, (task) => own(task) ?? task.id, async (task, rows) => {
			await foundRow(task, rows);
			// It keeps the other system's key, or none: its own one in that place would cut the link.
			if (task.row && own(task) !== undefined) task.key = (await this.looks.keyOf(kind, task.row)) ?? '';
		});
		const second = new Map<Task, string | undefined>();
		await each(tasks, async (task) => void second.set(task, quoteKeyOf(task) && (await this.chosenId(kind, quoteKeyOf(task)!, task.record))));
		await this.look(kind, 'id', tasks, (task) => second.get(task), async (task, rows) => {
			await foundRow(task, rows);
			if (task.row) task.key = quoteKeyOf(task)!;
		});
	}

	/** The id that a record with this key has, where we choose ids ourselves. */
	async chosenId(kind: Kind, key: string, record: string): Promise<string | undefined> {
		const { identity } = this.looks.profile(kind);
		if (identity?.by !== 'chosenId') return undefined;
		const id = await this.services.evaluator.text(`kinds.${kind}.identity.id`, identity.id, { ...this.looks.base, key });
		if (id !== undefined) return id;
		throw new Failure('rejected', `kinds.${kind}.identity.id of the profile gives no id for the key ${key}`, { record, advice: 'Correct the expression in the profile' });
	}

	/** Several records carry one key: all writers keep to the first, as the look-up sorts them. */
	private async keyed(kind: Kind, task: Task, [first, ...twins]: readonly Row[], key: string): Promise<void> {
		if (!first) return;
		Object.assign(task, { row: first, key, twins });
		// After a lost answer they are ours to remove.
		if (twins.length === 0 || task.lost) return;
		const ids = await Promise.all(twins.map(async (row) => `id ${(await this.looks.idOf(kind, row)) ?? '?'}`));
		task.notes.add(`${twins.length + 1} records in ${this.services.profile.name} carry this key: the first one (id ${await this.looks.idOf(kind, first)}) is used; look at ${ids.join(', ')} and remove what is too much`);
	}

	/** By an id that the document tells: a link in the CRM, or what an earlier step wrote. */
	private async linked(kind: Kind, task: Task, [row]: readonly Row[]): Promise<void> {
		if (!row || (await this.matching.belongsElsewhere(kind, task, row))) return;
		Object.assign(task, { row, adopted: 'the link in the other system' });
	}

	private async customers(tasks: readonly Task[], { matchBy }: UpsertOptions): Promise<void> {
		const vat = ({ document }: Task): string | undefined => (document.kind === 'customer' ? document.vat : undefined);
		if (this.looks.offers('customer', 'vat')) {
			await this.look('customer', 'vat', tasks, vat, async (task, rows) => await this.adopt('customer', task, rows, 'vat', true));
			const other = (task: Task): string | undefined => (normalVat(vat(task)) === vat(task) ? undefined : normalVat(vat(task)));
			await this.look('customer', 'vat', tasks, other, async (task, rows) => await this.adopt('customer', task, rows, 'vat', true));
		}
		if (!matchBy || matchBy === 'none') return;
		if (!this.looks.offers('customer', matchBy)) {
			for (const task of tasks) if (!task.row) task.notes.add(`Customers of ${this.services.profile.name} cannot be looked up by ${matchBy}: the profile says nothing of it`);
			return;
		}
		await this.look('customer', matchBy, tasks, (task) => valueOf(task.document, matchBy), async (task, rows) => await this.adopt('customer', task, rows, matchBy, false));
	}

	private async adopt(kind: Kind, task: Task, rows: readonly Row[], finder: Finder, unique: boolean): Promise<void> {
		const value = valueOf(task.document, finder)!;
		const row = await this.matching.one(kind, task, rows, { finder, value, unique });
		if (row) Object.assign(task, { row, adopted: `${finder === 'vat' ? 'VAT number' : finder} "${value}"` });
	}

	/** Looks all values up together, for those that were not found yet; a look-up that does not work stops its document only. */
	private async look(kind: Kind, by: By, tasks: readonly Task[], value: (task: Task) => string | undefined, found: (task: Task, rows: readonly Row[]) => Promise<void>): Promise<void> {
		if (by !== 'id' && !this.looks.offers(kind, by)) return;
		const open = tasks.filter((task) => !task.failure && !task.row && value(task) !== undefined);
		if (open.length === 0) return;
		const values = open.map((task) => value(task)!);
		const results = by === 'id' ? await this.looks.byId(kind, values) : await this.looks.by(kind, by, values);
		await each(open, async (task) => {
			const result = results[open.indexOf(task)]!;
			if (!result.ok) throw asFailure(result.failure);
			await found(task, Array.isArray(result.value) ? result.value : result.value ? [result.value] : []);
		});
	}
}

async function foundRow(task: Task, [row]: readonly Row[]): Promise<void> {
	if (row) task.row = row;
	await Promise.resolve();
}

function quoteKeyOf({ document }: Task): string | undefined {
	return document.kind === 'order' ? document.quoteKey : undefined;
}

function valueOf(document: Document, finder: Finder): string | undefined {
	if (finder === 'reference') return document.source?.number;
	const value = (document as unknown as Record<string, unknown>)[finder];
	return typeof value === 'string' ? value : undefined;
}

/** The id in a key, when the key is one of this system's own. */
export function ownId(key: string | undefined, module: string | undefined, { credential }: Services): string | undefined {
	const parts = key ? parseKey(key) : undefined;
	return parts?.installation === credential.installation && (parts.module === module || parts.module === '*') ? parts.id : undefined;
}

/** The record's id when the document tells it: read from here, written here, or linked to here. */
export function statedId(document: Document, kind: Kind, services: Services): string | undefined {
	const module = services.profile.kinds[kind]?.module;
	const { source, link } = document;
	if (source?.installation === services.credential.installation && source.module === module) return source.id;
	return refTo(document, services.credential.installation, kind)?.id || ownId(link?.key, module, services);
}
