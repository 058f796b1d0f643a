// Owns the objects of a packet as rows: which are new, and no more than asked for. No network.
import type { StreamQuery } from '../core/port';
import { contentHash, idHash, type Memory } from './onec.streams.memory';
import { listParameter } from './onec.streams.parameters';
import type { FeedObject } from './onec.plans.feed';
import type { Taker } from './onec.streams.plan';

/**
 * Holds only the rows that are handed over: a packet may weigh 28 MB (reference 9). The others of an open message are
 * known by their hashes, and come with the next poll.
 */
export function objectTaker(query: StreamQuery, before: { given: Memory; known: Memory }): Taker {
	const types = new Set(listParameter(query.parameters, 'types'));
	const rows: Array<Record<string, unknown>> = [];
	const given: Memory = {};
	let complete = true;
	return {
		wants: types.size > 0 ? (type) => types.has(type) : undefined,
		take(object) {
			const id = idHash(object.type, object.key);
			const content = contentHash([object.deleted, object.data]);
			if ((given[id] ?? before.given[id]) === content) return;
			// Written again without a change, or registered by a neighbour: noise. It counts as handed over.
			if (before.given[id] === undefined && before.known[id] === content) return void (given[id] = content);
			if (rows.length >= query.limit) return void (complete = false);
			rows.push(toRow(object));
			given[id] = content;
		},
		rows: async () => ({ rows, given, complete }),
	};
}

/** `posted` and `marked` only where the object has them. */
function toRow({ type, key, deleted, when, data }: FeedObject): Record<string, unknown> {
	return {
		type,
		key,
		deleted,
		...(when ? { when } : {}),
		...(typeof data.DeletionMark === 'boolean' ? { marked: data.DeletionMark } : {}),
		...(typeof data.Posted === 'boolean' ? { posted: data.Posted } : {}),
		data,
	};
}
