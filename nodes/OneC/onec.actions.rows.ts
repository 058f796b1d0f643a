// Owns the safe change of a table part: read, change, number, write as a whole, never over somebody else's change.
// Must not know what the rows mean.
import { asFailure, Failure, mayHaveHappened } from '../core/failure';
import { isRecord } from '../core/mapping';
import type { ActionRow } from '../core/port';
import { equalRows } from './onec.actions.compare';
import type { Inputs } from './onec.actions.input';
import type { Key } from './onec.literals';
import { OnecRecords, recordName } from './onec.records';
import { findKey } from './onec.records.keys';
import { prepareRows } from './onec.records.values';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

/** How often somebody else's change in between is answered by reading again. */
const ATTEMPTS = 4;
/** A plain write posts nothing (reference 6). */
const STALE = 'The document is posted: its movements are as before until it is posted again';

export async function rowsReplace(services: Services, input: Inputs): Promise<ActionRow[]> {
	return await change(services, input, (_kept, given) => given);
}

/** A table part is written as a whole only (reference 6): those that are there, then the new ones. */
export async function rowsAppend(services: Services, input: Inputs): Promise<ActionRow[]> {
	return await change(services, input, (kept, given) => [...kept, ...given]);
}

async function change(services: Services, input: Inputs, combine: (kept: Row[], given: Row[]) => Row[]): Promise<ActionRow[]> {
	const set = input.text('module');
	const part = input.text('tablePart');
	const key = await findKey(services.session, set, input.text('recordId'));
	const given = input.objects('rows');
	const columns = await columnsOf(services, set, part);
	const target = await new OnecRecords(services).target(set);
	const expected = input.optional('dataVersion');
	// Checked before anything is read: what was given must fit whatever stands there.
	prepareRows(given, part, columns, target);
	for (let attempt = 1; ; attempt++) {
		const before = await services.session.read(set, key);
		if (expected !== undefined && before.DataVersion !== expected) throw new Failure('conflict', 'Somebody has changed it since it was read', { record: recordName(set, before), advice: 'Read it again, and decide again' });
		const kept = Array.isArray(before[part]) ? before[part].filter(isRecord) : [];
		const rows = numbered(combine(kept.map(columnsOnly), prepareRows(given, part, columns, target)));
		try {
			return [{ json: { ...(await write(services, set, key, part, rows, before)), ...(before.Posted === true ? { note: STALE } : {}) } }];
		} catch (error) {
			const failure = asFailure(error);
			if (failure.kind !== 'conflict' || expected !== undefined || attempt >= ATTEMPTS) throw failure.on(recordName(set, before));
		}
	}
}

/** A write whose outcome is not known is looked up: the version tells whether anything was written, the rows what. */
async function write(services: Services, set: string, key: Key, part: string, rows: Row[], before: Row): Promise<Row> {
	const version = typeof before.DataVersion === 'string' ? { version: before.DataVersion } : {};
	try {
		return await services.session.patch(set, key, { [part]: rows }, version);
	} catch (error) {
		if (!mayHaveHappened(error)) throw error;
		const now = await services.session.read(set, key).catch(() => undefined);
		if (now && equalRows(now[part], rows)) return now;
		// Unchanged: it was not done, and the caller tries again as after a conflict.
		if (now && now.DataVersion === before.DataVersion) throw asFailure(error).as('conflict');
		throw error;
	}
}

async function columnsOf(services: Services, set: string, part: string): ReturnType<Services['metadata']['properties']> {
	const parts = await services.metadata.tableParts(set);
	const columns = parts.get(part);
	if (columns) return columns;
	throw new Failure('rejected', `${set} has no table part "${part}"`, { advice: parts.size > 0 ? `It has: ${[...parts.keys()].join(', ')}` : 'It has none at all' });
}

function numbered(rows: Row[]): Row[] {
	return rows.map((row, index) => ({ ...row, LineNumber: String(index + 1) }));
}

/** Rows of a list repeat the owner's Ref_Key (reference 3); links are no columns. */
function columnsOnly({ Ref_Key: _owner, ...row }: Row): Row {
	return Object.fromEntries(Object.entries(row).filter(([name]) => !name.includes('@') && !name.includes('____')));
}
