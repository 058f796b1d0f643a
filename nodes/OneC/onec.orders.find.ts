// Owns what must be looked up before an order can be written: its customer, the order itself, the products. Few calls
// for many orders. Writes nothing.
import { describeDocument, refTo } from '../core/documents';
import { Failure } from '../core/failure';
import { plainText } from './onec.cells';
import { ownKeysHonoured } from './onec.keyed';
import { isGuid, markedKey, reference, refKey, sameRef } from './onec.keys';
import { allOf, datetime, guid, text } from './onec.literals';
import type { SalesSource } from './onec.order.plan';
import { type CustomerPlan, planCustomer } from './onec.partners';
import { PartnerFinder } from './onec.partners.find';
import type { Profile } from './onec.profile';
import { filters } from './onec.reading';
import type { Services } from './onec.services';
import { wallClock } from './onec.values';
import type { Row } from './onec.wire';

export interface OrderCustomer {
	/** Ref_Key of the legal entity, and of its commercial client. */
	id: string;
	partner?: string;
	name: string;
}

export interface OrderPlace {
	/** The key it carries: the document's own, or that of the quote it was made from. */
	key: string;
	/** Our own Ref_Key for it. */
	ref: string;
	row?: Row;
}

export interface FoundProduct {
	id: string;
	name: string;
	unit?: string;
}

/** How far back orders are searched where only their comments tell whose they are; further for a document that is older. */
const SLOT_DAYS = 92;

export class OrderFinder {
	private readonly partners: PartnerFinder;

	constructor(private readonly services: Services) {
		this.partners = new PartnerFinder(services);
	}

	/** The legal entity of each document, or why there is none. */
	async customers(documents: readonly SalesSource[], profile: Profile): Promise<Array<OrderCustomer | Failure>> {
		const { installation } = this.services.credential;
		const plans = documents.map((document): CustomerPlan | Failure => {
			const record = describeDocument(document);
			if (!document.customer) return new Failure('rejected', 'It has no customer', { record, advice: 'Give it an organisation or a contact in the CRM' });
			return planCustomer(document, profile, installation);
		});
		const open = plans.flatMap((plan) => (plan instanceof Failure ? [] : [plan]));
		const unique = [...new Map(open.map((plan) => [plan.ref, plan])).values()];
		const located = await this.partners.locate(unique, 'none');
		const places = new Map(unique.map((plan, i) => [plan.ref, located[i]!]));
		return plans.map((plan, i): OrderCustomer | Failure => {
			if (plan instanceof Failure) return plan;
			const place = places.get(plan.ref)!;
			const record = describeDocument(documents[i]!);
			if (place.is === 'failed') return new Failure(place.failure.kind, place.failure.what, { ...place.failure, record });
			if (place.is === 'new') return new Failure('missing', `Its customer "${plan.name}" is not in 1C yet`, { record, advice: 'Add the step "Customer: create or update" before this one' });
			return { id: reference(place.row.Ref_Key)!, partner: profile.customer.partner ? reference(place.row[profile.customer.partner]) : undefined, name: plainText(place.row[profile.customer.name]) };
		});
	}

	/**
	 * Orders by our own Ref_Key, by what the document states, and by the slot that the configuration has for the
	 * customer's own number.
	 *
	 * @throws nothing: what somebody must decide is a failure in the order's place
	 */
	async orders(documents: readonly SalesSource[], customers: ReadonlyArray<OrderCustomer | Failure>, profile: Profile): Promise<Array<OrderPlace | Failure>> {
		const { session } = this.services;
		const wanted = documents.map((document, i) => ({ document, keys: keysOf(document), customer: customers[i]! }));
		const conditions = wanted.flatMap(({ document, keys, customer }) => [
			...keys.map((key) => `Ref_Key eq ${guid(refKey(key))}`),
			...(this.statedId(document, profile) ? [`Ref_Key eq ${guid(this.statedId(document, profile)!)}`] : []),
			...slotCondition(document, customer, profile),
		]);
		const rows = new Map<string, Row>();
		for (const filter of filters(conditions)) for (const row of await session.rows(profile.order.set, { filter })) rows.set(String(row.Ref_Key).toLowerCase(), row);
		const places: Array<OrderPlace | Failure> = [];
		for (const { document, keys, customer } of wanted) {
			const place = this.place(document, keys, customer, [...rows.values()], profile);
			const certain = place instanceof Failure || place.row !== undefined || customer instanceof Failure || ownKeysHonoured(this.services) === true;
			places.push(certain ? place : ((await this.byMark(document, customer, profile)) ?? place));
		}
		return places;
	}

