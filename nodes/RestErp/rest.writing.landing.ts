// Owns finding out what a write has come to: the record as it stands, twins that were made at once, answers that tell no
// id or speak of a record that is gone.
import type { Kind } from '../core/documents';
import { Failure } from '../core/failure';
import { parseKey } from '../core/keys';
import { compare } from './rest.compare';
import type { Row, Services } from './rest.services';
import type { Looks } from './rest.writing.look';
import type { Sender, Sent } from './rest.writing.send';
import { each, PATIENCE, type Task } from './rest.writing.task';

export class Landing {
	constructor(
		private readonly services: Services,
		private readonly looks: Looks,
		private readonly sender: Sender,
	) {}

	/** What a refused write means: a conflict is looked at again, and so is what may have been done. */
	async refused(kind: Kind, task: Task, failure: Failure): Promise<Failure> {
		if (task.action !== 'create') return failure;
		if (failure.kind === 'unknown') task.lost = true;
		const { identity } = this.looks.profile(kind);
		const taken = identity?.by === 'uniqueField' ? (identity.taken ?? ['409']) : [];
		if (taken.some((code) => [failure.code, failure.cause].some((told) => told === code || told === `HTTP ${code}`))) return failure.as('conflict');
		if (failure.kind === 'rejected' && (await this.isThere(kind, task))) return failure.as('conflict');
		return identity?.by === 'idempotencyHeader' && (failure.kind === 'rejected' || failure.kind === 'unknown') ? remembering(failure, identity.header) : failure;
	}

	/** A server may say in words of its own that somebody else was faster. */
	private async isThere(kind: Kind, { key }: Task): Promise<boolean> {
		const [found] = this.looks.offers(kind, 'key') ? await this.looks.by(kind, 'key', [key]) : [];
		return found?.ok === true && found.value.length > 0;
	}

	/** A create that was taken, and nothing is there yet: it may come later. */
	waits(kind: Kind, task: Task): void {
		if (!task.accepted || task.row) return;
		task.sent = true;
		throw this.nowhere(kind, task);
	}

	/** Reads what was written, all records together. */
	async settle(kind: Kind, tasks: readonly Task[], sent: readonly Sent[]): Promise<void> {
		const made = tasks.filter((task) => !task.failure && task.action === 'create');
		const searched = this.looks.profile(kind).identity?.by === 'searchField';
		if (searched) await this.byKey(kind, made, async (task, rows) => await this.first(kind, task, rows));
		await this.byId(kind, tasks.filter((task) => !task.failure && !(searched && made.includes(task) && task.row)));
		const lost = made.filter((task) => !task.failure && !task.row);
		if (!searched) await this.byKey(kind, lost, async (task, [row]) => await this.take(kind, task, row));
		for (const task of lost) {
			const result = sent[tasks.indexOf(task)]!;
			if (!task.row && result.ok) task.row = result.value.row;
			if (task.id !== undefined) continue;
			Object.assign(task, { accepted: true, failure: this.nowhere(kind, task) });
		}
		await this.checkKeys(kind, made.filter((task) => !task.failure));
	}

	/** A key that the server cut or dropped is not found again, and the next run would make another record. */
	private async checkKeys(kind: Kind, made: readonly Task[]): Promise<void> {
		const { key, identity } = this.looks.profile(kind);
		if (!key || identity?.by === 'chosenId') return;
		const stored = await Promise.all(made.map(async (task) => task.row && (await this.looks.keyOf(kind, task.row))));
		// One in another form, e.g. a UUID made of it, says nothing.
		const doubtful = made.filter((task, i) => task.row && stored[i] !== task.key && (stored[i] === undefined || parseKey(stored[i]) || task.key.startsWith(stored[i])));
		await this.byKey(kind, doubtful, async (task, rows) => {
			const ids = await Promise.all(rows.map(async (row) => await this.looks.idOf(kind, row)));
			if (!ids.includes(task.id)) await this.withdraw(kind, task, stored[made.indexOf(task)]);
		});
	}

