// Owns "create or update" of any kind of document: look up, compare, write what differs, read back, prove, confirm. Each
// document has one effect, whatever is lost on the way. Must not know the wire.
import { type Document, type Kind, withRef } from '../core/documents';
import { asFailure, Failure } from '../core/failure';
import type { ItemResult, UpsertOptions } from '../core/port';
import { WRITE } from '../core/retry';
import { compare, describe, lies } from './rest.compare';
import { OrderPlanner } from './rest.orders';
import { describeRead, isOpen, proveStored } from './rest.orders.proof';
import type { Bindings, Services } from './rest.services';
import { isThere, Mover, statusOf, type Target } from './rest.transitions';
import { Bodies } from './rest.writing.body';
import { Landing } from './rest.writing.landing';
import { Locator } from './rest.writing.locate';
import { Looks } from './rest.writing.look';
import { Matching } from './rest.writing.match';
import { Readback } from './rest.writing.read';
import { Sender } from './rest.writing.send';
import { again, becomes, each, isSales, newTask, partFor, PATIENCE, rounds, type Task } from './rest.writing.task';
import { inTurns } from './rest.writing.turns';

export interface WritingParts {
	looks: Looks;
	locator: Locator;
	matching: Matching;
	readback: Readback;
	mover: Mover;
}

/** Looks in all, each longer after the one before: six seconds, for servers whose search lags behind. */
const MOST_PASSES = 6;

/** A writer with everything that it needs. */
export function writerFor(services: Services): Writer {
	return new Writer(services, partsFor(services));
}

export function partsFor(services: Services): WritingParts {
	const looks = new Looks(services);
	const matching = new Matching(services, looks);
	const locator = new Locator(services, looks, matching);
	const readback = new Readback(services, looks);
	return { looks, matching, locator, readback, mover: new Mover(services, looks, readback, locator) };
}

export class Writer {
	private readonly planner: OrderPlanner;
	private readonly bodies: Bodies;
	private readonly sender: Sender;
	private readonly landing: Landing;

	constructor(
		private readonly services: Services,
		private readonly parts: WritingParts,
	) {
		this.planner = new OrderPlanner(services, parts.looks, parts.locator, parts.matching);
		this.bodies = new Bodies(services);
		this.sender = new Sender(services, parts.looks);
		this.landing = new Landing(services, parts.looks, this.sender);
	}

	async upsert(kind: Kind, documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		const tasks = documents.map((document) => newTask(partFor(kind, document), document));
		for (const task of tasks) if (!becomes(task.document, kind)) task.failure = this.stranger(task, kind);
		const { locator } = this.parts;
		const before = new Map<string, Task>();
		for (const round of rounds(tasks.filter((task) => !task.failure), (task) => locator.names(kind, task, options))) {
			for (const task of round) await this.remember(kind, task, before.get(task.document.key));
			await inTurns(this.lines(kind, round), async () => await this.round(kind, round, options));
			for (const task of round) before.set(task.document.key, task);
		}
		for (const task of tasks) task.failure &&= truthful(task, task.failure);
		return await Promise.all(tasks.map(async (task) => await this.result(kind, task, options)));
	}

	/** What the one before it with the same key has come to: a search by key may not show it yet. */
	private async remember(kind: Kind, task: Task, before: Task | undefined): Promise<void> {
		if (before?.made && before.id !== undefined) task.document = withRef(task.document, await this.parts.readback.ref(kind, before));
		else if (before?.failure) Object.assign(task, { lost: before.lost, accepted: before.accepted });
	}

	private stranger({ document, record }: Task, kind: Kind): Failure {
		if (kind === 'customer' && isSales(document)) return new Failure('missing', 'It carries no customer', { record, advice: 'Give it an organisation or a contact in the CRM, or put a step that reads the customer before this one' });
		return new Failure('rejected', `A ${document.kind} cannot become ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`, { record, advice: kind === 'order' ? 'Feed this node with quotes or orders' : `Feed this node with documents of kind ${kind}` });
	}

	/** Where only looking keeps two from being made, nobody else of this process comes between looking and writing. */
	private lines(kind: Kind, tasks: readonly Task[]): string[] {
		const { identity, module } = this.parts.looks.profile(kind);
		return identity?.by === 'searchField' ? tasks.flatMap(({ document }) => [document.key, 'quoteKey' in document ? document.quoteKey : undefined].flatMap((key) => (key ? [`${this.services.credential.url} ${module} ${key}`] : []))) : [];
	}

