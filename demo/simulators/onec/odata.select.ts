// Owns which properties of a record an answer shows: `$select` and `$expand` (reference 5).
// Must not know: the format of the answer.
import { noSegment, notImplemented } from './errors';
import { type EntitySet, rowsOf } from './edmx.model';
import { isComposite, published } from './odata.resolve';
import type { Store } from './store';
import { type Row, TYPE_PREFIX, text } from './values';

/** A record as it will be shown. */
export interface Shown {
	set: EntitySet;
	/** All of it: keys and links are made from here. */
	whole: Row;
	/** What is shown, in the metadata's order; table parts as rows. */
	row: Row;
	/** Expanded references; null for an empty one. */
	expanded: Map<string, Shown | null>;
}

/** What to show of one set. */
export interface Projection {
	/** Undefined: every property. */
	names: ReadonlySet<string> | undefined;
	/** Columns of table parts; a part that is not in here is shown whole. */
	columns: ReadonlyMap<string, ReadonlySet<string>>;
	/** Properties with `____Presentation`. */
	presentations: readonly string[];
	expand: ReadonlyMap<string, Projection>;
}

const PRESENTATION = '____Presentation';
const EVERYTHING: Projection = { names: undefined, columns: new Map(), presentations: [], expand: new Map() };

interface Draft {
	names: Set<string>;
	columns: Map<string, Set<string>>;
	presentations: string[];
	navigation: Set<string>;
	nested: Map<string, string[]>;
}

/** Compiles both options; throws code 6 for names that are not there, code 21 for an expanded table part. */
export function projection(store: Store, set: EntitySet, select: string | undefined, expand: string | undefined): Projection {
	const paths = (expand ?? '').split(',').map((path) => path.trim()).filter((path) => path !== '');
	const chosen = select?.split(',').map((item) => item.trim()).filter((item) => item !== '');
	return project(store, set, chosen, paths.map((path) => path.split('/')));
}

function project(store: Store, set: EntitySet, select: string[] | undefined, expand: string[][]): Projection {
	const draft = select ? selected(store, set, select) : undefined;
	const groups = new Map<string, { target: EntitySet | undefined; rest: string[][] }>();
	for (const path of expand) {
		const { name, target, rest } = step(store, set, path);
		// An expanded reference that was not selected is dropped without a word.
		if (draft && !draft.names.has('*') && !draft.navigation.has(name)) continue;
		const group = groups.get(name) ?? { target, rest: [] };
		if (rest.length > 0) group.rest.push(rest);
		groups.set(name, group);
	}
	const nested = [...groups].map(([name, { target, rest }]): [string, Projection] => [name, target ? project(store, target, draft?.nested.get(name), rest) : EVERYTHING]);
	return {
		names: draft && !draft.names.has('*') ? draft.names : undefined,
		columns: draft?.columns ?? new Map(),
		presentations: draft?.presentations ?? [],
		expand: new Map(nested),
	};
}

function selected(store: Store, set: EntitySet, items: string[]): Draft {
	const draft: Draft = { names: new Set(), columns: new Map(), presentations: [], navigation: new Set(), nested: new Map() };
	for (const item of items) select(store, set, draft, item);
	return draft;
}

function select(store: Store, set: EntitySet, draft: Draft, item: string): void {
	const [name = '', ...rest] = item.split('/');
	const property = set.properties.find((p) => p.name === name);
	if (item === '*') draft.names.add('*');
	else if (item === '**') set.properties.forEach((p) => p.type !== 'collection' && draft.names.add(p.name));
	else if (item === 'Presentation' || item.endsWith(PRESENTATION)) draft.presentations.push(...presented(set, item));
	else if (rest.length > 0 && property?.type === 'collection') column(store, set, draft, name, rest.join('/'));
	else if (property) draft.names.add(name);
	else if (isNavigation(store, set, name)) {
		draft.navigation.add(name);
		if (rest.length > 0) draft.nested.set(name, [...(draft.nested.get(name) ?? []), rest.join('/')]);
	} else throw noSegment(name);
}

const isNavigation = (store: Store, set: EntitySet, name: string): boolean => set.navigation.some((n) => n.name === name && store.isPublished(n.target));

function presented(set: EntitySet, item: string): string[] {
	if (item === 'Presentation') return ['Presentation'];
	const name = item.slice(0, -PRESENTATION.length);
	const references = set.properties.filter((p) => p.name.endsWith('_Key') && p.name !== 'Ref_Key').map((p) => p.name.slice(0, -'_Key'.length));
	if (name === '*') return [...references, ...set.properties.filter((p) => isComposite(set, p.name)).map((p) => p.name)];
	if (!references.includes(name) && !set.properties.some((p) => p.name === name && p.type !== 'collection')) throw noSegment(name);
	return [name];
}

function column(store: Store, set: EntitySet, draft: Draft, part: string, name: string): void {
	const rows = rowsOf(store.model, set, part);
	if (name !== '*' && !rows?.properties.some((p) => p.name === name)) throw noSegment(name);
	draft.names.add(part);
	if (name === '*') return;
	draft.columns.set(part, (draft.columns.get(part) ?? new Set<string>()).add(name));
}

/** The first reference of an expand path and what comes after it; a composite needs the type as its next segment. */
function step(store: Store, set: EntitySet, [name = '', ...rest]: string[]): { name: string; target: EntitySet | undefined; rest: string[] } {
	if (set.properties.some((p) => p.name === name && p.type === 'collection')) throw notImplemented(`$expand=${name}`);
	const target = set.navigation.find((n) => n.name === name && store.isPublished(n.target))?.target;
	if (target !== undefined) return { name, target: published(store, target, name), rest };
	const [type = '', ...deeper] = rest;
	if (!isComposite(set, name) || !store.isPublished(type)) throw noSegment(name);
	return { name, target: published(store, type, name), rest: deeper };
}

/** Applies a projection to a record. */
export function show(store: Store, set: EntitySet, whole: Row, how: Projection, present: (set: string, row: Row) => string): Shown {
	const row: Row = {};
	for (const { name, type } of set.properties) {
		const value = whole[name];
		// A stream is read by `/$value` only.
		if (value === undefined || type === 'Edm.Stream' || (how.names && !how.names.has(name))) continue;
		const columns = how.columns.get(name);
		row[name] = Array.isArray(value) && columns ? value.map((one) => only(one, columns)) : value;
	}
	for (const name of how.presentations) {
		const { target, found } = referred(store, set, whole, name);
		if (name === 'Presentation') row[name] = present(set.name, whole);
		else row[`${name}${PRESENTATION}`] = found ? present(target, found) : set.properties.some((p) => p.name === name) && !isComposite(set, name) ? text(whole, name) : '';
	}
	const expanded = [...how.expand].map(([name, nested]): [string, Shown | null] => {
		const { target, found } = referred(store, set, whole, name);
		const definition = store.definition(target);
		return [name, found && definition ? show(store, definition, found, nested, present) : null];
	});
	return { set, whole, row, expanded: new Map(expanded) };
}

const only = (row: Row, columns: ReadonlySet<string>): Row => Object.fromEntries(Object.entries(row).filter(([name]) => columns.has(name)));

/** The record that a reference or a composite of this row leads to. */
function referred(store: Store, set: EntitySet, row: Row, name: string): { target: string; found: Row | undefined } {
	const target = set.navigation.find((n) => n.name === name)?.target ?? text(row, `${name}_Type`).replace(TYPE_PREFIX, '');
	const ref = text(row, `${name}_Key`) || text(row, name);
	return { target, found: store.definition(target) ? store.get(target, ref) : undefined };
}
