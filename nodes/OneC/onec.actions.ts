// Owns the operations that only 1C has, by the names the node shows. Must not know n8n; every operation is one function.
//
// Parameters by name. [x]: optional, and may as well stand in the node's "options" collection. A set (`module`,
// `register`, `constant`, `plan`) is a text or a resource locator. `recordId` is a Ref_Key, a composite key as OData writes
// it (`Period=datetime'...',Валюта_Key=guid'...'`), `number:<Number>` of a document or `code:<Code>` of a catalog item.
// JSON parameters may be JSON text or the value itself. Lists may be arrays or text with commas. Dates: a date, a wall
// clock time of the infobase, or a time with zone (converted to the infobase's).
//
// | action                | parameters                                                                                         | gives
// | documentPost          | module, recordId, [operational: boolean]                                                           | the document
// | documentUnpost        | module, recordId                                                                                   | the document
// | documentCreateAndPost | module, values (JSON object), [operational]                                                        | the document
// | rowsReplace           | module, recordId, tablePart, rows (JSON list), [dataVersion]                                       | the document
// | rowsAppend            | module, recordId, tablePart, rows (JSON list), [dataVersion]                                       | the document
// | documentMovements     | module, recordId, [registers: list of sets]                                                        | one item per record
// | markDeletion          | module, recordId                                                                                   | the record
// | unmarkDeletion        | module, recordId                                                                                   | the record
// | deletePhysically      | module, recordId, confirmation (the record's Number, Code or Description, repeated)                | { deleted: true, ... }
// | recordUpsert          | module, matchFields (list), values (JSON object)                                                   | the record + outcome
// | sliceLast, sliceFirst | register, [period], [condition], [filter], [select], [limit]                                       | one item per row
// | registerRead          | register, [periodFrom], [periodTo], [filter], [select], [limit], [returnAll]                       | one item per record
// | registerWrite         | register, records (JSON object or list), [recorderType, recorderId]                                | one item per record
// | registerDelete        | register, recordKey (composite key), confirmation (the same key repeated)                          | { deleted: true, ... }
// | balance               | register, [period], [condition], [dimensions], [accountCondition], [extraDimensions], [filter], [select], [limit] | rows
// | turnovers             | register, [periodFrom], [periodTo], [condition], [dimensions], [accountCondition], [balancedAccountCondition], [extraDimensions], [filter], [select], [limit] | rows
// | balanceAndTurnovers   | as turnovers                                                                                       | rows
// | constantGet           | constant                                                                                           | { constant, value, ... }
// | constantSet           | constant, value (text, number, boolean or JSON)                                                    | { constant, value, before }
// | planNodes             | plan                                                                                               | one item per node
// | planFetch             | plan, node (Ref_Key or code:), [messageNumber], [types: list of sets]                              | one item per object
// | planAcknowledge       | plan, node, messageNumber, confirmation (the message number repeated)                              | { acknowledged, ... }
// | fileDownload          | module, recordId, field (a value storage), [fileName], [mimeType]                                  | item with the file
// | fileUpload            | module, recordId, field, binaryPropertyName, [mimeType]                                            | the record's key
// | metadataSets          | [kind: a prefix such as Catalog]                                                                   | one item per set
// | metadataDescribe      | module                                                                                             | one item
// | capabilities          | -                                                                                                  | one item
// | request               | method (GET, POST, PATCH, DELETE), path, [query: JSON object], [body: JSON], [confirmation: "physical deletion" for DELETE] | the answer
import type { Action } from '../core/port';
import type { Services } from './onec.services';

export const ACTIONS = [
	'documentPost', 'documentUnpost', 'documentCreateAndPost', 'rowsReplace', 'rowsAppend', 'documentMovements',
	'markDeletion', 'unmarkDeletion', 'deletePhysically', 'recordUpsert',
	'sliceLast', 'sliceFirst', 'registerRead', 'registerWrite', 'registerDelete', 'balance', 'turnovers', 'balanceAndTurnovers',
	'constantGet', 'constantSet', 'planNodes', 'planFetch', 'planAcknowledge', 'fileDownload', 'fileUpload',
	'metadataSets', 'metadataDescribe', 'capabilities', 'request',
] as const;
export type ActionName = (typeof ACTIONS)[number];

/** All operations of `ACTIONS`, bound to one base. */
export function actions(services: Services): Readonly<Record<string, Action>> {
	void services;
	return {};
}
