// Owns finding documents in a state that nobody has handled: no key of the other system's record, no status of the
// handing over. Writes nothing.
import { type Document, documentSchema, type Kind, plural } from '../core/documents';
import { Failure } from '../core/failure';
import { z } from 'zod';
import { baseScope, idOf, kindOf } from './rest.documents';
import { unwrapped } from './rest.documents.shape';
import type { Reader } from './rest.reading';
import { wholeRows } from './rest.reading.with';
import type { Row, Services } from './rest.services';

/**
 * In the order of the profile's list.
 *
 * @param query.skip ids that were handed over a moment ago
 * @throws Failure `rejected` when the profile does not know the state
 */
export async function pending(services: Services, reader: Reader, kind: Kind, state: string, query: { limit: number; skip: ReadonlySet<string> }): Promise<Document[]> {
	const profile = kindOf(services, kind);
	const request = Object.hasOwn(profile.pending ?? {}, state) ? profile.pending![state] : undefined;
	const place = `kinds.${kind}.pending.${state}`;
	if (!request) throw new Failure('rejected', `The profile of ${services.profile.name} does not say how to find ${plural(kind)} that are "${state}"`, { advice: `Add ${place} to the profile` });
	const open: Document[] = [];
	if (query.limit <= 0) return open;
	const scope = { ...baseScope(services), module: profile.module, state };
	for await (const page of services.requests.pages(place, request, scope, async (row) => await idOf(services, kind, row))) {
		const ids = await Promise.all(page.map(async (row) => await idOf(services, kind, row)));
		const wanted = page.filter((_row: Row, i) => !query.skip.has(ids[i]!));
		// Most are open: no more are read whole than are asked for.
		for (let at = 0; at < wanted.length; ) {
			const some = wanted.slice(at, at + query.limit - open.length);
			const documents: Document[] = await reader.documentsOf(kind, await wholeRows(services, kind, request, some));
			open.push(...documents.filter((document) => isOpen(document, state)));
			if (open.length >= query.limit) return open;
			at += some.length;
		}
	}
	return open;
}

/** A server that does not heed the filter gives documents in other states, too. */
function isOpen(document: Document, state: string): boolean {
	if (document.link?.key !== undefined || document.link?.status !== undefined) return false;
	return !('status' in document) || document.status === state || !statesOf(document.kind).includes(state);
}

function statesOf(kind: Kind): readonly string[] {
	const { status } = documentSchema.optionsMap.get(kind)!.shape as Record<string, z.ZodTypeAny>;
	const inner = status && unwrapped(status);
	return inner instanceof z.ZodEnum ? (inner.options as string[]) : [];
}
