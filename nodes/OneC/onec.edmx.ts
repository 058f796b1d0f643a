// Owns the reading of 1C's `$metadata` (EDMX) piece by piece into a compact model. Must not know the network or documents.
import sax from 'sax';

/** `Guid`, `String`, `DateTime`, `Double`, `Boolean`, `Int16`, `Int32`, `Int64`, `Stream`, `Binary`; or the name of a type of 1C's own. */
export type EdmType = string;

/** One entity or row type, as parallel lists: there are a hundred thousand properties in a real base (reference 2). */
export interface TypeModel {
	/** Names of the properties, in the order as published. */
	names: string[];
	/** By the same index. A table part is `[<name of its row type>`. */
	types: EdmType[];
	keys: string[];
	/** Set that a reference points to, by the reference's name without `_Key`; only for published targets. */
	targets?: Map<string, string>;
}

export interface FunctionModel {
	name: string;
	parameters: readonly string[];
	sideEffects: boolean;
}

export interface EdmxModel {
	/** Entity and complex types by name without the namespace. */
	types: ReadonlyMap<string, TypeModel>;
	/** By the type they are bound to. */
	functions: ReadonlyMap<string, readonly FunctionModel[]>;
	/** Entity set -> its type. */
	sets: ReadonlyMap<string, string>;
}

export const ROWS = '[';

/** What came is not metadata, or not all of it. */
export class NotMetadata extends Error {}

type Attributes = Readonly<Record<string, string>>;

/**
 * Reads metadata in pieces of any size; `end` gives the model. Duplicates are tolerated, the first counts
 * (`AllowedLength` is there twice, reference 2). No name is ever split at `_`: names of objects may hold it.
 */
export class EdmxReader {
	private readonly types = new Map<string, TypeModel>();
	private readonly functions = new Map<string, FunctionModel[]>();
	private readonly sets = new Map<string, string>();
	/** Association -> type at the end of each role. */
	private readonly ends = new Map<string, Map<string, string>>();
	private readonly navigations: Array<{ type: TypeModel; name: string; association: string; role: string }> = [];
	private readonly names = new Map<string, string>();
	private readonly lists = new Map<string, readonly string[]>();
	private readonly parser = sax.parser(true, { position: false });
	private type: TypeModel | undefined;
	private seen: Set<string> = new Set();
	private inKey = false;
	private association: Map<string, string> | undefined;
	private fn: { name: string; sideEffects: boolean; bound?: string; parameters: string[] } | undefined;
	private depth = 0;
	private complete = false;

	constructor() {
		this.parser.onopentag = (tag) => this.open(localName(tag.name), tag.attributes as Attributes);
		this.parser.onclosetag = (name) => this.close(localName(name));
		this.parser.onerror = (error) => {
			throw new NotMetadata(error.message.split('\n')[0]);
		};
	}

	write(text: string): void {
		this.parser.write(text);
	}

	/** @throws NotMetadata when the text broke off or was something else */
	end(): EdmxModel {
		if (!this.complete) throw new NotMetadata('the text ends too early');
		for (const { type, name, association, role } of this.navigations) {
			const target = this.ends.get(association)?.get(role);
			if (target !== undefined) (type.targets ??= new Map()).set(name, target);
		}
		return { types: this.types, functions: this.functions, sets: this.sets };
	}

	private open(tag: string, at: Attributes): void {
		if (this.depth++ === 0 && tag !== 'Edmx') throw new NotMetadata(`it begins with <${tag}>`);
		switch (tag) {
			case 'EntityType':
			case 'ComplexType':
				this.type = this.typeNamed(at.Name ?? '');
				this.seen = new Set(this.type.names);
				return;
			case 'Key':
				this.inKey = true;
				return;
			case 'PropertyRef':
				if (this.inKey && this.type && at.Name !== undefined && !this.type.keys.includes(at.Name)) this.type.keys.push(this.intern(at.Name));
				return;
			case 'Property':
				return this.property(at);
			case 'NavigationProperty':
				if (this.type) this.navigations.push({ type: this.type, name: this.intern(at.Name ?? ''), association: this.intern(bare(at.Relationship)), role: this.intern(at.ToRole ?? 'End') });
				return;
			case 'Association':
				this.association = new Map();
				this.ends.set(this.intern(at.Name ?? ''), this.association);
				return;
			case 'End':
				this.association?.set(this.intern(at.Role ?? ''), this.intern(bare(at.Type)));
				return;
			case 'EntitySet':
				this.sets.set(this.intern(at.Name ?? ''), this.intern(bare(at.EntityType)));
				return;
			case 'FunctionImport':
				this.fn = { name: this.intern(at.Name ?? ''), sideEffects: at.IsSideEffecting !== 'false', parameters: [] };
				return;
			case 'Parameter':
				if (this.fn && at.Name === 'bindingParameter') this.fn.bound = this.intern(bare(at.Type));
				else if (this.fn && at.Name !== undefined) this.fn.parameters.push(at.Name);
		}
	}

	private close(tag: string): void {
		this.depth--;
		if (tag === 'EntityType' || tag === 'ComplexType') this.type = undefined;
		else if (tag === 'Key') this.inKey = false;
		else if (tag === 'Association') this.association = undefined;
		else if (tag === 'FunctionImport') this.bind();
		else if (tag === 'Edmx') this.complete = true;
	}

	private property(at: Attributes): void {
		const { type } = this;
		if (!type || at.Name === undefined || this.seen.has(at.Name)) return;
		const name = this.intern(at.Name);
		this.seen.add(name);
		type.names.push(name);
		type.types.push(this.intern(edmType(at.Type)));
	}

	private bind(): void {
		const { fn } = this;
		this.fn = undefined;
		if (fn?.bound === undefined) return;
		const known = this.functions.get(fn.bound) ?? [];
		if (!known.some(({ name }) => name === fn.name)) known.push({ name: fn.name, sideEffects: fn.sideEffects, parameters: this.list(fn.parameters) });
		this.functions.set(fn.bound, known);
	}

	private typeNamed(name: string): TypeModel {
		const known = this.types.get(name);
		if (known) return known;
		const made: TypeModel = { names: [], types: [], keys: [] };
		this.types.set(this.intern(name), made);
		return made;
	}

	/** The same name comes hundreds of times; it is kept once. */
	private intern(text: string): string {
		const known = this.names.get(text);
		if (known !== undefined) return known;
		this.names.set(text, text);
		return text;
	}

	private list(parameters: readonly string[]): readonly string[] {
		const signature = parameters.join(',');
		const known = this.lists.get(signature);
		if (known) return known;
		const kept = parameters.map((name) => this.intern(name));
		this.lists.set(signature, kept);
		return kept;
	}
}

function localName(name: string): string {
	return name.slice(name.indexOf(':') + 1);
}

/** A name without its namespace: `StandardODATA.Catalog_X` -> `Catalog_X`. */
function bare(name: string | undefined): string {
	return (name ?? '').replace(/^StandardODATA\./, '');
}

function edmType(type: string | undefined): EdmType {
	const rows = /^Collection\((?:StandardODATA\.)?(.*)\)$/.exec(type ?? '')?.[1];
	return rows === undefined ? bare(type).replace(/^Edm\./, '') : `${ROWS}${rows}`;
}
