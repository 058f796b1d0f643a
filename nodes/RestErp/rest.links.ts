// Owns writing the other system's identity and state, or a reason, onto records. Must not know how documents are written.
import type { Document, Link } from '../core/documents';
import { asFailure, Failure } from '../core/failure';
import type { ItemResult, LinkRequest, Outcome } from '../core/port';
import { WRITE } from '../core/retry';
import { compare, describe } from './rest.compare';
import { baseScope } from './rest.documents';
import type { Row, Services } from './rest.services';
import type { Looks } from './rest.writing.look';
import type { Readback } from './rest.writing.read';

const MEMBERS = ['key', 'number', 'status', 'message'] as const;

/** The record as far as it is known, and what it carries now. */
interface Held {
	row?: Row;
	read?: Document;
	link: Link | undefined;
}

export class Links {
	constructor(
		private readonly services: Services,
		private readonly looks: Looks,
		private readonly readback: Readback,
	) {}

	/** Side by side; several of one record one after the other. In the requests' order. */
	async write(requests: readonly LinkRequest[]): Promise<ItemResult[]> {
		const last = new Map<string, Promise<ItemResult>>();
		return await Promise.all(
			requests.map(async (request) => {
				const name = `${request.kind} ${request.id}`;
				const before = last.get(name);
				const own = (async () => {
					await before;
					return await this.tried(request);
				})();
				last.set(name, own);
				return await own;
			}),
		);
	}

	private async tried(request: LinkRequest): Promise<ItemResult> {
		try {
			return { ok: true, value: await this.one(request) };
		} catch (error) {
			return { ok: false, failure: asFailure(error).on(request.record) };
		}
	}

	private async one(request: LinkRequest): Promise<Outcome> {
		const { kind, id } = request;
		if (!this.services.profile.kinds[kind]?.link) throw this.unsupported(request);
		for (let attempt = 1; ; attempt++) {
			const held = attempt === 1 && request.current ? { link: request.current } : await this.held(request);
			const link = await this.meant(request, held);
			const found = compare(link, held.link ?? {});
			const ref = await this.readback.ref(kind, { id, row: held.row, read: held.read });
			// A lost answer left what was meant: then it was written.
			if (found.length === 0) return { outcome: attempt > 1 ? 'updated' : 'unchanged', ref, changed: {}, notes: [] };
			try {
				await this.send(request, link, held.row);
				return { outcome: 'updated', ref, changed: describe(found), notes: [] };
			} catch (error) {
				const failure = asFailure(error);
				if ((failure.kind !== 'unknown' && failure.kind !== 'conflict') || attempt >= WRITE.attempts || !this.looks.profile(kind).get) throw failure;
				await this.services.clock.sleep(WRITE.baseMs * 2 ** (attempt - 1) * (0.5 + this.services.clock.random()));
			}
		}
	}

	/** What the record carries now, as far as the profile reads it. */
	private async held({ kind, id, record }: LinkRequest): Promise<Held> {
		if (!this.looks.profile(kind).get) return { link: undefined };
		const [found] = await this.looks.byId(kind, [id]);
		if (found && !found.ok) throw found.failure;
		const row = found?.value;
		if (!row) throw new Failure('missing', `${this.services.profile.name} has no ${kind} with the id ${id}`, { record, advice: 'It may have been removed, or the user of the credential may not see it' });
		const read = await this.readback.document(kind, row);
		return { row, read, link: read.link };
	}

	/**
	 * Only what is given. Where the record was made from another one, the same field may hold that one's key: by it the
	 * record is found again, so it stays.
	 */
	private async meant({ kind, link }: LinkRequest, { row, read }: Held): Promise<Partial<Link>> {
		const origin = row && (await this.looks.keyOf(kind, row));
		const ours = origin !== undefined && origin === read?.link?.key;
		return Object.fromEntries(MEMBERS.filter((name) => link[name] !== undefined && !(name === 'key' && ours)).map((name) => [name, link[name]]));
	}

	private async send({ kind, id, record }: LinkRequest, link: Partial<Link>, row: Row | undefined): Promise<void> {
		const request = this.looks.profile(kind).link!;
		const place = `kinds.${kind}.link`;
		const scope = { ...baseScope(this.services), id, link, record: row };
		const call = await this.services.requests.prepare(place, { ...request, method: request.method ?? 'PATCH' }, scope, { writes: true, record });
		if (!call) throw new Failure('rejected', `${place}.path of the profile of ${this.services.profile.name} has no value for this record`, { record, advice: 'Correct the path in the profile' });
		await this.services.session.call(call);
	}

	private unsupported({ kind, record }: LinkRequest): Failure {
		return new Failure('rejected', `The profile of ${this.services.profile.name} does not say how a ${kind} carries the other system's number and state`, { record, advice: `Add kinds.${kind}.link to the profile; what a document was made from is stored by "Create or Update"` });
	}
}
