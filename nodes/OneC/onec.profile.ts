// Owns which configuration profile a base gets: told from what it publishes, corrected by the user field by field. Must
// not know the wire; the shape is in onec.profile.schema.ts, the profiles are data in onec.profiles.ts.
import { z } from 'zod';
import { Failure } from '../core/failure';
import { isRecord } from '../core/mapping';
import { mergePatch, nearest } from '../core/patch';
import { type Profile, type ProfileData, type ProfileName, profileSchema } from './onec.profile.schema';

export { type Profile, type ProfileData, type ProfileName, profileSchema } from './onec.profile.schema';

/**
 * The profile for a base.
 *
 * @param profiles every known one; the first of which the order document is published is taken for `auto`
 * @param published entity sets by name (reference 10: names differ between releases, the service document tells)
 * @param overrides JSON merge patch over the profile, e.g. `{"product":{"code":"Code"}}`
 * @throws Failure `rejected` when no profile fits, or when an override names something unknown
 */
export function chooseProfile(profiles: readonly ProfileData[], chosen: ProfileName | 'auto', published: ReadonlySet<string>, overrides?: unknown): Profile {
	const data = chosen === 'auto' ? detect(profiles, published) : profiles.find(({ name }) => name === chosen);
	if (!data) throw new Failure('rejected', nothingFits(profiles, published), { advice: 'Publish the documents for the standard OData interface in 1C (form "Настройка автоматического REST-сервиса"), or choose the configuration profile in the credential' });
	checkPatch(overrides);
	const patched = mergePatch(resolveSets(data, published), overrides ?? {});
	const result = profileSchema.safeParse(patched);
	if (result.success) return result.data;
	const issue = result.error.issues[0]!;
	throw new Failure('rejected', `Configuration Overrides: ${issue.path.join('.')} ${issue.message.toLowerCase()}`, { advice: 'Correct this field of the credential' });
}

function detect(profiles: readonly ProfileData[], published: ReadonlySet<string>): ProfileData | undefined {
	return profiles.find((data) => isRecord(data.order) && candidates(data.order.set).some((set) => published.has(set)));
}

function nothingFits(profiles: readonly ProfileData[], published: ReadonlySet<string>): string {
	const names = profiles.flatMap((data) => (isRecord(data.order) ? candidates(data.order.set).slice(0, 1) : []));
	return published.size === 0 ? 'The infobase publishes nothing over OData' : `The infobase publishes none of ${names.join(', ')}: its configuration cannot be told`;
}

function candidates(set: unknown): string[] {
	return Array.isArray(set) ? set.map(String) : typeof set === 'string' ? [set] : [];
}

/** Of each role's names the first that is published, else the first: so that a message can name it. */
function resolveSets(data: ProfileData, published: ReadonlySet<string>): Record<string, unknown> {
	const entries = Object.entries(data).map(([role, value]): [string, unknown] => {
		if (!isRecord(value)) return [role, value];
		const named = Object.entries(value).map(([name, inner]): [string, unknown] => [name, isSetName(name) && Array.isArray(inner) ? (inner.find((set) => published.has(String(set))) ?? inner[0]) : inner]);
		return [role, Object.fromEntries(named)];
	});
	return Object.fromEntries(entries);
}

function isSetName(name: string): boolean {
	return name === 'set' || name.endsWith('Set');
}

/** @throws Failure naming the path of an unknown key and the known key nearest to it */
function checkPatch(patch: unknown): void {
	if (patch === undefined || patch === null) return;
	if (!isRecord(patch)) throw new Failure('rejected', 'Configuration Overrides: a JSON object is expected', { advice: 'e.g. {"product":{"code":"Code"}} in the credential' });
	walk(patch, profileSchema, []);
}

function walk(patch: Record<string, unknown>, schema: z.ZodTypeAny, path: readonly string[]): void {
	const shape = shapeOf(schema);
	if (!shape) return;
	for (const [name, value] of Object.entries(patch)) {
		const inner = Object.prototype.hasOwnProperty.call(shape, name) ? shape[name] : undefined;
		const where = [...path, name];
		if (!inner) throw new Failure('rejected', `Configuration Overrides: "${where.join('.')}" is not known`, { advice: adviceFor(name, Object.keys(shape), path) });
		if (isRecord(value)) walk(value, inner, where);
	}
}

function adviceFor(name: string, known: readonly string[], path: readonly string[]): string {
	const near = nearest(name, known);
	return near ? `Did you mean "${[...path, near].join('.')}"?` : `Known there: ${known.join(', ')}`;
}

/** The keys of an object schema; undefined where anything goes. */
function shapeOf(schema: z.ZodTypeAny): Record<string, z.ZodTypeAny> | undefined {
	if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return shapeOf(schema.unwrap() as z.ZodTypeAny);
	if (schema instanceof z.ZodDefault) return shapeOf(schema.removeDefault() as z.ZodTypeAny);
	return schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodTypeAny>) : undefined;
}
