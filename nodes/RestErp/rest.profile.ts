// Owns which profile is meant, and whether it is one: shipped, a user's own, or either with overrides. Every fault is
// told with file, path and, for an expression, its position. Must not know the network.
import { z } from 'zod';
import { compileExpression, ExpressionFault } from '../core/expressions';
import { Failure } from '../core/failure';
import { mergePatch, nearest } from '../core/patch';
import { isRecord } from '../core/values';
import { parseJson } from './rest.json';
import { unseenName } from './rest.profile.names';
import { expressionsOf, type Place, schemaAt, shapeOf } from './rest.profile.places';
import { type Profile, profileSchema } from './rest.profile.schema';
import { SHIPPED } from './rest.profiles';

export const OWN = 'custom';

const files = new WeakMap<Profile, string>();

/** How messages call the file that the profile came from: `shipped profile "erpnext"`. */
export function fileOf(profile: Profile): string {
	return files.get(profile) ?? `profile "${profile.name}"`;
}

const choice = z.object({
	profile: z.string().nullish(),
	profileJson: z.unknown(),
	profileOverrides: z.unknown(),
});
const nodeChoice = choice.extend({ profileFrom: z.string().nullish() });

/** Where a choice stands, for messages. */
type Where = 'credential' | 'node';

/** A profile has not become another one just because it is asked for again. */
const loaded = new Map<string, Profile>();
const MOST_LOADED = 50;
/** Characters: checking more would hold up the whole process. */
const LONGEST = 500_000;
/** Of a name or expression in a message. */
const SHOWN = 1_000;

/**
 * The profile that a credential means, the node's own choice over it.
 *
 * @param credential with `profile` (a shipped name, or `custom`), `profileJson`, `profileOverrides`, and in `node` the
 *                   same with `profileFrom`: `credential`, `shipped` or `json`
 * @throws Failure `rejected` that says what is wrong and where
 */
export function chooseProfile(credential: Record<string, unknown>): Profile {
	const id = JSON.stringify([credential.profile, credential.profileJson, credential.profileOverrides, credential.node ?? null]);
	const known = loaded.get(id);
	if (known) return known;
	if (id.length > LONGEST) throw new Failure('rejected', `The profile with its overrides has ${id.length} characters`, { advice: `${LONGEST} are the most; those that are shipped have less than 50000` });
	const profile = chosen(credential);
	if (loaded.size >= MOST_LOADED) loaded.delete([...loaded.keys()][0]!);
	loaded.set(id, profile);
	return profile;
}

function chosen(credential: Record<string, unknown>): Profile {
	const own = choice.parse(credential);
	const node = nodeChoice.safeParse(credential.node ?? {}).data;
	const from = node?.profileFrom ?? 'credential';
	const base = from === 'credential' || from === '' ? source(own.profile ?? '', own.profileJson, 'credential') : source(from === 'shipped' ? (node?.profile ?? '') : OWN, node?.profileJson, 'node');
	const patches = [...(base.where === 'credential' ? [[own.profileOverrides, 'credential'] as const] : []), [node?.profileOverrides, 'node'] as const];
	const { data, file } = patches.reduce<{ data: unknown; file: string }>((so, [patch, where]) => patched(so, patch, where), base);
	return loadProfile(data, file);
}

function source(name: string, json: unknown, where: Where): { data: unknown; file: string; where: Where } {
	if (name === OWN) return { data: readJson(json, `Profile JSON of the ${where}`), file: `profile in the ${where}`, where };
	if (Object.hasOwn(SHIPPED, name)) return { data: SHIPPED[name], file: `shipped profile "${name}"`, where };
	const near = nearest(name, Object.keys(SHIPPED));
	const known = [...Object.keys(SHIPPED), OWN].join(', ');
	throw new Failure('rejected', name ? `There is no shipped profile "${name}"` : `No profile is chosen in the ${where}`, { advice: near ? `Did you mean "${near}"? Known: ${known}` : `Choose one of ${known}` });
}

function patched({ data, file }: { data: unknown; file: string }, patch: unknown, where: Where): { data: unknown; file: string } {
	const given = typeof patch === 'string' && patch.trim() === '' ? undefined : patch;
	const read = given === undefined || given === null ? {} : readJson(given, `Profile Overrides of the ${where}`);
	if (!isRecord(read)) throw new Failure('rejected', `Profile Overrides of the ${where}: a JSON object is expected`, { advice: 'e.g. {"limits": {"maxConcurrent": 2}}' });
	return Object.keys(read).length === 0 ? { data, file } : { data: mergePatch(data, read), file: `${file} with the overrides of the ${where}` };
}

