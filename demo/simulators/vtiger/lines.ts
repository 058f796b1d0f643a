// Owns the lines of a document: what a sent line becomes, how lines are stored (and lost), how they read back.
// Must not know: totals, sessions, HTTP.
import { badId, type Json, type Row } from './failure';
import type { Installation } from './installation';
import { plainLabel } from './records';
import { idParts } from './references';
import { completeLine, type Line, type Stored } from './store';
import { currency, fixed, phpNumber, text, textOf } from './values';

/** Tax columns of this installation: tax1 VAT 4.5, tax2 Sales 10, tax3 Service 12.5. */
export function taxNumbers(crm: Installation): string[] {
	return crm.store.list('Tax').map((tax) => String(tax.number));
}

/** The rates attached to a product or service, by tax number. */
export function productRates(crm: Installation, productId: Json): Record<string, number> {
	const product = crm.store.getAny(textOf(productId));
	const rates: Record<string, number> = {};
	for (const n of taxNumbers(crm)) if (product?.fields[`tax${n}`] !== undefined) rates[n] = phpNumber(product.fields[`tax${n}`]);
	return rates;
}

/** What the document says about its lines: taxed one by one; taken from stock. */
export interface LineKind {
	individual: boolean;
	deducts: boolean;
}

/**
 * Stores the lines of a document one by one. The id of the first line is taken before the wait, so a second session
 * saving in the meantime takes the same: whoever stores later loses that line, and nobody is told.
 */
export async function storeLines(crm: Installation, document: Stored, sent: Row[], kind: LineKind): Promise<void> {
	document.lines = [];
	let lineId = crm.store.nextLineId();
	await new Promise((resolve) => setTimeout(resolve, crm.saveGapMs));
	for (const [index, values] of sent.entries()) {
		const line: Line = { id: lineId, values: acceptedLine(crm, values, index + 1, kind) };
		if (line.values['productid'] === null) line.stray = strayNumber(values);
		if (!crm.store.line(lineId)) document.lines.push(line);
		lineId = crm.store.nextLineId();
	}
}

const strayNumber = (sent: Row): number => Number(textOf(sent['productid']).split('x').at(-1)) || 0;

/** What a sent line becomes. 8.4.0 refuses an id that is no product's, when the header is already stored. */
export function acceptedLine(crm: Installation, sent: Row, sequence: number, kind: LineKind): Row {
	const productid = productOf(crm, sent['productid']);
	const product = crm.store.get(textOf(productid));
	const price = 'listprice' in sent ? sent['listprice'] : product?.module === 'Products' ? product.fields['unit_price'] : 0;
	return completeLine({
		productid,
		sequence_no: String(sequence),
		quantity: fixed(phpNumber(sent['quantity']), 3),
		listprice: currency(price),
		discount_percent: fixed(phpNumber(sent['discount_percent']), 3),
		discount_amount: currency(sent['discount_amount']),
		comment: text(sent['comment'], crm.version),
		description: text(sent['description'], crm.version),
		...acceptedTaxes(crm, sent, productid, kind.individual),
		incrementondel: kind.deducts ? '1' : '0',
	});
}

function productOf(crm: Installation, sent: Json | undefined): Json {
	const given = textOf(sent);
	const bare = /^\d+$/.test(given) ? crm.store.entity(Number(given))?.id : undefined;
	const parts = idParts(bare ?? given);
	const found = parts ? crm.store.get(`${parts.prefix}x${parts.number}`) : undefined;
	if (found && (found.module === 'Products' || found.module === 'Services')) return found.id;
	if (crm.version === '8.4.0') throw badId();
	return null;
}

/** With individual taxes a line that names no tax gets its product's own rates. */
function acceptedTaxes(crm: Installation, sent: Row, productid: Json, individual: boolean): Row {
	const numbers = taxNumbers(crm);
	const own = individual && !numbers.some((n) => `tax${n}` in sent) ? productRates(crm, productid) : {};
	return Object.fromEntries(numbers.map((n) => [`tax${n}`, fixed(phpNumber(sent[`tax${n}`] ?? own[n] ?? 0), 3)]));
}

/** A line as create, revise and retrieve of its document show it. */
export function shownLine(crm: Installation, document: Stored, line: Line): Row {
	const productid = line.values['productid'] as Json;
	const product = line.stray === undefined ? crm.store.getAny(textOf(productid)) : crm.store.entity(line.stray);
	const live = product && !product.deleted;
	return {
		...line.values,
		...lineIds(crm, document, line),
		productid: live && line.stray === undefined ? productid : crm.version === '8.4.0' ? null : '',
		product_name: product ? (product.label ?? plainLabel(crm, product.module, product.fields)) : null,
		entity_type: product?.module ?? null,
		deleted: product ? (live ? '0' : '1') : null,
	};
}

/** 8.0.0 shows the parent literally as `4xArray` inside a document. */
function lineIds(crm: Installation, document: Stored, line: Line): Row {
	const parent = crm.version === '8.4.0' ? document.id : `${document.id.split('x')[0]}xArray`;
	return { parent_id: parent, id: `33x${line.id}` };
}

/** The sent `LineItems`; anything that is no list of objects counts as present but unusable. */
export function sentLines(element: Row): Row[] | 'none' | 'unusable' {
	const value = element['LineItems'];
	if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) return 'none';
	if (!Array.isArray(value)) return 'unusable';
	return value.map((line) => (typeof line === 'object' && line !== null && !Array.isArray(line) ? line : {}));
}
