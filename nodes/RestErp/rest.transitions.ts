// Owns moving records to another state. Such a call carries no key, so the state is read before it, and after it when it is
// not known whether it was done. Must not know how documents are written.
import { settled, type Settled } from '../core/batches';
import { describeDocument, type Document, type Kind } from '../core/documents';
import { asFailure, Failure } from '../core/failure';
import type { ItemResult, Outcome } from '../core/port';
import { WRITE } from '../core/retry';
import { isRecord } from '../core/values';
import { baseScope } from './rest.documents';
import { describeRead } from './rest.orders.proof';
import type { ProfileRequest } from './rest.profile.parts';
import type { Call, Row, Services } from './rest.services';
import { type Locator, statedId } from './rest.writing.locate';
import type { Looks } from './rest.writing.look';
import type { Readback } from './rest.writing.read';
import { sendTogether } from './rest.writing.send';
import { newTask, type Task } from './rest.writing.task';

/** The record that is to be moved, as it stands. */
export interface Target {
	record: string;
	id: string;
	row: Row;
	read: Document;
	document: Document;
	key: string;
}

/** A record as it stands in the state that it was to get to. */
export interface Moved {
	row: Row;
	read: Document;
}

export class Mover {
	constructor(
		private readonly services: Services,
		private readonly looks: Looks,
		private readonly readback: Readback,
		private readonly locator: Locator,
	) {}

	/** One after the other: several documents may name one record. */
	async transition(kind: Kind, documents: readonly Document[], state: string): Promise<ItemResult[]> {
		const results: ItemResult[] = [];
		for (const document of documents) {
			try {
				results.push({ ok: true, value: await this.one(kind, document, state) });
			} catch (error) {
				results.push({ ok: false, failure: asFailure(error).on(describeDocument(document)) });
			}
		}
		return results;
	}

	private async one(kind: Kind, document: Document, state: string): Promise<Outcome> {
		const target = await this.find(kind, document);
		const ref = async (found: Pick<Task, 'id' | 'row' | 'read'>): Promise<Outcome['ref']> => await this.readback.ref(kind, found);
		if (!target) return { outcome: 'skipped', ref: await ref({}), changed: {}, notes: [`No ${kind} of ${this.services.profile.name} is linked to it`] };
		const before = statusOf(target.read);
		if (isThere(before, state)) return { outcome: 'unchanged', ref: await ref(target), changed: {}, notes: [] };
		const moved = await this.move(kind, target, state);
		return { outcome: 'updated', ref: { ...(await ref({ ...target, ...moved })), status: statusOf(moved.read) ?? state }, changed: { status: { before, after: statusOf(moved.read) ?? state } }, notes: [] };
	}

	/** The record that the document is, that was made from it, or that it names. */
	private async find(kind: Kind, document: Document): Promise<Target | undefined> {
		const record = describeDocument(document);
		const named = kind === 'opportunity' && document.kind !== 'opportunity' ? ('opportunityKey' in document ? document.opportunityKey : undefined) : document.key;
		if (named === undefined) return undefined;
		const task = { ...newTask({ ...document, key: named }), record };
		const id = statedId(document, kind, this.services);
		const [stated] = id === undefined ? [] : await this.looks.byId(kind, [id]);
		if (stated && !stated.ok) throw stated.failure;
		if (stated?.value) Object.assign(task, { id, row: stated.value });
		else await this.locator.byKeys(kind, [task]);
		if (task.failure) throw task.failure;
		const { name } = this.services.profile;
		if (!task.row || task.id === undefined) throw new Failure('missing', `It has no ${kind} in ${name}`, { record, advice: `Put the step "${kind === 'order' ? 'Sales order' : kind}: create or update" before this one` });
		return { record, id: task.id, row: task.row, read: await this.readback.document(kind, task.row), document, key: task.key };
	}

	/** @throws Failure `rejected` when it does not get there */
	private async move(kind: Kind, target: Target, state: string): Promise<Moved> {
		const [result] = await this.moveAll(kind, [target], state);
		if (!result!.ok) throw result!.failure;
		return result!.value;
	}

	/** Brings records to the state, together, and gives each as it stands then. One that does not get there fails alone. */
	async moveAll(kind: Kind, targets: readonly Target[], state: string): Promise<Array<Settled<Moved>>> {
		const done = new Map<Target, Settled<Moved>>();
		const answered = new Set<Target>();
		for (let attempt = 1; done.size < targets.length; attempt++) {
			const open = targets.filter((target) => !done.has(target));
			const refusals = await this.run(kind, state, open.filter((target) => !answered.has(target)));
			const looked = await this.look(kind, open.filter((target) => this.decides(kind, refusals.get(target))), state);
			for (const target of open) {
				const refusal = refusals.get(target);
				// It was taken, and may be done in a moment: it is looked at again, not sent again.
				if (!refusal) answered.add(target);
				const end = this.end(kind, target, state, refusal, looked.get(target), attempt < WRITE.attempts);
				if (end) done.set(target, end);
			}
			if (done.size < targets.length) await this.services.clock.sleep(WRITE.baseMs * 2 ** (attempt - 1) * (0.5 + this.services.clock.random()));
		}
		return targets.map((target) => done.get(target)!);
	}

