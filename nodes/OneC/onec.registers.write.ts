// Owns writing and deleting records of information registers (reference 6). Must not know what they hold.
import { Failure } from '../core/failure';
import type { ActionRow } from '../core/port';
import { writeOnce } from '../core/retry';
import { differences } from './onec.actions.compare';
import { removeOnce } from './onec.actions.deletion';
import type { Inputs } from './onec.actions.input';
import { datetime, guid, type Key, text } from './onec.literals';
import type { Properties } from './onec.metadata';
import { OnecRecords } from './onec.records';
import { findKey, parseKey, writeKey } from './onec.records.keys';
import { recordsOf, shortLabel } from './onec.records.sets';
import { prepareRows } from './onec.records.values';
import { registerName } from './onec.registers';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

/** Independent registers: record by record, by their key. Registers of documents: all records of one document at once. */
export async function registerWrite(services: Services, input: Inputs): Promise<ActionRow[]> {
	const register = informationRegister(input);
	const records = input.objects('records');
	const byRecorder = await services.metadata.has(recordsOf(register));
	if (byRecorder) return await writeRecorder(services, register, records, input);
	const written: ActionRow[] = [];
	for (const record of records) written.push({ json: await writeRecord(services, register, record) });
	return written;
}

/** The key tells whether it is there: a second POST of the same key is an error in 1C (reference 6). */
async function writeRecord(services: Services, register: string, record: Row): Promise<Row> {
	const { session, metadata, clock } = services;
	const body = await new OnecRecords(services).checked(register, record);
	const key = keyFrom(register, body, await metadata.keys(register), await metadata.properties(register));
	const before = await session.readIfThere(register, key);
	const changed = before ? differences(before, body) : body;
	if (before && Object.keys(changed).length === 0) return { ...before, key: writeKey(key), outcome: 'unchanged' };
	const write = async (): Promise<Row> => (before ? await session.patch(register, key, changed) : await session.create(register, body));
	const find = async (): Promise<Row | undefined> => {
		const now = await session.readIfThere(register, key);
		return now && Object.keys(differences(now, body)).length === 0 ? now : undefined;
	};
	return { ...(await writeOnce(write, find, clock)), key: writeKey(key), outcome: before ? 'updated' : 'created' };
}

function keyFrom(register: string, body: Row, keys: readonly string[], properties: Properties): Key {
	const missing = keys.filter((name) => body[name] === undefined);
	if (missing.length > 0) throw new Failure('rejected', `A record of ${register} needs ${missing.join(', ')}`, { advice: `Its key is ${keys.join(', ')}. Nothing was written` });
	return Object.fromEntries(keys.map((name) => [name, literal(body[name], properties.get(name)?.type)]));
}

function literal(value: unknown, type: string | undefined): string {
	if (type === 'Guid') return guid(String(value));
	if (type === 'DateTime') return datetime(String(value));
	return type === 'String' ? text(String(value)) : String(value);
}

/** The set of records of one document is written as a whole; an empty list takes its records away. */
async function writeRecorder(services: Services, register: string, records: Row[], input: Inputs): Promise<ActionRow[]> {
	const type = input.text('recorderType').replace(/^StandardODATA\./, '');
	const ref = await findKey(services.session, type, input.text('recorderId'));
	const properties = await services.metadata.properties(register);
	const columns = properties.get('RecordSet')?.rows;
	if (!columns) throw new Failure('rejected', `${shortLabel(register)} takes no records of a document`, { advice: 'Leave "Recorder" empty' });
	const own = properties.has('Recorder_Key') ? { Recorder_Key: String(ref) } : { Recorder: String(ref), Recorder_Type: `StandardODATA.${type}` };
	const key: Key = 'Recorder_Key' in own ? { Recorder_Key: guid(String(ref)) } : { Recorder: text(String(ref)), Recorder_Type: text(`StandardODATA.${type}`) };
	const target = await new OnecRecords(services).target(register);
	const rows = prepareRows(records.map((record) => ({ ...ownColumns(own, columns), ...record })), 'RecordSet', columns, target);
	const body = { 'odata.type': `StandardODATA.${register}`, ...own, 'RecordSet@odata.type': `Collection(StandardODATA.${register}_RowType)`, RecordSet: rows };
	const there = await services.session.readIfThere(register, key);
	// The same set once more changes nothing.
	const written = there ? await services.session.patch(register, key, body) : await services.session.create(register, body);
	return [{ json: written }];
}

/** Rows name their recorder, too, where they have a column for it. */
function ownColumns(own: Row, columns: Properties): Row {
	return Object.fromEntries(Object.entries(own).filter(([name]) => columns.has(name)));
}

/** Physical: records of registers have no deletion mark. The key must be given twice. */
export async function registerDelete(services: Services, input: Inputs): Promise<ActionRow[]> {
	const register = informationRegister(input);
	const written = input.text('recordKey');
	const key = parseKey(written);
	if (key === undefined) throw new Failure('rejected', `"${written}" is not the key of a record of ${shortLabel(register)}`, { advice: `Give all parts: ${(await services.metadata.keys(register)).join(', ')}` });
	if (plain(input.text('confirmation')) !== plain(written)) throw new Failure('rejected', 'The confirmation does not repeat the key of the record', { advice: 'Nothing was deleted. Write the key once more, exactly' });
	if (await services.metadata.has(recordsOf(register))) throw new Failure('rejected', `Records of ${shortLabel(register)} belong to documents and are not deleted by themselves`, { advice: 'Change or unpost the document' });
	await services.session.read(register, key);
	await removeOnce(services, register, key, shortLabel(register));
	return [{ json: { deleted: true, set: register, key: writeKey(key) } }];
}

function plain(key: string): string {
	return key.replace(/\s+/g, '');
}

function informationRegister(input: Inputs): string {
	const register = registerName(input);
	if (register.startsWith('InformationRegister_')) return register;
	throw new Failure('rejected', `${shortLabel(register)} is written by documents only`, { advice: 'Post or change the document that moves it' });
}