	private async round(kind: Kind, tasks: readonly Task[], options: UpsertOptions): Promise<void> {
		let open = tasks;
		for (let attempt = 1; open.length > 0; attempt++) {
			await this.pass(kind, open, options);
			open = open.filter((task) => task.sent && (task.failure?.kind === 'conflict' || task.failure?.kind === 'unknown'));
			if (attempt >= MOST_PASSES) return open.forEach((task) => this.giveUp(kind, task));
			if (open.length > 0) await this.services.clock.sleep(WRITE.baseMs * 2 ** (attempt - 1) * (0.5 + this.services.clock.random()));
			open.forEach(again);
		}
	}

	/** The server says that it is there already, and no look-up finds it; or it takes none of the versions that it told. */
	private giveUp(kind: Kind, task: Task): void {
		if (task.failure?.kind !== 'conflict') return;
		const { what, said, code } = task.failure;
		if (task.action === 'update') task.failure = new Failure('conflict', what, { record: task.record, said, code, advice: `It was read anew ${MOST_PASSES} times. Run this again; if nobody works on it in ${this.services.profile.name}, kinds.${kind}.version of the profile gives something else than its If-Match wants` });
		if (task.action === 'create') task.failure = new Failure('rejected', what, { record: task.record, said, code, advice: `No record in ${this.services.profile.name} carries its key: look there for one with the same name, number or code, or let a deleted one go` });
	}

	private async pass(kind: Kind, tasks: readonly Task[], options: UpsertOptions): Promise<void> {
		const still = (): Task[] => tasks.filter((task) => !task.failure);
		try {
			await this.parts.locator.locate(kind, tasks, options);
			await each(tasks, async (task) => await this.recognise(kind, task));
			const bindings = await this.planner.plan(kind, still(), options);
			await this.parts.readback.read(kind, tasks);
			await each(tasks, async (task) => await this.decide(kind, task, bindings(task), options));
			if (options.dryRun) return;
			await this.withVersions(kind, still().filter(({ action }) => action === 'update'));
			await this.write(kind, still().filter(({ action }) => action !== 'none'), bindings);
			await each(tasks, async (task) => await this.prove(kind, task, options));
			if (options.confirm && kind === 'order') await this.confirm(kind, still());
		} catch (error) {
			const failure = asFailure(error);
			for (const task of still()) task.failure = failure;
		}
	}

	/** What is found after a lost answer is what was made. A search may lag behind: it is asked again before anything is sent again. */
	private async recognise(kind: Kind, task: Task): Promise<void> {
		this.landing.waits(kind, task);
		if (!task.lost) return;
		if (task.row) {
			task.made = true;
			return await this.landing.sweep(kind, task);
		}
		if (this.parts.looks.profile(kind).identity?.by !== 'searchField' || ++task.misses > PATIENCE) return;
		task.sent = true;
		throw new Failure('unknown', `No answer came from ${this.services.profile.name}, and it is not found there yet`, { record: task.record, advice: 'Run this again: it is looked up first' });
	}

	private async decide(kind: Kind, task: Task, bindings: Bindings, options: UpsertOptions): Promise<void> {
		const { create } = this.parts.looks.profile(kind);
		task.scope = this.bodies.scope(task, options);
		task.body = await this.bodies.make(kind, task, bindings, options);
		if (task.row) return await this.bodies.decide(kind, task);
		const { name } = this.services.profile;
		if (!create) throw new Failure('missing', `It is not in ${name}, and the profile does not say how a ${kind} is made`, { record: task.record, advice: `Make it in ${name}, or add kinds.${kind}.create to the profile` });
		Object.assign(task, { action: 'create', outcome: 'created', changed: describe(compare(task.body, undefined)) });
	}

	/** A look-up may not tell the version of what it finds: then the record itself is read and compared again. */
	private async withVersions(kind: Kind, tasks: readonly Task[]): Promise<void> {
		const { version, get } = this.parts.looks.profile(kind);
		if (!version || !get) return;
		const versions = await Promise.all(tasks.map(async (task) => await this.parts.looks.versionOf(kind, task.row!)));
		const open = tasks.filter((task, i) => versions[i] === undefined && task.id !== undefined);
		const rows = await this.parts.looks.byId(kind, open.map((task) => task.id!));
		await each(open, (task) => {
			const found = rows[open.indexOf(task)]!;
			if (!found.ok) throw found.failure;
			Object.assign(task, { row: found.value ?? task.row, action: 'none', outcome: 'unchanged', changed: task.made ? task.changed : {} });
		});
		await this.parts.readback.read(kind, open);
		await each(open, async (task) => await this.bodies.decide(kind, task));
	}

