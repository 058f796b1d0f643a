// Owns sync, as an administrator can repair it (reference section 8), and the WSAPP registration beside it.
// Must not know: HTTP, sessions.
import { localTime, unixOf } from './clock';
import { Crash, denied, type Json, Refusal } from './failure';
import type { Installation } from './installation';
import { queryRow } from './query.evaluate';
import type { User } from './session';
import type { Stored } from './store';
import { textOf } from './values';

const PAGE = 100;

/** Changes since a moment, strictly later; a page holds all records up to the second of its hundredth. */
export function sync(crm: Installation, user: User, modifiedTime: string, module: string, syncType: string): Json {
	if (!/^\d+$/.test(modifiedTime) || module === '') throw new Crash('no number, no module');
	if (!crm.store.module(module)?.describe.isEntity) throw denied();
	if (syncType === 'application' && !user.admin) throw new Refusal('ACCESS_DENIED', 'Only admin users can perform application sync');
	const since = localTime(crm.clock, Number(modifiedTime));
	const changed = crm.store
		.all(module)
		.filter((r) => changeTime(r) > since && !r.converted && owned(user, syncType, r))
		.sort((a, b) => (changeTime(a) < changeTime(b) ? -1 : 1));
	const last = changed[PAGE - 1] ?? changed.at(-1);
	const until = last ? changeTime(last) : since;
	const page = changed.filter((r) => changeTime(r) <= until);
	return {
		updated: page.filter((r) => !r.deleted).map((r) => queryRow(crm, user, r)),
		deleted: page.filter((r) => r.deleted).map((r) => r.id),
		more: page.length < changed.length,
		lastModifiedTime: last ? unixOf(crm.clock, until) : Number(modifiedTime),
	};
}

const changeTime = (row: Stored): string => textOf(row.fields['modifiedtime']);

/** `application` sees all, `userandgroup` own and groups' records, anything else only own ones. */
function owned(user: User, syncType: string, row: Stored): boolean {
	const owner = textOf(row.fields['assigned_user_id']);
	if (syncType === 'application') return true;
	return owner === user.id || (syncType === 'userandgroup' && owner.startsWith('20x'));
}
