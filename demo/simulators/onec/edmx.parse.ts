// Owns reading a configuration's EDMX text into the model.
// Must not know: records, requests; it reads only EDMX as this simulator writes and captured it, not any XML.
import { type EdmType, type EntitySet, type Facet, type FunctionImport, type Model, type Navigation, type Property, type Role, rowsOf } from './edmx.model';

type Attributes = Record<string, string>;

const OPEN = /<(\/?)([\w:]+)((?:\s+[\w:]+="[^"]*")*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w:]+)="([^"]*)"/g;

interface Type {
	name: string;
	key: string[];
	properties: Array<{ name: string; type: string; nullable: boolean }>;
	navigation: Array<{ name: string; relationship: string }>;
}

/** What the reader has found so far; `current` is the type or function the elements belong to. */
interface Found {
	types: Map<string, Type>;
	complexes: Map<string, Type>;
	associations: Map<string, string>;
	sets: string[];
	functions: Array<{ attributes: Attributes; parameters: Attributes[] }>;
	type?: Type;
	association?: string;
}

const local = (type: string): string => type.replace('StandardODATA.', '');

const READERS: Readonly<Record<string, (found: Found, attributes: Attributes) => void>> = {
	EntityType: (found, { Name = '' }) => {
		found.type = { name: Name, key: [], properties: [], navigation: [] };
		found.types.set(Name, found.type);
	},
	ComplexType: (found, { Name = '' }) => {
		found.type = { name: Name, key: [], properties: [], navigation: [] };
		found.complexes.set(Name, found.type);
	},
	PropertyRef: (found, { Name = '' }) => found.type?.key.push(Name),
	Property: (found, { Name = '', Type = '', Nullable }) => found.type?.properties.push({ name: Name, type: Type, nullable: Nullable !== 'false' }),
	NavigationProperty: (found, { Name = '', Relationship = '' }) => found.type?.navigation.push({ name: Name, relationship: local(Relationship) }),
	Association: (found, { Name }) => (found.association = Name),
	End: (found, { Role, Type = '' }) => Role === 'End' && found.associations.set(found.association ?? '', local(Type)),
	EntitySet: (found, { Name = '' }) => found.sets.push(Name),
	FunctionImport: (found, attributes) => found.functions.push({ attributes, parameters: [] }),
	Parameter: (found, attributes) => found.functions.at(-1)?.parameters.push(attributes),
};

/** Reads EDMX; `facets` adds what metadata does not say, by `Set.Property` or `*.Property`. */
export function parseEdmx(text: string, facets: Readonly<Record<string, Facet>> = {}): Model {
	const found: Found = { types: new Map(), complexes: new Map(), associations: new Map(), sets: [], functions: [] };
	for (const [, closing, name = '', attributes = ''] of text.matchAll(OPEN)) {
		if (!closing) READERS[name]?.(found, Object.fromEntries([...attributes.matchAll(ATTRIBUTE)].map(([, key = '', value = '']) => [key, value])));
	}
	const names = new Set(found.sets);
	const model: Model = { sets: new Map(), functions: found.functions.map(functionImport), results: new Map() };
	for (const set of found.sets) {
		const type = found.types.get(set);
		if (type) model.sets.set(set, entitySet(type, names, found.associations, facets));
	}
	for (const { returns } of model.functions) {
		const type = found.complexes.get(resultType(returns));
		if (type) model.results.set(type.name, entitySet(type, names, found.associations, facets));
	}
	for (const set of model.sets.values()) claimRows(model, set);
	return model;
}

/** `X_Balance` of `Collection(StandardODATA.X_Balance)`. */
export const resultType = (returns: string | undefined): string => local(returns ?? '').replace(/^Collection\(|\)$/g, '');

function functionImport({ attributes, parameters }: Found['functions'][number]): FunctionImport {
	const [binding, ...rest] = parameters;
	return {
		name: attributes['Name'] ?? '',
		set: local(binding?.['Type'] ?? ''),
		parameters: rest.map(({ Name = '', Type = '' }) => ({ name: Name, type: Type })),
		returns: attributes['ReturnType'],
		sideEffect: attributes['IsSideEffecting'] !== 'false',
	};
}

function entitySet(type: Type, sets: ReadonlySet<string>, associations: ReadonlyMap<string, string>, facets: Readonly<Record<string, Facet>>): EntitySet {
	const property = ({ name, type: edm, nullable }: Type['properties'][number]): Property => ({
		name,
		type: edm.startsWith('Collection(') ? 'collection' : (edm as EdmType),
		nullable,
		...facets[`*.${name}`],
		...facets[`${type.name}.${name}`],
	});
	const navigation = type.navigation.flatMap(({ name, relationship }): Navigation[] => {
		const target = associations.get(relationship);
		return target === undefined ? [] : [{ name, target }];
	});
	return { name: type.name, kind: type.name.slice(0, type.name.indexOf('_')), role: roleOf(type, sets), key: type.key, properties: shownOrder(type.properties.map(property)), navigation };
}

/** Metadata puts the types of composites last, records show each beside its value (captured). */
function shownOrder(properties: Property[]): Property[] {
	const names = new Set(properties.map(({ name }) => name));
	const isType = ({ name }: Property): boolean => name.endsWith('_Type') && names.has(name.slice(0, -'_Type'.length));
	const types = new Map(properties.filter(isType).map((type) => [type.name, type]));
	return properties.filter((p) => !isType(p)).flatMap((p) => [p, types.get(`${p.name}_Type`) ?? []].flat());
}

function roleOf({ name, key, properties }: Type, sets: ReadonlySet<string>): Role {
	const kind = name.slice(0, name.indexOf('_'));
	if (kind === 'Constant') return 'constant';
	if (kind === 'DocumentJournal') return 'journal';
	if (properties.some((p) => p.name === 'RecordSet')) return 'recorder';
	if (name.endsWith('_RecordType') && sets.has(name.slice(0, -'_RecordType'.length))) return 'record';
	if (kind.endsWith('Register')) return 'register';
	return key.length > 1 && key.includes('LineNumber') ? 'part' : 'object';
}

/** Tells the sets of rows whose rows they are. */
function claimRows(model: Model, owner: EntitySet): void {
	for (const { name, type } of owner.properties) {
		const rows = type === 'collection' ? rowsOf(model, owner, name) : undefined;
		if (rows) Object.assign(rows, { owner: owner.name, part: name });
	}
}
