// Owns sending an order: made once under our own key, or changed against the version that was compared, and read back.
// Must not know how it was planned.
import { asFailure, Failure } from '../core/failure';
import { bodyOf, type Cell, cutNotes, differing, numberCell, plainText } from './onec.cells';
import { makeOnce, ownKeysHonoured } from './onec.keyed';
import { reference, sameRef } from './onec.keys';
import { datetime, guid } from './onec.literals';
import { stateCells } from './onec.order.plan';
import { partOf, rowsIn } from './onec.order.rows';
import type { OrderTask } from './onec.orders.decide';
import { markOf } from './onec.orders.find';
import { type NewOrder, nowOf, type Preparation, totalOf } from './onec.orders.prepare';
import { withHalfDone } from './onec.orders.repost';
import type { Profile } from './onec.profile';
import { filters } from './onec.reading';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

export class OrderRecorder {
	constructor(private readonly services: Services) {}

	/** The fields that say how far an order is. */
	async state(record: string, confirm: boolean, { profile, masters, columns }: Preparation): Promise<Cell[]> {
		const { draft, confirmed } = profile.orderStates;
		const state = confirm ? { confirmed: await masters.state(profile, confirmed, record) } : { draft: await masters.state(profile, draft, record) };
		return stateCells(state, confirm, nowOf(this.services), columns, profile);
	}

	async create(task: OrderTask, defaults: NewOrder, given: Preparation): Promise<void> {
		const { profile, columns, finder, options } = given;
		const { rows, lastCode } = partOf(task.pairs, undefined, defaults, columns, profile);
		const { set, lastRowCode } = profile.order;
		// Unposted it binds nobody, whatever its state says: set now, it need not be written again before posting.
		const overridden = new Set(task.overrides.map(({ field }) => field));
		const state = (await this.state(task.record, options.confirm === true, given)).filter(({ field }) => !overridden.has(field));
		const cells = [...task.whenNew, ...task.header, ...state, ...task.overrides];
		const body: Row = { ...bodyOf(cells), ...(columns.hasHeader(lastRowCode) ? { [lastRowCode]: String(lastCode) } : {}), [profile.orderRows.part]: rows };
		const made = await makeOnce(this.services, { set, body, ref: task.place!.ref, slot: async () => await finder.bySlot(task.document, task.customer!, profile) });
		// Somebody else, or an earlier try: from another version of the document perhaps, so it is compared.
		if (made.existed) throw new Failure('conflict', 'It was made in 1C by somebody else at the same moment', { record: task.record });
		task.order = made.row;
		task.notes.push(...cutNotes(cells, made.row));
		if (!this.services.credential.useOwnRefKeys || !sameRef(made.row.Ref_Key, task.place!.ref)) await this.settle(task, profile);
	}

	/** The server chose the id itself, so that two at once make two: the later one gives way. */
	private async settle(task: OrderTask, profile: Profile): Promise<void> {
		const { session, credential } = this.services;
		if (credential.useOwnRefKeys && ownKeysHonoured(this.services) === false) task.notes.push('1C gave it an id of its own choice: it is recognised by the mark in its comment');
		const { order } = profile;
		const own = reference(task.order!.Ref_Key)!;
		// From the day before on: a twin may have been made before midnight.
		const day = new Date(Date.parse(`${plainText(task.order!.Date).slice(0, 10)}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 19);
		const all = await session.rows(order.set, { filter: `${order.customer} eq ${guid(task.customer!.id)} and Date ge ${datetime(day)}`, select: ['Ref_Key', 'Number', 'DeletionMark', ...(order.comment ? [order.comment] : [])] });
		const twins = all.filter((row) => row.DeletionMark !== true && markOf(row, profile) === task.place!.key).sort((a, b) => (plainText(a.Number) < plainText(b.Number) ? -1 : 1));
		if (twins.length < 2 || sameRef(twins[0]!.Ref_Key, own)) return;
		await session.patch(order.set, own, { DeletionMark: true });
		throw new Failure('conflict', 'It was made in 1C twice at the same moment', { record: task.record });
	}

	async change(task: OrderTask, given: Preparation): Promise<void> {
		const { profile, columns, options } = given;
		const order = task.order!;
		const { rows, lastCode } = partOf(task.pairs, order, rowDefaults(order, profile), columns, profile);
		const { set, lastRowCode, total, customer, partner } = profile.order;
		const state = options.confirm && !task.repost ? await this.state(task.record, true, given) : [];
		const header = differing([...task.header, ...task.overrides, numberCell(total, totalOf(task)), ...state], order);
		const moved = header.some(({ field }) => field === customer) && partner && task.customer!.partner ? { [partner]: task.customer!.partner } : {};
		const touched = task.pairs.some(({ plan, row, differences }) => !plan || !row || differences.length > 0);
		const body: Row = { ...bodyOf(header, order), ...moved };
		const { comment } = profile.order;
		if (task.repost && columns.hasHeader(comment)) Object.assign(body, { [comment]: withHalfDone(plainText(body[comment] ?? order[comment])) });
		const part = touched ? { [profile.orderRows.part]: rows, ...(columns.hasHeader(lastRowCode) ? { [lastRowCode]: String(lastCode) } : {}) } : {};
		try {
			task.order = await this.services.session.patch(set, reference(order.Ref_Key)!, { ...body, ...part }, { version: plainText(order.DataVersion) || undefined });
		} catch (error) {
			const failure = asFailure(error);
			// Whether it was written: the next look tells, and writes only what still differs.
			throw failure.kind === 'unknown' ? failure.as('conflict') : failure;
		}
		task.notes.push(...cutNotes(header, task.order));
	}

	/** The written orders as they stand now, whole: few calls, however many. */
	async readBack(tasks: readonly OrderTask[], { profile }: Preparation): Promise<void> {
		if (tasks.length === 0) return;
		const { session } = this.services;
		const { set } = profile.order;
		const ids = tasks.map((task) => reference(task.order!.Ref_Key)!);
		const rows = new Map<string, Row>();
		if (ids.length === 1) rows.set(ids[0]!, await session.read(set, ids[0]!));
		else for (const filter of filters(ids.map((id) => `Ref_Key eq ${guid(id)}`))) for (const row of await session.rows(set, { filter })) rows.set(String(row.Ref_Key).toLowerCase(), row);
		tasks.forEach((task, i) => {
			const row = rows.get(ids[i]!);
			if (row) task.order = row;
			else task.failure = new Failure('missing', `The order was written to 1C (id ${ids[i]}) and is not there any more, or the 1C user may not see it`, { record: task.record });
		});
	}
}

/** New rows of an order that is there go where its other rows go. */
function rowDefaults(order: Row, profile: Profile): NewOrder {
	const { warehouse, priceKind } = profile.orderRows;
	const [first] = rowsIn(order, profile);
	return { warehouse: reference(first?.[warehouse ?? '']) ?? reference(order[profile.order.warehouse ?? '']), priceKind: reference(first?.[priceKind ?? '']) };
}
