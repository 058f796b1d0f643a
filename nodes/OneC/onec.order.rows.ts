// Owns the table part of an order: which stored row stands for which planned one, what differs, and the part as it is
// written - always whole, numbered from 1, each row keeping what 1C put into it. Pure.
import type { Outcome } from '../core/port';
import { bodyOf, type Cell, decimalOf, differing, plainText, toNumber } from './onec.cells';
import { withoutOwner } from './onec.contact';
import { sameRef } from './onec.keys';
import { lastCode, type OrderColumns, type RowPlan } from './onec.order.plan';
import type { Profile } from './onec.profile';
import type { Row } from './onec.wire';

/** A planned row and its counterpart in 1C, as far as they have one. */
export interface Pair {
	plan?: RowPlan;
	row?: Row;
	differences: Cell[];
}

/** The rows of the order's part. */
export function rowsIn(order: Row | undefined, { orderRows }: Profile): Row[] {
	const rows = order?.[orderRows.part];
	return Array.isArray(rows) ? [...(rows as Row[])].sort((a, b) => Number(a.LineNumber) - Number(b.LineNumber)) : [];
}

/** By our own identity; else equal ones, then by product, then by position. */
export function pairRows(plans: readonly RowPlan[], rows: readonly Row[], { orderRows }: Profile): Pair[] {
	const left = new Set(rows);
	const found = new Map<RowPlan, Row>();
	const take = (fits: (plan: RowPlan, row: Row) => boolean): void => {
		for (const plan of plans) {
			const row = found.has(plan) ? undefined : [...left].find((candidate) => fits(plan, candidate));
			if (!row) continue;
			found.set(plan, row);
			left.delete(row);
		}
	};
	const { identity } = orderRows;
	const strange = (row: Row): boolean => identity !== undefined && isOurs(row[identity]);
	take((plan, row) => plan.identity !== undefined && identity !== undefined && sameRef(row[identity], plan.identity));
	// A row with another identity of ours stands for another line, now gone.
	take((plan, row) => !strange(row) && differing(plan.cells, row).length === 0);
	take((plan, row) => !strange(row) && plan.cells.some((cell) => cell.field === orderRows.item && cell.same(row[cell.field])));
	if (identity === undefined) take(() => true);
	return [
		...plans.map((plan): Pair => {
			const row = found.get(plan);
			return { plan, row, differences: row ? differing(plan.cells, row) : plan.cells };
		}),
		...[...left].map((row): Pair => ({ row, differences: [] })),
	];
}

/** Version 5 UUIDs are ours: 1C makes versions 1 and 4. */
export function isOurs(identity: unknown): boolean {
	return typeof identity === 'string' && /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/i.test(identity);
}

export function isEqual(pairs: readonly Pair[]): boolean {
	return pairs.every(({ plan, row, differences }) => plan && row && differences.length === 0);
}

/** What differs, as a person reads it. */
export function describePairs(pairs: readonly Pair[], profile: Profile): Outcome['changed'] {
	const { orderRows } = profile;
	const words: Record<string, string> = {
		[orderRows.item]: 'product',
		[orderRows.quantity]: 'quantity',
		[orderRows.price]: 'unit price',
		[orderRows.amount]: 'amount',
		...(orderRows.vat ? { [orderRows.vat]: 'VAT rate' } : {}),
		...(orderRows.vatAmount ? { [orderRows.vatAmount]: 'VAT' } : {}),
		...(orderRows.total ? { [orderRows.total]: 'amount with VAT' } : {}),
		...(orderRows.discountAmount ? { [orderRows.discountAmount]: 'discount' } : {}),
		...(orderRows.text ? { [orderRows.text]: 'text' } : {}),
	};
	const changed: Outcome['changed'] = {};
	for (const { plan, row, differences } of pairs) {
		if (plan && !row) changed[plan.label] = { after: 'added' };
		if (row && !plan) changed[`row ${plainText(row.LineNumber)}`] = { before: `${decimalOf(row[orderRows.quantity])} x ${decimalOf(row[orderRows.price])}`, after: 'removed' };
		if (plan && row) for (const cell of differences) changed[`${plan.label} ${words[cell.field] ?? cell.field}`] = { before: cell.show(row[cell.field]), after: cell.shown };
	}
	return changed;
}

/** `line 2 (W-1) quantity: 1.13 in 1C, 1.125 in the CRM`. */
export function differencesInWords(changed: Outcome['changed']): string {
	return Object.entries(changed)
		.map(([what, { before, after }]) => (after === 'added' ? `${what} is missing in 1C` : after === 'removed' ? `${what} (${before}) is only in 1C` : `${what}: ${before ?? 'nothing'} in 1C, ${after ?? 'nothing'} in the CRM`))
		.join('; ');
}

/** What new rows are given beside their own amounts. */
export interface RowDefaults {
	warehouse?: string;
	priceKind?: string;
}

/**
 * The whole part, and the header's highest row code.
 *
 * @param order as it stands; undefined for a new one
 */
export function partOf(pairs: readonly Pair[], order: Row | undefined, defaults: RowDefaults, columns: OrderColumns, profile: Profile): { rows: Row[]; lastCode: number } {
	const { orderRows } = profile;
	let code = lastCode(order, rowsIn(order, profile), profile);
	const rows = pairs.filter(({ plan }) => plan).map(({ plan, row }, i): Row => {
		const own: Row = { ...bodyOf(plan!.cells, row), ...bodyOf(plan!.follow, row), LineNumber: String(i + 1), ...(plan!.identity ? { [orderRows.identity!]: plan!.identity } : {}) };
		if (row) return { ...withoutOwner(row), ...own };
		code++;
		return {
			...Object.fromEntries(Object.entries(orderRows.whenNew).filter(([name]) => columns.has(name))),
			...(defaults.warehouse && columns.has(orderRows.warehouse) ? { [orderRows.warehouse]: defaults.warehouse } : {}),
			...(defaults.priceKind && columns.has(orderRows.priceKind) ? { [orderRows.priceKind]: defaults.priceKind } : {}),
			...(columns.has(orderRows.code) ? { [orderRows.code]: String(code) } : {}),
			...(columns.has(orderRows.link) ? { [orderRows.link]: orderRows.code ? String(code) : toNumber(String(code)) } : {}),
			...own,
		};
	});
	return { rows, lastCode: code };
}
