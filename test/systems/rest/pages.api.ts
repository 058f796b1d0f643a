// Owns a list behind an API for tests of paging: items in the order of their ids, written and removed while they are
// read, in pages of whatever size the server likes. Must not know the connector's code.
import type { HttpRequest, HttpResponse } from '../../../nodes/core/http';

export interface Item {
	id: number;
	name: string;
}

/** What happens on the server between two calls. */
export interface Turn {
	inserts: number;
	/** Positions, taken modulo the number of items. */
	deletes: readonly number[];
}

/** How large the server makes a page, whatever it was asked for; in turn, the last one for all further pages. */
export interface Manner {
	/** No page holds more. */
	most: number;
	/** Pages of cursors and links in turn: 0 is an empty page that goes on. */
	sizes?: readonly number[];
}

export interface Asked {
	path: string;
	query: URLSearchParams;
	headers: Record<string, string>;
	body: unknown;
}

export class ListApi {
	readonly items: Item[] = [];
	readonly asked: Asked[] = [];
	/** Ids of the items that were there when the reading began and have stayed. */
	lasting: Set<number>;
	private next = 1;
	private page = 0;

	constructor(
		count: number,
		private readonly manner: Manner,
		private readonly turns: readonly Turn[],
		private readonly answer: (api: ListApi, asked: Asked) => { body: unknown; headers?: Record<string, string>; status?: number },
	) {
		for (let i = 0; i < count; i++) this.insert();
		this.lasting = new Set(this.items.map(({ id }) => id));
	}

	/** The way to it, without a network. */
	readonly send = async (request: HttpRequest): Promise<HttpResponse> => {
		const [path = '', search = ''] = request.path.split('?');
		const asked = { path, query: new URLSearchParams(search), headers: request.headers ?? {}, body: request.text === undefined ? undefined : (JSON.parse(request.text) as unknown) };
		// What is written before the first answer was there all the time.
		if (this.asked.length > 0) this.live(this.turns[this.asked.length - 1]);
		this.asked.push(asked);
		const { body, headers = {}, status = 200 } = this.answer(this, asked);
		return await Promise.resolve({ status, headers: { 'content-type': 'application/json', ...headers }, text: JSON.stringify(body) });
	};

	/** So many items from a position on, as many as the server likes to give. */
	slice(from: number, asked: number): Item[] {
		return this.items.slice(from, from + Math.min(asked, this.manner.most));
	}

	after(id: number, asked: number): Item[] {
		return this.items.filter((item) => item.id > id).slice(0, Math.min(asked, this.manner.most));
	}

	/** The next page of a server that remembers by id where it stood. */
	onward(id: number): { items: Item[]; last: number; more: boolean } {
		const { sizes = [this.manner.most] } = this.manner;
		const size = sizes[Math.min(this.page++, sizes.length - 1)]!;
		const items = this.after(id, size);
		const last = items[items.length - 1]?.id ?? id;
		return { items, last, more: this.after(last, 1).length > 0 };
	}

	private live(turn: Turn | undefined): void {
		for (const position of turn?.deletes ?? []) {
			const [gone] = this.items.length > 0 ? this.items.splice(position % this.items.length, 1) : [];
			if (gone) this.lasting.delete(gone.id);
		}
		for (let i = 0; i < (turn?.inserts ?? 0); i++) this.insert();
	}

	private insert(): void {
		const id = this.next++;
		this.items.push({ id, name: `Item ${id}` });
	}
}