	/** Whether what the record says decides: it was done, its answer was lost, or somebody else was faster. */
	private decides(kind: Kind, refusal: Failure | undefined): boolean {
		return !refusal || (['unknown', 'rejected', 'conflict'].includes(refusal.kind) && this.tellsStates(kind));
	}

	/** What it has come to; nothing while it may be tried again. */
	private end(kind: Kind, target: Target, state: string, refusal: Failure | undefined, looked: Settled<Moved | undefined> | undefined, more: boolean): Settled<Moved> | undefined {
		if (looked?.ok && looked.value) return { ok: true, value: looked.value };
		if (!refusal && looked && !looked.ok) return { ok: false, failure: looked.failure };
		if (!refusal) return more ? undefined : { ok: false, failure: this.notThere(kind, target, state) };
		if (refusal.kind !== 'unknown') return { ok: false, failure: refusal };
		if (looked && !looked.ok) return { ok: false, failure: new Failure('unknown', refusal.what, { ...refusal, said: undefined, cause: looked.failure, advice: `Whether it was done could not be looked up: ${looked.failure.message}` }) };
		return looked && more ? undefined : { ok: false, failure: refusal };
	}

	/** Sends the calls of one move after the other, those of all records together. What stands in the way of each. */
	private async run(kind: Kind, state: string, targets: readonly Target[]): Promise<ReadonlyMap<Target, Failure>> {
		const request = this.looks.profile(kind).transitions?.[state];
		if (!request) return new Map(targets.map((target) => [target, this.unknown(kind, state)]));
		const refusals = new Map<Target, Failure>();
		const requests = [request].flat();
		for (const [i, step] of requests.entries()) {
			const place = requests.length > 1 ? `kinds.${kind}.transitions.${state}.${i}` : `kinds.${kind}.transitions.${state}`;
			const going = targets.filter((target) => !refusals.has(target));
			const answers = await sendTogether(this.services.session, await Promise.all(going.map(async (target) => await settled(async () => await this.call(place, step, target, state)))));
			for (const [n, answer] of answers.entries()) if (!answer.ok) refusals.set(going[n]!, answer.failure);
		}
		return refusals;
	}

	private async call(place: string, request: ProfileRequest, target: Target, state: string): Promise<Call> {
		const { id, row, document, key, record, read } = target;
		const scope = { ...baseScope(this.services), id, record: row, document, key, state, number: 'number' in read ? read.number : undefined };
		const call = await this.services.requests.prepare(place, { ...request, method: request.method ?? 'POST' }, scope, { writes: true, record });
		if (call) return call;
		throw new Failure('rejected', `${place}.path of the profile of ${this.services.profile.name} has no value for this record`, { record, advice: 'Correct the path in the profile' });
	}

	/** Each record when it is in that state; where the profile reads no states, when the call was answered. */
	private async look(kind: Kind, targets: readonly Target[], state: string): Promise<Map<Target, Settled<Moved | undefined>>> {
		const found = await this.looks.byId(kind, targets.map(({ id }) => id));
		const looked = await Promise.all(targets.map(async (target, i) => await settled(async () => await this.there(kind, target, found[i]!, state))));
		return new Map(targets.map((target, i) => [target, looked[i]!]));
	}

	private async there(kind: Kind, target: Target, found: Settled<Row | undefined>, state: string): Promise<Moved | undefined> {
		if (!found.ok) throw found.failure;
		const row = found.value ?? target.row;
		const read = await this.readback.document(kind, row);
		return isThere(statusOf(read), state) || !this.tellsStates(kind) ? { row, read } : undefined;
	}

	private tellsStates(kind: Kind): boolean {
		const { read, get } = this.looks.profile(kind);
		return get !== undefined && (!isRecord(read) || 'status' in read);
	}

	private notThere(kind: Kind, { read, record }: Target, state: string): Failure {
		const { name } = this.services.profile;
		return new Failure('rejected', `${name} took the call and the ${describeRead(read)} is not ${state}`, { record, advice: `Open the ${kind} in ${name} and look what it asks for` });
	}

	private unknown(kind: Kind, state: string): Failure {
		const known = Object.keys(this.looks.profile(kind).transitions ?? {});
		return new Failure('rejected', `${this.services.profile.name} cannot move ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind} to "${state}" here`, { advice: known.length > 0 ? `Its profile knows ${known.join(', ')}` : 'Choose another resource' });
	}
}

export function statusOf(read: Document | undefined): string | undefined {
	return read && 'status' in read ? read.status : undefined;
}

/** What is done was confirmed before. */
export function isThere(status: string | undefined, state: string): boolean {
	return status === state || (status === 'done' && state === 'confirmed');
}
