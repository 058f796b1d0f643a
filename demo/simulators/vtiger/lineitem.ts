// Owns the LineItem entity: lines addressed on their own, which does more harm than good.
// Must not know: documents' saving, HTTP.
import { Crash, denied, type Json, Refusal, type Row } from './failure';
import type { Installation } from './installation';
import { acceptedLine } from './lines';
import type { Line, Stored } from './store';
import { textOf } from './values';

/** Adds a line to a document; its totals and its modifiedtime stay as they were. */
export function createLine(crm: Installation, element: Row): Json {
	const document = crm.store.get(textOf(element['parent_id']));
	if (!document) throw denied();
	const line: Line = { id: crm.store.nextLineId(), values: acceptedLine(crm, element, 0, { individual: false, deducts: true }) };
	document.lines.push(line);
	return shownAlone(document, line);
}

export function retrieveLine(crm: Installation, id: string): Json {
	const found = crm.store.line(Number(id.split('x')[1]));
	if (!found || found.document.deleted) throw denied();
	return shownAlone(found.document, found.line);
}

/** Both crash, only an update on 8.0.0 is refused instead. */
export function refuseLine(crm: Installation, how: 'update' | 'revise' | 'delete'): never {
	if (crm.version === '8.4.0' || how === 'delete') throw new Crash('line changed on its own');
	throw new Refusal('RECORD_NOT_FOUND', 'Record not found');
}

function shownAlone(document: Stored, line: Line): Row {
	return { parent_id: document.id, ...line.values, id: `33x${line.id}` };
}