	private async withdraw(kind: Kind, task: Task, stored: string | undefined): Promise<never> {
		const { name } = this.services.profile;
		const ours = this.isOurs(kind, task, stored);
		const removable = ours && this.looks.profile(kind).remove !== undefined && task.id !== undefined;
		if (removable) await this.sender.remove(kind, task, task.id!);
		const what = stored === undefined ? 'does not keep' : `keeps "${stored}" instead of`;
		const mend = stored?.toLowerCase() === task.key.toLowerCase() ? `Send the key in a form without letters of two cases, e.g. $uuid(key) in kinds.${kind}.body and $uuid(value) in find.key` : 'Make the field for the key, or make it longer, as the profile\'s notes say';
		throw new Failure('rejected', `${name} ${what} the key ${task.key}: the record would not be found again, and the next run would make another`, {
			record: task.record,
			advice: `${removable ? 'It was removed again' : `${ours ? 'Remove it' : 'Look whether it was made just now, and if so remove it'} in ${name} (id ${task.id ?? 'unknown'})`}. ${mend}`,
		});
	}

	/**
	 * Whether this very call made it. A server may answer from its memory, or with a record that it had: a key of another
	 * record, or another content, shows that; then nothing is removed.
	 */
	private isOurs(kind: Kind, { body, row, key }: Task, stored: string | undefined): boolean {
		const { identity, current, ignore } = this.looks.profile(kind);
		if (identity?.by === 'idempotencyHeader' || current !== undefined || (stored !== undefined && !key.startsWith(stored))) return false;
		return compare(body, row, ignore).every(({ after }) => after === key);
	}

	private async byId(kind: Kind, tasks: readonly Task[]): Promise<void> {
		const known = tasks.filter((task) => task.id !== undefined);
		if (known.length === 0 || !this.looks.profile(kind).get) return;
		const results = await this.looks.byId(kind, known.map((task) => task.id!));
		await each(known, async (task) => {
			const result = results[known.indexOf(task)]!;
			// It was written; that it cannot be read back now is looked at again.
			if (!result.ok) throw result.failure.kind === 'denied' ? result.failure : result.failure.as('unknown');
			// The id by which it was made may be another spelling than its own: `eid:...`.
			if (result.value) await this.take(kind, task, result.value);
			else this.gone(kind, task);
		});
	}

	/** The server tells of a record that is not there: it answers from its memory, or the user may not see it. */
	private gone(kind: Kind, task: Task): void {
		const { name } = this.services.profile;
		const by = task.action === 'create' ? this.looks.profile(kind).identity?.by : undefined;
		const remembered = by === 'idempotencyHeader' && task.gone !== task.id;
		// By an id of our own the same call may be sent again until it is there.
		const failure = new Failure(remembered ? 'conflict' : by === 'chosenId' ? 'unknown' : 'missing', `It was written to ${name} (id ${task.id}) and is not there any more, or the user of the credential may not see it`, { record: task.record, advice: `Look at it in ${name}. If it refuses with status 200, errors.inside of the profile must tell that from an answer` });
		// It may only be late: as long as the same call is sent, no second one is made.
		if (remembered && ++task.misses > PATIENCE) Object.assign(task, { gone: task.id, made: false });
		if (remembered || !this.looks.offers(kind, 'key') || task.action !== 'create') throw failure;
	}

	/** Several were made at once: everybody keeps the first, and removes his own later one. */
	private async first(kind: Kind, task: Task, rows: readonly Row[]): Promise<void> {
		const [kept] = rows;
		const ids = await Promise.all(rows.map(async (row) => await this.looks.idOf(kind, row)));
		const [keptId] = ids;
		const own = task.id === undefined || ids.includes(task.id) ? task.id : kept && (await this.spelled(kind, task, ids));
		if (!kept || task.id === undefined || own === keptId) {
			this.tell(task, ids);
			return await this.take(kind, task, kept);
		}
		if (own !== undefined) await this.removeTwin(kind, task, own);
		// The other one is compared like any that is there.
		task.made = false;
		throw new Failure('conflict', `Two were made in ${this.services.profile.name} at once: id ${keptId} stays`, { record: task.record });
	}