function readJson(given: unknown, what: string): unknown {
	if (typeof given !== 'string') {
		if (isRecord(given)) return given;
		throw new Failure('rejected', `${what}: there is none`, { advice: 'Paste the profile, a JSON object' });
	}
	if (given.trim() === '') throw new Failure('rejected', `${what} is empty`, { advice: 'Paste the profile, a JSON object' });
	try {
		return parseJson(given);
	} catch (error) {
		throw new Failure('rejected', `${what} is not JSON: ${byLine(given, error instanceof Error ? error.message : String(error))}`, { cause: error, advice: 'Look at the place that is named; an editor with the published schema shows it at once' });
	}
}

/** The place in a message as people find it in an editor. */
function byLine(text: string, message: string): string {
	return message.replace(/\bat position (\d+)/, (_whole, position: string) => {
		const before = text.slice(0, Number(position)).split('\n');
		return `in line ${before.length}, column ${before.at(-1)!.length + 1}`;
	});
}

/**
 * The profile in checked form, all of its expressions compiled once.
 *
 * @param file how messages call it
 * @throws Failure `rejected` naming file, path, and for an expression its position
 */
export function loadProfile(data: unknown, file: string): Profile {
	if (!isRecord(data)) throw new Failure('rejected', `${file}: a JSON object is expected`);
	const result = profileSchema.safeParse(data);
	if (!result.success) throw refusal(result.error, data, file);
	for (const each of expressionsOf(profileSchema, result.data)) mustWork(each, file);
	files.set(result.data, file);
	return result.data;
}

function mustWork({ place, expression }: Place, file: string): void {
	const at = `${file}, ${place}: ${JSON.stringify(expression.length > SHOWN ? `${expression.slice(0, SHOWN)}...` : expression)}`;
	try {
		compileExpression(expression);
	} catch (error) {
		if (!(error instanceof ExpressionFault)) throw error;
		throw new Failure('rejected', `${at} is no expression: ${error.message}`, { cause: error, advice: 'Correct the expression; a constant text stands in quotes of its own: "\'EUR\'"' });
	}
	const unseen = unseenName(expression);
	if (unseen) throw new Failure('rejected', `${at} would never give anything: there is no "${unseen.name}" to see`, { advice: unseen.advice });
}

function refusal(error: z.ZodError, data: unknown, file: string): Failure {
	const issue = deepest(error);
	const place = issue.path.join('.');
	if (issue.code !== 'unrecognized_keys') {
		const missing = issue.code === 'invalid_type' && issue.received === 'undefined';
		return new Failure('rejected', missing ? `${file}: "${place}" is missing` : `${file}${place ? `, ${place}` : ''}: ${issue.message}`, { cause: error, advice: 'Correct it there; the documentation (docs/rest.md) lists what each part of a profile holds' });
	}
	const name = issue.keys[0]!.slice(0, SHOWN);
	const at = schemaAt(profileSchema, data, issue.path);
	const known = Object.keys((at && shapeOf(at.schema, at.data)) ?? {});
	const near = nearest(name, known);
	const path = [...issue.path, name].join('.');
	const advice = near ? `Did you mean "${[...issue.path, near].join('.')}"?` : known.length > 0 ? `Known there: ${known.join(', ')}` : 'Remove it';
	return new Failure('rejected', `${file}: "${path}" is not known`, { cause: error, advice });
}

/**
 * The issue that lies deepest: of a union, the one of the choice that fits best. A name that is not known goes before one
 * that is missing beside it: mostly it is that one, misspelt.
 */
function deepest(error: z.ZodError): z.ZodIssue {
	const all = error.issues.map((issue) => (issue.code === 'invalid_union' ? issue.unionErrors.map(deepest).sort((a, b) => b.path.length - a.path.length)[0]! : issue));
	const depth = ({ code, path }: z.ZodIssue): number => path.length + (code === 'unrecognized_keys' ? 1.5 : 0);
	return all.sort((a, b) => depth(b) - depth(a))[0]!;
}
