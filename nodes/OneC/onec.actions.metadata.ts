// Owns what the node tells about an infobase: its sets, one set's properties, and what the server can do. Writes nothing.
import { asFailure } from '../core/failure';
import type { ActionRow } from '../core/port';
import type { Inputs } from './onec.actions.input';
import { text } from './onec.literals';
import type { Property } from './onec.metadata';
import { bySet, isRecords, labelOf, objectOf, prefixOf, recordsOf } from './onec.records.sets';
import type { Services } from './onec.services';

export async function metadataSets({ metadata }: Services, input: Inputs): Promise<ActionRow[]> {
	const kind = input.optional('kind');
	const sets = [...(await metadata.sets())].filter((set) => kind === undefined || prefixOf(set) === kind).sort(bySet);
	return sets.map((name) => ({ json: { name, kind: prefixOf(name), object: objectOf(name), label: labelOf(name) } }));
}

export async function metadataDescribe({ metadata }: Services, input: Inputs): Promise<ActionRow[]> {
	const set = input.text('module');
	const properties = [...(await metadata.properties(set)).values()];
	const records = !isRecords(set) && (await metadata.has(recordsOf(set))) ? await metadata.functions(recordsOf(set)) : [];
	const described = (list: Iterable<Property>) => [...list].filter(({ rows }) => !rows).map(({ name, type, key, targets }) => ({ name, type, key, ...(targets.length > 0 ? { targets } : {}) }));
	const json = {
		name: set,
		label: labelOf(set),
		keys: await metadata.keys(set),
		properties: described(properties),
		tableParts: Object.fromEntries(properties.flatMap(({ name, rows }) => (rows ? [[name, described(rows.values())] as const] : []))),
		functions: [...(await metadata.functions(set)), ...records].map(({ name, parameters, sideEffects }) => ({ name, parameters, sideEffects })),
	};
	return [{ json }];
}

/** What servers differ in and nobody can know beforehand (reference 14), asked for without writing anything. */
export async function capabilities(services: Services): Promise<ActionRow[]> {
	const sets = [...(await services.metadata.sets())].sort();
	const json = {
		published: sets.length,
		configuration: await told(async () => (await services.profile()).name),
		exchangePlans: sets.filter((set) => prefixOf(set) === 'ExchangePlan'),
		count: await countProbe(services, sets),
		inlineCount: await inlineCountProbe(services, sets),
		skipOnVirtualTables: await skipProbe(services, sets),
		expandOfSingleRecords: 'not used: records are read with $filter where references are brought along',
		sessions: services.credential.sessionMode,
		ownRefKey: services.credential.useOwnRefKeys ? 'on: seen only when a record is created, and read back each time' : 'off',
		ifMatch: 'not relied upon: versions are compared by a read before each write',
	};
	return [{ json }];
}

type Verdict = 'yes' | 'no' | 'nothing to try it on' | string;

/** The smallest published catalog would do; any does, for only a number comes back. */
async function countProbe({ session }: Services, sets: readonly string[]): Promise<Verdict> {
	const set = sets.find((name) => prefixOf(name) === 'Catalog');
	return set === undefined ? NOTHING : await works(async () => await session.raw({ method: 'GET', path: `${set}/$count`, format: 'xml' }));
}

async function inlineCountProbe({ session }: Services, sets: readonly string[]): Promise<Verdict> {
	const set = sets.find((name) => prefixOf(name) === 'Catalog');
	return set === undefined ? NOTHING : await works(async () => await session.raw({ method: 'GET', path: set, query: { $top: '0', $inlinecount: 'allpages', $select: 'Ref_Key' } }, 'rows'));
}

/** A slice is cheap, a balance may take a minute (reference 5). The condition keeps the answer empty. */
async function skipProbe({ session }: Services, sets: readonly string[]): Promise<Verdict> {
	const records = sets.find((name) => prefixOf(name) === 'InformationRegister' && isRecords(name));
	if (records === undefined) return NOTHING;
	return await works(async () => await session.call(records, 'SliceLast', { Condition: text('Active eq false') }, { top: 1, skip: 1 }));
}

const NOTHING = 'nothing to try it on';

async function works(probe: () => Promise<unknown>): Promise<Verdict> {
	try {
		await probe();
		return 'yes';
	} catch (error) {
		const failure = asFailure(error);
		return failure.kind === 'rejected' ? 'no' : `could not be tried: ${failure.message}`;
	}
}

async function told(ask: () => Promise<string>): Promise<string> {
	try {
		return await ask();
	} catch (error) {
		return `not told: ${asFailure(error).message}`;
	}
}