	/** One document's order by anything but its Ref_Key: after a write whose outcome is not known. */
	async bySlot(document: SalesSource, customer: OrderCustomer, profile: Profile): Promise<Row | undefined> {
		const [condition] = slotCondition(document, customer, profile);
		const rows = condition ? await this.services.session.rows(profile.order.set, { filter: condition }) : [];
		const found = liveFirst(rows.filter((row) => keysOf(document).includes(markOf(row, profile) ?? '')))[0];
		// A number that 1C has cut does not lead there; the mark does.
		return found ?? (await this.byMark(document, customer, profile))?.row;
	}

	private place(document: SalesSource, keys: readonly string[], customer: OrderCustomer | Failure, rows: readonly Row[], profile: Profile): OrderPlace | Failure {
		const own = keys.flatMap((key): OrderPlace[] => rows.filter((row) => sameRef(row.Ref_Key, refKey(key))).map((row) => ({ key, ref: refKey(key), row })));
		if (own[0]) return own[0];
		const first = { key: keys[0]!, ref: refKey(keys[0]!) };
		const stated = rows.find((row) => sameRef(row.Ref_Key, this.statedId(document, profile)) && this.statedId(document, profile));
		if (stated) return { ...first, row: stated };
		if (customer instanceof Failure) return first;
		const slot = rows.filter((row) => isInSlot(row, document, customer, profile));
		const ours = liveFirst(slot.filter((row) => keys.includes(markOf(row, profile) ?? '')));
		if (ours.length === 1) return { ...first, row: ours[0] };
		const record = describeDocument(document);
		// Two at once on a server that chooses ids itself: the later one is about to give way, so look again.
		if (ours.length > 1) return new Failure('conflict', `${ours.length} orders in 1C were made from it: ${ours.map(describeOrder).join(', ')}`, { record, advice: 'Mark the superfluous ones for deletion in 1C' });
		// Somebody has typed the order in already: a second one would be shipped twice.
		const typed = slot.filter((row) => row.DeletionMark !== true && markOf(row, profile) === undefined);
		if (typed.length === 0) return first;
		return new Failure('ambiguous', `1C already has an order of this customer with the number ${customerNumber(document)}: ${typed.map(describeOrder).join(', ')}`, {
			record,
			advice: `It was made in 1C, not by this workflow. Mark it for deletion there, or change its field ${profile.order.customerNumber!}`,
		});
	}

	/** The customer's documents of the last months, told by the mark in their comments: unlimited text cannot be compared (reference 5). */
	private async byMark(document: SalesSource, customer: OrderCustomer, { order }: Profile): Promise<OrderPlace | undefined> {
		if (!order.comment) return undefined;
		const { session, clock, credential } = this.services;
		const days = (time: number): number => Math.min(time, clock.now() - SLOT_DAYS * 86_400_000);
		// An order is not older than what it was made from, but for a day of difference between zones.
		const made = Date.parse(document.date ?? '') - 86_400_000;
		const since = wallClock(days(Number.isNaN(made) ? Infinity : made), credential.timeZone)!;
		const filter = allOf(`${order.customer} eq ${guid(customer.id)}`, `Date ge ${datetime(since)}`);
		const keys = keysOf(document);
		const found: Row[] = [];
		for await (const page of session.pages(order.set, { filter, select: ['Ref_Key', 'Number', 'DeletionMark', order.comment] })) found.push(...page.filter((row) => keys.includes(markedKey(plainText(row[order.comment!])) ?? '')));
		const id = reference(liveFirst(found)[0]?.Ref_Key);
		return id ? { key: keys[0]!, ref: refKey(keys[0]!), row: await session.read(order.set, id) } : undefined;
	}

	private statedId(document: SalesSource, { order }: Profile): string | undefined {
		const { installation } = this.services.credential;
		const { source } = document;
		const id = source?.installation === installation && source.module === order.set ? source.id : refTo(document, installation, 'order')?.id;
		return isGuid(id) ? id.toLowerCase() : undefined;
	}

