// Owns reading records as documents around a write: with what the profile reads beside them. Must not know writes.
import { settled } from '../core/batches';
import type { Document, Kind, Ref } from '../core/documents';
import { formatKey } from '../core/keys';
import { toDocument, urlOf } from './rest.documents';
import type { Row, Services } from './rest.services';
import type { Looks } from './rest.writing.look';
import { each, type Task } from './rest.writing.task';

const WITH_LINES: readonly Kind[] = ['quote', 'order', 'invoice'];

export class Readback {
	constructor(
		private readonly services: Services,
		private readonly looks: Looks,
	) {}

	/** Whether messages, proof and states of the kind need the whole document. */
	whole(kind: Kind): boolean {
		return WITH_LINES.includes(kind);
	}

	/**
	 * The records of the tasks as far as comparison, proof and messages need them: what the profile reads beside them is
	 * read together.
	 */
	async read(kind: Kind, tasks: readonly Task[]): Promise<void> {
		const { with: beside, current } = this.looks.profile(kind);
		const there = tasks.filter((task) => !task.failure && task.row);
		const wanted = beside !== undefined && (this.whole(kind) || /\bwith\b/.test(current ?? ''));
		const companions = wanted ? await this.looks.beside(kind, there.map((task) => task.row!)) : undefined;
		await each(there, async (task) => {
			const own = companions?.[there.indexOf(task)];
			if (own && !own.ok) throw own.failure;
			task.beside = own?.value ?? {};
			if (this.whole(kind)) task.read = await toDocument(this.services, kind, task.row!, task.beside);
		});
	}

	async document(kind: Kind, row: Row): Promise<Document> {
		const [beside] = await this.looks.beside(kind, [row]);
		if (beside && !beside.ok) throw beside.failure;
		return await toDocument(this.services, kind, row, beside?.value);
	}

	/** How the rest of the flow names the record. */
	async ref(kind: Kind, { id, row, read }: Pick<Task, 'id' | 'row' | 'read'>): Promise<Ref> {
		const profile = this.looks.profile(kind);
		const { installation } = this.services.credential;
		const none = { number: undefined, url: undefined, outcome: undefined, status: undefined };
		if (id === undefined) return { system: installation, kind, id: '', key: '', ...none };
		const document = read ?? (row && !profile.with ? await this.tried(kind, row) : undefined);
		const number = document && ('number' in document ? document.number : document.source?.number);
		const status = document && 'status' in document ? document.status : undefined;
		return { ...none, system: installation, kind, id, key: formatKey({ installation, module: profile.module, id }), number: number ?? document?.source?.number, url: await urlOf(this.services, kind, { id, number }), status };
	}

	/** A record that was written is told as such even when the profile cannot read it. */
	private async tried(kind: Kind, row: Row): Promise<Document | undefined> {
		const document = await settled(async () => await toDocument(this.services, kind, row, {}));
		return document.ok ? document.value : undefined;
	}
}
