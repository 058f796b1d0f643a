// Owns the credential's test: whether the API answers as the profile expects, and what the user should know of what
// the profile promises.
import { type Kind, KINDS } from '../core/documents';
import { asFailure, Failure } from '../core/failure';
import { capabilitiesOf } from './rest.capabilities';
import { toldBy } from './rest.check.told';
import type { Profile } from './rest.profile.schema';
import type { Answer, Scope, Services } from './rest.services';

/** Logs in anew and makes the smallest read that the profile names, else the first page of its first list. */
export async function checkConnection(services: Services): Promise<{ version: string; user: string; notes: string[] }> {
	const { profile, session } = services;
	session.forget();
	try {
		const answer = await smallestRead(services);
		const { version, user } = answer ? await toldBy(services, answer) : {};
		return { version: !version ? profile.name : version.startsWith(profile.name) ? version : `${profile.name} ${version}`, user: user ?? userOf(services), notes: notesOf(profile) };
	} catch (error) {
		const failure = asFailure(error);
		if (failure.kind !== 'missing') throw failure;
		throw new Failure('denied', `${services.credential.url} does not answer as ${profile.name} does`, { code: failure.code, said: failure.said ?? failure.what, advice: 'Check the Base URL in the credential, and that the profile is the right one' });
	}
}

/** The answer to the profile's own check; undefined when a list was read instead. */
async function smallestRead({ profile, credential, session, requests, evaluator }: Services): Promise<Answer | undefined> {
	const scope: Scope = { settings: credential.settings, system: credential.installation };
	const call = profile.check && (await requests.prepare('check', profile.check, scope, { writes: false }));
	if (call) return await session.call(call);
	const kind = KINDS.find((one) => profile.kinds[one]?.list);
	if (!kind) return undefined;
	const { list, id } = profile.kinds[kind]!;
	for await (const _rows of requests.pages(`kinds.${kind}.list`, list!, scope, async (record) => await evaluator.text(`kinds.${kind}.id`, id, { ...scope, record }))) break;
	return undefined;
}

function userOf({ credential: { username, clientId, token }, profile }: Services): string {
	if (profile.auth.type === 'none') return 'without login';
	return username || clientId || (token ? 'API key' : 'not known');
}

const TRIED = { server: undefined, simulator: 'The profile was tried against a simulator made from the documentation', nothing: 'The profile is written from the documentation alone: nobody has tried it yet' } as const;

function notesOf(profile: Profile): string[] {
	const offered = capabilitiesOf(profile).kinds;
	const readOnly = KINDS.filter((kind) => offered[kind] && !offered[kind].includes('upsert'));
	const lacking = KINDS.filter((kind) => !offered[kind]);
	const tried = profile.about && TRIED[profile.about.tried];
	return [
		...promisesOf(profile),
		...(readOnly.length > 0 ? [`Read only: ${readOnly.join(', ')}`] : []),
		...(lacking.length > 0 ? [`Not in the profile: ${lacking.join(', ')}`] : []),
		...(tried ? [tried] : []),
	];
}

/** What makes a repeated write have one effect, kinds with the same promise together. */
function promisesOf(profile: Profile): string[] {
	const kinds = new Map<string, Kind[]>();
	for (const kind of KINDS) {
		const promise = promiseOf(profile, kind);
		if (promise) kinds.set(promise, [...(kinds.get(promise) ?? []), kind]);
	}
	return [...kinds].map(([promise, of]) => `${of.join(', ')}: ${promise}`.replace(/^./, (first) => first.toUpperCase()));
}

function promiseOf(profile: Profile, kind: Kind): string | undefined {
	if (!capabilitiesOf(profile).kinds[kind]?.includes('upsert')) return undefined;
	const { identity, remove } = profile.kinds[kind]!;
	switch (identity!.by) {
		case 'chosenId':
			return 'written once, by an ID made from the key';
		case 'idempotencyHeader':
			return `written once, by the header ${identity!.header}; beyond the server's memory found by the key`;
		case 'uniqueField':
			return 'written once, because the server refuses a second one with the same key';
		case 'searchField':
			return `found by the key before and after each write; of two made at the same moment the later one is ${remove ? 'removed' : 'told'}`;
		default:
			return undefined;
	}
}
