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
// | registerWrite         | register, records (JSON object or list), [recorderType, recorderId]: for a register that documents write                                | one item per record
// | registerDelete        | register, recordKey (composite key), confirmation (the same key repeated)                          | { deleted: true, ... }
// | balance               | register, [period], [condition], [dimensions], [accountCondition], [extraDimensions], [filter], [select], [limit] | rows
// | turnovers             | register, [periodFrom], [periodTo], [condition], [dimensions], [accountCondition], [balancedAccountCondition], [extraDimensions], [filter], [select], [limit] | rows
// | balanceAndTurnovers   | as turnovers                                                                                       | rows
// | constantGet           | constant                                                                                           | { constant, value, ... }
// | constantSet           | constant, value (text, number, boolean or JSON)                                                    | { constant, value, before }
// | planNodes             | plan                                                                                               | one item per node
// | planFetch             | plan, node (Ref_Key or code:), [messageNumber], [types: list of sets], [valuesAsText]              | one item per object
// | planAcknowledge       | plan, node, messageNumber, confirmation (the message number repeated)                              | { acknowledged, ... }
// | fileDownload          | module, recordId, field (a value storage), [fileName], [mimeType]                                  | item with the file
// | fileUpload            | module, recordId, field, binaryPropertyName, [mimeType]                                            | the record's key
// | metadataSets          | [kind: a prefix such as Catalog]                                                                   | one item per set
// | metadataDescribe      | module                                                                                             | one item
// | capabilities          | -                                                                                                  | one item
// | request               | method (GET, POST, PATCH, DELETE), path, [query: JSON object], [body: JSON], [confirmation: "physical deletion" for DELETE] | the answer
import type { Action, ActionRow } from '../core/port';
import { deletePhysically, markDeletion, unmarkDeletion } from './onec.actions.deletion';
import { documentCreateAndPost, documentMovements, documentPost, documentUnpost } from './onec.actions.documents';
import { Inputs } from './onec.actions.input';
import { capabilities, metadataDescribe, metadataSets } from './onec.actions.metadata';
import { acknowledgePacket, fetchPacket, listNodes } from './onec.actions.plans';
import { request } from './onec.actions.request';
import { rowsAppend, rowsReplace } from './onec.actions.rows';
import { recordUpsert } from './onec.actions.upsert';
import { constantGet, constantSet } from './onec.constants';
import { fileDownload, fileUpload } from './onec.files';
import { registerRead, virtualTable } from './onec.registers';
import { registerDelete, registerWrite } from './onec.registers.write';
import type { Services } from './onec.services';

type Run = (services: Services, input: Inputs) => Promise<ActionRow[]>;

const RUNS = {
	documentPost,
	documentUnpost,
	documentCreateAndPost,
	rowsReplace,
	rowsAppend,
	documentMovements,
	markDeletion,
	unmarkDeletion,
	deletePhysically,
	recordUpsert,
	sliceLast: async (services, input) => await virtualTable(services, 'sliceLast', input),
	sliceFirst: async (services, input) => await virtualTable(services, 'sliceFirst', input),
	registerRead,
	registerWrite,
	registerDelete,
	balance: async (services, input) => await virtualTable(services, 'balance', input),
	turnovers: async (services, input) => await virtualTable(services, 'turnovers', input),
	balanceAndTurnovers: async (services, input) => await virtualTable(services, 'balanceAndTurnovers', input),
	constantGet,
	constantSet,
	planNodes: listNodes,
	planFetch: fetchPacket,
	planAcknowledge: acknowledgePacket,
	fileDownload,
	fileUpload,
	metadataSets,
	metadataDescribe,
	capabilities,
	request,
} satisfies Record<string, Run>;
export type ActionName = keyof typeof RUNS;

/** For the connector's capabilities. */
export const ACTIONS = Object.keys(RUNS) as ActionName[];

/** All operations of `ACTIONS`, bound to one infobase. */
export function actions(services: Services): Readonly<Record<ActionName, Action>> {
	const bound = (run: Run): Action => async (input) => await run(services, new Inputs(input));
	return Object.fromEntries(Object.entries(RUNS).map(([name, run]) => [name, bound(run)])) as Record<ActionName, Action>;
}
