// Owns deletion: by mark, as people do in 1C, and physically, behind a guard. Must not know documents.
import { asFailure, Failure, mayHaveHappened } from '../core/failure';
import type { ActionRow } from '../core/port';
import type { Inputs } from './onec.actions.input';
import type { Key } from './onec.literals';
import { OnecRecords, recordName } from './onec.records';
import { findKey, writeKey } from './onec.records.keys';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

export async function markDeletion(services: Services, input: Inputs): Promise<ActionRow[]> {
	return await mark(services, input, true);
}

export async function unmarkDeletion(services: Services, input: Inputs): Promise<ActionRow[]> {
	return await mark(services, input, false);
}

async function mark(services: Services, input: Inputs, marked: boolean): Promise<ActionRow[]> {
	const set = input.text('module');
	const key = await findKey(services.session, set, input.text('recordId'));
	return [{ json: await new OnecRecords(services).mark(set, key, marked) }];
}

/**
 * Removes a record for ever. 1C does not look whether others refer to it (reference 6), so the caller must name it: by
 * number, code or description, exactly.
 */
export async function deletePhysically(services: Services, input: Inputs): Promise<ActionRow[]> {
	const set = input.text('module');
	const key = await findKey(services.session, set, input.text('recordId'));
	const row = await services.session.read(set, key);
	guard(set, key, row, input.text('confirmation'));
	await removeOnce(services, set, key, recordName(set, row));
	return [{ json: { deleted: true, set, key: writeKey(key), record: recordName(set, row) } }];
}

function guard(set: string, key: Key, row: Row, confirmation: string): void {
	const record = recordName(set, row);
	if (row.Posted === true) throw new Failure('rejected', 'A posted document is not deleted', { record, advice: 'Unpost it first; better still, only mark it for deletion' });
	if (row.Predefined === true) throw new Failure('rejected', 'It belongs to the configuration (Predefined) and is not deleted', { record });
	const names = [row.Number, row.Code, row.Description].map((value) => (typeof value === 'string' ? value.trim() : '')).filter(Boolean);
	const accepted = names.length > 0 ? names : [writeKey(key)];
	if (!accepted.includes(confirmation)) throw new Failure('rejected', `The confirmation "${confirmation}" is not this record's number, code or name`, { record, advice: 'Nothing was deleted. Write it exactly as 1C shows it' });
}

/** A deletion whose outcome is not known is looked up: what is gone was deleted. */
export async function removeOnce(services: Services, set: string, key: Key, record: string): Promise<void> {
	try {
		await services.session.remove(set, key);
	} catch (error) {
		if (!mayHaveHappened(error)) throw asFailure(error).on(record);
		if ((await services.session.readIfThere(set, key)) !== undefined) throw asFailure(error).on(record);
	}
}
