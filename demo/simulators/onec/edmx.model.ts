// Owns the shape of a configuration's metadata in memory: sets, properties, keys, navigation (reference 1, 2).
// Must not know: XML, records, requests.

export type EdmType =
	| 'Edm.String' | 'Edm.DateTime' | 'Edm.Boolean' | 'Edm.Guid' | 'Edm.Int16' | 'Edm.Int32' | 'Edm.Int64' | 'Edm.Double' | 'Edm.Stream' | 'Edm.Binary';

/** What a property is beyond its metadata; the service shows none of it. */
export interface Facet {
	/** Characters a string keeps; longer ones are cut without a word. */
	length?: number;
	/** A string of fixed length: padded with spaces to `length`. */
	fixed?: boolean;
	/** A string of unlimited length or a value storage: cannot be compared. */
	unlimited?: boolean;
	/** Digits a fractional number keeps. */
	scale?: number;
}

export interface Property extends Facet {
	name: string;
	/** `collection`: a table part or a record set; its rows are described by the set that `rowsOf` gives. */
	type: EdmType | 'collection';
	nullable: boolean;
}

export interface Navigation {
	/** `Контрагент` for `Контрагент_Key`. */
	name: string;
	/** The set it leads to; shown only while that set is published. */
	target: string;
}

/**
 * What a set is:
 * - `object`: catalog, document, chart, exchange plan, task, business process; key `Ref_Key`
 * - `part`: the read-only set of a table part's rows
 * - `recorder`: a register's main set, one entity per recorder with its `RecordSet`
 * - `record`: `..._RecordType`, one entity per record of such a register
 * - `register`: an information register without recorder
 * - `constant`, `journal`
 */
export type Role = 'object' | 'part' | 'recorder' | 'record' | 'register' | 'constant' | 'journal';

export interface EntitySet {
	name: string;
	/** The prefix: `Catalog`, `Document`, `InformationRegister`, ... */
	kind: string;
	role: Role;
	key: string[];
	/** In the order of the metadata, table parts included. */
	properties: Property[];
	navigation: Navigation[];
	/** For `part` and `record`: the set that holds the rows. */
	owner?: string;
	/** For `part`: the table part's name in the owner. */
	part?: string;
}

export interface FunctionImport {
	name: string;
	/** The set its first parameter is bound to. */
	set: string;
	parameters: Array<{ name: string; type: string }>;
	/** Complete text of the return type; nothing for Post and the like. */
	returns?: string;
	sideEffect: boolean;
}

/** A configuration's metadata. */
export interface Model {
	/** In the order of the entity container. */
	sets: Map<string, EntitySet>;
	functions: FunctionImport[];
	/** Rows of virtual tables, by the name of their complex type (`..._Balance`); shown like sets, but nobody can ask for them. */
	results: Map<string, EntitySet>;
}

/** Name of the table part's own set. */
export const partSet = (owner: string, part: string): string => `${owner}_${part}`;

/** The set that describes the rows of a collection property: a part's set, or the register's `_RecordType`. */
export function rowsOf(model: Model, owner: EntitySet, part: string): EntitySet | undefined {
	return owner.role === 'recorder' ? model.sets.get(`${owner.name}_RecordType`) : model.sets.get(partSet(owner.name, part));
}
