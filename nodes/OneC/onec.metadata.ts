// Owns what is published in one infobase: sets, their properties, table parts and functions. Must not know documents.
import { asFailure, Failure } from '../core/failure';
import type { Clock } from '../core/http';
import { READ, retry } from '../core/retry';
import { type EdmType, EdmxReader, type EdmxModel, type FunctionModel, NotMetadata, ROWS, type TypeModel } from './onec.edmx';

/** What is needed of a session. */
export interface MetadataSource {
	/** The entity sets of the service root; small and fast. `fresh`: not from memory. */
	root(fresh?: boolean): Promise<ReadonlyArray<{ name: string; url: string }>>;
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
 * While an administrator applies the composition anew, sets are missing for seconds (reference 2): what was there a
 * moment ago is still believed in for so long.
 */
const GRACE_MS = 60_000;
/** How soon an answer that looked incomplete is asked for again. */
const AGAIN_MS = 10_000;

interface Known {
	fingerprint: string;
	value: Promise<EdmxModel>;
	/** When it was asked for. */
	at: number;
	/** Sets of the root that it did not describe. */
	incomplete: boolean;
	/** To be asked for again at the next use. */
	stale: boolean;
}

/**
 * `sets` and `has` ask the service root (small); everything else needs `$metadata` (up to 17 MB, reference 2), which is
 * streamed once per connector and kept until the service root changes. Ask for it only where names must be checked
 * before sending, or for pickers.
 */
export class OnecMetadata {
	private model?: Known;
	private last?: ReadonlySet<string>;
	/** The root as it came, with what was made of it: it stays the same for minutes, and is asked for with every record. */
	private current?: { root: ReadonlyArray<{ name: string }>; sets: ReadonlySet<string> };
	private readonly fingerprints = new WeakMap<ReadonlySet<string>, string>();
	private readonly described = new WeakMap<TypeModel, Properties>();
	/** Sets that were published a moment ago, with the time they were last seen. */
	private readonly vanished = new Map<string, number>();
	private askedAgain = -Infinity;

	constructor(
		private readonly source: MetadataSource,
		private readonly clock: Clock,
	) {}

	/** Names of the published sets, from the service root. */
	async sets(): Promise<ReadonlySet<string>> {
		const current = await this.root(this.vanished.size > 0 && this.again());
		const now = this.clock.now();
		if (current !== this.last) for (const set of this.last ?? []) if (!current.has(set) && !this.vanished.has(set)) this.vanished.set(set, now);
		for (const [set, since] of this.vanished) if (current.has(set) || now - since > GRACE_MS) this.vanished.delete(set);
		this.last = current;
		return this.vanished.size > 0 ? new Set([...current, ...this.vanished.keys()]) : current;
	}

	async has(set: string): Promise<boolean> {
		return (await this.sets()).has(set);
	}

	/** @throws Failure `denied` when the set is not published */
	async properties(set: string): Promise<Properties> {
		const [model, type] = await this.typeOf(set);
		const known = this.described.get(type) ?? propertiesOf(type, model);
		this.described.set(type, known);
		return known;
	}

	/** The properties of any set without waiting, for what arrives in pieces; undefined for those not described. */
	async typing(): Promise<(set: string) => Properties | undefined> {
		const model = await this.load();
		const known = new Map<string, Properties | undefined>();
		return (set) => {
			const type = known.has(set) ? undefined : find(model, set);
			if (!known.has(set)) known.set(set, type ? propertiesOf(type, model) : undefined);
			return known.get(set);
		};
	}

	/** The names of the key's properties: `Ref_Key`, or several for registers. */
	async keys(set: string): Promise<readonly string[]> {
		return (await this.typeOf(set))[1].keys;
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
		if (this.model) this.model.stale = true;
	}

	/** Asks anew when what is known is not fresh: a new attribute does not show in the service root. */
	async refresh(): Promise<boolean> {
		if (this.model && this.clock.now() - this.model.at < AGAIN_MS) return false;
		this.forget();
		await this.root(true);
		await this.load();
		return true;
	}

