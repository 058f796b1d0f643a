// Owns which request serves a module of plain records. The rule: a module that holds a kind of document is reached by
// the kind's own requests, as far as the profile has them; everything else, and all other modules, by `records`.
// Must not know the network.
import { type Kind, KINDS } from '../core/documents';
import type { KindProfile } from './rest.profile.kinds';
import type { ListRequest, ProfileRequest, RecordRequest } from './rest.profile.parts';
import type { Profile } from './rest.profile.schema';

export interface Route<R> {
	/** In the profile. */
	place: string;
	request: R;
}

type Method = NonNullable<ProfileRequest['method']>;

export class ModuleRoutes {
	readonly kind?: Kind;
	private readonly own?: KindProfile;

	constructor(
		private readonly profile: Profile,
		readonly module: string,
	) {
		this.kind = KINDS.find((kind) => profile.kinds[kind]?.module === module);
		if (this.kind) this.own = profile.kinds[this.kind];
	}

	get id(): { place: string; expression: string } {
		return this.own ? { place: `kinds.${this.kind}.id`, expression: this.own.id } : { place: 'records.id', expression: this.profile.records.id };
	}

	/** Where a new record's id stands in the answer to its creation, if not in the record. */
	get newId(): { place: string; expression: string } | undefined {
		const id = this.own?.create?.id;
		return id === undefined ? undefined : { place: `kinds.${this.kind}.create.id`, expression: id };
	}

	get version(): { place: string; expression: string } | undefined {
		const [place, expression] = this.own ? [`kinds.${this.kind}.version`, this.own.version] : ['records.version', this.profile.records.version];
		return expression === undefined ? undefined : { place, expression };
	}

	/** The requests to try in this order: of the first, a value of the path may be missing. */
	get get(): Array<Route<RecordRequest>> {
		const { get: path, record } = this.profile.records;
		return [...this.ofKind(this.own?.get, 'get', 'GET'), { place: 'records.get', request: { method: 'GET', path, record } }];
	}

	/** A filter is written for the plain list: the kind's own takes it only as a parameter beside its others. */
	list(filtered: boolean): Array<Route<ListRequest>> {
		const { list: path, query, items, paging } = this.profile.records;
		const plain: Route<ListRequest> = { place: 'records.list', request: { method: 'GET', path, query, items, paging } };
		const own = this.own?.list;
		if (!own || (filtered && ((own.method ?? 'GET') !== 'GET' || own.body !== undefined))) return [plain];
		// What else holds documents of the kind is another module.
		return [{ place: `kinds.${this.kind}.list`, request: { ...own, also: undefined } }, plain];
	}

	get create(): Array<Route<ProfileRequest>> {
		const { create, createMethod, get, list } = this.profile.records;
		const [place, path] = create !== undefined ? ['create', create] : createMethod === 'PUT' ? ['get', get] : ['list', list];
		return [...this.ofKind(this.own?.create, 'create', 'POST'), { place: `records.${place}`, request: { method: createMethod, path } }];
	}

	get update(): Array<Route<ProfileRequest>> {
		const { updateMethod, get } = this.profile.records;
		return [...this.ofKind(this.own?.update, 'update', 'PATCH'), { place: 'records.get', request: { method: updateMethod, path: get } }];
	}

	get remove(): Array<Route<ProfileRequest>> {
		return [...this.ofKind(this.own?.remove, 'remove', 'DELETE'), { place: 'records.get', request: { method: 'DELETE', path: this.profile.records.get } }];
	}

	private ofKind<R extends ProfileRequest>(request: R | undefined, name: string, method: Method): Array<Route<R>> {
		return request ? [{ place: `kinds.${this.kind}.${name}`, request: { ...request, method: request.method ?? method } }] : [];
	}
}
