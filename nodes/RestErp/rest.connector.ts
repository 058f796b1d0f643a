// Owns the port's verbs for an API that a profile describes: which part of this folder does what, and what the profile
// does not offer, in words. No protocol here.
import type { Document, DocumentOf, Kind } from '../core/documents';
import { asFailure, Failure, needsPerson } from '../core/failure';
import type { Action, Capabilities, ChangeSet, ChangesQuery, Connector, ItemResult, LinkRequest, ListQuery, Records, UpsertOptions, Verb } from '../core/port';
import { actions } from './rest.actions';
import { capabilitiesOf } from './rest.capabilities';
import { ChangeFinder } from './rest.changes';
import { checkConnection } from './rest.check';
import { choices } from './rest.choices';
import { Links } from './rest.links';
import { pending } from './rest.pending';
import { Reader } from './rest.reading';
import { RestRecords } from './rest.records';
import type { Services } from './rest.services';
import { partsFor, Writer } from './rest.writing';
import type { Mover } from './rest.transitions';

const VERB_WORDS: Record<Verb, string> = { get: 'read', list: 'list', upsert: 'write', transition: 'move', link: 'link', changes: 'tell changes of', pending: 'tell what is pending of' };

export class RestConnector implements Connector {
	readonly capabilities: Capabilities;
	readonly records: Records;
	readonly actions: Readonly<Record<string, Action>>;
	private readonly reader: Reader;
	private readonly writer: Writer;
	private readonly mover: Mover;
	private readonly links: Links;

	constructor(private readonly services: Services) {
		const parts = partsFor(services);
		this.capabilities = capabilitiesOf(services.profile);
		this.records = new RestRecords(services);
		this.actions = actions(services);
		this.reader = new Reader(services);
		this.writer = new Writer(services, parts);
		this.mover = parts.mover;
		this.links = new Links(services, parts.looks, parts.readback);
	}

	async check(): Promise<{ version: string; user: string; notes: string[] }> {
		return await checkConnection(this.services);
	}

	async get<K extends Kind>(kind: K, ref: string): Promise<DocumentOf<K>> {
		this.needs(kind, 'get');
		return await this.reader.get(kind, ref);
	}

	async *list<K extends Kind>(kind: K, query: ListQuery): AsyncGenerator<Array<DocumentOf<K>>> {
		this.needs(kind, 'list');
		yield* this.reader.list(kind, query);
	}

	async upsert(kind: Kind, documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		this.needs(kind, 'upsert');
		return await this.watched(async () => (documents.length === 0 ? [] : await this.writer.upsert(kind, documents, options)));
	}

	async transition(kind: Kind, documents: readonly Document[], state: string): Promise<ItemResult[]> {
		if (!this.capabilities.transitions[kind]?.includes(state)) throw this.unsupported(`move to "${state}"`, kind, this.capabilities.transitions[kind]);
		return await this.watched(async () => await this.mover.transition(kind, documents, state));
	}

	async link(requests: readonly LinkRequest[]): Promise<ItemResult[]> {
		return await this.watched(async () => await this.links.write(requests));
	}

	async changesSince(kind: Kind, query: ChangesQuery): Promise<ChangeSet> {
		this.needs(kind, 'changes');
		return await new ChangeFinder(this.services, this.reader).since(kind, query);
	}

	async pending(kind: Kind, state: string, query: { limit: number; skip: ReadonlySet<string> }): Promise<Document[]> {
		if (!this.capabilities.pending[kind]?.includes(state)) throw this.unsupported(`tell what is "${state}" of`, kind, this.capabilities.pending[kind]);
		return await pending(this.services, this.reader, kind, state, query);
	}

	/** A kind that the profile does not know has no module; callers ask for any. */
	moduleOf(kind: Kind): string {
		return this.services.profile.kinds[kind]?.module ?? kind;
	}

	async choices(list: string, of?: string): Promise<Array<{ name: string; value: string; description?: string }>> {
		return await choices(this.services, list, of);
	}

	/** Where a person must act, rights or settings may be others next time. */
	private async watched(work: () => Promise<ItemResult[]>): Promise<ItemResult[]> {
		try {
			const results = await work();
			if (results.some((result) => !result.ok && needsPerson(result.failure.kind))) this.services.session.forget();
			return results;
		} catch (error) {
			if (needsPerson(asFailure(error).kind)) this.services.session.forget();
			throw error;
		}
	}

	private needs(kind: Kind, verb: Verb): void {
		if (!this.capabilities.kinds[kind]?.includes(verb)) throw this.unsupported(VERB_WORDS[verb], kind);
	}

	private unsupported(what: string, kind: Kind, known: readonly string[] = []): Failure {
		const { name, kinds } = this.services.profile;
		const advice = known.length > 0 ? `Its profile knows ${known.join(', ')}` : `Choose another resource, or add it to ${kinds[kind] ? `kinds.${kind} of` : ''} the profile`;
		return new Failure('rejected', `The profile of ${name} does not say how to ${what} ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`, { advice: advice.replace(/\s+/g, ' ') });
	}
}
