// Owns making a record once: under our own Ref_Key where the server takes it, and looked up before anything is sent
// again. Must not know documents.
import { Failure } from '../core/failure';
import { writeOnce } from '../core/retry';
import { CODES } from './onec.failures';
import { sameRef } from './onec.keys';
import type { Services } from './onec.services';
import type { OnecSession } from './onec.session';
import type { Row } from './onec.wire';

export interface Made {
	/** As 1C answered it. */
	row: Row;
	/** Somebody, or an earlier try of ours, had made it already. */
	existed: boolean;
}

export interface Making {
	set: string;
	body: Row;
	/** Our own Ref_Key for it. */
	ref: string;
	/** The record by something else than its Ref_Key, for servers that choose their own. */
	slot?: () => Promise<Row | undefined>;
}

/** What a session has shown about ids of ours: `true` honoured, `false` ignored, nothing yet: not known (reference 6, unsure). */
const honours = new WeakMap<OnecSession, boolean>();

/** Whether records can be relied upon to stand under our own Ref_Keys. */
export function ownKeysHonoured({ credential, session }: Services): boolean | undefined {
	return credential.useOwnRefKeys ? honours.get(session) : false;
}

export async function makeOnce(services: Services, { set, body, ref, slot }: Making): Promise<Made> {
	const { session, clock, credential } = services;
	const own = credential.useOwnRefKeys;
	const find = async (): Promise<Row | undefined> => (own ? await session.readIfThere(set, ref) : undefined) ?? (await slot?.());
	let created: Row | undefined;
	try {
		const row = await writeOnce(async () => (created = await session.create(set, own ? { Ref_Key: ref, ...body } : body)), find, clock);
		if (own && created === row) honours.set(session, sameRef(row.Ref_Key, ref));
		return { row, existed: false };
	} catch (error) {
		// Code 15: a record with this key is there. Whoever made it: it is read, and compared by the caller.
		if (!(error instanceof Failure) || error.code !== CODES.exists) throw error;
		const row = await find();
		if (row) return { row, existed: true };
		throw error;
	}
}
