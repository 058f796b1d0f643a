// Owns Odoo's side of the port: which part does what. Must not know n8n or another system.
import type { DocumentOf, Kind } from '../core/documents';
import { Failure, needsPerson } from '../core/failure';
import { pagesById } from '../core/pages';
import type { Capabilities, ChangeSet, ChangesQuery, Connector, Deps, ItemResult, ListQuery, UpsertOptions } from '../core/port';
import type { Document } from '../core/documents';
import { ChangeFinder } from './odoo.changes';
import { checkConnection } from './odoo.check';
import { choices } from './odoo.choices';
import type { OdooCredential } from './odoo.credential';
import { CustomerWriter, type Services } from './odoo.customers';
import { CustomerReader } from './odoo.customers.read';
import { InvoiceReader } from './odoo.invoices.read';
import { ExternalIds } from './odoo.keys';
import { Loader } from './odoo.load';
import { OdooMetadata } from './odoo.metadata';
import { OrderReader } from './odoo.orders.read';
import { OrderWriter } from './odoo.orders';
import { ProductWriter } from './odoo.products';
import { ProductReader } from './odoo.products.read';
import { OdooRecords } from './odoo.records';
import { isOdooKind, MODELS, type OdooKind } from './odoo.refs';
import type { Reader } from './odoo.reading';
import { OdooSession } from './odoo.session';
import { ORDER_STATES, OrderMover } from './odoo.transitions';
import { type Domain, fromIso } from './odoo.values';

export const capabilities: Capabilities = {
	name: 'Odoo',
	kinds: {
		customer: ['get', 'list', 'upsert', 'changes'],
		product: ['get', 'list', 'upsert', 'changes'],
		order: ['get', 'list', 'upsert', 'transition', 'changes'],
		invoice: ['get', 'list', 'changes'],
	},
	transitions: { order: ORDER_STATES },
	pending: {},
};

const PAGE = 200;

export class OdooConnector implements Connector {
	readonly capabilities = capabilities;
	readonly records: OdooRecords;
	private readonly services: Services;
	private readonly readers: { [K in OdooKind]: Reader<K> };

	constructor(credential: OdooCredential, deps: Deps) {
		const session = new OdooSession(credential, deps);
		const metadata = new OdooMetadata(session, deps.clock);
		this.services = { session, metadata, keys: new ExternalIds(session), loader: new Loader(session, metadata), clock: deps.clock };
		this.records = new OdooRecords(this.services);
		this.readers = { customer: new CustomerReader(this.services), product: new ProductReader(this.services), order: new OrderReader(this.services), invoice: new InvoiceReader(this.services) };
	}

	async check(): Promise<{ version: string; user: string; notes: string[] }> {
		return await checkConnection(this.services);
	}

	async get<K extends Kind>(kind: K, ref: string): Promise<DocumentOf<K>> {
		const reader = this.reader(kind, 'get');
		const number = /^number:(.+)$/s.exec(ref)?.[1];
		const domain: Domain = number === undefined ? [['id', '=', readId(ref, kind)]] : (reader.where.number?.(number) ?? []);
		const rows = await this.services.session.searchRead(reader.model, [...(number === undefined ? [] : reader.domain), ...domain], await reader.fields(), { limit: 2, context: { active_test: false } });
		if (rows.length > 1) throw new Failure('ambiguous', `Several records of kind ${kind} in Odoo have the number ${number}: ids ${rows.map((row) => row.id).join(', ')}`, { advice: 'Give the id instead' });
		const [document] = await reader.documents(rows);
		if (document) return document;
		throw new Failure('missing', `There is no ${kind} "${number ?? ref}" in Odoo, or the Odoo user may not see it`);
	}

