// Owns walking a path through records: attributes, references, typed composites, rows of table parts (reference 5).
// Must not know: operators, options, formats.
import { internal, noRights, noSegment } from './errors';
import { type EntitySet, type Property, rowsOf } from './edmx.model';
import type { Store } from './store';
import { type Row, TYPE_PREFIX, type Value, ZERO_GUID, text } from './values';

/** What a value can be compared with. */
export type Kind = 'string' | 'unlimited' | 'number' | 'boolean' | 'datetime' | 'guid' | 'composite' | 'recorder' | 'null';

/** The row an expression is about, and the rows of the lambda variables. */
export interface Frame {
	row: Row;
	variables: Readonly<Record<string, Row>>;
}

/** All values of a path: none for a dangling reference, many through a table part. A composite is its type and guid joined. */
export interface Compiled {
	kind: Kind;
	values: (frame: Frame) => Value[];
}

export interface Scope {
	store: Store;
	set: EntitySet;
	/** Sets of the lambda variables' rows. */
	variables: Readonly<Record<string, EntitySet>>;
}

type Step = (rows: Row[]) => Row[];

export const compositeText = (type: string, ref: Value | undefined): string => `${type} ${String(ref ?? '').toLowerCase()}`;

/** Compiles a path; throws code 6 for a segment that is not there. */
export function compilePath(scope: Scope, path: readonly string[]): Compiled {
	const { set, steps, rest, variable } = walk(scope, path);
	const [name = ''] = rest;
	const last = attribute(scope, set, name);
	return {
		kind: last.kind,
		values: (frame) => {
			const start = variable === undefined ? frame.row : (frame.variables[variable] ?? {});
			return steps.reduce((rows, step) => step(rows), [start]).flatMap(last.value);
		},
	};
}

/** The rows a lambda runs over and the set that describes them. */
export function compileRows(scope: Scope, path: readonly string[]): { set: EntitySet; rows: (frame: Frame) => Row[] } {
	const { set, steps, rest, variable } = walk(scope, path);
	const [name = ''] = rest;
	const rowSet = collection(scope, set, name);
	if (!rowSet) throw noSegment(name);
	return {
		set: rowSet,
		rows: (frame) => {
			const start = variable === undefined ? frame.row : (frame.variables[variable] ?? {});
			return steps.reduce((rows, step) => step(rows), [start]).flatMap((row) => partRows(row, name));
		},
	};
}

const list = (row: Row | undefined): Row[] => (row ? [row] : []);

const partRows = (row: Row, name: string): Row[] => {
	const value = row[name];
	return Array.isArray(value) ? value : [];
};

interface Walked {
	set: EntitySet;
	steps: Step[];
	/** The last name, unresolved. */
	rest: string[];
	variable: string | undefined;
}

function walk(scope: Scope, path: readonly string[]): Walked {
	const [first = ''] = path;
	const bound = scope.variables[first];
	const names = bound ? path.slice(1) : [...path];
	const walked: Walked = { set: bound ?? scope.set, steps: [], rest: names, variable: bound ? first : undefined };
	while (walked.rest.length > 1) advance(scope, walked);
	return walked;
}

/** One reference, table part or typed composite further. */
function advance({ store, ...scope }: Scope, walked: Walked): void {
	const [name = '', next = ''] = walked.rest;
	const { set } = walked;
	const target = set.navigation.find((n) => n.name === name)?.target;
	if (target !== undefined) {
		const definition = published(store, target, name);
		walked.steps.push((rows) => rows.flatMap((row) => list(store.get(target, text(row, `${name}_Key`)))));
		Object.assign(walked, { set: definition, rest: walked.rest.slice(1) });
		return;
	}
	const rows = collection({ store, ...scope }, set, name);
	if (rows) {
		// `RecordSet/Period` without a lambda breaks the service.
		if (set.role === 'recorder') throw internal();
		walked.steps.push((all) => all.flatMap((row) => partRows(row, name)));
		Object.assign(walked, { set: rows, rest: walked.rest.slice(1) });
		return;
	}
	if (!isComposite(set, name) || !store.isPublished(next)) throw noSegment(name);
	const definition = published(store, next, name);
	walked.steps.push((all) => all.flatMap((row) => (text(row, `${name}_Type`) === TYPE_PREFIX + next ? list(store.get(next, text(row, name))) : [])));
	Object.assign(walked, { set: definition, rest: walked.rest.slice(2) });
}

/** The definition of a set that this user sees. */
export function published(store: Store, set: string, segment: string): EntitySet {
	const definition = store.definition(set);
	if (!definition || !store.isPublished(set)) throw noSegment(segment);
	if (store.switches.forbiddenSets.includes(set)) throw noRights();
	return definition;
}

function collection({ store }: Scope, set: EntitySet, name: string): EntitySet | undefined {
	const property = set.properties.find((p) => p.name === name);
	return property?.type === 'collection' ? rowsOf(store.model, set, name) : undefined;
}

export const isComposite = (set: EntitySet, name: string): boolean => {
	const names = set.properties.map((p) => p.name);
	return names.includes(name) && names.includes(`${name}_Type`) && !names.includes(`${name}_Base64Data`);
};

function attribute({ store }: Scope, set: EntitySet, name: string): { kind: Kind; value: (row: Row) => Value[] } {
	const property = set.properties.find((p) => p.name === name);
	const target = set.navigation.find((n) => n.name === name)?.target;
	if (!property && target !== undefined && store.isPublished(target)) {
		return { kind: 'composite', value: (row) => [compositeText(TYPE_PREFIX + target, text(row, `${name}_Key`))] };
	}
	// A composite's type is no attribute of its own: `cast` is the way.
	if (!property || property.type === 'collection' || (name.endsWith('_Type') && isComposite(set, name.slice(0, -'_Type'.length)))) throw noSegment(name);
	if (isComposite(set, name)) {
		const kind = name === 'Recorder' && (set.role === 'recorder' || set.role === 'record') ? 'recorder' : 'composite';
		return { kind, value: (row) => [compositeText(text(row, `${name}_Type`), text(row, name))] };
	}
	return { kind: kindOf(property), value: (row) => scalar(property, row[name]) };
}

function kindOf({ type, unlimited }: Property): Kind {
	switch (type) {
		case 'Edm.Guid':
			return 'guid';
		case 'Edm.DateTime':
			return 'datetime';
		case 'Edm.Boolean':
			return 'boolean';
		case 'Edm.String':
			return unlimited ? 'unlimited' : 'string';
		case 'Edm.Stream':
		case 'Edm.Binary':
			return 'unlimited';
		default:
			return 'number';
	}
}

/** Int64 is text on the wire, but a number to compare. */
function scalar({ type }: Property, value: Row[string] | undefined): Value[] {
	if (value === undefined || Array.isArray(value)) return [];
	if (type === 'Edm.Int64') return [Number(value)];
	return type === 'Edm.Guid' ? [String(value ?? ZERO_GUID).toLowerCase()] : [value];
}
