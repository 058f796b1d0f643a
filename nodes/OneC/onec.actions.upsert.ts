// Owns "create or update" of any record by fields of the user's choice. Must not know documents.
import { asFailure, Failure, mayHaveHappened } from '../core/failure';
import type { ActionRow } from '../core/port';
import { differences } from './onec.actions.compare';
import type { Inputs } from './onec.actions.input';
import { refKey } from './onec.keys';
import { allOf, datetime, EMPTY_GUID, guid, isGuid, refTo, text } from './onec.literals';
import type { Properties } from './onec.metadata';
import { OnecRecords, recordName } from './onec.records';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

/** More are not listed in the message. */
const SHOWN = 6;

/**
 * Writes the values onto the one record whose match fields are equal, or creates it. Several matches are never chosen
 * between, and a record that is marked for deletion is not brought back silently.
 */
export async function recordUpsert(services: Services, input: Inputs): Promise<ActionRow[]> {
	const set = input.text('module');
	const records = new OnecRecords(services);
	const body = await records.checked(set, input.object('values'));
	const condition = matchCondition(set, input.list('matchFields'), body, await services.metadata.properties(set));
	const found = await findOne(services, set, condition);
	if (!found) return [{ json: { ...(await create(services, records, set, await underOwnKey(services, set, body, condition), condition)), outcome: 'created' } }];
	const changed = differences(found, body);
	if (Object.keys(changed).length === 0) return [{ json: { ...found, outcome: 'unchanged' } }];
	const written = await records.patch(set, String(found.Ref_Key), changed);
	return [{ json: { ...written, outcome: 'updated' } }];
}

/**
 * The values with a Ref_Key that follows from what they are matched by: what 1C has cut, or a person has renamed, is not
 * found by the match fields any more, and would be created again at every run.
 *
 * @throws Failure `rejected` when such a record is there and is not found by the match fields
 */
async function underOwnKey({ credential, session }: Services, set: string, body: Row, condition: string): Promise<Row> {
	if (!credential.useOwnRefKeys || 'Ref_Key' in body) return body;
	const ref = refKey(`${credential.installation}:${set}:${condition}`);
	const there = await session.readIfThere(set, ref);
	if (!there) return { Ref_Key: ref, ...body };
	throw new Failure('rejected', 'A record was created for these values before, and its match fields hold something else now', { record: recordName(set, there), advice: 'Either 1C keeps fewer characters of the text, or somebody has changed it there: match by other fields, or give the values as 1C holds them' });
}

/** An unknown outcome is looked up by the match fields before anything is sent again. */
async function create(services: Services, records: OnecRecords, set: string, body: Row, condition: string): Promise<Row> {
	try {
		return await records.create(set, body);
	} catch (error) {
		if (!mayHaveHappened(error)) throw error;
		const written = await findOne(services, set, condition).catch((problem: unknown) => {
			throw asFailure(problem).kind === 'ambiguous' ? problem : error;
		});
		return written ?? (await records.create(set, body));
	}
}

async function findOne({ session }: Services, set: string, condition: string): Promise<Row | undefined> {
	const rows = await session.rows(set, { filter: condition, top: SHOWN });
	const [row] = rows;
	if (rows.length > 1) throw new Failure('ambiguous', `Several records fit: ${rows.map((one) => `${recordName(set, one)} (${String(one.Ref_Key)}${one.DeletionMark === true ? ', marked for deletion' : ''})`).join('; ')}`, { advice: 'Match by more fields, or merge them in 1C' });
	if (row?.DeletionMark === true) throw new Failure('ambiguous', 'The only record that fits is marked for deletion', { record: recordName(set, row), advice: 'Take the mark away, or change its match fields in 1C; then a new one is created' });
	return row;
}

function matchCondition(set: string, fields: readonly string[], body: Row, properties: Properties): string {
	if (fields.length === 0) throw new Failure('rejected', 'No field to match by is chosen', { advice: 'Choose at least one, e.g. Code or ИНН' });
	if (!properties.has('Ref_Key')) throw new Failure('rejected', `Records of ${set} are not matched by fields`, { advice: 'Registers have keys: use "Write Record"' });
	return allOf(...fields.map((name) => comparison(set, name, body, properties))) ?? '';
}

function comparison(set: string, name: string, body: Row, properties: Properties): string {
	const property = properties.get(name);
	if (!property || property.rows) throw new Failure('rejected', `${set} cannot be matched by "${name}"`, { advice: 'Choose a property that stands in the values' });
	const value = body[name];
	if (value === undefined || value === '' || value === EMPTY_GUID) throw new Failure('rejected', `The match field "${name}" has no value`, { advice: 'Give it a value: many records may have it empty' });
	return `${name} eq ${literal(value, property.type, body[`${name}_Type`])}`;
}

/** Of several types only `cast` finds anything (reference 5). */
function literal(value: unknown, type: string, ofType: unknown): string {
	if (type === 'Guid') return guid(String(value));
	if (type === 'DateTime') return datetime(String(value));
	if (type !== 'String') return String(value);
	return isGuid(value) && typeof ofType === 'string' ? refTo(ofType.replace(/^StandardODATA\./, ''), value) : text(String(value));
}