	/** A limited list shows the newest first; a whole one goes from the oldest on. */
	async *list<K extends Kind>(kind: K, query: ListQuery): AsyncGenerator<Array<DocumentOf<K>>> {
		const reader = this.reader(kind, 'list');
		const { limit } = query;
		const newestFirst = limit !== undefined && !query.modifiedSince;
		const domain = [...reader.domain, ...conditions(reader, query, kind)];
		const fields = await reader.fields();
		const size = Math.min(limit ?? PAGE, PAGE);
		if (size === 0) return;
		const pages = pagesById(
			async (last) => await this.services.session.searchRead(reader.model, last === undefined ? domain : [...domain, ['id', newestFirst ? '<' : '>', Number(last)]], fields, { limit: size, order: newestFirst ? 'id desc' : 'id' }),
			(row) => String(row.id),
			size,
		);
		let given = 0;
		for await (const page of pages) {
			const rows = limit === undefined ? page : page.slice(0, limit - given);
			yield await reader.documents(rows);
			given += rows.length;
			if (limit !== undefined && given >= limit) return;
		}
	}

	async upsert(kind: Kind, documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		if (documents.length === 0) return [];
		const results = await this.write(kind, documents, options);
		if (results.some((result) => !result.ok && needsPerson(result.failure.kind))) this.services.metadata.forget();
		return results;
	}

	private async write(kind: Kind, documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		switch (kind) {
			case 'customer':
				return await new CustomerWriter(this.services).upsert(documents, options);
			case 'product':
				return await new ProductWriter(this.services).upsert(documents, options);
			case 'order':
				return await new OrderWriter(this.services).upsert(documents, options);
			default:
				throw unsupported('write', kind);
		}
	}

	async transition(kind: Kind, documents: readonly Document[], state: string): Promise<ItemResult[]> {
		if (kind !== 'order' || !ORDER_STATES.some((known) => known === state)) throw unsupported(`move to "${state}"`, kind);
		return await new OrderMover(this.services).move(documents, state);
	}

	async link(): Promise<ItemResult[]> {
		throw new Failure('rejected', 'Odoo keeps the other system\'s key as an external id, which writing a document sets; there is no link to write', { advice: 'Use "Create or Update" instead' });
	}

	async changesSince(kind: Kind, query: ChangesQuery): Promise<ChangeSet> {
		const reader = this.reader(kind, 'changes');
		return await new ChangeFinder(this.services, kind as OdooKind, reader as unknown as Reader<OdooKind>).since(query);
	}

	async pending(kind: Kind): Promise<Document[]> {
		throw unsupported('list what is pending', kind);
	}

	moduleOf(kind: Kind): string {
		if (!isOdooKind(kind)) throw unsupported('hold', kind);
		return MODELS[kind];
	}

	async choices(list: string): Promise<Array<{ name: string; value: string; description?: string }>> {
		return await choices(list, this.services);
	}

	private reader<K extends Kind>(kind: K, verb: 'get' | 'list' | 'changes'): Reader<K> {
		if (!isOdooKind(kind) || !capabilities.kinds[kind]?.includes(verb)) throw unsupported('read', kind);
		return this.readers[kind] as unknown as Reader<K>;
	}
}

function conditions({ where: known }: Pick<Reader<OdooKind>, 'where'>, query: ListQuery, kind: Kind): Domain {
	const since: Domain = query.modifiedSince ? [['write_date', '>=', fromIso(new Date(query.modifiedSince).toISOString())]] : [];
	const where = Object.entries(query.where ?? {}).flatMap(([name, value]) => {
		const condition = known[name];
		if (condition) return condition(value);
		throw new Failure('rejected', `A ${kind} in Odoo cannot be searched by "${name}"`, { advice: `Search by ${Object.keys(known).join(', ')}` });
	});
	return [...since, ...where];
}

function readId(ref: string, kind: Kind): number {
	if (/^[1-9]\d{0,9}$/.test(ref)) return Number(ref);
	throw new Failure('rejected', `"${ref}" is not the id of a ${kind} in Odoo`, { advice: 'Give the number that stands in the address of its page, or "number:" and its number' });
}

function unsupported(what: string, kind: Kind): Failure {
	return new Failure('rejected', `Odoo cannot ${what} ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind} here`, { advice: 'Choose another resource' });
}

