// Owns what makes one list of several: the requests that a list stands for, and each record once over all of them.
// Must not know the network.
import type { ListRequest } from './rest.profile.parts';
import type { Row } from './rest.services';

/** The list itself and those read after it, each with its place in the profile. */
export function listsIn(place: string, { also = [], ...first }: ListRequest): Array<{ place: string; request: ListRequest }> {
	return [{ place, request: first }, ...also.map((request, i) => ({ place: `${place}.also.${i}`, request: { ...request, whole: first.whole } }))];
}

/** Records by their ids: a later one with the id of an earlier one is left out. What has no id is kept. */
export class FirstById {
	private readonly seen = new Set<string>();

	constructor(private readonly id: (row: Row) => Promise<string | undefined>) {}

	async of(rows: readonly Row[]): Promise<Row[]> {
		const fresh: Row[] = [];
		for (const row of rows) {
			const id = await this.id(row);
			if (id !== undefined && this.seen.has(id)) continue;
			if (id !== undefined) this.seen.add(id);
			fresh.push(row);
		}
		return fresh;
	}
}
