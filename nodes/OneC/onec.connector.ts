// Owns 1C's side of the port: which part does what. Must not know n8n or another system.
import type { Document, DocumentOf, Kind } from '../core/documents';
import { Failure } from '../core/failure';
import type { Action, Capabilities, ChangeSet, ChangesQuery, Connector, Deps, ItemResult, ListQuery, Stream, UpsertOptions } from '../core/port';
import { ACTIONS, actions } from './onec.actions';
import { checkConnection } from './onec.check';
import type { OnecCredential } from './onec.credential';
import { OnecMetadata } from './onec.metadata';
import { chooseProfile, type Profile } from './onec.profile';
import { PROFILES } from './onec.profiles';
import { OnecRecords } from './onec.records';
import type { Services } from './onec.services';
import { OnecSession } from './onec.session';

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
	streams: ['exchangePlan', 'registerRecords'],
};

export class OnecConnector implements Connector {
	readonly capabilities = capabilities;
	readonly records: OnecRecords;
	readonly actions: Readonly<Record<string, Action>>;
	readonly streams: Readonly<Record<string, Stream>> = {};
	private readonly services: Services;
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
		this.records = new OnecRecords(this.services);
		this.actions = actions(this.services);
	}

	async check(): Promise<{ version: string; user: string; notes: string[] }> {
		return await checkConnection(this.services);
	}

	async get<K extends Kind>(kind: K, _ref: string): Promise<DocumentOf<K>> {
		throw unsupported('read', kind);
	}

	 
	async *list<K extends Kind>(kind: K, _query: ListQuery): AsyncGenerator<Array<DocumentOf<K>>> {
		throw unsupported('read', kind);
	}

	async upsert(kind: Kind, _documents: readonly Document[], _options: UpsertOptions): Promise<ItemResult[]> {
		throw unsupported('write', kind);
	}

	async transition(kind: Kind, _documents: readonly Document[], state: string): Promise<ItemResult[]> {
		throw unsupported(`move to "${state}"`, kind);
	}

	async link(): Promise<ItemResult[]> {
		throw new Failure('rejected', '1C keeps the other system\'s key in the record that is written; there is no link to write', { advice: 'Use "Create or Update" instead' });
	}

	async changesSince(kind: Kind, _query: ChangesQuery): Promise<ChangeSet> {
		throw unsupported('watch', kind);
	}

	async pending(kind: Kind): Promise<Document[]> {
		throw unsupported('list what is pending', kind);
	}

	/** The set that holds a kind: of the profile as last seen, or of the one that the credential names. */
	moduleOf(kind: Kind): string {
		const profile = this.known ?? chooseProfile(PROFILES, this.credential.profile === 'auto' ? 'ut' : this.credential.profile, new Set(), this.credential.profileOverrides);
		const sets: Partial<Record<Kind, string>> = { customer: profile.customer.set, product: profile.product.set, order: profile.order.set, invoice: profile.shipment.set };
		const set = sets[kind];
		if (set === undefined) throw unsupported('hold', kind);
		return set;
	}

	async choices(_list: string, _of?: string): Promise<Array<{ name: string; value: string; description?: string }>> {
		return [];
	}

	/** Told from what is published, once; a failure is asked anew. */
	private async profile(): Promise<Profile> {
		const flight = (this.profileFlight ??= this.chooseProfile());
		try {
			return (this.known = await flight);
		} catch (error) {
			if (this.profileFlight === flight) this.profileFlight = undefined;
			throw error;
		}
	}

	private async chooseProfile(): Promise<Profile> {
		return chooseProfile(PROFILES, this.credential.profile, await this.services.metadata.sets(), this.credential.profileOverrides);
	}
}

function unsupported(what: string, kind: Kind): Failure {
	return new Failure('rejected', `1C cannot ${what} a ${kind} here`, { advice: 'Choose another resource' });
}
