// Owns 1C's side of the port: which part does what. Must not know n8n or another system.
import type { Document, DocumentOf, Kind } from '../core/documents';
import { Failure, needsPerson } from '../core/failure';
import type { Action, Capabilities, ChangeSet, ChangesQuery, Connector, Deps, ItemResult, ListQuery, Records, Stream, UpsertOptions } from '../core/port';
import { ACTIONS, actions } from './onec.actions';
import { ChangeFinder } from './onec.changes';
import { legal } from './onec.characters';
import { checkConnection } from './onec.check';
import { choices } from './onec.choices';
import { ProfiledRecords, setOfKind } from './onec.connector.records';
import type { OnecCredential } from './onec.credential';
import { CustomerWriter } from './onec.customers';
import { CustomerReader } from './onec.customers.read';
import { InvoiceReader } from './onec.invoices.read';
import { OnecMetadata } from './onec.metadata';
import { OrderWriter } from './onec.orders';
import { OrderMover } from './onec.orders.move';
import { OrderReader } from './onec.orders.read';
import { ProductWriter } from './onec.products';
import { ProductReader } from './onec.products.read';
import { chooseProfile, type Profile } from './onec.profile';
import { PROFILES } from './onec.profiles';
import type { Reader } from './onec.reading';
import type { Services } from './onec.services';
import { OnecSession } from './onec.session';
import { STREAMS, streams } from './onec.streams';

type OnecKind = 'customer' | 'product' | 'order' | 'invoice';

export const ORDER_STATES = ['confirmed', 'cancelled'] as const;

export const capabilities: Capabilities = {
	name: '1C:Enterprise',
	kinds: {
		customer: ['get', 'list', 'upsert', 'changes'],
		product: ['get', 'list', 'upsert', 'changes'],
		order: ['get', 'list', 'upsert', 'transition', 'changes'],
		invoice: ['get', 'list', 'changes'],
	},
	transitions: { order: ORDER_STATES },
	pending: {},
	actions: ACTIONS,
	streams: STREAMS,
};

export class OnecConnector implements Connector {
	readonly capabilities = capabilities;
	readonly records: Records;
	readonly actions: Readonly<Record<string, Action>>;
	readonly streams: Readonly<Record<string, Stream>>;
	private readonly services: Services;
	private readonly readers: { [K in OnecKind]: Reader<K> };
	private profileFlight?: Promise<Profile>;
	/** As last seen: `moduleOf` cannot wait. */
	private known?: Profile;

	constructor(
		private readonly credential: OnecCredential,
		deps: Deps,
	) {
		const session = new OnecSession(credential, deps);
		const metadata = new OnecMetadata(session, deps.clock);
		this.services = { credential, session, metadata, clock: deps.clock, profile: async () => await this.profile() };
		this.records = new ProfiledRecords(this.services, (kind) => setOfKind(this.guessed, kind));
		this.readers = { customer: new CustomerReader(this.services), product: new ProductReader(this.services), order: new OrderReader(this.services), invoice: new InvoiceReader(this.services) };
		this.actions = actions(this.services);
		this.streams = streams(this.services);
	}

	async check(): Promise<{ version: string; user: string; notes: string[] }> {
		return await checkConnection(this.services);
	}

	async get<K extends Kind>(kind: K, ref: string): Promise<DocumentOf<K>> {
		return await this.reader(kind, 'get').get(ref);
	}

	 
	list<K extends Kind>(kind: K, query: ListQuery): AsyncIterable<Array<DocumentOf<K>>> {
		return this.reader(kind, 'list').list(query);
	}

	/** What was refused may have been published or changed since: the next call asks anew. */
	async upsert(kind: Kind, documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		if (documents.length === 0) return [];
		const results = await this.write(kind, legal(documents), options);
		if (results.some((result) => !result.ok && needsPerson(result.failure.kind))) this.forget();
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
		throw new Failure('rejected', '1C keeps the other system\'s key in the record that is written; there is no link to write', { advice: 'Use "Create or Update" instead' });
	}

	async changesSince(kind: Kind, query: ChangesQuery): Promise<ChangeSet> {
		return await new ChangeFinder(this.services, kind, this.reader(kind, 'changes')).since(query);
	}

	async pending(kind: Kind): Promise<Document[]> {
		throw unsupported('list what is pending', kind);
	}

	/** The set that holds a kind: of the profile as last seen, or of the one that the credential names. */
	moduleOf(kind: Kind): string {
		const set = setOfKind(this.known ?? this.guessed, kind);
		if (set === undefined) throw unsupported('hold', kind);
		return set;
	}

	private get guessed(): Profile {
		const { profile, profileOverrides } = this.credential;
		return chooseProfile(PROFILES, profile === 'auto' ? 'ut' : profile, new Set(), profileOverrides);
	}

	async choices(list: string, of?: string): Promise<Array<{ name: string; value: string; description?: string }>> {
		return await choices(this.services, list, of);
	}

	private reader<K extends Kind>(kind: K, verb: 'get' | 'list' | 'changes'): Reader<K> {
		const reader = (this.readers as Partial<Record<Kind, unknown>>)[kind];
		if (!reader || !capabilities.kinds[kind]?.includes(verb)) throw unsupported('read', kind);
		return reader as Reader<K>;
	}

	private forget(): void {
		this.services.session.forget();
		this.services.metadata.forget();
		this.profileFlight = undefined;
	}

	/** Told from what is published, once; a failure is asked anew. */
	private async profile(): Promise<Profile> {
		const flight = (this.profileFlight ??= this.chooseProfile());
		try {
			return (this.known = await flight);
		} catch (error) {
			// Whoever publishes what was lacking does not want to wait for the root to be asked again.
			if (this.profileFlight === flight) this.forget();
			throw error;
		}
	}

	private async chooseProfile(): Promise<Profile> {
		return chooseProfile(PROFILES, this.credential.profile, await this.services.metadata.sets(), this.credential.profileOverrides);
	}
}

function unsupported(what: string, kind: Kind): Failure {
	return new Failure('rejected', `1C cannot ${what} ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind} here`, { advice: 'Choose another resource' });
}
