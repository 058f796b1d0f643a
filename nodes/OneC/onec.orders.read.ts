// Owns customers' orders of 1C as documents (БП: the customer's invoice stands for the order), with what was delivered.
// Writes nothing.
import { type Order, orderSchema } from '../core/documents';
import type { ListQuery } from '../core/port';
import { deliveries, type Delivery, isPosted, rowColumns, share, type Share, type Shipment, shipmentsOf } from './onec.fulfilment';
import { text as literal } from './onec.literals';
import type { Profile } from './onec.profile';
import { at, byIdIfThere, type Found, partRows, type Reader, sourceOf, sourceRefs, keyOf } from './onec.reading';
import { type Findable, findOne, listHeaders } from './onec.reading.find';
import { type Header, headersOf } from './onec.reading.headers';
import { type Named, namesOf, toLine, totalsOf } from './onec.reading.lines';
import type { Services } from './onec.services';
import { sourceKeysOf } from './onec.sources';
import { day, reference, text } from './onec.values';
import type { Row } from './onec.wire';

/** What the orders of a page refer to. */
interface Related {
	profile: Profile;
	rows: Map<string, Row[]>;
	shipments: Shipment[];
	names: Named;
	headers: Map<Row, Header>;
	/** Names of the states, where a catalog holds them (УНФ). */
	states: Map<string, Row>;
	/** Keys of the records that the orders were made from, by id. */
	sourceKeys: Map<string, string>;
}

export class OrderReader implements Reader<'order'> {
	constructor(private readonly services: Services) {}

	async sets(): Promise<string[]> {
		return [(await this.services.profile()).order.set];
	}

	async get(ref: string): Promise<Order> {
		const [order] = await this.documents([await findOne(this.services, await this.findable(), ref)]);
		return order!;
	}

	/** `modifiedSince` means the order's own date: 1C keeps no date of change. */
	async *list(query: ListQuery): AsyncGenerator<Order[]> {
		for await (const page of listHeaders(this.services, await this.findable(), query)) yield await this.documents(page);
	}

	async documents(found: readonly Found[]): Promise<Order[]> {
		if (found.length === 0) return [];
		const related = await this.related(found.map(({ row }) => row));
		return found.map(({ set, row }) => this.toOrder(set, row, related));
	}

	private async findable(): Promise<Findable> {
		const { order } = await this.services.profile();
		const { customerNumber } = order;
		return {
			kind: 'order',
			sets: await this.sets(),
			number: 'Number',
			where: { number: (value) => `Number eq ${literal(value)}`, ...(customerNumber ? { reference: (value: string) => `${customerNumber} eq ${literal(value)}` } : {}) },
		};
	}

	private async related(rows: readonly Row[]): Promise<Related> {
		const { services } = this;
		const profile = await services.profile();
		const { order, orderRows } = profile;
		const ids = rows.flatMap((row) => reference(row.Ref_Key) ?? []);
		const parts = await partRows(services, order.set, orderRows.part, ids, rowColumns(orderRows));
		return {
			profile,
			rows: parts,
			shipments: await shipmentsOf(services, ids),
			names: await namesOf(services, [...parts.values()].flat(), orderRows),
			headers: await headersOf(services, rows, order),
			states: await byIdIfThere(services, profile.orderStates.set, rows.map((row) => at(row, profile.orderStates.field)), ['Ref_Key', 'Description']),
			sourceKeys: await sourceKeysOf(services, rows, order),
		};
	}

	private toOrder(set: string, row: Row, { profile, rows, shipments, names, headers, states, sourceKeys }: Related): Order {
		const { order, orderRows } = profile;
		const id = reference(row.Ref_Key)!;
		const header = headers.get(row)!;
		// A cancelled row (УТ) is not ordered any more.
		const own = (rows.get(id) ?? []).filter((line) => at(line, orderRows.cancelled) !== true);
		const delivered = deliveries(id, own, shipments, profile);
		const number = text(row.Number);
		return orderSchema.parse({
			kind: 'order',
			key: keyOf(this.services, set, id),
			source: sourceOf(this.services, set, row, number),
			refs: sourceRefs(sourceKeys.get(id), 'order'),
			...header,
			number,
			reference: text(at(row, order.customerNumber)),
			date: day(row.Date),
			validUntil: day(at(row, order.validUntil)),
			lines: own.map((line, index) => this.line(line, delivered[index]!, { profile, names }, header.vatIncluded)),
			totals: totalsOf(row[order.total], own, orderRows, header.vatIncluded),
			...progress(row, stageOf(row, profile, states), rows.get(id) ?? [], delivered, profile),
		});
	}

	private line(row: Row, { delivered }: Delivery, { profile, names }: Pick<Related, 'profile' | 'names'>, vatIncluded: boolean) {
		const line = toLine(row, String(row.LineNumber), profile.orderRows, profile, names, vatIncluded);
		// The shipment is the invoice: what is delivered is invoiced.
		return { ...line, delivered: delivered.toFixed(), invoiced: delivered.toFixed() };
	}
}

interface Progress {
	status: Order['status'];
	stage: string | undefined;
	fulfilment?: Share;
	invoicing?: Share;
}

/** State and delivery of an order; `done` is one that needs nothing more. */
function progress(row: Row, stage: string | undefined, all: readonly Row[], delivered: readonly Delivery[], { orderRows, orderStates }: Profile): Progress {
	const cancelled = row.DeletionMark === true || (all.length > 0 && delivered.length === 0);
	if (cancelled) return { status: 'cancelled', stage };
	if (!isPosted(row)) return { status: 'draft', stage };
	const fulfilment = share(delivered, orderRows.quantity);
	const shares = { fulfilment, invoicing: fulfilment };
	if (fulfilment === 'full' || (stage !== undefined && orderStates.closed.includes(stage))) return { status: 'done', stage, ...shares };
	// A posted order that waits for consent (УТ: НеСогласован, НаСогласовании) binds nobody yet.
	return { status: stage !== undefined && (stage === orderStates.draft || stage === WAITING) ? 'draft' : 'confirmed', stage, ...shares };
}

const WAITING = 'НаСогласовании';

/** The state in the configuration's own word. */
function stageOf(row: Row, { orderStates }: Profile, states: ReadonlyMap<string, Row>): string | undefined {
	const value = at(row, orderStates.field);
	return text(states.get(reference(value) ?? '')?.Description) ?? text(value);
}
