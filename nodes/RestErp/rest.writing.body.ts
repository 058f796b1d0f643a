// Owns what would be sent for a document, and how that differs from the record that is there. Sends nothing.
import type { Kind } from '../core/documents';
import { Failure } from '../core/failure';
import { evaluateOverrides } from '../core/mapping';
import type { UpsertOptions } from '../core/port';
import { isRecord, setAt } from '../core/values';
import { compare, describe, type Difference, inWords, lies } from './rest.compare';
import { baseScope } from './rest.documents';
import { describeRead, isOpen } from './rest.orders.proof';
import { fileOf } from './rest.profile';
import type { Bindings, Scope, Services } from './rest.services';
import type { Task } from './rest.writing.task';

export class Bodies {
	constructor(private readonly services: Services) {}

	/** What the expressions of a writing see. */
	scope(task: Task, options: UpsertOptions): Scope {
		const { document, key, lines, id, row } = task;
		// A record of this system's own that carries no key keeps none.
		return { ...baseScope(this.services), document, key: key || undefined, lines, options, id, number: 'number' in document ? document.number : undefined, record: row };
	}

	/** @throws Failure `rejected` when the profile's mapping or an override does not work for this document */
	async make(kind: Kind, task: Task, bindings: Bindings, options: UpsertOptions): Promise<Record<string, unknown>> {
		const place = `kinds.${kind}.body`;
		const body = await this.services.evaluator.mapping(place, this.services.profile.kinds[kind]!.body!, task.scope, bindings);
		if (!isRecord(body)) throw new Failure('rejected', `${fileOf(this.services.profile)}, ${place}: it gives no object`, { record: task.record, advice: 'Correct the profile there' });
		const values = await evaluateOverrides(options.overrides ?? [], task.given, task.given.source, task.record);
		for (const [field, value] of Object.entries(values)) {
			checkPath(body, field, task.record);
			setAt(body, field, value);
		}
		return body;
	}

	/** Where what is meant differs from what is there. */
	async differences(kind: Kind, task: Task): Promise<Difference[]> {
		const { current, ignore } = this.services.profile.kinds[kind]!;
		const scope = { ...task.scope, record: task.row, with: task.beside };
		const there = current === undefined ? task.row : await this.services.evaluator.value(`kinds.${kind}.current`, current, scope);
		return compare(task.body, there, ignore);
	}

	/** What is to be done with a record that is there. */
	async decide(kind: Kind, task: Task): Promise<void> {
		const { update } = this.services.profile.kinds[kind]!;
		const found = await this.differences(kind, task);
		if (task.adopted) task.notes.add(`Found in ${this.services.profile.name} by ${task.adopted}`);
		// An update whose answer was lost has been done.
		if (found.length === 0) return void (task.tried && Object.assign(task, { outcome: 'updated', changed: { ...task.changed, ...task.tried } }));
		const fixed = found.filter(({ path }) => !update || lies(path, update.fixed ?? []));
		const open = found.filter((difference) => !fixed.includes(difference));
		if (task.read && !isOpen(task.read)) throw this.closed(task, open.length > 0 ? open : found);
		if (fixed.length > 0) task.notes.add(`It was left as it is where ${this.services.profile.name} takes no change: ${inWords(fixed, this.services.profile.name)}`);
		task.changed = { ...task.changed, ...describe(open.length > 0 ? open : fixed) };
		task.differences = open;
		task.action = open.length > 0 ? 'update' : 'none';
		task.outcome = open.length > 0 ? 'updated' : 'skipped';
	}

	/** An order that is confirmed, done or cancelled binds people: it is never changed behind their backs. */
	private closed(task: Task, found: readonly Difference[]): Failure {
		const { name } = this.services.profile;
		const status = task.read && 'status' in task.read ? task.read.status : '';
		return new Failure('rejected', `${capital(describeRead(task.read!))} is already ${status} in ${name} and differs: ${inWords(found, name)}`, {
			record: task.record,
			advice: `Nothing was written. Change it in ${name} by hand, or undo the change where it comes from. Where ${name} only spells a value otherwise, kinds.order.current of the profile says so`,
		});
	}
}

/** An override sets a field of the record, or of an object in it. */
function checkPath(body: Record<string, unknown>, field: string, record: string): void {
	const steps = field.split('.');
	if (steps.some((step) => step === '' || step === '__proto__')) throw new Failure('rejected', `Field override: "${field}" is not the name of a field`, { record, advice: 'Choose the field from the list, or write a path such as "address.city"' });
	for (let at: unknown = body, i = 0; i < steps.length - 1; i++) {
		at = isRecord(at) && Object.hasOwn(at, steps[i]!) ? at[steps[i]!] : undefined;
		if (Array.isArray(at)) throw new Failure('rejected', `Field override: "${steps.slice(0, i + 1).join('.')}" is a list, in which "${field}" cannot be set`, { record, advice: 'Set another field, or change the profile\'s body by its overrides' });
	}
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
