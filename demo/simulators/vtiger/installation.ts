// Owns what every operation is given: the records, the clock and how this installation is set up.
// Must not know: the operations.
import type { Clock } from './clock';
import type { Version } from './schema';
import type { User } from './session';
import type { Store, Stored } from './store';

export interface Installation {
	store: Store;
	clock: Clock;
	version: Version;
	/** 8.4.0 as shipped, on PHP 8: documents cannot be created, and revising their lines crashes. */
	unpatched: boolean;
	/** Documents with individual taxes crash after the header is stored. */
	individualTaxCrashes: boolean;
	/** An administrator has registered the parameter that `sync` lacks. */
	syncTypeRegistered: boolean;
	/** How long a save waits between looking (for a free line id, for a twin) and storing: the window of lost lines and duplicates. */
	saveGapMs: number;
	/** Modules with private sharing: only own records and those of own groups are seen by who is no administrator. */
	privateModules: ReadonlySet<string>;
}

/** Groups of the seeded users. */
const GROUPS: Record<string, string[]> = { '19x5': ['20x2'], '19x6': ['20x2'] };

/** Whether the user sees the record. */
export function readable(crm: Installation, user: User, row: Stored): boolean {
	if (user.admin || !crm.privateModules.has(row.module)) return true;
	const owner = String(row.fields['assigned_user_id'] ?? '');
	return owner === user.id || (GROUPS[user.id] ?? []).includes(owner);
}
