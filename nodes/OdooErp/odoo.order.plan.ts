// Owns a quote or order as Odoo will hold it: header and lines as cells under their keys, checked before anything is
// written. Pure: what it must know of Odoo is passed in.
import { describeDocument, type Order, type Quote } from '../core/documents';
import { Failure } from '../core/failure';
import { odooExternalId } from '../core/keys';
import { type PlannedLine, planLines, type Precision } from '../core/money';
import type { UpsertOptions } from '../core/port';
import { type Cell, numberCell, referenceCell, referencesCell, textCell } from './odoo.cells';
import type { Company, OdooTax } from './odoo.metadata';
import { taxIds } from './odoo.order.taxes';
import { MODELS } from './odoo.refs';

export type SalesSource = Quote | Order;

/** What planning must know of the installation. */
export interface OrderSettings {
	precision: Precision;
	/** Decimals of the document's currency. */
	places: number;
	company: Company;
	taxes: readonly OdooTax[];
	/** The line's field for taxes: renamed in Odoo 19. */
	taxField: string;
	/** Product code -> the products that have it. */
	products: ReadonlyMap<string, ReadonlyArray<{ id: number; name: string }>>;
}

export interface OrderLinePlan {
	key: string;
	/** How messages name it: `line 2 (W-1)`. */
	label: string;
	cells: Cell[];
	/** Without tax, as the document says. */
	net: string;
	planned: PlannedLine;
}

/**
 * The lines of a document as they would be sent, before products are known: with the numbers that Odoo keeps.
 *
 * @throws Failure `rejected` without lines, or when Odoo would round a quantity
 */
export function plannedLines(document: SalesSource, precision: Precision, places: number): PlannedLine[] {
	const lines = planLines(document, precision, places);
	if (lines.length === 0) throw new Failure('rejected', 'It has no lines', { record: describeDocument(document), advice: 'Add a product in the CRM' });
	return lines;
}

/** The product code of a line; those of charges are chosen in the node. */
export function codeOf(line: PlannedLine, options: UpsertOptions, record: string): string {
	const chosen = line.role === 'discount' || line.role === 'shipping' || line.role === 'adjustment' ? line.role : undefined;
	const code = line.code ?? (chosen ? options.chargeProducts?.[chosen] : undefined);
	if (code) return code;
	if (!chosen) throw new Failure('rejected', `${labelOf(line)} has no product code`, { record, advice: 'Give the product a code in the CRM; it is how Odoo\'s product is found' });
	const parameter = { discount: 'Product for Discounts', shipping: 'Product for Shipping', adjustment: 'Product for Adjustments' }[chosen];
	throw new Failure('rejected', `It has a ${CHARGE_WORDS[chosen]} of ${line.net} (${line.name ?? chosen}), for which no Odoo product is chosen`, { record, advice: `Choose one in the option "${parameter}" of this node` });
}

const CHARGE_WORDS = { discount: 'discount', shipping: 'shipping charge', adjustment: 'price adjustment' } as const;

/** `line 2 (W-1)`. */
export function labelOf({ key, role, code, name }: PlannedLine): string {
	const what = code ?? name;
	return role === 'product' ? `line ${key}${what ? ` (${what})` : ''}` : `the ${role} line${what ? ` "${what}"` : ''}`;
}

/** @throws Failure `rejected` or `ambiguous` naming every code that has not exactly one product */
export function planOrderLines(document: SalesSource, lines: readonly PlannedLine[], settings: OrderSettings, options: UpsertOptions): OrderLinePlan[] {
	const record = describeDocument(document);
	const codes = lines.map((line) => codeOf(line, options, record));
	checkCodes(codes, settings.products, record);
	return lines.map((line, i) => {
		const product = settings.products.get(codes[i]!)![0]!;
		const taxes = options.taxSource === 'target' ? undefined : taxIds(line.taxes, options.taxes ?? [], settings.taxes, settings.company.id, record);
		return { key: line.key, label: labelOf(line), net: line.net, planned: line, cells: lineCells(line, product, taxes, settings.taxField) };
	});
}

function checkCodes(codes: readonly string[], products: OrderSettings['products'], record: string): void {
	const unique = [...new Set(codes)];
	const missing = unique.filter((code) => !products.get(code)?.length);
	if (missing.length > 0) {
		throw new Failure('rejected', `Odoo has no product with the code ${missing.map((code) => `"${code}"`).join(', ')}`, { record, advice: 'Make it in Odoo with that internal reference, or put the step "Product: create or update" before this one' });
	}
	const double = unique.filter((code) => products.get(code)!.length > 1);
	if (double.length > 0) {
		const list = double.map((code) => `"${code}" (${products.get(code)!.map(({ name, id }) => `"${name}" id ${id}`).join(', ')})`).join('; ');
		throw new Failure('ambiguous', `Several products in Odoo have the code ${list}`, { record, advice: 'Give each its own internal reference in Odoo' });
	}
}

/** Quantity, price and discount always go together: from Odoo 16 on a quantity alone brings the list price back (section 5). */
function lineCells(line: PlannedLine, product: { id: number; name: string }, taxes: readonly number[] | undefined, taxField: string): Cell[] {
	const name = [line.name ?? (line.description ? undefined : product.name), line.description].filter(Boolean).join('\n');
	return [
		referenceCell('product_id', product.id, line.code ?? product.name),
		textCell('name', name, (given) => given.replace(/\s+/g, ' ').trim()),
		numberCell('product_uom_qty', line.quantity),
		numberCell('price_unit', line.price),
		numberCell('discount', line.discountPercent),
		...(taxes ? [referencesCell(taxField, taxes)] : []),
	];
}

/** Rows of one order for `load`: the header with the first line, the others below it. */
export function orderRows(externalId: string, key: string, header: readonly Cell[], lines: readonly OrderLinePlan[]): Array<Record<string, string>> {
	return lines.map((line, i) => {
		const cells = line.cells.map((cell): [string, string] => [`order_line/${cell.column}`, cell.text]);
		const row = { 'order_line/id': odooExternalId(key, 'sale.order.line', line.key), 'order_line/sequence': String((i + 1) * 10), ...Object.fromEntries(cells) };
		return i === 0 ? { id: externalId, ...Object.fromEntries(header.map((cell) => [cell.column, cell.text])), ...row } : row;
	});
}

export function orderExternalId(key: string): string {
	return odooExternalId(key, MODELS.order);
}
