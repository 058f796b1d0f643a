// Owns writing answers as JSON in its three amounts of metadata (reference 3, 4).
// Must not know: HTTP, where the answer comes from.
import { type EntitySet, type Property, rowsOf } from './edmx.model';
import type { Answer } from './odata.answer';
import { address } from './odata.key';
import type { Format } from './odata.options';
import type { Shown } from './odata.select';
import type { Store } from './store';
import { type Row, TYPE_PREFIX, ZERO_GUID, text } from './values';

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

export interface JsonContext {
	store: Store;
	/** The service root without a trailing slash: leaks into every answer with metadata. */
	root: string;
	format: Format;
}

/** Lines without indentation, as 1C writes. */
const written = (value: Json): string => JSON.stringify(value, null, 1).replace(/\n +/g, '\n');

/** The body of an answer that has one in JSON. */
export function jsonBody(context: JsonContext, answer: Extract<Answer, { kind: 'collection' | 'table' | 'entity' | 'services' }>): string {
	const { format, root } = context;
	const metadata = (fragment: string): Record<string, Json> => (format === 'nometadata' ? {} : { 'odata.metadata': root + fragment });
	if (answer.kind === 'services') return written({ ...metadata(''), value: answer.names.map((name) => ({ name, url: name })) });
	if (answer.kind === 'entity') return written({ ...metadata(`/$metadata#${answer.shown.set.name}/@Element`), ...entity(context, answer.shown, false) });
	const count: Record<string, Json> = answer.count === undefined ? {} : { 'odata.count': String(answer.count) };
	const value = answer.shown.map((shown) => entity(context, shown, true));
	return written({ ...metadata(`/$metadata#${answer.kind === 'table' ? answer.returns : answer.set.name}`), ...count, value });
}

/** Collections show properties as the metadata orders them, a single entity in any order. */
function entity(context: JsonContext, shown: Shown, listed: boolean): Record<string, Json> {
	const { format, root, store } = context;
	const { set, row, whole } = shown;
	const keyed = set.key.length > 0;
	const own = keyed ? address(set, whole) : '';
	const found: Record<string, Json> = {};
	if (format === 'full' && keyed) Object.assign(found, { 'odata.type': TYPE_PREFIX + set.name, 'odata.id': `${root}/${own}`, 'odata.editLink': own });
	const names = Object.keys(row);
	for (const name of listed ? names : shuffled(names)) {
		const value = row[name] ?? null;
		const type = typeNote(format, store, set, name);
		if (type !== undefined) found[`${name}@odata.type`] = type;
		found[name] = Array.isArray(value) ? value.map((one) => part(set, whole, one, listed)) : value;
	}
	for (const [name, inner] of shown.expanded) found[name] = inner === null ? null : entity(context, inner, true);
	if (format !== 'nometadata' && keyed) for (const name of links(store, shown)) found[`${name}@navigationLinkUrl`] = `${own}/${name}`;
	return found;
}

/** Rows repeat the owner's key in collections only. */
function part(owner: EntitySet, whole: Row, row: Row, listed: boolean): Record<string, Json> {
	const key: Row = listed && owner.role === 'object' ? { Ref_Key: text(whole, 'Ref_Key') } : {};
	return { ...key, ...row } as Record<string, Json>;
}

/** References that are published and not empty; composites never. */
export function links(store: Store, { set, row, whole, expanded }: Shown): string[] {
	return set.navigation
		.filter(({ name, target }) => `${name}_Key` in row && !expanded.has(name) && store.isPublished(target) && text(whole, `${name}_Key`) !== ZERO_GUID)
		.map(({ name }) => name);
}

const PLAIN: ReadonlySet<Property['type']> = new Set(['Edm.String', 'Edm.Boolean', 'Edm.Double', 'Edm.Int16', 'Edm.Int32']);

/** Full metadata names the types that JSON cannot show. */
function typeNote(format: Format, store: Store, set: EntitySet, name: string): string | undefined {
	const type = set.properties.find((p) => p.name === name)?.type;
	if (format !== 'full' || type === undefined || PLAIN.has(type)) return undefined;
	return type === 'collection' ? `Collection(${TYPE_PREFIX}${rowTypeOf(store, set, name)})` : type;
}

/** `Document_X_Товары_RowType`, `AccumulationRegister_Y_RowType`. */
export function rowTypeOf(store: Store, set: EntitySet, name: string): string {
	const rows = rowsOf(store.model, set, name);
	return set.role === 'recorder' ? `${set.name}_RowType` : `${rows?.name ?? `${set.name}_${name}`}_RowType`;
}

/** Any order, the same one for the same names. */
export function shuffled(names: string[]): string[] {
	const weight = (name: string): number => [...name].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973, 7);
	return [...names].sort((a, b) => weight(a) - weight(b));
}
