// Owns reading the records of a register poll by poll: those of a window of periods, told apart by their content
// (reference 9). Records that were removed are not seen, nor any with a period before the window.
import { z } from 'zod';
import { Failure } from '../core/failure';
import type { StreamQuery, StreamResult } from '../core/port';
import { datetime } from './onec.literals';
import { isUnknownName } from './onec.reading';
import { isRegister, registerOf, shortLabel } from './onec.records.sets';
import { recordsSet } from './onec.registers';
import type { Services } from './onec.services';
import { contentHash } from './onec.streams.memory';
import { needed, numberParameter } from './onec.streams.parameters';
import { text, wallClock } from './onec.values';
import type { Row } from './onec.wire';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
/** Hashes are kept in the workflow's own record, which n8n writes at every poll: this many are less than 1 MB. */
const MOST_RECORDS = 20_000;
const PAGE = 1_000;

const stateSchema = z.object({
	register: z.string(),
	/** The day the window begins with; it moves when everything in it was given. */
	from: z.string(),
	/** Hash of a record -> the day of its period. */
	seen: z.record(z.string()),
});
type State = z.output<typeof stateSchema>;

export async function registerStream(services: Services, query: StreamQuery): Promise<StreamResult> {
	const register = registerOf(needed(query.parameters, 'register', 'Register'));
	if (!isRegister(register)) throw new Failure('rejected', `${shortLabel(register)} is no register`, { advice: 'Choose a set such as InformationRegister_ЦеныНоменклатуры' });
	const window = dayOf(wallClock(services.clock.now() - numberParameter(query.parameters, 'windowDays', DEFAULT_DAYS) * DAY_MS, services.credential.timeZone));
	const before = readState(query.state, register);
	const from = before && before.from < window ? before.from : window;
	const records = await recordsSince(services, register, from);
	if (query.manual) return { rows: records.slice(-query.limit), state: query.state };
	// Without a state it is the baseline: what is there counts as known.
	const known = before?.seen ?? Object.fromEntries(records.map((row) => [contentHash(row), dayOf(row.Period)]));
	const fresh = records.filter((row) => !(contentHash(row) in known));
	const given = fresh.slice(0, query.limit);
	const seen = { ...known, ...Object.fromEntries(given.map((row) => [contentHash(row), dayOf(row.Period)])) };
	return { rows: given, state: next({ register, from, seen }, window, given.length === fresh.length, records) };
}

/** The window moves only when nothing is left in it; what is no longer there is forgotten. */
function next(state: State, window: string, complete: boolean, records: readonly Row[]): State {
	const there = new Set(records.map(contentHash));
	const from = complete && window > state.from ? window : state.from;
	return { ...state, from, seen: Object.fromEntries(Object.entries(state.seen).filter(([hash, day]) => there.has(hash) && (day === '' || day >= from))) };
}

function readState(state: unknown, register: string): State | undefined {
	const read = stateSchema.safeParse(state);
	return read.success && read.data.register === register ? read.data : undefined;
}

/** A register without periods is read as a whole. */
async function recordsSince(services: Services, register: string, from: string): Promise<Row[]> {
	const set = await recordsSet(services, register);
	try {
		return await read(services, set, `Period ge ${datetime(from)}`);
	} catch (error) {
		if (!isUnknownName(error)) throw error;
		return await read(services, set, undefined);
	}
}

async function read(services: Services, set: string, filter: string | undefined): Promise<Row[]> {
	const rows: Row[] = [];
	for await (const page of services.session.pages(set, { filter }, PAGE)) {
		rows.push(...page);
		if (rows.length > MOST_RECORDS) throw new Failure('rejected', `${shortLabel(set)} has more than ${MOST_RECORDS} records ${filter ? 'in the window' : 'in all'}`, { advice: 'Choose a shorter window, or detect changes by an exchange plan' });
	}
	return rows;
}

function dayOf(value: unknown): string {
	return text(value)?.slice(0, 10) ?? '';
}
