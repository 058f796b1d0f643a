// Owns making a document from a record as the profile's mapping says: what it adds of its own (key, source, refs), and
// the words for a mapping that gives what no document can hold. Must not know the network.
import { z } from 'zod';
import { iso } from '../core/changes';
import { type Document, documentSchema, type DocumentOf, type Kind, type Ref } from '../core/documents';
import { Failure } from '../core/failure';
import { formatKey, parseKey } from '../core/keys';
import { isRecord } from '../core/values';
import { listed, ShapeFault, shaped, shown, unknownName } from './rest.documents.shape';
import { fileOf } from './rest.profile';
import type { KindProfile } from './rest.profile.kinds';
import { shown as outlined } from './rest.requests.shape';
import type { Row, Scope, Services } from './rest.services';
import { type Span, SystemTime } from './rest.time';

/** What profile and credential are needed for. */
export type Given = Pick<Services, 'profile' | 'credential' | 'evaluator'>;

/** What a mapping may say beside the document's fields: the number that people see, where documents have none. */
const BESIDE = ['number', 'id'];
const ADVICE = 'Correct the profile there; "Test Profile" shows what each of its parts gives';

/** @throws Failure `rejected` that names the verb's lack */
export function kindOf({ profile }: Given, kind: Kind): KindProfile {
	const found = profile.kinds[kind];
	if (found) return found;
	throw new Failure('rejected', `The profile of ${profile.name} knows no ${kind}`, { advice: 'Choose another resource, or add it to the profile' });
}

/** What every expression sees. */
export function baseScope({ credential }: Given): Scope {
	return { settings: credential.settings, system: credential.installation };
}

/** @throws Failure `rejected` when the record has none: the profile looks in the wrong place */
export async function idOf(given: Given, kind: Kind, row: Row): Promise<string> {
	const id = await idIfAny(given, kind, row);
	if (id !== undefined) return id;
	throw fault(given, `kinds.${kind}.id`, `${JSON.stringify(kindOf(given, kind).id)} gives nothing for ${outlined(row)}`);
}

export async function idIfAny(given: Given, kind: Kind, row: Row): Promise<string | undefined> {
	return await given.evaluator.text(`kinds.${kind}.id`, kindOf(given, kind).id, { ...baseScope(given), record: row });
}

const times = new WeakMap<object, SystemTime>();

/** The system's times, by the profile and the credential's settings. */
export function timeOf({ profile, credential, evaluator }: Given): SystemTime {
	const known = times.get(evaluator) ?? new SystemTime(profile.time, credential.settings);
	times.set(evaluator, known);
	return known;
}

/** When the record was changed last; undefined when neither it nor the profile says. */
export async function modifiedOf(given: Given, kind: Kind, row: Row, companions: Row = {}): Promise<Span | undefined> {
	const { modified } = kindOf(given, kind);
	if (!modified) return undefined;
	const place = `kinds.${kind}.modified`;
	const value = await given.evaluator.value(place, modified, { ...baseScope(given), record: row, with: companions });
	try {
		return timeOf(given).span(value);
	} catch {
		throw fault(given, place, `${JSON.stringify(modified)} gives ${shown(value)}, which is not a time in the format "${given.profile.time.format}" that the profile names`);
	}
}

/**
 * @param companions what was read for the record beside it, by the names of the profile's `with`
 * @throws Failure `rejected` naming file, place and record when the mapping gives what a document cannot hold
 */
export async function toDocument<K extends Kind>(given: Given, kind: K, row: Row, companions: Row = {}): Promise<DocumentOf<K>> {
	const profile = kindOf(given, kind);
	checkNames(given, kind, profile);
	const id = await idOf(given, kind, row);
	const scope: Scope = { ...baseScope(given), record: row, with: companions, id };
	const mapped = await readMapping(given, kind, profile, scope);
	const number = textOf(mapped.number) ?? (isRecord(mapped.source) ? textOf(mapped.source.number) : undefined);
	const record = `${kind} ${number ?? id}`;
	if (isRecord(profile.read) && profile.read.status !== undefined && textOf(mapped.status) === undefined) throw fault(given, `kinds.${kind}.read.status`, 'gives nothing for this record. A state that the expression does not know is not taken for a draft', record);
	const modified = await modifiedOf(given, kind, row, companions);
	const key = formatKey({ installation: given.credential.installation, module: profile.module, id });
	const source = { ...(isRecord(mapped.source) ? mapped.source : {}), installation: given.credential.installation, module: profile.module, id, number, url: await urlOf(given, kind, { id, number }), modifiedAt: modified && iso(modified.first) };
	const origin = profile.key && (await given.evaluator.text(`kinds.${kind}.key`, profile.key, scope));
	const refs = [...listed(mapped.refs), ...sourceRefs(origin, kind)];
	const fields = { ...withKeys(given, kind, mapped), kind, key, source, refs };
	return parsed(given, kind, fields, record) as DocumentOf<K>;
}

async function readMapping(given: Given, kind: Kind, profile: KindProfile, scope: Scope): Promise<Record<string, unknown>> {
	const place = `kinds.${kind}.read`;
	const mapped = (await given.evaluator.mapping(place, profile.read, scope)) ?? {};
	const value: unknown = Array.isArray(mapped) && mapped.length === 1 ? mapped[0] : mapped;
	if (isRecord(value)) return value;
	throw fault(given, place, `gives ${shown(value)} instead of the fields of one document`);
}

const checked = new WeakSet<KindProfile>();

