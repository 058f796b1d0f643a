// Owns the calls of a write: create, update and remove, with what makes each of them happen once. Must not know what
// led to them.
import { settled, type Settled } from '../core/batches';
import type { Kind } from '../core/documents';
import { asFailure, Failure } from '../core/failure';
import { onlyChanged, without } from './rest.compare';
import { mentions } from './rest.find';
import type { KindProfile } from './rest.profile.kinds';
import type { Answer, Bindings, Call, Row, Scope, Services, Session } from './rest.services';
import type { Looks } from './rest.writing.look';
import type { Task } from './rest.writing.task';

type Create = NonNullable<KindProfile['create']>;

/** How a write ended for one task: what came of it, or why it did not. */
export type Sent = Settled<{ id?: string; row?: Row }>;

/** Calls in one batch where the profile offers it, else side by side. A call that could not be made ready stands for its own end. */
export async function sendTogether(session: Session, prepared: ReadonlyArray<Settled<Call>>): Promise<Array<Settled<Answer>>> {
	const calls = prepared.flatMap((entry) => (entry.ok ? [entry.value] : []));
	const answers = calls.length > 0 ? await session.many(calls) : [];
	let next = 0;
	return prepared.map((entry) => (entry.ok ? answers[next++]! : entry));
}

export class Sender {
	constructor(
		private readonly services: Services,
		private readonly looks: Looks,
	) {}

	/** Creates and updates together, in the tasks' order. */
	async send(kind: Kind, tasks: readonly Task[], bindings: (task: Task) => Bindings): Promise<Sent[]> {
		const prepared = await Promise.all(tasks.map(async (task) => await settled(async () => (task.action === 'create' ? await this.createCall(kind, task, bindings(task)) : await this.updateCall(kind, task, bindings(task))))));
		for (const [i, entry] of prepared.entries()) tasks[i]!.sent = entry.ok;
		const answers = await sendTogether(this.services.session, prepared);
		return await Promise.all(
			answers.map(async (answer, i): Promise<Sent> => {
				if (!answer.ok) return answer;
				return { ok: true, value: tasks[i]!.action === 'create' ? await this.made(kind, tasks[i]!, answer.value) : { id: tasks[i]!.id } };
			}),
		);
	}

	private async createCall(kind: Kind, task: Task, bindings: Bindings): Promise<Call> {
		const { create, identity } = this.looks.profile(kind) as KindProfile & { create: Create };
		const method = create.method ?? (identity?.by === 'chosenId' ? 'PUT' : 'POST');
		const call = await this.call(`kinds.${kind}.create`, { ...create, method }, { ...task.scope, id: task.id, body: task.body }, task, bindings, task.body);
		if (identity?.by === 'idempotencyHeader') {
			const value = await this.services.evaluator.text(`kinds.${kind}.identity.value`, identity.value, task.scope);
			if (value === undefined) throw new Failure('rejected', `kinds.${kind}.identity.value of the profile gives nothing for the key ${task.key}`, { record: task.record, advice: 'Correct the expression in the profile' });
			return { ...call, headers: { ...call.headers, [identity.header]: await this.renewed(value, task) }, keyed: true };
		}
		// Where the server refuses what is there already, as a POST or when told to, a repeated call would be refused as well: then the record is looked up.
		const once = Object.keys(call.headers ?? {}).some((name) => name.toLowerCase() === 'if-none-match');
		return identity?.by === 'chosenId' && method !== 'POST' && !once ? { ...call, keyed: true } : call;
	}

	/** The server remembers the first answer even when what it made is gone: another value makes it anew, the same for all writers. */
	private async renewed(value: string, { gone }: Task): Promise<string> {
		if (gone === undefined) return value;
		return (await this.services.evaluator.text('kinds.identity', '$uuid(value & " " & gone)', { value, gone }))!;
	}

	private async updateCall(kind: Kind, task: Task, bindings: Bindings): Promise<Call> {
		const { update } = this.looks.profile(kind);
		const body = without(task.body, update!.fixed ?? []);
		const scope = { ...task.scope, id: task.id, record: task.row, body, changes: onlyChanged(body, task.differences) };
		const call = await this.call(`kinds.${kind}.update`, { ...update!, method: update!.method ?? 'PATCH' }, scope, task, bindings, body);
		return await this.versioned(kind, call, task.row);
	}

	/** Says which state of the record it is about, where the profile tells. */
	private async versioned(kind: Kind, call: Call, row: Row | undefined): Promise<Call> {
		const version = row && (await this.looks.versionOf(kind, row));
		const told = Object.keys(call.headers ?? {}).some((name) => name.toLowerCase() === 'if-match');
		return version === undefined || told ? call : { ...call, headers: { ...call.headers, 'If-Match': version } };
	}

	private async call(place: string, request: Parameters<Services['requests']['prepare']>[1], scope: Scope, task: Task, bindings: Bindings, body: unknown): Promise<Call> {
		const call = await this.services.requests.prepare(place, request, scope, { writes: true, bindings, record: task.record });
		if (!call) throw new Failure('rejected', `${place}.path of the profile of ${this.services.profile.name} has no value for this record`, { record: task.record, advice: 'Correct the path in the profile' });
		return request.body === undefined && body !== undefined ? { ...call, body } : call;
	}

	/** What the answer tells of the new record. */
	private async made(kind: Kind, task: Task, answer: Answer): Promise<{ id?: string; row?: Row }> {
		const { create } = this.looks.profile(kind) as KindProfile & { create: Create };
		const place = `kinds.${kind}.create`;
		const scope = { ...task.scope, answer: answer.body, headers: answer.headers };
		const told = await settled(async () => await this.services.requests.record(place, create, answer, scope));
		const row = told.ok ? told.value : undefined;
		const stated = create.id ? await settled(async () => await this.services.evaluator.text(`${place}.id`, create.id!, { ...scope, record: row })) : undefined;
		const own = stated?.ok ? stated.value : undefined;
		const read = own === undefined && row ? await settled(async () => await this.looks.idOf(kind, row)) : undefined;
		return { id: own ?? (read?.ok ? read.value : undefined) ?? task.id, row };
	}

	/** Removes what was made twice; what is gone already is as good. */
	async remove(kind: Kind, task: Task, id: string): Promise<void> {
		const { remove, version } = this.looks.profile(kind);
		const [there] = version !== undefined || mentions(remove!, 'record') ? await this.looks.byId(kind, [id]) : [];
		const record = there?.ok ? there.value : undefined;
		const call = await this.call(`kinds.${kind}.remove`, { ...remove!, method: remove!.method ?? 'DELETE' }, { ...task.scope, id, record }, task, {}, undefined);
		try {
			// A second removal finds nothing: it may be sent again whatever happened to the first.
			await this.services.session.call({ ...(await this.versioned(kind, call, record)), keyed: true });
		} catch (error) {
			if (asFailure(error).kind !== 'missing') throw error;
		}
	}
}