	private async write(kind: Kind, tasks: readonly Task[], bindings: (task: Task) => Bindings): Promise<void> {
		if (tasks.length === 0) return;
		const sent = await this.sender.send(kind, tasks, bindings);
		await each(tasks, async (task) => {
			const result = sent[tasks.indexOf(task)]!;
			if (!result.ok) throw await this.landing.refused(kind, task, result.failure);
			Object.assign(task, { id: result.value.id ?? task.id, made: task.made || task.action === 'create' });
		});
		await this.landing.settle(kind, tasks, sent);
		await this.parts.readback.read(kind, tasks);
		await each(tasks, async (task) => await this.look(kind, task));
	}

	/** What the server keeps otherwise than it was sent would differ for ever. */
	private async look(kind: Kind, task: Task): Promise<void> {
		if (!task.row) return;
		const fixed = task.action === 'create' ? [] : (this.parts.looks.profile(kind).update?.fixed ?? []);
		const kept = (await this.bodies.differences(kind, task)).filter(({ path }) => !lies(path, fixed));
		if (kept.length > 0) task.notes.add(`${this.services.profile.name} keeps it otherwise than it was sent: ${kept.slice(0, 5).map(({ path, before, after }) => `${path}: ${after ?? 'nothing'} became ${before ?? 'nothing'}`).join('; ')}. If it means the same, let kinds.${kind}.current of the profile say it as the body does`);
	}

	private async prove(kind: Kind, task: Task, options: UpsertOptions): Promise<void> {
		const { document, read } = task;
		if (!isSales(document) || !read) return;
		const { rounding, read: reads } = this.parts.looks.profile(kind);
		const { name } = this.services.profile;
		try {
			const { proof, note } = proveStored(document, task.record, read, task.lines, { policy: options.rounding, rounding, system: name, reads });
			task.proof = proof;
			if (note) task.notes.add(note);
		} catch (error) {
			if (isOpen(read) || task.action !== 'none') throw error;
			// Somebody has looked at it and confirmed it there: their decision.
			task.notes.add(`${asFailure(error).what}. It is ${statusOf(read)} in ${name} all the same`);
		}
	}

	private async confirm(kind: Kind, tasks: readonly Task[]): Promise<void> {
		const targets = new Map<Task, Target>();
		await each(tasks, (task) => {
			const target = this.confirmable(kind, task);
			if (target) targets.set(task, target);
		});
		const open = [...targets.keys()];
		const moved = await this.parts.mover.moveAll(kind, [...targets.values()], 'confirmed');
		await each(open, (task) => {
			const result = moved[open.indexOf(task)]!;
			if (!result.ok) throw result.failure;
			const before = statusOf(task.read);
			Object.assign(task, result.value);
			if (task.outcome === 'unchanged' || task.outcome === 'skipped') task.outcome = 'updated';
			if (!task.made) task.changed = { ...task.changed, status: { before, after: statusOf(task.read) ?? 'confirmed' } };
		});
	}

	/** The record that is to be confirmed; nothing where that was done, or is not for us. */
	private confirmable(kind: Kind, { record, id, row, read, document, key, notes }: Task): Target | undefined {
		const { name } = this.services.profile;
		if (isThere(statusOf(read), 'confirmed')) return undefined;
		if (!this.parts.looks.profile(kind).transitions?.confirmed) return void notes.add(`It was not confirmed: the profile of ${name} does not say how`);
		if (statusOf(read) === 'cancelled') throw new Failure('rejected', `${describeRead(read!)} was cancelled in ${name}`, { record, advice: `Open it again in ${name} and run this again, or cancel it where it comes from too` });
		if (id !== undefined && row && read) return { record, id, row, read, document, key };
		throw new Failure('unknown', `It was written to ${name} and cannot be read, so it was not confirmed`, { record, advice: `Add kinds.${kind}.get to the profile` });
	}

	private async result(kind: Kind, task: Task, { dryRun }: UpsertOptions): Promise<ItemResult> {
		if (task.failure) return { ok: false, failure: task.failure.on(task.record) };
		const notes = [...task.notes, ...(dryRun ? ['Nothing was written: this was a comparison only'] : [])];
		return { ok: true, value: { outcome: task.made ? 'created' : task.outcome, ref: await this.parts.readback.ref(kind, task), changed: task.changed, proof: task.proof, notes } };
	}
}

/** What is certain of a write decides the kind of its failure, whatever went wrong last. */
function truthful({ sent, lost, tried }: Task, failure: Failure): Failure {
	const open = lost || tried !== undefined;
	if (open && (failure.kind === 'transient' || failure.kind === 'throttled')) return failure.as('unknown');
	return !open && !sent && failure.kind === 'unknown' ? failure.as('transient') : failure;
}
