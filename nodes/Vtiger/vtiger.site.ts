// Owns what all parts of the connector share of one installation: its name, calls, descriptions and server time,
// and how its records are named in keys, refs and links. No calls of its own.
import type { Kind, Ref } from '../core/documents';
import type { Clock } from '../core/http';
import { formatKey, parseKey } from '../core/keys';
import type { Gateway, Row } from './vtiger.gateway';
import { recordNumber } from './vtiger.gateway';
import { NUMBER_FIELDS, WITH_LINES } from './vtiger.mapping';
import type { Metadata } from './vtiger.metadata';
import type { ServerTime } from './vtiger.time';
import { textOf } from './vtiger.values';

export class Site {
	private readonly prefixes = new Map<string, string>();

	constructor(
		readonly installation: string,
		readonly baseUrl: string,
		readonly gateway: Gateway,
		readonly metadata: Metadata,
		readonly time: ServerTime,
		readonly clock: Clock,
	) {}

	/**
	 * Changes header fields of a record. Of a document in a foreign currency every change sets the conversion rate
	 * to 1 unless it is sent along (measured on 8.4.0 and 8.0.0), so it is.
	 */
	async revise(module: string, id: string, values: Row): Promise<Row> {
		return await this.gateway.revise(id, await this.withRate(module, id, values));
	}

	/** The values with the document's conversion rate, where there can be another than 1. */
	async withRate(module: string, id: string, values: Row): Promise<Row> {
		if (!WITH_LINES.has(module) || 'conversion_rate' in values || (await this.metadata.currencies()).length < 2) return values;
		if (this.gateway.rateSeen(id) === undefined) await this.gateway.among(['id', 'conversion_rate'], module, 'id', [id]);
		const rate = this.gateway.rateSeen(id);
		return rate === undefined ? values : { ...values, conversion_rate: rate };
	}

	/** `vtiger:Quotes:4x38`. */
	key(module: string, id: string): string {
		return formatKey({ installation: this.installation, module, id });
	}

	/** A reference as a key, or undefined when the record refers to nothing. */
	keyTo(module: string, reference: unknown): string | undefined {
		const id = textOf(reference);
		return id && /^\d+x\d+$/.test(id) ? this.key(module, id) : undefined;
	}

	/** Learns the id prefixes of modules, so that `own` can tell the module of a key that holds the id only. */
	async learn(modules: readonly string[]): Promise<void> {
		for (const name of modules) this.prefixes.set((await this.metadata.module(name)).idPrefix, name);
	}

	/**
	 * Module and id of a key of this installation. Who knows the id only writes `vtiger:*:4x38`: the module then
	 * follows from the prefix, as far as it was learnt.
	 */
	own(key: string | undefined): { module: string; id: string } | undefined {
		const parts = key === undefined ? undefined : parseKey(key);
		if (!parts || parts.installation !== this.installation || !/^\d+x\d+$/.test(parts.id)) return undefined;
		const module = parts.module === '*' ? (this.prefixes.get(parts.id.slice(0, parts.id.indexOf('x'))) ?? '*') : parts.module;
		return { module, id: parts.id };
	}

	/** The id behind a key of this installation and module. */
	ownId(key: string | undefined, module: string): string | undefined {
		const own = this.own(key);
		return own?.module === module ? own.id : undefined;
	}

	/** The page that a person opens. */
	url(module: string, id: string): string {
		return `${this.baseUrl}/index.php?module=${module}&view=Detail&record=${recordNumber(id)}`;
	}

	number(module: string, row: Row): string | undefined {
		return textOf(row[NUMBER_FIELDS[module] ?? '']);
	}

	ref(kind: Kind, module: string, row: Row, status?: string): Ref {
		const id = String(row.id);
		return { system: this.installation, kind, id, key: this.key(module, id), number: this.number(module, row), url: this.url(module, id), outcome: undefined, status };
	}
}
