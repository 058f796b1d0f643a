// Owns constants: one value of the whole infobase each (reference 1 and 6). Must not know what they mean.
import { asFailure, Failure } from '../core/failure';
import { isRecord } from '../core/mapping';
import type { ActionRow } from '../core/port';
import { KEYED_WRITE, retry } from '../core/retry';
import { differences } from './onec.actions.compare';
import type { Inputs } from './onec.actions.input';
import { EMPTY_GUID } from './onec.literals';
import { OnecRecords } from './onec.records';
import { prefixOf, shortLabel } from './onec.records.sets';
import type { Services } from './onec.services';
import type { OnecSession, Row } from './onec.session';

/** The documented address of a constant's value (reference 1). */
const ADDRESS = EMPTY_GUID;
/** A reference has one of one type, or a pair where it may be of several. */
const VALUE_NAMES = ['Value', 'Value_Key'];

export async function constantGet({ session }: Services, input: Inputs): Promise<ActionRow[]> {
	const set = constantName(input);
	return [{ json: shown(set, await read(session, set)) }];
}

/**
 * Writes a value and reads it back: 1C takes an unfit one in silence (reference 6). The same value once more changes
 * nothing, so an unknown outcome is answered by writing again.
 */
export async function constantSet(services: Services, input: Inputs): Promise<ActionRow[]> {
	const { session, clock } = services;
	const set = constantName(input);
	const body = await bodyOf(services, set, input);
	const before = await read(session, set);
	if (Object.keys(differences(before, body)).length > 0) {
		await retry(async () => await session.patch(set, ADDRESS, body), KEYED_WRITE, clock);
		const kept = await read(session, set);
		const [wrong] = Object.keys(differences(kept, body));
		if (wrong !== undefined) throw new Failure('rejected', `1C answered that ${shortLabel(set)} was written, but it holds ${JSON.stringify(kept[wrong])}`, { advice: 'The value does not fit its type or length, or the configuration sets it back' });
	}
	return [{ json: { ...shown(set, { ...before, ...body }), before: valueOf(before), outcome: Object.keys(differences(before, body)).length > 0 ? 'updated' : 'unchanged' } }];
}

async function bodyOf(services: Services, set: string, input: Inputs): Promise<Row> {
	const properties = await services.metadata.properties(set);
	const name = VALUE_NAMES.find((candidate) => properties.has(candidate));
	if (name === undefined) throw new Failure('rejected', `${shortLabel(set)} has no value that can be written`, { advice: `It has: ${[...properties.keys()].join(', ')}` });
	const given = input.json('value', { lenient: true });
	return await new OnecRecords(services).checked(set, isRecord(given) ? given : { [name]: given ?? '' });
}

/** By its address, and as the only record of its set where a server does not take that [unsure, reference 14]. */
async function read(session: OnecSession, set: string): Promise<Row> {
	try {
		return await session.read(set, ADDRESS);
	} catch (error) {
		const failure = asFailure(error);
		if (failure.kind !== 'missing' && failure.kind !== 'rejected') throw failure;
		const [row] = await session.rows(set, { top: 1 });
		if (row) return row;
		throw failure.on(shortLabel(set));
	}
}

function shown(set: string, row: Row): Row {
	return { constant: set, value: valueOf(row), ...(typeof row.Value_Type === 'string' ? { type: row.Value_Type } : {}) };
}

function valueOf(row: Row): unknown {
	const name = VALUE_NAMES.find((candidate) => candidate in row);
	return name === undefined ? undefined : row[name];
}

function constantName(input: Inputs): string {
	const set = input.text('constant');
	if (prefixOf(set) === 'Constant') return set;
	throw new Failure('rejected', `${shortLabel(set)} is no constant`, { advice: 'Choose a set that begins with "Constant_"' });
}