	/** What a person has to look at: others that are not ours to remove, or that a search does not show yet. */
	private tell({ id, lost, key, notes }: Task, [kept, ...others]: ReadonlyArray<string | undefined>): void {
		const { name } = this.services.profile;
		if (others.length > 0) notes.add(`${others.length + 1} records in ${name} carry this key: id ${kept} is used; look whether ${others.map((other) => `id ${other ?? '?'}`).join(', ')} goes, and else remove it`);
		if (lost && kept === undefined && id !== undefined) notes.add(`The answer to a first call was lost, and the search of ${name} does not show new records yet: look there whether two records carry the key ${key}`);
	}

	/** The id as the record itself tells it; the create's answer may spell it otherwise. Nothing where it is not there, or not ours. */
	private async spelled(kind: Kind, task: Task, ids: ReadonlyArray<string | undefined>): Promise<string | undefined> {
		const [read] = await this.looks.byId(kind, [task.id!]);
		if (read && !read.ok) throw read.failure.as('unknown');
		if (!read?.value) return undefined;
		const [id, key] = [await this.looks.idOf(kind, read.value), await this.looks.keyOf(kind, read.value)];
		const foreign = this.looks.profile(kind).key !== undefined && key !== task.key && (key === undefined || parseKey(key) !== undefined);
		return foreign && !ids.includes(id) ? undefined : id;
	}

	/** After a lost answer it is not known which of several is ours; none of them was there before. */
	async sweep(kind: Kind, task: Task): Promise<void> {
		for (const row of task.twins) {
			const id = await this.looks.idOf(kind, row);
			if (id !== undefined) await this.removeTwin(kind, task, id);
		}
	}

	private async removeTwin(kind: Kind, task: Task, id: string): Promise<void> {
		const { name } = this.services.profile;
		if (this.looks.profile(kind).remove) await this.sender.remove(kind, task, id);
		else task.notes.add(`Two were made in ${name} at once: remove id ${id} there, the profile does not say how`);
	}

	private async take(kind: Kind, task: Task, row: Row | undefined): Promise<void> {
		if (row) Object.assign(task, { row, id: (await this.looks.idOf(kind, row)) ?? task.id });
	}

	private async byKey(kind: Kind, tasks: readonly Task[], found: (task: Task, rows: readonly Row[]) => Promise<void>): Promise<void> {
		if (tasks.length === 0 || !this.looks.offers(kind, 'key')) return;
		const results = await this.looks.by(kind, 'key', tasks.map((task) => task.key));
		await each(tasks, async (task) => {
			const result = results[tasks.indexOf(task)]!;
			if (!result.ok) throw result.failure.as('unknown');
			await found(task, result.value);
		});
	}

	private nowhere(kind: Kind, { record, key }: Task): Failure {
		const { name } = this.services.profile;
		return new Failure('unknown', `${name} took it, and neither its answer tells an id nor is it found by the key ${key}`, { record, advice: `Look in ${name} whether it is there; add kinds.${kind}.create.id or kinds.${kind}.find.key to the profile. If the answer was a refusal, let errors.inside tell it from an answer` });
	}
}

/** Some servers keep a refusal as well, whatever is sent later. */
function remembering(failure: Failure, header: string): Failure {
	const memory = `Where it only repeats what it said to an earlier try with the same ${header}, run this again when it has forgotten that, often after a day`;
	return new Failure(failure.kind, failure.what, { ...failure, cause: failure.cause, advice: [failure.advice, memory].filter(Boolean).join('. ') });
}