/** A field that no document has would be dropped without a word. */
function checkNames(given: Given, kind: Kind, profile: KindProfile): void {
	if (checked.has(profile)) return;
	const unknown = unknownName(schemaOf(kind), profile.read, BESIDE);
	if (unknown) {
		const advice = unknown.near ? `Did you mean "${unknown.near}"?` : `Known there: ${unknown.known.join(', ')}`;
		throw new Failure('rejected', `${fileOf(given.profile)}, kinds.${kind}.read.${unknown.path}: no ${kind} has such a field`, { advice });
	}
	checked.add(profile);
}

/** The records of this system that the document names by their ids, by their keys. */
function withKeys(given: Given, kind: Kind, mapped: Record<string, unknown>): Record<string, unknown> {
	const keyed = (of: Kind) => (value: unknown): unknown => {
		const module = given.profile.kinds[of]?.module ?? of;
		const id = isRecord(value) ? textOf(value.id) : undefined;
		return isRecord(value) && id !== undefined && textOf(value.key) === undefined ? { ...value, key: formatKey({ installation: given.credential.installation, module, id }) } : value;
	};
	const one = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value);
	if (kind === 'customer' || kind === 'product' || kind === 'opportunity') return mapped;
	const customer = keyed('customer')(one(mapped.customer));
	const origin = textOf(mapped.customerSourceKey);
	return {
		...mapped,
		customer: isRecord(customer) && !isEmpty(customer) ? { ...customer, kind: 'customer', refs: [...listed(customer.refs), ...(customer.refs === undefined ? sourceRefs(origin, 'customer') : [])] } : customer,
		...(kind === 'invoice' ? { orders: listed(mapped.orders).map(keyed('order')), reverses: keyed('invoice')(one(mapped.reverses)) } : {}),
	};
}

function isEmpty(fields: Record<string, unknown>): boolean {
	return Object.values(fields).every((value) => value === undefined || value === null || value === '');
}

function parsed(given: Given, kind: Kind, fields: Record<string, unknown>, record: string): Document {
	const place = `kinds.${kind}.read`;
	try {
		const shape = completed(shaped(schemaOf(kind), fields, (value) => timeOf(given).toDate(value)) as Record<string, unknown>);
		const result = documentSchema.safeParse(shape);
		if (result.success) return result.data;
		throw fault(given, [place, ...result.error.issues[0]!.path].join('.'), words(result.error.issues[0]!, shape), record);
	} catch (error) {
		throw error instanceof ShapeFault ? fault(given, [place, ...error.path].join('.'), error.message, record) : error;
	}
}

/** Lines and contacts that carry no key of their own go by their position. */
function completed(fields: Record<string, unknown>): Record<string, unknown> {
	const numbered = (list: unknown, prefix: string): unknown => (Array.isArray(list) ? list.map((member: unknown, i) => (isRecord(member) ? { key: `${prefix}${i + 1}`, ...member } : member)) : list);
	return { ...fields, lines: numbered(fields.lines, ''), contacts: numbered(fields.contacts, `${String(fields.key)}#`) };
}

function words(issue: z.ZodIssue, fields: unknown): string {
	const value = issue.path.reduce<unknown>((at, step) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[step] : undefined), fields);
	if (value === undefined) return 'gives nothing, and it is needed';
	if (issue.code === 'invalid_enum_value') return `gives ${shown(value)}; it must be one of ${issue.options.join(', ')}`;
	if (issue.code === 'invalid_union') return `gives ${shown(value)} where a decimal number is needed`;
	if (issue.code === 'invalid_type') return `gives ${shown(value)} where ${EXPECTED[issue.expected] ?? issue.expected} is needed`;
	return `gives ${shown(value)}: ${issue.message}`;
}

const EXPECTED: Partial<Record<string, string>> = { string: 'a text', object: 'an object', array: 'a list', boolean: 'true or false' };

function schemaOf(kind: Kind): z.AnyZodObject {
	return documentSchema.optionsMap.get(kind)!;
}

/** A mapping that gives the wrong thing. */
export function fault(given: Given, place: string, what: string, record?: string): Failure {
	return new Failure('rejected', `${fileOf(given.profile)}, ${place}: ${what}`, { record, advice: ADVICE });
}

/** The record of the other system that a key stands for, as a ref. */
export function sourceRefs(key: string | undefined, kind: Kind): Ref[] {
	const parts = key ? parseKey(key) : undefined;
	return parts && key ? [{ system: parts.installation, kind, id: parts.id, key, number: undefined, url: undefined, outcome: undefined, status: undefined }] : [];
}

/** Where people open the record, else where the API has it. A path of the profile's `url` that begins with "/" begins at the host. */
export async function urlOf(given: Given, kind: Kind, values: { id: string; number?: string }): Promise<string> {
	const { credential, profile, evaluator } = given;
	const { url, get, module } = kindOf(given, kind);
	if (url === undefined) {
		const [place, template] = get ? [`kinds.${kind}.get.path`, get.path] : ['records.get', profile.records.get];
		return `${credential.url}${(await evaluator.path(place, template, { ...baseScope(given), ...values, module })) ?? ''}`;
	}
	const names: Record<string, string | undefined> = { ...values, module, url: credential.url };
	const filled = url.replace(/\{([^{}]+)\}/g, (_whole, name: string) => {
		const setting = /^settings\.(.+)$/.exec(name.trim())?.[1];
		const value = (setting === undefined ? names[name.trim()] : credential.settings[setting]) ?? '';
		return /^https?:/.test(value) ? value : encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD'));
	});
	if (!URL.canParse(filled, `${credential.url}/`)) return credential.url;
	const absolute = new URL(filled, `${credential.url}/`);
	return /^https?:$/.test(absolute.protocol) ? absolute.href : credential.url;
}

function textOf(value: unknown): string | undefined {
	return typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined;
}
