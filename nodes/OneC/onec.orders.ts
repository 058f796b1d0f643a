// Owns "Sales order: create or update" in 1C: quote or order becomes the profile's order, is read back and proved to the
// cent, and only then posted. Must not know the wire.
import { describeDocument, type Document } from '../core/documents';
import { asFailure, Failure, needsPerson } from '../core/failure';
import type { ItemResult, UpsertOptions } from '../core/port';
import { KEYED_WRITE } from '../core/retry';
import { plainText } from './onec.cells';
import { reference } from './onec.keys';
import { proveStored } from './onec.order.check';
import type { SalesSource } from './onec.order.plan';
import { OrderDecider, orderName, type OrderTask } from './onec.orders.decide';
import { forgetMasters } from './onec.orders.masters';
import { each, type NewOrder, numberOf, type Preparation, preparation, prepare, prepareNew } from './onec.orders.prepare';
import { OrderStates } from './onec.orders.state';
import { OrderRecorder } from './onec.orders.write';
import type { Profile } from './onec.profile';
import { plannedRef, refOf } from './onec.refs';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

export class OrderWriter {
	private readonly decider: OrderDecider;
	private readonly recorder: OrderRecorder;
	private readonly states: OrderStates;

	constructor(private readonly services: Services) {
		this.decider = new OrderDecider(services);
		this.recorder = new OrderRecorder(services);
		this.states = new OrderStates(services);
	}

	/** One result per document, in their order; documents under one key share a result. */
	async upsert(documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		const profile = await this.services.profile();
		// The last document under a key is the newest.
		const tasks = new Map(documents.flatMap((document): Array<[string, OrderTask]> => (isSales(document) ? [[document.key, newTask(document)]] : [])));
		let open = [...tasks.values()];
		for (let attempt = 1; open.length > 0; attempt++) {
			await this.pass(open, options);
			// Somebody else was faster: their version is read, compared, and only what still differs is written.
			open = attempt < KEYED_WRITE.attempts ? open.filter((task) => task.failure?.kind === 'conflict') : [];
			if (open.length > 0) await this.services.clock.sleep(KEYED_WRITE.baseMs * 2 ** (attempt - 1) * (0.5 + this.services.clock.random()));
			for (const task of open) Object.assign(task, newTask(task.document));
		}
		if ([...tasks.values()].some(({ failure }) => failure && needsPerson(failure.kind))) forgetMasters(this.services.session);
		return documents.map((document) => {
			const task = isSales(document) ? tasks.get(document.key) : undefined;
			if (task) return this.result(task, profile, options);
			return { ok: false, failure: new Failure('rejected', `A ${document.kind} cannot become a sales order`, { record: describeDocument(document), advice: 'Feed this node with quotes or orders' }) };
		});
	}

	private async pass(tasks: readonly OrderTask[], options: UpsertOptions): Promise<void> {
		try {
			const given = await preparation(this.services, options);
			await prepare(this.services, tasks, given);
			await each(tasks, async (task) => await this.decider.decide(task, given.profile, options));
			const defaults = new Map<OrderTask, NewOrder>();
			await each(tasks, async (task) => {
				if (task.write !== 'create') return;
				defaults.set(task, await prepareNew(this.services, task, given));
				Object.assign(task.changed, Object.fromEntries(task.whenNew.map((cell) => [cell.field, { after: cell.shown }])));
			});
			if (options.dryRun) return;
			const written = tasks.filter((task) => !task.failure && task.write !== 'nothing');
			await each(written, async (task) => (task.write === 'create' ? await this.recorder.create(task, defaults.get(task) ?? {}, given) : await this.recorder.change(task, given)), this.services.credential.maxConcurrent);
			await this.recorder.readBack(written.filter((task) => !task.failure), given);
			await each(tasks, (task) => prove(task, given));
			await each(tasks, async (task) => await this.confirm(task, given), this.services.credential.maxConcurrent);
		} catch (error) {
			const failure = asFailure(error);
			for (const task of tasks) task.failure ??= failure;
		}
	}

	private async confirm(task: OrderTask, given: Preparation): Promise<void> {
		const { profile, options } = given;
		const order = task.order!;
		if (!profile.order.posted || (!options.confirm && !task.repost)) return;
		const before = stateOf(order, profile);
		if (!(await this.states.confirm(order, task.repost ? [] : await this.recorder.state(task.record, true, given), task.repost, profile, task.record))) return;
		if (task.outcome === 'unchanged') task.outcome = 'updated';
		if (task.outcome === 'updated' && !task.repost) task.changed.state = { before, after: stateOf(order, profile) };
	}

	private result(task: OrderTask, profile: Profile, { dryRun }: UpsertOptions): ItemResult {
		if (task.failure) return { ok: false, failure: task.failure.on(task.record) };
		const notes = dryRun ? [...task.notes, 'Nothing was written: this was a comparison only'] : task.notes;
		const id = reference(task.order?.Ref_Key);
		const { credential } = this.services;
		const ref = id && task.order ? refOf(credential, 'order', profile.order.set, id, { number: numberOf(task.order), status: stateOf(task.order, profile) }) : plannedRef(credential, 'order');
		return { ok: true, value: { outcome: task.outcome, ref, changed: task.changed, proof: task.proof, notes: [...new Set(notes)] } };
	}
}

function prove(task: OrderTask, { profile, options }: Preparation): void {
	const order = task.order!;
	try {
		const { proof, notes } = proveStored(task.document, task.record, task.rows, order, profile, { policy: options.rounding ?? { mode: 'explained' }, places: Math.min(task.currency!.places, profile.precision.amount) });
		task.proof = proof;
		task.notes.push(...notes);
	} catch (error) {
		if (order.Posted !== true) throw error;
		if (task.repost) throw new Failure('rejected', `${asFailure(error).what}. It was changed, and its posting is still that of before`, { record: task.record, advice: 'Correct the cause and run this again, or post it in 1C by hand' });
		// Somebody has looked at it and posted it in 1C: their decision.
		task.notes.push(`${asFailure(error).what}. ${orderName(order, profile)} is posted in 1C all the same`);
	}
}

/** What the order's state is called in 1C; without a field for it: whether it is posted. */
export function stateOf(order: Row, { orderStates }: Profile): string {
	if (order.DeletionMark === true) return 'marked for deletion';
	const word = orderStates.field && !orderStates.field.endsWith('_Key') ? plainText(order[orderStates.field]).trim() : '';
	if (!order.Posted) return word ? `${word}, not posted` : 'not posted';
	return word || 'posted';
}

function newTask(document: SalesSource): OrderTask {
	return { document, record: describeDocument(document), customer: undefined, place: undefined, currency: undefined, rows: [], header: [], whenNew: [], overrides: [], vatIncluded: false, order: undefined, pairs: [], write: 'nothing', repost: false, outcome: 'unchanged', changed: {}, proof: undefined, notes: [], failure: undefined };
}

export function isSales(document: Document): document is SalesSource {
	return document.kind === 'quote' || document.kind === 'order';
}
