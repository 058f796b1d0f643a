// Owns the comparison of an order as it stands in Odoo with what was meant: line by line, then the totals to the cent.
// Pure.
import { Failure } from '../core/failure';
import { big, type Proof, proveTotals, type RoundingPolicy, type TaxRounding } from '../core/money';
import type { Outcome } from '../core/port';
import { type Cell } from './odoo.cells';
import type { OrderLinePlan, SalesSource } from './odoo.order.plan';
import { decimal, type Row, text } from './odoo.values';

/** A planned line and its counterpart in Odoo, as far as they have one. */
export interface Pair {
	line?: OrderLinePlan;
	row?: Row;
	/** Cells that differ; all of a line that is not there. */
	differences: Cell[];
}

/** Lines that count: sections, notes and down payments are Odoo's own matter. */
export function countedRows(rows: readonly Row[]): Row[] {
	return rows.filter((row) => !row.display_type && row.is_downpayment !== true);
}

/**
 * Finds each planned line in the order: equal ones first, then by product, then by position.
 *
 * @param ignore fields that are not compared
 */
export function pairLines(lines: readonly OrderLinePlan[], rows: readonly Row[], ignore: readonly string[] = []): Pair[] {
	const left = new Set(countedRows(rows));
	const found = new Map<OrderLinePlan, Row>();
	const take = (fits: (line: OrderLinePlan, row: Row) => boolean): void => {
		for (const line of lines) {
			const row = found.has(line) ? undefined : [...left].find((candidate) => fits(line, candidate));
			if (!row) continue;
			found.set(line, row);
			left.delete(row);
		}
	};
	const differences = (line: OrderLinePlan, row: Row): Cell[] => line.cells.filter((cell) => !ignore.includes(cell.field) && !cell.same(row[cell.field]));
	take((line, row) => differences(line, row).length === 0);
	take((line, row) => line.cells.some((cell) => cell.field === 'product_id' && cell.same(row.product_id)));
	take(() => true);
	return [
		...lines.map((line): Pair => {
			const row = found.get(line);
			return { line, row, differences: row ? differences(line, row) : line.cells };
		}),
		...[...left].map((row): Pair => ({ row, differences: [] })),
	];
}

export function isEqual(pairs: readonly Pair[]): boolean {
	return pairs.every(({ line, row, differences }) => line && row && differences.length === 0);
}

const FIELD_WORDS: Record<string, string> = { product_id: 'product', name: 'text', product_uom_qty: 'quantity', price_unit: 'unit price', discount: 'discount', tax_id: 'taxes', tax_ids: 'taxes' };

/** What differs, as a person reads it. */
export function describePairs(pairs: readonly Pair[]): Outcome['changed'] {
	const changed: Outcome['changed'] = {};
	for (const { line, row, differences } of pairs) {
		if (line && !row) changed[line.label] = { after: 'added' };
		if (row && !line) changed[`line "${text(row.name) ?? row.id}"`] = { before: `${decimal(row.product_uom_qty)} x ${decimal(row.price_unit)}`, after: 'removed' };
		if (line && row) for (const cell of differences) changed[`${line.label} ${FIELD_WORDS[cell.field] ?? cell.field}`] = { before: cell.show(row[cell.field]), after: cell.shown };
	}
	return changed;
}

/** `line 2 (W-1) quantity: 1.13 in Odoo, 1.125 in the CRM`. */
export function differencesInWords(changed: Outcome['changed']): string {
	return Object.entries(changed)
		.map(([what, { before, after }]) => (after === 'added' ? `${what} is missing in Odoo` : after === 'removed' ? `${what} (${before}) is only in Odoo` : `${what}: ${before ?? 'nothing'} in Odoo, ${after ?? 'nothing'} in the CRM`))
		.join('; ');
}

/** How an Odoo company can round taxes, by its setting; `round_globally` was made stricter in Odoo 17. */
export function roundingsOf(method: string): TaxRounding[] {
	return method === 'round_globally' ? ['document', 'unrounded'] : ['line'];
}

/**
 * Proves that the stored order is what the document says.
 *
 * @param places decimals of the currency
 * @throws Failure `rejected` with both totals and why; nothing has been confirmed then
 */
export function proveOrder(document: SalesSource, record: string, lines: readonly OrderLinePlan[], order: Row, rows: readonly Row[], rounding: { policy: RoundingPolicy; method: string; places: number }): Proof {
	const pairs = pairLines(lines, rows, ['name']);
	const number = text(order.name) ?? `id ${order.id}`;
	const advice = 'The order stays a quotation in Odoo; correct the cause and run this again';
	if (!isEqual(pairs)) throw new Failure('rejected', `Order ${number} in Odoo is not what was sent: ${differencesInWords(describePairs(pairs))}`, { record, advice });
	const unequal = pairs.filter(({ line, row }) => !big(decimal(row!.price_subtotal)).eq(line!.net));
	if (unequal.length > 0) {
		const list = unequal.map(({ line, row }) => `${line!.label} makes ${decimal(row!.price_subtotal)} in Odoo and ${line!.net} in the CRM`).join('; ');
		throw new Failure('rejected', `Order ${number}: ${list}`, { record, advice: `Check whether a tax is included in the price. ${advice}` });
	}
	const target = { net: decimal(order.amount_untaxed), tax: decimal(order.amount_tax), total: decimal(order.amount_total) };
	const proof = proveTotals(document, target, rounding.policy, roundingsOf(rounding.method), rounding.places, lines.map((line) => line.planned));
	if (proof.agrees) return proof;
	throw new Failure('rejected', `The totals do not agree: ${proof.source} in the CRM, ${proof.target} for order ${number} in Odoo (${proof.difference}); ${proof.reason}`, {
		record,
		advice: `Check the tax mapping and Odoo's rounding of taxes, or allow the difference in the option "Rounding". ${advice}`,
	});
}