	/** Product code -> products, for all codes of all orders at once. */
	async products(codes: Iterable<string>, { product }: Profile): Promise<Map<string, Row[]>> {
		const unique = [...new Set(codes)];
		const found = new Map<string, Row[]>();
		const select = [...new Set(['Ref_Key', 'DeletionMark', product.code, product.name, ...(product.unit ? [product.unit] : []), ...(product.number ? [product.number] : [])])];
		for (const filter of filters(unique.map((code) => `${product.code} eq ${text(code)}`))) {
			for (const row of await this.services.session.rows(product.set, { filter, select })) {
				const code = unique.find((one) => one.toLowerCase() === plainText(row[product.code]).trim().toLowerCase());
				if (code) found.set(code, [...(found.get(code) ?? []), row]);
			}
		}
		return found;
	}
}

/** Those that are not marked for deletion, the earliest first; only when there are none, the marked ones. */
function liveFirst(rows: readonly Row[]): Row[] {
	const live = rows.filter((row) => row.DeletionMark !== true);
	return [...(live.length > 0 ? live : rows.slice(0, 1))].sort((a, b) => (plainText(a.Number) < plainText(b.Number) ? -1 : 1));
}

/** The document's own key; an order that was made from a quote is found under the quote's key too. */
export function keysOf(document: SalesSource): string[] {
	return [document.key, ...(document.kind === 'order' && document.quoteKey ? [document.quoteKey] : [])];
}

/** The customer's own number of the order, else the CRM's. */
export function customerNumber({ reference: own, number }: SalesSource): string | undefined {
	return own ?? number;
}

function slotCondition(document: SalesSource, customer: OrderCustomer | Failure, { order }: Profile): string[] {
	const number = customerNumber(document);
	if (customer instanceof Failure || !order.customerNumber || !number) return [];
	return [`${order.customer} eq ${guid(customer.id)} and ${order.customerNumber} eq ${text(number)}`];
}

function isInSlot(row: Row, document: SalesSource, customer: OrderCustomer, { order }: Profile): boolean {
	const number = customerNumber(document);
	return number !== undefined && order.customerNumber !== undefined && sameRef(row[order.customer], customer.id) && plainText(row[order.customerNumber]) === number;
}

export function markOf(row: Row, { order }: Profile): string | undefined {
	return order.comment ? markedKey(plainText(row[order.comment])) : undefined;
}

/** `ТДЦБ-000002 of 2026-06-07`. */
export function describeOrder(row: Row): string {
	const number = plainText(row.Number).trim();
	return `${number || `id ${String(row.Ref_Key)}`} of ${plainText(row.Date).slice(0, 10)}`;
}

/**
 * The product of each code.
 *
 * @throws Failure `rejected` or `ambiguous` naming every code that has not exactly one product
 */
export function checkCodes(codes: readonly string[], products: ReadonlyMap<string, readonly Row[]>, { product }: Profile, record: string): Map<string, FoundProduct> {
	const unique = [...new Set(codes)];
	const live = (code: string): Row[] => (products.get(code) ?? []).filter((row) => row.DeletionMark !== true);
	const missing = unique.filter((code) => live(code).length === 0);
	if (missing.length > 0) {
		const marked = missing.filter((code) => (products.get(code) ?? []).length > 0);
		throw new Failure('rejected', `1C has no product with the code ${missing.map((code) => `"${code}"`).join(', ')} (${product.code})${marked.length > 0 ? `; ${marked.map((code) => `"${code}"`).join(', ')} ${marked.length > 1 ? 'are' : 'is'} marked for deletion there` : ''}`, {
			record,
			advice: 'Make it in 1C with that code, or put the step "Product: create or update" before this one',
		});
	}
	const double = unique.filter((code) => live(code).length > 1);
	if (double.length > 0) {
		const list = double.map((code) => `"${code}" (${live(code).map((row) => `"${plainText(row[product.name])}"${product.number ? ` ${plainText(row[product.number]).trim()}` : ''}`).join(', ')})`).join('; ');
		throw new Failure('ambiguous', `Several products in 1C have the code ${list}`, { record, advice: `Give each its own ${product.code} in 1C` });
	}
	return new Map(unique.map((code): [string, FoundProduct] => {
		const [row] = live(code) as [Row];
		return [code, { id: reference(row.Ref_Key)!, name: plainText(row[product.name]), unit: product.unit ? reference(row[product.unit]) : undefined }];
	}));
}
