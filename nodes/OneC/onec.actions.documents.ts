// Owns the posting of documents and what they wrote into registers. Must not know what a document means in business.
import { asFailure, Failure } from '../core/failure';
import { isRecord } from '../core/mapping';
import type { ActionRow } from '../core/port';
import { writeOnce } from '../core/retry';
import type { Inputs } from './onec.actions.input';
import { guid, type Key, keyText, text } from './onec.literals';
import { findKey } from './onec.records.keys';
import { isRecords, isRegister, recordsOf, shortLabel } from './onec.records.sets';
import { OnecRecords, recordName } from './onec.records';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

const HEADER = ['Ref_Key', 'DataVersion', 'Number', 'Date', 'Posted', 'DeletionMark'];
/** Each register is a call of its own. */
const MOST_REGISTERS = 200;
const AT_ONCE = 4;

export async function documentPost(services: Services, input: Inputs): Promise<ActionRow[]> {
	const { set, key } = await documentOf(services, input);
	return [{ json: await post(services, set, key, input.flag('operational')) }];
}

export async function documentUnpost(services: Services, input: Inputs): Promise<ActionRow[]> {
	const { set, key, header } = await documentOf(services, input);
	await move(services, set, key, header, false, async () => await services.session.unpost(set, key));
	return [{ json: await services.session.read(set, key) }];
}

/** Two steps in 1C: when the second is refused, the document stays written, and the message says which it is. */
export async function documentCreateAndPost(services: Services, input: Inputs): Promise<ActionRow[]> {
	const set = documentSet(input);
	const created = await new OnecRecords(services).create(set, input.object('values'));
	const key = String(created.Ref_Key);
	try {
		return [{ json: await post(services, set, key, input.flag('operational')) }];
	} catch (error) {
		const failure = asFailure(error);
		const header = await services.session.read(set, key, { select: HEADER }).catch(() => created);
		throw new Failure(failure.kind, `It was created, but not posted: ${failure.what}`, { ...failure, record: recordName(set, header), cause: failure, advice: `${failure.advice ? `${failure.advice}. ` : ''}The document is in 1C (Ref_Key ${key}): mend and post that one, do not create it again` });
	}
}

/** An answer that is lost is looked up; posting again what was not posted makes the same movements. */
async function post(services: Services, set: string, key: Key, operational: boolean): Promise<Row> {
	const { session } = services;
	const header = await session.read(set, key, { select: HEADER });
	if (header.DeletionMark === true) throw new Failure('rejected', 'A document that is marked for deletion cannot be posted', { record: recordName(set, header), advice: 'Take the mark away first, with the operation "Unmark Deletion"' });
	await move(services, set, key, header, true, async () => {
		if (operational) await session.raw({ method: 'POST', path: `${set}(${keyText(key)})/Post`, query: { PostingModeOperational: 'true' } }, 'nothing');
		else await session.post(set, key);
	});
	return await session.read(set, key);
}

/** Every posting moves the version (reference 3), so that a lost answer to a second posting is found, too. */
async function move({ session, clock }: Services, set: string, key: Key, before: Row, posted: boolean, call: () => Promise<void>): Promise<void> {
	const find = async (): Promise<true | undefined> => {
		const now = await session.read(set, key, { select: HEADER });
		return now.Posted === posted && now.DataVersion !== before.DataVersion ? true : undefined;
	};
	try {
		await writeOnce(async () => (await call(), true as const), find, clock);
	} catch (error) {
		throw asFailure(error).on(recordName(set, before));
	}
}

async function documentOf(services: Services, input: Inputs): Promise<{ set: string; key: Key; header: Row }> {
	const set = documentSet(input);
	const key = await findKey(services.session, set, input.text('recordId'));
	return { set, key, header: await services.session.read(set, key, { select: HEADER }) };
}

function documentSet(input: Inputs): string {
	const set = input.text('module');
	if (set.startsWith('Document_')) return set;
	throw new Failure('rejected', `${set} holds no documents`, { advice: 'Only documents are posted: choose a set that begins with "Document_"' });
}

/** One item per record that the document wrote, with the register it stands in. */
export async function documentMovements(services: Services, input: Inputs): Promise<ActionRow[]> {
	const { set, key } = await documentOf(services, input);
	const chosen = input.list('registers');
	const registers = chosen.length > 0 ? chosen : await recorderRegisters(services);
	const found: ActionRow[] = [];
	for (let at = 0; at < registers.length; at += AT_ONCE) {
		const group = registers.slice(at, at + AT_ONCE);
		const sets = await Promise.all(group.map(async (register) => await movements(services, register, set, String(key), chosen.length > 0)));
		found.push(...sets.flatMap((rows, index) => rows.map((row) => ({ json: { register: group[index], ...row } }))));
	}
	return found;
}

/** Registers that documents write: those beside which there is a set of single records (reference 1). */
async function recorderRegisters({ metadata }: Services): Promise<string[]> {
	const sets = await metadata.sets();
	const registers = [...sets].filter((name) => isRegister(name) && !isRecords(name) && sets.has(recordsOf(name))).sort();
	if (registers.length <= MOST_REGISTERS) return registers;
	throw new Failure('rejected', `The infobase publishes ${registers.length} registers, and each would be asked`, { advice: 'Choose the registers that interest you in the option "Registers"' });
}

/**
 * By key, the only way that always works: a filter on `Recorder` finds nothing or is an error (reference 5).
 *
 * @param strict a register that this kind of document never writes is an error, not "nothing"
 */
async function movements(services: Services, register: string, set: string, ref: string, strict: boolean): Promise<Row[]> {
	const keys = await services.metadata.keys(register);
	const key: Key = keys.includes('Recorder_Key') ? { Recorder_Key: guid(ref) } : { Recorder: text(ref), Recorder_Type: text(`StandardODATA.${set}`) };
	try {
		const row = await services.session.readIfThere(register, key);
		return Array.isArray(row?.RecordSet) ? row.RecordSet.filter(isRecord) : [];
	} catch (error) {
		const failure = asFailure(error);
		if (!strict && failure.kind === 'rejected') return [];
		throw failure.on(`${shortLabel(register)}`);
	}
}
