// Owns what is published in one base: sets, their properties, table parts and functions. Must not know documents.
import type { Clock } from '../core/http';
import { Failure } from '../core/failure';
import { type EdmType, EdmxReader, type EdmxModel, type FunctionModel, NotMetadata, ROWS, type TypeModel } from './onec.edmx';

/** What is needed of a session. */
export interface MetadataSource {
	/** The entity sets of the service root; small and fast. */
	root(): Promise<ReadonlyArray<{ name: string; url: string }>>;
	/** A GET below the service root, its 2xx body in pieces. */
	stream(path: string, onChunk: (text: string) => void): Promise<unknown>;
}

export interface Property {
	name: string;
	/** Without `Edm.`; a table part has the type `rows`. */
	type: EdmType;
	key: boolean;
	/** Sets that the reference may point to, as far as published; empty for other properties. */
	targets: readonly string[];
	/** For a table part: the properties of its rows. */
	rows?: ReadonlyMap<string, Property>;
}

export type Properties = ReadonlyMap<string, Property>;

/**
 * `sets` and `has` ask the service root (small); everything else needs `$metadata` (up to 17 MB, reference 2), which is
 * streamed once per connector and kept until the service root changes. Ask for it only where names must be checked
 * before sending, or for pickers.
 */
export class OnecMetadata {
	private model: { fingerprint: string; value: Promise<EdmxModel> } | undefined;

	constructor(
		private readonly source: MetadataSource,
		private readonly clock: Clock,
	) {}

	/** Names of the published sets, from the service root. */
	async sets(): Promise<ReadonlySet<string>> {
		return new Set((await this.source.root()).map(({ name }) => name));
	}

	async has(set: string): Promise<boolean> {
		return (await this.sets()).has(set);
	}

	/** @throws Failure `missing` when the set is not published */
	async properties(set: string): Promise<Properties> {
		const model = await this.load();
		return propertiesOf(typeOf(model, set), model);
	}

	/** The names of the key's properties: `Ref_Key`, or several for registers. */
	async keys(set: string): Promise<readonly string[]> {
		return typeOf(await this.load(), set).keys;
	}

	/** The properties of the rows, by table part (a register's records: `RecordSet`). */
	async tableParts(set: string): Promise<ReadonlyMap<string, Properties>> {
		return new Map([...(await this.properties(set))].flatMap(([name, { rows }]) => (rows ? [[name, rows] as const] : [])));
	}

	/** What can be called on the set: `Post`, `Balance`, `SliceLast`, ... */
	async functions(set: string): Promise<readonly FunctionModel[]> {
		const model = await this.load();
		return model.functions.get(model.sets.get(set) ?? set) ?? [];
	}

	/** Asks anew at the next use. */
	forget(): void {
		this.model = undefined;
	}

	private async load(): Promise<EdmxModel> {
		const fingerprint = [...(await this.sets())].sort().join('\n');
		if (this.model?.fingerprint !== fingerprint) this.model = { fingerprint, value: this.read() };
		const { value } = this.model;
		try {
			return await value;
		} catch (error) {
			if (this.model?.value === value) this.model = undefined;
			throw error;
		}
	}

	private async read(): Promise<EdmxModel> {
		void this.clock;
		const reader = new EdmxReader();
		try {
			await this.source.stream('/$metadata', (text) => reader.write(text));
			return reader.end();
		} catch (error) {
			throw error instanceof NotMetadata ? new Failure('transient', 'The 1C base answered with something else than its metadata', { cause: error }) : error;
		}
	}
}

function typeOf(model: EdmxModel, set: string): TypeModel {
	const type = model.types.get(model.sets.get(set) ?? set);
	if (type) return type;
	throw new Failure('missing', `"${set}" is not published in the 1C base`, { advice: 'Add it to the composition of the standard OData interface' });
}

function propertiesOf(type: TypeModel, model: EdmxModel): Properties {
	return new Map(type.names.map((name, index) => [name, propertyOf(type, name, type.types[index] ?? 'String', model)]));
}

function propertyOf(type: TypeModel, name: string, edm: EdmType, model: EdmxModel): Property {
	const rowType = edm.startsWith(ROWS) ? model.types.get(edm.slice(ROWS.length)) : undefined;
	const target = type.targets?.get(name.replace(/_Key$/, ''));
	return {
		name,
		type: edm.startsWith(ROWS) ? 'rows' : edm,
		key: type.keys.includes(name),
		targets: target === undefined ? [] : [target],
		...(edm.startsWith(ROWS) ? { rows: rowType ? propertiesOf(rowType, model) : new Map<string, Property>() } : {}),
	};
}