	private async typeOf(set: string): Promise<[EdmxModel, TypeModel]> {
		const model = await this.load();
		const type = find(model, set);
		if (type) return [model, type];
		// It may have been published since, or the composition is being applied at this moment.
		if (await this.refresh()) {
			const newer = await this.load();
			const found = find(newer, set);
			if (found) return [newer, found];
		}
		throw new Failure('denied', `1C does not publish "${set}"`, { code: '8', advice: 'Check the name (capital letters count). An administrator adds it in the form "Настройка автоматического REST-сервиса" of the infobase' });
	}

	private async load(): Promise<EdmxModel> {
		const sets = await this.sets();
		const fingerprint = this.fingerprint(sets);
		const known = this.model;
		const stale = !known || known.stale || known.fingerprint !== fingerprint || (known.incomplete && this.clock.now() - known.at > AGAIN_MS);
		if (!stale) return await known.value;
		const next: Known = { fingerprint, value: this.replace(known, sets, () => (next.incomplete = true)), at: this.clock.now(), incomplete: false, stale: false };
		this.model = next;
		try {
			return await next.value;
		} catch (error) {
			if (this.model === next) this.model = undefined;
			throw error;
		}
	}

	/** The new model; what it lacks, or all of it when it cannot be read, as it was known. */
	private async replace(old: Known | undefined, sets: ReadonlySet<string>, incomplete: () => void): Promise<EdmxModel> {
		const known = await old?.value.catch(() => undefined);
		try {
			const read = await this.read();
			if ([...sets].every((set) => find(read, set))) return read;
			incomplete();
			return known ? completed(read, known) : read;
		} catch (error) {
			if (!known || asFailure(error).kind === 'denied') throw error;
			incomplete();
			return known;
		}
	}

	private async read(): Promise<EdmxModel> {
		return await retry(async () => await this.readOnce(), READ, this.clock);
	}

	private async readOnce(): Promise<EdmxModel> {
		const reader = new EdmxReader();
		try {
			await this.source.stream('$metadata', (text) => reader.write(text));
			return reader.end();
		} catch (error) {
			if (!(error instanceof NotMetadata)) throw error;
			throw new Failure('transient', `1C's description of its data ($metadata) cannot be read: ${error.message}`, { cause: error, advice: 'The infobase or a gateway in front of it answers with something else, or breaks off. Open <infobase URL>/odata/standard.odata/$metadata in a browser with the same user' });
		}
	}

	private async root(fresh: boolean): Promise<ReadonlySet<string>> {
		const root = await this.source.root(fresh);
		if (this.current?.root !== root) this.current = { root, sets: new Set(root.map(({ name }) => name)) };
		return this.current.sets;
	}

	private fingerprint(sets: ReadonlySet<string>): string {
		const known = this.fingerprints.get(sets) ?? [...sets].sort().join('\n');
		this.fingerprints.set(sets, known);
		return known;
	}

	private again(): boolean {
		const due = this.clock.now() - this.askedAgain > AGAIN_MS;
		if (due) this.askedAgain = this.clock.now();
		return due;
	}
}

function find(model: EdmxModel, set: string): TypeModel | undefined {
	return model.types.get(model.sets.get(set) ?? set);
}

/** What the new answer does not describe, as it was known. */
function completed(read: EdmxModel, known: EdmxModel): EdmxModel {
	return { types: new Map([...known.types, ...read.types]), functions: new Map([...known.functions, ...read.functions]), sets: new Map([...known.sets, ...read.sets]) };
}

function propertiesOf(type: TypeModel, model: EdmxModel): Properties {
	return new Map(type.names.map((name, index) => [name, propertyOf(type, name, type.types[index] ?? 'String', model)]));
}

function propertyOf(type: TypeModel, name: string, edm: EdmType, model: EdmxModel): Property {
	const key = type.keys.includes(name);
	if (edm.startsWith(ROWS)) {
		const rowType = model.types.get(edm.slice(ROWS.length));
		return { name, type: 'rows', key, targets: [], rows: rowType ? propertiesOf(rowType, model) : new Map() };
	}
	const target = type.targets?.get(name.replace(/_Key$/, ''));
	return { name, type: edm, key, targets: target === undefined ? [] : [target] };
}
